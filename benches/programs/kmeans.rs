//! A step of k-means: the nearest centre of each point, and the mean of the points of each centre.

use std::ops::{Deref, DerefMut};

use ndarray::{Array1, Array2, ArrayRef2, Axis, Zip, s};
use ndarray_pool::kernel::{
    Workspace, argmin_axis_into, at_axis_inplace, bincount_into, matmul_workspace_bytes,
    pairwise_sqdist_into,
};
use ndarray_pool::prelude::*;

use crate::way;

const POINTS: usize = 20_000;
const DIMENSIONS: usize = 8;
const CENTRES: usize = 10;

fn start() -> (Array2<f64>, Array2<f64>) {
    let points = Array2::from_shape_fn((POINTS, DIMENSIONS), |(i, j)| {
        ((i * 7919 + j * 104_729) % 1009) as f64 / 1009.0
    });
    let centres = points.slice(s![..CENTRES, ..]).to_owned();
    (points, centres)
}

fn as_written_first() -> impl FnMut() -> f64 {
    let (points, mut centres) = start();
    move || {
        let labels: Array1<usize> = points.map_axis(Axis(1), |point| {
            let distances = (&centres - &point).mapv(|x| x * x).sum_axis(Axis(1));
            (0..CENTRES).min_by(|&a, &b| distances[a].total_cmp(&distances[b])).unwrap_or(0)
        });
        let (mut sums, mut counts) = (Array2::zeros(centres.raw_dim()), Array1::zeros(CENTRES));
        for (point, &label) in points.rows().into_iter().zip(&labels) {
            let mut sum = sums.row_mut(label);
            sum += &point;
            counts[label] += 1.0;
        }
        centres = sums / counts.mapv(|n: f64| n.max(1.0)).insert_axis(Axis(1));
        centres[[1, 2]]
    }
}

fn zip() -> impl FnMut() -> f64 {
    let (points, mut centres) = start();
    let (mut labels, mut counts) = (Array1::<usize>::zeros(POINTS), Array1::<f64>::zeros(CENTRES));
    move || {
        Zip::from(&mut labels).and(points.rows()).for_each(|label, point| {
            let mut nearest = f64::INFINITY;
            for (k, centre) in centres.rows().into_iter().enumerate() {
                let zip = Zip::from(point).and(centre);
                let distance = zip.fold(0.0, |sum, &x, &c| sum + (x - c) * (x - c));
                if distance < nearest {
                    (nearest, *label) = (distance, k);
                }
            }
        });
        centres.fill(0.0);
        counts.fill(0.0);
        for (point, &label) in points.rows().into_iter().zip(&labels) {
            let mut sum = centres.row_mut(label);
            sum += &point;
            counts[label] += 1.0;
        }
        Zip::from(centres.rows_mut()).and(&counts).for_each(|mut c, &n| c /= n.max(1.0));
        centres[[1, 2]]
    }
}

/// The same by kernels, with these arrays for the points, the centres and the distances.
fn kernels<P, C, D>(points: P, mut centres: C, mut distances: D) -> impl FnMut() -> f64
where
    P: Deref<Target = ArrayRef2<f64>>,
    C: DerefMut<Target = ArrayRef2<f64>>,
    D: DerefMut<Target = ArrayRef2<f64>>,
{
    let (mut labels, mut counts) = (Array1::zeros(POINTS), Array1::zeros(CENTRES));
    let bytes = matmul_workspace_bytes::<f64>(POINTS, DIMENSIONS, CENTRES);
    let mut workspace = Workspace::with_bytes(bytes);
    move || {
        pairwise_sqdist_into(&points, &centres, &mut distances, &mut workspace);
        argmin_axis_into(&distances, Axis(1), &mut labels);
        centres.fill(0.0);
        at_axis_inplace(&mut centres, Axis(0), &labels, &points, |sum, x| sum + x);
        bincount_into(&labels, &mut counts);
        let counts = counts.view().insert_axis(Axis(1));
        fused!(centres /= |counts| counts.max(1) as f64);
        centres[[1, 2]]
    }
}

pub(crate) fn contest() {
    let (points, centres) = start();
    let distances = Array2::zeros((POINTS, CENTRES));
    let pools = [(POINTS, DIMENSIONS), (CENTRES, DIMENSIONS), (POINTS, CENTRES)]
        .map(|shape| Pool2::new(shape, 1).expect("one fits"));
    let (lpoints, lcentres) = (pools[0].lease_copy_of(&points), pools[1].lease_copy_of(&centres));
    let ways = vec![
        way("as written first", as_written_first()),
        way("zip", zip()),
        way("kernels, owned", kernels(points, centres, distances)),
        way("kernels, leases", kernels(lpoints, lcentres, pools[2].lease())),
    ];
    crate::contest("k-means, 20000×8, 10 centres", ways);
}
