//! Column means and variances of a file of 1 GiB, by blocks and in other ways: `cargo bench --bench blocks`
//!
//! The contestants take turns, forwards and backwards, with the file in the page cache; the table has medians, and how
//! many times as long the other way takes. NumPy takes part in a process of its own (`--python PATH` chooses it;
//! without one it is left out). `--mib N` chooses another size of the file, `--rounds N` another number of turns, and
//! `--dir PATH` where the file is made, which goes at the end.
//!
//! Biases. The buffer of *read whole, kernels* is one lease, touched before the clock starts, which favours it: a program
//! that reads a file once has to pay for the pages. NumPy's times are its own clock's, without the pipe.
#![expect(clippy::print_stdout, reason = "the table is what this bench is for")]

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use ndarray::{Array1, ArrayRef1, Axis, Ix2};
use ndarray_pool::blocks::{Block, Moments, NpyRows, NpyWriter};
use ndarray_pool::bytemuck;
use ndarray_pool::kernel::{mean_axis_into, var_axis_into};
use ndarray_pool::prelude::*;
use rand::SeedableRng;
use rand::distr::StandardUniform;
use rand::rngs::StdRng;

#[expect(dead_code, reason = "here contestants have clocks of their own")]
#[path = "roofline/contest.rs"]
mod contest;

const COLUMNS: usize = 1024;
const BLOCK_BYTES: usize = 4 << 20;

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let number =
        |name: &str, default| value(name).map_or(default, |text| text.parse().expect(name));
    let is_test = !args.iter().any(|arg| arg == "--bench");
    let (mib, rounds) =
        if is_test { (1, 1) } else { (number("--mib", 1024), number("--rounds", 9)) };
    let dir = value("--dir").map_or_else(std::env::temp_dir, PathBuf::from);
    let file = Random::make(&dir, mib << 20)?;
    let python = value("--python").map_or("target/numpy/bin/python", String::as_str);
    let mut numpy = if is_test { None } else { NumPy::start(python, &file.0) };
    match &mut numpy {
        Some(numpy) => println!("{}", numpy.ask("about")?),
        None => println!("without NumPy"),
    }

    let rows = NpyRows::<f64, Ix2>::open(&file.0).expect("the file was just written");
    let pool = Arc::new(Pool2::new(rows.block_shape(BLOCK_BYTES), 3).expect("three blocks fit"));
    let whole = Pool2::<f64>::new((rows.rows(), COLUMNS), 1).expect("the file fits into memory");
    let mut whole = whole.lease();
    let mut bare = File::open(&file.0)?;
    type Way<'a> = (&'static str, Box<dyn FnMut() -> io::Result<(f64, f64)> + 'a>);
    let mut ways: Vec<Way<'_>> = vec![
        (
            "blocks, read ahead",
            Box::new(|| {
                timed(|| {
                    let mut moments = Moments::new(COLUMNS);
                    let blocks = rows.blocks(Arc::clone(&pool)).read_ahead(2);
                    blocks.for_each(|block| moments.update(&block)).map_err(io::Error::other)?;
                    Ok(of(&moments.mean(), &moments.var(0.0)))
                })
            }),
        ),
        (
            "blocks, two threads",
            Box::new(|| {
                timed(|| {
                    let mut moments = Moments::new(COLUMNS);
                    let map = |block: Block<'_, f64, Ix2>| {
                        let mut moments = Moments::new(COLUMNS);
                        moments.update(&block);
                        moments
                    };
                    rows.blocks(&*pool)
                        .par_map(2, map, |_, part| {
                            moments.merge(&part);
                            Ok(())
                        })
                        .map_err(io::Error::other)?;
                    Ok(of(&moments.mean(), &moments.var(0.0)))
                })
            }),
        ),
        (
            "blocks",
            Box::new(|| {
                timed(|| {
                    let mut moments = Moments::new(COLUMNS);
                    rows.blocks(&*pool)
                        .for_each(|block| moments.update(&block))
                        .map_err(io::Error::other)?;
                    Ok(of(&moments.mean(), &moments.var(0.0)))
                })
            }),
        ),
        (
            "read whole, kernels",
            Box::new(|| {
                timed(|| {
                    bare.seek(SeekFrom::Start(128))?;
                    let elements = whole.as_slice_mut().expect("a lease is contiguous");
                    bare.read_exact(bytemuck::cast_slice_mut(elements))?;
                    let (mut mean, mut var) = (Array1::zeros(COLUMNS), Array1::zeros(COLUMNS));
                    mean_axis_into(&whole, Axis(0), &mut mean);
                    var_axis_into(&whole, Axis(0), 0.0, &mut var);
                    Ok(of(&mean, &var))
                })
            }),
        ),
    ];
    if let Some(numpy) = &mut numpy {
        let numpy = std::cell::RefCell::new(numpy);
        let numpy = std::rc::Rc::new(numpy);
        for (name, word) in [("NumPy, whole", "whole"), ("NumPy, memmap in blocks", "memmap")] {
            let numpy = std::rc::Rc::clone(&numpy);
            ways.push((name, Box::new(move || numpy.borrow_mut().run(word))));
        }
    }

    let mut times = vec![Vec::new(); ways.len()];
    let (_, expected) = ways[3].1()?;
    for round in 0..=rounds {
        for k in 0..ways.len() {
            let k = if round % 2 == 0 { k } else { ways.len() - 1 - k };
            let (seconds, found) = ways[k].1()?;
            let (name, error) = (ways[k].0, (found - expected).abs());
            assert!(error <= 1e-9 * expected.abs(), "{name}: {found}, not {expected}");
            if round > 0 || is_test {
                times[k].push(seconds); // the first round warms up
            }
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| contest::median(times)).collect();
    println!("\n{mib} MiB of f64, {COLUMNS} columns, blocks of 4 MiB, {rounds} rounds");
    println!("\n| way | s | times as long as blocks, read ahead |\n|---|--:|--:|");
    for ((name, _), median) in ways.iter().zip(&medians) {
        println!("| {name} | {median:.4} | {:.2} |", median / medians[0]);
    }
    Ok(())
}

fn timed(work: impl FnOnce() -> io::Result<f64>) -> io::Result<(f64, f64)> {
    let start = Instant::now();
    let found = work()?;
    Ok((start.elapsed().as_secs_f64(), found))
}

fn of(mean: &ArrayRef1<f64>, var: &ArrayRef1<f64>) -> f64 {
    mean.sum() + var.sum()
}

/// A file of random numbers, gone at the end.
struct Random(PathBuf);

impl Random {
    fn make(dir: &Path, bytes: usize) -> io::Result<Self> {
        let this = Random(dir.join(format!("ndarray-pool-bench-{}.npy", process::id())));
        let rows = BLOCK_BYTES.min(bytes) / COLUMNS / size_of::<f64>();
        let pool = Pool2::<f64>::new((rows, COLUMNS), 1).expect("a block fits");
        let (mut block, mut rng) = (pool.lease(), StdRng::seed_from_u64(1));
        let mut out = NpyWriter::create(&this.0).map_err(io::Error::other)?;
        for _ in 0..bytes / (rows * COLUMNS * size_of::<f64>()) {
            random_into(&StandardUniform, &mut block, &mut rng);
            out.write(&block).map_err(io::Error::other)?;
        }
        out.finish().map_err(io::Error::other)?;
        Ok(this)
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// NumPy in a process of its own, which answers each line with one.
struct NumPy {
    process: process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl NumPy {
    fn start(python: &str, file: &Path) -> Option<Self> {
        let rows = BLOCK_BYTES / COLUMNS / size_of::<f64>();
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/foreign/numpy_blocks.py");
        let mut process = Command::new(python)
            .arg(script)
            .arg(file)
            .arg(rows.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (input, output) = (process.stdin.take()?, BufReader::new(process.stdout.take()?));
        Some(NumPy { process, input, output })
    }

    fn ask(&mut self, line: &str) -> io::Result<String> {
        writeln!(self.input, "{line}")?;
        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }

    fn run(&mut self, word: &str) -> io::Result<(f64, f64)> {
        let answer = self.ask(word)?;
        let numbers = answer
            .split_once(' ')
            .and_then(|(seconds, found)| Some((seconds.parse().ok()?, found.parse().ok()?)));
        numbers.ok_or_else(|| io::Error::other(format!("`{word}` was answered by `{answer}`")))
    }
}

impl Drop for NumPy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
