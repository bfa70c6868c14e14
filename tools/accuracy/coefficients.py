"""Derives the coefficients of the polynomials in `src/math`: Remez' algorithm with mpmath.

    python3 -m venv target/mpmath && target/mpmath/bin/pip install mpmath
    target/mpmath/bin/python tools/accuracy/coefficients.py [name ...]

Each polynomial is fitted in 50 digits to minimise the weighted maximum error, and its coefficients are then rounded to
the element type. After each of the first three roundings the others are fitted anew, so that they make up for it.
Coefficients are printed from the lowest to the highest, with the base 2 logarithm of the remaining error.
"""

import struct
import sys

from mpmath import mp, mpf

mp.dps = 50


def f64(x):
    return mpf(float(x))


def f32(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def nodes(low, high, count):
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle - half * mp.cos(mp.pi * k / (count - 1)) for k in range(count)]


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def remez(f, weight, low, high, degree, known=()):
    """The coefficients from number `len(known)` on that minimise `weight * |f - polynomial|`."""
    first = len(known)
    unknown = degree + 1 - first
    points = nodes(low, high, unknown + 1)
    # Where a free term or the weight vanishes is no point of alternation.
    points = [x if abs(x) > (high - low) / 1000 else (high - low) / 1000 for x in points]
    grid = nodes(low, high, 40 * (unknown + 1))
    for _ in range(12):
        rows, right = [], []
        for k, x in enumerate(points):
            rows.append([x ** (first + j) for j in range(unknown)] + [(-1) ** k / weight(x)])
            right.append(f(x) - horner(known, x))
        solution = mp.lu_solve(mp.matrix(rows), mp.matrix(right))
        found = list(known) + [solution[j] for j in range(unknown)]
        error = [(weight(x) * (f(x) - horner(found, x)), x) for x in grid]
        # The largest error of each run of one sign.
        runs = []
        for e, x in error:
            if runs and (runs[-1][0] < 0) == (e < 0):
                if abs(e) > abs(runs[-1][0]):
                    runs[-1] = (e, x)
            else:
                runs.append((e, x))
        while len(runs) > unknown + 1:
            runs.pop(0 if abs(runs[0][0]) < abs(runs[-1][0]) else -1)
        if len(runs) < unknown + 1:
            break
        points = [x for _, x in runs]
        largest, smallest = max(abs(e) for e, _ in runs), min(abs(e) for e, _ in runs)
        if largest < smallest * mpf("1.001"):
            break
    return found, max(abs(e) for e, _ in error)


def fit(f, weight, low, high, degree, known=(), rounding=f64):
    low, high = mpf(low), mpf(high)
    known = [mpf(c) for c in known]
    floor = max(weight(low), weight(high)) / 10**6
    plain, weight = weight, lambda x: max(plain(x), floor)
    # (Around zero, the terms that remain would vanish at a point of alternation.)
    for number in range(len(known), 0 if low < 0 else min(len(known) + 3, degree - 2)):
        found, _ = remez(f, weight, low, high, degree, known)
        known.append(rounding(found[number]))
    found, _ = remez(f, weight, low, high, degree, known)
    known += [rounding(c) for c in found[len(known) :]]
    grid = nodes(low, high, 1000)
    error = max(abs(weight(x) * (f(x) - horner(known, x))) for x in grid)
    return known, error


def ratio(numerator, x, power):
    """`numerator(x) / x**power`, with digits to spare for what cancels."""
    with mp.workdps(120):
        return numerator(x) / x**power if x != 0 else numerator(mpf("1e-20")) / mpf("1e-20") ** power


LN2 = mp.log(2)
HALF_LN2 = LN2 / 2 * mpf("1.0001")
QUARTER_PI = mp.pi / 4 * mpf("1.0001")
TAN_EIGHTH = (mp.sqrt(2) - 1) * mpf("1.0001")


def exp_tail(r):
    return ratio(lambda r: mp.exp(r) - 1 - r, r, 2)


def exp2_tail(r):
    return ratio(lambda r: mp.exp(r * mp.log(2)) - 1 - r * mp.log(2), r, 2)


def of_square(function, start, power):
    """`(function(x) - start(x)) / x**power` as a function of x²."""

    def value(z):
        with mp.workdps(120):
            x = mp.sqrt(z) if z != 0 else mpf("1e-20")
            return (function(x) - start(x)) / x**power

    return value


log_tail = of_square(lambda s: mp.log((1 + s) / (1 - s)), lambda s: 2 * s, 3)
S_MAX = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) * mpf("1.0001")



def erf_tail(z):
    with mp.workdps(100):
        x = mp.sqrt(z) if z != 0 else mpf("1e-20")
        return mp.erf(x) / x - 1


def scaled_erfc(t):
    with mp.workdps(100):
        x = 3 * (1 + t) / (1 - t)
        return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x) - mpf("1.25")


def weight_of_erf(t):
    x = 3 * (1 + t) / (1 - t)
    return mp.exp(-x * x) / (1 + 2 * x)


def log_of_one_plus_tail(f):
    with mp.workdps(120):
        f = f if f != 0 else mpf("1e-30")
        return (mp.log(1 + f) - f) / f**2


def weight_of_log(f):
    return abs(f * f / mp.log(1 + f)) if f != 0 else mpf(0)


def lgamma_slope(t):
    with mp.workdps(100):
        t = t if t != 0 else mpf("1e-30")
        return mp.loggamma(2 + t) / t


def lgamma_tail(t):
    with mp.workdps(100):
        t = t if t != 0 else mpf("1e-30")
        return (lgamma_slope(t) - (1 - mp.euler)) / t


def stirling(w):
    with mp.workdps(120):
        x = 1 / mp.sqrt(w) if w != 0 else mpf(10) ** 12
        return (mp.loggamma(x) - ((x - mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)) * x


F_LOW, F_HIGH = (mp.sqrt(mpf(1) / 2) - 1) * mpf("1.0001"), (mp.sqrt(2) - 1) * mpf("1.0001")

POLYNOMIALS = {
    # e^r = 1 + r + r² q(r)
    "EXP": lambda: fit(exp_tail, lambda r: r * r, -HALF_LN2, HALF_LN2, 9),
    "EXP2": lambda: fit(exp2_tail, lambda r: r * r, -0.50001, 0.50001, 9),
    # log((1 + s) / (1 - s)) = 2 s + s³ q(s²)
    "LOG": lambda: fit(log_tail, lambda z: z, 0, S_MAX**2, 6),
    # The same behind 2/3 s³ + 2/5 s⁵, whose coefficients have low parts.
    "LOG_POW": lambda: fit(
        lambda z: ratio(lambda z: log_tail(z) - mpf(2) / 3 , z, 1), lambda z: z * z, 0, S_MAX**2, 7
    ),
    # sin r = r + r³ q(r²), cos r = 1 - r²/2 + r⁴ q(r²)
    "SIN": lambda: fit(of_square(mp.sin, lambda x: x, 3), lambda z: z, 0, QUARTER_PI**2, 5),
    "COS": lambda: fit(
        of_square(mp.cos, lambda x: 1 - x * x / 2, 4), lambda z: z * z, 0, QUARTER_PI**2, 5
    ),
    # sinh r = r + r³ q(r²), cosh r = 1 + r²/2 + r⁴ q(r²)
    "SINH": lambda: fit(of_square(mp.sinh, lambda x: x, 3), lambda z: z, 0, HALF_LN2**2, 4),
    "COSH": lambda: fit(
        of_square(mp.cosh, lambda x: 1 + x * x / 2, 4), lambda z: z * z, 0, HALF_LN2**2, 3
    ),
    # atan t = t + t³ q(t²)
    "ATAN": lambda: fit(of_square(mp.atan, lambda x: x, 3), lambda z: z, 0, TAN_EIGHTH**2, 10),
    # asin x = x + x³ q(x²)
    "ASIN": lambda: fit(of_square(mp.asin, lambda x: x, 3), lambda z: z, 0, mpf("0.25001"), 12),
    # m^(-1/3) for m from 1 to 2
    "RCBRT": lambda: fit(lambda m: m ** (-mpf(1) / 3), lambda m: m ** (mpf(1) / 3), 1, 2, 4),
    # erf x = x + x q(x²)
    "ERF": lambda: fit(erf_tail, lambda z: 1 / (1 + erf_tail(z)), 0, mpf("1.0001"), 12),
    # (1 + 2x) erfc(x) exp(x²) = 1.25 + q(t), t = (x − 3) / (x + 3)
    "ERFC": lambda: fit(scaled_erfc, lambda t: mpf(1), -1, mpf(25) / 31, 22),
    # The same from 1 to 6.5, where erf counts it.
    "ERF_FAR": lambda: fit(
        lambda t: scaled_erfc(t) + mpf("1.25"), weight_of_erf, mpf("-0.5001"), mpf("0.3685"), 14
    ),
    # log gamma(2 + t) = (1 - Euler's constant) t + t² q(t)
    "LGAMMA": lambda: fit(
        lgamma_tail, lambda t: abs(t) / lgamma_slope(t), mpf("-0.50001"), mpf("0.50001"), 18
    ),
    # log gamma(x) = (x - 1/2) log x - x + log(2π)/2 + q(1/x²) / x from 4.5 on
    "STIRLING": lambda: fit(stirling, mp.sqrt, 0, 1 / mpf("4.5") ** 2, 7),
    # sin πf = πf (1 + f² q(f²))
    "SIN_PI": lambda: fit(
        of_square(lambda f: mp.sin(mp.pi * f) / (mp.pi * f), lambda f: 1, 2), lambda z: z, 0, mpf("0.2501"), 7
    ),
    # The functions of f32, in 64 bits: e^r, 2^r, log(1 + f) = f + f² q(f), sin, cos; in 32 bits: log.
    "SINGLE_EXP": lambda: fit(mp.exp, lambda r: mp.exp(-r), -HALF_LN2, HALF_LN2, 6),
    "SINGLE_EXP2": lambda: fit(
        lambda r: mp.exp(r * LN2), lambda r: mp.exp(-r * LN2), -0.50001, 0.50001, 6
    ),
    "SINGLE_LOG": lambda: fit(log_of_one_plus_tail, weight_of_log, F_LOW, F_HIGH, 9),
    "SINGLE_SHORT_LOG": lambda: fit(log_of_one_plus_tail, weight_of_log, F_LOW, F_HIGH, 8, (), f32),
    "SINGLE_SIN": lambda: fit(of_square(mp.sin, lambda x: x, 3), lambda z: z, 0, QUARTER_PI**2, 2),
    "SINGLE_COS": lambda: fit(
        of_square(mp.cos, lambda x: 1 - x * x / 2, 4), lambda z: z * z, 0, QUARTER_PI**2, 2
    ),
}


def main():
    for name in sys.argv[1:] or POLYNOMIALS:
        coefficients, error = POLYNOMIALS[name]()
        print(f"const {name}: [f64; {len(coefficients)}] = [ // 2^{float(mp.log(error, 2)):.1f}")
        for c in coefficients:
            print(f"    {float(c)!r},")
        print("];", flush=True)


if __name__ == "__main__":
    main()
