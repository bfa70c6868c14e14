//! Scratch memory on the stack, whose length is known only at run time.

/// The lengths of arrays that scratch memory comes in, so that little of it takes little of the stack and little time to
/// fill.
const LENS: [usize; 6] = [4, 16, 64, 256, 1024, 4096];

/// How many elements are on the stack for scratch memory of `len` elements, at most 4096.
pub(crate) fn capacity(len: usize) -> usize {
    if len == 0 { 0 } else { LENS.into_iter().find(|&fits| len <= fits).unwrap_or(usize::MAX) }
}

/// Calls `f` with `len` copies of `value` on the stack, at most 4096.
pub(crate) fn with_scratch<T: Copy>(len: usize, value: T, f: &mut dyn FnMut(&mut [T])) {
    match capacity(len) {
        0 => f(&mut []),
        // (Elements without a size take no room: one instance will do.)
        _ if size_of::<T>() == 0 => on_stack::<T, { LENS[5] }>(len, value, f),
        4 => on_stack::<T, { LENS[0] }>(len, value, f),
        16 => on_stack::<T, { LENS[1] }>(len, value, f),
        64 => on_stack::<T, { LENS[2] }>(len, value, f),
        256 => on_stack::<T, { LENS[3] }>(len, value, f),
        1024 => on_stack::<T, { LENS[4] }>(len, value, f),
        _ => on_stack::<T, { LENS[5] }>(len, value, f),
    }
}

/// (A function for each length: the stack of a function is that of its largest array.)
#[inline(never)]
fn on_stack<T: Copy, const N: usize>(len: usize, value: T, f: &mut dyn FnMut(&mut [T])) {
    f(&mut [value; N][..len]);
}
