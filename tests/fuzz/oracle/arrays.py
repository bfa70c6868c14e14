"""Arrays for the cases: their elements, their shapes, and how they lie in memory."""

import numpy as np

FLOATS = ["f64", "f32"]
SIGNED = ["i64", "i32", "i16"]
INTEGERS = [*SIGNED, "u8", "usize"]
REALS = [*FLOATS, *INTEGERS]
COMPLEX = ["c128", "c64"]
NUMBERS = [*REALS, *COMPLEX]
ALL = [*NUMBERS, "bool"]

DTYPES = {
    "f64": np.float64, "f32": np.float32, "c128": np.complex128, "c64": np.complex64, "i64": np.int64, "i32": np.int32,
    "i16": np.int16, "u8": np.uint8, "u32": np.uint32, "usize": np.uint64, "bool": np.bool_,
}
# Half of a complex number.
PARTS = {"c128": "f64", "c64": "f32"}

LENGTHS = [0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 64, 65, 127, 128, 129, 257, 300, 1025]
# Behind blocks and tiles.
LONG = [1000, 2049, 4099, 10_007]

NAN = {np.float64: (np.uint64, 0x7FF8_0000_0000_0123, 0xFFF8_0000_0000_0000),
       np.float32: (np.uint32, 0x7FC0_0123, 0xFFC0_0000)}


def awkward(dtype):
    """Zeros, NaNs with signs and payloads, infinities, and the ends and bends of the range."""
    info = np.finfo(dtype)
    bits, *nans = NAN[dtype]
    some = [0, -0.0, 1, -1, 0.1, 1.5, -2.5, 3, info.max, info.min, info.tiny, -info.tiny, info.smallest_subnormal,
            -3 * info.smallest_subnormal, info.tiny / 4, info.max / 2, 1 - info.epsneg, 1 + info.eps, np.inf, -np.inf]
    return np.concatenate([np.array(some, dtype), np.array(nans, bits).view(dtype)])


def shape(rng, ndim, most):
    """Of few enough elements in all; one axis in some is empty, or a long one."""
    lengths = [1] * ndim
    if ndim and most >= 2500 and rng.random() < 0.02:
        lengths[rng.integers(ndim)] = int(rng.choice(LONG))
        most = 20_000
    for axis in rng.permutation(ndim):
        size = int(np.prod(np.maximum(lengths, 1)))
        if lengths[axis] == 1:
            lengths[axis] = int(rng.choice([n for n in LENGTHS if n * size <= most]))
        if lengths[axis] == 0 and rng.random() < 0.5:
            lengths[axis] = 1
    return tuple(lengths)


def floats(rng, dtype, shape, finite=False):
    info = np.finfo(dtype)
    normal = rng.standard_normal(shape)
    flavour = rng.integers(0, 9)
    if flavour == 0:
        return np.array(rng.integers(-3, 4, shape), dtype)
    if flavour in (1, 2):
        some = awkward(dtype)
        return rng.choice(some[np.isfinite(some)] if finite else some, shape)
    if flavour == 3:
        exponents = rng.uniform(info.minexp * 0.9, info.maxexp * 0.9, shape)
        return np.array(np.copysign(2.0 ** exponents, normal), dtype)
    if flavour == 4:
        return np.array(np.clip(normal, -2, 2) * 0.49, dtype) * info.max
    if flavour == 5:
        return np.array(rng.integers(-9, 10, shape), dtype) * info.smallest_subnormal
    if flavour == 6:
        return np.array(1e8 + normal, dtype)
    if flavour == 7 and not finite:
        values = np.array(normal, dtype)
        return np.where(rng.random(shape) < 0.02, rng.choice(awkward(dtype), shape), values)
    return np.array(normal, dtype)


def integers(rng, dtype, shape):
    info = np.iinfo(dtype)
    flavour = rng.integers(0, 4)
    if flavour == 0:
        return rng.integers(info.min, info.max, shape, dtype, endpoint=True)
    if flavour == 1:
        limits = [info.min, info.max, info.max // 2, info.min // 2, info.max - 1, 0, 1, 2]
        return rng.choice(np.array(limits, dtype), shape)
    small = rng.integers(0, 4, shape) if info.min == 0 else rng.integers(-3, 4, shape)
    return np.array(small, dtype)


def values(rng, element, shape, finite=False):
    """Random ones of a random kind, small and tame or at the ends of the range."""
    dtype = DTYPES[element]
    if element == "bool":
        found = rng.random(shape) < rng.choice([0, 0.02, 0.5, 0.98, 1])
    elif element in PARTS:
        part = DTYPES[PARTS[element]]
        pairs = np.stack([floats(rng, part, shape, finite), floats(rng, part, shape, finite)], -1)
        found = pairs.view(dtype)[..., 0]
    elif element in FLOATS:
        with np.errstate(all="ignore"):
            found = floats(rng, dtype, shape, finite)
    else:
        found = integers(rng, dtype, shape)
    found = np.asarray(found, dtype)
    if found.size and rng.random() < 0.05:
        found = np.full(shape, found.flat[0], dtype)  # all equal
    return found


def garbage(rng, element, count):
    dtype = np.dtype(DTYPES[element])
    if element == "bool":
        return rng.random(count) < 0.5
    return rng.integers(0, 256, count * dtype.itemsize, np.uint8).view(dtype)


class Laid:
    """An array that lies somewhere in a buffer of garbage."""

    def __init__(self, rng, element, shape, values=None, repeats=False):
        """In any order, with steps of any sign, and gaps. `repeats`: an axis may have a stride of zero."""
        self.element, self.shape = element, tuple(shape)
        ndim = len(self.shape)
        kind = rng.integers(0, 6)
        order = {0: range(ndim)[::-1], 1: range(ndim)[::-1], 2: range(ndim)}.get(kind, rng.permutation(ndim))
        gaps, steps = kind in (1, 4, 5), kind in (4, 5)
        strides, reach = [0] * ndim, 1
        for axis in order:
            strides[axis] = reach * (int(rng.integers(1, 4)) if steps else 1)
            reach = strides[axis] * max(self.shape[axis], 1) + (int(rng.integers(0, 5)) if gaps else 0)
        if ndim and repeats and rng.random() < 0.1:
            strides[int(rng.integers(ndim))] = 0
        lengths = [max(n, 1) for n in self.shape]
        span = 1 + sum((n - 1) * stride for n, stride in zip(lengths, strides))
        if kind in (3, 5):
            strides = [-stride if rng.random() < 0.4 else stride for stride in strides]
        self.offset = int(rng.integers(0, 9))
        self.strides = strides
        # That of the element at the origin.
        self.first = self.offset + sum((n - 1) * -stride for n, stride in zip(lengths, strides) if stride < 0)
        self.buffer = garbage(rng, element, self.offset + span + int(rng.integers(0, 9)))
        if values is not None and values.size:
            self.of(self.buffer)[...] = values

    def of(self, buffer):
        """The array in a buffer like this one's."""
        strides = [stride * buffer.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(buffer[self.first:], self.shape, strides)

    @property
    def values(self):
        """A copy in C order."""
        return np.array(self.of(self.buffer), order="C")

    def is_untouched_outside(self, buffer):
        expected = self.buffer.copy()
        self.of(expected)[...] = self.of(buffer)
        return expected.tobytes() == buffer.tobytes()

    def wire(self):
        data = self.buffer.tobytes()
        words = [self.element, str(self.offset), listed(self.shape), listed(self.strides), str(len(data))]
        return " ".join(words).encode() + b"\n" + data

    def __repr__(self):
        place = f"strides {self.strides}, {self.offset} behind the start"
        return f"{self.element} {list(self.shape)}, {place}:\n{self.values}"


def listed(numbers):
    return ",".join(str(int(number)) for number in numbers) or "-"
