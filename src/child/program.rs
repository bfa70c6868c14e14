//! The program that runs now, started once more.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// A command that starts this program as it runs now, behind `wrapper` if that is not empty, with
/// `args`, or the arguments of this process.
pub(crate) fn command(wrapper: &[OsString], args: Option<&[OsString]>) -> io::Result<Command> {
    let executable = executable()?;
    let mut command = match wrapper.split_first() {
        None => called(&executable.name, Command::new(&executable.path)),
        Some((program, args)) => {
            let mut command = Command::new(program);
            command.args(args).arg(&executable.path);
            command
        }
    };
    match args {
        Some(args) => command.args(args),
        None => command.args(std::env::args_os().skip(1)),
    };
    Ok(command)
}

/// Starts it. An error names the file that could not be started.
pub(crate) fn spawn(command: &mut Command) -> io::Result<Child> {
    command.spawn().map_err(|e| {
        let program = Path::new(command.get_program()).display();
        io::Error::new(e.kind(), format!("{program}: {e}"))
    })
}

/// Lets `command` start a process group, so that it and all that it starts can be ended together.
pub(crate) fn in_own_group(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
}

/// The executable to start, and the name that it should be called by.
struct Executable {
    path: PathBuf,
    name: PathBuf,
}

/// This program, even if its file was removed or replaced since it was started.
fn executable() -> io::Result<Executable> {
    let name = std::env::current_exe()?;
    #[cfg(target_os = "linux")]
    if !is_in_its_place(&name) {
        // This is the file that runs, not the path to it: children start from it under any name.
        let path = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
        let text = name.to_string_lossy();
        let name = text.strip_suffix(" (deleted)").map_or_else(|| name.clone(), PathBuf::from);
        return Ok(Executable { path, name });
    }
    Ok(Executable { path: name.clone(), name })
}

/// Whether the file at `path` is the one that runs.
#[cfg(target_os = "linux")]
fn is_in_its_place(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let file = |path: &Path| std::fs::metadata(path).map(|it| (it.dev(), it.ino()));
    match file(Path::new("/proc/self/exe")) {
        Ok(running) => file(path).is_ok_and(|found| found == running),
        Err(_) => true, // nothing is known, and nothing could be done
    }
}

/// Lets the program see `name` for its own where the system can.
fn called(name: &Path, mut command: Command) -> Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, name);
    #[cfg(not(unix))]
    let _ = (name, &mut command);
    command
}
