//! Products of tensors: every way that they are computed, against a loop over all subscripts.

use ndarray::{Array, Array1, Array2, Array3, ArrayD, ArrayView, ArrayViewD, IxDyn, aview0, s};
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;

use crate::allocations_in;
use crate::panics::panic_of;
use crate::registry::naive::SplitMix;

/// Subscripts, and the lengths of letters: `a` is 2, and so on.
const LETTERS: [(char, usize); 8] =
    [('a', 2), ('b', 3), ('c', 4), ('d', 5), ('e', 1), ('f', 7), ('g', 70), ('z', 0)];

const SUBSCRIPTS: [&str; 42] = [
    // Matrices, and axes that merge into some.
    "ab,bc->ac",
    "ab,cb->ca",
    "ba,bc->ac",
    "abc,cd->abd",
    "abc,dc->dab",
    "abc,bcd->ad",
    "abc,acd->bd",
    "ag,gb->ab",
    "gb,ga->ab",
    "gf,fg->gf",
    "acg,gdb->acdb",
    // That do not merge, or in another order.
    "abc,cbd->ad",
    "bac,dcb->ad",
    "abc,bd->adc",
    "acbd,cf->fbad",
    "abcd,dbf->acf",
    // Stacks.
    "abc,acd->abd",
    "abc,adc->bda",
    "fab,fbc->fac",
    "abcd,abdf->abcf",
    "abcd,afdb->bacf",
    // Without rows, columns or both.
    "a,a->",
    "abc,abc->",
    "fa,fa->f",
    "fab,fb->fa",
    "b,fab->af",
    "abcd,c->dab",
    "ab,ab->ab",
    "ab,ba->ba",
    "a,b->ab",
    "a,b->ba",
    ",ab->ba",
    "ab,->ab",
    ",->",
    // Sums of one operand alone, diagonals, and axes of length one and none.
    "abc,cd->d",
    "abc,d->d",
    "aa,->",
    "aab,bc->ac",
    "abab,bc->ca",
    "abe,ec->cab",
    "az,zb->ab",
    "zc,cb->zb",
];

fn lens(term: &str) -> Vec<usize> {
    let len = |letter| LETTERS.iter().find(|(known, _)| *known == letter).expect("known").1;
    term.chars().map(len).collect()
}

/// Sums over all places of all letters.
fn naive(subscripts: &str, a: ArrayViewD<'_, f64>, b: ArrayViewD<'_, f64>) -> ArrayD<f64> {
    let (inputs, out) = subscripts.split_once("->").expect("they are explicit");
    let (of_a, of_b) = inputs.split_once(',').expect("two terms");
    let mut letters: Vec<char> = inputs.chars().filter(|&letter| letter != ',').collect();
    letters.sort_unstable();
    letters.dedup();
    let all = lens(&letters.iter().collect::<String>());
    let mut sums = ArrayD::zeros(lens(out));
    for place in ndarray::indices(&all[..]) {
        let at = |term: &str| -> Vec<usize> {
            let place_of = |letter| letters.iter().position(|&other| other == letter);
            term.chars().map(|letter| place[place_of(letter).expect("it is one")]).collect()
        };
        sums[&at(out)[..]] += a[&at(of_a)[..]] * b[&at(of_b)[..]];
    }
    sums
}

fn numbers(shape: &[usize], seed: u64) -> ArrayD<f64> {
    let mut numbers = ArrayD::zeros(shape);
    random_into(&StandardUniform, &mut numbers, &mut SplitMix(seed));
    numbers - 0.5
}

/// The same array in the order of C, of Fortran, backwards, and with gaps.
fn layouts(a: &ArrayD<f64>) -> Vec<ArrayD<f64>> {
    let mut reversed = a.t().as_standard_layout().into_owned();
    reversed = reversed.reversed_axes();
    let mut backwards = a.clone();
    (0..a.ndim()).for_each(|axis| backwards.invert_axis(ndarray::Axis(axis)));
    let mut backwards = backwards.as_standard_layout().into_owned();
    (0..a.ndim()).for_each(|axis| backwards.invert_axis(ndarray::Axis(axis)));
    let wide: Vec<usize> = a.shape().iter().map(|len| 2 * len).collect();
    let mut spread = ArrayD::from_elem(wide, f64::NAN);
    let every_second = ndarray::SliceInfoElem::Slice { start: 0, end: None, step: 2 };
    spread.slice_collapse(&vec![every_second; a.ndim()][..]);
    spread.assign(a);
    vec![a.clone(), reversed, backwards, spread]
}

#[test]
fn all_ways_agree_with_a_loop_and_allocate_nothing() {
    for subscripts in SUBSCRIPTS {
        let (inputs, result) = subscripts.split_once("->").expect("explicit");
        let (of_a, of_b) = inputs.split_once(',').expect("two terms");
        let (a, b) = (numbers(&lens(of_a), 1), numbers(&lens(of_b), 2));
        let expected = naive(subscripts, a.view(), b.view());
        let mut bits: Option<ArrayD<f64>> = None;
        for (a, b) in layouts(&a).iter().zip(layouts(&b).iter().rev()) {
            for mut out in layouts(&ArrayD::from_elem(lens(result), f64::NAN)) {
                let bytes = einsum_workspace_bytes(subscripts, a, b);
                let mut workspace = Workspace::with_bytes(bytes);
                let (a, b) = (a.view(), b.view());
                let count =
                    allocations_in(|| einsum_into(subscripts, &a, &b, &mut out, &mut workspace));
                assert_eq!(count, 0, "{subscripts}");
                for (x, y) in out.iter().zip(&expected) {
                    assert!((x - y).abs() < 1e-13, "{subscripts}: {out}, not {expected}");
                }
                // Bits of products of matrices do not depend on the order of memory.
                if subscripts.contains('g') {
                    assert_eq!(bits.get_or_insert_with(|| out.clone()), &out, "{subscripts}");
                }
            }
        }
    }
}

#[test]
fn dots_of_other_ranks_agree_too() {
    let mut workspace = Workspace::with_bytes(1 << 21);
    let (a, b) = (numbers(&[2, 3, 70], 3), numbers(&[4, 70, 5], 4));
    let mut out = ArrayD::zeros(IxDyn(&[2, 3, 4, 5]));
    dot_into(&a, &b, &mut out, &mut workspace);
    for (i, j, m) in ndarray::indices((6, 4, 5)) {
        let exact: f64 = (0..70).map(|l| a[[i / 3, i % 3, l]] * b[[j, l, m]]).sum();
        assert!((out[[i / 3, i % 3, j, m]] - exact).abs() < 1e-13);
    }
    // Vectors and numbers.
    let v = Array::from_shape_fn(70, |l| l as f64);
    let mut by_vector = Array2::zeros((2, 3));
    dot_into(&a, &v, &mut by_vector, &mut Workspace::empty());
    let mut rows = Array2::zeros((2, 3));
    matvec_into(&a.view().into_dimensionality::<ndarray::Ix3>().expect("three"), &v, &mut rows);
    assert_eq!(by_vector, rows);
    let mut inner = ArrayD::zeros(IxDyn(&[2, 3]));
    inner_into(&a, &v, &mut inner, &mut Workspace::empty());
    assert_eq!(inner.into_dimensionality::<ndarray::Ix2>().expect("two"), rows);
    let mut scaled = ArrayD::zeros(a.raw_dim());
    dot_into(&aview0(&2.0), &a, &mut scaled, &mut Workspace::empty());
    assert_eq!(scaled, &a * 2.0);
    inner_into(&a, &aview0(&3.0), &mut scaled, &mut Workspace::empty());
    assert_eq!(scaled, &a * 3.0);
}

#[test]
fn subscripts_are_read_as_numpy_reads_them() {
    let mut workspace = Workspace::with_bytes(1 << 16);
    let (a, b) =
        (Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i * 12 + j * 4 + k) as f64), Array2::eye(4));
    // Implicit: letters that occur once, in order of the alphabet.
    let mut out = Array3::zeros((3, 2, 4));
    einsum_into("baz, zc", &a, &b, &mut out, &mut workspace);
    assert_eq!(out, a.view().permuted_axes([1, 0, 2]));
    // Further axes, the last of which belong together; those of length one are repeated.
    let mut out = Array3::zeros((2, 3, 4));
    einsum_into("...k,kl", &a, &b, &mut out, &mut workspace);
    assert_eq!(out, a);
    einsum_into("..., ...", &a, &b.row(1), &mut out, &mut workspace);
    assert_eq!(out, &a * &b.row(1));
    einsum_into(
        "i...,...->i...",
        &a,
        &a.slice(s![..1, .., ..]).index_axis(ndarray::Axis(0), 0),
        &mut out,
        &mut workspace,
    );
    assert_eq!(out, &a * &a.index_axis(ndarray::Axis(0), 0));
    einsum_into("ijk,ijk->ijk", &a, &a.slice(s![.., ..1, ..]), &mut out, &mut workspace);
    assert_eq!(out, &a * &a.slice(s![.., ..1, ..]));
}

#[test]
fn wrong_subscripts_are_quoted() {
    let (a, b) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((3, 4)));
    let mut out = Array2::from_elem((2, 4), 7.0);
    for (subscripts, problem) in [
        ("ij", "must have two terms, separated by a comma"),
        ("ij,jk,kl->il", "must have two terms, separated by a comma"),
        ("ij,jkl->ik", "must have 2 letters for `b`, one for each axis"),
        ("ij...k,jk->ik", "must have 2 letters for `a`, one for each axis"),
        ("......,jk->ik", "must have `...` once in a term"),
        ("i.,jk->ik", "must have a letter or `...` in place of '.'"),
        ("ij,jé->ik", "must have a letter or `...` in place of 'é'"),
        ("…j,jk->…k", "must have a letter or `...` in place of '…'"),
        ("ij,jk->ik->", "must have a letter or `...` in place of '-'"),
        ("ij,jk->iz", "must have `z` in front of `->` too"),
        ("ij,jk->iki", "must have `i` once behind `->`"),
        ("i...,jk->ik", "must have `...` behind `->` too"),
    ] {
        let panic = panic_of(|| einsum_into(subscripts, &a, &b, &mut out, &mut Workspace::empty()));
        let message = format!("einsum_into: `subscripts` is {subscripts:?}, but {problem}");
        assert_eq!((panic.message, panic.file.as_str()), (message, file!()));
    }
    let panic = panic_of(|| einsum_into("ii,jk->ik", &a, &b, &mut out, &mut Workspace::empty()));
    let length = "which needs length 2 for `i` of `a`, but axis 1 of `a` has length 3";
    assert_eq!(panic.message, format!("einsum_into: `subscripts` is \"ii,jk->ik\", {length}"));
    assert!(out.iter().all(|&x| x == 7.0), "nothing is written");
}

#[test]
fn wrong_axes_are_named() {
    let (a, b) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((3, 4)));
    let mut out = Array2::from_elem((2, 4), 7.0);
    let mut message = |axes: [&[usize]; 2]| {
        panic_of(|| tensordot_into(&a, &b, axes, &mut out, &mut Workspace::empty())).message
    };
    let some = "must name some of the 2 axes of";
    assert_eq!(
        message([&[2], &[0]]),
        format!("tensordot_into: `axes[0]` is [2], but {some} `a`, each once")
    );
    assert_eq!(
        message([&[0, 1], &[0, 0]]),
        format!("tensordot_into: `axes[1]` is [0, 0], but {some} `b`, each once")
    );
    assert_eq!(
        message([&[0, 1], &[0]]),
        "tensordot_into: `axes[1]` has length 1, but must have the length of `axes[0]`, 2"
    );
    let many = ArrayView::from_shape(IxDyn(&[1; 7]), &[0.0]).expect("one element");
    let panic =
        panic_of(|| dot_into(&many, &b, &mut ArrayD::zeros(IxDyn(&[])), &mut Workspace::empty()));
    let shape = "`a` has shape [1, 1, 1, 1, 1, 1, 1], but must have at most 6 axes";
    assert_eq!(panic.message, format!("dot_into: {shape}"));
}

/// In the order of the fewest multiplications, whatever that is.
#[test]
fn chains_of_matrices_agree_with_ndarray() {
    for lens in [&[3, 70, 2, 9, 1, 80, 4][..], &[1, 5, 1], &[5, 0, 3, 2], &[20; 9], &[0, 3, 0, 2]] {
        let chain: Vec<Array2<f64>> = (lens.windows(2).zip(1..))
            .map(|(pair, seed)| numbers(pair, seed).into_dimensionality().expect("two axes"))
            .collect();
        let expected = chain[1..].iter().fold(chain[0].clone(), |product, next| product.dot(next));
        let matrices: Vec<_> = chain.iter().map(|matrix| &**matrix).collect();
        let mut out = Array2::from_elem(expected.dim(), f64::NAN);
        let mut workspace = Workspace::with_bytes(multi_dot_workspace_bytes(&matrices));
        assert_eq!(allocations_in(|| multi_dot_into(&matrices, &mut out, &mut workspace)), 0);
        for (x, y) in out.iter().zip(&expected) {
            assert!((x - y).abs() <= 1e-10 * (1.0 + y.abs()), "{lens:?}: {x}, not {y}");
        }
    }
    let one = Array2::<f64>::zeros((2, 2));
    let panic = panic_of(|| multi_dot_into(&[&*one], &mut one.clone(), &mut Workspace::empty()));
    assert_eq!(panic.message, "multi_dot_into: `matrices` has length 1, but must have 2 to 32");
}

#[test]
fn what_is_empty_needs_no_workspace() {
    let far = 1 << 40;
    let [a, b, c] = [(0, far), (far, 0), (0, far)].map(Array2::<f64>::zeros);
    let (matrices, mut out) = ([&*a, &b, &c], Array2::zeros((0, far)));
    assert_eq!(multi_dot_workspace_bytes(&matrices), 0);
    multi_dot_into(&matrices, &mut out, &mut Workspace::empty());

    let (a, ones, mut sums) =
        (Array2::<f64>::zeros((0, 1000)), Array1::ones(1000), Array1::ones(1000));
    einsum_into("ij,j->j", &a, &ones, &mut sums, &mut Workspace::empty());
    assert_eq!(sums, Array1::<f64>::zeros(1000));
}

#[cfg(feature = "complex")]
#[test]
fn complex_tensors_are_not_conjugated_but_vectors_left_of_matrices_are() {
    use num_complex::Complex64 as C;
    let number = |x: f64| C::new(x, 0.25 - x);
    let (a, b) = (numbers(&[2, 3, 4], 5).mapv(number), numbers(&[4, 3, 5], 6).mapv(number));
    let mut out = ArrayD::zeros(IxDyn(&[2, 5]));
    let axes: [&[usize]; 2] = [&[1, 2], &[1, 0]];
    let mut workspace = Workspace::with_bytes(tensordot_workspace_bytes(&a, &b, axes));
    tensordot_into(&a, &b, axes, &mut out, &mut workspace);
    for (i, j) in ndarray::indices((2, 5)) {
        let terms = ndarray::indices((3, 4)).into_iter().map(|(l, m)| a[[i, l, m]] * b[[m, l, j]]);
        let exact: C = terms.sum();
        assert!((out[[i, j]] - exact).norm() < 1e-14);
    }
    let (v, m) = (
        Array::from_vec(vec![C::i(), C::new(2.0, -1.0)]),
        Array2::from_elem((2, 1), C::new(1.0, 1.0)),
    );
    let mut conjugated = Array::zeros(1);
    vecmat_into(&v, &m, &mut conjugated);
    assert_eq!(conjugated[0], (C::new(2.0, 1.0) - C::i()) * C::new(1.0, 1.0));
}
