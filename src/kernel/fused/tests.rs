//! The laws of kernels, for formulas: the same bits on every layout, with every instruction set, streamed or not.

use ndarray::{Array, Array1, Array2, Array3, ArrayD, ArrayView3, ArrayViewD, Axis, IxDyn, s};
use ndarray::{ShapeBuilder, Slice};

use crate::fused;
use crate::kernel::engine::cpu::dispatch::tests::{on_baseline, without_avx512};
use crate::kernel::engine::cpu::stream::tests::streaming;

/// An array of numbers without a pattern.
fn numbers(shape: &[usize], seed: usize) -> ArrayD<f64> {
    let mut state = seed as u64 + 1;
    ArrayD::from_shape_simple_fn(IxDyn(shape), || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    })
}

/// The memory of an array of `shape`, larger than it where the layout has gaps, and its view.
struct Placed {
    memory: ArrayD<f64>,
    layout: usize,
    shape: Vec<usize>,
}

const LAYOUTS: usize = 7;

impl Placed {
    fn new(values: &ArrayD<f64>, layout: usize) -> Self {
        let shape = values.shape().to_vec();
        let memory = match layout {
            0 | 2 => ArrayD::zeros(values.raw_dim()),
            1 => ArrayD::zeros(values.raw_dim().f()),
            3 => ArrayD::zeros(shape.iter().map(|len| 2 * len).collect::<Vec<_>>()),
            4 => ArrayD::zeros(shape.iter().map(|len| len + 2).collect::<Vec<_>>()),
            5 => ArrayD::zeros(shape.iter().rev().copied().collect::<Vec<_>>()),
            _ => ArrayD::zeros(shape.iter().map(|len| len + 3).collect::<Vec<_>>().f()),
        };
        let mut placed = Placed { memory, layout, shape };
        placed.view_mut().assign(values);
        placed
    }

    fn view_mut(&mut self) -> ndarray::ArrayViewMutD<'_, f64> {
        let mut view = self.memory.view_mut();
        match self.layout {
            0 | 1 => {}
            2 => (0..view.ndim()).for_each(|axis| view.invert_axis(Axis(axis))),
            3 => (0..view.ndim())
                .for_each(|axis| view.slice_axis_inplace(Axis(axis), Slice::new(0, None, 2))),
            5 => view = view.reversed_axes(),
            _ => (0..view.ndim()).for_each(|axis| {
                let end = 1 + self.shape[axis] as isize;
                view.slice_axis_inplace(Axis(axis), Slice::from(1..end));
            }),
        }
        view
    }

    fn view(&self) -> ArrayViewD<'_, f64> {
        let mut view = self.memory.view();
        match self.layout {
            0 | 1 => {}
            2 => (0..view.ndim()).for_each(|axis| view.invert_axis(Axis(axis))),
            3 => (0..view.ndim())
                .for_each(|axis| view.slice_axis_inplace(Axis(axis), Slice::new(0, None, 2))),
            5 => view = view.reversed_axes(),
            _ => (0..view.ndim()).for_each(|axis| {
                let end = 1 + self.shape[axis] as isize;
                view.slice_axis_inplace(Axis(axis), Slice::from(1..end));
            }),
        }
        view
    }
}

const SHAPES: [&[usize]; 14] = [
    &[],
    &[0],
    &[1],
    &[700],
    &[5, 0],
    &[3, 5],
    &[17, 40],
    &[2, 600],
    &[600, 2],
    &[4, 3, 7],
    &[2, 20, 30],
    &[2, 3, 2, 5],
    &[2, 1, 3, 1, 4],
    &[2, 3, 1, 2, 2, 3],
];

/// Shapes that are broadcast to `shape`: all of it, and each axis, or all but one, of length one; and fewer axes.
fn broadcast_from(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut shapes = vec![shape.to_vec(), vec![]];
    for axis in 0..shape.len() {
        let (mut thin, mut only) = (shape.to_vec(), vec![1; shape.len()]);
        (thin[axis], only[axis]) = (1, shape[axis]);
        shapes.extend([thin, only, shape[axis..].to_vec()]);
    }
    shapes
}

/// Calls `check` with each instruction set, and with streaming.
fn each_way(mut check: impl FnMut()) {
    check();
    without_avx512(&mut check);
    on_baseline(&mut check);
    streaming(&mut check);
}

/// Formulas that call a function are compiled for AVX-512 too.
#[inline(always)]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

#[test]
fn every_layout_and_every_broadcast_gives_the_elements_of_the_formula() {
    for shape in SHAPES {
        for (k, from) in broadcast_from(shape).iter().enumerate() {
            let (a, b) = (numbers(shape, 1), numbers(from, 2));
            let c = numbers(shape, 3);
            let mut expected = a.clone();
            ndarray::Zip::from(&mut expected)
                .and(b.broadcast(IxDyn(shape)).unwrap())
                .and(&c)
                .for_each(|e, &b, &c| *e = *e * b + c);
            for layout in (k % 2..LAYOUTS).step_by(2) {
                let (a, b) = (Placed::new(&a, layout), Placed::new(&b, (layout + k) % LAYOUTS));
                let c = Placed::new(&c, (layout * 3 + k) % LAYOUTS);
                each_way(|| {
                    let (a, b, c) = (a.view(), b.view(), c.view());
                    for to in 0..LAYOUTS {
                        let mut out = Placed::new(&numbers(shape, 9), to);
                        fused!((out = out.view_mut()) = |a, b, c| a * b + c);
                        assert_eq!(out.view(), expected, "{shape:?} {from:?} {layout} {to}");
                        out.view_mut().fill(0.0);
                        fused!((out = out.view_mut()) = |a, b, c| product(a, b) + c);
                        assert_eq!(out.view(), expected, "{shape:?} {from:?} {layout} {to}");
                        let mut x = Placed::new(&a.to_owned(), to);
                        fused!((x = x.view_mut()) = |x, b, c| product(x, b) + c);
                        assert_eq!(
                            x.view(),
                            expected,
                            "in place: {shape:?} {from:?} {layout} {to}"
                        );
                    }
                });
            }
        }
    }
}

#[test]
fn nothing_but_the_output_is_written() {
    for layout in 0..LAYOUTS {
        for shape in SHAPES {
            let a = numbers(shape, 1);
            let mut out = Placed::new(&numbers(shape, 2), layout);
            let ours: f64 = 7.5;
            out.memory.fill(ours);
            each_way(|| {
                fused!((out = out.view_mut()) = |a| product(a, 1.0) + 100.0);
                let others = out.memory.iter().filter(|&&x| x == ours).count();
                assert_eq!(others, out.memory.len() - a.len(), "{layout} {shape:?}");
            });
        }
    }
}

#[test]
fn four_outputs_of_four_types_are_written_and_read() {
    let (g, row) = (numbers(&[40, 33], 1), numbers(&[33], 2));
    let g: Array2<f64> = g.into_dimensionality().unwrap();
    each_way(|| {
        let mut p = Array2::<f64>::ones((40, 33));
        let mut q = Array2::<f32>::ones((33, 40)).reversed_axes();
        let mut r = Array2::<i64>::ones((80, 33));
        let mut s = Array2::from_elem((40, 33), false);
        fused!(
            (p, q, r = r.slice_mut(s![..;2, ..]), s) =
                |r, g, p, row, q| { (p + g * row, q - 1.0, r + 3, g > row) }
        );
        for ((i, j), &g) in g.indexed_iter() {
            assert_eq!(p[[i, j]], 1.0 + g * row[j]);
            assert_eq!(s[[i, j]], g > row[j]);
        }
        assert!(q.iter().all(|&q| q == 0.0));
        assert!(r.indexed_iter().all(|((i, _), &r)| r == if i % 2 == 0 { 4 } else { 1 }));
    });
}

#[test]
fn large_elements_are_not_held_on_the_stack() {
    let a = Array2::from_shape_fn((9, 40), |(i, j)| [(i * 40 + j) as f64; 400]);
    let mut out = Array2::from_elem((40, 9), [0.0; 400]);
    each_way(|| {
        fused!(out = |a = a.t()| a.map(|x| x + 1.0));
        assert!(out.indexed_iter().all(|((j, i), x)| x[7] == (i * 40 + j) as f64 + 1.0));
        let sum = fused!(sum | a = a.t() | a[3]);
        assert_eq!(sum, (360 * 359 / 2) as f64);
    });
}

#[test]
fn reductions_of_every_layout_are_those_of_the_values() {
    for shape in SHAPES {
        for (k, from) in broadcast_from(shape).iter().enumerate() {
            let (a, b) = (numbers(shape, 1), numbers(from, 2));
            let values = &a * &b.broadcast(IxDyn(shape)).unwrap();
            let (least, most) =
                (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max));
            for layout in (k % 3..LAYOUTS).step_by(3) {
                let (a, b) = (Placed::new(&a, layout), Placed::new(&b, (layout + k) % LAYOUTS));
                let (a, b) = (a.view(), b.view());
                let mut sums = Vec::new();
                each_way(|| {
                    let sum = fused!(sum | a, b | a * b);
                    let mean = fused!(mean | a, b | a * b);
                    sums.push((sum.to_bits(), mean.to_bits()));
                    assert!((sum - values.sum()).abs() < 1e-12, "{shape:?} {from:?} {layout}");
                    assert_eq!(mean.is_nan(), values.is_empty());
                    assert_eq!(fused!(min | a, b | a * b), least);
                    assert_eq!(fused!(max | a, b | a * b), most);
                    assert_eq!(fused!(any | a, b | Some(a * b) == most), most.is_some());
                    assert!(!fused!(any | a, b | a * b > 1.0));
                    assert!(fused!(all | a, b | Some(a * b) <= most));
                    assert_eq!(fused!(all | a, b | Some(a * b) < most), most.is_none());
                });
                assert!(sums.iter().all(|sum| *sum == sums[0]), "the same bits each way");
            }
        }
    }
}

#[test]
fn reductions_along_an_axis_are_those_of_the_values() {
    for shape in SHAPES.into_iter().filter(|shape| !shape.is_empty()) {
        for (k, from) in broadcast_from(shape).iter().enumerate() {
            let (a, b) = (numbers(shape, 1), numbers(from, 2));
            let values = &a * &b.broadcast(IxDyn(shape)).unwrap();
            for axis in (0..shape.len()).map(Axis) {
                let sums = values.sum_axis(axis);
                let truths = values.map_axis(axis, |lane| lane.iter().any(|&x| x > 0.2));
                let least = values
                    .map_axis(axis, |lane| lane.iter().copied().reduce(f64::min).unwrap_or(0.0));
                for layout in (k % 3..LAYOUTS).step_by(3) {
                    let (a, b) = (Placed::new(&a, layout), Placed::new(&b, (layout + k) % LAYOUTS));
                    let (a, b) = (a.view(), b.view());
                    let mut bits = Vec::new();
                    each_way(|| {
                        let mut out = Placed::new(&sums.mapv(|_| 9.0), (layout + k) % LAYOUTS);
                        fused!(sum(axis)(out = out.view_mut()) = |a, b| a * b);
                        let near = out.view().iter().zip(&sums).all(|(x, y)| (x - y).abs() < 1e-12);
                        assert!(near, "{shape:?} {from:?} {axis:?} {layout}");
                        bits.push(out.view().mapv(f64::to_bits));
                        let mut any = truths.mapv(|_| true);
                        fused!(any(axis) any = |a, b| a * b > 0.2);
                        assert_eq!(any, truths);
                        fused!(all(axis) any = |a, b| a * b <= 0.2);
                        assert_eq!(any, truths.mapv(|is| !is));
                        if a.len_of(axis) > 0 {
                            let mut min = sums.clone();
                            fused!(min(axis) min = |a, b| a * b);
                            assert_eq!(min, least);
                            fused!(max(axis) min = |a, b| -(a * b));
                            assert_eq!(min, -&least);
                            fused!(mean(axis) min = |a, b| a * b);
                            let n = a.len_of(axis) as f64;
                            let near =
                                min.iter().zip(&sums).all(|(x, y)| (x * n - y).abs() < 1e-12);
                            assert!(near);
                        }
                    });
                    assert!(bits.iter().all(|b| *b == bits[0]), "the same bits each way");
                }
            }
        }
    }
}

/// As accurate as our sums: the error of plain summation is a thousand times as large.
#[test]
fn sums_are_pairwise() {
    let ones = Array1::from_elem(300_000, 0.1_f64);
    let sum = fused!(sum | ones | ones.abs());
    assert!((sum - 30_000.0).abs() < 1e-10, "{sum}");
    let wide = Array2::from_elem((200_000, 3), 0.1);
    let mut out = Array1::zeros(3);
    fused!(sum(Axis(0)) out = |wide| wide);
    assert!(out.iter().all(|sum| (sum - 20_000.0_f64).abs() < 1e-10), "{out}");
    let few = Array2::from_elem((60_000, 20), 0.1);
    let mut out = Array1::zeros(20);
    fused!(sum(Axis(0)) out = |few| few);
    assert!(out.iter().all(|sum| (sum - 6_000.0_f64).abs() < 1e-10), "{out}");
}

#[test]
fn means_are_in_range_where_sums_are_not() {
    let a = array2(&[[1e308, 1.5e308, 1e308], [f64::INFINITY, 1.0, 2.0], [1.0, 2.0, 6.0]]);
    assert_eq!(fused!(mean | a = a.row(0) | a), whole_mean(&a.row(0).to_owned()));
    let mut out = Array1::zeros(3);
    fused!(mean(Axis(1)) out = |a| a);
    assert_eq!(out[0], whole_mean(&a.row(0).to_owned()));
    assert_eq!(out[1], f64::INFINITY);
    assert_eq!(out[2], 3.0);
    fused!(mean(Axis(0)) out = |a = a.t()| a);
    assert_eq!(out[0], whole_mean(&a.row(0).to_owned()));
}

fn whole_mean(a: &Array1<f64>) -> f64 {
    crate::kernel::whole::mean(a)
}

fn array2(rows: &[[f64; 3]]) -> Array2<f64> {
    ndarray::arr2(rows)
}

#[test]
fn each_element_is_computed_once_by_a_formula_that_writes_and_at_least_once_by_a_reduction() {
    let a: Array3<f64> = Array::from_shape_fn((3, 40, 50), |(i, j, k)| (i + j + k) as f64);
    let parts: [ArrayView3<'_, f64>; 3] =
        [a.view(), a.slice(s![.., ..;-1, 1..48;3]), a.slice(s![..;2, 3..4, ..])];
    for part in parts {
        each_way(|| {
            let (mut calls, mut out) = (0, Array3::zeros(part.raw_dim()));
            fused!(
                out = |part| {
                    calls += 1;
                    part
                }
            );
            assert_eq!((calls, &out), (part.len(), &part.to_owned()));
            calls = 0;
            let count = fused!(
                sum | part | {
                    calls += 1;
                    part * 0.0 + 1.0
                }
            );
            assert_eq!(count, part.len() as f64);
            assert!(calls >= part.len());
        });
    }
}

/// The formula meets no pair of elements that does not occur, even where it computes more than it has to.
#[test]
fn elements_of_different_places_never_meet() {
    let m = Array2::from_shape_fn((40, 70), |(i, j)| (i * 7 + j * j) % 90 + j);
    let mut low = Array1::from_elem(70, usize::MAX);
    m.rows().into_iter().for_each(|row| low.zip_mut_with(&row, |low, &x| *low = x.min(*low)));
    let gaps = Array2::from_shape_fn((40, 90), |(i, j)| m[[i, j % 70]]);
    let part = gaps.slice(s![.., ..70]);
    each_way(|| {
        let mut sums = Array1::zeros(40);
        fused!(
            sum(Axis(1)) sums = |m, low, part| {
                assert!(m >= low && m == part);
                m - low
            }
        );
        assert_eq!(sums, (&m - &low).sum_axis(Axis(1)));
        let mut sums = Array1::zeros(70);
        fused!(
            sum(Axis(0)) sums = |m, low, part| {
                assert!(m >= low && m == part);
                m - low
            }
        );
        assert_eq!(sums, (&m - &low).sum_axis(Axis(0)));
    });
}
