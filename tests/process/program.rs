//! A test as a program of its own, as a person's is: it is looked at and ended from outside.

#![allow(dead_code, reason = "each test program needs some of it")]

use std::fmt::Display;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) use super::folder::Folder;
use super::folder::names_in;

/// Names the folder of a program; a test that is no program of somebody's returns at once.
const FOLDER: &str = "NDARRAY_POOL_TEST_FOLDER";

/// Long enough for a busy machine, and an end to what would hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The arguments with which this program comes to `test` and nothing else.
pub(crate) fn args_for(test: &str) -> [&str; 4] {
    ["--exact", test, "--nocapture", "--test-threads=1"]
}

/// This program behind a line of shell that limits it. Interrupts end it, also where whoever started this process ignores
/// them.
pub(crate) fn limited(shell: &str) -> Command {
    let mut command = Command::new("sh");
    let line = format!("{shell} exec env --default-signal=INT \"$0\" \"$@\"");
    command.arg("-c").arg(line).arg(own_executable());
    command
}

impl Folder {
    /// The folder of the program that this process is, if it is one.
    pub(crate) fn of_program() -> Option<PathBuf> {
        std::env::var_os(FOLDER).map(PathBuf::from)
    }

    /// The test called `test` as a program, in a process group of its own, with `tmp` for its
    /// temporary files. Interrupts end it, also where whoever started this process ignores them.
    pub(crate) fn program(&self, executable: &Path, test: &str) -> Command {
        let mut command = Command::new("env");
        command.arg("--default-signal=INT").arg(executable);
        self.program_by(command, test)
    }

    pub(crate) fn program_by(&self, mut command: Command, test: &str) -> Command {
        fs::create_dir_all(self.path("tmp")).unwrap();
        command
            .args(args_for(test))
            .env(FOLDER, &self.0)
            .env("TMPDIR", self.path("tmp"))
            .stdin(Stdio::null())
            .stdout(fs::File::create(self.path("stdout")).unwrap())
            .stderr(fs::File::create(self.path("stderr")).unwrap())
            .process_group(0);
        command
    }

    pub(crate) fn stderr(&self) -> String {
        fs::read_to_string(self.path("stderr")).unwrap_or_default()
    }

    pub(crate) fn stdout(&self) -> String {
        fs::read_to_string(self.path("stdout")).unwrap_or_default()
    }

    pub(crate) fn has_no_temporary_file(&self) -> bool {
        names_in(&self.path("tmp")).is_empty()
    }

    /// What is left, for a failing test.
    pub(crate) fn left(&self) -> String {
        format!("{:?}\n{}{}", names_in(&self.path("tmp")), self.stdout(), self.stderr())
    }

    /// Waits for the program, and sees that it ran its one test, which passed.
    #[track_caller]
    pub(crate) fn assert_passed(&self, program: Child, context: impl Display) {
        let status = end_of(program);
        let ran = self.stdout().contains("test result: ok. 1 passed; 0 failed");
        assert!(status.success() && ran, "{context}: {status}, {}", self.left());
    }

    /// The number in the file called `name`, once it is there.
    pub(crate) fn number(&self, name: &str) -> u64 {
        let path = self.path(name);
        assert!(comes(|| path.exists()), "no {name}: {}", self.stderr());
        fs::read_to_string(path).unwrap().parse().unwrap()
    }
}

/// Writes `number` into the file `name`, all of it at once.
pub(crate) fn tell(folder: &Path, name: &str, number: u64) {
    let part = folder.join(format!("{name}.part"));
    fs::write(&part, number.to_string()).unwrap();
    fs::rename(part, folder.join(name)).unwrap();
}

pub(crate) fn own_executable() -> PathBuf {
    std::env::current_exe().unwrap()
}

type Replace = fn(&Path);

/// What becomes of an executable while it runs.
pub(crate) const REPLACEMENTS: [(&str, Replace); 2] = [
    ("removed", |path| fs::remove_file(path).unwrap()),
    ("built anew", |path| {
        let new = path.with_extension("new");
        fs::copy("/bin/false", &new).unwrap();
        fs::rename(new, path).unwrap();
    }),
];

/// Whether `holds` comes true before patience ends.
pub(crate) fn comes(holds: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// How the program ended, which is made to where a failing test would leave it.
pub(crate) fn end_of(mut program: Child) -> ExitStatus {
    if !comes(|| has_ended(program.id().into())) {
        let _ = program.kill();
    }
    program.wait().unwrap()
}

/// A process that nobody waits for stays as a zombie where no system looks after it.
pub(crate) fn has_ended(pid: u64) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status"));
    !status.is_ok_and(|status| !status.contains("State:\tZ"))
}

/// A figure in KiB of the process `pid`, as `VmRSS`.
pub(crate) fn kib(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
}

pub(crate) fn signal(name: &str, whom: &str) {
    let sent = Command::new("kill").args(["-s", name, "--", whom]).status().unwrap();
    assert!(sent.success(), "kill -s {name} -- {whom}");
}
