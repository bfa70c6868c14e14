//! The macro: what it accepts, and what it becomes.

/// TODO
#[macro_export]
macro_rules! fused {
    ($out:ident = $($rest:tt)+) => {
        $crate::__fused!(@bars [set] [0 $out = $out;] $($rest)+)
    };
    ($out:ident += $($rest:tt)+) => {
        $crate::__fused!(@bars [change +=] [0 $out = $out;] $($rest)+)
    };
    ($out:ident -= $($rest:tt)+) => {
        $crate::__fused!(@bars [change -=] [0 $out = $out;] $($rest)+)
    };
    ($out:ident *= $($rest:tt)+) => {
        $crate::__fused!(@bars [change *=] [0 $out = $out;] $($rest)+)
    };
    ($out:ident /= $($rest:tt)+) => {
        $crate::__fused!(@bars [change /=] [0 $out = $out;] $($rest)+)
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
        $crate::__fused!(@outs $op [0 1 2 3] [] [$($outs)+] $($rest)+)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __fused {
    // Outputs in parentheses: each a name, or a name and an expression.
    (@outs $op:tt [$k:tt $($others:tt)*] [$($outs:tt)*] [$out:ident $(, $($more:tt)*)?] $($rest:tt)+) => {
        $crate::__fused!(@outs $op [$($others)*] [$($outs)* $k $out = $out;] [$($($more)*)?] $($rest)+)
    };
    (@outs $op:tt [$k:tt $($others:tt)*] [$($outs:tt)*] [$out:ident = $array:expr $(, $($more:tt)*)?] $($rest:tt)+) => {
        $crate::__fused!(@outs $op [$($others)*] [$($outs)* $k $out = $array;] [$($($more)*)?] $($rest)+)
    };
    (@outs = $numbers:tt $outs:tt [] $($rest:tt)+) => {
        $crate::__fused!(@bars [set] $outs $($rest)+)
    };
    (@outs $op:tt $numbers:tt [$k:tt $out:ident = $array:expr;] [] $($rest:tt)+) => {
        $crate::__fused!(@bars [change $op] [$k $out = $array;] $($rest)+)
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
    (@emit [set] $outs:tt [$($name:ident $(= $value:tt)?;)*] $body:expr $(,)?) => {
        $crate::__fused!(
            @run $outs [$($name $(= $value)?;)*] [] [$crate::__fused!(@pattern $($name)*)] $body
        )
    };
    (@emit [change $op:tt] $outs:tt [$($name:ident $(= $value:tt)?;)*] $body:expr $(,)?) => {
        $crate::__fused!(
            @run $outs [$($name $(= $value)?;)*] [$crate::kernel::fused::Own::<0>]
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
    (@run [$($k:tt $out:ident = $array:expr;)+] [$($inputs:tt)*] [$($own:expr)?] [$pattern:pat] $body:expr) => {{
        macro_rules! __fused_input {
            $(($out) => { $crate::kernel::fused::Own::<$k> };)+
            ($other:ident) => { $crate::kernel::fused::array(stringify!($other), &$other) };
        }
        match $crate::kernel::fused::fused(
            $crate::__fused!(@outputs $($out = $array;)+),
            $crate::__fused!(@prepend [$($own)?] $crate::__fused!(@list $($inputs)*)),
        ) {
            fused => match $crate::kernel::fused::Version::of_processor() {
                #[cfg(target_arch = "x86_64")]
                $crate::kernel::fused::Version::Avx2(simd) => fused.run(simd, |$pattern| $body),
                $crate::kernel::fused::Version::Baseline(simd) => fused.run(simd, |$pattern| $body),
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
