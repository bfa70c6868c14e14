//! Every kernel once: its name, its arguments, one call of it, and its formula written naively.
//!
//! The tests of layouts, mismatches and allocations walk this list, so a kernel that is entered here is tested
//! by all of them; `coverage` fails if one is missing. Methods of types (`Permutation::shuffle`) are not
//! kernels, and are tested by hand.
//!
//! Elements are `f64` here, filled with small whole numbers: sums of them are exact in any order, and so the
//! naive formula has to be met bit for bit.

use std::cell::RefCell;
use std::convert::Infallible;

use ndarray::{
    ArrayD, ArrayRef, ArrayRef0, ArrayView, ArrayView0, ArrayViewD, ArrayViewMut, Axis, IxDyn,
    RemoveAxis,
};
use ndarray_pool::kernel::*;
use rand::TryRng;
use rand::distr::{Distribution, StandardUniform};

/// What a call needs besides arrays, made before anything is counted.
pub(crate) struct Stage {
    pub(crate) axis: Axis,
    /// As long as the axis, and in no special order.
    pub(crate) order: Permutation,
    /// The elements of a second output.
    second: RefCell<Vec<f64>>,
}

impl Stage {
    pub(crate) fn new(shape: &[usize], axis: Axis) -> Self {
        let mut order = Permutation::identity(shape.get(axis.index()).copied().unwrap_or(0));
        order.shuffle(&mut SplitMix(11));
        Stage { axis, order, second: RefCell::new(vec![0.0; shape.iter().product()]) }
    }
}

/// What a kernel says about an input of the wrong shape.
pub(crate) enum Shapes {
    /// It cannot be broadcast to the shape of `out`.
    Broadcast,
    /// It must have the shape of `out`.
    Same,
    /// It must have as many elements as `out`.
    Count,
    /// The second input must have the shape of the first, which has this name.
    First(&'static str),
    /// There are no two arrays to compare.
    Alone,
}

/// An entry.
pub(crate) trait Kernel {
    const NAME: &'static str;
    const INPUTS: &'static [&'static str];
    const SHAPES: Shapes;
    /// Whether it takes an axis, and so no arrays without one.
    const TAKES_AXIS: bool;

    fn run<D: RemoveAxis>(
        stage: &Stage,
        inputs: &[ArrayView<'_, f64, D>],
        out: &mut ArrayRef<f64, D>,
    );

    /// The same for arrays without axes, which are no `RemoveAxis`.
    fn run_scalar(stage: &Stage, inputs: &[ArrayView0<'_, f64>], out: &mut ArrayRef0<f64>);

    /// What `out` has to be.
    fn formula(stage: &Stage, shape: &[usize], inputs: &[ArrayViewD<'_, f64>]) -> ArrayD<f64>;
}

pub(crate) trait Visitor {
    fn visit<K: Kernel>(&mut self);
}

macro_rules! kernels {
    ($(
        $name:ident($($input:ident),*) $takes:ident $shapes:expr;
        run |$stage:ident, $out:ident| $run:expr;
        formula |$context:ident, $shape:ident| $formula:expr;
    )*) => {
        /// Shows every kernel to the visitor.
        pub(crate) fn walk(visitor: &mut impl Visitor) {
            $(
                {
                    struct Entry;
                    impl Kernel for Entry {
                        const NAME: &'static str = stringify!($name);
                        const INPUTS: &'static [&'static str] = &[$(stringify!($input)),*];
                        const SHAPES: Shapes = $shapes;
                        const TAKES_AXIS: bool = kernels!(@takes $takes);

                        fn run<D: RemoveAxis>(
                            $stage: &Stage,
                            inputs: &[ArrayView<'_, f64, D>],
                            $out: &mut ArrayRef<f64, D>,
                        ) {
                            let [$($input),*] = inputs else { panic!("wrong number of inputs") };
                            let _ = $stage;
                            $run
                        }
                        kernels!(@scalar $takes ($($input),*) $stage $out $run);

                        fn formula(
                            $context: &Stage,
                            $shape: &[usize],
                            inputs: &[ArrayViewD<'_, f64>],
                        ) -> ArrayD<f64> {
                            let [$($input),*] = inputs else { panic!("wrong number of inputs") };
                            let _ = ($context, $shape);
                            $formula
                        }
                    }
                    visitor.visit::<Entry>();
                }
            )*
        }
    };
    (@takes any_array) => { false };
    (@takes an_axis) => { true };
    (@scalar any_array ($($input:ident),*) $stage:ident $out:ident $run:expr) => {
        fn run_scalar(
            $stage: &Stage,
            inputs: &[ArrayView0<'_, f64>],
            $out: &mut ArrayRef0<f64>,
        ) {
            let [$($input),*] = inputs else { panic!("wrong number of inputs") };
            let _ = $stage;
            $run
        }
    };
    (@scalar an_axis ($($input:ident),*) $stage:ident $out:ident $run:expr) => {
        fn run_scalar(_: &Stage, _: &[ArrayView0<'_, f64>], _: &mut ArrayRef0<f64>) {
            panic!("takes an axis")
        }
    };
}

kernels! {
    copy_into(a) any_array Shapes::Broadcast;
    run |stage, out| copy_into(a, out);
    formula |stage, shape| each(shape, |i| a[i]);

    map_into(a) any_array Shapes::Broadcast;
    run |stage, out| map_into(a, out, |x| 3.0 * x + 1.0);
    formula |stage, shape| each(shape, |i| 3.0 * a[i] + 1.0);

    zip_map_into(a, b) any_array Shapes::Broadcast;
    run |stage, out| zip_map_into(a, b, out, |x, y| x - 2.0 * y);
    formula |stage, shape| each(shape, |i| a[i] - 2.0 * b[i]);

    add_into(a, b) any_array Shapes::Broadcast;
    run |stage, out| add_into(a, b, out);
    formula |stage, shape| each(shape, |i| a[i] + b[i]);

    sub_into(a, b) any_array Shapes::Broadcast;
    run |stage, out| sub_into(a, b, out);
    formula |stage, shape| each(shape, |i| a[i] - b[i]);

    mul_into(a, b) any_array Shapes::Broadcast;
    run |stage, out| mul_into(a, b, out);
    formula |stage, shape| each(shape, |i| a[i] * b[i]);

    div_into(a, b) any_array Shapes::Broadcast;
    run |stage, out| div_into(a, b, out);
    formula |stage, shape| each(shape, |i| a[i] / b[i]);

    axpby_into(a, b) any_array Shapes::Broadcast;
    run |stage, out| axpby_into(a, b, 0.1, -0.7, out);
    formula |stage, shape| each(shape, |i| 0.1 * a[i] + -0.7 * b[i]);

    diff_into(next, current) any_array Shapes::Same;
    run |stage, out| diff_into(next, current, out);
    formula |stage, shape| each(shape, |i| next[i] - current[i]);

    diff_norms(next, current) any_array Shapes::First("next");
    run |stage, out| {
        let norms = diff_norms(next, current);
        out.fill(digest(norms));
    };
    formula |stage, shape| ArrayD::from_elem(shape, naive_digest(next, current));

    diff_norms_into(next, current) any_array Shapes::Same;
    run |stage, out| {
        let digest = digest(diff_norms_into(next, current, out));
        out.mapv_inplace(|diff| diff + digest);
    };
    formula |stage, shape| {
        let digest = naive_digest(next, current);
        each(shape, |i| next[i] - current[i] + digest)
    };

    reorder_axis_into(a) an_axis Shapes::Same;
    run |stage, out| reorder_axis_into(a, stage.axis, &stage.order, out);
    formula |stage, shape| reordered(a, stage.axis, stage.order.as_slice());

    shuffle_copy_into(a) an_axis Shapes::Same;
    run |stage, out| shuffle_copy_into(a, out, &mut SplitMix(5));
    formula |stage, shape| reordered(a, Axis(0), &naive_order(shape[0], 5));

    shuffle_axis_into(a) an_axis Shapes::Same;
    run |stage, out| shuffle_axis_into(a, stage.axis, out, &mut SplitMix(5));
    formula |stage, shape| reordered(a, stage.axis, &naive_order(shape[stage.axis.index()], 5));

    shuffle_axis_inplace(a) an_axis Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        shuffle_axis_inplace(out, stage.axis, &mut SplitMix(5));
    };
    formula |stage, shape| reordered(a, stage.axis, &naive_order(shape[stage.axis.index()], 5));

    shuffle_elements_into(a) any_array Shapes::Same;
    run |stage, out| shuffle_elements_into(a, out, &mut SplitMix(5));
    formula |stage, shape| {
        let elements: Vec<f64> = a.iter().copied().collect();
        let order = naive_order(elements.len(), 5);
        from_logical(shape, order.into_iter().map(|source| elements[source]))
    };

    shuffle_elements_inplace(a) any_array Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        shuffle_elements_inplace(out, &mut SplitMix(5));
    };
    formula |stage, shape| {
        let elements: Vec<f64> = a.iter().copied().collect();
        let order = naive_order(elements.len(), 5);
        from_logical(shape, order.into_iter().map(|source| elements[source]))
    };

    shuffle_diff_into(current) an_axis Shapes::Alone;
    run |stage, out| {
        let mut second = stage.second.borrow_mut();
        let second = ArrayViewMut::from_shape(out.raw_dim(), &mut second[..]);
        let second = &mut second.expect("as many as the shape has");
        // Either output takes the turn of being laid out as the test asks for.
        let rng = &mut SplitMix(5);
        if stage.axis.index().is_multiple_of(2) {
            shuffle_diff_into(current, second, out, rng);
        } else {
            shuffle_diff_into(current, out, second, rng);
        }
        out.zip_mut_with(second, |out, second| *out = 3.0 * (*out + second) + second * *out);
    };
    formula |stage, shape| {
        let next = reordered(current, Axis(0), &naive_order(shape[0], 5));
        each(shape, |i| {
            let diff = next[i] - current[i];
            3.0 * (diff + next[i]) + next[i] * diff
        })
    };

    random_into() any_array Shapes::Alone;
    run |stage, out| random_into(&StandardUniform, out, &mut SplitMix(5));
    formula |stage, shape| from_logical(shape, StandardUniform.sample_iter(SplitMix(5)));

    cumsum_axis_into(a) an_axis Shapes::Same;
    run |stage, out| cumsum_axis_into(a, stage.axis, out);
    formula |stage, shape| running(a, stage.axis, |sum, x| sum + x);

    cumsum_into(a) any_array Shapes::Count;
    run |stage, out| cumsum_into(a, out);
    formula |stage, shape| running_through(a, |sum, x| sum + x);

    nancumsum_into(a) any_array Shapes::Count;
    run |stage, out| nancumsum_into(a, out);
    formula |stage, shape| running_through(a, |sum, x| sum + x);

    cumprod_into(a) any_array Shapes::Count;
    run |stage, out| cumprod_into(a, out);
    formula |stage, shape| running_through(a, |product, x| product * x);

    nancumprod_into(a) any_array Shapes::Count;
    run |stage, out| nancumprod_into(a, out);
    formula |stage, shape| running_through(a, |product, x| product * x);

    accumulate_into(a) any_array Shapes::Count;
    run |stage, out| accumulate_into(a, out, |value, x| 0.5 * value - x);
    formula |stage, shape| running_through(a, |value, x| 0.5 * value - x);

    cumsum_axis_inplace(a) an_axis Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        cumsum_axis_inplace(out, stage.axis);
    };
    formula |stage, shape| running(a, stage.axis, |sum, x| sum + x);

    nancumsum_axis_into(a) an_axis Shapes::Same;
    run |stage, out| nancumsum_axis_into(a, stage.axis, out);
    formula |stage, shape| running(a, stage.axis, |sum, x| sum + x);

    cumprod_axis_into(a) an_axis Shapes::Same;
    run |stage, out| cumprod_axis_into(a, stage.axis, out);
    formula |stage, shape| running(a, stage.axis, |product, x| product * x);

    cumprod_axis_inplace(a) an_axis Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        cumprod_axis_inplace(out, stage.axis);
    };
    formula |stage, shape| running(a, stage.axis, |product, x| product * x);

    nancumprod_axis_into(a) an_axis Shapes::Same;
    run |stage, out| nancumprod_axis_into(a, stage.axis, out);
    formula |stage, shape| running(a, stage.axis, |product, x| product * x);

    cummax_axis_into(a) an_axis Shapes::Same;
    run |stage, out| cummax_axis_into(a, stage.axis, out);
    formula |stage, shape| running(a, stage.axis, f64::max);

    cummax_axis_inplace(a) an_axis Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        cummax_axis_inplace(out, stage.axis);
    };
    formula |stage, shape| running(a, stage.axis, f64::max);

    cummin_axis_into(a) an_axis Shapes::Same;
    run |stage, out| cummin_axis_into(a, stage.axis, out);
    formula |stage, shape| running(a, stage.axis, f64::min);

    cummin_axis_inplace(a) an_axis Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        cummin_axis_inplace(out, stage.axis);
    };
    formula |stage, shape| running(a, stage.axis, f64::min);

    accumulate_axis_into(a) an_axis Shapes::Same;
    run |stage, out| accumulate_axis_into(a, stage.axis, out, |value, x| 0.5 * value - x);
    formula |stage, shape| running(a, stage.axis, |value, x| 0.5 * value - x);

    accumulate_axis_inplace(a) an_axis Shapes::Alone;
    run |stage, out| {
        out.assign(a);
        accumulate_axis_inplace(out, stage.axis, |value, x| 0.5 * value - x);
    };
    formula |stage, shape| running(a, stage.axis, |value, x| 0.5 * value - x);
}

/// One number that tells wrong norms from right ones.
fn digest(norms: DiffNorms<f64>) -> f64 {
    norms.l1 + 1e3 * norms.l2 + 1e6 * norms.max
}

fn naive_digest(next: &ArrayViewD<'_, f64>, current: &ArrayViewD<'_, f64>) -> f64 {
    let differences = || next.iter().zip(current).map(|(next, current)| next - current);
    let l1: f64 = differences().map(f64::abs).sum();
    let squares: f64 = differences().map(|d| d * d).sum();
    let max = differences().map(f64::abs).fold(0.0, f64::max);
    l1 + 1e3 * squares.sqrt() + 1e6 * max
}

fn each(shape: &[usize], element: impl Fn(&[usize]) -> f64) -> ArrayD<f64> {
    ArrayD::from_shape_fn(shape, |index: IxDyn| element(ndarray::Dimension::slice(&index)))
}

fn from_logical(shape: &[usize], elements: impl Iterator<Item = f64>) -> ArrayD<f64> {
    let len = shape.iter().product();
    ArrayD::from_shape_vec(shape, elements.take(len).collect()).expect("as many as the shape has")
}

fn reordered(a: &ArrayViewD<'_, f64>, axis: Axis, order: &[usize]) -> ArrayD<f64> {
    each(a.shape(), |index| {
        let mut source = index.to_vec();
        source[axis.index()] = order[index[axis.index()]];
        a[&source[..]]
    })
}

/// Each element made of the result before it on the axis, and itself.
fn running(a: &ArrayViewD<'_, f64>, axis: Axis, step: impl Fn(f64, f64) -> f64) -> ArrayD<f64> {
    let mut out = a.to_owned();
    for mut lane in out.lanes_mut(axis) {
        (1..lane.len()).for_each(|k| lane[k] = step(lane[k - 1], lane[k]));
    }
    out
}

/// Each element made of the result before it in logical order, and itself.
fn running_through(a: &ArrayViewD<'_, f64>, step: impl Fn(f64, f64) -> f64) -> ArrayD<f64> {
    let elements: Vec<f64> = a.iter().copied().collect();
    let results = elements.iter().scan(None, |last: &mut Option<f64>, &x| {
        *last = Some(last.map_or(x, |last| step(last, x)));
        *last
    });
    from_logical(a.shape(), results)
}

/// Fisher and Yates as the books have it. Several draws in a row are one draw from the product of their bounds, by
/// plain rejection, and are read from it as digits.
pub(crate) fn naive_order(len: usize, seed: u64) -> Vec<usize> {
    let mut rng = SplitMix(seed);
    let mut order: Vec<usize> = (0..len).collect();
    let mut first = 0;
    while len > 1 && first < len {
        let together = match first {
            0..960 => 6,
            960..3_840 => 5,
            3_840..32_640 => 4,
            32_640..1_048_320 => 3,
            _ => 2,
        };
        let last = len.min(first + together) - 1;
        let bound = |i: usize| i as u128 + 1;
        let (words, bounds) = (1_u128 << 64, (first..=last).map(bound).product::<u128>());
        let mut digits = loop {
            let scaled = u128::from(rng.next()) * bounds;
            if scaled % words >= words % bounds {
                break scaled / words;
            }
        };
        let mut others = vec![0; together];
        for i in (first..=last).rev() {
            others[i - first] = (digits % bound(i)) as usize;
            digits /= bound(i);
        }
        (first..=last).for_each(|i| order.swap(i, others[i - first]));
        first = last + 1;
    }
    order
}

/// Steele, Lea and Flood's SplitMix64: a generator whose words will never change.
#[derive(Clone)]
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}

impl TryRng for SplitMix {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
