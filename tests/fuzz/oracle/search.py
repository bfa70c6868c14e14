"""Finding places and counting."""

import numpy as np

from .arrays import REALS
from .cases import Expected, kernel, same


@kernel("searchsorted_into", elements=[*REALS, "bool"])
def searchsorted(d, name):
    shape = d.shape()
    sorted_ = d.lay(np.sort(d.values((d.int(0, 20),))))
    values = d.operand(shape)
    right = d.int(0, 1)
    places = np.searchsorted(sorted_.values, np.broadcast_to(values.values, shape), ["left", "right"][right])
    return d.case(name, [sorted_, values], [d.out(shape, "usize")], same(np.asarray(places, np.uint64)), [right])


@kernel("digitize_into", elements=REALS)
def digitize(d, name):
    shape = d.shape()
    edges = np.sort(d.values((d.int(0, 20),)))
    edges = edges[~np.isnan(edges)]
    edges = d.lay(edges[::-1] if d.chance(0.5) else edges)
    values, right = d.operand(shape), d.int(0, 1)
    # Integers through exact floats or not at all: NumPy compares unsigned and signed ones as floats.
    places = np.digitize(np.broadcast_to(values.values, shape), edges.values, bool(right))
    return d.case(name, [values, edges], [d.out(shape, "usize")], same(np.asarray(places, np.uint64)), [right])


@kernel("histogram_into", elements=[*REALS, "bool"])
def histogram(d, name):
    shape = d.shape()
    edges = np.sort(d.values((d.int(1, 20),)))
    edges = edges[edges == edges]
    edges = d.lay(edges if edges.size else np.zeros(1, d.dtype))
    values = d.array(shape)
    x, e = values.values.reshape(-1, 1), edges.values
    inside = (x >= e[:-1]) & (x < e[1:])
    counts = inside.sum(0)
    if counts.size:
        counts[-1] = ((x >= e[-2]) & (x <= e[-1])).sum()
    return d.case(name, [values, edges], [d.out(counts.shape, "usize")], same(counts.astype(np.uint64)))


@kernel("bincount_into", elements=["usize"])
def bincount(d, name):
    shape = d.shape()
    n = d.int(1, 40)
    values = d.lay(d.rng.integers(0, n, shape, np.uint64), repeats=True)
    counts = np.bincount(values.values.reshape(-1).astype(np.int64), minlength=n)
    expected = Expected([same(counts.astype(np.uint64))])
    length = n
    if d.chance(0.2) and values.values.size:
        length = int(values.values.max())  # one too short
        expected = Expected([same(counts)], panic="bincount_into", must_panic=True, unwritten=True)
    return d.case(name, [values], [d.out((length,))], expected)
