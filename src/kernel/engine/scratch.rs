//! Scratch memory on the stack, whose length is known only at run time.

/// Calls `f` with `len` copies of `value` on the stack, at most 4096.
///
/// The array behind it has one of a few sizes, each in a function of its own, so that little scratch takes little of
/// the stack and little time to fill.
pub(crate) fn with_scratch<T: Copy>(len: usize, value: T, f: &mut dyn FnMut(&mut [T])) {
    match len {
        0 => f(&mut []),
        _ if size_of::<T>() == 0 => on_stack::<T, 4096>(len, value, f),
        ..=4 => on_stack::<T, 4>(len, value, f),
        ..=16 => on_stack::<T, 16>(len, value, f),
        ..=64 => on_stack::<T, 64>(len, value, f),
        ..=256 => on_stack::<T, 256>(len, value, f),
        ..=1024 => on_stack::<T, 1024>(len, value, f),
        _ => on_stack::<T, 4096>(len, value, f),
    }
}

#[inline(never)]
fn on_stack<T: Copy, const N: usize>(len: usize, value: T, f: &mut dyn FnMut(&mut [T])) {
    f(&mut [value; N][..len]);
}
