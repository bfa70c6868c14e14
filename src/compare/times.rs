//! Which variant is faster, and which differ by no more than the noise.

use super::figures::Summary;
use super::words::list;

/// Two times are called equal if the middle halves of their passes overlap, or the medians lie no
/// further apart than this.
const NOISE: f64 = 0.05;

/// A variant that has figures.
pub(super) type Row<'r> = (&'r str, &'r Summary);

/// Whether `other` differs from `base` by more than the noise; if so, how often `base` fits.
pub(super) fn speed_up(base: &Summary, other: &Summary) -> Option<f64> {
    let (one, two) = (&base.pass_ns, &other.pass_ns);
    let ratio = one.median.max(1) as f64 / two.median.max(1) as f64;
    let is_overlap = one.q1 <= two.q3 && two.q1 <= one.q3;
    (!is_overlap && ratio.max(1.0 / ratio) > 1.0 + NOISE).then_some(ratio)
}

/// The variants against the baseline, if it has figures, where they differ from it, and then all of them in order of
/// their times, which says of every pair which one is faster.
pub(super) fn findings(base: Option<Row<'_>>, rows: &[Row<'_>]) -> Vec<String> {
    let others = rows.iter().filter(|row| base.is_some_and(|base| row.0 != base.0));
    let mut findings: Vec<String> = others.filter_map(|&other| sentence(base?, other)).collect();
    findings.extend(order(base, rows));
    findings
}

/// All variants, fastest first, and which of them differ by less than the noise.
fn order(base: Option<Row<'_>>, rows: &[Row<'_>]) -> Option<String> {
    let mut by_time: Vec<Row<'_>> = rows.to_vec();
    by_time.sort_by_key(|row| row.1.pass_ns.median);
    let groups = alike(&by_time);
    if let &[fastest, slowest] = &by_time[..] {
        let has_been_said = groups.is_empty() && base.is_some();
        return match groups.first() {
            Some(group) => {
                Some(format!("The times of {} differ by less than the noise.", list(group)))
            }
            None if has_been_said => None,
            None => sentence(slowest, fastest),
        };
    }
    if by_time.len() < 3 {
        return None;
    }
    if groups.iter().any(|group| group.len() == rows.len()) {
        let names: Vec<&str> = rows.iter().map(|row| row.0).collect();
        return Some(format!("The times of {} differ by less than the noise.", list(&names)));
    }
    let names: Vec<&str> = by_time.iter().map(|row| row.0).collect();
    let mut text = format!("From fastest to slowest: {}. Of any two, ", names.join(", "));
    text += "the one named first is faster";
    if !groups.is_empty() {
        let exceptions: Vec<String> = groups.iter().map(|group| list(group)).collect();
        text += &format!(
            ", except {}, whose times differ by less than the noise",
            exceptions.join(", and except ")
        );
    }
    Some(text + ".")
}

/// Groups, as large as they can be, in which every two differ by less than the noise. A variant may
/// be in several: two that each are like a third need not be like each other.
fn alike<'r>(rows: &[Row<'r>]) -> Vec<Vec<&'r str>> {
    let are_alike = |a: usize, b: usize| speed_up(rows[a].1, rows[b].1).is_none();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for first in 0..rows.len() {
        for second in first + 1..rows.len() {
            let has_both = |group: &Vec<usize>| group.contains(&first) && group.contains(&second);
            if !are_alike(first, second) || groups.iter().any(has_both) {
                continue;
            }
            let mut group = vec![first, second];
            for row in 0..rows.len() {
                if !group.contains(&row) && group.iter().all(|&member| are_alike(member, row)) {
                    group.push(row);
                }
            }
            group.sort_unstable();
            groups.push(group);
        }
    }
    groups.iter().map(|group| group.iter().map(|&row| rows[row].0).collect()).collect()
}

fn sentence(base: Row<'_>, other: Row<'_>) -> Option<String> {
    let (name, ratio) = (other.0, speed_up(base.1, other.1)?);
    let base = base.0;
    Some(if ratio >= 1.5 {
        format!("{name} is {ratio:.1} times as fast as {base}.")
    } else if ratio > 1.0 {
        format!("{name} takes {:.0} % less time than {base}.", 100.0 * (1.0 - 1.0 / ratio))
    } else if ratio > 1.0 / 1.5 {
        format!("{name} takes {:.0} % more time than {base}.", 100.0 * (1.0 / ratio - 1.0))
    } else {
        format!("{name} takes {:.1} times as long as {base}.", 1.0 / ratio)
    })
}

#[cfg(test)]
mod tests {
    use super::super::figures::{Quartiles, Summary};
    use super::{findings, speed_up};

    fn summary([q1, median, q3]: [u64; 3]) -> Summary {
        let pass_ns = Quartiles { min: q1, q1, median, q3, max: q3 };
        Summary { pass_ns, ..Summary::default() }
    }

    /// The sentences about variants of these names and times; the first is the baseline.
    fn of(variants: &[(&str, [u64; 3])]) -> Vec<String> {
        let summaries: Vec<_> = variants.iter().map(|(name, ns)| (*name, summary(*ns))).collect();
        let rows: Vec<_> = summaries.iter().map(|(name, summary)| (*name, summary)).collect();
        findings(Some(rows[0]), &rows)
    }

    #[test]
    fn a_difference_needs_both_distance_and_separation() {
        let base = summary([100, 101, 102]);
        let near = summary([103, 104, 105]); // apart, but by 3 %
        let wide = summary([60, 80, 101]); // by 20 %, but overlapping
        let apart = summary([79, 80, 81]);
        assert_eq!(speed_up(&base, &near), None);
        assert_eq!(speed_up(&base, &wide), None);
        assert!((speed_up(&base, &apart).unwrap() - 1.2625).abs() < 1e-9);
        // Either way round: 200 is 5.3 % more than 190.
        let (one, other) = (summary([190; 3]), summary([200; 3]));
        assert!(speed_up(&one, &other).is_some() && speed_up(&other, &one).is_some());
        assert_eq!(speed_up(&summary([0; 3]), &summary([0; 3])), None);
    }

    #[test]
    fn every_pair_of_variants_is_judged() {
        let allocating = ("allocating", [900, 1000, 1100]);
        let apart = of(&[allocating, ("in place", [100; 3]), ("fused", [80; 3])]);
        let expected = [
            "in place is 10.0 times as fast as allocating.",
            "fused is 12.5 times as fast as allocating.",
            "From fastest to slowest: fused, in place, allocating. Of any two, the one named first is \
             faster.",
        ];
        assert_eq!(apart, expected);
        let alike = of(&[allocating, ("in place", [100; 3]), ("fused", [98, 99, 100])]);
        let expected = [
            "in place is 10.0 times as fast as allocating.",
            "fused is 10.1 times as fast as allocating.",
            "From fastest to slowest: fused, in place, allocating. Of any two, the one named first is \
             faster, except fused and in place, whose times differ by less than the noise.",
        ];
        assert_eq!(alike, expected);
    }

    #[test]
    fn two_that_are_like_the_baseline_need_not_be_like_each_other() {
        let said =
            of(&[("base", [90, 100, 110]), ("low", [80, 85, 91]), ("high", [109, 115, 120])]);
        let expected = [
            "From fastest to slowest: low, base, high. Of any two, the one named first is faster, except \
             low and base, and except base and high, whose times differ by less than the noise.",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn without_a_baseline_the_others_are_compared_with_each_other() {
        let (one, other) = (summary([100; 3]), summary([50; 3]));
        let rows = [("one", &one), ("other", &other)];
        assert_eq!(findings(None, &rows), ["other is 2.0 times as fast as one."]);
    }

    #[test]
    fn of_two_variants_one_sentence_is_enough() {
        let base = ("base", [100; 3]);
        assert_eq!(of(&[base, ("other", [50; 3])]), ["other is 2.0 times as fast as base."]);
        let alike = ["The times of base and other differ by less than the noise."];
        assert_eq!(of(&[base, ("other", [101; 3])]), alike);
        assert_eq!(of(&[base, ("a", [101; 3]), ("b", [99; 3])]).len(), 1);
        assert!(of(&[base]).is_empty());
    }
}
