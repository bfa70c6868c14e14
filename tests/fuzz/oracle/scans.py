"""Running results, differences and slopes along an axis, bit for bit."""

import math
import operator
from fractions import Fraction

import numpy as np

from .arrays import FLOATS, INTEGERS, NUMBERS, REALS
from .cases import Expected, equal, equal_bits, exact_integers, kernel, same
from .elementwise import larger, multiply, smaller
from .exact import ANYTHING, UNBOUNDED, May, epsilon, tiny, verdict_on
from .moves import running
from .reductions import l1_of, l2_of

FUNCTIONS = {"cumsum": operator.add, "cumprod": multiply, "cummax": larger, "cummin": smaller}


def along(d, name, flat):
    """An array, its axis, its values (one list if it is run through flat), and whether it is changed in place."""
    shape, axis = (d.shape(), 0) if flat else d.shape_and_axis()
    inplace = name.endswith("_inplace")
    a = d.lay(d.values(shape)) if inplace else d.array(shape)
    return a, axis, a.values.reshape(-1) if flat else a.values, inplace


@kernel("cumsum_axis_into", "cumprod_axis_into", "cumsum_axis_inplace", "cumprod_axis_inplace", "cumsum_into",
        "cumprod_into", elements=NUMBERS)
def cumulate(d, name):
    a, axis, x, inplace = along(d, name, "axis" not in name)
    function = FUNCTIONS[name.split("_")[0]]
    if d.element in INTEGERS:
        if name.startswith("cumprod") and d.chance(0.5):
            x = x % 3
            a = d.lay(x.reshape(a.shape))
        exact = running(x.astype(object), axis, operator.add if "sum" in name else operator.mul)
        expected = exact_integers(d, exact.reshape(a.shape))
    else:
        expected = same(running(x, axis, function).reshape(a.shape))
    return d.case(name, [] if inplace else [a], [a if inplace else d.out(a.shape)], expected, [axis])


@kernel("nancumsum_axis_into", "nancumprod_axis_into", "nancumsum_into", "nancumprod_into", elements=FLOATS)
def nancumulate(d, name):
    a, axis, x, _ = along(d, name, "axis" not in name)
    right = getattr(np, name.split("_")[0])(x, axis)
    return d.case(name, [a], [d.out(a.shape)], same(right.reshape(a.shape)), [axis])


@kernel("cummax_axis_into", "cummin_axis_into", "cummax_axis_inplace", "cummin_axis_inplace", elements=[*REALS, "bool"])
def extrema(d, name):
    a, axis, x, inplace = along(d, name, False)
    right = running(x, axis, FUNCTIONS[name.split("_")[0]])
    return d.case(name, [] if inplace else [a], [a if inplace else d.out(a.shape)], same(right), [axis])


@kernel("diff_axis_into", elements=NUMBERS)
def differences(d, name):
    shape, axis = d.shape_and_axis()
    a, n = d.array(shape), d.int(0, 3) if d.chance(0.8) else d.int(0, 16)
    x = a.values.astype(object) if d.element in INTEGERS else a.values
    steps, front = [], np.moveaxis(x, axis, 0)
    for _ in range(n):
        front = front[1:] - front[:-1]
        steps += [front] if d.element in INTEGERS else []
    right = np.moveaxis(front, 0, axis)
    expected = exact_integers(d, right, steps) if d.element in INTEGERS else same(right)
    return d.case(name, [a], [d.out(right.shape)], expected, [axis, n])


@kernel("gradient_axis_into", elements=FLOATS)
def gradient(d, name):
    edge = d.int(1, 2)
    shape, axis = d.shape_and_axis()
    shape = tuple(max(n, edge + 1) if k == axis else n for k, n in enumerate(shape))
    a = d.array(shape)
    spacing, at = d.spacing(shape[axis])
    x = spacing.values if at else spacing.values[0]
    right = np.gradient(a.values, x, axis=axis, edge_order=edge)
    samples = np.moveaxis(a.values, axis, -1)

    def verdict(got):
        """NumPy's bits, or where something on the way left the range, what is right."""
        differ = np.moveaxis(~equal_bits(got, right), axis, -1)
        for place in np.argwhere(differ).tolist():
            lane, number = samples[tuple(place[:-1])].tolist(), float(np.moveaxis(got, axis, -1)[tuple(place)])
            exact = slope(lane, place[-1], x, edge, d.dtype)
            if not exact.allows(number, d.dtype):
                return f"at {place}, of {lane[:9]}: got {number!r}, right {exact}"
        return None
    return d.case(name, [a, spacing], [d.out(shape)], verdict, [axis, edge, int(at)])


def slope(samples, k, x, edge, dtype):
    """That at sample k, within the error of the page: of two samples, or of three with their weights."""
    n = len(samples)
    if x.ndim:
        steps = np.diff(x)
        even = (steps == steps[0]).all() and np.isfinite(steps[0])
        distances = [float(steps[0])] * (n - 1) if even else None
    else:
        even, distances = True, [float(x)] * (n - 1)
    inside = 0 < k < n - 1
    first = min(max(k - 1, 0), n - 3) if inside or edge == 2 else min(k, n - 2)
    used = range(first, first + (3 if inside or edge == 2 else 2))
    if inside and even:
        used = [k - 1, k + 1]
    if distances is None:
        if not np.isfinite(x[first:used[-1] + 1]).all():
            return ANYTHING
        places = [Fraction(v) for v in x[first:used[-1] + 1].tolist()]
        distances = [None] * first + [after - before for before, after in zip(places, places[1:])]
    near = distances[first:used[-1]]
    if not all(map(math.isfinite, near)):
        return ANYTHING
    near = [Fraction(v) for v in near]
    values = [samples[at] for at in used]
    if 0 in near or (len(near) == 2 and sum(near) == 0) or not all(map(math.isfinite, values)):
        return UNBOUNDED
    values = [Fraction(v) for v in values]
    if len(values) == 2:
        exact = (values[1] - values[0]) / sum(near)
        error = Fraction(8, 5) * epsilon(dtype) * abs(exact)
    else:
        d, e = near
        weights = {
            first: (-(2 * d + e) / (d * (d + e)), (d + e) / (d * e), -d / (e * (d + e))),
            first + 1: (-e / (d * (d + e)), (e - d) / (d * e), d / (e * (d + e))),
            first + 2: (e / (d * (d + e)), -(d + e) / (d * e), (d + 2 * e) / (e * (d + e))),
        }[k]
        exact = sum(weight * value for weight, value in zip(weights, values))
        both = abs(d) + abs(e)
        sizes = [weights[0], max(abs(weights[1]), both / abs(d * e)), weights[2]]
        # (Distances of opposite signs cancel.)
        error = 5 * epsilon(dtype) * sum(abs(size * value) for size, value in zip(sizes, values)) * both / abs(d + e)
    error += 2 * tiny(dtype)
    return May(exact - error, exact + error)


@kernel("diff_norms", "diff_norms_into", elements=FLOATS)
def diff_norms(d, name):
    """They are three numbers, which the runner writes into a list."""
    shape = d.shape()
    a, b = d.array(shape), d.array(shape)
    diff = a.values - b.values
    lane = diff.reshape(-1).tolist()
    sums = [l1_of(lane, 1, 13, d.dtype), l2_of(lane, 1, 13, d.dtype)]

    def verdict(*found):
        *written, norms = found
        return verdict_on(sums, d.dtype)(norms[:2]) or \
            equal(np.asarray(abs(diff).max(initial=0)))(norms[2]) or \
            (written and same(diff)(written[0]))
    outs = [d.out(shape), d.out((3,))] if name == "diff_norms_into" else [d.out((3,))]
    return d.case(name, [a, b], outs, Expected(together=verdict))
