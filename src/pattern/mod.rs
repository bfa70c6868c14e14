//! The data structures of numeric loops, on top of guards: [`DoubleBuffer`] for a state and the next one, [`History`]
//! for the last k states, [`RowBuilder`] for an array whose length is not known.

mod double_buffer;
mod history;
mod row_builder;

pub use self::double_buffer::DoubleBuffer;
pub use self::history::{History, Past};
pub use self::row_builder::{RowBuilder, RowBuilder1, RowBuilder2, RowBuilder3};
