//! Reductions: how lanes of any layout become one state each.
//!
//! [`contract`] says what a reduction has to implement ([`Fold`]); [`kinds`] has the implementations. [`mod@along`]
//! brings the lanes into one canonical form, the columns of a matrix ([`source`]), and chooses the walk: lane by lane
//! ([`mod@line`], [`tree`], [`gather`]), or across the lanes, row by row ([`tile`]), with the rows of several blocks
//! side by side where rows are short ([`blocks`]). [`second_look`] repeats results that left the range. [`in_order`]
//! folds strictly from first to last and stands apart.

pub(crate) mod along;
pub(crate) mod blocks;
pub(crate) mod contract;
pub(crate) mod finish;
pub(crate) mod gather;
pub(crate) mod in_order;
pub(crate) mod kinds;
pub(crate) mod line;
pub(crate) mod run;
pub(crate) mod second_look;
pub(crate) mod source;
#[cfg(test)]
mod tests;
#[cfg(feature = "rayon")]
pub(crate) mod threads;
pub(crate) mod tile;
pub(crate) mod tree;

pub(crate) use along::{along_axis, along_axis_of_two, of_all, of_all_in_order, of_all_of_two};
pub(crate) use contract::Fold;
pub(crate) use tree::of_run;
