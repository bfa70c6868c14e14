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
        arctanh_into, cbrt_into, copy_into, cos_into, cosh_into, erf_into, erfc_into, exp_into,
        exp2_into, expit_into, expm1_into, float_power_into, hypot_into, lgamma_into,
        log_expit_into, log_into, log1p_into, log2_into, log10_into, map_into, sin_into, sinh_into,
        softplus_into, tan_into, tanh_into,
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

    /// Nanoseconds an element in the versions for AVX-512 and for AVX2, of `map_into` of std's function, and of a copy,
    /// which no function of as much memory goes below.
    #[test]
    #[ignore = "prints figures: cargo test --release --lib beside_std -- --ignored --nocapture"]
    #[expect(clippy::print_stdout, reason = "figures are what it is for")]
    fn versions_beside_std() {
        macro_rules! print {
            ($out:ident: $($kernel:ident($a:ident) $std:ident;)*) => {$(
                let out = std::cell::RefCell::new($out.view_mut());
                let [own, avx2, std, copy] = nanoseconds($a.len(), [
                    &|| $kernel($a, &mut out.borrow_mut()),
                    &|| without_avx512(|| $kernel($a, &mut out.borrow_mut())),
                    &|| map_into($a, &mut out.borrow_mut(), f64::$std),
                    &|| copy_into($a, &mut out.borrow_mut()),
                ]);
                println!(
                    "{:14} {own:6.2} {avx2:6.2} {std:6.2} {copy:6.2}   {:5.2} {:5.2}",
                    stringify!($kernel), std / own, std / avx2,
                );
            )*};
        }
        for len in [64 * 64, 1_000_000] {
            println!("{len}: widest, AVX2, std, a copy; std over the first two");
            let mut out = Array1::zeros(len);
            let a =
                &Array1::from_shape_fn(len, |i| 0.1 + 0.8 * (i * 7919 % len) as f64 / len as f64);
            let above_one = &(a + 1.0);
            print! { out:
                exp_into(a) exp; exp2_into(a) exp2; expm1_into(a) exp_m1; log_into(a) ln;
                log2_into(a) log2; log10_into(a) log10; log1p_into(a) ln_1p; cbrt_into(a) cbrt;
                sin_into(a) sin; cos_into(a) cos; tan_into(a) tan; arcsin_into(a) asin;
                arccos_into(a) acos; arctan_into(a) atan; sinh_into(a) sinh; cosh_into(a) cosh;
                tanh_into(a) tanh; arcsinh_into(a) asinh; arccosh_into(above_one) acosh;
                arctanh_into(a) atanh;
            }
        }
    }

    /// Medians of alternating turns.
    fn nanoseconds<const N: usize>(len: usize, ways: [&dyn Fn(); N]) -> [f64; N] {
        let calls = (100_000 / len).max(1);
        let mut times = [const { Vec::new() }; N];
        for _ in 0..31 {
            for (way, times) in ways.iter().zip(&mut times) {
                let start = std::time::Instant::now();
                (0..calls).for_each(|_| way());
                times.push(start.elapsed().as_secs_f64() * 1e9 / (calls * len) as f64);
            }
        }
        times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
    }
}
