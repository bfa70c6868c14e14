//! Several threads compute: the same bits, in order, for any number of them; and what ends the loop loses no buffer.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use ndarray::{Array1, ArrayRef, ArrayRef1, Ix1, Ix2, s};
use ndarray_pool::blocks::{
    self, Block, BlockError, Blocks, Moments, NpyRows, NpyWriter, RowSource, write_npy,
};
use ndarray_pool::memory::heap::thread_counts;
use ndarray_pool::prelude::*;

use crate::files::numbers;
use crate::folder::Folder;

const THREADS: [usize; 5] = [1, 2, 3, 4, 8];

#[test]
fn results_and_files_have_the_same_bits_for_any_number_of_threads() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    write_npy(&path, &numbers(5000, 3)).unwrap();
    let rows = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Arc::new(Pool2::<f64>::new((64, 3), 11).unwrap());
    let mut expected: HashMap<usize, (Vec<u64>, Vec<u8>)> = HashMap::new();
    for threads in THREADS {
        for overlap in [0, 7] {
            for ahead in [None, Some(0), Some(3)] {
                let blocks = rows.blocks(Arc::clone(&pool)).overlap(overlap);
                let blocks = match ahead {
                    Some(ahead) => blocks.read_ahead(ahead),
                    None => blocks,
                };
                let mut all = Moments::new(3);
                let mut out = NpyWriter::create(folder.path("out.npy")).unwrap();
                let map = |mut block: Block<'_, f64, Ix2>| {
                    let mut moments = Moments::new(3);
                    moments.update(&block);
                    block.mapv_inplace(|x| x / 3.0);
                    moments
                };
                let each = |block: Block<'_, f64, Ix2>, moments: Moments| {
                    all.merge(&moments);
                    out.write(&block.slice(s![Block::overlap(&block).., ..]))
                };
                blocks.par_map(threads, map, each).unwrap();
                out.finish().unwrap();
                pool.assert_all_returned();
                let bits = all.mean().iter().chain(&all.var(0.0)).map(|x| x.to_bits()).collect();
                let found = (bits, std::fs::read(folder.path("out.npy")).unwrap());
                let expected = expected.entry(overlap).or_insert_with(|| found.clone());
                assert!(found == *expected, "{threads} threads, {overlap}, {ahead:?}");
            }
        }
    }
    let a = numbers(5000, 3).mapv(|x| x / 3.0);
    let mut written = ndarray::Array2::<f64>::zeros((5000, 3));
    blocks::read_npy_into(folder.path("out.npy"), &mut written).unwrap();
    assert_eq!(written, a);
}

/// The whole numbers below `end`, at most five at a time, and then what `last` says.
fn count_to(
    end: usize,
    last: fn() -> Result<usize, BlockError>,
) -> impl RowSource<Elem = f64, Dim = Ix1> + Send {
    let mut next = 0;
    blocks::from_fn(move |rows: &mut ArrayRef1<f64>| {
        let new = rows.len().min(end - next).min(5);
        if new == 0 {
            return last();
        }
        rows.iter_mut().take(new).for_each(|x| (*x, next) = (next as f64, next + 1));
        Ok(new)
    })
}

#[test]
fn blocks_come_once_and_in_order_and_no_more_than_the_leases_are_under_way() {
    for threads in THREADS {
        for end in [0, 1, 6, 61, 600] {
            let pool = Pool1::<f64>::new(6, threads + 1).unwrap();
            let (begun, mut seen) = (AtomicUsize::new(0), 0);
            let map = |block: Block<'_, f64, Ix1>| {
                begun.fetch_add(1, SeqCst);
                if Block::row_range(&block).start.is_multiple_of(4) {
                    thread::yield_now();
                }
                block.sum()
            };
            let mut next = 0;
            Blocks::new(count_to(end, || Ok(0)), &pool)
                .par_map(threads, map, |block, sum| {
                    let range = Block::row_range(&block);
                    assert_eq!(*block, Array1::from_iter(range.clone().map(|n| n as f64)));
                    assert_eq!((range.start, sum), (next, block.sum()));
                    assert!(begun.load(SeqCst) <= seen + threads + 1, "more than the leases");
                    (next, seen) = (range.end, seen + 1);
                    Ok(())
                })
                .unwrap();
            assert_eq!((next, seen), (end, end.div_ceil(6)));
            pool.assert_all_returned();
        }
    }
}

/// If the first two blocks were computed one after the other, the first would wait in vain.
#[test]
fn two_threads_compute_at_once() {
    let pool = Pool1::<f64>::new(6, 3).unwrap();
    let (begun, both) = (Mutex::new(0), Condvar::new());
    let map = |_: Block<'_, f64, Ix1>| {
        let mut count = begun.lock().unwrap();
        *count += 1;
        both.notify_all();
        let wait = both.wait_timeout_while(count, Duration::from_secs(60), |count| *count < 2);
        (thread::current().id(), !wait.unwrap().1.timed_out())
    };
    let mut ids = Vec::new();
    Blocks::new(count_to(12, || Ok(0)), &pool)
        .par_map(2, map, |_, (id, is_met)| {
            assert!(is_met, "one thread alone computes");
            ids.push(id);
            Ok(())
        })
        .unwrap();
    assert!(ids.len() == 2 && ids[0] != ids[1] && !ids.contains(&thread::current().id()));
}

/// Runs it with a place where something ends the loop; how many blocks `each` saw, and what came out.
fn ended(
    threads: usize,
    source: impl RowSource<Elem = f64, Dim = Ix1> + Send,
    map: impl Fn(usize) + Sync,
    mut each: impl FnMut(usize) -> Result<(), BlockError>,
) -> (usize, String) {
    let pool = Pool1::<f64>::new(6, threads + 1).unwrap();
    let mut seen = 0;
    let looped = catch_unwind(AssertUnwindSafe(|| {
        let map = |block: Block<'_, f64, Ix1>| map(Block::row_range(&block).start / 6);
        Blocks::new(source, &pool).par_map(threads, map, |block, ()| {
            let number = Block::row_range(&block).start / 6;
            assert_eq!(number, seen);
            each(number)?;
            seen += 1;
            Ok(())
        })
    }));
    pool.assert_all_returned();
    let text = match looped {
        Ok(looped) => looped.unwrap_err().to_string(),
        Err(panic) => (*panic.downcast_ref::<&str>().unwrap()).into(),
    };
    (seen, text)
}

#[test]
fn whatever_ends_the_loop_does_so_in_order_and_returns_every_lease() {
    let fine = |_| ();
    let go_on = |_| Ok(());
    for threads in THREADS {
        for good in [0, 1, 7] {
            let broken = || Err(BlockError::Source("the line is dead".into()));
            let found = ended(threads, count_to(6 * good, broken), fine, go_on);
            assert_eq!(found, (good, "the line is dead".into()));
            // (A block that is begun is lost with the error, as in a loop of one thread.)
            let found = ended(threads, count_to(6 * good + 3, broken), fine, go_on);
            assert_eq!(found, (good, "the line is dead".into()));

            let found = ended(threads, count_to(6 * good, || panic!("no more")), fine, go_on);
            assert_eq!(found, (good, "no more".into()));

            // Every block from there on panics: the first one's comes out.
            let map = |number| match number {
                _ if number < good => {}
                _ if number == good => panic!("the first"),
                _ => panic!("a later one"),
            };
            let found = ended(threads, count_to(999, || Ok(0)), map, go_on);
            assert_eq!(found, (good, "the first".into()));

            let each = |number| match number < good {
                true => Ok(()),
                false => Err(BlockError::Source("enough".into())),
            };
            let found = ended(threads, count_to(999, || Ok(0)), fine, each);
            assert_eq!(found, (good, "enough".into()));

            let each = |number| match number < good {
                true => Ok(()),
                false => panic!("enough of it"),
            };
            let found = ended(threads, count_to(999, || Ok(0)), fine, each);
            assert_eq!(found, (good, "enough of it".into()));
        }
    }
}

#[test]
fn too_few_buffers_and_a_thread_that_reads_ahead_are_told() {
    let pool = Arc::new(Pool1::<f64>::builder(6).buffers(4).name("rows").build().unwrap());
    let each = |_: Block<'_, f64, Ix1>, ()| Ok(());
    let error = Blocks::new(count_to(9, || Ok(0)), &*pool).par_map(4, |_| (), each).unwrap_err();
    assert!(matches!(error, BlockError::Pool(PoolError::Exhausted(_))), "{error}");
    assert!(error.to_string().contains("4 × tests/blocks/par_map.rs"), "{error}");
    pool.assert_all_returned();
    // No threads are one; and a loop that has begun goes on.
    let mut blocks = Blocks::new(count_to(12, || Ok(0)), &*pool);
    assert_eq!(blocks.next_block().unwrap().unwrap().sum(), 15.0);
    let mut sum = 0.0;
    let add = |_: Block<'_, f64, Ix1>, part: f64| {
        sum += part;
        Ok(())
    };
    blocks.par_map(0, |block| block.sum(), add).unwrap();
    assert_eq!(sum, 51.0);

    let mut blocks = Blocks::new(count_to(12, || Ok(0)), Arc::clone(&pool)).read_ahead(2);
    assert!(blocks.next_block().unwrap().is_some());
    let late = catch_unwind(AssertUnwindSafe(|| blocks.par_map(1, |_| (), each))).unwrap_err();
    assert_eq!(
        *late.downcast_ref::<&str>().unwrap(),
        "Blocks::par_map: a thread already reads ahead"
    );
    pool.assert_all_returned();
}

/// The requests of each thread so far, after each block.
#[test]
fn nothing_is_allocated_for_a_block() {
    let requests = || thread_counts().expect("allocations are counted").requests();
    let pool = Pool2::<f64>::new((6, 3), 3).unwrap();
    let mut left = 600;
    let source = blocks::from_fn(move |rows: &mut ArrayRef<f64, Ix2>| {
        let new = rows.nrows().min(left);
        left -= new;
        Ok(new)
    });
    let ours = requests();
    let (mut of_threads, mut at_end) = (HashMap::with_capacity(16), [0; 2]);
    let grown = Blocks::new(source, &pool).overlap(2).par_map(
        2,
        |_| (thread::current().id(), requests()),
        |block, (id, count)| {
            // The first block of a thread makes what it needs to exist.
            let first = *of_threads.entry(id).or_insert(count);
            let at = usize::from(Block::row_range(&block).start > 100);
            at_end[at] = requests();
            assert!(count <= first + u64::from(Block::row_range(&block).start < 12), "{count}");
            Ok(())
        },
    );
    grown.unwrap();
    assert!(at_end[0] > ours && at_end[0] == at_end[1], "{ours}, {at_end:?}");
}
