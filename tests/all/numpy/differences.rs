//! Differences of two states of a loop, and their norms.

use ndarray::ArrayD;
use ndarray_pool::kernel::{diff_into, diff_norms, diff_norms_into};

use super::{Fixtures, Ulps, assert_within};

/// Sums over 63 numbers in another order than NumPy's, and BLAS's scaled norm: a few units.
const NORM_ULPS: u64 = 4;

#[test]
fn differences_are_numpys() {
    macro_rules! check {
        ($float:ty, $cases:ident, $fixtures:ident) => {
            for case in $cases.iter().filter(|case| case.ends_with(stringify!($float))) {
                let name = |part| format!("diff.{case}.{part}");
                let next: ArrayD<$float> = $fixtures.array(&name("next"));
                let current: ArrayD<$float> = $fixtures.array(&name("current"));
                let mut out = ArrayD::from_elem(next.raw_dim(), 7.0);
                diff_into(&next, &current, &mut out);
                let theirs = $fixtures.array(&name("out"));
                assert_within(&out, &theirs, 0, case);
                out.fill(7.0);
                let norms = diff_norms_into(&next, &current, &mut out);
                assert_within(&out, &theirs, 0, case);
                assert_eq!(format!("{norms:?}"), format!("{:?}", diff_norms(&next, &current)));
                if out.is_empty() {
                    assert_eq!((norms.l1, norms.l2, norms.max), (0.0, 0.0, 0.0), "{case}");
                    continue;
                }
                let expected: ArrayD<f64> = $fixtures.array(&name("norms"));
                for (ours, theirs) in [norms.l1, norms.l2, norms.max].into_iter().zip(&expected) {
                    let off = ours.ulps_from(*theirs as $float);
                    assert!(off <= NORM_ULPS, "{case}: {ours} is {off} ulps from {theirs}");
                }
            }
        };
    }
    let fixtures = Fixtures::of("differences");
    let cases = fixtures.cases("diff");
    check!(f64, cases, fixtures);
    check!(f32, cases, fixtures);
}
