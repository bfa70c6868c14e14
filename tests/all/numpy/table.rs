//! The guide's table, `docs/numpy.md`: complete, and true to the crate.

use std::collections::{BTreeMap, BTreeSet};

const GUIDE: &str = include_str!("../../../docs/numpy.md");
const KERNEL: &str = include_str!("../../../src/kernel/mod.rs");
const WHOLE: &str = include_str!("../../../src/kernel/whole.rs");
const OUT_FUNCTIONS: &str = include_str!("../../fixtures/numpy_out.txt");

/// One row: a function of NumPy, or a kernel that NumPy has nothing like (and then no name).
struct Row {
    name: Option<String>,
    here: String,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut of_functions = false;
    for line in GUIDE.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<String> = line
            .replace(r"\|", "\0")
            .split('|')
            .map(|cell| cell.replace('\0', "|").trim().to_owned())
            .collect();
        let [_, first, _, last, _] = &cells[..] else { panic!("not three cells: {line}") };
        match &first[..] {
            "NumPy" => of_functions = true,
            "here" => of_functions = false,
            "---" => {}
            _ if of_functions => {
                rows.push(Row { name: Some(first.replace('`', "")), here: last.clone() });
            }
            _ => rows.push(Row { name: None, here: first.clone() }),
        }
    }
    rows
}

/// NumPy's functions with `out=`, each with its kind.
fn out_functions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = OUT_FUNCTIONS.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').expect("a kind and a name"))
}

/// Everything in backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The words of a text that look like the name of a kernel.
fn kernels_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| {
        ["_into", "_inplace", "_norms"].iter().any(|end| word.len() > 5 && word.ends_with(end))
    })
}

/// The functions of `whole` that a text names, without their path.
fn whole_in(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| !c.is_alphanumeric() && c != '_';
    text.split("whole::").skip(1).filter_map(move |rest| rest.split(ends).next())
}

/// Code without what formatting changes.
fn dense(code: &str) -> String {
    code.split_whitespace().collect::<String>().replace(",)", ")")
}

/// The table says that `call` is what stands for NumPy's `function`. Spaces do not matter, `F` is `f64`.
#[track_caller]
pub(super) fn assert_listed(function: &str, call: &str) {
    let dense = |text: &str| dense(text).replace("F", "f64");
    let row = rows().into_iter().find(|row| row.name.as_deref() == Some(function));
    let here = row.unwrap_or_else(|| panic!("the table lacks {function}")).here;
    assert!(
        code(&here).any(|listed| dense(listed) == dense(call)),
        "{function}: the table says {here}, the test calls {call}"
    );
}

#[test]
fn every_function_with_out_stands_there_once() {
    assert_eq!(out_functions().count(), 164);
    let mut counts = BTreeMap::new();
    let names = rows().into_iter().filter_map(|row| row.name);
    names.for_each(|name| *counts.entry(name).or_insert(0) += 1);
    for (_, name) in out_functions() {
        assert_eq!(counts.get(name), Some(&1), "rows of {name}");
    }
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn what_numpy_lacks_stands_there() {
    let names: BTreeSet<String> = rows().into_iter().filter_map(|row| row.name).collect();
    let wanted = "diff where sort argsort partition roll kron tril triu take_along_axis convolve \
        correlate cov corrcoef gradient interp histogram digitize searchsorted repeat tile pad cross \
        inner tensordot average bincount trapezoid Generator.integers Generator.uniform \
        Generator.normal Generator.choice Generator.permutation";
    for name in wanted.split_whitespace() {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn every_row_says_something() {
    for Row { name, here } in rows() {
        let kernels = kernels_in(&here).count() + whole_in(&here).count();
        let says = kernels > 0 || here == "not yet" || here.starts_with("out of scope: ");
        assert!(says, "{name:?}: {here}");
    }
}

/// The names that a module exports from others.
fn exported(module: &str) -> BTreeSet<&str> {
    let ends = |c: char| !c.is_alphanumeric() && c != '_';
    let uses = module.split("\npub use ").skip(1).filter_map(|rest| rest.split(';').next());
    uses.flat_map(|path| path.rsplit("::").next().unwrap().split(ends)).collect()
}

#[test]
fn the_table_names_the_kernels_of_the_crate() {
    let (kernels, whole) = (exported(KERNEL), exported(WHOLE));
    let rows = rows();
    let texts = || rows.iter().flat_map(|row| code(&row.here));
    let listed: BTreeSet<&str> = texts().flat_map(kernels_in).collect();
    let whole_listed: BTreeSet<&str> = texts().flat_map(whole_in).collect();
    let is_function = |name: &&str| name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_setting =
        |name: &str| name.ends_with("_workspace_bytes") || name.ends_with("stream_bytes");
    let kernels = kernels.into_iter().filter(|name| is_function(name) && !is_setting(name));
    assert_eq!(listed, kernels.collect());
    assert_eq!(whole_listed, whole.into_iter().filter(is_function).collect());
}

/// Functions of one or two numbers have tests of their own; every other call of the tables is made by `calls.rs`.
#[test]
fn every_other_call_is_made() {
    let tests = dense(include_str!("calls.rs"));
    let ufuncs: BTreeSet<&str> = out_functions()
        .filter_map(|(kind, name)| {
            ["unary", "binary", "two-outputs"].contains(&kind).then_some(name)
        })
        .collect();
    let mut calls = 0;
    for Row { name, here } in rows() {
        let Some(name) = name.filter(|name| !ufuncs.contains(&name[..])) else { continue };
        let names = |call: &str| kernels_in(call).count() + whole_in(call).count() > 0;
        for call in code(&here).filter(|call| call.ends_with(')') && names(call)) {
            assert!(tests.contains(&dense(call)), "{name}: {call} is not in calls.rs");
            calls += 1;
        }
    }
    assert!(calls > 100, "{calls}");
}

/// Each function of one or two numbers is called as the table says: the tests beside this one do it by `listed!`.
#[test]
fn every_ufunc_is_compared() {
    let tests = concat!(include_str!("ufuncs_unary.rs"), include_str!("ufuncs_binary.rs"));
    let mut compared = 0;
    for (kind, name) in out_functions() {
        if ["unary", "binary", "two-outputs"].contains(&kind) {
            let call = format!("listed!(\"{name}\"");
            assert!(tests.contains(&call), "{name} is not compared with NumPy's");
            compared += 1;
        }
    }
    assert_eq!(compared, 46 + 37 + 3);
}

/// The second names of NumPy 2.
const ALIASES: &str = "abs acos acosh asin asinh atan atan2 atanh pow mod conj bitwise_not bitwise_invert \
    bitwise_left_shift bitwise_right_shift true_divide permute_dims concat matrix_transpose";

#[test]
fn the_other_names_of_numpy_2_lead_here() {
    let listed: BTreeSet<&str> = code(GUIDE).collect();
    let mut sources = String::new();
    let mut folders = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/src/kernel").into()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir::<std::path::PathBuf>(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let aliases: BTreeSet<&str> = sources
        .split("doc(alias")
        .skip(1)
        .flat_map(|rest| rest.split(']').next().unwrap().split('"').skip(1).step_by(2))
        .collect();
    for alias in ALIASES.split_whitespace() {
        assert!(listed.contains(alias), "{alias} is not in docs/numpy.md");
        assert!(aliases.contains(alias), "{alias} is no #[doc(alias)]");
    }
}

/// What users of NumPy look for beyond `out=`: it has a row, or the last section says why there is none.
#[test]
fn what_is_missing_is_planned_or_out_of_scope() {
    let listed: BTreeSet<&str> = code(GUIDE).collect();
    let wanted = "sort argsort partition argpartition lexsort top_k unique unique_counts unique_inverse isin \
        intersect1d union1d setdiff1d setxor1d searchsorted nan_to_num isclose allclose array_equal nonzero \
        flatnonzero argwhere extract place putmask copyto real_if_close linspace arange logspace geomspace indices \
        eye tri vander interp cross polyval unwrap sinc ediff1d histogram histogram2d histogram_bin_edges convolve \
        correlate cov corrcoef angle hanning hamming blackman kaiser bartlett rot90 hstack vstack dstack column_stack \
        unstack ravel_multi_index unravel_index packbits unpackbits sliding_window_view solve inv linalg.cholesky qr lstsq \
        eigh eigvalsh svd svdvals det slogdet pinv matrix_power cond matrix_rank matrix_norm vector_norm \
        matrix_transpose tensordot tensorinv fftfreq rfftfreq fftshift ifftshift multivariate_normal logsumexp \
        softmax log_softmax laplace uniform_filter gaussian_filter median_filter minimum_filter maximum_filter sobel";
    let missing: Vec<&str> =
        wanted.split_whitespace().filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
