//! How much of a range of addresses has memory behind it (private: [`ArenaStats`] shows it).
//!
//! [`ArenaStats`]: crate::ArenaStats

use std::ops::Range;

/// The bytes of `addresses` that are in memory, in whole pages at both ends; `None` where the
/// system does not tell.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn resident_bytes(addresses: Range<usize>) -> Option<usize> {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    // x86-64 has pages of 4 KiB; a huge page shows as 512 of them.
    const PAGE_BYTES: usize = 4096;
    /// The bit of a page's entry that says that it is in memory.
    const IS_PRESENT: u64 = 1 << 63;
    /// One entry of 8 bytes for each page of the address space.
    const ENTRY_BYTES: usize = 8;

    if addresses.is_empty() {
        return Some(0);
    }
    let pagemap = File::open("/proc/self/pagemap").ok()?;
    let (first, end) = (addresses.start / PAGE_BYTES, addresses.end.div_ceil(PAGE_BYTES));
    let mut buffer = [0; 512 * ENTRY_BYTES];
    let mut present = 0;
    for start in (first..end).step_by(512) {
        let entries = &mut buffer[..(end - start).min(512) * ENTRY_BYTES];
        pagemap.read_exact_at(entries, (start * ENTRY_BYTES) as u64).ok()?;
        let (entries, _) = entries.as_chunks::<ENTRY_BYTES>();
        present += entries.iter().filter(|e| u64::from_ne_bytes(**e) & IS_PRESENT != 0).count();
    }
    Some(present * PAGE_BYTES)
}

/// Elsewhere there is no figure.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) fn resident_bytes(_addresses: Range<usize>) -> Option<usize> {
    None
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    use memmap2::MmapMut;

    use super::resident_bytes;

    #[test]
    fn pages_that_were_touched_are_counted_and_no_others() {
        let mut map = MmapMut::map_anon(1000 * 4096).unwrap();
        let _ = map.advise(memmap2::Advice::NoHugePage);
        let start = map.as_ptr().addr();
        assert_eq!(resident_bytes(start..start + map.len()), Some(0));
        for page in [0, 3, 511, 512, 700, 999] {
            map[page * 4096 + 17] = 1;
        }
        assert_eq!(resident_bytes(start..start + map.len()), Some(6 * 4096));
        assert_eq!(resident_bytes(start..start + 1), Some(4096));
        assert_eq!(resident_bytes(start..start), Some(0));
    }
}
