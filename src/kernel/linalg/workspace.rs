//! Memory for kernels that cannot do with the stack.

use bytemuck::{AnyBitPattern, NoUninit, Pod, cast_slice_mut, pod_align_to_mut};

use super::product::element::MatrixElement;
use crate::kernel::engine::check;

/// Memory that a kernel packs its operands into: from the heap, or lent.
///
/// Make one before the loop, as large as the largest kernel in it asks for (`matmul_workspace_bytes` and its
/// relatives tell), and pass it to every call. What it holds between two calls has no meaning. A kernel that gets too
/// little panics with the number of bytes that it needs; up to which size of its operands it needs nothing is on its
/// page.
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::kernel::{Workspace, matmul_into, matmul_workspace_bytes};
/// use ndarray_pool::Pool;
///
/// let (a, b) = (Array2::<f64>::ones((100, 200)), Array2::ones((200, 50)));
/// let mut out = Array2::zeros((100, 50));
/// let bytes = matmul_workspace_bytes::<f64>(100, 200, 50);
///
/// let mut workspace = Workspace::with_bytes(bytes);
/// matmul_into(&a, &b, &mut out, &mut workspace);
/// assert_eq!(out[[99, 49]], 200.0);
///
/// // From a pool: any numbers will do.
/// let pool = Pool::<u8, _>::new(bytes, 1)?;
/// let mut lease = pool.lease();
/// let memory = lease.as_slice_mut().expect("a lease is contiguous");
/// matmul_into(&a, &b, &mut out, &mut Workspace::lent(memory));
/// assert_eq!(out[[0, 0]], 200.0);
/// # Ok::<(), ndarray_pool::PoolError>(())
/// ```
#[derive(Debug)]
pub struct Workspace<'a>(Memory<'a>);

enum Memory<'a> {
    Heap(Vec<u8>),
    Lent(&'a mut [u8]),
}

impl std::fmt::Debug for Memory<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Memory::Heap(bytes) => write!(f, "{} bytes of the heap", bytes.len()),
            Memory::Lent(bytes) => write!(f, "{} lent bytes", bytes.len()),
        }
    }
}

/// The boundary on which numbers begin, and what is lost at most to get there.
const ALIGNMENT: usize = 64;

impl Workspace<'_> {
    /// No memory at all, for small operands. Allocates nothing.
    pub const fn empty() -> Workspace<'static> {
        Workspace(Memory::Heap(Vec::new()))
    }

    /// Memory from the heap.
    pub fn with_bytes(bytes: usize) -> Workspace<'static> {
        Workspace(Memory::Heap(vec![0; bytes]))
    }

    /// How many bytes there are.
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Memory::Heap(bytes) => bytes.len(),
            Memory::Lent(bytes) => bytes.len(),
        }
    }

    /// The memory as numbers, of which the kernel needs `needs`.
    #[track_caller]
    pub(super) fn checked<R: Pod>(&mut self, kernel: &str, needs: usize) -> &mut [R] {
        let bytes = self.bytes();
        let numbers = self.numbers();
        check::workspace(kernel, bytes, bytes_of::<R>(needs), numbers.len() >= needs);
        numbers
    }

    /// The memory as numbers, from the first cache line that begins in it.
    fn numbers<R: Pod>(&mut self) -> &mut [R] {
        let bytes = match &mut self.0 {
            Memory::Heap(bytes) => &mut bytes[..],
            Memory::Lent(bytes) => bytes,
        };
        let skipped = bytes.as_ptr().align_offset(ALIGNMENT).min(bytes.len());
        pod_align_to_mut(&mut bytes[skipped..]).1
    }
}

impl<'a> Workspace<'a> {
    /// Memory that is lent, such as the elements of a lease.
    pub fn lent<A: NoUninit + AnyBitPattern>(memory: &'a mut [A]) -> Workspace<'a> {
        Workspace(Memory::Lent(cast_slice_mut(memory)))
    }
}

impl Default for Workspace<'_> {
    fn default() -> Self {
        Workspace(Memory::Heap(Vec::new()))
    }
}

/// The bytes of a workspace that holds `len` numbers, wherever it begins.
pub(crate) fn bytes_of<R>(len: usize) -> usize {
    match len.saturating_mul(size_of::<R>()) {
        0 => 0,
        bytes => bytes.saturating_add(ALIGNMENT - 1),
    }
}

/// The real numbers of so many elements, up to the end of a cache line.
pub(super) fn spaced<A: MatrixElement>(len: usize) -> usize {
    let line = ALIGNMENT / size_of::<A::Real>();
    len.saturating_mul(A::PARTS).div_ceil(line).saturating_mul(line)
}

/// Takes so many elements from the front of the memory, which has [`spaced`] numbers for them.
pub(super) fn take<'m, A: MatrixElement>(
    memory: &mut &'m mut [A::Real],
    len: usize,
) -> &'m mut [A] {
    let taken = memory.split_off_mut(..spaced::<A>(len)).expect("the workspace was measured");
    &mut A::elements_mut(taken)[..len]
}
