//! Maps the program's own code in, so that no reading is charged for it.
//!
//! Reading the pages through `/proc/self/mem` maps them as running them does.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// No page is smaller.
const PAGE_BYTES: usize = 4096;

pub(super) fn prefault_code() -> io::Result<()> {
    let program = fs::read_link("/proc/self/exe")?;
    let maps = fs::read_to_string("/proc/self/maps")?;
    let memory = File::open("/proc/self/mem")?;
    for range in maps.lines().filter_map(|line| constant_range(line, &program)) {
        for page in range.step_by(PAGE_BYTES) {
            let _ = memory.read_exact_at(&mut [0], page as u64);
        }
    }
    Ok(())
}

/// The addresses of one line of `maps` (`start-end permissions offset device inode path`), if they
/// are a part of `program` that is read and never written.
fn constant_range(line: &str, program: &Path) -> Option<Range<usize>> {
    let mut fields = line.splitn(6, ' ');
    let (start, end) = fields.next()?.split_once('-')?;
    let permissions = fields.next()?;
    let path = fields.nth(3)?.trim_start();
    if !permissions.starts_with("r-") || Path::new(path) != program {
        return None;
    }
    let address = |hex| usize::from_str_radix(hex, 16).ok();
    Some(address(start)?..address(end)?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::constant_range;

    const MAPS: &str = "\
55e4a0c00000-55e4a0c02000 r--p 00000000 fe:00 1573  /opt/a program (deleted)
55e4a0c02000-55e4a0c09000 r-xp 00002000 fe:00 1573                       /opt/a program (deleted)
55e4a0c09000-55e4a0c0a000 rw-p 00009000 fe:00 1573                       /opt/a program (deleted)
55e4a2f31000-55e4a2f52000 rw-p 00000000 00:00 0                          [heap]
7f1c5a000000-7f1c9a000000 r--s 00000000 fe:00 2209                       /data/large.npy
7f1cb0000000-7f1cb0001000 r--p 00000000 00:00 0
";

    #[test]
    fn only_the_constant_parts_of_the_program_are_taken() {
        let program = Path::new("/opt/a program (deleted)");
        let ranges: Vec<_> = MAPS.lines().filter_map(|l| constant_range(l, program)).collect();
        let (constants, code) =
            (0x55e4_a0c0_0000..0x55e4_a0c0_2000, 0x55e4_a0c0_2000..0x55e4_a0c0_9000);
        assert_eq!(ranges, [constants, code]);
        assert_eq!(constant_range("", program), None);
        assert_eq!(constant_range("nonsense r--p 0 0 0 /opt/a program (deleted)", program), None);
    }

    #[test]
    fn what_was_prefaulted_is_in_memory() {
        super::prefault_code().unwrap();
        let smaps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let program = std::fs::read_link("/proc/self/exe").unwrap();
        let mut lines = smaps.lines();
        let (mut size, mut resident) = (0, 0);
        while let Some(line) = lines.next() {
            let Some(range) = constant_range(line, &program) else { continue };
            size += range.len();
            let rss = lines.find_map(|line| line.strip_prefix("Rss:")).unwrap();
            resident += rss.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() << 10;
        }
        assert!(size > 0 && resident >= size * 9 / 10, "{resident} of {size} bytes");
    }
}
