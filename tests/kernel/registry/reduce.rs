//! One value for each lane along an axis, or for segments of lanes.

use ndarray::Ix1;
use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = sums();
    entries.extend(extremes_and_truth());
    entries.extend(without_nan());
    entries.extend(quantiles());
    entries.extend(any_function());
    entries
}

fn sums() -> Vec<Entry> {
    vec![
        lanes(call!(sum_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| a.iter().sum()),
        lanes(call!(prod_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| a.iter().product()),
        lanes(call!(mean_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| naive::mean(&a)),
        lanes(
            call!(|c| var_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                var_axis_into(a, c.axis, 1.0, out);
            }),
            |a| naive::var(&a, 1.0),
        ),
        lanes(
            call!(|c| std_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                std_axis_into(a, c.axis, 1.0, out);
            }),
            |a| naive::var(&a, 1.0).sqrt(),
        ),
        lanes(call!(logsumexp_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            a.iter().map(|x| x.exp()).fold(0.0, |sum, x| sum + x).ln()
        }),
        softmax(call!(softmax_axis_into(a: f64; axis) -> out: f64), |x, sum| x.exp() / sum),
        softmax(call!(log_softmax_axis_into(a: f64; axis) -> out: f64), |x, sum| x - sum.ln()),
        lanes(call!(norm_l1_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            a.iter().map(|x| x.abs()).sum()
        }),
        lanes(call!(norm_l2_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::dot(&a, &a).sqrt()
        }),
        lanes(call!(norm_max_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            a.iter().fold(0.0, |m, x| x.abs().max(m))
        }),
        lanes(call!(vecdot_axis_into(a: f64, b: f64; axis) -> out: f64 [D::Smaller]), |(a, b)| {
            naive::dot(&a, &b)
        }),
        lanes(
            call!(|c, probe| average_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let weights = naive::weights(c.len_in(a.shape()));
                probe(&mut || average_axis_into(a, &weights, c.axis, out));
            }),
            |a| naive::average(&a, &naive::weights(a.len()).to_vec()),
        ),
    ]
}

fn extremes_and_truth() -> Vec<Entry> {
    vec![
        lanes_of_some(call!(min_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::least(&a).unwrap()
        }),
        lanes_of_some(call!(max_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::most(&a).unwrap()
        }),
        lanes_of_some(call!(argmin_axis_into(a: f64; axis) -> out: usize [D::Smaller]), |a| {
            naive::argleast(&a).unwrap()
        }),
        lanes_of_some(call!(argmax_axis_into(a: f64; axis) -> out: usize [D::Smaller]), |a| {
            naive::argmost(&a).unwrap()
        }),
        lanes_of_some(call!(ptp_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::most(&a).unwrap() - naive::least(&a).unwrap()
        }),
        lanes(call!(any_axis_into(a: bool; axis) -> out: bool [D::Smaller]), |a| a.contains(&true)),
        lanes(call!(all_axis_into(a: bool; axis) -> out: bool [D::Smaller]), |a| {
            !a.contains(&false)
        }),
        lanes(call!(count_nonzero_axis_into(a: bool; axis) -> out: usize [D::Smaller]), |a| {
            a.iter().filter(|&&x| x).count()
        }),
    ]
}

/// Where NaN stands decides whether `nanargmin` has an answer at all: that is tested by hand.
fn without_nan() -> Vec<Entry> {
    let places = [
        lanes_of_some(call!(nanargmin_axis_into(a: f64; axis) -> out: usize [D::Smaller]), |a| {
            naive::argleast(&a).unwrap()
        }),
        lanes_of_some(call!(nanargmax_axis_into(a: f64; axis) -> out: usize [D::Smaller]), |a| {
            naive::argmost(&a).unwrap()
        }),
    ];
    let values = [
        lanes(call!(nansum_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::numbers(&a).iter().sum()
        }),
        lanes(call!(nanprod_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::numbers(&a).iter().product()
        }),
        lanes(call!(nanmean_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::mean(&naive::numbers(&a))
        }),
        lanes(
            call!(|c| nanvar_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                nanvar_axis_into(a, c.axis, 0.0, out);
            }),
            |a| naive::var(&naive::numbers(&a), 0.0),
        ),
        lanes(
            call!(|c| nanstd_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                nanstd_axis_into(a, c.axis, 0.0, out);
            }),
            |a| naive::var(&naive::numbers(&a), 0.0).sqrt(),
        ),
        lanes_of_some(call!(nanmin_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::least(&a).unwrap_or(f64::NAN)
        }),
        lanes_of_some(call!(nanmax_axis_into(a: f64; axis) -> out: f64 [D::Smaller]), |a| {
            naive::most(&a).unwrap_or(f64::NAN)
        }),
        lanes(
            call!(|c, probe| nanmedian_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let scratch = &mut vec![0.0; c.len_in(a.shape())][..];
                probe(&mut || nanmedian_axis_into(a, c.axis, out, scratch));
            }),
            |a| naive::quantile(&naive::numbers(&a), 0.5),
        ),
        lanes(
            call!(|c, probe| nanquantile_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let scratch = &mut vec![0.0; c.len_in(a.shape())][..];
                probe(&mut || nanquantile_axis_into(a, c.axis, 0.3, METHOD, out, scratch));
            }),
            |a| naive::quantile(&naive::numbers(&a), 0.3),
        ),
        lanes(
            call!(|c, probe| nanpercentile_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let scratch = &mut vec![0.0; c.len_in(a.shape())][..];
                probe(&mut || nanpercentile_axis_into(a, c.axis, 90.0, METHOD, out, scratch));
            }),
            |a| naive::quantile(&naive::numbers(&a), 0.9),
        ),
    ];
    places.into_iter().chain(values.map(|entry| entry.kind(Kind::WithNan))).collect()
}

const METHOD: QuantileMethod = QuantileMethod::Linear;

fn quantiles() -> Vec<Entry> {
    vec![
        lanes(
            call!(|c, probe| median_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let scratch = &mut vec![0.0; c.len_in(a.shape())][..];
                probe(&mut || median_axis_into(a, c.axis, out, scratch));
            }),
            |a| naive::quantile(&a, 0.5),
        ),
        lanes(
            call!(|c, probe| quantile_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let scratch = &mut vec![0.0; c.len_in(a.shape())][..];
                probe(&mut || quantile_axis_into(a, c.axis, 0.3, METHOD, out, scratch));
            }),
            |a| naive::quantile(&a, 0.3),
        ),
        lanes(
            call!(|c, probe| percentile_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let scratch = &mut vec![0.0; c.len_in(a.shape())][..];
                probe(&mut || percentile_axis_into(a, c.axis, 90.0, METHOD, out, scratch));
            }),
            |a| naive::quantile(&a, 0.9),
        ),
        lanes(
            call!(|c, probe| weighted_quantile_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                let weights = naive::weights(c.len_in(a.shape()));
                let scratch = &mut vec![(0.0, 0.0); weights.len()][..];
                probe(&mut || weighted_quantile_axis_into(a, &weights, c.axis, 0.3, out, scratch));
            }),
            |a| naive::weighted_quantile(&a, &naive::weights(a.len()).to_vec(), 0.3),
        ),
    ]
}

fn any_function() -> Vec<Entry> {
    vec![
        lanes(
            call!(|c| reduce_axis_into(a: f64; axis) -> out: f64 [D::Smaller] {
                reduce_axis_into(a, c.axis, 1.0, out, |value, x| 0.5 * value - x);
            }),
            |a| a.iter().fold(1.0, |value, x| 0.5 * value - x),
        ),
        lanes(
            call!(|c| reduce_where_axis_into(a: bool, mask: bool; axis) -> out: usize [D::Smaller] {
                reduce_where_axis_into(a, c.axis, mask, 1, out, |n, x| 2 * n % 997 + usize::from(x));
            }),
            |(a, mask)| {
                let chosen = a.iter().zip(mask).filter(|(_, mask)| *mask);
                chosen.fold(1, |n, (x, _)| 2 * n % 997 + usize::from(*x))
            },
        ),
        segments(
            call!(|c| reduceat_axis_into(a: usize, indices: usize [Ix1]; axis) -> out: usize {
                reduceat_axis_into(a, c.axis, indices, out, |x, y| (2 * x + y) % 997);
            }),
            |c, x, i| segment(c, x, i).into_iter().reduce(|x, y| (2 * x + y) % 997).unwrap(),
        ),
        segments(
            call!(|c| add_reduceat_axis_into(a: usize, indices: usize [Ix1]; axis) -> out: usize {
                add_reduceat_axis_into(a, c.axis, indices, out);
            }),
            |c, x, i| segment(c, x, i).iter().sum(),
        ),
    ]
}

/// Segments that follow each other, with some elements in front of the first; one element alone where they fall.
fn segments<I, O>(
    call: Call<I, O>,
    place: fn(&Case, &[&ArrayD<usize>], &[usize]) -> usize,
) -> Entry {
    let given: Given = |shape, axis, count| {
        let len = shape[axis];
        let count = if len == 0 { 0 } else { count as usize };
        let indices = ArrayD::from_shape_fn(vec![count], |i| (i[0] * 3 + 1) % len);
        Some((vec![numbers(shape), indices], with_len(shape, axis, count)))
    };
    places(call, given, place)
        .parameters(&[0, 1, 2, 5])
        .mistaken_axis()
        .mistaken_out(
            &[5, 5],
            "`a` has shape [3, 4], but must have the shape of `out` apart from axis 0, [5, 5]",
        )
        .mistaken_out(
            &[6, 4],
            "`indices` has length 5, but must have the length of axis 0 of `out`, 6",
        )
        .mistaken_index(1, &[2], 3, "axis 0 of `a`, 3")
        .mistaken_index(1, &[4], 3, "axis 0 of `a`, 3")
}

fn segment(c: &Case, x: &[&ArrayD<usize>], i: &[usize]) -> Vec<usize> {
    let (indices, number) = (&x[1], i[c.axis.index()]);
    let start = indices[[number]];
    let end = indices.get([number + 1]).copied().unwrap_or(x[0].len_of(c.axis));
    let element = |place| x[0][&*moved_to(i, c.axis, |_| place)];
    if start < end { (start..end).map(element).collect() } else { vec![element(start)] }
}

/// Elements and the sum of the exponentials of their lane, both from the largest of the lane on. (Where that sum is
/// close to one, its logarithm has few digits: so it is added up as the kernel does it.)
fn softmax(call: Call<f64, f64>, of: fn(f64, f64) -> f64) -> Entry {
    let sum = |lane: &[f64]| lane.iter().fold(0.0, |sum, x| sum + x);
    let entry = same(call, move |case, x: &[&ArrayD<f64>]| {
        let mut out = x[0].clone();
        for mut lane in out.lanes_mut(case.axis) {
            let most = lane.iter().fold(f64::NEG_INFINITY, |most, &x| x.max(most));
            lane -= most;
            let blocks: Vec<f64> = lane.mapv(f64::exp).to_vec().chunks(32).map(sum).collect();
            lane.mapv_inplace(|x| of(x, sum(&blocks)));
        }
        out
    });
    Entry { near: true, ..entry }.mistaken_axis()
}
