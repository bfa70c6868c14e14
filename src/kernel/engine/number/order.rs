//! Orders of elements, NaN included.

#[inline(always)]
pub(crate) fn less<A: PartialOrd>(a: A, b: A) -> bool {
    a < b
}

#[inline(always)]
pub(crate) fn greater<A: PartialOrd>(a: A, b: A) -> bool {
    a > b
}

/// The smaller of two: the second if they are equal, and NaN if one of them is NaN.
#[inline(always)]
pub(crate) fn smaller<A: Copy + PartialOrd>(a: A, b: A) -> A {
    if (a < b) | is_nan(a) { a } else { b }
}

/// The larger of two: the second if they are equal, and NaN if one of them is NaN.
#[inline(always)]
pub(crate) fn larger<A: Copy + PartialOrd>(a: A, b: A) -> A {
    if (a > b) | is_nan(a) { a } else { b }
}

/// Whether `a` is NaN: nothing else differs from itself. For integers the compiler knows that this is `false`, and for
/// floats it is one instruction.
#[inline(always)]
#[expect(clippy::eq_op, reason = "the comparison with itself is the question")]
pub(crate) fn is_nan<A: PartialEq>(a: A) -> bool {
    a != a
}
