//! Loops over straight runs of memory, which become vector instructions; and the same with writes past the cache.
//!
//! A function comes by value, so that what it captured can stay in registers: were it behind a reference that also goes
//! to another function, it would be read again after every write (`axpby_into` took three times as long).

use super::stream::{Fill, Stream};
use super::wide;

/// Shorter copies are `memcpy`'s.
const MEMCPY_BYTES: usize = 2 << 10;

/// `out[i] = a[i]`.
#[inline(always)]
pub(super) fn copy_run<A: Copy + 'static>(a: &[A], out: &mut [A], streams: bool) {
    if streams {
        copy_streamed(a, out);
    } else if size_of_val(a) < MEMCPY_BYTES {
        out.copy_from_slice(a);
    } else {
        copy_by_loop(a, out);
    }
}

/// `out[i] = f(a[i])`.
#[inline(always)]
pub(super) fn map_run<A: Copy, B: Copy + 'static>(
    a: &[A],
    out: &mut [B],
    streams: bool,
    f: impl FnMut(A) -> B,
) {
    if streams {
        wide::map_streamed(a, out, f);
    } else if a.len() < wide::MIN_RUN {
        map_plainly(a, out, f);
    } else {
        wide::map(a, out, f);
    }
}

/// `out[i] = f(a[i], b[i])`.
#[inline(always)]
pub(super) fn zip_map_run<A: Copy, B: Copy, C: Copy + 'static>(
    a: &[A],
    b: &[B],
    out: &mut [C],
    streams: bool,
    f: impl FnMut(A, B) -> C,
) {
    if streams {
        zip_map_streamed(a, b, out, f);
    } else {
        zip_map_plainly(a, b, out, f);
    }
}

/// `out[i] = f(a[i], b[i], c[i])`.
#[inline(always)]
pub(super) fn zip3_map_run<A: Copy, B: Copy, C: Copy, O: Copy + 'static>(
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
    streams: bool,
    f: impl FnMut(A, B, C) -> O,
) {
    if streams {
        zip3_map_streamed(a, b, c, out, f);
    } else {
        zip3_map_plainly(a, b, c, out, f);
    }
}

#[inline(always)]
pub(super) fn map_plainly<A: Copy, B>(a: &[A], out: &mut [B], mut f: impl FnMut(A) -> B) {
    for (out, &a) in out.iter_mut().zip(a) {
        *out = f(a);
    }
}

#[inline(always)]
pub(super) fn zip_map_plainly<A: Copy, B: Copy, C>(
    a: &[A],
    b: &[B],
    out: &mut [C],
    mut f: impl FnMut(A, B) -> C,
) {
    for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
        *out = f(a, b);
    }
}

#[inline(always)]
fn zip3_map_plainly<A: Copy, B: Copy, C: Copy, O>(
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
    mut f: impl FnMut(A, B, C) -> O,
) {
    for (((out, &a), &b), &c) in out.iter_mut().zip(a).zip(b).zip(c) {
        *out = f(a, b, c);
    }
}

#[inline(never)]
fn copy_streamed<A: Copy + 'static>(a: &[A], out: &mut [A]) {
    Stream::over(out).copy(0..a.len(), a);
}

#[inline(never)]
fn zip_map_streamed<A: Copy, B: Copy, C: Copy + 'static>(
    a: &[A],
    b: &[B],
    out: &mut [C],
    f: impl FnMut(A, B) -> C,
) {
    Stream::over(out).write_all(Zipped { a, b, f });
}

#[inline(never)]
fn zip3_map_streamed<A: Copy, B: Copy, C: Copy, O: Copy + 'static>(
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
    f: impl FnMut(A, B, C) -> O,
) {
    Stream::over(out).write_all(Zipped3 { a, b, c, f });
}

/// Fills in `f(a[i])`.
pub(super) struct Mapped<'a, A, F> {
    pub(super) a: &'a [A],
    pub(super) f: F,
}

impl<A: Copy, B, F: FnMut(A) -> B> Fill<B> for Mapped<'_, A, F> {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [B]) {
        map_plainly(&self.a[at..][..block.len()], block, &mut self.f);
    }
}

/// Fills in `f(a[i], b[i])`.
pub(super) struct Zipped<'a, A, B, F> {
    pub(super) a: &'a [A],
    pub(super) b: &'a [B],
    pub(super) f: F,
}

impl<A: Copy, B: Copy, C, F: FnMut(A, B) -> C> Fill<C> for Zipped<'_, A, B, F> {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [C]) {
        let len = block.len();
        zip_map_plainly(&self.a[at..][..len], &self.b[at..][..len], block, &mut self.f);
    }
}

struct Zipped3<'a, A, B, C, F> {
    a: &'a [A],
    b: &'a [B],
    c: &'a [C],
    f: F,
}

impl<A: Copy, B: Copy, C: Copy, O, F: FnMut(A, B, C) -> O> Fill<O> for Zipped3<'_, A, B, C, F> {
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [O]) {
        let len = block.len();
        let (a, b, c) = (&self.a[at..][..len], &self.b[at..][..len], &self.c[at..][..len]);
        zip3_map_plainly(a, b, c, block, &mut self.f);
    }
}

/// `out = a` by a plain loop, in which the compiler must not see a call of `memcpy`.
///
/// From 2 KiB to 1 MiB, glibc's takes the instruction `rep movsb`, which goes byte by byte (14 to 27 times as slow
/// as other copies) where `out` starts 1 to 15 bytes behind `a` in their pages. Buffers that start on pages come
/// to that when elements are shifted by one. Otherwise the loop is as fast, and for large arrays faster.
#[inline(never)]
fn copy_by_loop<A: Copy>(a: &[A], out: &mut [A]) {
    match size_of::<A>() {
        1 => in_blocks_of::<A, 128>(a, out),
        2 => in_blocks_of::<A, 64>(a, out),
        3..=4 => in_blocks_of::<A, 32>(a, out),
        5..=16 => in_blocks_of::<A, 16>(a, out),
        _ => in_blocks_of::<A, 1>(a, out),
    }
}

fn in_blocks_of<A: Copy, const N: usize>(a: &[A], out: &mut [A]) {
    let ((blocks, rest), (out, out_rest)) = (a.as_chunks::<N>(), out.as_chunks_mut::<N>());
    for (out, block) in out.iter_mut().zip(blocks) {
        *out = *block;
        std::hint::black_box(()); // what may happen here keeps the loop a loop
    }
    out_rest.copy_from_slice(rest);
}
