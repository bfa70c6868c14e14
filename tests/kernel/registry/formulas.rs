//! The forms of `fused!`: each writes by a way of its own, whatever the formula is.
//!
//! A formula is compiled for each number of axes, so these have as many as are known when the program runs, and at most
//! four, since ndarray allocates the shape of more.

use ndarray::{ArrayViewD, ArrayViewMutD, Ix0};
use ndarray_pool::fused;

use super::*;

type In<'a> = ArrayViewD<'a, f64>;
type Out<'a, A = f64> = ArrayViewMutD<'a, A>;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        few_axes(each(
            call!(|c| fused_into(a: f64 [IxDyn], b: f64 [IxDyn]) -> out: f64 [IxDyn] { into(a, b, out) }),
            |(a, b)| a - 2.0 * b,
        )),
        few_axes(each(
            call!(|c| fused_inplace(a: f64 [IxDyn], b: f64 [IxDyn]) -> out: f64 [IxDyn] {
                out.assign(a);
                inplace(out, b);
            }),
            |(a, b)| a - b,
        )),
        few_axes(each(
            call!(|c| fused_unzip_into(a: f64 [IxDyn], b: f64 [IxDyn])
                -> first: f64 [IxDyn], second: bool [IxDyn] { unzip_into(a, b, first, second) }),
            |(a, b)| (a * b, a < b),
        )),
        few_axes(reduced(
            call!(|c| fused_sum_axis_into(a: f64 [IxDyn], b: f64 [IxDyn]; axis) -> out: f64 [IxDyn] {
                sum_axis_into(a, b, c.axis, out);
            }),
            |(a, b)| naive::dot(&a, &b),
        )),
        few_axes(reduced(
            call!(|c| fused_max_axis_into(a: f64 [IxDyn], b: f64 [IxDyn]; axis) -> out: f64 [IxDyn] {
                max_axis_into(a, b, c.axis, out);
            }),
            |(a, b)| naive::most(&differences(a, b)).unwrap(),
        ))
        .at_least(1)
        .mistaken_inputs([0, 1], &[0, 4], "`a` has shape [0, 4], whose axis 0 has no elements"),
        few_axes(whole(
            call!(|c| fused_sum(a: f64 [IxDyn], b: f64 [IxDyn]) -> out: f64 [Ix0] {
                out.fill(sum(a, b));
            }),
            |(a, b)| naive::dot(&a, &b),
        )),
        few_axes(whole(
            call!(|c| fused_any(a: f64 [IxDyn], b: f64 [IxDyn]) -> out: bool [Ix0] {
                out.fill(any(a, b));
            }),
            |(a, b)| differences(a, b).into_iter().any(|difference| difference < 0.0),
        )),
    ]
}

fn into(a: &In<'_>, b: &In<'_>, out: &mut Out<'_>) {
    fused!(out = |a, b| a - 2.0 * b);
}

fn inplace(a: &mut Out<'_>, b: &In<'_>) {
    fused!(a -= |b| b);
}

fn unzip_into(a: &In<'_>, b: &In<'_>, first: &mut Out<'_>, second: &mut Out<'_, bool>) {
    fused!((first, second) = |a, b| (a * b, a < b));
}

fn sum_axis_into(a: &In<'_>, b: &In<'_>, axis: Axis, out: &mut Out<'_>) {
    fused!(sum(axis) out = |a, b| a * b);
}

fn max_axis_into(a: &In<'_>, b: &In<'_>, axis: Axis, out: &mut Out<'_>) {
    fused!(max(axis) out = |a, b| a - b);
}

fn sum(a: &In<'_>, b: &In<'_>) -> f64 {
    fused!(sum | a, b | a * b)
}

fn any(a: &In<'_>, b: &In<'_>) -> bool {
    fused!(any | a, b | a < b)
}

fn few_axes(mut entry: Entry) -> Entry {
    let outs = entry.outs;
    entry.outs =
        Box::new(move |shape, axis| (shape.len() <= 4).then(|| outs(shape, axis)).flatten());
    entry
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
