//! The thresholds of the kernels: lengths of blocks, sizes of tiles, and the sizes from which another strategy pays.
//!
//! Each has one meaning. Where it was measured, `docs/notebook` has the record. What follows from a definition (the
//! bits of a float, the size of a cache line) stands where it is used.

// --- Vectors and calls -----------------------------------------------------------------------------------------------

/// Elements that loops of reductions treat side by side, each with an accumulator of its own: as `f64` they fill half
/// of the vector registers of SSE2.
pub(crate) const LANES: usize = 16;

/// The shortest block of a reduction that is worth choosing an instruction set for.
pub(crate) const MIN_DISPATCHED_BLOCK: usize = 8 * LANES;

/// The shortest slice that is worth choosing an instruction set for. (Nothing shorter is streamed.)
pub(crate) const MIN_DISPATCHED_SLICE: usize = if cfg!(test) { 1 } else { 32 };

/// The shortest lane of several inputs that is worth it: with the call, rows of 64 numbers took a quarter longer to
/// add.
pub(crate) const MIN_DISPATCHED_LANE: usize = 4 * MIN_DISPATCHED_SLICE;

/// The shortest row of a scan that is worth it.
pub(crate) const MIN_DISPATCHED_SCAN_ROW: usize = if cfg!(test) { 1 } else { 96 };

/// The shortest output that is worth aligning to a vector.
pub(crate) const MIN_ALIGNED_LEN: usize = 256;

/// How often a repeated element stands in a block, which an elementwise loop with more than two inputs reads again and
/// again.
pub(crate) const INPUT_BLOCK: usize = 64;

/// Larger elements are walked one lane after another: tiles and interleaving pay for small ones only.
pub(crate) const MAX_TILE_ELEMENT_BYTES: usize = 16;

// --- Reductions ------------------------------------------------------------------------------------------------------

/// Elements of a lane that are folded as one block: few enough to fit on the stack and to add up with small errors,
/// enough to make merging cheap.
pub(crate) const FOLD_BLOCK: usize = 32 * LANES;

/// Lines with steps of at most so many elements are copied to a smaller array than a block.
pub(crate) const SHORT_LINE: usize = 4 * LANES;

/// The most elements of a row that are copied to the stack: of a row with steps, or one element of so many short lanes.
pub(crate) const GATHERED_ROW: usize = 8 * LANES;

/// Rows that are folded one after another before their states are merged with those of other rows.
pub(crate) const FOLD_ROWS: usize = 32;

/// The value of `FOLD_ROWS` for sums and counts: it takes 2 to 4 % less time, and errors stay below those of NumPy,
/// which adds all rows one after another.
pub(crate) const COMBINED_ROWS: usize = 64;

/// States of rows that are merged one after another before they are merged with others.
pub(crate) const FOLD_BRANCHES: usize = 4;

/// The most columns of a tile: the hardware prefetcher follows a row, so the longer the better.
pub(crate) const TILE_COLUMNS: usize = 4096;

/// The most bytes of the stack that a tile may take: accumulators, states and copies of rows.
pub(crate) const TILE_STACK_BYTES: usize = 512 << 10;

/// The fewest short lanes for which treating them side by side pays.
pub(crate) const MIN_SHORT_LANES: usize = 64;

/// With at most so many rows, a tile is as narrow as a copied one: its results are written while it is in L1.
pub(crate) const MAX_ROWS_OF_NARROW_TILE: usize = 64;

/// Matrices of at most so many elements, one behind the other in memory, are folded side by side.
pub(crate) const MAX_SIDE_BY_SIDE_LEN: usize = 1 << 10;

/// The most levels of the tree that merges rows: more rows than these do not fit into an address space.
pub(crate) const MAX_FOLD_LEVELS: usize = 32;

/// A narrow array is cut into one more block for so many elements that it has for each of their columns.
pub(crate) const NARROW_LEN_PER_COLUMN: usize = 32;

/// Elements that one row of each block of a narrow array makes together, rounded up to whole rows.
pub(crate) const NARROW_COLUMNS: usize = 64;

/// The value of `NARROW_COLUMNS` for arrays larger than the caches: fewer blocks are read twice as fast from memory,
/// but a fifth more slowly from the caches.
pub(crate) const NARROW_COLUMNS_FROM_MEMORY: usize = 32;

/// Narrow arrays of more elements count as larger than the caches.
pub(crate) const NARROW_CACHED_LEN: usize = 1 << 18;

/// Truth values that are tested together.
pub(crate) const SEARCH_BLOCK: usize = 32;

/// The most rows of truth values that are combined before the search checks whether more are needed.
pub(crate) const SEARCH_ROWS: usize = 64;

// --- Scans and differences -------------------------------------------------------------------------------------------

/// Lanes that are walked interleaved where each result needs the one before it, as in scans.
pub(crate) const CHAINED_LANES: usize = 4;

/// Columns whose latest results are held on the stack, in L1.
pub(crate) const SCAN_COLUMNS: usize = 1024;

/// The same where rows are streamed: longer parts of rows are read faster from memory, and the latest results come from L2
/// in no time beside that.
pub(crate) const STREAMED_SCAN_COLUMNS: usize = 4096;

/// Rows that are streamed side by side, each computed from the one before: as many as the hardware prefetcher follows.
pub(crate) const SCAN_ROWS: usize = 8;

/// Contiguous lanes of at most this length do not gain from being scanned side by side.
pub(crate) const MAX_SEQUENTIAL_SCAN: usize = 12;

/// The highest order that is computed from the samples alone.
pub(crate) const MAX_DIRECT_DIFF_ORDER: usize = 5;

/// Rows of differences that are computed together, so that samples come from L1. (Row by row took half as long again at
/// 4000².)
pub(crate) const DIFF_ROWS: usize = 4;

/// Columns of such a group of rows.
pub(crate) const DIFF_COLUMNS: usize = 128;

/// The shortest row that gradients at coordinates treat as an array of its own.
pub(crate) const GRADIENT_ROW: usize = 64;

/// The shortest such row where rows are contiguous in memory: a plain loop has little work to do for each.
pub(crate) const GRADIENT_CONTIGUOUS_ROW: usize = 512;

/// Positions along a lane whose weights are computed once and used for many lanes.
pub(crate) const GRADIENT_BLOCK: usize = 64;

// --- Copies ----------------------------------------------------------------------------------------------------------

/// The smallest lane that is copied as a slice.
pub(crate) const MIN_COPIED_LANE_BYTES: usize = 1 << 10;

/// Short lanes that are walked interleaved: the first element of each, then the second of each, and so on.
pub(crate) const INTERLEAVED_LANES: usize = 64;

/// The longest lanes that are gathered side by side.
pub(crate) const MAX_GATHERED_LANE: usize = 6;

/// The longest lanes that are joined, or searched for a truth value, side by side.
pub(crate) const MAX_JOINED_LANE: usize = 4;

/// Rows of short lanes that are joined at a time, which stay in L1.
pub(crate) const JOINED_ROWS: usize = 256;

/// Rows that a transposing copy treats side by side.
pub(crate) const TRANSPOSED_ROWS: usize = 8;

/// Elements of a group of rows before the next group of a transposing copy has its turn.
pub(crate) const TRANSPOSED_COLUMNS: usize = 1024;

/// The cache line of a column of `out` is prefetched so many columns before it is written. (At 1000² that takes 0.6 of
/// the time.)
pub(crate) const TRANSPOSE_AHEAD: usize = 64;

/// The side of a square that is transposed on the stack.
pub(crate) const TRANSPOSE_SIDE: usize = 32;

/// A shorter walk across rows leaves its cache lines in L1, and is not streamed either.
pub(crate) const MIN_TRANSPOSED_LEN: usize = 64;

/// Cache lines whose distance is a multiple of this share a few sets of the cache, and evict each other.
pub(crate) const ALIASED_STEP_BYTES: usize = 1 << 10;

/// A walk that spans more than this leaves L1. For elements of less than 4 bytes, many of which share a line, the span
/// is larger.
pub(crate) const FAR_WALK_BYTES: usize = 256 << 10;
pub(crate) const FAR_WALK_BYTES_OF_SMALL: usize = 1 << 20;

/// Indices of rows chosen by a mask that are passed on together.
pub(crate) const CHOSEN_ROWS: usize = 256;

/// Counts that are held on the stack.
pub(crate) const COUNTS_ON_STACK: usize = 1024;

// --- Products of matrices --------------------------------------------------------------------------------------------

/// Terms of a sum that a product of matrices adds up before it adds them to its result. (The bits of products depend on
/// it.) Of two operands' panels, the one that is used again and again takes half of L1.
pub(crate) const MATMUL_DEPTH: usize = 256;

/// The most bytes of a packed block of the right factor, which stays in L2.
pub(crate) const MATMUL_BLOCK_BYTES: usize = 960 << 10;

/// Products of matrices whose axes are all at most so long need no workspace: they are packed on the stack.
pub(crate) const MAX_MATMUL_WITHOUT_WORKSPACE: usize = 64;

/// The most observations whose means stand for those of all, where covariances are centred.
pub(crate) const CENTRE_SAMPLE: usize = 256;

/// The side of the triangles on the diagonal that are factored, and solved for so many columns at once, in L1.
pub(crate) const TRIANGLE_SIDE: usize = 32;

// --- Formulas --------------------------------------------------------------------------------------------------------

/// Elements of an operand of a formula that are copied to the stack at once: as many as a block of a reduction.
pub(crate) const FUSED_TILE: usize = FOLD_BLOCK;

/// Rows of the inputs of a formula that are combined at once.
pub(crate) const FUSED_ROWS: usize = 8;

/// The most columns of a formula that are combined side by side: a row of them is a page of `f64`.
pub(crate) const FUSED_PANEL: usize = 512;

/// Blocks of a formula that are combined at once where no input is copied.
pub(crate) const FUSED_BLOCKS: usize = 16;

/// The most elements that a repeated element is written to, for a loop over slices to read, and the bytes that they take
/// for usual elements: enough that loops are long, few enough that writing them takes little.
pub(crate) const FUSED_SPLAT: usize = 256;
pub(crate) const FUSED_SPLAT_BYTES: usize = 1 << 10;

/// A formula streams if its operands take at most so many times the memory of its outputs: with two inputs it gained a
/// fifth, with three it lost as much.
pub(crate) const STREAMED_SHARE: usize = 3;

/// Shorter lanes are copied to the stack, several at once, rather than computed one by one.
pub(crate) const MIN_FUSED_LANE: usize = 16;

// --- Streaming stores ------------------------------------------------------------------------------------------------

/// Elements that are computed before they are streamed: a whole number of cache lines for every type that streams.
pub(crate) const STREAM_BLOCK: usize = 16;

/// Blocks or rows of larger elements are not held on the stack.
pub(crate) const MAX_BUFFERED_ELEMENT_BYTES: usize = 64;

/// Smaller operands fit into any cache.
pub(crate) const MIN_STREAMED_BYTES: usize = 2 << 20;

/// A shorter lane is not worth the fence that ends it.
pub(crate) const MIN_STREAMED_LANE_BYTES: usize = if cfg!(test) { 1 } else { 4 << 10 };

// --- Threads ---------------------------------------------------------------------------------------------------------

/// Elements that are enough for a piece that another thread computes: where memory takes the time, where computation
/// does, and multiplications in a product of matrices.
#[cfg(feature = "rayon")]
pub(crate) const MOVED_PER_PIECE: usize = 1 << 18;
#[cfg(feature = "rayon")]
pub(crate) const COMPUTED_PER_PIECE: usize = 1 << 16;
#[cfg(feature = "rayon")]
pub(crate) const MULTIPLIED_PER_PIECE: usize = 1 << 23;

/// Pieces for each thread, if all are large enough: one that is held up is helped by the others.
#[cfg(feature = "rayon")]
pub(crate) const PIECES_PER_THREAD: usize = 4;

/// Columns that are enough for a piece of rows that are reduced or scanned. Shorter rows are read more slowly.
#[cfg(feature = "rayon")]
pub(crate) const COLUMNS_PER_PIECE: usize = 512;

/// The same once each thread has a piece: further ones only even out the work. (At 4000², halves take 0.87 of the time of
/// eighths.)
#[cfg(feature = "rayon")]
pub(crate) const COLUMNS_PER_FURTHER_PIECE: usize = 2048;

// --- Random orders ---------------------------------------------------------------------------------------------------

/// The longest axis whose order is held on the stack (16 KiB), and the longest for which a list of 512 bytes is used:
/// clearing 16 KiB takes longer than shuffling a few rows.
#[cfg(feature = "rand")]
pub(crate) const ORDER_ON_STACK: usize = 4096;
#[cfg(feature = "rand")]
pub(crate) const SHORT_ORDER: usize = 128;

/// Shorter rows are left to the two separate kernels that the fused step replaces.
#[cfg(feature = "rand")]
pub(crate) const MIN_FUSED_ROW_BYTES: usize = if cfg!(test) { 1 } else { 512 };

/// Buckets of a shuffle of elements. With more, each is shuffled faster and distributing takes longer; in total longer,
/// up to 16 M elements.
#[cfg(feature = "rand")]
pub(crate) const BUCKETS: usize = 64;

/// The fewest elements that are distributed to buckets: when writing to another array, and in place, where buckets are
/// read as well.
#[cfg(feature = "rand")]
pub(crate) const MIN_BUCKETED: usize = 5 << 18;
#[cfg(feature = "rand")]
pub(crate) const MIN_BUCKETED_INPLACE: usize = 3 << 19;

/// The memory of a bucket is prefetched so many elements before it is written: the hardware prefetcher follows some 16
/// streams, not 64. (Without, distributing 16 M elements took three times as long.)
#[cfg(feature = "rand")]
pub(crate) const BUCKET_AHEAD: usize = 8;

/// Elements of an array that are drawn from one generator of random numbers, of which each block has its own. (The
/// numbers depend on it.)
#[cfg(feature = "rand")]
pub(crate) const RANDOM_BLOCK: usize = 4096;

/// So many elements are passed to a mathematical function at once, or tested for rare ones: they and their results stay
/// in L1.
pub(crate) const FUNCTION_BLOCK: usize = 1024;

/// The loops of mathematical functions take so many elements at once: four vectors of 64 bytes, of `f64`.
pub(crate) const FUNCTION_STEP: usize = 32;
