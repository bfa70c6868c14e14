//! What holds for every kernel, by walking the registry, and what holds for many of them in the same way.
//!
//! `layouts`, which takes every kernel through every layout in every type, is part of the binary `kernel_alloc`.

mod coverage;
mod element_types;
mod formula;
mod mistakes;
mod overflow;
