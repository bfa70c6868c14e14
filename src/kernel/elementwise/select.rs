//! Elements selected from several arrays (by a mask or by an index), and interpolated between two.

use ndarray::{ArrayRef, Dimension, Zip};
use num_traits::Float;

use crate::kernel::engine::check::Bound;
use crate::kernel::engine::cpu::stream;
use crate::kernel::engine::map::checked;
use crate::kernel::engine::{check, copy, map};

/// Takes each element from one of two arrays, selected by a mask.
///
/// *out\[i\] = a\[i\] if cond\[i\], else b\[i\]*
///
/// `cond`, `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`; pass `aview0(&x)` for a
/// number. Elements are copied as they are, whatever their type.
///
/// NaN is copied like any value. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `cond`, `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.where(cond, a, b)`, which has no `out=`, and ndarray's
/// `Zip::from(&cond).and(&a).and(&b).map_collect(..)`; both allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::where_into;
///
/// let (a, mut out) = (array![1.0, f64::NAN, 3.0], Array1::zeros(3));
/// where_into(&array![true, false, true], &a, &aview0(&0.0), &mut out);
/// assert_eq!(out, array![1.0, 0.0, 3.0]);
/// ```
#[doc(alias = "select")]
#[doc(alias = "copyto")]
#[track_caller]
pub fn where_into<A, D1, D2, D3, D>(
    cond: &ArrayRef<bool, D1>,
    a: &ArrayRef<A, D2>,
    b: &ArrayRef<A, D3>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D3: Dimension,
    D: Dimension,
{
    let cond = check::broadcast("where_into", "cond", cond, out);
    let a = check::broadcast("where_into", "a", a, out);
    let b = check::broadcast("where_into", "b", b, out);
    map::write((cond, (a, (b, ()))), out.view_mut(), stream::pays::<A>, selected);
}

fn selected<A>(cond: bool, a: A, b: A) -> A {
    if cond { a } else { b }
}

/// Interpolates linearly between two arrays.
///
/// *out\[i\] = a\[i\] + (b\[i\] − a\[i\]) · t* for t < ½, *b\[i\] − (b\[i\] − a\[i\]) · (1 − t)* from ½ on
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The two forms are mathematically
/// equal; in floats, the first is exact at `t = 0` and the second at `t = 1`. So both ends are exact, equal operands
/// stay what they are, and the result is monotonic in `t`. `t` may lie outside of 0 to 1.
///
/// No step overflows where the result is representable: if `b − a` or its product does, the formula is evaluated at
/// half the magnitude.
///
/// NaN in either operand or in `t` gives NaN. Infinite operands go through the formula as they are, which often gives
/// NaN. Empty arrays are fine. `out` cannot overlap the inputs: in place, use [`lerp_inplace`].
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `a + (b - a) * t` and ndarray's `&a + (&b - &a) * t`, with their temporaries. (NumPy interpolates quantiles
/// with this formula.)
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::lerp_into;
///
/// let mut out = Array1::zeros(2);
/// lerp_into(&array![0.0, 10.0], &array![4.0, 20.0], 0.25, &mut out);
/// assert_eq!(out, array![1.0, 12.5]);
/// ```
#[doc(alias = "mix")]
#[doc(alias = "interpolate")]
#[track_caller]
pub fn lerp_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    t: A,
    out: &mut ArrayRef<A, D>,
) where
    A: Float + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("lerp_into", "a", a, out);
    let b = check::broadcast("lerp_into", "b", b, out);
    let way = Way::of(t);
    let careful = way.careful();
    match way {
        Way::FromA(t) if t != A::zero() => {
            checked::zip_map(a, b, out, from_a(t), careful);
        }
        Way::FromB(rest) if rest != A::zero() => {
            checked::zip_map(a, b, out, from_b(rest), careful);
        }
        // A difference that has overflowed, times zero, is NaN and not infinite.
        _ => map::zip_map(a, b, out, careful),
    }
}

/// Moves an array part of the way towards another, in place: a running average.
///
/// *a\[i\] ← a\[i\] + (b\[i\] − a\[i\]) · t* for t < ½, *b\[i\] − (b\[i\] − a\[i\]) · (1 − t)* from ½ on
///
/// As [`lerp_into`], bit for bit, with `b` of any shape that broadcasts to the shape of `a`. `a` cannot overlap `b`.
///
/// # Panics
///
/// If `b` cannot be broadcast to the shape of `a`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `a += (b - a) * t` and ndarray's `a += &((&b - &a) * t)`, which allocate.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::lerp_inplace;
///
/// let mut average = array![0.0, 8.0];
/// lerp_inplace(&mut average, &array![4.0, 0.0], 0.25);
/// assert_eq!(average, array![1.0, 6.0]);
/// ```
#[doc(alias = "moving_average")]
#[track_caller]
pub fn lerp_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>, t: A)
where
    A: Float + 'static,
    D1: Dimension,
    D: Dimension,
{
    let b = check::broadcast_to("lerp_inplace", ("b", b), ("a", a));
    let way = Way::of(t);
    let careful = way.careful();
    match way {
        Way::FromA(t) if t != A::zero() => {
            checked::update(a, b, from_a(t), careful);
        }
        Way::FromB(rest) if rest != A::zero() => {
            checked::update(a, b, from_b(rest), careful);
        }
        _ => map::update::update(a, b, careful),
    }
}

/// The end from which the formula starts: the nearer one.
#[derive(Clone, Copy)]
enum Way<A> {
    FromA(A),
    FromB(A),
}

impl<A: Float> Way<A> {
    fn of(t: A) -> Self {
        let one = A::one();
        if t >= one / (one + one) { Way::FromB(one - t) } else { Way::FromA(t) }
    }

    /// The formula; at half the magnitude if it overflows, where numbers are so large that halving loses nothing.
    /// The careful formula.
    fn careful(self) -> impl Fn(A, A) -> A {
        move |a, b| self.go(a, b)
    }

    fn go(self, a: A, b: A) -> A {
        let formula = |a: A, b: A| match self {
            Way::FromA(t) => a + (b - a) * t,
            Way::FromB(rest) => b - (b - a) * rest,
        };
        let (result, two) = (formula(a, b), A::one() + A::one());
        if result.is_finite() { result } else { two * formula(a / two, b / two) }
    }
}

/// The quick formulas. (Closures of functions that know nothing of axes are one type for any number of these.)
fn from_a<A: Float>(t: A) -> impl Fn(A, A) -> (A, bool) {
    move |a, b| unless_infinite(a + (b - a) * t)
}

fn from_b<A: Float>(rest: A) -> impl Fn(A, A) -> (A, bool) {
    move |a, b| unless_infinite(b - (b - a) * rest)
}

#[inline(always)]
fn unless_infinite<A: Float>(result: A) -> (A, bool) {
    (result, result.abs() != A::infinity())
}

/// Takes each element from one of several arrays, selected by an index.
///
/// *out\[i\] = choices\[index\[i\]\]\[i\]*
///
/// `index` and every one of `choices` have any shapes that broadcast, each by itself, to the shape of `out`; the
/// choices have equally many axes. Each index is below the number of choices. The arrays are read once for each choice,
/// so this is for a handful of choices; the time does not depend on the indices.
///
/// NaN is copied like any value. If `out` is empty, nothing happens, even without choices. `out` cannot overlap the
/// inputs.
///
/// # Panics
///
/// If `index` or a choice cannot be broadcast to the shape of `out`, or an index is not below the number of choices;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.choose(index, choices, out=out)` (which without `mode='clip'` makes a hidden copy of `out`), and with
/// conditions turned into indices `np.select`. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview1};
/// use ndarray_pool::kernel::choose_into;
///
/// let (calm, rough) = (array![1.0, 2.0, 3.0], array![10.0, 20.0, 30.0]);
/// let mut out = Array1::zeros(3);
/// choose_into(&array![0, 1, 2], &[&calm, &rough, &aview1(&[0.5])], &mut out);
/// assert_eq!(out, array![1.0, 20.0, 0.5]);
/// ```
#[doc(alias = "select")]
#[doc(alias = "case")]
#[track_caller]
pub fn choose_into<A, D1, D2, D>(
    index: &ArrayRef<usize, D1>,
    choices: &[&ArrayRef<A, D2>],
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let place = check::broadcast("choose_into", "index", index, out);
    check::parts_broadcast("choose_into", "choices", choices, out);
    if out.is_empty() {
        return;
    }
    let bound = Bound::LenOf("choices");
    check::all_below("choose_into", ("index", index), choices.len(), bound);
    for (number, choice) in choices.iter().enumerate() {
        let choice = choice.broadcast(out.raw_dim()).expect("it was checked above");
        if number == 0 {
            copy::copy(choice, out);
        } else {
            Zip::from(&mut *out).and(&place).and(&choice).for_each(|out, &index, &choice| {
                *out = if index == number { choice } else { *out };
            });
        }
    }
}
