//! Kernels for common element types, compiled as a part of this crate. Nothing here is meant to be called.
//!
//! What is generic is compiled by the program that uses it, again at each of its rebuilds. There is an exception: the
//! compiler links an instance of a generic function that this crate has made already, if the function is
//! `#[inline(never)]` and no type of the program is among its parameters. The loops of the engine are such functions,
//! and these modules make the instances that programs need most.

mod elementwise;

pub use elementwise::*;
