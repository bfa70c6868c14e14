//! Elementwise walks: `out[i] = f(a[i], …)` for one to three inputs and one or two outputs, in any layout.
//!
//! [`walk`] and [`walk_more`] choose how to walk and cut the operands into contiguous slices; [`mod@run`] has the loops
//! over these; [`checked`] computes with a quick formula, and again with a careful one where that was not certain.

pub(crate) mod checked;
pub(crate) mod run;
#[cfg(test)]
mod tests;
pub(crate) mod walk;
pub(crate) mod walk_more;

pub(crate) use walk::{copy, map, zip_map, zip_map_slow};
pub(crate) use walk_more::{map_unzip, zip_map_unzip, zip3_map, zip3_map_as};
