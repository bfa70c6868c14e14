//! The work of elementwise kernels, copies, scans and reductions, compiled twice: for every x86-64 processor, and for those with AVX2, whose
//! vectors are twice as wide.
//!
//! Arrays in the nearest caches are read faster than narrow vectors can be added or divided; and to round to a whole number takes
//! a call of a function without SSE4.1, an instruction for four of them with AVX. Which version runs is decided for a run or a
//! block of elements or a group of rows at a time, by [`macro@multiversion`]: it asks the processor once, and every choice costs
//! 1 to 2 ns.
//!
//! Both versions do the same operations in the same order, so results have the same bits on every processor. Multiplications and
//! additions are not fused: the compiler never does so by itself, and FMA is not among what it may use.
//!
//! What is called here is `#[inline(always)]` all the way down. Other functions are compiled once, for every processor.
//!
//! There is no third version for AVX-512: it needs Rust 1.89, and what the compiler makes of it is seldom faster, and slower where
//! places are looked for.

use std::ops::Range;

use multiversion::{multiversion, target::match_target};

use super::checked::update_here;
use super::fold::Fold;
use super::fold_finish::Finish;
use super::fold_rows::Columns;
use super::fold_short::{Outs, Short, ShortLanes};
use super::fold_source::{LANES, Run};
use super::runs::{Mapped, Zipped, Zipped3, fill_here, write_here};
use super::second_look::SecondLook;
use super::stream::{self, Fill, FillBoth, Stream};

/// `out[i] = f(a[i])`.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn map<A: Copy, B: Copy + 'static, F: FnMut(A) -> B>(
    a: &[A],
    out: &mut [B],
    streams: bool,
    f: F,
) {
    match_target! {
        "x86_64+avx+avx2" => {
            write_here(Mapped { a, f }, out, streams, |block, out| stream::store_wide(block, out));
        }
        _ => write_here(Mapped { a, f }, out, streams, stream::store),
    }
}

/// `out[i] = f(a[i], b[i])`.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn zip_map<A: Copy, B: Copy, C: Copy + 'static, F: FnMut(A, B) -> C>(
    a: &[A],
    b: &[B],
    out: &mut [C],
    streams: bool,
    f: F,
) {
    match_target! {
        "x86_64+avx+avx2" => {
            write_here(Zipped { a, b, f }, out, streams, |block, out| stream::store_wide(block, out));
        }
        _ => write_here(Zipped { a, b, f }, out, streams, stream::store),
    }
}

/// `out[i] = f(a[i], b[i], c[i])`.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn zip3_map<A: Copy, B: Copy, C: Copy, O: Copy + 'static, F: FnMut(A, B, C) -> O>(
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
    streams: bool,
    f: F,
) {
    match_target! {
        "x86_64+avx+avx2" => {
            write_here(Zipped3 { a, b, c, f }, out, streams, |block, out| stream::store_wide(block, out));
        }
        _ => write_here(Zipped3 { a, b, c, f }, out, streams, stream::store),
    }
}

/// `a[i] = quick(a[i], b[i])` where that is certain, and `careful(a[i], b[i])` elsewhere.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn update_checked<A: Copy, B: Copy, Q: Fn(A, B) -> (A, bool), C: Fn(A, B) -> A>(
    a: &mut [A],
    b: &[B],
    quick: &Q,
    careful: &C,
) {
    update_here(a, b, quick, careful);
}

/// Fills `out`, as [`fill_here`] tells.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn fill<B: Copy, F: Fill<B>>(out: &mut [B], fill: F) {
    fill_here(out, fill);
}

/// Fills a part of an output, as [`Stream::write_in_turn_by`] tells.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn stream_in_turn<B: Copy + 'static, F: Fill<B>>(
    out: &mut Stream<'_, B>,
    part: Range<usize>,
    fill: F,
) {
    match_target! {
        "x86_64+avx+avx2" => {
            out.write_in_turn_by(|block, out| stream::store_wide(block, out), part, fill);
        }
        _ => out.write_in_turn_by(stream::store, part, fill),
    }
}

/// Fills a part of two outputs, as [`Stream::write_both_by`] tells.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn stream_both<B: Copy + 'static, F: FillBoth<B>>(
    outs: [&mut Stream<'_, B>; 2],
    part: Range<usize>,
    fill: F,
) {
    match_target! {
        "x86_64+avx+avx2" => {
            Stream::write_both_by(outs, |block, out| stream::store_wide(block, out), part, fill);
        }
        _ => Stream::write_both_by(outs, stream::store, part, fill),
    }
}

/// Whether `is` holds of any element. All are looked at: it is for what seldom holds.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn any<A: Copy, F: Fn(A) -> bool>(a: &[A], is: F) -> bool {
    a.iter().fold(false, |found, &x| found | is(x))
}

/// The length from which on a block is worth the choice.
pub(super) const MIN_BLOCK: usize = 8 * LANES;

/// The state of a block whose first element is number `at`.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn of_block<R: Run, F: Fold<R::Element>>(block: R, at: usize, fold: &F) -> F::State {
    match_target! {
        "x86_64+avx+avx2" => fold.block::<true>(block, at),
        _ => fold.block::<false>(block, at),
    }
}

/// Adds rows to columns.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn add_rows<R: Run, F: Fold<R::Element>, const N: usize>(
    columns: Columns<'_, F, F::Side>,
    rows: &[R; N],
) {
    match_target! {
        "x86_64+avx+avx2" => columns.add_here::<true, R, N>(rows),
        _ => columns.add_here::<false, R, N>(rows),
    }
}

/// Writes what is made of `count` short lanes.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn of_short_lanes<
    S: Short,
    B,
    F: Fold<S::Element>,
    G: Finish<F::State, B>,
    O: Outs<B>,
>(
    lanes: &ShortLanes<'_, S, F, G>,
    first: usize,
    count: usize,
    outs: &mut O,
) {
    match_target! {
        "x86_64+avx+avx2" => lanes.write_here::<true, B>(first, count, outs),
        _ => lanes.write_here::<false, B>(first, count, outs),
    }
}

/// Whether any of the results may be doubtful.
#[multiversion(targets("x86_64+avx+avx2"))]
#[inline(never)]
pub(super) fn may_doubt<A, L: SecondLook<A>>(results: &[A], look: &L) -> bool {
    look.may_doubt(results)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use ndarray::{Array1, ArrayView2, Axis};
    use num_traits::Float;

    use super::super::fold::{along_axis, along_axis_of_two};
    use super::super::fold_kinds::counting;
    use super::super::fold_moments::{Moments, MomentsOf};
    use super::super::{extrema, reduce};
    use super::*;

    /// A fold in its version for every processor, whoever calls it: what is not inlined is compiled for every processor.
    struct Narrow<'a, F>(&'a F);

    impl<A: Copy, F: Fold<A>> Fold<A> for Narrow<'_, F> {
        type State = F::State;
        type Side = F::Side;
        type States = F::States;

        const ROWS: usize = F::ROWS;
        const GROUP: usize = F::GROUP;
        const IS_ANYWHERE: bool = F::IS_ANYWHERE;

        #[inline(never)]
        fn block<const WIDE: bool>(&self, elements: impl Run<Element = A>, at: usize) -> F::State {
            self.0.block::<false>(elements, at)
        }

        #[inline(never)]
        fn rows<const WIDE: bool, R: Run<Element = A>, const N: usize>(
            &self,
            rows: &[R; N],
            at: usize,
            sides: &mut [F::Side],
            fresh: bool,
        ) {
            self.0.rows::<false, R, N>(rows, at, sides, fresh);
        }

        fn side(&self, element: A) -> F::Side {
            self.0.side(element)
        }

        fn state(&self, side: &F::Side, column: usize, count: usize) -> F::State {
            self.0.state(side, column, count)
        }

        fn merge(&self, early: F::State, late: F::State) -> F::State {
            self.0.merge(early, late)
        }

        fn behind(&self, state: F::State, by: usize) -> F::State {
            self.0.behind(state, by)
        }
    }

    /// Of one NaN the bits are not determined.
    fn bits(x: impl Float + Into<f64>) -> u64 {
        if x.is_nan() { u64::MAX } else { x.into().to_bits() }
    }

    fn compare<A, B, F>(a: &ArrayView2<'_, A>, fold: &F, finish: impl Fn(F::State) -> B)
    where
        A: Float,
        B: Copy + Default + PartialEq + Debug,
        F: Fold<A>,
    {
        for axis in [Axis(0), Axis(1)].into_iter().filter(|&axis| a.len_of(axis) > 0) {
            let lanes = a.len() / a.len_of(axis);
            let (mut wide, mut narrow) = (Array1::default(lanes), Array1::default(lanes));
            along_axis(*a, axis, &mut wide, fold, &finish);
            along_axis(*a, axis, &mut narrow, &Narrow(fold), &finish);
            assert_eq!(wide, narrow, "{:?}, {axis:?}", a.dim());
        }
    }

    fn compare_of_two<A: Float + Into<f64>>(a: &ArrayView2<'_, A>, b: &ArrayView2<'_, A>) {
        let (fold, f) = (&reduce::adding(), &|a: A, b: A| a * b);
        for axis in [Axis(0), Axis(1)].into_iter().filter(|&axis| a.len_of(axis) > 0) {
            let lanes = a.len() / a.len_of(axis);
            let (mut wide, mut narrow) = (Array1::default(lanes), Array1::default(lanes));
            along_axis_of_two(*a, *b, f, axis, &mut wide, fold, bits);
            along_axis_of_two(*a, *b, f, axis, &mut narrow, &Narrow(fold), bits);
            assert_eq!(wide, narrow, "{:?}, {axis:?}", a.dim());
        }
    }

    fn compare_each<A: Float + Into<f64> + Default + 'static>() {
        const ROWS: usize = 9; // a group, and one more
        const COLUMNS: usize = LANES + 1; // so that rows begin at all places by themselves
        let number = |i: usize| match i % 301 {
            0 => A::nan(),
            _ => A::from(i * 2_654_435_761 % 1_000_003).unwrap() / A::from(997).unwrap(),
        };
        let numbers: Vec<A> = (1..2000 * COLUMNS).map(number).collect();
        for len in (0..=200).chain([511, 512, 513, 1300]) {
            compare_shape(&numbers, (len, COLUMNS), 0);
            for place in 0..8 {
                compare_shape(&numbers, (ROWS, len), place * 8 / size_of::<A>());
            }
        }
    }

    fn compare_shape<A>(numbers: &[A], shape: (usize, usize), start: usize)
    where
        A: Float + Into<f64> + Default + 'static,
    {
        let len = shape.0 * shape.1;
        let view = |start| ArrayView2::from_shape(shape, &numbers[start..start + len]).unwrap();
        let a = &view(start);
        compare(a, &reduce::adding(), bits);
        compare(a, &Moments, |moments: MomentsOf<A>| bits(moments.variance(A::one())));
        compare(a, &extrema::smallest(), bits);
        let first = extrema::first::<_, false>(extrema::less);
        compare(a, &first, |(x, place)| (bits(x), place));
        compare(a, &counting::<u32, _>(|x: A| x > A::one()), |count| count);
        compare_of_two(a, &view(start + 1));
    }

    fn compare_runs<B>(f: impl Fn(f64) -> B + Copy)
    where
        B: Copy + Default + PartialEq + Debug + 'static,
    {
        let number = |i: usize| (i * 2_654_435_761 % 1_000_003) as f64 / 997.0 - 500.0;
        let mut numbers: Vec<f64> = (0..1308).map(number).collect();
        numbers[..7].copy_from_slice(&[f64::NAN, -0.0, 0.5, -0.5, 1.5, f64::INFINITY, 1e300]);
        for len in (0..=200).chain([511, 512, 513, 1300]) {
            for place in 0..8 {
                let a = &numbers[place..place + len];
                let narrow: Vec<B> = a.iter().map(|&x| f(x)).collect();
                let mut out = vec![B::default(); len + 8];
                for (streams, start) in [(false, 8 - place), (false, place)] {
                    map(a, &mut out[start..start + len], streams, f);
                    assert_eq!(out[start..start + len], narrow);
                    zip_map(a, a, &mut out[1..=len], streams, |x, _| f(x));
                    assert_eq!(out[1..=len], narrow);
                    zip3_map(a, a, a, &mut out[start..start + len], streams, |_, x, _| f(x));
                    assert_eq!(out[start..start + len], narrow);
                }
                map(a, &mut out[place..place + len], true, f);
                assert_eq!(out[place..place + len], narrow);
                zip_map(a, a, &mut out[1..=len], true, |_, x| f(x));
                assert_eq!(out[1..=len], narrow);
            }
        }
    }

    #[test]
    fn both_versions_find_the_same() {
        for len in 0..=200 {
            let mut numbers = vec![1_i64; len];
            assert!(!any(&numbers, |x| x == 0));
            for place in 0..len {
                numbers[place] = 0;
                assert!(any(&numbers, |x| x == 0), "{place} of {len}");
                numbers[place] = 1;
            }
        }
    }

    /// Where every distance between input and output within their pages comes up, one that makes reads wait included.
    #[test]
    fn outputs_may_lie_anywhere_behind_inputs() {
        let mut memory: Vec<f64> = (0..1600).map(f64::from).collect();
        let (a, rest) = memory.split_at_mut(512);
        for shift in 0..600 {
            let out = &mut rest[shift..shift + 300];
            map(&a[..300], out, false, |x| 2.0 * x);
            assert!(out.iter().zip(&*a).all(|(out, a)| *out == 2.0 * a), "{shift}");
            zip_map(&a[1..301], &a[2..302], out, false, |x, y| x - 3.0 * y);
            assert!(out.iter().enumerate().all(|(i, &out)| out == a[i + 1] - 3.0 * a[i + 2]));
        }
    }

    #[test]
    fn elements_may_be_larger_than_a_page_or_nothing() {
        let a = [[1_u8; 5000], [2; 5000], [3; 5000]];
        let mut out = [[0; 5000]; 3];
        map(&a, &mut out, false, |x| x);
        assert_eq!(out, a);
        map(&[(); 300], &mut [(); 300], false, |x| x);
    }

    /// Shifts take another instruction for each of several counts.
    #[test]
    fn both_versions_of_shifts_have_the_same_bits() {
        for len in 0..=200_u32 {
            let a: Vec<i64> = (0..i64::from(len)).map(|i| i * 0x1234_5678_9abc - 77).collect();
            let counts: Vec<u32> = (0..len).map(|i| i * 7 % 64).collect();
            let mut out = vec![0; a.len()];
            zip_map(&a, &counts, &mut out, false, |a, count| a.wrapping_shl(count));
            assert!(out.iter().zip(&a).zip(&counts).all(|((out, a), &c)| *out == a << c));
            zip_map(&a, &counts, &mut out, false, |a, count| a.wrapping_shr(count));
            assert!(out.iter().zip(&a).zip(&counts).all(|((out, a), &c)| *out == a >> c));
        }
    }

    /// What has instructions of its own there, is converted, or calls a function.
    #[test]
    fn both_versions_of_functions_have_the_same_bits() {
        compare_runs(|x| x.floor().to_bits());
        compare_runs(|x| x.ceil().to_bits());
        compare_runs(|x| x.trunc().to_bits());
        compare_runs(|x| x.round().to_bits());
        compare_runs(|x| x.round_ties_even().to_bits());
        compare_runs(|x| x.abs().sqrt().to_bits());
        compare_runs(|x| (2.0 * x + 1.0).to_bits());
        compare_runs(|x| (x as f32).to_bits());
        compare_runs(|x| x as i64);
        compare_runs(|x| (if x.is_nan() { 0.0 } else { x.sin() }).to_bits());
    }

    /// At all lengths, and at all places of a cache line that are multiples of 8 bytes.
    #[test]
    fn both_versions_of_f64_have_the_same_bits() {
        compare_each::<f64>();
    }

    #[test]
    fn both_versions_of_f32_have_the_same_bits() {
        compare_each::<f32>();
    }
}
