//! The patterns: arrays that grow by rows.

mod row_builder;
