//! Products that make matrices.

use ndarray::{Array2, Axis, linalg, s};
use ndarray_pool::kernel::*;

use super::pair::{Bench, pair};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64);
    let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<f64>(n, n, n));
    pair!(bench, "matmul_into", a.dot(&a), |out| matmul_into(&a, &a, out, &mut workspace));
    let part = a.slice(s![..n / 4, ..n / 4]);
    let tile = a.slice(s![..4, ..4]);
    pair!(bench, "kron_into", linalg::kron(&part, &tile), |out| kron_into(&part, &tile, out));
    let (one, two) = (a.row(0), a.row(1));
    let column = one.insert_axis(Axis(1));
    pair!(bench, "outer_into", &column * &two, |out| outer_into(&one, &two, out, |x, y| x * y));
}
