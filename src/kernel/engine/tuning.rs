//! Every number by which kernels decide: lengths of blocks, sizes of tiles, and from when on another strategy pays.
//!
//! Each has one meaning. Where it was measured, `docs/notebook` has the record. What follows from a definition (the bits
//! of a float, the lines of a cache) stands where it is used.

// --- Vectors and calls -----------------------------------------------------------------------------------------------

/// Elements that loops of reductions treat side by side: as `f64` they fill half of the vector registers of SSE2.
pub(crate) const LANES: usize = 16;

/// From this length on a block of a reduction is worth the choice of an instruction set.
pub(crate) const MIN_DISPATCHED_BLOCK: usize = 8 * LANES;

/// From this length on a slice is worth the choice of an instruction set. (Nothing shorter is streamed.)
pub(crate) const MIN_DISPATCHED_SLICE: usize = if cfg!(test) { 1 } else { 32 };

/// The same for lanes of several inputs: with a call, rows of 64 numbers took a quarter longer to add.
pub(crate) const MIN_DISPATCHED_LANE: usize = 4 * MIN_DISPATCHED_SLICE;

/// The same for rows of a scan.
pub(crate) const MIN_DISPATCHED_SCAN_ROW: usize = if cfg!(test) { 1 } else { 96 };

/// From this length on it is worth aligning an output to a vector.
pub(crate) const MIN_ALIGNED_LEN: usize = 256;

/// Larger elements are not copied to the stack by the hundreds.
pub(crate) const MAX_TILE_ELEMENT_BYTES: usize = 16;

// --- Reductions ------------------------------------------------------------------------------------------------------

/// Elements of a lane that are folded together: short enough to lie on the stack and to add up with small errors, long
/// enough to make the merging cheap.
pub(crate) const FOLD_BLOCK: usize = 32 * LANES;

/// The most elements of a strided row that are copied to the stack.
pub(crate) const GATHERED_ROW: usize = 256;

/// Rows that are folded one after another before their states are merged with those of other rows.
pub(crate) const FOLD_ROWS: usize = 32;

/// The same for sums and counts: it takes 2 to 4 % less time, and errors stay below those of NumPy, which adds all rows one
/// after another.
pub(crate) const COMBINED_ROWS: usize = 64;

/// States of rows that are merged one after another before they are merged with others.
pub(crate) const FOLD_BRANCHES: usize = 4;

/// The most columns of a tile: hardware prefetch follows a row, so the longer the better.
pub(crate) const TILE_COLUMNS: usize = 4096;

/// With so few rows the states of a wide tile leave the L1 cache before they are needed again.
pub(crate) const FEW_TILE_ROWS: usize = 16;

/// The most columns of a tile of a few rows.
pub(crate) const TILE_COLUMNS_OF_FEW_ROWS: usize = 1024;

/// The stack that the states of a tile may take.
pub(crate) const TILE_STACK_BYTES: usize = 512 << 10;

/// Short lanes whose results are computed from one tile on the stack.
pub(crate) const SHORT_LANES_TILE: usize = 8 * LANES;

/// The fewest lanes for which treating short lanes side by side pays.
pub(crate) const MIN_SHORT_LANES: usize = 64;

/// The most rows of memory across which lanes count as short.
pub(crate) const MAX_SHORT_ROWS: usize = 8;

/// Columns that a row of blocks of a narrow array makes.
pub(crate) const NARROW_COLUMNS: usize = 64;

/// The same for arrays that come from memory: fewer blocks are read twice as fast, and from the caches a fifth more slowly.
pub(crate) const NARROW_COLUMNS_FROM_MEMORY: usize = 32;

/// More elements of a narrow array come from memory.
pub(crate) const NARROW_CACHED_LEN: usize = 1 << 18;

/// The most rows of a narrow array that are copied to the stack at once.
pub(crate) const NARROW_ROWS: usize = 8;

/// Truth values that are looked at together.
pub(crate) const SEARCH_BLOCK: usize = 32;

/// The most rows of truth values that are added before it is looked again whether more are needed.
pub(crate) const SEARCH_ROWS: usize = 64;

// --- Scans and differences -------------------------------------------------------------------------------------------

/// Lanes that are walked side by side where each result needs the one before it.
pub(crate) const CHAINED_LANES: usize = 4;

/// Columns whose last results are kept on the stack.
pub(crate) const SCAN_COLUMNS: usize = 1024;

/// Shorter contiguous lanes do not gain from being scanned side by side.
pub(crate) const MIN_INTERLEAVED_SCAN: usize = 12;

/// The highest order that is computed from the samples alone.
pub(crate) const MAX_DIRECT_DIFF_ORDER: usize = 5;

/// Rows of differences that are computed together, so that samples come from the L1 cache. (Row by row took half as long
/// again at 4000².)
pub(crate) const DIFF_ROWS: usize = 4;

/// Columns of these rows.
pub(crate) const DIFF_COLUMNS: usize = 128;

/// Rows from this length on are treated as arrays of their own by gradients at coordinates.
pub(crate) const GRADIENT_ROW: usize = 64;

/// The same where rows follow each other in memory, and a plain loop does little for each.
pub(crate) const GRADIENT_CONTIGUOUS_ROW: usize = 512;

/// Places along a lane whose weights are computed once.
pub(crate) const GRADIENT_BLOCK: usize = 64;

// --- Copies ----------------------------------------------------------------------------------------------------------

/// From this size on a lane is copied as a slice.
pub(crate) const MIN_COPIED_LANE_BYTES: usize = 1 << 10;

/// Short lanes whose first elements are treated together, then their second elements, and so on.
pub(crate) const INTERLEAVED_LANES: usize = 64;

/// The longest lanes that are gathered side by side.
pub(crate) const MAX_GATHERED_LANE: usize = 6;

/// The longest lanes that are joined, or searched for a truth value, side by side.
pub(crate) const MAX_JOINED_LANE: usize = 4;

/// Rows that stay in the L1 cache while short lanes are joined.
pub(crate) const JOINED_ROWS: usize = 256;

/// Rows that a transposing copy treats side by side.
pub(crate) const TRANSPOSED_ROWS: usize = 8;

/// Elements of a row before the next rows of a transposing copy have their turn.
pub(crate) const TRANSPOSED_COLUMNS: usize = 1024;

/// So many columns before it is written the last line of a slice is prefetched. (At 1000² that takes 0.6 of the time.)
pub(crate) const TRANSPOSE_AHEAD: usize = 64;

/// The side of a square that is transposed on the stack.
pub(crate) const TRANSPOSE_SIDE: usize = 32;

/// A shorter walk across rows leaves its lines in the L1 cache.
pub(crate) const MIN_TRANSPOSED_LEN: usize = 64;

/// A walk in steps that are a multiple of this finds all its lines in a few sets of the cache.
pub(crate) const ALIASED_STEP_BYTES: usize = 1 << 10;

/// A walk that spans so much leaves the L1 cache; of elements of less than 4 bytes, many of which share a line, more does.
pub(crate) const FAR_WALK_BYTES: usize = 256 << 10;
pub(crate) const FAR_WALK_BYTES_OF_SMALL: usize = 1 << 20;

/// Indices of rows that a mask has chosen and that are handed on together.
pub(crate) const CHOSEN_ROWS: usize = 256;

/// Counts that are kept on the stack.
pub(crate) const COUNTS_ON_STACK: usize = 1024;

// --- Streaming stores ------------------------------------------------------------------------------------------------

/// Elements that are computed before they are streamed: of every type a whole number of cache lines.
pub(crate) const STREAM_BLOCK: usize = 16;

/// Larger elements are not streamed: blocks of them do not fit on any stack.
pub(crate) const MAX_STREAMED_ELEMENT_BYTES: usize = 64;

/// Smaller operands fit into any cache.
pub(crate) const MIN_STREAMED_BYTES: usize = 2 << 20;

/// A shorter lane is written before its fence pays.
pub(crate) const MIN_STREAMED_LANE_BYTES: usize = if cfg!(test) { 1 } else { 4 << 10 };

// --- Random orders ---------------------------------------------------------------------------------------------------

/// The longest axis whose order is held on the stack (16 KiB), and up to which length a list of 512 bytes does: to clear
/// 16 KiB takes longer than to shuffle a few rows.
#[cfg(feature = "rand")]
pub(crate) const ORDER_ON_STACK: usize = 4096;
#[cfg(feature = "rand")]
pub(crate) const SHORT_ORDER: usize = 128;

/// Shorter rows are left to the two kernels that the fused step replaces.
#[cfg(feature = "rand")]
pub(crate) const MIN_FUSED_ROW_BYTES: usize = if cfg!(test) { 1 } else { 512 };

/// Buckets of a shuffle of elements. With more, each is shuffled faster and the throw takes longer; in all longer, up to
/// 16 M elements.
#[cfg(feature = "rand")]
pub(crate) const BUCKETS: usize = 64;

/// From which length on elements are thrown into buckets: into another array, and in place, where buckets are read as well.
#[cfg(feature = "rand")]
pub(crate) const MIN_BUCKETED: usize = 5 << 18;
#[cfg(feature = "rand")]
pub(crate) const MIN_BUCKETED_INPLACE: usize = 3 << 19;

/// So far before it is written the memory of a bucket is prefetched: hardware follows some 16 streams, not 64. (A throw of
/// 16 M elements took three times as long without.)
#[cfg(feature = "rand")]
pub(crate) const BUCKET_AHEAD: usize = 8;
