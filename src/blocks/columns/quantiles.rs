//! [`Quantiles`]: by counting, in memory that is given before, with the bits of the kernel.
//!
//! A number has a [key](super::quantile_keys), a whole number in the same order. Each column and quantile has a slot of
//! 2ᵇ words:
//!
//! ```text
//! pass 1:    slot[leading b bits of the key] += 1        for every element
//!            the bucket of the wanted rank is now known
//! pass 2 …:  if the bucket fits into the slot: collect its keys there, sort them, done
//!            else: slot[next b bits of the key] += 1     for the elements of the bucket
//! ```
//!
//! Two passes are enough where a bucket of the first one has at most 2ᵇ elements, which are then at hand exactly; keys of
//! 64 bits never take more than ⌈64 / b⌉. The element behind the wanted one is in the slot as well, or is the smallest
//! above the bucket, of which each pass keeps track.

use std::fmt;

use ndarray::{Array, ArrayRef, Axis, Dimension, IntoDimension, Ix2, RemoveAxis, aview1};

use super::quantile_keys::Countable;
use super::{check_rows, zeros};
use crate::blocks::error::BlockError;
use crate::kernel::{self, QuantileMethod};

/// The most bits of a key that one pass counts: a slot of 8 MiB.
const MOST_BITS: u32 = 20;

/// Finds quantiles of each column over all blocks, exactly, in passes over the rows: the bits of
/// [`quantile_axis_into`](crate::kernel::quantile_axis_into) (but for the sign of a zero).
///
/// Each pass counts what the passes before have left open. Call [`update`](Quantiles::update) with every block and
/// [`end_pass`](Quantiles::end_pass) after the last one, until that returns that it is done. If each column and
/// quantile has 2ᵇ words of 8 bytes, that takes at most ⌈64 / b⌉ passes (⌈32 / b⌉ for `f32`). Two passes are enough
/// for about 2²ᵇ⁻¹¹ rows of `f64`, three for 2³ᵇ⁻¹¹, unless the numbers crowd around the quantile. With 8 MiB for
/// each, which is the most that is used, two passes are enough for 500 million rows. With 64 KiB two are enough for
/// thirty thousand rows, and three for 250 million.
///
/// NaN in a column gives NaN, and so do no rows.
///
/// Replaces `np.quantile(a, q, axis=0, method=…)` of a file that does not fit into memory.
///
/// ```
/// use ndarray_pool::blocks::{NpyRows, Quantiles, write_npy};
/// use ndarray_pool::kernel::QuantileMethod;
/// use ndarray_pool::ndarray::{Array2, Ix2, array};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-quantiles-{}.npy", std::process::id()));
/// write_npy(&path, &Array2::<f64>::from_shape_fn((1001, 2), |(i, j)| ((i * 7919) % 1001 + j) as f64))?;
/// let rows = NpyRows::<f64, Ix2>::open(&path)?;
/// let pool = Pool2::<f64>::new(rows.block_shape(4 << 10), 1)?;
/// let mut quantiles = Quantiles::new(&[0.5, 0.99], QuantileMethod::Linear, 2, 1 << 20);
/// loop {
///     rows.blocks(&pool).for_each(|block| quantiles.update(&block))?;
///     if quantiles.end_pass()? {
///         break;
///     }
/// }
/// assert_eq!(quantiles.quantile(0), array![500.0, 501.0]);
/// assert_eq!(quantiles.quantile(1), array![990.0, 991.0]);
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
pub struct Quantiles<A = f64, D = Ix2>
where
    D: RemoveAxis,
{
    wanted: Box<[f64]>,
    method: QuantileMethod,
    row_shape: D::Smaller,
    /// 2ᵇ words a slot.
    bits: u32,
    slots: Vec<u64>,
    /// Those of the first column, then those of the next.
    targets: Vec<Target>,
    has_nan: Vec<bool>,
    /// Of this pass, and of the first one.
    rows: usize,
    all_rows: Option<usize>,
    found: Vec<A>,
}

/// What is known of the element of one rank.
#[derive(Clone, Copy)]
struct Target {
    /// Its leading bits.
    prefix: u64,
    /// How many bits are behind them.
    shift: u32,
    /// Its rank among the elements that begin so.
    rank: usize,
    /// How far the quantile lies on the way to the next element.
    part: f64,
    step: Step,
    /// The smallest key above all that begin so.
    above: u64,
}

#[derive(Clone, Copy)]
enum Step {
    Count,
    /// All keys that begin so, of which there are `needed`.
    Collect {
        keys: usize,
        needed: usize,
    },
    Done,
}

impl<A, D> Quantiles<A, D>
where
    A: Countable,
    D: RemoveAxis,
{
    /// Starts with the quantiles that are wanted, from 0 to 1, for rows of a shape: a number of columns, or
    /// [`NpyRows::row_shape`](crate::blocks::NpyRows::row_shape). All memory is taken here: at most `bytes` for
    /// slots.
    ///
    /// # Panics
    ///
    /// If a quantile does not lie between 0 and 1. If `bytes` is less than 128 for each column and quantile.
    #[track_caller]
    pub fn new(
        wanted: &[f64],
        method: QuantileMethod,
        row_shape: impl IntoDimension<Dim = D::Smaller>,
        bytes: usize,
    ) -> Self {
        for &q in wanted {
            let is_share = (0.0..=1.0).contains(&q);
            assert!(is_share, "Quantiles::new: a quantile is {q}, but must lie between 0 and 1");
        }
        let row_shape = row_shape.into_dimension();
        let columns = row_shape.size();
        let slots = columns * wanted.len();
        let words = bytes / size_of::<u64>() / slots.max(1);
        assert!(
            words >= 16 || slots == 0,
            "Quantiles::new: `bytes` is {bytes}, but must be at least {} for {slots} slots",
            slots * 16 * size_of::<u64>(),
        );
        let bits = words.max(1).ilog2().min(MOST_BITS).min(A::KEY_BITS);
        let start = Target {
            prefix: 0,
            shift: A::KEY_BITS,
            rank: 0,
            part: 0.0,
            step: Step::Count,
            above: u64::MAX,
        };
        Quantiles {
            wanted: wanted.into(),
            method,
            row_shape,
            bits,
            slots: vec![0; slots << bits],
            targets: vec![start; slots],
            has_nan: vec![false; columns],
            rows: 0,
            all_rows: None,
            found: vec![A::nan(); slots],
        }
    }

    /// Looks at all rows of a block.
    ///
    /// # Panics
    ///
    /// If they have another shape.
    #[track_caller]
    pub fn update(&mut self, block: &ArrayRef<A, D>) {
        check_rows("Quantiles::update", &block.shape()[1..], self.row_shape.slice());
        self.rows += block.len_of(Axis(0));
        let quantiles = self.wanted.len();
        if quantiles == 0 {
            return;
        }
        for (column, lane) in block.lanes(Axis(0)).into_iter().enumerate() {
            let targets = &mut self.targets[column * quantiles..][..quantiles];
            let slots =
                &mut self.slots[(column * quantiles) << self.bits..][..quantiles << self.bits];
            if self.all_rows.is_none() {
                // Nothing is known yet, and one slot does for all quantiles of the column.
                let (shift, has_nan) = (A::KEY_BITS - self.bits, &mut self.has_nan[column]);
                for x in lane {
                    match x.key() {
                        Some(key) => slots[(key >> shift) as usize] += 1,
                        None => *has_nan = true,
                    }
                }
                continue;
            }
            for (target, slot) in targets.iter_mut().zip(slots.chunks_mut(1 << self.bits)) {
                if matches!(target.step, Step::Done) {
                    continue;
                }
                for key in lane.iter().filter_map(|x| x.key()) {
                    target.take(key, slot, self.bits);
                }
            }
        }
    }

    /// Ends a pass over all rows, and says whether it was the last one.
    ///
    /// # Errors
    ///
    /// [`BlockError::Changed`] if the pass saw other rows than the first one: another number of them, or other elements
    /// where that is noticed. The pass counts as not made then, and can be made again.
    pub fn end_pass(&mut self) -> Result<bool, BlockError> {
        let rows = std::mem::take(&mut self.rows);
        let quantiles = self.wanted.len();
        match self.all_rows {
            None => self.begin(rows),
            Some(needed_rows) if needed_rows != rows => {
                self.forget_pass();
                return Err(BlockError::Changed { found_rows: rows, needed_rows });
            }
            Some(needed_rows) if !self.targets.iter().all(Target::has_all) => {
                self.forget_pass();
                return Err(BlockError::Changed { found_rows: rows, needed_rows });
            }
            Some(_) => {}
        }
        let is_first = self.all_rows.replace(rows).is_none();
        let mut is_done = true;
        for (at, target) in self.targets.iter_mut().enumerate() {
            let has_nan = self.has_nan[at / quantiles];
            let slot_at = if is_first { at / quantiles * quantiles } else { at };
            let slot = &mut self.slots[slot_at << self.bits..][..1 << self.bits];
            if has_nan || rows == 0 {
                target.step = Step::Done;
            } else if let Some((low, high)) = target.narrow(slot, self.bits) {
                self.found[at] = between(A::of_key(low), A::of_key(high), target.part);
            }
            is_done &= matches!(target.step, Step::Done);
        }
        if !is_done {
            self.slots.fill(0);
        }
        Ok(is_done)
    }

    /// Begins the pass again, where it could not be finished: after an error of the loop over blocks.
    pub fn restart_pass(&mut self) {
        self.rows = 0;
        self.forget_pass();
    }

    fn forget_pass(&mut self) {
        self.slots.fill(0);
        if self.all_rows.is_none() {
            self.has_nan.fill(false);
        }
        for target in &mut self.targets {
            target.above = u64::MAX;
            if let Step::Collect { keys, .. } = &mut target.step {
                *keys = 0;
            }
        }
    }

    /// How much memory the slots take, in bytes.
    pub fn bytes(&self) -> usize {
        self.slots.len() * size_of::<u64>()
    }

    /// The quantile `wanted[which]` of each column, once [`end_pass`](Quantiles::end_pass) has said that it is done;
    /// NaN before.
    ///
    /// # Panics
    ///
    /// If not so many are wanted.
    #[must_use]
    #[track_caller]
    pub fn quantile(&self, which: usize) -> Array<A, D::Smaller> {
        let mut out = zeros(self.row_shape.clone());
        self.quantile_into(which, &mut out);
        out
    }

    /// The same, into an existing array.
    ///
    /// # Panics
    ///
    /// If not so many are wanted, or if `out` has not the shape of a row.
    #[track_caller]
    pub fn quantile_into(&self, which: usize, out: &mut ArrayRef<A, D::Smaller>) {
        let quantiles = self.wanted.len();
        assert!(
            which < quantiles,
            "Quantiles::quantile: there is no quantile {which} among {quantiles}"
        );
        check_rows("Quantiles::quantile_into", out.shape(), self.row_shape.slice());
        let found = self.found.iter().skip(which).step_by(quantiles);
        out.iter_mut().zip(found).for_each(|(out, found)| *out = *found);
    }

    /// After the first pass it is known how many rows there are, and so which ranks are wanted.
    fn begin(&mut self, rows: usize) {
        if rows == 0 {
            return;
        }
        for (at, target) in self.targets.iter_mut().enumerate() {
            let q = self.wanted[at % self.wanted.len()];
            (target.rank, target.part) = self.method.place(q, rows);
        }
    }
}

impl Target {
    /// Whether a pass has found as many keys as the one before counted.
    fn has_all(&self) -> bool {
        !matches!(self.step, Step::Collect { keys, needed } if keys != needed)
    }

    /// Looks at one element in a pass after the first.
    #[inline]
    fn take(&mut self, key: u64, slot: &mut [u64], bits: u32) {
        // After the first pass there are fewer bits than all behind the prefix.
        match (key >> self.shift).cmp(&self.prefix) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Greater => self.above = self.above.min(key),
            std::cmp::Ordering::Equal => match &mut self.step {
                Step::Count => {
                    let bits = bits.min(self.shift);
                    slot[(key >> (self.shift - bits)) as usize & ((1 << bits) - 1)] += 1;
                }
                Step::Collect { keys, .. } => {
                    // More than were counted before are there only if the rows have changed.
                    if let Some(place) = slot.get_mut(*keys) {
                        *place = key;
                        *keys += 1;
                    }
                }
                Step::Done => {}
            },
        }
    }

    /// After a pass: the wanted key and the one behind it, if they are known now.
    fn narrow(&mut self, slot: &mut [u64], bits: u32) -> Option<(u64, u64)> {
        match self.step {
            Step::Done => return None,
            Step::Collect { keys, .. } => {
                let keys = &mut slot[..keys];
                keys.sort_unstable();
                self.step = Step::Done;
                let low = *keys.get(self.rank).or(keys.last())?;
                return Some((low, keys.get(self.rank + 1).copied().unwrap_or(self.above)));
            }
            Step::Count => {}
        }
        let bits = bits.min(self.shift);
        let (mut bucket, mut before) = (0, 0);
        while bucket + 1 < slot.len() && before + slot[bucket] as usize <= self.rank {
            before += slot[bucket] as usize;
            bucket += 1;
        }
        self.rank -= before;
        let parent = self.prefix << bits;
        (self.prefix, self.shift) = (parent | bucket as u64, self.shift - bits);
        let in_bucket = slot[bucket] as usize;
        if self.shift > 0 {
            let fits = in_bucket <= slot.len();
            self.step =
                if fits { Step::Collect { keys: 0, needed: in_bucket } } else { Step::Count };
            self.above = u64::MAX;
            return None;
        }
        // Every bucket is one key.
        self.step = Step::Done;
        let next = (bucket + 1..slot.len()).find(|&bucket| slot[bucket] > 0);
        let high = match next {
            _ if self.rank + 1 < in_bucket => self.prefix,
            Some(next) => parent | next as u64,
            None => self.above,
        };
        Some((self.prefix, high))
    }
}

/// What the kernel makes of two neighbours.
fn between<A: Countable>(low: A, high: A, part: f64) -> A {
    if part == 0.0 {
        return low;
    }
    kernel::whole::quantile(&aview1(&[low, high]), part, QuantileMethod::Linear, &mut [low; 2])
}

impl<A, D: RemoveAxis> fmt::Debug for Quantiles<A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quantiles")
            .field("wanted", &self.wanted)
            .field("method", &self.method)
            .field("rows", &self.all_rows)
            .finish_non_exhaustive()
    }
}
