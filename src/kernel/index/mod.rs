//! Taking, putting, finding and counting by index.

pub(crate) mod at;
pub(crate) mod histogram;
pub(crate) mod search;
pub(crate) mod take;
