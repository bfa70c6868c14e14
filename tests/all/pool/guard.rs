//! A guard stands wherever an array stands.

use std::ops::AddAssign;
use std::sync::Arc;

use ndarray::{
    Array1, Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, Ix2, Zip, array, azip, s,
};
use ndarray_pool::prelude::*;

fn pool() -> Arc<Pool2<f64>> {
    Arc::new(Pool2::new((2, 3), 4).unwrap())
}

fn numbers() -> Array2<f64> {
    array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
}

/// Runs the same checks on a borrowed and on an owned lease that hold `numbers`.
macro_rules! for_both_guards {
    (|$lease:ident, $other:ident| $body:block) => {{
        let pool = pool();
        {
            #[allow(unused_mut, reason = "some checks only read")]
            let (mut $lease, $other) = (pool.lease_copy_of(&numbers()), pool.lease_filled(2.0));
            $body
        }
        {
            #[allow(unused_mut, reason = "some checks only read")]
            let (mut $lease, mut $other) = (pool.lease_owned(), pool.lease_owned());
            $lease.assign(&numbers());
            $other.fill(2.0);
            $body
        }
        pool.assert_all_returned();
    }};
}

#[test]
fn it_is_an_array_reference() {
    fn trace(a: &ArrayRef2<f64>) -> f64 {
        a.diag().sum()
    }
    fn negate(a: &mut ArrayRef2<f64>) {
        a.map_inplace(|x| *x = -*x);
    }
    fn shape_of(a: impl AsRef<ArrayRef2<f64>>) -> Vec<usize> {
        a.as_ref().shape().to_vec()
    }
    fn first_of(mut a: impl AsMut<ArrayRef2<f64>>) -> f64 {
        a.as_mut()[[0, 0]]
    }
    for_both_guards!(|a, b| {
        assert_eq!(trace(&a), 6.0);
        negate(&mut a);
        assert_eq!(a.sum_axis(Axis(0)), array![-5.0, -7.0, -9.0]);
        assert_eq!(a.slice(s![.., 1]), array![-2.0, -5.0]);
        a[[1, 2]] = 0.5;
        assert_eq!(a[(1, 2)] + b[[0, 0]], 2.5);
        assert_eq!(&a.to_owned() + 1.0, &*a + 1.0);
        assert_eq!(shape_of(a), [2, 3]);
        assert_eq!(first_of(b), 2.0);
    });
}

#[test]
fn it_prints_as_an_array() {
    for_both_guards!(|a, _b| {
        assert_eq!(format!("{a}"), format!("{}", numbers()));
        assert_eq!(format!("{a:.3}"), format!("{:.3}", numbers()));
        assert_eq!(format!("{a:?}"), format!("{:?}", numbers()));
    });
}

#[test]
fn it_compares_with_arrays_and_guards_from_both_sides() {
    let pool = pool();
    for_both_guards!(|a, b| {
        assert_eq!(a, numbers());
        assert_eq!(a, numbers().view());
        assert_eq!(numbers(), a);
        assert_eq!(numbers().view(), a);
        assert_eq!(a, *numbers());
        assert!(*numbers() == a);
        assert_ne!(a, b);
        assert_ne!(b, a);
        assert_eq!(b, pool.lease_filled(2.0));
        assert_eq!(pool.lease_filled(2.0), b);
        assert_ne!(pool.lease_owned(), a);
    });
    let ints = Pool2::<u8>::new((1, 2), 2).unwrap();
    fn total_equality<T: Eq>(_: &T) {}
    total_equality(&ints.lease());
}

#[test]
fn it_iterates_by_reference() {
    for_both_guards!(|a, _b| {
        for x in &mut a {
            *x += 1.0;
        }
        let mut sum = 0.0;
        for x in &a {
            sum += x;
        }
        assert_eq!(sum, 27.0);
    });
}

#[test]
fn zip_takes_it() {
    for_both_guards!(|a, b| {
        azip!((x in &mut a, &y in &b) *x *= y);
        assert_eq!(a, numbers() * 2.0);
        let total = Zip::from(&a).and(&b).fold(0.0, |total, x, y| total + x * y);
        assert_eq!(total, 84.0);
    });
}

#[test]
fn it_converts_to_views() {
    for_both_guards!(|a, _b| {
        let view: ArrayView2<'_, f64> = (&a).into();
        assert_eq!(view[[1, 1]], 5.0);
        let mut view: ArrayViewMut2<'_, f64> = (&mut a).into();
        view[[1, 1]] = 50.0;
        assert_eq!(ArrayView2::from(&a)[[1, 1]], 50.0);
    });
}

#[test]
fn operators_change_it_in_place() {
    let row = array![1.0, 2.0, 3.0];
    for_both_guards!(|a, b| {
        let start = a.as_ptr();
        a += 1.0;
        a -= &row;
        a *= &b;
        a /= &*b;
        a += &row.view();
        a -= &numbers();
        a *= 3.0;
        a /= 0.5;
        assert_eq!(a, Array2::from_elem((2, 3), 6.0));
        assert_eq!(a.as_ptr(), start);
    });
    // A lease on the right of an array.
    for_both_guards!(|a, b| {
        let mut owned = numbers();
        owned += &a;
        owned.view_mut().add_assign(&b);
        *owned -= &a;
        owned *= &b;
        owned /= &b;
        assert_eq!(owned, &*a + &*b);
    });
    let ints = Pool1::<i32>::new(3, 2).unwrap();
    let mut a = ints.lease_filled(7);
    a /= 2;
    a *= &Array1::from_elem(3, 4);
    a -= 1;
    assert_eq!(a, array![11, 11, 11]);
}

#[test]
#[cfg(feature = "complex")]
fn operators_take_complex_scalars() {
    use num_complex::Complex;
    let pool = Pool1::<Complex<f64>>::new(2, 1).unwrap();
    let mut a = pool.lease_filled(Complex::new(1.0, 2.0));
    a *= Complex::new(0.0, 1.0);
    assert_eq!(a, array![Complex::new(-2.0, 1.0), Complex::new(-2.0, 1.0)]);
}

#[test]
#[cfg(feature = "serde")]
fn it_serialises_as_an_array() {
    for_both_guards!(|a, _b| {
        let (ours, theirs) = (serde_json::to_string(&a), serde_json::to_string(&numbers()));
        assert_eq!(ours.unwrap(), theirs.unwrap());
    });
}

#[test]
#[cfg(feature = "approx")]
fn it_compares_closely() {
    use approx::{assert_abs_diff_eq, assert_relative_eq, assert_ulps_eq};
    let near = numbers() + 1e-12;
    for_both_guards!(|a, b| {
        assert_abs_diff_eq!(a, near, epsilon = 1e-9);
        assert_relative_eq!(a, near, max_relative = 1e-9);
        assert_ulps_eq!(a, numbers());
        assert!(approx::abs_diff_ne!(a, near, epsilon = 1e-15));
        assert!(approx::relative_ne!(a, b));
        assert!(approx::ulps_ne!(a, b));
    });
}

#[test]
fn swapping_guards_swaps_arrays() {
    let pool = pool();
    let (mut a, mut b) = (pool.lease_filled(1.0), pool.lease_filled(2.0));
    let start = a.as_ptr();
    std::mem::swap(&mut a, &mut b);
    assert_eq!((a[[0, 0]], b[[0, 0]]), (2.0, 1.0));
    assert_eq!(b.as_ptr(), start);
}

#[test]
fn the_next_lease_is_whole_whatever_was_done_to_the_view() {
    let pool = Pool2::<f64>::new((2, 3), 1).unwrap();
    let mut a = pool.lease_copy_of(&numbers());
    a.swap_axes(0, 1);
    a.invert_axis(Axis(0));
    a.slice_collapse(s![1.., ..1]);
    assert_eq!(a.shape(), [2, 1]);
    drop(a);
    assert_eq!(pool.lease(), numbers());
}

#[test]
fn pools_and_guards_go_to_other_threads() {
    fn sent<T: Send>() {}
    fn shared<T: Sync>() {}
    sent::<Pool2>();
    shared::<Pool2>();
    sent::<Lease<'static>>();
    shared::<Lease<'static>>();
    sent::<OwnedLease<u8, Ix2>>();
    shared::<OwnedLease<u8, Ix2>>();
    sent::<DoubleBuffer<OwnedLease>>();
    shared::<DoubleBuffer<OwnedLease>>();
}
