//! The integration tests: one binary, whose `mod` lines are its table of contents.

mod kernel;
