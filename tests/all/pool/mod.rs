//! Pools, leases and the patterns on top of them.

mod double_buffer;
mod errors;
mod guard;
mod leasing;
mod model;
mod threads;
