//! The command line.

/// What to measure.
pub struct Options {
    pub points: u64,
    pub every: u64,
    pub f64: bool,
    pub f32: bool,
    names: Vec<String>,
}

impl Options {
    pub fn of_command_line() -> Self {
        let (mut points, mut every, mut names) = (100_000_000, 1, Vec::new());
        let (mut only_f64, mut only_f32) = (false, false);
        let mut words = std::env::args().skip(1);
        let number = |word: Option<String>, option: &str| match word.and_then(|w| w.parse().ok()) {
            Some(number) if number > 0 => number,
            _ => panic!("{option} needs a number greater than zero"),
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--points" => points = number(words.next(), "--points"),
                "--every" => every = number(words.next(), "--every"),
                "--f64" => only_f64 = true,
                "--f32" => only_f32 = true,
                _ => names.push(word),
            }
        }
        Options { points, every, f64: !only_f32, f32: !only_f64, names }
    }

    pub fn names(&self, function: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name == function)
    }
}
