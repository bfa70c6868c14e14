//! A step of the optimiser Adam (Kingma and Ba, 2014) on the weights of a layer.

use ndarray::{Array2, Zip};
use ndarray_pool::prelude::*;

use crate::way;

const SHAPE: (usize, usize) = (784, 256);
const RATE: f64 = 1e-3;
const BETA: [f64; 2] = [0.9, 0.999];

fn start() -> [Array2<f64>; 4] {
    let grad = Array2::from_shape_fn(SHAPE, |(i, j)| ((i * 31 + j * 17) % 101) as f64 / 50.0 - 1.0);
    [Array2::zeros(SHAPE), Array2::zeros(SHAPE), grad.mapv(|x| 0.1 * x), grad]
}

fn as_written_first() -> impl FnMut() -> f64 {
    let [mut m, mut v, mut w, grad] = start();
    move || {
        m = BETA[0] * &m + (1.0 - BETA[0]) * &grad;
        v = BETA[1] * &v + (1.0 - BETA[1]) * &grad * &grad;
        w = &w - &(RATE * &m / (v.mapv(f64::sqrt) + 1e-8));
        w[[3, 5]]
    }
}

fn zip() -> impl FnMut() -> f64 {
    let [mut m, mut v, mut w, grad] = start();
    move || {
        Zip::from(&mut m).and(&mut v).and(&mut w).and(&grad).for_each(|m, v, w, &g| {
            *m = BETA[0] * *m + (1.0 - BETA[0]) * g;
            *v = BETA[1] * *v + (1.0 - BETA[1]) * g * g;
            *w -= RATE * *m / (v.sqrt() + 1e-8);
        });
        w[[3, 5]]
    }
}

macro_rules! fused_pass {
    ($m:ident, $v:ident, $w:ident, $grad:ident) => {{
        fused!(
            ($m, $v, $w) = |$m, $v, $w, $grad| {
                let m = BETA[0] * $m + (1.0 - BETA[0]) * $grad;
                let v = BETA[1] * $v + (1.0 - BETA[1]) * $grad * $grad;
                (m, v, $w - RATE * m / (v.sqrt() + 1e-8))
            }
        );
        $w[[3, 5]]
    }};
}

pub(crate) fn contest() {
    let [mut m, mut v, mut w, grad] = start();
    let pool = Pool2::new(SHAPE, 4).expect("four arrays fit");
    let [mut lm, mut lv, mut lw, lgrad] = start().map(|array| pool.lease_copy_of(&array));
    let ways = vec![
        way("as written first", as_written_first()),
        way("zip", zip()),
        way("fused, owned", || fused_pass!(m, v, w, grad)),
        way("fused, leases", || fused_pass!(lm, lv, lw, lgrad)),
    ];
    crate::contest("network with Adam, 784×256", ways);
}
