//! What holds for kernels: for all of them by walking the registry, for each family beside it.

mod accuracy;
mod agreement;
mod coverage;
mod element_types;
mod elementwise;
mod elementwise_corners;
mod elementwise_registered;
mod gather;
mod gather_corners;
mod gathering;
mod generators;
mod layout;
mod layouts;
pub(crate) mod mismatches;
mod narrow;
mod norms;
mod overflow;
mod permutation;
mod reduction_rules;
mod reductions;
mod registry;
mod registry_elementwise;
mod registry_reductions;
mod representable;
