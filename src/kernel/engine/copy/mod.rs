//! Copies between layouts that differ: between memory orders, and of rows in any order.

pub(crate) mod rows;
pub(crate) mod transpose;
