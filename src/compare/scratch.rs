//! The private directory in which a comparison and its children exchange files.
//!
//! It goes when the comparison ends; if the process was killed, the [guardian](super::guardian)
//! removes it; and if that was killed too, the next comparison on this system does, by the process
//! id in its name and the lock on a file in it.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Process id and number follow.
const PREFIX: &str = "ndarray-pool-compare-";

/// The file that the comparison holds locked for as long as it lives.
const LOCKED: &str = "alive";

/// A directory of this process's own, gone when it is dropped.
pub(super) struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    pub(super) fn new() -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // Absolute, because children may start in another directory.
        let temporary = std::path::absolute(std::env::temp_dir())?;
        loop {
            let name = format!("{PREFIX}{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
            let path = temporary.join(name);
            // It must not be there: what others may write to is not trusted with jobs.
            match private().create(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made?,
            }
            let lock = File::create_new(path.join(LOCKED)).inspect_err(|_| remove(&path))?;
            // Where files cannot be locked, the process id alone tells who is alive.
            let _ = lock.lock();
            remove_stale(&temporary, &path);
            return Ok(Self { path, _lock: lock });
        }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.path
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// For directories that their owner alone may enter.
fn private() -> DirBuilder {
    let builder = DirBuilder::new();
    #[cfg(unix)]
    let builder = {
        let mut builder = builder;
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
    };
    builder
}

/// Files that cannot be removed are no reason to lose the figures.
fn remove(dir: &Path) {
    let _ = fs::remove_dir_all(dir);
}

/// Removes the directories of comparisons whose processes were killed: those that have this user's
/// process for their owner, the id of no process in their name, and no lock. (A process in another
/// PID namespace has an id that is nobody's here, and holds the lock.)
#[cfg(target_os = "linux")]
fn remove_stale(temporary: &Path, own: &Path) {
    use std::os::unix::fs::MetadataExt;

    let (Ok(own), Ok(entries)) = (fs::metadata(own), fs::read_dir(temporary)) else { return };
    let is_dead = |pid: &str| {
        pid.parse::<u32>().is_ok()
            && Path::new("/proc/self").exists()
            && !Path::new("/proc").join(pid).exists()
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let numbers = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let Some((pid, _)) = numbers.and_then(|numbers| numbers.split_once('-')) else { continue };
        // Of a symbolic link this is the link's own.
        let is_ours = entry.metadata().is_ok_and(|it| it.is_dir() && it.uid() == own.uid());
        if is_ours && is_dead(pid) && !is_locked(&entry.path()) {
            remove(&entry.path());
        }
    }
}

#[cfg(target_os = "linux")]
fn is_locked(dir: &Path) -> bool {
    let lock = File::open(dir.join(LOCKED));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

/// Elsewhere the living cannot be told from the dead.
#[cfg(not(target_os = "linux"))]
fn remove_stale(_temporary: &Path, _own: &Path) {}
