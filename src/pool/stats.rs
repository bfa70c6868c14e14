//! The figures of a pool: plain data.

/// What a pool holds and has handed out, from [`Pool::stats`](crate::Pool::stats).
///
/// Other threads may lease and return while the figures are read; each is right for a moment of
/// its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PoolStats {
    /// How many buffers the pool has.
    pub buffers: usize,
    /// How many of them are leased now, forgotten leases included.
    pub leased: usize,
    /// How many buffers the pool has needed at once so far: what a pool for this program has to
    /// be built with. (Counted as the buffers that were ever leased, which is the same, because
    /// the lowest free buffer always goes first; a race between threads can make it larger.)
    pub peak_leased: usize,
    /// How many leases there have been.
    pub total_leases: u64,
    /// The elements of one buffer, in bytes.
    pub bytes_per_buffer: usize,
    /// The memory behind all buffers, the padding to cache lines included. (To put buffers on a
    /// huge-page boundary a pool also takes 2 MiB of address space, which are never touched.)
    pub reserved_bytes: usize,
}
