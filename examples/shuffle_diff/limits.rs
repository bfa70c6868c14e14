//! Whether the arrays fit: asked before anything is allocated, because Linux grants what it does
//! not have and ends the program when it is used.

use std::fs;
use std::path::{Path, PathBuf};

use crate::input::Start;

/// The most arrays that a variant holds.
const ARRAYS: usize = 4;

/// Refuses a shape for which the system has no room.
pub(crate) fn check_room(start: &Start) -> Result<(), String> {
    let (rows, cols) = start.shape;
    let arrays = format!("{ARRAYS} arrays of {rows} × {cols} {}", start.element_type.name());
    let Some(needed) = start.checked_array_bytes().and_then(|bytes| bytes.checked_mul(ARRAYS))
    else {
        return Err(format!("{arrays} do not fit into the address space"));
    };
    match available_bytes() {
        Some(available) if needed as u64 > available => Err(format!(
            "{arrays} need {} MiB, but this system has {} MiB left",
            needed >> 20,
            available >> 20
        )),
        _ => Ok(()),
    }
}

/// What the machine and the control group leave; `None` where the system does not tell.
fn available_bytes() -> Option<u64> {
    [machine_bytes(), group_bytes()].into_iter().flatten().min()
}

fn machine_bytes() -> Option<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").ok()?;
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib << 10)
}

/// The tightest limit on the way from this process's control group to the root, less what is in
/// use there and cannot be given up (files that were read and are not used are no loss).
fn group_bytes() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    groups
        .lines()
        .filter_map(|line| {
            let mut fields = line.splitn(3, ':').skip(1);
            let (controllers, path) = (fields.next()?, fields.next()?);
            let (root, limit, used) = match controllers {
                "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
                "memory" => {
                    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
                }
                _ => return None,
            };
            let group: PathBuf = Path::new(root).join(path.trim_start_matches('/'));
            let number =
                |dir: &Path, file| fs::read_to_string(dir.join(file)).ok()?.trim().parse().ok();
            let left = |dir: &Path| -> Option<u64> {
                let in_use = u64::saturating_sub(number(dir, used)?, unused_file_bytes(dir));
                Some(u64::saturating_sub(number(dir, limit)?, in_use))
            };
            group.ancestors().take_while(|dir| dir.starts_with(root)).filter_map(left).min()
        })
        .min()
}

/// What a control group counts for files that nobody uses; zero where it does not tell.
fn unused_file_bytes(group: &Path) -> u64 {
    let stat = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
    let line = stat.lines().find_map(|line| line.strip_prefix("inactive_file "));
    line.and_then(|bytes| bytes.trim().parse().ok()).unwrap_or(0)
}
