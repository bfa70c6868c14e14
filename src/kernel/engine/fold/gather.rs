//! Elements that are not contiguous: a block of them is copied to the stack, so that reductions read whole vectors.

use ndarray::iter::{Lanes, LanesIter};
use ndarray::{ArrayView1, ArrayViewMut1, Axis, Dimension, Zip};

use crate::kernel::engine::tuning::{FOLD_BLOCK, SHORT_LINE};

/// Calls `see` with the line, at most [`FOLD_BLOCK`] elements, as a slice: itself if it is contiguous, else a copy on
/// the stack.
#[inline(always)]
pub(crate) fn with_slice<A: Copy, T>(line: &ArrayView1<'_, A>, see: impl FnOnce(&[A]) -> T) -> T {
    let (mut short, mut block);
    let copy = match (line.as_slice(), line.len()) {
        (Some(line), _) => return see(line),
        // A whole block would take longer to fill than such a line takes to fold.
        (None, ..=SHORT_LINE) => {
            short = [line[0]; SHORT_LINE];
            &mut short[..line.len()]
        }
        (None, _) => {
            block = [line[0]; FOLD_BLOCK];
            &mut block[..line.len()]
        }
    };
    gather(line, 0, copy);
    see(copy)
}

/// Copies the elements of `line` from number `at` on to `block`.
fn gather<A: Copy>(line: &ArrayView1<'_, A>, at: usize, block: &mut [A]) {
    match line.as_slice() {
        Some(line) => block.copy_from_slice(&line[at..at + block.len()]),
        None => {
            let part = line.slice_axis(Axis(0), (at..at + block.len()).into());
            Zip::from(ArrayViewMut1::from(block))
                .and(part)
                .for_each(|block, &element| *block = element);
        }
    }
}

/// The elements of many lanes, one lane after another, in blocks.
pub(crate) struct Flow<'a, A, D> {
    lanes: LanesIter<'a, A, D>,
    lane: Option<ArrayView1<'a, A>>,
    /// How many elements of `lane` were shown.
    seen: usize,
}

impl<'a, A: Copy, D: Dimension> Flow<'a, A, D> {
    pub(crate) fn new(lanes: Lanes<'a, A, D>) -> Self {
        let mut lanes = lanes.into_iter();
        let lane = lanes.next();
        Flow { lanes, lane, seen: 0 }
    }

    /// The elements from number `at` on, of which there are some.
    #[cfg(feature = "rayon")]
    pub(crate) fn from(lanes: Lanes<'a, A, D>, at: usize) -> Self {
        let mut lanes = lanes.into_iter();
        let len = lanes.clone().next().map_or(1, |lane| lane.len());
        let lane = lanes.nth(at / len);
        Flow { lanes, lane, seen: at % len }
    }

    /// Shows the next `len` elements, 1 to [`FOLD_BLOCK`], to `see`. There must be so many left.
    pub(crate) fn next(&mut self, len: usize, see: &mut dyn FnMut(&[A])) {
        let lane = self.current();
        let seen = self.seen;
        if let Some(lane) = lane.to_slice()
            && lane.len() - seen >= len
        {
            self.seen += len;
            return see(&lane[seen..seen + len]);
        }
        let mut block = [lane[seen]; FOLD_BLOCK];
        let mut filled = 0;
        while filled < len {
            let lane = self.current();
            let part = (len - filled).min(lane.len() - self.seen);
            gather(&lane, self.seen, &mut block[filled..filled + part]);
            filled += part;
            self.seen += part;
        }
        see(&block[..len]);
    }

    /// The lane that holds the next element.
    fn current(&mut self) -> ArrayView1<'a, A> {
        loop {
            match &self.lane {
                Some(lane) if self.seen < lane.len() => return *lane,
                _ => {
                    self.lane = Some(self.lanes.next().expect("there are elements left"));
                    self.seen = 0;
                }
            }
        }
    }
}
