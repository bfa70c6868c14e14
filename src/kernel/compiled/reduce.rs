//! Reductions.

use ndarray::{ArrayRef1, ArrayRef2, Axis};

use crate::kernel::{
    argmax_axis_into, matvec_into, max_axis_into, mean_axis_into, min_axis_into, norm_l2_axis_into,
    std_axis_into, sum_axis_into, var_axis_into, vecmat_into, whole,
};

macro_rules! numbers {
    ($name:ident, $A:ty) => {
        #[inline(never)]
        pub fn $name(a: &ArrayRef2<$A>, axis: Axis, out: &mut ArrayRef1<$A>) {
            sum_axis_into(a, axis, out);
            min_axis_into(a, axis, out);
            max_axis_into(a, axis, out);
            out[0] = whole::sum(a);
        }
    };
}

macro_rules! floats {
    ($name:ident, $A:ty) => {
        #[inline(never)]
        pub fn $name(a: &ArrayRef2<$A>, axis: Axis, out: &mut ArrayRef1<$A>) {
            mean_axis_into(a, axis, out);
            var_axis_into(a, axis, 0.0, out);
            out[0] = whole::mean(a);
        }
    };
}

numbers!(of_f64, f64);
numbers!(of_f32, f32);
numbers!(of_i32, i32);
numbers!(of_i64, i64);
numbers!(of_u8, u8);
floats!(moments_of_f64, f64);
floats!(moments_of_f32, f32);

#[inline(never)]
pub fn more_of_f64(
    a: &ArrayRef2<f64>,
    axis: Axis,
    v: &ArrayRef1<f64>,
    out: &mut ArrayRef1<f64>,
    places: &mut ArrayRef1<usize>,
) {
    argmax_axis_into(a, axis, places);
    std_axis_into(a, axis, 0.0, out);
    norm_l2_axis_into(a, axis, out);
    matvec_into(a, v, out);
    vecmat_into(v, a, out);
    out[0] = whole::norm_l2(a) + whole::vdot(v, v);
}
