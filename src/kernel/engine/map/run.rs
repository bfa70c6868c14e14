//! Loops over contiguous slices, which the compiler vectorises, with plain or with streaming stores.
//!
//! Functions are passed by value, and returned, so that what they capture can stay in registers: behind a reference
//! that is also passed to another function, it would be reloaded after every store (`axpby_into` took three times as
//! long).

use crate::kernel::engine::cpu::dispatch::{self, Loop, OutputLoop, Simd};
use crate::kernel::engine::cpu::stream::{self, Fill, Stream};
use crate::kernel::engine::map::function::Function;
use crate::kernel::engine::map::slices::Operands;
use crate::kernel::engine::tuning::{MIN_ALIGNED_LEN, STREAM_BLOCK};

/// The loop over operands. With a `BLOCK` other than zero, an input that is shorter than the output is a block of one
/// repeated element.
pub(crate) struct Write<const BLOCK: usize, I, F> {
    pub(crate) inputs: I,
    pub(crate) f: F,
    /// Whether results are streamed.
    pub(crate) streams: bool,
}

impl<const BLOCK: usize, I, O, F> OutputLoop<O, (), (), ()> for Write<BLOCK, I, F>
where
    I: Operands,
    O: Copy + 'static,
    F: Function<I::Items, Output = O>,
{
    type Output = F;

    /// Plain stores are aligned to vectors, so that each stays within one cache line: from where heap arrays begin, every
    /// other vector of 32 bytes would cross two lines (aligned, it takes 0.9 of the time in L1 and L2). Aligning the
    /// inputs makes no difference.
    #[inline(always)]
    fn run<V: Simd>(self, simd: V, out: &mut [O], _: &mut [()], _: &mut [()], _: &mut [()]) -> F {
        let Write { inputs, f, streams } = self;
        let mut mapped = Mapped::<BLOCK, _, _> { inputs, whole: out.len(), f };
        if const { stream::may_pay::<O>() } && streams {
            return Stream::over(out, |out| out.write_by(simd, 0..out.len(), mapped)).f;
        }
        let (head, rest) = out.split_at_mut(before_vectors(out));
        if !head.is_empty() {
            mapped.fill(0, head);
        }
        if BLOCK == 0 {
            mapped.fill(head.len(), rest);
            return mapped.f;
        }
        let mut blocks = rest.chunks_exact_mut(BLOCK);
        let mut at = head.len();
        for block in &mut blocks {
            mapped.fill(at, block);
            at += BLOCK;
        }
        mapped.fill(at, blocks.into_remainder());
        mapped.f
    }
}

/// Computes the elements of an output from those of its inputs.
struct Mapped<const BLOCK: usize, I, F> {
    inputs: I,
    /// How many elements there are.
    whole: usize,
    f: F,
}

impl<const BLOCK: usize, I, O, F> Fill<O> for Mapped<BLOCK, I, F>
where
    I: Operands,
    F: Function<I::Items, Output = O>,
{
    #[inline(always)]
    fn fill(&mut self, at: usize, block: &mut [O]) {
        let inputs = match BLOCK {
            0 => self.inputs.part(at, block.len()),
            _ => self.inputs.part_or_block(self.whole, at, block.len()),
        };
        fill(inputs, &mut self.f, block);
    }
}

/// Writes all of `out`; the inputs are as long.
#[inline(always)]
pub(crate) fn fill<I, O, F>(inputs: I, f: &mut F, out: &mut [O])
where
    I: Operands,
    F: Function<I::Items, Output = O>,
{
    #[expect(
        clippy::needless_range_loop,
        reason = "the compiler sees that all slices have this index"
    )]
    for at in 0..out.len() {
        out[at] = f.call(inputs.items(at));
    }
}

/// Fills `out` in blocks that are aligned to vectors.
#[inline(always)]
pub(crate) fn fill_blocks<B: Copy>(out: &mut [B], fill: impl Fill<B>) {
    dispatch::run_on_output(InBlocks(fill), out);
}

struct InBlocks<F>(F);

impl<B: Copy, F: Fill<B>> OutputLoop<B, (), (), ()> for InBlocks<F> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(mut self, _: V, out: &mut [B], _: &mut [()], _: &mut [()], _: &mut [()]) {
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
