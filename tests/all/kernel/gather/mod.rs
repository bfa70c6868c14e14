//! The kernels that gather and assemble, once each: their operands, one call, and the formula written naively.
//!
//! They do not fit the `registry` beside this folder, because `out` has another shape than the inputs, or holds
//! places. The same kinds of tests walk over this list: see `gathering.rs` and `kernel_alloc.rs`.
//!
//! All elements are `usize` here, so that indices, counts and moved elements are laid out by the same code. From a
//! shape and an axis an entry makes a [`Case`]; its inputs are then laid out in many ways, and handed to `call` as
//! views of any layout. What `call` does besides the kernel (telling static types, filling what is changed in
//! place) is done before it hands the kernel to the probe, which counts allocations or catches a panic.

use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, Axis};

/// Operands of one call, as they should logically be.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) inputs: Vec<ArrayD<usize>>,
    /// The shape of `out`.
    pub(crate) out: Vec<usize>,
    pub(crate) axis: usize,
    /// A shift, a diagonal, a mode: what the entry makes of it.
    pub(crate) parameter: isize,
}

/// Gets the bare call of a kernel.
pub(crate) type Probe<'a> = &'a mut dyn FnMut(&mut dyn FnMut());

pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [isize],
    /// `None` where the kernel takes no such shape.
    pub(crate) case: fn(shape: &[usize], axis: usize, parameter: isize) -> Option<Case>,
    /// The kernel for arrays of as many axes as the first input has, with static types or with `IxDyn`.
    pub(crate) call: Call,
    /// One element of `out`.
    pub(crate) formula: fn(&Case, &[ArrayViewD<'_, usize>], &[usize]) -> usize,
    /// Whether `out` starts as the first input.
    pub(crate) in_place: bool,
    /// How to spoil the case of shape 3×4 along axis 0, and the message that this gives.
    pub(crate) mistakes: &'static [Mistake],
}

pub(crate) type Call =
    fn(&Case, &[ArrayViewD<'_, usize>], ArrayViewMutD<'_, usize>, static_types: bool, Probe<'_>);

pub(crate) type Mistake = (fn(&mut Case), &'static str);

/// The call of an entry, which is generic over the type of the dimension.
macro_rules! call {
    (|$case:ident, [$($input:ident: $dim:ty),*], $out:ident: $out_dim:ty, $probe:ident| $body:expr) => {
        |$case, inputs, out, static_types, probe| {
            fn typed<D: ndarray::RemoveAxis>(
                $case: &Case,
                inputs: &[ndarray::ArrayViewD<'_, usize>],
                out: ndarray::ArrayViewMutD<'_, usize>,
                $probe: Probe<'_>,
            ) {
                let [$($input),*] = inputs else { panic!("wrong number of inputs") };
                $(let $input: ndarray::ArrayView<'_, usize, $dim> =
                    $input.view().into_dimensionality().expect("the input has as many axes");)*
                let mut $out: ndarray::ArrayViewMut<'_, usize, $out_dim> =
                    out.into_dimensionality().expect("`out` has as many axes");
                let _ = $case;
                $body
            }
            match inputs[0].ndim() {
                1 if static_types => typed::<ndarray::Ix1>($case, inputs, out, probe),
                2 if static_types => typed::<ndarray::Ix2>($case, inputs, out, probe),
                3 if static_types => typed::<ndarray::Ix3>($case, inputs, out, probe),
                4 if static_types => typed::<ndarray::Ix4>($case, inputs, out, probe),
                5 if static_types => typed::<ndarray::Ix5>($case, inputs, out, probe),
                6 if static_types => typed::<ndarray::Ix6>($case, inputs, out, probe),
                _ => typed::<ndarray::IxDyn>($case, inputs, out, probe),
            }
        }
    };
}

mod by_index;
mod counted;
mod joined;
mod moved;
mod products;
mod segments;
mod triangles;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = by_index::entries();
    entries.extend(joined::entries());
    entries.extend(moved::entries());
    entries.extend(products::entries());
    entries.extend(triangles::entries());
    entries.extend(counted::entries());
    entries.extend(segments::entries());
    entries
}

/// Small numbers, most of them different.
fn numbers(shape: &[usize]) -> ArrayD<usize> {
    let len = shape.iter().product();
    let numbers = (0..len).map(|n| n * 37 % 101 + 1).collect();
    ArrayD::from_shape_vec(shape, numbers).expect("as many numbers as the shape has")
}

/// Sorted, with equal ones, and on both sides of [`numbers`] and among them.
fn edges(len: usize) -> ArrayD<usize> {
    let edges = [0, 2, 20, 20, 38, 50, 50, 75, 200];
    ArrayD::from_shape_vec(vec![len], edges[..len].to_vec()).expect("there are as many edges")
}

fn mask(len: usize, step: isize) -> Vec<bool> {
    (0..len).map(|i| i % 4 != step.unsigned_abs()).collect()
}

/// Margins along one axis alone, wider than most arrays.
fn widths(ndim: usize, axis: usize) -> Vec<(usize, usize)> {
    (0..ndim).map(|at| if at == axis { (7, 5) } else { (0, 0) }).collect()
}

fn same_shape(shape: &[usize], axis: usize, parameter: isize) -> Option<Case> {
    Some(Case { inputs: vec![numbers(shape)], out: shape.to_vec(), axis, parameter })
}

fn with_len(shape: &[usize], axis: usize, len: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape[axis] = len;
    shape
}

fn axis_first(axis: usize, ndim: usize) -> Vec<usize> {
    let others = (0..ndim).filter(|&other| other != axis);
    std::iter::once(axis).chain(others).collect()
}

/// The index with another position along the axis.
fn moved_to(index: &[usize], axis: usize, position: impl Fn(usize) -> usize) -> Vec<usize> {
    let mut moved = index.to_vec();
    moved[axis] = position(index[axis]);
    moved
}

/// Where what was shifted to a place has come from.
fn shifted(place: usize, shift: isize, len: usize) -> usize {
    (place as i128 - shift as i128).rem_euclid(len as i128) as usize
}

fn rolled_along(case: &Case, inputs: &[ArrayViewD<'_, usize>], i: &[usize]) -> usize {
    let len = inputs[0].len_of(Axis(case.axis));
    inputs[0][&*moved_to(i, case.axis, |i| shifted(i, case.parameter, len))]
}

fn flipped_along(case: &Case, inputs: &[ArrayViewD<'_, usize>], i: &[usize]) -> usize {
    inputs[0][&*moved_to(i, case.axis, |at| inputs[0].len_of(Axis(case.axis)) - 1 - at)]
}

fn column_less_row(index: &[usize]) -> isize {
    let [.., row, column] = index else { panic!("there are two axes") };
    *column as isize - *row as isize
}

fn diagonal_len(rows: usize, columns: usize, k: isize) -> usize {
    let on_it = |&(i, j): &(usize, usize)| j as isize - i as isize == k;
    (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).filter(on_it).count()
}
