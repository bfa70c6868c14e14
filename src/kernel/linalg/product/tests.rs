//! All versions give the same bits.

use ndarray::{Array2, ArrayBase, Data, Ix2, s};

use super::deviations::{DeviationProducts, Deviations, deviation_products_len};
use super::element::Parts;
use super::target::Start;
use super::*;
use crate::kernel::engine::cpu::dispatch::tests::{on_baseline, without_avx512};

fn numbers<A>(rows: usize, columns: usize, from: fn(f64) -> A) -> Array2<A> {
    let number = |(i, j)| ((i * 37 + j * 101) % 211) as f64 / 211.0 - 0.4;
    Array2::from_shape_fn((rows, columns), |place| from(number(place)))
}

fn product<A: MatrixElement>(a: &Array2<A>, b: &Array2<A>) -> Array2<A> {
    let (m, k, n) = (a.nrows(), a.ncols(), b.ncols());
    let mut out = numbers(m, n, |_| A::one());
    let mut memory = vec![A::Real::default(); workspace_len::<A>(m, k, n)];
    let factor = |matrix| Factor { matrix, scale: Some(A::one() + A::one()) };
    let start = Start::Out(A::one() + A::one());
    let (a, b) = (factor(a.view()), factor(b.view()));
    Product { a, b, start, out: out.view_mut() }.compute(&mut memory);
    out
}

fn all_versions_agree<A: MatrixElement>(from: fn(f64) -> A) {
    for (m, k, n) in [(1, 1, 1), (5, 7, 3), (13, 64, 33), (14, 300, 41), (7, 3, 1000)] {
        let (a, b) = (numbers(m, k, from), numbers(k, n, from));
        let widest = product(&a, &b);
        assert_eq!(without_avx512(|| product(&a, &b)), widest, "{m}×{k}×{n}");
        assert_eq!(on_baseline(|| product(&a, &b)), widest, "{m}×{k}×{n}");
    }
}

#[test]
fn all_versions_give_the_same_bits() {
    all_versions_agree::<f64>(|x| x);
    all_versions_agree::<f32>(|x| x as f32);
    #[cfg(feature = "complex")]
    all_versions_agree(|x| num_complex::Complex64::new(x, 0.3 - x));
    #[cfg(feature = "complex")]
    all_versions_agree(|x| num_complex::Complex32::new(x as f32, 0.3 - x as f32));
}

/// The sums, and the products below the diagonal.
fn deviations(x: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let ((p, n), centres) = (x.dim(), x.column(0).to_vec());
    let mut memory = vec![f64::NAN; deviation_products_len::<f64>(n, p)];
    let (mut sums, mut out) = (vec![f64::NAN; p], Array2::from_elem((p, p), f64::NAN));
    let weights = x.row(0).mapv(f64::abs);
    let of = Deviations { x: x.view(), centres: &centres, weights: [None, Some(weights.view())] };
    let products = Some(out.view_mut());
    DeviationProducts { of, sums: &mut sums, products }.compute(&mut memory);
    out.indexed_iter_mut().filter(|((i, j), _)| j > i).for_each(|(_, x)| *x = 0.0);
    (sums, out)
}

#[test]
fn products_of_deviations_too() {
    for (p, n) in [(1, 1), (7, 5), (13, 300), (50, 257), (500, 20)] {
        let x = numbers(p, n, |x| x);
        let widest = deviations(&x);
        assert_eq!(without_avx512(|| deviations(&x)), widest, "{p}×{n}");
        assert_eq!(on_baseline(|| deviations(&x)), widest, "{p}×{n}");
    }
}

/// Whatever the memory holds, and however little of it a block gets.
#[test]
fn the_size_of_blocks_does_not_show() {
    let (a, b) = (numbers(20, 300, |x| x), numbers(300, 100, |x| x));
    let expected = product(&a, &b);
    fn in_blocks(a: &Array2<f64>, b: &Array2<f64>, out: ArrayViewMut2<'_, f64>) {
        let (mut right, mut left) = (vec![f64::NAN; 256 * 32], vec![f64::NAN; LEFT_LEN]);
        let mut stage = vec![f64::NAN; 12 * 16];
        let factor = |matrix| Factor { matrix, scale: Some(2.0) };
        let (a, b) = (factor(a.view()), factor(b.view()));
        let space = Space { right: &mut right, left: &mut left, stage: &mut stage };
        f64::multiply(Product { a, b, start: Start::Out(2.0), out }, space);
    }
    let mut out = numbers(20, 100, |_| 1.0);
    in_blocks(&a, &b, out.view_mut());
    assert_eq!(out, expected);
    let mut spread = Array2::ones((40, 300));
    in_blocks(&a, &b, spread.slice_mut(s![..;2, ..;3]));
    assert_eq!(spread.slice(s![..;2, ..;3]), expected);
    assert_eq!(ones_in(&spread), 40 * 300 - 20 * 100);
}

fn ones_in<S: Data<Elem = f64>>(a: &ArrayBase<S, Ix2>) -> usize {
    a.iter().filter(|&&x| x == 1.0).count()
}
