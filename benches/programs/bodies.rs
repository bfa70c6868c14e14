//! The accelerations of bodies that attract each other, softened.

use ndarray::{Array1, Array2, Axis, Zip};
use ndarray_pool::prelude::*;

use crate::way;

const COUNT: usize = 400;
const SOFTENING: f64 = 1e-3;

/// Three coordinates, and masses.
fn start() -> [Array1<f64>; 4] {
    [37, 61, 89, 7].map(|k| Array1::from_shape_fn(COUNT, |i| ((i * k) % 101 + 1) as f64 / 50.0))
}

fn as_written_first() -> impl FnMut() -> f64 {
    let [x, y, z, mass] = start();
    move || {
        let apart = |a: &Array1<f64>| a - &a.view().insert_axis(Axis(1));
        let (dx, dy, dz) = (apart(&x), apart(&y), apart(&z));
        let square = &dx * &dx + &dy * &dy + &dz * &dz + SOFTENING;
        let pull = &mass / (&square * &square.mapv(f64::sqrt));
        let [ax, ay, az] = [dx, dy, dz].map(|d| (d * &pull).sum_axis(Axis(1)));
        ax[7] + ay[8] + az[9]
    }
}

fn zip() -> impl FnMut() -> f64 {
    let ([x, y, z, mass], [mut ax, mut ay, mut az]) =
        (start(), [(); 3].map(|()| Array1::zeros(COUNT)));
    move || {
        for i in 0..COUNT {
            let here = [x[i], y[i], z[i]];
            let sum = Zip::from(&x).and(&y).and(&z).and(&mass).fold(
                [0.0; 3],
                |sum, &x, &y, &z, &mass| {
                    let d = [x - here[0], y - here[1], z - here[2]];
                    let pull = pull(d, mass);
                    [sum[0] + d[0] * pull, sum[1] + d[1] * pull, sum[2] + d[2] * pull]
                },
            );
            (ax[i], ay[i], az[i]) = (sum[0], sum[1], sum[2]);
        }
        ax[7] + ay[8] + az[9]
    }
}

#[inline(always)]
fn pull([dx, dy, dz]: [f64; 3], mass: f64) -> f64 {
    let square = dx * dx + dy * dy + dz * dz + SOFTENING;
    mass / (square * square.sqrt())
}

macro_rules! fused_pass {
    ($x:ident, $y:ident, $z:ident, $mass:ident, $pulls:ident, $ax:ident, $ay:ident, $az:ident) => {{
        let (xs, ys, zs) = ($x.view(), $y.view(), $z.view());
        let [x, y, z] = [xs, ys, zs].map(|a| a.insert_axis(Axis(1)));
        fused!($pulls = |xs, ys, zs, x, y, z, $mass| pull([xs - x, ys - y, zs - z], $mass));
        fused!(sum(Axis(1)) $ax = |$pulls, xs, x| $pulls * (xs - x));
        fused!(sum(Axis(1)) $ay = |$pulls, ys, y| $pulls * (ys - y));
        fused!(sum(Axis(1)) $az = |$pulls, zs, z| $pulls * (zs - z));
        $ax[7] + $ay[8] + $az[9]
    }};
}

pub(crate) fn contest() {
    let ([x, y, z, mass], mut pulls) = (start(), Array2::zeros((COUNT, COUNT)));
    let [mut ax, mut ay, mut az] = [(); 3].map(|()| Array1::zeros(COUNT));
    let (pool, square) = (Pool1::new(COUNT, 7), Pool2::new((COUNT, COUNT), 1));
    let (pool, square) = (pool.expect("seven fit"), square.expect("one fits"));
    let [lx, ly, lz, lmass] = start().map(|array| pool.lease_copy_of(&array));
    let [mut lax, mut lay, mut laz] = [(); 3].map(|()| pool.lease());
    let mut lpulls = square.lease();
    let ways = vec![
        way("as written first", as_written_first()),
        way("zip", zip()),
        way("fused, owned", || fused_pass!(x, y, z, mass, pulls, ax, ay, az)),
        way("fused, leases", || fused_pass!(lx, ly, lz, lmass, lpulls, lax, lay, laz)),
    ];
    crate::contest("400 bodies", ways);
}
