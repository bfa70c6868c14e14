"""Quotients and powers of complex numbers, within the errors of their pages."""

import cmath
import math
from fractions import Fraction

import numpy as np

from .arrays import DTYPES, PARTS
from .cases import kernel
from .exact import epsilon, largest_of, part, tiny


def joined(real, imag, dtype):
    out = np.empty(np.broadcast(real, imag).shape, dtype)
    out.real, out.imag = real, imag
    return out


def is_near(got, exact, error, dtype):
    """Whether both parts of a complex number are near those of an exact one; too large ones are infinite."""
    largest = largest_of(dtype)
    for number, right in zip((got.real, got.imag), exact):
        number = float(number)
        if math.isnan(number):
            return False
        if math.isinf(number):
            if not (right + error > largest if number > 0 else right - error < -largest):
                return False
        elif abs(Fraction(number) - right) > error:
            return False
    return True


def is_finite(number):
    return math.isfinite(number.real) and math.isfinite(number.imag)


def is_infinite(number):
    return math.isinf(number.real) or math.isinf(number.imag)


def is_nan(number):
    return math.isnan(number.real) or math.isnan(number.imag)


def quotients(x, y):
    dtype = part(x.dtype)

    def verdict(got):
        for at in np.ndindex(got.shape):
            if not is_quotient(complex(x[at]), complex(y[at]), complex(got[at]), dtype):
                return f"at {list(at)}: {x[at]!r} by {y[at]!r} is not {got[at]!r}"
        return None
    return verdict


def is_quotient(a, b, got, dtype):
    if b == 0:
        with np.errstate(all="ignore"):
            parts = np.array([a.real, a.imag]) / 0.0
        return np.array_equal(parts, [got.real, got.imag], equal_nan=True)
    if is_infinite(a) and is_finite(b):
        return is_infinite(got)
    if is_finite(a) and is_infinite(b):
        return got == 0
    if not (is_finite(a) and is_finite(b)):
        return not is_finite(got)
    p, q, r, s = map(Fraction, (a.real, a.imag, b.real, b.imag))
    norm = r * r + s * s
    exact = ((p * r + q * s) / norm, (q * r - p * s) / norm)
    # The size is at most the sum of the parts.
    error = 3 * epsilon(dtype) * root_above(exact[0] ** 2 + exact[1] ** 2) + tiny(dtype)
    return is_near(got, exact, error, dtype)


def root_above(square):
    """A little more than the square root of a rational number."""
    if not square:
        return square
    shift = max(0, 2 * ((square.denominator.bit_length() - square.numerator.bit_length()) // 2 + 40))
    return Fraction(math.isqrt(int(square * (1 << shift))) + 1, 1 << (shift // 2))


def powers(x, y):
    """Of whole exponents up to 512 the power in exact arithmetic, and of others roughly that of Python."""
    dtype = part(x.dtype)

    def verdict(got):
        for at in np.ndindex(got.shape):
            if not is_power(complex(x[at]), complex(y[at]), complex(got[at]), dtype):
                return f"at {list(at)}: {x[at]!r} to {y[at]!r} is not {got[at]!r}"
        return None
    return verdict


def is_power(a, b, got, dtype):
    if b == 0:
        return got == 1
    if a == 0:
        return got == 0 if b.real > 0 else is_nan(got)
    if not (is_finite(a) and is_finite(b)):
        return not is_finite(got) or b == int_or_nothing(b) or is_infinite(b) or is_infinite(a)
    n = int_or_nothing(b)
    if n is not None and abs(n) <= 512:
        if abs(n) > 40 and not all(part_ == 0 or 2.0**-20 < abs(part_) < 2.0**20 for part_ in (a.real, a.imag)):
            return True  # too many digits to be worth the time
        exact = whole_power(a, n)
        size = root_above(exact[0] ** 2 + exact[1] ** 2)
        return is_near(got, exact, (2 * abs(n) + 2) * epsilon(dtype) * size + 2 * tiny(dtype), dtype)
    way = b * cmath.log(a)
    if not -80 < way.real < 80 or not abs(way) < 1e6:
        return True
    right = cmath.exp(way)
    return abs(got - right) <= 16 * (1 + abs(way)) * float(epsilon(dtype)) * abs(right) + float(tiny(dtype))


def int_or_nothing(b):
    return int(b.real) if b.imag == 0 and math.isfinite(b.real) and b.real == int(b.real) else None


def whole_power(a, n):
    """Of whole numbers over a power of two, by squaring."""
    (p, over), (q, under) = a.real.as_integer_ratio(), a.imag.as_integer_ratio()
    scale = max(over, under)
    p, q, x, y = p * (scale // over), q * (scale // under), 1, 0
    for digit in bin(abs(n))[2:]:
        x, y = x * x - y * y, 2 * x * y
        if digit == "1":
            x, y = x * p - y * q, x * q + y * p
    scale **= abs(n)
    if n >= 0:
        return Fraction(x, scale), Fraction(y, scale)
    norm = x * x + y * y
    return Fraction(x * scale, norm), Fraction(-y * scale, norm)


def power(d, name, a, b):
    shape = np.broadcast_shapes(a.shape, b.shape)
    if d.chance(0.6):
        # Gaussian integers to small whole exponents, and the like.
        a = d.lay(np.round(a.values.real % 5 - 2) + 1j * np.round(a.values.imag % 5 - 2))
        b = d.lay(np.round(np.nan_to_num(b.values.real) % 9 - 4) + 0j)
    elif d.chance(0.5):
        b = d.lay(np.round(np.nan_to_num(b.values.real) % 99 - 49) + 0j)
    x, y = np.broadcast_to(a.values, shape), np.broadcast_to(b.values, shape)
    return d.case(name, [a, b], [d.out(shape)], powers(x, y))


@kernel("power_into:real", elements=list(PARTS))
def real_power(d, name):
    shape = d.shape(elements=200)
    a = d.operand(shape)
    exponents = np.nan_to_num(d.values(shape, PARTS[d.element])) % 1100
    exponents = np.round(exponents % 9 - 4) if d.chance(0.7) else exponents
    b = d.lay(exponents.astype(DTYPES[PARTS[d.element]]), PARTS[d.element])
    x, y = np.broadcast_to(a.values, shape), np.broadcast_to(b.values, shape)
    return d.case(name, [a, b], [d.out(shape)], powers(x, y.astype(d.dtype)))
