//! Taking, joining, repeating, moving, transposing, shuffling, searching.

use ndarray::{
    Array, Array1, Array2, Array3, ArrayView, Axis, Dimension, concatenate, linalg, s, stack,
};
use ndarray_pool::kernel::*;
use rand::seq::SliceRandom;
use rand::{SeedableRng, rngs::StdRng};

use super::pair::{Bench, pair, rivals};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64);
    for axis in [Axis(0), Axis(1)] {
        by_index(bench, &a, axis);
        joined(bench, &a, axis);
        moved(bench, &a, axis);
    }
    repeated(bench, &a);
    transposed(bench, &a);
    shuffled(bench, &a);
    triangles(bench, &a);
    counted(bench, &a);
}

fn by_index(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    let n = bench.side;
    let order: Array1<usize> = (0..n).map(|i| i * 7919 % n).collect();
    pair!(bench, named("take_axis_into"), a.select(axis, order.as_slice().unwrap()), |out| {
        take_axis_into(a, axis, &order, out);
    });
    let places = a.mapv(|x| x as usize * 7919 % n);
    pair!(
        bench,
        named("take_along_axis_into"),
        Array2::from_shape_fn((n, n), |(i, j)| match axis.index() {
            0 => a[[places[[i, j]], j]],
            _ => a[[i, places[[i, j]]]],
        }),
        |out| take_along_axis_into(a, axis, &places, out)
    );
    let mask: Array1<bool> = (0..n).map(|i| i % 3 != 1).collect();
    let kept: Vec<usize> = (0..n).filter(|&i| mask[i]).collect();
    pair!(bench, named("compress_axis_into"), a.select(axis, &kept), |out| {
        compress_axis_into(a, axis, &mask, out);
    });
}

fn joined(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    let (one, two) = a.view().split_at(axis, bench.side / 3);
    // (ndarray's own result lies in the order that suits it best.)
    pair!(
        bench,
        named("concatenate_axis_into"),
        concatenate(axis, &[one, two]).unwrap(),
        a.clone() => |out| concatenate_axis_into(&[&one, &two], axis, out)
    );
    let (one, two) = (a.row(0), a.row(1));
    pair!(bench, named("stack_axis_into"), stack(axis, &[one, two]).unwrap(), |out| {
        stack_axis_into(&[&one, &two], axis, out);
    });
}

fn moved(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    let third = bench.side / 3;
    let (kept, fallen) = a.view().split_at(axis, third);
    pair!(
        bench,
        named("roll_axis_into"),
        concatenate(axis, &[fallen, kept]).unwrap(),
        a.clone() => |out| roll_axis_into(a, axis, -(third as isize), out)
    );
    let mut flipped = a.view();
    flipped.invert_axis(axis);
    pair!(bench, named("flip_axis_into"), in_c_order(flipped), |out| {
        flip_axis_into(a, axis, out);
    });
}

/// A copy in C order.
fn in_c_order<A: Clone, D: Dimension>(view: ArrayView<'_, A, D>) -> Array<A, D> {
    view.as_standard_layout().into_owned()
}

fn repeated(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let n = bench.side;
    let part = a.slice(s![..n / 4, ..n / 4]);
    let tile = a.slice(s![..4, ..4]);
    pair!(bench, "kron_into", linalg::kron(&part, &tile), |out| kron_into(&part, &tile, out));
    let half = a.slice(s![..n / 2, ..n / 2]).to_owned();
    pair!(
        bench,
        "tile_into",
        concatenate![Axis(0), concatenate![Axis(1), half, half], concatenate![Axis(1), half, half]],
        |out| { tile_into(&half, out) }
    );
    let twice: Vec<usize> = (0..n).map(|i| i / 2 % n).collect();
    pair!(bench, "repeat_axis_into", half.select(Axis(0), &twice[..n / 2 * 2]), |out| {
        repeat_axis_into(&half, Axis(0), 2, out);
    });
    let inner = a.slice(s![3..n - 3, 3..n - 3]).to_owned();
    pair!(
        bench,
        "pad_into, constant",
        {
            let mut padded = Array2::zeros((n, n));
            padded.slice_mut(s![3..n - 3, 3..n - 3]).assign(&inner);
            padded
        },
        |out| pad_into(&inner, &[(3, 3), (3, 3)], Pad::Constant(0.0), out)
    );
    let (one, two) = (a.row(0), a.row(1));
    let column = one.insert_axis(Axis(1));
    pair!(bench, "outer_into", &column * &two, |out| outer_into(&one, &two, out, |x, y| x * y));
}

fn transposed(bench: &mut Bench<'_>, a: &Array2<f64>) {
    pair!(bench, "transpose_into", in_c_order(a.t()), |out| transpose_into(a, out));
    rivals!(
        bench,
        "transpose_into, in place",
        a.clone() => |out| out.assign(&a.t()),
        transpose_into(a, out)
    );
    let n = bench.side;
    // Pixels of three colours, and images one behind the other.
    for (name, shape, axes) in [
        ("planes", (n, n, 3), [2, 0, 1]),
        ("pixels", (3, n, n), [1, 2, 0]),
        ("turned", (n, 8, n / 8), [2, 1, 0]),
    ] {
        let a = Array3::from_shape_fn(shape, |(i, j, k)| (i + j * k) as f32);
        let turned = a.view().permuted_axes(axes);
        pair!(bench, format!("permute_axes_into, {name}"), in_c_order(turned), |out| {
            permute_axes_into(&a, axes, out);
        });
    }
}

fn shuffled(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let (mut rng, mut their_rng) = (StdRng::seed_from_u64(1), StdRng::seed_from_u64(2));
    let mut order: Vec<usize> = (0..bench.side).collect();
    pair!(
        bench,
        "shuffle_copy_into",
        {
            order.shuffle(&mut their_rng);
            a.select(Axis(0), &order)
        },
        a.clone() => |out| shuffle_copy_into(a, out, &mut rng)
    );
    rivals!(
        bench,
        "shuffle_elements_into",
        a.clone() => |out| {
            out.assign(a);
            out.as_slice_mut().unwrap().shuffle(&mut their_rng);
        },
        shuffle_elements_into(a, out, &mut rng)
    );
}

fn triangles(bench: &mut Bench<'_>, a: &Array2<f64>) {
    pair!(bench, "triu_into", a.triu(0), |out| triu_into(a, 0, out));
    pair!(bench, "tril_into", a.tril(0), |out| tril_into(a, 0, out));
    let values = a.row(0);
    pair!(bench, "diag_into", Array2::from_diag(&values), |out| diag_into(&values, 0, out));
    pair!(bench, "diagonal_into", a.diag().to_owned(), |out| diagonal_into(a, 0, out));
}

fn counted(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let values = &a.mapv(|x| (x * 0.37) % 100.0);
    let edges = &Array1::linspace(0.0, 100.0, 101);
    let below = |value: f64| edges.as_slice().unwrap().partition_point(|&edge| edge < value);
    pair!(bench, "searchsorted_into", values.mapv(below), |out| {
        searchsorted_into(edges, values, Side::Left, out);
    });
    let numbers = &values.mapv(|value| value as usize);
    pair!(
        bench,
        "bincount_into",
        {
            let mut counts = Array1::<usize>::zeros(100);
            numbers.for_each(|&at| counts[at] += 1);
            counts
        },
        |out| bincount_into(numbers, out)
    );
    pair!(
        bench,
        "histogram_into",
        {
            let mut counts = Array1::<usize>::zeros(100);
            values.for_each(|&x| counts[below(x).saturating_sub(1)] += 1);
            counts
        },
        |out| histogram_into(values, edges, out)
    );
}
