//! Arenas and budgets.

mod errors;
mod leasing;
mod model;
mod plan;
