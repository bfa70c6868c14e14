//! `RowBuilder` against a `Vec`, and every way in which it says no.

use ndarray::{Array2, Array3, Axis, Ix2, IxDyn, ShapeBuilder, array, aview0, s};
use ndarray_pool::prelude::*;
use ndarray_pool::{PoolError, RowError};
use proptest::prelude::*;

fn panic_message(f: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
    *panic.downcast::<String>().expect("a formatted message")
}

#[derive(Clone, Debug)]
enum Op {
    Push(i32),
    PushWith(i32),
    PushStrided(i32),
    PushRows(usize, i32),
    PushWrong(usize),
    PanicHalfWay,
    Prefault(usize),
    Negate,
    Clear,
}

fn op() -> impl Strategy<Value = Op> {
    let number = || -1000..1000;
    prop_oneof![
        6 => number().prop_map(Op::Push),
        3 => number().prop_map(Op::PushWith),
        2 => number().prop_map(Op::PushStrided),
        3 => (0..20_usize, number()).prop_map(|(rows, x)| Op::PushRows(rows, x)),
        1 => (0..9_usize).prop_map(Op::PushWrong),
        1 => Just(Op::PanicHalfWay),
        1 => (0..50_usize).prop_map(Op::Prefault),
        1 => Just(Op::Negate),
        1 => Just(Op::Clear),
    ]
}

proptest! {
    #[test]
    fn it_behaves_as_a_vec_with_a_bound(
        // Small rows, or such as take a page and more.
        width in prop_oneof![3 => 0_usize..6, 1 => 700_usize..2500],
        max_rows in 0_usize..60,
        limit_bytes in prop::option::of(0_usize..200_000),
        ops in prop::collection::vec(op(), 0..80),
    ) {
        let budget = Budget::new(limit_bytes.unwrap_or(0));
        let mut rows = match limit_bytes {
            Some(_) => RowBuilder2::<i32>::with_budget(width, max_rows, &budget).unwrap(),
            None => RowBuilder2::<i32>::new(width, max_rows).unwrap(),
        };
        let page_bytes = |rows: usize| (rows * width * 4).next_multiple_of(4096);
        // What the budget is charged with: for the most rows that there were, or that were hinted at.
        let mut charged_bytes = 0;
        let mut charge = |bytes: usize| {
            let has_room = limit_bytes.is_none_or(|limit_bytes| bytes <= limit_bytes);
            if has_room && limit_bytes.is_some() {
                charged_bytes = bytes.max(charged_bytes);
            }
            assert_eq!(budget.reserved_bytes(), charged_bytes);
            has_room
        };
        let mut model: Vec<i32> = Vec::new();
        let mut model_rows = 0;
        let row_of = |x: i32| (0..width as i32).map(move |i| x + i);
        let base = rows.view().as_ptr();
        for op in ops {
            let has_room = model_rows < max_rows && limit_bytes.is_none();
            let asked = if let Op::PushRows(n, _) = op { n } else { 1 };
            let pushed = match op {
                Op::Push(x) => {
                    rows.try_push(&row_of(x).collect::<Vec<_>>()).map(|()| (1, x))
                }
                Op::PushWith(x) => rows
                    .try_push_with(|row| row.iter_mut().zip(row_of(x)).for_each(|(to, x)| *to = x))
                    .map(|()| (1, x)),
                Op::PushStrided(x) => {
                    let wide: Vec<i32> = row_of(x).flat_map(|x| [x, 7]).collect();
                    let wide = ndarray::Array1::from(wide);
                    rows.try_push(wide.slice(s![..;2])).map(|()| (1, x))
                }
                Op::PushRows(n, x) => {
                    let mut block = Array2::zeros((n, width).f());
                    for mut row in block.rows_mut() {
                        row.iter_mut().zip(row_of(x)).for_each(|(to, x)| *to = x);
                    }
                    let pushed = rows.try_push_rows(&block);
                    if n > max_rows - model_rows {
                        let is_full = matches!(pushed, Err(RowError::Full { .. }));
                        prop_assert!(is_full);
                    }
                    pushed.map(|()| (n, x))
                }
                Op::PushWrong(wrong) if wrong != width => {
                    let error = rows.try_push(&vec![0; wrong]).unwrap_err();
                    let is_wrong = matches!(error, RowError::WrongShape { found, needed }
                        if found.as_slice() == [wrong] && needed.as_slice() == [width]);
                    prop_assert!(is_wrong);
                    continue;
                }
                Op::PanicHalfWay if has_room => {
                    let half_way = std::panic::AssertUnwindSafe(|| rows.push_with(|row| {
                        row.fill(-1);
                        std::panic::resume_unwind(Box::new(()));
                    }));
                    prop_assert!(std::panic::catch_unwind(half_way).is_err());
                    continue;
                }
                Op::Prefault(n) => {
                    rows.prefault(n);
                    charge(page_bytes((model_rows + n).min(max_rows)));
                    continue;
                }
                Op::Negate => {
                    rows.view_mut().map_inplace(|x| *x = -*x);
                    model.iter_mut().for_each(|x| *x = -*x);
                    continue;
                }
                Op::Clear => {
                    rows.clear();
                    model.clear();
                    model_rows = 0;
                    continue;
                }
                Op::PushWrong(_) | Op::PanicHalfWay => continue,
            };
            match pushed {
                Ok((n, x)) => {
                    model_rows += n;
                    prop_assert!(charge(page_bytes(model_rows)));
                    (0..n).for_each(|_| model.extend(row_of(x)));
                }
                Err(RowError::OverBudget(error)) => {
                    prop_assert!(error.limit_bytes() == limit_bytes.unwrap());
                    prop_assert!(!charge(page_bytes(model_rows + asked)));
                    continue;
                }
                Err(error) => {
                    let is_full = matches!(error, RowError::Full { max_rows: m, rows, .. }
                        if m == max_rows && rows == model_rows);
                    prop_assert!(is_full, "{:?}", error);
                    continue;
                }
            }
            prop_assert_eq!((rows.rows(), rows.max_rows()), (model_rows, max_rows));
            let expected = Array2::from_shape_vec((model_rows, width), model.clone()).unwrap();
            prop_assert_eq!(rows.view(), expected.view());
        }
        let expected = Array2::from_shape_vec((model_rows, width), model).unwrap();
        let finished = rows.finish();
        prop_assert_eq!(finished.as_ptr(), base, "finishing moved the rows");
        prop_assert!(finished.is_standard_layout());
        prop_assert_eq!(&finished, &expected);
        drop(finished);
        prop_assert_eq!(budget.reserved_bytes(), 0);
    }
}

#[test]
fn rows_beyond_a_budget_are_refused_and_nothing_is_lost() {
    let budget = Budget::new(40_000);
    let arena = Arena::new(&budget);
    let pool = Pool1::<u8>::builder(4096).buffers(1).name("state").budget(&budget).build();
    let pool = pool.unwrap();
    let line = line!() + 1;
    let mut rows = RowBuilder2::<f64>::with_budget(512, 1_000_000, &budget).unwrap();
    rows.push_rows(&Array2::ones((7, 512)));
    drop(arena.lease::<u8, _>(4096)); // idle memory, which makes room
    rows.push_with(|row| row.fill(1.0));
    assert_eq!((budget.reserved_bytes(), arena.stats().pools), (9 * 4096, 0));

    let text = format!(
        "8192 bytes for 2 rows of shape [512] do not fit into a budget of 40000, of which 36864 are \
         reserved and 36864 leased; the largest holders: the row builder of at most 1000000 rows \
         of shape [512] 32768 bytes at {0}:{line}:20, pool \"state\" of 1 buffer of shape [4096] 4096 \
         bytes at {0}:{1}:84",
        file!(),
        line - 3,
    );
    let two = Array2::zeros((2, 512));
    assert_eq!(rows.try_push_rows(&two).unwrap_err().to_string(), text);
    assert_eq!(panic_message(|| rows.push_rows(&two)), format!("RowBuilder::push_rows: {text}"));
    let text = text.replace("8192 bytes for 2 rows", "4096 bytes for 1 row");
    let not_called = |_: &mut _| unreachable!();
    let expected = format!("RowBuilder::push_with: {text}");
    assert_eq!(panic_message(|| rows.push_with(not_called)), expected);
    rows.prefault(1000);
    assert_eq!((rows.rows(), budget.reserved_bytes()), (8, 9 * 4096));

    drop(pool);
    rows.push(&[1.0; 512]);
    rows.clear();
    assert_eq!(budget.reserved_bytes(), 9 * 4096, "the memory stays");
    rows.push_rows(&Array2::ones((9, 512)));
    let a = rows.finish();
    assert_eq!((a.sum(), budget.reserved_bytes()), (9.0 * 512.0, 9 * 4096));
    drop(a);
    assert_eq!(budget.reserved_bytes(), 0);
}

#[test]
fn a_row_never_moves() {
    let mut rows = RowBuilder2::<f64>::new(100, 100_000).unwrap();
    rows.push(&[1.0; 100]);
    let first = rows.view().as_ptr();
    for _ in 0..9_999 {
        rows.push(&[2.0; 100]);
    }
    assert_eq!(rows.view().as_ptr(), first);
    let (a, ones) = (rows.finish(), 100.0);
    assert_eq!((a.as_ptr(), a.shape(), a.sum()), (first, &[10_000, 100][..], 1_999_800.0 + ones));
}

#[test]
fn rows_have_any_number_of_axes() {
    let mut numbers = RowBuilder1::<f64>::new((), 10).unwrap();
    numbers.push(aview0(&1.0));
    numbers.push_with(|x| x.fill(2.0));
    assert_eq!(numbers.finish(), array![1.0, 2.0]);

    let mut images = RowBuilder3::<u8>::new([2, 3], 5).unwrap();
    images.push(&[[1, 2, 3], [4, 5, 6]]);
    images.push(&array![[1, 4], [2, 5], [3, 6]].reversed_axes());
    let images = images.finish();
    assert_eq!(images.shape(), [2, 2, 3]);
    assert_eq!(images.index_axis(Axis(0), 0), images.index_axis(Axis(0), 1));

    let mut dynamic = RowBuilder::<f64, IxDyn>::new(IxDyn(&[2, 1]), 5).unwrap();
    dynamic.push_rows(&Array3::ones((2, 2, 1)).into_dyn());
    let pool = Pool2::<f64>::new((2, 1), 1).unwrap();
    dynamic.push(pool.lease_filled(4.0).view().into_dyn());
    assert_eq!((dynamic.rows(), dynamic.finish().sum()), (3, 12.0));
}

#[test]
fn leases_are_rows_too() {
    let pool = Pool1::<f64>::new(3, 1).unwrap();
    let mut rows = RowBuilder2::new(3, 2).unwrap();
    rows.push(&pool.lease_filled(4.0));
    assert_eq!(rows.finish(), array![[4.0, 4.0, 4.0]]);
}

#[test]
fn a_row_of_the_wrong_shape_is_named() {
    let mut rows = RowBuilder3::<f64>::new((2, 3), 5).unwrap();
    rows.push(&Array2::ones((2, 3)));
    let text = "a row has shape [3, 2], but must have shape [2, 3]";
    assert_eq!(rows.try_push(&Array2::ones((3, 2))).unwrap_err().to_string(), text);
    let wrong = Array2::ones((3, 2));
    assert_eq!(panic_message(|| rows.push(&wrong)), format!("RowBuilder::push: {text}"));
    let wrong = wrong.insert_axis(Axis(0));
    assert_eq!(panic_message(|| rows.push_rows(&wrong)), format!("RowBuilder::push_rows: {text}"));
    rows.push(&Array2::ones((2, 3)));
    assert_eq!(rows.finish(), Array3::<f64>::ones((2, 2, 3)));

    let mut deep = RowBuilder::<u8, IxDyn>::new(IxDyn(&[1; 7]), 1).unwrap();
    assert_eq!(
        deep.try_push(&ndarray::ArrayD::zeros(IxDyn(&[2; 8]))).unwrap_err().to_string(),
        "a row has shape [2, 2, 2, 2, 2, 2, …], but must have shape [1, 1, 1, 1, 1, 1, …]"
    );
    assert_eq!(deep.rows(), 0);
}

#[test]
fn more_rows_than_there_may_be_are_refused() {
    let mut rows = RowBuilder2::<f64>::new(2, 3).unwrap();
    rows.push_rows(&Array2::ones((2, 2)));
    let text = "2 more rows would not fit: there are 2 of at most 3";
    let two = Array2::zeros((2, 2));
    assert_eq!(rows.try_push_rows(&two).unwrap_err().to_string(), text);
    assert_eq!(panic_message(|| rows.push_rows(&two)), format!("RowBuilder::push_rows: {text}"));
    rows.push(&[1.0, 1.0]);
    let text = "1 more row would not fit: there are 3 of at most 3";
    assert_eq!(rows.try_push(&[0.0, 0.0]).unwrap_err().to_string(), text);
    assert_eq!(panic_message(|| rows.push(&[0.0; 2])), format!("RowBuilder::push: {text}"));
    let not_called = |_: &mut _| unreachable!();
    let expected = format!("RowBuilder::push_with: {text}");
    assert_eq!(panic_message(|| rows.push_with(not_called)), expected);
    assert_eq!(rows.finish(), Array2::<f64>::ones((3, 2)));
}

#[test]
fn one_row_is_a_row() {
    let mut rows = RowBuilder2::<f64>::new(2, 1).unwrap();
    rows.push(&[1.0, 1.0]);
    let error = rows.try_push(&[0.0, 0.0]).unwrap_err();
    assert_eq!(error.to_string(), "1 more row would not fit: there is 1 of at most 1");
}

#[test]
fn bounds_that_no_system_can_give_are_errors() {
    let error = RowBuilder2::<f64>::new(3, usize::MAX).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a row builder with a `max_rows` of 18446744073709551615 needs more than \
         9223372036854775807 bytes of address space; with a smaller `max_rows` it needs less"
    );
    assert!(matches!(
        error,
        PoolError::NoAddressSpace { max_rows: usize::MAX, bytes: None, os_error: None }
    ));
    let error = RowBuilder2::<f64>::new(1 << 40, 1 << 15).unwrap_err();
    let PoolError::NoAddressSpace { max_rows: 0x8000, bytes: Some(bytes), os_error: Some(code) } =
        error
    else {
        panic!("{error}")
    };
    assert!(bytes >= 1 << 58);
    assert_eq!(
        error.to_string(),
        format!(
            "the system refused {bytes} bytes of address space for a row builder with a `max_rows` \
             of 32768: {}; with a smaller `max_rows` it needs less",
            std::io::Error::from_raw_os_error(code)
        )
    );
    // Empty ones are none of them.
    assert_eq!(RowBuilder2::<f64>::new(0, usize::MAX / 2).unwrap().finish().shape(), [0, 0]);
    assert_eq!(RowBuilder2::<f64>::new(3, 0).unwrap().finish().shape(), [0, 3]);
}

#[test]
fn it_can_be_sent_and_tells_how_far_it_is() {
    fn is_send_and_sync<T: Send + Sync + 'static>() {}
    is_send_and_sync::<RowBuilder<f64, Ix2>>();
    let mut rows = RowBuilder2::<f64>::new(3, 10).unwrap();
    rows.push(&[0.0; 3]);
    let expected = "RowBuilder { row_shape: [3], rows: 1, max_rows: 10 }";
    assert_eq!(format!("{rows:?}"), expected);
}
