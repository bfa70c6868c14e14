//! No kernel is forgotten: every `pub fn` under `src/kernel/` is in the registry and in the crate's tables, and
//! nothing else is.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use crate::registry::whole;

const TABLE: &str = include_str!("../../../src/kernel/mod.rs");

/// Functions that set or tell how kernels work, and are none. (So are those that tell how much workspace one needs.)
const SETTINGS: [&str; 2] = ["set_stream_bytes", "stream_bytes"];

type Names = BTreeSet<String>;

/// The registry without the forms of `fused!`.
fn entries() -> impl Iterator<Item = crate::registry::Entry> {
    crate::registry::entries().into_iter().filter(|entry| !entry.is_formula())
}

#[test]
fn the_registry_holds_every_kernel() {
    let mut names: Vec<_> = entries().map(|entry| entry.name().to_owned()).collect();
    names.dedup(); // a kernel has an entry for each way of calling it, one after another
    let registered: Names = names.iter().cloned().collect();
    assert_eq!(registered.len(), names.len(), "a kernel is registered twice: {names:?}");

    let mut written = Names::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kernel");
    collect(&root, &mut written).expect("the sources can be read");
    SETTINGS.iter().for_each(|&name| assert!(written.remove(name), "{name} is gone"));
    written.retain(|name| !name.ends_with("_workspace_bytes"));
    assert_same(&registered, &written, "in the registry", "in src/kernel");
}

#[test]
fn the_table_of_families_holds_every_kernel() {
    let of_whole: Names = whole::entries().iter().map(|entry| entry.name().to_owned()).collect();
    let mut others: Names = entries().map(|entry| entry.name().to_owned()).collect();
    others.retain(|name| !of_whole.contains(name));
    assert_same(&linked(TABLE), &others, "in the table of kernel", "in the registry");
}

/// What the rows of the tables in a module's documentation link to, types aside.
fn linked(module: &str) -> Names {
    let rows = module.lines().filter(|line| line.contains("| ") && line.contains(" |"));
    let links =
        rows.flat_map(|row| row.split("[`").skip(1)).filter_map(|link| link.split('`').next());
    let is_function = |name: &&str| name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_kernel = |name: &&str| is_function(name) && !["whole", "fused!"].contains(name);
    links.filter(is_kernel).map(String::from).collect()
}

#[track_caller]
fn assert_same(these: &Names, those: &Names, here: &str, there: &str) {
    let missing: Vec<_> = those.difference(these).collect();
    let superfluous: Vec<_> = these.difference(those).collect();
    assert!(missing.is_empty(), "{there}, but not {here}: {missing:?}");
    assert!(superfluous.is_empty(), "{here}, but not {there}: {superfluous:?}");
}

/// Free functions start their line, methods are indented: `rustfmt` sees to that. A macro that writes
/// functions would hide their names from this test, and from people who search for them.
fn collect(folder: &Path, names: &mut Names) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            // (What is in `compiled` calls kernels, and is none; what `fused!` calls has tests of its own, and so have
            // kernels on all cores.)
            let is_apart = ["compiled", "fused", "par"].iter().any(|name| path.ends_with(name));
            if !is_apart {
                collect(&path, names)?;
            }
            continue;
        }
        for line in fs::read_to_string(&path)?.lines() {
            assert!(!line.contains("pub fn $"), "{}: kernels are written out", path.display());
            let Some((before, after)) = line.split_once("fn ") else { continue };
            if before.starts_with("pub ") {
                let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next();
                names.extend(name.map(String::from));
            }
        }
    }
    Ok(())
}
