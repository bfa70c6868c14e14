//! The integration tests: one binary, whose `mod` lines are its table of contents. Tests that need
//! a process or a global allocator of their own are binaries of their own beside this folder.

mod arena;
mod kernel;
mod memory;
mod numpy;
mod pattern;
mod pool;
