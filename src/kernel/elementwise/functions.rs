//! What kernels of mathematical functions have in common: a type for each function, and the calls of the walk.

use ndarray::{ArrayRef, ArrayView, Dimension};

use crate::kernel::engine::map::by_slices::{self, Elementwise, of_slices};
use crate::math::Float;

/// Writes `F` of each element.
pub(crate) fn of_one<F, A, D>(a: ArrayView<'_, A, D>, out: &mut ArrayRef<A, D>)
where
    F: Elementwise<1, A>,
    A: Float,
    D: Dimension,
{
    by_slices::write([a], out, of_slices::<1, A, F>);
}

/// Replaces each element by `F` of it.
pub(crate) fn in_place<F, A, D>(a: &mut ArrayRef<A, D>)
where
    F: Elementwise<1, A>,
    A: Float,
    D: Dimension,
{
    by_slices::change(a, of_slices::<1, A, F>);
}

/// Writes `F` of the elements of two arrays.
pub(crate) fn of_two<F, A, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, A, D>,
    out: &mut ArrayRef<A, D>,
) where
    F: Elementwise<2, A>,
    A: Float,
    D: Dimension,
{
    by_slices::write([a, b], out, of_slices::<2, A, F>);
}

/// Types for functions of [`math`](crate::math): `Type: 1 (x,) function;` with the number of arguments and a pattern of
/// them, or `Type: 1 (x,) function<ALL> unless is_moderate;` for those with a cheaper form for moderate arguments.
macro_rules! operations {
    ($($Op:ident: $n:literal $args:tt $f:ident $(<$all:ident>)? $(unless $is_moderate:ident)?;)*) => {$(
        pub(crate) struct $Op;

        impl<A: Float> $crate::kernel::engine::map::by_slices::Elementwise<$n, A> for $Op {
            const HAS_RARE: bool = [$(stringify!($is_moderate),)? ""].len() > 1;

            #[inline(always)]
            fn is_moderate(args: [A; $n]) -> bool {
                operations!(@moderate A args $args $($is_moderate)?)
            }
            #[inline(always)]
            fn moderate(args: [A; $n]) -> A {
                let $args = args.into();
                A::$f $(::<{ const $all: bool = false; $all }>)? $args
            }
            #[inline(always)]
            fn any(args: [A; $n]) -> A {
                let $args = args.into();
                $crate::math::$f $args
            }
        }
    )*};
    (@moderate $A:ident $values:ident $args:tt) => {{
        let _ = $values;
        true
    }};
    (@moderate $A:ident $values:ident $args:tt $is_moderate:ident) => {{
        let $args = $values.into();
        $A::$is_moderate $args
    }};
}

pub(crate) use operations;

#[cfg(test)]
mod tests {
    use ndarray::{Array1, ArrayRef1};

    use crate::kernel::engine::cpu::dispatch::tests::{on_baseline, without_avx512};
    use crate::kernel::{
        arccos_into, arccosh_into, arcsin_into, arcsinh_into, arctan_into, arctan2_into,
        arctanh_into, cbrt_into, cos_into, cosh_into, erf_into, erfc_into, exp_into, exp2_into,
        expit_into, expm1_into, float_power_into, hypot_into, lgamma_into, log_expit_into,
        log_into, log1p_into, log2_into, log10_into, sin_into, sinh_into, softplus_into, tan_into,
        tanh_into,
    };
    use crate::math::Float;

    /// Arguments of every size, with special ones in some blocks.
    fn arguments(len: usize) -> Array1<f64> {
        let special =
            [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, 1e300, -750.0];
        Array1::from_shape_fn(len, |i| match i % 131 {
            k @ 0..8 if i > 1100 => special[k],
            _ => ((i * 7919 % 10007) as f64 / 1000.0 - 5.0) * 3.0_f64.powi(i as i32 % 21 - 10),
        })
    }

    fn bits<A: Float + Into<f64>>(kernel: impl Fn(&mut ArrayRef1<A>), len: usize) -> Vec<u64> {
        let mut out = Array1::from_elem(len, A::default());
        kernel(&mut out);
        // (Which NaN it is does not matter.)
        let number = |x: f64| if x.is_nan() { f64::NAN } else { x };
        out.into_iter().map(|x| number(x.into()).to_bits()).collect()
    }

    #[track_caller]
    fn same_on_all<A: Float + Into<f64>>(
        name: &str,
        kernel: impl Fn(&mut ArrayRef1<A>),
        len: usize,
    ) {
        let here = bits(&kernel, len);
        assert_eq!(without_avx512(|| bits(&kernel, len)), here, "{name} without AVX-512");
        assert_eq!(on_baseline(|| bits(&kernel, len)), here, "{name} without AVX2");
    }

    macro_rules! same_on_all {
        ($($kernel:ident),*) => {$(
            for len in [5, 40, 2200] {
                let a = arguments(len);
                let short = a.mapv(|x| x as f32);
                same_on_all::<f64>(stringify!($kernel), |out| $kernel(&a, out), len);
                same_on_all::<f32>(stringify!($kernel), |out| $kernel(&short, out), len);
            }
        )*};
    }

    #[test]
    fn functions_have_the_same_bits_for_every_instruction_set() {
        same_on_all!(
            exp_into,
            exp2_into,
            expm1_into,
            expit_into,
            log_expit_into,
            softplus_into,
            log_into,
            log2_into,
            log10_into,
            log1p_into,
            cbrt_into,
            sin_into,
            cos_into,
            tan_into,
            arcsin_into,
            arccos_into,
            arctan_into,
            sinh_into,
            cosh_into,
            tanh_into,
            arcsinh_into,
            arccosh_into,
            arctanh_into,
            erf_into,
            erfc_into,
            lgamma_into
        );
        let (a, b) = (arguments(2200), arguments(2260));
        let b = b.slice(ndarray::s![60..]);
        same_on_all::<f64>("float_power_into", |out| float_power_into(&a, &b, out), 2200);
        same_on_all::<f64>("hypot_into", |out| hypot_into(&a, &b, out), 2200);
        same_on_all::<f64>("arctan2_into", |out| arctan2_into(&a, &b, out), 2200);
    }
}
