//! Reductions beside ndarray's own, which allocate their result: `cargo bench --bench reductions`
//!
//! Each group is one kernel at one size, along both axes of a matrix in C order (axis 0 runs across the rows of
//! memory, axis 1 along them) or over all of it.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use ndarray::{Array1, Array2, Axis};
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;
use rand::{SeedableRng, rngs::StdRng};

/// As tests, which are not optimised, the benches only show that they run.
const SIZES: &[usize] = if cfg!(debug_assertions) { &[64] } else { &[64, 1000, 2500] };

fn matrix(n: usize) -> Array2<f64> {
    let mut a = Array2::zeros((n, n));
    random_into(&StandardUniform, &mut a, &mut StdRng::seed_from_u64(1));
    a
}

/// One group for each size: `kernel` writes into an `out` of its own, `allocating` makes one.
fn beside<T, R>(
    c: &mut Criterion,
    name: &str,
    kernel: impl Fn(&Array2<f64>, Axis, &mut Array1<T>),
    allocating: impl Fn(&Array2<f64>, Axis) -> R,
) where
    T: Clone + Default,
{
    for &n in SIZES {
        let mut group = group(c, name, n);
        let (a, mut out) = (matrix(n), Array1::from_elem(n, T::default()));
        for axis in [Axis(0), Axis(1)] {
            let along = axis.index();
            group.bench_function(format!("into, axis {along}"), |b| {
                b.iter(|| kernel(black_box(&a), axis, black_box(&mut out)));
            });
            group.bench_function(format!("allocating, axis {along}"), |b| {
                b.iter(|| allocating(black_box(&a), axis));
            });
        }
    }
}

fn group<'c>(c: &'c mut Criterion, name: &str, n: usize) -> BenchmarkGroup<'c, WallTime> {
    let mut group = c.benchmark_group(format!("reductions/{name}/{n}"));
    group.sample_size(15).warm_up_time(Duration::from_millis(150));
    group.measurement_time(Duration::from_millis(500));
    group
}

fn along_axes(c: &mut Criterion) {
    beside(
        c,
        "sum_axis_into",
        |a, axis, out| sum_axis_into(a, axis, out),
        |a, axis| a.sum_axis(axis),
    );
    beside(
        c,
        "prod_axis_into",
        |a, axis, out| prod_axis_into(a, axis, out),
        |a, axis| a.product_axis(axis),
    );
    beside(
        c,
        "mean_axis_into",
        |a, axis, out| mean_axis_into(a, axis, out),
        |a, axis| a.mean_axis(axis),
    );
    beside(
        c,
        "var_axis_into",
        |a, axis, out| var_axis_into(a, axis, 1.0, out),
        |a, axis| a.var_axis(axis, 1.0),
    );
    beside(
        c,
        "std_axis_into",
        |a, axis, out| std_axis_into(a, axis, 1.0, out),
        |a, axis| a.std_axis(axis, 1.0),
    );
    beside(
        c,
        "min_axis_into",
        |a, axis, out| min_axis_into(a, axis, out),
        |a, axis| a.fold_axis(axis, f64::INFINITY, |&m, &x| m.min(x)),
    );
    beside(
        c,
        "argmin_axis_into",
        |a, axis, out| argmin_axis_into(a, axis, out),
        |a, axis| {
            a.map_axis(axis, |lane| {
                let first = (0, lane[0]);
                lane.iter().copied().enumerate().fold(first, |m, x| if x.1 < m.1 { x } else { m }).0
            })
        },
    );
    beside(
        c,
        "reduce_axis_into",
        |a, axis, out| reduce_axis_into(a, axis, 0.0, out, |s, x| s + x),
        |a, axis| a.fold_axis(axis, 0.0, |&s, &x| s + x),
    );
}

fn over_all(c: &mut Criterion) {
    for &n in SIZES {
        let a = matrix(n);
        let mut one = |name: &str, kernel: &dyn Fn() -> f64, ndarrays: &dyn Fn() -> f64| {
            let mut group = group(c, name, n);
            group.bench_function("kernel", |b| b.iter(|| black_box(kernel())));
            group.bench_function("ndarray", |b| b.iter(|| black_box(ndarrays())));
        };
        one("sum", &|| whole::sum(black_box(&a)), &|| black_box(&a).sum());
        one("prod", &|| whole::prod(black_box(&a)), &|| black_box(&a).product());
        one("mean", &|| whole::mean(black_box(&a)), &|| black_box(&a).mean().unwrap());
        one("var", &|| whole::var(black_box(&a), 1.0), &|| black_box(&a).var(1.0));
    }
}

criterion_group!(benches, along_axes, over_all);
criterion_main!(benches);
