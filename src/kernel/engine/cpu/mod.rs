//! What depends on the processor: instruction sets, cache sizes, streaming stores, prefetch.

pub(crate) mod cache;
pub(crate) mod dispatch;
pub(crate) mod prefetch;
pub(crate) mod stream;
