//! Nothing is allocated for a block after the first: not in the loop, not on the thread, not by what is gathered.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use ndarray::{ArrayRef, Ix1, Ix2, array};
use ndarray_pool::blocks::{
    BlockError, Blocks, Counts, Extrema, Histogram, Moments, NpyRows, NpyWriter, Quantiles,
    RowSource, Sums, write_npy,
};
use ndarray_pool::kernel::QuantileMethod;
use ndarray_pool::memory::heap::thread_counts;
use ndarray_pool::memory::no_alloc;
use ndarray_pool::prelude::*;

use crate::files::numbers;
use crate::folder::Folder;

const ROWS: usize = 5000;

#[test]
fn the_loop_and_what_it_gathers_allocate_nothing_after_the_first_block() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    write_npy(&path, &numbers(ROWS, 3)).unwrap();
    let rows = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Pool2::<f64>::new((100, 3), 1).unwrap();
    let (mut moments, mut sums, mut extrema) = (Moments::new(3), Sums::new(3), Extrema::new(3));
    let (mut counts, mut histogram) = (Counts::new(3), Histogram::new(array![-1.0, 0.0, 1.0]));
    let mut quantiles = Quantiles::new(&[0.5], QuantileMethod::Linear, 3, 1 << 16);
    let mut out = NpyWriter::create(folder.path("out.npy")).unwrap();
    for overlap in [0, 7] {
        let mut blocks = rows.blocks(&pool).overlap(overlap);
        out.write(&blocks.next_block().unwrap().unwrap()).unwrap();
        no_alloc(|| {
            while let Some(block) = blocks.next_block().unwrap() {
                moments.update(&block);
                sums.update(&block);
                extrema.update(&block);
                counts.update::<f64>(&block);
                histogram.update(&block);
                quantiles.update(&block);
                out.write(&block).unwrap();
            }
        });
    }
    assert!(moments.count() > ROWS && counts.rows() > ROWS);
}

#[test]
fn other_layouts_types_and_byte_orders_allocate_nothing_either() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    ndarray_npy::write_npy(&path, &numbers(300, 5).t()).unwrap();
    let rows = NpyRows::<f64, Ix2>::open(&path).unwrap();
    assert!(rows.header().is_fortran_order());
    let pool = Pool2::<f64>::new((2, 300), 1).unwrap();
    let mut blocks = rows.blocks(&pool);
    let mut out = NpyWriter::create(folder.path("out.npy")).unwrap();
    out.write(&blocks.next_block().unwrap().unwrap().view().reversed_axes()).unwrap();
    no_alloc(|| while blocks.next_block().unwrap().is_some() {});
    write_npy(&path, &numbers(300, 5).mapv(|x| x as f32)).unwrap();
    let rows = NpyRows::<f64, Ix2>::open_converting(&path).unwrap();
    let pool = Pool2::<f64>::new((7, 5), 1).unwrap();
    let mut blocks = rows.blocks(&pool);
    let mut out = NpyWriter::create(folder.path("out.npy")).unwrap();
    out.write(&blocks.next_block().unwrap().unwrap().view().reversed_axes().reversed_axes())
        .unwrap();
    no_alloc(|| {
        while let Some(block) = blocks.next_block().unwrap() {
            out.write(&block).unwrap();
        }
    });
}

/// Says with each call what its thread has asked of the heap before.
struct Watched {
    rows: NpyRows<f64, Ix2>,
    requests: Sender<u64>,
}

impl RowSource for Watched {
    type Elem = f64;
    type Dim = Ix2;

    fn fill(&mut self, rows: &mut ArrayRef<f64, Ix2>) -> Result<usize, BlockError> {
        let requests = thread_counts().expect("allocations are counted").requests();
        self.requests.send(requests).expect("the test listens");
        self.rows.fill(rows)
    }
}

#[test]
fn the_thread_that_reads_ahead_allocates_nothing_after_the_first_block() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    write_npy(&path, &numbers(ROWS, 3)).unwrap();
    let rows = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Arc::new(Pool2::<f64>::new((50, 3), 3).unwrap());
    let (requests, said) = mpsc::channel();
    let mut sums = Sums::new(3);
    let mut blocks = Blocks::new(Watched { rows, requests }, pool).read_ahead(2).overlap(1);
    sums.update(&blocks.next_block().unwrap().unwrap());
    no_alloc(|| {
        while let Some(block) = blocks.next_block().unwrap() {
            sums.update(&block);
        }
    });
    // To send into the channel allocates a block of it for every 31 messages; nothing else does.
    let counts: Vec<u64> = said.try_iter().collect();
    assert!(counts.len() > 100, "{}", counts.len());
    let after_first = counts[counts.len() - 1] - counts[2];
    assert!(
        after_first <= counts.len() as u64 / 31 + 1,
        "{after_first} requests for {} calls",
        counts.len()
    );
}

#[test]
fn a_lane_without_columns_allocates_nothing() {
    let pool = Pool1::<f64>::new(10, 1).unwrap();
    let mut left = 100;
    let source = ndarray_pool::blocks::from_fn(move |rows: &mut ArrayRef<f64, Ix1>| {
        let new = rows.len().min(left);
        rows.fill(1.0);
        left -= new;
        Ok(new)
    });
    let mut moments = Moments::<f64, Ix1>::new(());
    let mut blocks = Blocks::new(source, &pool);
    moments.update(&blocks.next_block().unwrap().unwrap());
    no_alloc(|| {
        while let Some(block) = blocks.next_block().unwrap() {
            moments.update(&block);
        }
    });
    assert_eq!((moments.count(), moments.mean()[()]), (100, 1.0));
}
