"""Kernels that make one number of a lane, or of a whole array."""

import math
import warnings
from fractions import Fraction

import numpy as np

from .arrays import ALL, COMPLEX, FLOATS, INTEGERS, NUMBERS, REALS
from .cases import Expected, anything, equal, exact_integers, kernel, same
from .exact import (
    ANYTHING, NAN, UNIT, Is, May, Root, epsilon, largest_of, log2, numbers, part, special_sum, tiny, total, verdict_on,
)
from .moves import segments


def both(*names):
    """The kernels along an axis and of a whole array."""
    return [f"{name}_axis_into" for name in names] + [f"whole::{name}" for name in names]


def stem(name):
    return name.removeprefix("whole::").removesuffix("_axis_into")


class Lanes:
    """An input and its lanes: those of an axis, or all of it as one."""

    def __init__(self, d, name):
        self.d, self.name, self.whole = d, name, name.startswith("whole::")
        if self.whole:
            shape, self.axis, self.ints = d.shape(), None, []
        else:
            shape, self.axis = d.shape_and_axis()
            self.ints = [self.axis]
        self.shape = shape
        self.set(d.values(shape))

    def set(self, values):
        self.a = self.d.lay(values, repeats=True)

    @property
    def smaller(self):
        return () if self.whole else self.shape[:self.axis] + self.shape[self.axis + 1:]

    @property
    def n(self):
        return int(np.prod(self.shape)) if self.whole else self.shape[self.axis]

    def rows(self, values=None):
        """Lanes as rows of a matrix."""
        x = self.a.values if values is None else values
        x = x.reshape(-1) if self.whole else np.moveaxis(x, self.axis, -1)
        return x.reshape(int(np.prod(self.smaller)), self.n)

    def floats(self, values=None):
        """Lanes as lists of floats; real and imaginary parts as a lane each."""
        for row in self.rows(values):
            if row.dtype.kind == "c":
                yield from (row.real.tolist(), row.imag.tolist())
            else:
                yield row.tolist()

    def case(self, expected, more=(), element=None, ints=()):
        out = self.d.out(self.smaller, element)
        return self.d.case(self.name, [self.a, *more], [out], expected, [*self.ints, *ints])

    def expect(self, function, more=(), ints=()):
        """By a function of a lane of floats."""
        lanes = list(self.floats())
        expected = [function(lane) for lane in lanes]
        return self.case(verdict_on(expected, part(self.d.dtype), lanes), more, ints=ints)


def without_nan(lane):
    return [x for x in lane if not math.isnan(x)]


@kernel(*both("sum"), elements=NUMBERS)
def sums(d, name):
    lanes = Lanes(d, name)
    if d.element in INTEGERS:
        rows = lanes.rows().astype(object)
        exact = rows.sum(1, initial=0).reshape(lanes.smaller)
        steps = [*np.where(rows > 0, rows, 0).sum(1, initial=0), *np.where(rows < 0, rows, 0).sum(1, initial=0)]
        return lanes.case(exact_integers(d, exact, [steps]))
    return lanes.expect(lambda lane: sum_of(lane, part(d.dtype)))


def sum_of(lane, dtype):
    return special_sum(lane, dtype) or total(lane, 2 * log2(len(lane)) + 28, dtype)


@kernel(*both("nansum"), elements=FLOATS)
def nansums(d, name):
    return Lanes(d, name).expect(lambda lane: sum_of(without_nan(lane), d.dtype))


@kernel("add_reduceat_axis_into", elements=NUMBERS)
def add_reduceat(d, name):
    shape, axis = d.shape_and_axis()
    a = d.array(shape)
    indices = d.indices(d.int(0, 6) if shape[axis] else 0, shape[axis])
    rows = [np.asarray(part_) for part_ in segments(a.values, indices.values, axis)]
    smaller = shape[:axis] + shape[axis + 1:]
    out = d.out(shape[:axis] + (len(rows),) + shape[axis + 1:])
    if d.element in INTEGERS:
        rows = [row.astype(object) for row in rows]
        sums_ = [row.sum(0, keepdims=True) for row in rows]
        exact = np.moveaxis(np.concatenate(sums_), 0, axis) if rows else np.empty(out.shape, object)
        steps = [n for row in rows for sign in (1, -1)
                 for n in np.asarray(np.where(row * sign > 0, row, 0).sum(0)).flat]
        expected = d.out_of_range(name, indices, shape[axis], 1) or exact_integers(d, exact, [steps])
        return d.case(name, [a, indices], [out], expected, [axis])

    def verdict(got):
        for j, row in enumerate(rows):
            column = np.moveaxis(got, axis, 0)[j]
            table = row.reshape(len(row), -1)
            halves = [table.real, table.imag] if table.dtype.kind == "c" else [table]
            lanes = [half[:, k].tolist() for k in range(table.shape[1]) for half in halves]
            # A segment of one element is that element.
            right = [sum_of(lane, part(d.dtype)) for lane in lanes]
            if wrong := verdict_on(right, part(d.dtype))(column):
                return f"segment {j}: {wrong}"
            if len(row) == 1 and (wrong := same(row[0].reshape(smaller))(np.array(column, order="C"))):
                return f"segment {j}, of one element: {wrong}"
        return None
    return d.case(name, [a, indices], [out], verdict, [axis])


@kernel(*both("prod"), elements=NUMBERS)
def products(d, name):
    lanes = Lanes(d, name)
    if d.element in COMPLEX:
        return complex_products(d, lanes)
    if d.element in INTEGERS:
        if d.chance(0.5):
            lanes.set(lanes.a.values % 4)
        rows = lanes.rows().astype(object)
        exact = rows.prod(1, initial=1).reshape(lanes.smaller)
        steps = [s * n for n in np.where(rows == 0, 1, abs(rows)).prod(1, initial=1) for s in (1, -1)]
        if np.iinfo(d.dtype).min == 0:
            steps = [abs(n) for n in steps]
        return lanes.case(exact_integers(d, exact, [steps]))
    return lanes.expect(lambda lane: product_of(lane, d.dtype))


def complex_products(d, lanes):
    """Gaussian integers of exact products."""
    x = lanes.a.values
    shares = [0.3, 0.2, 0.2, 0.2, 0.04, 0.04, 0.02]
    lanes.set(d.rng.choice(np.array([1, 1j, -1, -1j, 1 + 1j, 2, 0], d.dtype), x.shape, p=shares))
    rows = lanes.rows()
    right = [np.prod(row.astype(np.complex128)) for row in rows]
    if (np.log2(np.maximum(abs(rows), 1)).sum(1, initial=0) > 20).any():
        return lanes.case(anything)
    return lanes.case(equal(np.array(right, d.dtype).reshape(lanes.smaller)))


@kernel(*both("nanprod"), elements=FLOATS)
def nanproducts(d, name):
    return Lanes(d, name).expect(lambda lane: product_of(without_nan(lane), d.dtype))


def product_of(lane, dtype):
    """Products over blocks may over- and underflow in any order; else the error is one rounding for each factor."""
    if any(map(math.isnan, lane)):
        return NAN
    infinite, zero = any(map(math.isinf, lane)), 0.0 in lane
    logs = [math.log2(abs(x)) for x in lane if x and math.isfinite(x)]
    info = np.finfo(dtype)
    over = sum(log for log in logs if log > 0) >= info.maxexp - 1
    under = sum(log for log in logs if log < 0) <= info.minexp + 1
    if (infinite and zero) or (infinite and under) or (zero and over):
        return NAN if infinite and zero else May(Fraction(0), Fraction(0), loose=True)
    if infinite or over or under:
        if over or under:
            return ANYTHING
        return Is(math.prod(math.copysign(1, x) for x in lane) * math.inf)
    exact = math.prod((Fraction(x) for x in lane), start=Fraction(1))
    error = abs(exact) * len(lane) * epsilon(dtype)
    return May(exact - error, exact + error)


@kernel(*both("mean"), elements=NUMBERS)
def means(d, name):
    lanes = Lanes(d, name)
    if d.element not in INTEGERS:
        return lanes.expect(lambda lane: mean_of(lane, part(d.dtype)))
    if not lanes.n:
        expected = Expected([same(np.zeros(lanes.smaller, d.dtype))], panic="mean|zero")
        expected.must_panic = math.prod(lanes.smaller) > 0
        return lanes.case(expected)
    exact = [int(Fraction(int(row.sum()), lanes.n)) for row in lanes.rows().astype(object)]
    return lanes.case(same(np.array(exact, d.dtype).reshape(lanes.smaller)))


@kernel(*both("nanmean"), elements=FLOATS)
def nanmeans(d, name):
    return Lanes(d, name).expect(lambda lane: mean_of(without_nan(lane), d.dtype))


def mean_of(lane, dtype):
    if not lane:
        return NAN
    factor = 2 * log2(len(lane)) + 28
    return special_sum(lane) or total(lane, factor, dtype, divisor=len(lane), strict=True)


@kernel(*both("var", "std", "nanvar", "nanstd"), elements=FLOATS)
def variances(d, name):
    lanes = Lanes(d, name)
    ddof = d.number(d.rng.choice([0, 1, 1, 2, 0.5, 300]))
    off = Fraction(float(ddof.values))

    def function(lane):
        nan = stem(name).startswith("nan")
        square = variance_of(without_nan(lane) if nan else lane, off, d.dtype, nan)
        if not stem(name).endswith("std") or isinstance(square, Is):
            return square
        # Half of a relative error is left of it, which covers the rounding of the root.
        return Root(square.low, square.high, epsilon(d.dtype))
    return lanes.expect(function, [ddof])


def variance_of(lane, ddof, dtype, nan):
    n = len(lane)
    if not n or not all(map(math.isfinite, lane)) or (nan and n <= ddof):
        return NAN
    units = numbers(lane)
    squares = n * sum(x * x for x in units) - sum(units) ** 2
    if n <= ddof:
        return Is(math.inf) if squares else NAN
    exact = Fraction(squares, UNIT**2) / n / (n - ddof)
    error = (log2(n) + 100) * epsilon(dtype) * exact + n * tiny(dtype)
    return May(exact - error, exact + error)


@kernel(*both("norm_l1", "norm_l2", "norm_max"), elements=FLOATS)
def norms(d, name):
    lanes = Lanes(d, name)
    if stem(name) == "norm_max":
        rows = abs(lanes.rows()).max(1, initial=0)
        return lanes.case(equal(np.asarray(rows, d.dtype).reshape(lanes.smaller)))
    function = {"norm_l1": l1_of, "norm_l2": l2_of}[stem(name)]
    return lanes.expect(lambda lane: function(lane, 2, 30, d.dtype))


def l1_of(lane, factor, constant, dtype):
    lane = [abs(x) for x in lane]
    return special_sum(lane) or total(lane, factor * log2(len(lane)) + constant, dtype, strict=True)


def l2_of(lane, factor, constant, dtype):
    """Squares are summed as they are, which the page says: large ones overflow and small ones are lost."""
    if any(map(math.isnan, lane)):
        return NAN
    if any(map(math.isinf, lane)):
        return Is(math.inf)
    exact = Fraction(sum(x * x for x in numbers(lane)), UNIT**2)
    relative = (factor * log2(len(lane)) + constant) * epsilon(dtype)
    lost = len(lane) * tiny(dtype)
    return Root(exact - lost, exact + lost, relative, loose=exact > largest_of(dtype) / 2)


@kernel(*both("min", "max", "nanmin", "nanmax", "argmin", "argmax", "nanargmin", "nanargmax", "ptp"),
        elements=[*REALS, "bool"])
def extrema(d, name):
    which = stem(name)
    if which == "ptp" and d.element == "bool":
        d.element, d.dtype = "i16", np.int16
    lanes = Lanes(d, name)
    if not lanes.n:
        expected = Expected(none=True) if lanes.whole else Expected(
            [same(np.zeros(lanes.smaller, d.dtype))], panic=name, must_panic=True, unwritten=True)
        return lanes.case(expected, element="usize" if "arg" in which else None)
    rows = lanes.rows()
    nothing = "arg" in which and which.startswith("nan") and (rows != rows).all(1).any()
    if nothing:
        expected = Expected(none=True) if lanes.whole else Expected(
            [same(rows)], panic=name, must_panic=True, unwritten=True)
        return lanes.case(expected, element="usize")
    if which == "ptp" and d.element in INTEGERS:
        rows = rows.astype(object)
        return lanes.case(exact_integers(d, (rows.max(1) - rows.min(1)).reshape(lanes.smaller)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of lanes of nothing but NaN
        right = np.asarray(getattr(np, which)(rows, 1)).reshape(lanes.smaller)
    if which.startswith("nanarg"):
        # NumPy takes NaN for an infinity, and may give its place where there is nothing else.
        places = [np.flatnonzero(row == row) for row in rows]
        function = getattr(np, which.removeprefix("nan"))
        right = np.array([place[function(row[place])] for place, row in zip(places, rows)]).reshape(lanes.smaller)
    if "arg" in which:
        return lanes.case(same(right.astype(np.uint64)), element="usize")
    return lanes.case(equal(right))


@kernel(*both("any", "all"), elements=["bool"])
def truths(d, name):
    lanes = Lanes(d, name)
    return lanes.case(same(getattr(np, stem(name))(lanes.rows(), 1).reshape(lanes.smaller)))


@kernel(*both("count_nonzero"), elements=ALL)
def counts(d, name):
    lanes = Lanes(d, name)
    counted = np.count_nonzero(lanes.rows(), 1).astype(np.uint64)
    return lanes.case(same(counted.reshape(lanes.smaller)), element="usize")
