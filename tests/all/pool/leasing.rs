//! What `lease` and its variants give, for all kinds of shape and element.

use std::sync::Arc;
use std::time::Duration;

use ndarray::{Array, Array2, Dimension, IxDyn, ShapeBuilder, array};
use ndarray_pool::prelude::*;
use ndarray_pool::{Element, HugePages};

/// Builds a pool of two, and checks what holds for every pool: zero at first, whole, apart, stale.
fn check_pool<A, D, Sh>(shape: Sh, one: A)
where
    A: Element + PartialEq + std::fmt::Debug,
    D: Dimension,
    Sh: ShapeBuilder<Dim = D>,
{
    let shape = shape.into_shape_with_order();
    let pool = Pool::<A, D>::new(shape.clone(), 2).unwrap();
    let zero = A::zeroed();
    let expected = Array::from_elem(shape.clone(), one);

    let mut a = pool.lease();
    let b = pool.lease();
    assert_eq!(a.raw_dim(), pool.raw_dim());
    assert_eq!(a.strides(), expected.strides());
    assert!(a.iter().all(|x| *x == zero), "memory is zero at first");
    a.fill(one);
    assert!(b.iter().all(|x| *x == zero), "the buffers are apart");
    drop((a, b));

    assert_eq!(pool.lease(), expected, "contents are stale");
    assert!(pool.lease_zeroed().iter().all(|x| *x == zero));
    assert_eq!(pool.lease_filled(one), expected);
    assert_eq!(pool.lease_copy_of(&expected), expected);
    pool.assert_all_returned();

    let pool = Arc::new(pool);
    let zeros = Array::from_elem(shape, zero);
    for _ in 0..2 {
        // In the second round, all buffers are stale.
        let [all_zero, try_zero] =
            [pool.lease_owned_zeroed(), pool.try_lease_owned_zeroed().unwrap()];
        assert!(all_zero == zeros && try_zero == zeros);
        assert!(pool.try_lease_zeroed().is_err() && pool.try_lease_owned_zeroed().is_err());
        drop((all_zero, try_zero));
        let [filled, try_filled] =
            [pool.lease_owned_filled(one), pool.try_lease_owned_filled(one).unwrap()];
        assert!(filled == expected && try_filled == expected);
        assert!(pool.try_lease_filled(one).is_err() && pool.try_lease_owned_filled(one).is_err());
        drop((filled, try_filled));
        let copies =
            [pool.lease_owned_copy_of(&zeros), pool.try_lease_owned_copy_of(&zeros).unwrap()];
        assert!(copies.iter().all(|copy| *copy == zeros));
        assert!(pool.try_lease_copy_of(&zeros).is_err());
        assert!(pool.try_lease_owned_copy_of(&zeros).is_err());
        drop(copies);
        assert_eq!(pool.try_lease_filled(one).unwrap(), expected);
        assert_eq!(pool.try_lease_zeroed().unwrap(), zeros);
        assert_eq!(pool.try_lease_copy_of(&expected).unwrap(), expected);
    }
    pool.assert_all_returned();
}

#[test]
fn every_shape_works() {
    check_pool((), 1.0);
    check_pool(5, 1.0);
    check_pool((3, 4), 1.0);
    check_pool([2, 3, 4], 1.0);
    check_pool((2, 1, 3, 2), 1.0);
    check_pool((2, 1, 3, 2, 2), 1.0);
    check_pool((2, 1, 3, 2, 2, 1), 1.0);
    check_pool(IxDyn(&[3, 4]), 1.0);
    check_pool(IxDyn(&[1, 2, 1, 2, 1, 2, 1]), 1.0);
    check_pool((3, 4).f(), 1.0);
    check_pool((2, 3, 4).f(), 1.0);
    check_pool(array![[1, 2], [3, 4]].raw_dim(), 1.0);
    check_pool((1000, 700), 1.0);
}

#[test]
fn shapes_of_zero_size_work() {
    check_pool(0, 1.0);
    check_pool((0, 5), 1.0);
    check_pool((5, 0).f(), 1.0);
    check_pool(IxDyn(&[2, 0, 3]), 1.0);
    let pool = Pool2::<f64>::new((0, 5), 3).unwrap();
    assert_eq!(pool.stats().reserved_bytes, 0);
    assert_eq!(pool.stats().buffers, 3);
}

#[test]
fn every_kind_of_element_works() {
    check_pool((3, 5), 1.0_f32);
    check_pool((3, 5), 1_i8);
    check_pool((3, 5), 1_u16);
    check_pool((3, 5), 1_i64);
    check_pool((3, 5), 1_u128);
    check_pool((3, 5), true);
    check_pool((3, 5), [1.0_f32; 3]);
    check_pool((3, 5), ());
    #[cfg(feature = "complex")]
    check_pool((3, 5), num_complex::Complex::new(1.0, -1.0));
}

#[test]
fn over_aligned_elements_are_aligned() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(align(512))]
    struct Wide(u8);
    #[expect(unsafe_code, reason = "zero bytes are a `Wide`")]
    // SAFETY: The only field is a `u8`, for which zero is a value; the rest is padding.
    unsafe impl bytemuck::Zeroable for Wide {}

    check_pool((2, 3), Wide(1));
    let pool = Pool1::<Wide>::new(1, 3).unwrap();
    let leases = [pool.lease(), pool.lease(), pool.lease()];
    assert!(leases.iter().all(|lease| lease.as_ptr().addr() % 512 == 0));
}

#[test]
fn a_clone_written_by_hand_is_never_run() {
    #[derive(Copy, Debug, PartialEq)]
    struct Strange(u8);
    #[expect(clippy::non_canonical_clone_impl, reason = "that is the point")]
    impl Clone for Strange {
        fn clone(&self) -> Self {
            panic!("cloned");
        }
    }
    #[expect(unsafe_code, reason = "zero bytes are a `Strange`")]
    // SAFETY: The only field is a `u8`, for which zero is a value.
    unsafe impl bytemuck::Zeroable for Strange {}

    let mut pool =
        Pool1::<Strange>::builder(5).buffers(1).fill_on_return(Strange(7)).build().unwrap();
    drop(pool.lease_zeroed());
    assert_eq!(pool.lease()[4], Strange(7));
    drop(pool.lease_filled(Strange(1)));
    std::mem::forget(pool.lease_filled(Strange(1)));
    assert_eq!(pool.reclaim(), 1);
    assert_eq!(pool.try_lease().unwrap()[0], Strange(7));
}

#[test]
fn buffers_start_on_a_cache_line() {
    for len in [1, 7, 9, 100, 300_000] {
        let pool = Pool1::<f64>::new(len, 3).unwrap();
        let leases = [pool.lease(), pool.lease(), pool.lease()];
        assert!(leases.iter().all(|lease| lease.as_ptr().addr() % 64 == 0));
    }
}

#[test]
fn options_do_not_change_what_a_pool_does() {
    for huge_pages in [HugePages::Auto, HugePages::Never] {
        for prefault in [true, false] {
            let pool = Pool2::<f64>::builder((700, 500))
                .buffers(2)
                .huge_pages(huge_pages)
                .prefault(prefault)
                .build()
                .unwrap();
            assert_eq!(pool.lease().sum(), 0.0);
            assert_eq!(pool.lease_filled(1.0).sum(), 350_000.0);
        }
    }
}

#[test]
fn fill_on_return_shows_stale_reads() {
    for shape in [(3, 5).into_shape_with_order(), (3, 5).f()] {
        let mut pool =
            Pool2::<f64>::builder(shape).buffers(2).fill_on_return(f64::NAN).build().unwrap();
        assert!(pool.lease().iter().all(|x| x.is_nan()), "at construction");
        let mut a = pool.lease_filled(1.0);
        // Even what the view does not show any more is written on return.
        a.slice_collapse(ndarray::s![1..2, ..;2]);
        assert_eq!(a.sum(), 3.0);
        drop(a);
        assert!(pool.lease().iter().all(|x| x.is_nan()), "on return");
        std::mem::forget(pool.lease_filled(1.0));
        assert_eq!(pool.reclaim(), 1);
        assert!(pool.lease().iter().all(|x| x.is_nan()), "on reclaim");
    }
}

#[test]
fn a_copy_of_any_layout_is_a_copy() {
    let c = Array2::from_shape_fn((3, 4), |(i, j)| (10 * i + j) as f64);
    let mut f = Array2::zeros((3, 4).f());
    f.assign(&c);
    for pool in [Pool2::new((3, 4), 1).unwrap(), Pool2::new((3, 4).f(), 1).unwrap()] {
        assert_eq!(pool.lease_copy_of(&c), c);
        assert_eq!(pool.lease_copy_of(&f), c);
        assert_eq!(
            pool.lease_copy_of(&c.slice(ndarray::s![..;-1, ..])),
            c.slice(ndarray::s![..;-1, ..])
        );
    }
}

#[test]
fn the_buffer_used_last_goes_out_first() {
    let pool = Pool2::<f64>::new((2, 2), 3).unwrap();
    let (a, b) = (pool.lease(), pool.lease());
    let warm = a.as_ptr();
    drop(a);
    assert_eq!(pool.lease().as_ptr(), warm);
    drop(b);
    assert_eq!(pool.lease().as_ptr(), warm);
}

#[test]
fn stats_count_and_remember_the_peak() {
    let pool = Pool1::<f32>::builder(100).buffers(70).name("state").build().unwrap();
    let all: Vec<_> = (0..66).map(|_| pool.lease()).collect();
    let stats = pool.stats();
    assert_eq!(
        (stats.buffers, stats.leased, stats.peak_leased, stats.total_leases),
        (70, 66, 66, 66)
    );
    assert_eq!((stats.bytes_per_buffer, stats.reserved_bytes), (400, 70 * 448));
    drop(all);
    drop(pool.lease());
    let stats = pool.stats();
    assert_eq!((stats.leased, stats.peak_leased, stats.total_leases), (0, 66, 67));
    assert_eq!(pool.name(), Some("state"));
    assert!(format!("{pool:?}").contains("\"state\""));
}

#[test]
fn a_panic_while_leased_returns_the_buffer() {
    let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut lease = pool.lease();
        lease[[7, 7]] = 1.0;
    }));
    assert!(caught.is_err());
    pool.assert_all_returned();
    assert_eq!(pool.try_lease().unwrap().sum(), 0.0);
}

#[test]
fn a_wait_ends_when_another_thread_returns() {
    let pool = Arc::new(Pool2::<f64>::new((2, 2), 1).unwrap());
    let lease = pool.lease_owned();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| pool.lease_timeout(Duration::from_secs(60)).map(|l| l.sum()));
        std::thread::sleep(Duration::from_millis(20));
        drop(lease);
        assert_eq!(waiter.join().unwrap().unwrap(), 0.0);
    });
    pool.assert_all_returned();
}

#[test]
fn an_owned_lease_keeps_its_pool_alive() {
    let pool = Arc::new(Pool2::<f64>::new((500, 500), 2).unwrap());
    let mut lease = pool.lease_owned();
    let weak = Arc::downgrade(&pool);
    drop(pool);
    lease.fill(3.0);
    assert_eq!(lease.sum(), 750_000.0);
    let second = OwnedLease::pool(&lease).lease_copy_of(&lease).sum();
    assert_eq!(second, 750_000.0);
    drop(lease);
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_forgotten_owned_lease_keeps_its_slot_and_its_pool() {
    let mut pool = Arc::new(Pool2::<f64>::new((2, 2), 2).unwrap());
    std::mem::forget(pool.lease_owned());
    assert!(Arc::get_mut(&mut pool).is_none(), "nobody can reclaim a pool that it may still use");
    assert_eq!(pool.stats().leased, 1);
}

#[test]
fn an_owned_copy_of_another_shape_is_refused_before_a_buffer_is_taken() {
    let pool = Arc::new(Pool2::<f64>::new((2, 3), 1).unwrap());
    let other = Array2::zeros((3, 2));
    let message = |call: &dyn Fn()| {
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_err();
        payload.downcast_ref::<String>().unwrap().clone()
    };
    let says = |method: &str| {
        format!("{method}: `array` has shape [3, 2], but must have the shape of the pool, [2, 3]")
    };
    let calls: [(&str, &dyn Fn()); 4] = [
        ("lease_copy_of", &|| drop(pool.lease_copy_of(&other))),
        ("try_lease_copy_of", &|| drop(pool.try_lease_copy_of(&other))),
        ("lease_owned_copy_of", &|| drop(pool.lease_owned_copy_of(&other))),
        ("try_lease_owned_copy_of", &|| drop(pool.try_lease_owned_copy_of(&other))),
    ];
    for (method, call) in calls {
        assert_eq!(message(call), says(method));
    }
    assert_eq!(pool.stats().peak_leased, 0);
    drop(pool.lease_owned_copy_of(&Array2::zeros((2, 3))));
}
