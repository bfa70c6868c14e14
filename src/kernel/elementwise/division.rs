//! Division with remainder: quotients rounded down as in Python, and remainders of two kinds.
//!
//! | | −7 and 3 | 7 and −3 | the sign is that of |
//! |---|---|---|---|
//! | [`remainder_into`] (Python's `%`) | 2 | −2 | the divisor |
//! | [`fmod_into`] (C's and Rust's `%`) | −1 | 1 | the dividend |
//!
//! Integers are searched for a zero divisor first, so that nothing is written if there is one: one more read of `b`,
//! which takes 1 to 6 % of the time of 64-bit divisions. The minimum divided by −1 wraps in all of them.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::{check, map};

/// The numbers that [`floor_divide_into`] and its relatives divide: all primitive integers and floats.
pub trait FloorDiv: rules::Rules {}

/// Takes the remainder of a division that is rounded down: it has the sign of the divisor.
///
/// *out\[i\] = a\[i\] − b\[i\] · ⌊a\[i\] / b\[i\]⌋*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. For floats the result is exact,
/// except where the sign has to be changed: then it is rounded once.
///
/// NaN in either operand gives NaN, and so do an infinite `a` and a `b` of zero. An infinite `b` gives `a`, or `b`
/// itself where the signs differ. The minimum of an integer type divided by −1 leaves 0. Empty arrays are fine. `out`
/// cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`, or if `b` holds an integer zero and `out` is not empty;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.remainder(a, b, out=out)` (which gives 0 for an integer by zero), and in ndarray a `map_collect`.
/// ndarray's `&a % &b` is [`fmod_into`].
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::remainder_into;
///
/// let mut out = Array1::zeros(3);
/// remainder_into(&array![-7.0, 7.0, 6.5], &array![3.0, -3.0, 1.0], &mut out);
/// assert_eq!(out, array![2.0, -2.0, 0.5]);
/// ```
#[doc(alias = "mod")]
#[doc(alias = "rem_floor")]
#[track_caller]
pub fn remainder_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: FloorDiv,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("remainder_into", "a", a, out);
    let repeated = check::broadcast("remainder_into", "b", b, out);
    check::divisors("remainder_into", ("b", b), out);
    map::zip_map_slow(a, repeated, out, A::floor_rem);
}

/// Takes the remainder of a division that is rounded towards zero: it has the sign of the dividend.
///
/// *out\[i\] = a\[i\] − b\[i\] · trunc(a\[i\] / b\[i\])*, which is `%`
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The result is exact.
///
/// NaN in either operand gives NaN, and so do an infinite `a` and a `b` of zero. An infinite `b` gives `a`. The minimum
/// of an integer type divided by −1 leaves 0. Empty arrays are fine. `out` cannot overlap the inputs: in place, write
/// ndarray's `a %= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`, or if `b` holds an integer zero and `out` is not empty;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.fmod(a, b, out=out)` (which gives 0 for an integer by zero), and ndarray's `&a % &b`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::fmod_into;
///
/// let mut out = Array1::zeros(3);
/// fmod_into(&array![-7.0, 7.0, 6.5], &array![3.0, -3.0, 1.0], &mut out);
/// assert_eq!(out, array![-1.0, 1.0, 0.5]);
/// ```
#[doc(alias = "rem")]
#[track_caller]
pub fn fmod_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: FloorDiv,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("fmod_into", "a", a, out);
    let repeated = check::broadcast("fmod_into", "b", b, out);
    check::divisors("fmod_into", ("b", b), out);
    map::zip_map_slow(a, repeated, out, A::trunc_rem);
}

/// Divides and rounds down.
///
/// *out\[i\] = ⌊a\[i\] / b\[i\]⌋*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. Floats are not divided first and
/// then rounded (1 by 0.1 would give 10): the quotient is the one that fits [`remainder_into`], here 9.
///
/// NaN in either operand gives NaN, and so does an infinite `a`. A float by zero is infinite, or NaN for zero by zero.
/// The minimum of an integer type divided by −1 is itself, as in NumPy. Empty arrays are fine. `out` cannot overlap the
/// inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`, or if `b` holds an integer zero and `out` is not empty;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.floor_divide(a, b, out=out)` (which gives 0 for an integer by zero), and in ndarray a `map_collect`.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::floor_divide_into;
///
/// let mut out = Array1::zeros(3);
/// floor_divide_into(&array![-7, 7, 6], &array![3, 3, -3], &mut out);
/// assert_eq!(out, array![-3, 2, -2]);
/// ```
#[doc(alias = "div_floor")]
#[track_caller]
pub fn floor_divide_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: FloorDiv,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("floor_divide_into", "a", a, out);
    let repeated = check::broadcast("floor_divide_into", "b", b, out);
    check::divisors("floor_divide_into", ("b", b), out);
    map::zip_map_slow(a, repeated, out, floor_div);
}

fn floor_div<A: FloorDiv>(a: A, b: A) -> A {
    a.floor_div_rem(b).0
}

/// Divides and rounds down, and writes the remainder too.
///
/// *quotient\[i\] = ⌊a\[i\] / b\[i\]⌋, remainder\[i\] = a\[i\] − b\[i\] · quotient\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `quotient` and `remainder`, which have
/// the same shape. The results have the bits of [`floor_divide_into`] and [`remainder_into`], for the price of one
/// division.
///
/// NaN in either operand gives NaN in both results, and so does an infinite `a`. A float by zero gives an infinite
/// quotient (NaN for zero by zero) and a remainder of NaN. Empty arrays are fine. The outputs cannot overlap the inputs
/// or each other.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `quotient`, if `remainder` does not have its shape, or if `b`
/// holds an integer zero and the outputs are not empty; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.divmod(a, b, out=(quotient, remainder))`, and in ndarray two passes.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::divmod_into;
///
/// let (mut hours, mut minutes) = (Array1::zeros(2), Array1::zeros(2));
/// divmod_into(&array![135, -15], &aview0(&60), &mut hours, &mut minutes);
/// assert_eq!((hours, minutes), (array![2, -1], array![15, 45]));
/// ```
#[doc(alias = "divmod")]
#[track_caller]
pub fn divmod_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    quotient: &mut ArrayRef<A, D>,
    remainder: &mut ArrayRef<A, D>,
) where
    A: FloorDiv,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let kernel = "divmod_into";
    let a = check::broadcast_to(kernel, ("a", a), ("quotient", quotient));
    let repeated = check::broadcast_to(kernel, ("b", b), ("quotient", quotient));
    check::same_shape(kernel, ("remainder", remainder), ("quotient", quotient));
    check::divisors(kernel, ("b", b), quotient);
    map::zip_map_unzip(a, repeated, quotient, remainder, A::floor_div_rem);
}

/// What the kernels need of a number. Private, so that the numbers of other crates get no new methods.
mod rules {
    use super::FloorDiv;

    pub trait Rules: Copy + 'static {
        fn floor_div_rem(self, by: Self) -> (Self, Self);
        fn floor_rem(self, by: Self) -> Self;
        fn trunc_rem(self, by: Self) -> Self;
    }

    /// Integer division that rounds towards zero. The divisor is not zero.
    trait TruncDiv: Sized {
        fn trunc_div_rem(self, by: Self) -> (Self, Self);
    }

    macro_rules! integers {
        ($($integer:ty),*) => {$(
            impl FloorDiv for $integer {}
            impl TruncDiv for $integer {
                #[inline(always)]
                fn trunc_div_rem(self, by: Self) -> (Self, Self) {
                    // The compiler tries a 32-bit division by itself, but an unsigned one: where signs are random, its
                    // branch is mispredicted.
                    let (short, short_by) = (self as i32, by as i32);
                    let are_short = short as Self == self && short_by as Self == by;
                    // (The quotient of the least `i32` may be out of range.)
                    if Self::MIN != 0 && size_of::<Self>() == 8 && are_short && short != i32::MIN {
                        return ((short / short_by) as Self, (short % short_by) as Self);
                    }
                    (self.wrapping_div(by), self.wrapping_rem(by))
                }
            }
            impl Rules for $integer {
                #[inline]
                fn floor_div_rem(self, by: Self) -> (Self, Self) {
                    let (quotient, remainder) = self.trunc_div_rem(by);
                    // A comparison of sign bits. (Unsigned integers have none.)
                    if remainder != 0 && (remainder ^ by) >> (Self::BITS - 1) != 0 && Self::MIN != 0 {
                        (quotient - 1, remainder + by)
                    } else {
                        (quotient, remainder)
                    }
                }
                #[inline]
                fn floor_rem(self, by: Self) -> Self {
                    self.floor_div_rem(by).1
                }
                #[inline]
                fn trunc_rem(self, by: Self) -> Self {
                    // Dividing by -1 leaves no remainder, nor does dividing by 1, which never overflows. No branch:
                    // with one it took a sixth longer.
                    let by = if Self::MIN != 0 && by == !0 { 1 } else { by };
                    self.trunc_div_rem(by).1
                }
            }
        )*};
    }

    macro_rules! floats {
        ($($float:ty),*) => {$(
            impl FloorDiv for $float {}
            impl Rules for $float {
                #[inline]
                fn floor_div_rem(self, by: Self) -> (Self, Self) {
                    if by == 0.0 {
                        return (self / by, Self::NAN);
                    }
                    let mut remainder = self % by;
                    // `self - remainder` is a multiple of `by`, so this is a whole number apart from rounding.
                    let mut quotient = (self - remainder) / by;
                    if remainder == 0.0 {
                        remainder = (0.0 as $float).copysign(by);
                    } else if (remainder < 0.0) != (by < 0.0) {
                        remainder += by;
                        quotient -= 1.0;
                    }
                    if quotient == 0.0 {
                        return ((0.0 as $float).copysign(self / by), remainder);
                    }
                    let whole = quotient.floor();
                    (if quotient - whole > 0.5 { whole + 1.0 } else { whole }, remainder)
                }
                /// Selects what to add instead of branching: branches on random signs are mispredicted, and took half
                /// as long again.
                #[inline]
                fn floor_rem(self, by: Self) -> Self {
                    let remainder = self % by;
                    let zero: $float = 0.0;
                    let is_across = remainder != 0.0 && (remainder < 0.0) != (by < 0.0);
                    let remainder = remainder + if is_across { by } else { 0.0 };
                    if remainder == 0.0 { zero.copysign(by) } else { remainder }
                }
                #[inline]
                fn trunc_rem(self, by: Self) -> Self {
                    self % by
                }
            }
        )*};
    }

    integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
    floats!(f32, f64);
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, aview0};
    use num_integer::Integer;

    use super::*;

    /// Around the limits of 32-bit divisions.
    #[test]
    fn divisions_of_wide_integers_are_those_of_the_operators() {
        let around = |x: i64| [x.wrapping_sub(1), x, x.wrapping_add(1)];
        let ends = [i64::MIN, i64::from(i32::MIN), 0, i64::from(i32::MAX), i64::from(u32::MAX)];
        let numbers: Vec<i64> = ends.into_iter().flat_map(around).collect();
        for &by in numbers.iter().filter(|&&by| by != 0) {
            let a = Array1::from(numbers.clone());
            let mut out = Array1::zeros(a.len());
            fmod_into(&a, &aview0(&by), &mut out);
            assert_eq!(out, a.mapv(|a| a.wrapping_rem(by)), "by {by}");
            floor_divide_into(&a, &aview0(&by), &mut out);
            assert_eq!(
                out,
                a.mapv(|a| Integer::div_floor(&i128::from(a), &i128::from(by)) as i64),
                "by {by}"
            );
            let unsigned = a.mapv(|a| a as u64);
            let mut out = Array1::zeros(a.len());
            fmod_into(&unsigned, &aview0(&(by as u64)), &mut out);
            assert_eq!(out, unsigned.mapv(|a| a % by as u64), "by {by}");
        }
    }
}
