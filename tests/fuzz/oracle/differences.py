"""Where kernels differ from NumPy on purpose, and the oracle from NumPy too: each has a sentence on a page, which this
file holds them to."""

import re

# What differs, the file under `src/kernel` with the page, and words of the sentence there.
DOCUMENTED = [
    ("integers that overflow panic where overflow checks are on", "elementwise/arithmetic.rs",
     "Integers that overflow wrap in release builds and panic in debug builds"),
    ("sums of small integers are not widened", "reduce/sum.rs", "here the result has the type of the elements"),
    ("means of integers are integers", "reduce/mean.rs", "rounded towards zero"),
    ("an integer divided by zero panics", "elementwise/division.rs", "which gives 0 for an integer by zero"),
    ("of equal elements, the second is the larger one", "elementwise/minmax.rs",
     "Of equal elements, 0 and −0 among them, the one of `b` is taken"),
    ("the smallest element may be either zero", "reduce/minmax.rs", "either may be found"),
    ("a lane without elements has no smallest one", "reduce/minmax.rs", "axis without elements panics"),
    ("NaN is passed over where all else is infinite", "reduce/nan_minmax.rs", "also where all else is infinite"),
    ("infinity and NaN have an exponent of 0", "elementwise/special.rs", "with an exponent of 0"),
    ("the last of several values stays", "index/take.rs", "the last value stays"),
    ("an index out of range panics", "index/take.rs", "an index is not below the length of the axis"),
    ("a value beyond the counts panics", "index/histogram.rs", "a value is not below the length of `out`"),
    ("an element at a place is the quantile", "reduce/quantile/mod.rs", "NaN if a neighbour is infinite"),
    ("weights that sum up to zero divide", "reduce/average.rs", "(NumPy raises an error.)"),
    ("zero weights in all panic", "reduce/quantile/weighted.rs", "or all are zero"),
    ("powers of floats are those of the standard library", "elementwise/special.rs", "`f64::powf`"),
    ("products are formed over blocks", "reduce/sum.rs", "Products are pairwise, over blocks"),
    ("dot products of complex numbers are refused", "reduce/dot.rs", "NumPy conjugates the first factor"),
]


def are_documented(root):
    for what, file, words in DOCUMENTED:
        text = re.sub(r"\s*\n\s*//[/!]\s*", " ", (root / "src" / "kernel" / file).read_text())
        assert words in text, f"{what}: src/kernel/{file} no longer says \"{words}\""
