//! Walks of elementwise kernels.

pub(crate) mod checked;
pub(crate) mod run;
#[cfg(test)]
mod tests;
pub(crate) mod walk;
pub(crate) mod walk_more;

pub(crate) use walk::{copy, map, zip_map, zip_map_slow};
pub(crate) use walk_more::{map_unzip, zip_map_unzip, zip3_map, zip3_map_as};
