//! Corners of products, covariances and equations.

use ndarray::{Array1, Array2, Axis, ShapeBuilder, array, concatenate, s};
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;

use crate::panics::panic_of;
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

/// Shapes around those of tiles, of blocks (256 observations, 480 columns) and of the sample that centres.
const OBSERVATIONS: [(usize, usize); 8] =
    [(2, 1), (3, 2), (9, 17), (255, 13), (256, 16), (257, 50), (1030, 7), (30, 500)];

fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut numbers = Array2::zeros((rows, columns));
    random_into(&StandardUniform, &mut numbers, &mut SplitMix(seed));
    numbers
}

fn cov<A: RealElement>(a: &Array2<A>) -> Array2<A> {
    let mut out = Array2::from_elem((a.ncols(), a.ncols()), A::nan());
    let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<A>(a.nrows(), a.ncols()));
    cov_into(a, Axis(0), A::one(), &mut out, &mut workspace);
    out
}

/// However large the mean is. (Covariances of `f32` are all but exact in `f64`.)
#[test]
fn covariances_keep_their_bound() {
    for (n, p) in OBSERVATIONS {
        for mean in [0.0, 3e4] {
            let a = random(n, p, 1).mapv(|x| (x + mean) as f32);
            let wide = a.mapv(f64::from);
            let centred = &wide - &wide.mean_axis(Axis(0)).expect("there are some");
            let exact = centred.t().dot(&centred) / (n - 1) as f64;
            let h = (n.min(256) + n / 256) as f64;
            let bound = (2.0 * h + 10.0) * f64::from(f32::EPSILON);
            let out = cov(&a);
            assert_eq!(out, out.t());
            for ((i, j), &c) in out.indexed_iter() {
                // The centre of a sample is less than a tenth of a deviation off.
                let size = 1.01 * (exact[[i, i]] * exact[[j, j]]).sqrt();
                assert!((f64::from(c) - exact[[i, j]]).abs() <= bound * size, "{n}×{p}: {i} {j}");
            }
        }
    }
}

/// Weights are as good as repeated observations; and any layout gives the same bits.
#[test]
fn covariances_of_weighted_and_of_spread_observations() {
    for (n, p) in OBSERVATIONS {
        let a = random(n, p, 2);
        let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(n, p));
        let twice = concatenate![Axis(0), a, a.slice(s![..n / 2, ..])];
        let expected = cov(&twice);
        let times = Array1::from_shape_fn(n, |i| if i < n / 2 { 2.0 } else { 1.0 });
        let mut out = Array2::from_elem((p, p).f(), f64::NAN);
        let weights = Weights::Frequency(&times);
        cov_weighted_into(&a.t(), Axis(1), weights, 1.0, &mut out, &mut workspace);
        assert!((&out - &expected).iter().all(|x| x.abs() < 1e-14), "{n}×{p}");

        let mut wide = Array2::from_elem((2 * n, 3 * p), f64::NAN);
        wide.slice_mut(s![..;-2, 1..;3]).assign(&a);
        let mut out = Array2::from_elem((2 * p, 2 * p), f64::NAN);
        let (spread, mut part) = (wide.slice(s![..;-2, 1..;3]), out.slice_mut(s![..;2, ..;-2]));
        cov_into(&spread, Axis(0), 1.0, &mut part, &mut workspace);
        assert_eq!(part, cov(&a), "{n}×{p}");
    }
    // Of analytic weights the ratios count alone, and with equal ones there is none.
    let (a, ones) = (random(40, 3, 3), Array1::from_elem(40, 0.25));
    let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(40, 3));
    for weights in [Weights::Analytic(&ones), Weights::Both(&(&ones * 4.0), &ones)] {
        let mut out = Array2::zeros((3, 3));
        cov_weighted_into(&a, Axis(0), weights, 1.0, &mut out, &mut workspace);
        assert!((&out - &cov(&a)).iter().all(|x| x.abs() < 1e-14), "{out}");
    }
    let panic = panic_of(|| {
        let weights = Weights::Both(&ones, &(-&ones));
        cov_weighted_into(&a, Axis(0), weights, 1.0, &mut Array2::zeros((3, 3)), &mut workspace);
    });
    let message = "`weights` holds -0.25, but must hold finite numbers from zero on";
    assert_eq!(panic.message, format!("cov_weighted_into: {message}"));
}

#[test]
fn corners_of_covariances() {
    let nan_outside = |out: &Array2<f64>, at: usize| {
        out.indexed_iter().all(|((i, j), x)| x.is_nan() == (i == at || j == at))
    };
    for special in [f64::NAN, f64::INFINITY] {
        for row in [0, 150, 299] {
            let mut a = random(300, 20, 4);
            a[[row, 3]] = special;
            let mut out = cov(&a);
            assert!(nan_outside(&out, 3), "{special} in {row}");
            let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(300, 20));
            corrcoef_into(&a, Axis(0), &mut out, &mut workspace);
            assert!(nan_outside(&out, 3), "{special} in {row}");
        }
    }
    // Equal elements have no variance, and a variable and its multiple correlate fully.
    let mut a = random(300, 3, 5);
    a.column_mut(1).fill(0.1);
    let multiple = &a.column(0) * -3.0 + 5.0;
    a.column_mut(2).assign(&multiple);
    let mut out = cov(&a);
    assert_eq!(out.row(1), array![0.0, 0.0, 0.0]);
    let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(300, 3));
    corrcoef_into(&a, Axis(0), &mut out, &mut workspace);
    assert!(nan_outside(&out, 1));
    assert_eq!((out[[0, 0]], out[[2, 2]]), (1.0, 1.0));
    assert!((-1.0..-1.0 + 1e-14).contains(&out[[2, 0]]), "{}", out[[2, 0]]);

    // Too few observations.
    assert!(cov(&random(1, 2, 6)).iter().all(|x| x.is_nan()));
    cov_into(&a, Axis(0), 300.0, &mut out, &mut workspace);
    assert_eq!((out[[0, 0]], out[[2, 0]]), (f64::INFINITY, -f64::INFINITY));
    cov_into(&a, Axis(0), f64::NAN, &mut out, &mut workspace);
    assert!(out.iter().all(|x| x.is_nan()));
    let panic = panic_of(|| cov_into(&a, Axis(0), 1.0, &mut out, &mut Workspace::empty()));
    let needs = cov_workspace_bytes::<f64>(300, 3);
    let message = format!("cov_into: `workspace` has 0 bytes, but must have at least {needs}");
    assert_eq!(panic.message, message);
}

/// A matrix that is positive definite, of which only the lower triangle is to be read.
fn lower_of_definite(n: usize) -> Array2<f64> {
    let x = random(2 * n, n, 7) - 0.5;
    let mut a = x.t().dot(&x);
    a.indexed_iter_mut().filter(|((i, j), _)| j > i).for_each(|(_, x)| *x = f64::NAN);
    a
}

const SIDES: [usize; 6] = [0, 1, 5, 32, 33, 97];

#[test]
fn factors_make_the_matrix() {
    for n in SIDES.into_iter().chain([290]) {
        let a = lower_of_definite(n);
        let (mut l, mut by_columns) = (Array2::ones((n, n)), Array2::ones((n, n).f()));
        cholesky_into(&a, &mut l).unwrap();
        cholesky_into(&a, &mut by_columns).unwrap();
        assert_eq!(l, by_columns);
        let product = l.dot(&l.t());
        for ((i, j), &x) in l.indexed_iter() {
            if j > i {
                assert_eq!(x, 0.0);
                continue;
            }
            let bound = (n + 3) as f64 * f64::EPSILON * (a[[i, i]] * a[[j, j]]).sqrt();
            assert!((product[[i, j]] - a[[i, j]]).abs() <= bound, "{n}: {i} {j}");
        }
        let narrow = a.mapv(|x| x as f32);
        let mut out = Array2::zeros((n, n));
        cholesky_into(&narrow, &mut out).unwrap();
        assert!((&l - &out.mapv(f64::from)).iter().all(|x| x.abs() < 1e-2), "{n}");

        if n > 100 {
            continue;
        }
        // Where it is not definite.
        for at in [0, n / 2, n.saturating_sub(1)] {
            for wrong in [0.0, -1.0, f64::NAN] {
                let mut a = a.clone();
                let Some(x) = a.get_mut((at, at)) else { continue };
                *x = wrong;
                let error = cholesky_into(&a, &mut l).unwrap_err();
                let expected =
                    format!("not positive definite: the leading minor of order {} is not", at + 1);
                assert_eq!(format!("{error:?}"), expected);
            }
        }
    }
}

#[test]
fn triangular_systems_have_their_solutions() {
    for n in SIDES {
        // Such matrices are well conditioned.
        let full = random(n, n, 8) / n.max(1) as f64 + &Array2::<f64>::eye(n);
        for triangle in [Triangle::Lower, Triangle::Upper, Triangle::UnitLower, Triangle::UnitUpper]
        {
            let is_upper = matches!(triangle, Triangle::Upper | Triangle::UnitUpper);
            let is_unit = matches!(triangle, Triangle::UnitLower | Triangle::UnitUpper);
            let is_read = |i, j| if is_upper { j > i } else { i > j } || i == j && !is_unit;
            let place = |(i, j)| if is_read(i, j) { full[[i, j]] } else { f64::NAN };
            let a = Array2::from_shape_fn((n, n), place);
            let whole = Array2::from_shape_fn((n, n), |(i, j)| match is_read(i, j) {
                true => full[[i, j]],
                false => f64::from(u8::from(i == j)),
            });
            let by_columns = a.t().as_standard_layout().into_owned().reversed_axes();
            for columns in [0, 1, 33] {
                let x = random(n, columns, 9);
                let b = whole.dot(&x);
                let is_solved = |out: &Array2<f64>| {
                    assert!((out - &x).iter().all(|x| x.abs() < 1e-13), "{n} {triangle:?}");
                };
                for a in [a.view(), by_columns.view()] {
                    let mut out = Array2::from_elem((n, columns), f64::NAN);
                    solve_triangular_into(&a, &b, triangle, &mut out).unwrap();
                    is_solved(&out);
                    let mut out = b.t().as_standard_layout().into_owned().reversed_axes();
                    solve_triangular_inplace(&mut out, &a, triangle).unwrap();
                    is_solved(&out);
                }
            }
        }
    }
}

#[test]
fn equations_that_cannot_be_solved() {
    let a = array![[1.0, f64::NAN, 3.0], [2.0, 0.0, 4.0], [0.0, 5.0, 0.0]];
    let mut b = array![1.0, 2.0, 3.0];
    let error = solve_triangular_inplace(&mut b, &a, Triangle::Lower).unwrap_err();
    let message = "singular: the diagonal of the triangular matrix is zero at 1";
    assert_eq!((format!("{error:?}"), &b), (message.to_owned(), &array![1.0, 2.0, 3.0]));
    solve_triangular_inplace(&mut b, &a, Triangle::UnitLower).unwrap();
    assert_eq!(b, array![1.0, 0.0, 3.0]);
    let panic = panic_of(|| {
        let mut b = Array1::<f64>::zeros(3).into_dyn().insert_axis(Axis(0)).insert_axis(Axis(0));
        let _ = solve_triangular_inplace(&mut b, &a, Triangle::Lower);
    });
    let message = "`b` has shape [1, 1, 3], but must have one axis or two";
    assert_eq!(panic.message, format!("solve_triangular_inplace: {message}"));
}
