//! Whole jobs, as `mpirun` runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ndarray::{Array2, s};
use ndarray_pool::blocks::{read_npy_into, write_npy};

/// The end of a job that hangs.
const LONGEST: Duration = Duration::from_secs(120);

/// Every number of ranks computes what a loop over all cells computes, however small the blocks are.
#[test]
fn all_numbers_of_ranks_give_the_same_bits() {
    let Some(folder) = Folder::new("bits") else { return };
    let (from, to) = (folder.file("start.npy"), folder.file("end.npy"));
    for (grid, ranks) in [((37, 23), [1, 2, 3, 4, 6]), ((5, 4), [1, 2, 4, 6, 20])] {
        let start = Array2::from_shape_fn(grid, |(i, j)| ((i * 31 + j * 17) % 13) as f64 / 13.0);
        write_npy(&from, &start).unwrap();
        let (end, change) = by_hand(&start, 25);
        for ranks in ranks {
            let said = folder.run(ranks, &["--resume", &from, "--save", &to, "--steps", "25"]);
            assert!(said.contains(&format!("{change:.3e}")), "{ranks} ranks: {change:e}, {said}");
            let mut found = Array2::zeros(grid);
            read_npy_into(&to, &mut found).unwrap();
            assert_eq!(found.mapv(f64::to_bits), end.mapv(f64::to_bits), "{ranks} ranks, {grid:?}");
        }
    }
}

/// Rows are longer here than what rank 0 holds of the grid, so it takes one at a time.
#[test]
fn a_checkpoint_resumes_on_another_number_of_ranks() {
    let Some(folder) = Folder::new("resume") else { return };
    let [all, half, rest] = ["all.npy", "half.npy", "rest.npy"].map(|name| folder.file(name));
    folder.run(1, &["--rows", "5", "--cols", "530000", "--steps", "4", "--save", &all]);
    folder.run(4, &["--rows", "5", "--cols", "530000", "--steps", "2", "--save", &half]);
    folder.run(3, &["--resume", &half, "--steps", "2", "--save", &rest]);
    assert!(fs::read(all).unwrap() == fs::read(rest).unwrap(), "other bits");
}

#[test]
fn all_ranks_end_in_the_step_that_converges() {
    let Some(folder) = Folder::new("converged") else { return };
    let job = ["--rows", "20", "--cols", "20", "--tolerance", "1e-3", "--check", "7"];
    let [one, four] = [1, 4].map(|ranks| {
        let said = folder.run(ranks, &job);
        let row = said.lines().nth(1).expect("a row").split_whitespace();
        row.rev().skip(2).take(2).map(String::from).collect::<Vec<_>>()
    });
    assert_eq!(one, four);
    let (change, steps) = (one[0].parse::<f64>().unwrap(), one[1].parse::<usize>().unwrap());
    assert!(change <= 1e-3 && steps % 7 == 0 && steps < 1000, "{change} {steps}");
}

#[test]
fn a_picture_has_a_pixel_for_each_cell_or_every_second() {
    let Some(folder) = Folder::new("picture") else { return };
    let path = folder.file("heat.png");
    for (grid, size) in [([40, 30], (30, 40)), ([7, 1100], (550, 4))] {
        let [rows, columns] = grid.map(|n: usize| n.to_string());
        let job = ["--rows", &rows, "--cols", &columns, "--steps", "1", "--picture", &path];
        folder.run(3, &job);
        let file = std::io::BufReader::new(fs::File::open(&path).unwrap());
        let mut picture = png::Decoder::new(file).read_info().unwrap();
        let mut pixels = vec![0; picture.output_buffer_size().unwrap()];
        picture.next_frame(&mut pixels).unwrap();
        let (width, height) = picture.info().size();
        assert_eq!((width, height), size);
        let red = |row: u32, column: u32| pixels[((row * width + column) * 3) as usize];
        // The disc is hot, and the corner that is farthest from it and from the hot edge is cold.
        assert!(red(height * 6 / 10, width * 35 / 100) > 200, "{grid:?}");
        assert!(red(height - 1, width - 1) < 50, "{grid:?}");
    }
}

#[test]
fn one_rank_reports_what_is_wrong() {
    let Some(folder) = Folder::new("wrong") else { return };
    let [good, text, flat, empty, nan] =
        ["good.npy", "text.npy", "flat.npy", "empty.npy", "nan.npy"].map(|name| folder.file(name));
    write_npy(&good, &Array2::<f64>::zeros((6, 5))).unwrap();
    write_npy(&flat, &ndarray::Array1::<f64>::zeros(6)).unwrap();
    write_npy(&empty, &Array2::<f64>::zeros((0, 5))).unwrap();
    write_npy(&nan, &Array2::from_elem((6, 5), f64::NAN)).unwrap();
    fs::write(&text, "no array").unwrap();
    let nowhere = folder.file("no folder/heat.npy");
    for (args, message) in [
        (vec!["--rows", "1", "--cols", "2"], "1 × 2 cannot be cut into 3 blocks"),
        (vec!["--steps", "0"], "--steps is 0, but must be at least 1"),
        (vec!["--tolerance", "NaN"], "--tolerance is NaN"),
        (vec!["--every", "3"], "--every needs --save"),
        (vec!["--speed", "3"], "--speed"),
        (vec!["--resume", &nowhere], "cannot open"),
        (vec!["--resume", &text], "it is no .npy file"),
        (vec!["--resume", &flat], "flat.npy"),
        (vec!["--resume", &empty], "0 × 5: no cells"),
        (vec!["--resume", &nan], "a NaN or an infinity in rows 0 to 1"),
        (
            vec!["--resume", &good, "--rows", "7"],
            "has a grid of 6 × 5, but --rows and --cols ask for 7 × ",
        ),
        (vec!["--save", &nowhere], "cannot write"),
        (vec!["--picture", &nowhere], "cannot write"),
        (vec!["--rows", "2000000000", "--cols", "2000000000"], "pool"),
    ] {
        let output = folder.mpirun(3).arg("-q").arg(PROGRAM).args(&args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.lines().count() == 1 && said.contains(message), "{args:?}: {said}");
    }
}

#[test]
fn a_panic_on_one_rank_ends_all() {
    let Some(folder) = Folder::new("panic") else { return };
    let job = ["--rows", "30", "--cols", "30", "--steps", "1000000000", "--panic-at", "100"];
    let output = folder.mpirun(3).arg("-q").arg(PROGRAM).args(job).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(101), "{said}");
    assert!(
        said.starts_with("heat_mpi: rank 2 panicked at ") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn a_rank_that_is_killed_ends_all_and_leaves_the_checkpoint_whole() {
    let Some(folder) = Folder::new("killed") else { return };
    for victim in [0, 2] {
        let job = Job::start(&folder);
        signal("-KILL", job.ranks[victim]);
        let output = job.end();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("signal 9"), "{said}");
        // (A part of the next one may lie beside it, under another name.)
        folder.run(2, &["--resume", &folder.file("heat.npy"), "--steps", "1"]);
    }
}

#[test]
fn an_interrupt_ends_all() {
    let Some(folder) = Folder::new("interrupt") else { return };
    let job = Job::start(&folder);
    signal("-INT", job.mpirun.id());
    assert!(!job.end().status.success());
    folder.run(2, &["--resume", &folder.file("heat.npy"), "--steps", "1"]);
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_heat_mpi");

/// The rule, cell by cell, on the whole grid, and the largest change in the last step.
fn by_hand(start: &Array2<f64>, steps: usize) -> (Array2<f64>, f64) {
    let (rows, columns) = start.dim();
    let mut now = Array2::zeros((rows + 2, columns + 2));
    now.row_mut(0).fill(1.0); // the hot edge
    now.slice_mut(s![1..-1, 1..-1]).assign(start);
    let mut change = 0.0;
    for _ in 0..steps {
        let before = now.clone();
        change = 0.0;
        for i in 1..=rows {
            for j in 1..=columns {
                let (here, north, south) = (before[[i, j]], before[[i - 1, j]], before[[i + 1, j]]);
                let (west, east) = (before[[i, j - 1]], before[[i, j + 1]]);
                now[[i, j]] = here + 0.2 * (north + south + west + east - 4.0 * here);
                change = f64::max(change, (now[[i, j]] - here).abs());
            }
        }
    }
    (now.slice(s![1..-1, 1..-1]).to_owned(), change)
}

/// A job that saves again and again, and does not end by itself.
struct Job {
    mpirun: Child,
    ranks: Vec<u32>,
}

impl Job {
    /// Returns once there is a checkpoint.
    fn start(folder: &Folder) -> Self {
        let checkpoint = folder.file("heat.npy");
        let _ = fs::remove_file(&checkpoint);
        let job =
            ["--rows", "40", "--cols", "40", "--steps", "1000000000", "--every", "20", "--save"];
        let mut command = folder.mpirun(3);
        command.arg(PROGRAM).args(job).arg(&checkpoint);
        let mpirun = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("there is a checkpoint", || Path::new(&checkpoint).exists());
        let children = format!("/proc/{0}/task/{0}/children", mpirun.id());
        let children = fs::read_to_string(children).unwrap();
        let ranks: Vec<_> = children.split_whitespace().map(|id| id.parse().unwrap()).collect();
        assert_eq!(ranks.len(), 3);
        Job { mpirun, ranks }
    }

    /// What it said, once no rank runs any more.
    fn end(self) -> Output {
        let output = self.mpirun.wait_with_output().unwrap();
        let runs = |rank: &u32| Path::new(&format!("/proc/{rank}")).exists();
        until("all ranks have ended", || !self.ranks.iter().any(runs));
        output
    }
}

fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").arg(name).arg(process.to_string()).status().unwrap().success());
}

fn until(what: &str, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < LONGEST, "waited for ever until {what}");
        sleep(Duration::from_millis(10));
    }
}

/// A folder for the files of a test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    /// `None`, and a message, where there is no `mpirun`.
    fn new(test: &str) -> Option<Self> {
        if Command::new("mpirun").arg("--version").output().is_err() {
            eprintln!("no mpirun here: not tested");
            return None;
        }
        let path = std::env::temp_dir().join(format!("heat_mpi-{test}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Some(Folder(path))
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().into()
    }

    /// `mpirun`, as root too, with more ranks than cores, and on cores that have other work.
    fn mpirun(&self, ranks: usize) -> Command {
        let mut mpirun = Command::new("mpirun");
        mpirun.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        mpirun.env("OMPI_MCA_mpi_yield_when_idle", "1");
        mpirun.args(["--oversubscribe", "--timeout", &LONGEST.as_secs().to_string()]);
        mpirun.args(["-n", &ranks.to_string()]);
        mpirun
    }

    /// Runs a job that ends well, and returns what it says.
    fn run(&self, ranks: usize, args: &[&str]) -> String {
        let output = self.mpirun(ranks).arg(PROGRAM).args(args).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{ranks} ranks, {args:?}: {said}{complained}");
        said
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
