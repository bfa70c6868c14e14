//! Instances of kernels that are compiled with this crate, so that users' programs link them.
//!
//! The compiler shares an instance of a generic function between a crate and the programs that use it if the function
//! is `#[inline(never)]`, the crate itself needs the instance, and none of its types belongs to the program. The loops
//! of the engine are such functions, and know no number of axes. So one call here, of a kernel with arrays of two axes,
//! compiles its loops for arrays of any number of axes; users compile the thin shell around them. Other types of
//! elements, and closures of the user, are compiled where they are used.
//!
//! A closure has all type parameters of the function in which it stands. So closures that loops are generic over stand
//! in functions that are generic over elements alone.
//!
//! `f64`, `f32`, `i32`, `i64` and `u8` are compiled here, for the kernels that are used most: every user pays for each
//! instance once. The functions are public, and not inlined, because the compiler would drop them otherwise. They are no part
//! of the crate's interface, and nobody calls them.

pub mod elementwise;
pub mod formulas;
pub mod reduce;
