"""The table of kernels, whole: importing a family enters its kernels."""

from . import complexes, elementwise, linalg, moves, products, quantiles, reductions, scans, search, softmax  # noqa: F401
from .cases import KERNELS, make  # noqa: F401
