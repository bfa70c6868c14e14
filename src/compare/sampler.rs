//! RSS over time, read by a thread that allocates nothing while it reads.
//!
//! Its storage is made and touched before the base is read. When it is full, every second sample is
//! dropped and the pause between two is doubled, so a run of any length fits, and is covered evenly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::memory::usage;

const CAPACITY: usize = 8192;
const FIRST_PAUSE: Duration = Duration::from_micros(100);

/// One reading: nanoseconds since the sampler began, and RSS.
pub(super) type Sample = (u64, u64);

/// The thread.
#[derive(Debug)]
pub(super) struct Sampler {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Sample>>,
}

impl Sampler {
    /// Starts to read; times count from `start`. Returns when the first sample is there, so that
    /// nothing of the thread itself is left to be made.
    pub(super) fn start(start: Instant) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let is_running = Arc::new(AtomicBool::new(false));
        let (over, running) = (Arc::clone(&is_over), Arc::clone(&is_running));
        let mut samples = touched();
        let thread = thread::spawn(move || {
            let mut pause = FIRST_PAUSE;
            while !over.load(Ordering::Relaxed) {
                if let Some(rss_bytes) = usage().current_rss_bytes {
                    if samples.len() == samples.capacity() {
                        thin(&mut samples);
                        pause *= 2;
                    }
                    samples.push((start.elapsed().as_nanos() as u64, rss_bytes));
                }
                running.store(true, Ordering::Release);
                thread::sleep(pause);
            }
            samples
        });
        while !is_running.load(Ordering::Acquire) {
            thread::yield_now();
        }
        Self { is_over, thread }
    }

    /// Stops and gives the samples, oldest first.
    pub(super) fn stop(self) -> Vec<Sample> {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}

/// An empty list whose pages are there already.
fn touched() -> Vec<Sample> {
    let mut samples = vec![(1, 1); CAPACITY];
    std::hint::black_box(&mut samples).clear();
    samples
}

/// Keeps every second sample.
fn thin(samples: &mut Vec<Sample>) {
    let mut index = 0;
    samples.retain(|_| {
        index += 1;
        index % 2 == 1
    });
}

/// At most about `most` samples, with the least and the greatest of each stretch among them, so that
/// no peak is lost; and the first and the last.
pub(super) fn reduce(samples: &[Sample], most: usize) -> Vec<Sample> {
    if samples.len() <= most.max(4) {
        return samples.to_vec();
    }
    let inner = &samples[1..samples.len() - 1];
    let stretch = inner.len().div_ceil((most.max(4) - 2) / 2);
    let mut reduced = vec![samples[0]];
    for part in inner.chunks(stretch) {
        let least = part.iter().min_by_key(|sample| sample.1).expect("chunks are not empty");
        let greatest = part.iter().max_by_key(|sample| sample.1).expect("chunks are not empty");
        let (earlier, later) =
            if least.0 <= greatest.0 { (least, greatest) } else { (greatest, least) };
        reduced.push(*earlier);
        if later != earlier {
            reduced.push(*later);
        }
    }
    reduced.push(samples[samples.len() - 1]);
    reduced
}

#[cfg(test)]
mod tests {
    use super::{Sample, reduce, thin};

    #[test]
    fn thinning_keeps_the_first_and_every_second() {
        let mut samples: Vec<Sample> = (0..7).map(|i| (i, i)).collect();
        thin(&mut samples);
        assert_eq!(samples.iter().map(|s| s.0).collect::<Vec<_>>(), [0, 2, 4, 6]);
    }

    #[test]
    fn reducing_loses_no_peak_and_keeps_the_order_and_the_ends() {
        let mut samples: Vec<Sample> = (0..10_000).map(|i| (i, 100)).collect();
        samples[4321].1 = 900;
        samples[4322].1 = 3;
        let reduced = reduce(&samples, 100);
        assert!(reduced.len() <= 100, "{}", reduced.len());
        assert!(reduced.is_sorted_by_key(|sample| sample.0));
        assert!(reduced.contains(&(4321, 900)) && reduced.contains(&(4322, 3)));
        assert_eq!((reduced[0].0, reduced[reduced.len() - 1].0), (0, 9999));
        assert_eq!(reduce(&samples[..3], 100), samples[..3]);
    }
}
