//! What the figures depend on besides the program: system, processors, allocator, huge pages.

use std::ffi::OsStr;
use std::process::Command;
use std::{env, fmt, fs, thread};

use serde::{Deserialize, Serialize};

use crate::error::Count;
use crate::kernel;
use crate::memory::heap;
use crate::memory::text::plain;

/// Variables that change how memory is managed, or how many threads run.
const TUNABLES: [&str; 13] = [
    "GLIBC_TUNABLES",
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_TOP_PAD_",
    "MALLOC_PERTURB_",
    "MALLOC_CONF",
    "_RJEM_MALLOC_CONF",
    "MIMALLOC_PURGE_DELAY",
    "MIMALLOC_ALLOW_LARGE_OS_PAGES",
    "LD_PRELOAD",
    "RAYON_NUM_THREADS",
    "NDARRAY_POOL_STREAM_BYTES",
];

/// The machine and the settings under which a comparison ran. It names no host, user or path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Environment {
    /// The operating system, with the kernel's version where it is known.
    pub system: String,
    /// The processor's own name.
    pub cpu: String,
    /// How many processors the program may use, and so how many threads can run at once.
    pub cpus: usize,
    /// How many threads rayon has for the program, if this crate was built with its feature `rayon`. A variant that sets
    /// `RAYON_NUM_THREADS` has its own number. (To ask starts rayon's threads in the process that compares: a program
    /// that configures them does so before.)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rayon_threads: Option<usize>,
    /// The C library, whose `malloc` a Rust program uses unless it says otherwise.
    pub c_library: String,
    /// Whether allocations were counted: whether a
    /// [`CountingAllocator`](crate::memory::heap::CountingAllocator) is installed.
    pub is_counting: bool,
    /// When the system gives huge pages: `always`, `madvise` (on request) or `never`.
    pub huge_pages: String,
    /// From how many bytes of operands on kernels write with streaming stores: see
    /// [`stream_bytes`](kernel::stream_bytes).
    #[serde(default)]
    pub stream_bytes: usize,
    /// Environment variables that change the above and are set, as `NAME=value`.
    pub tunables: Vec<String>,
    /// Whether the program was built with optimisation, as far as this crate can see: without
    /// debug assertions.
    pub is_optimized: bool,
    /// This crate's version.
    pub crate_version: String,
}

impl Environment {
    /// Looks around.
    pub(super) fn read() -> Self {
        Self {
            system: system(),
            cpu: cpu().unwrap_or_else(|| env::consts::ARCH.into()),
            cpus: thread::available_parallelism().map_or(1, Into::into),
            rayon_threads: rayon_threads(),
            c_library: c_library(),
            is_counting: heap::is_installed(),
            huge_pages: huge_pages().unwrap_or_else(|| "unknown".into()),
            stream_bytes: kernel::stream_bytes(),
            tunables: TUNABLES.iter().filter_map(|name| tunable(name)).collect(),
            is_optimized: !cfg!(debug_assertions),
            crate_version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

/// Two lines.
impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = if self.is_counting { "counted" } else { "not counted" };
        write!(f, "{}; {} × {}", plain(&self.system), self.cpus, plain(&self.cpu))?;
        match self.rayon_threads {
            Some(threads) => writeln!(f, "; rayon: {}", Count(threads, "thread"))?,
            None => writeln!(f)?,
        }
        write!(
            f,
            "C library: {}; allocations: {counted}; huge pages: {}; kernels stream from {} MiB; tunables: ",
            plain(&self.c_library),
            plain(&self.huge_pages),
            self.stream_bytes >> 20
        )?;
        if self.tunables.is_empty() {
            f.write_str("none")
        } else {
            f.write_str(&plain(&self.tunables.join(", ")))
        }
    }
}

fn rayon_threads() -> Option<usize> {
    #[cfg(feature = "rayon")]
    return Some(rayon::current_num_threads());
    #[cfg(not(feature = "rayon"))]
    None
}

fn system() -> String {
    match fs::read_to_string("/proc/sys/kernel/osrelease") {
        // What follows the numbers is up to whoever built the kernel, and may name a machine.
        Ok(release) => format!(
            "Linux {}",
            release
                .trim_start_matches(|c: char| !c.is_ascii_digit())
                .split(|c: char| !c.is_ascii_digit() && c != '.')
                .next()
                .unwrap_or_default()
        ),
        Err(_) => env::consts::OS.into(),
    }
}

fn cpu() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(line.trim_start_matches([' ', '\t', ':']).trim().to_owned())
}

fn c_library() -> String {
    match Command::new("getconf").arg("GNU_LIBC_VERSION").output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ if cfg!(target_env = "musl") => "musl".into(),
        _ => "unknown".into(),
    }
}

fn huge_pages() -> Option<String> {
    let modes = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").ok()?;
    Some(modes.split_once('[')?.1.split_once(']')?.0.to_owned())
}

fn tunable(name: &str) -> Option<String> {
    Some(setting(name, &env::var_os(name)?))
}

/// A variable with its value; of a path, the last part.
pub(super) fn setting(name: &str, value: &OsStr) -> String {
    let value = value.to_string_lossy();
    format!("{name}={}", value.rsplit('/').next().unwrap_or_default())
}
