//! Shuffling all elements, those of large arrays in buckets.
//!
//! The shuffle of Fisher and Yates touches a place anywhere for each element: in an array beyond the caches that is
//! a wait for memory each time. There every element is first thrown into one of K buckets, each equally likely, and
//! then each bucket, which the caches hold, is shuffled by itself (Rao and Sandelius, 1961). This is uniform: take any
//! order of n elements, cut anywhere into K buckets of s₁, …, s_K. It comes out if every element draws its bucket,
//! K⁻ⁿ, and every bucket its order, 1 / (s₁! ⋯ s_K!), and nothing in this depends on the order.
//!
//! Nobody knows beforehand how many elements a bucket will get, and there is no memory but the array itself. So
//! [`Buckets`] are parts of the array that start out equally long. All is well until one of them is full, with a few
//! hundredths of the elements still to come; from then on a full bucket takes a place from the nearest that is not,
//! which moves the borders between the two by one.
//!
//! In place, the element to be thrown next is one that was found where another was put. Which one that is depends
//! on the draws so far, but each draws its bucket once, and only then: all is as if they had drawn beforehand.
//!
//! Which way is taken, and with how many buckets, depends on the length alone.

use std::ops::Range;

use ndarray::{ArrayRef, Dimension};
use rand::Rng;

use crate::kernel::engine::cpu::prefetch;
use crate::kernel::engine::tuning::BUCKET_AHEAD;
use crate::kernel::random::draw;

/// `places` = `elements` in random order, for as many elements as there are places.
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

/// Brings the elements in a range of `places` in random order.
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
/// One with more than half of all elements is not thrown into buckets again: a generator that always chooses the same bucket
/// would come to no end. (Random words do not come to that, and the shuffle by swaps is as uniform.)
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

/// Throws each of `elements` into one of K buckets.
///
/// Never inlined: among the code of its caller the loop took half as long again.
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

/// Throws each of the elements in a range of `places` into one of K buckets.
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
        // To ask this for each element took a seventh longer.
        if is_full || bucket == from {
            while from < K - 1 && buckets.is_full(from) {
                from += 1;
            }
            thrown = buckets.next[from];
        }
    });
    buckets
}

/// Neighbouring parts of an array. Each has elements from where the one before it ends up to `next`, and free
/// places from there to its `end`.
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

    /// Frees a place in a full bucket, at the cost of the nearest that has one.
    ///
    /// The element at `thrown`, which is in no bucket yet, is brought to the place that is freed.
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
            // Each bucket on the way gives its first place away and takes the one behind its last element.
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

/// An array whose elements are counted in logical order.
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

    /// A hint that `place` is next but a few, if there is such a place.
    fn will_write(&self, _place: usize) {}

    /// Fisher and Yates.
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
        prefetch::will_read(self.as_ptr().wrapping_add(place));
    }
    /// A slice of its own has simpler bounds to be checked: a fifth of the time.
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

    /// From which lengths on elements go into buckets: those of buckets as well, or not.
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

    /// A generator that returns the same word for ever throws all elements into one bucket.
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

    /// Buckets fill in an order that is told, until each place is taken.
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
