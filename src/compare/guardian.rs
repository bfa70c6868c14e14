//! Ends the child and removes the files of a comparison whose process is ended from outside.
//!
//! A process that is killed cannot clean up after itself, so a small shell does it. It waits for
//! the end of its standard input, of which this process alone holds the other end: the system
//! closes that whatever ends the process, Ctrl-C, `kill` or a panic. Until then the shell sleeps
//! in one system call, in a process group of its own, which Ctrl-C does not reach.
//!
//! The child does not watch for itself. A thread that only waits would do, but in a process with a
//! second thread glibc locks its heap: a block that is allocated and freed took 39 ns in place of
//! 25, and the allocating variants would look slower than they are (`docs/measuring.md`).

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::child::in_own_group;

/// Each line is the process group that runs now, or empty. The number of the child itself is in
/// the file of the job that it took, and until it wrote that, the job: a wrapper may have put it
/// into a group of its own.
const SCRIPT: &str = r#"
group=
while read -r line; do group=$line; done
child=$(cat "$1/job.taken")
case $child in *[!0-9]*) child= ;; esac
if [ -n "$group" ]; then kill -s KILL -- "-$group" $child; fi
rm -rf -- "$1"
"#;

/// The shell; it goes when this is dropped. Without one a comparison runs all the same.
pub(super) struct Guardian(Option<Child>);

impl Guardian {
    /// Watches over the files in `dir`.
    pub(super) fn of(dir: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "sh"]).arg(dir).current_dir("/");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(if cfg!(unix) { in_own_group(&mut shell).spawn().ok() } else { None })
    }

    /// Watches over the process group that `leader` leads, too.
    pub(super) fn watch(&mut self, leader: &Child) {
        self.say(&leader.id().to_string());
    }

    /// The process group has ended.
    pub(super) fn release(&mut self) {
        self.say("");
    }

    fn say(&mut self, line: &str) {
        if let Some(shell) = &mut self.0 {
            // One write, so that there is never half a number. A shell that was killed reads none.
            let stdin = shell.stdin.as_mut().expect("it is piped");
            let _ = stdin.write_all(format!("{line}\n").as_bytes());
        }
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        if let Some(shell) = &mut self.0 {
            // Closes its standard input first.
            let _ = shell.wait();
        }
    }
}

/// Ends the process group that `leader` leads, and the process whose id is `child`.
pub(super) fn end(leader: &mut Child, child: Option<u32>) -> std::io::Result<()> {
    if cfg!(unix) {
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -s KILL -- \"$@\"", "sh", &format!("-{}", leader.id())]);
        let _ = kill.args(child.map(|child| child.to_string())).stderr(Stdio::null()).status();
    }
    leader.kill()?;
    leader.wait()?;
    Ok(())
}
