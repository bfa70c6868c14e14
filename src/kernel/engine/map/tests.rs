//! Both versions of an elementwise loop, for every processor and for those with AVX2, write the same bits.

use std::fmt::Debug;

use ndarray::{Array2, Array3, ArrayD, ArrayViewMut, IxDyn, ShapeBuilder, s};

use super::function::Function;
use super::inputs::Inputs;
use super::outputs::Outputs;
use super::run::any;
use super::*;

fn map<A: Copy, B: Copy + 'static>(a: &[A], out: &mut [B], streams: bool, f: impl FnMut(A) -> B) {
    write_slices((a, ()), out, streams, f);
}

fn zip_map<A: Copy, B: Copy, C: Copy + 'static>(
    a: &[A],
    b: &[B],
    out: &mut [C],
    streams: bool,
    f: impl FnMut(A, B) -> C,
) {
    write_slices((a, (b, ())), out, streams, f);
}

fn zip3_map<A: Copy, B: Copy, C: Copy, O: Copy + 'static>(
    a: &[A],
    b: &[B],
    c: &[C],
    out: &mut [O],
    streams: bool,
    f: impl FnMut(A, B, C) -> O,
) {
    write_slices((a, (b, (c, ()))), out, streams, f);
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

/// The planes, rows and lengths of lanes of two operands, aligned, and the way to walk them.
fn way_of<D: Dimension>(
    mut out: ArrayViewMut<'_, f64, D>,
    a: &ArrayRef<f64, impl Dimension>,
) -> ([usize; 3], Way) {
    let a = a.broadcast(out.raw_dim()).expect("a test's shapes broadcast");
    let (inputs, mut out) = ((a, ()), out.view_mut());
    let (mut inputs, mut out) = (inputs.cut(&[]), out.cut(&[]));
    let way = Way::choose(&mut inputs, &mut out);
    assert_eq!(inputs.0.shape(), out.shape());
    ([out.shape()[0], out.shape()[1], out.shape()[2]], way)
}

#[test]
fn contiguous_memory_is_one_lane_in_any_order() {
    let (mut c, mut f) = (Array3::zeros((2, 3, 4)), Array3::zeros((2, 3, 4).f()));
    let one = ([1, 1, 24], Way::Slices);
    let (a, b) = (c.clone(), f.clone());
    assert_eq!(way_of(c.view_mut(), &a), one);
    assert_eq!(way_of(f.view_mut(), &b), one);
    assert_eq!(way_of(c.view_mut().reversed_axes(), &a.t()), one);
    let reversed = s![..;-1, .., ..;-1];
    assert_eq!(way_of(c.slice_mut(reversed), &a.slice(reversed)), one);
    let turned = a.view().permuted_axes([1, 2, 0]);
    assert_eq!(way_of(c.view_mut().permuted_axes([1, 2, 0]), &turned), one);
}

#[test]
fn lanes_run_along_the_memory_of_out() {
    let (mut c, mut f) = (Array3::zeros((2, 3, 4)), Array3::zeros((2, 3, 4).f()));
    let (a, b) = (c.clone(), f.clone());
    assert_eq!(way_of(c.view_mut(), &b), ([2, 3, 4], Way::Strided));
    assert_eq!(way_of(f.view_mut(), &a), ([4, 3, 2], Way::Strided));
    let part = s![.., .., ..3];
    assert_eq!(way_of(c.slice_mut(part), &a.slice(part)), ([1, 6, 3], Way::Slices));
    let part = s![.., ..2, ..];
    assert_eq!(way_of(c.slice_mut(part), &a.slice(part)), ([1, 2, 8], Way::Slices));
    let part = s![.., ..2, ..3];
    assert_eq!(way_of(c.slice_mut(part), &a.slice(part)), ([2, 2, 3], Way::Slices));
    let part = s![.., .., ..;2];
    assert_eq!(way_of(c.slice_mut(part), &a.slice(part)), ([1, 1, 12], Way::Strided));
}

#[test]
fn axes_merge_around_broadcasting() {
    let mut c = Array3::zeros((2, 3, 4));
    assert_eq!(way_of(c.view_mut(), &Array3::zeros((1, 1, 4))), ([1, 6, 4], Way::Slices));
    assert_eq!(way_of(c.view_mut(), &Array3::zeros((1, 3, 4))), ([1, 2, 12], Way::Slices));
    assert_eq!(way_of(c.view_mut(), &Array3::zeros((2, 1, 1))), ([1, 2, 12], Way::Repeats));
    assert_eq!(way_of(c.view_mut(), &Array3::zeros((1, 3, 1))), ([2, 3, 4], Way::Repeats));
    assert_eq!(way_of(c.view_mut(), &Array3::zeros((1, 1, 1))), ([1, 1, 24], Way::Repeats));
}

#[test]
fn many_short_lanes_are_interleaved() {
    let mut rows = Array2::zeros((100, 9));
    let a = rows.clone();
    let mut way = |len, a: &Array2<f64>| way_of(rows.slice_mut(s![.., ..len]), a).1;
    let part = |len| a.slice(s![.., ..len]).to_owned();
    assert_eq!(way(4, &part(4)), Way::Interleaved);
    assert_eq!(way(5, &part(5)), Way::Slices);
    assert_eq!(way(8, &part(1)), Way::Interleaved);
    assert_eq!(way(9, &part(1)), Way::Repeats);
    let mut few = Array2::zeros((31, 5));
    let few = few.slice_mut(s![.., ..3]);
    assert_eq!(way_of(few, &Array2::zeros((31, 3))).1, Way::Slices);
}

/// Seven axes, of which no two can be merged, with one to six inputs.
#[test]
fn any_number_of_axes_and_inputs_is_walked() {
    let shape = IxDyn(&[2, 3, 2, 2, 3, 2, 3]);
    let larger = shape.slice().iter().map(|len| len + 1).collect::<Vec<_>>();
    let number = |k: usize| {
        let mut i = k;
        ArrayD::from_shape_simple_fn(larger.clone(), || {
            i += 1;
            i as i64
        })
    };
    let all: Vec<_> = (0..6).map(|k| number(k * 1000)).collect();
    let part = |k: usize| {
        let mut part = all[k].view();
        (0..7).for_each(|axis| part.slice_axis_inplace(Axis(axis), (1..).into()));
        part
    };
    let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(part);
    let mut out = ArrayD::zeros(shape);
    let list = (a.view(), (b.view(), (c.view(), (d.view(), (e.view(), (f.view(), ()))))));
    let sum = |a: i64, b, c, d, e, f| a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f;
    let _ = write(list, out.view_mut(), |_| false, sum);
    assert_eq!(out, &a + 2 * &b + 3 * &c + 4 * &d + 5 * &e + 6 * &f);
    let _ = write((a.view(), (b.view(), ())), out.view_mut(), |_| false, |a: i64, b| a - b);
    assert_eq!(out, &a - &b);
}

/// A closure is called once for each element, and what it holds comes back, in every way.
#[test]
fn functions_come_back_with_what_they_hold() {
    struct Count(u64);
    impl<A, B> Function<(A, (B, ()))> for Count {
        type Output = u64;
        fn call(&mut self, _: (A, (B, ()))) -> u64 {
            self.0 += 1;
            self.0
        }
    }
    let columns = Array2::<f64>::zeros((70, 600));
    let parts = [s![.., ..300], s![.., ..;2], s![.., ..1], s![..1, ..], s![.., ..3], s![..1, ..1]];
    for a in parts.map(|part| columns.slice(part)) {
        for b in parts.map(|part| columns.slice(part)) {
            for (len, streams) in [(300, false), (300, true), (3, false)] {
                let mut out = Array2::zeros((70, len));
                let (Some(a), Some(b)) = (a.broadcast((70, len)), b.broadcast((70, len))) else {
                    continue;
                };
                let Count(count) = write((a, (b, ())), out.view_mut(), |_| streams, Count(0));
                assert_eq!(count, 70 * len as u64);
                let mut seen = out.into_raw_vec_and_offset().0;
                seen.sort_unstable();
                assert!(seen.into_iter().eq(1..=count));
            }
        }
    }
}
