"""Kernels that move elements, or hand them to a closure in an order that counts."""

import numpy as np

from .arrays import ALL, INTEGERS, NUMBERS
from .cases import Expected, exact_integers, kernel, same
from .elementwise import mix, multiply


def moved(expected):
    return same(expected, payload=True)


def at(axis, index):
    return (slice(None),) * axis + (index,)


@kernel("take_axis_into", "take_along_axis_into", elements=ALL)
def take(d, name):
    shape, axis = d.shape_and_axis()
    a = d.array(shape)
    count = d.int(0, 9) if shape[axis] else 0
    taken = shape[:axis] + (count,) + shape[axis + 1:]
    along = name == "take_along_axis_into"
    indices = d.indices(taken if along else count, shape[axis])
    places = indices.values.astype(np.int64)
    expected = moved(np.take_along_axis(a.values, places, axis) if along else np.take(a.values, places, axis))
    expected = d.out_of_range(name, indices, shape[axis], 1) or expected
    return d.case(name, [a, indices], [d.out(taken)], expected, [axis])


@kernel("put_along_axis_inplace", elements=ALL)
def put(d, name):
    shape, axis = d.shape_and_axis()
    a = d.lay(d.values(shape))
    count = d.int(0, 9) if shape[axis] else 0
    places = shape[:axis] + (count,) + shape[axis + 1:]
    indices, values = d.indices(places, shape[axis]), d.operand(places)
    right, brought = a.values, np.broadcast_to(values.values, places)
    for i in range(count):
        index = indices.values[at(axis, slice(i, i + 1))].astype(np.int64)
        np.put_along_axis(right, index, brought[at(axis, slice(i, i + 1))], axis)
    expected = d.out_of_range(name, indices, shape[axis], 1) or moved(right)
    return d.case(name, [indices, values], [a], expected, [axis])


@kernel("at_axis_inplace", elements=ALL)
def at_axis(d, name):
    shape, axis = d.shape_and_axis()
    a = d.lay(d.values(shape))
    count = d.int(0, 9) if shape[axis] else 0
    places = shape[:axis] + (count,) + shape[axis + 1:]
    indices, values = d.indices(count, shape[axis]), d.operand(places)
    right, brought = a.values, np.broadcast_to(values.values, places)
    for i, index in enumerate(indices.values):
        row = at(axis, slice(int(index), int(index) + 1))
        right[row] = mix(right[row], brought[at(axis, slice(i, i + 1))])
    expected = d.out_of_range(name, indices, shape[axis], 1) or same(right)
    return d.case(name, [indices, values], [a], expected, [axis])


@kernel("compress_axis_into", elements=ALL)
def compress(d, name):
    shape, axis = d.shape_and_axis()
    a, mask = d.array(shape), d.array((shape[axis],), "bool")
    right = np.compress(mask.values, a.values, axis)
    return d.case(name, [a, mask], [d.out(right.shape)], moved(right), [axis])


@kernel("concatenate_axis_into", elements=ALL)
def concatenate(d, name):
    shape, axis = d.shape_and_axis()
    lengths = [shape[axis], *(d.int(0, 5) for _ in range(d.int(0, 3)))]
    parts = [d.array(shape[:axis] + (n,) + shape[axis + 1:]) for n in lengths]
    right = np.concatenate([part.values for part in parts], axis)
    return d.case(name, parts, [d.out(right.shape)], moved(right), [axis])


@kernel("stack_axis_into", elements=ALL)
def stack(d, name):
    shape = d.shape(most=3)
    axis = d.int(0, len(shape))
    parts = [d.array(shape) for _ in range(d.int(1, 4))]
    right = np.stack([part.values for part in parts], axis)
    return d.case(name, parts, [d.out(right.shape)], moved(right), [axis])


@kernel("repeat_axis_into", elements=ALL)
def repeat(d, name):
    shape, axis = d.shape_and_axis(elements=800)
    a, repeats = d.array(shape), d.int(0, 4)
    right = np.repeat(a.values, repeats, axis)
    return d.case(name, [a], [d.out(right.shape)], moved(right), [axis, repeats])


@kernel("tile_into", elements=ALL)
def tile(d, name):
    shape = d.shape(elements=300)
    repeats = [d.int(0, 3) if d.chance(0.2) else d.int(1, 3) for _ in shape]
    inner = shape if d.rank is not None else shape[d.int(0, len(shape)):]
    a = d.array(inner)
    right = np.tile(a.values, repeats)
    return d.case(name, [a], [d.out(right.shape)], moved(right))


@kernel("pad_into", elements=ALL)
def pad(d, name):
    shape = d.shape(least=1, elements=300)
    widths = [(d.int(0, 3), d.int(0, 3)) if d.chance(0.8) else (d.int(0, 9), 0) for _ in shape]
    mode = d.int(0, 4)
    # Margins of an axis without elements cannot be filled but by a constant.
    widths = [(0, 0) if n == 0 and mode else width for n, width in zip(shape, widths)]
    a, constant = d.array(shape), d.number(d.values(()))
    modes = ["constant", "edge", "reflect", "symmetric", "wrap"]
    options = {} if mode else {"constant_values": constant.values}
    right = np.pad(a.values, widths, modes[mode], **options)
    ints = [mode, *(n for width in widths for n in width)]
    return d.case(name, [a, constant], [d.out(right.shape)], moved(right), ints)


@kernel("roll_into", "roll_axes_into", elements=ALL)
def roll(d, name):
    shape = d.shape()
    a = d.array(shape)
    shifts = [d.int(-9, 9) if d.chance(0.8) else d.int(-10**6, 10**6) for _ in range(max(len(shape), 1))]
    if name == "roll_into":
        return d.case(name, [a], [d.out(shape)], moved(np.roll(a.values, shifts[0])), shifts[:1])
    shifts = shifts[:len(shape)]
    right = np.roll(a.values, shifts, range(len(shape))) if shape else a.values
    return d.case(name, [a], [d.out(shape)], moved(right), shifts)


@kernel("roll_axis_into", "roll_axis_inplace", "flip_axis_into", "flip_axis_inplace", elements=ALL)
def rows(d, name):
    shape, axis = d.shape_and_axis()
    inplace = name.endswith("_inplace")
    a = d.lay(d.values(shape)) if inplace else d.array(shape)
    shift = d.int(-9, 9) if d.chance(0.8) else d.int(-10**6, 10**6)
    right = np.roll(a.values, shift, axis) if name.startswith("roll") else np.flip(a.values, axis)
    return d.case(name, [] if inplace else [a], [a if inplace else d.out(shape)], moved(right), [axis, shift])


@kernel("transpose_into", "permute_axes_into", elements=ALL)
def transpose(d, name):
    shape = d.shape()
    a = d.array(shape)
    axes = range(len(shape))[::-1] if name == "transpose_into" else [int(k) for k in d.rng.permutation(len(shape))]
    right = np.transpose(a.values, list(axes))
    return d.case(name, [a], [d.out(right.shape)], moved(right), [] if name == "transpose_into" else axes)


@kernel("reorder_axis_into", elements=ALL)
def permute_axis(d, name):
    shape, axis = d.shape_and_axis()
    a, order = d.array(shape), d.lay(d.rng.permutation(shape[axis]).astype(np.uint64), "usize")
    right = np.take(a.values, order.values.astype(np.int64), axis)
    return d.case(name, [a, order], [d.out(shape)], moved(right), [axis])


@kernel("shuffle_copy_into", "shuffle_axis_into", "shuffle_axis_inplace", "shuffle_elements_into",
        "shuffle_elements_inplace", "shuffle_diff_into", elements=ALL)
def shuffle(d, name):
    """The runner tells which order a `Permutation` of the same seed has: the rows have to be in it."""
    diff = name == "shuffle_diff_into"
    if diff and d.element == "bool":
        d.element = "f32"
    elements, inplace = "elements" in name, name.endswith("_inplace")
    shape = d.shape(least=0 if elements else 1)
    axis = d.int(0, len(shape) - 1) if "axis" in name else 0
    a = d.lay(d.values(shape)) if inplace else d.array(shape)
    x = a.values
    count = x.size if elements else shape[axis]

    def verdict(*found):
        order = found[-1].astype(np.int64)
        if sorted(order.tolist()) != list(range(count)):
            return f"{order} is no permutation"
        right = x.ravel()[order].reshape(shape) if elements else np.take(x, order, axis)
        with np.errstate(all="ignore"):
            return moved(right)(found[0]) or (diff and same(right - x)(found[1]))

    expected = Expected(together=verdict)
    if diff and d.element in INTEGERS and d.checks:
        # Whether a difference overflows depends on the order.
        expected.panic = "overflow"
    outs = [a if inplace else d.out(shape), *([d.out(shape)] if diff else []), d.out((count,), "usize")]
    return d.case(name, [] if inplace else [a], outs, expected, [axis, d.int(0, 2**60)])


@kernel("random_into", "random_blocks_into", elements=["f64", "f32", "i64", "i32", "i16", "u8", "bool"])
def random(d, name):
    """The runner draws a list with the same seed, which has to be the elements in logical order."""
    shape = d.shape()
    out, draws = d.out(shape), d.out((int(np.prod(shape)),))
    expected = Expected(together=lambda got, list_: same(list_.reshape(shape))(got))
    return d.case(name, [], [out, draws], expected, [d.int(0, 2**60)])


@kernel("reduceat_axis_into", elements=ALL)
def reduceat(d, name):
    shape, axis = d.shape_and_axis()
    a = d.array(shape)
    indices = d.indices(d.int(0, 6) if shape[axis] else 0, shape[axis])
    rows = [fold(part) for part in segments(a.values, indices.values, axis)]
    right = np.stack(rows, axis) if rows else np.empty(shape[:axis] + (0,) + shape[axis + 1:], d.dtype)
    expected = d.out_of_range(name, indices, shape[axis], 1) or same(right)
    return d.case(name, [a, indices], [d.out(right.shape)], expected, [axis])


def segments(x, indices, axis):
    """Lists of the rows of each segment."""
    starts = [int(i) for i in indices]
    for start, end in zip(starts, [*starts[1:], x.shape[axis]]):
        yield np.moveaxis(x, axis, 0)[start:max(end, start + 1)]


def fold(rows, value=None):
    rows = list(rows)
    value = rows.pop(0) if value is None else value
    for row in rows:
        value = mix(np.asarray(value), np.asarray(row))
    return value


@kernel("reduce_axis_into", "reduce_where_axis_into", elements=ALL)
def reduce(d, name):
    shape, axis = d.shape_and_axis()
    a, init = d.array(shape), d.number(d.values(()))
    smaller = shape[:axis] + shape[axis + 1:]
    mask = d.array(shape, "bool")
    masked = name == "reduce_where_axis_into"
    value = np.broadcast_to(init.values, smaller)
    for row, chosen in zip(np.moveaxis(a.values, axis, 0), np.moveaxis(mask.values, axis, 0)):
        mixed = mix(value, np.asarray(row))
        value = np.where(chosen, mixed, value) if masked else mixed
    return d.case(name, [a, mask, init] if masked else [a, init], [d.out(smaller)], same(value), [axis])


@kernel("accumulate_axis_into", "accumulate_axis_inplace", "accumulate_into", elements=ALL)
def accumulate(d, name):
    inplace, flat = name.endswith("_inplace"), name == "accumulate_into"
    shape, axis = (d.shape(), 0) if flat else d.shape_and_axis()
    a = d.lay(d.values(shape)) if inplace else d.array(shape)
    right = running(a.values.reshape(-1) if flat else a.values, axis, mix).reshape(shape)
    return d.case(name, [] if inplace else [a], [a if inplace else d.out(shape)], same(right), [axis])


def running(x, axis, function):
    right = x.copy()
    rows = np.moveaxis(right, axis, 0)
    for k in range(1, len(rows)):
        rows[k:k + 1] = function(rows[k - 1:k], rows[k:k + 1])
    return right


@kernel("kron_into", elements=NUMBERS)
def kron(d, name):
    shape = d.shape(elements=50)
    other = tuple(d.int(0, 3) if d.chance(0.1) else d.int(1, 4) for _ in shape)
    a, b = d.array(shape), d.array(other)
    x = a.values.reshape([n for length in shape for n in (length, 1)])
    y = b.values.reshape([n for length in other for n in (1, length)])
    both = [n * m for n, m in zip(shape, other)]
    if d.element in INTEGERS:
        expected = exact_integers(d, np.asarray(x.astype(object) * y.astype(object)).reshape(both))
    else:
        expected = same(multiply(x, y).reshape(both))
    return d.case(name, [a, b], [d.out(both)], expected)


@kernel("triu_into", "tril_into", elements=NUMBERS)
def triangles(d, name):
    shape = d.shape(least=2)
    a, k = d.array(shape), d.int(-9, 9)
    right = np.triu(a.values, k) if name == "triu_into" else np.tril(a.values, k)
    return d.case(name, [a], [d.out(shape)], moved(right), [k])


@kernel("diag_into", "diagonal_into", elements=NUMBERS, fixed=False)
def diagonals(d, name):
    shape = (d.int(0, 40), d.int(0, 40))
    k = d.int(-9, 9) if d.chance(0.9) else d.int(-50, 50)
    # Outside of the matrix, NumPy would be wrong about the length or refuse.
    inside = -shape[0] <= k <= shape[1]
    a = d.array(shape)
    diagonal = np.diagonal(a.values, k).copy() if inside else a.values.reshape(-1)[:0]
    if name == "diagonal_into":
        return d.case(name, [a], [d.out(diagonal.shape)], moved(diagonal), [k])
    values = d.array(diagonal.shape)
    right = np.zeros(shape, d.dtype)
    for i, value in enumerate(values.values):
        right[i + max(-k, 0), i + max(k, 0)] = value
    return d.case(name, [values], [d.out(shape)], moved(right), [k])
