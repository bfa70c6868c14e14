//! Kernels on all cores.

mod closures;
mod elementwise;
mod lanes;
mod moves;
mod pieces;
mod products;
#[cfg(feature = "rand")]
mod random;
pub mod whole;

pub use closures::*;
pub use elementwise::*;
pub use lanes::*;
pub use moves::*;
pub use pieces::set_piece_len;
pub use products::*;
#[cfg(feature = "rand")]
pub use random::*;
