//! What laws cannot say of all kernels: the corners of each family.

mod accuracy;
mod arrange;
mod calculus;
mod contractions;
mod elementwise;
mod few_columns;
mod index;
mod linalg;
mod matmul;
mod random;
mod range;
mod reduce;
mod scan;
mod threads;
