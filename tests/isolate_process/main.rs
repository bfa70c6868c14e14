//! Steps in processes of their own, seen from outside: what comes back, what goes wrong, and what is
//! left. A program of its own, because its tests start it anew and look at its processes.

#![cfg(unix)]

mod arrays;
mod ended;
mod errors;
#[path = "../process/folder.rs"]
mod folder;
mod limits;
#[path = "../process/program.rs"]
mod program;
mod values;

use ndarray::{Array1, Array2};
use ndarray_pool::isolate::{Carried, Runner, Steps};

use self::program::{PATIENCE, args_for};

/// The runner of `test`, which has to be the first thing that the test asks for. No step of it hangs.
fn start(steps: Steps, test: &str) -> Runner {
    steps.start().child_args(args_for(test)).time_limit(PATIENCE)
}

/// An array with something else in each element.
fn numbers(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| (1 + i * columns + j) as f64 / 7.0)
}

/// A step that returns `n` ones.
fn ones(n: usize) -> Carried<Array1<f64>> {
    Carried(Array1::ones(n))
}
