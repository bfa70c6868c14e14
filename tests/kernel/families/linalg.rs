//! Corners of products.

use ndarray::{Array1, Array2, array};
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;

use crate::registry::naive::SplitMix;

/// Products of a matrix and a vector keep the bound of their docs in both orders of memory, for `f32` too.
#[test]
fn products_keep_the_bound() {
    let (n, m) = (3000, 37);
    let mut a = Array2::<f64>::zeros((n, m));
    random_into(&StandardUniform, &mut a, &mut SplitMix(5));
    let a = a.mapv(|x| (x - 0.5) as f32);
    let v = Array1::from_shape_fn(n, |i| if i % 2 == 0 { 1.0 + i as f32 } else { -1.0 - i as f32 });
    let bound = (2.0 * f64::from(n as u32).log2() + 29.0) * f64::from(f32::EPSILON);
    for a in [a.view(), a.t().as_standard_layout().reversed_axes().view()] {
        let (mut out, mut turned) = (Array1::<f32>::zeros(m), Array1::<f32>::zeros(m));
        vecmat_into(&v, &a, &mut out);
        matvec_into(&a.t(), &v, &mut turned);
        assert_eq!(out, turned, "the same sums in the same order of memory");
        for (column, &product) in a.columns().into_iter().zip(&out) {
            let terms = column.iter().zip(&v).map(|(&x, &v)| f64::from(x) * f64::from(v));
            let (exact, sizes) = terms.fold((0.0, 0.0), |(sum, all), x| (sum + x, all + x.abs()));
            assert!((f64::from(product) - exact).abs() <= bound * sizes, "{product}, not {exact}");
        }
    }
}

#[cfg(feature = "complex")]
#[test]
fn complex_numbers_multiply_and_vanish() {
    use num_complex::Complex64;
    let i = Complex64::i();
    let (a, mut out) = (array![[i, i], [i, i]], array![[i, i], [i, i]]);
    tril_into(&a, 0, &mut out);
    assert_eq!(out, array![[i, 0.0.into()], [i, i]]);
    kron_into(&a, &array![[i]], &mut out);
    assert_eq!(out, Array2::from_elem((2, 2), Complex64::from(-1.0)));
}
