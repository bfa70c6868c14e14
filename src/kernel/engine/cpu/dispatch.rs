//! The one place that chooses an instruction set.
//!
//! A [`Loop`] is compiled twice: for every x86-64 processor, and for those with AVX2 and FMA, whose vectors are twice as
//! wide. [`run`] asks the processor once, and then chooses for each loop that it is given, which takes 1 to 2 ns. A loop
//! is as large as a slice, a block of a reduction or a group of rows.
//!
//! All versions do the same operations in the same order, so results have the same bits on every processor. A
//! multiplication and an addition are fused only where the code says `mul_add`, which is one instruction with FMA and
//! an exact library call without; the compiler does not fuse by itself.
//!
//! Whatever a loop calls has to be `#[inline(always)]`: otherwise it is compiled once, for every processor.
//!
//! A formula of the user's has a closure for each [`Version`], because it may be too large to be inlined twice; the
//! others go through [`run`].
//!
//! [`Widest`] has a third version, for AVX-512. It is for loops bound by computation, as products of matrices and
//! mathematical functions: of others the compiler seldom makes faster code, and slower code of searches for positions.

#![cfg_attr(
    target_arch = "x86_64",
    expect(
        unsafe_code,
        reason = "calls what is compiled for AVX2 or AVX-512, on processors that have it"
    )
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

/// An instruction set, as a token that proves that the processor has it: only this file makes those of x86-64.
pub trait Simd: Copy + sealed::Sealed {
    /// Whether there are vectors of 32 bytes.
    const IS_AVX2: bool;

    /// Whether there are vectors of 64 bytes.
    const IS_AVX512: bool;

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

/// AVX2 and FMA, of an x86-64 processor.
#[derive(Clone, Copy, Debug)]
#[cfg(target_arch = "x86_64")]
pub struct Avx2(());

/// AVX-512 (the parts F, VL, BW and DQ) and FMA, of an x86-64 processor.
#[derive(Clone, Copy, Debug)]
#[cfg(target_arch = "x86_64")]
pub struct Avx512(());

/// The instruction set of this processor, for code that has a closure for each.
///
/// The compiler inlines a large closure only where it is called at a single place. `run` compiles the same closure
/// twice, so it suits small ones.
#[derive(Clone, Copy, Debug)]
pub enum Version {
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// What every processor has.
    Baseline(Baseline),
}

/// The same with AVX-512, for loops bound by computation.
#[derive(Clone, Copy, Debug)]
pub enum Widest {
    /// AVX-512 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    /// What [`Version`] has.
    Narrower(Version),
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
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Version::Avx2(Avx2(()));
        }
        Version::Baseline(Baseline)
    }
}

impl Widest {
    /// Asks the processor, once.
    #[inline]
    pub fn of_processor() -> Self {
        let narrower = Version::of_processor();
        #[cfg(test)]
        if tests::NO_AVX512.get() {
            return Widest::Narrower(narrower);
        }
        #[cfg(target_arch = "x86_64")]
        if matches!(narrower, Version::Avx2(_))
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
        {
            return Widest::Avx512(Avx512(()));
        }
        Widest::Narrower(narrower)
    }

    /// The same without AVX-512.
    #[inline]
    pub fn narrowed(self) -> Version {
        match self {
            #[cfg(target_arch = "x86_64")]
            Widest::Avx512(_) => Version::Avx2(Avx2(())), // only made where that is possible, too
            Widest::Narrower(version) => version,
        }
    }
}

impl Simd for Baseline {
    const IS_AVX2: bool = false;
    const IS_AVX512: bool = false;

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

/// Implements [`Simd`] for a token: its methods call functions that are compiled for `$features`.
#[cfg(target_arch = "x86_64")]
macro_rules! simd {
    ($Token:ident, $run:ident, $run_on_outputs:ident, $features:literal, avx512: $avx512:literal) => {
        impl Simd for $Token {
            const IS_AVX2: bool = true;
            const IS_AVX512: bool = $avx512;

            #[inline(always)]
            fn run<I, L: Loop<I>>(self, work: L, input: I) -> L::Output {
                // SAFETY: this file makes a token only after it has asked for these features.
                unsafe { $run(self, work, input) }
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
                unsafe { $run_on_outputs(self, work, p, q, r, s) }
            }
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $run<I, L: Loop<I>>(simd: $Token, work: L, input: I) -> L::Output {
            work.run(simd, input)
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $run_on_outputs<P, Q, R, S, L: OutputLoop<P, Q, R, S>>(
            simd: $Token,
            work: L,
            p: &mut [P],
            q: &mut [Q],
            r: &mut [R],
            s: &mut [S],
        ) -> L::Output {
            work.run(simd, p, q, r, s)
        }
    };
}

#[cfg(target_arch = "x86_64")]
simd!(Avx2, run_avx2, run_on_outputs_avx2, "avx2,fma", avx512: false);
#[cfg(target_arch = "x86_64")]
simd!(
    Avx512,
    run_avx512,
    run_on_outputs_avx512,
    "avx2,fma,avx512f,avx512vl,avx512bw,avx512dq",
    avx512: true
);

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Baseline {}
    #[cfg(target_arch = "x86_64")]
    impl Sealed for super::Avx2 {}
    #[cfg(target_arch = "x86_64")]
    impl Sealed for super::Avx512 {}
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

/// Runs the version of `work` for this processor with one output, with AVX-512 where there is one.
#[inline]
pub(crate) fn run_widest_on_output<O, L>(work: L, out: &mut [O]) -> L::Output
where
    L: OutputLoop<O, (), (), ()>,
{
    match Widest::of_processor() {
        #[cfg(target_arch = "x86_64")]
        Widest::Avx512(simd) => simd.run_on_outputs(work, out, &mut [], &mut [], &mut []),
        #[cfg(target_arch = "x86_64")]
        Widest::Narrower(Version::Avx2(simd)) => {
            simd.run_on_outputs(work, out, &mut [], &mut [], &mut [])
        }
        Widest::Narrower(Version::Baseline(simd)) => {
            simd.run_on_outputs(work, out, &mut [], &mut [], &mut [])
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    //! Switches with which tests of other files take the versions for lesser processors.

    use std::cell::Cell;
    use std::thread::LocalKey;

    thread_local! {
        pub(crate) static BASELINE: Cell<bool> = const { Cell::new(false) };
        pub(crate) static NO_AVX512: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs `f` as if the processor had no more than every other.
    pub(crate) fn on_baseline<T>(f: impl FnOnce() -> T) -> T {
        with(&BASELINE, f)
    }

    /// Runs `f` as if the processor had no AVX-512.
    pub(crate) fn without_avx512<T>(f: impl FnOnce() -> T) -> T {
        with(&NO_AVX512, f)
    }

    fn with<T>(switch: &'static LocalKey<Cell<bool>>, f: impl FnOnce() -> T) -> T {
        struct Back(&'static LocalKey<Cell<bool>>);
        impl Drop for Back {
            fn drop(&mut self) {
                self.0.set(false);
            }
        }
        switch.set(true);
        let _back = Back(switch);
        f()
    }
}
