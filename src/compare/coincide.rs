//! Where the lines of a chart coincide, and what to draw so that each of them can be seen.
//!
//! The chart is cut into upright strips. In a strip, lines that stay within a few pixels of each other are a group; the
//! strips of a group belong to its lines in turn, and a line that owns a strip is drawn once more over it.

use std::ops::Range;

/// How wide a strip is, as a share of the chart.
const STRIP: f64 = 1.0 / 64.0;

/// Lines no further apart than this share of the chart's height, two pixels, cannot be told apart.
const APART: f64 = 0.006;

/// The places in a strip at which lines are compared.
const LOOKS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Points from left to right.
pub(super) type Line = Vec<(f64, f64)>;

/// One direction of a chart.
#[derive(Clone)]
pub(super) struct Scale {
    pub(super) range: Range<f64>,
    is_logarithmic: bool,
}

impl Scale {
    pub(super) fn linear(range: Range<f64>) -> Self {
        Self { range, is_logarithmic: false }
    }

    pub(super) fn logarithmic(range: Range<f64>) -> Self {
        Self { range, is_logarithmic: true }
    }

    /// Where a value is drawn: 0 at the start of the range, 1 at its end.
    pub(super) fn share(&self, value: f64) -> f64 {
        let place = |value: f64| if self.is_logarithmic { value.ln() } else { value };
        let (start, end) = (place(self.range.start), place(self.range.end));
        (place(value) - start) / (end - start)
    }

    /// The value that is drawn there.
    fn value(&self, share: f64) -> f64 {
        let Range { start, end } = self.range;
        if self.is_logarithmic {
            start * (end / start).powf(share)
        } else {
            start + (end - start) * share
        }
    }
}

/// The pieces to draw over `lines`, in the order of the strips, with the index of the line that each is a piece of.
pub(super) fn pieces(lines: &[Line], [x, y]: &[Scale; 2]) -> Vec<(usize, Line)> {
    let shares: Vec<Line> = lines
        .iter()
        .map(|line| line.iter().map(|point| (x.share(point.0), y.share(point.1))).collect())
        .collect();
    let mut pieces = Vec::new();
    for strip in 0..(1.0 / STRIP) as usize {
        let from = strip as f64 * STRIP;
        let looks = LOOKS.map(|look| from + look * STRIP);
        let heights: Vec<[Option<f64>; 5]> =
            shares.iter().map(|line| looks.map(|look| height(line, look))).collect();
        let are_alike = |one: usize, other: usize| {
            let pairs = heights[one].iter().zip(&heights[other]);
            pairs.into_iter().all(|pair| match pair {
                (Some(one), Some(other)) => (one - other).abs() <= APART,
                _ => false,
            })
        };
        let mut is_grouped = vec![false; lines.len()];
        for first in 0..lines.len() {
            let others = first + 1..lines.len();
            let alike = others.filter(|&other| !is_grouped[other] && are_alike(first, other));
            let group: Vec<usize> = [first].into_iter().chain(alike).collect();
            if is_grouped[first] || group.len() < 2 {
                continue;
            }
            group.iter().for_each(|&member| is_grouped[member] = true);
            let owner = group[strip % group.len()];
            let piece = cut(&shares[owner], from..from + STRIP);
            pieces.push((owner, piece.into_iter().map(|p| (x.value(p.0), y.value(p.1))).collect()));
        }
    }
    pieces
}

/// How many of the lines that are drawn after `index` have a point where this one of `index` is.
pub(super) fn covering(
    lines: &[Line],
    index: usize,
    point: (f64, f64),
    [x, y]: &[Scale; 2],
) -> i32 {
    let is_at = |other: &(f64, f64)| {
        let apart = (x.share(point.0) - x.share(other.0), y.share(point.1) - y.share(other.1));
        apart.0.abs() <= APART && apart.1.abs() <= APART
    };
    lines[index + 1..].iter().filter(|line| line.iter().any(is_at)).count() as i32
}

/// The height of a line at `x`; `None` before its start and after its end.
fn height(line: &[(f64, f64)], x: f64) -> Option<f64> {
    let after = line.partition_point(|point| point.0 < x);
    let end = line.get(after)?;
    if end.0 == x {
        return Some(end.1);
    }
    let start = line[after.checked_sub(1)?];
    Some(start.1 + (end.1 - start.1) * (x - start.0) / (end.0 - start.0))
}

/// The piece of a line between two places at both of which it has a height.
fn cut(line: &[(f64, f64)], between: Range<f64>) -> Line {
    let end = |x: f64| height(line, x).map(|height| (x, height));
    let inside = line.iter().copied().filter(|p| between.start < p.0 && p.0 < between.end);
    end(between.start).into_iter().chain(inside).chain(end(between.end)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Line, STRIP, Scale, covering, pieces};

    fn scales() -> [Scale; 2] {
        [Scale::linear(0.0..10.0), Scale::linear(0.0..4.0)]
    }

    fn flat(height: f64, end: f64) -> Line {
        vec![(0.0, height), (end / 2.0, height), (end, height)]
    }

    /// How many strips each of the lines is drawn over.
    fn strips(lines: &[Line]) -> Vec<usize> {
        let pieces = pieces(lines, &scales());
        (0..lines.len()).map(|line| pieces.iter().filter(|piece| piece.0 == line).count()).collect()
    }

    #[test]
    fn lines_that_coincide_take_turns_and_others_do_not() {
        let all = (1.0 / STRIP) as usize;
        assert_eq!(strips(&[flat(1.0, 10.0), flat(2.0, 10.0)]), [0, 0]);
        assert_eq!(strips(&[flat(1.0, 10.0), flat(1.01, 10.0)]), [all / 2; 2]);
        let three = strips(&[flat(1.0, 10.0), flat(3.0, 10.0), flat(1.0, 10.0), flat(1.0, 10.0)]);
        assert_eq!((three[1], three.iter().sum()), (0, all));
        assert!([0, 2, 3].iter().all(|&line| three[line] >= all / 3), "{three:?}");
        let two_pairs = [flat(1.0, 10.0), flat(3.0, 10.0), flat(1.0, 10.0), flat(3.0, 10.0)];
        assert_eq!(strips(&two_pairs), [all / 2; 4]);
        // The second ends in the middle.
        assert_eq!(strips(&[flat(1.0, 10.0), flat(1.0, 5.0)]), [all / 4; 2]);
    }

    #[test]
    fn a_piece_follows_its_line() {
        let line = vec![(0.0, 1.0), (5.01, 1.0), (5.1, 3.0), (10.0, 3.0)];
        let found = pieces(&[line.clone(), line], &scales());
        let with_step = found.iter().find(|(_, piece)| piece.contains(&(5.01, 1.0)));
        let (_, piece) = with_step.unwrap();
        assert!(piece.len() > 2, "{piece:?}");
        assert_eq!((piece[0].1, piece.last().unwrap().1), (1.0, 3.0));
    }

    #[test]
    fn dots_know_what_covers_them() {
        let lines = [flat(1.0, 10.0), flat(2.0, 10.0), flat(1.0, 10.0)];
        assert_eq!(covering(&lines, 0, (5.0, 1.0), &scales()), 1);
        assert_eq!(covering(&lines, 1, (5.0, 2.0), &scales()), 0);
        assert_eq!(covering(&lines, 2, (5.0, 1.0), &scales()), 0);
    }

    #[test]
    fn a_logarithmic_scale_goes_there_and_back() {
        let scale = Scale::logarithmic(0.5..512.0);
        assert!((scale.share(16.0) - 0.5).abs() < 1e-12);
        assert!((scale.value(0.5) - 16.0).abs() < 1e-9);
    }
}
