//! Kernels that write into `out` and never allocate.
