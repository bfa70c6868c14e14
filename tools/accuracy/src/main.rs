//! How far the functions of `ndarray_pool::math` are from the correctly rounded result, in units of its last place.
//!
//! ```text
//! RUSTFLAGS="-C target-cpu=native" cargo run --release --manifest-path tools/accuracy/Cargo.toml -- [options] [name ...]
//!     --points N    f64: this many arguments a function (10^8 by default)
//!     --every N     f32: every Nth of the 2^32 arguments (1, all of them, by default)
//!     --f64, --f32  one type alone
//! ```
//!
//! Prints, for each function, the largest distance found, an argument that has it, and how many results are not the
//! correctly rounded ones. Ends with an error if a distance is beyond the function's bound. (`target-cpu` makes fused
//! multiplications instructions; the results are the same without.)

mod arguments;
mod functions;
mod options;

use std::process::ExitCode;
use std::thread;

use arguments::{Argument, Source};
use functions::{Binary, FUNCTIONS, Function, PAIRS, Unary};
use options::Options;

fn main() -> ExitCode {
    let options = Options::of_command_line();
    println!("{:10} {:4} {:>12} {:>6} {:>7}  at", "function", "type", "arguments", "ulp", "wrong");
    let mut is_good = true;
    for Function { name, bound, double, single, regions, has_zeros } in FUNCTIONS {
        if !options.names(name) {
            continue;
        }
        if options.f64 {
            let points = options.points;
            let found = parallel(|part, of| of_unary(double, regions, *has_zeros, points / of, part));
            is_good &= found.print(name, "f64", *bound);
        }
        if options.f32 {
            let found = parallel(|part, of| of_all(single, options.every, part, of));
            is_good &= found.print(name, "f32", 1);
        }
    }
    for (name, bound, double, single) in PAIRS {
        if !options.names(name) {
            continue;
        }
        if options.f64 {
            let found = parallel(|part, of| of_binary(double, options.points / of, part));
            is_good &= found.print(name, "f64", *bound);
        }
        if options.f32 {
            let found = parallel(|part, of| of_binary(single, options.points / of, part));
            is_good &= found.print(name, "f32", 1);
        }
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What was found of a function.
#[derive(Default)]
struct Found {
    arguments: u64,
    distance: u64,
    at: String,
    wrong: u64,
}

impl Found {
    fn see<T: Argument>(&mut self, ours: T, right: T, at: impl Fn() -> String) {
        let distance = ours.distance(right);
        self.arguments += 1;
        self.wrong += u64::from(distance > 0);
        if distance > self.distance {
            (self.distance, self.at) = (distance, at());
        }
    }

    fn and(self, other: Found) -> Found {
        let (arguments, wrong) = (self.arguments + other.arguments, self.wrong + other.wrong);
        let worse = if self.distance >= other.distance { self } else { other };
        Found { arguments, wrong, ..worse }
    }

    fn print(&self, name: &str, of: &str, bound: u64) -> bool {
        let Found { arguments, distance, at, wrong } = self;
        let share = 100.0 * *wrong as f64 / *arguments as f64;
        let is_good = *distance <= bound;
        let verdict = if is_good { "" } else { "  BEYOND ITS BOUND" };
        println!("{name:10} {of:4} {arguments:12} {distance:6} {share:6.2}%  {at}{verdict}");
        is_good
    }
}

/// Shares work among threads.
fn parallel(work: impl Fn(u64, u64) -> Found + Sync) -> Found {
    let of = thread::available_parallelism().map_or(1, usize::from) as u64;
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..of).map(|part| scope.spawn(move || work(part, of))).collect();
        let found = threads.into_iter().map(|thread| thread.join().expect("no function panics"));
        found.fold(Found::default(), Found::and)
    })
}

fn of_unary(
    function: &Unary<f64>,
    regions: &[(f64, f64)],
    has_zeros: bool,
    points: u64,
    seed: u64,
) -> Found {
    let (mut found, mut source) = (Found::default(), Source::new(seed));
    for _ in 0..points {
        let x = source.argument(regions);
        let (ours, right) = ((function.ours)(x), (function.right)(x));
        if has_zeros && x < 0.0 && right.abs() < 1.0 {
            found.see(1.0 + (ours - right).abs(), 1.0, || format!("{x:e}"));
        } else {
            found.see(ours, right, || format!("{x:e}"));
        }
    }
    found
}

/// Of `f32`, all arguments are tried.
fn of_all(function: &Unary<f32>, every: u64, part: u64, of: u64) -> Found {
    let mut found = Found::default();
    let mut bits = part * every;
    while bits < 1 << 32 {
        let x = f32::from_bits(bits as u32);
        found.see((function.ours)(x), (function.right)(x), || format!("{x:e}"));
        bits += of * every;
    }
    found
}

fn of_binary<T: Argument>(function: &Binary<T>, points: u64, seed: u64) -> Found {
    let (mut found, mut source) = (Found::default(), Source::new(seed));
    for _ in 0..points {
        let (x, y) = T::pair(&mut source);
        found.see((function.ours)(x, y), (function.right)(x, y), || format!("{x:e}, {y:e}"));
    }
    found
}
