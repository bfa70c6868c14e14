//! Every kernel that maps elements to elements once: the types of its arguments, one call of it, and its formula
//! for one element, written naively.
//!
//! This is the registry for families whose elements are not all `f64`, or that write two arrays. The tests of
//! layouts, mismatches and allocations walk it, and `coverage` joins its names to the other registries'.

use ndarray::{ArrayD, Dimension, indices};
use ndarray_pool::kernel::*;

use super::layout::{Element, Laid, Layout};

/// One kernel, with the arrays for one call of it.
pub(crate) trait Entry: Sized {
    const NAME: &'static str;
    const INPUTS: &'static [&'static str];
    const OUTPUTS: &'static [&'static str];
    /// The argument to whose shape inputs are broadcast.
    const TARGET: &'static str;
    /// Whether it changes its first input. (The entry copies that into its output, and calls the kernel for it.)
    fn is_inplace() -> bool {
        Self::NAME.ends_with("_inplace")
    }

    /// Lays out inputs of numbers and outputs of gaps. The shapes are those of inputs, then of outputs.
    fn lay(shapes: &[&[usize]], inputs: &[&Layout], out: &Layout) -> Self;

    /// Hands a closure that calls the kernel, and does nothing else, to `around`.
    fn run<D: Dimension>(&mut self, around: impl FnOnce(&mut dyn FnMut()));

    /// Whether nothing was written (an in-place kernel's copied input aside).
    fn is_untouched(&self) -> bool;

    /// Compares every element with the formula, and looks at the memory around.
    fn check(self) -> Result<(), String>;
}

pub(crate) trait Visitor {
    fn visit<E: Entry>(&mut self);
}

macro_rules! entries {
    ($(
        $name:ident($($input:ident: $from:ty),+) $target:literal
            -> $($out:ident: $to:ty = $formula:expr),+;
        $run:expr;
    )*) => {
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Shows every entry to the visitor.
        pub(crate) fn walk(visitor: &mut impl Visitor) {
            $(visitor.visit::<each::$name>();)*
        }

        #[expect(non_camel_case_types, reason = "an entry is called as its kernel")]
        mod each {
            use super::*;

            $(pub(crate) struct $name {
                inputs: ($(Laid<$from>,)+),
                outputs: ($(Laid<$to>,)+),
            }

            impl Entry for $name {
                const NAME: &'static str = stringify!($name);
                const INPUTS: &'static [&'static str] = &[$(stringify!($input)),+];
                const OUTPUTS: &'static [&'static str] = &[$(stringify!($out)),+];
                const TARGET: &'static str = $target;

                fn lay(shapes: &[&[usize]], inputs: &[&Layout], out: &Layout) -> Self {
                    let mut shapes = shapes.iter();
                    let mut next = || *shapes.next().expect("a shape for each argument");
                    let mut place = 0..;
                    $(
                        let k = place.next().expect("numbers do not end");
                        let $input = inputs[k].lay(&numbers::<$from>(next(), k));
                    )+
                    $(let $out = out.lay(&ArrayD::from_elem(next(), <$to>::GAP));)+
                    $name { inputs: ($($input,)+), outputs: ($($out,)+) }
                }

                fn run<D: Dimension>(&mut self, around: impl FnOnce(&mut dyn FnMut())) {
                    let ($($input,)+) = &self.inputs;
                    let ($($out,)+) = &mut self.outputs;
                    $(
                        let $input = $input.view().into_dimensionality::<D>();
                        let $input = &$input.expect("the type has as many axes");
                    )+
                    $(
                        let $out = $out.view_mut().into_dimensionality::<D>();
                        let $out = &mut $out.expect("the type has as many axes");
                    )+
                    around(&mut || $run);
                }

                fn is_untouched(&self) -> bool {
                    let ($($out,)+) = &self.outputs;
                    if Self::is_inplace() {
                        // Types differ between entries, so this compares what is printed.
                        let print = |debug: &dyn std::fmt::Debug| format!("{debug:?}");
                        return print(&self.inputs.0.view()) == print(&self.outputs.0.view());
                    }
                    $($out.view().iter().all(|&element| element == <$to>::GAP))&&+
                }

                fn check(self) -> Result<(), String> {
                    let ($($input,)+) = &self.inputs;
                    $(let $input = $input.view();)+
                    let ($($out,)+) = &self.outputs;
                    $(let $out = $out.view();)+
                    for index in indices([$($out.raw_dim()),+][0].clone()) {
                        $(let $input = $input[&index];)+
                        let inputs = || format!("{:?} at {index:?}", ($($input,)+));
                        $({
                            let (is, should): ($to, $to) = ($out[&index], $formula);
                            if !is.is(should) {
                                let (name, inputs) = (Self::NAME, inputs());
                                return Err(format!("{name}: {is:?}, not {should:?}, for {inputs}"));
                            }
                        })+
                    }
                    let ($($out,)+) = self.outputs;
                    if !($($out.gaps_are_untouched())&&+) {
                        return Err(format!("{} wrote beside its output", Self::NAME));
                    }
                    Ok(())
                }
            })*
        }
    };
}

entries! {
    equal_into(a: f64, b: f64) "out" -> out: bool = a == b;
    equal_into(a, b, out);

    not_equal_into(a: f64, b: f64) "out" -> out: bool = a != b;
    not_equal_into(a, b, out);

    less_into(a: f64, b: f64) "out" -> out: bool = a < b;
    less_into(a, b, out);

    less_equal_into(a: f64, b: f64) "out" -> out: bool = a <= b;
    less_equal_into(a, b, out);

    greater_into(a: f64, b: f64) "out" -> out: bool = a > b;
    greater_into(a, b, out);

    greater_equal_into(a: f64, b: f64) "out" -> out: bool = a >= b;
    greater_equal_into(a, b, out);

    logical_and_into(a: bool, b: bool) "out" -> out: bool = a && b;
    logical_and_into(a, b, out);

    logical_or_into(a: bool, b: bool) "out" -> out: bool = a || b;
    logical_or_into(a, b, out);

    logical_xor_into(a: bool, b: bool) "out" -> out: bool = a != b;
    logical_xor_into(a, b, out);

    logical_not_into(a: bool) "out" -> out: bool = !a;
    logical_not_into(a, out);

    bitwise_and_into(a: i64, b: i64) "out" -> out: i64 = a & b;
    bitwise_and_into(a, b, out);

    bitwise_or_into(a: i64, b: i64) "out" -> out: i64 = a | b;
    bitwise_or_into(a, b, out);

    bitwise_xor_into(a: i64, b: i64) "out" -> out: i64 = a ^ b;
    bitwise_xor_into(a, b, out);

    invert_into(a: i64) "out" -> out: i64 = -1 - a;
    invert_into(a, out);

    left_shift_into(a: i64, b: u32) "out" -> out: i64 = (i128::from(a) << b) as i64;
    left_shift_into(a, b, out);

    right_shift_into(a: i64, b: u32) "out" -> out: i64 = (i128::from(a) >> b) as i64;
    right_shift_into(a, b, out);

    maximum_into(a: f64, b: f64) "out" -> out: f64 = a.max(b);
    maximum_into(a, b, out);

    minimum_into(a: f64, b: f64) "out" -> out: f64 = a.min(b);
    minimum_into(a, b, out);

    fmax_into(a: f64, b: f64) "out" -> out: f64 = a.max(b);
    fmax_into(a, b, out);

    fmin_into(a: f64, b: f64) "out" -> out: f64 = a.min(b);
    fmin_into(a, b, out);

    maximum_inplace(a: f64, b: f64) "a" -> out: f64 = a.max(b);
    { out.assign(a); maximum_inplace(out, b) };

    minimum_inplace(a: f64, b: f64) "a" -> out: f64 = a.min(b);
    { out.assign(a); minimum_inplace(out, b) };

    clamp_into(a: f64) "out" -> out: f64 = a.clamp(-2.0, 7.0);
    clamp_into(a, -2.0, 7.0, out);

    clamp_inplace(a: f64) "a" -> out: f64 = a.clamp(-2.0, 7.0);
    { out.assign(a); clamp_inplace(out, -2.0, 7.0) };

    where_into(cond: bool, a: f64, b: f64) "out" -> out: f64 = if cond { a } else { b };
    where_into(cond, a, b, out);

    lerp_into(a: f64, b: f64) "out" -> out: f64 = a * 0.75 + b * 0.25;
    lerp_into(a, b, 0.25, out);

    lerp_inplace(a: f64, b: f64) "a" -> out: f64 = a * 0.25 + b * 0.75;
    { out.assign(a); lerp_inplace(out, b, 0.75) };

    remainder_into(a: f64, b: f64) "out" -> out: f64 = (a - b * (a / b).floor()).copysign(b);
    remainder_into(a, b, out);

    fmod_into(a: f64, b: f64) "out" -> out: f64 = (a - b * (a / b).trunc()).copysign(a);
    fmod_into(a, b, out);

    floor_divide_into(a: f64, b: f64) "out" -> out: f64 = (a / b).floor();
    floor_divide_into(a, b, out);

    divmod_into(a: f64, b: f64) "quotient"
        -> quotient: f64 = (a / b).floor(), remainder: f64 = (a - b * (a / b).floor()).copysign(b);
    divmod_into(a, b, quotient, remainder);

    sign_into(a: f64) "out" -> out: f64 = f64::from(u8::from(a > 0.0)) - f64::from(u8::from(a < 0.0));
    sign_into(a, out);

    heaviside_into(a: f64, b: f64) "out"
        -> out: f64 = if a == 0.0 { b } else { f64::from(u8::from(a > 0.0)) };
    heaviside_into(a, b, out);

    power_into(a: f64, b: f64) "out" -> out: f64 = a.powf(b);
    power_into(a, b, out);

    logaddexp_into(a: f64, b: f64) "out"
        -> out: f64 = if a == b { a + 2_f64.ln() } else { a.max(b) + (-(a - b).abs()).exp().ln_1p() };
    logaddexp_into(a, b, out);

    logaddexp2_into(a: f64, b: f64) "out" -> out: f64 = if a == b {
        a + 1.0
    } else {
        a.max(b) + (-(a - b).abs()).exp2().ln_1p() * std::f64::consts::LOG2_E
    };
    logaddexp2_into(a, b, out);

    map_unzip_into(a: f64) "first" -> first: f64 = a.sin(), second: i64 = a as i64;
    map_unzip_into(a, first, second, |a: f64| (a.sin(), a as i64));

    modf_into(a: f64) "fraction"
        -> fraction: f64 = a.fract().copysign(a), whole: f64 = a.trunc();
    modf_into(a, fraction, whole);

    frexp_into(a: f64) "mantissa"
        -> mantissa: f64 = naive_frexp(a).0, exponent: i32 = naive_frexp(a).1;
    frexp_into(a, mantissa, exponent);
}

fn naive_frexp(mut a: f64) -> (f64, i32) {
    let mut exponent = 0;
    while a.abs() >= 1.0 {
        (a, exponent) = (a / 2.0, exponent + 1);
    }
    while a != 0.0 && a.abs() < 0.5 {
        (a, exponent) = (a * 2.0, exponent - 1);
    }
    (a, exponent)
}

/// An array of numbers, of the kind that its type has.
fn numbers<A: Number>(shape: &[usize], input: usize) -> ArrayD<A> {
    let numbers = (0..shape.iter().product()).map(|n: usize| A::number(n as u32, input));
    ArrayD::from_shape_vec(shape, numbers.collect()).expect("as many as the shape has")
}

/// Elements that tell places in an array apart.
trait Number: Element {
    /// The nth number of an input.
    fn number(n: u32, input: usize) -> Self;

    /// Whether they are the same; NaN and NaN are, 0 and −0 are not.
    fn is(self, other: Self) -> bool {
        self == other
    }
}

impl Number for f64 {
    /// Quarters, so that sums and differences are exact. The second input equals the first here and there, and is
    /// never zero.
    fn number(n: u32, input: usize) -> f64 {
        match input {
            1 if !n.is_multiple_of(3) => f64::from(n * 7 % 11) - 3.25,
            _ => f64::from(n) * 0.75 - 6.25 + if n.is_multiple_of(3) { 0.0 } else { 0.25 },
        }
    }
    fn is(self, other: f64) -> bool {
        self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
    }
}

impl Number for bool {
    fn number(n: u32, input: usize) -> bool {
        (n * 5 % 7).is_multiple_of(input as u32 + 2)
    }
}

impl Number for i64 {
    fn number(n: u32, input: usize) -> i64 {
        i64::from(n) * 1_000_003 - 3_000_000 * (input as i64 + 1)
    }
}

impl Number for i32 {
    fn number(n: u32, _: usize) -> i32 {
        n as i32 - 5
    }
}

/// Counts of bits, some of them wider than an integer.
impl Number for u32 {
    fn number(n: u32, _: usize) -> u32 {
        n * 13 % 71
    }
}
