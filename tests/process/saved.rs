//! What is saved of a comparison: pages that stand alone, and all files or none.

use std::fs;
use std::hint::black_box;
use std::thread;
use std::time::Duration;

use ndarray_pool::compare::{Report, sweep};

use super::folder::Folder;
use super::{all_figures, array, comparison};

#[test]
fn a_sweep_runs_each_size_and_saves_a_page() {
    let test = "saved::a_sweep_runs_each_size_and_saves_a_page";
    let swept = sweep([1, 2, 40], |mib| {
        comparison(test).array_bytes(mib << 20).passes(3).variant("allocating", move |run| {
            run.passes(|_| drop(black_box(vec![1_u8; mib << 20])));
        })
    })
    .unwrap();
    let sizes: Vec<_> = swept.reports.iter().map(|report| report.size.unwrap()).collect();
    assert_eq!(sizes, [1, 2, 40]);
    swept.reports.iter().for_each(|report| _ = all_figures(report));
    let folder = Folder::new();
    let page = fs::read_to_string(swept.save(&folder.0).unwrap()).unwrap();
    let csv = fs::read_to_string(folder.path("passes.csv")).unwrap();
    assert_eq!(page.matches("<svg").count(), 2);
    // Of each size a process that is timed and one that is watched, five passes each.
    assert_eq!(csv.lines().count(), 1 + 3 * 2 * 5);
    assert_eq!(csv.matches(",watched,").count(), 3 * 5);
    if cfg!(target_os = "linux") {
        let summary = |i: usize| swept.reports[i].variants[0].summary.unwrap();
        assert!(summary(2).faults_a_pass().unwrap() > 9_000, "{swept}");
    }
}

#[test]
fn a_saved_page_stands_alone() {
    let report = comparison("saved::a_saved_page_stands_alone")
        .note("<b>1 & 2</b>")
        .variant("one <i>", |run| {
            let kept = array();
            run.mark("kept");
            run.passes(|pass| {
                black_box(&kept);
                pass.mark("looked");
                thread::sleep(Duration::from_millis(1));
            });
        })
        .run()
        .unwrap();
    let folder = Folder::new();
    let page = fs::read_to_string(report.save(&folder.0).unwrap()).unwrap();
    let json = fs::read_to_string(folder.path("report.json")).unwrap();
    for outside in ["http:", "https:", "src=", "@import", "url(", "<script", "<b>", "one <i>"] {
        let allowed = page.matches("http://www.w3.org/2000/svg").count();
        let expected = if outside == "http:" { allowed } else { 0 };
        assert_eq!(page.matches(outside).count(), expected, "{outside}");
    }
    assert!(page.contains("&lt;b&gt;1 &amp; 2") && page.contains("one &lt;i&gt;"));
    assert!(page.contains("prefers-color-scheme: dark"));
    if cfg!(target_os = "linux") {
        assert!(page.contains("<svg") && page.contains("arrays held"));
    }
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    let executable = std::env::current_exe().unwrap();
    let place = executable.parent().unwrap().to_str().unwrap();
    assert!(!page.contains(place) && !json.contains(place), "the report names a path");
    let growth = report.growth_table("one <i>").unwrap();
    assert!(growth.contains("- kept") && growth.contains("1 looked"), "{growth}");
    assert!(growth.ends_with("… and so on to pass 12\n"), "{growth}");
}

/// Two variants, one of which has a name that a spreadsheet and a terminal would obey.
fn report_of(test: &str) -> Report {
    comparison(test)
        .passes(1000) // so that all figures take more than the page does
        .variant("=1+1", |run| run.passes(|_| {}))
        .variant("red \u{1b}[31m", |run| run.passes(|pass| pass.mark("\u{7}step")))
        .run()
        .unwrap()
}

#[test]
fn names_are_no_commands() {
    let report = report_of("saved::names_are_no_commands");
    let swept = {
        let json = format!("{{\"reports\":[{}]}}", report.to_json());
        serde_json::from_str::<ndarray_pool::compare::Sweep>(&json).unwrap()
    };
    let growth = report.growth_table("red \u{1b}[31m").unwrap();
    for text in [report.to_string(), swept.to_string(), growth, report.findings().concat()] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
    assert!(report.to_string().contains("red \\u{1b}[31m"), "{report}");
    let folder = Folder::new();
    let page = fs::read_to_string(report.save(&folder.0).unwrap()).unwrap();
    let csv = fs::read_to_string(folder.path("passes.csv")).unwrap();
    assert!(!page.contains(|c: char| c.is_control() && c != '\n'), "{page:?}");
    assert!(csv.contains(",\"=1+1\",0,"), "{csv}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_what_was_there() {
    use std::process::Stdio;

    use super::folder::names_in;
    use super::program::limited;

    let test = "saved::a_full_disk_leaves_what_was_there";
    if let Some(folder) = Folder::of_program() {
        let json = fs::read_to_string(folder.join("given.json")).unwrap();
        let report: Report = serde_json::from_str(&json).unwrap();
        let error = report.save(folder.join("report")).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
        return;
    }
    let report = report_of(test);
    let folder = Folder::new();
    let place = folder.path("report");
    fs::create_dir(&place).unwrap();
    fs::write(folder.path("given.json"), report.to_json()).unwrap();
    let names = ["index.html", "passes.csv", "report.json"];
    names.iter().for_each(|name| fs::write(place.join(name), "of an earlier run").unwrap());
    // A limit for files plays the full disk, in blocks of 512 bytes: less than any of the three has
    // first, then room for the page and the lines, and none for all figures.
    let page_bytes = fs::metadata(report.save(folder.path("whole")).unwrap()).unwrap().len();
    assert!(report.to_json().len() as u64 > page_bytes + 2048);
    for blocks in [0, 1, page_bytes / 512 + 2] {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks};");
        // What it prints goes through a pipe: files are limited.
        let output = folder
            .program_by(limited(&limit), test)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{output:?}");
        for name in names {
            let text = fs::read_to_string(place.join(name)).unwrap();
            assert_eq!(text, "of an earlier run", "{name} with {blocks} blocks");
        }
        assert_eq!(names_in(&place), names, "{blocks} blocks");
    }
}
