"""The mathematical functions of `peers math` in NumPy, SciPy and numexpr. Obeys lines on standard input: `about`, or
`run NAME TYPE LEN CALLS`, which is answered by the seconds that so many calls took."""

import math
import os
import platform
import signal
import sys
import timeit

try:
    import numpy as np
except ImportError:
    print("error this Python has no NumPy", flush=True)
    sys.exit()
try:
    import scipy
    import scipy.special as special
except ImportError:
    scipy = special = None
try:
    import numexpr
except ImportError:
    numexpr = None

SPECIAL = ("erf", "erfc", "gammaln", "expit", "log_expit")
RATE, VOLATILITY = 0.05, 0.2


def normal(d):
    return 0.5 + 0.5 * special.erf(d * 0.5**0.5)


def temporaries(s, k, t):
    spread = VOLATILITY * np.sqrt(t)
    d1 = (np.log(s / k) + (RATE + 0.5 * VOLATILITY**2) * t) / spread
    later = k * np.exp(-RATE * t)
    call = s * normal(d1) - later * normal(d1 - spread)
    return call, call - (s - later)


def out(s, k, t, call, put, spread, d1, later):
    np.sqrt(t, out=spread)
    np.multiply(spread, VOLATILITY, out=spread)
    np.divide(s, k, out=d1)
    np.log(d1, out=d1)
    np.multiply(t, RATE + 0.5 * VOLATILITY**2, out=put)
    np.add(d1, put, out=d1)
    np.divide(d1, spread, out=d1)
    np.subtract(d1, spread, out=spread)
    np.multiply(t, -RATE, out=later)
    np.exp(later, out=later)
    np.multiply(later, k, out=later)
    for d in (d1, spread):
        np.multiply(d, 0.5**0.5, out=d)
        special.erf(d, out=d)
        np.multiply(d, 0.5, out=d)
        np.add(d, 0.5, out=d)
    np.multiply(s, d1, out=call)
    np.multiply(later, spread, out=spread)
    np.subtract(call, spread, out=call)
    np.subtract(s, later, out=put)
    np.subtract(call, put, out=put)


def evaluated(s, k, t, call, put):
    spread, later = "0.2 * sqrt(t)", "k * exp(-0.05 * t)"
    d1 = f"((log(s / k) + 0.07 * t) / ({spread}))"
    both = f"s * (0.5 + 0.5 * ERF(q * {d1})) - {later} * (0.5 + 0.5 * ERF(q * ({d1} - {spread})))"
    # (It has no error function.)
    numexpr.evaluate(both.replace("ERF", "tanh"), local_dict={"s": s, "k": k, "t": t, "q": 1.1}, out=call)
    numexpr.evaluate(f"call - (s - {later})", local_dict={"s": s, "k": k, "t": t, "call": call}, out=put)


def five(a, b, c, d, e, out, spare):
    np.subtract(b, c, out=out)
    np.multiply(out, 0.125, out=out)
    np.add(a, out, out=out)
    np.multiply(d, e, out=spare)
    np.add(out, spare, out=out)


class State:
    def __init__(self, kind, length):
        rng = np.random.default_rng(1)
        self.a, self.b = rng.uniform(0.1, 0.9, length).astype(kind), rng.uniform(0.5, 2, length).astype(kind)
        self.out = np.zeros(length, kind)
        self.options = [rng.uniform(10, 100, length), rng.uniform(10, 100, length), rng.uniform(0.1, 2.1, length)]
        self.more = [np.zeros(length) for _ in range(5)]

    def five(self):
        """Five arrays, the output and one more; `options` and `more` are of f64."""
        return [*self.options, *self.more[:2], self.out, self.more[2]]

    def call(self, name):
        if numexpr:
            numexpr.set_num_threads(os.cpu_count() if name.endswith("_threads") else 1)
            name = name.removesuffix("_threads")
        if name == "temporaries" and special:
            return lambda: temporaries(*self.options)
        if name == "out" and special:
            return lambda: out(*self.options, *self.more)
        if name == "numexpr" and numexpr:
            return lambda: evaluated(*self.options, *self.more[:2])
        if name == "matmul":
            side = math.isqrt(len(self.a))
            a, b, product = [x.reshape(side, side) for x in (self.a, self.b, self.out)]
            return lambda: np.matmul(a, b, out=product)
        if name == "cov":
            observations = self.a.reshape(-1, 50)
            return lambda: np.cov(observations, rowvar=False)
        if name == "five":
            return lambda: five(*self.five())
        if name == "five_numexpr" and numexpr:
            names = dict(zip("abcde", self.five()))
            return lambda: numexpr.evaluate("a + 0.125 * (b - c) + d * e", local_dict=names, out=self.out)
        function = getattr(special, name, None) if name in SPECIAL else getattr(np, name, None)
        if function is None:
            return None
        if function.nin == 2:
            return lambda: function(self.a, self.b, out=self.out)
        return lambda: function(self.a, out=self.out)


def serve():
    key, state = None, None
    for line in sys.stdin:
        verb, *rest = line.split()
        if verb == "about":
            versions = [f"NumPy {np.__version__}"]
            versions += [f"SciPy {scipy.__version__}"] if scipy else []
            versions += [f"numexpr {numexpr.__version__}"] if numexpr else []
            print(", ".join([*versions, f"Python {platform.python_version()}"]), flush=True)
            continue
        name, kind, length, calls = rest[0], rest[1], int(rest[2]), int(rest[3])
        if key != (kind, length):
            state = None  # gives its memory back first
            key, state = (kind, length), State(kind, length)
        call = state.call(name)
        print("none" if call is None else repr(timeit.timeit(call, number=calls)), flush=True)


signal.signal(signal.SIGINT, signal.SIG_DFL)
serve()
