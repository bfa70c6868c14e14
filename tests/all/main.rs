//! The integration tests. Tests that need a process or a global allocator of their own are binaries
//! of their own beside this folder.

mod memory;
mod pool;
