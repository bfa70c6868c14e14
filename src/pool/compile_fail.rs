//! What must not compile, each case with its twin, which differs in one line and does compile.
//!
//! Only built for doc tests. The twin shows that the case fails for the reason given and not for a typing error; the
//! error code is checked where rustdoc checks it (nightly).
#![expect(dead_code, reason = "carriers of doc tests")]

/// A lease cannot outlive its pool.
///
/// ```compile_fail,E0505
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let lease = pool.lease();
/// drop(pool);
/// println!("{lease}");
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let lease = pool.lease();
/// println!("{lease}");
/// drop(lease);
/// drop(pool);
/// ```
///
/// Nor can a view of a lease outlive the lease, owned or not.
///
/// ```compile_fail,E0505
/// use ndarray_pool::prelude::*;
/// let pool = std::sync::Arc::new(Pool2::<f64>::new((2, 2), 1).unwrap());
/// let lease = pool.lease_owned();
/// let view = lease.view();
/// drop(lease);
/// println!("{view}");
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = std::sync::Arc::new(Pool2::<f64>::new((2, 2), 1).unwrap());
/// let lease = pool.lease_owned();
/// let view = lease.view();
/// println!("{view}");
/// drop(lease);
/// ```
fn outlive() {}

/// The array cannot be swapped out of its guard: it is unsized.
///
/// ```compile_fail,E0277
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let (mut a, mut b) = (pool.lease(), pool.lease());
/// std::mem::swap(&mut *a, &mut *b);
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let (mut a, mut b) = (pool.lease(), pool.lease());
/// std::mem::swap(&mut a, &mut b);
/// ```
///
/// Nor can its layout, by which the array is found.
///
/// ```compile_fail,E0277
/// use ndarray_pool::{ndarray::{Ix2, LayoutRef}, prelude::*};
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let (mut a, mut b) = (pool.lease(), pool.lease());
/// let (a, b): (&mut LayoutRef<f64, Ix2>, &mut LayoutRef<f64, Ix2>) = (&mut a, &mut b);
/// std::mem::swap(a, b);
/// ```
///
/// ```
/// use ndarray_pool::{ndarray::{Ix2, LayoutRef}, prelude::*};
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let (mut a, mut b) = (pool.lease(), pool.lease());
/// let (a, b): (&mut LayoutRef<f64, Ix2>, &mut LayoutRef<f64, Ix2>) = (&mut a, &mut b);
/// std::mem::swap(&mut { a }, &mut { b });
/// ```
///
/// A guard is made by its pool alone: one around another pointer might find another pool at each
/// look.
///
/// ```compile_fail,E0451
/// use ndarray_pool::{Guard, prelude::*};
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let Guard { pool, .. } = pool.lease();
/// ```
///
/// ```
/// use ndarray_pool::{Guard, prelude::*};
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let pool = Guard::pool(&pool.lease());
/// ```
fn swap() {}

/// The array cannot be replaced by another one.
///
/// ```compile_fail,E0308
/// use ndarray_pool::{ndarray::Array2, prelude::*};
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let mut a = pool.lease();
/// *a = Array2::zeros((3, 3));
/// ```
///
/// ```
/// use ndarray_pool::{ndarray::Array2, prelude::*};
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let mut a = pool.lease();
/// a.assign(&Array2::zeros((2, 2)));
/// ```
///
/// Not by one of its own kind either.
///
/// ```compile_fail,E0277
/// use ndarray_pool::{ndarray::ArrayRef2, prelude::*};
/// fn replace<T>(a: &mut T, b: &mut T) { std::mem::swap(a, b) }
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let (mut a, mut b) = (pool.lease(), pool.lease());
/// replace::<ArrayRef2<f64>>(&mut a, &mut b);
/// ```
///
/// ```
/// use ndarray_pool::{ndarray::ArrayRef2, prelude::*};
/// fn replace<T: ?Sized>(a: &mut T, b: &mut T) {}
/// let pool = Pool2::<f64>::new((2, 2), 2).unwrap();
/// let (mut a, mut b) = (pool.lease(), pool.lease());
/// replace::<ArrayRef2<f64>>(&mut a, &mut b);
/// ```
fn replace() {}

/// Buffers cannot be reclaimed while a lease lives.
///
/// ```compile_fail,E0502
/// use ndarray_pool::prelude::*;
/// let mut pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let lease = pool.lease();
/// pool.reclaim();
/// println!("{lease}");
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let mut pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let lease = pool.lease();
/// println!("{lease}");
/// std::mem::forget(lease);
/// pool.reclaim();
/// ```
fn reclaim() {}

/// Elements must be plain data that may go to other threads: a pool hands a buffer from the thread
/// that returned it to the thread that leases it.
///
/// ```compile_fail,E0277
/// use ndarray_pool::prelude::*;
/// let pool = Pool1::<*const f64>::new(4, 1).unwrap();
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool1::<usize>::new(4, 1).unwrap();
/// ```
///
/// They are `Copy`: no code of a user runs when a buffer goes back.
///
/// ```compile_fail,E0277
/// use ndarray_pool::prelude::*;
/// let pool = Pool1::<String>::new(4, 1).unwrap();
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool1::<u8>::new(4, 1).unwrap();
/// ```
///
/// Zero bytes must be a value of theirs.
///
/// ```compile_fail,E0277
/// use ndarray_pool::prelude::*;
/// let pool = Pool1::<std::num::NonZeroU8>::new(4, 1).unwrap();
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool1::<Option<std::num::NonZeroU8>>::new(4, 1).unwrap();
/// ```
fn elements() {}

/// Pools and guards are `Send` and `Sync` (tests/all/pool/guard.rs says so), but a borrowed lease
/// cannot go to a thread that may outlive the pool.
///
/// ```compile_fail,E0597
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let lease = pool.lease();
/// std::thread::spawn(move || println!("{lease}"));
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = std::sync::Arc::new(Pool2::<f64>::new((2, 2), 1).unwrap());
/// let lease = pool.lease_owned();
/// std::thread::spawn(move || println!("{lease}"));
/// ```
///
/// A scope that ends before the pool will do.
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let lease = pool.lease();
/// std::thread::scope(|s| { s.spawn(move || println!("{lease}")); });
/// ```
///
/// An element that is plain data and may be shared, but not sent, is refused.
///
/// ```compile_fail,E0277
/// use std::{marker::PhantomData, sync::MutexGuard};
/// use ndarray_pool::prelude::*;
/// type Marker = MutexGuard<'static, ()>; // Sync and not Send
/// struct Plain(PhantomData<Marker>);
/// impl Copy for Plain {}
/// impl Clone for Plain { fn clone(&self) -> Self { *self } }
/// unsafe impl bytemuck::Zeroable for Plain {}
/// fn shared<T: Sync>() {}
/// shared::<Plain>();
/// let pool = Pool1::<Plain>::new(4, 1).unwrap();
/// ```
///
/// One that may be sent, but not shared, is refused too.
///
/// ```compile_fail,E0277
/// use std::{cell::Cell, marker::PhantomData};
/// use ndarray_pool::prelude::*;
/// type Marker = Cell<()>; // Send and not Sync
/// struct Plain(PhantomData<Marker>);
/// impl Copy for Plain {}
/// impl Clone for Plain { fn clone(&self) -> Self { *self } }
/// unsafe impl bytemuck::Zeroable for Plain {}
/// fn sent<T: Send>() {}
/// sent::<Plain>();
/// let pool = Pool1::<Plain>::new(4, 1).unwrap();
/// ```
///
/// The twin of both:
///
/// ```
/// use std::{cell::Cell, marker::PhantomData};
/// use ndarray_pool::prelude::*;
/// type Marker = u8; // Send and Sync
/// struct Plain(PhantomData<Marker>);
/// impl Copy for Plain {}
/// impl Clone for Plain { fn clone(&self) -> Self { *self } }
/// unsafe impl bytemuck::Zeroable for Plain {}
/// fn sent<T: Send>() {}
/// sent::<Plain>();
/// let pool = Pool1::<Plain>::new(4, 1).unwrap();
/// ```
///
/// A guard lends its buffer to one writer at a time.
///
/// ```compile_fail,E0499
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let mut lease = pool.lease();
/// let (a, b) = (lease.view_mut(), lease.view_mut());
/// println!("{a} {b}");
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// let pool = Pool2::<f64>::new((2, 2), 1).unwrap();
/// let mut lease = pool.lease();
/// let (a, b) = (lease.view(), lease.view());
/// println!("{a} {b}");
/// ```
fn threads() {}

/// An element cannot be aligned to more than a page.
///
/// ```compile_fail,E0080
/// use ndarray_pool::prelude::*;
/// #[derive(Clone, Copy)]
/// #[repr(align(8192))]
/// struct Wide([u8; 8192]);
/// unsafe impl bytemuck::Zeroable for Wide {}
/// let pool = Pool1::<Wide>::new(2, 1).unwrap();
/// ```
///
/// ```
/// use ndarray_pool::prelude::*;
/// #[derive(Clone, Copy)]
/// #[repr(align(4096))]
/// struct Wide([u8; 8192]);
/// unsafe impl bytemuck::Zeroable for Wide {}
/// let pool = Pool1::<Wide>::new(2, 1).unwrap();
/// ```
fn alignment() {}

/// A pool is invariant in its element, however it is shared: what one type writes would be read as another. Here a
/// function that takes every `&str` is read from memory that got one for `&'static str` alone, and any `&str`
/// becomes `'static`.
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(pool: &Pool1<Any>) -> &Pool1<Static> { pool }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(pool: &Pool1<Any>) -> &Pool1<Any> { pool }
/// ```
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(pool: Arc<Pool1<Any>>) -> Arc<Pool1<Static>> { pool }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(pool: Arc<Pool1<Any>>) -> Arc<Pool1<Any>> { pool }
/// ```
///
/// So are the guards, and what is made of guards.
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of<'p>(lease: Lease<'p, Any, Ix1>) -> Lease<'p, Static, Ix1> { lease }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of<'p>(lease: Lease<'p, Any, Ix1>) -> Lease<'p, Any, Ix1> { lease }
/// ```
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(lease: OwnedLease<Any, Ix1>) -> OwnedLease<Static, Ix1> { lease }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(lease: OwnedLease<Any, Ix1>) -> OwnedLease<Any, Ix1> { lease }
/// ```
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(states: DoubleBuffer<OwnedLease<Any, Ix1>>) -> DoubleBuffer<OwnedLease<Static, Ix1>> { states }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(states: DoubleBuffer<OwnedLease<Any, Ix1>>) -> DoubleBuffer<OwnedLease<Any, Ix1>> { states }
/// ```
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(states: History<OwnedLease<Any, Ix2>>) -> History<OwnedLease<Static, Ix2>> { states }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(states: History<OwnedLease<Any, Ix2>>) -> History<OwnedLease<Any, Ix2>> { states }
/// ```
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(rows: RowBuilder2<Any>) -> RowBuilder2<Static> { rows }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of(rows: RowBuilder2<Any>) -> RowBuilder2<Any> { rows }
/// ```
///
/// ```compile_fail,E0308
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of<'p>(rows: &'p RowBuilder2<Any>) -> &'p RowBuilder2<Static> { rows }
/// ```
///
/// ```
/// # use std::sync::Arc;
/// # use ndarray_pool::{ndarray::{Ix1, Ix2}, pattern::*, prelude::*};
/// type Any = Option<&'static for<'a> fn(&'a str)>;
/// type Static = Option<&'static fn(&'static str)>;
/// fn of<'p>(rows: &'p RowBuilder2<Any>) -> &'p RowBuilder2<Any> { rows }
/// ```
fn variance() {}
