//! One formula in four forms, and one rule with and without branches: times as a share of the first form's.

#![expect(clippy::reversed_empty_ranges, reason = "`s!` counts negative ends from the end")]

use std::time::Instant;

use ndarray_pool::ndarray::{Array2, azip, s};
use ndarray_pool::prelude::*;

use crate::rounds::{Effort, machine, medians, ratio};

const SIDES: [usize; 3] = [300, 1000, 2500];

pub(crate) fn run(effort: Effort) {
    println!("{}", machine());
    for n in SIDES {
        formula(n, effort);
        rule_of_life(n, effort);
    }
}

fn formula(n: usize, effort: Effort) {
    let of = |k: usize| Array2::from_shape_fn((n, n), |(i, j)| ((i * k + j * 7) % 97) as f64);
    let (a, b, c, dt) = (of(3), of(5), of(11), 0.1);
    let [mut by_operators, mut by_kernels, mut by_azip, mut by_fused, mut rest] = [0; 5].map(of);
    compare(
        &format!("a + dt * (b - c), {n}²"),
        effort,
        &mut [
            ("operators", &mut || by_operators = &a + &(dt * (&b - &c))),
            ("two kernels", &mut || {
                sub_into(&b, &c, &mut rest);
                axpby_into(&a, &rest, 1.0, dt, &mut by_kernels);
            }),
            ("azip!", &mut || {
                azip!((out in &mut by_azip, &a in &a, &b in &b, &c in &c) *out = a + dt * (b - c));
            }),
            ("fused!", &mut || fused!(by_fused = |a, b, c| a + dt * (b - c))),
        ],
    );
    assert!(by_operators == by_kernels && by_operators == by_azip && by_operators == by_fused);
}

fn rule_of_life(n: usize, effort: Effort) {
    let board = Array2::from_shape_fn((n, n), |(i, j)| u8::from((i * 7 + j * 13 + i * j) % 3 == 0));
    let [mut eager, mut lazy] = [(); 2].map(|()| Array2::<u8>::zeros((n - 2, n - 2)));
    macro_rules! step {
        ($out:ident, $rule:expr) => {
            fused!($out = |
                nw = board.slice(s![..-2, ..-2]), n = board.slice(s![..-2, 1..-1]), ne = board.slice(s![..-2, 2..]),
                w = board.slice(s![1..-1, ..-2]), alive = board.slice(s![1..-1, 1..-1]), e = board.slice(s![1..-1, 2..]),
                sw = board.slice(s![2.., ..-2]), s = board.slice(s![2.., 1..-1]), se = board.slice(s![2.., 2..]),
            | u8::from($rule(nw + n + ne + w + e + sw + s + se, alive)))
        };
    }
    compare(
        &format!("the rule of the Game of Life, {n}²"),
        effort,
        &mut [
            ("| and &", &mut || step!(eager, |n, alive| (n == 3) | ((n == 2) & (alive == 1)))),
            ("|| and &&", &mut || step!(lazy, |n, alive| n == 3 || (n == 2 && alive == 1))),
        ],
    );
    assert_eq!(eager, lazy);
}

fn compare(title: &str, effort: Effort, forms: &mut [(&str, &mut dyn FnMut())]) {
    // A round does it once.
    let medians = medians(effort, forms.len(), |form, _| {
        let start = Instant::now();
        (forms[form].1)();
        start.elapsed().as_secs_f64()
    });
    println!("\n{title}, × the first form");
    for ((name, _), times) in forms.iter().zip(&medians) {
        println!("{name:<12} {:.2}", ratio(times, &medians[0]));
    }
}

#[cfg(test)]
mod tests {
    use super::{formula, rule_of_life};
    use crate::rounds::Effort;

    #[test]
    fn all_forms_compute_the_same() {
        formula(40, Effort::QUICK);
        rule_of_life(40, Effort::QUICK);
    }
}
