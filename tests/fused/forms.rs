//! Every form that the macro takes, on every kind of array.
#![expect(clippy::reversed_empty_ranges, reason = "ndarray counts -1 from the end")]

use std::cell::Cell;
use std::ops::AddAssign;

use ndarray::{Array, Array1, Array2, ArrayRef1, ArrayViewMut1, Axis, array, aview0, s};
use ndarray_pool::fused;
use ndarray_pool::prelude::*;

#[test]
fn a_name_is_the_array_outside_and_its_element_inside() {
    let (a, b, dt) = (array![1.0, 2.0], array![10.0, 20.0], 0.5);
    let mut out = Array1::zeros(2);
    fused!(out = |a, b| a + dt * b);
    assert_eq!(out, array![6.0, 12.0]);
    fused!(out = |a, b| { a + dt * b },); // trailing commas
    fused!(out = || dt);
    assert_eq!(out, array![0.5, 0.5]);
    assert_eq!(a.len() + b.len(), 4, "they are arrays again");
}

#[test]
fn changes_are_those_of_the_operator() {
    let (mut x, g) = (array![1.0, 2.0, 4.0], array![2.0]);
    fused!(x += |g| g * 2.0);
    assert_eq!(x, array![5.0, 6.0, 8.0]);
    fused!(x -= |x, g| x - g);
    assert_eq!(x, array![2.0, 2.0, 2.0]);
    fused!(x *= |g| g);
    fused!(x /= || 8.0);
    assert_eq!(x, array![0.5, 0.5, 0.5]);
    fused!(x = |x, x_again = x_before()| x + x_again);
    assert_eq!(x, array![1.5, 2.5, 3.5]);
    fused!((middle = x.slice_mut(s![1..2])) += |g| g);
    assert_eq!(x, array![1.5, 4.5, 3.5]);

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Metres(f64);
    impl AddAssign<f64> for Metres {
        fn add_assign(&mut self, more: f64) {
            self.0 += more;
        }
    }
    let mut way = Array1::from_elem(3, Metres(1.0));
    fused!(way += |g| g);
    assert_eq!(way[2], Metres(3.0));
}

fn x_before() -> Array1<f64> {
    array![1.0, 2.0, 3.0]
}

#[test]
fn arrays_views_leases_references_and_fields_are_operands() {
    struct State<'p> {
        lease: Lease<'p>,
        owned: Array2<f64>,
    }
    impl State<'_> {
        fn step(&mut self, by: &Array1<f64>, out: &mut Array2<f64>) {
            fused!(out = |by, lease = self.lease, owned = self.owned| by + lease * owned);
            fused!((lease = self.lease) += |out| out);
        }
    }
    let pool = Pool2::new((2, 3), 2).unwrap();
    let mut state = State { lease: pool.lease_filled(2.0), owned: Array2::ones((2, 3)) };
    let mut out = Array2::zeros((2, 3));
    state.step(&array![1.0, 2.0, 3.0], &mut out);
    assert_eq!(out, array![[3.0, 4.0, 5.0], [3.0, 4.0, 5.0]]);
    assert_eq!(state.lease, array![[5.0, 6.0, 7.0], [5.0, 6.0, 7.0]]);

    let mut other = pool.lease();
    let (lease, view) = (&mut other, out.view());
    let row: &ArrayRef1<f64> = &view.row(0);
    fused!(lease = |view, row, column = view.slice(s![.., ..1]), number = aview0(&10.0)| {
        view + row * column + number
    });
    assert_eq!(other.row(1), array![22.0, 26.0, 30.0]);

    let mut part: ArrayViewMut1<'_, f64> = other.row_mut(0);
    fused!(part = |shared = ndarray::arr1(&[1.0]).into_shared()| shared);
    assert_eq!(other.row(0), array![1.0, 1.0, 1.0]);
}

#[test]
fn thirteen_inputs_and_four_outputs() {
    let a = array![1, 2];
    let (mut p, mut q, mut r, mut s) = (a.clone(), a.clone(), a.clone(), a.clone());
    let [b, c, d, e, f, g, h, i, j] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|k| &a * k);
    fused!(
        (p, q, r, s) = |a, b, c, d, e, f, g, h, i, j, p, q, r| {
            (a + b + c + d + e, f + g + h + i + j, p + q, r)
        }
    );
    assert_eq!((p, q, r, s), (&a * 11, &a * 35, &a * 2, a));
}

#[test]
fn formulas_are_code() {
    let a = array![3.0, -1.0, 0.5];
    let (mut out, mut most, calls) = (Array1::zeros(3), f64::MIN, Cell::new(0));
    let table = [10.0, 20.0, 30.0];
    fused!(
        out = |a| {
            calls.set(calls.get() + 1);
            if a > most {
                most = a;
            }
            if a < 0.0 {
                return table[2];
            }
            match a > 1.0 {
                true => table[0],
                false => table[1],
            }
        }
    );
    assert_eq!((out, most, calls.get()), (array![10.0, 30.0, 20.0], 3.0, 3));
}

/// A formula within a formula has its own outputs.
#[test]
fn formulas_nest() {
    let (a, b) = (array![1.0, 2.0], array![3.0, 4.0]);
    let mut out = Array1::zeros(2);
    fused!(
        out = |a| {
            let mut a_times_b = Array1::zeros(2);
            fused!(a_times_b = |b| a * b);
            a_times_b.sum()
        }
    );
    assert_eq!(out, array![7.0, 14.0]);
}

#[test]
fn reductions_take_what_outputs_take() {
    let (sum, mean) = (array![[1.0, 2.0], [3.0, 4.0]], array![1.0, 2.0]);
    // Names of reductions are names of arrays too.
    let total: f64 = fused!(sum | sum, mean | sum * mean);
    assert_eq!(total, 1.0 + 4.0 + 3.0 + 8.0);
    let pool = Pool1::new(2, 1).unwrap();
    let (mut out, axis) = (pool.lease(), 0);
    fused!(sum(Axis(axis)) out = |sum, mean| sum * mean);
    assert_eq!(out, array![4.0, 12.0]);
    let mut both = Array2::zeros((2, 2));
    fused!(max(Axis(1)) (row = both.row_mut(1)) = |sum, t = sum.t()| sum + t);
    assert_eq!(both, array![[0.0, 0.0], [5.0, 8.0]]);
    assert_eq!(fused!(mean | sum | sum), 2.5);
    assert_eq!(fused!(min | sum | -sum), Some(-4.0));
    assert!(fused!(any | sum | sum == 3.0) && !fused!(all | sum | sum == 3.0));
    assert_eq!(fused!(max | none = Array1::<u8>::zeros(0) | none), None);
    assert_eq!(fused!(sum | sum | usize::from(sum > 1.5)), 3);
}

#[test]
fn overlapping_windows_and_empty_arrays_are_inputs() {
    let a = Array::range(0.0, 20.0, 1.0);
    let mut out = Array1::zeros(18);
    fused!(out = |l = a.slice(s![..-2]), m = a.slice(s![1..-1]), r = a.slice(s![2..])| l + m + r);
    assert_eq!(out, Array::range(3.0, 57.0, 3.0));
    let (none, mut empty) = (Array2::<f64>::zeros((0, 3)), Array2::<f64>::zeros((0, 3)));
    fused!(empty = |none| panic!("there is no element, not {none}"));
    assert_eq!(fused!(sum | none | none), 0.0);
    let mut out = array![1.0, 1.0, 1.0];
    fused!(sum(Axis(0)) out = |none| none);
    assert_eq!(out, array![0.0, 0.0, 0.0]);
}
