//! Joining, repeating, padding, moving, transposing, triangles and diagonals.

use ndarray::{Array, Array2, Array3, ArrayView, Axis, Dimension, concatenate, s, stack};
use ndarray_pool::kernel::*;

use super::pair::{Bench, pair, rivals};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64);
    for axis in [Axis(0), Axis(1)] {
        joined(bench, &a, axis);
        moved(bench, &a, axis);
    }
    repeated(bench, &a);
    transposed(bench, &a);
    triangles(bench, &a);
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

fn triangles(bench: &mut Bench<'_>, a: &Array2<f64>) {
    pair!(bench, "triu_into", a.triu(0), |out| triu_into(a, 0, out));
    pair!(bench, "tril_into", a.tril(0), |out| tril_into(a, 0, out));
    let values = a.row(0);
    pair!(bench, "diag_into", Array2::from_diag(&values), |out| diag_into(&values, 0, out));
    pair!(bench, "diagonal_into", a.diag().to_owned(), |out| diagonal_into(a, 0, out));
}
