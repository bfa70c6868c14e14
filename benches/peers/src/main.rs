//! ndarray-pool beside its peers: alternating rounds, medians, ratios, Markdown.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- leases [--quick]
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- loops [OPTIONS]
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- math [--quick] [--formulas] [--python PATH]
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- forms [--quick]
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- ladder [--preload LIBRARY] [--quick]
//! ```
//!
//! - `leases`: what a lease and its return cost, on one thread and on two.
//! - `loops`: the seed loop and single kernels beside ndarray, NumPy, Eigen and xtensor, as far as they are installed
//!   (Debian: `libeigen3-dev`, `libxtensor-dev`). `--sides 64,300` limits the sizes, `--python PATH` and
//!   `--cxx PATH` say where to look.
//! - `forms`: one formula by operators, kernels, `azip!` and `fused!`; conditions with `&` and with `&&`.
//! - `ladder`: what an allocator that keeps memory, leases, and one pass are worth, each on its own. `--preload` takes
//!   an allocator (Debian: `libmimalloc2.0`, `/usr/lib/x86_64-linux-gnu/libmimalloc.so.2`).
//!
//! - `math`: mathematical functions, formulas and products beside NumPy, SciPy, numexpr and std; `--formulas` leaves the
//!   functions out.
//!
//! With `--quick` everything runs once and briefly: to see that it works, not how fast.

mod children;
mod contests;
mod environment;
mod forms;
mod ladder;
mod leases;
mod loops;
mod math;
mod rounds;
mod serve;
mod teams;

use rounds::Effort;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["leases"] => leases::run(Effort::FULL),
        ["leases", "--quick"] => leases::run(Effort::QUICK),
        ["loops", options @ ..] => match loops::Options::parse(options) {
            Ok(options) => loops::run(&options),
            Err(error) => end(&error),
        },
        ["math", options @ ..] => math::run(options),
        ["forms"] => forms::run(Effort::FULL),
        ["forms", "--quick"] => forms::run(Effort::QUICK),
        ["ladder", options @ ..] => {
            let (preload, quick) = match options {
                [] => (None, false),
                ["--quick"] => (None, true),
                ["--preload", library] => (Some(*library), false),
                ["--preload", library, "--quick"] => (Some(*library), true),
                _ => end("what shall the ladder be?"),
            };
            if let Err(error) = ladder::run(preload, quick) {
                end(&error);
            }
        }
        // What `loops` starts.
        ["child", name] => teams::be_child(name),
        _ => end("what shall it be?"),
    }
}

fn end(error: &str) -> ! {
    eprintln!(
        "{error}\nusage: peers leases [--quick]\n       peers loops {}\n       peers math [--quick] [--formulas] [--python PATH]\n       \
         peers forms [--quick]\n       peers ladder [--preload LIBRARY] [--quick]",
        loops::Options::USAGE
    );
    std::process::exit(2);
}
