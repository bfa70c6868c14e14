//! ndarray-pool beside its peers: alternating rounds in one process, medians, ratios, Markdown.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- leases [--quick]
//! ```
//!
//! `leases`: what a lease and its return cost, on one thread and on two. With `--quick` everything
//! runs once and briefly: to see that it works, not how fast.

mod leases;
mod rounds;

use rounds::Effort;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["leases"] => leases::run(Effort::FULL),
        ["leases", "--quick"] => leases::run(Effort::QUICK),
        _ => {
            eprintln!("usage: peers leases [--quick]");
            std::process::exit(2);
        }
    }
}
