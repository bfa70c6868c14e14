//! What a pool does to its process: how much memory it takes, that all of it goes again, and what
//! happens when the system has none to give. One test at a time looks at the process. Under a
//! sanitizer the figures say nothing: its shadow memory is in them.
#![cfg(target_os = "linux")]

#[path = "process/folder.rs"]
mod folder;
mod process;
#[path = "process/program.rs"]
mod program;

use ndarray_pool::memory::{Usage, reset_peak, usage};
use ndarray_pool::prelude::*;
use ndarray_pool::{HugePages, PoolError};

use self::program::{Folder, limited};

const MIB: i64 = 1 << 20;

fn rss_growth(before: &Usage) -> i64 {
    usage().since(before).current_rss_bytes.unwrap()
}

fn faults_since(before: &Usage) -> u64 {
    usage().since(before).minor_faults.unwrap()
}

#[test]
fn a_pool_takes_its_arrays_and_gives_all_of_it_back() {
    let _alone = process::alone();
    // The larger one is touched by four threads.
    let team = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    for (buffers, huge_pages) in
        [(3, HugePages::Auto), (3, HugePages::Never), (34, HugePages::Auto), (34, HugePages::Never)]
    {
        let before = usage();
        let builder = Pool2::<f64>::builder((1000, 1000)).buffers(buffers).huge_pages(huge_pages);
        let pool = team.install(|| builder.build().unwrap());
        let (taken, bytes) = (rss_growth(&before), 8_000_000 * buffers as i64);
        assert!((bytes..=bytes + MIB).contains(&taken), "{huge_pages:?}: {taken} bytes");
        drop(pool);
        let left = rss_growth(&before);
        assert!(left < MIB / 4, "{huge_pages:?}: {left} bytes are left");
    }
}

/// What of this process lies on huge pages; `None` where the system does not tell.
fn huge_bytes() -> Option<u64> {
    let map = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let kib = map.lines().find_map(|line| line.strip_prefix("AnonHugePages:"))?;
    kib.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib << 10)
}

#[test]
fn large_pools_lie_on_huge_pages_if_they_are_to_be_had() {
    let _alone = process::alone();
    let mode = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    let (Ok(mode), Some(before)) = (mode, huge_bytes()) else {
        eprintln!("skipped: this system does not tell about huge pages");
        return;
    };
    let build = |huge_pages| {
        let builder = Pool2::<f64>::builder((1000, 1000)).buffers(3).huge_pages(huge_pages);
        builder.build().unwrap()
    };
    let pool = build(HugePages::Never);
    assert_eq!(huge_bytes(), Some(before));
    drop(pool);
    if mode.contains("[never]") {
        eprintln!("skipped: huge pages are switched off");
        return;
    }
    let pool = build(HugePages::Auto);
    // 24 MB are eleven whole huge pages and a tail of small ones. A system short of whole pages
    // gives fewer, but not none.
    let huge = huge_bytes().unwrap() - before;
    assert!((2 << 20..=22 << 20).contains(&huge), "{huge} bytes on huge pages");
    drop(pool);
}

#[test]
fn a_loop_over_leases_faults_on_no_page_and_raises_no_peak() {
    let _alone = process::alone();
    let pool = Pool2::<f64>::new((1000, 1000), 3).unwrap();
    let work = || {
        let (mut a, mut b, mut c) = (pool.lease_zeroed(), pool.lease_filled(1.0), pool.lease());
        add_into(&a, &b, &mut c);
        std::mem::swap(&mut a, &mut c);
        b -= &a;
        b[[999, 999]]
    };
    assert_eq!(work(), 0.0); // the code itself is touched here
    reset_peak().unwrap();
    let before = usage();
    for _ in 0..10 {
        assert_eq!(work(), 0.0);
    }
    assert!(faults_since(&before) < 10, "{} faults", faults_since(&before));
    let raised = usage().since(&before).peak_rss_bytes.unwrap();
    assert!(raised < MIB, "the peak rose by {raised} bytes");
}

#[test]
fn without_prefault_memory_comes_with_its_first_use() {
    let _alone = process::alone();
    let before = usage();
    let build = |buffers| {
        let builder = Pool2::<f64>::builder((1000, 1000)).buffers(buffers).prefault(false);
        builder.huge_pages(HugePages::Never).build().unwrap()
    };
    let pool = build(100); // 800 MB that are never taken
    assert!(rss_growth(&before) < MIB);
    drop(pool.lease_filled(1.0));
    let one = rss_growth(&before);
    assert!((8_000_000..=8_000_000 + MIB).contains(&one), "{one} bytes for one buffer");
}

#[test]
fn many_small_buffers_cost_little_more_than_themselves() {
    let _alone = process::alone();
    for (len, buffers) in [(64, 20_000), (1000, 5_000)] {
        let before = usage();
        let pool = Pool1::<f64>::new(len, buffers).unwrap();
        let all: Vec<_> = (0..buffers).map(|_| pool.lease_filled(1.0)).collect();
        drop(all);
        let data = (len * buffers * 8) as i64;
        let guards = (buffers * size_of::<Lease<'_, f64, ndarray::Ix1>>()) as i64; // in `all`
        let overhead = rss_growth(&before) - data;
        let allowed = data / 100 + 128 * buffers as i64 + guards + MIB / 4;
        assert!(overhead < allowed, "{overhead} bytes more for {buffers} buffers of {len}");
    }
}

#[test]
fn a_mapping_that_the_system_refuses_is_an_error() {
    let _alone = process::alone();
    if Folder::of_program().is_none() {
        // 1 GiB of address space is enough for the test and not for the pool.
        let (folder, limit) = (Folder::new(), "ulimit -v 1048576 &&");
        let test = "a_mapping_that_the_system_refuses_is_an_error";
        let program = folder.program_by(limited(limit), test).spawn().unwrap();
        return folder.assert_passed(program, "");
    }
    let error = Pool2::<f64>::new((10_000, 10_000), 3).unwrap_err();
    let PoolError::Refused { bytes, os_error } = error else { panic!("{error:?}") };
    assert!(bytes >= 2_400_000_000);
    assert_eq!(os_error, Some(12), "out of memory");
    assert!(error.to_string().starts_with("the system refused 240"), "{error}");
    // Nothing is lost: what fits still works.
    let pool = Pool2::<f64>::new((1000, 1000), 3).unwrap();
    assert_eq!(pool.lease_filled(1.0).sum(), 1e6);
}
