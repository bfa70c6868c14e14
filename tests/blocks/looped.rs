//! The loop: overlap, leases that come back whatever happens, and the thread that reads ahead.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;
use std::{io, thread};

use ndarray::{Array1, ArrayRef1, ArrayRef2, Ix1, Ix2, s};
use ndarray_pool::blocks::{self, Block, BlockError, Blocks, NpyRows, RowSource, write_npy};
use ndarray_pool::prelude::*;

use crate::files::numbers;
use crate::folder::Folder;

/// The whole numbers below `end`, as many at a time as `steps` says in turn.
fn count_to(end: usize, steps: &'static [usize]) -> impl RowSource<Elem = f64, Dim = Ix1> + Send {
    let (mut next, mut calls) = (0, 0);
    blocks::from_fn(move |rows: &mut ArrayRef1<f64>| {
        let new = rows.len().min(end - next).min(steps[calls % steps.len()]);
        rows.iter_mut().take(new).for_each(|x| (*x, next) = (next as f64, next + 1));
        rows.slice_mut(s![new..]).fill(f64::NAN);
        calls += 1;
        Ok(new)
    })
}

const STEPS: &[&[usize]] = &[&[usize::MAX], &[1], &[3, 1, 5]];

#[test]
fn blocks_are_whole_however_the_source_cuts_its_rows() {
    for steps in STEPS {
        for end in [0, 1, 5, 6, 24, 25] {
            let pool = Arc::new(Pool1::<f64>::new(6, 4).unwrap());
            let here = Blocks::new(count_to(end, steps), &*pool);
            assert_eq!(check_blocks(here, end, 6, 0), end.div_ceil(6));
            for ahead in [0, 1, 3] {
                let blocks = Blocks::new(count_to(end, steps), Arc::clone(&pool)).read_ahead(ahead);
                assert_eq!(blocks.plan().leases, ahead + 1);
                assert_eq!(check_blocks(blocks, end, 6, 0), end.div_ceil(6));
            }
            pool.assert_all_returned();
        }
    }
}

#[test]
fn each_block_begins_with_the_rows_of_the_overlap() {
    for steps in STEPS {
        for (end, overlap) in
            [(0_usize, 2_usize), (1, 2), (2, 2), (5, 2), (6, 2), (7, 2), (25, 2), (25, 5), (25, 1)]
        {
            let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
            let count = end.saturating_sub(overlap).div_ceil(6 - overlap).max(usize::from(end > 0));
            let here = Blocks::new(count_to(end, steps), &*pool).overlap(overlap);
            assert_eq!(check_blocks(here, end, 6, overlap), count, "{end}, {overlap}");
            let ahead = || Blocks::new(count_to(end, steps), Arc::clone(&pool));
            assert_eq!(
                check_blocks(ahead().overlap(overlap).read_ahead(2), end, 6, overlap),
                count
            );
            assert_eq!(
                check_blocks(ahead().read_ahead(2).overlap(overlap), end, 6, overlap),
                count
            );
            pool.assert_all_returned();
        }
    }
}

/// Checks every row of every block, and writes over all of them; says how many blocks there were.
fn check_blocks<S, P>(
    mut blocks: Blocks<S, P>,
    end: usize,
    block_rows: usize,
    overlap: usize,
) -> usize
where
    S: RowSource<Elem = f64, Dim = Ix1>,
    P: blocks::PoolHandle<f64, Ix1>,
{
    let (mut next, mut count) = (0, 0);
    while let Some(mut block) = blocks.next_block().unwrap() {
        let range = Block::row_range(&block);
        let repeated = if count == 0 { 0 } else { overlap };
        assert_eq!((range.start, Block::overlap(&block)), (next - repeated, repeated));
        assert_eq!(*block, Array1::from_iter(range.clone().map(|n| n as f64)));
        assert!(range.len() == block_rows || range.end == end);
        block.fill(-1.0);
        (next, count) = (range.end, count + 1);
    }
    assert_eq!(next, end);
    assert!(blocks.next_block().unwrap().is_none(), "the end is the end");
    count
}

#[test]
fn a_plan_is_told_before_anything_is_leased() {
    let pool = Arc::new(Pool1::<f64>::new(6, 1).unwrap());
    let held = pool.lease();
    let blocks = Blocks::new(count_to(9, STEPS[0]), Arc::clone(&pool)).read_ahead(2).overlap(4);
    assert_eq!(blocks.plan().bytes(), 3 * 48 + 32);
    assert_eq!(
        blocks.plan().to_string(),
        "3 leases of 48 bytes and 32 bytes of overlap: 176 bytes"
    );
    drop(held);
    let one = Blocks::new(count_to(9, STEPS[0]), &*pool);
    assert_eq!(one.plan().to_string(), "1 lease of 48 bytes: 48 bytes");
}

#[test]
fn what_cannot_go_on_is_told() {
    let pool = Arc::new(Pool1::<f64>::builder(6).buffers(2).name("rows").build().unwrap());
    let mut blocks = Blocks::new(count_to(9, STEPS[0]), &*pool).overlap(6);
    let text = blocks.next_block().unwrap_err().to_string();
    assert_eq!(
        text,
        "the buffers of the pool have 6 rows, but must have more than the overlap, which is 6"
    );
    let mut blocks = Blocks::new(count_to(9, STEPS[0]), Arc::clone(&pool)).read_ahead(2);
    let error = blocks.next_block().unwrap_err();
    assert!(matches!(error, BlockError::Pool(PoolError::Exhausted(_))), "{error}");
    assert!(error.to_string().contains("tests/blocks/looped.rs"), "{error}");
    pool.assert_all_returned();
    let none = Pool1::<f64>::new(0, 1).unwrap();
    let text = Blocks::new(count_to(9, STEPS[0]), &none).next_block().unwrap_err().to_string();
    assert_eq!(
        text,
        "the buffers of the pool have 0 rows, but must have more than the overlap, which is 0"
    );
}

/// A source that has `good` rows and then does something else.
fn until(
    good: usize,
    bad: fn() -> Result<usize, BlockError>,
) -> impl RowSource<Elem = f64, Dim = Ix1> + Send {
    let mut given = 0;
    blocks::from_fn(move |rows: &mut ArrayRef1<f64>| {
        if given == good {
            return bad();
        }
        let new = rows.len().min(good - given);
        rows.fill(1.0);
        given += new;
        Ok(new)
    })
}

#[test]
fn an_error_returns_every_lease() {
    let broken = || Err(io::Error::other("the line is dead").into());
    for (good, whole) in [(0, 0), (5, 0), (12, 2), (13, 2)] {
        let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
        let here = Blocks::new(until(good, broken), &*pool);
        assert_eq!(blocks_before_error(here), (whole, "the line is dead".into()));
        pool.assert_all_returned();
        let ahead = Blocks::new(until(good, broken), Arc::clone(&pool)).read_ahead(2);
        assert_eq!(blocks_before_error(ahead), (whole, "the line is dead".into()));
        pool.assert_all_returned();
    }
}

fn blocks_before_error<S, P>(mut blocks: Blocks<S, P>) -> (usize, String)
where
    S: RowSource<Elem = f64, Dim = Ix1>,
    P: blocks::PoolHandle<f64, Ix1>,
{
    let mut count = 0;
    let error = loop {
        match blocks.next_block() {
            Ok(Some(_)) => count += 1,
            Ok(None) => panic!("there was no error"),
            Err(error) => break error,
        }
    };
    for _ in 0..2 {
        assert!(matches!(blocks.next_block(), Err(BlockError::Ended)));
    }
    (count, error.to_string())
}

#[test]
fn a_panic_of_the_source_comes_out_and_returns_every_lease() {
    let panics: fn() -> Result<usize, BlockError> = || panic!("no more");
    let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
    for is_ahead in [false, true] {
        let mut blocks = Blocks::new(until(13, panics), Arc::clone(&pool));
        if is_ahead {
            blocks = blocks.read_ahead(2);
        }
        assert!(blocks.next_block().unwrap().is_some() && blocks.next_block().unwrap().is_some());
        let panic = catch_unwind(AssertUnwindSafe(|| drop(blocks.next_block()))).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"no more"));
        assert!(matches!(blocks.next_block(), Err(BlockError::Ended)));
        drop(blocks);
        pool.assert_all_returned();
    }
}

#[test]
fn a_panic_of_the_loop_returns_every_lease() {
    let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
    for is_ahead in [false, true] {
        let mut blocks = Blocks::new(count_to(usize::MAX, STEPS[0]), Arc::clone(&pool));
        if is_ahead {
            blocks = blocks.read_ahead(2);
        }
        let mut count = 0;
        let looped = blocks.for_each_until(|_| {
            count += 1;
            assert!(count < 4, "enough");
        });
        assert!(looped.is_err());
        pool.assert_all_returned();
    }
}

trait ForEachUntil {
    fn for_each_until(self, f: impl FnMut(usize)) -> thread::Result<()>;
}

impl<S, P> ForEachUntil for Blocks<S, P>
where
    S: RowSource<Elem = f64, Dim = Ix1>,
    P: blocks::PoolHandle<f64, Ix1>,
{
    fn for_each_until(self, mut f: impl FnMut(usize)) -> thread::Result<()> {
        catch_unwind(AssertUnwindSafe(|| self.for_each(|block| f(block.len())).unwrap()))
    }
}

#[test]
fn to_leave_the_loop_ends_the_thread() {
    let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
    let alive = Arc::new(());
    let theirs = Arc::clone(&alive);
    let endless = blocks::from_fn(move |rows: &mut ArrayRef1<f64>| {
        let _alive = &theirs;
        Ok(rows.len())
    });
    let mut blocks = Blocks::new(endless, Arc::clone(&pool)).read_ahead(2);
    assert!(blocks.next_block().unwrap().is_some());
    drop(blocks);
    assert_eq!(Arc::strong_count(&alive), 1, "the thread had the source");
    pool.assert_all_returned();
    // One that never began had no thread.
    drop(Blocks::new(count_to(6, STEPS[0]), pool).read_ahead(2));
}

#[test]
fn the_thread_reads_as_far_ahead_as_it_was_told() {
    let (filled, reads) = mpsc::channel();
    let source = blocks::from_fn(move |rows: &mut ArrayRef1<f64>| {
        filled.send(()).unwrap();
        Ok(rows.len())
    });
    // Buffers enough for one that reads further.
    let pool = Arc::new(Pool1::<f64>::new(6, 9).unwrap());
    let mut blocks = Blocks::new(source, pool).read_ahead(3);
    for taken in 1..5 {
        assert!(blocks.next_block().unwrap().is_some());
        // While the loop has its block, three more come.
        (0..if taken == 1 { 4 } else { 1 }).for_each(|_| reads.recv().unwrap());
        assert!(reads.recv_timeout(Duration::from_millis(50)).is_err(), "and no further one");
    }
}

#[test]
fn a_source_that_says_too_much_is_a_bug() {
    let pool = Pool2::<f64>::new((4, 2), 1).unwrap();
    let mut blocks = Blocks::new(blocks::from_fn(|_: &mut ArrayRef2<f64>| Ok(5)), &pool);
    let panic = catch_unwind(AssertUnwindSafe(|| drop(blocks.next_block()))).unwrap_err();
    let text: &String = panic.downcast_ref().unwrap();
    assert_eq!(text, "a source says that it filled 5 rows, but had room for 4");
    drop(blocks);
    pool.assert_all_returned();
}

#[test]
fn a_moving_window_sees_what_it_sees_in_memory() {
    let folder = Folder::new();
    let path = folder.path("window.npy");
    let a = numbers(1000, 3);
    write_npy(&path, &a).unwrap();
    let rows = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Arc::new(Pool2::<f64>::new((64, 3), 3).unwrap());
    let mut means = Vec::new();
    rows.blocks(pool)
        .read_ahead(2)
        .overlap(19)
        .for_each(|block| {
            means.extend(block.column(1).windows(20).into_iter().map(|window| window.sum() / 20.0));
        })
        .unwrap();
    let whole: Vec<f64> =
        a.column(1).windows(20).into_iter().map(|window| window.sum() / 20.0).collect();
    assert_eq!(means.len(), whole.len());
    assert!(means.iter().zip(&whole).all(|(x, y)| (x - y).abs() <= 1e-9 * y.abs()));
}

/// A reference to a source is one too, and goes on where it was.
#[test]
fn a_source_can_be_lent() {
    let mut source = count_to(10, STEPS[0]);
    let pool = Pool1::<f64>::new(6, 1).unwrap();
    assert_eq!(Blocks::new(&mut source, &pool).next_block().unwrap().unwrap().sum(), 15.0);
    assert_eq!(Blocks::new(&mut source, &pool).next_block().unwrap().unwrap().sum(), 30.0);
}

#[test]
fn an_overlap_comes_before_the_first_block() {
    let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
    for is_ahead in [false, true] {
        let mut blocks = Blocks::new(count_to(20, STEPS[0]), Arc::clone(&pool));
        if is_ahead {
            blocks = blocks.read_ahead(1);
        }
        assert!(blocks.next_block().unwrap().is_some());
        let late = catch_unwind(AssertUnwindSafe(|| blocks.overlap(2))).unwrap_err();
        let text = late.downcast_ref::<&str>().unwrap();
        assert_eq!(*text, "Blocks::overlap: a block was read before the overlap was set");
        pool.assert_all_returned();
    }
}

#[test]
fn to_read_ahead_can_begin_in_the_middle() {
    let pool = Arc::new(Pool1::<f64>::new(6, 3).unwrap());
    let mut blocks = Blocks::new(count_to(20, STEPS[0]), Arc::clone(&pool)).overlap(1);
    assert_eq!(blocks.next_block().unwrap().unwrap().sum(), 15.0);
    let mut blocks = blocks.read_ahead(2);
    let block = blocks.next_block().unwrap().unwrap();
    assert_eq!(
        (Block::row_range(&block), block.to_string().as_str()),
        (5..11, "[5, 6, 7, 8, 9, 10]")
    );
    let mut blocks = blocks.read_ahead(7);
    assert_eq!((blocks.plan().leases, blocks.next_block().unwrap().unwrap()[0]), (3, 10.0));
}
