//! `.npy` files: a bounded parser for the header, rows by position, and a writer that leaves whole files or none.

mod element;
mod file;
mod header;
mod rows;
mod writer;

pub use element::NpyElement;
pub use header::NpyHeader;
pub use rows::{NpyRows, read_npy_into};
pub use writer::{NpyWriter, write_npy};
