//! Cuts operands into pieces, and gives each piece to the plain kernel, on whatever thread has time for it.
//!
//! ```text
//! each(operands):
//!     few elements:  kernel(operands)
//!     otherwise:     cut all operands in two, along the axis of the widest steps of the first one
//!                    join(each(one half), each(other half))
//! ```
//!
//! Elements, and lanes along an axis that is kept whole, are computed alike in every piece, so where it is cut changes
//! no bit. (A reduction chooses its walk by lengths and steps: [`halves`] makes no piece for which it would choose
//! another.)

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{ArrayView, ArrayViewMut, Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::cpu::cache;
use crate::kernel::engine::tuning::{
    COLUMNS_PER_PIECE, COMPUTED_PER_PIECE, LANES, MIN_SHORT_LANES, MOVED_PER_PIECE,
    PIECES_PER_THREAD,
};

/// An operand, or a list of operands, that can be cut in two.
pub(super) trait Operand: Send + Sized {
    /// The elements before number `at` along an axis, and those from there on.
    fn cut(self, axis: Axis, at: usize) -> (Self, Self);
}

impl<A: Sync, D: Dimension> Operand for ArrayView<'_, A, D> {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        self.split_at(axis, at)
    }
}

impl<A: Send, D: Dimension> Operand for ArrayViewMut<'_, A, D> {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        self.split_at(axis, at)
    }
}

/// An operand that lacks an axis of the first one.
pub(super) struct Without<V>(pub(super) V, pub(super) Axis);

impl<V: Operand> Operand for Without<V> {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        let Without(view, lacks) = self;
        debug_assert_ne!(axis, lacks, "the axis is kept whole");
        let (one, other) = view.cut(Axis(axis.index() - usize::from(axis > lacks)), at);
        (Without(one, lacks), Without(other, lacks))
    }
}

impl Operand for () {
    fn cut(self, _: Axis, _: usize) -> (Self, Self) {
        ((), ())
    }
}

impl<V: Operand, T: Operand> Operand for (V, T) {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        let (first, more) = (self.0.cut(axis, at), self.1.cut(axis, at));
        ((first.0, more.0), (first.1, more.1))
    }
}

/// What takes the time of a kernel, and so how many elements a piece must have to be worth a thread.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// Memory.
    Moving,
    /// Computation, of several nanoseconds for each element.
    Computing,
}

impl Work {
    /// How many elements are enough for a piece.
    fn enough(self) -> usize {
        match (ENOUGH.load(Ordering::Relaxed), self) {
            (0, Work::Moving) => MOVED_PER_PIECE,
            (0, Work::Computing) => COMPUTED_PER_PIECE,
            (len, _) => len,
        }
    }

    /// How many of `len` elements are in a piece at least, if it pays to divide them among threads. (Of few elements
    /// rayon, which starts its threads when it is asked, hears nothing.)
    #[inline]
    pub(super) fn pieces_of(self, len: usize) -> Option<usize> {
        let enough = self.enough();
        if len < 2 * enough {
            return None;
        }
        let threads = rayon::current_num_threads();
        (threads > 1).then(|| enough.max(len / (PIECES_PER_THREAD * threads)))
    }
}

/// If not zero, how many elements are enough for a piece.
static ENOUGH: AtomicUsize = AtomicUsize::new(0);

/// Sets how many elements are enough for a piece, whatever is done with them. For tests: no result depends on it.
#[doc(hidden)]
pub fn set_piece_len(len: Option<usize>) {
    ENOUGH.store(len.unwrap_or(0), Ordering::Relaxed);
}

/// Calls `kernel` (called `name`) with each piece, of `least` elements or more, of the operands. These have the shape of
/// the first, or lack the axis that is `kept` whole.
#[track_caller]
pub(super) fn each<V, T>(
    name: &str,
    least: usize,
    kept: Option<Axis>,
    operands: (V, T),
    kernel: impl Fn((V, T)) + Sync,
) where
    V: Operand + Axes,
    T: Operand,
{
    let (len, threads) = (operands.0.lens().iter().product(), rayon::current_num_threads());
    let cut = Cut { kept, len, least, threads };
    at_the_callers_line(name, || cut.each(operands, &kernel));
}

/// How operands are cut.
#[derive(Clone, Copy)]
struct Cut {
    kept: Option<Axis>,
    /// The number of all elements, and the least of a piece.
    len: usize,
    least: usize,
    threads: usize,
}

impl Cut {
    fn each<V, T>(&self, operands: (V, T), kernel: &(impl Fn((V, T)) + Sync))
    where
        V: Operand + Axes,
        T: Operand,
    {
        match self.halves(&operands.0) {
            Some((axis, at)) => {
                let (one, other) = operands.cut(axis, at);
                rayon::join(|| self.each(one, kernel), || self.each(other, kernel));
            }
            None => {
                let len: usize = operands.0.lens().iter().product();
                let of = self.len / len.max(1);
                cache::while_computing_part(of, self.threads, || kernel(operands));
            }
        }
    }

    /// The axis along which a piece is cut, and where.
    fn halves(&self, a: &dyn Axes) -> Option<(Axis, usize)> {
        let (lens, steps) = (a.lens(), a.steps());
        let (len, step) =
            (lens.iter().product::<usize>(), |axis: usize| steps[axis].unsigned_abs());
        if len < 2 * self.least {
            return None;
        }
        let mut axes =
            (0..lens.len()).filter(|&axis| lens[axis] > 1 && Some(Axis(axis)) != self.kept);
        let first = axes.next()?;
        let axis = axes
            .clone()
            .fold(first, |wide, axis| if step(axis) > step(wide) { axis } else { wide });
        if let Some(Axis(kept)) = self.kept {
            let lanes = len / lens[kept];
            // The columns of which each step along the lanes makes a row.
            let inside: usize = (0..lens.len())
                .filter(|&other| step(other) < step(kept))
                .map(|other| lens[other])
                .product();
            let are_rows_cut = step(axis) < step(kept);
            if are_rows_cut && inside < 2 * COLUMNS_PER_PIECE.max(LANES)
                || lens[kept] < LANES && lanes < 4 * MIN_SHORT_LANES
            {
                return None;
            }
        }
        // Neighbours share no cache line, unless elements are few.
        let half = lens[axis] / 2;
        let is_last = (0..lens.len()).all(|other| lens[other] == 1 || step(other) >= step(axis));
        Some((Axis(axis), if is_last && half >= 128 { half.next_multiple_of(64) } else { half }))
    }
}

/// Does `work`. If a kernel panics in a piece (an integer overflows, and that is checked), it has named a line of this
/// crate; the panic is raised again at the caller's. Other panics are passed on.
#[track_caller]
pub(super) fn at_the_callers_line<R>(name: &str, work: impl FnOnce() -> R) -> R {
    // Unwind-safe, because the panic that follows gives up whatever was left half done.
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(payload) => raise(name, payload),
    }
}

#[cold]
#[track_caller]
fn raise(name: &str, payload: Box<dyn Any + Send>) -> ! {
    match payload.downcast_ref::<String>() {
        Some(message) if message.starts_with(name) && message[name.len()..].starts_with(": ") => {
            panic!("par::{message}")
        }
        _ => panic::resume_unwind(payload),
    }
}
