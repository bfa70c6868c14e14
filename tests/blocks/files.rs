//! Files of the tests, and numbers to put into them.

use std::path::Path;

use ndarray::Array2;
use ndarray_pool::rand::rngs::StdRng;
use ndarray_pool::rand::{RngExt, SeedableRng};

use crate::npy::with_header;

/// An `.npy` file with these three entries.
pub(crate) fn npy(descr: &str, is_fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if is_fortran { "True" } else { "False" };
    let header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
    with_header(1, &header, data)
}

/// The error of a file that is not read, without the path in front.
pub(crate) fn said<T>(result: Result<T, ndarray_pool::blocks::BlockError>, path: &Path) -> String {
    let error = match result {
        Ok(_) => panic!("{} was read", path.display()),
        Err(error) => error.to_string(),
    };
    let name = path.display().to_string();
    assert!(error.contains(&name), "{error:?} does not name {name}");
    let rest = error.strip_prefix(&format!("{name}: ")).unwrap_or(&error);
    rest.replace(&name, "FILE")
}

/// Normal enough numbers, with a large mean in some columns.
pub(crate) fn numbers(rows: usize, columns: usize) -> Array2<f64> {
    let mut rng = StdRng::seed_from_u64(rows as u64 + 7 * columns as u64);
    Array2::from_shape_fn((rows, columns), |(_, j)| {
        let sum: f64 = (0..4).map(|_| rng.random::<f64>() - 0.5).sum();
        sum + (j % 3) as f64 * 1e6
    })
}
