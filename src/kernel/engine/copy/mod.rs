//! Copies that are no walk over equal layouts: between memory orders, and of rows in any order.

pub(crate) mod rows;
pub(crate) mod transpose;
