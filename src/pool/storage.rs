//! The only memory of a pool: one mapping, divided into slots that start on a cache line.
//!
//! This file is one of the crate's places for `unsafe`. It hands out the address of a slot and never reads or writes
//! through it, except to touch the pages once before the first lease.
//!
//! ```text
//! mapping   |--slack--|slot 0 |pad|slot 1 |pad| … |--slack--|
//!                     ^ on a huge-page boundary, when huge pages are asked for
//! ```
#![expect(unsafe_code, reason = "touches the pages of a mapping that it alone owns")]

use std::io;
use std::ops::Range;
use std::ptr::NonNull;

use memmap2::{MmapOptions, MmapRaw};

use crate::error::PoolError;

/// Slots start on a multiple of this: the cache line of x86-64.
const LINE_BYTES: usize = 64;
/// The huge page of x86-64 Linux.
const HUGE_PAGE_BYTES: usize = 2 << 20;
/// The smallest page that any supported system has.
pub(crate) const PAGE_BYTES: usize = 4096;
/// How much of a growing buffer is in small pages. Beyond that, a huge page that is not full is a small part of the
/// whole.
const GROWING_SMALL_BYTES: usize = 32 << 20;

/// Whether a pool asks the system for huge pages (2 MiB instead of 4 KiB).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HugePages {
    /// Ask for them if the pool holds at least one whole huge page. Whether the system grants them depends on
    /// `/sys/kernel/mm/transparent_hugepage/enabled`: `always` and `madvise` do.
    #[default]
    Auto,
    /// Small pages only, even where the system gives out huge pages unasked.
    Never,
}

/// How the memory of a pool is divided and prepared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// The size of one buffer.
    pub(crate) slot_bytes: usize,
    /// The alignment of its elements.
    pub(crate) align: usize,
    pub(crate) slots: usize,
    pub(crate) huge_pages: HugePages,
    /// Whether more is asked for than will be used, so that the system should not commit the memory.
    pub(crate) is_growing: bool,
}

/// The memory of all slots. Returned to the system on drop.
#[derive(Debug)]
pub(crate) struct Storage {
    /// `None` if the slots hold no bytes.
    map: Option<MmapRaw>,
    /// Where slot 0 starts in the mapping.
    first_slot_offset: usize,
    /// From the start of one slot to the start of the next.
    stride_bytes: usize,
    align: usize,
    slots: usize,
}

impl Storage {
    /// Maps the memory of all slots; it reads as zero bytes.
    ///
    /// # Errors
    ///
    /// `None` if the size overflows, an error if the system refuses it.
    pub(crate) fn map(plan: Plan) -> Option<Result<Self, PoolError>> {
        debug_assert!(plan.align.is_power_of_two() && plan.align <= PAGE_BYTES);
        let align = plan.align.max(LINE_BYTES);
        let stride_bytes = plan.stride_bytes()?;
        let used_bytes = stride_bytes.checked_mul(plan.slots)?;
        let huge = plan.huge_pages == HugePages::Auto && used_bytes >= HUGE_PAGE_BYTES;
        let slack_bytes = if huge { HUGE_PAGE_BYTES } else { 0 };
        let map_bytes = used_bytes.checked_add(slack_bytes)?;
        if map_bytes > isize::MAX as usize {
            return None;
        }
        if map_bytes == 0 {
            let storage =
                Storage { map: None, first_slot_offset: 0, stride_bytes, align, slots: plan.slots };
            return Some(Ok(storage));
        }

        let refused =
            |e: io::Error| PoolError::Refused { bytes: map_bytes, os_error: e.raw_os_error() };
        let mut options = MmapOptions::new();
        if plan.is_growing {
            options.no_reserve_swap();
        }
        let map = match options.len(map_bytes).map_anon() {
            Ok(map) => MmapRaw::from(map),
            Err(e) => return Some(Err(refused(e))),
        };
        let boundary = if huge { HUGE_PAGE_BYTES } else { align };
        let address = map.as_mut_ptr().addr();
        let first_slot_offset = address.next_multiple_of(boundary) - address;
        if huge {
            let small_bytes = if plan.is_growing { GROWING_SMALL_BYTES.min(used_bytes) } else { 0 };
            advise_small(&map, first_slot_offset, small_bytes);
            advise_huge(&map, first_slot_offset + small_bytes, used_bytes - small_bytes);
        } else if plan.huge_pages == HugePages::Never {
            advise_small(&map, 0, map_bytes);
        }
        let map = Some(map);
        Some(Ok(Storage { map, first_slot_offset, stride_bytes, align, slots: plan.slots }))
    }

    /// Whether this memory is what `plan` asks for: the same number of slots, of the same size and alignment.
    pub(crate) fn is_cut_by(&self, plan: &Plan) -> bool {
        plan.stride_bytes() == Some(self.stride_bytes)
            && plan.align.max(LINE_BYTES) == self.align
            && plan.slots == self.slots
    }

    /// The address of a slot: not null, aligned to the elements and to a cache line, valid for
    /// reads and writes of the slot's bytes for as long as this storage lives, and disjoint from
    /// every other slot. Bytes that nobody wrote are zero.
    #[inline]
    pub(crate) fn slot(&self, index: usize) -> NonNull<u8> {
        assert!(index < self.slots, "slot {index} of {}", self.slots);
        let Some(map) = &self.map else {
            // No bytes: any aligned address that is not null will do.
            let address = std::ptr::without_provenance_mut(self.align);
            return NonNull::new(address).expect("an alignment is not zero");
        };
        let offset = self.first_slot_offset + index * self.stride_bytes;
        // SAFETY: `index < slots`, so `offset + slot_bytes` is at most the offset of slot 0 plus
        // `slots * stride_bytes`, and `map` computed the mapping to hold that much behind slot 0
        // (the slack covers the largest offset of slot 0). The sum does not overflow because the
        // mapping is at most `isize::MAX` bytes long.
        let slot = unsafe { map.as_mut_ptr().add(offset) };
        NonNull::new(slot).expect("a mapping is not at address zero")
    }

    /// Makes the system back every page of the slots now, so that no pass of a loop causes page faults. Where that
    /// takes writing, the first byte of each page is zero afterwards. `&mut` of a storage excludes guards, so nobody
    /// uses its slots in the meantime.
    pub(crate) fn touch(&mut self) -> Result<(), PoolError> {
        let Some(map) = &self.map else { return Ok(()) };
        let bytes = self.used_bytes();
        touch_all(map, self.first_slot_offset, bytes)
            .map_err(|e| PoolError::Refused { bytes, os_error: e.raw_os_error() })
    }

    /// The bytes of all slots, including the padding between them.
    pub(crate) fn used_bytes(&self) -> usize {
        self.slots * self.stride_bytes
    }

    /// The most memory that the system provides for the first `bytes` of a growing slot.
    pub(crate) fn page_bytes_of_beginning(&self, bytes: usize) -> usize {
        let page_bytes = if bytes <= GROWING_SMALL_BYTES { PAGE_BYTES } else { HUGE_PAGE_BYTES };
        let all_bytes = self.used_bytes().next_multiple_of(PAGE_BYTES); // the tail is small pages
        bytes.next_multiple_of(page_bytes).min(all_bytes)
    }

    /// The addresses of the slots.
    pub(crate) fn addresses(&self) -> Range<usize> {
        let start = self.map.as_ref().map_or(0, |map| map.as_ptr().addr() + self.first_slot_offset);
        start..start + self.used_bytes()
    }
}

impl Plan {
    /// From the start of one slot to the start of the next; `None` if that overflows.
    pub(crate) fn stride_bytes(&self) -> Option<usize> {
        self.slot_bytes.checked_next_multiple_of(self.align.max(LINE_BYTES))
    }

    /// The most memory that the slots take from the system, in whole pages.
    pub(crate) fn page_bytes(&self) -> Option<usize> {
        self.stride_bytes()?.checked_mul(self.slots)?.checked_next_multiple_of(PAGE_BYTES)
    }
}

/// Asks for huge pages where a whole one lies inside the slots, and for small ones after that: a huge page for the tail
/// would cost up to 2 MiB that nobody uses. Advice that the system does not know is not an error. `offset` is on the
/// boundary of a huge page, or there is no whole one.
fn advise_huge(map: &MmapRaw, offset: usize, used_bytes: usize) {
    let whole_bytes = used_bytes - used_bytes % HUGE_PAGE_BYTES;
    #[cfg(all(target_os = "linux", not(miri)))]
    let _ = map.advise_range(memmap2::Advice::HugePage, offset, whole_bytes);
    let tail = offset + whole_bytes;
    advise_small(map, tail, map.len() - tail);
}

fn advise_small(map: &MmapRaw, offset: usize, bytes: usize) {
    #[cfg(all(target_os = "linux", not(miri)))]
    let _ = map.advise_range(memmap2::Advice::NoHugePage, offset, bytes);
    #[cfg(any(not(target_os = "linux"), miri))]
    let _ = (map, offset, bytes);
}

/// Touches every page from `offset` on, for a storage that is borrowed uniquely.
fn touch_all(map: &MmapRaw, offset: usize, bytes: usize) -> io::Result<()> {
    #[cfg(feature = "rayon")]
    if bytes >= shared::LEAST_BYTES {
        return shared::touch(map, offset, bytes, shared::threads());
    }
    touch(map, offset, bytes)
}

/// Several threads touch the pages of one storage.
///
/// They are threads of their own, not those of a rayon pool: a task that waits for rayon may be given another task to
/// run meanwhile. If a pool is built under a lock that this other task takes (in a `LazyLock`, say), it would wait for
/// itself.
#[cfg(feature = "rayon")]
mod shared {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::{env, io, thread};

    use memmap2::MmapRaw;

    use super::HUGE_PAGE_BYTES;

    /// From how many bytes on threads share the work. With fewer, one has touched most of them by the time the system has
    /// spread the threads over the processors (`docs/notebook/leases.md`).
    pub(super) const LEAST_BYTES: usize = 256 << 20;
    /// What a thread touches at once: whole huge pages, and so few that all threads end at about the same time.
    const PIECE_BYTES: usize = 8 * HUGE_PAGE_BYTES;

    /// [`super::touch`], piece by piece on so many threads.
    pub(super) fn touch(
        map: &MmapRaw,
        offset: usize,
        bytes: usize,
        threads: usize,
    ) -> io::Result<()> {
        let threads = threads.min(bytes.div_ceil(PIECE_BYTES));
        let next = AtomicUsize::new(0);
        let work = || loop {
            let start = next.fetch_add(PIECE_BYTES, Ordering::Relaxed);
            if start >= bytes {
                return Ok(());
            }
            super::touch(map, offset + start, PIECE_BYTES.min(bytes - start))
                .inspect_err(|_| next.store(bytes, Ordering::Relaxed))?;
        };
        thread::scope(|scope| {
            // Without further threads, this one does it all.
            let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
            let others: Vec<_> = (1..threads).map_while(start).collect();
            let ours = work();
            let theirs = others.into_iter().map(|other| other.join().expect("it does not panic"));
            theirs.fold(ours, io::Result::and)
        })
    }

    /// As many as the rayon pool has from which this is called, otherwise as many as rayon would start. (To ask rayon
    /// itself would start them, and a program could no longer configure them.)
    pub(super) fn threads() -> usize {
        if rayon::current_thread_index().is_some() {
            return rayon::current_num_threads();
        }
        let set = env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok());
        let available = || thread::available_parallelism().map_or(1, Into::into);
        set.filter(|&threads| threads > 0).unwrap_or_else(available)
    }
}

/// Touches the pages of a part of a storage that is borrowed uniquely; no other thread touches the same part.
fn touch(map: &MmapRaw, offset: usize, bytes: usize) -> io::Result<()> {
    #[cfg(all(target_os = "linux", not(miri)))]
    match map.advise_range(memmap2::Advice::PopulateWrite, offset, bytes) {
        Ok(()) => return Ok(()),
        Err(e) if e.kind() == io::ErrorKind::OutOfMemory => return Err(e),
        // Linux before 5.14 does not know the advice.
        Err(_) => {}
    }
    for page in (offset..offset + bytes).step_by(PAGE_BYTES) {
        // SAFETY: `page` lies inside the mapping, because the slots do.
        let byte = unsafe { map.as_mut_ptr().add(page) };
        // SAFETY: The mapping belongs to one storage, which is borrowed uniquely, so no guard
        // exists that reads or writes it; another thread that touches it has another part, so it
        // writes other bytes. Zero bytes are a value of every element.
        unsafe { byte.write_volatile(0) };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(slot_bytes: usize, slots: usize) -> Plan {
        Plan { slot_bytes, align: 8, slots, huge_pages: HugePages::Auto, is_growing: false }
    }

    #[test]
    fn slots_are_aligned_disjoint_and_inside_the_mapping() {
        for (slot_bytes, align) in [(1, 1), (8, 8), (64, 8), (65, 4096), (5000, 16), (3 << 20, 8)] {
            for huge_pages in [HugePages::Auto, HugePages::Never] {
                let plan = Plan { align, huge_pages, ..plan(slot_bytes, 5) };
                let mut storage = Storage::map(plan).unwrap().unwrap();
                storage.touch().unwrap();
                let map = storage.map.as_ref().unwrap();
                let mut end = map.as_mut_ptr().addr();
                for index in 0..5 {
                    let address = storage.slot(index).addr().get();
                    assert_eq!(address % align.max(LINE_BYTES), 0);
                    assert!(address >= end, "slot {index} overlaps the one before it");
                    end = address + slot_bytes;
                }
                assert!(end <= map.as_mut_ptr().addr() + map.len());
            }
        }
    }

    #[test]
    fn large_pools_start_on_a_huge_page() {
        let storage = Storage::map(plan(HUGE_PAGE_BYTES, 1)).unwrap().unwrap();
        assert_eq!(storage.slot(0).addr().get() % HUGE_PAGE_BYTES, 0);
    }

    #[test]
    fn sizes_that_overflow_are_refused_before_mapping() {
        assert!(Storage::map(plan(usize::MAX, 1)).is_none());
        assert!(Storage::map(plan(usize::MAX / 2, 3)).is_none());
        assert!(Storage::map(plan(isize::MAX as usize - 63, 1)).is_none());
    }

    #[test]
    fn slots_without_bytes_need_no_mapping() {
        let mut storage = Storage::map(plan(0, 3)).unwrap().unwrap();
        assert!(storage.map.is_none());
        assert_eq!(storage.slot(2).addr().get() % LINE_BYTES, 0);
        assert_eq!(storage.used_bytes(), 0);
        storage.touch().unwrap();
    }

    #[test]
    #[should_panic(expected = "slot 5 of 5")]
    fn a_slot_beyond_the_last_is_refused() {
        Storage::map(plan(8, 5)).unwrap().unwrap().slot(5);
    }
}
