//! The one place that chooses an instruction set.
//!
//! A [`Loop`] is compiled twice: for every x86-64 processor, and for those with AVX2, whose vectors are twice as wide.
//! [`run`] asks the processor once, and then chooses for each loop that it is given, which takes 1 to 2 ns. Loops are as
//! large as a slice, a block of a reduction or a group of rows.
//!
//! Both versions do the same operations in the same order, so results have the same bits on every processor.
//! Multiplications and additions are not fused: the compiler does not do so by itself, and FMA is not enabled.
//!
//! What a loop calls has to be `#[inline(always)]`, or it is compiled for every processor.
//!
//! There is no third version for AVX-512: what the compiler makes of it is seldom faster, and slower where positions are
//! searched for.

use multiversion::multiversion;
use multiversion::target::match_target;

/// Work that is compiled once for each instruction set.
pub(crate) trait Loop {
    type Output;

    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run<V: Simd>(self, simd: V) -> Self::Output;
}

/// Work on slices, of which a loop has up to three to read.
///
/// Slices are handed on one by one and not within the loop: as parameters the compiler knows that they do not overlap,
/// nor what the loop's function has captured. (Slopes, which are counted where they are infinite, took ten times as long.)
pub(crate) trait SliceLoop<A, B, C, O> {
    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run<V: Simd>(self, simd: V, a: &[A], b: &[B], c: &[C], out: &mut [O]);
}

/// An instruction set, which the processor is proved to have: only [`run`] makes an [`Avx2`].
pub(crate) trait Simd: Copy + sealed::Sealed {
    /// Whether there are vectors of 32 bytes.
    const IS_AVX2: bool;
}

/// What every x86-64 processor has, and every other processor.
#[derive(Clone, Copy)]
pub(crate) struct Baseline;

/// AVX2.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Simd for Baseline {
    const IS_AVX2: bool = false;
}

impl Simd for Avx2 {
    const IS_AVX2: bool = true;
}

mod sealed {
    pub(crate) trait Sealed {}
    impl Sealed for super::Baseline {}
    impl Sealed for super::Avx2 {}
}

/// Runs the version for this processor.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(crate) fn run<L: Loop>(work: L) -> L::Output {
    match_target! {
        "x86_64+avx+avx2" => work.run(Avx2(())),
        _ => work.run(Baseline),
    }
}

/// Runs the version for this processor. Slices that a loop does not have are empty ones of `()`.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(crate) fn run_on_slices<A, B, C, O, L: SliceLoop<A, B, C, O>>(
    work: L,
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
) {
    match_target! {
        "x86_64+avx+avx2" => work.run(Avx2(()), a, b, c, out),
        _ => work.run(Baseline, a, b, c, out),
    }
}
