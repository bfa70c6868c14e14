"""Sums of products: dots, averages, areas."""

import itertools
import math
from fractions import Fraction

import numpy as np

from .arrays import COMPLEX, FLOATS, INTEGERS, NUMBERS, REALS
from .cases import equal, exact_integers, kernel, same
from .exact import (
    ANYTHING, NAN, Is, May, dot, epsilon, largest_of, log2, part, special_dot, special_sum, tiny, total, verdict_on,
)
from .reductions import Lanes, both


@kernel("whole::vdot", "vecdot_axis_into", elements=REALS)
def dots(d, name):
    lanes = Lanes(d, name)
    b = d.array(lanes.shape)
    if d.element in INTEGERS:
        products = lanes.rows().astype(object) * lanes.rows(b.values).astype(object)
        return lanes.case(integer_dot(d, products, lanes.smaller), [b])
    expected = [dot_of(x, y, d.dtype) for x, y in zip(lanes.floats(), lanes.floats(b.values))]
    return lanes.case(verdict_on(expected, d.dtype), [b])


def integer_dot(d, products, shape):
    steps = [*products.flat, *np.where(products > 0, products, 0).sum(1, initial=0),
             *np.where(products < 0, products, 0).sum(1, initial=0)]
    return exact_integers(d, products.sum(1, initial=0).reshape(shape), [steps])


def dot_of(a, b, dtype):
    special = special_dot(a, b, dtype)
    return special if special is not None else dot(a, b, 2 * log2(len(a)) + 29, dtype)


@kernel("matvec_into", "vecmat_into", elements=NUMBERS, fixed=False)
def matvec(d, name):
    """Stacks of matrices and vectors; of some, one is repeated."""
    n, m = (int(d.rng.choice([0, 1, 2, 3, 7, 16, 33, 65])) for _ in range(2))
    stack = tuple(d.int(0, 3) for _ in range(d.int(0, 2) if d.chance(0.5) else 0))
    is_left = name == "vecmat_into"
    a = d.array((*repeated(d, stack), n, m))
    v = d.array((*repeated(d, stack), n if is_left else m))
    out = d.out((*stack, m if is_left else n))
    matrices = np.broadcast_to(a.values, (*stack, n, m))
    matrices = matrices.swapaxes(-1, -2) if is_left else matrices
    rows = matrices.reshape(-1, matrices.shape[-1]) if matrices.shape[-1] else np.zeros((out.values.size, 0), d.dtype)
    vectors = np.broadcast_to(v.values[..., None, :], matrices.shape).reshape(rows.shape)
    inputs = [v, a] if is_left else [a, v]
    if d.element in INTEGERS:
        products = rows.astype(object) * vectors.astype(object)
        return d.case(name, inputs, [out], integer_dot(d, products, out.shape))
    vectors = vectors.conj() if is_left else vectors
    expected = [each for row, x in zip(rows, vectors) for each in parts_of_dot(row, x, d.dtype, dot_of)]
    return d.case(name, inputs, [out], verdict_on(expected, part(d.dtype)))


def repeated(d, stack):
    """The axes of a stack that an operand has, of length one where it repeats."""
    some = stack[d.int(0, len(stack)):]
    return tuple(1 if d.chance(0.2) else length for length in some)


def parts_of_dot(row, x, dtype, dot_of):
    """The parts of a sum of complex products are sums of twice as many, which are rounded once more."""
    if not np.iscomplexobj(row):
        return [dot_of(row.tolist(), x.tolist(), dtype)]
    twice = [interleaved(x.real, -x.imag), interleaved(x.imag, x.real)]
    return [dot_of(interleaved(row.real, row.imag), half, part(dtype)) for half in twice]


def interleaved(a, b):
    return np.stack([a, b], -1).reshape(-1).tolist()


@kernel("gemm_into", elements=FLOATS, fixed=False)  # a complex factor makes NaN of infinities, as in BLAS
@kernel("matmul_into", elements=(*FLOATS, *COMPLEX), fixed=False)
def matmul(d, name):
    """Stacks of matrices; of some, one matrix or a stack of one is repeated."""
    lens = [0, 1, 2, 3, 7, 12, 17, 33, 64]
    m, k, n = (int(d.rng.choice([*lens, 66] if d.chance(0.1) else lens)) for _ in range(3))
    if m * k * n > 20_000:
        m = min(m, 3)  # exact sums take their time
    stack = tuple(d.int(0, 3) for _ in range(d.int(0, 2)))
    a, b = d.array((*repeated(d, stack), m, k)), d.array((*repeated(d, stack), k, n))
    out = d.out((*stack, m, n))
    count = math.prod(stack)
    left = np.broadcast_to(a.values, (*stack, m, k)).reshape(count, m, k)
    right = np.broadcast_to(b.values, (*stack, k, n)).reshape(count, k, n)
    expected = [
        each for x, y in zip(left, right) for row in x for column in y.T
        for each in element_of_product(-row if name == "gemm_into" else row, column, d.dtype)
    ]
    return d.case(name, [a, b], [out], verdict_on(expected, part(d.dtype)))


@kernel("dot_into", "inner_into", "tensordot_into", elements=(*FLOATS, *COMPLEX), fixed=False)
def tensordot(d, name):
    count = [d.int(0, 3), d.int(0, 3)]
    if name == "tensordot_into":
        sums = d.int(0, min(count))
        axes = [[int(axis) for axis in d.rng.permutation(n)[:sums]] for n in count]
    elif min(count) == 0:
        axes = [[], []]
    else:
        axes = [[count[0] - 1], [max(count[1] - 2, 0) if name == "dot_into" else count[1] - 1]]
    of_a, of_b = list("abc"[:count[0]]), list("uvw"[:count[1]])
    for left, right in zip(*axes):
        of_b[right] = of_a[left]
    kept = [letter for letter in [*of_a, *of_b] if (letter in of_a) != (letter in of_b)]
    ints = [len(axes[0]), *axes[0], *axes[1]] if name == "tensordot_into" else []
    return contraction(d, name, "".join(of_a), "".join(of_b), "".join(kept), ints)


@kernel("einsum_into", elements=(*FLOATS, *COMPLEX), fixed=False)
def einsum(d, name):
    letters = [str(letter) for letter in d.rng.choice(list("ijklmA"), d.int(1, 5), replace=False)]
    of_a, of_b = ("".join(d.rng.permutation(letters)[:d.int(0, 4)]) for _ in range(2))
    if d.chance(0.15) and of_a:
        of_a = of_a[0] + of_a  # a diagonal
    known = d.rng.permutation(sorted({*of_a, *of_b}))
    of_out = "".join(known[:d.int(0, min(4, len(known)))])
    subscripts = f"{of_a},{of_b}->{of_out}"
    return contraction(d, name, of_a, of_b, of_out, list(subscripts.encode()))


def contraction(d, name, of_a, of_b, of_out, ints):
    lens = dict.fromkeys(of_a + of_b, 1)
    for letter in d.rng.permutation(list(lens)):
        room = 3000 // max(1, math.prod(lens.values()))
        lens[letter] = int(d.rng.choice([n for n in [0, 1, 2, 3, 5, 8, 17, 70] if n <= room]))
    # What one operand is summed over alone is summed first: exactly, if its numbers are small.
    is_alone = any((letter in of_a) != (letter in of_b) and letter not in of_out for letter in lens)
    shapes = [[lens[letter] for letter in letters] for letters in (of_a, of_b)]
    a, b = (
        d.lay(d.rng.integers(-3, 4, shape).astype(d.dtype), repeats=True) if is_alone else d.array(shape)
        for shape in shapes
    )
    terms = [letter for letter in dict.fromkeys(of_a + of_b) if letter not in of_out]
    order = [*of_out, *terms]
    out = d.out([lens[letter] for letter in of_out])
    count = math.prod(out.shape)
    left, right = (
        spread(x.values, letters, order, lens).reshape(count, math.prod(lens[letter] for letter in terms))
        for x, letters in ((a, of_a), (b, of_b))
    )
    expected = [
        each for row, column in zip(left, right)
        for each in parts_of_dot(row, column, d.dtype, dot_in_either_way)
    ]
    return d.case(name, [a, b], [out], verdict_on(expected, part(d.dtype)), ints)


def spread(x, letters, order, lens):
    """An array with the axes of `order`, repeated along those that it does not have."""
    own = [letter for letter in order if letter in letters]
    x = np.einsum(f"{letters}->{''.join(own)}", x)
    x = x.reshape([lens[letter] if letter in own else 1 for letter in order])
    return np.broadcast_to(x, [lens[letter] for letter in order])


def dot_in_either_way(a, b, dtype):
    """As lanes are folded, or as matrices are multiplied."""
    special = special_dot(a, b, dtype)
    error = max(Fraction(len(a) + 1, 2), 2 * log2(len(a)) + 29)
    return special if special is not None else dot(a, b, error, dtype)


@kernel("multi_dot_into", elements=(*FLOATS, *COMPLEX), fixed=False)
def multi_dot(d, name):
    """Of small whole numbers, so that every order is exact."""
    lens = [int(d.rng.choice([0, 1, 2, 3, 5, 8])) for _ in range(d.int(3, 6))]
    matrices = [d.lay(d.rng.integers(-2, 3, pair).astype(d.dtype)) for pair in itertools.pairwise(lens)]
    expected = matrices[0].values
    for matrix in matrices[1:]:
        expected = expected @ matrix.values
    return d.case(name, matrices, [d.out((lens[0], lens[-1]))], equal(expected))


@kernel("affine_into", elements=(*FLOATS, *COMPLEX), fixed=False)
def affine(d, name):
    m, k, n = (int(d.rng.choice([0, 1, 2, 5, 13, 33])) for _ in range(3))
    x, w, bias = d.array((m, k)), d.array((k, n)), d.array((n,))
    expected = [
        each for row in x.values for column, more in zip(w.values.T, bias.values)
        for each in element_of_product(row, column, d.dtype, more)
    ]
    return d.case(name, [x, w, bias], [d.out((m, n))], verdict_on(expected, part(d.dtype)))


@kernel("ger_inplace", elements=FLOATS, fixed=False)
def ger(d, name):
    n, m = (int(d.rng.choice([0, 1, 2, 5, 13, 40])) for _ in range(2))
    a, x, y = d.out((n, m)), d.array((n,)), d.array((m,))
    a.of(a.buffer)[...] = d.values((n, m))
    alpha = d.number(d.rng.choice([1, -1, 0.3, 0, 2.5]))
    scaled = (alpha.values * x.values).astype(d.dtype)
    expected = a.of(a.buffer) + scaled[:, None] * y.values
    return d.case(name, [x, y, alpha], [a], same(expected.astype(d.dtype)))


@kernel("pairwise_sqdist_into", elements=FLOATS, fixed=False)
def distances(d, name):
    n, k, m = (int(d.rng.choice([0, 1, 2, 5, 13, 33])) for _ in range(3))
    a, b = d.array((n, k), finite=True), d.array((m, k), finite=True)
    out = d.out((n, m))

    def distance(x, y):
        exact = sum((Fraction(u) - Fraction(v)) ** 2 for u, v in zip(x, y))
        error = Fraction(k + 3, 2) * epsilon(d.dtype) * exact + k * tiny(d.dtype)
        return May(exact - error, exact + error, loose=exact > largest_of(d.dtype))
    expected = [distance(x, y) for x in a.values.tolist() for y in b.values.tolist()]
    return d.case(name, [a, b], [out], verdict_on(expected, d.dtype))


def element_of_product(row, column, dtype, more=None):
    """The parts of a sum of products, to which `more` is added, as one more term times one."""
    if np.iscomplexobj(row):
        x = interleaved(row.real, row.imag)
        halves = [interleaved(column.real, -column.imag), interleaved(column.imag, column.real)]
        others = [] if more is None else [more.real, more.imag]
    else:
        x, halves = row.tolist(), [column.tolist()]
        others = [] if more is None else [more]
    for half, other in itertools.zip_longest(halves, others):
        left, right = (x, half) if other is None else ([*x, 1.0], [*half, float(other)])
        special = special_dot(left, right, part(dtype))
        yield special if special is not None else dot(left, right, Fraction(len(left) + 1, 2), part(dtype))


@kernel(*both("average"), elements=FLOATS)
def averages(d, name):
    lanes = Lanes(d, name)
    shape = lanes.shape if lanes.whole else (lanes.n,)
    weights = d.lay(abs(d.values(shape)) if d.chance(0.7) else d.values(shape), repeats=True)
    weight = weights.values.reshape(-1).tolist()

    def function(lane):
        special = special_dot(weight, lane, d.dtype)
        whole = special_sum(weight, d.dtype)
        if special is not None or whole is not None:
            # Whatever the division gives.
            return divided(special, whole)
        above = dot(weight, lane, 2 * log2(len(lane)) + 29, d.dtype)
        below = total(weight, 2 * log2(len(lane)) + 28, d.dtype)
        # Elements and weights may have been scaled so that the largest of each is about one.
        largest = Fraction(max(map(abs, weight), default=0)) * Fraction(max(map(abs, lane), default=0))
        lost = 16 * len(lane) * tiny(d.dtype) * largest
        above = May(above.low - lost, above.high + lost, loose=above.loose)
        return quotient(above, below, d.dtype)
    return lanes.expect(function, [weights])


def divided(above, below):
    return NAN if any(isinstance(of, Is) and math.isnan(of.value) for of in (above, below)) else ANYTHING


def quotient(above, below, dtype):
    if above.loose or below.loose or below.low <= 0 <= below.high:
        return ANYTHING
    ends = [x / y for x in (above.low, above.high) for y in (below.low, below.high)]
    low, high = min(ends), max(ends)
    return May(low - epsilon(dtype) * abs(low) - tiny(dtype), high + epsilon(dtype) * abs(high) + tiny(dtype))


@kernel("trapezoid_axis_into", elements=FLOATS)
def trapezoid(d, name):
    lanes = Lanes(d, name)
    spacing, at = d.spacing(lanes.n)
    x = spacing.values.tolist() if at else None
    h = float(spacing.values[0]) if spacing.values.size else 0.0
    return lanes.expect(lambda lane: area(lane, x, h, d.dtype), [spacing], [int(at)])


def area(y, x, h, dtype):
    n = len(y)
    if n < 2:
        return Is(0.0)
    coordinates = x if x is not None else [h]
    if not all(map(math.isfinite, [*y, *coordinates])):
        special = special_area(y, x, h)
        if special is not None:
            return special
    if x is not None:
        exact_x = [Fraction(v) for v in x]
        steps = [after - before for before, after in zip(exact_x, exact_x[1:])]
    else:
        steps = [Fraction(h)] * (n - 1)
    exact_y = [Fraction(v) for v in y]
    exact = sum(step * (before + after) / 2 for step, before, after in zip(steps, exact_y, exact_y[1:]))
    weights = [abs(left) + abs(right) for left, right in zip([0, *steps], [*steps, 0])]
    scale = sum(weight * abs(v) / 2 for weight, v in zip(weights, exact_y))
    error = (2 * log2(n) + 34) * epsilon(dtype) * scale + n * tiny(dtype)
    return May(exact - error, exact + error)


def special_area(y, x, h):
    """By the formula, in which finite numbers matter by their signs alone."""
    def kept(v):
        return v if not math.isfinite(v) else 0.0
    terms = []
    for k in range(len(y) - 1):
        if x is None:
            step = h
        elif math.isfinite(x[k]) and math.isfinite(x[k + 1]):
            step = (x[k + 1] > x[k]) - (x[k + 1] < x[k])
        else:
            step = kept(x[k + 1]) - kept(x[k])
        height = kept(y[k + 1]) + kept(y[k])
        if not math.isfinite(height):
            terms.append(step * height)
        elif not math.isfinite(step):
            exact = Fraction(y[k + 1]) + Fraction(y[k])
            terms.append(step * ((exact > 0) - (exact < 0)))
    return special_sum(terms)
