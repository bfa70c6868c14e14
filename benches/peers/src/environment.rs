//! What the figures depend on besides the programs: system, huge pages, compilers.

use std::fs;
use std::process::Command;

use crate::rounds::machine;
use crate::teams::CXX_FLAGS;

pub fn describe() -> String {
    let libc = first_line("getconf", "GNU_LIBC_VERSION").unwrap_or("unknown C library".into());
    format!("{}; {libc}; huge pages: {}", machine(), huge_pages().unwrap_or("unknown".into()))
}

pub fn compilers(cxx: &str) -> String {
    let rustc = first_line("rustc", "--version").unwrap_or("unknown rustc".into());
    let processors =
        if cfg!(target_feature = "avx2") { "processors with AVX2" } else { "any processor" };
    let debug = if cfg!(debug_assertions) { ", not optimized" } else { "" };
    let arch = std::env::consts::ARCH;
    let cxx = first_line(cxx, "--version").unwrap_or("no C++ compiler".into());
    format!("{rustc}, {arch}, {processors}{debug}; {cxx}, {}", CXX_FLAGS.join(" "))
}

fn first_line(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(|line| line.trim().to_owned())
}

fn huge_pages() -> Option<String> {
    let modes = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").ok()?;
    Some(modes.split_once('[')?.1.split_once(']')?.0.to_owned())
}
