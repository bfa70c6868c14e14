//! One value of all elements.

use ndarray::Ix0;
use ndarray_pool::kernel::QuantileMethod;
use ndarray_pool::kernel::whole::*;

use super::*;

/// The number for a result of `None`.
const NOTHING: f64 = -1e-300;

const METHOD: QuantileMethod = QuantileMethod::Linear;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = sums();
    entries.extend(extremes_and_truth());
    entries.extend(without_nan());
    entries.extend(quantiles());
    entries
}

fn sums() -> Vec<Entry> {
    vec![
        over_all(call!(|c| sum(a: f64) -> out: f64 [Ix0] { out.fill(sum(a)) }), |a| a.iter().sum()),
        over_all(call!(|c| prod(a: f64) -> out: f64 [Ix0] { out.fill(prod(a)) }), |a| {
            a.iter().product()
        }),
        over_all(call!(|c| mean(a: f64) -> out: f64 [Ix0] { out.fill(mean(a)) }), |a| {
            naive::mean(&a)
        }),
        over_all(call!(|c| var(a: f64) -> out: f64 [Ix0] { out.fill(var(a, 1.0)) }), |a| {
            naive::var(&a, 1.0)
        }),
        over_all(call!(|c| std(a: f64) -> out: f64 [Ix0] { out.fill(std(a, 1.0)) }), |a| {
            naive::var(&a, 1.0).sqrt()
        }),
        over_all(call!(|c| norm_l1(a: f64) -> out: f64 [Ix0] { out.fill(norm_l1(a)) }), |a| {
            a.iter().map(|x| x.abs()).sum()
        }),
        over_all(call!(|c| norm_l2(a: f64) -> out: f64 [Ix0] { out.fill(norm_l2(a)) }), |a| {
            naive::dot(&a, &a).sqrt()
        }),
        over_all(call!(|c| norm_max(a: f64) -> out: f64 [Ix0] { out.fill(norm_max(a)) }), |a| {
            a.iter().fold(0.0, |m, x| x.abs().max(m))
        }),
        over_all(
            call!(|c| vdot(a: f64, b: f64) -> out: f64 [Ix0] { out.fill(vdot(a, b)) }),
            |(a, b)| naive::dot(&a, &b),
        ),
        over_all(
            call!(|c| average(a: f64, weights: f64) -> out: f64 [Ix0] {
                out.fill(average(a, weights));
            }),
            |(a, weights)| naive::average(&a, &weights),
        ),
    ]
}

fn extremes_and_truth() -> Vec<Entry> {
    let place = |found: Option<usize>| found.map_or(usize::MAX, |place| place);
    vec![
        over_all(
            call!(|c| min(a: f64) -> out: f64 [Ix0] { out.fill(min(a).unwrap_or(NOTHING)) }),
            |a| naive::least(&a).unwrap_or(NOTHING),
        ),
        over_all(
            call!(|c| max(a: f64) -> out: f64 [Ix0] { out.fill(max(a).unwrap_or(NOTHING)) }),
            |a| naive::most(&a).unwrap_or(NOTHING),
        ),
        over_all(
            call!(|c| argmin(a: f64) -> out: usize [Ix0] {
                out.fill(argmin(a).unwrap_or(usize::MAX));
            }),
            move |a| place(naive::argleast(&a)),
        ),
        over_all(
            call!(|c| argmax(a: f64) -> out: usize [Ix0] {
                out.fill(argmax(a).unwrap_or(usize::MAX));
            }),
            move |a| place(naive::argmost(&a)),
        ),
        over_all(
            call!(|c| nanargmin(a: f64) -> out: usize [Ix0] {
                out.fill(nanargmin(a).unwrap_or(usize::MAX));
            }),
            move |a| place(naive::argleast(&a)),
        ),
        over_all(
            call!(|c| nanargmax(a: f64) -> out: usize [Ix0] {
                out.fill(nanargmax(a).unwrap_or(usize::MAX));
            }),
            move |a| place(naive::argmost(&a)),
        ),
        over_all(
            call!(|c| ptp(a: f64) -> out: f64 [Ix0] { out.fill(ptp(a).unwrap_or(NOTHING)) }),
            |a| naive::most(&a).map_or(NOTHING, |most| most - naive::least(&a).unwrap()),
        ),
        over_all(call!(|c| any(a: bool) -> out: bool [Ix0] { out.fill(any(a)) }), |a| {
            a.contains(&true)
        }),
        over_all(call!(|c| all(a: bool) -> out: bool [Ix0] { out.fill(all(a)) }), |a| {
            !a.contains(&false)
        }),
        over_all(
            call!(|c| count_nonzero(a: bool) -> out: usize [Ix0] { out.fill(count_nonzero(a)) }),
            |a| a.iter().filter(|&&x| x).count(),
        ),
    ]
}

fn without_nan() -> Vec<Entry> {
    let entries = [
        over_all(call!(|c| nansum(a: f64) -> out: f64 [Ix0] { out.fill(nansum(a)) }), |a| {
            naive::numbers(&a).iter().sum()
        }),
        over_all(call!(|c| nanprod(a: f64) -> out: f64 [Ix0] { out.fill(nanprod(a)) }), |a| {
            naive::numbers(&a).iter().product()
        }),
        over_all(call!(|c| nanmean(a: f64) -> out: f64 [Ix0] { out.fill(nanmean(a)) }), |a| {
            naive::mean(&naive::numbers(&a))
        }),
        over_all(call!(|c| nanvar(a: f64) -> out: f64 [Ix0] { out.fill(nanvar(a, 0.0)) }), |a| {
            naive::var(&naive::numbers(&a), 0.0)
        }),
        over_all(call!(|c| nanstd(a: f64) -> out: f64 [Ix0] { out.fill(nanstd(a, 0.0)) }), |a| {
            naive::var(&naive::numbers(&a), 0.0).sqrt()
        }),
        over_all(
            call!(|c| nanmin(a: f64) -> out: f64 [Ix0] { out.fill(nanmin(a).unwrap_or(NOTHING)) }),
            |a| naive::least(&a).unwrap_or(if a.is_empty() { NOTHING } else { f64::NAN }),
        ),
        over_all(
            call!(|c| nanmax(a: f64) -> out: f64 [Ix0] { out.fill(nanmax(a).unwrap_or(NOTHING)) }),
            |a| naive::most(&a).unwrap_or(if a.is_empty() { NOTHING } else { f64::NAN }),
        ),
        over_all(
            call!(|c, probe| nanmedian(a: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![0.0; a.len()][..];
                probe(&mut || out.fill(nanmedian(a, scratch)));
            }),
            |a| naive::quantile(&naive::numbers(&a), 0.5),
        ),
        over_all(
            call!(|c, probe| nanquantile(a: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![0.0; a.len()][..];
                probe(&mut || out.fill(nanquantile(a, 0.3, METHOD, scratch)));
            }),
            |a| naive::quantile(&naive::numbers(&a), 0.3),
        ),
        over_all(
            call!(|c, probe| nanpercentile(a: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![0.0; a.len()][..];
                probe(&mut || out.fill(nanpercentile(a, 90.0, METHOD, scratch)));
            }),
            |a| naive::quantile(&naive::numbers(&a), 0.9),
        ),
    ];
    entries.map(|entry| entry.kind(Kind::WithNan)).into()
}

fn quantiles() -> Vec<Entry> {
    vec![
        over_all(
            call!(|c, probe| median(a: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![0.0; a.len()][..];
                probe(&mut || out.fill(median(a, scratch)));
            }),
            |a| naive::quantile(&a, 0.5),
        ),
        over_all(
            call!(|c, probe| quantile(a: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![0.0; a.len()][..];
                probe(&mut || out.fill(quantile(a, 0.3, METHOD, scratch)));
            }),
            |a| naive::quantile(&a, 0.3),
        ),
        over_all(
            call!(|c, probe| percentile(a: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![0.0; a.len()][..];
                probe(&mut || out.fill(percentile(a, 90.0, METHOD, scratch)));
            }),
            |a| naive::quantile(&a, 0.9),
        ),
        over_all(
            call!(|c, probe| weighted_quantile(a: f64, weights: f64) -> out: f64 [Ix0] {
                let scratch = &mut vec![(0.0, 0.0); a.len()][..];
                probe(&mut || out.fill(weighted_quantile(a, weights, 0.7, scratch)));
            }),
            |(a, weights)| naive::weighted_quantile(&a, &weights, 0.7),
        ),
    ]
}
