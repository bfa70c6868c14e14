//! Taking, putting, finding and counting by index.

use ndarray::{Ix1, aview1};
use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = taking();
    entries.extend(putting());
    entries.extend(finding());
    entries
}

fn taking() -> Vec<Entry> {
    vec![
        places(
            call!(|c| take_axis_into(a: usize, indices: usize [Ix1]; axis) -> out: usize {
                take_axis_into(a, c.axis, indices, out);
            }),
            |shape, axis, count| {
                let len = shape[axis];
                let count = if len == 0 { 0 } else { count as usize };
                let indices = ArrayD::from_shape_fn(vec![count], |i| (i[0] * 5 + 2) % len);
                Some((vec![numbers(shape), indices], with_len(shape, axis, count)))
            },
            |c, x, i| x[0][&*moved_to(i, c.axis, |i| x[1][[i]])],
        )
        .parameters(&[0, 3, 7])
        .mistaken_axis()
        .mistaken_out(
            &[7, 5],
            "`a` has shape [3, 4], but must have the shape of `out` apart from axis 0, [7, 5]",
        )
        .mistaken_out(
            &[6, 4],
            "`indices` has length 7, but must have the length of axis 0 of `out`, 6",
        )
        .mistaken_index(1, &[6], 3, "axis 0 of `a`, 3"),
        places(
            call!(|c| take_along_axis_into(a: usize, indices: usize; axis) -> out: usize {
                take_along_axis_into(a, c.axis, indices, out);
            }),
            |shape, axis, count| {
                let len = shape[axis];
                let out = with_len(shape, axis, if len == 0 { 0 } else { count as usize });
                let indices = numbers(&out).mapv(|n| n * 7 % len);
                Some((vec![numbers(shape), indices], out))
            },
            |c, x, i| x[0][&*moved_to(i, c.axis, |_| x[1][i])],
        )
        .parameters(&[0, 4])
        .mistaken_axis()
        .mistaken_out(
            &[4, 5],
            "`a` has shape [3, 4], but must have the shape of `out` apart from axis 0, [4, 5]",
        )
        .mistaken_out(
            &[3, 4],
            "`indices` has shape [4, 4], but must have the shape of `out`, [3, 4]",
        )
        .mistaken_index(1, &[1, 3], 9, "axis 0 of `a`, 3"),
        places(
            call!(|c, probe| compress_axis_into(a: usize; axis) -> out: usize {
                let mask = mask(c.len_in(a.shape()), c.parameter);
                let mask = if c.parameter == -1 { &mask[1..] } else { &mask[..] };
                probe(&mut || compress_axis_into(a, c.axis, &aview1(mask), out));
            }),
            |shape, axis, step| {
                let kept = mask(shape[axis], step).iter().filter(|&&keep| keep).count();
                Some((vec![numbers(shape)], with_len(shape, axis, kept)))
            },
            |c, x, i| {
                let mask = mask(x[0].len_of(c.axis), c.parameter);
                let kept: Vec<usize> = (0..mask.len()).filter(|&i| mask[i]).collect();
                x[0][&*moved_to(i, c.axis, |i| kept[i])]
            },
        )
        .parameters(&[1, 2, 3])
        .mistaken_axis()
        .mistaken_out(
            &[2, 5],
            "`a` has shape [3, 4], but must have the shape of `out` apart from axis 0, [2, 5]",
        )
        .mistake(
            |c| c.parameter = -1,
            "`mask` has length 2, but must have the length of axis 0 of `a`, 3",
        )
        .mistaken_out(
            &[2, 4],
            "`mask` is true 3 times, but must be so the length of axis 0 of `out`, 2",
        ),
    ]
}

fn putting() -> Vec<Entry> {
    vec![
        places(
            call!(|c| put_along_axis_inplace(
                a: usize, indices: usize, values: usize; axis
            ) -> out: usize {
                out.assign(a);
                put_along_axis_inplace(out, c.axis, indices, values);
            }),
            |shape, axis, count| {
                let len = shape[axis];
                let place = with_len(shape, axis, if len == 0 { 0 } else { count as usize });
                let indices = numbers(&place).mapv(|n| n * 7 % len);
                let values = numbers(&place).mapv(|n| 1000 + n);
                Some((vec![numbers(shape), indices, values], shape.to_vec()))
            },
            |c, x, i| {
                let mut last = x[0][i];
                for place in 0..x[1].len_of(c.axis) {
                    let from = moved_to(i, c.axis, |_| place);
                    if x[1][&*from] == i[c.axis.index()] {
                        last = x[2][&*from];
                    }
                }
                last
            },
        )
        .parameters(&[1, 5])
        .mistaken_axis()
        .mistaken_inputs(
            [1],
            &[2, 5],
            "`a` has shape [3, 4], \
             but must have the shape of `indices` apart from axis 0, [2, 5]",
        )
        .mistaken_inputs(
            [2],
            &[4, 4],
            "`values` has shape [4, 4], \
             which cannot be broadcast to the shape of `indices`, [5, 4]",
        )
        .mistaken_index(1, &[4, 0], 3, "axis 0 of `a`, 3"),
        places(
            call!(|c| at_axis_inplace(
                a: usize, indices: usize [Ix1], values: usize; axis
            ) -> out: usize {
                out.assign(a);
                at_axis_inplace(out, c.axis, indices, values, |a, value| 3 * a + value);
            }),
            |shape, axis, count| {
                let len = shape[axis];
                let count = if len == 0 { 0 } else { count as usize };
                let indices = ArrayD::from_shape_fn(vec![count], |i| (i[0] * 5 + 2) % len);
                let values = numbers(&with_len(shape, axis, count)).mapv(|n| 1000 + n);
                Some((vec![numbers(shape), indices, values], shape.to_vec()))
            },
            |c, x, i| {
                let named = x[1].iter().enumerate().filter(|(_, at)| **at == i[c.axis.index()]);
                named.fold(x[0][i], |element, (place, _)| {
                    3 * element + x[2][&*moved_to(i, c.axis, |_| place)]
                })
            },
        )
        .parameters(&[1, 5])
        .mistaken_axis()
        .mistaken_inputs(
            [2],
            &[4, 4],
            "`values` has shape [4, 4], \
             which cannot be broadcast to the shape of `a` \
             with the length of `indices` along the axis, [5, 4]",
        )
        .mistaken_index(1, &[4], 3, "axis 0 of `a`, 3"),
    ]
}

fn finding() -> Vec<Entry> {
    vec![
        places(
            call!(|c, probe| searchsorted_into(values: usize, sorted: usize [Ix1]) -> out: usize {
                let side = if c.parameter == 0 { Side::Left } else { Side::Right };
                probe(&mut || searchsorted_into(sorted, values, side, out));
            }),
            |shape, _, _| Some((vec![numbers(shape), edges(9)], shape.to_vec())),
            |c, x, i| {
                let value = x[0][i] + c.parameter as usize;
                x[1].iter().filter(|&&edge| edge < value).count()
            },
        )
        .parameters(&[0, 1])
        .mistaken_out(
            &[3, 5],
            "`values` has shape [3, 4], which cannot be broadcast to the shape of `out`, [3, 5]",
        ),
        places(
            call!(|c, probe| digitize_into(values: usize, edges: usize [Ix1]) -> out: usize {
                let closed = if c.parameter % 2 == 0 { Closed::Left } else { Closed::Right };
                probe(&mut || digitize_into(values, edges, closed, out));
            }),
            |shape, _, parameter| {
                let mut edges = edges(9);
                if parameter > 1 {
                    edges.invert_axis(Axis(0));
                }
                Some((vec![numbers(shape), edges], shape.to_vec()))
            },
            |c, x, i| {
                let (value, edges) = (x[0][i], x[1].iter());
                let rises = x[1].first() <= x[1].last();
                match (rises, c.parameter % 2) {
                    (true, 0) => edges.filter(|&&edge| edge <= value).count(),
                    (true, _) => edges.filter(|&&edge| edge < value).count(),
                    (false, 0) => edges.filter(|&&edge| edge > value).count(),
                    (false, _) => edges.filter(|&&edge| edge >= value).count(),
                }
            },
        )
        .parameters(&[0, 1, 2, 3])
        .mistaken_out(
            &[3, 5],
            "`values` has shape [3, 4], which cannot be broadcast to the shape of `out`, [3, 5]",
        )
        .mistake(|c| c.numbers(1)[[2]] = 2, "`edges` must rise or fall, but at 3 it does not"),
        places(
            call!(histogram_into(values: usize, edges: usize [Ix1]) -> out: usize [Ix1]),
            |shape, _, count| {
                let count = count as usize;
                Some((vec![numbers(shape), edges(count + 1)], vec![count]))
            },
            |_, x, i| {
                let (low, high) = (x[1][[i[0]]], x[1][[i[0] + 1]]);
                let last = i[0] + 2 == x[1].len();
                let within = |value| low <= value && (value < high || last && value == high);
                x[0].iter().filter(|&&value| within(value)).count()
            },
        )
        .parameters(&[0, 1, 5])
        .mistaken_out(&[6], "`edges` has length 6, but must have one more than `out`, 7")
        .mistake(|c| c.numbers(1)[[3]] = 1, "`edges` must rise, but at 3 it does not"),
        places(
            call!(bincount_into(values: usize) -> out: usize [Ix1]),
            |shape, _, count| {
                Some((vec![numbers(shape).mapv(|n| n * 3 % 7)], vec![count as usize]))
            },
            |_, x, i| x[0].iter().filter(|&&value| value == i[0]).count(),
        )
        .parameters(&[7, 20])
        .mistaken_index(0, &[1, 2], 20, "`out`, 20"),
    ]
}

/// Sorted, with equal ones, and on both sides of [`numbers`] and among them.
fn edges(len: usize) -> ArrayD<usize> {
    let edges = [0, 2, 20, 20, 38, 50, 50, 75, 200];
    ArrayD::from_shape_vec(vec![len], edges[..len].to_vec()).expect("there are as many edges")
}

fn mask(len: usize, step: isize) -> Vec<bool> {
    (0..len).map(|i| i % 4 != step.unsigned_abs()).collect()
}
