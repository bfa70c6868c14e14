//! Corners of running results.

use ndarray::{Array2, Axis};
use ndarray_pool::kernel::*;

/// On a stack as threads have it.
#[test]
fn scans_of_large_elements_need_no_stack() {
    let a = Array2::from_elem((3, 5), [1_u8; 9000]);
    let mut out = a.clone();
    accumulate_axis_into(&a, Axis(0), &mut out, |sum, x| [sum[0] + x[8999]; 9000]);
    assert!(out.row(2).iter().all(|x| x[8999] == 3));
    accumulate_axis_inplace(&mut out, Axis(0), |sum, x| [sum[0] + x[0]; 9000]);
    assert!(out.row(2).iter().all(|x| x[0] == 6));
}
