//! Reductions of whole arrays on all cores: `par::whole::sum(&a)`.
//!
//! Names, arguments and results are those of [`kernel::whole`], bit for bit. An array whose lanes are shorter than 64
//! elements and have gaps between them is reduced by one thread.

use std::ops::Mul;

use ndarray::{ArrayRef, Dimension};
use num_traits::{Float, FromPrimitive, Zero};

use crate::kernel;
use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::best::{largest, largest_size, smallest};
use crate::kernel::engine::fold::kinds::combine::{adding, adding_of, from_zero, square};
use crate::kernel::engine::fold::kinds::moments::Moments;
use crate::kernel::engine::fold::threads::{of_all, of_all_of_two};
use crate::kernel::engine::pieces::Work;
use crate::kernel::reduce::norm::norm_of_squares;
use crate::kernel::reduce::variance::Spread;

/// [`sum`](kernel::whole::sum) on all cores.
#[must_use]
#[track_caller]
pub fn sum<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Copy + Zero + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::sum(a) };
    check::arithmetic::<A, _>("par::whole::sum", || {
        of_all(a, &adding(), least).map_or_else(A::zero, from_zero)
    })
}

/// [`vdot`](kernel::whole::vdot) on all cores.
#[must_use]
#[track_caller]
pub fn vdot<A, D>(a: &ArrayRef<A, D>, b: &ArrayRef<A, D>) -> A
where
    A: Copy + Zero + Mul<Output = A> + PartialOrd + Send + Sync + 'static,
    D: Dimension,
{
    check::same_shape("par::whole::vdot", ("b", b), ("a", a));
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::vdot(a, b) };
    check::arithmetic::<A, _>("par::whole::vdot", || {
        of_all_of_two(a, b, &A::mul, &adding(), least).map_or_else(A::zero, from_zero)
    })
}

/// [`min`](kernel::whole::min) on all cores.
#[must_use]
pub fn min<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::min(a) };
    of_all(a, &smallest(), least)
}

/// [`max`](kernel::whole::max) on all cores.
#[must_use]
pub fn max<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::max(a) };
    of_all(a, &largest(), least)
}

/// [`mean`](kernel::whole::mean) of floats on all cores.
#[must_use]
pub fn mean<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + FromPrimitive + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::mean(a) };
    let sum = of_all(a, &adding(), least).map_or_else(A::zero, from_zero);
    let mean = A::from_usize(a.len()).map_or_else(A::nan, |n| sum / n);
    // A sum that has left the range is added again, scaled.
    if mean.is_finite() { mean } else { kernel::whole::mean(a) }
}

/// [`var`](kernel::whole::var) on all cores.
#[must_use]
pub fn var<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + Send + Sync + 'static,
    D: Dimension,
{
    spread(a, Spread::<A, false, false> { ddof })
}

/// [`std`](kernel::whole::std) on all cores.
#[must_use]
pub fn std<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + Send + Sync + 'static,
    D: Dimension,
{
    spread(a, Spread::<A, true, false> { ddof })
}

fn spread<A, D, const ROOT: bool>(a: &ArrayRef<A, D>, spread: Spread<A, ROOT, false>) -> A
where
    A: Float + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return spread.of_all(a, &Moments) };
    let moments = of_all(a, &Moments, least);
    moments.map_or_else(A::nan, |moments| spread.looked_at(moments, a, &Moments))
}

/// [`norm_l1`](kernel::whole::norm_l1) on all cores.
#[must_use]
pub fn norm_l1<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::norm_l1(a) };
    of_all(a, &adding_of(A::abs), least).unwrap_or_else(A::zero)
}

/// [`norm_l2`](kernel::whole::norm_l2) on all cores.
#[must_use]
pub fn norm_l2<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::norm_l2(a) };
    let squares = of_all(a, &adding_of(square), least).unwrap_or_else(A::zero);
    norm_of_squares(a, squares)
}

/// [`norm_max`](kernel::whole::norm_max) on all cores.
#[must_use]
pub fn norm_max<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(a.len()) else { return kernel::whole::norm_max(a) };
    of_all(a, &largest_size(), least).unwrap_or_else(A::zero)
}
