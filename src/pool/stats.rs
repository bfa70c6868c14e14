//! The figures of a pool: plain data.

/// The memory and the leases of a pool, from [`Pool::stats`](crate::Pool::stats).
///
/// Other threads may lease and return while the figures are read; each figure is right for a moment of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PoolStats {
    /// How many buffers the pool has.
    pub buffers: usize,
    /// How many of them are leased now, forgotten leases included.
    pub leased: usize,
    /// The most buffers that were leased at once so far: what a pool for this program needs. Exact for one thread, and
    /// never too low. Threads that contended keep to buffers of their own from then on, which may make it larger than
    /// the true peak. (It counts the buffers that were ever leased. The lowest free one goes first, so these are the
    /// peak.)
    pub peak_leased: usize,
    /// How many leases there have been.
    pub total_leases: u64,
    /// The elements of one buffer, in bytes.
    pub bytes_per_buffer: usize,
    /// The memory of all buffers, including the padding to cache lines. (To put buffers on a huge-page boundary, a pool
    /// also reserves 2 MiB of address space, which are never touched.)
    pub reserved_bytes: usize,
}
