//! Arrays: the same bits in the same places, for every element type, layout and size.

use ndarray::{Array, Array0, Array2, Array3, ArrayD, Axis, IxDyn, ShapeBuilder, s};
use ndarray_pool::isolate::{Carried, Portable, Steps};
use ndarray_pool::kernel::{self, whole};
use ndarray_pool::prelude::*;
use num_complex::Complex;

use super::{numbers, ones, start};

/// Elements that differ, with some whose bits are lost easily.
fn elements<A: Portable>() -> Array2<A> {
    let (rows, columns) = (3, 5);
    let bits: Vec<u8> = (0..rows * columns * size_of::<A>())
        .map(|i| if size_of::<A>() == 1 { i as u8 % 2 } else { (i * 89) as u8 })
        .collect();
    let elements = bits.chunks(size_of::<A>()).map(bytemuck::checked::pod_read_unaligned::<A>);
    Array2::from_shape_vec((rows, columns), elements.collect()).unwrap()
}

fn bits<A: Portable>(array: &Array2<A>) -> &[u8] {
    bytemuck::cast_slice(array.as_slice().unwrap())
}

macro_rules! every_element_type {
    ($($name:literal $element:ty),+ $(,)?) => {
        #[test]
        fn every_element_type_keeps_its_bits() {
            let steps = Steps::new()
                $(.with($name, |Carried(a): Carried<Array2<$element>>| Carried(a)))+;
            let steps = start(steps, "arrays::every_element_type_keeps_its_bits");
            $({
                let array = elements::<$element>();
                let back: Carried<Array2<$element>> =
                    steps.run($name, &Carried::of(&array)).unwrap();
                assert_eq!(bits(&back.0), bits(&array), $name);
                let pool = Pool2::<$element>::new((3, 5), 2).unwrap();
                let (sent, mut lease) = (pool.lease_copy_of(&array), pool.lease_zeroed());
                steps.run_into($name, &Carried::of(&sent), &mut lease).unwrap();
                assert_eq!(bits(&lease.to_owned()), bits(&array), $name);
            })+
        }
    };
}

every_element_type! {
    "i8" i8, "i16" i16, "i32" i32, "i64" i64, "i128" i128, "isize" isize,
    "u8" u8, "u16" u16, "u32" u32, "u64" u64, "u128" u128, "usize" usize,
    "f32" f32, "f64" f64, "bool" bool, "[f64; 3]" [f64; 3], "[u8; 7]" [u8; 7],
    "c32" Complex<f32>, "c64" Complex<f64>,
}

#[test]
fn elements_of_which_not_all_bytes_are_values_travel_too() {
    let steps = Steps::new().with("next", |Carried(mut a): Carried<Array2<char>>| {
        a.mapv_inplace(|c| char::from_u32(u32::from(c) + 1).unwrap_or('\0'));
        Carried(a)
    });
    let steps = start(steps, "arrays::elements_of_which_not_all_bytes_are_values_travel_too");
    let a = ndarray::arr2(&[['a', 'ß', '\0'], ['\u{d7ff}', '\u{10fffe}', '😀']]);
    let pool = Pool2::<char>::new((2, 3), 1).unwrap();
    let mut out = pool.lease_zeroed();
    steps.run_into("next", &Carried::of(&a), &mut out).unwrap();
    assert_eq!(*out, ndarray::arr2(&[['b', 'à', '\u{1}'], ['\0', '\u{10ffff}', '😁']]));
}

#[test]
fn a_step_computes_the_same_bits_as_the_process_would() {
    fn smooth((factor, Carried(a)): (f64, Carried<Array2<f64>>)) -> (f64, Carried<Array2<f64>>) {
        let mut scaled = Array2::zeros(a.raw_dim());
        kernel::map_into(&a, &mut scaled, |x| (x * factor).sin());
        (whole::sum(&scaled), Carried(scaled))
    }
    let steps = Steps::new().with("smooth", smooth);
    let steps = start(steps, "arrays::a_step_computes_the_same_bits_as_the_process_would");
    let a = numbers(123, 45);
    let (sum, Carried(there)) = steps.run("smooth", &(0.3, Carried::of(&a))).unwrap();
    let (expected, Carried(here)) = smooth((0.3, Carried(a)));
    let _: f64 = sum;
    let there: Array2<f64> = there;
    assert_eq!((sum.to_bits(), bits(&there)), (expected.to_bits(), bits(&here)));
}

#[test]
fn any_layout_goes_in_and_any_layout_is_written_into() {
    let steps = Steps::new().with("echo", |Carried(a): Carried<Array2<f64>>| Carried(a));
    let steps = start(steps, "arrays::any_layout_goes_in_and_any_layout_is_written_into");
    // More than a piece, so that there is a second one.
    let a = numbers(100, 150);
    let mut column_major = Array2::zeros((100, 150).f());
    column_major.assign(&a);
    let views = [a.view(), a.slice(s![..;-1, ..;3]), a.t(), column_major.view()];
    for view in views {
        let mut gaps = Array2::from_elem((2 * view.nrows(), 3 * view.ncols()), -1.0);
        let mut out = gaps.slice_mut(s![1..;2, ..;3]);
        steps.run_into("echo", &Carried::of(&view), &mut out).unwrap();
        assert_eq!(out, view);
        assert_eq!(gaps.iter().filter(|&&x| x == -1.0).count(), 5 * view.len(), "the gaps");
        let mut out = Array2::<f64>::zeros(view.raw_dim().f());
        steps.run_into("echo", &Carried(view), &mut out).unwrap();
        assert_eq!(out, view);
        let back: Carried<Array2<f64>> = steps.run("echo", &Carried(view)).unwrap();
        assert!(back.0 == view && back.0.is_standard_layout());
    }
}

#[test]
fn arrays_without_bytes_travel() {
    let steps = Steps::new()
        .with("echo", |Carried(a): Carried<Array2<f64>>| Carried(a))
        .with("none", |Carried(a): Carried<Array2<()>>| Carried(a));
    let steps = start(steps, "arrays::arrays_without_bytes_travel");
    for shape in [(0, 5), (3, 0), (0, 0)] {
        let empty = Array2::<f64>::zeros(shape);
        let mut out = Array2::<f64>::zeros(shape);
        steps.run_into("echo", &Carried::of(&empty), &mut out).unwrap();
        let back: Carried<Array2<f64>> = steps.run("echo", &Carried::of(&empty)).unwrap();
        assert_eq!(back.0.dim(), shape);
    }
    let none = Array2::from_elem((2, 3), ());
    let back: Carried<Array2<()>> = steps.run("none", &Carried::of(&none)).unwrap();
    assert_eq!(back.0, none);
}

#[test]
fn any_number_of_axes_and_arrays_within_values() {
    type Many = (Carried<Array0<f64>>, Vec<Carried<Array3<i16>>>, Option<Carried<ArrayD<bool>>>);
    let steps = Steps::new().with("echo", |many: Many| many);
    let steps = start(steps, "arrays::any_number_of_axes_and_arrays_within_values");
    let deep = ArrayD::from_shape_fn(IxDyn(&[2, 1, 3, 1, 2, 2, 1]), |i| i[0] == i[4]);
    let cubes = [2, 5, 0].map(|n| Carried(Array3::from_elem((n, 2, n), n as i16)));
    let many: Many = (Carried(ndarray::arr0(7.5)), cubes.to_vec(), Some(Carried(deep)));
    assert_eq!(steps.run::<_, Many>("echo", &many).unwrap(), many);
}

#[test]
fn arrays_may_travel_through_a_directory() {
    let steps = Steps::new().with("echo", |Carried(a): Carried<Array2<f64>>| Carried(a));
    let steps = start(steps, "arrays::arrays_may_travel_through_a_directory");
    let steps = steps.temporary_dir(std::env::temp_dir());
    let a = numbers(300, 40);
    let back: Carried<Array2<f64>> = steps.run("echo", &Carried::of(&a)).unwrap();
    assert_eq!(back.0, a);
}

#[test]
fn a_step_of_many_bytes_comes_home() {
    let steps = Steps::new().with("ones", ones);
    let steps = start(steps, "arrays::a_step_of_many_bytes_comes_home");
    come_home(&steps, (16 << 20) / 8);
}

#[test]
#[ignore = "takes 3 GiB of memory; .ci/deep runs it"]
fn a_gibibyte_comes_home() {
    let steps = Steps::new().with("ones", ones);
    let args = [&super::args_for("arrays::a_gibibyte_comes_home")[..], &["--ignored"]].concat();
    come_home(&steps.start().child_args(args), (1 << 30) / 8);
}

fn come_home(steps: &ndarray_pool::isolate::Runner, n: usize) {
    let pool = Pool1::<f64>::new(n, 1).unwrap();
    let mut out = pool.lease_filled(0.5);
    steps.run_into("ones", &n, &mut out).unwrap();
    assert!(out.iter().all(|&x| x == 1.0));
    assert_eq!(out.axis_iter(Axis(0)).len(), n);
}

#[test]
fn an_array_that_is_serialised_elsewhere_is_refused() {
    let steps = Steps::new();
    let _ = start(steps, "arrays::an_array_that_is_serialised_elsewhere_is_refused");
    let error = serde_json::to_string(&Carried(Array::<f64, _>::zeros(3))).unwrap_err();
    assert!(error.to_string().contains("and nowhere else"), "{error}");
}
