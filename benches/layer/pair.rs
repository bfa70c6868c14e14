//! Who times a pair of contestants: criterion one after the other, or a duel that lets them take turns.
//!
//! Where an array lies decides about a tenth of the time of a kernel that moves much and computes little. So both write to the
//! same memory: a kernel's output is made anew for each turn, by the allocating form, and goes after it.

use std::time::{Duration, Instant};

use criterion::Criterion;

/// How long a turn of a duel takes at least: long against the clock, short against what disturbs.
const TURN: Duration = Duration::from_millis(2);
const TURNS: usize = 5;

/// Runs one form so many times, and tells how long that took.
pub(crate) type Contestant<'a> = dyn FnMut(u64) -> Duration + 'a;

/// How long so many calls take.
#[inline(never)] // where the compiler saw the work it could do it once for all
pub(crate) fn timed(calls: u64, work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        work();
    }
    start.elapsed()
}

/// A family of kernels at one size.
pub(crate) struct Bench<'a> {
    pub(crate) family: &'static str,
    pub(crate) side: usize,
    pub(crate) judge: &'a mut dyn Judge,
}

impl Bench<'_> {
    /// The kernel `name`, which writes into an array, and `form`, which makes its result in ndarray.
    pub(crate) fn pair(
        &mut self,
        name: &str,
        form: &str,
        allocating: &mut Contestant<'_>,
        in_place: &mut Contestant<'_>,
    ) {
        self.judge.pair(
            &Pair { family: self.family, name, form, side: self.side },
            allocating,
            in_place,
        );
    }
}

/// What is judged.
pub(crate) struct Pair<'a> {
    pub(crate) family: &'static str,
    pub(crate) name: &'a str,
    pub(crate) form: &'a str,
    pub(crate) side: usize,
}

pub(crate) trait Judge {
    fn pair(
        &mut self,
        pair: &Pair<'_>,
        allocating: &mut Contestant<'_>,
        in_place: &mut Contestant<'_>,
    );
}

/// One pair: what makes its result in ndarray, and the kernel, which writes into `out`. That is such a result, or what is
/// given to be written to.
macro_rules! pair {
    ($bench:ident, $name:expr, $allocating:expr, |$out:ident| $into:expr) => {
        pair!($bench, $name, $allocating, $allocating => |$out| $into)
    };
    ($bench:ident, $name:expr, $allocating:expr, $made:expr => |$out:ident| $into:expr) => {
        $bench.pair(
            &$name,
            stringify!($allocating),
            &mut |calls| $crate::pair::timed(calls, &mut || drop(std::hint::black_box($allocating))),
            &mut |calls| {
                let $out = &mut $made;
                $crate::pair::timed(calls, &mut || {
                    $into;
                    std::hint::black_box(&*$out);
                })
            },
        )
    };
}

/// One pair of forms that both write to `out`.
macro_rules! rivals {
    ($bench:ident, $name:expr, $made:expr => |$out:ident| $theirs:expr, $ours:expr) => {{
        let made = std::cell::RefCell::new($made);
        $bench.pair(
            &$name,
            stringify!($theirs),
            &mut |calls| {
                let $out = &mut *made.borrow_mut();
                $crate::pair::timed(calls, &mut || {
                    $theirs;
                    std::hint::black_box(&*$out);
                })
            },
            &mut |calls| {
                let $out = &mut *made.borrow_mut();
                $crate::pair::timed(calls, &mut || {
                    $ours;
                    std::hint::black_box(&*$out);
                })
            },
        )
    }};
}

/// One pair that gives a number, and makes no array.
macro_rules! number {
    ($bench:ident, $name:expr, $theirs:expr, $ours:expr) => {
        $bench.pair(
            &$name,
            stringify!($theirs),
            &mut |calls| {
                $crate::pair::timed(calls, &mut || {
                    std::hint::black_box($theirs);
                })
            },
            &mut |calls| {
                $crate::pair::timed(calls, &mut || {
                    std::hint::black_box($ours);
                })
            },
        )
    };
}

pub(crate) use {number, pair, rivals};

/// Criterion's judgement: one contestant, then the other.
impl Judge for Criterion {
    fn pair(
        &mut self,
        pair: &Pair<'_>,
        allocating: &mut Contestant<'_>,
        in_place: &mut Contestant<'_>,
    ) {
        let mut group =
            self.benchmark_group(format!("{}/{}/{}", pair.family, pair.name, pair.side));
        group.sample_size(10).warm_up_time(Duration::from_millis(100));
        group.measurement_time(Duration::from_millis(300));
        group.bench_function("allocating", |bencher| bencher.iter_custom(&mut *allocating));
        group.bench_function("in place", |bencher| bencher.iter_custom(&mut *in_place));
    }
}

/// Runs each contestant once: what a test of the benches needs.
pub(crate) struct Once;

impl Judge for Once {
    fn pair(
        &mut self,
        _: &Pair<'_>,
        allocating: &mut Contestant<'_>,
        in_place: &mut Contestant<'_>,
    ) {
        allocating(1);
        in_place(1);
    }
}

/// Contestants take turns, some milliseconds at a time, so that a machine that is faster or slower by the second is so for both.
pub(crate) struct Duel {
    /// A pair takes part if this is in its name.
    pub(crate) filter: String,
    pub(crate) rows: Vec<Row>,
}

/// What came of a kernel.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) form: String,
    /// For each size, how many times as long the allocating form took: a ratio of medians for each run.
    pub(crate) ratios: Vec<(usize, Vec<f64>)>,
}

impl Judge for Duel {
    fn pair(
        &mut self,
        pair: &Pair<'_>,
        allocating: &mut Contestant<'_>,
        in_place: &mut Contestant<'_>,
    ) {
        if !pair.name.contains(&self.filter) && !pair.family.contains(&self.filter) {
            return;
        }
        give_back();
        let ratio = duel(allocating, in_place);
        let row = match self.rows.iter_mut().position(|row| row.name == pair.name) {
            Some(at) => &mut self.rows[at],
            None => {
                let (name, form) = (pair.name.to_owned(), pair.form.to_owned());
                self.rows.push(Row { name, form, ratios: Vec::new() });
                self.rows.last_mut().expect("pushed above")
            }
        };
        match row.ratios.iter_mut().find(|(side, _)| *side == pair.side) {
            Some((_, ratios)) => ratios.push(ratio),
            None => row.ratios.push((pair.side, vec![ratio])),
        }
    }
}

/// Has the allocator give back what it keeps, so that no pair is judged by what those before it have left.
///
/// (Blocks of more than 32 MiB are new pages each time, unless a free one of that size happens to be there.)
fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "the C library has it, and Rust's no name for it")]
    {
        unsafe extern "C" {
            fn malloc_trim(keep_bytes: usize) -> std::ffi::c_int;
        }
        // SAFETY: this is its signature in glibc, where it may be called at any time.
        unsafe { malloc_trim(0) };
    }
}

/// How many times as long the first takes as the second.
fn duel(first: &mut Contestant<'_>, second: &mut Contestant<'_>) -> f64 {
    let (first_calls, second_calls) = (calls(first), calls(second));
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        if turn % 2 == 0 {
            firsts.push(seconds_a_call(first, first_calls));
            seconds.push(seconds_a_call(second, second_calls));
        } else {
            seconds.push(seconds_a_call(second, second_calls));
            firsts.push(seconds_a_call(first, first_calls));
        }
    }
    median(&mut firsts) / median(&mut seconds)
}

/// How many calls fill a turn.
fn calls(contestant: &mut Contestant<'_>) -> u64 {
    contestant(1); // faults in what it has to, and warms up
    let calls = TURN.as_secs_f64() / contestant(1).as_secs_f64().max(1e-9);
    calls.ceil().clamp(1.0, 1e6) as u64
}

fn seconds_a_call(contestant: &mut Contestant<'_>, calls: u64) -> f64 {
    contestant(calls).as_secs_f64() / calls as f64
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
