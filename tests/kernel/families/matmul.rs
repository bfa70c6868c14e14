//! Products of matrices: their bounds, their bits, and what they read.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Array3, ArrayView2, Axis, LinalgScalar, ShapeBuilder, s};
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;

use crate::allocations_in;
use crate::panics::panic_of;
use crate::registry::naive::SplitMix;

/// Shapes around the sizes of tiles (12, 6, 32, 16, 8), of blocks (256 terms, 480 and 960 columns), and of small
/// products (64).
const SHAPES: [(usize, usize, usize); 18] = [
    (1, 1, 1),
    (1, 7, 1),
    (2, 3, 5),
    (6, 8, 8),
    (11, 2, 17),
    (12, 12, 16),
    (13, 5, 9),
    (31, 64, 33),
    (64, 64, 64),
    (64, 64, 65),
    (65, 3, 2),
    (3, 65, 70),
    (50, 255, 41),
    (25, 256, 48),
    (40, 257, 31),
    (9, 600, 14),
    (14, 20, 1000),
    (500, 9, 7),
];

fn numbers(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut numbers = Array2::zeros((rows, columns));
    random_into(&StandardUniform, &mut numbers, &mut SplitMix(seed));
    numbers - 0.5
}

fn product<A: MatrixElement>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>) -> Array2<A> {
    let ((m, k), n) = (a.dim(), b.ncols());
    let mut out = Array2::from_elem((m, n), A::zero());
    let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<A>(m, k, n));
    matmul_into(&a, &b, &mut out, &mut workspace);
    out
}

/// Every element is within the bound of an exact sum: products of two `f32` are exact in `f64`, and so nearly are sums.
#[test]
fn products_keep_their_bound() {
    for (m, k, n) in SHAPES {
        let (a, b) = (numbers(m, k, 1).mapv(|x| x as f32), numbers(k, n, 2).mapv(|x| x as f32));
        let (wide_a, wide_b) = (a.mapv(f64::from), b.mapv(f64::from));
        let exact = wide_a.dot(&wide_b);
        let sizes = wide_a.mapv(f64::abs).dot(&wide_b.mapv(f64::abs));
        let bound = k as f64 * f64::from(f32::EPSILON) / 2.0 * 1.001;
        let out = product(a.view(), b.view());
        for ((&x, exact), size) in out.iter().zip(&exact).zip(&sizes) {
            assert!((f64::from(x) - exact).abs() <= bound * size, "{m}×{k}×{n}: {x}, not {exact}");
        }
    }
}

fn agrees_with_ndarray<A: MatrixElement + LinalgScalar>(
    from: fn(f64) -> A,
    distance: fn(A, A) -> f64,
) {
    for (m, k, n) in SHAPES {
        let (a, b) = (numbers(m, k, 3).mapv(from), numbers(k, n, 4).mapv(from));
        let (mut out, mut expected) = (numbers(m, n, 5).mapv(from), numbers(m, n, 5).mapv(from));
        let (alpha, beta) = (from(0.75), from(-1.5));
        general_mat_mul(alpha, &a, &b, beta, &mut expected);
        let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<A>(m, k, n));
        gemm_into(&a, &b, alpha, beta, &mut out, &mut workspace);
        for (&x, &y) in out.iter().zip(&expected) {
            assert!(distance(x, y) < 1e-6 * k as f64, "{m}×{k}×{n}: {x:?}, not {y:?}");
        }
    }
}

#[test]
fn the_general_form_agrees_with_ndarray() {
    agrees_with_ndarray::<f64>(|x| x, |x, y| (x - y).abs());
    agrees_with_ndarray::<f32>(|x| x as f32, |x, y| f64::from((x - y).abs()));
}

#[cfg(feature = "complex")]
#[test]
fn so_does_that_of_complex_numbers() {
    use num_complex::{Complex32, Complex64};
    agrees_with_ndarray(|x| Complex64::new(x, 1.0 / (x + 2.0)), |x, y| (x - y).norm());
    agrees_with_ndarray(
        |x| Complex32::new(x as f32, 1.0 / (x as f32 + 2.0)),
        |x, y| f64::from((x - y).norm()),
    );
}

/// The chain of `mul_add` that the docs define, element by element.
fn defined(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
        let terms: Vec<_> = a.row(i).iter().copied().zip(b.column(j).to_vec()).collect();
        let blocks = terms
            .chunks(256)
            .map(|block| block.iter().fold(0.0, |sum, &(x, y)| f64::mul_add(x, y, sum)));
        blocks.reduce(|sum, block| sum + block).unwrap_or(0.0)
    })
}

/// The same bits in every layout of all three matrices, and for any rows and columns.
#[test]
fn the_order_of_the_result_does_not_show_in_complex_products() {
    let number = |x: f64| num_complex::Complex64::new(x, 0.3 - x);
    for (m, k, n) in SHAPES {
        let (a, b) = (numbers(m, k, 6).mapv(number), numbers(k, n, 7).mapv(number));
        let bytes = matmul_workspace_bytes::<num_complex::Complex64>(m, k, n);
        let mut workspace = Workspace::with_bytes(bytes);
        let (mut by_rows, mut by_columns) = (Array2::zeros((m, n)), Array2::zeros((m, n).f()));
        matmul_into(&a, &b, &mut by_rows, &mut workspace);
        matmul_into(&a, &b, &mut by_columns, &mut workspace);
        assert_eq!(by_rows, by_columns, "{m}×{k}×{n}");
    }
}

#[test]
fn bits_are_those_of_the_definition() {
    for (m, k, n) in SHAPES {
        let (a, b) = (numbers(m, k, 6), numbers(k, n, 7));
        let expected = defined(a.view(), b.view());
        assert_eq!(product(a.view(), b.view()), expected, "{m}×{k}×{n}");
        let turned = |x: &Array2<f64>| x.t().as_standard_layout().into_owned().reversed_axes();
        assert_eq!(product(turned(&a).view(), turned(&b).view()), expected, "{m}×{k}×{n}");
        assert_eq!(product(b.t(), a.t()), expected.t(), "{m}×{k}×{n}");

        // With gaps, backwards, and `out` in any layout.
        let mut spread = Array2::from_elem((2 * m, 3 * k), f64::NAN);
        spread.slice_mut(s![..;-2, ..;3]).assign(&a);
        let a_spread = spread.slice(s![..;-2, ..;3]);
        let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<f64>(m, k, n));
        let mut by_columns = Array2::from_elem((m, n).f(), f64::NAN);
        matmul_into(&a_spread, &b, &mut by_columns, &mut workspace);
        assert_eq!(by_columns, expected, "{m}×{k}×{n}");
        let mut spread = Array2::from_elem((2 * m, 3 * n), f64::NAN);
        matmul_into(&a, &b, &mut spread.slice_mut(s![..;-2, ..;3]), &mut workspace);
        assert_eq!(spread.slice(s![..;-2, ..;3]), expected, "{m}×{k}×{n}");
        assert_eq!(spread.iter().filter(|x| x.is_nan()).count(), 5 * m * n, "{m}×{k}×{n}");
        let mut wide = Array2::from_elem((m, n + 3), f64::NAN);
        matmul_into(&a, &b, &mut wide.slice_mut(s![.., 1..=n]), &mut workspace);
        assert_eq!(wide.slice(s![.., 1..=n]), expected, "{m}×{k}×{n}");

        // In parts, as threads would.
        for i in [0, m / 3, m - 1] {
            let part = product(a.slice(s![i..i + 1, ..]), b.slice(s![.., n / 2..]));
            assert_eq!(part, expected.slice(s![i..i + 1, n / 2..]), "{m}×{k}×{n}");
        }
    }
}

#[test]
fn stacks_are_broadcast() {
    let a = Array3::from_shape_fn((4, 5, 3), |(s, i, j)| (s * 15 + i * 3 + j) as f64);
    let b = Array2::from_shape_fn((3, 2), |(i, j)| (i * 2 + j) as f64 - 1.5);
    let mut workspace = Workspace::with_bytes(1 << 20);
    for workspace in [&mut Workspace::empty(), &mut workspace] {
        let mut out = Array3::from_elem((4, 5, 2), f64::NAN);
        matmul_into(&a, &b, &mut out, workspace);
        for (a, out) in a.outer_iter().zip(out.outer_iter()) {
            assert_eq!(out, a.dot(&b));
        }
        // One matrix by each of a stack, and a stack that `out` repeats.
        let (left, mut out) = (b.t(), Array3::from_elem((4, 2, 5), f64::NAN));
        matmul_into(&left, &a.view().permuted_axes([0, 2, 1]), &mut out, workspace);
        for (a, out) in a.outer_iter().zip(out.outer_iter()) {
            assert_eq!(out, left.dot(&a.t()));
        }
        let mut out = Array3::from_elem((4, 5, 2), f64::NAN);
        matmul_into(&a.slice(s![1..2, .., ..]), &b, &mut out, workspace);
        for out in out.axis_iter(Axis(0)) {
            assert_eq!(out, a.index_axis(Axis(0), 1).dot(&b));
        }
        let panic = panic_of(|| matmul_into(&a, &b, &mut Array3::zeros((3, 5, 2)), workspace));
        let message =
            "`a` has shape [4, 5, 3], which cannot be broadcast to the stack of `out`, [3, 5, 3]";
        assert_eq!(panic.message, format!("matmul_into: {message}"));
    }
}

#[test]
fn nothing_is_read_that_does_not_count() {
    let nan = |m, n| Array2::from_elem((m, n), f64::NAN);
    let (a, b, ones) = (numbers(3, 4, 8), numbers(4, 5, 9), Array2::<f64>::ones((3, 5)));
    let workspace = &mut Workspace::empty();
    let mut out = nan(3, 5);
    gemm_into(&a, &b, 1.0, 0.0, &mut out, workspace);
    assert_eq!(out, product(a.view(), b.view()));
    let mut out = ones.clone();
    gemm_into(&nan(3, 4), &nan(4, 5), 0.0, 3.0, &mut out, workspace);
    assert_eq!(out, &ones * 3.0);
    let mut out = nan(3, 5);
    gemm_into(&nan(3, 4), &nan(4, 5), 0.0, 0.0, &mut out, workspace);
    assert_eq!(out, &ones * 0.0);
    // No terms.
    let mut out = nan(3, 5);
    matmul_into(&nan(3, 0), &nan(0, 5), &mut out, workspace);
    assert_eq!(out, &ones * 0.0);
    let mut out = ones.clone();
    gemm_into(&nan(3, 0), &nan(0, 5), 1.0, 2.0, &mut out, workspace);
    assert_eq!(out, &ones * 2.0);
    for (m, k, n) in [(0, 3, 2), (2, 3, 0), (0, 0, 0), (0, 500, 500)] {
        matmul_into(&nan(m, k), &nan(k, n), &mut nan(m, n), workspace);
    }
}

/// Padding does not show: infinities and NaN reach the elements that they belong to, and no others.
#[test]
fn what_is_not_finite_stays_in_its_row_and_column() {
    let (m, k, n) = (14, 70, 35);
    let (mut a, mut b) = (numbers(m, k, 10), numbers(k, n, 11));
    (a[[13, 69]], a[[2, 5]], b[[3, 34]]) = (f64::INFINITY, f64::NAN, f64::NEG_INFINITY);
    let out = product(a.view(), b.view());
    for ((i, j), x) in out.indexed_iter() {
        assert_eq!(x.is_finite(), ![2, 13].contains(&i) && j != 34, "{i} {j}: {x}");
    }
    assert_eq!(out[[13, 0]], f64::INFINITY * b[[69, 0]].signum());
}

#[test]
fn nothing_is_allocated() {
    for (m, k, n) in SHAPES {
        let (a, b, mut out) = (numbers(m, k, 12), numbers(k, n, 13), Array2::zeros((m, n)));
        let mut by_columns = Array2::zeros((m, n).f());
        let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<f64>(m, k, n));
        let count = allocations_in(|| {
            matmul_into(&a, &b, &mut out, &mut workspace);
            gemm_into(
                &b.t(),
                &a.t(),
                2.0,
                0.5,
                &mut by_columns.view_mut().reversed_axes(),
                &mut workspace,
            );
        });
        assert_eq!(count, 0, "{m}×{k}×{n}");
    }
}

#[test]
fn a_workspace_that_is_too_small_is_named() {
    let (a, b, mut out) =
        (numbers(65, 10, 14), numbers(10, 3, 15), Array2::from_elem((65, 3), 7.0));
    let needs = matmul_workspace_bytes::<f64>(65, 10, 3);
    let panic = panic_of(|| matmul_into(&a, &b, &mut out, &mut Workspace::with_bytes(100)));
    let message = format!("matmul_into: `workspace` has 100 bytes, but must have at least {needs}");
    assert_eq!((panic.message, panic.file.as_str()), (message, file!()));
    assert!(out.iter().all(|&x| x == 7.0), "nothing is written");

    // What is said to be enough is enough, wherever the memory begins.
    let mut bytes = vec![1_u8; needs + 7];
    for first in 0..7 {
        let mut workspace = Workspace::lent(&mut bytes[first..first + needs]);
        assert_eq!(workspace.bytes(), needs);
        matmul_into(&a, &b, &mut out, &mut workspace);
        assert_eq!(out, defined(a.view(), b.view()));
    }
}
