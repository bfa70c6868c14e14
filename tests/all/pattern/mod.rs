//! The patterns: arrays that grow by rows, and the last states of a loop.

mod history;
mod row_builder;
