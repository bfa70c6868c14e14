//! Einstein's notation: products of two arrays by the subscripts of their axes.

use ndarray::{ArrayRef, Axis, Dimension};

use super::contraction::Contraction;
use super::contraction::labelled::{Label, MOST_AXES, Operand, Target};
use super::product::element::MatrixElement;
use super::workspace::{Workspace, bytes_of};
use crate::kernel::engine::check;

/// Multiplies two arrays and sums products, as subscripts say: Einstein's notation.
///
/// | `subscripts` | *out* | is |
/// |---|---|---|
/// | `"ij,jk->ik"` | Σⱼ a\[i, j\] b\[j, k\] | a product of matrices |
/// | `"ij,kj->ki"` | Σⱼ a\[i, j\] b\[k, j\] | the same of other layouts |
/// | `"nij,njk->nik"` | Σⱼ a\[n, i, j\] b\[n, j, k\] | the same of stacks |
/// | `"...ij,jk->...ik"` | | the same of stacks of any axes |
/// | `"ni,ni->n"` | Σᵢ a\[n, i\] b\[n, i\] | dot products |
/// | `"i,j->ij"` | a\[i\] b\[j\] | an outer product |
/// | `"ij,ij->"` | Σᵢⱼ a\[i, j\] b\[i, j\] | one number |
/// | `"ij,->j"` | Σᵢ a\[i, j\] b | of one array, with `aview0(&1.0)` for `b` |
/// | `"ii,->"` | Σᵢ a\[i, i\] b | a trace, likewise |
///
/// The terms in front of `->` have a letter for each axis of `a` and of `b`, the one behind it for each axis of `out`.
/// Equal letters are walked together, twice in one term along the diagonal, and products are summed over the letters that
/// `out` does not have. Without `->`, `out` has the letters that occur once, in the order of the alphabet. `...` stands
/// for any further axes, of which the last belong together. Axes of length one are repeated, and spaces are ignored.
/// Arrays have up to six axes, any strides and either memory order. Complex elements are not conjugated.
///
/// The string is read and the way chosen at each call, which takes up to a microsecond or two and allocates nothing; for
/// small arrays of a known form, the kernel of that form is faster. Products of matrices are
/// computed as by [`matmul_into`](crate::kernel::matmul_into), and where `a` or `b` has no letter of its own in `out`,
/// as by [`matvec_into`](crate::kernel::matvec_into). An operand is copied to `workspace` first if it has a letter twice,
/// or several that products are summed over and whose axes do not lie behind one another in memory, in the order that they
/// have in `a`. It is summed first over letters that nothing else has. [`einsum_workspace_bytes`] tells how much memory is
/// needed.
///
/// **Accuracy and bits** are those of these two functions, with the terms in the order of the axes of `a`.
///
/// NaN gives NaN. Without terms the result is zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `subscripts` is not as above, if one axis has another length than one with the same letter, if `out` does not have
/// the lengths of its letters, if an array has more than six axes, or if `workspace` is too small; nothing is written
/// then. The message shows the subscripts.
///
/// # Replaces
///
/// NumPy's `np.einsum(subscripts, a, b, out=out)`.
///
/// # Example
///
/// ```
/// use ndarray::{Array0, Array2, array, aview0};
/// use ndarray_pool::kernel::{Workspace, einsum_into, einsum_workspace_bytes};
///
/// let mut workspace = Workspace::empty();
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]]);
/// let mut out = Array2::zeros((3, 2));
/// einsum_into("ij,kj->ki", &a, &b, &mut out, &mut workspace);
/// assert_eq!(out, array![[1.0, 3.0], [3.0, 7.0], [4.0, 8.0]]);
///
/// let (one, mut sum) = (aview0(&1.0), Array0::zeros(()));
/// let mut workspace = Workspace::with_bytes(einsum_workspace_bytes("ij,->", &a, &one));
/// einsum_into("ij,->", &a, &one, &mut sum, &mut workspace);
/// assert_eq!(sum[()], 10.0);
/// ```
#[doc(alias = "einsum")]
#[doc(alias = "contract")]
#[doc(alias = "trace")]
#[track_caller]
pub fn einsum_into<A, D1, D2, D>(
    subscripts: &str,
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
    let kernel = "einsum_into";
    let terms = checked(kernel, subscripts, a, b);
    let lens = terms.out.labels().iter().map(|&label| Some(terms.len_of(label, a, b)));
    check::shape_is(kernel, ("out", &*out), lens, format_args!("the lengths of {subscripts:?}"));
    check::at_most_axes(kernel, ("out", &*out), MOST_AXES);
    let contraction = terms.contraction(a, b);
    let memory = workspace.checked(kernel, contraction.workspace_len());
    A::contract(contraction, Target::new(out, terms.out.labels()), memory);
}

/// Returns the bytes of workspace that [`einsum_into`] needs for arrays of these shapes and strides.
///
/// # Panics
///
/// As [`einsum_into`].
///
/// # Example
///
/// ```
/// use ndarray::Array3;
/// use ndarray_pool::kernel::einsum_workspace_bytes;
///
/// let (a, b) = (Array3::<f64>::ones((2, 3, 4)), Array3::ones((3, 4, 5)));
/// assert_eq!(einsum_workspace_bytes("ijk,jkl->il", &a, &b), 0);
/// // The axes of `k` and `j` have to change places in `b`, which has 60 elements.
/// let turned = b.view().permuted_axes([1, 0, 2]);
/// assert!(einsum_workspace_bytes("ijk,kjl->il", &a, &turned) == 0);
/// let b = Array3::ones((4, 3, 5));
/// assert!(einsum_workspace_bytes("ijk,kjl->il", &a, &b) >= 60 * size_of::<f64>());
/// ```
#[track_caller]
pub fn einsum_workspace_bytes<A, D1, D2>(
    subscripts: &str,
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
) -> usize
where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
{
    let terms = checked("einsum_workspace_bytes", subscripts, a, b);
    bytes_of::<A::Real>(terms.contraction(a, b).workspace_len())
}

/// The subscripts of the axes of both operands and of the result.
struct Terms {
    a: Term,
    b: Term,
    out: Term,
}

/// The labels of the axes that `...` stands for, of which the last belong together. Those of letters are 1 to 52.
const FURTHER: [Label; MOST_AXES] = [53, 54, 55, 56, 57, 58];

/// The label of a letter, in the order of the alphabet.
fn label_of(letter: char) -> Label {
    match letter {
        'A'..='Z' => letter as Label - b'A' + 1,
        _ => letter as Label - b'a' + 27,
    }
}

/// What stands for a label in a message.
fn letter_of(label: Label) -> char {
    match label {
        1..=26 => char::from(b'A' + label - 1),
        27..=52 => char::from(b'a' + label - 27),
        _ => '…',
    }
}

/// The labels of the axes of an array.
#[derive(Default)]
struct Term {
    labels: [Label; 2 * MOST_AXES],
    len: usize,
}

impl Term {
    fn labels(&self) -> &[Label] {
        &self.labels[..self.len]
    }

    /// There is room: operands have six axes, and `out` has no letter twice.
    fn push(&mut self, label: Label) {
        self.labels[self.len] = label;
        self.len += 1;
    }

    fn push_further_axes(&mut self, count: usize) {
        FURTHER[MOST_AXES - count..].iter().for_each(|&label| self.push(label));
    }

    /// How many axes `...` stands for.
    fn further_axes(&self) -> usize {
        self.labels().iter().filter(|label| FURTHER.contains(label)).count()
    }

    /// The length of the first axis of a label.
    fn len_in<A, D: Dimension>(&self, label: Label, array: &ArrayRef<A, D>) -> Option<usize> {
        self.labels().iter().position(|&other| other == label).map(|at| array.len_of(Axis(at)))
    }
}

impl Terms {
    fn len_of<A, D1: Dimension, D2: Dimension>(
        &self,
        label: Label,
        a: &ArrayRef<A, D1>,
        b: &ArrayRef<A, D2>,
    ) -> usize {
        let (of_a, of_b) = (self.a.len_in(label, a), self.b.len_in(label, b));
        of_a.filter(|&len| len != 1).or(of_b).unwrap_or(1)
    }

    fn contraction<'a, A: MatrixElement, D1: Dimension, D2: Dimension>(
        &self,
        a: &'a ArrayRef<A, D1>,
        b: &'a ArrayRef<A, D2>,
    ) -> Contraction<'a, A> {
        let (a, b) = (Operand::new(a, self.a.labels()), Operand::new(b, self.b.labels()));
        Contraction::new(a, b, self.out.labels())
    }
}

/// Reads the subscripts, and checks that they fit the operands.
#[track_caller]
fn checked<A, D1: Dimension, D2: Dimension>(
    kernel: &str,
    subscripts: &str,
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
) -> Terms {
    check::at_most_axes(kernel, ("a", a), MOST_AXES);
    check::at_most_axes(kernel, ("b", b), MOST_AXES);
    let text = Text { kernel, subscripts };
    if let Some(other) = subscripts.chars().find(|letter| !letter.is_ascii()) {
        text.must(false, format_args!("a letter or `...` in place of {other:?}"));
    }
    let (inputs, result) = match subscripts.split_once("->") {
        Some((inputs, result)) => (inputs, Some(result)),
        None => (subscripts, None),
    };
    let (of_a, of_b) = inputs.split_once(',').unwrap_or((inputs, ""));
    let is_two = inputs.bytes().filter(|&byte| byte == b',').count() == 1;
    text.must(is_two, format_args!("two terms, separated by a comma"));
    let (of_a, of_b) = (text.operand(of_a, ("a", a)), text.operand(of_b, ("b", b)));
    let out = text.result(result, &of_a, &of_b);
    let terms = Terms { a: of_a, b: of_b, out };
    text.lens_fit(("a", a), &terms.a, ("a", a), &terms.a);
    text.lens_fit(("b", b), &terms.b, ("b", b), &terms.b);
    text.lens_fit(("b", b), &terms.b, ("a", a), &terms.a);
    terms
}

/// The string, as it is read and quoted.
#[derive(Clone, Copy)]
struct Text<'a> {
    kernel: &'a str,
    subscripts: &'a str,
}

impl Text<'_> {
    #[track_caller]
    fn must(self, holds: bool, have: std::fmt::Arguments<'_>) {
        check::subscripts(self.kernel, self.subscripts, holds, have);
    }

    /// The letters of a term, with `…` for `...`, which occurs once at most.
    #[track_caller]
    fn pieces(self, term: &str) -> impl Iterator<Item = char> + Clone + '_ {
        let mut rest = term;
        let pieces = std::iter::from_fn(move || {
            rest = rest.trim_start_matches(' ');
            let (piece, behind) = match rest.strip_prefix("...") {
                Some(behind) => ('…', behind),
                None => {
                    let piece = rest.chars().next()?;
                    (piece, &rest[piece.len_utf8()..])
                }
            };
            rest = behind;
            Some(piece)
        });
        for piece in pieces.clone() {
            let is_known = piece.is_ascii_alphabetic() || piece == '…';
            self.must(is_known, format_args!("a letter or `...` in place of {piece:?}"));
        }
        let is_once = pieces.clone().filter(|&piece| piece == '…').count() <= 1;
        self.must(is_once, format_args!("`...` once in a term"));
        pieces
    }

    #[track_caller]
    fn operand<A, D: Dimension>(
        self,
        term: &str,
        (argument, array): (&str, &ArrayRef<A, D>),
    ) -> Term {
        let (pieces, ndim) = (self.pieces(term), array.ndim());
        let letters = pieces.clone().filter(|&piece| piece != '…').count();
        let fits = letters == ndim || pieces.clone().count() > letters && letters < ndim;
        self.must(fits, format_args!("{ndim} letters for `{argument}`, one for each axis"));
        let mut read = Term::default();
        for piece in pieces {
            match piece {
                '…' => read.push_further_axes(ndim - letters),
                letter => read.push(label_of(letter)),
            }
        }
        read
    }

    #[track_caller]
    fn result(self, term: Option<&str>, a: &Term, b: &Term) -> Term {
        let mut read = Term::default();
        let further = a.further_axes().max(b.further_axes());
        let count = |label| {
            let labels = a.labels().iter().chain(b.labels());
            labels.filter(|&&other| other == label).count()
        };
        let Some(term) = term else {
            read.push_further_axes(further);
            (1..FURTHER[0])
                .filter(|&letter| count(letter) == 1)
                .for_each(|letter| read.push(letter));
            return read;
        };
        let mut is_open = false;
        for piece in self.pieces(term) {
            if piece == '…' {
                is_open = true;
                read.push_further_axes(further);
                continue;
            }
            let letter = label_of(piece);
            self.must(count(letter) > 0, format_args!("`{piece}` in front of `->` too"));
            let is_new = !read.labels().contains(&letter);
            self.must(is_new, format_args!("`{piece}` once behind `->`"));
            read.push(letter);
        }
        self.must(is_open || further == 0, format_args!("`...` behind `->` too"));
        read
    }

    /// Axes of one label have the same length, or, of different arrays, the length one.
    #[track_caller]
    fn lens_fit<A, D1: Dimension, D2: Dimension>(
        self,
        (argument, array): (&str, &ArrayRef<A, D1>),
        term: &Term,
        (model, shaped): (&str, &ArrayRef<A, D2>),
        of_model: &Term,
    ) {
        for (axis, (&label, &has)) in term.labels().iter().zip(array.shape()).enumerate() {
            let Some(needs) = of_model.len_in(label, shaped) else { continue };
            let fits = has == needs || argument != model && (has == 1 || needs == 1);
            let letter = letter_of(label);
            let what = format_args!("{needs} for `{letter}` of `{model}`");
            let have = format_args!("{what}, but axis {axis} of `{argument}` has length {has}");
            check::subscripts_fit(self.kernel, self.subscripts, fits, have);
        }
    }
}
