//! The machinery of [`fused!`](crate::fused): formulas of any number of arrays in one pass.
//!
//! The compiler inlines a large closure only if it is called at a single place. So the macro writes the user's formula
//! once for each instruction set, and each copy is called in one loop, compiled for that instruction set: [`Fused::run`].
//! Everything else is compiled once and knows neither formula nor instruction set. What knows one element type, or the
//! values of a reduction alone, is not inlined, so that programs link the instances that
//! [`compiled`](crate::kernel::compiled) makes:
//!
//! ```text
//! given, outputs    operands as the macro lists them: checked, broadcast, made views
//! inputs, outputs   lists of operands, and what is done with them in each stage
//! walk              chooses: one slice; lanes in place; blocks that are copied where necessary
//! block             lanes of equal length, which one call of the loop computes
//! flow, sink        blocks of an input, to a block of an output, by a tile on the stack
//! chunks, values    inputs of a reduction, as some rows at once; and as an object that knows the values of a formula
//! reduce, columns   along lanes, and across them; whole, along: what the macro calls
//! ```
//!
//! Public for the macro alone.

use std::marker::PhantomData;

use ndarray::Dimension;

pub mod along;
mod block;
mod chunks;
mod columns;
#[cfg(doctest)]
mod compile_fail;
mod flow;
mod given;
mod inputs;
mod lanes;
mod macros;
mod order;
mod outputs;
mod reduce;
mod sink;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod walk;
pub mod whole;

use self::block::splat_len;
pub use self::given::{Array, Own, array};
use self::given::{Given, Takes};
use self::inputs::Inputs;
use self::outputs::{GivenOutputs, Old, Outputs};
pub use self::outputs::{Out, out};
use self::reduce::Plan;
pub use self::text::calls_a_function;
use self::values::Reduce;
use self::walk::Compute;
use crate::kernel::engine::cpu::dispatch::{OutputLoop, Simd};
pub use crate::kernel::engine::cpu::dispatch::{Version, Widest};
#[cfg(feature = "rayon")]
use crate::kernel::engine::pieces::{self, Operand, Work};
use crate::kernel::engine::tuning::{FUSED_SPLAT, MAX_BUFFERED_ELEMENT_BYTES};

/// The operands of a formula, checked and of one shape.
#[expect(missing_debug_implementations, reason = "lives for an expression")]
pub struct Fused<'a, I: Given<'a>, E: Outputs, D: Dimension> {
    outs: E::Views<'a, D>,
    ins: <I::Inputs as Inputs>::Views<'a, D>,
}

/// Checks the operands of a formula.
#[inline]
#[track_caller]
pub fn fused<'a, I, O>(ins: I, outs: O) -> Fused<'a, I, O::Elements, O::Dim>
where
    I: Given<'a>,
    O: GivenOutputs<'a>,
{
    let (name, model) = outs.model();
    let ins = ins.onto(name, model);
    Fused { outs: outs.views(), ins }
}

impl<'a, I: Takes<'a, E>, E: Outputs, D: Dimension> Fused<'a, I, E, D> {
    /// Writes the outputs, by the copy of the formula for this instruction set.
    #[inline(always)]
    pub fn run<V: Simd, F: FnMut(I::Elements) -> E::Value>(self, simd: V, mut formula: F) {
        with_loop::<I, E, _, _, _>(simd, &mut formula, |compute| {
            walk::outputs::<I::Inputs, E, D>(self.outs, self.ins, I::OWN, compute);
        });
    }
}

#[cfg(feature = "rayon")]
impl<'a, I, E, D> Fused<'a, I, E, D>
where
    I: Takes<'a, E>,
    E: Outputs,
    D: Dimension,
    E::Views<'a, D>: Operand,
    <I::Inputs as Inputs>::Views<'a, D>: Operand,
{
    /// [`run`](Self::run) on the threads of the caller's pool.
    #[inline(always)]
    #[track_caller]
    pub fn run_on_threads<V, F>(self, simd: V, formula: F)
    where
        V: Simd + Sync,
        F: Fn(I::Elements) -> E::Value + Sync,
    {
        let operands = (self.outs, self.ins);
        let least = Work::Computing.pieces_of(pieces::len_of(&operands));
        let compute = |(outs, ins)| {
            let mut formula = |elements| formula(elements);
            with_loop::<I, E, _, _, _>(simd, &mut formula, |compute| {
                walk::outputs::<I::Inputs, E, D>(outs, ins, I::OWN, compute);
            });
        };
        match least {
            Some(least) => pieces::each("fused!", least, None, operands, compute),
            None => compute(operands),
        }
    }
}

/// Shows `work` the loop over blocks, by the copy of the formula for this instruction set.
#[inline(always)]
fn with_loop<'a, I, E, V, F, T>(
    simd: V,
    formula: &mut F,
    work: impl FnOnce(&mut Compute<'_, I::Inputs, E>) -> T,
) -> T
where
    I: Takes<'a, E>,
    E: Outputs,
    V: Simd,
    F: FnMut(I::Elements) -> E::Value,
{
    work(&mut |ins, outs, lane_len| {
        let formula = &mut *formula;
        // (One of the two is compiled.)
        if const { I::Inputs::LARGEST_BYTES <= MAX_BUFFERED_ELEMENT_BYTES } {
            let work = Loop::<I, E, F, FUSED_SPLAT> { formula, ins, lane_len, of: PhantomData };
            E::run(outs, simd, work);
        } else {
            let work = Loop::<I, E, F, 1> { formula, ins, lane_len, of: PhantomData };
            E::run(outs, simd, work);
        }
    })
}

/// The loop over a block, with buffers of `N` elements.
struct Loop<'l, 's, 'a, I: Given<'a>, E, F, const N: usize> {
    formula: &'l mut F,
    ins: &'l <I::Inputs as Inputs>::Blocks<'s>,
    lane_len: usize,
    of: PhantomData<&'a E>,
}

impl<'a, I, E, F, const N: usize> OutputLoop<E::P, E::Q, E::R, E::S>
    for Loop<'_, '_, 'a, I, E, F, N>
where
    I: Takes<'a, E>,
    E: Outputs,
    F: FnMut(I::Elements) -> E::Value,
{
    type Output = ();

    /// The formula is called here alone. One loop over slices serves all layouts: an element that a lane repeats was
    /// written to a slice before.
    #[inline(always)]
    fn run<V: Simd>(self, _: V, p: &mut [E::P], q: &mut [E::Q], r: &mut [E::R], s: &mut [E::S]) {
        let Loop { formula, ins, lane_len, .. } = self;
        let mut splats = <I::Inputs as Inputs>::Splats::<N>::default();
        let most = match I::Inputs::repeat(ins) {
            true => const { splat_len(I::Inputs::LARGEST_BYTES, N) },
            false => lane_len,
        };
        let (mut lane, mut from, mut at) = (0, 0, 0);
        while at < p.len() {
            let len = most.min(lane_len - from);
            if len == 0 {
                // Lanes are not empty. A compiler that knows it sees that an output overlaps no input, and looks into
                // tables of functions (angles have one) for a whole vector at once.
                return;
            }
            let (p, q, r, s) = E::part(p, q, r, s, at..at + len);
            let ins = I::Inputs::part(ins, &mut splats, lane, from, len);
            for i in 0..p.len() {
                let old = Old { p: &*p, q: &*q, r: &*r, s: &*s };
                let value = formula(I::get(&ins, i, old));
                E::store(value, i, p, q, r, s);
            }
            (at, from) = (at + len, from + len);
            if from == lane_len {
                (lane, from) = (lane + 1, 0);
            }
        }
    }
}

/// Shows `work` the loop of a reduction, by the copy of the formula for this instruction set, and its combination.
#[inline(always)]
fn with_reduce<'a, I, T, V, F, C, R, const W: usize>(
    simd: V,
    formula: &mut F,
    combine: C,
    work: impl FnOnce(&mut Reduce<'_, I::Inputs, T, W>) -> R,
) -> R
where
    I: Takes<'a, ValuesOf<T>>,
    T: Copy + 'static,
    V: Simd,
    F: FnMut(I::Elements) -> T,
    C: Fn(T, T) -> T + Copy,
{
    work(&mut |ins, plan, out| {
        let formula = &mut *formula;
        let work = Combined::<I, F, C> { formula, combine, ins, plan };
        simd.run_on_outputs(work, out, &mut [], &mut [], &mut []);
    })
}

/// The list of the one output that the values of a formula are.
type ValuesOf<T> = (T, ());

/// The loop of a reduction: see [`Plan`].
struct Combined<'l, 's, 'a, I: Given<'a>, F, C> {
    formula: &'l mut F,
    combine: C,
    ins: &'l <I::Inputs as Inputs>::Rows<'s>,
    plan: Plan,
}

impl<'a, I, T, F, C, const W: usize> OutputLoop<[T; W], (), (), ()>
    for Combined<'_, '_, 'a, I, F, C>
where
    I: Takes<'a, ValuesOf<T>>,
    T: Copy + 'static,
    F: FnMut(I::Elements) -> T,
    C: Fn(T, T) -> T,
{
    type Output = ();

    /// The formula is called here alone.
    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "chunks are counted, of which some go to `out`")]
    fn run<V: Simd>(self, _: V, out: &mut [[T; W]], _: &mut [()], _: &mut [()], _: &mut [()]) {
        let Combined { formula, combine, ins, plan } = self;
        let places = if plan.combines { out.len() } else { out.len().min(1) };
        for place in 0..places {
            let (mut values, mut fresh) = (out[place], plan.fresh);
            for row in 0..plan.rows {
                let chunks = I::Inputs::chunks(ins, row, place, plan.last, plan.chunks);
                for number in 0..plan.chunks {
                    let chunk = I::Inputs::chunk::<W>(chunks, number);
                    let mut new = values;
                    for (i, new) in new.iter_mut().enumerate() {
                        let old = Old { p: &[], q: &[], r: &[], s: &[] };
                        *new = formula(I::get(&chunk, i, old));
                    }
                    if !plan.combines {
                        out[number] = new;
                        continue;
                    }
                    for (value, new) in values.iter_mut().zip(new) {
                        *value = if fresh { new } else { combine(*value, new) };
                    }
                    fresh = false;
                }
            }
            if plan.combines {
                out[place] = values;
            }
        }
    }
}
