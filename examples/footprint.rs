//! What the arrays of a program hold, views counted once.
//!
//! ```text
//! cargo run --example footprint
//! ```
//!
//! The table is beside what the kernel says: how far the process grew while the arrays were made.
//! Adding up `nbytes` counts the views again and finds more than there is.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ndarray::{Array2, Axis, s};
use ndarray_pool::memory::{Footprint, usage};
use ndarray_pool::prelude::*;

fn main() -> Result<(), PoolError> {
    let before = usage();
    let grid = Array2::<f64>::from_elem((2000, 1000), 1.0);
    let (upper, lower) = grid.view().split_at(Axis(0), 500);
    let every_tenth = grid.slice(s![..;10, ..]);
    let pool = Pool2::<f32>::new((1000, 1000), 2)?;
    let (current, next) = (pool.lease_filled(1.0), pool.lease_filled(2.0));

    let mut footprint = Footprint::new();
    footprint.add("grid", &grid);
    footprint.add("grid, upper rows", &upper);
    footprint.add("grid, lower rows", &lower);
    footprint.add("grid, every tenth row", &every_tenth);
    footprint.add("current (a lease)", &current);
    footprint.add("next (a lease)", &next);

    let sum_bytes: usize = footprint.entries().iter().map(|entry| entry.element_bytes).sum();
    println!("{footprint}");
    println!("adding up nbytes gives {sum_bytes:>10}");
    match usage().since(&before).current_rss_bytes {
        Some(bytes) => println!("the process grew by    {bytes:>10}"),
        None => println!("this system does not tell how much memory a process uses"),
    }
    Ok(())
}
