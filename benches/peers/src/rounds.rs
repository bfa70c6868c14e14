//! The method: contenders take turns in short rounds, so that what the machine does meanwhile hits
//! all of them. A run's figure is the median of its rounds; what is printed is the median of the runs.

use std::fs;

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Effort {
    pub runs: usize,
    pub rounds: usize,
    /// How often a round does what is measured.
    pub repeats: u32,
}

impl Effort {
    pub const FULL: Self = Effort { runs: 5, rounds: 40, repeats: 20_000 };
    pub const QUICK: Self = Effort { runs: 1, rounds: 1, repeats: 100 };
}

/// The medians of each run, one row a contender. `time` measures one round of a contender.
pub fn medians(
    effort: Effort,
    contenders: usize,
    mut time: impl FnMut(usize, u32) -> f64,
) -> Vec<Vec<f64>> {
    let mut medians = vec![Vec::new(); contenders];
    for _ in 0..effort.runs {
        let mut rounds = vec![Vec::new(); contenders];
        for _ in 0..effort.rounds {
            for (contender, times) in rounds.iter_mut().enumerate() {
                times.push(time(contender, effort.repeats));
            }
        }
        for (medians, rounds) in medians.iter_mut().zip(&rounds) {
            medians.push(median(rounds));
        }
    }
    medians
}

pub fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}

/// The median over the runs of how many times `times` is `unit`, run by run.
pub fn ratio(times: &[f64], unit: &[f64]) -> f64 {
    median(&times.iter().zip(unit).map(|(time, unit)| time / unit).collect::<Vec<_>>())
}

/// The version of a peer, as this package's lock file has it.
pub fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, a)| a);
    after.and_then(|after| after.split('"').next()).unwrap_or("of an unknown version")
}

/// The machine, as far as Linux tells.
pub fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let names: Vec<&str> = cpus.lines().filter(|line| line.starts_with("model name")).collect();
    let name = names.first().and_then(|line| line.split(": ").nth(1)).unwrap_or("unknown CPU");
    let release = read("/proc/sys/kernel/osrelease");
    // What follows the numbers is up to whoever built the kernel.
    let numbers = release.split(|c: char| !c.is_ascii_digit() && c != '.').next();
    format!("Linux {}; {} × {name}", numbers.unwrap_or_default(), names.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_taken_of_rounds_and_ratios_of_runs() {
        let effort = Effort { runs: 2, rounds: 3, repeats: 7 };
        let mut calls = 0_u32;
        let figures = medians(effort, 2, |contender, repeats| {
            calls += 1;
            assert_eq!((contender as u32, repeats), ((calls - 1) % 2, 7));
            f64::from(calls)
        });
        assert_eq!(figures, [[3.0, 9.0], [4.0, 10.0]]);
        assert_eq!(ratio(&figures[1], &figures[0]), (4.0 / 3.0 + 10.0 / 9.0) / 2.0);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    }

    #[test]
    fn versions_come_from_the_lock_file() {
        assert_eq!(version("opool"), "0.2.0");
        assert_eq!(version("peers"), "0.0.0");
    }
}
