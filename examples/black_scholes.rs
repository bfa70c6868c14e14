//! Prices a million European options by the formula of Black and Scholes, in one pass over memory.
//!
//! ```text
//! cargo run --release --example black_scholes
//! ```
//!
//! A call is worth *S Φ(d₁) − K e^(−rT) Φ(d₂)*, where *d₁ = (log(S/K) + (r + σ²/2) T) / (σ √T)* and *d₂ = d₁ − σ √T*; a
//! put is worth that less *S − K e^(−rT)* (put-call parity). *One pass* computes both prices of an option by one
//! `fused!`, whose functions become vector code. *Kernels* takes a pass for each step, on leases. *Allocating* makes a
//! new array in each step, as NumPy's operators do. All use the same functions.

use ndarray::{Array1, ArrayRef1, azip};
use ndarray_pool::compare::{Comparison, Run};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;
use ndarray_pool::{fused, kernel, math};

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

const OPTIONS: usize = 1_000_000;
/// The interest rate and the volatility, each a year.
const RATE: f64 = 0.05;
const VOLATILITY: f64 = 0.2;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    check_published_price();
    let report = Comparison::new("Black–Scholes prices of a million options")
        .array_bytes(OPTIONS * size_of::<f64>())
        .passes(20)
        .warm_up_passes(2)
        .repeats(3)
        .baseline("allocating")
        .variant("one pass", one_pass)
        .variant("kernels", kernels)
        .variant("allocating", allocating)
        .run()?;
    println!("{report}");
    Ok(report.require_figures()?)
}

/// Prices, strikes and times to maturity in years.
fn market(spot: &mut ArrayRef1<f64>, strike: &mut ArrayRef1<f64>, years: &mut ArrayRef1<f64>) {
    for (i, (s, (k, t))) in spot.iter_mut().zip(strike.iter_mut().zip(years)).enumerate() {
        let part = |of: usize| (i * of % OPTIONS) as f64 / OPTIONS as f64;
        (*s, *k, *t) =
            (10.0 + 90.0 * part(7919), 10.0 + 90.0 * part(104_729), 0.1 + 2.0 * part(13));
    }
}

/// Call and put. (Inlined, or the formula that calls it would not become vector code.)
#[inline(always)]
fn prices(spot: f64, strike: f64, years: f64) -> (f64, f64) {
    let spread = VOLATILITY * years.sqrt();
    let d1 = (math::log(spot / strike) + (RATE + 0.5 * VOLATILITY * VOLATILITY) * years) / spread;
    let d2 = d1 - spread;
    let later = strike * math::exp(-RATE * years);
    let call = spot * normal(d1) - later * normal(d2);
    (call, call - (spot - later))
}

/// The share of a normal distribution below `d`.
#[inline(always)]
fn normal(d: f64) -> f64 {
    0.5 + 0.5 * math::erf(d * std::f64::consts::FRAC_1_SQRT_2)
}

fn one_pass(run: &mut Run) {
    let pool = Pool1::<f64>::new(OPTIONS, 5).expect("five arrays fit");
    let [mut spot, mut strike, mut years] = [pool.lease(), pool.lease(), pool.lease()];
    market(&mut spot, &mut strike, &mut years);
    let (mut call, mut put) = (pool.lease(), pool.lease());
    run.passes(|_| fused!((call, put) = |spot, strike, years| prices(spot, strike, years)));
    check_parity(&spot, &strike, &years, &call, &put);
    run.outcome(call.iter().chain(&put).map(|x| x.to_bits()));
}

fn kernels(run: &mut Run) {
    let pool = Pool1::<f64>::new(OPTIONS, 8).expect("eight arrays fit");
    let [mut spot, mut strike, mut years] = [pool.lease(), pool.lease(), pool.lease()];
    market(&mut spot, &mut strike, &mut years);
    let (mut call, mut put) = (pool.lease(), pool.lease());
    let [mut later, mut d1, mut d2] = [pool.lease(), pool.lease(), pool.lease()];
    run.passes(|_| {
        fused!(later = |years| -RATE * years);
        kernel::exp_inplace(&mut later);
        later *= &*strike;
        kernel::div_into(&spot, &strike, &mut d1);
        kernel::log_inplace(&mut d1);
        fused!(
            (d1, d2) = |d1, years| {
                let spread = VOLATILITY * f64::sqrt(years);
                let d1 = (d1 + (RATE + 0.5 * VOLATILITY * VOLATILITY) * years) / spread;
                let half = std::f64::consts::FRAC_1_SQRT_2;
                (d1 * half, (d1 - spread) * half)
            }
        );
        kernel::erf_inplace(&mut d1);
        kernel::erf_inplace(&mut d2);
        fused!(
            (call, put) = |spot, later, d1, d2| {
                let call = spot * (0.5 + 0.5 * d1) - later * (0.5 + 0.5 * d2);
                (call, call - (spot - later))
            }
        );
    });
    check_parity(&spot, &strike, &years, &call, &put);
    run.outcome(call.iter().chain(&put).map(|x| x.to_bits()));
}

fn allocating(run: &mut Run) {
    let [mut spot, mut strike, mut years] = [(); 3].map(|()| Array1::zeros(OPTIONS));
    market(&mut spot, &mut strike, &mut years);
    let (mut call, mut put) = (Array1::zeros(0), Array1::zeros(0));
    let new = |function: fn(&ArrayRef1<f64>, &mut ArrayRef1<f64>), a: &ArrayRef1<f64>| {
        let mut out = Array1::zeros(OPTIONS);
        function(a, &mut out);
        out
    };
    run.passes(|_| {
        let spread = years.sqrt() * VOLATILITY;
        let drift = &years * (RATE + 0.5 * VOLATILITY * VOLATILITY);
        let d1 = (new(kernel::log_into, &(&spot / &strike)) + drift) / &spread;
        let d2 = &d1 - &spread;
        let later = &strike * new(kernel::exp_into, &(&years * -RATE));
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let below_d1 = new(kernel::erf_into, &(d1 * half)) * 0.5 + 0.5;
        let below_d2 = new(kernel::erf_into, &(d2 * half)) * 0.5 + 0.5;
        call = &spot * below_d1 - &later * below_d2;
        put = &call - (&spot - &later);
    });
    check_parity(&spot, &strike, &years, &call, &put);
    run.outcome(call.iter().chain(&put).map(|x| x.to_bits()));
}

/// The textbook case: at the money, a year, a rate of 5 % and a volatility of 20 % give 10.4506 and 5.5735.
fn check_published_price() {
    let (call, put) = prices(100.0, 100.0, 1.0);
    assert!((call - 10.450_583_572_185_565).abs() < 1e-12, "a call is worth {call}");
    assert!((put - 5.573_526_022_256_971).abs() < 1e-12, "a put is worth {put}");
}

fn check_parity(
    spot: &ArrayRef1<f64>,
    strike: &ArrayRef1<f64>,
    years: &ArrayRef1<f64>,
    call: &ArrayRef1<f64>,
    put: &ArrayRef1<f64>,
) {
    azip!((&s in spot, &k in strike, &t in years, &c in call, &p in put) {
        let forward = s - k * (-RATE * t).exp();
        assert!((c - p - forward).abs() < 1e-12, "a call of {c} and a put of {p} on {forward}");
        assert!(p > -1e-12 && c <= s, "a price is between nothing and what is sold");
    });
}
