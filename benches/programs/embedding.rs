//! The gradient of t-SNE (van der Maaten and Hinton, 2008) in two dimensions.

use ndarray::{Array1, Array2, Axis, Zip};
use ndarray_pool::prelude::*;

use crate::way;

const COUNT: usize = 400;

/// Two coordinates, and the affinities of all pairs.
fn start() -> ([Array1<f64>; 2], Array2<f64>) {
    let points =
        [37, 61].map(|k| Array1::from_shape_fn(COUNT, |i| ((i * k) % 101) as f64 / 10.0 - 5.0));
    let near = Array2::from_shape_fn((COUNT, COUNT), |(i, j)| 1.0 / (1.0 + i.abs_diff(j) as f64));
    let all = near.sum();
    (points, near / all)
}

fn as_written_first() -> impl FnMut() -> f64 {
    let ([x, y], p) = start();
    move || {
        let apart = |a: &Array1<f64>| &a.view().insert_axis(Axis(1)) - a;
        let (dx, dy) = (apart(&x), apart(&y));
        let near = 1.0 / (1.0 + &dx * &dx + &dy * &dy);
        let all = near.sum() - COUNT as f64;
        let force = 4.0 * (&p - &(&near / all)) * &near;
        let [gx, gy] = [dx, dy].map(|d| (d * &force).sum_axis(Axis(1)));
        gx[3] + gy[4]
    }
}

fn zip() -> impl FnMut() -> f64 {
    let ([x, y], p) = start();
    let (mut near, [mut gx, mut gy]) = (p.clone(), [x.clone(), y.clone()]);
    move || {
        let mut all = -(COUNT as f64);
        for (i, mut near) in near.rows_mut().into_iter().enumerate() {
            let here = (x[i], y[i]);
            Zip::from(&mut near).and(&x).and(&y).for_each(|near, &x, &y| {
                *near = nearness(here.0 - x, here.1 - y);
                all += *near;
            });
        }
        for (i, (near, p)) in near.rows().into_iter().zip(p.rows()).enumerate() {
            let here = (x[i], y[i]);
            let zip = Zip::from(near).and(p).and(&x).and(&y);
            (gx[i], gy[i]) = zip.fold((0.0, 0.0), |sum, &near, &p, &x, &y| {
                let force = 4.0 * (p - near / all) * near;
                (sum.0 + force * (here.0 - x), sum.1 + force * (here.1 - y))
            });
        }
        gx[3] + gy[4]
    }
}

#[inline(always)]
fn nearness(dx: f64, dy: f64) -> f64 {
    1.0 / (1.0 + dx * dx + dy * dy)
}

macro_rules! fused_pass {
    ($xs:ident, $ys:ident, $p:ident, $near:ident, $gx:ident, $gy:ident) => {{
        let [x, y] = [$xs.view(), $ys.view()].map(|a| a.insert_axis(Axis(1)));
        fused!($near = |x, y, $xs, $ys| nearness(x - $xs, y - $ys));
        let all = fused!(sum |$near| $near) - COUNT as f64;
        fused!(sum(Axis(1)) $gx = |$p, $near, x, $xs| 4.0 * ($p - $near / all) * $near * (x - $xs));
        fused!(sum(Axis(1)) $gy = |$p, $near, y, $ys| 4.0 * ($p - $near / all) * $near * (y - $ys));
        $gx[3] + $gy[4]
    }};
}

pub(crate) fn contest() {
    let ([x, y], p) = start();
    let (mut near, mut gx, mut gy) = (p.clone(), x.clone(), y.clone());
    let (lines, squares) = (Pool1::new(COUNT, 4), Pool2::new((COUNT, COUNT), 2));
    let (lines, squares) = (lines.expect("four fit"), squares.expect("two fit"));
    let [lx, ly, mut lgx, mut lgy] = [&x, &y, &x, &y].map(|array| lines.lease_copy_of(array));
    let [lp, mut lnear] = [&p, &p].map(|array| squares.lease_copy_of(array));
    let ways = vec![
        way("as written first", as_written_first()),
        way("zip", zip()),
        way("fused, owned", || fused_pass!(x, y, p, near, gx, gy)),
        way("fused, leases", || fused_pass!(lx, ly, lp, lnear, lgx, lgy)),
    ];
    crate::contest("t-SNE of 400 points", ways);
}
