//! What the ratios depend on: processor, caches, huge pages, compiler. What cannot be read is "unknown".

use std::process::Command;
use std::{env, fmt, fs, thread};

use ndarray_pool::kernel::stream_bytes;

const MIB: usize = 1 << 20;

/// The processor, as Linux describes its first one.
pub(crate) struct Processor {
    name: Option<String>,
    vendor: Option<String>,
    family: Option<u32>,
    model: Option<u32>,
}

/// Size and level of a cache.
struct Cache {
    level: u32,
    bytes: usize,
}

pub(crate) fn processor() -> Processor {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let mut fields = info.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
    };
    let number = |name: &str| field(name)?.parse().ok();
    Processor {
        name: field("model name"),
        vendor: field("vendor_id").or_else(|| field("CPU implementer")),
        family: number("cpu family"),
        model: number("model"),
    }
}

impl Processor {
    pub(crate) fn is_zen_4(&self) -> bool {
        self.vendor.as_deref() == Some("AuthenticAMD")
            && self.family == Some(0x19)
            && matches!(self.model, Some(0x10..=0x1f | 0x60..=0xaf))
    }
}

impl fmt::Display for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: Option<u32>| number.map_or("unknown".to_owned(), |n| n.to_string());
        write!(
            f,
            "{} ({}, family {}, model {})",
            self.name.as_deref().unwrap_or(env::consts::ARCH),
            self.vendor.as_deref().unwrap_or("unknown vendor"),
            number(self.family),
            number(self.model),
        )
    }
}

#[expect(clippy::print_stdout, reason = "the figures of this bench mean little without")]
pub(crate) fn print(processor: &Processor) {
    println!("processor:        {processor}");
    println!("CPUs:             {}", thread::available_parallelism().map_or(1, usize::from));
    println!("reported caches:  {}", reported_caches());
    println!("effective cache:  {}", effective_cache());
    println!("huge pages:       {}", huge_pages().unwrap_or_else(|| "unknown".into()));
    println!("compiler:         {}", compiler().unwrap_or_else(|| "unknown".into()));
}

fn reported_caches() -> String {
    let caches: Vec<Cache> = (0..8).filter_map(cache).collect();
    let size = |cache: &Cache| mib(cache.bytes);
    let l2 = caches.iter().find(|cache| cache.level == 2);
    let last = caches.iter().max_by_key(|cache| cache.level);
    match (l2, last) {
        (l2, Some(last)) => format!(
            "L2 {}, last level (L{}) {}",
            l2.map_or("unknown".into(), size),
            last.level,
            size(last)
        ),
        _ => "unknown".into(),
    }
}

fn cache(index: usize) -> Option<Cache> {
    let read = |file: &str| {
        let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{file}");
        fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
    };
    let kib: usize = read("size")?.strip_suffix('K')?.parse().ok()?;
    Some(Cache { level: read("level")?.parse().ok()?, bytes: kib << 10 })
}

/// What the kernels count on, from the size from which on they stream: five eighths of it.
fn effective_cache() -> String {
    let bytes = stream_bytes();
    if bytes > isize::MAX as usize {
        return "kernels never stream".into();
    }
    let set = env::var_os("NDARRAY_POOL_STREAM_BYTES").is_some();
    format!(
        "{} (kernels stream when their operands have {} or more{})",
        mib(bytes / 5 * 8),
        mib(bytes),
        if set { ", by NDARRAY_POOL_STREAM_BYTES" } else { "" },
    )
}

/// With one decimal at most, and none if there is no need.
fn mib(bytes: usize) -> String {
    format!("{} MiB", (10.0 * bytes as f64 / MIB as f64).round() / 10.0)
}

/// When the system gives huge pages: always, on request (`madvise`), or never.
fn huge_pages() -> Option<String> {
    let modes = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").ok()?;
    Some(modes.split_once('[')?.1.split_once(']')?.0.to_owned())
}

fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    Some(version).filter(|version| !version.is_empty())
}
