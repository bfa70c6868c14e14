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
//! no bit. (See [`are_lanes_walked_alike`] for reductions.)

use std::any::Any;
use std::cmp::Ordering;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{self, AtomicUsize};

use ndarray::{ArrayView, ArrayViewMut, Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::cpu::cache;
use crate::kernel::engine::tuning::{
    COLUMNS_PER_FURTHER_PIECE, COLUMNS_PER_PIECE, COMPUTED_PER_PIECE, LANES, MIN_SHORT_LANES,
    MOVED_PER_PIECE, MULTIPLIED_PER_PIECE, PIECES_PER_THREAD,
};

/// An operand, or a list of operands, that can be cut in two.
pub trait Operand: Send + Sized {
    /// The elements before number `at` along an axis, and those from there on.
    fn cut(self, axis: Axis, at: usize) -> (Self, Self);

    /// The array that says where to cut, of a list the first.
    fn model(&self) -> Option<&dyn Axes> {
        None
    }
}

impl<A: Sync, D: Dimension> Operand for ArrayView<'_, A, D> {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        self.split_at(axis, at)
    }

    fn model(&self) -> Option<&dyn Axes> {
        Some(self)
    }
}

impl<A: Send, D: Dimension> Operand for ArrayViewMut<'_, A, D> {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        self.split_at(axis, at)
    }

    fn model(&self) -> Option<&dyn Axes> {
        Some(self)
    }
}

/// An operand that lacks an axis of the first one.
pub(crate) struct Without<V>(pub(crate) V, pub(crate) Axis);

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

    fn model(&self) -> Option<&dyn Axes> {
        self.0.model()
    }
}

/// What takes the time of a kernel, and so how many elements a piece must have to be worth a thread.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// Memory.
    Moving,
    /// Computation, of several nanoseconds for each element.
    Computing,
    /// Multiplications of matrices, each of which counts as an element.
    Multiplying,
}

impl Work {
    /// How many elements are enough for a piece.
    pub(crate) fn enough(self) -> usize {
        match (ENOUGH.load(atomic::Ordering::Relaxed), self) {
            (0, Work::Moving) => MOVED_PER_PIECE,
            (0, Work::Computing) => COMPUTED_PER_PIECE,
            (0, Work::Multiplying) => MULTIPLIED_PER_PIECE,
            (len, _) => len,
        }
    }

    /// How many of `len` elements are in a piece at least, if it pays to divide them among threads. (Of few elements
    /// rayon, which starts its threads when it is asked, hears nothing.)
    #[inline]
    pub(crate) fn pieces_of(self, len: usize) -> Option<usize> {
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
pub(crate) fn set_piece_len(len: Option<usize>) {
    ENOUGH.store(len.unwrap_or(0), atomic::Ordering::Relaxed);
}

/// Calls `kernel` (called `name`) with each piece, of `least` elements or more, of the operands. These have the shape of
/// the first, or lack the axis that is `kept` whole.
#[track_caller]
pub(crate) fn each<T: Operand>(
    name: &str,
    least: usize,
    kept: Option<Axis>,
    operands: T,
    kernel: impl Fn(T) + Sync,
) {
    let (len, threads) = (len_of(&operands), rayon::current_num_threads());
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
    fn each<T: Operand>(&self, operands: T, kernel: &(impl Fn(T) + Sync)) {
        match operands.model().and_then(|model| self.halves(model)) {
            Some((axis, at)) => {
                let (one, other) = operands.cut(axis, at);
                rayon::join(|| self.each(one, kernel), || self.each(other, kernel));
            }
            None => {
                let of = self.len / len_of(&operands).max(1);
                cache::while_computing_part(of, self.threads, || kernel(operands));
            }
        }
    }

    /// The axis along which a piece is cut, and where.
    fn halves(&self, a: &dyn Axes) -> Option<(Axis, usize)> {
        let (lens, step) = (a.lens(), |axis: usize| a.steps()[axis].unsigned_abs());
        if lens.iter().product::<usize>() < 2 * self.least {
            return None;
        }
        let axes = (0..lens.len()).filter(|&axis| lens[axis] > 1 && Some(Axis(axis)) != self.kept);
        // (Of equally wide ones the first.)
        let axis = axes.rev().max_by_key(|&axis| step(axis))?;
        let pieces = self.len / lens.iter().product::<usize>();
        let is_further = pieces >= self.threads;
        let columns = if is_further { COLUMNS_PER_FURTHER_PIECE } else { COLUMNS_PER_PIECE };
        if self.kept.is_some_and(|kept| !are_lanes_walked_alike(a, kept, axis, columns)) {
            return None;
        }
        // Neighbours share no cache line, unless elements are few.
        let half = lens[axis] / 2;
        let is_last = (0..lens.len()).all(|other| lens[other] == 1 || step(other) >= step(axis));
        Some((Axis(axis), if is_last && half >= 128 { half.next_multiple_of(64) } else { half }))
    }
}

/// Whether halves along `axis` have their lanes along the kept one walked as the whole has. A reduction walks lane by lane
/// or across them, which makes other sums, by the length of lanes, their number, and the columns of which each step along
/// them makes a row, of which each half keeps at least `least`. (Elements that are repeated have steps of zero: among them there may be neither.)
fn are_lanes_walked_alike(a: &dyn Axes, Axis(kept): Axis, axis: usize, least: usize) -> bool {
    let (lens, step) = (a.lens(), |axis: usize| a.steps()[axis].unsigned_abs());
    let lanes = || lens.iter().product::<usize>() / lens[kept];
    let columns = || {
        let inside = (0..lens.len()).filter(|&other| step(other) < step(kept));
        inside.map(|other| lens[other]).product::<usize>()
    };
    let are_enough = match step(axis).cmp(&step(kept)) {
        Ordering::Less => columns() >= 2 * least.max(LANES),
        Ordering::Equal => false,
        Ordering::Greater => true,
    };
    are_enough && (lens[kept] >= LANES || lanes() >= 4 * MIN_SHORT_LANES)
}

pub(crate) fn len_of(operands: &impl Operand) -> usize {
    operands.model().map_or(0, |model| model.lens().iter().product())
}

/// Does `work`. If a kernel panics in a piece (an integer overflows, and that is checked), it has named a line of this
/// crate; the panic is raised again at the caller's. Other panics are passed on.
#[track_caller]
pub(crate) fn at_the_callers_line<R>(name: &str, work: impl FnOnce() -> R) -> R {
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
