//! The contests of `loops` in Rust: with this crate's kernels, and with ndarray alone. Of the latter there are three forms:
//! those that allocate, ndarray's own methods in place, and the fastest that we could write over slices by hand.

use std::hint::black_box;
use std::mem::swap;
use std::sync::Arc;

use ndarray_pool::kernel::{diff_axis_into, sum_axis_into, var_axis_into};
use ndarray_pool::ndarray::{Array2, ArrayRef2, ArrayView2, Axis, Zip, azip, s};
use ndarray_pool::prelude::*;
use ndarray_pool::rand::{RngExt, seq::SliceRandom};

use crate::serve::{Arrays, Contest};

pub fn pooled(side: usize) -> Arrays<OwnedLease> {
    let pool = Arc::new(Pool2::<f64>::new((side, side), 3).expect("three arrays fit"));
    Arrays::new([pool.lease_owned(), pool.lease_owned(), pool.lease_owned()])
}

#[rustfmt::skip]
pub const HERE: &[Contest<OwnedLease>] = &[
    Contest { name: "loop/kernels", result: |s| s.current.view(), work: |s| {
        shuffle_copy_into(&s.current, &mut s.next, &mut s.rng);
        diff_into(&s.next, &s.current, &mut s.diff);
        swap(&mut s.current, &mut s.next);
    } },
    Contest { name: "loop/fused", result: |s| s.current.view(), work: |s| {
        shuffle_diff_into(&s.current, &mut s.next, &mut s.diff, &mut s.rng);
        swap(&mut s.current, &mut s.next);
    } },
    Contest { name: "copy/kernels", result: |s| s.next.view(), work: |s| copy_into(&s.current, &mut s.next) },
    Contest { name: "difference/kernels", result: |s| s.diff.view(), work: |s| {
        diff_into(&s.next, &s.current, &mut s.diff);
    } },
    Contest { name: "shuffle/kernels", result: |s| s.next.view(), work: |s| {
        shuffle_copy_into(&s.current, &mut s.next, &mut s.rng);
    } },
    Contest { name: "gather/kernels", result: |s| s.next.view(), work: |s| {
        reorder_axis_into(&s.current, Axis(0), &s.permutation, &mut s.next);
    } },
    Contest { name: "sum0/kernels", result: in_lane, work: |s| sum_axis_into(&s.current, Axis(0), &mut s.lane) },
    Contest { name: "sum1/kernels", result: in_lane, work: |s| sum_axis_into(&s.current, Axis(1), &mut s.lane) },
    Contest { name: "var0/kernels", result: in_lane, work: |s| {
        var_axis_into(&s.current, Axis(0), 0.0, &mut s.lane);
    } },
    Contest { name: "transpose/kernels", result: |s| s.next.view(), work: |s| {
        transpose_into(&s.current, &mut s.next);
    } },
    Contest { name: "diff0/kernels", result: |s| s.next.slice(s![1.., ..]), work: |s| {
        diff_axis_into(&s.current, Axis(0), 1, &mut s.next.slice_mut(s![1.., ..]));
    } },
    Contest { name: "diff1/kernels", result: |s| s.next.slice(s![.., 1..]), work: |s| {
        diff_axis_into(&s.current, Axis(1), 1, &mut s.next.slice_mut(s![.., 1..]));
    } },
];

pub fn on_the_heap(side: usize) -> Arrays<Array2<f64>> {
    Arrays::new([0; 3].map(|_| Array2::zeros((side, side))))
}

#[rustfmt::skip]
pub const NDARRAY: &[Contest<Array2<f64>>] = &[
    Contest { name: "loop/allocating", result: |s| s.current.view(), work: |s| {
        s.order.shuffle(&mut s.rng);
        let next = s.current.select(Axis(0), &s.order);
        s.diff = &next - &s.current;
        s.current = next;
    } },
    Contest { name: "copy/allocating", result: made, work: |s| s.made = s.current.clone() },
    Contest { name: "difference/allocating", result: made, work: |s| s.made = &s.next - &s.current },
    Contest { name: "shuffle/allocating", result: made, work: |s| {
        s.order.shuffle(&mut s.rng);
        s.made = s.current.select(Axis(0), &s.order);
    } },
    Contest { name: "gather/allocating", result: made, work: |s| s.made = s.current.select(Axis(0), &s.order) },
    Contest { name: "sum0/allocating", result: made_lane, work: |s| s.made_lane = s.current.sum_axis(Axis(0)) },
    Contest { name: "sum1/allocating", result: made_lane, work: |s| s.made_lane = s.current.sum_axis(Axis(1)) },
    Contest { name: "var0/allocating", result: made_lane, work: |s| {
        s.made_lane = s.current.var_axis(Axis(0), 0.0);
    } },
    Contest { name: "transpose/allocating", result: made, work: |s| {
        s.made = s.current.t().as_standard_layout().into_owned();
    } },
    Contest { name: "diff0/allocating", result: made, work: |s| s.made = s.current.diff(1, Axis(0)) },
    Contest { name: "diff1/allocating", result: made, work: |s| s.made = s.current.diff(1, Axis(1)) },

    // ndarray has no sums or variances that write into an array.
    Contest { name: "loop/methods", result: |s| s.current.view(), work: |s| {
        copy_and_swap_rows(s);
        azip!((d in &mut s.diff, &n in &s.next, &c in &s.current) *d = n - c);
        swap(&mut s.current, &mut s.next);
    } },
    Contest { name: "copy/methods", result: |s| s.next.view(), work: |s| s.next.assign(&s.current) },
    Contest { name: "difference/methods", result: |s| s.diff.view(), work: |s| {
        azip!((d in &mut s.diff, &n in &s.next, &c in &s.current) *d = n - c);
    } },
    Contest { name: "shuffle/methods", result: |s| s.next.view(), work: copy_and_swap_rows },
    Contest { name: "gather/methods", result: |s| s.next.view(), work: |s| {
        for (mut row, &from) in s.next.rows_mut().into_iter().zip(&s.order) {
            row.assign(&s.current.row(from));
        }
    } },
    Contest { name: "transpose/methods", result: |s| s.next.view(), work: |s| s.next.assign(&s.current.t()) },
    Contest { name: "diff0/methods", result: |s| s.next.slice(s![1.., ..]), work: |s| {
        let (upper, lower) = (s.current.slice(s![..-1, ..]), s.current.slice(s![1.., ..]));
        azip!((d in s.next.slice_mut(s![1.., ..]), &l in &lower, &u in &upper) *d = l - u);
    } },
    Contest { name: "diff1/methods", result: |s| s.next.slice(s![.., 1..]), work: |s| {
        let (left, right) = (s.current.slice(s![.., ..-1]), s.current.slice(s![.., 1..]));
        azip!((d in s.next.slice_mut(s![.., 1..]), &r in &right, &l in &left) *d = r - l);
    } },

    Contest { name: "loop/slices", result: |s| s.current.view(), work: |s| {
        s.order.shuffle(&mut s.rng);
        gather_slices(s);
        subtract(slice(&s.next), slice(&s.current), slice_mut(&mut s.diff));
        swap(&mut s.current, &mut s.next);
        black_box(s.diff.as_ptr());
    } },
    Contest { name: "copy/slices", result: |s| s.next.view(), work: |s| {
        slice_mut(&mut s.next).copy_from_slice(slice(&s.current));
    } },
    Contest { name: "difference/slices", result: |s| s.diff.view(), work: |s| {
        subtract(slice(&s.next), slice(&s.current), slice_mut(&mut s.diff));
    } },
    Contest { name: "shuffle/slices", result: |s| s.next.view(), work: |s| {
        s.order.shuffle(&mut s.rng);
        gather_slices(s);
    } },
    Contest { name: "gather/slices", result: |s| s.next.view(), work: gather_slices },
    Contest { name: "sum0/slices", result: in_lane, work: |s| {
        s.lane.fill(0.0);
        s.current.rows().into_iter().for_each(|row| s.lane += &row);
    } },
    Contest { name: "sum1/slices", result: in_lane, work: |s| {
        s.lane.iter_mut().zip(s.current.rows()).for_each(|(sum, row)| *sum = row.sum());
    } },
    Contest { name: "var0/slices", result: in_lane, work: variances_in_one_pass },
    Contest { name: "transpose/slices", result: |s| s.next.view(), work: transpose_by_blocks },
    Contest { name: "diff0/slices", result: |s| s.next.slice(s![1.., ..]), work: |s| {
        let (side, current) = (s.current.ncols(), slice(&s.current));
        subtract(&current[side..], &current[..current.len() - side], &mut slice_mut(&mut s.next)[side..]);
    } },
    Contest { name: "diff1/slices", result: |s| s.next.slice(s![.., 1..]), work: |s| {
        let side = s.current.ncols();
        let rows = slice_mut(&mut s.next).chunks_exact_mut(side);
        for (out, row) in rows.zip(slice(&s.current).chunks_exact(side)) {
            subtract(&row[1..], &row[..side - 1], &mut out[1..]);
        }
    } },
];

fn in_lane<M>(s: &Arrays<M>) -> ArrayView2<'_, f64> {
    s.lane.view().insert_axis(Axis(0))
}

fn made<M>(s: &Arrays<M>) -> ArrayView2<'_, f64> {
    s.made.view()
}

fn made_lane<M>(s: &Arrays<M>) -> ArrayView2<'_, f64> {
    s.made_lane.view().insert_axis(Axis(0))
}

/// The shuffle that comes to mind first. It draws as it goes, since it has no list of indices.
fn copy_and_swap_rows(s: &mut Arrays<Array2<f64>>) {
    s.next.assign(&s.current);
    for i in (1..s.next.nrows()).rev() {
        let j = s.rng.random_range(0..=i);
        if j < i {
            let (mut one, mut other) = s.next.multi_slice_mut((s![i, ..], s![j, ..]));
            Zip::from(&mut one).and(&mut other).for_each(swap);
        }
    }
}

fn gather_slices(s: &mut Arrays<Array2<f64>>) {
    let (side, current) = (s.current.ncols(), slice(&s.current));
    for (row, &from) in slice_mut(&mut s.next).chunks_exact_mut(side).zip(&s.order) {
        row.copy_from_slice(&current[from * side..][..side]);
    }
}

fn subtract(a: &[f64], b: &[f64], out: &mut [f64]) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = a - b;
    }
}

/// Means and sums of squares are kept up to date row by row, as Welford taught.
fn variances_in_one_pass(s: &mut Arrays<Array2<f64>>) {
    let side = s.current.ncols();
    let (means, squares) = slice_mut(&mut s.diff)[..2 * side].split_at_mut(side);
    means.fill(0.0);
    squares.fill(0.0);
    for (k, row) in slice(&s.current).chunks_exact(side).enumerate() {
        let share = 1.0 / (k + 1) as f64;
        for ((mean, square), x) in means.iter_mut().zip(squares.iter_mut()).zip(row) {
            let deviation = x - *mean;
            *mean += deviation * share;
            *square += deviation * (x - *mean);
        }
    }
    s.lane.iter_mut().zip(squares).for_each(|(out, square)| *out = *square / side as f64);
}

fn transpose_by_blocks(s: &mut Arrays<Array2<f64>>) {
    const BLOCK: usize = 16;
    let (side, a, out) = (s.current.ncols(), slice(&s.current), slice_mut(&mut s.next));
    for top in (0..side).step_by(BLOCK) {
        for left in (0..side).step_by(BLOCK) {
            for j in left..side.min(left + BLOCK) {
                let out = &mut out[j * side + top..][..BLOCK.min(side - top)];
                for (i, out) in out.iter_mut().enumerate() {
                    *out = a[(top + i) * side + j];
                }
            }
        }
    }
}

fn slice(array: &ArrayRef2<f64>) -> &[f64] {
    array.as_slice().expect("C order")
}

fn slice_mut(array: &mut ArrayRef2<f64>) -> &mut [f64] {
    array.as_slice_mut().expect("C order")
}
