//! Areas and slopes of samples near the ends of the range, against exact arithmetic: where the result is a number, it is found,
//! whatever leaves the range on the way.

use ndarray::{Array1, Array2, ArrayD, Axis, ShapeBuilder, array, aview1};
use ndarray_pool::kernel::*;

use super::{Fixtures, assert_within};

const SMALLEST: f64 = 5e-324;

/// No further from the exact results than so many units each, and three of the smallest number.
#[track_caller]
fn assert_near(
    ours: &Array2<f64>,
    exact: &ArrayD<f64>,
    unit: &ArrayD<f64>,
    units: f64,
    case: &str,
) {
    assert_eq!(ours.shape(), exact.shape(), "{case}");
    for (at, ((&ours, &exact), &unit)) in ours.iter().zip(exact).zip(unit).enumerate() {
        let bound = units * unit + 3.0 * SMALLEST;
        let nearly_infinite = exact.abs() > f64::MAX * (1.0 - 1e-9);
        let fits = match nearly_infinite {
            true => ours.abs() > f64::MAX * (1.0 - 1e-9) && ours.signum() == exact.signum(),
            false => (ours - exact).abs() <= bound,
        };
        assert!(fits, "{case}, element {at}: {ours:e}, exactly {exact:e}, unit {unit:e}");
    }
}

/// Lanes as rows in C and in F order, and side by side.
fn layouts(y: &Array2<f64>) -> [(Array2<f64>, Axis); 3] {
    let mut f_order = Array2::zeros(y.raw_dim().f());
    f_order.assign(y);
    [(y.clone(), Axis(1)), (f_order, Axis(1)), (y.t().as_standard_layout().into_owned(), Axis(0))]
}

fn each_case(
    mut test: impl FnMut(&str, &Fixtures, &Array2<f64>, Axis, [(&str, Spacing<'_, f64>); 2]),
) {
    let fixtures = Fixtures::of("edges");
    for case in fixtures.cases("extreme") {
        let y = fixtures.array(&format!("extreme.{case}.y")).into_dimensionality().unwrap();
        let x = fixtures.array(&format!("extreme.{case}.x")).into_dimensionality().unwrap();
        let step = fixtures.array::<f64>(&format!("extreme.{case}.step"))[[0]];
        for (y, axis) in layouts(&y) {
            test(
                &case,
                &fixtures,
                &y,
                axis,
                [("even", Spacing::Even(step)), ("at", Spacing::At(&x))],
            );
        }
    }
}

#[test]
fn areas_keep_their_bound() {
    each_case(|case, fixtures, y, axis, spacings| {
        for (name, spacing) in spacings {
            let mut out = Array1::from_elem(y.len() / y.len_of(axis), 7.0);
            trapezoid_axis_into(y, axis, spacing, &mut out);
            let exact = fixtures.array(&format!("area_{name}.{case}.out"));
            let unit = fixtures.array(&format!("area_{name}.{case}.unit"));
            let units = 2.0 * (y.len_of(axis) as f64).log2() + 34.0;
            let context = format!("area of {case}, {name}, {axis:?}");
            assert_near(&out.insert_axis(Axis(1)), &exact, &unit, units, &context);
        }
    });
}

#[test]
fn slopes_keep_their_bound() {
    each_case(|case, fixtures, y, axis, spacings| {
        for (name, spacing) in spacings {
            for (kernel, edge_order) in
                [("slopes_1", EdgeOrder::First), ("slopes_2", EdgeOrder::Second)]
            {
                let mut out = Array2::from_elem(y.dim(), 7.0);
                gradient_axis_into(y, axis, spacing, edge_order, &mut out);
                let out = if axis == Axis(0) { out.reversed_axes() } else { out };
                let exact = fixtures.array(&format!("{kernel}_{name}.{case}.out"));
                let unit = fixtures.array(&format!("{kernel}_{name}.{case}.unit"));
                let context = format!("{kernel} of {case}, {name}, {axis:?}");
                assert_near(&out, &exact, &unit, 5.0, &context);
            }
        }
    });
}

#[test]
fn areas_of_infinities_are_numpys() {
    let fixtures = Fixtures::of("edges");
    let y: Array2<f64> = fixtures.array("special.y").into_dimensionality().unwrap();
    for (kernel, part) in [("special_at", "x"), ("special_even", "step")] {
        for case in fixtures.cases(kernel) {
            let parameter: ArrayD<f64> = fixtures.array(&format!("{kernel}.{case}.{part}"));
            let theirs: ArrayD<f64> = fixtures.array(&format!("{kernel}.{case}.out"));
            let x = Array1::from_iter(parameter);
            let spacing = if part == "x" { Spacing::At(&x) } else { Spacing::Even(x[0]) };
            for (y, axis) in layouts(&y) {
                let mut out = Array1::zeros(theirs.len());
                trapezoid_axis_into(&y, axis, spacing, &mut out);
                assert_within(&out, &theirs, 0, &format!("{kernel} {case}, {axis:?}"));
            }
        }
    }
}

#[test]
fn what_leaves_the_range_on_the_way() {
    let area = |y: &[f64], spacing: Spacing<'_, f64>| {
        let mut out = ndarray::arr0(7.0);
        trapezoid_axis_into(&aview1(y), Axis(0), spacing, &mut out);
        out[()]
    };
    assert_eq!(area(&[1e300, -1e300, 1e300], Spacing::Even(1e10)), 0.0);
    assert_eq!(area(&[1e300, 1e300], Spacing::Even(5e-324)), 1e300 * 5e-324);
    assert_eq!(area(&[5e-324; 1001], Spacing::Even(0.25)), 250.0 * 5e-324);
    assert_eq!(area(&[f64::MAX; 2], Spacing::At(&array![-f64::MAX, f64::MAX])), f64::INFINITY);
    assert_eq!(area(&[0.25; 2], Spacing::At(&array![-f64::MAX, f64::MAX])), f64::MAX / 2.0);
    assert!(area(&[1.0, -f64::INFINITY, 2.0], Spacing::At(&array![0.0, 0.0, 1.0])).is_nan());
    assert_eq!(
        area(&[1.0, 1e300, 1.0], Spacing::At(&array![5e-324, 1e-323, 1.5e-323])),
        1e300 * 5e-324
    );

    let slopes = |a: &[f64], spacing: Spacing<'_, f64>, edge_order| {
        let mut out = Array1::zeros(a.len());
        gradient_axis_into(&aview1(a), Axis(0), spacing, edge_order, &mut out);
        out.to_vec()
    };
    let first = |a: &[f64], spacing: Spacing<'_, f64>| slopes(a, spacing, EdgeOrder::First);
    let (huge, max) = (1.5e308, f64::MAX);
    assert_eq!(first(&[-huge, 0.0, huge], Spacing::Even(1e10)), [1.5e298; 3]);
    assert_eq!(first(&[-huge, 0.0, huge], Spacing::Even(1.0)), [huge; 3]);
    assert_eq!(first(&[-huge, 0.0, huge], Spacing::Even(0.5)), [f64::INFINITY; 3]);
    assert_eq!(first(&[0.0, 1e300, 2e300], Spacing::Even(max)), [1e300 / max; 3]);
    assert_eq!(first(&[0.0, 5e-324, 1e-323], Spacing::Even(5e-324)), [1.0; 3]);
    assert_eq!(first(&[0.0, 5e-324, 1e-323], Spacing::Even(1.0)), [5e-324; 3]);
    assert_eq!(first(&[0.0, 1.5e-323, 3e-323], Spacing::Even(3.0)), [5e-324; 3]);
    assert_eq!(first(&[0.0, 1e300, 2e300], Spacing::Even(-max)), [-1e300 / max; 3]);
    let second = |a: &[f64], spacing: Spacing<'_, f64>| slopes(a, spacing, EdgeOrder::Second);
    assert_eq!(second(&[0.0, 5e-324, 1e-323], Spacing::Even(5e-324)), [1.0; 3]);
    let steep = second(&[1e307, 2e307, 3e307], Spacing::Even(0.1));
    assert!(steep.iter().all(|slope| (slope / 1e308 - 1.0).abs() <= 10.0 * f64::EPSILON));
    let x = array![0.0, 1e-200, 3e-200];
    assert_eq!(second(&[0.0, 1e-200, 3e-200], Spacing::At(&x)), [1.0; 3]);
    assert_eq!(first(&[0.0, 1.0], Spacing::At(&array![-max, max])), [0.5 / max; 2]);
    // Infinities and NaN stay what they are.
    let spread = first(&[0.0, f64::INFINITY, 1.0, 2.0, 3.0, f64::NAN], Spacing::Even(2.0));
    assert_eq!(spread[..4], [f64::INFINITY, 0.25, f64::NEG_INFINITY, 0.5]);
    assert!(spread[4].is_nan() && spread[5].is_nan());
}

/// The same for `f32`.
#[test]
fn floats_of_32_bits_have_the_same_bounds() {
    let mut out = ndarray::arr0(7.0_f32);
    trapezoid_axis_into(&array![1e38_f32, -1e38, 1e38], Axis(0), 1e10, &mut out);
    assert_eq!(out[()], 0.0);
    trapezoid_axis_into(&array![1e38_f32, 1e38], Axis(0), 1e-45, &mut out);
    assert_eq!(out[()], 1e38 * 1e-45);
    let mut out = Array1::zeros(3);
    gradient_axis_into(&array![-3e38_f32, 0.0, 3e38], Axis(0), 1e10, EdgeOrder::First, &mut out);
    assert_eq!(out, array![3e28, 3e28, 3e28]);
    let x = array![0.0_f32, 1e-30, 3e-30];
    gradient_axis_into(&x, Axis(0), Spacing::At(&x), EdgeOrder::Second, &mut out);
    assert!(out.iter().all(|slope| (slope - 1.0).abs() <= f32::EPSILON));
}

/// Where some lanes are computed again, the others keep their bits, and a layout is as good as another.
#[test]
fn lanes_do_not_change_each_other() {
    let plain = Array2::from_shape_fn((40, 7), |(i, j)| ((i * 37 + j * 101) % 64) as f64 - 31.5);
    let mut mixed = plain.clone();
    mixed.column_mut(2).mapv_inplace(|x| x * 5e306);
    mixed[[20, 4]] = f64::NAN;
    mixed[[3, 5]] = f64::INFINITY;
    let x = Array1::from_shape_fn(40, |k| (k * k) as f64 * 0.01);
    for spacing in [Spacing::Even(3.0), Spacing::At(&x)] {
        let (mut expected, mut out) = (Array1::zeros(7), Array1::zeros(7));
        trapezoid_axis_into(&plain, Axis(0), spacing, &mut expected);
        trapezoid_axis_into(&mixed, Axis(0), spacing, &mut out);
        for column in [0, 1, 3, 6] {
            assert_eq!(out[column], expected[column]);
        }
        assert!(out[4].is_nan() && out[5] == f64::INFINITY, "{out}");

        let (mut expected, mut out) = (plain.clone(), plain.clone());
        gradient_axis_into(&plain, Axis(0), spacing, EdgeOrder::Second, &mut expected);
        gradient_axis_into(&mixed, Axis(0), spacing, EdgeOrder::Second, &mut out);
        for column in [0, 1, 3, 6] {
            assert_eq!(out.column(column), expected.column(column));
        }
        assert_eq!(
            out.column(4).iter().filter(|x| x.is_nan()).count(),
            if spacing == Spacing::Even(3.0) { 2 } else { 3 }
        );
        let (turned, mut lanes) = (mixed.t(), Array2::zeros((7, 40)));
        gradient_axis_into(&turned, Axis(1), spacing, EdgeOrder::Second, &mut lanes);
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
        assert!(lanes.iter().zip(out.t()).all(same));
    }
}
