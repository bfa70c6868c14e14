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
//! A formula of the user's has a closure for each [`Version`], because it may be too large to be inlined twice; the
//! others go through [`run`].
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

/// A loop that writes up to four slices; outputs that it does not have are empty slices of `()`. They are parameters for
/// the reason given at `SliceLoop`.
///
/// It is compiled for one instruction set alone, [`Simd::run_on_outputs`], because it holds a formula of the user's.
pub trait OutputLoop<P, Q, R, S> {
    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run(self, p: &mut [P], q: &mut [Q], r: &mut [R], s: &mut [S]);
}

/// An instruction set, as a token that proves that the processor has it: only this file makes an [`Avx2`].
pub trait Simd: Copy + sealed::Sealed {
    /// Whether there are vectors of 32 bytes.
    const IS_AVX2: bool;

    /// Runs a loop that is compiled for this instruction set alone.
    fn run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
        self,
        work: L,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    );
}

/// The instructions that every processor has; on x86-64, SSE2.
#[derive(Clone, Copy, Debug)]
pub struct Baseline;

/// AVX2, of an x86-64 processor.
#[derive(Clone, Copy, Debug)]
#[cfg(target_arch = "x86_64")]
pub struct Avx2(());

/// The instruction set of this processor, for code that has a closure for each.
///
/// The compiler inlines a large closure only where it is called at a single place. `run` compiles the same closure
/// twice, so it suits small ones.
#[derive(Clone, Copy, Debug)]
pub enum Version {
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// What every processor has.
    Baseline(Baseline),
}

impl Version {
    /// Asks the processor, once.
    #[inline]
    pub fn of_processor() -> Self {
        #[cfg(test)]
        if tests::BASELINE.get() {
            return Version::Baseline(Baseline);
        }
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            return Version::Avx2(Avx2(()));
        }
        Version::Baseline(Baseline)
    }
}

impl Simd for Baseline {
    const IS_AVX2: bool = false;

    #[inline(never)]
    fn run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
        self,
        work: L,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    ) {
        work.run(p, q, r, s);
    }
}

#[cfg(target_arch = "x86_64")]
impl Simd for Avx2 {
    const IS_AVX2: bool = true;

    #[inline(always)]
    fn run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
        self,
        work: L,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    ) {
        // SAFETY: this file makes a token only after it has asked the processor and the system, which have AVX2.
        unsafe { run_on_outputs_avx2(work, p, q, r, s) };
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn run_on_outputs_avx2<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
    work: L,
    p: &mut [P],
    q: &mut [Q],
    r: &mut [R],
    s: &mut [S],
) {
    work.run(p, q, r, s);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Baseline {}
    #[cfg(target_arch = "x86_64")]
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

#[cfg(test)]
pub(crate) mod tests {
    //! A switch with which tests of other files take the version for every processor.

    use std::cell::Cell;

    thread_local! {
        pub(crate) static BASELINE: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs `f` as if the processor had no more than every other.
    pub(crate) fn on_baseline<T>(f: impl FnOnce() -> T) -> T {
        struct Back;
        impl Drop for Back {
            fn drop(&mut self) {
                BASELINE.set(false);
            }
        }
        BASELINE.set(true);
        let _back = Back;
        f()
    }
}
