//! Child processes of this very program: how one is started, and how one ended.
//!
//! What both `compare` and `isolate` need, and no more. How a child learns what it is for, and who
//! ends it when its parent is gone, is different in the two: a comparison must not disturb what it
//! measures, so nothing in its child watches.

mod ended;
mod program;

pub(crate) use self::ended::{message_of, signal, what_signal};
pub(crate) use self::program::{command, in_own_group, spawn};
