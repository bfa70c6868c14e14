"""Covariances, correlations and systems of equations."""

import math
from fractions import Fraction

import numpy as np

from .arrays import FLOATS
from .cases import kernel
from .exact import ANYTHING, NAN, UNIT, Is, May, epsilon, largest_of, numbers, tiny, verdict_on


@kernel("cov_into", "cov_weighted_into", "corrcoef_into", elements=FLOATS, fixed=False)
def covariances(d, name):
    n, p = int(d.rng.choice([0, 1, 2, 3, 9, 40, 257])), int(d.rng.choice([0, 1, 2, 3, 7, 13]))
    axis = d.int(0, 1)
    a = d.array((n, p) if axis == 0 else (p, n))
    x = a.values.T if axis == 0 else a.values
    ddof = d.int(0, 2)
    inputs, ints, kind = [a, d.number(ddof)], [axis], None
    weights = [(Fraction(1), Fraction(1))] * n
    if name == "cov_weighted_into":
        kind = d.int(0, 2)
        f = d.lay(d.rng.choice([0, 1, 1, 2, 5], n).astype(d.dtype))
        g = d.lay(d.rng.choice([0.25, 1, 1.5, 3], n).astype(d.dtype))
        for used in (f, g):
            if n and not used.values.any():
                used.of(used.buffer)[...] = 1
        inputs += [f, g]
        ints.append(kind)
        one = np.ones(n)
        pairs = zip(one if kind == 1 else f.values, one if kind == 0 else g.values)
        weights = [(Fraction(float(u)), Fraction(float(v))) for u, v in pairs]
    expected = expected_covariances(x, weights, ddof, d.dtype, name == "corrcoef_into")
    return d.case(name, inputs, [d.out((p, p))], verdict_on(expected, d.dtype), ints)


def expected_covariances(x, weights, ddof, dtype, correlate):
    p, n = x.shape
    w = [u * v for u, v in weights]
    total = sum(w)
    if not n or not total:
        return [NAN if not n else ANYTHING] * (p * p)
    divisor = total - ddof * sum(u * v * v for u, v in weights) / total
    eps, h = epsilon(dtype), min(n, 256) + n // 256
    usable = [bool(np.isfinite(row).all()) for row in x]
    lanes = [[Fraction(unit, UNIT) for unit in numbers(row.tolist())] if ok else None for row, ok in zip(x, usable)]
    deviations, spreads, sizes = [], [], []
    for lane in lanes:
        if lane is None:
            deviations.append(None), spreads.append(None), sizes.append(None)
            continue
        mean = sum(k * y for k, y in zip(w, lane)) / total
        from_mean = [y - mean for y in lane]
        size = max(abs(y) for y in lane)
        square = sum(k * y * y for k, y in zip(w, from_mean))
        # The centre is rounded, and that of a sample is off a little.
        off = Fraction(0) if n <= 256 else square / total / 4
        deviations.append(from_mean)
        spreads.append(square + total * (off + (4 * eps * size) ** 2))
        sizes.append(size * 2)
    least = Fraction(float(np.finfo(dtype).tiny)) / eps

    def element(i, j):
        if not (usable[i] and usable[j]):
            return NAN
        one, other = spreads[i], spreads[j]
        exact = sum(k * a * b for k, a, b in zip(w, deviations[i], deviations[j]))
        constant = [k for k in (i, j) if len(set(lanes[k])) == 1]
        most = max(one, other, sizes[i], sizes[j], sizes[i] ** 2 * n, sizes[j] ** 2 * n) * 64
        if most > largest_of(dtype):
            return ANYTHING
        if correlate:
            if constant:
                return NAN
            if min(spreads[i], spreads[j]) / total < least:
                return ANYTHING
            if i == j:
                return Is(1.0)
            squares = [sum(k * a * a for k, a in zip(w, deviations[k_])) for k_ in (i, j)]
            exact_square = exact * exact / (squares[0] * squares[1])
            value = math.copysign(math.sqrt(min(float(exact_square), 1.0)), exact)
            excess = max(float(one / squares[0]), float(other / squares[1]))
            error = Fraction((4 * h + 28) * excess) * eps
            return May(max(Fraction(value) - error, Fraction(-1)), min(Fraction(value) + error, Fraction(1)))
        if divisor <= 0:
            return Is(math.nan) if constant else ANYTHING
        # The square root is of a fraction far beyond floats, now and then.
        size = root(one * other)
        error = (2 * h + 12) * eps * size + (n + 4) * tiny(dtype) * (1 + sizes[i] + sizes[j])
        error = error / divisor + abs(exact) / divisor * (h * eps * total / divisor + eps) + 2 * tiny(dtype)
        return May(exact / divisor - error, exact / divisor + error)
    return [element(i, j) for i in range(p) for j in range(p)]


def root(square):
    """The square root of a fraction, rounded up."""
    if not square:
        return Fraction(0)
    scale = 1 << 2400
    return Fraction(math.isqrt(int(square * scale)) + 1, 1 << 1200)


@kernel("cholesky_into", elements=FLOATS, fixed=False)
def cholesky(d, name):
    """Of a matrix that is well conditioned; what is above the diagonal is not read."""
    n = int(d.rng.choice([0, 1, 2, 5, 16, 33, 70]))
    x = d.rng.standard_normal((2 * n, n))
    whole = (x.T @ x / max(2 * n, 1) + np.eye(n)).astype(d.dtype)
    whole = np.tril(whole) + np.tril(whole, -1).T
    a = d.lay(np.tril(whole) + np.triu(d.values((n, n)), 1))
    right = np.linalg.cholesky(whole.astype(np.float64))
    return d.case(name, [a], [d.out((n, n))], close(right, 30 * (n + 3)))


@kernel("solve_triangular_into", "solve_triangular_inplace", elements=FLOATS, fixed=False)
def solve_triangular(d, name):
    n, m = int(d.rng.choice([0, 1, 2, 5, 16, 33, 70])), int(d.rng.choice([0, 1, 2, 9, 40]))
    shape = (n,) if d.chance(0.4) else (n, m)
    kind = d.int(0, 3)
    triangle = np.triu if kind in (1, 3) else np.tril
    strict = 1 if kind == 1 or kind == 3 else -1
    read = triangle(d.rng.standard_normal((n, n)) / max(n, 1), strict).astype(d.dtype)
    diagonal = np.ones(n) if kind >= 2 else d.rng.choice([1, -2, 1.5], n)
    whole = read.astype(np.float64) + np.diag(diagonal)
    others = d.values((n, n))
    a = read + np.where(triangle(np.ones((n, n)), strict) > 0, 0, others)
    if kind < 2:
        np.fill_diagonal(a, diagonal)
    b = d.rng.standard_normal(shape).astype(d.dtype)
    verdict = close(np.linalg.solve(whole, b.astype(np.float64)), 30 * (n + 30))
    a, out = d.lay(a.astype(d.dtype)), d.out(shape)
    if name == "solve_triangular_into":
        return d.case(name, [a, d.lay(b)], [out], verdict, [kind])
    out.of(out.buffer)[...] = b
    return d.case(name, [a], [out], verdict, [kind])


def close(right, factor):
    """Numbers of about one, of well-conditioned systems."""
    def verdict(got):
        error = factor * np.finfo(got.dtype).eps * max(np.abs(right).max(initial=0), 1)
        far = ~(np.abs(got - right) <= error)
        return f"got {got[far][0]!r}, right {right[far][0]!r} within {error:.2g}" if far.any() else None
    return verdict
