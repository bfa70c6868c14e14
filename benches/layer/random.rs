//! Random orders.

use ndarray::{Array2, Axis};
use ndarray_pool::kernel::*;
use rand::seq::SliceRandom;
use rand::{SeedableRng, rngs::StdRng};

use super::pair::{Bench, pair, rivals};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64);
    shuffled(bench, &a);
}

fn shuffled(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let (mut rng, mut their_rng) = (StdRng::seed_from_u64(1), StdRng::seed_from_u64(2));
    let mut order: Vec<usize> = (0..bench.side).collect();
    pair!(
        bench,
        "shuffle_copy_into",
        {
            order.shuffle(&mut their_rng);
            a.select(Axis(0), &order)
        },
        a.clone() => |out| shuffle_copy_into(a, out, &mut rng)
    );
    rivals!(
        bench,
        "shuffle_elements_into",
        a.clone() => |out| {
            out.assign(a);
            out.as_slice_mut().unwrap().shuffle(&mut their_rng);
        },
        shuffle_elements_into(a, out, &mut rng)
    );
}
