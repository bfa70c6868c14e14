//! A wrong argument panics with one form of message, at the caller's line, before anything is written.

use ndarray::array;
use ndarray_pool::kernel::diff_into;

use crate::panics::panic_of;
use crate::registry::layout::Layout;
use crate::registry::{Case, Entry, tests_of};

tests_of!(are_named_before_anything_is_written);

fn are_named_before_anything_is_written(entries: &[Entry]) {
    for entry in entries {
        for mistake in &entry.mistakes {
            for rank in [Some(2), None] {
                let parameter = *entry.parameters.last().expect("there is a parameter");
                let mut cases = entry.cases(&[3, 4]);
                let case = cases.find(|case| case.parameter == parameter);
                let mut case = case.expect("it takes this shape");
                (mistake.spoil)(&mut case);
                check(entry, &case, rank, &format!("{}: {}", entry.speaker(), mistake.message));
            }
        }
    }
}

fn check(entry: &Entry, case: &Case, rank: Option<usize>, message: &str) {
    let plain = |ndim| Layout::c(ndim);
    let inputs: Vec<_> = case.inputs.iter().map(|a| a.lay(&plain(a.shape().len()))).collect();
    // A static type fits arrays of its rank alone.
    let rank = rank.filter(|&rank| inputs.first().is_none_or(|input| input.ndim() == rank));
    let gaps = entry.gaps(case);
    let mut outs: Vec<_> = gaps.iter().map(|out| out.lay(&plain(out.shape().len()))).collect();
    let mut panic = None;
    (entry.call.run)(case, &inputs, &mut outs, rank, &mut |kernel| panic = Some(panic_of(kernel)));
    let panic = panic.unwrap_or_else(|| panic!("{} was not called", entry.name()));
    assert_eq!(panic.message, message);
    let blamed = panic.file.contains("kernel/registry/");
    assert!(blamed, "{message}: blames {}:{}", panic.file, panic.line);
    let untouched = outs.iter().enumerate().all(|(k, out)| match k == 0 && entry.is_inplace() {
        true => out.logical().is(&*case.inputs[0], false),
        false => out.logical().is_gap(),
    });
    assert!(untouched, "{message}: wrote before it looked");
}

/// What cannot go wrong: a fill, changes of all elements, and a reduction of one array.
#[test]
fn can_be_made_with_most_kernels() {
    // An axis makes cases of these, and is no argument.
    const WITHOUT_AXIS: [&str; 5] =
        ["pad_into", "permute_axes_into", "shuffle_copy_into", "shuffle_diff_into", "tile_into"];
    let whole = crate::registry::whole::entries();
    let whole: Vec<&str> = whole.iter().map(|entry| entry.name()).collect();
    for entry in crate::registry::entries() {
        let (name, inputs) = (entry.name(), entry.call.inputs.len());
        let is_of_all = inputs == 1 && entry.call.outputs.len() == 1 && whole.contains(&name);
        let is_easy = inputs == 0 || is_of_all || entry.is_inplace() && inputs == 1;
        let may_be_easy = is_easy && !entry.call.takes_axis;
        assert!(!entry.mistakes.is_empty() || may_be_easy, "{name} cannot go wrong?");
        if entry.call.takes_axis && !WITHOUT_AXIS.contains(&name) {
            let is_named = entry.mistakes.iter().any(|it| it.message.contains("has no axis"));
            assert!(is_named, "{name} takes any axis?");
        }
    }
}

#[test]
fn the_line_of_the_caller_is_reported() {
    let (next, current, mut out) = (array![1.0, 2.0], array![1.0, 2.0, 3.0], array![0.0, 0.0]);
    let (line, panic) = (line!(), panic_of(|| diff_into(&next, &current, &mut out)));
    assert_eq!((panic.file.as_str(), panic.line), (file!(), line));
    assert_eq!(
        panic.message,
        "diff_into: `current` has shape [3], but must have the shape of `out`, [2]"
    );
}
