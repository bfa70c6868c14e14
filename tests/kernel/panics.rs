//! Catches a panic, with its message and its line.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// The panic of `call`, which must panic.
pub(crate) fn panic_of(call: impl FnOnce()) -> Panic {
    thread_local! {
        /// Set while this thread waits for a panic, which is then kept instead of printed.
        static CAUGHT: RefCell<Option<Option<Panic>>> = const { RefCell::new(None) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            CAUGHT.with_borrow_mut(|caught| match caught {
                Some(caught) => {
                    let location = info.location().expect("std gives a location");
                    *caught = Some(Panic {
                        message: info.payload().downcast_ref().cloned().unwrap_or_default(),
                        file: location.file().to_owned(),
                        line: location.line(),
                    });
                }
                None => usual(info),
            });
        }));
    });
    CAUGHT.set(Some(None));
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    let caught = CAUGHT.take().flatten();
    result.expect_err("the call has to panic");
    caught.expect("the hook has seen the panic")
}
