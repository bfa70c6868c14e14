//! Mathematical functions that compilers turn into vector code: as accurate as those of a good C library, with the same
//! bits on every processor, and several times as fast in kernels.
//!
//! std calls the C library for one number at a time. These functions have no branches and no calls, so that a loop over
//! them computes four or eight numbers at once. They are generic over [`Float`], which is `f32` or `f64`.
//!
//! ```
//! use ndarray::{Array1, array};
//! use ndarray_pool::{fused, kernel, math};
//!
//! let (x, mut out) = (array![0.0, 0.5, 1.0], Array1::zeros(3));
//! kernel::sin_into(&x, &mut out); // a kernel: the fastest way
//! kernel::map_into(&x, &mut out, math::exp); // a short function of one number
//! fused!(out = |x| math::exp(-x) * math::tanh(x)); // any formula
//! ```
//!
//! | | |
//! |---|---|
//! | exponential | [`exp`], [`exp2`], [`expm1`] |
//! | logarithms | [`log`], [`log2`], [`log10`], [`log1p`] |
//! | powers, roots, lengths | [`pow`], [`cbrt`], [`hypot`] |
//! | angles | [`sin`], [`cos`], [`sin_cos`], [`tan`], [`asin`], [`acos`], [`atan`], [`atan2`] |
//! | hyperbolic | [`sinh`], [`cosh`], [`tanh`], [`asinh`], [`acosh`], [`atanh`] |
//! | statistics | [`erf`], [`erfc`], [`lgamma`], [`expit`], [`log_expit`], [`softplus`] |
//!
//! # What they cost
//!
//! They use fused multiplication and addition, which is one instruction in kernels, in `fused!` and in programs that are
//! compiled for processors which have it (`-C target-cpu=native` or `x86-64-v3`; every AArch64). **Elsewhere
//! it is a library call, and a loop of your own over these functions is slower than one over std's**: some 40 ns for
//! [`exp`], where std takes 5. Call a kernel there, or std.
//!
//! A closure for [`map_into`](crate::kernel::map_into) should be small (one or two functions): a larger one may not be
//! inlined into the loop that is compiled for vectors. [`fused!`](crate::fused) has no such limit; [`sin`], [`cos`], [`tan`]
//! and [`lgamma`] take two to three times as long there as in their kernels, which look for rare arguments in blocks.
//! [`docs/math.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/math.md) has the figures.
//!
//! # Accuracy
//!
//! Each page states how far a result may be from the correctly rounded one, in units of the last place: one, or two for
//! [`pow`], [`tan`] and [`lgamma`] of `f64` ([`lgamma`] has zeros beside which a bound is absolute). (`tools/accuracy` measures it: for `f32` over all arguments.) Special cases are those of
//! C's Annex F, which are NumPy's. Subnormal numbers are arguments and results like others.

mod angle;
mod constants;
mod double;
mod exponential;
mod float;
mod hyperbolic;
mod logarithm;
mod power;
mod single;
mod statistical;

pub use self::angle::{acos, asin, atan, atan2, cos, sin, sin_cos, tan};
pub use self::exponential::{exp, exp2, expm1};
pub use self::float::Float;
pub use self::hyperbolic::{acosh, asinh, atanh, cosh, sinh, tanh};
pub use self::logarithm::{log, log1p, log2, log10};
pub use self::power::{cbrt, hypot, pow};
pub use self::statistical::{erf, erfc, expit, lgamma, log_expit, softplus};
