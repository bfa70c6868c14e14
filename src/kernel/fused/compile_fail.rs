//! What [`fused!`](crate::fused) must not accept, each case with its twin, which differs in one line and does compile.
//!
//! Only built for doc tests. The error code is checked where rustdoc checks it (nightly).
#![expect(dead_code, reason = "carriers of doc tests")]

/// The elements of a formula have their types.
///
/// ```compile_fail,E0308
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out) = (Array1::<f32>::zeros(3), Array1::<f64>::zeros(3));
/// fused!(out = |a| a * 2.0);
/// ```
///
/// ```
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out) = (Array1::<f32>::zeros(3), Array1::<f64>::zeros(3));
/// fused!(out = |a| f64::from(a) * 2.0);
/// ```
fn types() {}

/// An array must be there.
///
/// ```compile_fail,E0425
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out) = (Array1::<f64>::zeros(3), Array1::<f64>::zeros(3));
/// fused!(out = |a, b| a);
/// ```
///
/// ```
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out) = (Array1::<f64>::zeros(3), Array1::<f64>::zeros(3));
/// fused!(out = |a, b = a| a + b);
/// ```
///
/// And it must be an array.
///
/// ```compile_fail,E0308
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out) = (vec![1.0, 2.0], Array1::<f64>::zeros(2));
/// fused!(out = |a| a);
/// ```
///
/// ```
/// use ndarray_pool::{fused, ndarray::{Array1, aview1}};
/// let (a, mut out) = (vec![1.0, 2.0], Array1::<f64>::zeros(2));
/// fused!(out = |a = aview1(&a)| a);
/// ```
fn arrays() {}

/// A formula is called many times, and cannot move what it captures.
///
/// ```compile_fail,E0507
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out, table) = (Array1::<f64>::zeros(3), Array1::<f64>::zeros(3), vec![1.0]);
/// fused!(out = |a| a + table.into_iter().sum::<f64>());
/// ```
///
/// ```
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (a, mut out, table) = (Array1::<f64>::zeros(3), Array1::<f64>::zeros(3), vec![1.0]);
/// fused!(out = |a| a + table.iter().sum::<f64>());
/// ```
fn moves() {}

/// An output is no other input than its own element.
///
/// ```compile_fail,E0502
/// use ndarray_pool::{fused, ndarray::{Array1, s}};
/// let mut x = Array1::<f64>::zeros(3);
/// fused!(x = |back = x.slice(s![..;-1])| back);
/// ```
///
/// ```
/// use ndarray_pool::{fused, ndarray::{Array1, s}};
/// let mut x = Array1::<f64>::zeros(3);
/// fused!(x = |back = x.clone().slice(s![..;-1])| back);
/// ```
///
/// Nor is it two outputs.
///
/// ```compile_fail,E0499
/// use ndarray_pool::{fused, ndarray::Array1};
/// let mut x = Array1::<f64>::zeros(3);
/// fused!((x, y = x) = || (1.0, 2.0));
/// ```
///
/// ```
/// use ndarray_pool::{fused, ndarray::Array1};
/// let (mut x, mut y) = (Array1::<f64>::zeros(3), Array1::<f64>::zeros(3));
/// fused!((x, y) = || (1.0, 2.0));
/// ```
fn overlaps() {}
