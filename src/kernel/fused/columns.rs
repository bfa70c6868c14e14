//! Reductions of columns: rows of the inputs, as they lie in memory, are combined below one another.

use ndarray::{ArrayViewMut, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::tuning::{COMBINED_ROWS, FUSED_ROWS, LANES};
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::reduce::{Finish, Plan, Reduction, add};

impl<X, T, C, const N: usize, const W: usize> Reduction<'_, '_, X, T, C, N, W>
where
    X: Inputs,
    T: Copy + 'static,
    C: Fn(T, T) -> T + Copy,
{
    /// Combines the columns below each lane of `out`, in panels of at most `P` chunks.
    pub(super) fn across_rows<D: RemoveAxis, const P: usize>(
        &mut self,
        ins: &X::Views<'_, D>,
        across: Axis,
        mut out: ArrayViewMut<'_, T, D::Smaller>,
        finish: &mut impl Finish<T>,
    ) {
        let along = Axis(across.index() - 1);
        let (columns, rows) =
            (out.len_of(along), X::first(ins).map_or(0, |first| first.lens()[along.index()]));
        let (mut most, mut together) = (P * W, FUSED_ROWS);
        if X::are_copied(ins, across) {
            most = most.min(N.div_ceil(FUSED_ROWS));
            together = (N / most).min(FUSED_ROWS);
        }
        let mut state = [[self.any; W]; P];
        for from in (0..columns).step_by(most) {
            let (from, to) = (from.min(columns - W), columns.min(from + most));
            let width = to - from;
            let mut lanes = X::below::<D, N, W>(ins, across, from..to);
            let mut out = out.slice_axis_mut(along, (from..to).into());
            for out in out.lanes_mut(along) {
                let chunks = width.div_ceil(W);
                let leaf = &mut |count, state: &mut [[T; W]; P]| {
                    for row in (0..count).step_by(together) {
                        let rows = together.min(count - row);
                        X::next_below(&mut lanes, rows);
                        let (last, fresh) = (width - W, row == 0);
                        let plan = Plan { rows, chunks: 1, last, fresh, combines: true };
                        (self.reduce)(&X::below_rows(&lanes), plan, &mut state[..chunks]);
                    }
                };
                tree(rows, &mut state, leaf, &|early, late| {
                    let combine = |(early, late): (&mut [T; W], &[T; W])| {
                        add(early, late, self.combine);
                    };
                    early[..chunks].iter_mut().zip(&late).for_each(combine);
                });
                // The last chunk begins where it ends with the last column.
                let (last, others) = state[..chunks].split_last().expect("there are columns");
                let sums = others.as_flattened();
                let (most, rest) = out.split_at(Axis(0), sums.len());
                let last = &last[W - rest.len()..];
                most.into_iter().zip(sums).for_each(|(out, &sum)| finish.finish(out, sum));
                rest.into_iter().zip(last).for_each(|(out, &sum)| finish.finish(out, sum));
            }
        }
    }

    /// Combines each of `columns` columns, at most `2 * W`, of the next `rows` rows: `W` rows are taken for one of `W` times
    /// as many columns. The results are in front.
    pub(super) fn few_columns<D: Dimension>(
        &mut self,
        rows: usize,
        columns: usize,
        flats: &mut X::Flats<'_, D, N, W>,
    ) -> [[T; W]; 2 * LANES] {
        let (width, mut state) = (W * columns, [[self.any; W]; 2 * LANES]);
        let most = if X::are_whole(flats) { FUSED_ROWS } else { (N / width).min(FUSED_ROWS) };
        if rows >= W {
            let leaf = &mut |count, state: &mut [[T; W]; 2 * LANES]| {
                for row in (0..count).step_by(most) {
                    let rows = most.min(count - row);
                    X::next_flat(flats, rows * width);
                    let plan =
                        Plan { rows, chunks: 1, last: usize::MAX, fresh: row == 0, combines: true };
                    let rows = X::flat_rows(flats, 0, width, W);
                    (self.reduce)(&rows, plan, &mut state[..columns]);
                }
            };
            tree(rows / W, &mut state, leaf, &|early, late| {
                let (early, late) = (early.as_flattened_mut(), late.as_flattened());
                add(&mut early[..width], &late[..width], self.combine);
            });
            let mut width = width;
            while width > columns {
                width /= 2;
                let (early, late) = state.as_flattened_mut().split_at_mut(width);
                add(early, &late[..width], self.combine);
            }
        }
        let left = rows % W;
        if left > 0 {
            let mut tile = [[self.any; W]; 2 * LANES];
            let values = self.values(left * columns, flats, &mut tile);
            let results = &mut state.as_flattened_mut()[..columns];
            let (first, values) = values.split_at(if rows < W { columns } else { 0 });
            results[..first.len()].copy_from_slice(first);
            values.chunks_exact(columns).for_each(|row| add(results, row, self.combine));
        }
        state
    }
}

/// The sums of `count` rows: a binary tree, whose leaves have at most [`COMBINED_ROWS`]. (That of
/// [`fold`](crate::kernel::engine::fold::tree) returns states, which are too large here.)
fn tree<S: Copy>(
    count: usize,
    state: &mut S,
    leaf: &mut dyn FnMut(usize, &mut S),
    merge: &dyn Fn(&mut S, S),
) {
    if count <= COMBINED_ROWS {
        return leaf(count, state);
    }
    let half = COMBINED_ROWS << (count.div_ceil(COMBINED_ROWS) - 1).ilog2();
    tree(half, state, leaf, merge);
    let mut late = *state;
    tree(count - half, &mut late, leaf, merge);
    merge(state, late);
}
