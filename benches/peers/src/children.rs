//! Programs that take part as processes of their own: each is started once, obeys lines, and answers each with one.
//!
//! | asked | answered |
//! |---|---|
//! | `about` | what it is, with versions |
//! | `check CONTEST SIDE` | a number: the fingerprint of what one call makes of the known numbers |
//! | `run CONTEST SIDE CALLS` | a number: the seconds that so many calls took |
//!
//! An answer can also be `none`, if it has no such contest, or `error` with what is wrong.
//!
//! A child ends with its driver in any case: it is killed when its [`Child`] is dropped, and should the driver be killed
//! itself, the child reads the end of its input.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::Path;
use std::process::{self, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How long an answer may take: far longer than any does.
const LIMIT: Duration = Duration::from_secs(30);

pub struct Child {
    process: process::Child,
    input: ChildStdin,
    answers: Receiver<String>,
    limit: Duration,
    /// Why there will be no more answers.
    lost: Option<String>,
}

/// What a child says to a question that can be answered by a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Number(f64),
    /// It has no such contest.
    None,
    /// It has, and something is wrong with it.
    Wrong(String),
}

impl Child {
    /// Starts a program.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(|error| not_started(command, &error))?;
        let input = process.stdin.take().expect("it was asked for");
        let output = BufReader::new(process.stdout.take().expect("it was asked for"));
        let (send, answers) = mpsc::channel();
        // Ends with the child, or when nobody listens any more.
        thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Ok(Child { process, input, answers, limit: LIMIT, lost: None })
    }

    /// Asks for a number. `Err` is why the child has no more answers, now and later.
    pub fn ask(&mut self, line: &str) -> Result<Answer, String> {
        let answer = self.ask_text(line)?;
        if answer == "none" {
            return Ok(Answer::None);
        }
        if let Some(error) = answer.strip_prefix("error ") {
            return Ok(Answer::Wrong(error.into()));
        }
        match answer.parse() {
            Ok(number) => Ok(Answer::Number(number)),
            Err(_) => Ok(Answer::Wrong(format!("`{line}` was answered by `{answer}`"))),
        }
    }

    pub fn ask_text(&mut self, line: &str) -> Result<String, String> {
        if let Some(reason) = &self.lost {
            return Err(reason.clone());
        }
        // What cannot be written will not be answered, and that tells why.
        let _ = writeln!(self.input, "{line}");
        self.answers.recv_timeout(self.limit).map_err(|error| {
            let reason = match error {
                RecvTimeoutError::Timeout => {
                    format!("`{line}` was not answered within {:?}", self.limit)
                }
                RecvTimeoutError::Disconnected => match self.process.wait() {
                    Ok(status) => format!("ended at `{line}`: {status}"),
                    Err(error) => format!("ended at `{line}`: {error}"),
                },
            };
            self.end();
            self.lost.insert(reason).clone()
        })
    }

    fn end(&mut self) {
        // Both fail only if it has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// Names a program by its file: where it lies is nobody's business.
pub fn not_started(command: &Command, error: &io::Error) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).display();
    match error.kind() {
        ErrorKind::NotFound => format!("not installed: `{name}`"),
        _ => format!("`{name}` does not start: {error}"),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::PathBuf;
    use std::time::Instant;

    use super::*;

    fn shell(script: &str) -> Child {
        Child::start(Command::new("sh").args(["-c", script])).expect("there is a shell")
    }

    #[test]
    fn answers_are_numbers_or_say_what_is_wrong() {
        let mut child = shell(
            "for answer in 2.5e-3 none 'error too old' nonsense; do read line; echo $answer; done",
        );
        assert_eq!(child.ask("run a 1 1"), Ok(Answer::Number(0.0025)));
        assert_eq!(child.ask("run b 1 1"), Ok(Answer::None));
        assert_eq!(child.ask("run c 1 1"), Ok(Answer::Wrong("too old".into())));
        let Ok(Answer::Wrong(text)) = child.ask("run d 1 1") else { panic!("it is no number") };
        assert_eq!(text, "`run d 1 1` was answered by `nonsense`");
    }

    #[test]
    fn a_program_that_is_not_there_is_not_installed() {
        let error = Child::start(&mut Command::new("/nowhere/no-such-program")).err();
        assert_eq!(error.as_deref(), Some("not installed: `no-such-program`"));
    }

    #[test]
    fn a_child_that_dies_says_so_from_then_on() {
        let mut child = shell("read line; echo 1; read line; exit 3");
        assert_eq!(child.ask("run a 1 1"), Ok(Answer::Number(1.0)));
        for line in ["run b 1 1", "run c 1 1"] {
            assert_eq!(child.ask(line), Err("ended at `run b 1 1`: exit status: 3".into()));
        }
    }

    #[test]
    fn a_child_that_does_not_answer_is_ended() {
        let mut child = shell("exec sleep 60");
        child.limit = Duration::from_millis(50);
        let start = Instant::now();
        let lost = Err("`run a 1 1` was not answered within 50ms".into());
        assert_eq!(child.ask("run a 1 1"), lost);
        assert_eq!(child.ask("run b 1 1"), lost);
        assert!(start.elapsed() < Duration::from_secs(30));
        assert!(!lives(&child));
    }

    #[test]
    fn a_child_ends_when_it_is_dropped_even_by_a_panic() {
        let child = shell("exec sleep 60");
        let process = PathBuf::from(format!("/proc/{}", child.process.id()));
        assert!(lives(&child) && process.exists());
        let panics = thread::spawn(move || {
            let _child = child;
            panic!("on purpose");
        });
        panics.join().unwrap_err();
        assert!(!process.exists());
    }

    fn lives(child: &Child) -> bool {
        PathBuf::from(format!("/proc/{}", child.process.id())).exists()
    }
}
