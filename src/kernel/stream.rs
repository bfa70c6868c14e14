//! Writes that bypass the cache, for outputs that would not stay in it.
//!
//! A plain store to memory that is not in the cache reads the line first, then throws another line out to make
//! room for it, and is itself written back later: three transfers where one is wanted. A *streaming* (non-temporal)
//! store sends whole lines straight to memory. It is the faster way for operands that leave the cache, and the
//! slower one for operands that fit, because whoever reads the output next has to fetch it from memory. So
//! [`pays`] decides by size; `docs/notebook/streaming.md` has the loops on which it was chosen.
//!
//! Elements are computed into a block on the stack (for simple closures the compiler keeps it in registers), and whole
//! blocks are streamed. What does not fill a block, at either end, is streamed in small pieces: rows that share a line
//! with their neighbours were copied a tenth slower when these pieces were stored plainly. (Where the rows follow each
//! other in time as well, plain stores are better: [`rows`] has that.) The values are the same on every way, to the bit.
//!
//! Streaming stores are not ordered with other accesses to memory, not even with those of the same thread, until
//! a *fence*. That the fence is never missing and never too late is a matter of types: a [`Stream`] holds its
//! output borrowed, so nobody can look at it before the stream is gone, and it goes with a fence, a panic in
//! user code included.
//!
//! This file is one of the crate's rooms for `unsafe`: a few instructions of SSE2, which every x86-64 processor has.
//! On other processors [`pays`] is never true, and a stream writes plainly.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "streaming stores are intrinsics")
)]

use std::any::TypeId;
use std::mem;
use std::ops::Range;

use ndarray::{ArrayRef, Dimension};

use super::cache;

#[cfg_attr(
    not(feature = "rand"),
    expect(dead_code, reason = "only the fused shuffle writes two outputs at once")
)]
mod rows;

pub(super) use self::rows::FillBoth;
#[cfg(feature = "rand")]
pub(super) use self::rows::lie_alike;

/// Elements that are computed before they are written. Of every type this is a whole number of cache lines.
pub(super) const BLOCK: usize = 16;

pub(super) type Block<B> = [B; BLOCK];

/// The largest elements of which some blocks fit on any stack.
pub(super) const MOST_ELEMENT_BYTES: usize = 64;

/// Streams write whole lines of the cache.
pub(super) const LINE_BYTES: usize = 64;

/// Below this no cache is asked for its size: the operands fit.
const SMALL_BYTES: usize = 2 << 20;

/// A shorter lane is written before its fence is worth it.
const LANE_BYTES: usize = if cfg!(test) { 1 } else { 4 << 10 };

/// Whether a kernel whose operands, read or written, take `operand_bytes` should stream an output of `B`.
///
/// It should if they fill five eighths of the last cache: then the output cannot stay there beside what the caller
/// uses next.
#[inline]
pub(super) fn pays<B: 'static>(operand_bytes: usize) -> bool {
    #[cfg(test)]
    if tests::ALWAYS.get() {
        return can_stream::<B>();
    }
    operand_bytes >= SMALL_BYTES && can_stream::<B>() && operand_bytes >= cache::stream_bytes()
}

/// The same for an output that is written in many places in turn, where a plain store waits for its line: nine
/// sixteenths of the last cache are enough.
#[inline]
pub(super) fn pays_scattered<B: 'static>(operand_bytes: usize) -> bool {
    pays::<B>(operand_bytes.saturating_add(operand_bytes / 9))
}

/// The same for an output that is written in lanes of `len` elements, each of which ends with a fence.
#[inline]
pub(super) fn pays_in_lanes<B: 'static>(operand_bytes: usize, len: usize) -> bool {
    is_long_lane::<B>(len) && pays::<B>(operand_bytes)
}

/// Whether a lane of `len` elements is worth a fence.
pub(super) fn is_long_lane<B>(len: usize) -> bool {
    len * mem::size_of::<B>() >= LANE_BYTES
}

/// The memory behind an operand: what is repeated by broadcasting is there once.
pub(super) fn bytes_of<A, D: Dimension>(array: &ArrayRef<A, D>) -> usize {
    let axes = array.shape().iter().zip(array.strides());
    // The steps of an array without elements are all zero.
    let is_there = |axis: &(&usize, &isize)| *axis.1 != 0 || *axis.0 <= 1;
    let elements: usize = axes.filter(is_there).map(|axis| *axis.0).product();
    elements.saturating_mul(mem::size_of::<A>())
}

/// The memory behind two inputs. If both are views of one array, as where neighbours are compared, it is there once.
pub(super) fn bytes_of_two<A, B, D: Dimension>(a: &ArrayRef<A, D>, b: &ArrayRef<B, D>) -> usize {
    let (one, other) = (bytes_of(a), bytes_of(b));
    let apart = a.as_ptr().addr().abs_diff(b.as_ptr().addr());
    one.saturating_add(other).min(one.max(other).saturating_add(apart))
}

/// Computes elements of an output into a block. Closures do, and types whose method is inlined whatever its size: a call
/// for each block took a tenth of the time of divisions, and `where_into` a sixth.
pub(super) trait Fill<B> {
    /// Computes the elements from number `at` on.
    fn fill(&mut self, at: usize, block: &mut [B]);
}

impl<B, F: FnMut(usize, &mut [B])> Fill<B> for F {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [B]) {
        self(at, block);
    }
}

/// An output that is written past the cache, and cannot be read before all of it has arrived.
pub(super) struct Stream<'o, B> {
    out: &'o mut [B],
}

impl<'o, B: Copy + 'static> Stream<'o, B> {
    /// # Panics
    ///
    /// If `B` is not one of the plain numbers for which [`pays`] can be true.
    pub(super) fn over(out: &'o mut [B]) -> Self {
        assert!(is_plain::<B>(), "only plain numbers are streamed");
        Stream { out }
    }

    /// Writes all of the output.
    #[inline(always)]
    pub(super) fn write_all(mut self, fill: impl Fill<B>) {
        self.write(0..self.out.len(), fill);
    }

    /// Writes a part of the output, whose elements `fill` counts from the beginning of the part.
    #[inline(always)]
    pub(super) fn write(&mut self, part: Range<usize>, fill: impl Fill<B>) {
        self.write_by(store, part, fill);
    }

    /// [`write`](Self::write) with another way to write a block, of which there is [`store_wide`].
    #[inline(always)]
    pub(super) fn write_by(
        &mut self,
        store: impl Fn(&Block<B>, &mut Block<B>),
        part: Range<usize>,
        mut fill: impl Fill<B>,
    ) {
        let out = &mut self.out[part];
        let Some(&any) = out.first() else { return };
        let (head, blocks, tail) = cut(out);
        let mut at = 0;
        for out in head.chunks_mut(BLOCK) {
            write_edge(at, any, out, &mut fill);
            at += out.len();
        }
        at = write_blocks(at, any, blocks, &mut fill, store);
        if !tail.is_empty() {
            write_edge(at, any, tail, &mut fill);
        }
    }

    /// Writes `a` to a part of the output that is as long.
    #[inline]
    pub(super) fn copy(&mut self, part: Range<usize>, a: &[B]) {
        let out = &mut self.out[part];
        assert_eq!(a.len(), out.len(), "a part is as long as what is written to it");
        let (head, blocks, tail) = cut(out);
        let (a_head, a_rest) = a.split_at(head.len());
        let (a_blocks, a_tail) = a_rest.as_chunks();
        store_edge(a_head, head);
        for (a, out) in a_blocks.iter().zip(blocks) {
            store(a, out);
        }
        store_edge(a_tail, tail);
    }

    /// How many elements lie between number `at` and the first line that begins there or later.
    #[inline]
    pub(super) fn to_line(&self, at: usize) -> usize {
        self.out.as_ptr().wrapping_add(at).align_offset(LINE_BYTES)
    }

    /// Writes a line's worth of elements from number `at` on, where a line begins.
    #[inline]
    pub(super) fn line<const N: usize>(&mut self, at: usize, line: &[B; N]) {
        assert!(mem::size_of::<[B; N]>() == LINE_BYTES, "a line is a whole one");
        assert!(self.to_line(at) == 0, "a line begins where one does");
        let out = self.out[at..].first_chunk_mut().expect("the output has all of the line");
        store(line, out);
    }
}

/// Nothing that is written later, by this thread or by one that it tells, is seen before what was streamed.
impl<B> Drop for Stream<'_, B> {
    #[inline]
    fn drop(&mut self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: an instruction of SSE, which is part of x86-64; it takes nothing and has no other demands.
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
}

/// The elements before the first line that begins in `out`, whole blocks from there on, and the rest.
///
/// Elements that are not aligned to their size never come to lie on a line: all of them come before it.
#[inline]
fn cut<B>(out: &mut [B]) -> (&mut [B], &mut [[B; BLOCK]], &mut [B]) {
    let head = out.as_ptr().align_offset(LINE_BYTES).min(out.len());
    let (head, rest) = out.split_at_mut(head);
    let (blocks, tail) = rest.as_chunks_mut();
    (head, blocks, tail)
}

/// Writes whole blocks from number `at` on, and gives the number of the element behind them. (`any` is any value.)
#[inline(always)]
fn write_blocks<B: Copy>(
    mut at: usize,
    any: B,
    blocks: &mut [Block<B>],
    fill: &mut impl Fill<B>,
    store: impl Fn(&Block<B>, &mut Block<B>),
) -> usize {
    // Of this block nothing but all of it is ever used, so that it can be in registers.
    let mut block = [any; BLOCK];
    for out in blocks {
        fill.fill(at, &mut block);
        store(&block, out);
        at += BLOCK;
    }
    at
}

/// Writes at most a block, from number `at` on. (`any` is any value.)
#[inline(never)]
fn write_edge<B: Copy + 'static>(at: usize, any: B, out: &mut [B], fill: &mut impl Fill<B>) {
    let edge = &mut [any; BLOCK][..out.len()];
    fill.fill(at, edge);
    store_edge(edge, out);
}

/// Writes `block` to `out`, which lies on a line, past the cache.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn store<B: Copy + 'static, const N: usize>(block: &[B; N], out: &mut [B; N]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};

    debug_assert!(is_plain::<B>() && out.as_ptr().addr().is_multiple_of(LINE_BYTES));
    let (from, to) = (block.as_ptr().cast::<__m128i>(), out.as_mut_ptr().cast::<__m128i>());
    for part in 0..mem::size_of::<[B; N]>() / mem::size_of::<__m128i>() {
        // SAFETY: `part` counts whole registers within `block`, so these 16 bytes are all its own. They have
        // values, because `B` is plain: `Stream::over`, the only way here, has seen to that.
        let register = unsafe { _mm_loadu_si128(from.wrapping_add(part)) };
        // SAFETY: within `out`, as above, which is borrowed mutably. The address is a multiple of 16: `cut` begins
        // blocks on a line of 64 bytes, a block is whole lines, and a register a quarter of one. Plain numbers
        // have no invalid bytes. The fence that must come before any other access to `out` is in `Stream`'s `drop`:
        // until then `out` is borrowed by the stream, whose other methods touch parts that they are told to write.
        unsafe { _mm_stream_si128(to.wrapping_add(part), register) };
    }
}

/// [`store`] by registers that are twice as wide.
///
/// Numbers that are written from narrow registers are computed in narrow ones: square roots took twice as long.
#[cfg(target_arch = "x86_64")]
#[cfg_attr(not(target_feature = "avx"), target_feature(enable = "avx"))] // callers need it only where the crate has not
#[inline]
pub(super) fn store_wide<B: Copy + 'static>(block: &Block<B>, out: &mut Block<B>) {
    use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_stream_si256};

    debug_assert!(is_plain::<B>() && out.as_ptr().addr().is_multiple_of(LINE_BYTES));
    let (from, to) = (block.as_ptr().cast::<__m256i>(), out.as_mut_ptr().cast::<__m256i>());
    for part in 0..mem::size_of::<Block<B>>() / mem::size_of::<__m256i>() {
        // SAFETY: within `block`, whose bytes have values, as `store` tells.
        let register = unsafe { _mm256_loadu_si256(from.wrapping_add(part)) };
        // SAFETY: within `out`, which takes any bytes, and before the fence, as `store` tells. The address is a multiple
        // of 32: `out` lies on a line of 64 bytes, of which a register is half.
        unsafe { _mm256_stream_si256(to.wrapping_add(part), register) };
    }
}

/// Writes `values` to as many elements of `out`, past the cache: registers where `out` is aligned to them, and pieces of
/// 4 bytes around these.
#[cfg(target_arch = "x86_64")]
#[inline]
fn store_edge<B: Copy + 'static>(values: &[B], out: &mut [B]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si32, _mm_stream_si128};

    debug_assert!(is_plain::<B>() && values.len() == out.len());
    let pieces = mem::size_of_val(values).min(mem::size_of_val(out)) / mem::size_of::<i32>();
    let (from, to) = (values.as_ptr().cast::<i32>(), out.as_mut_ptr().cast::<i32>());
    let mut at = 0;
    while at < pieces {
        let (from, to) = (from.wrapping_add(at), to.wrapping_add(at));
        if to.addr().is_multiple_of(mem::size_of::<__m128i>()) && at + 4 <= pieces {
            // SAFETY: four pieces within `values`. They have values, because `B` is plain: `Stream::over`, the only
            // way here, has seen to that.
            let register = unsafe { _mm_loadu_si128(from.cast()) };
            // SAFETY: four pieces within `out`, borrowed mutably, aligned as was just seen; the fence comes as `store`
            // tells.
            unsafe { _mm_stream_si128(to.cast(), register) };
            at += 4;
        } else {
            // SAFETY: a piece within `values`, with a value as above, and aligned: plain numbers have at least 4 bytes.
            let piece = unsafe { from.read() };
            // SAFETY: a piece within `out`, borrowed mutably, and aligned as above; the fence comes as `store` tells.
            unsafe { _mm_stream_si32(to, piece) };
            at += 1;
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn store_edge<B: Copy + 'static>(values: &[B], out: &mut [B]) {
    out.copy_from_slice(values);
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn store<B: Copy + 'static, const N: usize>(block: &[B; N], out: &mut [B; N]) {
    *out = *block;
}

fn can_stream<B: 'static>() -> bool {
    cfg!(target_arch = "x86_64") && is_plain::<B>()
}

/// Whether `B` is a number without padding of 4 bytes or more, so that [`BLOCK`] of them are whole lines.
fn is_plain<B: 'static>() -> bool {
    let is = TypeId::of::<B>();
    #[cfg(feature = "complex")]
    if is == TypeId::of::<num_complex::Complex<f32>>()
        || is == TypeId::of::<num_complex::Complex<f64>>()
    {
        return true;
    }
    is == TypeId::of::<f64>()
        || is == TypeId::of::<f32>()
        || is == TypeId::of::<i32>()
        || is == TypeId::of::<u32>()
        || is == TypeId::of::<i64>()
        || is == TypeId::of::<u64>()
        || (cfg!(target_pointer_width = "64")
            && (is == TypeId::of::<usize>() || is == TypeId::of::<isize>()))
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use ndarray::Array2;

    use super::*;

    thread_local! {
        pub(super) static ALWAYS: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs `f` as if every operand left the cache.
    pub(crate) fn streaming<T>(f: impl FnOnce() -> T) -> T {
        struct Back;
        impl Drop for Back {
            fn drop(&mut self) {
                ALWAYS.set(false);
            }
        }
        ALWAYS.set(true);
        let _back = Back;
        f()
    }

    #[test]
    fn memory_that_is_seen_twice_is_there_once() {
        let (a, b) = (Array2::<f64>::zeros((10, 20)), Array2::<f64>::zeros((10, 20)));
        assert_eq!(bytes_of_two(&a, &a), 1600);
        assert_eq!(bytes_of_two(&a, &b), 3200);
        let (upper, lower) = a.view().split_at(ndarray::Axis(0), 5);
        assert_eq!(bytes_of_two(&upper, &lower), 1600);
        let (before, after) = (a.slice(ndarray::s![..-1, ..]), a.slice(ndarray::s![1.., ..]));
        assert_eq!(bytes_of_two(&before, &after), 1600);
        assert_eq!(bytes_of_two(&a.row(0), &a.row(1)), 320);
    }

    /// Every length and every place on a line, with guards on both sides.
    fn writes_exactly<B: Copy + PartialEq + std::fmt::Debug + 'static>(
        number: impl Fn(usize) -> B,
    ) {
        let (guard, stale) = (number(1000), number(1001));
        for start in 0..LINE_BYTES / mem::size_of::<B>().min(LINE_BYTES) {
            for len in 0..200 {
                let mut memory = vec![stale; start + len + 1];
                memory[start + len] = guard;
                memory[..start].fill(guard);
                let mut seen = 0;
                Stream::over(&mut memory[start..start + len]).write_all(|at, block: &mut [B]| {
                    assert_eq!(at, seen);
                    seen += block.len();
                    block.iter_mut().enumerate().for_each(|(k, out)| *out = number(at + k));
                });
                assert_eq!(seen, len);
                assert!(memory[..start].iter().all(|&element| element == guard));
                assert_eq!(memory[start + len], guard);
                let written = memory[start..start + len].iter().enumerate();
                written.for_each(|(i, &out)| assert_eq!(out, number(i), "{start} {len}"));
            }
        }
    }

    #[test]
    fn all_lengths_at_all_places_are_written_and_nothing_else() {
        writes_exactly(|i| i as f64);
        writes_exactly(|i| i as f32);
        writes_exactly(|i| i as u64);
        writes_exactly(|i| i as i32);
        #[cfg(feature = "complex")]
        writes_exactly(|i| num_complex::Complex::new(i as f64, -1.0));
    }

    #[test]
    fn parts_are_written_in_any_order() {
        let a: Vec<f64> = (0..1000).map(f64::from).collect();
        let mut out = vec![-1.0; 1000];
        let mut stream = Stream::over(&mut out);
        for row in [7, 3, 9, 0, 1, 5] {
            stream.copy(row * 100..(row + 1) * 100, &a[row * 100..][..100]);
        }
        drop(stream);
        for (i, &out) in out.iter().enumerate() {
            let is_written = [7, 3, 9, 0, 1, 5].contains(&(i / 100));
            assert_eq!(out, if is_written { a[i] } else { -1.0 });
        }
    }

    #[test]
    fn a_panic_of_the_caller_leaves_an_output_that_can_be_read() {
        let mut out = vec![0_u32; 500];
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            Stream::over(&mut out).write_all(|at, block: &mut [_]| {
                assert!(at < 300, "as planned");
                block.fill(1);
            });
        }));
        assert!(panicked.is_err());
        assert!(out[..300].iter().all(|&out| out == 1) && out[320..].iter().all(|&out| out == 0));
    }

    #[test]
    fn only_plain_numbers_are_streamed() {
        assert!(!is_plain::<bool>() && !is_plain::<u8>() && !is_plain::<(u8, u32)>());
        assert!(!is_plain::<Option<u32>>() && !is_plain::<char>() && !is_plain::<u128>());
        let mut out = [(1_u8, 2_u32)];
        assert!(catch_unwind(AssertUnwindSafe(|| drop(Stream::over(&mut out)))).is_err());
    }

    #[test]
    fn what_fits_into_the_cache_is_not_streamed() {
        assert!(!pays::<f64>(0) && !pays::<f64>(SMALL_BYTES) && !pays::<bool>(usize::MAX));
        assert_eq!(pays::<f64>(usize::MAX), cfg!(target_arch = "x86_64"));
        assert_eq!(pays::<f64>(cache::stream_bytes()), cfg!(target_arch = "x86_64"));
        assert!(!pays::<f64>(cache::stream_bytes() - 1));
    }

    #[test]
    fn repeated_memory_counts_once() {
        let a = Array2::<f64>::zeros((3, 5));
        assert_eq!(bytes_of(&a), 120);
        assert_eq!(bytes_of(&a.row(0).broadcast((100, 5)).unwrap()), 40);
        assert_eq!(bytes_of(&a.t()), 120);
        assert_eq!(bytes_of(&Array2::<f64>::zeros((0, 5))), 0);
    }
}
