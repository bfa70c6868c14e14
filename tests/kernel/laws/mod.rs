//! What holds for every kernel, by walking the registry, and what holds for many of them in the same way.

mod allocations;
mod coverage;
mod element_types;
mod formula;
mod layouts;
mod mistakes;
mod overflow;
mod threads;
