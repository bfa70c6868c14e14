//! [`BlockPlan`]: what a loop over blocks will hold.

use std::fmt;

use crate::error::Count;

/// The memory of a loop over blocks, told before it runs: [`Blocks::plan`](super::Blocks::plan).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BlockPlan {
    /// How many buffers of the pool are leased at once.
    pub leases: usize,
    /// How many bytes each of them has.
    pub bytes_per_lease: usize,
    /// The size in bytes of the rows that are kept from one block for the next.
    pub overlap_bytes: usize,
}

impl BlockPlan {
    /// All of it, in bytes.
    ///
    /// The pool may have more buffers than the loop leases; its own memory is
    /// [`PoolStats::reserved_bytes`](crate::PoolStats::reserved_bytes).
    pub fn bytes(&self) -> usize {
        self.leases.saturating_mul(self.bytes_per_lease).saturating_add(self.overlap_bytes)
    }
}

impl fmt::Display for BlockPlan {
    /// `3 leases of 4194304 bytes: 12582912 bytes`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (leases, each) = (Count(self.leases, "lease"), Count(self.bytes_per_lease, "byte"));
        write!(f, "{leases} of {each}")?;
        if self.overlap_bytes > 0 {
            write!(f, " and {} of overlap", Count(self.overlap_bytes, "byte"))?;
        }
        write!(f, ": {}", Count(self.bytes(), "byte"))
    }
}
