//! Everything that can be tested from outside without a process of its own: one module a subject.

mod memory;
