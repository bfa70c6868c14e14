//! Elementwise walks in place: `a[i] = f(a[i], b[i])`, in any layout.
//!
//! ```text
//! one slice     both are contiguous in one order, or `b` is one repeated element
//! short lanes   element by element, as ndarray walks
//! long lanes    slices where both are contiguous along them, or `b` repeats an element; else element by element
//! ```

use ndarray::{ArrayRef, ArrayView, Dimension, Zip};

use crate::kernel::engine::axes::{align, is_one_element, same_order};
use crate::kernel::engine::cpu::dispatch::{self, OutputLoop, Simd};
use crate::kernel::engine::tuning::MIN_DISPATCHED_LANE;

/// `a[i] = f(a[i], b[i])`, in any order.
pub(crate) fn update<A, B, D, F>(a: &mut ArrayRef<A, D>, b: ArrayView<'_, B, D>, f: F)
where
    A: Copy,
    B: Copy,
    D: Dimension,
    F: FnMut(A, B) -> A,
{
    walk(a, b, &mut Plain(f));
}

/// What is done with elements of `a`.
pub(crate) trait Change<A, B> {
    /// Changes elements of `a`, by the elements of `b` at their places.
    fn by_each(&mut self, a: &mut [A], b: &[B]);
    /// Changes elements of `a`, all by the same element.
    fn by_one(&mut self, a: &mut [A], b: B);
    /// Changes an element.
    fn element(&mut self, a: &mut A, b: B);
}

/// Changes all elements of `a`, which has the shape of `b`.
pub(crate) fn walk<A, B, D>(
    a: &mut ArrayRef<A, D>,
    mut b: ArrayView<'_, B, D>,
    change: &mut impl Change<A, B>,
) where
    B: Copy,
    D: Dimension,
{
    if same_order(a, &b)
        && let (Some(a), Some(b)) = (a.as_slice_memory_order_mut(), b.as_slice_memory_order())
    {
        return change.by_each(a, b);
    }
    if is_one_element(b.shape(), b.strides())
        && let (Some(a), Some(&b)) = (a.as_slice_memory_order_mut(), b.first())
    {
        return change.by_one(a, b);
    }
    let mut a = a.view_mut();
    let along = align(&mut [&mut a, &mut b]);
    if a.is_empty() || a.len_of(along) < MIN_DISPATCHED_LANE {
        return a.zip_mut_with(&b, |a, &b| change.element(a, b));
    }
    Zip::from(a.lanes_mut(along)).and(b.lanes(along)).for_each(|mut a, b| {
        match (a.as_slice_mut(), b.to_slice()) {
            (Some(a), Some(b)) => change.by_each(a, b),
            (Some(a), None) if b.strides() == [0] => change.by_one(a, b[0]),
            _ => a.zip_mut_with(&b, |a, &b| change.element(a, b)),
        }
    });
}

struct Plain<F>(F);

impl<A, B, F> Change<A, B> for Plain<F>
where
    A: Copy,
    B: Copy,
    F: FnMut(A, B) -> A,
{
    fn by_each(&mut self, a: &mut [A], b: &[B]) {
        dispatch::run_on_output(Each { b, f: &mut self.0 }, a);
    }

    fn by_one(&mut self, a: &mut [A], b: B) {
        dispatch::run_on_output(One { b, f: &mut self.0 }, a);
    }

    #[inline(always)]
    fn element(&mut self, a: &mut A, b: B) {
        *a = (self.0)(*a, b);
    }
}

struct Each<'f, B, F> {
    b: &'f [B],
    f: &'f mut F,
}

impl<A, B, F> OutputLoop<A, (), (), ()> for Each<'_, B, F>
where
    A: Copy,
    B: Copy,
    F: FnMut(A, B) -> A,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, a: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        a.iter_mut().zip(self.b).for_each(|(a, &b)| *a = (self.f)(*a, b));
    }
}

struct One<'f, B, F> {
    b: B,
    f: &'f mut F,
}

impl<A, B, F> OutputLoop<A, (), (), ()> for One<'_, B, F>
where
    A: Copy,
    B: Copy,
    F: FnMut(A, B) -> A,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, a: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        a.iter_mut().for_each(|a| *a = (self.f)(*a, self.b));
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, ShapeBuilder, s};

    use super::*;

    #[test]
    fn every_pair_of_layouts_is_updated_element_by_element() {
        let shape = (6, 7, 300);
        let number = |(i, j, k): (usize, usize, usize)| (i * 10_000 + j * 1000 + k) as i64;
        for layout in 0..4 {
            for other in 0..6 {
                let mut memory = match layout {
                    0 => Array3::from_elem((6, 7, 300), -1),
                    1 => Array3::from_elem((6, 7, 300).f(), -1),
                    2 => Array3::from_elem((6, 7, 600), -1),
                    _ => Array3::from_elem((9, 9, 310), -1),
                };
                let mut a = match layout {
                    2 => memory.slice_mut(s![.., .., ..;-2]),
                    3 => memory.slice_mut(s![1..7, 1..8, 2..302]),
                    _ => memory.view_mut(),
                };
                a.assign(&Array3::from_shape_fn(shape, number));
                let all = Array3::from_shape_fn(shape, |at| 3 * number(at) + 1);
                let wide = Array3::from_shape_fn((6, 7, 600), |(i, j, k)| (i + j * k) as i64);
                let b = match other {
                    0 => all.view(),
                    1 => all.slice(s![.., .., ..;-1]),
                    2 => wide.slice(s![.., .., ..;2]),
                    3 => all.slice(s![..1, ..1, ..]),
                    4 => all.slice(s![.., ..1, ..1]),
                    _ => all.slice(s![..1, ..1, ..1]),
                };
                let b = b.broadcast(shape).unwrap();
                update(&mut a, b, |a, b| 2 * a - b);
                for (at, &x) in a.indexed_iter() {
                    assert_eq!(x, 2 * number(at) - b[at], "{layout} {other} {at:?}");
                }
                let len = 6 * 7 * 300;
                let others = memory.iter().filter(|&&x| x == -1).count();
                assert!(others >= memory.len() - len, "{layout} {other}");
            }
        }
    }
}
