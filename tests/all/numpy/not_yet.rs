//! What the guide says to write where a kernel is not there yet: several axes, weights of a histogram, masked writes, labels of a
//! byte.

use ndarray::{
    Array1, Array2, Array3, Array4, ArrayD, ArrayRef1, ArrayView3, Axis, Zip, aview0, s,
};
use ndarray_pool::kernel::*;

use super::{Fixtures, assert_within};

#[test]
fn all_axes_but_one() {
    let fixtures = Fixtures::of("recipes");
    let a: Array4<f64> = fixtures.array("images.a").into_dimensionality().unwrap();
    let mut room = [0.0; 60];
    type Reduction<'r> = &'r mut dyn FnMut(&ArrayView3<'_, f64>) -> f64;
    let kernels: [(&str, Reduction<'_>); 5] = [
        ("var", &mut |channel| whole::var(channel, 0.0)),
        ("mean", &mut |channel| whole::mean(channel)),
        ("median", &mut |channel| whole::median(channel, &mut room)),
        ("max", &mut |channel| whole::max(channel).unwrap()),
        ("sum", &mut |channel| whole::sum(channel)),
    ];
    for (name, kernel) in kernels {
        let theirs: ArrayD<f64> = fixtures.array(&format!("images.{name}"));
        let mut out = Array1::zeros(2);
        Zip::from(&mut out)
            .and(a.axis_iter(Axis(1)))
            .for_each(|out, channel| *out = kernel(&channel));
        assert_within(&out, &theirs, 8, name);
    }
    // One axis after another.
    let (mut rows, mut columns, mut out) =
        (Array3::zeros((3, 2, 4)), Array2::zeros((3, 2)), Array1::zeros(2));
    sum_axis_into(&a, Axis(3), &mut rows);
    sum_axis_into(&rows, Axis(2), &mut columns);
    sum_axis_into(&columns, Axis(0), &mut out);
    assert_within(&out, &fixtures.array("images.sum"), 8, "sum, one axis after another");
}

#[test]
fn histograms_with_weights() {
    let fixtures = Fixtures::of("recipes");
    let line = |name: &str| -> Array1<f64> { fixtures.array(name).into_dimensionality().unwrap() };
    let (values, weights) = (line("histogram.all.values"), line("histogram.all.weights"));
    for case in fixtures.cases("histogram_weights") {
        let edges = line(&format!("histogram_weights.{case}.edges"));
        let n = edges.len() - 1;
        for (values, weights, end) in
            [(&values, &weights, "out"), (&Array1::zeros(0), &Array1::zeros(0), "none")]
        {
            let (mut places, mut sums) = (Array1::zeros(values.len()), Array1::zeros(n + 2));
            digitize_into(values, &edges, Closed::Left, &mut places);
            places.zip_mut_with(values, |place, &x| {
                if x == edges[n] {
                    *place = n;
                }
            });
            at_axis_inplace(&mut sums, Axis(0), &places, weights, |sum, weight| sum + weight);
            let theirs: ArrayD<f64> = fixtures.array(&format!("histogram_weights.{case}.{end}"));
            assert_within(&sums.slice(s![1..=n]), &theirs, 0, &format!("{case}, {end}"));
        }
    }
}

#[test]
fn integers_with_a_mask() {
    macro_rules! check {
        ($integer:ident, $name:literal) => {
            let fixtures = Fixtures::of("recipes");
            let line = |name: &str| -> Array1<$integer> {
                let array = fixtures.array(&format!("integers.{}.{name}", $name));
                array.into_dimensionality().unwrap()
            };
            let (a, b) = (line("a"), line("b"));
            let mask = b.mapv(|b| b != 0);
            let (mut divisors, mut result) = (b.clone(), b.clone());
            where_into(&mask, &b, &aview0(&1), &mut divisors);
            for (name, divide) in [
                (
                    "floor_divide",
                    floor_divide_into as fn(&ArrayRef1<_>, &ArrayRef1<_>, &mut ArrayRef1<_>),
                ),
                ("remainder", remainder_into),
                ("fmod", fmod_into),
            ] {
                divide(&a, &divisors, &mut result);
                let mut out = Array1::from_elem(a.len(), 99);
                Zip::from(&mut out).and(&result).and(&mask).for_each(|out, &x, &is| {
                    if is {
                        *out = x;
                    }
                });
                assert_eq!(out, line(name), "{name} of {}", $name);
            }
            map_into(&a, &mut result, $integer::wrapping_neg);
            assert_eq!(result, line("negative"));
        };
    }
    check!(i32, "i32");
    let fixtures = Fixtures::of("recipes");
    let a: ArrayD<i32> = fixtures.array("integers.i32.a");
    let mut out = a.clone();
    map_into(&a, &mut out, i32::wrapping_abs);
    assert_eq!(out, fixtures.array::<i32>("integers.i32.absolute"));
    check!(u8, "u8");
}

#[test]
fn labels_of_a_byte() {
    let fixtures = Fixtures::of("recipes");
    let labels: ArrayD<u8> = fixtures.array("labels.u8.a");
    let mut counts = Array1::<usize>::zeros(256);
    for &label in &labels {
        counts[usize::from(label)] += 1;
    }
    let theirs =
        |name: &str| fixtures.array::<i64>(&format!("labels.u8.{name}")).mapv(|x| x as usize);
    assert_eq!(counts.clone().into_dyn(), theirs("out"));
    let edges = Array1::from_iter(0..=255);
    let mut intervals = Array1::zeros(255);
    histogram_into(&labels, &edges, &mut intervals);
    assert_eq!(intervals.into_dyn(), theirs("histogram"));
}
