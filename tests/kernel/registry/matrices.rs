//! Covariances of variables, and systems of equations.

use ndarray::{ArrayD, Ix1, Ix2};
use ndarray_pool::kernel::*;

use super::*;

fn workspace_for_variables(shape: &[usize]) -> Workspace<'static> {
    let most = shape[0].max(shape[1]);
    Workspace::with_bytes(cov_workspace_bytes::<f64>(most, most))
}

/// Observations of variables along an axis.
fn observations(
    shape: &[usize],
    axis: usize,
    parameter: isize,
) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let (mut inputs, out) = weighted_observations(shape, axis, parameter)?;
    inputs.truncate(1);
    Some((inputs, out))
}

/// The same, and a weight for each.
fn weighted_observations(
    shape: &[usize],
    axis: usize,
    _: isize,
) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let &[n, m] = shape else { return None };
    let (count, variables) = if axis == 0 { (n, m) } else { (m, n) };
    let operands = (vec![numbers(shape), numbers(&[count]) + 1], vec![variables; 2]);
    (variables <= 40).then_some(operands) // the formula takes its time
}

/// The weighted sum of products of deviations that stands at a place, and the sum of the weights.
fn products_at(c: &Case, x: &[&ArrayD<f64>], place: &[usize], is_weighted: bool) -> (f64, f64) {
    let variable =
        |i| x[0].index_axis(Axis(1 - c.axis.index()), i).iter().copied().collect::<Vec<_>>();
    let (a, b) = (variable(place[0]), variable(place[1]));
    let weight = |k| if is_weighted { x[1][[k]] } else { 1.0 };
    let sum = |f: &dyn Fn(usize) -> f64| (0..a.len()).map(|k| weight(k) * f(k)).sum::<f64>();
    let total = sum(&|_| 1.0);
    let (mean_a, mean_b) = (sum(&|k| a[k]) / total, sum(&|k| b[k]) / total);
    (sum(&|k| (a[k] - mean_a) * (b[k] - mean_b)), total)
}

/// Mistakes of covariances.
fn of_variables(entry: Entry) -> Entry {
    Entry { near: true, ..entry }.mistaken_axis().mistaken_out(
        &[3, 3],
        "`out` has shape [3, 3], but must have the number of variables twice, [4, 4]",
    )
}

/// A lower triangular matrix of whole numbers.
fn factor(n: usize) -> ArrayD<usize> {
    ArrayD::from_shape_fn(vec![n, n], |place| match (place[0], place[1]) {
        (i, j) if i == j => 1 + i % 3,
        (i, j) if i > j => (7 * i + 3 * j) % 4,
        _ => 0,
    })
}

fn product(a: &ArrayD<usize>, b: &ArrayD<usize>) -> ArrayD<usize> {
    ArrayD::from_shape_fn(vec![a.shape()[0], b.shape()[1]], |place| {
        (0..b.shape()[0]).map(|l| a[[place[0], l]] * b[[l, place[1]]]).sum()
    })
}

/// A symmetric matrix that is positive definite, with a row for each of the shape.
fn symmetric(shape: &[usize], _: usize, _: isize) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let &[n @ ..=12, _] = shape else { return None };
    let l = factor(n);
    Some((vec![product(&l, &l.t().to_owned())], vec![n, n]))
}

/// What stands at a place of the Cholesky factor of a lower triangle: NaN if there is none, as where a row is repeated.
fn factor_at(a: &ArrayD<f64>, place: &[usize]) -> f64 {
    let n = a.shape()[0];
    let mut l = ArrayD::<f64>::zeros(vec![n, n]);
    for (i, j) in (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let rest = (0..j).fold(a[[i, j]], |sum, k| sum - l[[i, k]] * l[[j, k]]);
        l[[i, j]] = if i == j { rest.sqrt() } else { rest / l[[j, j]] };
        if i == j && (rest.is_nan() || rest <= 0.0) {
            return f64::NAN;
        }
    }
    l[place]
}

/// What stands at a place of the solution of a lower triangular system: NaN if it is singular.
fn solution_at(
    a: &dyn Fn(usize, usize) -> f64,
    b: &dyn Fn(usize) -> f64,
    n: usize,
    i: usize,
) -> f64 {
    let mut x: Vec<f64> = Vec::new();
    for i in 0..n {
        let rest = x.iter().enumerate().fold(b(i), |sum, (j, x)| sum - a(i, j) * x);
        x.push(rest / if a(i, i) == 0.0 { return f64::NAN } else { a(i, i) });
    }
    rounded(x[i])
}

/// Solutions of equations with repeated elements, which are zero now and then, are off by roundings of larger numbers.
fn rounded(x: f64) -> f64 {
    (x * 1024.0).round() / 1024.0
}

fn round<D: ndarray::Dimension>(out: &mut ndarray::ArrayRef<f64, D>) {
    out.map_inplace(|x| *x = rounded(*x));
}

/// A lower triangular matrix with something above its diagonal, and right-hand sides of known solutions.
fn lower(shape: &[usize], _: usize, _: isize) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let &[n @ ..=12, _] = shape else { return None };
    let mut a = factor(n);
    let b = product(&a, &numbers(shape));
    a.indexed_iter_mut().filter(|(place, _)| place[1] > place[0]).for_each(|(_, x)| *x = 5);
    Some((vec![a, b], shape.to_vec()))
}

/// The same in the order of arguments of a kernel in place, and turned upside down.
fn upper(
    shape: &[usize],
    axis: usize,
    parameter: isize,
) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let (mut inputs, out) = lower(shape, axis, parameter)?;
    inputs.iter_mut().for_each(|input| input.invert_axis(Axis(0)));
    inputs[0].invert_axis(Axis(1));
    inputs.swap(0, 1);
    let inputs = inputs.iter().map(|input| input.as_standard_layout().into_owned());
    Some((inputs.collect(), out))
}

/// Mistakes of equations, whose matrix is input `a`.
fn of_equations(entry: Entry, a: usize) -> Entry {
    Entry { near: true, ..entry }.mistaken_inputs(
        [a],
        &[3, 4],
        "`a` has shape [3, 4], but must be square",
    )
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        of_equations(
            float_places(
                call!(|c| cholesky_into(a: f64 [Ix2]) -> out: f64 [Ix2] {
                    if cholesky_into(a, out).is_err() {
                        out.fill(f64::NAN);
                    }
                }),
                symmetric,
                |_, x, place| factor_at(x[0], place),
            ),
            0,
        )
        .mistaken_out(&[4, 3], "`out` has shape [4, 3], but must have the shape of `a`, [3, 3]"),
        of_equations(
            float_places(
                call!(|c| solve_triangular_into(a: f64 [Ix2], b: f64 [Ix2]) -> out: f64 [Ix2] {
                    if solve_triangular_into(a, b, Triangle::Lower, out).is_err() {
                        out.fill(f64::NAN);
                    }
                    round(out);
                }),
                lower,
                |_, x, place| {
                    let (a, b) = (|i, j| x[0][[i, j]], |i| x[1][[i, place[1]]]);
                    solution_at(&a, &b, x[0].shape()[0], place[0])
                },
            ),
            0,
        )
        .mistaken_inputs(
            [1],
            &[4, 4],
            "`b` has length 4 along axis 0, but must have as many rows as `a`, 3",
        )
        .mistaken_out(&[4, 3], "`out` has shape [4, 3], but must have the shape of `b`, [3, 4]"),
        of_equations(
            float_places(
                call!(|c| solve_triangular_inplace(b: f64 [Ix2], a: f64 [Ix2]) -> out: f64 [Ix2] {
                    out.assign(b);
                    if solve_triangular_inplace(out, a, Triangle::Upper).is_err() {
                        out.fill(f64::NAN);
                    }
                    round(out);
                }),
                upper,
                |_, x, place| {
                    let n = x[1].shape()[0];
                    let turned = |i| n - 1 - i;
                    let (a, b) =
                        (|i, j| x[1][[turned(i), turned(j)]], |i| x[0][[turned(i), place[1]]]);
                    solution_at(&a, &b, n, turned(place[0]))
                },
            ),
            1,
        ),
        of_variables(float_places(
            call!(|c, probe| cov_into(a: f64 [Ix2]; axis) -> out: f64 [Ix2] {
                let mut workspace = workspace_for_variables(a.shape());
                probe(&mut || cov_into(a, c.axis, 1.0, out, &mut workspace));
            }),
            observations,
            |c, x, place| {
                let (sum, n) = products_at(c, x, place, false);
                sum / (n - 1.0).max(0.0)
            },
        )),
        of_variables(float_places(
            call!(|c, probe| cov_weighted_into(a: f64 [Ix2], weights: f64 [Ix1]; axis)
                -> out: f64 [Ix2] {
                let mut workspace = workspace_for_variables(a.shape());
                let weights = Weights::Frequency(weights);
                probe(&mut || cov_weighted_into(a, c.axis, weights, 1.0, out, &mut workspace));
            }),
            weighted_observations,
            |c, x, place| {
                let (sum, total) = products_at(c, x, place, true);
                sum / (total - 1.0).max(0.0)
            },
        ))
        .mistaken_inputs(
            [1],
            &[4],
            "`weights` has length 4, but must have the length of axis 0 of `a`, 3",
        ),
        of_variables(float_places(
            call!(|c, probe| corrcoef_into(a: f64 [Ix2]; axis) -> out: f64 [Ix2] {
                let mut workspace = workspace_for_variables(a.shape());
                probe(&mut || corrcoef_into(a, c.axis, out, &mut workspace));
            }),
            observations,
            |c, x, place| {
                let product = |i, j| products_at(c, x, &[i, j], false).0;
                let (i, j) = (place[0], place[1]);
                product(i, j) / (product(i, i) * product(j, j)).sqrt()
            },
        )),
    ]
}
