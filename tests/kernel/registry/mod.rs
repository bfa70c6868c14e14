//! Every kernel once: one call of it, its formula written naively, and how it is called wrongly.
//!
//! The laws walk this list, so that a kernel that is entered here obeys all of them; `coverage` fails if one is
//! missing, here or in the crate's tables. Methods of types (`Permutation::shuffle`) are not kernels, and are tested
//! in `families`. There is a file for each family of `src/kernel`, and an entry reads:
//!
//! ```text
//! each(call!(add_into(a: f64, b: f64) -> out: f64), |(a, b)| a + b),
//! ```
//!
//! `call!` is told in [`call`](mod@call), the constructors of entries below.

#[macro_use]
mod call;
pub(crate) mod layout;
pub(crate) mod naive;
pub(crate) mod operand;

pub(crate) mod arrange;
pub(crate) mod calculus;
pub(crate) mod elementwise;
pub(crate) mod formulas;
pub(crate) mod functions;
pub(crate) mod index;
pub(crate) mod linalg;
pub(crate) mod matrices;
pub(crate) mod random;
pub(crate) mod reduce;
pub(crate) mod scan;
pub(crate) mod threads;
pub(crate) mod whole;

use ndarray::{ArrayD, Axis, IxDyn};

use call::{Argument, Call, Probe};
use operand::{Elements, Kind, Lanes, Operand, Placed, array_of, view, view_mut};

/// Tests of a law, a function of entries, one for each family.
macro_rules! tests_of {
    ($law:ident) => {
        tests_of!($law: arrange, calculus, elementwise, formulas, index, linalg, matrices, random, reduce, scan, whole);
    };
    ($law:ident: $($family:ident),*) => {$(
        #[test]
        fn $family() {
            $law(&$crate::registry::$family::entries());
        }
    )*};
}

pub(crate) use tests_of;

/// All kernels. One that is called in several ways has an entry for each, one after another.
pub(crate) fn entries() -> Vec<Entry> {
    let families = [
        arrange::entries(),
        calculus::entries(),
        elementwise::entries(),
        formulas::entries(),
        index::entries(),
        linalg::entries(),
        matrices::entries(),
        random::entries(),
        reduce::entries(),
        scan::entries(),
        whole::entries(),
    ];
    families.into_iter().flatten().collect()
}

/// Operands of one call, as they should logically be.
#[derive(Debug)]
pub(crate) struct Case {
    /// The number of axes `D` that the kernel is called with.
    pub(crate) ndim: usize,
    pub(crate) inputs: Vec<Box<dyn Operand>>,
    /// The shapes of the outputs.
    pub(crate) outs: Vec<Vec<usize>>,
    pub(crate) axis: Axis,
    /// A shift, a diagonal, a mode: what the entry makes of it.
    pub(crate) parameter: isize,
}

impl Case {
    /// An input of whole numbers.
    fn numbers(&mut self, input: usize) -> &mut ArrayD<usize> {
        let input: &mut dyn std::any::Any = &mut *self.inputs[input];
        input.downcast_mut().expect("the input has whole numbers")
    }

    /// The length of the axis in a shape, if it has that axis.
    fn len_in(&self, shape: &[usize]) -> usize {
        shape.get(self.axis.index()).copied().unwrap_or(0)
    }
}

/// How to spoil the case of shape 3×4 along axis 0, and the message that this gives, behind the kernel's name.
pub(crate) struct Mistake {
    pub(crate) spoil: Box<dyn Fn(&mut Case)>,
    pub(crate) message: String,
}

type Formula = dyn Fn(&Case, &[Box<dyn Operand>]) -> Vec<Box<dyn Operand>>;

/// The shapes of the outputs, from the shape of the inputs and an axis.
type Outs = dyn Fn(&[usize], Axis) -> Option<Vec<Vec<usize>>>;

/// Inputs of whole numbers and the shape of `out`, from a shape, an axis and a parameter.
type Given = fn(&[usize], usize, isize) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)>;

pub(crate) struct Entry {
    pub(crate) call: Call,
    pub(crate) parameters: &'static [isize],
    pub(crate) mistakes: Vec<Mistake>,
    /// Whether results may differ from the formula in their last digits.
    pub(crate) near: bool,
    kind: Kind,
    /// The operands, if not all inputs have the shape.
    given: Option<Given>,
    /// Whether these are floats.
    gives_floats: bool,
    /// The shapes of the outputs from that of the inputs and the axis; `None` where the kernel takes no such shape.
    outs: Box<Outs>,
    formula: Box<Formula>,
}

impl Entry {
    /// Of inputs and outputs of one shape.
    fn new<I, O>(
        call: Call<I, O>,
        formula: impl Fn(&Case, &[Box<dyn Operand>]) -> Vec<Box<dyn Operand>> + 'static,
    ) -> Self {
        let count = call.outputs.len();
        Entry {
            call: call.untyped(),
            parameters: &[0],
            mistakes: Vec::new(),
            near: false,
            kind: Kind::Repeated,
            given: None,
            gives_floats: false,
            outs: Box::new(move |shape, _| Some(vec![shape.to_vec(); count])),
            formula: Box::new(formula),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.call.name
    }

    /// What its messages begin with. (The entries `fused_…` are forms of the macro.)
    pub(crate) fn speaker(&self) -> &'static str {
        if self.is_formula() { "fused!" } else { self.name() }
    }

    pub(crate) fn is_formula(&self) -> bool {
        self.name().starts_with("fused_")
    }

    /// Whether it changes its first input. (The call copies that into `out`, and the kernel changes `out`.)
    pub(crate) fn is_inplace(&self) -> bool {
        self.name().ends_with("_inplace")
    }

    /// The cases for a shape: along each of its axes, with each parameter.
    pub(crate) fn cases(&self, shape: &[usize]) -> impl Iterator<Item = Case> {
        let axes = if self.call.takes_axis { shape.len() } else { 1 };
        let parameters = self.parameters.iter();
        let all = (0..axes).flat_map(move |axis| parameters.clone().map(move |p| (axis, *p)));
        all.filter_map(|(axis, parameter)| self.case(shape, axis, parameter))
    }

    pub(crate) fn case(&self, shape: &[usize], axis: usize, parameter: isize) -> Option<Case> {
        let (inputs, outs) = match self.given {
            Some(given) => {
                let (inputs, out) = given(shape, axis, parameter)?;
                let operand = |input: ArrayD<usize>| match self.gives_floats {
                    true => Box::new(input.mapv(|n| n as f64)) as Box<dyn Operand>,
                    false => Box::new(input),
                };
                (inputs.into_iter().map(operand).collect(), vec![out])
            }
            None => {
                let arguments = self.call.inputs.iter().enumerate();
                let inputs = arguments.map(|(k, input)| (input.filled)(shape, k, self.kind));
                (inputs.collect(), (self.outs)(shape, Axis(axis))?)
            }
        };
        Some(Case { ndim: shape.len(), inputs, outs, axis: Axis(axis), parameter })
    }

    /// What the outputs have to be.
    pub(crate) fn formula(
        &self,
        case: &Case,
        inputs: &[Box<dyn Operand>],
    ) -> Vec<Box<dyn Operand>> {
        (self.formula)(case, inputs)
    }

    /// Outputs that nothing was written to.
    pub(crate) fn gaps(&self, case: &Case) -> Vec<Box<dyn Operand>> {
        let outputs = self.call.outputs.iter().zip(&case.outs);
        outputs.map(|(output, shape)| (output.gaps)(shape)).collect()
    }

    fn kind(self, kind: Kind) -> Self {
        Entry { kind, ..self }
    }

    fn parameters(self, parameters: &'static [isize]) -> Self {
        Entry { parameters, ..self }
    }

    fn outs(mut self, outs: impl Fn(&[usize], Axis) -> Option<Vec<Vec<usize>>> + 'static) -> Self {
        self.outs = Box::new(outs);
        self
    }

    /// There is a result for axes of so many elements and more.
    fn at_least(mut self, least: usize) -> Self {
        let outs = self.outs;
        self.outs = Box::new(move |shape, axis| {
            (shape[axis.index()] >= least).then(|| outs(shape, axis)).flatten()
        });
        self
    }

    fn mistake(mut self, spoil: impl Fn(&mut Case) + 'static, message: impl Into<String>) -> Self {
        self.mistakes.push(Mistake { spoil: Box::new(spoil), message: message.into() });
        self
    }

    /// An input, or several, of another shape.
    fn mistaken_inputs(
        self,
        which: impl IntoIterator<Item = usize>,
        shape: &'static [usize],
        message: impl Into<String>,
    ) -> Self {
        let kind = self.kind;
        let inputs = which.into_iter().map(|k| (k, self.call.inputs[k].filled));
        let inputs: Vec<_> = inputs.collect();
        let spoil = move |c: &mut Case| {
            inputs.iter().for_each(|(k, filled)| c.inputs[*k] = filled(shape, *k, kind));
        };
        self.mistake(spoil, message)
    }

    fn mistaken_out(self, shape: &'static [usize], message: impl Into<String>) -> Self {
        self.mistake(move |c| c.outs[0] = shape.to_vec(), message)
    }

    /// A number in an input that is no index.
    fn mistaken_index(
        self,
        input: usize,
        place: &'static [usize],
        index: usize,
        limit: &str,
    ) -> Self {
        let name = self.call.inputs[input].name;
        let message =
            format!("`{name}` holds {index} at {place:?}, but must be below the length of {limit}");
        self.mistake(move |c| c.numbers(input)[place] = index, message)
    }

    fn mistaken_axis(self) -> Self {
        let first = self.call.inputs[0].name;
        let message = format!("`{first}` has shape [3, 4], which has no axis 2");
        self.mistake(|c| c.axis = Axis(2), message)
    }

    /// These inputs must have the shape of another argument.
    fn mistaken_shapes(mut self, inputs: impl Iterator<Item = usize>, needs: &str) -> Self {
        for k in inputs {
            let name = self.call.inputs[k].name;
            self =
                self.mistaken_inputs([k], &[3, 5], format!("`{name}` has shape [3, 5], {needs}"));
        }
        self
    }
}

/// Every element of the outputs from one of each input; inputs are broadcast.
fn each<I: Elements, O: Elements>(call: Call<I, O>, f: impl Fn(I) -> O + 'static) -> Entry {
    let mut entry = Entry::new(call, move |case, inputs| {
        O::apart(&case.outs[0], I::together(inputs).into_iter().map(&f).collect())
    });
    let is_inplace = entry.is_inplace();
    let target = if is_inplace { entry.call.inputs[0].name } else { entry.call.outputs[0].name };
    let needs = format!("which cannot be broadcast to the shape of `{target}`, [3, 4]");
    let inputs = usize::from(is_inplace)..entry.call.inputs.len();
    entry = entry.kind(Kind::Signed).mistaken_shapes(inputs, &needs);
    for k in 1..entry.call.outputs.len() {
        let message = format!(
            "`{}` has shape [3, 5], but must have the shape of `{target}`, [3, 4]",
            entry.call.outputs[k].name
        );
        entry = entry.mistake(move |c| c.outs[k] = vec![3, 5], message);
    }
    entry
}

/// An array of the shape of its inputs, which have the shape of `out`.
fn same<A: operand::Element>(
    call: Call<impl Sized, A>,
    formula: impl Fn(&Case, &[&ArrayD<A>]) -> ArrayD<A> + 'static,
) -> Entry {
    let entry = Entry::new(call, move |case, inputs| {
        let inputs: Vec<_> = inputs.iter().map(|input| array_of(&**input)).collect();
        vec![Box::new(formula(case, &inputs))]
    });
    if entry.is_inplace() {
        return if entry.call.takes_axis { entry.mistaken_axis() } else { entry };
    }
    let inputs = 0..entry.call.inputs.len();
    entry.mistaken_shapes(inputs, "but must have the shape of `out`, [3, 4]")
}

/// One value for each lane along the axis.
fn lanes<I: Lanes, O: Elements>(call: Call<I, O>, f: impl Fn(I::Lane) -> O + 'static) -> Entry {
    let entry = Entry::new(call, move |case, inputs| {
        O::apart(&case.outs[0], I::lanes(inputs, case.axis).into_iter().map(&f).collect())
    });
    let first = entry.call.inputs[0].name;
    let needs = format!("but must have the shape of `{first}`, [3, 4]");
    let others = 1..entry.call.inputs.len();
    Entry { near: true, ..entry }
        .outs(|shape, axis| Some(vec![without(shape, axis.index())]))
        .mistaken_axis()
        .mistaken_out(
            &[5],
            format!(
                "`out` has shape [5], but must have the shape of `{first}` without axis 0, [4]"
            ),
        )
        .mistaken_shapes(others, &needs)
}

/// The same where nothing has no result.
fn lanes_of_some<I: Lanes, O: Elements>(
    call: Call<I, O>,
    f: impl Fn(I::Lane) -> O + 'static,
) -> Entry {
    let entry = lanes(call, f).at_least(1);
    let inputs = 0..entry.call.inputs.len();
    let first = entry.call.inputs[0].name;
    let message = format!("`{first}` has shape [0, 4], whose axis 0 has no elements");
    entry.mistaken_inputs(inputs, &[0, 4], message)
}

/// One value of all elements, which the call writes to an array without axes.
fn over_all<I: Lanes, O: Elements>(call: Call<I, O>, f: impl Fn(I::Lane) -> O + 'static) -> Entry {
    let entry = Entry::new(call, move |_, inputs| O::apart(&[], vec![f(I::all(inputs))]));
    let first = entry.call.inputs[0].name;
    let (others, needs) =
        (1..entry.call.inputs.len(), format!("but must have the shape of `{first}`, [3, 4]"));
    Entry { near: true, ..entry }.outs(|_, _| Some(vec![vec![]])).mistaken_shapes(others, &needs)
}

/// `out` of any shape: its element at a place, from whole numbers.
fn places<I, O>(
    call: Call<I, O>,
    given: Given,
    place: fn(&Case, &[&ArrayD<usize>], &[usize]) -> usize,
) -> Entry {
    places_of(call, given, place)
}

/// The same from whole numbers that are floats.
fn float_places<I, O>(
    call: Call<I, O>,
    given: Given,
    place: fn(&Case, &[&ArrayD<f64>], &[usize]) -> f64,
) -> Entry {
    Entry { gives_floats: true, ..places_of(call, given, place) }
}

fn places_of<I, O, A: operand::Element>(
    call: Call<I, O>,
    given: Given,
    place: fn(&Case, &[&ArrayD<A>], &[usize]) -> A,
) -> Entry {
    let entry = Entry::new(call, move |case, inputs| {
        let inputs: Vec<_> = inputs.iter().map(|input| array_of(&**input)).collect();
        let place = |i: IxDyn| place(case, &inputs, ndarray::Dimension::slice(&i));
        vec![Box::new(ArrayD::from_shape_fn(&case.outs[0][..], place))]
    });
    Entry { given: Some(given), ..entry }
}

fn without(shape: &[usize], axis: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape.remove(axis);
    shape
}

fn with_len(shape: &[usize], axis: usize, len: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape[axis] = len;
    shape
}

/// The index with another position along the axis.
fn moved_to(index: &[usize], axis: Axis, position: impl Fn(usize) -> usize) -> Vec<usize> {
    with_len(index, axis.index(), position(index[axis.index()]))
}

/// Small whole numbers, most of them different.
fn numbers(shape: &[usize]) -> ArrayD<usize> {
    operand::filled(shape, 0, Kind::Distinct)
}

/// An input of this shape and `out` of the same.
fn same_shape(shape: &[usize], _: usize, _: isize) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    Some((vec![numbers(shape)], shape.to_vec()))
}
