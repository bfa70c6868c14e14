//! What formulas of [`fused!`](crate::fused) share: the walk and the reductions, which know no formula. (The loops here
//! call a formula that they do not know, and are small.)

use ndarray::{ArrayRef, Axis, Ix1, Ix2};

use crate::fused;

type Vector<A> = ArrayRef<A, Ix1>;
type Matrix<A> = ArrayRef<A, Ix2>;

#[inline(never)]
pub fn of_f64(
    [a, b, c]: [&Matrix<f64>; 3],
    out: &mut Matrix<f64>,
    f: &mut dyn FnMut([f64; 3]) -> f64,
) -> f64 {
    fused!(out = |a| f([a, a, a]));
    fused!(out = |a, b| f([a, b, a]));
    fused!(out = |a, b, c| f([a, b, c]));
    fused!(sum | a, b | f([a, b, a]))
}

#[inline(never)]
pub fn vectors_of_f64(
    a: &Vector<f64>,
    out: &mut Vector<f64>,
    f: &mut dyn FnMut(f64) -> f64,
) -> f64 {
    fused!(out = |a| f(a));
    fused!(sum | a | f(a))
}

#[inline(never)]
pub fn lanes_of_f64(
    [a, b]: [&Matrix<f64>; 2],
    out: &mut Vector<f64>,
    f: &mut dyn FnMut([f64; 2]) -> f64,
) {
    fused!(sum(Axis(1)) out = |a| f([a, a]));
    fused!(sum(Axis(1)) out = |a, b| f([a, b]));
    fused!(max(Axis(1)) out = |a| f([a, a]));
}

#[inline(never)]
pub fn of_f32(
    [a, b]: [&Matrix<f32>; 2],
    out: &mut Matrix<f32>,
    sums: &mut Vector<f32>,
    f: &mut dyn FnMut([f32; 2]) -> f32,
) {
    fused!(out = |a, b| f([a, b]));
    fused!(sum(Axis(1)) sums = |a| f([a, a]));
}

#[inline(never)]
pub fn truths(a: &Matrix<f64>, out: &mut Matrix<bool>, f: &mut dyn FnMut(f64) -> bool) -> bool {
    fused!(out = |a| f(a));
    fused!(any | a | f(a))
}
