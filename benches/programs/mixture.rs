//! The exponents of a mixture of Gaussians with diagonal covariances: for each point and each component, the weighted
//! square of the distance to its mean.

use ndarray::{Array2, Axis, Zip};
use ndarray_pool::prelude::*;

use crate::way;

const POINTS: usize = 20_000;
const DIMENSIONS: usize = 8;
const COMPONENTS: usize = 4;

/// Points, and the means and precisions of the components.
fn start() -> (Array2<f64>, [Array2<f64>; 2]) {
    let numbers = |shape, k: usize| {
        Array2::from_shape_fn(shape, move |(i, j)| ((i * k + j * 13) % 29 + 1) as f64 / 29.0)
    };
    let of_components = [5, 11].map(|k| numbers((COMPONENTS, DIMENSIONS), k));
    (numbers((POINTS, DIMENSIONS), 7), of_components)
}

fn as_written_first() -> impl FnMut() -> f64 {
    let (x, [mean, precision]) = start();
    let mut exponents = Array2::zeros((COMPONENTS, POINTS));
    move || {
        for k in 0..COMPONENTS {
            let d = &x - &mean.row(k);
            exponents.row_mut(k).assign(&(&d * &d * precision.row(k)).sum_axis(Axis(1)));
        }
        exponents[[1, 777]]
    }
}

fn zip() -> impl FnMut() -> f64 {
    let (x, [mean, precision]) = start();
    let mut exponents = Array2::zeros((COMPONENTS, POINTS));
    move || {
        for (k, exponents) in exponents.rows_mut().into_iter().enumerate() {
            let (mean, precision) = (mean.row(k), precision.row(k));
            Zip::from(exponents).and(x.rows()).for_each(|exponent, x| {
                let zip = Zip::from(x).and(mean).and(precision);
                *exponent = zip.fold(0.0, |sum, &x, &m, &w| sum + (x - m) * (x - m) * w);
            });
        }
        exponents[[1, 777]]
    }
}

macro_rules! fused_pass {
    ($x:ident, $mean:ident, $precision:ident, $exponents:ident) => {{
        for k in 0..COMPONENTS {
            fused!(sum(Axis(1)) (exponents = $exponents.row_mut(k)) =
                |$x, m = $mean.row(k), w = $precision.row(k)| ($x - m) * ($x - m) * w);
        }
        $exponents[[1, 777]]
    }};
}

pub(crate) fn contest() {
    let (x, [mean, precision]) = start();
    let mut exponents = Array2::zeros((COMPONENTS, POINTS));
    let points = Pool2::new((POINTS, DIMENSIONS), 1).expect("one fits");
    let results = Pool2::new((COMPONENTS, POINTS), 1).expect("one fits");
    let (lx, mut lexponents) = (points.lease_copy_of(&x), results.lease());
    let ways = vec![
        way("as written first", as_written_first()),
        way("zip", zip()),
        way("fused, owned", || fused_pass!(x, mean, precision, exponents)),
        way("fused, leases", || fused_pass!(lx, mean, precision, lexponents)),
    ];
    crate::contest("Gaussian mixture, 20000×8", ways);
}
