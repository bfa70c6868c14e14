//! The kernels beside NumPy: the same inputs, and NumPy's results, which `tests/fixtures/generate.py`
//! wrote. One module here is one family there.

mod calls;
mod differences;
mod extremes;
mod gather;
mod not_yet;
mod recipes;
mod reductions;
mod signs;
mod table;
mod ufuncs;
mod ufuncs_binary;
mod ufuncs_unary;

use std::cell::RefCell;
use std::fs::File;
use std::path::Path;

use ndarray::{Array, ArrayRef, Dimension, IxDyn};
use ndarray_npy::{NpzReader, ReadableElement};

/// The named arrays of one family.
pub(crate) struct Fixtures {
    family: &'static str,
    reader: RefCell<NpzReader<File>>,
}

impl Fixtures {
    pub(crate) fn of(family: &'static str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let file = File::open(folder.join(format!("{family}.npz"))).expect("a file of the family");
        let reader = NpzReader::new(file).expect("an archive of arrays");
        Fixtures { family, reader: RefCell::new(reader) }
    }

    /// An array of known type, by its name in the archive.
    pub(crate) fn array<A: ReadableElement>(&self, name: &str) -> Array<A, IxDyn> {
        self.reader
            .borrow_mut()
            .by_name(&format!("{name}.npy"))
            .unwrap_or_else(|e| panic!("{name} of {}: {e}", self.family))
    }

    /// The cases of a kernel: the middle parts of its arrays' names.
    pub(crate) fn cases(&self, kernel: &str) -> Vec<String> {
        let names = self.reader.borrow_mut().names().expect("the archive lists its arrays");
        let prefix = format!("{kernel}.");
        let mut cases: Vec<String> = names
            .iter()
            .filter_map(|name| name.strip_prefix(&prefix)?.split('.').next())
            .map(String::from)
            .collect();
        cases.sort();
        cases.dedup();
        assert!(!cases.is_empty(), "{} has no cases of {kernel}", self.family);
        cases
    }
}

/// A number whose distance to another can be counted in units in the last place.
pub(crate) trait Ulps: Copy + std::fmt::Debug {
    /// Zero for equal bits and for two NaNs, one for neighbours, and so on; −0 and 0 are neighbours.
    fn ulps_from(self, other: Self) -> u64;
}

macro_rules! float_ulps {
    ($float:ty, $signed:ty) => {
        impl Ulps for $float {
            fn ulps_from(self, other: Self) -> u64 {
                if self.is_nan() && other.is_nan() {
                    return 0;
                }
                // Bits count up from the most negative number once the negative ones are turned
                // around.
                let place = |x: $float| match x.to_bits() as $signed {
                    bits if bits < 0 => <$signed>::MIN - bits - 1,
                    bits => bits,
                };
                u64::from(place(self).abs_diff(place(other)))
            }
        }
    };
}

float_ulps!(f32, i32);
float_ulps!(f64, i64);

/// Types that are the same or not.
macro_rules! exact {
    ($($type:ty),*) => {$(
        impl Ulps for $type {
            fn ulps_from(self, other: Self) -> u64 {
                if self == other { 0 } else { u64::MAX }
            }
        }
    )*};
}

exact!(bool, u8, i32, i64);

#[cfg(feature = "complex")]
impl<A: Ulps> Ulps for num_complex::Complex<A> {
    fn ulps_from(self, other: Self) -> u64 {
        self.re.ulps_from(other.re).max(self.im.ulps_from(other.im))
    }
}

/// Shapes are equal and no element is further from NumPy's than `ulps`; 0 asks for the same bits.
#[track_caller]
pub(crate) fn assert_within<A: Ulps, D: Dimension>(
    ours: &ArrayRef<A, D>,
    numpys: &ArrayRef<A, IxDyn>,
    ulps: u64,
    context: &str,
) {
    assert_eq!(ours.shape(), numpys.shape(), "{context}");
    for (at, (ours, numpys)) in ours.iter().zip(numpys).enumerate() {
        let off = ours.ulps_from(*numpys);
        assert!(off <= ulps, "{context}, element {at}: {ours:?} is {off} ulps from {numpys:?}");
    }
}

#[test]
fn ulps_count_representable_numbers() {
    assert_eq!(1.0_f64.ulps_from(1.0), 0);
    assert_eq!(1.0_f64.ulps_from(1.0 + f64::EPSILON), 1);
    assert_eq!(f64::NAN.ulps_from(-f64::NAN), 0);
    assert_eq!(0.0_f32.ulps_from(-0.0), 1);
    assert_eq!(f32::from_bits(1).ulps_from(-f32::from_bits(1)), 3);
    assert_eq!(f64::INFINITY.ulps_from(f64::MAX), 1);
    assert!(f64::NAN.ulps_from(1.0) > 1 << 40);
}
