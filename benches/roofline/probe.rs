//! What this machine can do at best: plain loops over slices that read, copy and subtract, with plain and with
//! streaming stores. They share no code with the kernels that they judge.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "streaming stores are intrinsics")
)]

/// Adds all elements up, in as many accumulators as keep the adders busy.
pub(crate) fn read(a: &[f64]) -> f64 {
    let mut sums = [0.0; 32];
    for chunk in a.as_chunks::<32>().0 {
        for (sum, &a) in sums.iter_mut().zip(chunk) {
            *sum += a;
        }
    }
    sums.iter().sum()
}

pub(crate) fn copy(a: &[f64], out: &mut [f64]) {
    out.copy_from_slice(a);
}

pub(crate) fn difference(a: &[f64], b: &[f64], out: &mut [f64]) {
    for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
        *out = a - b;
    }
}

/// As [`copy`], with streaming stores. Elements behind the last whole line are left out.
#[cfg(target_arch = "x86_64")]
pub(crate) fn copy_streaming(a: &[f64], out: &mut [f64]) {
    for (a, out) in a.as_chunks::<8>().0.iter().zip(lines(out)) {
        stream(*a, out);
    }
    fence();
}

/// As [`difference`], with streaming stores. Elements behind the last whole line are left out.
#[cfg(target_arch = "x86_64")]
pub(crate) fn difference_streaming(a: &[f64], b: &[f64], out: &mut [f64]) {
    let inputs = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    for ((a, b), out) in inputs.zip(lines(out)) {
        stream(std::array::from_fn(|k| a[k] - b[k]), out);
    }
    fence();
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn stream(values: [f64; 8], out: &mut [f64; 8]) {
    use std::arch::x86_64::{_mm_set_pd, _mm_stream_pd};
    for (pair, out) in values.as_chunks::<2>().0.iter().zip(out.as_chunks_mut::<2>().0) {
        // SAFETY: every x86-64 processor has SSE2, and this asks for nothing else.
        let pair = unsafe { _mm_set_pd(pair[1], pair[0]) };
        // SAFETY: the two elements are `out`'s own, and aligned to 16 bytes: `lines` begins on a line of 64, which
        // four pairs fill. Nothing looks at them before `fence`, which each caller comes to.
        unsafe { _mm_stream_pd(out.as_mut_ptr(), pair) };
    }
}

#[cfg(target_arch = "x86_64")]
fn fence() {
    // SAFETY: every x86-64 processor has this instruction.
    unsafe { std::arch::x86_64::_mm_sfence() };
}

#[cfg(target_arch = "x86_64")]
fn lines(out: &mut [f64]) -> &mut [[f64; 8]] {
    assert!(out.as_ptr().addr().is_multiple_of(64), "pools begin their buffers on a line");
    out.as_chunks_mut::<8>().0
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) use {copy as copy_streaming, difference as difference_streaming};
