//! Streaming stores and plain stores write the same bits: every kernel that streams, in every way that it does, and at
//! the sizes where it begins to.
//!
//! The tests are here and not in `tests/`, because only inside the crate can small arrays be streamed.

use std::fmt::Debug;
use std::mem;
use std::ops::Add;

use ndarray::{
    Array1, Array2, Array3, ArrayView2, ArrayViewMut2, Axis, ShapeBuilder, concatenate, s,
};
use rand::distr::StandardUniform;
use rand::{SeedableRng, rngs::SmallRng};

use crate::kernel::engine::cpu::stream::{self, tests::streaming};
use crate::kernel::random::rows_diff::Way;
use crate::kernel::*;

const STALE: f64 = -7.0;

fn numbers(shape: (usize, usize)) -> Array2<f64> {
    let mut a = Array2::zeros(shape);
    random_into(&StandardUniform, &mut a, &mut SmallRng::seed_from_u64(3));
    if let Some(first) = a.first_mut() {
        *first = f64::NAN;
    }
    if let Some(last) = a.last_mut() {
        *last = -0.0;
    }
    a
}

/// Runs `kernel` with outputs at many places in memory, with and without streaming, and compares all of the memory.
fn assert_alike(name: &str, shape: (usize, usize), kernel: impl Fn(ArrayViewMut2<'_, f64>)) {
    let (rows, cols) = shape;
    type Place = fn(&mut Array2<f64>, (usize, usize)) -> ArrayViewMut2<'_, f64>;
    let places: [(&str, Place); 5] = [
        ("whole", |memory, (rows, cols)| {
            let all = memory.as_slice_mut().expect("C order");
            ArrayViewMut2::from_shape((rows, cols), &mut all[..rows * cols]).expect("enough")
        }),
        ("off a line", |memory, (rows, cols)| {
            let all = memory.as_slice_mut().expect("C order");
            ArrayViewMut2::from_shape((rows, cols), &mut all[1..][..rows * cols]).expect("enough")
        }),
        ("F order", |memory, (rows, cols)| {
            let all = memory.as_slice_mut().expect("C order");
            let shape = (rows, cols).f();
            ArrayViewMut2::from_shape(shape, &mut all[3..][..rows * cols]).expect("enough")
        }),
        ("rows with gaps", |memory, (rows, cols)| memory.slice_mut(s![1..=rows, 1..=cols])),
        ("backwards", |memory, (rows, cols)| memory.slice_mut(s![1..=rows;-1, 1..=cols;-1])),
    ];
    for (place, view) in places {
        let mut plain = Array2::from_elem((rows + 2, cols + 2), STALE);
        let mut streamed = plain.clone();
        kernel(view(&mut plain, shape));
        streaming(|| kernel(view(&mut streamed, shape)));
        let bits = |a: &Array2<f64>| a.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&plain), bits(&streamed), "{name}, {place}, {shape:?}");
    }
}

const SHAPES: [(usize, usize); 8] =
    [(0, 3), (1, 1), (3, 5), (7, 16), (9, 33), (40, 2), (20, 64), (13, 100)];

#[test]
fn elementwise_kernels() {
    for shape in SHAPES {
        let (a, b) = (numbers(shape), numbers(shape).mapv_into(|x| 1.0 - x));
        let (row, column) = (numbers((1, shape.1)), numbers((shape.0, 1)));
        let inputs: [ArrayView2<'_, f64>; 4] = [a.view(), b.view(), row.view(), column.view()];
        for x in &inputs {
            assert_alike("copy_into", shape, |mut out| copy_into(x, &mut out));
            assert_alike("map_into", shape, |mut out| map_into(x, &mut out, |x| 3.0 * x.sin()));
            for y in &inputs {
                assert_alike("sub_into", shape, |mut out| sub_into(x, y, &mut out));
                assert_alike("where_into", shape, |mut out| {
                    where_into(&a.mapv(|a| a > 0.5), x, y, &mut out);
                });
            }
        }
        assert_alike("diff_into", shape, |mut out| diff_into(&a, &b, &mut out));
        assert_alike("diff_norms_into", shape, |mut out| {
            let norms = diff_norms_into(&a, &b, &mut out);
            if let Some(out) = out.first_mut() {
                *out = norms.l1;
            }
        });
    }
}

#[test]
fn scans() {
    let mut shapes = SHAPES.to_vec();
    shapes.push((11, 4160)); // more columns than are walked together
    for shape in shapes {
        let a = numbers(shape);
        for axis in [Axis(0), Axis(1)] {
            assert_alike("cumsum_axis_into", shape, |mut out| cumsum_axis_into(&a, axis, &mut out));
            assert_alike("cummax_axis_into", shape, |mut out| cummax_axis_into(&a, axis, &mut out));
        }
    }
}

/// Cache lines of four, eight and sixteen elements.
#[test]
fn scans_of_elements_of_all_sizes() {
    fn scan_of<A: Copy + PartialEq + Debug + Add<Output = A> + 'static>(
        number: impl Fn(usize) -> A,
    ) {
        for columns in [64, 72, 77] {
            let a = Array3::from_shape_fn((2, 20, columns), |(i, j, k)| number(i + 3 * j + 7 * k));
            let [mut plain, mut streamed] = [(); 2].map(|()| a.clone());
            cumsum_axis_into(&a, Axis(1), &mut plain);
            streaming(|| cumsum_axis_into(&a, Axis(1), &mut streamed));
            assert_eq!(plain, streamed);
        }
    }
    scan_of(|i| i as f32);
    scan_of(|i| i as i64);
    #[cfg(feature = "complex")]
    scan_of(|i| num_complex::Complex::new(i as f64, -1.0));
}

#[test]
fn kernels_that_move_rows() {
    let mut shapes = SHAPES.to_vec();
    shapes.extend([(4096, 3), (4097, 3)]);
    for shape in shapes {
        let (a, rng) = (numbers(shape), || SmallRng::seed_from_u64(8));
        let mut order = Permutation::identity(shape.0);
        order.shuffle(&mut rng());
        for axis in [Axis(0), Axis(1)] {
            assert_alike("shuffle_axis_into", shape, |mut out| {
                shuffle_axis_into(&a, axis, &mut out, &mut rng());
            });
        }
        assert_alike("reorder_axis_into", shape, |mut out| {
            reorder_axis_into(&a, Axis(0), &order, &mut out);
        });
        let twice = Array1::from_shape_fn(shape.0, |i| i / 2);
        assert_alike("take_axis_into", shape, |mut out| {
            take_axis_into(&a, Axis(0), &twice, &mut out);
        });
        let longer = concatenate![Axis(0), a, a];
        let mask = Array1::from_shape_fn(2 * shape.0, |i| i % 2 == 1);
        assert_alike("compress_axis_into", shape, |mut out| {
            compress_axis_into(&longer, Axis(0), &mask, &mut out);
        });
        assert_alike("flip_axis_into", shape, |mut out| flip_axis_into(&a, Axis(0), &mut out));
        assert_alike("repeat_axis_into", (2 * shape.0, shape.1), |mut out| {
            repeat_axis_into(&a, Axis(0), 2, &mut out);
        });
        assert_alike("concatenate_axis_into", (3 * shape.0, shape.1), |mut out| {
            concatenate_axis_into(&[&longer, &a], Axis(0), &mut out);
        });
        assert_alike("roll_axis_into", shape, |mut out| roll_axis_into(&a, Axis(0), 2, &mut out));
        let second = || Array2::zeros(shape);
        assert_alike("shuffle_diff_into, next", shape, |mut out| {
            shuffle_diff_into(&a, &mut out, &mut second(), &mut rng());
        });
        assert_alike("shuffle_diff_into, diff", shape, |mut out| {
            shuffle_diff_into(&a, &mut second(), &mut out, &mut rng());
        });
    }
}

/// At real sizes, because only these take all ways.
#[test]
fn a_step_is_its_two_kernels_on_every_way() {
    let cache = crate::kernel::engine::cpu::cache::stream_bytes() / 5 * 8;
    let ways = [Way::KeepBoth, Way::KeepNext, Way::AlongCycles];
    let mut seen = Vec::new();
    // Sizes of one state as shares of the cache.
    for share in [0.05, 0.215, 0.65] {
        let shape = (1000, ((cache as f64 * share) as usize / 8000).min(10_000));
        let current = numbers(shape).mapv_into(|x| if x.is_nan() { 0.5 } else { x });
        let [mut next, mut diff, mut shuffled, mut expected] =
            [(); 4].map(|()| Array2::zeros(shape));
        let slices = next.as_slice().zip(diff.as_slice());
        seen.push(slices.map(|(next, diff)| Way::of(next, diff)).expect("C order"));
        shuffle_diff_into(&current, &mut next, &mut diff, &mut SmallRng::seed_from_u64(4));
        shuffle_copy_into(&current, &mut shuffled, &mut SmallRng::seed_from_u64(4));
        diff_into(&shuffled, &current, &mut expected);
        assert!(next == shuffled && diff == expected, "{shape:?}");
    }
    if cfg!(target_arch = "x86_64") && cache < 60 << 20 {
        assert!(ways.iter().all(|way| seen.contains(way)), "{seen:?}");
    }
}

#[test]
fn rows_of_more_axes() {
    let a = Array3::from_shape_fn((30, 5, 7), |(i, j, k)| (100 * i + 10 * j + k) as f64);
    let shuffled = || {
        let (mut next, mut diff) = (Array3::zeros(a.raw_dim()), Array3::zeros(a.raw_dim()));
        shuffle_diff_into(&a, &mut next, &mut diff, &mut SmallRng::seed_from_u64(2));
        (next, diff)
    };
    let (next, diff) = shuffled();
    assert_eq!(streaming(shuffled), (next.clone(), diff.clone()));
    assert_eq!(diff, &next - &a);
    assert_ne!(next, a);
}

/// Lengths around the size from which a kernel with so many operands streams: the last below it, the first that
/// streams, and one more.
fn around_threshold<A: 'static>(operands: usize) -> [usize; 3] {
    let pays = |len: &usize| stream::pays::<A>(operands * len * mem::size_of::<A>());
    let (mut low, mut high) = (0, 1 << 40);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        *(if pays(&middle) { &mut high } else { &mut low }) = middle;
    }
    [low, high, high + 1].map(|len| len.min(20 << 20)) // a processor with a vast cache, or without SSE2
}

fn at_its_threshold<A: Copy + PartialEq + Debug + 'static>(
    operands: usize,
    number: impl Fn(usize) -> A,
    kernel: impl Fn(&Array1<A>, &mut Array1<A>),
    formula: impl Fn(A) -> A,
) {
    for len in around_threshold::<A>(operands) {
        let a = Array1::from_shape_fn(len, &number);
        let mut out = Array1::from_elem(len, number(1));
        kernel(&a, &mut out);
        let wrong = a.iter().zip(&out).position(|(&a, &out)| out != formula(a));
        assert_eq!(wrong, None, "{len}");
    }
}

#[test]
fn sizes_around_the_threshold() {
    at_its_threshold(2, |i| i as f64, |a, out| copy_into(a, out), |a| a);
    at_its_threshold(2, |i| i as f32, |a, out| map_into(a, out, |a| 0.1 * a), |a| 0.1 * a);
    at_its_threshold(3, |i| i as i64, |a, out| mul_into(a, a, out), |a| a * a);
}
