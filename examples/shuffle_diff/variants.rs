//! The loop, written in four ways. This is the file to read.

use ndarray::{Array2, ArrayRef2, Axis};
use ndarray_pool::prelude::*;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::input::Number;

/// A way to write the loop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    Allocating,
    DropFirst,
    Idiomatic,
    InPlace,
}

impl Variant {
    pub(crate) const ALL: [Variant; 4] =
        [Variant::Allocating, Variant::DropFirst, Variant::Idiomatic, Variant::InPlace];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Allocating => "allocating",
            Variant::DropFirst => "drop first",
            Variant::Idiomatic => "idiomatic",
            Variant::InPlace => "in place",
        }
    }

    /// What the command line calls it.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Variant::Allocating => "allocating",
            Variant::DropFirst => "drop-first",
            Variant::Idiomatic => "idiomatic",
            Variant::InPlace => "in-place",
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Variant::Allocating => "variables outside the loop, reassigned in each pass",
            Variant::DropFirst => "the same, but each is freed before it is reassigned",
            Variant::Idiomatic => "`let` inside the loop, freed at the end of each pass",
            Variant::InPlace => "three leases of one pool, written by kernels",
        }
    }
}

/// Whoever looks on: told of each step, it must not disturb the loop.
pub(crate) trait Watch {
    /// A step is done, and has made or filled what `name` says.
    fn mark(&mut self, name: &'static str);
    fn start_pass(&mut self);
    fn end_pass(&mut self);
}

/// Fills the first array.
pub(crate) type Fill<'a, A> = &'a dyn Fn(&mut ArrayRef2<A>, &mut StdRng) -> Result<(), String>;

/// What the loop needs.
pub(crate) struct Setting<'a, A> {
    pub(crate) shape: (usize, usize),
    pub(crate) passes: usize,
    pub(crate) fill: Fill<'a, A>,
    pub(crate) rng: StdRng,
}

/// Runs a variant and hands its last `a_current` and `a_diff` to `finish`.
pub(crate) fn run<A, R>(
    variant: Variant,
    setting: Setting<'_, A>,
    watch: &mut impl Watch,
    finish: impl FnOnce(&ArrayRef2<A>, &ArrayRef2<A>) -> R,
) -> Result<R, String>
where
    A: Number,
    StandardUniform: Distribution<A>,
{
    match variant {
        Variant::Allocating => allocating(setting, watch, finish),
        Variant::DropFirst => drop_first(setting, watch, finish),
        Variant::Idiomatic => idiomatic(setting, watch, finish),
        Variant::InPlace => in_place(setting, watch, finish),
    }
}

fn allocating<A: Number, R>(
    mut setting: Setting<'_, A>,
    watch: &mut impl Watch,
    finish: impl FnOnce(&ArrayRef2<A>, &ArrayRef2<A>) -> R,
) -> Result<R, String> {
    let mut order = Permutation::identity(setting.shape.0);
    let mut a_current = Array2::zeros(setting.shape);
    let mut a_diff = Array2::zeros((0, 0));
    (setting.fill)(&mut a_current, &mut setting.rng)?;
    watch.mark("a_current");

    for _ in 0..setting.passes {
        watch.start_pass();
        order.shuffle(&mut setting.rng);
        let a_next = a_current.select(Axis(0), order.as_slice());
        watch.mark("a_next");
        a_diff = &a_next - &a_current; // the new difference is there before the old one goes
        watch.mark("a_diff");
        a_current = a_next;
        watch.end_pass();
    }
    Ok(finish(&a_current, &a_diff))
}

fn drop_first<A: Number, R>(
    mut setting: Setting<'_, A>,
    watch: &mut impl Watch,
    finish: impl FnOnce(&ArrayRef2<A>, &ArrayRef2<A>) -> R,
) -> Result<R, String> {
    let mut order = Permutation::identity(setting.shape.0);
    let mut a_current = Array2::zeros(setting.shape);
    let mut a_diff = Array2::zeros((0, 0));
    (setting.fill)(&mut a_current, &mut setting.rng)?;
    watch.mark("a_current");

    for _ in 0..setting.passes {
        watch.start_pass();
        drop(a_diff);
        order.shuffle(&mut setting.rng);
        let a_next = a_current.select(Axis(0), order.as_slice());
        watch.mark("a_next");
        a_diff = &a_next - &a_current;
        watch.mark("a_diff");
        a_current = a_next;
        watch.end_pass();
    }
    Ok(finish(&a_current, &a_diff))
}

fn idiomatic<A: Number, R>(
    mut setting: Setting<'_, A>,
    watch: &mut impl Watch,
    finish: impl FnOnce(&ArrayRef2<A>, &ArrayRef2<A>) -> R,
) -> Result<R, String> {
    let mut order = Permutation::identity(setting.shape.0);
    let mut a_current = Array2::zeros(setting.shape);
    (setting.fill)(&mut a_current, &mut setting.rng)?;
    watch.mark("a_current");

    for pass in 1.. {
        watch.start_pass();
        order.shuffle(&mut setting.rng);
        let a_next = a_current.select(Axis(0), order.as_slice());
        watch.mark("a_next");
        let a_diff = &a_next - &a_current;
        watch.mark("a_diff");
        a_current = a_next;
        if pass == setting.passes {
            watch.end_pass();
            return Ok(finish(&a_current, &a_diff));
        }
        drop(a_diff); // what the end of the loop's body does; here so that the pass includes it
        watch.end_pass();
    }
    unreachable!("there is at least one pass")
}

fn in_place<A, R>(
    mut setting: Setting<'_, A>,
    watch: &mut impl Watch,
    finish: impl FnOnce(&ArrayRef2<A>, &ArrayRef2<A>) -> R,
) -> Result<R, String>
where
    A: Number,
{
    let pool = Pool2::<A>::new(setting.shape, 3).map_err(|e| e.to_string())?;
    watch.mark("pool");
    let (mut a_current, mut a_next, mut a_diff) = (pool.lease(), pool.lease(), pool.lease());
    (setting.fill)(&mut a_current, &mut setting.rng)?;
    watch.mark("a_current");

    for _ in 0..setting.passes {
        watch.start_pass();
        shuffle_copy_into(&a_current, &mut a_next, &mut setting.rng);
        watch.mark("a_next");
        diff_into(&a_next, &a_current, &mut a_diff);
        watch.mark("a_diff");
        std::mem::swap(&mut a_current, &mut a_next);
        watch.end_pass();
    }
    Ok(finish(&a_current, &a_diff))
}
