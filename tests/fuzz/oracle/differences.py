"""Where kernels differ from NumPy on purpose, and the oracle from NumPy too: each has a sentence on a page, which this
file holds them to."""

import re

# What differs, the file under `src/kernel` with the page, and words of the sentence there.
DOCUMENTED = [
    ("integers that overflow panic where overflow checks are on", "elementwise.rs",
     "Integers that overflow panic in debug builds"),
    ("sums of small integers are not widened", "reduce.rs", "here the result has the type of the elements"),
    ("means of integers are integers", "mean.rs", "rounded towards zero"),
    ("an integer divided by zero panics", "divide.rs", "which gives 0 for an integer by zero"),
    ("of equal elements, the second is the larger one", "bounds.rs", "Of equal elements, 0 and −0 among them, that of"),
    ("the smallest element may be either zero", "extrema.rs", "may be found"),
    ("a lane without elements has no smallest one", "extrema.rs", "An axis without elements has no smallest one"),
    ("NaN is passed over where all else is infinite", "nan_extrema.rs", "with NaN left out"),
    ("infinity and NaN have an exponent of 0", "split.rs", "with an exponent of 0"),
    ("the last of several values stays", "take.rs", "the last value stays"),
    ("an index out of range panics", "take.rs", "an index is not below the length of the axis"),
    ("a value beyond the counts panics", "search.rs", "a value is not below the length of `out`"),
    ("an element at a place is the quantile", "quantile.rs", "NumPy gives NaN if one beside it is infinite"),
    ("weights that sum up to zero divide", "weighted.rs", "(NumPy raises an error.)"),
    ("zero weights in all panic", "quantile_weighted.rs", "or all are zero"),
    ("powers of floats are those of the standard library", "scalar.rs", "`f64::powf`"),
    ("products are formed over blocks", "reduce.rs", "Products are formed over blocks"),
    ("vectors of complex numbers are refused", "matvec.rs", "NumPy conjugates the vector"),
]


def are_documented(root):
    for what, file, words in DOCUMENTED:
        text = re.sub(r"\s*\n\s*///\s*", " ", (root / "src" / "kernel" / file).read_text())
        assert words in text, f"{what}: src/kernel/{file} no longer says \"{words}\""
