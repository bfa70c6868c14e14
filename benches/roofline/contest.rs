//! Contestants that take turns, so that a machine that is faster or slower by the second is so for all of them.

use std::time::{Duration, Instant};

/// How long a contestant's turn takes at least: long against the clock, short against what disturbs.
const TURN: Duration = Duration::from_millis(8);

/// A piece of work, and the bytes that it has to move through memory.
pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    pub(crate) bytes: usize,
    work: Box<dyn FnMut() + 'a>,
}

/// What a contestant took, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) bytes: usize,
    pub(crate) median: f64,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: &'static str, bytes: usize, work: impl FnMut() + 'a) -> Self {
        Contestant { name, bytes, work: Box::new(work) }
    }

    fn turn(&mut self, calls: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            (self.work)();
        }
        start.elapsed().as_secs_f64() / f64::from(calls)
    }
}

/// Lets all of them have `rounds` turns, forwards and backwards, and takes each one's median.
pub(crate) fn run(contestants: &mut [Contestant<'_>], rounds: usize) -> Vec<Outcome> {
    let calls: Vec<u32> = contestants
        .iter_mut()
        .map(|contestant| {
            contestant.turn(1); // faults in what it has to, and warms up
            let calls = TURN.as_secs_f64() / contestant.turn(1).max(1e-9);
            calls.ceil().clamp(1.0, 1e6) as u32
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
    for round in 0..rounds {
        for k in 0..contestants.len() {
            let k = if round % 2 == 0 { k } else { contestants.len() - 1 - k };
            times[k].push(contestants[k].turn(calls[k]));
        }
    }
    let medians = times.iter_mut().map(|times| median(times));
    let outcome =
        |(c, median): (&Contestant<'_>, f64)| Outcome { name: c.name, bytes: c.bytes, median };
    contestants.iter().zip(medians).map(outcome).collect()
}

/// The medians of several runs' medians.
pub(crate) fn of_runs(runs: usize, mut run: impl FnMut() -> Vec<Outcome>) -> Vec<Outcome> {
    let runs: Vec<Vec<Outcome>> = (0..runs).map(|_| run()).collect();
    let of_runs = |(k, outcome): (usize, &Outcome)| {
        let median = median(&mut runs.iter().map(|run| run[k].median).collect::<Vec<_>>());
        Outcome { median, ..*outcome }
    };
    runs[0].iter().enumerate().map(of_runs).collect()
}

pub(crate) fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
