//! The machinery of [`fused!`](crate::fused): formulas of any number of arrays in one pass.
//!
//! The macro writes the user's formula once for each instruction set, as a closure that takes a list of elements; each
//! copy is called in one loop only ([`Fused::run`]), into which the compiler therefore inlines it, however long it is.
//! Everything else is written once and knows neither formula nor instruction set: [`inputs`] and [`outputs`] are lists
//! of operands, [`walk`] cuts them into pieces, and [`flow`] and [`sink`] turn each piece into slices, in place or by a
//! copy on the stack.
//!
//! Public for the macro alone.

use std::marker::PhantomData;

use ndarray::Dimension;

mod flow;
mod inputs;
mod macros;
mod order;
mod outputs;
mod sink;
mod walk;

use self::inputs::{Given, Inputs};
pub use self::inputs::{Array, Own, array};
use self::outputs::{GivenOutputs, Old, Outputs};
pub use self::outputs::{Out, out};
pub use crate::kernel::engine::cpu::dispatch::Version;
use crate::kernel::engine::cpu::dispatch::{OutputLoop, Simd};

/// The operands of a formula, checked and of one shape.
#[expect(missing_debug_implementations, reason = "lives for an expression")]
pub struct Fused<'a, X: Inputs<E>, E: Outputs, D: Dimension> {
    outs: E::Views<'a, D>,
    ins: X::Views<'a, D>,
}

/// Checks the operands of a formula.
#[inline]
#[track_caller]
pub fn fused<'a, O, I>(outs: O, ins: I) -> Fused<'a, I::Inputs, O::Elements, O::Dim>
where
    O: GivenOutputs<'a>,
    I: Given<'a, O::Elements>,
{
    let (name, model) = outs.model();
    let ins = ins.onto(name, model);
    Fused { outs: outs.views(), ins }
}

impl<X: Inputs<E>, E: Outputs, D: Dimension> Fused<'_, X, E, D> {
    /// Writes the outputs, by the copy of the formula for this instruction set.
    #[inline(always)]
    pub fn run<V: Simd, F: FnMut(X::Elements) -> E::Value>(self, simd: V, mut formula: F) {
        let piece: &mut walk::Piece<'_, X, E> = &mut |ins, outs| {
            E::run(outs, simd, Loop::<X, E, F> { formula: &mut formula, ins, of: PhantomData });
        };
        walk::outputs::<X, E, D>(self.outs, self.ins, piece);
    }
}

/// The loop over a piece.
struct Loop<'f, 's, X: Inputs<E>, E: Outputs, F> {
    formula: &'f mut F,
    ins: X::Slices<'s>,
    of: PhantomData<E>,
}

impl<X, E, F> OutputLoop<E::P, E::Q, E::R, E::S> for Loop<'_, '_, X, E, F>
where
    X: Inputs<E>,
    E: Outputs,
    F: FnMut(X::Elements) -> E::Value,
{
    #[inline(always)]
    fn run(self, p: &mut [E::P], q: &mut [E::Q], r: &mut [E::R], s: &mut [E::S]) {
        let len = p.len();
        let ins = X::part(self.ins, 0, len);
        for at in 0..len {
            let old = Old { p: &*p, q: &*q, r: &*r, s: &*s };
            let value = (self.formula)(X::get(&ins, at, old));
            E::store(value, at, p, q, r, s);
        }
    }
}
