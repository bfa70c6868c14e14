//! How much the last cache holds, asked of the system once.
//!
//! Only speed depends on the answer, never a result: which elements are computed, and in which order they are
//! added, is chosen by lengths alone.

use std::fs::File;
use std::io::Read;
use std::sync::OnceLock;

/// Where the system tells nothing. Most processors of the last ten years have 8 to 36 MiB for a core to use.
const ASSUMED_BYTES: usize = 32 << 20;

/// Linux's description of the first processor's caches, nearest first. A path as short is opened without an
/// allocation.
const SIZES: [&str; 5] = [
    "/sys/devices/system/cpu/cpu0/cache/index0/size",
    "/sys/devices/system/cpu/cpu0/cache/index1/size",
    "/sys/devices/system/cpu/cpu0/cache/index2/size",
    "/sys/devices/system/cpu/cpu0/cache/index3/size",
    "/sys/devices/system/cpu/cpu0/cache/index4/size",
];

/// The size of the largest cache that a core can use.
pub(super) fn last_level_bytes() -> usize {
    static BYTES: OnceLock<usize> = OnceLock::new();
    *BYTES.get_or_init(|| SIZES.iter().filter_map(|path| read(path)).max().unwrap_or(ASSUMED_BYTES))
}

fn read(path: &str) -> Option<usize> {
    let mut text = [0; 32];
    let len = File::open(path).ok()?.read(&mut text).ok()?;
    parse(&text[..len])
}

/// `32768K` and a line break.
fn parse(text: &[u8]) -> Option<usize> {
    let kib = str::from_utf8(text).ok()?.trim_end().strip_suffix('K')?;
    kib.parse::<usize>().ok()?.checked_mul(1 << 10).filter(|&bytes| bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_linux_writes_them() {
        assert_eq!(parse(b"32768K\n"), Some(32 << 20));
        assert_eq!(parse(b"1024K"), Some(1 << 20));
        for odd in
            [&b""[..], b"K\n", b"0K\n", b"32M\n", b"-1K\n", b"99999999999999999999K\n", b"\xff"]
        {
            assert_eq!(parse(odd), None, "{odd:?}");
        }
        assert_eq!(read("/sys/devices/system/cpu/there/is/none"), None);
    }

    #[test]
    fn the_answer_is_a_size_that_caches_have() {
        assert!((64 << 10..4 << 30).contains(&last_level_bytes()), "{}", last_level_bytes());
    }
}
