//! Kernels on all cores give the bits of the plain ones, on any number of threads.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ndarray::{Axis, IntoDimension, Ix2, Ix3, RemoveAxis};
use ndarray_pool::kernel::par;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::registry::entries;
use crate::registry::threads::{
    Given, Lies, Pair, Placed, all_elements, along_axis, closures, elements_inplace, elements_into,
    formulas, moves, numbers,
};

/// Few threads and many.
static POOLS: LazyLock<Vec<ThreadPool>> = LazyLock::new(|| {
    par::set_piece_len(Some(300));
    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
    [1, 2, 3, 4, 8].map(|threads| pool(threads).expect("threads start")).into()
});

/// Layouts of the first input, of the second (`None`: a row that is broadcast) and of the output.
const LAYOUTS: [(Lies, Option<Lies>, Lies); 5] = [
    (Lies::InC, Some(Lies::InC), Lies::InC),
    (Lies::InF, Some(Lies::InF), Lies::InF),
    (Lies::InC, Some(Lies::InF), Lies::InC),
    (Lies::WithGaps, None, Lies::WithGaps),
    (Lies::Backwards, Some(Lies::WithGaps), Lies::InF),
];

fn check<D: RemoveAxis>(pairs: &[Pair<D>], shapes: &[impl IntoDimension<Dim = D> + Clone]) {
    for dim in shapes.iter().map(|shape| shape.clone().into_dimension()) {
        for (of_a, of_b, outs) in LAYOUTS {
            let mut a = Placed::filled(dim.clone(), of_a, numbers(1));
            let mut row = dim.clone();
            if of_b.is_none() {
                let last = row.ndim() - 1;
                row.slice_mut()[..last].fill(1);
            }
            let of_b = of_b.unwrap_or(Lies::InC);
            let mut b = Placed::filled(row, of_b, numbers(2));
            let truth = |which| move |at| numbers(which)(at) > 0.0;
            let mut p = Placed::filled(dim.clone(), of_a, truth(3));
            let mut q = Placed::filled(dim.clone(), of_b, truth(4));
            let whole = |which| move |at| (numbers(which)(at) * 1e6) as i64;
            let mut m = Placed::filled(dim.clone(), of_a, whole(5));
            let mut n = Placed::filled(dim.clone(), of_b, whole(6));
            let (a, b, p, q) = (a.view(), b.view(), p.view(), q.view());
            let (m, n) = (m.view(), n.view());
            for pair in pairs {
                let axes = if pair.takes_axis { dim.ndim() } else { 1 };
                for axis in (0..axes).map(Axis) {
                    let b = b.broadcast(dim.clone()).expect("a row, or all");
                    let (a, p, q, m, n) = (a.view(), p.view(), q.view(), m.view(), n.view());
                    let given = Given { a, b, p, q, m, n, axis, outs };
                    let plain = (pair.plain)(&given);
                    for pool in &*POOLS {
                        let (now, threads) =
                            (pool.install(|| (pair.par)(&given)), pool.current_num_threads());
                        let name = pair.name;
                        assert!(
                            now == plain,
                            "{name} of {dim:?} along {axis:?} on {threads} threads, {of_a:?} and {of_b:?} to {outs:?}"
                        );
                    }
                }
            }
        }
    }
}

/// Many rows and few, of which a piece has some or a part; few columns, which are not cut.
const MATRICES: [[usize; 2]; 4] = [[70, 40], [3, 1100], [400, 9], [900, 2]];
const STACKS: [[usize; 3]; 2] = [[5, 20, 30], [20, 3, 70]];

macro_rules! same_bits {
    ($($pairs:ident),*) => {$(
        #[test]
        fn $pairs() {
            check(&crate::registry::threads::$pairs::<Ix2>(), &MATRICES);
            check(&crate::registry::threads::$pairs::<Ix3>(), &STACKS);
        }
    )*};
}

mod same_bits {
    use super::*;
    same_bits!(
        elements_into,
        elements_inplace,
        closures,
        formulas,
        along_axis,
        all_elements,
        moves
    );
}

/// Every kernel of `par` is compared, and is called as a plain one.
#[test]
fn every_kernel_on_all_cores_is_compared() {
    let sources = [
        include_str!("../../../src/kernel/par/closures.rs"),
        include_str!("../../../src/kernel/par/elementwise.rs"),
        include_str!("../../../src/kernel/par/lanes.rs"),
        include_str!("../../../src/kernel/par/moves.rs"),
        include_str!("../../../src/kernel/par/products.rs"),
        include_str!("../../../src/kernel/par/random.rs"),
        include_str!("../../../src/kernel/par/whole.rs"),
    ];
    let mut written = BTreeSet::new();
    for line in sources.iter().flat_map(|source| source.lines()) {
        let line = line.trim_start();
        // A function, or an entry of a table: `Moving: add_into<…>(…);`, `map_into(a: …);`.
        let prefixes = ["pub fn ", "Moving: ", "Computing: "];
        let bare = prefixes.iter().find_map(|prefix| line.strip_prefix(prefix));
        let is_function = line.starts_with("pub fn ");
        let name = bare.unwrap_or(line).split(|c: char| !c.is_alphanumeric() && c != '_').next();
        let name = name.unwrap_or_default();
        let is_kernel = name.ends_with("_into") || name.ends_with("_inplace");
        if !name.is_empty() && !line.contains("! {") && (is_function || is_kernel) {
            written.insert(name);
        }
    }
    written.remove("matmul_workspace_bytes");
    written.extend(["fused_into", "fused_inplace", "fused_unzip_into"]);
    let compared = [
        elements_into::<Ix2>(),
        elements_inplace(),
        closures(),
        formulas(),
        along_axis(),
        all_elements(),
        moves(),
    ];
    let compared: BTreeSet<_> = compared.iter().flatten().map(|pair| pair.name).collect();
    assert_eq!(written, compared);
    let entries = entries();
    let plain: BTreeSet<_> = entries.iter().map(|entry| entry.name()).collect();
    assert!(compared.is_subset(&plain), "{:?}", compared.difference(&plain));
}
