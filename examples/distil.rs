//! A preprocessing step that needs 40 arrays and leaves one: in a process of its own, and in this one.
//!
//! ```text
//! cargo run --release --example distil
//! ```
//!
//! The step reads 40 frames (here: makes them up), notes the range of each, and takes the median of
//! each pixel. What is left is one frame and 40 lines of text. In a process of its own, everything
//! else is gone when the step ends. In this process the allocator gets it back, and may keep it: with
//! glibc the result, which was made last, lies at the end of the heap, and all that was freed before
//! it stays in the process.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use ndarray::Array2;
use ndarray_pool::isolate::{Carried, Steps};
use ndarray_pool::memory::usage;
use ndarray_pool::rand::distr::StandardUniform;
use ndarray_pool::rand::rngs::StdRng;
use ndarray_pool::rand::{RngExt, SeedableRng};

const FRAMES: usize = 40;

/// Rows and columns of a frame.
const PIXELS: usize = 1000;

/// The step: the range of each frame, and the median of each pixel.
fn distil(pixels: usize) -> (Vec<String>, Carried<Array2<f64>>) {
    let mut ranges = Vec::new();
    let mut frames = Vec::new();
    for number in 0..FRAMES {
        let frame = frame(number, pixels);
        let (least, most) = frame
            .iter()
            .fold((f64::MAX, f64::MIN), |(least, most), &x| (least.min(x), most.max(x)));
        frames.push(frame);
        ranges.push(format!("frame {number}: from {least:.9} to {most:.9}"));
    }
    let frames: Vec<&[f64]> = frames.iter().map(|a| a.as_slice().expect("it is new")).collect();
    let mut index = 0..;
    let medians = Array2::from_shape_simple_fn((pixels, pixels), || {
        let index = index.next().expect("it has no end");
        let mut values: [f64; FRAMES] = std::array::from_fn(|frame| frames[frame][index]);
        *values.select_nth_unstable_by(FRAMES / 2, f64::total_cmp).1
    });
    (ranges, Carried(medians))
}

/// Stands for a file that is read.
fn frame(number: usize, pixels: usize) -> Array2<f64> {
    let rng = StdRng::seed_from_u64(number as u64);
    let mut values = rng.sample_iter(StandardUniform);
    Array2::from_shape_simple_fn((pixels, pixels), || values.next().expect("it has no end"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let steps = Steps::new().with("distil", distil).start(); // first: a child is to come here at once

    let isolated = watch(|child| {
        let running = steps.spawn("distil", &PIXELS)?;
        child.store(running.id(), Relaxed);
        let result = running.wait::<(Vec<String>, Carried<Array2<f64>>)>();
        child.store(0, Relaxed);
        Ok(result?)
    })?;
    let here = watch(|_| Ok(distil(PIXELS)))?;

    let frame_mib = mib((PIXELS * PIXELS * size_of::<f64>()) as u64);
    writeln!(
        io::stdout(),
        "{FRAMES} frames of {frame_mib:.1} MiB, of which one of {frame_mib:.1} MiB is left\n"
    )?;
    writeln!(
        io::stdout(),
        "RSS, MiB                   before  at most    after  the child, at most  time, ms"
    )?;
    row("in a process of its own", &isolated)?;
    row("in this process", &here)?;

    let top = isolated.samples.iter().chain(&here.samples).flatten().max().copied().unwrap_or(1);
    writeln!(io::stdout(), "\nover time (█ is {:.0} MiB)", mib(top))?;
    curve("in a process of its own", isolated.samples.iter().map(|sample| sample[0]), top)?;
    curve("          and its child", isolated.samples.iter().map(|sample| sample[1]), top)?;
    curve("in this process", here.samples.iter().map(|sample| sample[0]), top)?;

    writeln!(io::stdout(), "\nthe results have the same bits: {}", isolated.digest == here.digest)?;
    Ok(())
}

/// What was seen of one way.
struct Seen {
    before_bytes: u64,
    after_bytes: u64,
    /// RSS of this process and of the child, over time.
    samples: Vec<[u64; 2]>,
    time: Duration,
    digest: u64,
}

/// Runs the step in one way, and watches this process and the one whose number is stored.
fn watch(
    step: impl FnOnce(
        &AtomicU32,
    ) -> Result<(Vec<String>, Carried<Array2<f64>>), Box<dyn std::error::Error>>,
) -> Result<Seen, Box<dyn std::error::Error>> {
    let (child, is_over) = (AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let sampler = scope.spawn(|| {
            let mut samples = Vec::with_capacity(10_000);
            while !is_over.load(Relaxed) {
                samples.push([own_rss_bytes(), rss_bytes_of(child.load(Relaxed))]);
                thread::sleep(Duration::from_millis(1));
            }
            samples
        });
        thread::sleep(Duration::from_millis(20));
        let (before_bytes, start) = (own_rss_bytes(), Instant::now());
        let result = step(&child);
        let time = start.elapsed();
        thread::sleep(Duration::from_millis(20));
        let after_bytes = own_rss_bytes();
        is_over.store(true, Relaxed);
        let samples = sampler.join().expect("it does not panic");
        let (ranges, Carried(medians)) = result?;
        let mut hasher = DefaultHasher::new();
        ranges.hash(&mut hasher);
        medians.iter().for_each(|x| x.to_bits().hash(&mut hasher));
        Ok(Seen { before_bytes, after_bytes, samples, time, digest: hasher.finish() })
    })
}

fn own_rss_bytes() -> u64 {
    usage().current_rss_bytes.unwrap_or(0)
}

/// 0 if there is no such process, or the system does not tell.
fn rss_bytes_of(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

fn row(name: &str, seen: &Seen) -> io::Result<()> {
    let most = |of: usize| mib(seen.samples.iter().map(|sample| sample[of]).max().unwrap_or(0));
    writeln!(
        io::stdout(),
        "{name:<25}{:>8.1}{:>9.1}{:>9.1}{:>20.1}{:>10.0}",
        mib(seen.before_bytes),
        most(0),
        mib(seen.after_bytes),
        most(1),
        1e3 * seen.time.as_secs_f64(),
    )
}

/// The highest sample in each stretch of time, as a bar.
fn curve(name: &str, samples: impl ExactSizeIterator<Item = u64>, top: u64) -> io::Result<()> {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let samples: Vec<u64> = samples.collect();
    let stretches = samples.chunks(samples.len().div_ceil(50).max(1));
    let bars = stretches.map(|stretch| {
        let most = stretch.iter().copied().max().unwrap_or(0);
        LEVELS[((most * 8 / top.max(1)) as usize).min(7)]
    });
    writeln!(io::stdout(), "{name:<25}  {}", bars.collect::<String>())
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
