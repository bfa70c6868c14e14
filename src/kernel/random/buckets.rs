//! Shuffling all elements; those of large arrays in buckets.
//!
//! The shuffle of Fisher and Yates accesses a random position for each element, which in an array larger than the
//! caches is a cache miss each time. So the elements of large arrays are first distributed to K buckets, each equally
//! likely, and then each bucket, which fits into the caches, is shuffled by itself (Rao and Sandelius, 1961):
//!
//! ```text
//! shuffle(n elements):
//!     if n is small: Fisher–Yates
//!     otherwise:     append each element to a random one of K buckets
//!                    shuffle(each bucket)
//! ```
//!
//! This is uniform. Take any order of n elements, cut anywhere into K buckets of s₁, …, s_K. It results if every
//! element draws its bucket, with probability K⁻ⁿ, and every bucket its order, 1 / (s₁! ⋯ s_K!). Neither depends on the
//! order.
//!
//! Nobody knows beforehand how many elements a bucket will get, and there is no memory but the array itself. So
//! [`Buckets`] are parts of the array that start out equally long. This is enough until one of them is full, with a few
//! hundredths of the elements still to come. From then on a full bucket takes a place from the nearest that is not
//! full, by moving the borders between the two by one.
//!
//! In place, the next element to distribute is the one that was found where the last one was put. Which one that is
//! depends on the draws so far, but each element draws its bucket once, and only then: the result is as if all had
//! drawn beforehand.
//!
//! The length alone decides how elements are shuffled, and with how many buckets.

use std::ops::Range;

use ndarray::{ArrayRef, Dimension};
use rand::Rng;

use crate::kernel::engine::cpu::prefetch;
use crate::kernel::engine::tuning::BUCKET_AHEAD;
use crate::kernel::random::draw;

/// Writes `elements` to `places` in random order. There are as many elements as places.
pub(crate) fn shuffle_into<const K: usize, A, P, R>(
    elements: impl Iterator<Item = A>,
    places: &mut P,
    limit: usize,
    rng: &mut R,
) where
    P: Places<A> + ?Sized,
    R: Rng + ?Sized,
{
    if places.count() >= limit {
        let buckets = throw::<K, _, _, _>(elements, places, rng);
        shuffle_each(buckets, places, limit, rng);
    } else {
        places.fill(elements);
        places.shuffle(0..places.count(), rng);
    }
}

/// Shuffles the elements in a range of `places`.
pub(crate) fn shuffle<const K: usize, A, P, R>(
    places: &mut P,
    range: Range<usize>,
    limit: usize,
    rng: &mut R,
) where
    P: Places<A> + ?Sized,
    R: Rng + ?Sized,
{
    if range.len() >= limit {
        let buckets = throw_within::<K, _, _, _>(places, range, rng);
        shuffle_each(buckets, places, limit, rng);
    } else {
        places.shuffle(range, rng);
    }
}

/// Shuffles each bucket.
///
/// A bucket with more than half of all elements is not distributed to buckets again: with a generator that always
/// chooses the same bucket this would never end. (With random words this does not happen, and the shuffle by swaps is
/// as uniform.)
fn shuffle_each<const K: usize, A, P, R>(
    buckets: Buckets<K>,
    places: &mut P,
    limit: usize,
    rng: &mut R,
) where
    P: Places<A> + ?Sized,
    R: Rng + ?Sized,
{
    let mut start = buckets.start;
    let most = (buckets.end[K - 1] - start) / 2;
    for end in buckets.end {
        if end - start <= most {
            shuffle::<K, _, _, _>(places, start..end, limit, rng);
        } else {
            places.shuffle(start..end, rng);
        }
        start = end;
    }
}

/// Distributes `elements` to K buckets.
///
/// Never inlined: within the code of its caller the loop took half as long again.
#[inline(never)]
fn throw<const K: usize, A, P, R>(
    mut elements: impl Iterator<Item = A>,
    places: &mut P,
    rng: &mut R,
) -> Buckets<K>
where
    P: Places<A> + ?Sized,
    R: Rng + ?Sized,
{
    let mut buckets = Buckets::<K>::new(0..places.count());
    draw::below::<K, _>(places.count(), rng, |bucket| {
        let Some(element) = elements.next() else { return };
        if buckets.is_full(bucket) {
            buckets.make_room(bucket, places, None);
        }
        let place = buckets.next[bucket];
        places.set(place, element);
        places.will_write(place + BUCKET_AHEAD);
        buckets.next[bucket] += 1;
    });
    buckets
}

/// Distributes the elements in a range of `places` to K buckets.
#[inline(never)]
fn throw_within<const K: usize, A, P, R>(
    places: &mut P,
    range: Range<usize>,
    rng: &mut R,
) -> Buckets<K>
where
    P: Places<A> + ?Sized,
    R: Rng + ?Sized,
{
    let (count, mut thrown) = (range.len(), range.start);
    let mut buckets = Buckets::<K>::new(range);
    let mut from = 0;
    draw::below::<K, _>(count, rng, |bucket| {
        // The element at `thrown` goes into its bucket, and the one that was there is next.
        let is_full = buckets.is_full(bucket);
        if is_full {
            buckets.make_room(bucket, places, Some(thrown));
        } else {
            places.swap(thrown, buckets.next[bucket]);
        }
        places.will_write(buckets.next[bucket] + BUCKET_AHEAD);
        buckets.next[bucket] += 1;
        // Testing this for each element took a seventh longer.
        if is_full || bucket == from {
            while from < K - 1 && buckets.is_full(from) {
                from += 1;
            }
            thrown = buckets.next[from];
        }
    });
    buckets
}

/// Neighbouring parts of an array. Each has elements from the end of the one before it up to `next`, and free places
/// from there to its `end`.
struct Buckets<const K: usize> {
    start: usize,
    next: [usize; K],
    end: [usize; K],
}

impl<const K: usize> Buckets<K> {
    /// Empty buckets of equal length.
    fn new(range: Range<usize>) -> Self {
        let (len, longer) = (range.len() / K, range.len() % K);
        let border = |bucket: usize| range.start + bucket * len + bucket.min(longer);
        Buckets {
            start: range.start,
            next: std::array::from_fn(border),
            end: std::array::from_fn(|bucket| border(bucket + 1)),
        }
    }

    #[inline]
    fn is_full(&self, bucket: usize) -> bool {
        self.next[bucket] == self.end[bucket]
    }

    fn start_of(&self, bucket: usize) -> usize {
        bucket.checked_sub(1).map_or(self.start, |before| self.end[before])
    }

    /// Frees a place in a full bucket, by taking it from the nearest one that has one.
    ///
    /// The element at `thrown`, which is in no bucket yet, is moved to the place that is freed.
    #[cold]
    #[inline(never)]
    fn make_room<A, P>(&mut self, full: usize, places: &mut P, thrown: Option<usize>)
    where
        P: Places<A> + ?Sized,
    {
        let nearest = (1..K)
            .flat_map(|distance| [full + distance, full.wrapping_sub(distance)])
            .find(|&bucket| bucket < K && !self.is_full(bucket))
            .expect("there is a place for each element");
        if nearest > full {
            if let Some(thrown) = thrown {
                places.swap(thrown, self.next[nearest]);
            }
            // Each bucket on the way gives its first place away and takes the one after its last element.
            for bucket in (full + 1..=nearest).rev() {
                places.swap(self.start_of(bucket), self.next[bucket]);
                self.next[bucket] += 1;
                self.end[bucket - 1] += 1;
            }
        } else {
            if let Some(thrown) = thrown {
                places.swap(thrown, self.end[nearest] - 1);
            }
            // Each bucket on the way takes a place before its first element and gives its last one away.
            self.end[nearest] -= 1;
            for bucket in nearest + 1..=full {
                let last = self.end[bucket] - 1;
                places.swap(self.start_of(bucket), last);
                self.next[bucket] = last;
                if bucket < full {
                    self.end[bucket] = last;
                }
            }
        }
    }
}

/// An array whose elements are addressed by their number in logical order.
pub(crate) trait Places<A> {
    fn count(&self) -> usize;
    fn get(&self, place: usize) -> A;
    fn set(&mut self, place: usize, element: A);
    /// Sets all places, in order.
    fn fill(&mut self, elements: impl Iterator<Item = A>);

    #[inline]
    fn swap(&mut self, one: usize, two: usize) {
        let element = self.get(one);
        self.set(one, self.get(two));
        self.set(two, element);
    }

    /// A hint that `place`, if it exists, will be written soon.
    fn will_write(&self, _place: usize) {}

    /// Fisher–Yates.
    fn shuffle<R: Rng + ?Sized>(&mut self, range: Range<usize>, rng: &mut R) {
        draw::each(range.len(), rng, |place, other| {
            self.swap(range.start + place, range.start + other);
        });
    }
}

impl<A: Copy> Places<A> for [A] {
    fn count(&self) -> usize {
        self.len()
    }
    #[inline]
    fn get(&self, place: usize) -> A {
        self[place]
    }
    #[inline]
    fn set(&mut self, place: usize, element: A) {
        self[place] = element;
    }
    fn fill(&mut self, elements: impl Iterator<Item = A>) {
        self.iter_mut().zip(elements).for_each(|(place, element)| *place = element);
    }
    #[inline]
    fn will_write(&self, place: usize) {
        prefetch::line(self.as_ptr().wrapping_add(place));
    }
    /// The bounds checks of a subslice are simpler: it takes a fifth of the time.
    fn shuffle<R: Rng + ?Sized>(&mut self, range: Range<usize>, rng: &mut R) {
        let elements = &mut self[range];
        draw::each(elements.len(), rng, |place, other| elements.swap(place, other));
    }
}

/// An array in any memory order.
impl<A: Copy, D: Dimension> Places<A> for ArrayRef<A, D> {
    fn count(&self) -> usize {
        self.len()
    }
    fn get(&self, place: usize) -> A {
        self[index_of(place, self)]
    }
    fn set(&mut self, place: usize, element: A) {
        let index = index_of(place, self);
        self[index] = element;
    }
    fn fill(&mut self, elements: impl Iterator<Item = A>) {
        self.iter_mut().zip(elements).for_each(|(place, element)| *place = element);
    }
}

/// The index of the element at `place` in logical order.
fn index_of<A, D: Dimension>(mut place: usize, array: &ArrayRef<A, D>) -> D {
    let mut index = D::zeros(array.ndim());
    for axis in (0..array.ndim()).rev() {
        let len = array.shape()[axis];
        index[axis] = if axis == 0 { place } else { place % len };
        place /= len;
    }
    index
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array3, ShapeBuilder, s};
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::*;
    use crate::kernel::random::draw::tests::Script;

    /// Lengths from which on elements are distributed to buckets: those of buckets again, or not.
    const LIMITS: [usize; 3] = [2, 10, 60];

    #[test]
    fn every_element_comes_out_once() {
        for limit in LIMITS {
            for len in 0..130 {
                let sorted: Vec<usize> = (0..len).collect();
                let mut rng = SmallRng::seed_from_u64(len as u64);
                let (mut into, mut inplace) = (vec![len; len], sorted.clone());
                shuffle_into::<256, _, _, _>(0..len, &mut into[..], limit, &mut rng);
                shuffle::<4, _, _, _>(&mut inplace[..], 0..len, limit, &mut rng);
                into.sort();
                inplace.sort();
                assert_eq!((&into, &inplace), (&sorted, &sorted), "{limit}");
            }
        }
    }

    /// A generator that always returns the same word puts all elements into one bucket.
    #[test]
    fn no_generator_throws_for_ever() {
        for limit in LIMITS {
            for word in [0, 1, 1 << 63, u64::MAX] {
                for len in [60, 61, 1000, 5000] {
                    let sorted: Vec<usize> = (0..len).collect();
                    let (mut into, mut inplace) = (vec![len; len], sorted.clone());
                    shuffle_into::<64, _, _, _>(0..len, &mut into[..], limit, &mut Script(&[word]));
                    shuffle::<4, _, _, _>(&mut inplace[..], 0..len, limit, &mut Script(&[word]));
                    into.sort();
                    inplace.sort();
                    assert_eq!((&into, &inplace), (&sorted, &sorted), "{limit}, {word}");
                }
            }
        }
    }

    #[test]
    fn a_range_is_shuffled_and_nothing_else() {
        for limit in LIMITS {
            let mut places: Vec<usize> = (0..200).collect();
            let mut rng = SmallRng::seed_from_u64(7);
            shuffle::<8, _, _, _>(&mut places[..], 20..150, limit, &mut rng);
            assert!(places[..20].iter().copied().eq(0..20));
            assert!(places[150..].iter().copied().eq(150..200));
            assert!((20..150).filter(|&place| places[place] == place).count() < 10);
            places.sort();
            assert!(places.iter().copied().eq(0..200));
        }
    }

    #[test]
    fn memory_order_does_not_matter() {
        let shape = (4, 5, 7);
        for limit in LIMITS {
            let mut expected = [0; 4 * 5 * 7];
            let mut rng = SmallRng::seed_from_u64(1);
            shuffle_into::<8, _, _, _>(0..140, &mut expected[..], limit, &mut rng);
            let mut expected_inplace: Vec<i32> = (0..140).collect();
            let mut rng = SmallRng::seed_from_u64(1);
            shuffle::<8, _, _, _>(&mut expected_inplace[..], 0..140, limit, &mut rng);

            let mut f = Array3::zeros(shape.f());
            let mut spaced = Array3::zeros((8, 5, 14));
            let spaced = &mut spaced.slice_mut(s![..;2, ..;-1, 1..;2]);
            for out in [&mut *f, &mut **spaced] {
                let mut rng = SmallRng::seed_from_u64(1);
                shuffle_into::<8, _, _, _>(0..140, out, limit, &mut rng);
                assert_eq!(Array1::from_iter(out.iter().copied()), Array1::from(expected.to_vec()));
                out.iter_mut().zip(0..).for_each(|(out, i)| *out = i);
                let mut rng = SmallRng::seed_from_u64(1);
                shuffle::<8, _, _, _>(out, 0..140, limit, &mut rng);
                assert!(out.iter().eq(&expected_inplace));
            }
        }
    }

    /// Buckets fill in a given order, until each place is taken.
    #[test]
    fn full_buckets_move_their_neighbours() {
        const K: usize = 5;
        for (name, order) in [
            ("one takes all", [0; 12]),
            ("the last takes all", [K - 1; 12]),
            ("the middle takes all", [2; 12]),
            ("from both ends", [0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4]),
            ("back and forth", [1, 1, 1, 1, 3, 3, 3, 3, 1, 2, 3, 0]),
        ] {
            let (mut places, mut buckets) = ([K; 12], Buckets::<K>::new(0..12));
            for bucket in order {
                if buckets.is_full(bucket) {
                    buckets.make_room(bucket, &mut places[..], None);
                }
                places[buckets.next[bucket]] = bucket;
                buckets.next[bucket] += 1;
                for bucket in 0..K {
                    let (start, next) = (buckets.start_of(bucket), buckets.next[bucket]);
                    assert!(start <= next && next <= buckets.end[bucket], "{name}");
                    assert!(places[start..next].iter().all(|&element| element == bucket), "{name}");
                }
            }
            assert_eq!(buckets.next, buckets.end, "{name}");
        }
    }
}
