//! The one place that chooses an instruction set.
//!
//! A [`Loop`] is compiled twice: for every x86-64 processor, and for those with AVX2, whose vectors are twice as wide.
//! [`run`] asks the processor once, and then chooses for each loop that it is given, which takes 1 to 2 ns. A loop is
//! as large as a slice, a block of a reduction or a group of rows.
//!
//! Both versions do the same operations in the same order, so results have the same bits on every processor.
//! Multiplications and additions are not fused: the compiler does not do so by itself, and FMA is not enabled.
//!
//! Whatever a loop calls has to be `#[inline(always)]`: otherwise it is compiled once, for every processor.
//!
//! There is no third version for AVX-512: what the compiler makes of it is seldom faster, and slower in searches for
//! positions.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "calls what is compiled for AVX2, on processors that have it")
)]

/// Work that is compiled once for each instruction set: a struct that holds what a closure would capture. [`run`] takes
/// it and calls the version for this processor.
///
/// The input is a parameter and not a field, because two small values travel in registers and a large one through memory
/// (variances of lanes of 300 elements took a tenth longer).
pub(crate) trait Loop<Input> {
    /// What the work returns.
    type Output;

    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run<V: Simd>(self, simd: V, input: Input) -> Self::Output;
}

/// A [`Loop`] over slices: up to three to read, and one to write. [`run_on_slices`] takes it.
///
/// The slices are parameters and not fields of the loop, because of parameters the compiler knows that they do not
/// overlap each other, nor what the loop's function has captured. (`gradient_axis_into`, which counts where it is
/// infinite, took ten times as long.)
pub(crate) trait SliceLoop<A, B, C, O> {
    /// What the work returns.
    type Output;

    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run<V: Simd>(self, simd: V, a: &[A], b: &[B], c: &[C], out: &mut [O]) -> Self::Output;
}

/// An instruction set, as a token that proves that the processor has it: only [`run`] and [`run_on_slices`] make an
/// [`Avx2`].
pub(crate) trait Simd: Copy + sealed::Sealed {
    /// Whether there are vectors of 32 bytes.
    const IS_AVX2: bool;
}

/// The instructions that every processor has; on x86-64, SSE2.
#[derive(Clone, Copy)]
pub(crate) struct Baseline;

/// AVX2, of an x86-64 processor.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "no other processor has it"))]
struct Avx2(());

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

/// Runs the version of `work` for this processor on `input`.
#[inline]
pub(crate) fn run<I, L: Loop<I>>(work: L, input: I) -> L::Output {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor, and the system, have AVX2.
        return unsafe { run_avx2(work, input) };
    }
    run_baseline(work, input)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn run_avx2<I, L: Loop<I>>(work: L, input: I) -> L::Output {
    work.run(Avx2(()), input)
}

/// Runs the version of `work` for every processor.
#[inline(never)]
pub(crate) fn run_baseline<I, L: Loop<I>>(work: L, input: I) -> L::Output {
    work.run(Baseline, input)
}

/// Runs the version of `work` for this processor on the slices. Inputs that a loop does not have are empty slices of
/// `()`.
#[inline]
pub(crate) fn run_on_slices<A, B, C, O, L: SliceLoop<A, B, C, O>>(
    work: L,
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
) -> L::Output {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor, and the system, have AVX2.
        return unsafe { run_on_slices_avx2(work, a, b, c, out) };
    }
    run_on_slices_baseline(work, a, b, c, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn run_on_slices_avx2<A, B, C, O, L: SliceLoop<A, B, C, O>>(
    work: L,
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
) -> L::Output {
    work.run(Avx2(()), a, b, c, out)
}

#[inline(never)]
fn run_on_slices_baseline<A, B, C, O, L: SliceLoop<A, B, C, O>>(
    work: L,
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
) -> L::Output {
    work.run(Baseline, a, b, c, out)
}
