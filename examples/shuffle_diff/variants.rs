//! The loop, written in five ways. This is the file to read.

use ndarray::{Array2, ArrayRef2, Axis};
use ndarray_pool::compare::{HEAP_KEPT, Run};
use ndarray_pool::prelude::*;
use rand::SeedableRng;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::input::{Number, Start};

/// A way to write the loop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    Allocating,
    HeapKept,
    DropFirst,
    Idiomatic,
    InPlace,
    Fused,
}

impl Variant {
    /// The last one is for sweeps and for those who ask for it.
    pub(crate) const ALL: [Variant; 6] = [
        Variant::Allocating,
        Variant::HeapKept,
        Variant::DropFirst,
        Variant::Idiomatic,
        Variant::InPlace,
        Variant::Fused,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Allocating => "allocating",
            Variant::DropFirst => "drop first",
            Variant::Idiomatic => "idiomatic",
            Variant::InPlace => "in place",
            Variant::HeapKept => "heap kept",
            Variant::Fused => "fused",
        }
    }

    /// What the command line calls it.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Variant::Allocating => "allocating",
            Variant::DropFirst => "drop-first",
            Variant::Idiomatic => "idiomatic",
            Variant::InPlace => "in-place",
            Variant::HeapKept => "heap-kept",
            Variant::Fused => "fused",
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Variant::Allocating => "variables outside the loop, reassigned in each pass",
            Variant::DropFirst => "as allocating, but each is freed before it is reassigned",
            Variant::Idiomatic => "`let` inside the loop, freed at the end of each pass",
            Variant::InPlace => "three leases of one pool, written by kernels",
            Variant::HeapKept => "as allocating, but glibc keeps what is freed (GLIBC_TUNABLES)",
            Variant::Fused => "as in place, with one kernel for both steps",
        }
    }

    /// The environment variables of its processes.
    pub(crate) fn env(self) -> &'static [(&'static str, &'static str)] {
        if self == Variant::HeapKept { &HEAP_KEPT } else { &[] }
    }
}

/// Runs a variant: its set-up, its passes, and what it ended with.
pub(crate) fn run<A: Number>(variant: Variant, start: &Start, seed: u64, run: &mut Run)
where
    StandardUniform: Distribution<A>,
{
    let rng = StdRng::seed_from_u64(seed);
    match variant {
        Variant::Allocating | Variant::HeapKept => allocating::<A>(start, rng, run),
        Variant::DropFirst => drop_first::<A>(start, rng, run),
        Variant::Idiomatic => idiomatic::<A>(start, rng, run),
        Variant::InPlace => in_place::<A>(start, rng, run),
        Variant::Fused => fused::<A>(start, rng, run),
    }
}

fn allocating<A: Number>(start: &Start, mut rng: StdRng, run: &mut Run)
where
    StandardUniform: Distribution<A>,
{
    let mut order = Permutation::identity(start.shape.0);
    let mut a_current = Array2::<A>::zeros(start.shape);
    let mut a_diff = Array2::zeros((0, 0));
    start.fill(&mut a_current, &mut rng);
    run.mark("a_current");

    run.passes(|pass| {
        order.shuffle(&mut rng);
        let a_next = a_current.select(Axis(0), order.as_slice());
        pass.mark("a_next");
        a_diff = &a_next - &a_current; // the new difference is there before the old one goes
        pass.mark("a_diff");
        a_current = a_next;
    });
    tell(run, &a_current, &a_diff);
}

fn drop_first<A: Number>(start: &Start, mut rng: StdRng, run: &mut Run)
where
    StandardUniform: Distribution<A>,
{
    let mut order = Permutation::identity(start.shape.0);
    let mut a_current = Array2::<A>::zeros(start.shape);
    let mut a_diff = Array2::zeros((0, 0));
    start.fill(&mut a_current, &mut rng);
    run.mark("a_current");

    run.passes(|pass| {
        a_diff = Array2::zeros((0, 0)); // frees the old one, and allocates nothing
        order.shuffle(&mut rng);
        let a_next = a_current.select(Axis(0), order.as_slice());
        pass.mark("a_next");
        a_diff = &a_next - &a_current;
        pass.mark("a_diff");
        a_current = a_next;
    });
    tell(run, &a_current, &a_diff);
}

fn idiomatic<A: Number>(start: &Start, mut rng: StdRng, run: &mut Run)
where
    StandardUniform: Distribution<A>,
{
    let mut order = Permutation::identity(start.shape.0);
    let mut a_current = Array2::<A>::zeros(start.shape);
    start.fill(&mut a_current, &mut rng);
    run.mark("a_current");

    let mut result = None;
    run.passes(|pass| {
        order.shuffle(&mut rng);
        let a_next = a_current.select(Axis(0), order.as_slice());
        pass.mark("a_next");
        let a_diff = &a_next - &a_current;
        pass.mark("a_diff");
        a_current = a_next;
        if pass.is_last() {
            result = Some(a_diff);
        } // otherwise `a_diff` is freed here
    });
    tell(run, &a_current, &result.expect("there is a last pass"));
}

fn in_place<A: Number>(start: &Start, mut rng: StdRng, run: &mut Run)
where
    StandardUniform: Distribution<A>,
{
    let pool = Pool2::<A>::new(start.shape, 3).expect("the room was checked");
    run.mark("pool");
    let (mut a_current, mut a_next, mut a_diff) = (pool.lease(), pool.lease(), pool.lease());
    start.fill(&mut a_current, &mut rng);
    run.mark("a_current");

    run.passes(|pass| {
        shuffle_copy_into(&a_current, &mut a_next, &mut rng);
        pass.mark("a_next");
        diff_into(&a_next, &a_current, &mut a_diff);
        pass.mark("a_diff");
        std::mem::swap(&mut a_current, &mut a_next);
    });
    tell(run, &a_current, &a_diff);
}

fn fused<A: Number>(start: &Start, mut rng: StdRng, run: &mut Run)
where
    StandardUniform: Distribution<A>,
{
    let pool = Pool2::<A>::new(start.shape, 3).expect("the room was checked");
    run.mark("pool");
    let (mut a_current, mut a_next, mut a_diff) = (pool.lease(), pool.lease(), pool.lease());
    start.fill(&mut a_current, &mut rng);
    run.mark("a_current");

    run.passes(|pass| {
        shuffle_diff_into(&a_current, &mut a_next, &mut a_diff, &mut rng);
        pass.mark("a_next, a_diff");
        std::mem::swap(&mut a_current, &mut a_next);
    });
    tell(run, &a_current, &a_diff);
}

/// All variants must compute the same bits, in the same places.
fn tell<A: Number>(run: &mut Run, a_current: &ArrayRef2<A>, a_diff: &ArrayRef2<A>) {
    run.outcome(a_current.iter().chain(a_diff).map(|x| x.bits()));
}
