//! The forms of `fused!`: each writes by a way of its own, whatever the formula is.

use ndarray::Ix0;
use ndarray_pool::fused;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        each(
            call!(|c| fused_into(a: f64, b: f64) -> out: f64 { fused!(out = |a, b| a - 2.0 * b) }),
            |(a, b)| a - 2.0 * b,
        ),
        each(
            call!(|c| fused_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                fused!((a = out) -= |b| b);
            }),
            |(a, b)| a - b,
        ),
        each(
            call!(|c| fused_unzip_into(a: f64, b: f64) -> first: f64, second: bool {
                fused!((first, second) = |a, b| (a * b, a < b));
            }),
            |(a, b)| (a * b, a < b),
        ),
        reduced(
            call!(|c| fused_sum_axis_into(a: f64, b: f64; axis) -> out: f64 [D::Smaller] {
                fused!(sum(c.axis) out = |a, b| a * b);
            }),
            |(a, b)| naive::dot(&a, &b),
        ),
        reduced(
            call!(|c| fused_max_axis_into(a: f64, b: f64; axis) -> out: f64 [D::Smaller] {
                fused!(max(c.axis) out = |a, b| a - b);
            }),
            |(a, b)| naive::most(&differences(a, b)).unwrap(),
        )
        .at_least(1)
        .mistaken_inputs(
            [0, 1],
            &[0, 4],
            "`a` has shape [0, 4], whose axis 0 has no elements",
        ),
        whole(
            call!(|c| fused_sum(a: f64, b: f64) -> out: f64 [Ix0] {
                out.fill(fused!(sum |a, b| a * b));
            }),
            |(a, b)| naive::dot(&a, &b),
        ),
        whole(
            call!(|c| fused_any(a: f64, b: f64) -> out: bool [Ix0] {
                out.fill(fused!(any |a, b| a < b));
            }),
            |(a, b)| differences(a, b).into_iter().any(|difference| difference < 0.0),
        ),
    ]
}

fn differences(a: Vec<f64>, b: Vec<f64>) -> Vec<f64> {
    a.into_iter().zip(b).map(|(a, b)| a - b).collect()
}

/// One value for each lane along the axis; the second input is broadcast.
fn reduced<O: Elements>(
    call: Call<(f64, f64), O>,
    f: impl Fn((Vec<f64>, Vec<f64>)) -> O + 'static,
) -> Entry {
    let entry = Entry::new(call, move |case, inputs| {
        let lanes = <(f64, f64)>::lanes(inputs, case.axis);
        O::apart(&case.outs[0], lanes.into_iter().map(&f).collect())
    });
    let out = "`out` has shape [5], but must have the shape of `a` without axis 0, [4]";
    Entry { near: true, ..entry }
        .outs(|shape, axis| Some(vec![without(shape, axis.index())]))
        .mistaken_axis()
        .mistaken_out(&[5], out)
        .mistaken_shapes(1..2, "which cannot be broadcast to the shape of `a`, [3, 4]")
}

/// The same of all elements.
fn whole<O: Elements>(
    call: Call<(f64, f64), O>,
    f: impl Fn((Vec<f64>, Vec<f64>)) -> O + 'static,
) -> Entry {
    let entry =
        Entry::new(call, move |_, inputs| O::apart(&[], vec![f(<(f64, f64)>::all(inputs))]));
    Entry { near: true, ..entry }
        .outs(|_, _| Some(vec![vec![]]))
        .mistaken_shapes(1..2, "which cannot be broadcast to the shape of `a`, [3, 4]")
}
