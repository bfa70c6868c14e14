//! The pools of an arena: a shelf for each element type, shape and memory order, with the pools of that shape on it,
//! the oldest first. Private: all of it is under the arena's lock.
//!
//! Three facts make trimming safe, and none of them needs `unsafe`:
//!
//! - The shelf owns one share (`Arc`) of each pool, and each lease owns another.
//! - New shares are cloned from the shelf's under the lock, or from a lease's, which is one already.
//! - So if the shelf has the only share of a pool, as seen under the lock, nobody uses the pool, and nobody can begin
//!   to until the lock is released. A lease that is just being returned still has its share, and its pool counts as in
//!   use.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::panic::Location;
use std::sync::Arc;

use ndarray::{ArrayView, Dimension, Shape};

use super::plan::{PlanEntry, Spare};
use crate::pool::storage::PAGE_BYTES;
use crate::pool::tally::TallyId;
use crate::pool::{Claim, Element, Pool};

/// The largest size of a pool of small buffers, unless an eighth of its shelf is more.
const SMALL_POOL_BYTES: usize = 64 << 10;
/// From this size on each buffer is a pool of its own.
pub(super) const LARGE_BUFFER_BYTES: usize = SMALL_POOL_BYTES / 2;

/// All shelves of an arena.
#[derive(Default)]
pub(super) struct Shelves {
    /// Those of one element type and number of axes together. There are few, so they are searched linearly.
    families: Vec<(TypeId, Box<dyn Family>)>,
    /// Memory that was mapped for a plan and waits for its shape to be leased.
    pub(super) spares: Vec<Spare>,
}

/// What can be done to shelves without knowing their element type.
pub(super) trait Family: Any + Send {
    fn each_pool(&self, see: &mut dyn FnMut(&dyn AnyPool, u64));
    fn each_shelf(&self, see: &mut dyn FnMut(PlanEntry));
    /// Takes the idle pools that were not used after `stamp` off their shelves.
    fn take_idle(&mut self, stamp: u64, taken: &mut Vec<Idle>);
}

/// Memory that was taken off its shelf. It is returned to the system when this is dropped, which is best done without
/// holding the lock.
pub(super) struct Idle {
    pub(super) bytes: usize,
    _memory: Box<dyn Any + Send>,
}

/// A pool as seen without knowing its element type.
pub(super) trait AnyPool {
    fn is_idle(&self) -> bool;
    /// The bytes that it counts against the budget.
    fn reserved_bytes(&self) -> usize;
    fn figures(&self) -> PoolFigures;
    fn each_lease(&self, see: &mut dyn FnMut(&'static Location<'static>, Option<TallyId>));
    fn shape(&self) -> &[usize];
}

pub(super) struct PoolFigures {
    pub(super) buffers: usize,
    pub(super) leased: usize,
    pub(super) bytes_per_buffer: usize,
    pub(super) addresses: std::ops::Range<usize>,
}

impl Shelves {
    #[inline]
    pub(super) fn typed<A: Element, D: Dimension + 'static>(&mut self) -> &mut Typed<A, D> {
        let wanted = TypeId::of::<Typed<A, D>>();
        let known = self.families.iter().position(|(id, _)| *id == wanted);
        let at = match known {
            Some(at) => at,
            None => {
                self.families.push((wanted, Box::new(Typed::<A, D>::default())));
                self.families.len() - 1
            }
        };
        let family: &mut dyn Any = &mut *self.families[at].1;
        family.downcast_mut().expect("families are found by their type")
    }

    pub(super) fn each_pool(&self, mut see: impl FnMut(&dyn AnyPool, u64)) {
        self.families.iter().for_each(|(_, family)| family.each_pool(&mut see));
    }

    pub(super) fn each_shelf(&self, mut see: impl FnMut(PlanEntry)) {
        self.families.iter().for_each(|(_, family)| family.each_shelf(&mut see));
    }

    /// Reports when each idle pool was used last, and its bytes. Memory of a plan that was never leased counts from
    /// when it was made.
    pub(super) fn each_idle(&self, mut tell: impl FnMut(u64, usize)) {
        self.spares.iter().for_each(|spare| tell(spare.stamp, spare.reserved_bytes()));
        self.each_pool(|pool, stamp| {
            if pool.is_idle() {
                tell(stamp, pool.reserved_bytes());
            }
        });
    }

    /// Takes idle pools that were not used after `stamp` off their shelves, in one pass over all pools: the stamp was
    /// determined beforehand.
    pub(super) fn take_idle(&mut self, stamp: u64) -> Vec<Idle> {
        let spares = self.spares.extract_if(.., |spare| spare.stamp <= stamp);
        let mut taken: Vec<_> = spares
            .map(|spare| Idle { bytes: spare.reserved_bytes(), _memory: Box::new(spare) })
            .collect();
        self.families.iter_mut().for_each(|(_, family)| family.take_idle(stamp, &mut taken));
        taken
    }
}

/// The shelves of one element type and number of axes.
pub(super) struct Typed<A: Element, D: Dimension> {
    shelves: HashMap<Key<D>, Shelf<A, D>, BuildHasherDefault<ShapeHasher>>,
}

impl<A: Element, D: Dimension> Default for Typed<A, D> {
    fn default() -> Self {
        Typed { shelves: HashMap::default() }
    }
}

/// The pools of one shape.
pub(super) struct Shelf<A: Element, D: Dimension> {
    pools: Vec<(Arc<Pool<A, D>>, u64)>,
    /// The peak number of leases before the last trim.
    peak_before_trim: usize,
}

impl<A: Element, D: Dimension> Default for Shelf<A, D> {
    fn default() -> Self {
        Shelf { pools: Vec::new(), peak_before_trim: 0 }
    }
}

impl<A: Element, D: Dimension + 'static> Typed<A, D> {
    /// A buffer of the first pool of the shape that has a free one.
    #[inline]
    pub(super) fn claim(
        &mut self,
        key: &Key<D>,
        stamp: u64,
        tally: Option<TallyId>,
    ) -> Option<Claim<A, D>> {
        let shelf = self.shelves.get_mut(key)?;
        for (pool, last_used) in &mut shelf.pools {
            if let Some(claim) = pool.claim_share() {
                *last_used = stamp;
                if let Some(tally) = tally {
                    claim.count_for(tally);
                }
                return Some(claim);
            }
        }
        None
    }

    pub(super) fn add(&mut self, key: Key<D>, pool: Arc<Pool<A, D>>, stamp: u64) {
        self.shelves.entry(key).or_default().pools.push((pool, stamp));
    }

    pub(super) fn free_buffers(&self, key: &Key<D>) -> usize {
        let pools = self.shelves.get(key).map_or(&[][..], |shelf| &shelf.pools);
        pools.iter().map(|(pool, _)| pool.stats()).map(|s| s.buffers - s.leased).sum()
    }

    /// How many buffers the next pool of the shape should have: one if they are large; as many as there are already if
    /// they are small, as long as that does not reserve much memory that nobody asked for.
    pub(super) fn next_buffers(&self, key: &Key<D>, stride_bytes: usize) -> usize {
        if stride_bytes >= LARGE_BUFFER_BYTES {
            return 1;
        }
        let pools = self.shelves.get(key).map_or(&[][..], |shelf| &shelf.pools);
        let have: usize = pools.iter().map(|(pool, _)| pool.stats().buffers).sum();
        let stride_bytes = stride_bytes.max(1);
        let most = (SMALL_POOL_BYTES / stride_bytes).min(512).max(have / 8);
        have.max(PAGE_BYTES / stride_bytes).clamp(1, most)
    }
}

impl<A: Element, D: Dimension + 'static> Family for Typed<A, D> {
    fn each_pool(&self, see: &mut dyn FnMut(&dyn AnyPool, u64)) {
        let pools = self.shelves.values().flat_map(|shelf| &shelf.pools);
        pools.for_each(|(pool, stamp)| see(pool, *stamp));
    }

    fn each_shelf(&self, see: &mut dyn FnMut(PlanEntry)) {
        for (key, shelf) in &self.shelves {
            see(PlanEntry {
                element: type_name::<A>().into(),
                element_bytes: size_of::<A>(),
                element_align: align_of::<A>(),
                shape: key.dim.slice().into(),
                is_fortran: key.is_fortran,
                buffers: shelf.peak_leased(),
            });
        }
    }

    fn take_idle(&mut self, stamp: u64, taken: &mut Vec<Idle>) {
        for shelf in self.shelves.values_mut() {
            let goes = |(pool, last_used): &mut (Arc<Pool<A, D>>, u64)| {
                *last_used <= stamp && pool.is_idle()
            };
            let peak = shelf.peak_leased();
            let before = taken.len();
            taken.extend(
                shelf.pools.extract_if(.., goes).map(|(pool, _)| Idle {
                    bytes: pool.reserved_bytes(),
                    _memory: Box::new(pool),
                }),
            );
            if taken.len() > before {
                shelf.peak_before_trim = peak;
            }
        }
    }
}

impl<A: Element, D: Dimension> Shelf<A, D> {
    /// The peak number of leases. Pools are filled in their order, so it is the sum of their peaks;
    /// after a trim, and with several threads, it may be less than that.
    fn peak_leased(&self) -> usize {
        let now: usize = self.pools.iter().map(|(pool, _)| pool.stats().peak_leased).sum();
        now.max(self.peak_before_trim)
    }
}

impl<A: Element, D: Dimension> AnyPool for Arc<Pool<A, D>> {
    fn is_idle(&self) -> bool {
        Arc::strong_count(self) == 1
    }

    fn reserved_bytes(&self) -> usize {
        self.addresses().len().next_multiple_of(PAGE_BYTES)
    }

    fn figures(&self) -> PoolFigures {
        let stats = self.stats();
        PoolFigures {
            buffers: stats.buffers,
            leased: stats.leased,
            bytes_per_buffer: stats.bytes_per_buffer,
            addresses: self.addresses(),
        }
    }

    fn each_lease(&self, see: &mut dyn FnMut(&'static Location<'static>, Option<TallyId>)) {
        self.leases().for_each(|(at, tally)| see(at, tally));
    }

    fn shape(&self) -> &[usize] {
        Pool::shape(self)
    }
}

/// A shape with its memory order.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key<D> {
    pub(super) dim: D,
    pub(super) is_fortran: bool,
}

impl<D: Dimension> Key<D> {
    #[inline]
    pub(super) fn of(shape: &Shape<D>) -> Self {
        Key { dim: shape.raw_dim().clone(), is_fortran: is_fortran(shape) }
    }
}

/// Whether a shape is in Fortran order and that makes a difference. `Shape` does not tell, but a
/// view in that shape does, and one of elements without size costs no memory.
fn is_fortran<D: Dimension>(shape: &Shape<D>) -> bool {
    const NOTHING: &[()] = &[(); isize::MAX as usize];
    if shape.raw_dim().ndim() < 2 {
        return false;
    }
    ArrayView::from_shape(shape.clone(), NOTHING).is_ok_and(|view| !view.is_standard_layout())
}

impl<D: Dimension> Hash for Key<D> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.dim.slice().iter().for_each(|&len| state.write_usize(len));
        state.write_usize(self.is_fortran.into());
    }
}

/// Hashes a few axis lengths. Nobody chooses shapes to make them collide, so it may be fast and simple.
#[derive(Default)]
struct ShapeHasher(u64);

impl Hasher for ShapeHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_usize(byte.into()));
    }

    #[inline]
    fn write_usize(&mut self, len: usize) {
        // The odd number nearest to 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
