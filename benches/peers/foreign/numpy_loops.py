"""The contests of `peers loops` in NumPy. Obeys lines on standard input (`children.rs` tells them), and ends with it.

Each contest is a statement that `timeit` repeats, so no call of Python's comes between. `a`, `b` and `d` are the current
state, the next one and the difference; `made` is what an allocating form makes.
"""

import platform
import signal
import sys
import timeit

try:
    import numpy as np
except ImportError:
    print("error this Python has no NumPy", flush=True)
    sys.exit()

# name: (statement, result)
CONTESTS = {
    "loop/allocating": ("shuffle(order); b = a[order]; d = b - a; a = b", "a"),
    "loop/out": ("shuffle(order); np.take(a, order, axis=0, out=b); np.subtract(b, a, out=d); a, b = b, a", "a"),
    "loop/clip": (
        "shuffle(order); np.take(a, order, axis=0, out=b, mode='clip'); np.subtract(b, a, out=d); a, b = b, a",
        "a",
    ),
    "copy/allocating": ("made = a.copy()", "made"),
    "copy/out": ("np.copyto(b, a)", "b"),
    "difference/allocating": ("made = b - a", "made"),
    "difference/out": ("np.subtract(b, a, out=d)", "d"),
    "shuffle/allocating": ("shuffle(order); made = a[order]", "made"),
    "shuffle/out": ("shuffle(order); np.take(a, order, axis=0, out=b)", "b"),
    "shuffle/clip": ("shuffle(order); np.take(a, order, axis=0, out=b, mode='clip')", "b"),
    "gather/allocating": ("made = a[order]", "made"),
    "gather/out": ("np.take(a, order, axis=0, out=b)", "b"),
    "gather/clip": ("np.take(a, order, axis=0, out=b, mode='clip')", "b"),
    "sum0/allocating": ("made = a.sum(axis=0)", "made[None]"),
    "sum0/out": ("a.sum(axis=0, out=lane)", "lane[None]"),
    "sum1/allocating": ("made = a.sum(axis=1)", "made[None]"),
    "sum1/out": ("a.sum(axis=1, out=lane)", "lane[None]"),
    "var0/allocating": ("made = a.var(axis=0)", "made[None]"),
    "var0/out": ("a.var(axis=0, out=lane)", "lane[None]"),
    "transpose/allocating": ("made = a.T.copy()", "made"),
    "transpose/out": ("np.copyto(b, a.T)", "b"),
    "diff0/allocating": ("made = np.diff(a, axis=0)", "made"),
    "diff0/out": ("np.subtract(a[1:], a[:-1], out=b[1:])", "b[1:]"),
    "diff1/allocating": ("made = np.diff(a, axis=1)", "made"),
    "diff1/out": ("np.subtract(a[:, 1:], a[:, :-1], out=b[:, 1:])", "b[:, 1:]"),
}



class State:
    """What the contests of one size read and write."""

    def __init__(self, n):
        rng = np.random.default_rng(1)
        order = np.arange(n)
        rng.shuffle(order)
        self.known = known_numbers(n)
        self.names = {name: np.zeros((n, n)) for name in "abd"}
        self.names |= {"lane": np.zeros(n), "order": order, "shuffle": rng.shuffle}

    def run(self, name, calls):
        # The names are local ones, as in a function.
        setup = f"{', '.join(self.names)} = state.names.values()"
        return timeit.Timer(CONTESTS[name][0], setup, globals={"np": np, "state": self}).timeit(calls)

    def check(self, name):
        np.copyto(self.names["a"], self.known)
        np.subtract(1, self.known, out=self.names["b"])
        after = {"np": np, **self.names}
        statement, result = CONTESTS[name]
        exec(statement, after)
        result = eval(result, after)
        if not name.startswith(("loop", "shuffle", "gather")):
            return fingerprint(result, 1.0 + np.arange(len(result)) % 5)
        require_shuffled(result, self.known)
        if name.startswith("loop"):
            require((after["d"] == result - self.known).all(), "a wrong difference")
        return fingerprint(result, np.ones(len(result)))


def known_numbers(n):
    numbers = np.arange(n * n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(11)
    return (numbers * 2.0**-53).reshape(n, n)


def fingerprint(result, weight_of_row):
    """Weighs rows only where they come in a known order."""
    return weight_of_row @ (result @ (1.0 + np.arange(result.shape[1]) % 7))


def require(holds, what):
    if not holds:
        raise ValueError(what)


def require_shuffled(result, current):
    """That `result` has the rows of `current`, each once, and not where they were."""
    source, place = np.argsort(current[:, 0]), np.argsort(result[:, 0])
    require((current[source] == result[place]).all(), "not the same rows")
    require((source != place).any(), "no row was moved")


def answer(state, verb, name, calls):
    if name not in CONTESTS:
        return "none"
    try:
        return repr(float(state.check(name) if verb == "check" else state.run(name, calls)))
    except ValueError as error:
        return f"error {error}"


def serve():
    side, state = None, None
    for line in sys.stdin:
        verb, *rest = line.split()
        if verb == "about":
            print(f"NumPy {np.__version__}, Python {platform.python_version()}", flush=True)
            continue
        name, side_asked, calls = rest[0], int(rest[1]), int(rest[-1])
        if side != side_asked:
            state = None  # gives its memory back first
            side, state = side_asked, State(side_asked)
        print(answer(state, verb, name, calls), flush=True)


signal.signal(signal.SIGINT, signal.SIG_DFL)
serve()
