//! Products of several matrices, in the cheapest order.

use ndarray::{ArrayRef2, ArrayView2, ArrayViewMut2};

use super::product::element::MatrixElement;
use super::product::target::Start;
use super::product::{Factor, Product, workspace_len};
use super::workspace::{Workspace, bytes_of, spaced, take};
use crate::kernel::engine::check;

/// The most matrices: what is known about each chain of some of them is on the stack.
const MOST: usize = 32;

/// Multiplies a chain of matrices, in the order that takes the fewest multiplications.
///
/// *out = matrices\[0\] · matrices\[1\] · …*
///
/// There are 2 to 32 matrices, of n₀×n₁, n₁×n₂, … elements, and `out` has as many rows as the first and as many columns
/// as the last. The order is found by dynamic programming (n³ steps for n matrices) at each call; no other order has
/// fewer scalar multiplications. A vector is a matrix of one row or column: `v.view().insert_axis(Axis(1))`.
///
/// Intermediate products and what [`matmul_into`](crate::kernel::matmul_into) packs are in `workspace`;
/// [`multi_dot_workspace_bytes`] tells how much is needed. Two matrices of at most 64×64 need none.
///
/// **Accuracy.** With |·| for absolute values of all elements, an element has an error of at most about ε/2 (n₁ + n₂ + …)
/// times that of the product of the |matrices|. Each product has the bits of `matmul_into`, and their order hangs on the
/// shapes alone.
///
/// NaN and infinities propagate as in these products. Empty matrices are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If there are fewer than 2 matrices or more than 32, if one has not as many rows as the one before it has columns, if
/// `out` does not have the shape above, or if `workspace` is too small; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.linalg.multi_dot(matrices, out=out)`, and ndarray's `a.dot(&b).dot(&c)`, which allocates each product, from
/// left to right.
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::kernel::{Workspace, multi_dot_into, multi_dot_workspace_bytes};
///
/// let (a, b) = (Array2::<f64>::ones((100, 5)), Array2::ones((5, 100)));
/// let v = Array2::ones((100, 1));
/// let matrices = [&*a, &b, &v]; // a · (b · v) takes 1000 multiplications, (a · b) · v 60,000
/// let mut workspace = Workspace::with_bytes(multi_dot_workspace_bytes(&matrices));
/// let mut out = Array2::zeros((100, 1));
/// multi_dot_into(&matrices, &mut out, &mut workspace);
/// assert_eq!(out, Array2::from_elem((100, 1), 500.0));
/// ```
#[doc(alias = "multi_dot")]
#[doc(alias = "matrix_chain")]
#[track_caller]
pub fn multi_dot_into<A: MatrixElement>(
    matrices: &[&ArrayRef2<A>],
    out: &mut ArrayRef2<A>,
    workspace: &mut Workspace<'_>,
) {
    let kernel = "multi_dot_into";
    let chain = Chain::checked(kernel, matrices);
    let last = matrices.len() - 1;
    let needs = (matrices[0].nrows(), matrices[last].ncols());
    let what = "the rows of the first matrix and the columns of the last";
    check::last_two_axes(kernel, ("out", &*out), needs, what);
    let memory = workspace.checked(kernel, chain.workspace_len(0, last));
    match chain.vanishes() {
        true => out.fill(A::zero()),
        false => chain.multiply(0, last, out.view_mut(), memory),
    }
}

/// Returns the bytes of workspace that [`multi_dot_into`] needs for these matrices.
///
/// # Panics
///
/// As [`multi_dot_into`].
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::kernel::multi_dot_workspace_bytes;
///
/// let (a, b, c) = (Array2::<f32>::ones((10, 5)), Array2::ones((5, 20)), Array2::ones((20, 3)));
/// assert!(multi_dot_workspace_bytes(&[&*a, &b, &c]) >= 5 * 3 * size_of::<f32>()); // b · c
/// ```
#[track_caller]
pub fn multi_dot_workspace_bytes<A: MatrixElement>(matrices: &[&ArrayRef2<A>]) -> usize {
    let chain = Chain::checked("multi_dot_workspace_bytes", matrices);
    bytes_of::<A::Real>(chain.workspace_len(0, matrices.len() - 1))
}

/// Matrices, and behind which of them the chain from one to another is cut.
struct Chain<'a, A> {
    matrices: &'a [&'a ArrayRef2<A>],
    cuts: [[u8; MOST]; MOST],
}

impl<'a, A: MatrixElement> Chain<'a, A> {
    #[track_caller]
    fn checked(kernel: &str, matrices: &'a [&'a ArrayRef2<A>]) -> Self {
        check::count(kernel, ("matrices", matrices.len()), 2..=MOST);
        for (before, pair) in matrices.windows(2).enumerate() {
            check::rows_follow(kernel, ("matrices", before + 1), pair[1], pair[0]);
        }
        // The fewest multiplications for each part of the chain, short parts first.
        let mut costs = [[0_u64; MOST]; MOST];
        let mut chain = Chain { matrices, cuts: [[0; MOST]; MOST] };
        for more in 1..matrices.len() {
            for first in 0..matrices.len() - more {
                let last = first + more;
                let cost = |cut: usize| {
                    let (m, k, n) = chain.shape(first, cut, last);
                    let product = (m as u64).saturating_mul(k as u64).saturating_mul(n as u64);
                    costs[first][cut].saturating_add(costs[cut + 1][last]).saturating_add(product)
                };
                let cheapest = (first..last).map(|cut| (cost(cut), cut)).min();
                let (cost, cut) = cheapest.expect("there are two");
                costs[first][last] = cost;
                chain.cuts[first][last] = cut as u8;
            }
        }
        chain
    }

    /// The rows, terms and columns of a product that is cut behind a matrix.
    fn shape(&self, first: usize, cut: usize, last: usize) -> (usize, usize, usize) {
        (self.matrices[first].nrows(), self.matrices[cut].ncols(), self.matrices[last].ncols())
    }

    fn cut(&self, first: usize, last: usize) -> usize {
        usize::from(self.cuts[first][last])
    }

    /// The elements of a part of the chain, if it is a product.
    fn len(&self, first: usize, last: usize) -> usize {
        let len = self.matrices[first].nrows().saturating_mul(self.matrices[last].ncols());
        if first == last { 0 } else { len }
    }

    /// Whether a matrix has no elements, so that there is nothing to multiply.
    fn vanishes(&self) -> bool {
        self.matrices.iter().any(|matrix| matrix.is_empty())
    }

    /// The memory that [`multiply`](Self::multiply) needs for both factors and for the products.
    fn workspace_len(&self, first: usize, last: usize) -> usize {
        if first == last || self.vanishes() {
            return 0;
        }
        let cut = self.cut(first, last);
        let (m, k, n) = self.shape(first, cut, last);
        let [left, right] = [self.len(first, cut), self.len(cut + 1, last)].map(spaced::<A>);
        let behind = self.workspace_len(cut + 1, last).max(workspace_len::<A>(m, k, n));
        left.saturating_add(self.workspace_len(first, cut).max(right.saturating_add(behind)))
    }

    /// Multiplies a part of two matrices or more.
    fn multiply(
        &self,
        first: usize,
        last: usize,
        out: ArrayViewMut2<'_, A>,
        memory: &mut [A::Real],
    ) {
        let mut memory = &mut *memory;
        let cut = self.cut(first, last);
        let a = Factor::of(self.factor(first, cut, &mut memory));
        let b = Factor::of(self.factor(cut + 1, last, &mut memory));
        Product { a, b, start: Start::Zero, out }.compute(memory);
    }

    /// A matrix of the chain, or a product that stays in the memory.
    fn factor<'m>(
        &self,
        first: usize,
        last: usize,
        memory: &mut &'m mut [A::Real],
    ) -> ArrayView2<'m, A>
    where
        'a: 'm,
    {
        if first == last {
            return self.matrices[first].view();
        }
        let shape = (self.matrices[first].nrows(), self.matrices[last].ncols());
        let product = take::<A>(memory, self.len(first, last));
        let why = "it has these elements";
        let out = ArrayViewMut2::from_shape(shape, &mut *product).expect(why);
        self.multiply(first, last, out, memory);
        ArrayView2::from_shape(shape, product).expect(why)
    }
}
