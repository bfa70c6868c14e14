//! Loops over contiguous slices, which the compiler vectorises, with plain or with streaming stores.
//!
//! Functions are passed by value, so that what they capture can stay in registers: behind a reference that is also
//! passed to another function, it would be reloaded after every store (`axpby_into` took three times as long).

use std::hint::black_box;
use std::ops::Range;

use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd, SliceLoop};
use crate::kernel::engine::cpu::stream::{Fill, Stream};
use crate::kernel::engine::tuning::{
    MIN_ALIGNED_LEN, MIN_DISPATCHED_LANE, MIN_DISPATCHED_SLICE, STREAM_BLOCK,
};

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

/// Writes all of `out`, a contiguous slice.
#[inline(always)]
pub(crate) fn write_run<B: Copy + 'static>(
    mut inputs: impl Inputs<B>,
    out: &mut [B],
    streams: bool,
) {
    // A single branch for short slices; whether to stream is decided behind it. There may be many lanes of three
    // elements.
    if out.len() < MIN_DISPATCHED_SLICE { inputs.fill(0, out) } else { inputs.write(out, streams) }
}

/// [`write_run`] for an `out` that is one of many lanes.
#[inline(always)]
pub(crate) fn write_lane<B: Copy + 'static>(
    mut inputs: impl Inputs<B>,
    out: &mut [B],
    streams: bool,
) {
    if out.len() < MIN_DISPATCHED_LANE { inputs.fill(0, out) } else { inputs.write(out, streams) }
}

/// The inputs of an elementwise loop, as long as its output, together with the function that computes an element of the
/// output from theirs. [`Mapped`], [`Zipped`] and [`Zipped3`] have one, two and three inputs.
///
/// As a [`Fill`] it computes any block of the output, in code that is inlined into the caller. [`write`](Self::write)
/// computes the whole output through the choice of an instruction set, which pays from some length on.
pub(crate) trait Inputs<B: Copy + 'static>: Fill<B> {
    /// Writes all of the output, in the version for this processor.
    fn write(self, out: &mut [B], streams: bool);
}

/// The [`SliceLoop`]s of one, two and three inputs: the function, and whether its results are streamed.
struct OfOne<F>(F, bool);
struct OfTwo<F>(F, bool);
struct OfThree<F>(F, bool);

/// Fills `out` from `inputs`, in the instruction set of the caller.
///
/// Plain stores are aligned to vectors, so that each stays within one cache line: from where heap arrays begin, every
/// other vector of 32 bytes would cross two lines (aligned, it takes 0.9 of the time in L1 and L2). Aligning the inputs
/// makes no difference.
#[inline(always)]
fn write_here<B: Copy + 'static>(
    simd: impl Simd,
    mut inputs: impl Fill<B>,
    out: &mut [B],
    streams: bool,
) {
    if streams {
        return Stream::over(out, |out| out.write_by(simd, 0..out.len(), inputs));
    }
    let (head, rest) = out.split_at_mut(before_vectors(out));
    if !head.is_empty() {
        inputs.fill(0, head);
    }
    inputs.fill(head.len(), rest);
}

/// Fills `out` in blocks that are aligned to vectors.
#[inline(always)]
pub(crate) fn fill_blocks<B: Copy>(out: &mut [B], fill: impl Fill<B>) {
    dispatch::run_on_slices(InBlocks(fill), &[(); 0], &[(); 0], &[(); 0], out);
}

struct InBlocks<F>(F);

impl<B: Copy, F: Fill<B>> SliceLoop<(), (), (), B> for InBlocks<F> {
    #[inline(always)]
    fn run<V: Simd>(mut self, _: V, _: &[()], _: &[()], _: &[()], out: &mut [B]) {
        let (head, out) = out.split_at_mut(to_vector(out));
        self.0.fill(0, head);
        let (blocks, rest) = out.as_chunks_mut::<STREAM_BLOCK>();
        let mut at = head.len();
        for block in blocks {
            self.0.fill(at, block);
            at += STREAM_BLOCK;
        }
        self.0.fill(at, rest);
    }
}

/// Whether `is` holds for any element. It tests all elements without a branch, so it is for conditions that rarely
/// hold.
pub(crate) fn any<A: Copy>(a: &[A], is: impl Fn(A) -> bool) -> bool {
    dispatch::run(Any(is), a)
}

struct Any<F>(F);

impl<A: Copy, F: Fn(A) -> bool> Loop<&[A]> for Any<F> {
    type Output = bool;

    #[inline(always)]
    fn run<V: Simd>(self, _: V, a: &[A]) -> bool {
        a.iter().fold(false, |found, &x| found | (self.0)(x))
    }
}

/// How many elements lie before the first that is aligned to a vector; zero for slices that are too short to gain.
#[inline(always)]
fn before_vectors<B>(out: &[B]) -> usize {
    if size_of::<B>() >= 4 && out.len() >= MIN_ALIGNED_LEN { to_vector(out) } else { 0 }
}

/// How many elements lie before the first that is aligned to a vector of AVX2. (For some sizes of elements, none ever
/// is.)
#[inline(always)]
fn to_vector<B>(out: &[B]) -> usize {
    const VECTOR_BYTES: usize = 32;
    match out.as_ptr().align_offset(VECTOR_BYTES) {
        usize::MAX => 0,
        elements => elements.min(out.len()),
    }
}

#[inline(never)]
fn copy_streamed<A: Copy + 'static>(a: &[A], out: &mut [A]) {
    Stream::over(out, |out| out.copy(0..a.len(), a));
}

/// Computes `f(a[i])`.
pub(crate) struct Mapped<'a, A, F> {
    pub(crate) a: &'a [A],
    pub(crate) f: F,
}

impl<A: Copy, B, F: FnMut(A) -> B> Fill<B> for Mapped<'_, A, F> {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [B]) {
        let len = block.len();
        for (out, &a) in block.iter_mut().zip(&self.a[at..][..len]) {
            *out = (self.f)(a);
        }
    }
}

impl<A: Copy, O: Copy + 'static, F: FnMut(A) -> O> Inputs<O> for Mapped<'_, A, F> {
    #[inline(always)]
    fn write(self, out: &mut [O], streams: bool) {
        dispatch::run_on_slices(OfOne(self.f, streams), self.a, &[(); 0], &[(); 0], out);
    }
}

impl<A: Copy, O: Copy + 'static, F: FnMut(A) -> O> SliceLoop<A, (), (), O> for OfOne<F> {
    #[inline(always)]
    fn run<V: Simd>(self, simd: V, a: &[A], _: &[()], _: &[()], out: &mut [O]) {
        write_here(simd, Mapped { a, f: self.0 }, out, self.1);
    }
}

/// Computes `f(a[i], b[i])`.
pub(crate) struct Zipped<'a, A, B, F> {
    pub(crate) a: &'a [A],
    pub(crate) b: &'a [B],
    pub(crate) f: F,
}

impl<A: Copy, B: Copy, C, F: FnMut(A, B) -> C> Fill<C> for Zipped<'_, A, B, F> {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [C]) {
        let len = block.len();
        let inputs = self.a[at..][..len].iter().zip(&self.b[at..][..len]);
        for (out, (&a, &b)) in block.iter_mut().zip(inputs) {
            *out = (self.f)(a, b);
        }
    }
}

impl<A: Copy, B: Copy, O: Copy + 'static, F: FnMut(A, B) -> O> Inputs<O> for Zipped<'_, A, B, F> {
    #[inline(always)]
    fn write(self, out: &mut [O], streams: bool) {
        dispatch::run_on_slices(OfTwo(self.f, streams), self.a, self.b, &[(); 0], out);
    }
}

impl<A: Copy, B: Copy, O: Copy + 'static, F: FnMut(A, B) -> O> SliceLoop<A, B, (), O> for OfTwo<F> {
    #[inline(always)]
    fn run<V: Simd>(self, simd: V, a: &[A], b: &[B], _: &[()], out: &mut [O]) {
        write_here(simd, Zipped { a, b, f: self.0 }, out, self.1);
    }
}

/// Computes `f(a[i], b[i], c[i])`.
pub(crate) struct Zipped3<'a, A, B, C, F> {
    pub(crate) a: &'a [A],
    pub(crate) b: &'a [B],
    pub(crate) c: &'a [C],
    pub(crate) f: F,
}

impl<A: Copy, B: Copy, C: Copy, O, F: FnMut(A, B, C) -> O> Fill<O> for Zipped3<'_, A, B, C, F> {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [O]) {
        let len = block.len();
        let (a, b, c) = (&self.a[at..][..len], &self.b[at..][..len], &self.c[at..][..len]);
        let inputs = a.iter().zip(b).zip(c);
        for (out, ((&a, &b), &c)) in block.iter_mut().zip(inputs) {
            *out = (self.f)(a, b, c);
        }
    }
}

impl<A: Copy, B: Copy, C: Copy, O: Copy + 'static, F: FnMut(A, B, C) -> O> Inputs<O>
    for Zipped3<'_, A, B, C, F>
{
    #[inline(always)]
    fn write(self, out: &mut [O], streams: bool) {
        dispatch::run_on_slices(OfThree(self.f, streams), self.a, self.b, self.c, out);
    }
}

impl<A, B, C, O, F> SliceLoop<A, B, C, O> for OfThree<F>
where
    A: Copy,
    B: Copy,
    C: Copy,
    O: Copy + 'static,
    F: FnMut(A, B, C) -> O,
{
    #[inline(always)]
    fn run<V: Simd>(self, simd: V, a: &[A], b: &[B], c: &[C], out: &mut [O]) {
        write_here(simd, Zipped3 { a, b, c, f: self.0 }, out, self.1);
    }
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
