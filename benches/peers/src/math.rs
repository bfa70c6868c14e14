//! Mathematical functions beside NumPy's, SciPy's and std's: kernels on leases, `out=`, `map_into` of std's functions.
//!
//! All take turns of some milliseconds in one run; figures are medians. NumPy runs in a process of its own and obeys
//! lines (`children.rs`); numexpr is given one thread. The last table is the formula of Black and Scholes: one pass of
//! `fused!`, NumPy with temporaries and with `out=` (its error function is SciPy's), and numexpr, which has no error
//! function and computes a `tanh` in its place.

use std::cell::RefCell;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use ndarray_pool::kernel::Workspace;
use ndarray_pool::ndarray::linalg::general_mat_mul;
use ndarray_pool::ndarray::{Array2, ArrayRef1, Axis};
use ndarray_pool::{Pool1, fused, kernel, math};

use crate::children::{Answer, Child};
use crate::environment;
use crate::rounds::median;

const LENS: [(&str, usize); 2] = [("64²", 64 * 64), ("1000²", 1_000_000)];

type Call<'a> = Box<dyn FnMut() + 'a>;

/// One contest: a heading, what NumPy calls it, the kernel, and std's function if there is one.
struct Contest<'a> {
    name: &'static str,
    numpy: &'static str,
    ours: Call<'a>,
    std: Option<Call<'a>>,
}

pub fn run(args: &[&str]) {
    let is_quick = args.contains(&"--quick");
    let python = args.iter().position(|&arg| arg == "--python").and_then(|at| args.get(at + 1));
    let mut command = Command::new(python.unwrap_or(&"python3"));
    command.args(["-c", include_str!("../foreign/numpy_math.py")]);
    command.env("NUMEXPR_NUM_THREADS", "1").env("OMP_NUM_THREADS", "1");
    let mut numpy = Child::start(&mut command);
    let about = match &mut numpy {
        Ok(child) => child.ask_text("about").unwrap_or_else(|error| error),
        Err(error) => error.clone(),
    };
    println!("{}\n{about}\n", environment::describe());
    let lens = if args.contains(&"--formulas") { &LENS[..0] } else { &LENS[..] };
    for &(heading, len) in lens {
        let len = if is_quick { 100 } else { len };
        let rounds = if is_quick { 1 } else { 31 };
        println!("### f64, {heading}\n");
        functions64(&mut numpy, len, rounds);
        println!("### f32, {heading}\n");
        functions32(&mut numpy, len, rounds);
    }
    for (heading, len) in [("1000²", 1_000_000), ("2500²", 6_250_000)] {
        println!("### a + (b − c) / 8 + d e, {heading}\n");
        five_arrays(&mut numpy, if is_quick { 100 } else { len }, if is_quick { 1 } else { 31 });
    }
    println!("### Products of matrices\n");
    for side in if is_quick { [16, 70] } else { [256, 1000] } {
        products(&mut numpy, side, if is_quick { 1 } else { 15 });
    }
    println!("### Covariances of 50 variables\n");
    covariances(&mut numpy, if is_quick { 100 } else { 100_000 }, if is_quick { 1 } else { 15 });
    println!("\n### Black–Scholes, 10⁶ options\n");
    black_scholes(
        &mut numpy,
        if is_quick { 100 } else { 1_000_000 },
        if is_quick { 1 } else { 15 },
    );
}

/// The function over all contests of a type.
macro_rules! functions {
    ($run:ident, $type:ident: $($into:ident $numpy:literal $($std:ident)?;)*) => {
        fn $run(numpy: &mut Result<Child, String>, len: usize, rounds: usize) {
            let pool = Pool1::<$type>::new(len, 3).expect("three arrays fit");
            let (mut a, mut b, mut out) = (pool.lease(), pool.lease(), pool.lease());
            fill(&mut a, |part| (0.1 + 0.8 * part) as $type);
            fill(&mut b, |part| (0.5 + 1.5 * part) as $type);
            println!("| | ns an element | NumPy takes | std takes |\n|---|---|---|---|");
            $({
                let out = RefCell::new(&mut out);
                let std: Option<Call<'_>> = None$(.or_else(|| {
                    let call = || kernel::map_into(black_box(&a), &mut **out.borrow_mut(), $type::$std);
                    Some(Box::new(call) as Call<'_>)
                }))?;
                contest(numpy, stringify!($type), len, rounds, Contest {
                    name: stringify!($into),
                    numpy: $numpy,
                    ours: Box::new(|| kernel::$into(black_box(&a), &mut **out.borrow_mut())),
                    std,
                });
            })*
            for (name, numpy_name, call) in [
                ("float_power_into", "power", kernel::float_power_into as fn(&ArrayRef1<$type>, &ArrayRef1<$type>, &mut ArrayRef1<$type>)),
                ("hypot_into", "hypot", kernel::hypot_into),
                ("arctan2_into", "arctan2", kernel::arctan2_into),
            ] {
                let std: fn($type, $type) -> $type = match numpy_name {
                    "power" => $type::powf,
                    "hypot" => $type::hypot,
                    _ => $type::atan2,
                };
                let out = RefCell::new(&mut out);
                contest(numpy, stringify!($type), len, rounds, Contest {
                    name,
                    numpy: numpy_name,
                    ours: Box::new(|| call(black_box(&a), &b, &mut **out.borrow_mut())),
                    std: Some(Box::new(|| kernel::zip_map_into(black_box(&a), &b, &mut **out.borrow_mut(), std))),
                });
            }
            println!();
        }
    };
    ($run:ident, $type:ident) => {
        functions! { $run, $type:
            exp_into "exp" exp; exp2_into "exp2" exp2; expm1_into "expm1" exp_m1;
            log_into "log" ln; log2_into "log2" log2; log10_into "log10" log10; log1p_into "log1p" ln_1p;
            cbrt_into "cbrt" cbrt; sin_into "sin" sin; cos_into "cos" cos; tan_into "tan" tan;
            arcsin_into "arcsin" asin; arccos_into "arccos" acos; arctan_into "arctan" atan;
            sinh_into "sinh" sinh; cosh_into "cosh" cosh; tanh_into "tanh" tanh;
            arcsinh_into "arcsinh" asinh; arctanh_into "arctanh" atanh;
            erf_into "erf"; erfc_into "erfc"; lgamma_into "gammaln"; expit_into "expit"; log_expit_into "log_expit";
            softplus_into "softplus";
        }
    };
}

functions!(functions64, f64);
functions!(functions32, f32);

fn fill<A>(array: &mut ArrayRef1<A>, of: impl Fn(f64) -> A) {
    let len = array.len();
    for (i, x) in array.iter_mut().enumerate() {
        *x = of((i * 7919 % len) as f64 / len as f64);
    }
}

fn contest(
    numpy: &mut Result<Child, String>,
    kind: &str,
    len: usize,
    rounds: usize,
    of: Contest<'_>,
) {
    let Contest { name, numpy: numpy_name, mut ours, mut std } = of;
    let kind = if kind == "f64" { "float64" } else { "float32" };
    let calls = (2_000_000 / len).clamp(1, 300);
    let (mut our_times, mut std_times, mut numpy_times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        our_times.push(time(&mut ours, calls));
        if let Some(std) = &mut std {
            std_times.push(time(std, calls));
        }
        if let Some(seconds) = asked(numpy, &format!("run {numpy_name} {kind} {len} {calls}")) {
            numpy_times.push(seconds);
        }
    }
    let unit = median(&our_times);
    let ratio = |times: &[f64]| match times {
        [] => "–".to_owned(),
        times => format!("{:.2} ×", median(times) / unit),
    };
    let ns = unit * 1e9 / (calls * len) as f64;
    println!("| `{name}` | {ns:.2} | {} | {} |", ratio(&numpy_times), ratio(&std_times));
}

fn time(call: &mut Call<'_>, calls: usize) -> f64 {
    call(); // the others have used the caches meanwhile
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed().as_secs_f64()
}

fn asked(numpy: &mut Result<Child, String>, line: &str) -> Option<f64> {
    match numpy.as_mut().ok()?.ask(line) {
        Ok(Answer::Number(seconds)) => Some(seconds),
        _ => None,
    }
}

/// Square matrices: `matmul_into`, ndarray's product, NumPy's.
fn products(numpy: &mut Result<Child, String>, side: usize, rounds: usize) {
    macro_rules! of {
        ($type:ident, $kind:literal) => {{
            let number = |(i, j)| ((i * 7 + j * 3) % 17) as $type / 17.0;
            let a = Array2::from_shape_fn((side, side), number);
            let [mut ours, mut theirs] = [a.clone(), a.clone()];
            let bytes = kernel::matmul_workspace_bytes::<$type>(side, side, side);
            let mut workspace = Workspace::with_bytes(bytes);
            let calls = (20_000_000 / (side * side * side)).max(1);
            let mut times = vec![Vec::new(); 3];
            let mut ours: Call<'_> =
                Box::new(|| kernel::matmul_into(black_box(&a), &a, &mut ours, &mut workspace));
            let mut theirs: Call<'_> =
                Box::new(|| general_mat_mul(1.0, black_box(&a), &a, 0.0, &mut theirs));
            for _ in 0..rounds {
                times[0].push(time(&mut ours, calls));
                times[1].push(time(&mut theirs, calls));
                times[2]
                    .extend(asked(numpy, &format!("run matmul {} {} {calls}", $kind, side * side)));
            }
            println!("{} of {side}²:\n", stringify!($type));
            table(&["`matmul_into`", "`general_mat_mul`", "NumPy"], &times);
        }};
    }
    of!(f64, "float64");
    of!(f32, "float32");
}

/// Columns are variables, as they mostly are in memory.
fn covariances(numpy: &mut Result<Child, String>, observations: usize, rounds: usize) {
    let numbers = |(i, j)| ((i * 7919 + j * 104_729) % 1009) as f64 / 1009.0;
    let a = Array2::from_shape_fn((observations, VARIABLES), numbers);
    let mut out = Array2::zeros((VARIABLES, VARIABLES));
    let bytes = kernel::cov_workspace_bytes::<f64>(observations, VARIABLES);
    let mut workspace = Workspace::with_bytes(bytes);
    let mut times = vec![Vec::new(); 2];
    for _ in 0..rounds {
        let start = Instant::now();
        kernel::cov_into(black_box(&a), Axis(0), 1.0, &mut out, &mut workspace);
        times[0].push(start.elapsed().as_secs_f64());
        times[1].extend(asked(numpy, &format!("run cov float64 {} 1", observations * VARIABLES)));
    }
    table(&["`cov_into`", "`np.cov`"], &times);
}

const VARIABLES: usize = 50;

/// A formula without mathematical functions, which memory bounds.
fn five_arrays(numpy: &mut Result<Child, String>, len: usize, rounds: usize) {
    let pool = Pool1::<f64>::new(len, 6).expect("six arrays fit");
    let [mut a, mut b, mut c, mut d, mut e, mut out] = std::array::from_fn(|_| pool.lease());
    for lease in [&mut a, &mut b, &mut c, &mut d, &mut e] {
        fill(lease, |part| 1.0 + part);
    }
    let mut times = vec![Vec::new(); 5];
    for _ in 0..rounds {
        let start = Instant::now();
        fused!(out = |a, b, c, d, e| a + 0.125 * (b - c) + d * e);
        times[0].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        fused!(par out = |a, b, c, d, e| a + 0.125 * (b - c) + d * e);
        times[1].push(start.elapsed().as_secs_f64());
        let names = ["five", "five_numexpr", "five_numexpr_threads"];
        for (times, name) in times[2..].iter_mut().zip(names) {
            times.extend(asked(numpy, &format!("run {name} float64 {len} 1")));
        }
    }
    let names = [
        "`fused!`",
        "`fused!(par …)`",
        "NumPy with `out=`",
        "numexpr, one thread",
        "numexpr, all threads",
    ];
    table(&names, &times);
}

fn black_scholes(numpy: &mut Result<Child, String>, len: usize, rounds: usize) {
    let pool = Pool1::<f64>::new(len, 5).expect("five arrays fit");
    let [mut spot, mut strike, mut years] = [pool.lease(), pool.lease(), pool.lease()];
    let (mut call, mut put) = (pool.lease(), pool.lease());
    fill(&mut spot, |part| 10.0 + 90.0 * part);
    fill(&mut strike, |part| 10.0 + 90.0 * (1.0 - part));
    fill(&mut years, |part| 0.1 + 2.0 * part);
    macro_rules! price {
        ($($on_all_cores:ident)?) => {
            fused!($($on_all_cores)? (call, put) = |spot, strike, years| {
                let spread = 0.2 * f64::sqrt(years);
                let d1 = (math::log(spot / strike) + 0.07 * years) / spread;
                let half = std::f64::consts::FRAC_1_SQRT_2;
                let normal = |d: f64| 0.5 + 0.5 * math::erf(d * half);
                let later = strike * math::exp(-0.05 * years);
                let call = spot * normal(d1) - later * normal(d1 - spread);
                (call, call - (spot - later))
            })
        };
    }
    let mut times = vec![Vec::new(); 6];
    for _ in 0..rounds {
        let start = Instant::now();
        price!();
        times[0].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        price!(par);
        times[1].push(start.elapsed().as_secs_f64());
        let names = ["temporaries", "out", "numexpr", "numexpr_threads"];
        for (times, name) in times[2..].iter_mut().zip(names) {
            times.extend(asked(numpy, &format!("run {name} float64 {len} 1")));
        }
    }
    let names = [
        "`fused!`",
        "`fused!(par …)`",
        "NumPy with temporaries",
        "NumPy with `out=`",
        "numexpr, one thread",
        "numexpr, all threads",
    ];
    table(&names, &times);
}

/// The median of each, and what it is of the first.
fn table(names: &[&str], times: &[Vec<f64>]) {
    let unit = median(&times[0]);
    println!("| | ms | of the first |\n|---|---|---|");
    for (name, times) in names.iter().zip(times).filter(|(_, times)| !times.is_empty()) {
        println!("| {name} | {:.1} | {:.2} × |", 1e3 * median(times), median(times) / unit);
    }
    println!();
}
