//! Comparisons from a test binary: clean processes, honest figures, and rows for what goes wrong.
//!
//! Each test compares under a name of its own and tells its children to run that test alone.

#[cfg(target_os = "linux")]
#[path = "process/ended.rs"]
mod ended;
#[path = "process/folder.rs"]
mod folder;
#[cfg(target_os = "linux")]
#[path = "process/program.rs"]
mod program;
#[path = "process/saved.rs"]
mod saved;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use ndarray_pool::compare::{CompareError, Comparison, HEAP_KEPT, Report, Summary};
use ndarray_pool::memory::heap::{self, CountingAllocator};

#[global_allocator]
static COUNTER: CountingAllocator = CountingAllocator::system();

const ARRAY_BYTES: usize = 8 << 20;

/// A comparison whose children run the test called `test` and no other.
fn comparison<'a>(test: &str) -> Comparison<'a> {
    Comparison::new(test).array_bytes(ARRAY_BYTES).repeats(1).child_args([
        "--exact",
        test,
        "--nocapture",
        "--test-threads=1",
    ])
}

fn array() -> Vec<u8> {
    black_box(vec![1; ARRAY_BYTES])
}

fn all_figures(report: &Report) -> String {
    assert_eq!(report.failures().collect::<Vec<_>>(), []);
    report.to_string()
}

#[test]
fn the_harness_adds_no_allocation_and_no_fault_to_a_pass() {
    let name = "the_harness_adds_no_allocation_and_no_fault_to_a_pass";
    let report = comparison(name)
        .passes(200)
        .repeats(2)
        .variant("nothing", |run| {
            // In the process that is watched, a thread takes samples and marks are recorded: they
            // must not allocate either.
            let mut after_first = None;
            // The test harness has a thread that goes to sleep about now, and allocates for it.
            thread::sleep(Duration::from_millis(300));
            run.passes(|pass| {
                pass.mark("step");
                let now = heap::process_counts().unwrap().total;
                let first = *after_first.get_or_insert(now);
                assert_eq!(now.since(&first).requests(), 0, "in pass {}", pass.index());
                thread::sleep(Duration::from_micros(200));
            });
        })
        .run()
        .unwrap();
    let text = all_figures(&report);
    let repeats = &report.variant("nothing").unwrap().repeats;
    assert_eq!(repeats.len(), 2);
    for repeat in repeats {
        assert_eq!((repeat.warm_up.len(), repeat.passes.len()), (2, 200));
        for pass in &repeat.passes {
            assert_eq!((pass.allocations, pass.allocated_bytes), (Some(0), Some(0)), "{text}");
        }
        if cfg!(target_os = "linux") {
            assert_eq!(repeat.passes_minor_faults, Some(0), "{text}");
            let peak_bytes = repeat.passes_peak_bytes.unwrap();
            assert!(peak_bytes < 512 * 1024, "{peak_bytes}");
        }
    }
    let watched = report.variant("nothing").unwrap().watched.as_ref().unwrap();
    assert_eq!(watched.passes.len(), 200);
    for pass in &watched.passes {
        assert_eq!(pass.allocations, Some(0), "{text}");
        assert!(!cfg!(target_os = "linux") || pass.minor_faults == Some(0), "{text}");
    }
    let curve = report.variant("nothing").unwrap().curve.as_ref().unwrap();
    assert_eq!(curve.pass_start_ns.len(), 202);
    assert!(!cfg!(target_os = "linux") || curve.time_ns.len() > 50);
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_variant_holds_allocates_and_faults_is_counted() {
    let name = "what_a_variant_holds_allocates_and_faults_is_counted";
    let report = comparison(name)
        .variant("kept", |run| {
            let kept = [array(), array()];
            run.passes(|_| _ = black_box(&kept));
        })
        .variant("made anew", |run| {
            let kept = array();
            run.passes(|_| {
                let mut new = Vec::with_capacity(10);
                new.push(kept[0]);
                new.reserve_exact(ARRAY_BYTES); // moves: a second request
                new.resize(ARRAY_BYTES, 1);
                black_box(&new);
            });
        })
        .variant("set up in passing", |run| {
            drop([array(), array(), array()]);
            let kept = array();
            run.passes(|_| _ = black_box(&kept));
        })
        .run()
        .unwrap();
    let text = all_figures(&report);
    let summary = |name: &str| report.variant(name).unwrap().summary.unwrap();
    let arrays = |bytes: Option<i64>| bytes.unwrap() as f64 / ARRAY_BYTES as f64;
    let close = |bytes, expected: f64| (arrays(bytes) - expected).abs() < 0.1;
    let [kept, anew, passing] = ["kept", "made anew", "set up in passing"].map(summary);
    assert!(close(kept.peak_bytes, 2.0) && close(kept.end_bytes, 2.0), "{text}");
    assert_eq!((kept.allocations_a_pass, kept.faults_a_pass()), (Some(0), Some(0)), "{text}");
    assert!(close(anew.peak_bytes, 2.0) && close(anew.set_up_peak_bytes, 1.0), "{text}");
    assert_eq!(anew.allocations_a_pass, Some(2), "{text}");
    let bytes = anew.allocated_bytes_a_pass.unwrap() as usize;
    assert!((ARRAY_BYTES..ARRAY_BYTES + 100).contains(&bytes), "{bytes}");
    assert!(
        close(passing.set_up_peak_bytes, 3.0) && close(passing.passes_peak_bytes, 1.0),
        "{text}"
    );
    assert!(close(passing.peak_bytes, 3.0), "{text}");
    let heap_peak = |summary: &ndarray_pool::compare::Summary| summary.heap_peak_bytes.unwrap();
    assert!(heap_peak(&anew).abs_diff(2 * ARRAY_BYTES as u64) < 4096, "{}", heap_peak(&anew));
    assert!(report.findings()[0].contains("optimization") || !cfg!(debug_assertions));
}

#[test]
fn allocations_of_other_threads_are_seen() {
    let report = comparison("allocations_of_other_threads_are_seen")
        .variant("workers", |run| {
            run.passes(|_| {
                thread::scope(|scope| {
                    for _ in 0..2 {
                        scope.spawn(|| drop(black_box(vec![1_u8; 1_000_000])));
                    }
                });
            });
        })
        .run()
        .unwrap();
    let summary = report.variant("workers").unwrap().summary.unwrap();
    assert!(summary.allocations_a_pass.unwrap() >= 2, "{}", all_figures(&report));
    assert!(summary.allocated_bytes_a_pass.unwrap() >= 2_000_000);
}

#[test]
#[cfg(target_os = "linux")]
fn a_leak_of_one_array_a_pass_shows() {
    let report = comparison("a_leak_of_one_array_a_pass_shows")
        .passes(6)
        .variant("leaking", |run| run.passes(|_| std::mem::forget(array())))
        .variant("tidy", |run| run.passes(|_| drop(array())))
        .run()
        .unwrap();
    let text = all_figures(&report);
    assert!(text.contains("leaking grows by 1.0 arrays in each pass, to 8.0 arrays"), "{text}");
    assert!(!text.contains("tidy grows"), "{text}");
    assert!(text.contains("tidy 7.0 arrays less"), "{text}");
    assert!(!text.contains("Memory that leaking frees"), "it frees nothing: {text}");
}

/// Two threads that a variant starts in its set-up work for it in each pass.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn what_other_threads_allocate_fault_and_hold_counts() {
    use std::sync::Barrier;

    // glibc maps blocks of this size one by one, so that they fault in each pass.
    const BYTES: usize = 40 << 20;
    let array = || black_box(vec![1_u8; BYTES]);
    let report = comparison("what_other_threads_allocate_fault_and_hold_counts")
        .array_bytes(BYTES)
        .passes(5)
        .variant("alone", |run| run.passes(|_| drop(black_box([array(), array()]))))
        .variant("threads", |run| {
            let (begin, held, end) = (Barrier::new(3), Barrier::new(3), Barrier::new(3));
            let total = run.total_passes();
            let work = || {
                for _ in 0..total {
                    begin.wait();
                    let ours = array();
                    held.wait(); // both arrays are there
                    drop(ours);
                    end.wait();
                }
            };
            thread::scope(|scope| {
                (0..2).for_each(|_| _ = scope.spawn(work));
                run.passes(|_| {
                    [&begin, &held, &end].into_iter().for_each(|barrier| _ = barrier.wait());
                });
            });
        })
        .run()
        .unwrap();
    let text = all_figures(&report);
    let summary = |name: &str| report.variant(name).unwrap().summary.unwrap();
    let (alone, threads) = (summary("alone"), summary("threads"));
    assert_eq!(
        (alone.allocations_a_pass, threads.allocations_a_pass),
        (Some(2), Some(2)),
        "{text}"
    );
    let arrays = |summary: Summary| summary.peak_bytes.unwrap() as f64 / BYTES as f64;
    assert!((1.9..2.2).contains(&arrays(alone)) && (1.9..2.2).contains(&arrays(threads)), "{text}");
    let pages = 2 * BYTES as u64 / 4096;
    assert!((pages..pages + 100).contains(&threads.faults_a_pass().unwrap()), "{text}");

    let environment = &report.environment;
    assert_eq!(environment.cpus, thread::available_parallelism().unwrap().get());
    assert_eq!(environment.rayon_threads, Some(rayon::current_num_threads()));
    assert!(text.contains(&format!("; rayon: {} thread", rayon::current_num_threads())), "{text}");
}

#[test]
fn a_sleeping_variant_takes_its_time() {
    let report = comparison("a_sleeping_variant_takes_its_time")
        .passes(8)
        .variant("sleeping", |run| run.passes(|_| thread::sleep(Duration::from_millis(20))))
        .variant("awake", |run| run.passes(|_| {}))
        .run()
        .unwrap();
    let text = all_figures(&report);
    let summary = |name: &str| report.variant(name).unwrap().summary.unwrap();
    assert!(summary("sleeping").pass_ns.min >= 20_000_000, "{text}");
    assert!(summary("awake").pass_ns.median < 1_000_000, "{text}");
    assert!(text.contains("times as fast as sleeping"), "{text}");
}

#[test]
fn what_goes_wrong_becomes_a_row_and_the_others_count() {
    let report = comparison("what_goes_wrong_becomes_a_row_and_the_others_count")
        .time_limit(Duration::from_secs(4))
        .baseline("good")
        .variant("panicking", |_| panic!("no such luck"))
        .variant("aborting", |_| std::process::abort())
        .variant("leaving", |_| std::process::exit(3))
        .variant("killed", |_| {
            let own = std::process::id().to_string();
            Command::new("kill").args(["-KILL", &own]).status().unwrap();
            thread::sleep(Duration::from_secs(60));
        })
        .variant("hanging", |run| run.passes(|_| thread::sleep(Duration::from_secs(60))))
        .variant("idle", |_| {})
        .variant("twice", |run| {
            run.passes(|_| {});
            run.passes(|_| {});
        })
        .variant("good", |run| run.passes(|_| {}))
        .run()
        .unwrap();
    let text = report.to_string();
    let reason = |name: &str| report.variant(name).unwrap().failures.first().unwrap().as_str();
    assert_eq!(reason("panicking"), "it panicked: no such luck");
    assert!(reason("leaving").starts_with("it ended early, with exit code 3"), "{text}");
    assert_eq!(reason("hanging"), "it took longer than 4s and was ended");
    assert_eq!(reason("idle"), "it returned and had not called `passes`");
    assert!(reason("twice").contains("calls `passes` once"), "{text}");
    if cfg!(unix) {
        assert!(reason("aborting").starts_with("it aborted (signal 6)"), "{text}");
        assert!(reason("killed").starts_with("it was killed (signal 9)"), "{text}");
    }
    assert_eq!(report.variant("good").unwrap().repeats.len(), 1);
    assert_eq!(report.variant("good").unwrap().failures, [""; 0]);
    assert!(text.contains("failed: it panicked: no such luck"), "{text}");
    assert!(text.contains("panicking has no figures: it panicked: no such luck."), "{text}");
}

#[test]
fn nothing_is_said_of_what_a_variant_that_did_not_finish_would_have_computed() {
    let test = "nothing_is_said_of_what_a_variant_that_did_not_finish_would_have_computed";
    let same = |run: &mut ndarray_pool::compare::Run| {
        run.passes(|_| {});
        run.outcome([1]);
    };
    let report = comparison(test)
        .variant("one", same)
        .variant("panicking", |run| {
            run.passes(|_| {});
            run.outcome([1]);
            panic!("no such luck");
        })
        .variant("other", same)
        .run()
        .unwrap();
    let text = report.to_string();
    assert_eq!(report.is_same_outcome(), None, "{text}");
    assert!(!text.contains("All variants computed"), "{text}");
    let sentence = "It is not known whether all variants computed the same bits: panicking did not \
                    finish. one and other computed the same bits.";
    assert!(report.findings().iter().any(|finding| finding == sentence), "{text}");
    let error = report.require_figures().unwrap_err();
    assert_eq!(error.to_string(), "panicking has no figures: it panicked: no such luck");
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_that_hangs_is_ended_behind_a_wrapper_too() {
    use self::program::{Folder, args_for, comes, has_ended, own_executable, tell};

    let test = "a_child_that_hangs_is_ended_behind_a_wrapper_too";
    let Some(folder) = Folder::of_program() else {
        let folder = Folder::new();
        let program = folder.program(&own_executable(), test).spawn().unwrap();
        folder.assert_passed(program, "");
        return;
    };
    // The shell waits for the child, as `time` does; ending the shell alone would leave the child.
    for (name, wrapper) in
        [("alone", vec![]), ("wrapped", vec!["sh", "-c", "\"$@\"; exit $?", "sh"])]
    {
        let report = Comparison::new(name)
            .repeats(1)
            .child_args(args_for(test))
            .child_wrapper(wrapper)
            .time_limit(Duration::from_secs(2))
            .variant("hanging", |run| {
                tell(&folder, name, std::process::id().into());
                run.passes(|_| thread::sleep(Duration::from_secs(600)));
            })
            .run()
            .unwrap();
        assert!(report.failures().next().unwrap().1.starts_with("it took longer than 2s"));
        let child = std::fs::read_to_string(folder.join(name)).unwrap().parse().unwrap();
        // Nobody waits for a child whose wrapper was ended, so it may take a moment.
        assert!(comes(|| has_ended(child)), "{name}: the child is still there");
    }
}

#[test]
fn a_variant_has_its_own_environment() {
    let name = "NDARRAY_POOL_TEST_OF_A_VARIANT";
    let report = comparison("a_variant_has_its_own_environment")
        .variant("without", |run| {
            assert_eq!(std::env::var_os(name), None);
            run.passes(|_| {});
        })
        .variant_with_env("with", [(name, "/some/where/7")], |run| {
            assert_eq!(std::env::var(name).as_deref(), Ok("/some/where/7"));
            run.passes(|_| {});
        })
        .run()
        .unwrap();
    let text = all_figures(&report);
    assert_eq!(report.variant("without").unwrap().env, [""; 0]);
    assert_eq!(report.variant("with").unwrap().env, [format!("{name}=7")]);
    assert!(text.contains(&format!("with ran with {name}=7.")), "{text}");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn glibc_keeps_its_heap_if_it_is_told_to() {
    let loop_of = |run: &mut ndarray_pool::compare::Run| {
        // Blocks of 40 MiB are mapped one by one without the setting.
        run.passes(|_| drop(black_box(vec![1_u8; 40 << 20])));
    };
    let report = comparison("glibc_keeps_its_heap_if_it_is_told_to")
        .variant("unchanged", loop_of)
        .variant_with_env("heap kept", HEAP_KEPT, loop_of)
        .run()
        .unwrap();
    let text = all_figures(&report);
    let faults = |name: &str| report.variant(name).unwrap().summary.unwrap().faults_a_pass();
    assert!(faults("unchanged").unwrap() > 10 && faults("heap kept") == Some(0), "{text}");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_library_that_cannot_be_preloaded_is_a_failure() {
    let report = comparison("a_library_that_cannot_be_preloaded_is_a_failure")
        .variant("good", |run| run.passes(|_| {}))
        .variant_with_env("bad", [("LD_PRELOAD", "libno-such-allocator.so")], |run| {
            run.passes(|_| {});
        })
        .run()
        .unwrap();
    let failures: Vec<_> = report.failures().collect();
    assert!(failures.iter().all(|(name, _)| *name == "bad") && !failures.is_empty());
    let reason = failures[0].1;
    assert!(reason.starts_with("a library was not preloaded: "), "{reason}");
    assert!(reason.contains("libno-such-allocator.so"), "{reason}");
    assert!(report.variant("bad").unwrap().summary.is_none());
}

#[test]
fn a_child_that_never_comes_to_its_comparison_says_so() {
    let report = comparison("a_child_that_never_comes_to_its_comparison_says_so")
        .child_args(["--exact", "no_test_of_this_name"])
        .variant("a", |run| run.passes(|_| {}))
        .run()
        .unwrap();
    let (_, reason) = report.failures().next().unwrap();
    assert!(reason.starts_with("it ended and had not come to this comparison"), "{reason}");
}

#[test]
fn standard_output_is_the_variant_s_own() {
    let report = comparison("standard_output_is_the_variant_s_own")
        .variant("chatty", |run| {
            #[expect(clippy::print_stdout, reason = "it must not get into the figures")]
            run.passes(|_| println!("{{\"Finished\": null}}"));
        })
        .run()
        .unwrap();
    all_figures(&report);
}

#[test]
fn a_second_comparison_finds_the_first_one_s_report_in_its_children() {
    let test = "a_second_comparison_finds_the_first_one_s_report_in_its_children";
    let of = |name: &str| {
        let [mut first, mut second] = [Comparison::new(name), Comparison::new(name)];
        first = first.child_args(["--exact", test]).repeats(1);
        second = second.child_args(["--exact", test]).repeats(1);
        (first, second)
    };
    let (first, again) = of("the first");
    let first = first.variant("a", |run| run.passes(|_| {})).run().unwrap();
    let (second, _) = of("the second");
    let first_passes = first.variant("a").unwrap().repeats[0].passes.len() as u64;
    // The children of the second see what the parent saw of the first.
    let expected = first.variant("a").unwrap().summary.unwrap().pass_ns.median;
    let second = second
        .variant("b", |run| {
            run.passes(|_| {});
            run.outcome([first_passes, expected]);
        })
        .variant("c", |run| {
            run.passes(|_| {});
            run.outcome([10, expected]);
        })
        .run()
        .unwrap();
    all_figures(&second);
    assert_eq!(second.is_same_outcome(), Some(true));

    let error = again.variant("a", |run| run.passes(|_| {})).run().unwrap_err();
    assert!(error.to_string().contains("has run in this process before"), "{error}");
}

#[test]
fn a_variant_cannot_start_an_avalanche() {
    let test = "a_variant_cannot_start_an_avalanche";
    let outcome = comparison(test)
        .variant("starts itself", |run| {
            let mut itself = Command::new(std::env::current_exe().unwrap());
            itself.args(["--exact", test]).stdout(Stdio::null()).stderr(Stdio::null());
            let status = itself.status().unwrap();
            assert_eq!(status.code(), Some(17), "the grandchild compared");
            run.passes(|_| {});
        })
        .run();
    match outcome {
        Err(CompareError::Nested) => std::process::exit(17), // in the grandchild
        report => _ = all_figures(&report.unwrap()),
    }
}

#[test]
fn variants_that_end_differently_are_told_apart() {
    let report = comparison("variants_that_end_differently_are_told_apart")
        .variant("one", |run| {
            run.passes(|_| {});
            run.outcome([1, 2]);
        })
        .variant("other", |run| {
            run.passes(|_| {});
            run.outcome([2, 1]);
        })
        .run()
        .unwrap();
    assert_eq!(report.is_same_outcome(), Some(false));
    assert!(all_figures(&report).contains("did not compute the same bits"));
}
