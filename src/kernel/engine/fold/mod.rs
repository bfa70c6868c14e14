//! Reductions: how lanes of any layout become one state each.

pub(crate) mod along;
pub(crate) mod columns;
pub(crate) mod contract;
pub(crate) mod few_columns;
pub(crate) mod finish;
pub(crate) mod gather;
pub(crate) mod in_order;
pub(crate) mod kinds;
pub(crate) mod line;
pub(crate) mod rows;
pub(crate) mod run;
pub(crate) mod second_look;
pub(crate) mod short_lanes;
#[cfg(test)]
mod tests;
pub(crate) mod tree;

pub(crate) use along::{along_axis, along_axis_of_two, of_all, of_all_in_order, of_all_of_two};
pub(crate) use contract::Fold;
pub(crate) use tree::of_run;
