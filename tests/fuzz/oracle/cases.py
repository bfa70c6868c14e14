"""What a case is, what may come back, and the table of kernels that make cases."""

import dataclasses

import numpy as np

from .arrays import DTYPES, Laid, shape as draw_shape, values as draw_values

# Kernels by name: (elements, whether of fixed ranks too, maker of cases).
KERNELS = {}


def kernel(*names, elements, fixed=True):
    """The decorated function makes a case of each of the kernels: `make(d, name)`."""
    def enter(make):
        for name in names:
            assert name not in KERNELS, name
            KERNELS[name] = (elements, fixed, make)
        return make
    return enter


@dataclasses.dataclass
class Expected:
    """What may come back: a verdict on each output, or a panic."""

    outs: list = ()
    # A verdict on all of them together, instead.
    together: object = None
    # A part of the message, and whether the panic has to come or may.
    panic: str | None = None
    must_panic: bool = False
    # Whether nothing may have been written then.
    unwritten: bool = False
    # A reduction that finds nothing gives `None`.
    none: bool = False


@dataclasses.dataclass
class Case:
    kernel: str
    element: str
    rank: int | None
    checks: bool
    ints: list
    inputs: list
    outs: list
    expected: Expected

    def wire(self):
        words = [self.kernel, self.element, "dyn" if self.rank is None else str(self.rank)]
        ints = ",".join(map(str, self.ints)) or "-"
        head = " ".join([*words, ints, str(len(self.inputs)), str(len(self.outs))])
        return b"".join([head.encode(), b"\n", *(a.wire() for a in [*self.inputs, *self.outs])])

    @property
    def function(self):
        """The kernel's name alone, of all its forms."""
        return self.kernel.removeprefix("whole::").split(":")[0]

    def complaint(self, answer, buffers):
        """What is wrong with the answer, or nothing."""
        expected = self.expected
        word, _, message = answer.partition(" ")
        for out, buffer in zip(self.outs, buffers):
            if not out.is_untouched_outside(buffer):
                return "wrote outside of an output"
        if word == "panic":
            if expected.panic is None or not any(part in message for part in expected.panic.split("|")):
                return f"panicked: {message}"
            if not message.startswith("src/kernels/") or self.function not in message:
                return f"did not panic at the caller's line with the kernel's name: {message}"
            if expected.unwritten and any(out.buffer.tobytes() != b.tobytes() for out, b in zip(self.outs, buffers)):
                return f"wrote before it panicked: {message}"
            return None
        if expected.must_panic:
            return f"did not panic ({expected.panic})"
        if expected.none != (word == "none") or word not in ("ok", "none"):
            return f"answered {answer}"
        if word == "ok":
            found = [np.array(out.of(buffer), order="C") for out, buffer in zip(self.outs, buffers)]
            if expected.together:
                return expected.together(*found)
            for number, (got, verdict) in enumerate(zip(found, expected.outs, strict=True)):
                if wrong := verdict(got):
                    return f"output {number}: {wrong}" if number else wrong
        return None

    def __str__(self):
        rank = "IxDyn" if self.rank is None else f"Ix{self.rank}"
        checks = "on" if self.checks else "off"
        lines = [f"{self.kernel} of {self.element}, {rank}, integers {self.ints}, overflow checks {checks}"]
        lines += [f"input {number}: {array!r}" for number, array in enumerate(self.inputs)]
        lines += [f"output {number} before: {array!r}" for number, array in enumerate(self.outs)]
        return "\n".join(lines)


class Draw:
    """Everything that a case draws."""

    def __init__(self, rng, elements, fixed):
        self.rng = rng
        self.element = str(rng.choice(elements))
        self.dtype = DTYPES[self.element]
        self.checks = bool(rng.random() < 0.5)
        self.fixed = fixed and self.element == "f64" and rng.random() < 0.4
        self.rank = None

    def chance(self, share):
        return self.rng.random() < share

    def int(self, low, high):
        """Both included."""
        return int(self.rng.integers(low, high + 1))

    def ndim(self, least=0, most=4):
        """The rank of the arrays that the kernel is generic over."""
        ndim = self.int(least, most)
        if self.fixed:
            self.rank = ndim
        return ndim

    def shape(self, least=0, most=4, elements=2500):
        return draw_shape(self.rng, self.ndim(least, most), elements)

    def shape_and_axis(self, **options):
        shape = self.shape(least=1, **options)
        return shape, self.int(0, len(shape) - 1)

    def values(self, shape, element=None, finite=False):
        return draw_values(self.rng, element or self.element, tuple(shape), finite)

    def lay(self, values, element=None, repeats=False):
        values = np.asarray(values)
        return Laid(self.rng, element or self.element, values.shape, values, repeats)

    def array(self, shape, element=None, finite=False):
        """An input. Some repeat their values along an axis."""
        return self.lay(self.values(shape, element, finite), element, repeats=True)

    def operand(self, shape, element=None, finite=False):
        """An input that broadcasts to the shape."""
        shape = [1 if n != 1 and self.chance(0.15) else n for n in shape]
        if self.rank is None and self.chance(0.2):
            shape = shape[self.int(0, len(shape)):]
        return self.array(shape, element, finite)

    def number(self, value, element=None):
        """A parameter, which the runner takes from an array without axes."""
        element = element or self.element
        return Laid(self.rng, element, (), np.asarray(value, DTYPES[element]))

    def out(self, shape, element=None):
        return Laid(self.rng, element or self.element, shape)

    def indices(self, shape, below):
        """Unsigned ones below a length."""
        return self.lay(self.rng.integers(0, max(below, 1), shape, np.uint64), "usize", repeats=True)

    def out_of_range(self, name, indices, below, outs):
        """Some index too large, in a few cases: what is expected then, else nothing."""
        if not indices.values.size or not self.chance(0.05):
            return None
        wrong = indices.values
        wrong.flat[self.int(0, wrong.size - 1)] = [below, below + 1, 2**64 - 1, 2**63][self.int(0, 3)]
        indices.of(indices.buffer)[...] = wrong
        if indices.values.max() < below:
            return None  # an axis repeats, and another index came after it
        return Expected([anything] * outs, panic=name, must_panic=True, unwritten=True)

    def spacing(self, n):
        """Coordinates of `n` samples, or a distance; and whether it is coordinates."""
        if self.chance(0.5):
            steps = self.rng.choice([0.25, 0.5, 1, 1, 2, 0, -1, 0.3], n) if self.chance(0.8) else self.values((n,))
            return self.lay(np.cumsum(np.asarray(steps, self.dtype), dtype=self.dtype)), True
        step = self.rng.choice([1, 0.3, 2, 0, -0.5, 1e-30]) if self.chance(0.8) else self.values(())
        return self.lay(np.asarray([step], self.dtype)), False

    def case(self, kernel, inputs, outs, expected, ints=()):
        if not isinstance(expected, Expected):
            expected = Expected([expected])
        return Case(kernel, self.element, self.rank, self.checks, list(ints), inputs, outs, expected)


def make(kernel, seed, index):
    elements, fixed, maker = KERNELS[kernel]
    with np.errstate(all="ignore"):
        try:
            return maker(Draw(np.random.default_rng([seed, index]), elements, fixed), kernel)
        except Exception as error:
            error.add_note(f"while the oracle made case {index} of seed {seed}, for {kernel}")
            raise


def same(expected, payload=False):
    """Bit for bit; NaN is NaN, or has to have the same payload too."""
    expected = np.array(expected, order="C")

    def verdict(got):
        if (got.dtype, got.shape) != (expected.dtype, expected.shape):
            return f"is {got.dtype} {got.shape}, the oracle says {expected.dtype} {expected.shape}"
        right = equal_bits(got, expected, payload)
        return None if right.all() else first_difference(got, expected, right)
    return verdict


def equal_bits(got, expected, payload=False):
    if got.dtype.kind == "c":
        return equal_bits(got.real.copy(), expected.real.copy(), payload) & \
            equal_bits(got.imag.copy(), expected.imag.copy(), payload)
    if got.dtype.kind != "f":
        return got == expected
    bits = np.uint64 if got.itemsize == 8 else np.uint32
    right = got.view(bits) == expected.view(bits)
    return right if payload else right | (np.isnan(got) & np.isnan(expected))


def first_difference(got, expected, right):
    at = tuple(int(i) for i in np.argwhere(~right)[0])
    count = f"{int((~right).sum())} of {right.size} differ"
    return f"{count}, the first at {list(at)}: got {got[at]!r}, right {expected[at]!r}"


def equal(expected):
    """Equal as numbers: either zero will do."""
    def verdict(got):
        right = (got == expected) | ((got != got) & (expected != expected))
        return None if right.all() else first_difference(got, expected, right)
    return verdict


def anything(got):
    return None


def exact_integers(d, exact, steps=(), panic="overflow"):
    """Integers in exact arithmetic, as objects: they wrap, or panic with overflow checks on.

    `steps` are lists with the largest and the smallest numbers that may occur on the way, if these are not the results
    themselves: if they do not fit, it may panic and may not.
    """
    exact = np.asarray(exact, object)
    info = np.iinfo(d.dtype)
    width = 1 << info.bits

    def outside(*arrays):
        return any(not info.min <= n <= info.max for array in arrays for n in np.asarray(array, object).flat)

    wrapped = [(int(n) - info.min) % width + info.min for n in exact.flat]
    verdict = same(np.array(wrapped, d.dtype).reshape(exact.shape))
    if not d.checks:
        return Expected([verdict])
    must = outside(exact)
    may = must or outside(*steps)
    return Expected([verdict], panic=panic if may else None, must_panic=must)
