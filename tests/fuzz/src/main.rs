//! Runs kernels on cases from standard input, and writes what they left in their outputs to standard output.
//!
//! A case is a line of words and then its arrays, each a line and its bytes:
//!
//! ```text
//! KERNEL ELEMENT RANK INTEGERS INPUTS OUTPUTS      RANK is `dyn` or a number
//! ELEMENT OFFSET SHAPE STRIDES BYTES               of the whole buffer, in which the array lies somewhere
//! ```
//!
//! Lists are separated by commas, and `-` if empty. Strides count elements, and the offset is that of the lowest
//! address. The answer is `ok`, `none` (a reduction found no number), `unknown` (no such kernel for such elements) or
//! `panic MESSAGE`, and behind that line the buffers of the outputs as they are now.

#![cfg_attr(
    not(feature = "every-element"),
    expect(dead_code, unused_imports, unused_macros, reason = "integers alone need less")
)]

mod case;
mod kernels;

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};

use case::{Case, Reader};

thread_local! {
    static MESSAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn main() -> io::Result<()> {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), ToString::to_string);
        let text = info.payload().downcast_ref::<&str>().copied();
        let text = text.or(info.payload().downcast_ref::<String>().map(|text| &text[..]));
        let text = text.unwrap_or("no message");
        MESSAGE.set(format!("{place}: {}", text.replace('\n', " ")));
    }));
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let mut reader = Reader::new(&bytes);
    let mut stdout = io::stdout().lock();
    while let Some(mut case) = Case::read(&mut reader) {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| kernels::run(&mut case)));
        let answer = match outcome {
            Ok(false) => "unknown".into(),
            Ok(true) if case.outs.none => "none".into(),
            Ok(true) => "ok".into(),
            Err(_) => format!("panic {}", MESSAGE.take()),
        };
        writeln!(stdout, "{answer}")?;
        stdout.write_all(&case.outs.bytes())?;
        // Case by case, so that a crash shows which one it was.
        stdout.flush()?;
    }
    Ok(())
}
