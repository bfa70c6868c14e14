//! Copies of contiguous slices.

use std::hint::black_box;
use std::ops::Range;

use crate::kernel::engine::cpu::stream::Stream;
use crate::kernel::engine::tuning::STREAM_BLOCK;

/// The smallest size of a page of memory.
const PAGE_BYTES: usize = 4096;

/// `out[i] = a[i]`, streamed if `streams`.
#[inline(always)]
pub(crate) fn copy_run<A: Copy + 'static>(a: &[A], out: &mut [A], streams: bool) {
    if streams {
        copy_streamed(a, out);
    } else {
        copy_slice(a, out);
    }
}

/// `out.copy_from_slice(a)`, except where the `memcpy` of the C library is slow.
///
/// Between 2 KiB and 1 MiB, that of glibc uses the instruction `rep movsb`, which on AMD copies byte by byte (14 to 27
/// times as slow) if `out` begins 1 to 15 bytes after `a` modulo the page size. Page-aligned buffers are in that
/// position when elements are shifted by one.
#[inline(always)]
pub(crate) fn copy_slice<A: Copy>(a: &[A], out: &mut [A]) {
    const SLOW_BYTES: Range<usize> = 2 << 10..1 << 20;
    let distance = out.as_ptr().addr().wrapping_sub(a.as_ptr().addr()) % PAGE_BYTES;
    if SLOW_BYTES.contains(&size_of_val(a)) && matches!(distance, 1..16) {
        copy_in_blocks(a, out);
    } else {
        out.copy_from_slice(a);
    }
}

/// Copies with the vector loop of the compiler instead of `memcpy`.
#[inline(never)]
fn copy_in_blocks<A: Copy>(a: &[A], out: &mut [A]) {
    let ((blocks, rest), (out, out_rest)) =
        (a.as_chunks::<STREAM_BLOCK>(), out.as_chunks_mut::<STREAM_BLOCK>());
    for (out, block) in out.iter_mut().zip(blocks) {
        black_box(()); // or the compiler replaces the loop by a call of `memcpy`
        *out = *block;
    }
    out_rest.copy_from_slice(rest);
}

#[inline(never)]
fn copy_streamed<A: Copy + 'static>(a: &[A], out: &mut [A]) {
    Stream::over(out, |out| out.copy(0..a.len(), a));
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// At every offset within a cache line that elements may have, and without touching their neighbours.
    fn copies_exactly<A: Copy + PartialEq + Debug + 'static>(number: impl Fn(usize) -> A) {
        let a: Vec<A> = (0..3000).map(&number).collect();
        let stale = number(3001);
        for len in (0..150).chain([511, 512, 2048, 2900]) {
            for start in [0, 1, 2, 3, 5, 7, 8, 31, 64] {
                let a = &a[start / 2..start / 2 + len];
                for copy in [copy_slice, copy_in_blocks] {
                    let mut out = vec![stale; start + len + 1];
                    copy(a, &mut out[start..start + len]);
                    assert_eq!(out[start..start + len], *a);
                    assert!(out[..start].iter().all(|&x| x == stale) && out[start + len] == stale);
                }
            }
        }
    }

    #[test]
    fn elements_of_all_sizes_are_copied_and_nothing_else_is_written() {
        copies_exactly(|i| i as u8);
        copies_exactly(|i| i as u16);
        copies_exactly(|i| i as f32);
        copies_exactly(|i| i as f64);
        copies_exactly(|i| i as u128);
        copies_exactly(|i| [i as u8; 3]);
        copies_exactly(|i| [i as u32; 3]);
        copies_exactly(|i| [i as f64; 5]);
        copies_exactly(|i| [i as u16; 2500]);
    }
}
