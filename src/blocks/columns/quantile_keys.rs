//! Floating-point numbers as whole ones in the same order, so that their leading bits can be counted.

use num_traits::Float;

use crate::pool::Element;

/// A floating-point number whose quantiles are found by counting: `f32` and `f64`.
///
/// It cannot be implemented elsewhere.
pub trait Countable: Element + Float + Keyed {}

impl Countable for f32 {}
impl Countable for f64 {}

/// A number and its key.
pub trait Keyed: Sized {
    #[doc(hidden)]
    const KEY_BITS: u32;

    /// A whole number of `KEY_BITS` bits that is larger for larger numbers; `None` for NaN.
    #[doc(hidden)]
    fn key(self) -> Option<u64>;

    #[doc(hidden)]
    fn of_key(key: u64) -> Self;
}

macro_rules! keyed {
    ($($float:ty, $bits:ty;)*) => {$(
        impl Keyed for $float {
            const KEY_BITS: u32 = <$bits>::BITS;

            #[inline]
            fn key(self) -> Option<u64> {
                const SIGN: $bits = 1 << (<$bits>::BITS - 1);
                let bits = (self + 0.0).to_bits(); // both zeros are one number
                let key = if bits & SIGN == 0 { bits | SIGN } else { !bits };
                (!self.is_nan()).then_some(key.into())
            }

            fn of_key(key: u64) -> Self {
                const SIGN: $bits = 1 << (<$bits>::BITS - 1);
                let key = key as $bits;
                Self::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN })
            }
        }
    )*};
}

keyed! {
    f32, u32;
    f64, u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_the_numbers() {
        let all =
            [f64::NEG_INFINITY, f64::MIN, -1.0, -5e-324, 0.0, 5e-324, 1.0, f64::MAX, f64::INFINITY];
        let keys = all.map(|x| x.key().unwrap());
        assert!(keys.is_sorted_by(|a, b| a < b));
        assert_eq!(keys.map(f64::of_key), all);
        let singles = [f32::NEG_INFINITY, -1.5, -1e-45, 0.0, 1.5, f32::INFINITY];
        let keys = singles.map(|x| x.key().unwrap());
        assert!(keys.is_sorted_by(|a, b| a < b) && keys.iter().all(|&key| key <= u32::MAX.into()));
        assert_eq!(keys.map(f32::of_key), singles);
        assert_eq!(((-0.0_f64).key(), f64::NAN.key()), (0.0_f64.key(), None));
    }
}
