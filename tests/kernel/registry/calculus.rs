//! Differences, slopes and areas.

use ndarray::{Ix1, aview1};
use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = states();
    entries.extend(slopes());
    entries.extend(areas());
    entries
}

fn states() -> Vec<Entry> {
    vec![
        same(call!(diff_into(next: f64, current: f64) -> out: f64), |_, x| x[0] - x[1]),
        Entry::new(
            call!(|c| diff_norms(next: f64, current: f64) -> norms: f64 [Ix1] {
                let found = diff_norms(next, current);
                norms.assign(&aview1(&[found.l1, found.l2, found.max]));
            }),
            |_, inputs| f64::apart(&[3], naive_norms(&(array(inputs, 0) - array(inputs, 1)))),
        )
        .outs(|_, _| Some(vec![vec![3]]))
        .mistaken_inputs(
            [0],
            &[3, 5],
            "`current` has shape [3, 4], but must have the shape of `next`, [3, 5]",
        )
        .mistaken_inputs(
            [1],
            &[3, 5],
            "`current` has shape [3, 5], but must have the shape of `next`, [3, 4]",
        ),
        Entry::new(
            call!(|c| diff_norms_into(next: f64, current: f64) -> out: f64, norms: f64 [Ix1] {
                let found = diff_norms_into(next, current, out);
                norms.assign(&aview1(&[found.l1, found.l2, found.max]));
            }),
            |_, inputs| {
                let diff = array(inputs, 0) - array(inputs, 1);
                let norms = ArrayD::from_shape_vec(&[3][..], naive_norms(&diff));
                vec![Box::new(diff), Box::new(norms.expect("there are three"))]
            },
        )
        .outs(|shape, _| Some(vec![shape.to_vec(), vec![3]]))
        .mistaken_shapes(0..2, "but must have the shape of `out`, [3, 4]"),
    ]
}

fn array(inputs: &[Box<dyn Operand>], k: usize) -> &ArrayD<f64> {
    array_of(&*inputs[k])
}

fn naive_norms(diff: &ArrayD<f64>) -> Vec<f64> {
    let l1 = diff.iter().fold(0.0, |l1, d| l1 + d.abs());
    let squares = diff.iter().fold(0.0, |squares: f64, d| squares + d * d);
    vec![l1, squares.sqrt(), diff.iter().fold(0.0, |max: f64, d| max.max(d.abs()))]
}

/// The element of a lane's result that is number `at`.
fn slope(call: Call<f64, f64>, f: fn(&[f64], usize) -> f64) -> Entry {
    let entry = Entry::new(call, move |case, inputs| {
        let (a, mut out) = (array(inputs, 0), ArrayD::zeros(&case.outs[0][..]));
        for (lane, mut out) in a.lanes(case.axis).into_iter().zip(out.lanes_mut(case.axis)) {
            let lane = lane.to_vec();
            out.indexed_iter_mut().for_each(|(at, out)| *out = f(&lane, at));
        }
        vec![Box::new(out)]
    });
    entry.mistaken_axis()
}

fn slopes() -> Vec<Entry> {
    let mut entries = vec![
        slope(
            call!(|c| diff_axis_into(a: f64; axis) -> out: f64 {
                diff_axis_into(a, c.axis, 2, out);
            }),
            |lane, at| lane[at + 2] - 2.0 * lane[at + 1] + lane[at],
        )
        .outs(|shape, axis| {
            let len = shape[axis.index()].saturating_sub(2);
            Some(vec![with_len(shape, axis.index(), len)])
        })
        .mistaken_out(
            &[3, 4],
            "`out` has shape [3, 4], \
             but must have the shape of `a` with axis 0 shorter by 2, [1, 4]",
        ),
    ];
    let gradients = [
        slope(
            call!(|c| gradient_axis_into(a: f64; axis) -> out: f64 {
                gradient_axis_into(a, c.axis, 0.25, EdgeOrder::First, out);
            }),
            |lane, at| match at {
                0 => (lane[1] - lane[0]) * 4.0,
                at if at + 1 == lane.len() => (lane[at] - lane[at - 1]) * 4.0,
                at => (lane[at + 1] - lane[at - 1]) * 2.0,
            },
        )
        .at_least(2),
        slope(
            call!(|c| gradient_axis_into(a: f64; axis) -> out: f64 {
                gradient_axis_into(a, c.axis, 0.25, EdgeOrder::Second, out);
            }),
            |lane, at| match at {
                0 => -6.0 * lane[0] + 8.0 * lane[1] - 2.0 * lane[2],
                at if at + 1 == lane.len() => {
                    2.0 * lane[at - 2] - 8.0 * lane[at - 1] + 6.0 * lane[at]
                }
                at => (lane[at + 1] - lane[at - 1]) * 2.0,
            },
        )
        .at_least(3),
        slope(
            call!(|c| gradient_axis_into(a: f64; axis) -> out: f64 {
                let x = naive::coordinates(a.shape(), c.axis);
                gradient_axis_into(a, c.axis, Spacing::At(&x), EdgeOrder::First, out);
            }),
            |lane, at| match at {
                0 => (lane[1] - lane[0]) / naive::distance(0),
                at if at + 1 == lane.len() => (lane[at] - lane[at - 1]) / naive::distance(at - 1),
                at => naive::slope_of_parabola(lane, at),
            },
        )
        .at_least(2),
        slope(
            call!(|c| gradient_axis_into(a: f64; axis) -> out: f64 {
                let x = naive::coordinates(a.shape(), c.axis);
                gradient_axis_into(a, c.axis, Spacing::At(&x), EdgeOrder::Second, out);
            }),
            naive::slope_of_parabola,
        )
        .at_least(3),
    ];
    entries.extend(gradients.map(|entry| {
        entry
            .mistaken_out(&[4, 4], "`a` has shape [3, 4], but must have the shape of `out`, [4, 4]")
    }));
    entries
}

fn areas() -> Vec<Entry> {
    vec![
        lanes(
            call!(|c| trapezoid_axis_into(y: f64; axis) -> out: f64 [D::Smaller] {
                trapezoid_axis_into(y, c.axis, 0.5, out);
            }),
            |y| y.windows(2).map(|pair| 0.25 * (pair[0] + pair[1])).sum(),
        ),
        lanes(
            call!(|c| trapezoid_axis_into(y: f64; axis) -> out: f64 [D::Smaller] {
                let x = naive::coordinates(y.shape(), c.axis);
                trapezoid_axis_into(y, c.axis, Spacing::At(&x), out);
            }),
            |y| {
                let areas = y.windows(2).enumerate();
                areas.map(|(k, pair)| 0.5 * naive::distance(k) * (pair[0] + pair[1])).sum()
            },
        ),
    ]
}
