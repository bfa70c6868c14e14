//! Products of matrices: each thread computes some of the rows, or of the columns, or of the matrices of a stack.

use ndarray::{ArrayRef, ArrayView2, ArrayViewMut2, Dimension};

use crate::kernel::engine::pieces::{Work, at_the_callers_line};
use crate::kernel::linalg::matmul::{checked, gemm, last_two, matmul};
use crate::kernel::linalg::product::element::{MatrixElement, Parts};
use crate::kernel::linalg::product::workspace_len;
use crate::kernel::linalg::stack::Stacks;
use crate::kernel::linalg::workspace::{Workspace, bytes_of};

/// [`matmul_into`](crate::kernel::matmul_into) on all cores.
///
/// Each thread needs a part of the workspace: [`matmul_workspace_bytes`] says how much there should be. With less, fewer
/// threads compute; what [`kernel::matmul_workspace_bytes`](crate::kernel::matmul_workspace_bytes) says is enough for one.
#[track_caller]
pub fn matmul_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
    workspace: &mut Workspace<'_>,
) where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let (stacks, memory) = checked("par::matmul_into", a, b, out, workspace);
    each("matmul_into", stacks, memory, &|a, b, out, memory| matmul(a, b, out, memory));
}

/// [`gemm_into`](crate::kernel::gemm_into) on all cores, with a workspace as for [`matmul_into`].
#[track_caller]
pub fn gemm_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    alpha: A,
    beta: A,
    out: &mut ArrayRef<A, D>,
    workspace: &mut Workspace<'_>,
) where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let (stacks, memory) = checked("par::gemm_into", a, b, out, workspace);
    each("gemm_into", stacks, memory, &|a, b, out, memory| {
        gemm(a, b, alpha, beta, out, memory);
    });
}

/// The size of the workspace with which all threads of the caller's pool compute the product of an m×k and a k×n matrix.
pub fn matmul_workspace_bytes<A: MatrixElement>(m: usize, k: usize, n: usize) -> usize {
    bytes_of::<A::Real>(workspace_len::<A>(m, k, n).saturating_mul(rayon::current_num_threads()))
}

/// Computes the product of two matrices in memory that suffices.
type Multiply<'f, A> =
    dyn Fn(ArrayView2<'_, A>, ArrayView2<'_, A>, ArrayViewMut2<'_, A>, &mut [Real<A>]) + Sync + 'f;

type Real<A> = <A as Parts>::Real;

#[track_caller]
fn each<A: MatrixElement, D: Dimension>(
    name: &str,
    stacks: Stacks<'_, A, D>,
    memory: &mut [Real<A>],
    multiply: &Multiply<'_, A>,
) {
    let (m, k) = last_two(stacks.a.shape());
    let (_, n) = last_two(stacks.out.shape());
    let needs = workspace_len::<A>(m, k, n);
    let threads = match stacks.out.len().saturating_mul(k) / Work::Multiplying.enough() {
        0 | 1 => 1,
        enough => {
            let room = memory.len().checked_div(needs).unwrap_or(usize::MAX);
            enough.min(rayon::current_num_threads()).min(room)
        }
    };
    at_the_callers_line(name, || part(stacks, threads, needs, memory, multiply));
}

/// Computes a part of the matrices on so many threads, each of which needs a part of the memory.
fn part<A: MatrixElement, D: Dimension>(
    stacks: Stacks<'_, A, D>,
    threads: usize,
    needs: usize,
    memory: &mut [Real<A>],
    multiply: &Multiply<'_, A>,
) {
    let some = threads / 2;
    match stacks.cut(some, threads) {
        Ok((one, other)) => {
            let (of_one, of_other) = memory.split_at_mut(some * needs);
            rayon::join(
                || part(one, some, needs, of_one, multiply),
                || part(other, threads - some, needs, of_other, multiply),
            );
        }
        Err(stacks) => stacks.each(&mut |a, b, out| multiply(a, b, out, memory)),
    }
}
