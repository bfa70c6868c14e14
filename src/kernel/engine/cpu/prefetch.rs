//! Prefetch of single cache lines that no hardware prefetcher can foresee.
//!
//! Two kernels use it: copies between two memory orders, whose output is written in steps of a whole row, and shuffles
//! of elements, which fill 64 buckets in turn. Contiguous slices need none: the hardware prefetcher foresees them
//! (`docs/notebook/prefetch.md`).
//!
//! This file is one of the crate's places for `unsafe`: one instruction, which does nothing but warm the cache.

#![cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "prefetching is an intrinsic"))]

/// Prefetches the cache line at `place`, which may be any address: nothing is read from it.
#[inline(always)]
pub(crate) fn line<A>(place: *const A) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: an instruction of SSE, which is part of x86-64. It is a hint: it reads no value and cannot fault,
    // whatever the address, mapped or not.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
