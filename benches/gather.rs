//! Gathering and assembling beside ndarray's own forms, which allocate. `cargo bench --bench gather`
//!
//! `new` makes its result, `into` writes into an array that was there before; where ndarray has no function of its
//! own, `new` is what one writes with it. Arrays are made once for each size, and shared.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use ndarray::{Array1, Array2, Array3, ArrayView1, Axis, concatenate, linalg, s, stack};
use ndarray_pool::Pool2;
use ndarray_pool::kernel::*;

const SIZES: [usize; 3] = [64, 1000, 2500];

fn group<'a>(c: &'a mut Criterion, kernel: &str, n: usize) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(format!("gather/{kernel}/{n}"));
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(700));
    group
}

fn matrix(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64)
}

/// An order that jumps about.
fn order(n: usize) -> Array1<usize> {
    (0..n).map(|i| i * 7919 % n).collect()
}

fn by_index(c: &mut Criterion) {
    for n in SIZES {
        let (a, order, mut out) = (matrix(n), order(n), Array2::zeros((n, n)));
        for axis in [0, 1] {
            let mut group = group(c, &format!("take_into axis {axis}"), n);
            group.bench_function("new", |b| {
                b.iter(|| a.select(Axis(axis), order.as_slice().unwrap()));
            });
            group.bench_function("into", |b| {
                b.iter(|| take_into(&a, black_box(&order), Axis(axis), &mut out));
            });
        }
        let places = matrix(n).mapv(|x| x as usize * 7919 % n);
        for axis in [0, 1] {
            let mut group = group(c, &format!("take_along_axis_into axis {axis}"), n);
            group.bench_function("new", |b| {
                b.iter(|| {
                    Array2::from_shape_fn((n, n), |(i, j)| match axis {
                        0 => a[[places[[i, j]], j]],
                        _ => a[[i, places[[i, j]]]],
                    })
                });
            });
            group.bench_function("into", |b| {
                b.iter(|| take_along_axis_into(&a, black_box(&places), Axis(axis), &mut out));
            });
        }
        let mask: Array1<bool> = (0..n).map(|i| i % 3 != 1).collect();
        let kept: Vec<usize> = (0..n).filter(|&i| mask[i]).collect();
        for axis in [0, 1] {
            let mut group = group(c, &format!("compress_into axis {axis}"), n);
            group.bench_function("new", |b| b.iter(|| a.select(Axis(axis), black_box(&kept))));
            let mut out = a.select(Axis(axis), &kept);
            group.bench_function("into", |b| {
                b.iter(|| compress_into(&a, black_box(&mask), Axis(axis), &mut out));
            });
        }
    }
}

fn joined(c: &mut Criterion) {
    for n in SIZES {
        let a = matrix(n);
        let (top, bottom) = a.view().split_at(Axis(0), n / 3);
        let (left, right) = a.view().split_at(Axis(1), n / 3);
        let mut out = Array2::zeros((n, n));
        for (axis, one, two) in [(0, top, bottom), (1, left, right)] {
            let mut group = group(c, &format!("concatenate_into axis {axis}"), n);
            group.bench_function("new", |b| b.iter(|| concatenate(Axis(axis), &[one, two])));
            group.bench_function("into", |b| {
                b.iter(|| concatenate_into(&[&one, &two], Axis(axis), &mut out));
            });
        }
        let rows = (a.row(0), a.row(1));
        for axis in [0, 1] {
            let mut group = group(c, &format!("stack_into axis {axis}"), n);
            group.bench_function("new", |b| b.iter(|| stack(Axis(axis), &[rows.0, rows.1])));
            let mut out = stack(Axis(axis), &[rows.0, rows.1]).unwrap();
            group.bench_function("into", |b| {
                b.iter(|| stack_into(&[&rows.0, &rows.1], Axis(axis), &mut out));
            });
        }
        let part = a.slice(s![..n / 4, ..n / 4]);
        let tile = a.slice(s![..4, ..4]);
        let mut group = group(c, "kron_into", n);
        group.bench_function("new", |b| b.iter(|| linalg::kron(&part, &tile)));
        let mut out = linalg::kron(&part, &tile);
        group.bench_function("into", |b| b.iter(|| kron_into(&part, &tile, &mut out)));
    }
}

fn repeated(c: &mut Criterion) {
    for n in SIZES {
        let a = matrix(n / 2);
        let mut out = Array2::zeros((n / 2 * 2, n / 2));
        let mut group = group(c, "repeat_axis_into", n);
        group.bench_function("into", |b| {
            b.iter(|| repeat_axis_into(&a, 2, Axis(0), &mut out));
        });
        group.finish();
        let mut out = Array2::zeros((n / 2 * 2, n / 2 * 2));
        let mut group = self::group(c, "tile_into", n);
        group.bench_function("into", |b| b.iter(|| tile_into(&a, &mut out)));
        group.finish();
        let a = matrix(n - 6);
        let mut out = Array2::zeros((n, n));
        let mut group = self::group(c, "pad_into reflect", n);
        group.bench_function("copy", |b| {
            b.iter(|| out.slice_mut(s![3..n - 3, 3..n - 3]).assign(&a));
        });
        group.bench_function("into", |b| {
            b.iter(|| pad_into(&a, &[(3, 3), (3, 3)], Pad::Reflect, &mut out));
        });
    }
}

fn moved(c: &mut Criterion) {
    for n in SIZES {
        let (a, mut out) = (matrix(n), Array2::zeros((n, n)));
        for axis in [0, 1] {
            let (kept, fallen) = a.view().split_at(Axis(axis), n / 3);
            let mut group = group(c, &format!("roll_axis_into axis {axis}"), n);
            group.bench_function("new", |b| b.iter(|| concatenate(Axis(axis), &[fallen, kept])));
            group.bench_function("into", |b| {
                b.iter(|| roll_axis_into(&a, -(n as isize / 3), Axis(axis), &mut out));
            });
            group.bench_function("inplace", |b| {
                b.iter(|| roll_axis_inplace(&mut out, -(n as isize / 3), Axis(axis)));
            });
        }
        for axis in [0, 1] {
            let mut flipped = a.view();
            flipped.invert_axis(Axis(axis));
            let mut group = group(c, &format!("flip_axis_into axis {axis}"), n);
            group.bench_function("new", |b| b.iter(|| flipped.as_standard_layout().into_owned()));
            group.bench_function("into", |b| b.iter(|| flip_axis_into(&a, Axis(axis), &mut out)));
            group.bench_function("inplace", |b| b.iter(|| flip_axis_inplace(&mut out, Axis(axis))));
        }
    }
}

fn transposed(c: &mut Criterion) {
    for n in [64, 1000, 1024, 2500] {
        let (a, mut out) = (matrix(n), Array2::zeros((n, n)));
        let mut group = group(c, "transpose_into", n);
        group.bench_function("new", |b| b.iter(|| a.t().as_standard_layout().into_owned()));
        group.bench_function("assign", |b| b.iter(|| out.assign(&a.t())));
        group.bench_function("into", |b| b.iter(|| transpose_into(&a, &mut out)));
    }
    for n in SIZES {
        // Pixels of three colours, and images one behind the other.
        for (name, shape, axes) in [
            ("planes", (n, n, 3), [2, 0, 1]),
            ("pixels", (3, n, n), [1, 2, 0]),
            ("turned", (n, 8, n / 8), [2, 1, 0]),
        ] {
            let a = Array3::from_shape_fn(shape, |(i, j, k)| (i + j * k) as f32);
            let turned = a.view().permuted_axes(axes);
            let mut out = Array3::zeros(turned.raw_dim());
            let mut group = group(c, &format!("permute_axes_into {name}"), n);
            group.bench_function("assign", |b| b.iter(|| out.assign(&turned)));
            group.bench_function("into", |b| b.iter(|| permute_axes_into(&a, axes, &mut out)));
        }
    }
}

fn triangles(c: &mut Criterion) {
    for n in SIZES {
        let (a, mut out) = (matrix(n), Array2::zeros((n, n)));
        let mut group = group(c, "triu_into", n);
        group.bench_function("new", |b| b.iter(|| a.triu(0)));
        group.bench_function("into", |b| b.iter(|| triu_into(&a, 0, &mut out)));
        group.finish();
        let mut group = self::group(c, "diag_into", n);
        let values = a.row(0);
        group.bench_function("new", |b| b.iter(|| Array2::from_diag(&values)));
        group.bench_function("into", |b| b.iter(|| diag_into(&values, 0, &mut out)));
        group.finish();
        let mut group = self::group(c, "diagonal_into", n);
        let mut out = Array1::zeros(n);
        group.bench_function("new", |b| b.iter(|| a.diag().to_owned()));
        group.bench_function("into", |b| b.iter(|| diagonal_into(&a, 0, &mut out)));
    }
}

fn counted(c: &mut Criterion) {
    for n in SIZES {
        let values = matrix(n).mapv(|x| (x * 0.37) % 100.0);
        let edges = Array1::linspace(0.0, 100.0, 101);
        let mut places = Array2::zeros((n, n));
        let mut group = group(c, "searchsorted_into", n);
        group.bench_function("new", |b| {
            let edges = edges.as_slice().unwrap();
            b.iter(|| values.mapv(|value| edges.partition_point(|&edge| edge < value)));
        });
        group.bench_function("into", |b| {
            b.iter(|| searchsorted_into(&edges, &values, Side::Left, &mut places));
        });
        group.finish();
        let mut group = self::group(c, "histogram_into", n);
        let mut counts = Array1::zeros(100);
        group.bench_function("into", |b| b.iter(|| histogram_into(&values, &edges, &mut counts)));
        group.finish();
        let mut group = self::group(c, "bincount_into", n);
        let numbers = values.mapv(|value| value as usize);
        group.bench_function("into", |b| b.iter(|| bincount_into(&numbers, &mut counts)));
    }
}

/// Neighbours along an axis: differences of three orders, slopes, areas, running sums, segments.
fn neighbours(c: &mut Criterion) {
    for n in [64, 1000, 2500, 4000] {
        let a = matrix(n);
        for along in [0, 1] {
            let axis = Axis(along);
            for order in [1, 2, 3] {
                let mut out = a.slice_axis(axis, (order as isize..).into()).to_owned();
                let mut group = group(c, &format!("diff_axis_into {order} axis {along}"), n);
                group.bench_function("new", |b| b.iter(|| a.diff(order, axis)));
                group.bench_function("into", |b| {
                    b.iter(|| diff_axis_into(black_box(&a), axis, order, &mut out));
                });
            }
            let mut out = Array2::zeros((n, n));
            let mut group = group(c, &format!("gradient_axis_into axis {along}"), n);
            group.bench_function("into", |b| {
                b.iter(|| gradient_axis_into(black_box(&a), axis, 0.5, &mut out));
            });
            group.finish();
            let area = |y: ArrayView1<'_, f64>| -> f64 {
                y.windows(2).into_iter().map(|pair| 0.25 * (pair[0] + pair[1])).sum()
            };
            let mut areas = Array1::zeros(n);
            let mut group = self::group(c, &format!("trapezoid_axis_into axis {along}"), n);
            group.bench_function("new", |b| b.iter(|| a.map_axis(axis, area)));
            group.bench_function("into", |b| {
                b.iter(|| trapezoid_axis_into(black_box(&a), axis, 0.5, &mut areas));
            });
            group.finish();
            let starts: Array1<usize> = (0..n).step_by(16).collect();
            let mut sums = a.select(axis, starts.as_slice().unwrap());
            let mut group = self::group(c, &format!("add_reduceat_axis_into axis {along}"), n);
            group.bench_function("into", |b| {
                b.iter(|| add_reduceat_axis_into(black_box(&a), &starts, axis, &mut sums));
            });
        }
        let (one, two) = (a.row(0), a.row(1));
        let mut out = Array2::zeros((n, n));
        let column = one.insert_axis(Axis(1));
        let mut group = group(c, "outer_into", n);
        group.bench_function("new", |b| b.iter(|| &column * &two));
        group.bench_function("into", |b| b.iter(|| outer_into(&one, &two, &mut out, |x, y| x * y)));
        group.finish();
        let mut group = self::group(c, "cumsum_into", n);
        group.bench_function("into", |b| b.iter(|| cumsum_into(black_box(&a), &mut out)));
    }
}

/// Copies between buffers that start on pages, as a pool's do: as they are, and shifted by one element.
fn shifted(c: &mut Criterion) {
    for n in SIZES {
        let pool = Pool2::<f64>::new((n, n), 2).unwrap();
        let (a, mut out) = (pool.lease_filled(1.0), pool.lease());
        let mut group = group(c, "roll_into", n);
        for shift in [0, 1] {
            group.bench_function(format!("by {shift}"), |b| {
                b.iter(|| roll_into(black_box(&a), shift, &mut out));
            });
        }
    }
}

criterion_group!(
    benches, by_index, joined, repeated, moved, transposed, triangles, counted, neighbours, shifted
);
criterion_main!(benches);
