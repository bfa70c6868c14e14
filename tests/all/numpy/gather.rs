//! Gathering and assembling, with the same bits as NumPy: values are only moved, and places are whole numbers.

use ndarray::{Array, Array1, ArrayD, Axis, Dimension, Ix1, Ix2, ShapeBuilder};
use ndarray_pool::kernel::*;

use super::{Fixtures, assert_within};

/// The cases of a kernel: what they are called, their array, their parameters, and NumPy's result.
fn each_case(kernel: &str, mut test: impl FnMut(&Fixtures, &str, &ArrayD<f64>, &[isize])) {
    let fixtures = Fixtures::of("gather");
    for case in fixtures.cases(kernel) {
        let mut parts = case.split('_');
        let a = fixtures.array(&format!("arrays.{}.a", parts.next().expect("a name")));
        let parameters: Vec<isize> = parts.map(|part| part.parse().expect("a number")).collect();
        test(&fixtures, &format!("{kernel}.{case}"), &a, &parameters);
    }
}

/// Runs a kernel with one input and compares with NumPy's result; both in C order, and in F order to C order.
fn check(
    fixtures: &Fixtures,
    case: &str,
    a: &ArrayD<f64>,
    mut kernel: impl FnMut(&ArrayD<f64>, &mut ArrayD<f64>),
) {
    let theirs: ArrayD<f64> = fixtures.array(&format!("{case}.out"));
    let mut f_order = ArrayD::zeros(a.raw_dim().f());
    f_order.assign(a);
    for a in [a, &f_order] {
        let mut out = ArrayD::from_elem(theirs.raw_dim(), 7.0);
        kernel(a, &mut out);
        assert_within(&out, &theirs, 0, case);
    }
}

/// The places of an input, which NumPy wrote as 64 bits.
fn places<D: Dimension>(fixtures: &Fixtures, name: &str) -> Array<usize, D> {
    let places: ArrayD<u64> = fixtures.array(name);
    places.mapv(|place| place as usize).into_dimensionality().expect("the axes are known")
}

#[test]
fn what_indices_take_and_put() {
    each_case("take", |fixtures, case, a, parameters| {
        let indices = places(fixtures, &format!("{case}.indices"));
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| take_axis_into(a, axis, &indices, out));
    });
    each_case("take_along", |fixtures, case, a, parameters| {
        let indices = places(fixtures, &format!("{case}.indices"));
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| take_along_axis_into(a, axis, &indices, out));
    });
    each_case("put_along", |fixtures, case, a, parameters| {
        let indices = places(fixtures, &format!("{case}.indices"));
        let values: ArrayD<f64> = fixtures.array(&format!("{case}.values"));
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| {
            out.assign(a);
            put_along_axis_inplace(out, axis, &indices, &values);
        });
    });
    each_case("add_at", |fixtures, case, a, parameters| {
        let indices = places(fixtures, &format!("{case}.indices"));
        let values: ArrayD<f64> = fixtures.array(&format!("{case}.values"));
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| {
            out.assign(a);
            at_axis_inplace(out, axis, &indices, &values, |sum, value| sum + value);
        });
    });
    each_case("compress", |fixtures, case, a, parameters| {
        let mask: ArrayD<bool> = fixtures.array(&format!("{case}.mask"));
        let mask = mask.into_dimensionality::<Ix1>().unwrap();
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| compress_axis_into(a, axis, &mask, out));
    });
    let fixtures = Fixtures::of("gather");
    let choices: ArrayD<f64> = fixtures.array("choose.awkward.choices");
    let index = places::<Ix2>(&fixtures, "choose.awkward.index");
    check(&fixtures, "choose.awkward", &choices, |choices, out| {
        let choices: Vec<_> = choices.outer_iter().collect();
        choose_into(&index, &[&choices[0], &choices[1], &choices[2]], out);
    });
}

#[test]
fn what_is_joined_and_repeated() {
    each_case("concatenate", |fixtures, case, a, parameters| {
        let part: ArrayD<f64> = fixtures.array(&format!("{case}.b"));
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| concatenate_axis_into(&[a, &part, a], axis, out));
    });
    each_case("stack", |fixtures, case, a, parameters| {
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| stack_axis_into(&[a, &-a], axis, out));
    });
    each_case("repeat", |fixtures, case, a, parameters| {
        let (axis, repeats) = (Axis(parameters[0] as usize), parameters[1] as usize);
        check(fixtures, case, a, |a, out| repeat_axis_into(a, axis, repeats, out));
    });
    each_case("tile", |fixtures, case, a, _| check(fixtures, case, a, |a, out| tile_into(a, out)));
    each_case("kron", |fixtures, case, a, _| {
        let b = ArrayD::from_elem(vec![2; a.ndim()], -0.5);
        check(fixtures, case, a, |a, out| kron_into(a, &b, out));
    });
    let fixtures = Fixtures::of("gather");
    for case in fixtures.cases("outer") {
        let a: ArrayD<f64> =
            fixtures.array(&format!("arrays.{}.a", case.split('_').next().unwrap()));
        let b: ArrayD<f64> = fixtures.array(&format!("outer.{case}.b"));
        check(&fixtures, &format!("outer.{case}"), &a, |a, out| {
            outer_into(a, &b, out, |x, y| x * y);
        });
    }
    for (kernel, pad) in [
        ("pad_constant", Pad::Constant(-7.5)),
        ("pad_edge", Pad::Edge),
        ("pad_reflect", Pad::Reflect),
        ("pad_symmetric", Pad::Symmetric),
        ("pad_wrap", Pad::Wrap),
    ] {
        each_case(kernel, |fixtures, case, a, parameters| {
            let widths = vec![(parameters[0] as usize, parameters[1] as usize); a.ndim()];
            check(fixtures, case, a, |a, out| pad_into(a, &widths, pad, out));
        });
    }
}

#[test]
fn what_is_moved() {
    each_case("flip", |fixtures, case, a, parameters| {
        let axis = Axis(parameters[0] as usize);
        check(fixtures, case, a, |a, out| flip_axis_into(a, axis, out));
        check(fixtures, case, a, |a, out| {
            out.assign(a);
            flip_axis_inplace(out, axis);
        });
    });
    each_case("roll", |fixtures, case, a, parameters| {
        let (axis, shift) = (Axis(parameters[0] as usize), parameters[1]);
        check(fixtures, case, a, |a, out| roll_axis_into(a, axis, shift, out));
        check(fixtures, case, a, |a, out| {
            out.assign(a);
            roll_axis_inplace(out, axis, shift);
        });
    });
    each_case("roll_flat", |fixtures, case, a, parameters| {
        check(fixtures, case, a, |a, out| roll_into(a, parameters[0], out));
    });
    each_case("roll_all", |fixtures, case, a, parameters| {
        let shifts = vec![parameters[0]; a.ndim()];
        check(fixtures, case, a, |a, out| roll_axes_into(a, &shifts, out));
    });
    each_case("transpose", |fixtures, case, a, _| {
        check(fixtures, case, a, |a, out| transpose_into(a, out));
    });
    each_case("permute", |fixtures, case, a, _| {
        check(fixtures, case, a, |a, out| permute_axes_into(a, &[1, 2, 0][..], out));
    });
}

#[test]
fn triangles_and_diagonals() {
    each_case("triu", |fixtures, case, a, parameters| {
        check(fixtures, case, a, |a, out| triu_into(a, parameters[0], out));
    });
    each_case("tril", |fixtures, case, a, parameters| {
        check(fixtures, case, a, |a, out| tril_into(a, parameters[0], out));
    });
    each_case("diagonal", |fixtures, case, a, parameters| {
        check(fixtures, case, a, |a, out| {
            let a = a.view().into_dimensionality::<Ix2>().unwrap();
            let mut out = out.view_mut().into_dimensionality::<Ix1>().unwrap();
            diagonal_into(&a, parameters[0], &mut out);
        });
    });
    each_case("diag", |fixtures, case, a, parameters| {
        let values: ArrayD<f64> = fixtures.array(&format!("{case}.values"));
        let values = values.into_dimensionality::<Ix1>().unwrap();
        check(fixtures, case, a, |_, out| {
            let mut out = out.view_mut().into_dimensionality::<Ix2>().unwrap();
            diag_into(&values, parameters[0], &mut out);
        });
    });
}

#[test]
fn places_and_counts() {
    let fixtures = Fixtures::of("gather");
    let floats = |case: &str, part: &str| -> Array1<f64> {
        let array: ArrayD<f64> = fixtures.array(&format!("{case}.{part}"));
        array.into_dimensionality().expect("one axis")
    };
    let counts = |case: &str| places::<Ix1>(&fixtures, &format!("{case}.out"));
    for case in fixtures.cases("searchsorted") {
        let side = if case.ends_with("left") { Side::Left } else { Side::Right };
        let case = &format!("searchsorted.{case}");
        let mut out = Array1::from_elem(counts(case).len(), 7);
        searchsorted_into(&floats(case, "sorted"), &floats(case, "values"), side, &mut out);
        assert_eq!(out, counts(case), "{case}");
    }
    for case in fixtures.cases("digitize") {
        let closed = if case.ends_with("left") { Closed::Left } else { Closed::Right };
        let case = &format!("digitize.{case}");
        let mut out = Array1::from_elem(counts(case).len(), 7);
        digitize_into(&floats(case, "values"), &floats(case, "edges"), closed, &mut out);
        assert_eq!(out, counts(case), "{case}");
    }
    for case in fixtures.cases("histogram") {
        let case = &format!("histogram.{case}");
        let mut out = Array1::from_elem(counts(case).len(), 7);
        histogram_into(&floats(case, "values"), &floats(case, "edges"), &mut out);
        assert_eq!(out, counts(case), "{case}");
    }
    for case in fixtures.cases("bincount") {
        let case = &format!("bincount.{case}");
        let mut out = Array1::from_elem(counts(case).len(), 7);
        bincount_into(&places::<Ix1>(&fixtures, &format!("{case}.values")), &mut out);
        assert_eq!(out, counts(case), "{case}");
    }
}
