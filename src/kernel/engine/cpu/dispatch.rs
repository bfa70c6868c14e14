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
pub trait Loop<Input> {
    /// What the work returns.
    type Output;

    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run<V: Simd>(self, simd: V, input: Input) -> Self::Output;
}

/// A loop that writes up to four slices; outputs that it does not have are empty slices of `()`.
///
/// The outputs are parameters and not fields of the loop, because of parameters the compiler assumes that nothing else
/// overlaps them.
pub trait OutputLoop<P, Q, R, S> {
    /// What the work returns.
    type Output;

    /// Does the work. (`#[inline(always)]` in every implementation.)
    fn run<V: Simd>(
        self,
        simd: V,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    ) -> Self::Output;
}

/// An instruction set, as a token that proves that the processor has it: only this file makes an [`Avx2`].
pub trait Simd: Copy + sealed::Sealed {
    /// Whether there are vectors of 32 bytes.
    const IS_AVX2: bool;

    /// Runs `work`, compiled for this instruction set.
    fn run<I, L: Loop<I>>(self, work: L, input: I) -> L::Output;

    /// The same for work with outputs.
    fn run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
        self,
        work: L,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    ) -> L::Output;
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
    fn run<I, L: Loop<I>>(self, work: L, input: I) -> L::Output {
        work.run(self, input)
    }

    #[inline(never)]
    fn run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
        self,
        work: L,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    ) -> L::Output {
        work.run(self, p, q, r, s)
    }
}

#[cfg(target_arch = "x86_64")]
impl Simd for Avx2 {
    const IS_AVX2: bool = true;

    #[inline(always)]
    fn run<I, L: Loop<I>>(self, work: L, input: I) -> L::Output {
        // SAFETY: this file makes a token only after it has asked the processor and the system, which have AVX2.
        unsafe { run_avx2(self, work, input) }
    }

    #[inline(always)]
    fn run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
        self,
        work: L,
        p: &mut [P],
        q: &mut [Q],
        r: &mut [R],
        s: &mut [S],
    ) -> L::Output {
        // SAFETY: as above.
        unsafe { run_on_outputs_avx2(self, work, p, q, r, s) }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn run_avx2<I, L: Loop<I>>(simd: Avx2, work: L, input: I) -> L::Output {
    work.run(simd, input)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn run_on_outputs_avx2<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
    simd: Avx2,
    work: L,
    p: &mut [P],
    q: &mut [Q],
    r: &mut [R],
    s: &mut [S],
) -> L::Output {
    work.run(simd, p, q, r, s)
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
    match Version::of_processor() {
        #[cfg(target_arch = "x86_64")]
        Version::Avx2(simd) => simd.run(work, input),
        Version::Baseline(simd) => simd.run(work, input),
    }
}

/// Runs the version of `work` for this processor with one output.
#[inline]
pub(crate) fn run_on_output<O, L: OutputLoop<O, (), (), ()>>(work: L, out: &mut [O]) -> L::Output {
    match Version::of_processor() {
        #[cfg(target_arch = "x86_64")]
        Version::Avx2(simd) => simd.run_on_outputs(work, out, &mut [], &mut [], &mut []),
        Version::Baseline(simd) => simd.run_on_outputs(work, out, &mut [], &mut [], &mut []),
    }
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
