//! The rungs from an unchanged loop to one that allocates nothing: what each is worth on its own.
//!
//! Two public textbook programs, Gray–Scott and a Runge–Kutta step, are run
//!
//! 0. unchanged; unchanged with an allocator that keeps freed memory (glibc's tunables, or a preloaded one);
//! 1. with leases in place of the owned arrays, operation by operation;
//! 2. with `fused!`, in one or few passes.
//!
//! The last comparison shows when a pool does not lower the peak: after a set-up whose memory the heap keeps.

#![expect(clippy::reversed_empty_ranges, reason = "`s!` counts negative ends from the end")]
#![expect(clippy::op_ref, reason = "written as ndarray's users write it")]

use std::hint::black_box;

use ndarray_pool::compare::{Comparison, HEAP_KEPT, Run};
use ndarray_pool::ndarray::{Array2, ArrayRef2, ArrayView2, s};
use ndarray_pool::pattern::DoubleBuffer;
use ndarray_pool::prelude::*;

const SIDE: usize = 1000;
const DU: f64 = 0.16;
const DV: f64 = 0.08;
const F: f64 = 0.035;
const K: f64 = 0.065;

/// Runs all comparisons; `preload` is a library for `LD_PRELOAD`.
pub(crate) fn run(preload: Option<&str>, quick: bool) -> Result<(), String> {
    let of = |name: &str| {
        let comparison = Comparison::new(name).array_bytes(8 * SIDE * SIDE);
        if quick { comparison.repeats(1).passes(3) } else { comparison.passes(20).repeats(5) }
    };
    let with = |mut comparison: Comparison<'static>, unchanged: fn(&mut Run)| {
        comparison = comparison.variant("unchanged", unchanged);
        comparison = comparison.variant_with_env("heap kept", HEAP_KEPT, unchanged);
        match preload {
            None => comparison,
            Some(library) => {
                comparison.variant_with_env("preloaded", [("LD_PRELOAD", library)], unchanged)
            }
        }
    };
    let gray_scott = with(of("Gray–Scott"), gray_scott_unchanged)
        .variant("leases", gray_scott_leases)
        .variant("fused!", gray_scott_fused);
    let runge_kutta = with(of("Runge–Kutta"), runge_kutta_unchanged)
        .variant("leases", runge_kutta_leases)
        .variant("fused!", runge_kutta_fused);
    let map_each = [("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=131072")];
    let after_set_up = of("a loop after a set-up that frees 8 arrays")
        .variant("owned", |run| after_set_up(run, false, false))
        .variant("pool", |run| after_set_up(run, true, false))
        .variant("pool after malloc_trim", |run| after_set_up(run, true, true))
        .variant_with_env("pool, heap not used", map_each, |run| after_set_up(run, true, false));
    for comparison in [gray_scott, runge_kutta, after_set_up] {
        println!("{}", comparison.run().map_err(|e| e.to_string())?);
    }
    Ok(())
}

fn start() -> (Array2<f64>, Array2<f64>) {
    let (mut u, mut v) = (Array2::ones((SIDE, SIDE)), Array2::zeros((SIDE, SIDE)));
    u.slice_mut(s![400..600, 400..600]).fill(0.5);
    v.slice_mut(s![400..600, 400..600]).fill(0.25);
    (u, v)
}

fn tell(run: &mut Run, a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) {
    run.outcome(a.iter().chain(b).map(|x| x.to_bits()));
}

/// The four neighbours of the inner elements.
fn around(a: &ArrayRef2<f64>) -> [ArrayView2<'_, f64>; 4] {
    [
        a.slice(s![..-2, 1..-1]),
        a.slice(s![2.., 1..-1]),
        a.slice(s![1..-1, ..-2]),
        a.slice(s![1..-1, 2..]),
    ]
}

fn gray_scott_unchanged(run: &mut Run) {
    let inner = s![1..-1, 1..-1];
    let (mut u, mut v) = start();
    run.passes(|_| {
        let laplacian = |a: &Array2<f64>| {
            let [north, south, west, east] = around(a);
            &north + &south + &west + &east - 4.0 * &a.slice(inner)
        };
        let (lu, lv) = (laplacian(&u), laplacian(&v));
        let (ui, vi) = (u.slice(inner), v.slice(inner));
        let uvv = &ui * &vi * &vi;
        let new_u = &ui + &(DU * &lu - &uvv + F * (1.0 - &ui));
        let new_v = &vi + &(DV * &lv + &uvv - (F + K) * &vi);
        u.slice_mut(inner).assign(&new_u);
        v.slice_mut(inner).assign(&new_v);
    });
    tell(run, &u, &v);
}

fn gray_scott_leases(run: &mut Run) {
    let inner = s![1..-1, 1..-1];
    let (start_u, start_v) = start();
    let whole = Pool2::<f64>::new((SIDE, SIDE), 2).unwrap();
    let (mut u, mut v) = (whole.lease_copy_of(&start_u), whole.lease_copy_of(&start_v));
    drop((start_u, start_v));
    let pool = Pool2::<f64>::new((SIDE - 2, SIDE - 2), 4).unwrap();
    let [mut lu, mut lv, mut uvv, mut rest] = [0; 4].map(|_| pool.lease());
    run.passes(|_| {
        for (a, l) in [(&u, &mut lu), (&v, &mut lv)] {
            let [north, south, west, east] = around(a);
            add_into(&north, &south, l);
            *l += &west;
            *l += &east;
            map_into(&a.slice(inner), &mut rest, |x| 4.0 * x);
            *l -= &rest;
        }
        {
            let (ui, vi) = (u.slice(inner), v.slice(inner));
            mul_into(&ui, &vi, &mut uvv);
            uvv *= &vi;
            lu *= DU;
            lu -= &uvv;
            map_into(&ui, &mut rest, |x| F * (1.0 - x));
            lu += &rest;
            lv *= DV;
            lv += &uvv;
            map_into(&vi, &mut rest, |x| (F + K) * x);
            lv -= &rest;
        }
        u.slice_mut(inner).zip_mut_with(&lu, |x, d| *x += d);
        v.slice_mut(inner).zip_mut_with(&lv, |x, d| *x += d);
    });
    tell(run, &u, &v);
}

fn gray_scott_fused(run: &mut Run) {
    let inner = s![1..-1, 1..-1];
    let (start_u, start_v) = start();
    let pool = Pool2::<f64>::new((SIDE, SIDE), 4).unwrap();
    let of = |a| DoubleBuffer::new(pool.lease_copy_of(a), pool.lease_copy_of(a));
    let (mut u, mut v) = (of(&start_u), of(&start_v));
    drop((start_u, start_v));
    run.passes(|_| {
        u.step(|u, next_u| {
            v.step(|v, next_v| {
                let [un, us, uw, ue] = around(u);
                let [vn, vs, vw, ve] = around(v);
                let (u, v) = (u.slice(inner), v.slice(inner));
                let (mut nu, mut nv) = (next_u.slice_mut(inner), next_v.slice_mut(inner));
                fused!(
                    (nu, nv) = |u, v, un, us, uw, ue, vn, vs, vw, ve| {
                        let (lu, lv) = (un + us + uw + ue - 4.0 * u, vn + vs + vw + ve - 4.0 * v);
                        let uvv = u * v * v;
                        (u + (DU * lu - uvv + F * (1.0 - u)), v + (DV * lv + uvv - (F + K) * v))
                    }
                );
            });
        });
    });
    tell(run, u.current(), v.current());
}

const H: f64 = 0.01;

/// Row 0 is the place and row 1 the speed of damped oscillators.
fn oscillators() -> Array2<f64> {
    Array2::from_shape_fn((2, SIDE * SIDE / 2), |(i, j)| (j % 100) as f64 * 0.01 + i as f64)
}

fn slope(y: &Array2<f64>) -> Array2<f64> {
    let (x, v) = (y.row(0), y.row(1));
    let mut slope = Array2::zeros(y.raw_dim());
    slope.row_mut(0).assign(&v);
    slope.row_mut(1).assign(&(-0.1 * &v - &x));
    slope
}

fn runge_kutta_unchanged(run: &mut Run) {
    let mut y = oscillators();
    run.passes(|_| {
        let k1 = slope(&y);
        let k2 = slope(&(&y + &(&k1 * (H / 2.0))));
        let k3 = slope(&(&y + &(&k2 * (H / 2.0))));
        let k4 = slope(&(&y + &(&k3 * H)));
        y = &y + &((&k1 + &(2.0 * &k2) + &(2.0 * &k3) + &k4) * (H / 6.0));
    });
    tell(run, &y, &y);
}

fn slope_into(y: &ArrayRef2<f64>, slope: &mut ArrayRef2<f64>) {
    copy_into(&y.row(1), &mut slope.row_mut(0));
    map_into(&y.row(1), &mut slope.row_mut(1), |v| -0.1 * v);
    let mut last = slope.row_mut(1);
    last -= &y.row(0);
}

fn runge_kutta_leases(run: &mut Run) {
    let start = oscillators();
    let pool = Pool2::<f64>::new(start.raw_dim(), 6).unwrap();
    let mut y = pool.lease_copy_of(&start);
    drop(start);
    let [mut k1, mut k2, mut k3, mut k4, mut stage] = [0; 5].map(|_| pool.lease());
    run.passes(|_| {
        slope_into(&y, &mut k1);
        axpby_into(&y, &k1, 1.0, H / 2.0, &mut stage);
        slope_into(&stage, &mut k2);
        axpby_into(&y, &k2, 1.0, H / 2.0, &mut stage);
        slope_into(&stage, &mut k3);
        axpby_into(&y, &k3, 1.0, H, &mut stage);
        slope_into(&stage, &mut k4);
        k2 *= 2.0;
        k3 *= 2.0;
        k1 += &k2;
        k1 += &k3;
        k1 += &k4;
        k1 *= H / 6.0;
        y += &k1;
    });
    tell(run, &y, &y);
}

fn runge_kutta_fused(run: &mut Run) {
    let start = oscillators();
    let pool = Pool2::<f64>::new(start.raw_dim(), 1).unwrap();
    let mut y = pool.lease_copy_of(&start);
    drop(start);
    let f = |x: f64, v: f64| (v, -0.1 * v - x);
    run.passes(|_| {
        let (mut x, mut v) = y.multi_slice_mut((s![0, ..], s![1, ..]));
        fused!(
            (x, v) = |x, v| {
                let k1 = f(x, v);
                let k2 = f(x + k1.0 * (H / 2.0), v + k1.1 * (H / 2.0));
                let k3 = f(x + k2.0 * (H / 2.0), v + k2.1 * (H / 2.0));
                let k4 = f(x + k3.0 * H, v + k3.1 * H);
                (
                    x + (k1.0 + 2.0 * k2.0 + 2.0 * k3.0 + k4.0) * (H / 6.0),
                    v + (k1.1 + 2.0 * k2.1 + 2.0 * k3.1 + k4.1) * (H / 6.0),
                )
            }
        );
    });
    tell(run, &y, &y);
}

/// A set-up makes eight arrays, changes each, averages them and frees them; the loop needs three.
fn after_set_up(run: &mut Run, is_pool: bool, is_trimmed: bool) {
    // The first block of this size that is freed teaches glibc to take the others from its heap.
    drop(black_box(Array2::<f64>::ones((SIDE, SIDE))));
    let make = |n: i32| Array2::from_elem((SIDE, SIDE), f64::from(n + 1));
    let raw: Vec<Array2<f64>> = (0..8).map(make).collect();
    let mean = raw.iter().map(|a| a.mean().unwrap()).sum::<f64>() / 8.0;
    // As in most programs, something small that stays was allocated last: the heap cannot shrink below it.
    let stays = black_box(vec![1_u8; 1 << 20]);
    drop(raw);
    run.mark("set-up");
    if is_trimmed {
        trim();
    }
    if is_pool {
        let pool = Pool2::<f64>::new((SIDE, SIDE), 3).unwrap();
        let (mut a, b, mut c) = (pool.lease_filled(mean), pool.lease_filled(1.0), pool.lease());
        run.passes(|_| {
            add_into(&a, &b, &mut c);
            std::mem::swap(&mut a, &mut c);
        });
        tell(run, &a, &a);
    } else {
        let mut a = Array2::from_elem((SIDE, SIDE), mean);
        let b = Array2::<f64>::ones((SIDE, SIDE));
        run.passes(|_| a = &a + &b);
        tell(run, &a, &a);
    }
    drop(stays);
}

/// Returns to the system what glibc's heap keeps.
fn trim() {
    #[cfg(target_env = "gnu")]
    {
        unsafe extern "C" {
            safe fn malloc_trim(pad: usize) -> i32;
        }
        malloc_trim(0);
    }
}
