//! Where a child is started: in the directory in which this program was.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

/// How many directories above the present one may be the one that the program was started in.
const MOST_ABOVE: usize = 3;

/// The directory in which this process was started, once it is known.
static KNOWN: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Where a child may have to be started; the first is the likeliest. If there is one, it is known.
///
/// The system does not say in which directory a process was started, and `PWD` is only right if
/// who started it kept it up to date. So: a relative path by which the program was called leads
/// from that directory to its executable; and if `PWD` is the present directory, that was not
/// changed. Otherwise the candidates are the present one, `PWD` and some above the present one, and
/// the right one is that from which a child arrives where this process is.
pub(super) fn directories(present: &Path) -> Vec<PathBuf> {
    if let Some(known) = &*KNOWN.lock().unwrap_or_else(PoisonError::into_inner) {
        return vec![known.clone()];
    }
    let pwd = env::var_os("PWD").map(PathBuf::from).and_then(|pwd| fs::canonicalize(pwd).ok());
    let called = env::args_os().next().map(PathBuf::from);
    let executable = env::current_exe().and_then(fs::canonicalize).ok();
    candidates(present, pwd, called.as_deref(), executable.as_deref())
}

/// Where children start, from now on.
pub(super) fn settle(dir: &Path) {
    *KNOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(dir.to_owned());
}

fn candidates(
    present: &Path,
    pwd: Option<PathBuf>,
    called: Option<&Path>,
    executable: Option<&Path>,
) -> Vec<PathBuf> {
    if pwd.as_deref() == Some(present) {
        return vec![present.to_owned()];
    }
    let mut all = vec![present.to_owned()];
    all.extend(pwd);
    let by_name = called.zip(executable).and_then(|(called, file)| before(called, file));
    if let Some((called, file)) = called.filter(|called| is_relative(called)).zip(executable) {
        let leads_there =
            |dir: &&PathBuf| fs::canonicalize(dir.join(called)).is_ok_and(|p| p == file);
        if let Some(dir) = all.iter().chain(&by_name).find(leads_there) {
            return vec![dir.clone()];
        }
    }
    for above in present.ancestors().skip(1).take(MOST_ABOVE) {
        if !all.iter().any(|dir| dir == above) {
            all.push(above.to_owned());
        }
    }
    all
}

/// Whether it leads on from a directory: not an absolute path, nor a name that was looked up.
fn is_relative(called: &Path) -> bool {
    called.is_relative() && called.components().count() > 1
}

/// What stands before the relative path `called` in the path of `executable`.
fn before(called: &Path, executable: &Path) -> Option<PathBuf> {
    let parts = called.components().filter(|part| *part != std::path::Component::CurDir);
    let parts: PathBuf = parts.collect();
    let depth = parts.components().count();
    let dir = executable.ancestors().nth(depth)?;
    (dir.join(&parts) == executable).then(|| dir.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{before, candidates, is_relative};

    #[test]
    fn a_relative_call_tells_the_directory() {
        let dir = |called: &str| before(Path::new(called), Path::new("/a/b/target/program"));
        assert_eq!(dir("./program"), Some("/a/b/target".into()));
        assert_eq!(dir("target/program"), Some("/a/b".into()));
        assert_eq!(dir("./b/target/program"), Some("/a".into()));
        assert_eq!(dir("../target/program"), None);
        assert_eq!(dir("other/program"), None);
        assert!(is_relative(Path::new("./program")) && !is_relative(Path::new("program")));
        assert!(!is_relative(Path::new("/program")));
    }

    #[test]
    fn a_directory_that_pwd_confirms_was_not_changed() {
        let of =
            |pwd: Option<&str>| candidates(Path::new("/a/b"), pwd.map(PathBuf::from), None, None);
        assert_eq!(of(Some("/a/b")), [PathBuf::from("/a/b")]);
        assert_eq!(of(Some("/c")), ["/a/b", "/c", "/a", "/"].map(PathBuf::from));
        assert_eq!(of(None), ["/a/b", "/a", "/"].map(PathBuf::from));
    }
}
