//! What a second core gains: `cargo bench --bench threads`
//!
//! Each row has a kernel on one thread, the same on all threads of rayon's global pool (`RAYON_NUM_THREADS` sets their
//! number), and what they compete with: the *roofline*, plain loops that move the same bytes on as many threads, with
//! plain or streaming stores, whichever is faster; and ndarray's `Zip::par_for_each`. A figure is how many times as long
//! another takes as our kernel on all threads, the median of nine turns, forwards and backwards. Words restrict the run to
//! rows that contain one of them. All arrays are leases of one pool.

#[path = "roofline/contest.rs"]
#[expect(dead_code, reason = "rates are of no interest here, nor are medians of several runs")]
mod contest;
#[path = "portability/machine.rs"]
#[expect(dead_code, reason = "one family of processors is not asked for here")]
mod machine;
#[path = "roofline/probe.rs"]
mod probe;

use ndarray::{Array1, ArrayRef2, Axis, Zip};
use ndarray_pool::Pool2;
use ndarray_pool::kernel::{self, Permutation, Workspace, par};
use rayon::prelude::*;

use self::contest::Contestant;

const ROUNDS: usize = 9;

#[expect(clippy::print_stdout, reason = "the table is what this bench is for")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_test = !args.iter().any(|arg| arg == "--bench");
    let words: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    machine::print(&machine::processor());
    println!("threads:          {}\n", rayon::current_num_threads());
    println!("| kernel | side | one thread, µs | one thread | roofline | `par_for_each` |");
    println!("|---|---|---|---|---|---|");
    for &side in if is_test { &[20][..] } else { &[64, 200, 300, 500, 1000, 2000, 4000] } {
        rows(&Bench {
            side,
            words: &words,
            pool: Pool2::new((side, side), 7).expect("there is memory"),
        });
    }
}

struct Bench<'w> {
    side: usize,
    words: &'w [&'w String],
    pool: Pool2<f64>,
}

/// A row: each contestant writes to an array of its own, `$out`.
macro_rules! row {
    ($bench:ident, $name:literal, |$out:ident| $($who:ident: $work:expr;)+) => {
        $bench.row($name, vec![$({
            let mut $out = $bench.pool.lease();
            Contestant::new(stringify!($who), 0, move || {
                let $out = &mut *$out;
                $work;
            })
        }),+])
    };
}

impl Bench<'_> {
    /// Runs the contestants of a row, ours on all threads and on one among them, and prints it.
    #[expect(clippy::print_stdout, reason = "the table is what this bench is for")]
    fn row(&self, name: &str, mut contestants: Vec<Contestant<'_>>) {
        if !self.words.is_empty() && !self.words.iter().any(|word| name.contains(&***word)) {
            return;
        }
        let outcomes = contest::run(&mut contestants, ROUNDS);
        let least = |name: &str| {
            let of = outcomes.iter().filter(|outcome| outcome.name == name);
            of.map(|outcome| outcome.median).reduce(f64::min)
        };
        let ours = least("ours").expect("a contestant");
        let times = |name: &str| least(name).map_or("".into(), |it| format!("{:.2}", it / ours));
        println!(
            "| {name} | {}² | {:.1} | {} | {} | {} |",
            self.side,
            least("one").expect("a contestant") * 1e6,
            times("one"),
            times("roofline"),
            times("zip"),
        );
    }
}

fn rows(bench: &Bench<'_>) {
    let n = bench.side;
    let filled = |shift: usize| {
        let mut lease = bench.pool.lease();
        let number = |at: usize| ((at + shift) * 7919 % 10007) as f64 / 1000.0 - 5.0;
        lease.iter_mut().enumerate().for_each(|(at, x)| *x = number(at));
        lease
    };
    let (a, b) = (filled(0), filled(1));
    let (a, b) = (&*a, &*b);
    row!(bench, "copy", |out|
        ours: par::copy_into(a, out);
        one: kernel::copy_into(a, out);
        roofline: halves(a, a, out, |a, _, out| probe::copy(a, out));
        roofline: halves(a, a, out, |a, _, out| probe::copy_streaming(a, out));
    );
    row!(bench, "add", |out|
        ours: par::add_into(a, b, out);
        one: kernel::add_into(a, b, out);
        roofline: halves(a, b, out, probe::difference);
        roofline: halves(a, b, out, probe::difference_streaming);
        zip: Zip::from(out).and(a).and(b).par_for_each(|out, &a, &b| *out = a + b);
    );
    row!(bench, "your own function", |out|
        ours: par::zip_map_into(a, b, out, |a, b| a * a + b);
        one: kernel::zip_map_into(a, b, out, |a, b| a * a + b);
        zip: Zip::from(out).and(a).and(b).par_for_each(|out, &a, &b| *out = a * a + b);
    );
    row!(bench, "exp", |out|
        ours: par::exp_into(a, out);
        one: kernel::exp_into(a, out);
        zip: Zip::from(out).and(a).par_for_each(|out, &a| *out = a.exp());
    );
    row!(bench, "sin", |out|
        ours: par::sin_into(a, out);
        one: kernel::sin_into(a, out);
    );
    let mut sums = [0; 4].map(|_| Array1::zeros(n)).into_iter();
    let mut sums = || sums.next().expect("four of them");
    let (mut all, mut one) = (sums(), sums());
    row!(bench, "sum along axis 0", |_out|
        ours: par::sum_axis_into(a, Axis(0), &mut all);
        one: kernel::sum_axis_into(a, Axis(0), &mut one);
        roofline: read_halves(a);
    );
    let (mut all, mut one) = (sums(), sums());
    row!(bench, "sum along axis 1", |_out|
        ours: par::sum_axis_into(a, Axis(1), &mut all);
        one: kernel::sum_axis_into(a, Axis(1), &mut one);
        roofline: read_halves(a);
    );
    row!(bench, "sum", |_out|
        ours: std::hint::black_box(par::whole::sum(a));
        one: std::hint::black_box(kernel::whole::sum(a));
        roofline: read_halves(a);
    );
    row!(bench, "running sum along axis 0", |out|
        ours: par::cumsum_axis_into(a, Axis(0), out);
        one: kernel::cumsum_axis_into(a, Axis(0), out);
        roofline: halves(a, a, out, |a, _, out| probe::copy(a, out));
        roofline: halves(a, a, out, |a, _, out| probe::copy_streaming(a, out));
    );
    row!(bench, "running sum along axis 1", |out|
        ours: par::cumsum_axis_into(a, Axis(1), out);
        one: kernel::cumsum_axis_into(a, Axis(1), out);
    );
    let order = (0..n).map(|i| i * 7919 % n).collect();
    let order = &Permutation::from_vec(order).expect("7919 has no factor in common with a side");
    row!(bench, "rows in another order", |out|
        ours: par::reorder_axis_into(a, Axis(0), order, out);
        one: kernel::reorder_axis_into(a, Axis(0), order, out);
        roofline: halves(a, a, out, |a, _, out| probe::copy(a, out));
        roofline: halves(a, a, out, |a, _, out| probe::copy_streaming(a, out));
    );
    row!(bench, "transpose", |out|
        ours: par::transpose_into(a, out);
        one: kernel::transpose_into(a, out);
    );
    if n <= 1000 {
        let workspace = || Workspace::with_bytes(par::matmul_workspace_bytes::<f64>(n, n, n));
        let (mut all, mut one) = (workspace(), workspace());
        row!(bench, "product", |out|
            ours: par::matmul_into(a, b, out, &mut all);
            one: kernel::matmul_into(a, b, out, &mut one);
        );
    }
}

/// Runs a loop over slices on as many parts as there are threads.
fn halves(
    a: &ArrayRef2<f64>,
    b: &ArrayRef2<f64>,
    out: &mut ArrayRef2<f64>,
    work: impl Fn(&[f64], &[f64], &mut [f64]) + Sync,
) {
    let [a, b] = [a, b].map(|a| a.as_slice().expect("leases are contiguous"));
    let out = out.as_slice_mut().expect("leases are contiguous");
    // (Parts begin on a cache line, or the probes would have edges.)
    let part = out.len().div_ceil(rayon::current_num_threads()).next_multiple_of(8);
    let inputs = a.par_chunks(part).zip(b.par_chunks(part));
    out.par_chunks_mut(part).zip(inputs).for_each(|(out, (a, b))| work(a, b, out));
}

fn read_halves(a: &ArrayRef2<f64>) {
    let a = a.as_slice().expect("leases are contiguous");
    let part = a.len().div_ceil(rayon::current_num_threads());
    std::hint::black_box(a.par_chunks(part).map(probe::read).sum::<f64>());
}
