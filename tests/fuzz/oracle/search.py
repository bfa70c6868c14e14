"""Finding places and counting."""

import numpy as np

from .arrays import REALS
from .cases import Expected, anything, kernel, same


@kernel("searchsorted_into", elements=[*REALS, "bool"])
def searchsorted(d, name):
    shape = d.shape()
    sorted_ = d.lay(np.sort(d.values((d.int(0, 20),))))
    values = d.operand(shape)
    right = d.int(0, 1)
    places = np.searchsorted(sorted_.values, np.broadcast_to(values.values, shape), ["left", "right"][right])
    return d.case(name, [sorted_, values], [d.out(shape, "usize")], same(np.asarray(places, np.uint64)), [right])


def rises(edges):
    """Whether each is no less than the one before it, NaN being larger than everything else."""
    keys = [(bool(edge != edge), edge) for edge in edges.tolist()]
    return all(a <= b or (a[0] and b[0]) for a, b in zip(keys, keys[1:]))


@kernel("digitize_into", elements=REALS)
def digitize(d, name):
    """NumPy's own recipe for it, which takes NaN among the edges too."""
    shape = d.shape()
    edges = np.sort(d.values((d.int(0, 20),)))
    edges = d.lay(edges if d.chance(0.45) else edges[::-1] if d.chance(0.9) else d.rng.permutation(edges))
    values, right = d.operand(shape), d.int(0, 1)
    x, e, side = np.broadcast_to(values.values, shape), edges.values, "left" if right else "right"
    if rises(e):
        expected = same(np.asarray(np.searchsorted(e, x, side), np.uint64))
    elif rises(e[::-1]):
        expected = same(np.asarray(len(e) - np.searchsorted(e[::-1], x, side), np.uint64))
    else:
        expected = Expected([anything], panic=name, must_panic=True, unwritten=True)
    return d.case(name, [values, edges], [d.out(shape, "usize")], expected, [right])


@kernel("histogram_into", elements=[*REALS, "bool"])
def histogram(d, name):
    shape = d.shape()
    edges = np.sort(d.values((d.int(1, 20),)))
    if d.chance(0.9):
        edges = edges[edges == edges]
    else:
        edges = d.rng.permutation(edges)
    edges, values = d.lay(edges if edges.size else np.zeros(1, d.dtype)), d.array(shape)
    x, e = values.values.reshape(-1, 1), edges.values
    if not (e[:-1] <= e[1:]).all():
        expected = Expected([anything], panic=name, must_panic=True, unwritten=True)
        return d.case(name, [values, edges], [d.out((len(e) - 1,), "usize")], expected)
    counts = ((x >= e[:-1]) & (x < e[1:])).sum(0)
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
