//! Reductions: how lanes of any layout become one state each.
//!
//! [`contract`] says what a reduction has to implement ([`Fold`]); [`kinds`] has the implementations. [`mod@along`]
//! chooses the walk: along contiguous or gathered lanes ([`tree`], [`line`](mod@line), [`gather`]), across rows
//! ([`rows`], [`mod@columns`]), or many short lanes side by side ([`short_lanes`], [`few_columns`]). [`second_look`]
//! repeats results that left the range. [`in_order`] folds strictly from first to last and stands apart.

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
