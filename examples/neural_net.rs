//! Trains a small network without an allocation in its loop, and draws how its loss falls.
//!
//! ```text
//! cargo run --release --example neural_net [PICTURE.svg]
//! ```
//!
//! The points of two interleaved spirals, each as the sines and cosines of 32 of its projections, go through one hidden
//! layer of 128 units to the probabilities of both spirals; all weights follow the gradient of the cross-entropy. *On
//! leases* writes each step into the same arrays, with products that pack their operands into one workspace.
//! *Allocating* is the same step as one writes it with ndarray's operators.

use std::fmt::Write as _;
use std::{env, fs};

use ndarray::{Array1, Array2, ArrayRef2, Axis, concatenate};
use ndarray_pool::compare::{Comparison, Run};
use ndarray_pool::kernel::{
    Workspace, affine_into, cos_into, matmul_into, matmul_workspace_bytes, sin_into,
    softmax_axis_into, sum_axis_into,
};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::memory::no_alloc;
use ndarray_pool::prelude::*;
use ndarray_pool::{fused, math};

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

const POINTS: usize = 512;
const INPUTS: usize = 64;
const HIDDEN: usize = 128;
const CLASSES: usize = 2;
const RATE: f64 = 0.5;
const STEPS: usize = 300;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    // (Before anything else: each variant runs this program anew, up to here.)
    let report = Comparison::new("A step of a network, 512 points, 64 → 128 → 2")
        .array_bytes(POINTS * HIDDEN * size_of::<f64>())
        .passes(STEPS)
        .warm_up_passes(10)
        .repeats(3)
        .baseline("allocating")
        .variant("on leases", on_leases)
        .variant("allocating", allocating)
        .run()?;
    println!("{report}");
    report.require_figures()?;

    let losses = train();
    for step in [0, 9, 29, 99, STEPS - 1] {
        println!("after step {:3} the loss is {:.4}", step + 1, losses[step]);
    }
    match env::args().nth(1) {
        Some(picture) => {
            fs::write(&picture, drawn(&losses)).map_err(|e| format!("{picture}: {e}"))?;
        }
        None => println!("with the name of a file, this program draws all of them into it"),
    }
    Ok(())
}

/// Points and the spiral of each, as one number of two that is one.
fn data() -> (Array2<f64>, Array2<f64>) {
    let turn = |i: usize| (i / 2) as f64 / (POINTS / 2) as f64;
    let side = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
    let projected = Array2::from_shape_fn((POINTS, INPUTS / 2), |(i, j)| {
        let (angle, radius) = (9.0 * turn(i), 0.2 + turn(i));
        let (x, y) = (side(i) * radius * angle.cos(), side(i) * radius * angle.sin());
        let direction = j as f64 * 0.4;
        (1.0 + j as f64 / 8.0) * (x * direction.cos() + y * direction.sin())
    });
    let [mut sines, mut cosines] = [(); 2].map(|()| Array2::zeros(projected.raw_dim()));
    sin_into(&projected, &mut sines);
    cos_into(&projected, &mut cosines);
    let points =
        concatenate(Axis(1), &[sines.view(), cosines.view()]).expect("both have one shape");
    let truth = Array2::from_shape_fn((POINTS, CLASSES), |(i, class)| f64::from(i % 2 == class));
    (points, truth)
}

/// Weights and biases of both layers: numbers without a pattern, small enough to begin with.
fn start() -> (Array2<f64>, Array1<f64>, Array2<f64>, Array1<f64>) {
    let weights = |rows: usize, columns: usize| {
        let mut state = 1_u64;
        Array2::from_shape_simple_fn((rows, columns), || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5) / (rows as f64).sqrt()
        })
    };
    (
        weights(INPUTS, HIDDEN),
        Array1::zeros(HIDDEN),
        weights(HIDDEN, CLASSES),
        Array1::zeros(CLASSES),
    )
}

/// The network and all arrays of a step.
struct Network<'p> {
    weights: (Array2<f64>, Array1<f64>, Array2<f64>, Array1<f64>),
    gradients: (Array2<f64>, Array1<f64>, Array2<f64>, Array1<f64>),
    hidden: Lease<'p, f64>,
    hidden_gradient: Lease<'p, f64>,
    scores: Array2<f64>,
    probabilities: Array2<f64>,
    workspace: Workspace<'static>,
}

impl<'p> Network<'p> {
    fn new(pool: &'p Pool2<f64>) -> Self {
        // The most that any of the products takes: one of the greatest lengths takes no less.
        let most = POINTS.max(HIDDEN);
        Network {
            weights: start(),
            gradients: start(),
            hidden: pool.lease(),
            hidden_gradient: pool.lease(),
            scores: Array2::zeros((POINTS, CLASSES)),
            probabilities: Array2::zeros((POINTS, CLASSES)),
            workspace: Workspace::with_bytes(matmul_workspace_bytes::<f64>(most, most, most)),
        }
    }

    /// Takes a step, and returns the loss before it.
    fn step(&mut self, points: &ArrayRef2<f64>, truth: &ArrayRef2<f64>) -> f64 {
        let Network { hidden, hidden_gradient, scores, probabilities, workspace, .. } = self;
        let (w1, b1, w2, b2) = &mut self.weights;
        let (g1, h1, g2, h2) = &mut self.gradients;

        affine_into(points, w1, b1, hidden, workspace);
        fused!(hidden = |hidden| if hidden > 0.0 { hidden } else { 0.0 });
        affine_into(hidden, w2, b2, scores, workspace);
        softmax_axis_into(scores, Axis(1), probabilities);
        let loss = fused!(sum | probabilities, truth | -truth * math::log(probabilities + 1e-300));

        let scale = 1.0 / POINTS as f64;
        fused!(probabilities = |probabilities, truth| (probabilities - truth) * scale);
        matmul_into(&hidden.t(), probabilities, g2, workspace);
        sum_axis_into(probabilities, Axis(0), h2);
        matmul_into(probabilities, &w2.t(), hidden_gradient, workspace);
        fused!(
            hidden_gradient =
                |hidden_gradient, hidden| { if hidden > 0.0 { hidden_gradient } else { 0.0 } }
        );
        matmul_into(&points.t(), hidden_gradient, g1, workspace);
        sum_axis_into(hidden_gradient, Axis(0), h1);

        fused!(w1 -= |g1| RATE * g1);
        fused!(b1 -= |h1| RATE * h1);
        fused!(w2 -= |g2| RATE * g2);
        fused!(b2 -= |h2| RATE * h2);
        loss * scale
    }
}

fn on_leases(run: &mut Run) {
    let (points, truth) = data();
    let pool = Pool2::new((POINTS, HIDDEN), 2).expect("two arrays fit");
    let mut network = Network::new(&pool);
    let mut loss = 0.0;
    run.passes(|_| loss = network.step(&points, &truth));
    run.outcome([rounded(loss)]);
}

fn allocating(run: &mut Run) {
    let (points, truth) = data();
    let (mut w1, mut b1, mut w2, mut b2) = start();
    let mut loss = 0.0;
    run.passes(|_| {
        let hidden = (points.dot(&w1) + &b1).mapv(|x| x.max(0.0));
        let scores = hidden.dot(&w2) + &b2;
        let most = scores.fold_axis(Axis(1), f64::NEG_INFINITY, |most, &x| most.max(x));
        let exponentials = (scores - most.insert_axis(Axis(1))).exp();
        let probabilities = &exponentials / exponentials.sum_axis(Axis(1)).insert_axis(Axis(1));
        loss = -(&truth * (&probabilities + 1e-300).ln()).sum() / POINTS as f64;

        let gradient = (probabilities - &truth) / POINTS as f64;
        let through = gradient.dot(&w2.t()) * hidden.mapv(|x| f64::from(x > 0.0));
        w2 = &w2 - hidden.t().dot(&gradient) * RATE;
        b2 = &b2 - gradient.sum_axis(Axis(0)) * RATE;
        w1 = &w1 - points.t().dot(&through) * RATE;
        b1 = &b1 - through.sum_axis(Axis(0)) * RATE;
    });
    run.outcome([rounded(loss)]);
}

/// The products of ndarray add in another order, so the last digits differ.
fn rounded(loss: f64) -> u64 {
    (loss * 1e6).round() as u64
}

/// The loss before each step. No step allocates.
fn train() -> Vec<f64> {
    let (points, truth) = data();
    let pool = Pool2::new((POINTS, HIDDEN), 2).expect("two arrays fit");
    let mut network = Network::new(&pool);
    let mut losses = vec![0.0; STEPS];
    no_alloc(|| losses.iter_mut().for_each(|loss| *loss = network.step(&points, &truth)));
    losses
}

/// A picture of the losses, each step as wide as the others.
fn drawn(losses: &[f64]) -> String {
    let (width, height, margin) = (640.0, 320.0, 40.0);
    let most = losses.iter().copied().fold(0.0, f64::max);
    let mut points = String::new();
    for (step, loss) in losses.iter().enumerate() {
        let x = margin + (width - 2.0 * margin) * step as f64 / (losses.len() - 1) as f64;
        let y = height - margin - (height - 2.0 * margin) * loss / most;
        write!(points, "{x:.1},{y:.1} ").expect("a string takes everything");
    }
    let (bottom, right) = (height - margin, width - margin);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">
<rect width="{width}" height="{height}" fill="white"/>
<path d="M{margin},{margin}V{bottom}H{right}" fill="none" stroke="#888"/>
<polyline points="{points}" fill="none" stroke="#0b62a4" stroke-width="2"/>
<text x="{margin}" y="{above}">loss (cross-entropy); {most:.2} at the top, 0 at the bottom</text>
<text x="{right}" y="{below}" text-anchor="end">step {last}</text>
<text x="{margin}" y="{below}">step 1</text>
</svg>
"##,
        above = margin - 12.0,
        below = bottom + 20.0,
        last = losses.len(),
    )
}
