//! Reductions of columns: rows of the inputs, as they lie in memory, are combined below one another.

use ndarray::{ArrayViewMut, Axis, Dimension};

use crate::kernel::engine::tuning::{COMBINED_ROWS, FUSED_ROWS, LANES};
use crate::kernel::fused::reduce::{Finish, Plan, Reduction, add, finish_all, values};
use crate::kernel::fused::values::{Flat, RowsOf, Values};

impl<T, C, const N: usize, const W: usize> Reduction<T, C, N, W>
where
    T: Copy + 'static,
    C: Fn(T, T) -> T + Copy,
{
    /// Combines the columns below each lane of `out`, in panels of at most `P` chunks.
    #[inline(never)]
    pub(super) fn across_rows<D: Dimension, const P: usize>(
        values: &mut dyn Values<T, W>,
        across: Axis,
        mut out: ArrayViewMut<'_, T, D>,
        finish: &mut impl Finish<T>,
        combine: C,
        any: T,
    ) {
        let along = Axis(across.index() - 1);
        let (columns, rows) = (out.len_of(along), values.first().lens()[along.index()]);
        let (mut most, mut together) = (P * W, FUSED_ROWS);
        if values.are_copied(across) {
            most = most.min(N.div_ceil(FUSED_ROWS));
            together = (N / most).min(FUSED_ROWS);
        }
        let mut state = [[any; W]; P];
        for from in (0..columns).step_by(most) {
            let (from, to) = (from.min(columns - W), columns.min(from + most));
            let width = to - from;
            let mut out = out.slice_axis_mut(along, (from..to).into());
            values.below(across, from..to, &mut |below| {
                for out in out.lanes_mut(along) {
                    let chunks = width.div_ceil(W);
                    let leaf = &mut |count, state: &mut [[T; W]; P]| {
                        for row in (0..count).step_by(together) {
                            let rows = together.min(count - row);
                            let (last, fresh) = (width - W, row == 0);
                            let plan = Plan { rows, chunks: 1, last, fresh, combines: true };
                            below(plan, &mut state[..chunks]);
                        }
                    };
                    tree(rows, &mut state, leaf, &|early, late| {
                        let (early, late) = (early.as_flattened_mut(), late.as_flattened());
                        add(&mut early[..chunks * W], &late[..chunks * W], combine);
                    });
                    // The last chunk begins where it ends with the last column.
                    let (last, others) = state[..chunks].split_last().expect("there are columns");
                    let sums = others.as_flattened();
                    let (most, rest) = out.split_at(Axis(0), sums.len());
                    let last = &last[W - rest.len()..];
                    finish_all(most, sums, finish);
                    finish_all(rest, last, finish);
                }
            });
        }
    }

    /// Combines each of `columns` columns, at most `2 * W`, of the next `rows` rows: `W` rows are taken for one of `W` times
    /// as many columns. The results are in front.
    #[inline(never)]
    pub(super) fn few_columns(
        combine: C,
        any: T,
        rows: usize,
        columns: usize,
        flat: &mut dyn Flat<T, W>,
    ) -> [[T; W]; 2 * LANES] {
        let (width, mut state) = (W * columns, [[any; W]; 2 * LANES]);
        let most = if flat.are_whole() { FUSED_ROWS } else { (N / width).min(FUSED_ROWS) };
        if rows >= W {
            let leaf = &mut |count, state: &mut [[T; W]; 2 * LANES]| {
                for row in (0..count).step_by(most) {
                    let rows = most.min(count - row);
                    flat.next(rows * width);
                    let plan =
                        Plan { rows, chunks: 1, last: usize::MAX, fresh: row == 0, combines: true };
                    let rows = RowsOf { from: 0, below: width, step: W };
                    flat.reduce(rows, plan, &mut state[..columns]);
                }
            };
            tree(rows / W, &mut state, leaf, &|early, late| {
                let (early, late) = (early.as_flattened_mut(), late.as_flattened());
                add(&mut early[..width], &late[..width], combine);
            });
            let mut width = width;
            while width > columns {
                width /= 2;
                let (early, late) = state.as_flattened_mut().split_at_mut(width);
                add(early, &late[..width], combine);
            }
        }
        let left = rows % W;
        if left > 0 {
            let mut tile = [[any; W]; 2 * LANES];
            let values = values(left * columns, flat, &mut tile);
            let results = &mut state.as_flattened_mut()[..columns];
            let (first, values) = values.split_at(if rows < W { columns } else { 0 });
            results[..first.len()].copy_from_slice(first);
            values.chunks_exact(columns).for_each(|row| add(results, row, combine));
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
