//! Telling the processor what will be read soon. (A line that is written in part is read before.)
//!
//! Processors see a run through memory coming and fetch its lines early, but on x86-64 they stop where a page of
//! 4 KiB ends: its address has to be looked up first, which takes longest in a virtual machine. One line asked for
//! in each page ahead has the address ready in time; the lines behind it need no asking. (Asking for each line
//! makes everything slower.)
//!
//! This file is one of the crate's rooms for `unsafe`: one instruction, which does nothing but warm the cache.
#![cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "prefetching is an intrinsic"))]

/// Asks for the line of memory that lies `bytes` behind element number `at`.
#[inline(always)]
pub(super) fn will_read_behind<A>(run: &[A], at: usize, bytes: isize) {
    will_read(run.as_ptr().wrapping_add(at).wrapping_byte_offset(bytes));
}

/// Asks for the line of memory at `place`, which may be any address: nothing is read from it.
#[inline(always)]
pub(super) fn will_read<A>(place: *const A) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: an instruction of SSE, which is part of x86-64. It is a hint: it reads no value and cannot fault,
    // whatever the address, mapped or not.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
