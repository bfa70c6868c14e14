//! The horizontal momentum of a flow in a square cavity, explicit in time on a regular grid: upwind advection, pressure,
//! and diffusion; a five-point stencil of one array, and two others.
#![expect(clippy::reversed_empty_ranges, reason = "ndarray counts -1 from the end")]

use ndarray::{Array2, ArrayView2, ArrayViewMut2, Zip, s};
use ndarray_pool::prelude::*;

use crate::way;

const SIDE: usize = 401;
const DT: f64 = 1e-4;
const DX: f64 = 5e-3;
const NU: f64 = 0.1;

/// Velocities across and down, and pressure.
fn start() -> [Array2<f64>; 3] {
    [(3, 5), (7, 2), (1, 11)].map(|(a, b)| {
        Array2::from_shape_fn((SIDE, SIDE), |(i, j)| ((i * a + j * b) % 97) as f64 / 97.0)
    })
}

/// An array without its edge, moved by so many rows and columns.
fn moved(a: &Array2<f64>, down: isize, right: isize) -> ArrayView2<'_, f64> {
    let end = SIDE as isize - 1;
    a.slice(s![1 + down..end + down, 1 + right..end + right])
}

fn as_written_first() -> impl FnMut() -> f64 {
    let [u, v, p] = start();
    let mut next = u.clone();
    move || {
        let (here, west, north) = (moved(&u, 0, 0), moved(&u, 0, -1), moved(&u, -1, 0));
        let (east, south) = (moved(&u, 0, 1), moved(&u, 1, 0));
        let across = &here * (&here - &west) / DX;
        let down = &moved(&v, 0, 0) * (&here - &north) / DX;
        let push = (&moved(&p, 0, 1) - &moved(&p, 0, -1)) / (2.0 * DX);
        let spread = (&east + &west + north + south - 4.0 * &here) * (NU / (DX * DX));
        let new = &here + DT * (spread - across - down - push);
        next.slice_mut(s![1..-1, 1..-1]).assign(&new);
        next[[100, 200]]
    }
}

fn zip() -> impl FnMut() -> f64 {
    let [u, v, p] = start();
    let mut next = u.clone();
    move || {
        // Six arrays are the most of a `Zip`; windows are one.
        let inside: ArrayViewMut2<'_, f64> = next.slice_mut(s![1..-1, 1..-1]);
        Zip::from(inside)
            .and(u.windows((3, 3)))
            .and(moved(&v, 0, 0))
            .and(moved(&p, 0, 1))
            .and(moved(&p, 0, -1))
            .for_each(|next, u, &v, &east, &west| {
                let (n, w, c, e, s) = (u[[0, 1]], u[[1, 0]], u[[1, 1]], u[[1, 2]], u[[2, 1]]);
                *next = momentum([c, n, s, w, e], v, [west, east]);
            });
        next[[100, 200]]
    }
}

#[inline(always)]
fn momentum([here, north, south, west, east]: [f64; 5], v: f64, [p_west, p_east]: [f64; 2]) -> f64 {
    let advection = here * (here - west) / DX + v * (here - north) / DX;
    let push = (p_east - p_west) / (2.0 * DX);
    let spread = (east + west + north + south - 4.0 * here) * (NU / (DX * DX));
    here + DT * (spread - advection - push)
}

macro_rules! fused_pass {
    ($u:ident, $v:ident, $p:ident, $next:ident) => {{
        fused!((next = $next.slice_mut(s![1..-1, 1..-1])) = |
            c = $u.slice(s![1..-1, 1..-1]),
            n = $u.slice(s![..-2, 1..-1]),
            s = $u.slice(s![2.., 1..-1]),
            w = $u.slice(s![1..-1, ..-2]),
            e = $u.slice(s![1..-1, 2..]),
            v = $v.slice(s![1..-1, 1..-1]),
            p_west = $p.slice(s![1..-1, ..-2]),
            p_east = $p.slice(s![1..-1, 2..]),
        | momentum([c, n, s, w, e], v, [p_west, p_east]));
        $next[[100, 200]]
    }};
}

pub(crate) fn contest() {
    let [u, v, p] = start();
    let mut next = u.clone();
    let pool = Pool2::new((SIDE, SIDE), 4).expect("four arrays fit");
    let [lu, lv, lp] = start().map(|array| pool.lease_copy_of(&array));
    let mut lnext = pool.lease_copy_of(&u);
    let ways = vec![
        way("as written first", as_written_first()),
        way("zip", zip()),
        way("fused, owned", || fused_pass!(u, v, p, next)),
        way("fused, leases", || fused_pass!(lu, lv, lp, lnext)),
    ];
    crate::contest("cavity flow, 401²", ways);
}
