//! What a process and a region of code do with memory.
