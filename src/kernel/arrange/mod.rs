//! Joining, repeating, padding, moving and transposing: the same elements in other places.

pub(crate) mod diagonal;
pub(crate) mod flip;
pub(crate) mod join;
pub(crate) mod pad;
pub(crate) mod repeat;
pub(crate) mod roll;
pub(crate) mod transpose;
pub(crate) mod triangle;
