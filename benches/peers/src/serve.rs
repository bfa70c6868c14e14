//! The child's side of `loops`, for contestants written in Rust: obeys the lines that `children.rs` tells, and checks
//! what the contests compute. `foreign/` has the same in other languages.

use std::collections::HashMap;
use std::io;
use std::ops::DerefMut;
use std::time::Instant;

use ndarray_pool::kernel::Permutation;
use ndarray_pool::ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis};
use ndarray_pool::rand::{SeedableRng, rngs::SmallRng, seq::SliceRandom};

/// What the contests of one size read and write.
pub struct Arrays<M> {
    pub current: M,
    pub next: M,
    pub diff: M,
    pub lane: Array1<f64>,
    /// What forms that allocate make.
    pub made: Array2<f64>,
    pub made_lane: Array1<f64>,
    /// The row that each row is taken from.
    pub order: Vec<usize>,
    pub permutation: Permutation,
    pub rng: SmallRng,
}

/// Something to compute, and where its result is afterwards.
pub struct Contest<M: 'static> {
    pub name: &'static str,
    pub work: fn(&mut Arrays<M>),
    pub result: fn(&Arrays<M>) -> ArrayView2<'_, f64>,
}

impl<M: DerefMut<Target = ArrayRef2<f64>>> Arrays<M> {
    pub fn new([current, next, diff]: [M; 3]) -> Self {
        let side = current.nrows();
        let mut rng = SmallRng::seed_from_u64(1);
        let mut order: Vec<usize> = (0..side).collect();
        order.shuffle(&mut rng);
        Arrays {
            current,
            next,
            diff,
            lane: Array1::zeros(side),
            made: Array2::zeros((0, 0)),
            made_lane: Array1::zeros(0),
            permutation: Permutation::from_vec(order.clone()).expect("an order"),
            order,
            rng,
        }
    }

    fn check(&mut self, contest: &Contest<M>, known: &Array2<f64>) -> Result<f64, String> {
        self.current.assign(known);
        self.next.zip_mut_with(known, |next, known| *next = 1.0 - known);
        (contest.work)(self);
        let result = (contest.result)(self);
        let moves_rows =
            ["loop", "shuffle", "gather"].iter().any(|name| contest.name.starts_with(name));
        if moves_rows {
            is_shuffled(&result, known)?;
        }
        if contest.name.starts_with("loop") && *self.diff != *(&result - known) {
            return Err("a wrong difference".into());
        }
        Ok(fingerprint(&result, !moves_rows))
    }

    fn run(&mut self, contest: &Contest<M>, calls: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            (contest.work)(self);
        }
        start.elapsed().as_secs_f64()
    }
}

/// Obeys lines until they end.
pub fn serve<M: DerefMut<Target = ArrayRef2<f64>>>(
    about: &str,
    contests: &[Contest<M>],
    arrays: fn(usize) -> Arrays<M>,
) {
    let mut state: Option<(Array2<f64>, Arrays<M>)> = None;
    for line in io::stdin().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (&[_, name, side] | &[_, name, side, _]) = &words[..] else {
            println!("{about}");
            continue;
        };
        let Some(contest) = contests.iter().find(|contest| contest.name == name) else {
            println!("none");
            continue;
        };
        let side = side.parse().expect("a number");
        if state.as_ref().is_none_or(|(known, _)| known.nrows() != side) {
            drop(state.take()); // gives its memory back first
            state = Some((known_numbers(side), arrays(side)));
        }
        let (known, arrays) = state.as_mut().expect("it was made");
        let answer = match words.get(3) {
            None => arrays.check(contest, known),
            Some(calls) => Ok(arrays.run(contest, calls.parse().expect("a number"))),
        };
        match answer {
            Ok(number) => println!("{number:e}"),
            Err(error) => println!("error {error}"),
        }
    }
}

fn known_numbers(side: usize) -> Array2<f64> {
    let number = |(i, j)| {
        let k = (i * side + j) as u64;
        (k.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / (1_u64 << 53) as f64
    };
    Array2::from_shape_fn((side, side), number)
}

/// Weighs rows only where they come in a known order.
fn fingerprint(result: &ArrayView2<'_, f64>, is_in_order: bool) -> f64 {
    let weights = |len, period| Array1::from_iter((0..len).map(|k| (1 + k % period) as f64));
    let columns = weights(result.ncols(), 7);
    let rows = if is_in_order { weights(result.nrows(), 5) } else { Array1::ones(result.nrows()) };
    let sum = |row: ArrayView1<'_, f64>| row.dot(&columns);
    result.rows().into_iter().zip(&rows).map(|(row, weight)| weight * sum(row)).sum()
}

/// Whether `result` has the rows of `current`, each once, and not where they were.
fn is_shuffled(result: &ArrayView2<'_, f64>, current: &Array2<f64>) -> Result<(), String> {
    let mut row_of: HashMap<u64, usize> =
        current.column(0).iter().enumerate().map(|(row, x)| (x.to_bits(), row)).collect();
    let mut stayed = 0;
    for (row, moved) in result.rows().into_iter().enumerate() {
        let from = row_of.remove(&moved[0].to_bits()).ok_or("a row that is new or occurs twice")?;
        if moved != current.row(from) {
            return Err("a row that did not stay together".into());
        }
        stayed += usize::from(row == from);
    }
    if stayed == current.len_of(Axis(0)) { Err("no row was moved".into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_not_shuffled_are_found_out() {
        let known = known_numbers(20);
        let swapped = |a: &Array2<f64>| a.select(Axis(0), &(0..20).rev().collect::<Vec<_>>());
        assert_eq!(is_shuffled(&swapped(&known).view(), &known), Ok(()));
        assert_eq!(is_shuffled(&known.view(), &known), Err("no row was moved".into()));

        let mut broken = swapped(&known);
        broken[(3, 4)] += 1.0;
        let error = is_shuffled(&broken.view(), &known).unwrap_err();
        assert_eq!(error, "a row that did not stay together");

        let twice = known.select(Axis(0), &[vec![1], (1..20).collect()].concat());
        let error = is_shuffled(&twice.view(), &known).unwrap_err();
        assert_eq!(error, "a row that is new or occurs twice");
    }

    #[test]
    fn a_fingerprint_knows_columns_and_if_asked_rows() {
        let known = known_numbers(20);
        let of = |a: &Array2<f64>, in_order| fingerprint(&a.view(), in_order);
        let rows = known.select(Axis(0), &(0..20).rev().collect::<Vec<_>>());
        assert!((of(&rows, false) - of(&known, false)).abs() < 1e-9);
        assert!((of(&rows, true) - of(&known, true)).abs() > 1e-3);
        assert!((of(&known.t().to_owned(), false) - of(&known, false)).abs() > 1e-3);
    }

    #[test]
    fn a_contest_that_computes_something_else_is_found_out() {
        let zeros = || Array2::<f64>::zeros((20, 20));
        let mut arrays = Arrays::new([zeros(), zeros(), zeros()]);
        let known = known_numbers(20);
        let shuffles = |s: &mut Arrays<Array2<f64>>| {
            s.next = s.current.select(Axis(0), &s.order);
            s.diff = &s.next - &s.current;
        };
        let right = Contest { name: "loop", work: shuffles, result: |s| s.next.view() };
        assert!(arrays.check(&right, &known).is_ok());
        let keeps = |s: &mut Arrays<Array2<f64>>| s.next.assign(&s.made);
        let stale = Contest { name: "loop", work: keeps, ..right };
        arrays.made = arrays.next.clone();
        arrays.made.swap((0, 0), (1, 0));
        let error = arrays.check(&stale, &known).unwrap_err();
        assert_eq!(error, "a row that did not stay together");
        arrays.made.swap((0, 0), (1, 0));
        arrays.diff.fill(0.0);
        assert_eq!(arrays.check(&stale, &known).unwrap_err(), "a wrong difference");
    }
}
