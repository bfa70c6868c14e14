//! `fused!` as users call it: every form, every message, and that it never allocates.
//!
//! A binary of its own, because the allocator that counts is the whole process's. What needs the crate's switches (both
//! instruction sets, streaming) is tested in `src/kernel/fused/tests.rs`.

mod alloc;
mod forms;
mod panics;
