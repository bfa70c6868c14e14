//! No kernel is forgotten: the registry holds every `pub fn` under `src/kernel/`, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use super::gather;
use super::registry::{Kernel, Visitor, walk};
use super::registry_elementwise;
use super::registry_reductions;

/// Functions that set or tell how kernels work, and are none.
const SETTINGS: [&str; 2] = ["set_stream_bytes", "stream_bytes"];

#[test]
fn the_registry_holds_every_kernel() {
    struct Names(Vec<&'static str>);
    impl Visitor for Names {
        fn visit<K: Kernel>(&mut self) {
            self.0.push(K::NAME);
        }
    }
    let mut visitor = Names(Vec::new());
    walk(&mut visitor);
    // One line for each registry.
    let mut names = visitor.0;
    names.extend(registry_elementwise::NAMES);
    names.extend(registry_reductions::names());
    names.extend(gather::entries().iter().map(|entry| entry.name));
    names.dedup(); // a kernel has an entry for each way of calling it, one after another
    let registered: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
    assert_eq!(registered.len(), names.len(), "a kernel is registered twice: {names:?}");

    let mut written = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kernel");
    collect(&root, &mut written).expect("the sources can be read");
    SETTINGS.iter().for_each(|&name| assert!(written.remove(name), "{name} is gone"));
    let missing: Vec<_> = written.difference(&registered).collect();
    let superfluous: Vec<_> = registered.difference(&written).collect();
    assert!(missing.is_empty(), "kernels that no test walks over: {missing:?}");
    assert!(superfluous.is_empty(), "entries without a kernel: {superfluous:?}");
}

/// Free functions start their line, methods are indented: `rustfmt` sees to that. A macro that writes
/// functions would hide their names from this test, and from people who search for them.
fn collect(folder: &Path, names: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, names)?;
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
