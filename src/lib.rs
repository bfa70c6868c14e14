//! The `out=` layer and buffer arena of [`ndarray`].
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod kernel;
pub mod memory;
