//! Elementwise walks with two formulas: a quick one, and a slower, careful one for the few elements where the quick one
//! fails.
//!
//! `quick` returns a result and whether it is certain; `careful` returns the result where it is not. Doubts are
//! accumulated and not tested one by one, so that the loop has no branch and is vectorised.

use ndarray::{ArrayRef, ArrayView, Dimension};

use crate::kernel::engine::cpu::dispatch::{self, OutputLoop, Simd};
use crate::kernel::engine::cpu::stream;
use crate::kernel::engine::map;
use crate::kernel::engine::map::function::Function;
use crate::kernel::engine::map::update::{self, Change};
use crate::kernel::engine::tuning::LANES;

/// `out[i] = quick(a[i], b[i])` where that is certain, and `careful(a[i], b[i])` elsewhere.
///
/// All of `out` is written before doubts are tested; if there was one, all elements are computed again.
pub(crate) fn zip_map<A, B, C, D, Q, F>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    quick: Q,
    careful: F,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
    Q: Fn(A, B) -> (C, bool),
    F: Fn(A, B) -> C,
{
    let inputs = (a.view(), (b.view(), ()));
    let doubting = Doubting { quick, wide_doubts: 0, doubts: 0 };
    let Doubting { quick, wide_doubts, doubts } =
        map::write(inputs, out.view_mut(), stream::pays::<C>, doubting);
    if wide_doubts != 0 || doubts != 0 {
        map::write((a, (b, ())), out.view_mut(), |_| false, Settled { quick, careful });
    }
}

/// The quick formula, and whether any of its results is uncertain.
struct Doubting<Q> {
    quick: Q,
    /// As wide as the numbers that are compared, so that the masks of comparisons need no conversion.
    wide_doubts: u64,
    doubts: u32,
}

impl<A, B, C, Q: Fn(A, B) -> (C, bool)> Function<(A, (B, ()))> for Doubting<Q> {
    type Output = C;

    #[inline(always)]
    fn call(&mut self, (a, (b, ())): (A, (B, ()))) -> C {
        let (c, is_certain) = (self.quick)(a, b);
        match const { align_of::<C>() } {
            8 => self.wide_doubts |= u64::from(!is_certain),
            _ => self.doubts |= u32::from(!is_certain),
        }
        c
    }
}

/// The quick formula where it is certain, and the careful one elsewhere.
struct Settled<Q, F> {
    quick: Q,
    careful: F,
}

impl<A, B, C, Q, F> Function<(A, (B, ()))> for Settled<Q, F>
where
    A: Copy,
    B: Copy,
    Q: Fn(A, B) -> (C, bool),
    F: Fn(A, B) -> C,
{
    type Output = C;

    #[inline(always)]
    fn call(&mut self, (a, (b, ())): (A, (B, ()))) -> C {
        match (self.quick)(a, b) {
            (c, true) => c,
            _ => (self.careful)(a, b),
        }
    }
}

/// `a[i] = quick(a[i], b[i])` where that is certain, and `careful(a[i], b[i])` elsewhere.
pub(crate) fn update<A, B, D>(
    a: &mut ArrayRef<A, D>,
    b: ArrayView<'_, B, D>,
    quick: impl Fn(A, B) -> (A, bool),
    careful: impl Fn(A, B) -> A,
) where
    A: Copy,
    B: Copy,
    D: Dimension,
{
    update::walk(a, b, &mut Checked { quick, careful });
}

struct Checked<Q, C> {
    quick: Q,
    careful: C,
}

impl<A, B, Q, C> Change<A, B> for Checked<Q, C>
where
    A: Copy,
    B: Copy,
    Q: Fn(A, B) -> (A, bool),
    C: Fn(A, B) -> A,
{
    fn by_each(&mut self, a: &mut [A], b: &[B]) {
        update_slice(a, b, &self.quick, &self.careful);
    }

    fn by_one(&mut self, a: &mut [A], b: B) {
        a.chunks_mut(LANES).for_each(|a| self.by_each(a, &[b; LANES][..a.len()]));
    }

    #[inline(always)]
    fn element(&mut self, a: &mut A, b: B) {
        *a = match (self.quick)(*a, b) {
            (result, true) => result,
            _ => (self.careful)(*a, b),
        };
    }
}

/// Doubts are tested once for each block, which is small enough for its old elements to stay in registers.
fn update_slice<A: Copy, B: Copy>(
    a: &mut [A],
    b: &[B],
    quick: &impl Fn(A, B) -> (A, bool),
    careful: &impl Fn(A, B) -> A,
) {
    dispatch::run_on_output(Update { b, quick, careful }, a);
}

struct Update<'f, B, Q, C> {
    b: &'f [B],
    quick: &'f Q,
    careful: &'f C,
}

impl<A, B, Q, C> OutputLoop<A, (), (), ()> for Update<'_, B, Q, C>
where
    A: Copy,
    B: Copy,
    Q: Fn(A, B) -> (A, bool),
    C: Fn(A, B) -> A,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, a: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        let Update { b, quick, careful } = self;
        let ((blocks, rest), (b_blocks, b_rest)) =
            (a.as_chunks_mut::<LANES>(), b.as_chunks::<LANES>());
        for (a, b) in blocks.iter_mut().zip(b_blocks) {
            let before = *a;
            update_block(a, &before, b, quick, careful);
        }
        if let Some(&first) = rest.first() {
            let mut before = [first; LANES];
            let before = &mut before[..rest.len()];
            before.copy_from_slice(rest);
            update_block(rest, before, b_rest, quick, careful);
        }
    }
}

#[inline(always)]
fn update_block<A: Copy, B: Copy>(
    a: &mut [A],
    before: &[A],
    b: &[B],
    quick: impl Fn(A, B) -> (A, bool),
    careful: impl Fn(A, B) -> A,
) {
    let mut doubts = 0_u64;
    for ((a, &before), &b) in a.iter_mut().zip(before).zip(b) {
        let (result, is_certain) = quick(before, b);
        doubts |= u64::from(!is_certain);
        *a = result;
    }
    if doubts != 0 {
        for ((a, &before), &b) in a.iter_mut().zip(before).zip(b) {
            *a = match quick(before, b) {
                (result, true) => result,
                _ => careful(before, b),
            };
        }
    }
}
