//! Blocks of rows: files in and out, the loop, what is gathered from all blocks, and what the process holds.
//!
//! A binary of its own, because it counts allocations, and starts itself again under limits.

mod alloc;
mod columns;
mod files;
#[path = "../process/folder.rs"]
mod folder;
mod header;
mod looped;
mod npy;
mod par_map;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
#[path = "../process/program.rs"]
mod program;
mod quantiles;
mod reading;
mod writing;

use ndarray_pool::memory::heap::CountingAllocator;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();
