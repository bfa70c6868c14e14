//! The main job as a person runs it: `cargo run --example shuffle_diff`.

#[path = "process/folder.rs"]
mod folder;
#[path = "blocks/npy.rs"]
mod npy;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use ndarray::{Array2, Array3, ShapeBuilder};
use ndarray_npy::write_npy;
use ndarray_pool::compare::{Report, Sweep};
use rand::distr::StandardUniform;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use self::folder::Folder;

/// Whether the program is optimised, as whoever measures runs it; these tests themselves need not be.
fn is_optimised() -> bool {
    !cfg!(debug_assertions) || std::env::var_os("MAIN_JOB").is_some_and(|is| is == "release")
}

fn program() -> PathBuf {
    static BUILD: Once = Once::new();
    let executable = std::env::current_exe().unwrap();
    let target = executable.ancestors().nth(3).unwrap();
    let profile = if is_optimised() { "release" } else { "debug" };
    BUILD.call_once(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--example", "shuffle_diff"]);
        build.args(is_optimised().then_some("--release"));
        assert!(build.status().unwrap().success());
    });
    target.join(profile).join("examples/shuffle_diff")
}

fn shuffle_diff(args: &[&str]) -> Output {
    Command::new(program()).args(args).output().unwrap()
}

/// What one row of the closing table says.
#[derive(Debug)]
struct Row {
    arrays: f64,
    faults: u64,
    allocations: u64,
}

fn report(args: &[&str]) -> String {
    let output = shuffle_diff(args);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn row(report: &str, variant: &str) -> Row {
    let (_, table) = report.split_once("ms a pass").expect("a table");
    let line = table.lines().find_map(|line| line.strip_prefix(variant)).expect("a row");
    let cells: Vec<&str> = line.split_whitespace().collect();
    let [_mib, arrays, _end, allocations, faults] = cells[..5] else { panic!("{line}") };
    let arrays = arrays.parse().unwrap();
    Row { arrays, faults: faults.parse().unwrap(), allocations: allocations.parse().unwrap() }
}

#[test]
#[cfg(target_os = "linux")]
fn allocating_holds_four_arrays_and_in_place_three() {
    let sizes: &[&str] = if is_optimised() { &["1000", "2500"] } else { &["1000"] };
    for n in sizes {
        let text = report(&["--rows", n, "--cols", n, "--passes", "5"]);
        let close = |row: &Row, arrays: f64| (row.arrays - arrays).abs() <= 0.1;
        let allocating = row(&text, "allocating");
        assert!(close(&allocating, 4.0) && allocating.allocations > 0, "{text}");
        for variant in ["drop first", "idiomatic"] {
            assert!(close(&row(&text, variant), 3.0), "{text}");
        }
        let in_place = row(&text, "in place");
        assert!(close(&in_place, 3.0), "{text}");
        assert_eq!((in_place.allocations, in_place.faults), (0, 0), "{text}");
        assert!(text.contains("All variants computed the same bits"));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_programs_own_code_is_in_no_figure() {
    // Unoptimised, the code that this variant runs takes as much as 0.7 arrays of this size.
    let text = report(&["--rows", "300", "--cols", "300", "--passes", "2"]);
    assert!((row(&text, "in place").arrays - 3.0).abs() < 0.4, "{text}");
}

#[test]
fn the_growth_of_each_step_is_shown() {
    let text = report(&["--rows", "200", "--cols", "300", "--passes", "2"]);
    for name in ["- a_current", "1 a_next", "1 a_diff", "2 a_next", "2 a_diff"] {
        assert_eq!(text.matches(name).count(), 2, "{name}: {text}");
    }
    let line = |n: usize| text.lines().nth(n).unwrap();
    assert_eq!(line(2), "allocating: variables outside the loop, reassigned in each pass");
    assert_eq!(line(8), "allocating, step by step");
    assert!(line(10).starts_with("growth "), "{text}");
    assert_eq!(text.matches("- pool").count(), 1, "{text}");
    assert!(text.contains("2 passes over arrays of 200 × 300 f64"), "{text}");
    assert!(text.contains("huge pages: ") && text.contains("C library: "), "{text}");
}

#[test]
fn options_choose_what_is_run() {
    let text =
        report(&["--rows=50", "--cols=60", "--passes=1", "--variants", "in-place,idiomatic"]);
    assert!(text.contains("in place:") && text.contains("idiomatic:"), "{text}");
    assert!(!text.contains("allocating:") && !text.contains("drop first:"), "{text}");
    assert!(text.contains(": 1 pass over arrays of 50 × 60 f64"), "{text}");
    assert!(text.contains(": 1 pass, in 5 processes for each variant"), "{text}");
    report(&["--rows", "50", "--cols", "60", "--variants", "allocating", "--seed", "7"]);
    let text = report(&["--rows", "50", "--cols", "60", "--variants", "heap-kept,in-place,fused"]);
    assert!(
        text.contains("heap kept:")
            && text.contains("fused:")
            && text.contains("All variants computed the"),
        "{text}"
    );
    assert!(report(&["--help"]).contains("--input FILE.npy"));
}

#[test]
fn the_report_is_written_and_json_stands_alone() {
    let folder = Folder::new();
    let small = ["--rows", "60", "--cols", "50", "--passes", "2", "--json"];
    let text = report(&[&small[..], &["--report", folder.0.to_str().unwrap()]].concat());
    let printed: Report = serde_json::from_str(&text).unwrap();
    let saved = std::fs::read_to_string(folder.path("report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&saved).unwrap(), printed);
    assert_eq!((printed.variants.len(), printed.is_same_outcome()), (5, Some(true)));
    assert!(std::fs::read_to_string(folder.path("index.html")).unwrap().contains("60 × 50 f64"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_sweep_shows_what_goes_back_from_32_mib_on() {
    if !is_optimised() {
        eprintln!("skipped: the sweep takes minutes without optimisation (MAIN_JOB=release)");
        return;
    }
    let variants = ["--variants", "allocating,heap-kept,in-place", "--passes", "4"];
    let text = report(&[&["--sweep", "--json"], &variants[..]].concat());
    let swept: Sweep = serde_json::from_str(&text).unwrap();
    let faults = |report: &Report, name: &str| {
        report.variant(name).unwrap().summary.unwrap().faults_a_pass().unwrap()
    };
    for report in &swept.reports {
        let array_bytes = report.array_bytes.unwrap();
        assert!(faults(report, "in place") < 20, "{array_bytes}: {swept}");
        if array_bytes >= 32 << 20 && report.environment.c_library.starts_with("glibc") {
            // Two new arrays a pass, page by page.
            let pages = 2 * array_bytes / 4096;
            assert!(faults(report, "allocating") > pages * 9 / 10, "{array_bytes}: {swept}");
        }
        if report.environment.c_library.starts_with("glibc") {
            assert!(faults(report, "heap kept") < 20, "{array_bytes}: {swept}");
        }
    }
}

fn input(path: &Path) -> [&str; 2] {
    ["--input", path.to_str().unwrap()]
}

#[test]
fn a_persons_own_array_of_either_float_and_order_will_do() {
    let mut rng = StdRng::seed_from_u64(1);
    let doubles = Array2::from_shape_simple_fn((120, 90), || rng.sample(StandardUniform));
    let singles: Array2<f32> = doubles.mapv(|x: f64| x as f32);
    let mut fortran = Array2::<f32>::zeros((120, 90).f());
    fortran.assign(&singles);
    let folder = Folder::new();
    let path = folder.path("own.npy");
    write_npy(&path, &doubles).unwrap();
    assert!(report(&input(&path)).contains("120 × 90 f64"));
    write_npy(&path, &singles).unwrap();
    assert!(report(&input(&path)).contains("120 × 90 f32"));
    write_npy(&path, &fortran).unwrap();
    assert!(report(&input(&path)).contains("120 × 90 f32"));
}

#[test]
fn bad_input_gets_one_line_and_exit_code_2() {
    let refused = |args: &[&str], says: &str| {
        let output = shuffle_diff(args);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert_eq!(text.lines().count(), 1, "{args:?}: {text}");
        assert!(text.starts_with("shuffle_diff: ") && text.contains(says), "{args:?}: {text}");
    };
    refused(&["--rows", "0"], "--rows is 0, but must be at least 1");
    refused(&["--passes", "0"], "--passes is 0");
    refused(&["--passes", "1000000000000"], "but must be at most 1000000");
    refused(&["--cols", "many"], "\"many\"");
    refused(&["--variants", "fastest"], "there is no variant \"fastest\": choose from allocating");
    refused(&["--sweep", "--rows", "9"], "--sweep has its own shapes");
    refused(&["--faster"], "invalid option '--faster'");
    refused(&["--rows", "3000000", "--cols", "3000000"], "but this system has");
    refused(&["--rows", "9999999999", "--cols", "9999999999"], "do not fit into the address space");

    let folder = Folder::new();
    let path = folder.path("bad.npy");
    refused(&input(&path), "No such file");
    refused(&[&input(&path)[..], &["--rows", "3"]].concat(), "leave out --rows and --cols");
    std::fs::write(&path, "a,b\n").unwrap();
    refused(&input(&path), "`magic` is missing: it is no .npy file");
    std::fs::write(&path, "").unwrap();
    refused(&input(&path), "`magic` is missing: it is no .npy file");
    std::fs::write(&path, "a,b\n".repeat(100)).unwrap();
    refused(&input(&path), "`magic` is missing: it is no .npy file");
    // A header that asks for more than the file has, and one that asks for more than there is.
    write_npy(&path, &Array2::<f64>::zeros((30, 30))).unwrap();
    let honest = std::fs::read(&path).unwrap();
    let lying = |shape: &str| {
        let mut header = honest.clone();
        let at = header.windows(8).position(|bytes| bytes == b"(30, 30)").unwrap();
        let end = at + 8 + header[at + 8..].iter().position(|&byte| byte == b'\n').unwrap();
        let mut text = format!("{shape}, }}").into_bytes();
        text.resize(end - at, b' ');
        header.splice(at..end, text);
        std::fs::write(&path, header).unwrap();
    };
    lying("(300000, 300000)");
    refused(&input(&path), "but its header asks for 7200000001");
    let sparse = std::fs::File::options().write(true).open(&path).unwrap();
    if sparse.set_len(720_000_000_128).is_ok() {
        refused(&input(&path), "4 arrays of 300000 × 300000 f64 need");
    }
    write_npy(&path, &Array2::<i32>::zeros((2, 2))).unwrap();
    refused(&input(&path), "its elements are of type i32, but must be f32 or f64");
    write_npy(&path, &Array3::<f64>::zeros((2, 2, 2))).unwrap();
    refused(&input(&path), "it has 3 axes, but must have 2");
    write_npy(&path, &Array2::<f64>::zeros((0, 2))).unwrap();
    refused(&input(&path), "its shape is [0, 2], but must have rows and columns");
}

/// An `.npy` file with this header, and the line break that ends one: without it a parser might not even begin.
fn with_header(version: u8, header: &str) -> Vec<u8> {
    npy::with_header(version, &format!("{header}\n"), &[])
}

#[test]
fn a_strange_header_is_refused_at_once() {
    let folder = Folder::new();
    let path = folder.path("strange.npy");
    let refused = |bytes: &[u8], says: &str| {
        std::fs::write(&path, bytes).unwrap();
        let mut child = Command::new(program())
            .args(input(&path))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(20) {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{says}: {text}");
        assert!(text.lines().count() == 1 && text.contains(says), "{text}");
        assert!(!text.trim_end().contains(char::is_control), "{text:?}");
    };
    let nested = |open: &str, close: &str| open.repeat(20) + "1" + &close.repeat(20);
    refused(
        &with_header(1, &nested("{'a':", "}")),
        "`header` has a field 'a', which means nothing",
    );
    let of_type = |descr: &str| {
        with_header(1, &format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (2, 2), }}"))
    };
    for (open, close) in [("{'a':", "}"), ("[", "]"), ("(", ",)"), ("{", "}")] {
        refused(&of_type(&nested(open, close)), "but must be a plain number such as '<f8'");
    }
    refused(&of_type(&"(".repeat(1000)), "`descr` does not end");
    refused(&of_type("'<f8' \u{1b}c"), "`descr` is '<f8' \u{fffd}c, but");
    let shape = |shape: &str| {
        with_header(1, &format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}"))
    };
    refused(&shape("(9999999999, 9999999999)"), "which is more than fits into the address space");
    refused(&shape("(2, 2)"), "but its header asks for");
    let with_data = |text: &str| [shape(text), vec![0; 64]].concat();
    refused(&with_data("(2,)"), "it has 1 axis, but must have 2");
    refused(&with_data("()"), "it has 0 axes, but must have 2");
    refused(&with_header(2, &" ".repeat(10_000)), "`header` has 10001 bytes, but may have 10000");
}

#[test]
fn headers_of_other_forms_are_read() {
    let folder = Folder::new();
    let path = folder.path("forms.npy");
    for (version, header) in [
        (1, "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }          "),
        (2, " {\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f8\"}"),
    ] {
        let mut bytes = with_header(version, header);
        bytes.extend([1.0_f64; 6].iter().flat_map(|x| match version {
            1 => x.to_be_bytes(),
            _ => x.to_le_bytes(),
        }));
        std::fs::write(&path, bytes).unwrap();
        assert!(report(&input(&path)).contains("2 × 3 f64"));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_without_figures_fails() {
    // Address space for the program, and not for an array of 191 MiB beside it.
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 196608; exec \"$@\"", "sh"])
        .arg(program())
        .args(["--rows", "5000", "--cols", "5000", "--passes", "2"])
        .output()
        .unwrap();
    let (text, error) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{text}\n{error}");
    assert_eq!(text.matches("failed: ").count(), 5, "{text}");
    assert!(text.contains("in place has no figures: "), "{text}");
    assert!(
        error.contains("last line on standard error: memory allocation of 200000000 bytes failed"),
        "{error}"
    );
    assert!(error.starts_with("shuffle_diff: allocating has no figures: "), "{error}");
    assert!(!text.contains("computed the same bits"), "{text}");
}
