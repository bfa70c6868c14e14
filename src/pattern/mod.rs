//! The shapes that numeric loops take, on top of guards: [`DoubleBuffer`].

mod double_buffer;

pub use self::double_buffer::DoubleBuffer;
