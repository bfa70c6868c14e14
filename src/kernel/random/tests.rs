//! Every order is equally likely: chi-square tests of all shuffles, on each of their paths through memory.
//!
//! The tests are inside the crate, because the paths differ by the length of the axis, and only short axes have few
//! enough orders to see each of them many times: the limits between the paths are lowered here.

use std::ops::RangeInclusive;

use ndarray::{Array1, Array2, Axis, ShapeBuilder};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::kernel::Permutation;
use crate::kernel::engine::cpu::stream::tests::streaming;
use crate::kernel::random::buckets;
use crate::kernel::random::rows::shuffle_into_within;
use crate::kernel::reorder_axis_into;
use crate::kernel::shuffle_axis_inplace;
use crate::kernel::shuffle_diff_into;
use crate::kernel::shuffle_elements_into;

/// How often each order is expected. Five is considered enough for the chi-square distribution to apply.
fn expected(len: usize) -> usize {
    if len < 6 { 400 } else { 100 }
}

/// The value that chi-square exceeds once in a million runs, for n! - 1 degrees of freedom (computed by integrating
/// the density). A generator that draws from all n, or never lets an element stay, exceeds it by far.
fn threshold(len: usize) -> f64 {
    match len {
        2 => 23.93,
        3 => 35.89,
        4 => 70.55,
        5 => 207.2,
        6 => 913.9,
        _ => unreachable!("lengths of tests"),
    }
}

/// `shuffle` writes its input, 0..len, into its output in random order.
fn assert_uniform(name: &str, shuffle: impl Fn(&[usize], &mut [usize], &mut SmallRng)) {
    assert_uniform_of(3..=5, name, shuffle);
}

fn assert_uniform_of(
    lens: RangeInclusive<usize>,
    name: &str,
    shuffle: impl Fn(&[usize], &mut [usize], &mut SmallRng),
) {
    for len in lens {
        let (orders, expected): (usize, _) = ((1..=len).product(), expected(len));
        let mut counts = vec![0_usize; orders];
        let mut rng = SmallRng::seed_from_u64(len as u64);
        let (input, mut output) = ((0..len).collect::<Vec<_>>(), vec![0; len]);
        for _ in 0..orders * expected {
            shuffle(&input, &mut output, &mut rng);
            counts[rank(&output)] += 1;
        }
        let deviations = counts.iter().map(|&count| (count as f64 - expected as f64).powi(2));
        let chi_square = deviations.sum::<f64>() / expected as f64;
        let limit = threshold(len);
        assert!(chi_square < limit, "{name}, {len}: {chi_square} is above {limit}: {counts:?}");
    }
}

/// The number of an order among all of its length (Lehmer code).
fn rank(order: &[usize]) -> usize {
    order.iter().enumerate().fold(0, |rank, (i, index)| {
        let smaller_behind = order[i + 1..].iter().filter(|later| *later < index).count();
        rank * (order.len() - i) + smaller_behind
    })
}

/// Runs a shuffle of rows of two equal elements on each path through memory.
fn on_rows_and_lanes(
    name: &str,
    shuffle: impl Fn(&Array2<usize>, Axis, &mut Array2<usize>, &mut SmallRng),
) {
    let ways = [
        ("rows as blocks", false, 0),
        ("rows as views", true, 1),
        ("lanes", false, 1),
        ("lanes in F order", true, 0),
    ];
    for (way, f_order, axis) in ways {
        assert_uniform(&format!("{name}, {way}"), |input, output, rng| {
            let mut shape = [2, 2];
            shape[axis] = input.len();
            let mut a = Array2::zeros(shape.set_f(f_order));
            a.lanes_mut(Axis(axis)).into_iter().for_each(|mut lane| {
                lane.iter_mut().zip(input).for_each(|(a, &input)| *a = input);
            });
            let mut out = Array2::zeros(shape.set_f(f_order));
            shuffle(&a, Axis(axis), &mut out, rng);
            let (first, second) =
                (out.index_axis(Axis(1 - axis), 0), out.index_axis(Axis(1 - axis), 1));
            assert_eq!(first, second, "rows stay together");
            output.iter_mut().zip(&first).for_each(|(output, &first)| *output = first);
        });
    }
}

#[test]
fn ranks_number_all_orders() {
    assert_eq!(
        [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map(|o| rank(&o)),
        [0, 1, 2, 3, 4, 5]
    );
}

#[test]
fn permutation() {
    assert_uniform("Permutation::shuffle", |input, output, rng| {
        let mut order = Permutation::identity(input.len());
        order.shuffle(rng);
        output.copy_from_slice(order.as_slice());
    });
    on_rows_and_lanes("reorder_axis_into", |a, axis, out, rng| {
        let mut order = Permutation::identity(a.len_of(axis));
        order.shuffle(rng);
        reorder_axis_into(a, axis, &order, out);
    });
}

#[test]
fn through_the_stack() {
    on_rows_and_lanes("order on the stack", |a, axis, out, rng| {
        shuffle_into_within::<5, _, _, _>(a, axis, out, rng);
    });
    on_rows_and_lanes("scattered", |a, axis, out, rng| {
        streaming(|| shuffle_into_within::<5, _, _, _>(a, axis, out, rng));
    });
    on_rows_and_lanes("with the difference", |a, axis, out, rng| {
        // It takes rows along the first axis.
        let mut current = a.mapv(|element| element as i64);
        current.swap_axes(0, axis.index());
        let (mut next, mut diff) = (current.clone(), current.clone());
        shuffle_diff_into(&current, &mut next, &mut diff, rng);
        assert_eq!(next, &current + &diff);
        next.swap_axes(0, axis.index());
        out.zip_mut_with(&next, |out, &next| *out = next as usize);
    });
}

#[test]
fn inside_out() {
    on_rows_and_lanes("inside out", |a, axis, out, rng| {
        shuffle_into_within::<2, _, _, _>(a, axis, out, rng);
    });
}

#[test]
fn in_place() {
    on_rows_and_lanes("shuffle_axis_inplace", |a, axis, out, rng| {
        out.assign(a);
        shuffle_axis_inplace(out, axis, rng);
    });
}

#[test]
fn elements() {
    assert_uniform("shuffle_elements_into", |input, output, rng| {
        let mut out = Array1::zeros(input.len());
        shuffle_elements_into(&Array1::from(input.to_vec()), &mut out, rng);
        output.copy_from_slice(out.as_slice().expect("contiguous"));
    });
    assert_uniform("shuffle_elements_into, spaced", |input, output, rng| {
        let mut memory = Array2::zeros((input.len(), 2));
        shuffle_elements_into(&Array1::from(input.to_vec()), &mut memory.column_mut(1), rng);
        output.iter_mut().zip(memory.column(1)).for_each(|(output, &element)| *output = element);
    });
}

/// Buckets of single elements, and buckets that are distributed to buckets again or shuffled by swaps.
const LIMITS: [usize; 4] = [2, 3, 4, 5];

#[test]
fn elements_in_two_buckets() {
    elements_in_buckets::<2>();
}

#[test]
fn elements_in_four_buckets() {
    elements_in_buckets::<4>();
}

#[test]
fn elements_in_eight_buckets() {
    elements_in_buckets::<8>();
}

fn elements_in_buckets<const K: usize>() {
    for limit in LIMITS {
        assert_uniform_of(2..=6, &format!("{K} buckets from {limit} on"), |input, output, rng| {
            let elements = input.iter().copied();
            buckets::shuffle_into::<K, _, _, _>(elements, output, limit, rng);
        });
        assert_uniform_of(
            2..=6,
            &format!("{K} from {limit} on, in place"),
            |input, output, rng| {
                output.copy_from_slice(input);
                buckets::shuffle::<K, _, _, _>(output, 0..input.len(), limit, rng);
            },
        );
    }
}
