//! Streaming (non-temporal) stores, for outputs that would not stay in the cache.
//!
//! A plain store to memory that is not in the cache first reads the line, evicts another line to make room for it, and
//! is itself written back later: three transfers where one is wanted. A streaming store sends whole lines straight to
//! memory. It is faster for operands that exceed the cache, and slower for operands that fit, because whoever reads the
//! output next has to fetch it from memory. So [`pays`] decides by size; `docs/notebook/streaming.md` has the loops on
//! which the size was chosen.
//!
//! Elements are computed into a block on the stack (for simple closures the compiler keeps it in registers), and whole
//! blocks are streamed. What does not fill a block, at either end, is streamed in small pieces: rows that share a line
//! with their neighbours were copied a tenth slower when these pieces were stored plainly. (Where neighbouring rows are
//! also written one after another, plain stores are better: see [`rows`].) The values are the same either way, to the
//! bit.
//!
//! Streaming stores are not ordered with other accesses to memory until a *fence*. Types make sure that the fence is
//! never missing and never too late: a [`Stream`] borrows its output for longer than the closure of [`fenced`] runs, which
//! ends with a fence, even if user code panics.
//!
//! This file is one of the crate's places for `unsafe`: a few instructions of SSE2, which every x86-64 processor has.
//! On other processors [`pays`] is never true, and a stream uses plain stores.

#![expect(unsafe_code, reason = "streaming stores are intrinsics")]

use std::any::TypeId;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem;
use std::ops::Range;

use crate::kernel::engine::cpu::cache;
use crate::kernel::engine::cpu::dispatch::{Baseline, Simd};
pub(crate) use crate::kernel::engine::cpu::stream::footprint::Footprint;
pub(crate) use crate::kernel::engine::cpu::stream::footprint::bytes_of;
use crate::kernel::engine::tuning::{MIN_STREAMED_LANE_BYTES, STREAM_BLOCK};

mod footprint;
#[cfg_attr(
    not(feature = "rand"),
    expect(dead_code, reason = "only the fused shuffle writes two outputs at once")
)]
pub(crate) mod rows;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) type Block<B> = [B; STREAM_BLOCK];

/// The size of a cache line, the unit of streaming stores.
pub(crate) const LINE_BYTES: usize = 64;

/// Whether a kernel whose operands, read and written, take `operand_bytes` should stream an output of `B`.
///
/// It should if they fill five eighths of the last-level cache: then the output cannot stay there together with what
/// the caller uses next.
#[inline]
pub(crate) fn pays<B: 'static>(operand_bytes: usize) -> bool {
    #[cfg(test)]
    if tests::ALWAYS.get() {
        return can_stream::<B>();
    }
    can_stream::<B>() && cache::streams(operand_bytes)
}

/// [`pays`] for an output that is written in many places in turn, where each plain store has to wait for its line: nine
/// sixteenths of the last-level cache are enough.
#[inline]
pub(crate) fn pays_scattered<B: 'static>(operand_bytes: usize) -> bool {
    pays::<B>(operand_bytes.saturating_add(operand_bytes / 9))
}

/// [`pays`] for an output that is written in lanes of `len` elements, each of which ends with a fence.
#[inline]
pub(crate) fn pays_in_lanes<B: 'static>(operand_bytes: usize, len: usize) -> bool {
    is_long_lane::<B>(len) && pays::<B>(operand_bytes)
}

/// Whether a lane of `len` elements is worth a fence.
pub(crate) fn is_long_lane<B>(len: usize) -> bool {
    len * mem::size_of::<B>() >= MIN_STREAMED_LANE_BYTES
}

/// Computes the elements of an output, a block at a time and each element once. The caller decides where blocks begin
/// and whether they are stored plainly or streamed.
///
/// Closures implement it, and so do types whose method is always inlined: a call for each block took a tenth of the
/// time of divisions, and a sixth of that of `where_into`.
pub(crate) trait Fill<B> {
    /// Computes the elements from number `at` on, as many as `block` holds.
    fn fill(&mut self, at: usize, block: &mut [B]);
}

impl<B, F: FnMut(usize, &mut [B])> Fill<B> for F {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [B]) {
        self(at, block);
    }
}

/// An output that is written with streaming stores, which are seen by others after the [fence](fenced) that comes.
pub(crate) struct Stream<'o, B> {
    /// Of plain numbers (see `is_plain`).
    out: &'o mut [B],
    /// Not `Send`: a fence orders the stores of its own thread only.
    of_this_thread: PhantomData<*const ()>,
}

/// Blocks of the smallest plain number are whole cache lines, so each block begins on one if the first does.
const _: () = assert!((STREAM_BLOCK * size_of::<f32>()).is_multiple_of(LINE_BYTES));

/// The promise of a fence, after which outputs that are borrowed for `'o` may be looked at.
///
/// Invariant in `'o`: a shorter borrow could end before the fence.
#[derive(Debug)]
pub struct Fenced<'o>(PhantomData<Cell<&'o ()>>);

/// Lets `work` stream to any outputs that are borrowed for `'o`, and ends with a fence, even if `work` panics.
///
/// `'o` is chosen by the caller and so outlives this call: nobody sees such an output before the fence. A stream
/// borrows the promise, whose lifetime is that of `work`: none is left to write to after the fence.
#[inline(always)]
pub(crate) fn fenced<'o, T>(work: impl FnOnce(&Fenced<'o>) -> T) -> T {
    let _fence = Fence;
    work(&Fenced(PhantomData))
}

impl<'f, B: Copy + 'static> Stream<'f, B> {
    /// A stream over `out`.
    ///
    /// # Panics
    ///
    /// If `B` is not one of the plain numbers for which [`pays`] can be true.
    #[inline(always)]
    pub(crate) fn new<'o>(out: &'o mut [B], _: &'f Fenced<'o>) -> Self {
        assert!(is_plain::<B>(), "only plain numbers are streamed");
        Stream { out, of_this_thread: PhantomData }
    }
}

impl<'o, B: Copy + 'static> Stream<'o, B> {
    /// Lends a stream over `out` to `work`. Whoever sees `out` afterwards sees all that was written, even if `work`
    /// panicked.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    #[inline(always)]
    pub(crate) fn over<T>(out: &'o mut [B], work: impl FnOnce(&mut Self) -> T) -> T {
        assert!(is_plain::<B>(), "only plain numbers are streamed");
        // The fence is not part of the stream: a stream passed to `mem::forget` would have none.
        let _fence = Fence;
        work(&mut Stream { out, of_this_thread: PhantomData })
    }

    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Writes all of the output.
    #[inline(always)]
    pub(crate) fn write_all(&mut self, fill: impl Fill<B>) {
        self.write_by(Baseline, 0..self.out.len(), fill);
    }

    /// Writes a part of the output, and returns `fill`, which counts elements from the beginning of the part.
    #[inline(always)]
    pub(crate) fn write_by<F: Fill<B>>(
        &mut self,
        simd: impl Simd,
        part: Range<usize>,
        mut fill: F,
    ) -> F {
        let out = &mut self.out[part];
        let Some(&any) = out.first() else { return fill };
        let (head, blocks, tail) = cut(out);
        let mut at = 0;
        for out in head.chunks_mut(STREAM_BLOCK) {
            // SAFETY: `out` is of plain numbers, and the fence of `over` comes.
            unsafe { write_edge(at, any, out, &mut fill) };
            at += out.len();
        }
        // SAFETY: `out` is of plain numbers, `cut` has begun these blocks on a line, and the fence of `over` comes.
        at = unsafe { write_blocks(simd, at, any, blocks, &mut fill) };
        if !tail.is_empty() {
            // SAFETY: as for the head.
            unsafe { write_edge(at, any, tail, &mut fill) };
        }
        fill
    }

    /// A part of the output as it is. (A thread sees its own stores in order, the streamed ones too.)
    #[inline]
    pub(crate) fn old(&self, part: Range<usize>) -> &[B] {
        &self.out[part]
    }

    /// A part of the output, to be written with plain stores. (No line of it should be streamed as well: it would be sent
    /// to memory in pieces.)
    #[inline]
    pub(crate) fn plain(&mut self, part: Range<usize>) -> &mut [B] {
        &mut self.out[part]
    }

    /// How many elements lie between number `at` and the first cache line that begins there or later.
    #[inline]
    pub(crate) fn to_line(&self, at: usize) -> usize {
        self.out.as_ptr().wrapping_add(at).align_offset(LINE_BYTES)
    }

    /// Writes one cache line of elements from number `at` on, where a line begins.
    #[inline]
    pub(crate) fn line<const N: usize>(&mut self, at: usize, line: &[B; N]) {
        assert!(mem::size_of::<[B; N]>() == LINE_BYTES, "a line is a whole one");
        assert!(self.to_line(at) == 0, "a line begins where one does");
        let out = self.out[at..].first_chunk_mut().expect("the output has all of the line");
        // SAFETY: `out` is of plain numbers and begins on a line, as was just seen; the fence of `over` comes.
        unsafe { store(line, out) };
    }
}

/// A store fence: nothing that this thread writes later, nor what other threads write after they synchronised with it,
/// is seen before what was streamed.
struct Fence;

impl Drop for Fence {
    #[inline]
    fn drop(&mut self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: an instruction of SSE, which is part of x86-64; it takes nothing and has no other demands.
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
}

/// Splits `out` into the elements before its first cache line, whole blocks from there on, and the remainder.
///
/// Elements that are not aligned to their size never begin on a line: all of them count as the first part.
#[inline]
fn cut<B>(out: &mut [B]) -> (&mut [B], &mut [[B; STREAM_BLOCK]], &mut [B]) {
    let head = out.as_ptr().align_offset(LINE_BYTES).min(out.len());
    let (head, rest) = out.split_at_mut(head);
    let (blocks, tail) = rest.as_chunks_mut();
    (head, blocks, tail)
}

/// Writes whole blocks from number `at` on, and returns the number of the element after them. (`any` is any value.)
///
/// # Safety
///
/// As for [`store`].
#[inline(always)]
unsafe fn write_blocks<B: Copy + 'static>(
    simd: impl Simd,
    mut at: usize,
    any: B,
    blocks: &mut [Block<B>],
    fill: &mut impl Fill<B>,
) -> usize {
    // The block is only ever used as a whole, so that it can be in registers.
    let mut block = [any; STREAM_BLOCK];
    for out in blocks {
        fill.fill(at, &mut block);
        // SAFETY: demanded of the caller.
        unsafe { store_block(simd, &block, out) };
        at += STREAM_BLOCK;
    }
    at
}

/// Writes a block with the widest vectors that `V` proves the processor to have.
///
/// # Safety
///
/// As for [`store`].
#[inline(always)]
unsafe fn store_block<B: Copy + 'static, V: Simd>(_: V, block: &Block<B>, out: &mut Block<B>) {
    if V::IS_AVX2 {
        // SAFETY: demanded of the caller; and a `V` that says so proves that the processor has AVX2.
        unsafe { store_wide(block, out) };
    } else {
        // SAFETY: demanded of the caller.
        unsafe { store(block, out) };
    }
}

/// Writes at most a block, from number `at` on. (`any` is any value.)
///
/// # Safety
///
/// As for [`store_edge`].
#[inline(never)]
unsafe fn write_edge<B: Copy + 'static>(at: usize, any: B, out: &mut [B], fill: &mut impl Fill<B>) {
    let edge = &mut [any; STREAM_BLOCK][..out.len()];
    fill.fill(at, edge);
    // SAFETY: demanded of the caller.
    unsafe { store_edge(edge, out) };
}

/// Writes `block` to `out` with streaming stores.
///
/// # Safety
///
/// `B` is a plain number, `out` begins on a cache line, and a [`Fence`] comes before anybody else reads or writes
/// `out`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn store<B: Copy + 'static, const N: usize>(block: &[B; N], out: &mut [B; N]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};

    debug_assert!(is_plain::<B>() && out.as_ptr().addr().is_multiple_of(LINE_BYTES));
    let (from, to) = (block.as_ptr().cast::<__m128i>(), out.as_mut_ptr().cast::<__m128i>());
    for part in 0..mem::size_of::<[B; N]>() / mem::size_of::<__m128i>() {
        // SAFETY: `part` counts whole registers within `block`, so these 16 bytes are all its own. They have values,
        // because `B` is plain.
        let register = unsafe { _mm_loadu_si128(from.wrapping_add(part)) };
        // SAFETY: within `out`, as above, which is borrowed mutably. The address is a multiple of 16, because `out`
        // begins on a line of 64 bytes. Plain numbers have no invalid bytes. The fence is promised by the caller.
        unsafe { _mm_stream_si128(to.wrapping_add(part), register) };
    }
}

/// [`store`] with vectors that are twice as wide.
///
/// The compiler computes numbers in vectors of the width in which they are stored: with the narrow store, square roots
/// took twice as long.
///
/// # Safety
///
/// As for [`store`], and the processor has AVX.
#[cfg(target_arch = "x86_64")]
#[cfg_attr(not(target_feature = "avx"), target_feature(enable = "avx"))] // not needed if the whole crate is compiled for AVX
#[inline]
unsafe fn store_wide<B: Copy + 'static>(block: &Block<B>, out: &mut Block<B>) {
    use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_stream_si256};

    debug_assert!(is_plain::<B>() && out.as_ptr().addr().is_multiple_of(LINE_BYTES));
    let (from, to) = (block.as_ptr().cast::<__m256i>(), out.as_mut_ptr().cast::<__m256i>());
    for part in 0..mem::size_of::<Block<B>>() / mem::size_of::<__m256i>() {
        // SAFETY: within `block`, whose bytes have values, as in `store`.
        let register = unsafe { _mm256_loadu_si256(from.wrapping_add(part)) };
        // SAFETY: within `out`, which takes any bytes, and before the fence, as in `store`. The address is a multiple
        // of 32: `out` lies on a line of 64 bytes, of which a register is half.
        unsafe { _mm256_stream_si256(to.wrapping_add(part), register) };
    }
}

/// Writes `values` to as many elements of `out` with streaming stores: vectors where `out` is aligned to them, and
/// pieces of 4 bytes around these.
///
/// # Safety
///
/// `B` is a plain number, and a [`Fence`] comes before anybody else reads or writes `out`.
#[cfg(target_arch = "x86_64")]
#[inline]
unsafe fn store_edge<B: Copy + 'static>(values: &[B], out: &mut [B]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si32, _mm_stream_si128};

    debug_assert!(is_plain::<B>() && values.len() == out.len());
    let pieces = mem::size_of_val(values).min(mem::size_of_val(out)) / mem::size_of::<i32>();
    let (from, to) = (values.as_ptr().cast::<i32>(), out.as_mut_ptr().cast::<i32>());
    let mut at = 0;
    while at < pieces {
        let (from, to) = (from.wrapping_add(at), to.wrapping_add(at));
        if to.addr().is_multiple_of(mem::size_of::<__m128i>()) && at + 4 <= pieces {
            // SAFETY: four pieces within `values`. They have values, because `B` is plain.
            let register = unsafe { _mm_loadu_si128(from.cast()) };
            // SAFETY: four pieces within `out`, borrowed mutably, aligned as was just seen; the fence is promised.
            unsafe { _mm_stream_si128(to.cast(), register) };
            at += 4;
        } else {
            // SAFETY: a piece within `values`, with a value as above, and aligned: plain numbers have at least 4 bytes.
            let piece = unsafe { from.read() };
            // SAFETY: a piece within `out`, borrowed mutably, and aligned as above; the fence is promised.
            unsafe { _mm_stream_si32(to, piece) };
            at += 1;
        }
    }
}

/// # Safety
///
/// None: `unsafe` as its counterpart for x86-64.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
unsafe fn store_edge<B: Copy + 'static>(values: &[B], out: &mut [B]) {
    out.copy_from_slice(values);
}

/// # Safety
///
/// None: `unsafe` as its counterpart for x86-64.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
unsafe fn store<B: Copy + 'static, const N: usize>(block: &[B; N], out: &mut [B; N]) {
    *out = *block;
}

/// # Safety
///
/// None: `unsafe` as its counterpart for x86-64.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
unsafe fn store_wide<B: Copy + 'static>(block: &Block<B>, out: &mut Block<B>) {
    *out = *block;
}

/// Whether [`pays`] may be true, as far as the size of elements tells. In an inline `const`, it keeps loops that never
/// run from being compiled.
pub(crate) const fn may_pay<B>() -> bool {
    cfg!(target_arch = "x86_64") && matches!(size_of::<B>(), 4 | 8 | 16)
}

fn can_stream<B: 'static>() -> bool {
    cfg!(target_arch = "x86_64") && is_plain::<B>()
}

/// Whether `B` is a number without padding, of 4 bytes or more, so that [`STREAM_BLOCK`] of them are whole cache lines.
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
