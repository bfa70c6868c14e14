//! The kernels, the probes that judge them, and the ways to write the seed loop, on square arrays.

use std::cell::RefCell;
use std::hint::black_box;

use ndarray::{Array1, Array2, Axis, Zip, s};
use ndarray_pool::kernel::{diff_axis_into, sum_axis_into, var_axis_into};
use ndarray_pool::prelude::*;
use rand::distr::StandardUniform;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::contest::Contestant;
use super::probe;

/// All that the contestants read and write. They take turns, so each borrows it for its own.
pub(crate) struct Arrays {
    pool: Pool2<f64>,
    side: usize,
}

struct State<'p> {
    current: Lease<'p>,
    next: Lease<'p>,
    diff: Lease<'p>,
    lane: Array1<f64>,
    rng: StdRng,
    order: Vec<usize>,
    heap_current: Array2<f64>,
    heap_next: Array2<f64>,
    heap_diff: Array2<f64>,
    made: Array2<f64>,
    made_diff: Array2<f64>,
}

impl Arrays {
    pub(crate) fn new(side: usize) -> Self {
        let pool = Pool2::new((side, side), 3).expect("three arrays fit");
        Arrays { pool, side }
    }

    fn state(&self) -> State<'_> {
        let mut rng = StdRng::seed_from_u64(1);
        let (mut current, next, diff) = (self.pool.lease(), self.pool.lease(), self.pool.lease());
        random_into(&StandardUniform, &mut current, &mut rng);
        let shape = (self.side, self.side);
        State {
            lane: Array1::zeros(self.side),
            order: (0..self.side).collect(),
            heap_current: current.to_owned(),
            heap_next: Array2::ones(shape),
            heap_diff: Array2::ones(shape),
            made: current.to_owned(),
            made_diff: Array2::zeros((0, 0)),
            current,
            next,
            diff,
            rng,
        }
    }
}

pub(crate) fn contestants(arrays: &Arrays) -> Vec<Contestant<'_>> {
    let state = std::rc::Rc::new(RefCell::new(arrays.state()));
    let array = arrays.side * arrays.side * 8;
    let mut all = Vec::new();
    let mut add = |name, bytes, work: fn(&mut State<'_>)| {
        let state = state.clone();
        all.push(Contestant::new(name, bytes, move || work(&mut state.borrow_mut())));
    };
    add("read", array, |s| {
        black_box(probe::read(slice(&s.current)));
    });
    add("copy, plain", 2 * array, |s| probe::copy(slice(&s.current), slice_mut(&mut s.next)));
    add("copy, streaming", 2 * array, |s| {
        probe::copy_streaming(slice(&s.current), slice_mut(&mut s.next));
    });
    add("difference, plain", 3 * array, |s| {
        probe::difference(slice(&s.next), slice(&s.current), slice_mut(&mut s.diff));
    });
    add("difference, streaming", 3 * array, |s| {
        probe::difference_streaming(slice(&s.next), slice(&s.current), slice_mut(&mut s.diff));
    });

    add("copy_into", 2 * array, |s| copy_into(&s.current, &mut s.next));
    add("shuffle_copy_into", 2 * array, |s| {
        shuffle_copy_into(&s.current, &mut s.next, &mut s.rng);
    });
    add("transpose_into", 2 * array, |s| transpose_into(&s.current, &mut s.next));
    add("diff_axis_into, axis 0", 2 * array, |s| {
        diff_axis_into(&s.current, Axis(0), 1, &mut s.next.slice_mut(s![1.., ..]));
    });
    add("diff_axis_into, axis 1", 2 * array, |s| {
        diff_axis_into(&s.current, Axis(1), 1, &mut s.next.slice_mut(s![.., 1..]));
    });
    add("diff_into", 3 * array, |s| diff_into(&s.next, &s.current, &mut s.diff));
    add("add_into", 3 * array, |s| add_into(&s.next, &s.current, &mut s.diff));
    add("whole::sum", array, |s| {
        black_box(whole::sum(&s.current));
    });
    add("sum_axis_into, axis 0", array, |s| sum_axis_into(&s.current, Axis(0), &mut s.lane));
    add("sum_axis_into, axis 1", array, |s| sum_axis_into(&s.current, Axis(1), &mut s.lane));
    add("var_axis_into, axis 0", array, |s| var_axis_into(&s.current, Axis(0), 0.0, &mut s.lane));
    add("var_axis_into, axis 1", array, |s| var_axis_into(&s.current, Axis(1), 0.0, &mut s.lane));

    add("two kernels", 5 * array, |s| {
        shuffle_copy_into(&s.current, &mut s.next, &mut s.rng);
        diff_into(&s.next, &s.current, &mut s.diff);
        std::mem::swap(&mut s.current, &mut s.next);
    });
    add("fused", 4 * array, |s| {
        shuffle_diff_into(&s.current, &mut s.next, &mut s.diff, &mut s.rng);
        std::mem::swap(&mut s.current, &mut s.next);
    });
    add("ndarray in place, gathered", 5 * array, gather_in_place);
    add("ndarray in place, swapped", 5 * array, swap_in_place);
    add("ndarray allocating", 5 * array, |s| {
        draw_order(&mut s.order, &mut s.rng);
        let next = s.made.select(Axis(0), &s.order);
        s.made_diff = &next - &s.made;
        s.made = next;
        black_box(s.made_diff.as_ptr());
    });
    all
}

/// The fastest loop over ndarray's arrays that we could write without a kernel: whole rows are copied as slices,
/// and slices are subtracted.
fn gather_in_place(s: &mut State<'_>) {
    draw_order(&mut s.order, &mut s.rng);
    for (mut row, &source) in s.heap_next.rows_mut().into_iter().zip(&s.order) {
        let source = s.heap_current.row(source);
        let row = row.as_slice_mut().expect("rows are slices");
        row.copy_from_slice(source.as_slice().expect("rows are slices"));
    }
    subtract_in_place(s);
}

/// The loop that comes to mind first: copy all, then swap rows.
fn swap_in_place(s: &mut State<'_>) {
    s.heap_next.assign(&s.heap_current);
    for i in (1..s.heap_next.nrows()).rev() {
        let j = s.rng.random_range(0..=i);
        if j < i {
            let (mut one, mut other) = s.heap_next.multi_slice_mut((s![i, ..], s![j, ..]));
            Zip::from(&mut one).and(&mut other).for_each(std::mem::swap);
        }
    }
    subtract_in_place(s);
}

fn subtract_in_place(s: &mut State<'_>) {
    let (next, current) = (slice(&s.heap_next), slice(&s.heap_current));
    probe::difference(next, current, slice_mut(&mut s.heap_diff));
    std::mem::swap(&mut s.heap_current, &mut s.heap_next);
    black_box(s.heap_diff.as_ptr());
}

fn draw_order(order: &mut [usize], rng: &mut StdRng) {
    for i in 1..order.len() {
        order.swap(i, rng.random_range(0..=i));
    }
}

fn slice(array: &ndarray::ArrayRef2<f64>) -> &[f64] {
    array.as_slice().expect("C order")
}

fn slice_mut(array: &mut ndarray::ArrayRef2<f64>) -> &mut [f64] {
    array.as_slice_mut().expect("C order")
}
