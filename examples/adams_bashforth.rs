//! A multistep integrator: a long chain of coupled oscillators by the Adams–Bashforth
//! method of fourth order, which needs the derivatives of the last four steps.
//!
//! ```text
//! cargo run --release --example adams_bashforth
//! ```
//!
//! `y(n+1) = y(n) + h/24 (55 f(n) − 59 f(n−1) + 37 f(n−2) − 9 f(n−3))`. *History* writes each
//! derivative into a ring in place; *a deque of arrays* makes a new one in every step and frees the
//! oldest; *shift* copies all four along, as `numpy.roll` does. All end with the same bits, and the
//! first also shows that the method is right: the energy of the chain stays.

use std::collections::VecDeque;

use ndarray::{Array1, Array2, ArrayRef1, ArrayView1, Zip, azip, s};
use ndarray_pool::compare::{Comparison, Run};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

/// Places and speeds of half as many oscillators in a chain.
const LEN: usize = 1_000_000;
const STEPS: usize = 56;
const H: f64 = 0.01;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = Comparison::new("Adams–Bashforth steps of a chain of oscillators")
        .array_bytes(LEN * size_of::<f64>())
        .passes(STEPS)
        .warm_up_passes(4) // until there are four derivatives, and one to forget
        .repeats(3)
        .baseline("a deque of arrays")
        .variant("History", history)
        .variant("a deque of arrays", deque)
        .variant("shift", shift)
        .run()?;
    println!("{report}");
    Ok(report.require_figures()?)
}

fn history(run: &mut Run) {
    let state = Pool1::<f64>::new(LEN, 1).expect("memory for a state");
    let ring = Pool2::<f64>::new((5, LEN), 1).expect("memory for five derivatives");
    let (mut y, mut f) = (state.lease(), History::new(ring.lease()));
    start(&mut y);
    let before = energy(&y);
    run.passes(|_| {
        f.step(|_, new| derivative(&y, new));
        match f.len() {
            4 => advance(&mut y, [f.get(0), f.get(1), f.get(2), f.get(3)]),
            _ => y.scaled_add(H, &f.newest()), // Euler, until there are four
        }
    });
    let drift = energy(&y) / before - 1.0;
    assert!(drift.abs() < 1e-3, "the energy drifted by {drift}");
    run.outcome(y.iter().map(|x| x.to_bits()));
}

fn deque(run: &mut Run) {
    let (mut y, mut f) = (Array1::zeros(LEN), VecDeque::<Array1<f64>>::new());
    start(&mut y);
    run.passes(|_| {
        let mut new = Array1::zeros(LEN);
        derivative(&y, &mut new);
        f.push_front(new);
        f.truncate(4);
        match f.len() {
            4 => advance(&mut y, [f[0].view(), f[1].view(), f[2].view(), f[3].view()]),
            _ => y.scaled_add(H, &f[0]),
        }
    });
    run.outcome(y.iter().map(|x| x.to_bits()));
}

fn shift(run: &mut Run) {
    let (mut y, mut f) = (Array1::zeros(LEN), Array2::zeros((4, LEN)));
    start(&mut y);
    let mut step = 0;
    run.passes(|_| {
        for age in (1..4).rev() {
            let (mut to, from) = f.multi_slice_mut((s![age, ..], s![age - 1, ..]));
            to.assign(&from);
        }
        derivative(&y, &mut f.row_mut(0));
        match step {
            3.. => advance(&mut y, [f.row(0), f.row(1), f.row(2), f.row(3)]),
            _ => y.scaled_add(H, &f.row(0)),
        }
        step += 1;
    });
    run.outcome(y.iter().map(|x| x.to_bits()));
}

/// `y` one step on, by the last four derivatives, the newest first.
fn advance(y: &mut ArrayRef1<f64>, [f0, f1, f2, f3]: [ArrayView1<'_, f64>; 4]) {
    azip!((y in y, &f0 in f0, &f1 in f1, &f2 in f2, &f3 in f3) {
        *y += H / 24.0 * (55.0 * f0 - 59.0 * f1 + 37.0 * f2 - 9.0 * f3);
    });
}

/// Each oscillator is drawn to its place and to its neighbours.
fn derivative(y: &ArrayRef1<f64>, out: &mut ArrayRef1<f64>) {
    let (places, speeds) = (y.slice(s![..LEN / 2]), y.slice(s![LEN / 2..]));
    let (mut place_rates, mut speed_rates) = out.multi_slice_mut((s![..LEN / 2], s![LEN / 2..]));
    place_rates.assign(&speeds);
    Zip::from(speed_rates.slice_mut(s![1..LEN / 2 - 1])).and(places.windows(3)).for_each(
        |rate, near| {
            *rate = near[0] + near[2] - 3.0 * near[1];
        },
    );
    // The two at the ends are held.
    (speed_rates[0], speed_rates[LEN / 2 - 1]) = (0.0, 0.0);
}

/// A smooth bump; the two at the ends rest.
fn start(y: &mut ArrayRef1<f64>) {
    y.fill(0.0);
    for (i, place) in y.slice_mut(s![..LEN / 2]).iter_mut().enumerate() {
        let x = i as f64 / (LEN / 2 - 1) as f64;
        *place = 16.0 * (x * (1.0 - x)).powi(2);
    }
}

fn energy(y: &ArrayRef1<f64>) -> f64 {
    let (places, speeds) = (y.slice(s![..LEN / 2]), y.slice(s![LEN / 2..]));
    let bonds = Zip::from(places.slice(s![1..]))
        .and(places.slice(s![..-1]))
        .fold(0.0, |sum, a, b| sum + (a - b).powi(2));
    speeds.iter().chain(places).map(|x| x * x).sum::<f64>() + bonds
}
