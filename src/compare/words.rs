//! Figures and lists in words, as the table, the page and the findings print them.

pub(super) fn mib(bytes: i64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

pub(super) fn ms(ns: u64) -> f64 {
    ns as f64 / 1e6
}

/// The figure, without a minus in front of nothing; `-` if there is none.
pub(super) fn fixed(figure: Option<f64>, decimals: usize) -> String {
    figure.map_or_else(
        || "-".into(),
        |figure| {
            let text = format!("{figure:.decimals$}");
            match text.strip_prefix('-') {
                Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.into(),
                _ => text,
            }
        },
    )
}

/// `1 pass`, `2 passes`.
pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

pub(super) fn count(figure: Option<u64>) -> String {
    figure.map_or_else(|| "-".into(), |figure| figure.to_string())
}

/// `a, b and c`.
pub(super) fn list(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
