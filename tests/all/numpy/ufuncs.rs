//! How the elementwise functions are compared with NumPy's: by the very call that the guide's table names.

use ndarray::{ArrayD, Axis, Slice};

/// Calls a kernel on NumPy's inputs, laid out in every way, and compares with NumPy's results.
///
/// `same!(FUNCTION, TYPE within ULPS, (input: TYPE = NAME, ..) -> (output: TYPE, ..), call)`, where `F` is the
/// type `F` of the test, in names too.
macro_rules! same {
    (
        $function:literal, $type:literal within $ulps:literal,
        ($($input:ident: $from:ty = $name:literal),+) -> ($($out:ident: $to:ty),+), $call:expr
    ) => {
        let fixtures = $crate::numpy::Fixtures::of("ufuncs");
        let in_type = |name: &str| name.replace('F', std::any::type_name::<F>());
        let case = format!("{}.{}", $function, in_type($type));
        for layout in $crate::numpy::ufuncs::Laid::ALL {
            $(
                let array: ndarray::ArrayD<$from> = fixtures.array(&in_type($name));
                let $input = layout.lay(array);
            )+
            let mut ends = ["out", "out2"].iter().map(|end| format!("{case}.{end}"));
            $(
                let name = ends.next().expect("two results at most");
                let array: ndarray::ArrayD<$to> = fixtures.array(&name);
                let mut $out = layout.lay(array.mapv(|_| Default::default()));
            )+
            $call;
            let mut ends = ["out", "out2"].iter().map(|end| format!("{case}.{end}"));
            $(
                let name = ends.next().expect("two results at most");
                let numpys: ndarray::ArrayD<$to> = fixtures.array(&name);
                let context = format!("{name}, {layout:?}");
                $crate::numpy::assert_within(&$out, &numpys, $ulps, &context);
            )+
        }
    };
}

/// `same!` for a call that stands in the guide's table, exactly as it is there.
macro_rules! listed {
    ($function:literal, $($types:tt)+) => {
        $crate::numpy::ufuncs::listed!(@call $function $($types)+);
        $crate::numpy::ufuncs::same!($function, $($types)+);
    };
    (@call $function:literal $type:literal within $ulps:literal, $in:tt -> $out:tt, $call:expr) => {
        $crate::numpy::table::assert_listed($function, stringify!($call));
    };
}

pub(crate) use {listed, same};

/// Ways to lay a whole array out in memory.
#[derive(Clone, Copy, Debug)]
pub(super) enum Laid {
    InC,
    InF,
    BackwardsWithGaps,
}

impl Laid {
    pub(super) const ALL: [Laid; 3] = [Laid::InC, Laid::InF, Laid::BackwardsWithGaps];

    /// The same elements in another layout.
    pub(super) fn lay<A: Copy>(self, a: ArrayD<A>) -> ArrayD<A> {
        match self {
            Laid::InC => a,
            Laid::InF => a.t().as_standard_layout().into_owned().reversed_axes(),
            Laid::BackwardsWithGaps => {
                let wide: Vec<usize> = a.shape().iter().map(|len| 2 * len).collect();
                let mut laid = ArrayD::from_elem(wide, a.first().copied().expect("an element"));
                for axis in 0..a.ndim() {
                    laid.slice_axis_inplace(Axis(axis), Slice::new(0, None, -2));
                }
                laid.assign(&a);
                laid
            }
        }
    }
}
