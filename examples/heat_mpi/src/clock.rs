//! What a step takes: the mean, and the median, which what else the machine does changes less.

use std::time::Instant;

/// How many of the last steps the median is of.
const KEPT: usize = 1000;

/// Times steps one by one.
pub struct Clock {
    steps: usize,
    total_ms: f64,
    last_ms: [f64; KEPT],
}

impl Clock {
    pub fn new() -> Self {
        Clock { steps: 0, total_ms: 0.0, last_ms: [0.0; KEPT] }
    }

    pub fn time<R>(&mut self, step: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = step();
        let ms = start.elapsed().as_secs_f64() * 1e3;
        self.last_ms[self.steps % KEPT] = ms;
        self.steps += 1;
        self.total_ms += ms;
        result
    }

    pub fn mean_ms(&self) -> f64 {
        self.total_ms / self.steps as f64
    }

    pub fn median_ms(mut self) -> f64 {
        let last = &mut self.last_ms[..self.steps.min(KEPT)];
        last.sort_by(f64::total_cmp);
        last[last.len() / 2]
    }
}
