//! [`Footprint`]: what a set of named arrays holds, with shared memory counted once.

use std::any::type_name;
use std::fmt;
use std::ops::Range;

use ndarray::{ArrayRef, Dimension};

use super::nbytes;
use super::text::{self, Padded, plain};

/// What a set of named arrays, views and leases holds: each with its elements' bytes, and the
/// memory of all of them together, in which what two of them share is counted once.
///
/// An array *holds* the memory from its first to its last element. So a view of every second row
/// holds nearly as much as all rows, although its elements are half of them: this is what it keeps
/// alive. A view of an array in the set adds nothing, whichever was added first.
///
/// Whatever derefs to [`ArrayRef`] can be added. What an element holds or points to makes no
/// difference; an empty array holds nothing. Addresses are noted when an array is added: print the
/// set before the arrays go or grow.
///
/// Replaces a loop of `sys.getsizeof` or `a.nbytes` over NumPy arrays: the former leaves the data of
/// views out, the latter counts it twice.
///
/// ```
/// use ndarray::{Array2, s};
/// use ndarray_pool::memory::Footprint;
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// let grid = Array2::<f64>::zeros((1000, 100));
/// let edge = grid.slice(s![..;10, ..]);
/// let pool = Pool1::<f32>::new(1000, 1)?;
/// let scratch = pool.lease();
///
/// let mut footprint = Footprint::new();
/// footprint.add("edge", &edge);
/// footprint.add("grid", &grid);
/// footprint.add("scratch", &scratch);
/// assert_eq!(footprint.held_bytes(), 804_000);
/// println!("{footprint}");
/// # Ok(())
/// # }
/// ```
///
/// prints
///
/// ```text
/// name     element  shape         elements' bytes  held bytes  inside
/// edge     f64      [100, 100]              80000      792800  grid
/// grid     f64      [1000, 100]            800000      800000
/// scratch  f32      [1000]                   4000        4000
/// all, counted once                                    804000
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    entries: Vec<FootprintEntry>,
}

/// One array of a [`Footprint`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FootprintEntry {
    /// What it is called.
    pub name: String,
    /// The name of the element type.
    pub element: &'static str,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its elements: [`nbytes`](super::nbytes).
    pub element_bytes: usize,
    /// The addresses from its first to its last element; empty if it has none.
    pub addresses: Range<usize>,
}

impl Footprint {
    /// A set without arrays.
    #[must_use]
    pub fn new() -> Self {
        Footprint::default()
    }

    /// Adds an array under a name.
    pub fn add<A, D: Dimension>(&mut self, name: impl Into<String>, array: &ArrayRef<A, D>) {
        self.entries.push(FootprintEntry {
            name: name.into(),
            element: type_name::<A>(),
            shape: array.shape().to_vec(),
            element_bytes: nbytes(array),
            addresses: addresses(array),
        });
    }

    /// The arrays, in the order they were added.
    #[must_use]
    pub fn entries(&self) -> &[FootprintEntry] {
        &self.entries
    }

    /// The memory of all arrays together, each byte counted once.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        let mut ranges: Vec<_> = self.entries.iter().map(|entry| entry.addresses.clone()).collect();
        ranges.sort_by_key(|range| range.start);
        let (mut held_bytes, mut counted_to) = (0, 0);
        for range in ranges {
            held_bytes += range.end.saturating_sub(range.start.max(counted_to));
            counted_to = counted_to.max(range.end);
        }
        held_bytes
    }

    /// The array that an array lies in: the largest that holds all of its memory and more, or all
    /// of it and was added before.
    fn owner_of(&self, at: usize) -> Option<&FootprintEntry> {
        let inner = &self.entries[at].addresses;
        self.entries
            .iter()
            .enumerate()
            .filter(|(other, entry)| {
                let outer = &entry.addresses;
                let is_inside = outer.start <= inner.start && inner.end <= outer.end;
                let is_larger = outer.len() > inner.len() || *other < at;
                is_inside && is_larger && !inner.is_empty() && *other != at
            })
            .map(|(_, entry)| entry)
            // The first of equals.
            .reduce(|a, b| if b.addresses.len() > a.addresses.len() { b } else { a })
    }
}

/// The table, each line ended.
impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = |entry: &FootprintEntry| format!("{:?}", entry.shape);
        let width = |text: &dyn Fn(&FootprintEntry) -> usize, least| {
            self.entries.iter().map(text).max().unwrap_or(0).max(least)
        };
        let names = width(&|entry| text::width(&plain(&entry.name)), "name".len());
        let elements = width(&|entry| entry.element.len(), "element".len());
        let shapes = width(&|entry| shape(entry).len(), "shape".len());
        let (head, held) = ("elements' bytes", "held bytes");
        writeln!(
            f,
            "{}  {}  {}  {head:>15}  {held:>10}  inside",
            Padded("name", names),
            Padded("element", elements),
            Padded("shape", shapes)
        )?;
        for (at, entry) in self.entries.iter().enumerate() {
            let FootprintEntry { name, element, element_bytes, addresses, .. } = entry;
            write!(
                f,
                "{}  {}  {}  {element_bytes:>15}  {:>10}",
                Padded(&plain(name), names),
                Padded(element, elements),
                Padded(&shape(entry), shapes),
                addresses.len(),
            )?;
            match self.owner_of(at) {
                Some(owner) => writeln!(f, "  {}", plain(&owner.name))?,
                None => writeln!(f)?,
            }
        }
        let left = names + elements + shapes + 21;
        writeln!(f, "{}  {:>10}", Padded("all, counted once", left), self.held_bytes())
    }
}

/// From the first byte of the lowest element to the last byte of the highest. Strides may be
/// negative, and zero in a broadcast view.
fn addresses<A, D: Dimension>(array: &ArrayRef<A, D>) -> Range<usize> {
    let first = array.as_ptr().addr();
    if array.is_empty() || size_of::<A>() == 0 {
        return first..first;
    }
    let (mut start, mut end) = (first, first + size_of::<A>());
    for (&len, &stride) in array.shape().iter().zip(array.strides()) {
        let reach_bytes = (len - 1) * stride.unsigned_abs() * size_of::<A>();
        if stride < 0 { start -= reach_bytes } else { end += reach_bytes }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, Axis, array, s};

    use super::Footprint;

    #[test]
    fn views_are_counted_once_in_any_order() {
        let a = Array2::<f64>::zeros((10, 10));
        let mut backward = a.view();
        backward.invert_axis(Axis(0));
        backward.invert_axis(Axis(1));
        let (left, right) = a.view().split_at(Axis(0), 6);
        let column = a.column(3);
        let sets: [(&[&str], usize); 5] = [
            (&["a", "backward", "left", "column"], 800),
            (&["backward", "a"], 800),
            (&["left", "right"], 800),
            (&["left"], 480),
            (&["column"], 9 * 80 + 8),
        ];
        for (names, expected) in sets {
            let mut footprint = Footprint::new();
            for name in names {
                match *name {
                    "a" => footprint.add("a", &a),
                    "backward" => footprint.add("backward", &backward),
                    "left" => footprint.add("left", &left),
                    "right" => footprint.add("right", &right),
                    _ => footprint.add("column", &column),
                }
            }
            assert_eq!(footprint.held_bytes(), expected, "{names:?}");
        }
    }

    #[test]
    fn ranges_that_overlap_in_part_are_counted_once() {
        let a = Array1::<u8>::zeros(100);
        let mut footprint = Footprint::new();
        for (start, end) in [(50, 80), (0, 20), (10, 60), (90, 90), (12, 15)] {
            footprint.add("part", &a.slice(s![start..end]));
        }
        assert_eq!(footprint.held_bytes(), 80);
    }

    #[test]
    fn broadcast_empty_and_sizeless_arrays_hold_what_is_there() {
        let one = array![1.0_f32];
        let mut footprint = Footprint::new();
        footprint.add("broadcast", &one.broadcast((1000, 1000)).unwrap());
        footprint.add("empty", &Array2::<f64>::zeros((0, 5)));
        footprint.add("units", &Array1::from_elem(5, ()));
        assert_eq!(footprint.held_bytes(), 4);
        assert_eq!(footprint.entries()[0].element_bytes, 4_000_000);
    }

    #[test]
    fn names_of_any_length_and_kind_can_be_shown() {
        let mut footprint = Footprint::new();
        footprint.add("long ".repeat(20_000), &array![1.0]);
        footprint.add("\u{1b}[2J", &array![1.0]);
        let text = footprint.to_string();
        assert!(text.contains("\n\\u{1b}[2J ") && !text.contains('\u{1b}'));
    }

    #[test]
    fn the_table_says_what_lies_in_what() {
        let grid = Array2::<f64>::zeros((1000, 100));
        let edge = grid.slice(s![..;10, ..]);
        let mut footprint = Footprint::new();
        footprint.add("edge", &edge);
        footprint.add("grid", &grid);
        footprint.add("again", &grid.view());
        footprint.add("scratch", &Array1::<f32>::zeros(1000));
        let expected = "\
name     element  shape        elements' bytes  held bytes  inside
edge     f64      [100, 100]             80000      792800  grid
grid     f64      [1000, 100]           800000      800000
again    f64      [1000, 100]           800000      800000  grid
scratch  f32      [1000]                  4000        4000
all, counted once                                   804000
";
        assert_eq!(footprint.to_string(), expected);
    }
}
