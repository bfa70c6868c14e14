"""Exponentials of lanes, in decimal arithmetic."""

import decimal
import functools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from .arrays import FLOATS
from .cases import kernel
from .exact import NAN, Is, May, epsilon, part, tiny, verdict_on
from .reductions import Lanes

# Enough digits for any float, and for sums of exponentials.
EXACT = decimal.Context(prec=60, Emin=-decimal.MAX_EMAX, Emax=decimal.MAX_EMAX)


@kernel("logsumexp_axis_into", elements=FLOATS)
def logsumexp(d, name):
    return Lanes(d, name).expect(lambda lane: logarithm(lane, d.dtype))


@kernel("softmax_axis_into", "log_softmax_axis_into", elements=FLOATS)
def softmax(d, name):
    lanes = Lanes(d, name)
    function = element_of_softmax if name == "softmax_axis_into" else element_of_logarithm
    expected = np.empty(lanes.rows().shape, object)
    for row, lane in zip(expected, lanes.floats()):
        row[:] = [function(x, lane, d.dtype) for x in lane]
    moved = [length for axis, length in enumerate(lanes.shape) if axis != lanes.axis]
    expected = np.moveaxis(expected.reshape(*moved, lanes.n), -1, lanes.axis)
    verdict = verdict_on(list(expected.reshape(-1)), part(d.dtype))
    return d.case(name, [lanes.a], [d.out(lanes.shape)], verdict, lanes.ints)


def spread(lane):
    return spread_of(tuple(lane))


@functools.lru_cache(maxsize=1)
def spread_of(lane):
    """The largest number, what all others differ from it by at most, and the sum of exponentials."""
    finite = [x for x in lane if math.isfinite(x)]
    most = max(finite)
    terms = [EXACT.exp(EXACT.subtract(Decimal(x), Decimal(most))) for x in finite]
    total = Decimal(0)
    for term in terms:
        total = EXACT.add(total, term)
    # Beyond this, exponentials are zero, and have no error that counts.
    return most, min(Fraction(most) - Fraction(min(finite)), 1500), total


def logarithm(lane, dtype):
    if any(map(math.isnan, lane)):
        return NAN
    if math.inf in lane:
        return Is(math.inf)
    if all(x == -math.inf for x in lane):
        return Is(-math.inf)
    most, reach, total = spread(lane)
    exact = Fraction(most) + Fraction(EXACT.ln(total))
    return around(exact, abs(Fraction(most)) + slack(lane, reach), dtype)


def slack(lane, reach):
    return 2 * reach + Fraction(len(lane), 32) + 40 + math.ceil(math.log(len(lane)))


def around(exact, factor, dtype, scale=1):
    error = factor * epsilon(dtype) * scale + tiny(dtype)
    return May(exact - error, exact + error)


def element_of_softmax(x, lane, dtype):
    if any(map(math.isnan, lane)) or math.inf in lane or all(x == -math.inf for x in lane):
        return NAN
    if x == -math.inf:
        return Is(0.0)
    most, reach, total = spread(lane)
    if Fraction(most) - Fraction(x) > 1500:
        return May(Fraction(0), tiny(dtype))  # as a fraction it would have millions of digits
    exact = Fraction(EXACT.divide(EXACT.exp(EXACT.subtract(Decimal(x), Decimal(most))), total))
    return around(exact, slack(lane, reach), dtype, exact)


def element_of_logarithm(x, lane, dtype):
    if any(map(math.isnan, lane)) or all(x == -math.inf for x in lane):
        return NAN
    if math.inf in lane:
        return NAN if x == math.inf else Is(-math.inf)
    if x == -math.inf:
        return Is(-math.inf)
    most, reach, total = spread(lane)
    below = Fraction(x) - Fraction(most)
    exact = below - Fraction(EXACT.ln(total))
    return around(exact, 2 * abs(below) + slack(lane, reach), dtype)
