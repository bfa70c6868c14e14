//! The macro: what it accepts, and what it becomes.

/// Computes a formula of any number of arrays in one pass over memory.
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::fused;
///
/// let (a, b, c) = (array![[1.0, 2.0], [3.0, 4.0]], array![5.0, 6.0], array![[1.0], [2.0]]);
/// let (mut out, dt) = (Array2::zeros((2, 2)), 0.5);
/// fused!(out = |a, b, c| a + dt * (b - c));
/// assert_eq!(out, array![[3.0, 4.5], [4.5, 6.0]]);
/// ```
///
/// A name between the bars is an array outside of the formula and its element inside. Everything else, such as `dt`, is
/// a variable as in any closure. A formula may have statements, branches and calls; it is called once for each element
/// (by a reduction, at least once), in no particular order.
///
/// | | |
/// |---|---|
/// | into an array | `fused!(out = \|a, b\| a + b)` |
/// | changing an array | `fused!(x += \|a, b\| a * b)`, also `-=`, `*=`, `/=` |
/// | from its own elements | `fused!(x = \|x, g\| x - rate * g)` |
/// | up to four outputs | `fused!((sum, diff) = \|a, b\| (a + b, a - b))` |
/// | an expression as input | `fused!(out = \|l = u.slice(s![..-2]), r = u.slice(s![2..])\| r - l)` |
/// | an expression as output | `fused!((row = out.row_mut(0)) = \|a\| a + 1.0)` |
/// | on all cores | `fused!(par out = \|a, b\| a + b)`, with the feature `rayon` |
/// | one number | `let energy = fused!(sum \|p, v\| 0.5 * v * v + p)` |
/// | a number for each lane | `fused!(sum(Axis(1)) out = \|d, w\| d * d * w)` |
///
/// # Operands
///
/// Arrays are owned arrays, views, slices, leases, or references to these: whatever is an
/// [`ArrayRef`](ndarray::ArrayRef) behind a reference. A field or any other expression needs a name:
/// `|u = self.u|`. (Where such an expression has a comma that no bracket encloses, put parentheses around it.) There are
/// as many inputs as you like. Elements are of any types that are `Copy` and `'static`, and of different types if the
/// formula makes something of them.
///
/// Inputs are broadcast to the shape of the first output; several outputs have the same shape. Any strides and either
/// memory order are correct; operands that are contiguous in the same order are fastest.
///
/// # Changing an array, and several outputs
///
/// An output that is named between the bars as well is its own old element there. `x += |…| f` is `x = |x, …| { x += f;
/// x }`: the type of the formula is whatever `+=` of the elements takes.
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::fused;
///
/// // A step of the optimiser Adam: three arrays change, in one pass.
/// let (mut m, mut v, mut w) = (array![0.0, 0.0], array![0.0, 0.0], array![1.0, 2.0]);
/// let grad = array![0.5_f64, -4.0];
/// fused!((m, v, w) = |m, v, w, grad| {
///     let m = 0.9 * m + 0.1 * grad;
///     let v = 0.999 * v + 0.001 * grad * grad;
///     let (m_hat, v_hat) = (m / 0.1, v / 0.001);
///     (m, v, w - 0.1 * m_hat / (v_hat.sqrt() + 1e-8))
/// });
/// assert!((&w - &array![0.9, 2.1]).iter().all(|off| off.abs() < 1e-6));
/// ```
///
/// # Shifted views of one array
///
/// ```
/// use ndarray::{Array2, s};
/// use ndarray_pool::fused;
///
/// let u = Array2::from_shape_fn((5, 6), |(i, j)| (i * i + j * j) as f64);
/// let mut laplacian = Array2::zeros((3, 4));
/// fused!(laplacian = |
///     north = u.slice(s![..-2, 1..-1]),
///     south = u.slice(s![2.., 1..-1]),
///     west = u.slice(s![1..-1, ..-2]),
///     east = u.slice(s![1..-1, 2..]),
///     here = u.slice(s![1..-1, 1..-1]),
/// | north + south + west + east - 4.0 * here);
/// assert!(laplacian.iter().all(|&x| x == 4.0));
/// ```
///
/// Rows that several views share are read from memory once: they come from the caches after the first view has read them.
/// [`docs/performance.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/performance.md) has the record of such
/// loops beside loops that are written by hand.
///
/// # Reductions
///
/// `sum`, `mean`, `min`, `max`, `any` and `all` reduce the values of the formula without an array that holds them. The
/// first input gives the shape, to which the others are broadcast: `|matrix, row|`, not `|row, matrix|`. Along an axis,
/// the output has the shape of the first input without that axis.
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::fused;
///
/// let (points, centre) = (array![[1.0, 2.0], [3.0, 5.0]], array![1.0, 1.0]);
/// let far = fused!(max |points, centre| f64::abs(points - centre));
/// assert_eq!(far, Some(4.0));
///
/// let mut squares = array![0.0, 0.0];
/// fused!(sum(Axis(1)) squares = |points, centre| (points - centre) * (points - centre));
/// assert_eq!(squares, array![1.0, 20.0]);
/// ```
///
/// | | of | returns | of no elements |
/// |---|---|---|---|
/// | `sum` | `T: Zero` | `T`, added pairwise as by [`whole::sum`](crate::kernel::whole::sum) | 0 |
/// | `mean` | `T: Float` | `T`, in range where the sum is not, as [`whole::mean`](crate::kernel::whole::mean) | NaN |
/// | `min`, `max` | `T: PartialOrd + Default` | `Option<T>`, NaN if a value is NaN | `None`; along an axis, a panic |
/// | `any`, `all` | `bool` | `bool`; the whole ones end with the block that decides | `false`, `true` |
///
/// The same inputs in the same layouts give the same bits. (Elements of more than 64 bytes are added one by one within
/// blocks of 512.) A reduction takes elements in groups, and calls the
/// formula more than once for some elements to fill the last group of a lane; if a sum is not finite, `mean` calls it a
/// second time for all, scaled.
///
/// # What it costs
///
/// The formula is compiled once for every processor and, on x86-64, once more for AVX2, and is inlined into its loop
/// however long it is. If it calls a function by name (`exp(x)`, not `x.sqrt()`) it is also compiled for AVX-512, unless
/// it is reduced: only what is bound by computation gains. So arithmetic, `sqrt`, `abs`, `min`, comparisons,
/// selections and the functions of [`math`](crate::math) become vector code; those of std that call the C library
/// (`f64::exp`, `f64::sin`) do not. **A function of your own that a formula calls needs
/// `#[inline(always)]`**: without it, it is compiled once, for every processor, and called for each element. All copies
/// give the same bits; multiplications and additions are not fused.
///
/// Nothing is allocated, for arrays of up to six axes (`IxDyn`: up to four). Large outputs are written with streaming
/// stores ([`stream_bytes`](crate::kernel::stream_bytes)).
///
/// # All cores
///
/// With the feature `rayon`, `fused!(par out = |a, b| …)` divides the outputs among the threads of the caller's rayon pool,
/// from 131,072 elements on; what holds for the kernels of `kernel::par` holds for such formulas. Every form above that
/// writes an array has one with `par`; reductions have none. Threads share the formula: what it captures must be `Sync`,
/// and it can only read it.
///
/// # Panics
///
/// If an input cannot be broadcast, an output has another shape than the first, or an axis is missing; nothing is written
/// then, and the message names the array as the formula does: ``fused!: `b` has shape [3, 4], which cannot be broadcast
/// to the shape of `out`, [2, 4]``. A panic of the formula passes through and leaves outputs partly written, and
/// everything else as it was.
///
/// # Replaces
///
/// `numexpr.evaluate` with `out=` in Python; in ndarray `Zip` and `azip!` (at most six arrays, no broadcasting with
/// `azip!`, no reductions), and chains of kernels that take a pass each.
#[macro_export]
macro_rules! fused {
    ($out:ident = $($rest:tt)+) => {
        $crate::__fused!(@bars [set run] [0 $out = $out;] $($rest)+)
    };
    ($out:ident += $($rest:tt)+) => {
        $crate::__fused!(@bars [change += run] [0 $out = $out;] $($rest)+)
    };
    ($out:ident -= $($rest:tt)+) => {
        $crate::__fused!(@bars [change -= run] [0 $out = $out;] $($rest)+)
    };
    ($out:ident *= $($rest:tt)+) => {
        $crate::__fused!(@bars [change *= run] [0 $out = $out;] $($rest)+)
    };
    ($out:ident /= $($rest:tt)+) => {
        $crate::__fused!(@bars [change /= run] [0 $out = $out;] $($rest)+)
    };
    (par $($rest:tt)+) => {
        $crate::__fused_on_threads!($($rest)+)
    };
    ($kind:ident | $($rest:tt)+) => {
        $crate::__fused!(@bars [whole $kind] [] | $($rest)+)
    };
    ($kind:ident ($axis:expr) $out:ident = $($rest:tt)+) => {
        $crate::__fused!(@bars [along $kind ($axis) $out = $out;] [] $($rest)+)
    };
    ($kind:ident ($axis:expr) ($out:ident = $array:expr) = $($rest:tt)+) => {
        $crate::__fused!(@bars [along $kind ($axis) $out = $array;] [] $($rest)+)
    };
    (($($outs:tt)+) $op:tt $($rest:tt)+) => {
        $crate::__fused!(@outs $op run [0 1 2 3] [] [$($outs)+] $($rest)+)
    };
    ($($other:tt)*) => {
        compile_error!(
            "fused! takes `output = |inputs| formula`; an output that is not a name needs one: \
             `fused!((u = self.u) = |…| …)`"
        )
    };
}

#[cfg(feature = "rayon")]
#[doc(hidden)]
#[macro_export]
macro_rules! __fused_on_threads {
    ($($formula:tt)+) => { $crate::__fused!(@par $($formula)+) };
}

#[cfg(not(feature = "rayon"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __fused_on_threads {
    ($($formula:tt)+) => {
        compile_error!("fused!(par …) needs the feature `rayon` of ndarray-pool")
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __fused {
    // On all cores.
    (@par $out:ident = $($rest:tt)+) => {
        $crate::__fused!(@bars [set run_on_threads] [0 $out = $out;] $($rest)+)
    };
    (@par $out:ident += $($rest:tt)+) => {
        $crate::__fused!(@bars [change += run_on_threads] [0 $out = $out;] $($rest)+)
    };
    (@par $out:ident -= $($rest:tt)+) => {
        $crate::__fused!(@bars [change -= run_on_threads] [0 $out = $out;] $($rest)+)
    };
    (@par $out:ident *= $($rest:tt)+) => {
        $crate::__fused!(@bars [change *= run_on_threads] [0 $out = $out;] $($rest)+)
    };
    (@par $out:ident /= $($rest:tt)+) => {
        $crate::__fused!(@bars [change /= run_on_threads] [0 $out = $out;] $($rest)+)
    };
    (@par ($($outs:tt)+) $op:tt $($rest:tt)+) => {
        $crate::__fused!(@outs $op run_on_threads [0 1 2 3] [] [$($outs)+] $($rest)+)
    };
    (@par $($other:tt)*) => {
        compile_error!(
            "fused!(par …) takes `output = |inputs| formula`: reductions of formulas run on one thread"
        )
    };

    // Outputs in parentheses: each a name, or a name and an expression.
    (@outs $op:tt $run:ident [$k:tt $($others:tt)*] [$($outs:tt)*] [$out:ident $(, $($more:tt)*)?] $($rest:tt)+) => {
        $crate::__fused!(@outs $op $run [$($others)*] [$($outs)* $k $out = $out;] [$($($more)*)?] $($rest)+)
    };
    (@outs $op:tt $run:ident [$k:tt $($others:tt)*] [$($outs:tt)*] [$out:ident = $array:expr $(, $($more:tt)*)?] $($rest:tt)+) => {
        $crate::__fused!(@outs $op $run [$($others)*] [$($outs)* $k $out = $array;] [$($($more)*)?] $($rest)+)
    };
    (@outs = $run:ident $numbers:tt $outs:tt [] $($rest:tt)+) => {
        $crate::__fused!(@bars [set $run] $outs $($rest)+)
    };
    (@outs $op:tt $run:ident $numbers:tt [$k:tt $out:ident = $array:expr;] [] $($rest:tt)+) => {
        $crate::__fused!(@bars [change $op $run] [$k $out = $array;] $($rest)+)
    };

    // The bars.
    (@bars $mode:tt $outs:tt || $($body:tt)+) => {
        $crate::__fused!(@emit $mode $outs [] $($body)+)
    };
    (@bars $mode:tt $outs:tt | $($rest:tt)+) => {
        $crate::__fused!(@inputs $mode $outs [] $($rest)+)
    };

    // Inputs: each a name, or a name and the tokens of an expression, which end with a comma or a bar.
    (@inputs $mode:tt $outs:tt [$($inputs:tt)*] $name:ident , $($rest:tt)+) => {
        $crate::__fused!(@inputs $mode $outs [$($inputs)* $name;] $($rest)+)
    };
    (@inputs $mode:tt $outs:tt [$($inputs:tt)*] $name:ident | $($body:tt)+) => {
        $crate::__fused!(@emit $mode $outs [$($inputs)* $name;] $($body)+)
    };
    (@inputs $mode:tt $outs:tt $inputs:tt | $($body:tt)+) => {
        $crate::__fused!(@emit $mode $outs $inputs $($body)+)
    };
    (@inputs $mode:tt $outs:tt $inputs:tt $name:ident = $($rest:tt)+) => {
        $crate::__fused!(@value $mode $outs $inputs $name [] $($rest)+)
    };
    (@value $mode:tt $outs:tt [$($inputs:tt)*] $name:ident [$($value:tt)+] , $($rest:tt)+) => {
        $crate::__fused!(@inputs $mode $outs [$($inputs)* $name = ($($value)+);] $($rest)+)
    };
    (@value $mode:tt $outs:tt [$($inputs:tt)*] $name:ident [$($value:tt)+] | $($body:tt)+) => {
        $crate::__fused!(@emit $mode $outs [$($inputs)* $name = ($($value)+);] $($body)+)
    };
    (@value $mode:tt $outs:tt $inputs:tt $name:ident [$($value:tt)*] $next:tt $($rest:tt)+) => {
        $crate::__fused!(@value $mode $outs $inputs $name [$($value)* $next] $($rest)+)
    };

    // What becomes of them.
    (@emit [set $run:ident] $outs:tt [$($name:ident $(= $value:tt)?;)*] $body:expr $(,)?) => {
        $crate::__fused!(
            @run $run $outs [$($name $(= $value)?;)*] [] [$crate::__fused!(@pattern $($name)*)] $body
        )
    };
    (@emit [change $op:tt $run:ident] $outs:tt [$($name:ident $(= $value:tt)?;)*] $body:expr $(,)?) => {
        $crate::__fused!(
            @run $run $outs [$($name $(= $value)?;)*] [$crate::kernel::fused::Own::<0>]
            [(mut own, $crate::__fused!(@pattern $($name)*))]
            { own $op $body; own }
        )
    };
    (@emit [whole $kind:ident] [] [$($name:ident $(= $value:tt)?;)*] $body:expr $(,)?) => {
        $crate::__fused!(
            @reduce [$($name $(= $value)?;)*] [$crate::kernel::fused::whole::$kind] []
            [$crate::__fused!(@pattern $($name)*)] $body
        )
    };
    (@emit [along $kind:ident ($axis:expr) $out:ident = $array:expr;] [] [$($name:ident $(= $value:tt)?;)*] $body:expr $(,)?) => {
        $crate::__fused!(
            @reduce [$($name $(= $value)?;)*] [$crate::kernel::fused::along::$kind]
            [$axis, $crate::kernel::fused::out(stringify!($out), &mut *$array)]
            [$crate::__fused!(@pattern $($name)*)] $body
        )
    };
    (@reduce [$($inputs:tt)*] [$reduce:path] [$($argument:expr),*] [$pattern:pat] $body:expr) => {{
        macro_rules! __fused_input {
            ($other:ident) => { $crate::kernel::fused::array(stringify!($other), &$other) };
        }
        match $crate::__fused!(@list $($inputs)*) {
            inputs => match $crate::kernel::fused::Version::of_processor() {
                #[cfg(target_arch = "x86_64")]
                $crate::kernel::fused::Version::Avx2(simd) => {
                    $reduce(simd, $($argument,)* inputs, |$pattern| $body)
                }
                $crate::kernel::fused::Version::Baseline(simd) => {
                    $reduce(simd, $($argument,)* inputs, |$pattern| $body)
                }
            },
        }
    }};
    (@run $run:ident [$($k:tt $out:ident = $array:expr;)+] [$($inputs:tt)*] [$($own:expr)?] [$pattern:pat] $body:expr) => {{
        macro_rules! __fused_input {
            $(($out) => { $crate::kernel::fused::Own::<$k> };)+
            ($other:ident) => { $crate::kernel::fused::array(stringify!($other), &$other) };
        }
        // Inputs first: what they make of an output (a copy) is made before that is borrowed.
        match $crate::kernel::fused::fused(
            $crate::__fused!(@prepend [$($own)?] $crate::__fused!(@list $($inputs)*)),
            $crate::__fused!(@outputs $($out = $array;)+),
        ) {
            fused => match $crate::kernel::fused::Widest::of_processor() {
                #[cfg(target_arch = "x86_64")]
                $crate::kernel::fused::Widest::Avx512(simd)
                    if const { $crate::kernel::fused::calls_a_function(stringify!($body)) } =>
                {
                    fused.$run(simd, |$pattern| $body)
                }
                widest => match widest.narrowed() {
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::fused::Version::Avx2(simd) => fused.$run(simd, |$pattern| $body),
                    $crate::kernel::fused::Version::Baseline(simd) => {
                        fused.$run(simd, |$pattern| $body)
                    }
                },
            },
        }
    }};

    // Lists: nested pairs.
    (@prepend [] $list:expr) => { $list };
    (@prepend [$own:expr] $list:expr) => { ($own, $list) };
    (@pattern) => { () };
    (@pattern $name:ident $($names:ident)*) => {
        ($name, $crate::__fused!(@pattern $($names)*))
    };
    (@outputs) => { () };
    (@outputs $out:ident = $array:expr; $($more:tt)*) => {
        (
            $crate::kernel::fused::out(stringify!($out), &mut *$array),
            $crate::__fused!(@outputs $($more)*),
        )
    };
    (@list) => { () };
    (@list $name:ident; $($more:tt)*) => {
        (__fused_input!($name), $crate::__fused!(@list $($more)*))
    };
    (@list $name:ident = $value:tt; $($more:tt)*) => {
        (
            $crate::kernel::fused::array(stringify!($name), &$value),
            $crate::__fused!(@list $($more)*),
        )
    };
}
