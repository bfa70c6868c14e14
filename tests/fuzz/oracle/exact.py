"""Exact arithmetic: what a reduction may give, as an interval of rational numbers."""

import dataclasses
import math
from fractions import Fraction

import numpy as np


@dataclasses.dataclass
class May:
    """A float may be any in the interval; infinite, where this leaves the range of the type."""

    low: Fraction
    high: Fraction
    # An intermediate result may leave the range, which the page says: infinities and NaN are right too.
    loose: bool = False

    def allows(self, got, dtype):
        largest = Fraction(float(np.finfo(dtype).max))
        if math.isnan(got):
            return self.loose
        if math.isinf(got):
            return self.loose or (self.high > largest if got > 0 else self.low < -largest)
        return self.low <= Fraction(got) <= self.high

    def __str__(self):
        return f"{as_float(self.low)!r} to {as_float(self.high)!r}"


@dataclasses.dataclass
class Is:
    """A special value, or an exact one; either zero will do."""

    value: float

    def allows(self, got, dtype):
        return got == self.value or (math.isnan(got) and math.isnan(self.value))

    def __str__(self):
        return repr(self.value)


NAN = Is(math.nan)
class NoNumber:
    """Infinity of either sign, or NaN."""

    def allows(self, got, dtype):
        return not math.isfinite(got)

    def __str__(self):
        return "infinite or NaN"


UNBOUNDED = NoNumber()
ANYTHING = May(Fraction(-(2**1100)), Fraction(2**1100), loose=True)


def as_float(fraction):
    try:
        return float(fraction)
    except OverflowError:
        return math.inf if fraction > 0 else -math.inf


def verdict_on(expected, dtype, lanes=None):
    """Compares an array, flat, with one expectation for each element. Parts of complex numbers follow each other."""
    def verdict(got):
        flat = got.reshape(-1)
        if flat.dtype.kind == "c":
            flat = np.stack([flat.real, flat.imag], -1).reshape(-1)
        if len(flat) != len(expected):
            return f"{len(flat)} numbers, the oracle has {len(expected)}"
        for at, (number, right) in enumerate(zip(flat.tolist(), expected)):
            if not right.allows(number, dtype):
                of = f" of {lanes[at]}" if lanes and len(lanes[at]) <= 12 else ""
                return f"number {at} of {len(flat)}: got {number!r}, right {right}{of}"
        return None
    return verdict


def epsilon(dtype):
    return Fraction(float(np.finfo(dtype).eps))


def tiny(dtype):
    """The least subnormal number: what rounding can cost near zero."""
    return Fraction(float(np.finfo(dtype).smallest_subnormal))


def part(dtype):
    """The floats of which complex numbers are made."""
    return np.finfo(dtype).dtype.type


def largest_of(dtype):
    return Fraction(float(np.finfo(dtype).max))


def log2(n):
    return Fraction(math.log2(max(n, 1)))


def numbers(lane):
    """Floats as integers in units of the least subnormal number of `f64`."""
    units = []
    for x in lane:
        n, d = x.as_integer_ratio()
        units.append((n << 1074) // d)
    return units


UNIT = 1 << 1074


def special_sum(lane, dtype=None, finite=None):
    """What infinities and NaN make of a sum, or nothing if there are none.

    Partial sums of the finite ones, which `finite` marks, may be infinite too, if the type is given.
    """
    finite = finite or [math.isfinite(x) for x in lane]
    if all(finite):
        return None
    special = sum(x for x, is_finite in zip(lane, finite) if not is_finite)
    others = sum(abs(x) for x, is_finite in zip(lane, finite) if is_finite)
    if dtype and not math.isnan(special) and others > np.finfo(dtype).max:
        return ANYTHING
    return Is(special)


def total(lane, factor, dtype, divisor=1, strict=False):
    """Of finite numbers: the sum over `divisor`, with an error of `factor` epsilon times the sum of absolute values."""
    units = numbers(lane)
    exact, absolute = Fraction(sum(units), UNIT), Fraction(sum(map(abs, units)), UNIT)
    error = factor * epsilon(dtype) * absolute
    if divisor != 1:
        exact, error = exact / divisor, error / divisor
        error += epsilon(dtype) * abs(exact) + tiny(dtype)
    return May(exact - error, exact + error, loose=not strict and absolute > largest_of(dtype))


def dot(a, b, factor, dtype):
    """Of finite numbers: the sum of products, each of which is rounded."""
    products = [x * y for x, y in zip(numbers(a), numbers(b), strict=True)]
    exact, absolute = Fraction(sum(products), UNIT**2), Fraction(sum(map(abs, products)), UNIT**2)
    error = factor * epsilon(dtype) * absolute + len(a) * tiny(dtype)
    return May(exact - error, exact + error, loose=absolute > largest_of(dtype))


def special_dot(a, b, dtype):
    """What infinities and NaN make of a sum of products, or nothing if there are none."""
    if all(map(math.isfinite, [*a, *b])):
        return None
    finite = [math.isfinite(x) and math.isfinite(y) for x, y in zip(a, b)]
    return special_sum([x * y for x, y in zip(a, b)], dtype, finite)


@dataclasses.dataclass
class Root:
    """The square root of a number in the interval, with a relative error."""

    low: Fraction
    high: Fraction
    relative: Fraction
    loose: bool = False

    def allows(self, got, dtype):
        if math.isnan(got):
            return self.loose
        if math.isinf(got):
            return got > 0 and (self.loose or self.high * (1 + self.relative) ** 2 > largest_of(dtype) ** 2)
        slack = tiny(dtype)
        square_low = max(self.low, 0) * (1 - self.relative) ** 2
        square_high = self.high * (1 + self.relative) ** 2
        exact = Fraction(got)
        return exact >= 0 and (exact + slack) ** 2 >= square_low and max(exact - slack, 0) ** 2 <= square_high

    def __str__(self):
        low, high = math.sqrt(max(as_float(self.low), 0)), math.sqrt(as_float(self.high))
        return f"{low!r} to {high!r}, within {as_float(self.relative):.2g} of it"
