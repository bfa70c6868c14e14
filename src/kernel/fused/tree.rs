//! The tree in which a reduction combines what its loop has computed.

/// The state of `count` elements or rows: a binary tree, whose leaves have at most `leaf_len` of them.
pub(super) fn tree<S: Copy>(
    count: usize,
    leaf_len: usize,
    state: &mut S,
    leaf: &mut dyn FnMut(usize, &mut S),
    merge: &dyn Fn(&mut S, S),
) {
    if count <= leaf_len {
        return leaf(count, state);
    }
    let half = leaf_len << (count.div_ceil(leaf_len) - 1).ilog2();
    tree(half, leaf_len, state, leaf, merge);
    let mut late = *state;
    tree(count - half, leaf_len, &mut late, leaf, merge);
    merge(state, late);
}

/// Combines each late value into the early one at its place.
pub(super) fn add<T: Copy>(early: &mut [T], late: &[T], combine: impl Fn(T, T) -> T) {
    early.iter_mut().zip(late).for_each(|(early, &late)| *early = combine(*early, late));
}
