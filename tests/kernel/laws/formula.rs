//! Every kernel gives what its formula says, writes nothing beside its outputs, and allocates nothing, here on random
//! layouts.

use proptest::prelude::*;

use crate::allocations_in;
use crate::registry::layout::Layout;
use crate::registry::naive::SplitMix;
use crate::registry::operand::{Operand, Placed};
use crate::registry::{Case, Entry, entries};

/// Runs the kernel for outputs of each of these layouts, with its rank in the types of the arrays and where it is said
/// also without, and compares.
pub(super) fn check_layouts(
    entry: &Entry,
    case: &Case,
    layouts: &[Layout],
    outs: impl Iterator<Item = (Vec<Layout>, bool)>,
) {
    let name = entry.name();
    let inputs = case.inputs.iter().zip(layouts);
    let inputs: Vec<Box<dyn Placed>> = inputs.map(|(input, layout)| input.lay(layout)).collect();
    // Where an input repeats an element, it is another one than the case has.
    let logical: Vec<_> = inputs.iter().map(|input| input.logical()).collect();
    let expected = entry.formula(case, &logical);
    let gaps = entry.gaps(case);
    for (out_layouts, also_dynamic) in outs {
        let mut results: Option<Vec<Box<dyn Operand>>> = None;
        let ranks = if also_dynamic { &[Some(case.ndim), None][..] } else { &[Some(case.ndim)] };
        for &rank in ranks {
            let placed = gaps.iter().zip(&out_layouts).map(|(out, layout)| out.lay(layout));
            let mut placed: Vec<_> = placed.collect();
            let context = || {
                let axis = case.axis.index();
                let shapes: Vec<_> = case.inputs.iter().map(|input| input.shape()).collect();
                format!(
                    "{name} of {shapes:?} along {axis}, {}, as {rank:?}: {layouts:?} to {out_layouts:?}",
                    case.parameter
                )
            };
            (entry.call.run)(case, &inputs, &mut placed, rank, &mut |kernel| {
                let count = allocations_in(kernel);
                // Of five dynamic axes, ndarray itself allocates the shape.
                let of_shapes = rank.is_none() && case.outs[0].len().max(case.ndim) > 4;
                assert!(count == 0 || of_shapes, "{count} allocations: {}", context());
            });
            let now: Vec<_> = placed.iter().map(|out| out.logical()).collect();
            for (now, expected) in now.iter().zip(&expected) {
                let right = now.is(&**expected, entry.near);
                assert!(right, "{}\n{now:?}\n{expected:?}", context());
            }
            if let Some(results) = &results {
                let same = now.iter().zip(results).all(|(now, before)| now.is(&**before, false));
                assert!(same, "not the bits of another type: {}", context());
            }
            let clean = placed.iter_mut().all(|out| out.gaps_are_untouched());
            assert!(clean, "wrote beside an output: {}", context());
            results = Some(now);
        }
    }
}

/// A way to lay out an operand, which repeats elements now and then if it may.
fn any_layout(ndim: usize, rng: &mut SplitMix, repeats: bool) -> Layout {
    if repeats && rng.next().is_multiple_of(4) {
        let repeats = (0..ndim).map(|_| rng.next().is_multiple_of(2)).collect();
        return Layout { repeats, ..Layout::c(ndim) };
    }
    let mut order: Vec<usize> = (0..ndim).collect();
    (1..ndim).for_each(|i| order.swap(i, rng.next() as usize % (i + 1)));
    let steps = (0..ndim).map(|_| [1, -1, 2, -2, 3][rng.next() as usize % 5]).collect();
    Layout { order, steps, ..Layout::c(ndim) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_layouts(shape in proptest::collection::vec(0_usize..6, 0..=4), seed: u64) {
        let mut rng = SplitMix(seed);
        for entry in entries() {
            let parameter = entry.parameters[rng.next() as usize % entry.parameters.len()];
            let axes = if entry.call.takes_axis { shape.len() } else { 1 };
            for case in (0..axes).filter_map(|axis| entry.case(&shape, axis, parameter)) {
                let inputs = case.inputs.iter();
                let inputs: Vec<_> =
                    inputs.map(|a| any_layout(a.shape().len(), &mut rng, true)).collect();
                let outs = case.outs.iter();
                let outs = outs.map(|out| any_layout(out.len(), &mut rng, false)).collect();
                check_layouts(&entry, &case, &inputs, [(outs, true)].into_iter());
            }
        }
    }
}
