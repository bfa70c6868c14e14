"""Column means and variances of a file in NumPy: the peer of `cargo bench --bench blocks`, which starts it.

Obeys lines on standard input, and ends with it: `about` is answered by what this is, `whole` and `memmap` by the seconds
that one run took and the sum of all means and variances.
"""

import platform
import signal
import sys
import time

try:
    import numpy as np
except ImportError:
    print("error this Python has no NumPy", flush=True)
    sys.exit()

path, block_rows = sys.argv[1], int(sys.argv[2])


def whole():
    """The file into memory, then two reductions."""
    a = np.load(path)
    return a.mean(axis=0), a.var(axis=0)


def memmap():
    """Blocks of a mapped file; what they give is merged as the crate does it."""
    a = np.load(path, mmap_mode="r")
    count, mean, var = 0, 0.0, 0.0
    for start in range(0, len(a), block_rows):
        block = a[start : start + block_rows]
        block_mean, block_var = block.mean(axis=0), block.var(axis=0)
        total = count + len(block)
        weight, distance = len(block) / total, block_mean - mean
        mean = mean + distance * weight
        var = var + (block_var - var) * weight + distance * distance * weight * (1 - weight)
        count = total
    return mean, var


signal.signal(signal.SIGINT, signal.SIG_DFL)
for line in sys.stdin:
    word = line.strip()
    if word == "about":
        print(f"NumPy {np.__version__}, Python {platform.python_version()}", flush=True)
        continue
    start = time.perf_counter()
    mean, var = {"whole": whole, "memmap": memmap}[word]()
    seconds = time.perf_counter() - start
    print(seconds, float(mean.sum() + var.sum()), flush=True)
