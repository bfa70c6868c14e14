//! Both versions of an elementwise loop, for every processor and for those with AVX2, write the same bits.

use std::fmt::Debug;

use crate::kernel::engine::map::run::{Mapped, Zipped, Zipped3, any, write_run};

fn map<A: Copy, B: Copy + 'static>(a: &[A], out: &mut [B], streams: bool, f: impl FnMut(A) -> B) {
    write_run(Mapped { a, f }, out, streams);
}

fn zip_map<A: Copy, B: Copy, C: Copy + 'static>(
    a: &[A],
    b: &[B],
    out: &mut [C],
    streams: bool,
    f: impl FnMut(A, B) -> C,
) {
    write_run(Zipped { a, b, f }, out, streams);
}

fn zip3_map<A: Copy, B: Copy, C: Copy, O: Copy + 'static>(
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
    streams: bool,
    f: impl FnMut(A, B, C) -> O,
) {
    write_run(Zipped3 { a, b, c, f }, out, streams);
}

fn compare_runs<B>(f: impl Fn(f64) -> B + Copy)
where
    B: Copy + Default + PartialEq + Debug + 'static,
{
    let number = |i: usize| (i * 2_654_435_761 % 1_000_003) as f64 / 997.0 - 500.0;
    let mut numbers: Vec<f64> = (0..1308).map(number).collect();
    numbers[..7].copy_from_slice(&[f64::NAN, -0.0, 0.5, -0.5, 1.5, f64::INFINITY, 1e300]);
    for len in (0..=200).chain([511, 512, 513, 1300]) {
        for place in 0..8 {
            let a = &numbers[place..place + len];
            let narrow: Vec<B> = a.iter().map(|&x| f(x)).collect();
            let mut out = vec![B::default(); len + 8];
            for (streams, start) in [(false, 8 - place), (false, place)] {
                map(a, &mut out[start..start + len], streams, f);
                assert_eq!(out[start..start + len], narrow);
                zip_map(a, a, &mut out[1..=len], streams, |x, _| f(x));
                assert_eq!(out[1..=len], narrow);
                zip3_map(a, a, a, &mut out[start..start + len], streams, |_, x, _| f(x));
                assert_eq!(out[start..start + len], narrow);
            }
            map(a, &mut out[place..place + len], true, f);
            assert_eq!(out[place..place + len], narrow);
            zip_map(a, a, &mut out[1..=len], true, |_, x| f(x));
            assert_eq!(out[1..=len], narrow);
        }
    }
}

#[test]
fn both_versions_find_the_same() {
    for len in 0..=200 {
        let mut numbers = vec![1_i64; len];
        assert!(!any(&numbers, |x| x == 0));
        for place in 0..len {
            numbers[place] = 0;
            assert!(any(&numbers, |x| x == 0), "{place} of {len}");
            numbers[place] = 1;
        }
    }
}

/// At every distance between input and output modulo the page size, including those with 4 KiB aliasing.
#[test]
fn outputs_may_lie_anywhere_behind_inputs() {
    let mut memory: Vec<f64> = (0..1600).map(f64::from).collect();
    let (a, rest) = memory.split_at_mut(512);
    for shift in 0..600 {
        let out = &mut rest[shift..shift + 300];
        map(&a[..300], out, false, |x| 2.0 * x);
        assert!(out.iter().zip(&*a).all(|(out, a)| *out == 2.0 * a), "{shift}");
        zip_map(&a[1..301], &a[2..302], out, false, |x, y| x - 3.0 * y);
        assert!(out.iter().enumerate().all(|(i, &out)| out == a[i + 1] - 3.0 * a[i + 2]));
    }
}

#[test]
fn elements_may_be_larger_than_a_page_or_nothing() {
    let a = [[1_u8; 5000], [2; 5000], [3; 5000]];
    let mut out = [[0; 5000]; 3];
    map(&a, &mut out, false, |x| x);
    assert_eq!(out, a);
    map(&[(); 300], &mut [(); 300], false, |x| x);
}

/// Shifts, which have different instructions for constant and variable counts.
#[test]
fn both_versions_of_shifts_have_the_same_bits() {
    for len in 0..=200_u32 {
        let a: Vec<i64> = (0..i64::from(len)).map(|i| i * 0x1234_5678_9abc - 77).collect();
        let counts: Vec<u32> = (0..len).map(|i| i * 7 % 64).collect();
        let mut out = vec![0; a.len()];
        zip_map(&a, &counts, &mut out, false, |a, count| a.wrapping_shl(count));
        assert!(out.iter().zip(&a).zip(&counts).all(|((out, a), &c)| *out == a << c));
        zip_map(&a, &counts, &mut out, false, |a, count| a.wrapping_shr(count));
        assert!(out.iter().zip(&a).zip(&counts).all(|((out, a), &c)| *out == a >> c));
    }
}

/// Operations that have instructions of their own with AVX2, convert types, or call a function.
#[test]
fn both_versions_of_functions_have_the_same_bits() {
    compare_runs(|x| x.floor().to_bits());
    compare_runs(|x| x.ceil().to_bits());
    compare_runs(|x| x.trunc().to_bits());
    compare_runs(|x| x.round().to_bits());
    compare_runs(|x| x.round_ties_even().to_bits());
    compare_runs(|x| x.abs().sqrt().to_bits());
    compare_runs(|x| (2.0 * x + 1.0).to_bits());
    compare_runs(|x| (x as f32).to_bits());
    compare_runs(|x| x as i64);
    compare_runs(|x| (if x.is_nan() { 0.0 } else { x.sin() }).to_bits());
}
