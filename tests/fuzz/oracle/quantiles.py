"""Medians and quantiles: NumPy tells the place, exact arithmetic the value there."""

import math
from fractions import Fraction

import numpy as np

from .arrays import FLOATS
from .cases import Expected, anything, kernel
from .exact import NAN, Is, epsilon, tiny
from .reductions import Lanes, both, stem, without_nan

# In the runner's order.
METHODS = """inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear
    median_unbiased normal_unbiased lower higher midpoint nearest""".split()


@kernel(*both("median", "nanmedian", "quantile", "nanquantile", "percentile", "nanpercentile"), elements=FLOATS)
def quantiles(d, name):
    lanes = Lanes(d, name)
    which = stem(name)
    method = d.int(0, 12)
    q = float(d.rng.choice([0, 0.25, 0.5, 0.75, 1, 0.1, d.rng.random(), d.int(0, 64) / 64]))
    more, ints, share = [], [], q
    if "median" in which:
        method, share = METHODS.index("linear"), 0.5
    else:
        given = q * 100 if "percentile" in which else q
        more, ints = [d.number(given, "f64")], [method]
        share = given / 100 if "percentile" in which else q

    def function(lane):
        if which.startswith("nan"):
            lane = without_nan(lane)
        if not lane or any(map(math.isnan, lane)):
            return NAN
        # The quantile of the places is the place of the quantile.
        place = float(np.quantile(np.arange(len(lane), dtype=np.float64), share, method=METHODS[method]))
        return Between(sorted(lane), place)
    return lanes.expect(function, more, ints)


class Between:
    """The value at a place of a sorted lane: on the line between its neighbours, and never outside of them."""

    def __init__(self, lane, place):
        self.n, self.place = len(lane), place
        self.low = lane[int(place)]
        self.high = lane[min(int(place) + 1, len(lane) - 1)]
        self.part = place - int(place)

    def allows(self, got, dtype):
        if self.part == 0 or self.low == self.high:
            return got == self.low
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            # Of one infinite neighbour the result is that or NaN; of two, NaN.
            one = [v for v in (self.low, self.high) if math.isinf(v)]
            return math.isnan(got) or (len(one) == 1 and got == one[0])
        if not self.low <= got <= self.high:
            return False
        low, high = Fraction(self.low), Fraction(self.high)
        exact = low + (high - low) * Fraction(self.part)
        error = 4 * epsilon(dtype) * max(abs(low), abs(high)) + 4 * self.n * epsilon(np.float64) * (high - low)
        return abs(Fraction(got) - exact) <= error + tiny(dtype)

    def __str__(self):
        return f"the value at place {self.place} of {self.n}, between {self.low!r} and {self.high!r}"


@kernel(*both("weighted_quantile"), elements=FLOATS)
def weighted(d, name):
    lanes = Lanes(d, name)
    shape = lanes.shape if lanes.whole else (lanes.n,)
    # Whose sums are exact in any order.
    weights = d.lay(d.rng.integers(0, 8, shape) / 4, repeats=True)
    q = float(d.rng.choice([0, 0.25, 0.5, 0.75, 1, 0.1, d.rng.random()]))
    weight = weights.values.reshape(-1)
    number = d.number(q, "f64")
    if weight.size and not weight.any():
        expected = Expected([anything], panic="weight", must_panic=True, unwritten=True)
        return lanes.case(expected, [number, weights])

    def function(lane):
        if not lane or any(map(math.isnan, lane)):
            return NAN
        pairs = sorted(zip(lane, weight.tolist()))
        least, below = q * float(weight.sum()), 0.0
        for value, share in pairs:
            below += share
            if share and below >= least:
                return Is(value)
        raise AssertionError("the weights come to their sum")
    return lanes.expect(function, [number, weights])
