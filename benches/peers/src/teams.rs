//! Who takes part in `loops`: programs that are found or built, and started.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::children::{Answer, Child, not_started};
use crate::contests::{HERE, NDARRAY, on_the_heap, pooled};
use crate::rounds::version;
use crate::serve::serve;

#[derive(Clone, Copy)]
pub enum Program {
    Here,
    Ndarray,
    NumPy { huge_pages: bool },
    Cxx { library: &'static str, is_native: bool },
}

pub const CXX_FLAGS: [&str; 4] = ["-std=c++17", "-O3", "-DNDEBUG", "-DXTENSOR_USE_XSIMD"];

/// A program that takes part, or why it does not, or no longer.
pub struct Team {
    child: Result<Child, String>,
    /// What it says of itself.
    pub about: Option<String>,
}

impl Team {
    pub fn start(program: Program, python: &str, cxx: &str) -> Self {
        let mut team = Team { child: find(program, python, cxx), about: None };
        let about = team.child.as_mut().map_or_else(|e| Err(e.clone()), |c| c.ask_text("about"));
        match about {
            Ok(about) => match about.strip_prefix("error ") {
                Some(error) => team.child = Err(error.into()),
                None => team.about = Some(about),
            },
            Err(reason) => team.child = Err(reason),
        }
        team
    }

    /// `None` too if it does not take part.
    pub fn ask(&mut self, line: &str) -> Answer {
        let Ok(child) = &mut self.child else { return Answer::None };
        child.ask(line).unwrap_or_else(|reason| {
            self.child = Err(reason);
            Answer::None
        })
    }

    pub fn absence(&self) -> Option<&str> {
        self.child.as_ref().err().map(String::as_str)
    }
}

/// The child's side, for the programs that are this one.
pub fn be_child(name: &str) {
    match name {
        "here" => serve("ndarray-pool", HERE, pooled),
        _ => serve(&format!("ndarray {}", version("ndarray")), NDARRAY, on_the_heap),
    }
}

fn find(program: Program, python: &str, cxx: &str) -> Result<Child, String> {
    let this = env::current_exe().map_err(|error| format!("this program is lost: {error}"))?;
    match program {
        Program::Here => Child::start(Command::new(this).args(["child", "here"])),
        Program::Ndarray => Child::start(Command::new(this).args(["child", "ndarray"])),
        Program::NumPy { huge_pages } => {
            let mut command = Command::new(python);
            command.arg(foreign("numpy_loops.py"));
            command.env("NUMPY_MADVISE_HUGEPAGE", if huge_pages { "1" } else { "0" });
            // One thread each.
            command.env("OPENBLAS_NUM_THREADS", "1");
            Child::start(&mut command)
        }
        Program::Cxx { library, is_native } => {
            let suffix = if is_native { "_native" } else { "" };
            let built = this.with_file_name(format!("{library}_loops{suffix}"));
            let mut command = Command::new(cxx);
            command.args(CXX_FLAGS).args(is_native.then_some("-march=native"));
            command.arg(foreign(&format!("{library}_loops.cpp"))).arg("-o").arg(&built);
            compile(&mut command)?;
            Child::start(&mut Command::new(built))
        }
    }
}

fn foreign(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign").join(file)
}

fn compile(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let error = text.lines().find_map(|line| line.split_once("error: ")).map(|(_, error)| error);
    Err(format!("does not compile: {}", error.unwrap_or("the compiler does not say why")))
}
