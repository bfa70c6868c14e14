//! Loops over straight runs of memory, which become vector instructions; and the same with writes past the cache.
//!
//! A function comes by value, so that what it captured can stay in registers: were it behind a reference that also goes
//! to another function, it would be read again after every write (`axpby_into` took three times as long).

use std::hint::black_box;
use std::ops::Range;

use super::ahead::{AHEAD_BYTES, PAGE_BYTES, will_read, will_read_behind};
use super::stream::{self, BLOCK, Block, Fill, Stream};
use super::{cache, wide};

/// Shorter copies are `memcpy`'s.
const MEMCPY_BYTES: usize = 2 << 10;

/// `out[i] = a[i]`.
#[inline(always)]
pub(super) fn copy_run<A: Copy + 'static>(a: &[A], out: &mut [A], streams: bool) {
    if streams {
        copy_streamed(a, out);
    } else if size_of_val(a) < MEMCPY_BYTES {
        out.copy_from_slice(a);
    } else if is_far(2 * size_of_val(a)) {
        copy_far(a, out);
    } else {
        wide::copy(a, out, |_| black_box(())); // what may happen there keeps the loop a loop
    }
}

/// A copy that asks ahead, as [`write_here`] does.
#[inline(never)]
fn copy_far<A: Copy>(a: &[A], out: &mut [A]) {
    let out_start = out.as_ptr();
    let page = const { larger(PAGE_BYTES / larger(size_of::<A>(), 1), 1) };
    wide::copy(a, out, |block| {
        if block.start % page < block.len() {
            will_read_behind(a, block.start, AHEAD_BYTES);
            will_read(out_start.wrapping_add(block.start).wrapping_byte_offset(AHEAD_BYTES));
        }
        black_box(());
    });
}

/// How a run is read and written, by how far away its operands are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// In the nearer caches.
    Near,
    /// In the last cache, or on the way to memory: it is asked for ahead.
    Far,
    /// The output goes past the cache.
    Streamed,
}

impl Route {
    /// For operands of so many bytes in all.
    #[inline]
    pub(super) fn of<B: 'static>(operand_bytes: usize) -> Self {
        if stream::pays::<B>(operand_bytes) {
            Route::Streamed
        } else if is_far(operand_bytes) {
            Route::Far
        } else {
            Route::Near
        }
    }

    /// For each lane of `len` elements of such operands.
    pub(super) fn in_lanes<B>(self, len: usize) -> Self {
        match self {
            Route::Streamed if !stream::is_long_lane::<B>(len) => Route::Far,
            route => route,
        }
    }
}

/// Whether operands of so many bytes are in the last cache, if in any.
fn is_far(operand_bytes: usize) -> bool {
    const NEAR_BYTES: usize = 1 << 20; // of less, no cache is asked for its size
    operand_bytes >= NEAR_BYTES && operand_bytes >= cache::last_level_bytes() / 4
}

/// From this length on a run is worth a call, and the choice for which processor. (Nothing shorter is streamed.)
const MIN_RUN: usize = if cfg!(test) { 1 } else { 32 };

/// The same for lanes of more than one input, whose functions are cheap as a rule: with a call, rows of 64 numbers took
/// a quarter longer to add.
const MIN_LANE: usize = 4 * MIN_RUN;

/// Writes a run.
#[inline(always)]
pub(super) fn write_run<B: Copy + 'static>(
    mut inputs: impl Inputs<B>,
    out: &mut [B],
    route: Route,
) {
    // One branch, and the route is looked at behind it: there may be many lanes of three elements.
    if out.len() < MIN_RUN { inputs.fill(0, out) } else { inputs.write(out, route) }
}

/// Writes a run that is one lane of many.
#[inline(always)]
pub(super) fn write_lane<B: Copy + 'static>(
    mut inputs: impl Inputs<B>,
    out: &mut [B],
    route: Route,
) {
    if out.len() < MIN_LANE { inputs.fill(0, out) } else { inputs.write(out, route) }
}

/// Writes a run for a caller that is compiled for some processor, with its [`store`](stream::store).
///
/// 1. Vectors begin where they lie on one line of the cache: where arrays of the heap begin, every other one would lie on
///    two (0.9 of the time in the nearest caches). For the inputs it makes no difference, unless one [`follows`](Inputs::follows).
/// 2. What is far is asked for, a line of each page, as [`ahead`](super::ahead) tells. Wide vectors are faster then than
///    narrow ones (0.8 to 0.95 of the time), and slower without (1.1).
#[inline(always)]
pub(super) fn write_here<B: Copy + 'static, I: Inputs<B>>(
    mut inputs: I,
    out: &mut [B],
    route: Route,
    store: impl Fn(&Block<B>, &mut Block<B>),
) {
    if route == Route::Streamed {
        let all = 0..out.len();
        return Stream::over(out).write_by(store, all, inputs);
    }
    let mut at = if inputs.follows(out) { 0 } else { before_vectors(out) };
    if at > 0 {
        inputs.fill(0, &mut out[..at]);
    }
    if route == Route::Near {
        return inputs.fill(at, &mut out[at..]);
    }
    let page = const { larger(PAGE_BYTES / larger(larger(I::WIDEST, size_of::<B>()), 1), 1) };
    for out in out[at..].chunks_mut(page) {
        inputs.will_read(at, AHEAD_BYTES);
        will_read_behind(out, 0, AHEAD_BYTES);
        inputs.fill(at, out);
        at += out.len();
    }
}

/// How many elements lie before the first place for a vector in a run that is worth the question.
#[inline(always)]
fn before_vectors<B>(out: &[B]) -> usize {
    const MIN_LEN: usize = 256;
    if size_of::<B>() >= 4 && out.len() >= MIN_LEN { to_vector(out) } else { 0 }
}

/// How many elements lie before the first that begins where a wide vector may. (Of some sizes, none does.)
#[inline(always)]
fn to_vector<B>(out: &[B]) -> usize {
    const VECTOR_BYTES: usize = 32;
    match out.as_ptr().align_offset(VECTOR_BYTES) {
        usize::MAX => 0,
        elements => elements.min(out.len()),
    }
}

/// Fills `out` in blocks that begin where vectors do, for a caller that is compiled for some processor.
#[inline(always)]
pub(super) fn fill_here<B: Copy>(out: &mut [B], mut fill: impl Fill<B>) {
    let (head, out) = out.split_at_mut(to_vector(out));
    fill.fill(0, head);
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    let mut at = head.len();
    for block in blocks {
        fill.fill(at, block);
        at += BLOCK;
    }
    fill.fill(at, rest);
}

#[inline(never)]
fn copy_streamed<A: Copy + 'static>(a: &[A], out: &mut [A]) {
    Stream::over(out).copy(0..a.len(), a);
}

/// Inputs as long as the output, and the function that makes its elements of theirs.
pub(super) trait Inputs<B: Copy + 'static>: Fill<B> {
    /// What is read for an element.
    const BYTES: usize;
    /// The largest part of that.
    const WIDEST: usize;

    /// Writes all of the output, by [`write_here`] in the version for this processor. (Passed on in one piece, inputs go
    /// through memory: 1 ns more a lane.)
    fn write(self, out: &mut [B], route: Route);

    /// Whether an input lies 33 to 63 bytes before the output within their pages. The processor compares these places alone
    /// at first: each read would wait for two earlier writes, if it went across them (a third longer at 64²).
    fn follows(&self, out: &[B]) -> bool;

    /// Says that element number `at` of each input is reached, and what lies `bytes` behind it will be read soon.
    fn will_read(&self, at: usize, bytes: isize);
}

fn lies_shortly_before<A, B>(a: &[A], out: &[B]) -> bool {
    let distance = out.as_ptr().addr().wrapping_sub(a.as_ptr().addr());
    size_of::<A>() == size_of::<B>() && matches!(distance % PAGE_BYTES, 33..64)
}

/// `usize::max`, which is no `const fn`.
const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// Fills in `f(a[i])`.
pub(super) struct Mapped<'a, A, F> {
    pub(super) a: &'a [A],
    pub(super) f: F,
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

impl<A: Copy, B: Copy + 'static, F: FnMut(A) -> B> Inputs<B> for Mapped<'_, A, F> {
    const BYTES: usize = size_of::<A>();
    const WIDEST: usize = Self::BYTES;

    #[inline(always)]
    fn follows(&self, out: &[B]) -> bool {
        lies_shortly_before(self.a, out)
    }

    #[inline(always)]
    fn write(self, out: &mut [B], route: Route) {
        wide::map(self.a, out, route, self.f);
    }

    #[inline(always)]
    fn will_read(&self, at: usize, bytes: isize) {
        will_read_behind(self.a, at, bytes);
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
        let inputs = self.a[at..][..len].iter().zip(&self.b[at..][..len]);
        for (out, (&a, &b)) in block.iter_mut().zip(inputs) {
            *out = (self.f)(a, b);
        }
    }
}

impl<A: Copy, B: Copy, C: Copy + 'static, F: FnMut(A, B) -> C> Inputs<C> for Zipped<'_, A, B, F> {
    const BYTES: usize = size_of::<A>() + size_of::<B>();
    const WIDEST: usize = larger(size_of::<A>(), size_of::<B>());

    #[inline(always)]
    fn follows(&self, out: &[C]) -> bool {
        lies_shortly_before(self.a, out) || lies_shortly_before(self.b, out)
    }

    #[inline(always)]
    fn write(self, out: &mut [C], route: Route) {
        wide::zip_map(self.a, self.b, out, route, self.f);
    }

    #[inline(always)]
    fn will_read(&self, at: usize, bytes: isize) {
        will_read_behind(self.a, at, bytes);
        will_read_behind(self.b, at, bytes);
    }
}

/// Fills in `f(a[i], b[i], c[i])`.
pub(super) struct Zipped3<'a, A, B, C, F> {
    pub(super) a: &'a [A],
    pub(super) b: &'a [B],
    pub(super) c: &'a [C],
    pub(super) f: F,
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
    const BYTES: usize = size_of::<A>() + size_of::<B>() + size_of::<C>();
    const WIDEST: usize = larger(size_of::<A>(), larger(size_of::<B>(), size_of::<C>()));

    #[inline(always)]
    fn follows(&self, out: &[O]) -> bool {
        [
            lies_shortly_before(self.a, out),
            lies_shortly_before(self.b, out),
            lies_shortly_before(self.c, out),
        ]
        .contains(&true)
    }

    #[inline(always)]
    fn write(self, out: &mut [O], route: Route) {
        wide::zip3_map(self.a, self.b, self.c, out, route, self.f);
    }

    #[inline(always)]
    fn will_read(&self, at: usize, bytes: isize) {
        will_read_behind(self.a, at, bytes);
        will_read_behind(self.b, at, bytes);
        will_read_behind(self.c, at, bytes);
    }
}

/// `out[i] = a[i]`, for a caller that is compiled for some processor. Before each block comes `between`, with the numbers of its
/// elements; the compiler must not see that it does nothing, or the loop becomes a call of `memcpy`.
///
/// From 2 KiB to 1 MiB, glibc's takes the instruction `rep movsb`, which goes byte by byte (14 to 27 times as slow
/// as other copies) where `out` starts 1 to 15 bytes behind `a` in their pages. Buffers that start on pages come
/// to that when elements are shifted by one. Otherwise the loop is as fast, and for large arrays faster. Blocks begin
/// where vectors do: rows of an array within margins took up to half as long again.
#[inline(always)]
pub(super) fn copy_here<A: Copy>(a: &[A], out: &mut [A], between: impl Fn(Range<usize>)) {
    match const { size_of::<A>() } {
        1 => in_blocks_of::<A, 128>(a, out, between),
        2 => in_blocks_of::<A, 64>(a, out, between),
        3..=4 => in_blocks_of::<A, 32>(a, out, between),
        5..=16 => in_blocks_of::<A, 16>(a, out, between),
        _ => in_blocks_of::<A, 1>(a, out, between),
    }
}

#[inline(always)]
fn in_blocks_of<A: Copy, const N: usize>(a: &[A], out: &mut [A], between: impl Fn(Range<usize>)) {
    let head = to_vector(out);
    let ((a_head, a), (out_head, out)) = (a.split_at(head), out.split_at_mut(head));
    copy_few(a_head, out_head);
    let ((blocks, rest), (out, out_rest)) = (a.as_chunks::<N>(), out.as_chunks_mut::<N>());
    for (number, (out, block)) in out.iter_mut().zip(blocks).enumerate() {
        let start = head + number * N;
        between(start..start + N);
        *out = *block;
    }
    copy_few(rest, out_rest);
}

/// Copies less than a call is worth.
#[inline(always)]
fn copy_few<A: Copy>(a: &[A], out: &mut [A]) {
    for (out, a) in out.iter_mut().zip(a) {
        black_box(());
        *out = *a;
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// At every place on a line that elements may have, with what lies around.
    fn copies_exactly<A: Copy + PartialEq + Debug + 'static>(number: impl Fn(usize) -> A) {
        let a: Vec<A> = (0..3000).map(&number).collect();
        let stale = number(3001);
        for len in (0..150).chain([511, 512, 2048, 2900]) {
            for start in [0, 1, 2, 3, 5, 7, 8, 31, 64] {
                let a = &a[start / 2..start / 2 + len];
                for copy in [copy_run_plainly, copy_far, |a: &[A], out: &mut [A]| {
                    wide::copy(a, out, |_| black_box(()));
                }] {
                    let mut out = vec![stale; start + len + 1];
                    copy(a, &mut out[start..start + len]);
                    assert_eq!(out[start..start + len], *a);
                    assert!(out[..start].iter().all(|&x| x == stale) && out[start + len] == stale);
                }
            }
        }
    }

    fn copy_run_plainly<A: Copy + 'static>(a: &[A], out: &mut [A]) {
        copy_run(a, out, false);
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
