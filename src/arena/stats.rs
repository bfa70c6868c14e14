//! The figures of an arena: plain data.

use super::shelf::Shelves;
use crate::memory::resident_bytes;

/// The memory and the leases of an arena, from [`Arena::stats`](crate::Arena::stats).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ArenaStats {
    /// How many pools it has, including memory of a plan that waits for its shape.
    pub pools: usize,
    /// How many buffers they have.
    pub buffers: usize,
    /// How many of them are leased.
    pub leased: usize,
    /// The elements of the leased buffers, in bytes.
    pub leased_bytes: usize,
    /// The bytes that the pools count against the budget, leased or idle.
    pub reserved_bytes: usize,
    /// How many of these are backed by physical memory now. `None` where the system does not tell. (Reading it costs
    /// about 10 ns for each page of 4 KiB.)
    pub resident_bytes: Option<usize>,
}

impl ArenaStats {
    pub(super) fn of(shelves: &Shelves) -> Self {
        let mut stats = ArenaStats { resident_bytes: Some(0), ..ArenaStats::default() };
        let add_memory = |stats: &mut ArenaStats, bytes, addresses| {
            stats.pools += 1;
            stats.reserved_bytes += bytes;
            let resident_bytes = resident_bytes(addresses);
            stats.resident_bytes = stats.resident_bytes.zip(resident_bytes).map(|(a, b)| a + b);
        };
        for spare in &shelves.spares {
            add_memory(&mut stats, spare.reserved_bytes(), spare.storage.addresses());
            stats.buffers += spare.entry.buffers;
        }
        shelves.each_pool(|pool, _| {
            let figures = pool.figures();
            add_memory(&mut stats, pool.reserved_bytes(), figures.addresses);
            stats.buffers += figures.buffers;
            stats.leased += figures.leased;
            stats.leased_bytes += figures.leased * figures.bytes_per_buffer;
        });
        stats
    }

    pub(super) fn leased_bytes_of(shelves: &Shelves) -> usize {
        let mut bytes = 0;
        shelves.each_pool(|pool, _| {
            let figures = pool.figures();
            bytes += figures.leased * figures.bytes_per_buffer;
        });
        bytes
    }
}
