//! The kernels of `par`, each beside the plain one: the same call of both, on operands of which threads get pieces.

use ndarray::{
    Array, Array1, ArrayView, ArrayViewMut, Axis, Dimension, RemoveAxis, ShapeBuilder, Slice,
};
use ndarray_pool::fused;
use ndarray_pool::kernel::{Permutation, Workspace};
use ndarray_pool::rand::distr::StandardUniform;
use ndarray_pool::rand::{SeedableRng, rngs::StdRng};

use super::naive::SplitMix;

/// How arrays lie in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lies {
    InC,
    InF,
    WithGaps,
    Backwards,
}

/// What calls are made with.
pub(crate) struct Given<'a, D> {
    pub(crate) a: ArrayView<'a, f64, D>,
    /// Of the shape of `a`; or of a row, which is broadcast.
    pub(crate) b: ArrayView<'a, f64, D>,
    pub(crate) p: ArrayView<'a, bool, D>,
    pub(crate) q: ArrayView<'a, bool, D>,
    pub(crate) m: ArrayView<'a, i64, D>,
    pub(crate) n: ArrayView<'a, i64, D>,
    pub(crate) axis: Axis,
    /// How outputs lie.
    pub(crate) outs: Lies,
}

/// The bits of the elements of an output, in logical order.
pub(crate) type Bits = Vec<u64>;

/// One call, of the plain kernel and of the kernel on all cores.
pub(crate) struct Pair<D> {
    pub(crate) name: &'static str,
    /// Whether the result depends on the axis.
    pub(crate) takes_axis: bool,
    pub(crate) plain: fn(&Given<'_, D>) -> Bits,
    pub(crate) par: fn(&Given<'_, D>) -> Bits,
}

pub(crate) trait Element: Copy {
    const GAP: Self;
    fn bits(self) -> u64;
}

impl Element for f64 {
    const GAP: f64 = -7.5;
    fn bits(self) -> u64 {
        // (Which NaN it is does not matter.)
        if self.is_nan() { f64::NAN.to_bits() } else { self.to_bits() }
    }
}

macro_rules! elements {
    ($($A:ty: $gap:expr),*) => {$(
        impl Element for $A {
            const GAP: $A = $gap;
            fn bits(self) -> u64 {
                self as u64
            }
        }
    )*};
}

elements!(bool: true, i64: -7, usize: 7);

/// An array with the memory that it lies in.
pub(crate) struct Placed<A, D> {
    memory: Array<A, D>,
    lies: Lies,
}

impl<A: Element, D: Dimension> Placed<A, D> {
    pub(crate) fn new(dim: D, lies: Lies) -> Self {
        let mut lens = dim;
        if lies == Lies::WithGaps {
            lens.slice_mut().iter_mut().for_each(|len| *len *= 2);
        }
        Placed { memory: Array::from_elem(lens.set_f(lies == Lies::InF), A::GAP), lies }
    }

    /// Filled with `element` of the position in logical order.
    pub(crate) fn filled(dim: D, lies: Lies, element: impl Fn(usize) -> A) -> Self {
        let mut placed = Placed::new(dim, lies);
        placed.view().iter_mut().enumerate().for_each(|(at, x)| *x = element(at));
        placed
    }

    pub(crate) fn view(&mut self) -> ArrayViewMut<'_, A, D> {
        let mut view = self.memory.view_mut();
        let step = match self.lies {
            Lies::InC | Lies::InF => return view,
            Lies::WithGaps => 2,
            Lies::Backwards => -1,
        };
        view.slice_each_axis_inplace(|_| Slice::new(0, None, step));
        view
    }

    fn bits(mut self) -> Bits {
        self.view().iter().map(|x| x.bits()).collect()
    }
}

impl<D: Dimension> Given<'_, D> {
    fn out<A: Element>(&self) -> Placed<A, D> {
        Placed::new(self.a.raw_dim(), self.outs)
    }

    /// An output that holds `a`.
    fn changed(&self) -> Placed<f64, D> {
        let mut out = self.out();
        out.view().assign(&self.a);
        out
    }
}

impl<D: RemoveAxis> Given<'_, D> {
    fn out_along<A: Element>(&self) -> Placed<A, D::Smaller> {
        Placed::new(self.a.raw_dim().remove_axis(self.axis), self.outs)
    }

    /// An output that is a third longer along the axis.
    fn longer(&self) -> Placed<f64, D> {
        let mut dim = self.a.raw_dim();
        dim[self.axis.index()] += dim[self.axis.index()] / 3;
        Placed::new(dim, self.outs)
    }

    /// `a` with its last two axes exchanged.
    fn turned(&self) -> ArrayView<'_, f64, D> {
        let mut turned = self.a.view();
        turned.swap_axes(turned.ndim() - 2, turned.ndim() - 1);
        turned
    }

    /// An output for the product of `a` and that.
    fn product(&self) -> Placed<f64, D> {
        let (mut dim, last) = (self.a.raw_dim(), self.a.ndim() - 1);
        dim[last] = dim[last - 1];
        Placed::new(dim, self.outs)
    }
}

/// `body` with the kernels of one module and of the other under the name `k`.
macro_rules! pair {
    ($name:ident, $takes_axis:literal, |$g:ident, $k:ident| $body:expr) => {
        Pair {
            name: stringify!($name),
            takes_axis: $takes_axis,
            plain: |$g| {
                use ndarray_pool::kernel as $k;
                $body
            },
            par: |$g| {
                use ndarray_pool::kernel::par as $k;
                $body
            },
        }
    };
}

/// Kernels of elements that write to another array: `name(input, …; parameter, …) -> output type;`
macro_rules! into {
    ($($name:ident($($in:ident),+ $(; $($p:expr),+)?) -> $O:ty;)+) => {
        vec![$(pair!($name, false, |g, k| {
            let mut out = g.out::<$O>();
            k::$name($(&g.$in,)+ $($($p,)+)? &mut out.view());
            out.bits()
        })),+]
    };
}

/// Kernels of elements that change an array; of those behind `b:` that is the second argument.
macro_rules! inplace {
    ($($name:ident($($($p:expr),+)?);)+) => {
        vec![$(pair!($name, false, |g, k| {
            let mut out = g.changed();
            k::$name(&mut out.view() $($(, $p)+)?);
            out.bits()
        })),+]
    };
    (b: $($name:ident($($p:expr)?);)+) => {
        vec![$(pair!($name, false, |g, k| {
            let mut out = g.changed();
            k::$name(&mut out.view(), &g.b $(, $p)?);
            out.bits()
        })),+]
    };
}

/// Reductions along an axis.
macro_rules! reductions {
    ($($name:ident($($in:ident),+ $(; $p:expr)?) -> $O:ty;)+) => {
        vec![$(pair!($name, true, |g, k| {
            let mut out = g.out_along::<$O>();
            k::$name($(&g.$in,)+ g.axis, $($p,)? &mut out.view());
            out.bits()
        })),+]
    };
}

/// Reductions of all elements.
macro_rules! whole {
    ($($name:ident($($in:ident),+ $(; $p:expr)?);)+) => {
        vec![$(pair!($name, false, |g, k| {
            vec![Into::<Option<f64>>::into(k::whole::$name($(&g.$in,)+ $($p)?)).map_or(0, f64::bits)]
        })),+]
    };
}

pub(crate) fn elements_into<D: Dimension>() -> Vec<Pair<D>> {
    into! {
        copy_into(a) -> f64;
        add_into(a, b) -> f64;
        sub_into(a, b) -> f64;
        mul_into(a, b) -> f64;
        div_into(a, b) -> f64;
        axpby_into(a, b; 0.3, -1.7) -> f64;
        equal_into(a, b) -> bool;
        not_equal_into(a, b) -> bool;
        less_into(a, b) -> bool;
        less_equal_into(a, b) -> bool;
        greater_into(a, b) -> bool;
        greater_equal_into(a, b) -> bool;
        logical_and_into(p, q) -> bool;
        logical_or_into(p, q) -> bool;
        logical_xor_into(p, q) -> bool;
        logical_not_into(p) -> bool;
        bitwise_and_into(m, n) -> i64;
        bitwise_or_into(m, n) -> i64;
        bitwise_xor_into(m, n) -> i64;
        invert_into(m) -> i64;
        maximum_into(a, b) -> f64;
        minimum_into(a, b) -> f64;
        fmax_into(a, b) -> f64;
        fmin_into(a, b) -> f64;
        clamp_into(a; -1.0, 2.0) -> f64;
        where_into(p, a, b) -> f64;
        lerp_into(a, b; 0.3) -> f64;
        sign_into(a) -> f64;
        heaviside_into(a, b) -> f64;
        exp_into(a) -> f64;
        exp2_into(a) -> f64;
        expm1_into(a) -> f64;
        expit_into(a) -> f64;
        log_expit_into(a) -> f64;
        softplus_into(a) -> f64;
        log_into(a) -> f64;
        log2_into(a) -> f64;
        log10_into(a) -> f64;
        log1p_into(a) -> f64;
        cbrt_into(a) -> f64;
        sin_into(a) -> f64;
        cos_into(a) -> f64;
        tan_into(a) -> f64;
        arcsin_into(a) -> f64;
        arccos_into(a) -> f64;
        arctan_into(a) -> f64;
        sinh_into(a) -> f64;
        cosh_into(a) -> f64;
        tanh_into(a) -> f64;
        arcsinh_into(a) -> f64;
        arccosh_into(a) -> f64;
        arctanh_into(a) -> f64;
        erf_into(a) -> f64;
        erfc_into(a) -> f64;
        lgamma_into(a) -> f64;
        float_power_into(a, b) -> f64;
        hypot_into(a, b) -> f64;
        arctan2_into(a, b) -> f64;
    }
}

pub(crate) fn elements_inplace<D: Dimension>() -> Vec<Pair<D>> {
    let mut pairs: Vec<Pair<D>> = inplace! {
        clamp_inplace(-1.0, 2.0);
        exp_inplace();
        exp2_inplace();
        expm1_inplace();
        expit_inplace();
        log_expit_inplace();
        softplus_inplace();
        log_inplace();
        log2_inplace();
        log10_inplace();
        log1p_inplace();
        cbrt_inplace();
        sin_inplace();
        cos_inplace();
        tan_inplace();
        arcsin_inplace();
        arccos_inplace();
        arctan_inplace();
        sinh_inplace();
        cosh_inplace();
        tanh_inplace();
        arcsinh_inplace();
        arccosh_inplace();
        arctanh_inplace();
        erf_inplace();
        erfc_inplace();
        lgamma_inplace();
        map_inplace(|x| 3.0 * x + 1.0);
    };
    pairs.extend(inplace! {
        b:
        add_inplace();
        sub_inplace();
        mul_inplace();
        div_inplace();
        maximum_inplace();
        minimum_inplace();
        lerp_inplace(0.3);
        zip_map_inplace(|x, y| x - 2.0 * y);
    });
    pairs
}

pub(crate) fn closures<D: Dimension>() -> Vec<Pair<D>> {
    macro_rules! closures {
        ($($name:ident($($in:ident),+) $f:expr;)+) => {
            vec![$(pair!($name, false, |g, k| {
                let mut out = g.out::<f64>();
                k::$name($(&g.$in,)+ &mut out.view(), $f);
                out.bits()
            })),+]
        };
    }
    closures! {
        map_into(a) |a: f64| 3.0 * a + 1.0;
        zip_map_into(a, b) |a, b| a - 2.0 * b;
        zip3_map_into(a, b, p) |a, b, p| if p { a } else { b - a };
        zip4_map_into(a, b, p, m) |a, b, p, m| if p { a - b } else { m as f64 };
        zip5_map_into(a, b, p, m, n) |a, b, p, m, n| if p { a - b } else { (m + n) as f64 };
        zip6_map_into(a, b, p, q, m, n) |a, b, p, q, m, n| if p ^ q { a - b } else { (m - n) as f64 };
    }
}

/// The forms of `fused!` that have a form on all cores.
pub(crate) fn formulas<D: Dimension>() -> Vec<Pair<D>> {
    macro_rules! formula {
        ($name:ident, |$g:ident, $out:ident, $other:ident| $($formula:tt)+) => {
            Pair {
                name: stringify!($name),
                takes_axis: false,
                plain: |$g| formula!(@run $g $out $other fused!($($formula)+)),
                par: |$g| formula!(@run $g $out $other fused!(par $($formula)+)),
            }
        };
        (@run $g:ident $out:ident $other:ident $run:expr) => {{
            let (mut $out, mut $other) = ($g.changed(), $g.out::<bool>());
            let (mut out_view, mut other_view) = ($out.view(), $other.view());
            {
                let ($out, $other) = (&mut out_view, &mut other_view);
                let _ = &$other;
                $run;
            }
            [$out.bits(), $other.bits()].concat()
        }};
    }
    vec![
        formula!(fused_into, |g, out, other| out = |a = g.a, b = g.b, p = g.p| if p { a } else { a - 2.0 * b }),
        formula!(fused_inplace, |g, out, other| out -= |a = g.a, b = g.b| 0.3 * a * b),
        formula!(fused_unzip_into, |g, out, other| (out, other) = |out, b = g.b| (out * b, out < b)),
    ]
}

pub(crate) fn along_axis<D: RemoveAxis>() -> Vec<Pair<D>> {
    let mut pairs: Vec<Pair<D>> = reductions! {
        sum_axis_into(a) -> f64;
        prod_axis_into(a) -> f64;
        mean_axis_into(a) -> f64;
        var_axis_into(a; 1.0) -> f64;
        std_axis_into(a; 1.0) -> f64;
        vecdot_axis_into(a, b) -> f64;
        min_axis_into(a) -> f64;
        max_axis_into(a) -> f64;
        ptp_axis_into(a) -> f64;
        argmin_axis_into(a) -> usize;
        argmax_axis_into(a) -> usize;
        count_nonzero_axis_into(m) -> usize;
        norm_l1_axis_into(a) -> f64;
        norm_l2_axis_into(a) -> f64;
        norm_max_axis_into(a) -> f64;
        nansum_axis_into(a) -> f64;
        nanprod_axis_into(a) -> f64;
        nanmean_axis_into(a) -> f64;
        nanvar_axis_into(a; 0.0) -> f64;
        nanstd_axis_into(a; 0.0) -> f64;
        nanmin_axis_into(a) -> f64;
        nanmax_axis_into(a) -> f64;
        logsumexp_axis_into(a) -> f64;
    };
    macro_rules! lanes {
        ($($into:ident $($inplace:ident)?;)+) => {
            $(pairs.push(pair!($into, true, |g, k| {
                let mut out = g.out::<f64>();
                k::$into(&g.a, g.axis, &mut out.view());
                out.bits()
            }));
            $(pairs.push(pair!($inplace, true, |g, k| {
                let mut out = g.changed();
                k::$inplace(&mut out.view(), g.axis);
                out.bits()
            }));)?)+
        };
    }
    lanes! {
        softmax_axis_into;
        log_softmax_axis_into;
        cumsum_axis_into cumsum_axis_inplace;
        cumprod_axis_into cumprod_axis_inplace;
        cummax_axis_into cummax_axis_inplace;
        cummin_axis_into cummin_axis_inplace;
        nancumsum_axis_into;
        nancumprod_axis_into;
    }
    pairs
}

pub(crate) fn all_elements<D: Dimension>() -> Vec<Pair<D>> {
    whole! {
        sum(a);
        vdot(a, b);
        min(a);
        max(a);
        mean(a);
        var(a; 1.0);
        std(a; 1.0);
        norm_l1(a);
        norm_l2(a);
        norm_max(a);
    }
}

pub(crate) fn moves<D: RemoveAxis>() -> Vec<Pair<D>> {
    vec![
        pair!(transpose_into, false, |g, k| {
            let mut dim = g.a.raw_dim();
            dim.slice_mut().reverse();
            let mut out = Placed::new(dim, g.outs);
            k::transpose_into(&g.a, &mut out.view());
            out.bits()
        }),
        pair!(permute_axes_into, false, |g, k| {
            let (mut axes, mut dim) = (g.a.raw_dim(), g.a.raw_dim());
            (0..axes.ndim()).for_each(|axis| axes[axis] = (axis + 1) % dim.ndim());
            (0..axes.ndim()).for_each(|axis| dim[axis] = g.a.shape()[axes[axis]]);
            let mut out = Placed::new(dim, g.outs);
            k::permute_axes_into(&g.a, axes, &mut out.view());
            out.bits()
        }),
        pair!(take_axis_into, true, |g, k| {
            let (len, mut out) = (g.a.len_of(g.axis), g.longer());
            let indices = (0..out.view().len_of(g.axis)).map(|i| i * 7919 % len);
            let indices = Array1::from_iter(indices);
            k::take_axis_into(&g.a, g.axis, &indices, &mut out.view());
            out.bits()
        }),
        pair!(reorder_axis_into, true, |g, k| {
            let (mut perm, mut out) = (Permutation::identity(g.a.len_of(g.axis)), g.out());
            perm.shuffle(&mut StdRng::seed_from_u64(3));
            k::reorder_axis_into(&g.a, g.axis, &perm, &mut out.view());
            out.bits()
        }),
        pair!(shuffle_axis_into, true, |g, k| {
            let mut out = g.out();
            k::shuffle_axis_into(&g.a, g.axis, &mut out.view(), &mut StdRng::seed_from_u64(3));
            out.bits()
        }),
        pair!(shuffle_copy_into, false, |g, k| {
            let mut out = g.out();
            k::shuffle_copy_into(&g.a, &mut out.view(), &mut StdRng::seed_from_u64(3));
            out.bits()
        }),
        pair!(random_blocks_into, false, |g, k| {
            let mut out = g.out::<f64>();
            k::random_blocks_into(&StandardUniform, &mut out.view(), StdRng::seed_from_u64);
            out.bits()
        }),
        pair!(matmul_into, false, |g, k| {
            let [.., n, depth] = *g.a.shape() else { panic!("a matrix") };
            let mut out = g.product();
            let mut workspace =
                Workspace::with_bytes(k::matmul_workspace_bytes::<f64>(n, depth, n));
            k::matmul_into(&g.a, &g.turned(), &mut out.view(), &mut workspace);
            out.bits()
        }),
        pair!(gemm_into, false, |g, k| {
            let [.., n, depth] = *g.a.shape() else { panic!("a matrix") };
            let mut out = g.product();
            let mut workspace =
                Workspace::with_bytes(k::matmul_workspace_bytes::<f64>(n, depth, n));
            k::gemm_into(&g.a, &g.turned(), 0.7, 0.1, &mut out.view(), &mut workspace);
            out.bits()
        }),
    ]
}

/// Numbers of both signs, of which sums depend on the order.
pub(crate) fn numbers(seed: u64) -> impl Fn(usize) -> f64 {
    move |at| {
        let word = SplitMix(seed ^ (at as u64) << 8).next();
        (word >> 11) as f64 / (1_u64 << 53) as f64 * 8.0 - 3.5
    }
}
