//! The integration tests: one binary, whose `mod` lines are its table of contents. Tests that need
//! a process or a global allocator of their own are binaries of their own beside this folder, and so
//! are those of the kernels.

mod arena;
mod memory;
mod numpy;
#[path = "../kernel/panics.rs"]
mod panics;
mod pattern;
mod pool;
