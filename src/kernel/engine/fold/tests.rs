//! Both versions of a reduction, for every processor and for those with AVX2, give the same bits.

use std::fmt::Debug;

use ndarray::{Array1, ArrayView2, Axis};
use num_traits::{Float, Zero};

use crate::kernel::engine::cpu::dispatch::{Baseline, Simd};
use crate::kernel::engine::fold::along::{along_axis, along_axis_of_two};
use crate::kernel::engine::fold::contract::{Fold, Reads};
use crate::kernel::engine::fold::kinds::best::{Best, Better, First};
use crate::kernel::engine::fold::kinds::combine::{adding, counting};
use crate::kernel::engine::fold::kinds::moments::{Moments, MomentsOf};
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::number::order::less;
use crate::kernel::engine::tuning::LANES;

/// A fold in its version for every processor, whoever calls it: what is not inlined is compiled for every processor.
struct Narrow<'a, F>(&'a F);

impl<A: Copy, F: Fold<A>> Fold<A> for Narrow<'_, F> {
    type State = F::State;
    type Accumulators = F::Accumulators;
    type States = F::States;

    const READS: Reads = F::READS;
    const IS_ANYWHERE: bool = F::IS_ANYWHERE;

    #[inline(never)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> F::State {
        self.0.block::<Baseline>(elements, at)
    }

    #[inline(never)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        accumulators: &mut [F::Accumulators],
        fresh: bool,
    ) {
        self.0.rows::<Baseline, R, N>(rows, at, accumulators, fresh);
    }

    fn accumulator(&self, element: A) -> F::Accumulators {
        self.0.accumulator(element)
    }

    fn state(&self, accumulator: &F::Accumulators, column: usize, count: usize) -> F::State {
        self.0.state(accumulator, column, count)
    }

    fn merge(&self, early: F::State, late: F::State) -> F::State {
        self.0.merge(early, late)
    }

    fn behind(&self, state: F::State, by: usize) -> F::State {
        self.0.behind(state, by)
    }
}

/// The bits of NaN are not specified.
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
    let (fold, f) = (&adding(), &|a: A, b: A| a * b);
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
    const COLUMNS: usize = LANES + 1; // so that rows begin at every offset of a cache line
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
    compare(a, &adding(), bits);
    compare(a, &Moments, |moments: MomentsOf<A>| bits(moments.variance(A::one())));
    compare(a, &Best::<_, _, false> { lift: |x| x, better: Better { wins: less } }, bits);
    let first = First::<_, false> { better: Better { wins: less } };
    compare(a, &first, |(x, place)| (bits(x), place));
    compare(a, &counting::<u32, _>(|x: A| x > A::one()), |count| count);
    compare_of_two(a, &view(start + 1));
}

/// At all lengths, and at all offsets within a cache line that are multiples of 8 bytes.
#[test]
fn both_versions_of_f64_have_the_same_bits() {
    compare_each::<f64>();
}

#[test]
fn both_versions_of_f32_have_the_same_bits() {
    compare_each::<f32>();
}

/// An element of 120 bytes, which a sum adds as one.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Large([f64; 15]);

impl std::ops::Add for Large {
    type Output = Large;

    fn add(self, other: Large) -> Large {
        Large(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl Zero for Large {
    fn zero() -> Self {
        Large([0.0; 15])
    }

    fn is_zero(&self) -> bool {
        self.0.iter().all(|&x| x == 0.0)
    }
}

/// A thread has 2 MiB, and whoever calls a kernel may have used most of it. (Where a tile is too wide for its states, this
/// test ends the process.)
#[test]
fn tiles_of_any_elements_fit_on_the_stack() {
    const ROWS: usize = 300;
    const COLUMNS: usize = 4096;
    let sums = || {
        let row = Array1::from_elem(COLUMNS, Large([1.0; 15]));
        let rows = row.broadcast((ROWS, COLUMNS)).expect("a row is repeated");
        let mut out = Array1::from_elem(COLUMNS, Large::zero());
        along_axis(rows, Axis(0), &mut out, &adding(), |sum| sum);
        assert!(out.iter().all(|&sum| sum == Large([ROWS as f64; 15])));

        let row = Array1::from_elem(COLUMNS, 1.0);
        let rows = row.broadcast((ROWS, COLUMNS)).expect("a row is repeated");
        let mut out = Array1::from_elem(COLUMNS, f64::NAN);
        let variance = |moments: MomentsOf<f64>| moments.variance(0.0);
        along_axis(rows, Axis(0), &mut out, &Moments, variance);
        assert!(out.iter().all(|&variance| variance == 0.0));
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(sums);
    thread.expect("a thread starts").join().expect("the sums are right");
}
