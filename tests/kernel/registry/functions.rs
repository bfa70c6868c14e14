//! Mathematical functions: kernels have the bits of the scalar functions. (Whether those are right, `tests/math.rs` and
//! `tools/accuracy` say.)

use ndarray_pool::kernel::*;
use ndarray_pool::math;

use super::*;

/// Two entries of each function: into `out`, and in place.
macro_rules! functions {
    ($($into:ident $inplace:ident $f:ident;)*) => {
        vec![$(
            each(call!($into(a: f64) -> out: f64), math::$f),
            each(
                call!(|c| $inplace(a: f64) -> out: f64 {
                    out.assign(a);
                    $inplace(out);
                }),
                math::$f,
            ),
        )*]
    };
}

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = functions! {
        exp_into exp_inplace exp;
        exp2_into exp2_inplace exp2;
        expm1_into expm1_inplace expm1;
        expit_into expit_inplace expit;
        log_expit_into log_expit_inplace log_expit;
        softplus_into softplus_inplace softplus;
        log_into log_inplace log;
        log2_into log2_inplace log2;
        log10_into log10_inplace log10;
        log1p_into log1p_inplace log1p;
        cbrt_into cbrt_inplace cbrt;
        sin_into sin_inplace sin;
        cos_into cos_inplace cos;
        tan_into tan_inplace tan;
        arcsin_into arcsin_inplace asin;
        arccos_into arccos_inplace acos;
        arctan_into arctan_inplace atan;
        sinh_into sinh_inplace sinh;
        cosh_into cosh_inplace cosh;
        tanh_into tanh_inplace tanh;
        arcsinh_into arcsinh_inplace asinh;
        arccosh_into arccosh_inplace acosh;
        arctanh_into arctanh_inplace atanh;
        erf_into erf_inplace erf;
        erfc_into erfc_inplace erfc;
        lgamma_into lgamma_inplace lgamma;
    };
    entries.extend([
        each(call!(float_power_into(a: f64, b: f64) -> out: f64), |(a, b)| math::pow(a, b)),
        each(call!(hypot_into(a: f64, b: f64) -> out: f64), |(a, b)| math::hypot(a, b)),
        each(call!(arctan2_into(y: f64, x: f64) -> out: f64), |(y, x)| math::atan2(y, x)),
    ]);
    entries
}
