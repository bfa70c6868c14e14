//! Formulas beside loops over slices, as one writes them by hand: of five arrays, with a broadcast row and column, a
//! five-point stencil, and a sum.
#![expect(clippy::reversed_empty_ranges, reason = "ndarray counts -1 from the end")]

use ndarray::{Array2, Axis, Zip, s};
use ndarray_pool::prelude::*;

use crate::way;

const SIDES: [usize; 4] = [64, 300, 1000, 2500];
const DT: f64 = 0.125;

fn numbers(side: usize, seed: usize) -> Array2<f64> {
    Array2::from_shape_fn((side, side), |(i, j)| ((i * 7 + j * 3 + seed) % 17) as f64)
}

fn slice(a: &Array2<f64>) -> &[f64] {
    a.as_slice().expect("it is contiguous")
}

#[inline(never)]
fn loop_of_five([a, b, c, d, e]: [&[f64]; 5], out: &mut [f64]) {
    let len = out.len();
    let [a, b, c, d, e] = [a, b, c, d, e].map(|a| &a[..len]);
    for i in 0..len {
        out[i] = a[i] + DT * (b[i] - c[i]) + d[i] * e[i];
    }
}

#[inline(never)]
fn loop_of_lines(a: &[f64], row: &[f64], column: &[f64], out: &mut [f64]) {
    let lines = out.chunks_exact_mut(row.len()).zip(a.chunks_exact(row.len())).zip(column);
    for ((out, a), &c) in lines {
        out.iter_mut().zip(a).zip(row).for_each(|((out, &a), &r)| *out = a * r + c);
    }
}

#[inline(never)]
fn loop_of_stencil(u: &[f64], side: usize, out: &mut [f64]) {
    for i in 1..side - 1 {
        let [north, here, south] = [i - 1, i, i + 1].map(|row| &u[row * side..][..side]);
        let out = &mut out[i * side..][..side];
        for j in 1..side - 1 {
            let around = north[j] + south[j] + here[j - 1] + here[j + 1];
            out[j] = here[j] + DT * (around - 4.0 * here[j]);
        }
    }
}

/// As accurate as our sums: pairwise, of blocks with several accumulators.
fn loop_of_sum(p: &[f64], v: &[f64]) -> f64 {
    if p.len() > 512 {
        let half = 512 << (p.len().div_ceil(512) - 1).ilog2();
        return loop_of_sum(&p[..half], &v[..half]) + loop_of_sum(&p[half..], &v[half..]);
    }
    let ((p, p_rest), (v, v_rest)) = (p.as_chunks::<16>(), v.as_chunks::<16>());
    let (mut sums, term) = ([0.0; 16], |p: f64, v: f64| p + DT * v * v);
    for (p, v) in p.iter().zip(v) {
        (0..16).for_each(|i| sums[i] += term(p[i], v[i]));
    }
    let rest = p_rest.iter().zip(v_rest).map(|(&p, &v)| term(p, v)).sum::<f64>();
    sums.iter().sum::<f64>() + rest
}

pub(crate) fn contest() {
    let sides = if crate::is_bench() { &SIDES[..] } else { &SIDES[..2] };
    for &side in sides {
        let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|seed| numbers(side, seed));
        let (row, column) = (a.row(1).to_owned(), b.column(1).to_owned());
        let wide = column.view().insert_axis(Axis(1));
        let [mut x, mut y, mut z] = [5; 3].map(|seed| numbers(side, seed));

        let slices = [&a, &b, &c, &d, &e].map(slice);
        let ways = vec![
            way("loop over slices", || {
                loop_of_five(slices, x.as_slice_mut().expect("contiguous"));
                x[[7, 9]]
            }),
            way("zip", || {
                let zip = Zip::from(&mut y).and(&a).and(&b).and(&c).and(&d).and(&e);
                zip.for_each(|y, &a, &b, &c, &d, &e| *y = a + DT * (b - c) + d * e);
                y[[7, 9]]
            }),
            way("fused", || {
                fused!(z = |a, b, c, d, e| a + DT * (b - c) + d * e);
                z[[7, 9]]
            }),
        ];
        crate::contest(&format!("five arrays of {side}²"), ways);

        let ways = vec![
            way("loop over slices", || {
                let (row, column) = (row.as_slice().expect("one"), column.as_slice().expect("one"));
                loop_of_lines(slice(&a), row, column, x.as_slice_mut().expect("contiguous"));
                x[[7, 9]]
            }),
            way("fused", || {
                fused!(z = |a, row, wide| a * row + wide);
                z[[7, 9]]
            }),
        ];
        crate::contest(&format!("{side}², a row and a column"), ways);

        let inside = s![1..-1, 1..-1];
        let ways = vec![
            way("loop over slices", || {
                loop_of_stencil(slice(&a), side, x.as_slice_mut().expect("contiguous"));
                x[[7, 9]]
            }),
            way("zip", || {
                Zip::from(y.slice_mut(inside))
                    .and(a.slice(inside))
                    .and(a.slice(s![..-2, 1..-1]))
                    .and(a.slice(s![2.., 1..-1]))
                    .and(a.slice(s![1..-1, ..-2]))
                    .and(a.slice(s![1..-1, 2..]))
                    .for_each(|y, &u, &n, &s, &w, &e| *y = u + DT * (n + s + w + e - 4.0 * u));
                y[[7, 9]]
            }),
            way("fused", || {
                fused!((z = z.slice_mut(inside)) = |
                    u = a.slice(inside),
                    n = a.slice(s![..-2, 1..-1]),
                    s = a.slice(s![2.., 1..-1]),
                    w = a.slice(s![1..-1, ..-2]),
                    e = a.slice(s![1..-1, 2..]),
                | u + DT * (n + s + w + e - 4.0 * u));
                z[[7, 9]]
            }),
        ];
        crate::contest(&format!("stencil of {side}²"), ways);

        let ways = vec![
            way("loop over slices", || loop_of_sum(slice(&a), slice(&b))),
            way("zip", || Zip::from(&a).and(&b).fold(0.0, |sum, &p, &v| sum + p + DT * v * v)),
            way("fused", || fused!(sum | a, b | a + DT * b * b)),
        ];
        crate::contest(&format!("sum of {side}²"), ways);
    }
}
