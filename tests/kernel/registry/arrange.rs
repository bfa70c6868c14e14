//! Joining, repeating, moving and cutting out.

use ndarray::{Ix1, Ix2};
use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = joining();
    entries.extend(repeating());
    entries.extend(rolling());
    entries.extend(turning());
    entries.extend(triangles());
    entries
}

fn joining() -> Vec<Entry> {
    vec![
        places(
            call!(|c| concatenate_axis_into(a: usize, b: usize, d: usize; axis) -> out: usize {
                concatenate_axis_into(&[a, b, d], c.axis, out);
            }),
            |shape, axis, more| {
                let middle = with_len(shape, axis, more as usize);
                let inputs = vec![numbers(shape), numbers(&middle), numbers(shape)];
                let out = with_len(shape, axis, 2 * shape[axis] + more as usize);
                Some((inputs, out))
            },
            |c, x, i| {
                let mut at = i[c.axis.index()];
                for input in x {
                    if at < input.len_of(c.axis) {
                        return input[&*moved_to(i, c.axis, |_| at)];
                    }
                    at -= input.len_of(c.axis);
                }
                panic!("`out` is too long")
            },
        )
        .parameters(&[0, 2])
        .mistake(|c| c.axis = Axis(2), "`out` has shape [8, 4], which has no axis 2")
        .mistaken_inputs(
            [1],
            &[2, 5],
            "`arrays[1]` has shape [2, 5], \
             but must have the shape of `out` apart from axis 0, [8, 4]",
        )
        .mistaken_out(
            &[9, 4],
            "`out` has length 9 along axis 0, \
             but must have the sum of the lengths of `arrays`, 8",
        ),
        places(
            call!(|c| stack_axis_into(a: usize, b: usize; axis) -> out: usize [D::Larger] {
                stack_axis_into(&[a, b], Axis(c.axis.index() + c.parameter as usize), out);
            }),
            |shape, axis, behind| {
                let mut out = shape.to_vec();
                out.insert(axis + behind as usize, 2);
                let inputs = vec![numbers(shape), numbers(shape).mapv(|n| n + 100)];
                (shape.len() < 6).then_some((inputs, out)) // seven axes are beyond what is promised
            },
            |c, x, i| {
                let mut from = i.to_vec();
                let number = from.remove(c.axis.index() + c.parameter as usize);
                x[number][&*from]
            },
        )
        .parameters(&[0, 1])
        .mistake(|c| c.axis = Axis(2), "`out` has shape [3, 2, 4], which has no axis 3")
        .mistaken_out(
            &[3, 3, 4],
            "`arrays` has length 2, but must have the length of axis 1 of `out`, 3",
        )
        .mistaken_inputs(
            [1],
            &[2, 4],
            "`arrays[1]` has shape [2, 4], \
             but must have the shape of `out` without axis 1, [3, 2, 4]",
        ),
    ]
}

fn repeating() -> Vec<Entry> {
    vec![
        places(
            call!(|c, probe| repeat_axis_into(a: usize; axis) -> out: usize {
                let repeats = c.parameter as usize;
                probe(&mut || repeat_axis_into(a, c.axis, repeats, out));
            }),
            |shape, axis, repeats| {
                let len = shape[axis] * repeats as usize;
                Some((vec![numbers(shape)], with_len(shape, axis, len)))
            },
            |c, x, i| x[0][&*moved_to(i, c.axis, |i| i / c.parameter as usize)],
        )
        .parameters(&[0, 1, 3])
        .mistaken_axis()
        .mistaken_out(
            &[9, 5],
            "`a` has shape [3, 4], but must have the shape of `out` apart from axis 0, [9, 5]",
        )
        .mistake(
            |c| c.parameter = 2,
            "`out` has length 9 along axis 0, \
             but must have the length of `a` times `repeats`, 6",
        ),
        places(
            call!(|c| tile_into(a: usize; axis) -> out: usize { tile_into(a, out) }),
            |shape, axis, times| {
                let out = shape.iter().enumerate();
                let out = out.map(|(at, len)| len * if at == axis { times as usize } else { 3 });
                Some((vec![numbers(shape)], out.collect()))
            },
            |_, x, i| {
                let from: Vec<usize> = i.iter().zip(x[0].shape()).map(|(i, n)| i % n).collect();
                x[0][&*from]
            },
        )
        .parameters(&[0, 1, 2, 5])
        .mistaken_out(
            &[15, 13],
            "`a` has shape [3, 4], \
             whose whole multiples do not give the shape of `out`, [15, 13]",
        )
        .mistaken_inputs(
            [0],
            &[0, 4],
            "`a` has shape [0, 4], \
             whose whole multiples do not give the shape of `out`, [15, 12]",
        ),
        places(
            call!(|c, probe| pad_into(a: usize; axis) -> out: usize {
                let widths = widths(out.ndim(), c.axis.index());
                let widths = if c.parameter < 0 { &widths[1..] } else { &widths };
                let mode = match c.parameter {
                    0 => Pad::Constant(5000),
                    1 => Pad::Edge,
                    2 => Pad::Reflect,
                    3 => Pad::Symmetric,
                    _ => Pad::Wrap,
                };
                probe(&mut || pad_into(a, widths, mode, out));
            }),
            |shape, axis, mode| {
                // Only a constant can stand beside nothing.
                let widths = widths(shape.len(), axis);
                let out = shape.iter().zip(&widths).map(|(n, (before, after))| n + before + after);
                let out = out.collect();
                (mode == 0 || shape[axis] > 0).then(|| (vec![numbers(shape)], out))
            },
            |c, x, i| {
                let (before, _) = MARGINS;
                let len = x[0].len_of(c.axis) as isize;
                let at = i[c.axis.index()] as isize - before as isize;
                let inside = (0..len).contains(&at);
                // Step by step, as one would walk it by hand.
                let at = match c.parameter {
                    0 if !inside => return 5000,
                    1 => at.clamp(0, len - 1),
                    2 | 3 => (0..100).fold(at, |at, _| match at {
                        _ if len == 1 => 0,
                        at if at < 0 => -at - (c.parameter - 2),
                        at if at >= len => 2 * len - 2 - at + (c.parameter - 2),
                        at => at,
                    }),
                    4 => at.rem_euclid(len),
                    _ => at,
                };
                x[0][&*moved_to(i, c.axis, |_| at as usize)]
            },
        )
        .parameters(&[0, 1, 2, 3, 4])
        .mistake(
            |c| c.parameter = -1,
            "`widths` has length 1, but must have the number of axes of `a`, 2",
        )
        .mistaken_out(
            &[3, 4],
            "`out` has shape [3, 4], but must have the shape of `a` with its margins, [15, 4]",
        )
        .mistake(
            |c| {
                c.inputs[0] = Box::new(numbers(&[0, 4]));
                c.outs[0] = vec![12, 4];
            },
            "`a` has shape [0, 4], but must have elements along axis 0 to fill a margin with",
        ),
    ]
}

fn rolling() -> Vec<Entry> {
    vec![
        places(
            call!(|c| roll_into(a: usize) -> out: usize { roll_into(a, c.parameter, out) }),
            same_shape,
            |c, x, i| {
                let place = i.iter().zip(x[0].shape()).fold(0, |at, (i, n)| at * n + i);
                let mut place = shifted(place, c.parameter, x[0].len());
                let mut from = x[0].shape().to_vec();
                for len in from.iter_mut().rev() {
                    (*len, place) = (place % *len, place / *len);
                }
                x[0][&*from]
            },
        )
        .parameters(SHIFTS)
        .mistaken_out(&[4, 3], "`a` has shape [3, 4], but must have the shape of `out`, [4, 3]"),
        places(
            call!(|c| roll_axis_into(a: usize; axis) -> out: usize {
                roll_axis_into(a, c.axis, c.parameter, out);
            }),
            same_shape,
            rolled_along,
        )
        .parameters(SHIFTS)
        .mistaken_axis()
        .mistaken_out(&[4, 3], "`a` has shape [3, 4], but must have the shape of `out`, [4, 3]"),
        places(
            call!(|c, probe| roll_axes_into(a: usize) -> out: usize {
                let shifts = [0, 1, 2, 3, 4, 5].map(|axis| c.parameter * axis + 1);
                let shifts = if c.axis == Axis(9) { &shifts[..1] } else { &shifts[..out.ndim()] };
                probe(&mut || roll_axes_into(a, shifts, out));
            }),
            same_shape,
            |c, x, i| {
                let lens = i.iter().zip(x[0].shape()).enumerate();
                let from: Vec<usize> = lens
                    .map(|(axis, (&i, &n))| shifted(i, c.parameter * axis as isize + 1, n))
                    .collect();
                x[0][&*from]
            },
        )
        .parameters(&[1, -5])
        .mistaken_out(&[4, 3], "`a` has shape [3, 4], but must have the shape of `out`, [4, 3]")
        .mistake(
            |c| c.axis = Axis(9),
            "`shifts` has length 1, but must have the number of axes of `a`, 2",
        ),
        places(
            call!(|c| roll_axis_inplace(a: usize; axis) -> out: usize {
                out.assign(a);
                roll_axis_inplace(out, c.axis, c.parameter);
            }),
            same_shape,
            rolled_along,
        )
        .parameters(SHIFTS)
        .mistaken_axis(),
    ]
}

fn turning() -> Vec<Entry> {
    vec![
        places(call!(flip_axis_into(a: usize; axis) -> out: usize), same_shape, flipped_along)
            .mistaken_axis()
            .mistaken_out(
                &[4, 3],
                "`a` has shape [3, 4], but must have the shape of `out`, [4, 3]",
            ),
        places(
            call!(|c| flip_axis_inplace(a: usize; axis) -> out: usize {
                out.assign(a);
                flip_axis_inplace(out, c.axis);
            }),
            same_shape,
            flipped_along,
        )
        .mistaken_axis(),
        places(
            call!(transpose_into(a: usize) -> out: usize),
            |shape, _, _| Some((vec![numbers(shape)], shape.iter().rev().copied().collect())),
            |_, x, i| {
                let from: Vec<usize> = i.iter().rev().copied().collect();
                x[0][&*from]
            },
        )
        .mistaken_out(
            &[3, 4],
            "`out` has shape [3, 4], but must have the shape of `a` in reverse, [4, 3]",
        ),
        // The axis goes to the front; or the order is none.
        places(
            call!(|c, probe| permute_axes_into(a: usize; axis) -> out: usize {
                let mut axes = D::zeros(a.ndim());
                let order = axis_first(c.axis.index().min(a.ndim() - 1), a.ndim());
                axes.slice_mut().copy_from_slice(&order);
                axes[0] = c.axis.index();
                probe(&mut || permute_axes_into(a, axes.clone(), out));
            }),
            |shape, axis, _| {
                let order = axis_first(axis, shape.len());
                let out = order.iter().map(|&axis| shape[axis]).collect();
                Some((vec![numbers(shape)], out))
            },
            |c, x, i| {
                let mut from = vec![0; i.len()];
                let order = axis_first(c.axis.index(), i.len());
                i.iter().zip(order).for_each(|(&i, axis)| from[axis] = i);
                x[0][&*from]
            },
        )
        .mistake(
            |c| c.axis = Axis(2),
            "`axes` is [2, 0], but must name each of the 2 axes of `a` once",
        )
        .mistaken_out(
            &[4, 3],
            "`out` has shape [4, 3], but must have the shape of `a` in the order [0, 1], [3, 4]",
        ),
    ]
}

const SHIFTS: &[isize] = &[0, 1, -2, 7, isize::MIN, isize::MAX];

const DIAGONALS: &[isize] = &[0, 1, -1, 2, -2, 9, -9, isize::MAX, isize::MIN];

fn triangles() -> Vec<Entry> {
    vec![
        triangle(
            call!(|c| triu_into(a: usize) -> out: usize { triu_into(a, c.parameter, out) }),
            |c, x, i| if column_less_row(i) >= c.parameter { x[0][i] } else { 0 },
        ),
        triangle(
            call!(|c| tril_into(a: usize) -> out: usize { tril_into(a, c.parameter, out) }),
            |c, x, i| if column_less_row(i) <= c.parameter { x[0][i] } else { 0 },
        ),
        places(
            call!(|c| diag_into(values: usize [Ix1]) -> out: usize [Ix2] {
                diag_into(values, c.parameter, out);
            }),
            |shape, _, k| {
                let &[rows, columns] = shape else { return None };
                let values = numbers(&[diagonal_len(rows, columns, k)]);
                Some((vec![values], shape.to_vec()))
            },
            |c, x, i| match column_less_row(i) == c.parameter {
                true => x[0][i[0].min(i[1])],
                false => 0,
            },
        )
        .parameters(DIAGONALS)
        .mistake(
            |c| c.parameter = 3,
            "`values` has length 0, but must have the length of the diagonal of `out`, 1",
        ),
        places(
            call!(|c| diagonal_into(a: usize [Ix2]) -> out: usize [Ix1] {
                diagonal_into(a, c.parameter, out);
            }),
            |shape, _, k| {
                let &[rows, columns] = shape else { return None };
                Some((vec![numbers(shape)], vec![diagonal_len(rows, columns, k)]))
            },
            |c, x, i| {
                let k = c.parameter;
                x[0][[i[0] + k.min(0).unsigned_abs(), i[0] + k.max(0).unsigned_abs()]]
            },
        )
        .parameters(DIAGONALS)
        .mistake(
            |c| c.parameter = -1,
            "`out` has length 0, but must have the length of the diagonal of `a`, 2",
        ),
    ]
}

fn triangle<I, O>(
    call: Call<I, O>,
    place: fn(&Case, &[&ArrayD<usize>], &[usize]) -> usize,
) -> Entry {
    let given: Given = |shape, axis, k| (shape.len() >= 2).then(|| same_shape(shape, axis, k))?;
    places(call, given, place)
        .parameters(DIAGONALS)
        .mistaken_out(&[4, 3], "`a` has shape [3, 4], but must have the shape of `out`, [4, 3]")
        .mistake(
            |c| {
                c.inputs[0] = Box::new(numbers(&[3]));
                c.outs[0] = vec![3];
            },
            "`a` has shape [3], but must have two axes or more",
        )
}

/// Wider than most arrays.
const MARGINS: (usize, usize) = (7, 5);

/// Margins along one axis alone.
fn widths(ndim: usize, axis: usize) -> Vec<(usize, usize)> {
    (0..ndim).map(|at| if at == axis { MARGINS } else { (0, 0) }).collect()
}

fn axis_first(axis: usize, ndim: usize) -> Vec<usize> {
    let others = (0..ndim).filter(|&other| other != axis);
    std::iter::once(axis).chain(others).collect()
}

/// Where what was shifted to a place has come from.
fn shifted(place: usize, shift: isize, len: usize) -> usize {
    (place as i128 - shift as i128).rem_euclid(len as i128) as usize
}

fn rolled_along(c: &Case, x: &[&ArrayD<usize>], i: &[usize]) -> usize {
    let len = x[0].len_of(c.axis);
    x[0][&*moved_to(i, c.axis, |i| shifted(i, c.parameter, len))]
}

fn flipped_along(c: &Case, x: &[&ArrayD<usize>], i: &[usize]) -> usize {
    x[0][&*moved_to(i, c.axis, |at| x[0].len_of(c.axis) - 1 - at)]
}

fn column_less_row(index: &[usize]) -> isize {
    let [.., row, column] = index else { panic!("there are two axes") };
    *column as isize - *row as isize
}

fn diagonal_len(rows: usize, columns: usize, k: isize) -> usize {
    let on_it = |&(i, j): &(usize, usize)| j as isize - i as isize == k;
    (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).filter(on_it).count()
}
