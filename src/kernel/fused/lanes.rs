//! The lanes of a view along its last axis, one after another.
//!
//! Iterators of ndarray over any number of axes take longer for a lane than a short lane takes to compute, so those of
//! two axes are counted here.

use ndarray::iter::{LanesIter, LanesIterMut};
use ndarray::{ArrayView, ArrayView1, ArrayView2, ArrayViewMut, ArrayViewMut1, ArrayViewMut2};
use ndarray::{Axis, Dimension, Ix2};

/// Lanes that are read.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct LanesOf<'a, A, D: Dimension>(Ref<'a, A, D>);

enum Ref<'a, A, D: Dimension> {
    Rows { view: ArrayView2<'a, A>, next: usize },
    Any(LanesIter<'a, A, D::Smaller>),
}

impl<'a, A, D: Dimension> LanesOf<'a, A, D> {
    #[inline(never)]
    pub(super) fn new(view: &'a ArrayView<'_, A, D>, along: Axis) -> Self {
        match view.view().into_dimensionality::<Ix2>() {
            Ok(view) => LanesOf(Ref::Rows { view, next: 0 }),
            Err(_) => LanesOf(Ref::Any(view.lanes(along).into_iter())),
        }
    }
}

impl<'a, A, D: Dimension> Iterator for LanesOf<'a, A, D> {
    type Item = ArrayView1<'a, A>;

    #[inline(always)]
    fn next(&mut self) -> Option<ArrayView1<'a, A>> {
        match &mut self.0 {
            Ref::Rows { view, next } => {
                let row = (*next < view.nrows()).then(|| view.index_axis_move(Axis(0), *next));
                *next += 1;
                row
            }
            Ref::Any(lanes) => lanes.next(),
        }
    }
}

/// Lanes that are written.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct LanesOfMut<'a, A, D: Dimension>(Mut<'a, A, D>);

enum Mut<'a, A, D: Dimension> {
    Rows(Option<ArrayViewMut2<'a, A>>),
    Any(LanesIterMut<'a, A, D::Smaller>),
}

impl<'a, A, D: Dimension> LanesOfMut<'a, A, D> {
    #[inline(never)]
    pub(super) fn new(view: &'a mut ArrayViewMut<'_, A, D>, along: Axis) -> Self {
        LanesOfMut(if view.ndim() == 2 {
            Mut::Rows(view.view_mut().into_dimensionality().ok())
        } else {
            Mut::Any(view.lanes_mut(along).into_iter())
        })
    }
}

impl<'a, A, D: Dimension> Iterator for LanesOfMut<'a, A, D> {
    type Item = ArrayViewMut1<'a, A>;

    #[inline(always)]
    fn next(&mut self) -> Option<ArrayViewMut1<'a, A>> {
        match &mut self.0 {
            Mut::Rows(rows) => {
                let (row, rest) = match rows.take()? {
                    rows if rows.nrows() == 0 => return None,
                    rows => rows.split_at(Axis(0), 1),
                };
                *rows = Some(rest);
                Some(row.index_axis_move(Axis(0), 0))
            }
            Mut::Any(lanes) => lanes.next(),
        }
    }
}
