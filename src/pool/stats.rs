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
    /// be built with. Exact for one thread, and never too low; threads that got in each other's way
    /// keep to buffers of their own from then on, which may make it larger than it was. (It counts the
    /// buffers that were ever leased. The lowest free one goes first, so these are the peak.)
    pub peak_leased: usize,
    /// How many leases there have been.
    pub total_leases: u64,
    /// The elements of one buffer, in bytes.
    pub bytes_per_buffer: usize,
    /// The memory behind all buffers, the padding to cache lines included. (To put buffers on a
    /// huge-page boundary a pool also takes 2 MiB of address space, which are never touched.)
    pub reserved_bytes: usize,
}
