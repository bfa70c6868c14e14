//! Nothing allocates in a lease, not even where it fails.

use std::sync::Arc;
use std::time::Duration;

use ndarray::{IxDyn, array};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::memory::no_alloc;
use ndarray_pool::prelude::*;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

#[test]
fn leases_allocate_nothing() {
    let pool = Arc::new(Pool2::<f64>::builder((3, 2)).buffers(70).name("state").build().unwrap());
    let filled = Pool2::<f64>::builder((3, 2)).buffers(1).fill_on_return(f64::NAN).build().unwrap();
    let dynamic = Pool::<f64, IxDyn>::new(IxDyn(&[2, 1, 3, 2]), 2).unwrap();
    let numbers = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    no_alloc(|| {
        let (mut a, b) = (pool.lease(), pool.lease_zeroed());
        let c = pool.lease_filled(2.0);
        let d = pool.lease_copy_of(&numbers.view().reversed_axes().reversed_axes());
        let e = pool.lease_timeout(Duration::from_secs(1)).unwrap();
        let f = pool.lease_owned();
        let owned =
            [pool.lease_owned_zeroed(), pool.lease_owned_filled(2.0), pool.lease_owned_copy_of(&d)];
        assert!(owned[0] == *b && owned[1] == *c && owned[2] == *d);
        drop(owned);
        a.assign(&b);
        a += &c;
        a *= 3.0;
        assert!(a != d && e.shape() == f.shape());
        drop(filled.lease());
        assert_eq!(dynamic.lease().ndim(), 4);
        assert_eq!(pool.stats().leased, 6);
        assert_eq!(pool.holders().count(), 6);
    });
    pool.assert_all_returned();
}

#[test]
fn a_lease_that_fails_allocates_nothing() {
    let pool = Arc::new(Pool2::<f64>::builder((3, 2)).buffers(2).name("state").build().unwrap());
    let _held = (pool.lease(), pool.lease());
    no_alloc(|| {
        let error = pool.try_lease().unwrap_err();
        drop((error.clone(), error));
        assert!(pool.try_lease_owned().is_err());
        assert!(pool.try_lease_owned_zeroed().is_err() && pool.try_lease_zeroed().is_err());
        assert!(pool.lease_timeout(Duration::from_micros(10)).is_err());
    });
}

#[test]
fn steps_and_reclaim_allocate_nothing() {
    let mut pool = Pool2::<f64>::new((3, 2), 2).unwrap();
    no_alloc(|| {
        let mut state = DoubleBuffer::new(pool.lease_zeroed(), pool.lease());
        for _ in 0..3 {
            state.step(|current, next| map_into(current, next, |x| x + 1.0));
        }
        std::mem::forget(state);
        assert_eq!(pool.reclaim(), 2);
    });
}

#[test]
fn appending_rows_allocates_nothing() {
    let mut rows = RowBuilder2::<f64>::new(3, 2000).unwrap();
    let block = ndarray::Array2::ones((10, 3));
    no_alloc(|| {
        rows.prefault(1000);
        for _ in 0..100 {
            rows.push(&[1.0, 2.0, 3.0]);
            rows.push_with(|row| row.fill(1.0));
            rows.push_rows(&block);
            assert!(rows.try_push(&[1.0]).is_err());
        }
        assert_eq!(rows.finish().len(), 3600);
    });
}

#[test]
fn a_history_allocates_nothing() {
    let pool = Pool2::<f64>::new((4, 3), 1).unwrap();
    no_alloc(|| {
        let mut history = History::new(pool.lease());
        history.push(&[1.0, 2.0, 3.0]);
        for _ in 0..10 {
            history.step(|past, new| {
                new.assign(&past.get(0));
                past.iter().for_each(|state| *new += &*state);
            });
        }
        assert!(history.iter().all(|state| state.len() == 3));
        assert!(history.parts().0.len() + history.parts().1.len() == 9);
        assert!(history.stacked().is_none_or(|states| states.len() == 9));
    });
}

#[test]
fn an_arena_that_knows_a_shape_allocates_nothing() {
    let arena = Arena::new(&Budget::new(1_000_000));
    let work = |arena: &Arena| {
        let (a, b) = (arena.lease::<f64, _>((10, 20)), arena.lease_zeroed::<u8, _>([1, 2, 3, 4]));
        let c = arena.lease_copy_of(&a);
        (c.len(), b.len())
    };
    let scope = arena.scope("scope");
    let before = work(&arena);
    no_alloc(|| assert_eq!(work(&arena), before));
    no_alloc(|| assert_eq!(work(&scope), before));
}
