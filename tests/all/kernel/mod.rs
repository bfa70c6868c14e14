//! What holds for kernels: for all of them by walking the registry, for each family beside it.

mod agreement;
mod coverage;
mod elementwise;
mod layout;
mod layouts;
mod mismatches;
mod norms;
mod permutation;
mod reduction_rules;
mod reductions;
mod registry;
mod registry_reductions;
