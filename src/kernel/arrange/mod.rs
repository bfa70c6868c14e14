//! The same elements in other places: joining, repeating, padding, shifting, flipping, transposing, triangles and
//! diagonals.

pub(crate) mod diagonal;
pub(crate) mod flip;
pub(crate) mod join;
pub(crate) mod pad;
pub(crate) mod repeat;
pub(crate) mod roll;
pub(crate) mod transpose;
pub(crate) mod triangle;
