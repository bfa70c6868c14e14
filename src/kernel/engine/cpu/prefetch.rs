//! Prefetch of cache lines that no hardware prefetcher can foresee.
//!
//! Single lines: copies between two memory orders write their output in steps of a whole row, and shuffles of elements
//! fill 64 buckets in turn. Blocks of a row: rows that are streamed, if the next one is somewhere else. Contiguous slices
//! need none: the hardware prefetcher foresees them (`docs/notebook/prefetch.md`).
//!
//! This file is one of the crate's places for `unsafe`: one instruction, which does nothing but warm the cache.

#![cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "prefetching is an intrinsic"))]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{_MM_HINT_T0, _MM_HINT_T1, _mm_prefetch};

use crate::kernel::engine::tuning::STREAM_BLOCK;

/// Prefetches the cache line at `place`, which may be any address: nothing is read from it.
#[inline(always)]
pub(crate) fn line<A>(place: *const A) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: an instruction of SSE, which is part of x86-64. It is a hint: it reads no value and cannot fault,
    // whatever the address, mapped or not.
    unsafe {
        _mm_prefetch::<{ _MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Prefetches the block from `place` on, which may be any address, into L2. (A line that is prefetched into L1 takes one
/// of the few buffers through which reads and streaming stores go meanwhile: rows were gathered a quarter more slowly.)
#[inline(always)]
pub(crate) fn block_into_l2<A>(place: *const A) {
    #[cfg(target_arch = "x86_64")]
    for at in (0..size_of::<A>() * STREAM_BLOCK).step_by(64) {
        // SAFETY: as for `line`.
        unsafe {
            _mm_prefetch::<{ _MM_HINT_T1 }>(place.cast::<i8>().wrapping_add(at));
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
