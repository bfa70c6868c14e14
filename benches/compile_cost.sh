#!/usr/bin/env bash
# What three reductions cost a program that uses them: CPU seconds of a release build of the program alone (its
# dependencies are built before), and bytes of the executable, over the same with ndarray's `sum_axis`. Fails if the
# program compiles a loop of the engine that this crate has compiled for it.
#
#     benches/compile_cost.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$work/target"

program() { # name, body of `main`
    mkdir -p "$work/$1/src"
    cat >"$work/$1/Cargo.toml" <<EOF
[package]
name = "$1"
version = "0.0.0"
edition = "2024"
[dependencies]
ndarray = "0.17.2"
ndarray-pool = { path = "$root" }
[workspace]
EOF
    cat >"$work/$1/src/main.rs" <<EOF
use ndarray::{Array1, Array2, Axis};
fn main() {
    let n = std::env::args().count() * 100;
    let a = Array2::<f64>::from_shape_fn((n, n), |(i, j)| (i * j) as f64);
    let mut out = Array1::<f64>::zeros(n);
    $2
    println!("{}", out[0]);
}
EOF
    cp "$root/Cargo.lock" "$work/$1/" 2>/dev/null || true
    (cd "$work/$1" && cargo build --quiet --release)
    local times=()
    for _ in 1 2 3; do
        touch "$work/$1/src/main.rs"
        times+=("$( (cd "$work/$1" && TIMEFORMAT='%U %S' && time cargo build --quiet --release) 2>&1 | tail -1 | awk '{ print $1 + $2 }')")
    done
    local size
    size=$(wc -c <"$work/target/release/$1")
    printf '%s %s\n' "$(printf '%s\n' "${times[@]}" | sort -n | sed -n 2p)" "$size"
}

# The loops of the engine are symbols that this program needs, none that it has.
check_linked() {
    (cd "$work/$1" && cargo rustc --quiet --release -- --emit=obj -C codegen-units=1)
    local symbols
    symbols=$(nm --demangle "$work/target/release/deps/$1"*.o)
    if grep -E ' [tTwW] .*engine::(cpu::dispatch::run_|fold::(along::fold_matrix|tile::fold_tiles))' <<<"$symbols"; then
        echo "these loops were compiled again, although the crate has them" >&2
        exit 1
    fi
    grep -q ' U .*engine::fold::along::fold_matrix' <<<"$symbols" || { echo "no loop is linked" >&2; exit 1; }
}

read -r base_cpu base_size < <(program with_ndarray 'out.assign(&a.sum_axis(Axis(0)));')
read -r cpu size < <(program with_kernels 'use ndarray_pool::kernel::{max_axis_into, sum_axis_into, var_axis_into};
    sum_axis_into(&a, Axis(0), &mut out);
    var_axis_into(&a, Axis(0), 1.0, &mut out);
    max_axis_into(&a, Axis(1), &mut out);')
check_linked with_kernels
awk -v c="$cpu" -v bc="$base_cpu" -v s="$size" -v bs="$base_size" 'BEGIN {
    printf "ndarray alone:    %.1f s of CPU, %d KB\n", bc, bs / 1000
    printf "three reductions: %.1f s of CPU, %d KB\n", c, s / 1000
    printf "cost:             %.1f s of CPU, %d KB\n", c - bc, (s - bs) / 1000
}'
