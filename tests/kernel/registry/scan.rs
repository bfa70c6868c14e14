//! Running results.

use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = along();
    entries.extend(inplace());
    entries.extend(through());
    entries
}

fn add(sum: f64, x: f64) -> f64 {
    sum + x
}

fn multiply(product: f64, x: f64) -> f64 {
    product * x
}

fn halve(value: f64, x: f64) -> f64 {
    0.5 * value - x
}

fn along() -> Vec<Entry> {
    vec![
        running(call!(cumsum_axis_into(a: f64; axis) -> out: f64), add),
        running(call!(cumprod_axis_into(a: f64; axis) -> out: f64), multiply),
        running(call!(cummax_axis_into(a: f64; axis) -> out: f64), f64::max),
        running(call!(cummin_axis_into(a: f64; axis) -> out: f64), f64::min),
        running_without_nan(call!(nancumsum_axis_into(a: f64; axis) -> out: f64), 0.0, add),
        running_without_nan(call!(nancumprod_axis_into(a: f64; axis) -> out: f64), 1.0, multiply),
        running(
            call!(|c| accumulate_axis_into(a: f64; axis) -> out: f64 {
                accumulate_axis_into(a, c.axis, out, halve);
            }),
            halve,
        ),
    ]
}

fn inplace() -> Vec<Entry> {
    vec![
        running(
            call!(|c| cumsum_axis_inplace(a: f64; axis) -> out: f64 {
                out.assign(a);
                cumsum_axis_inplace(out, c.axis);
            }),
            add,
        ),
        running(
            call!(|c| cumprod_axis_inplace(a: f64; axis) -> out: f64 {
                out.assign(a);
                cumprod_axis_inplace(out, c.axis);
            }),
            multiply,
        ),
        running(
            call!(|c| cummax_axis_inplace(a: f64; axis) -> out: f64 {
                out.assign(a);
                cummax_axis_inplace(out, c.axis);
            }),
            f64::max,
        ),
        running(
            call!(|c| cummin_axis_inplace(a: f64; axis) -> out: f64 {
                out.assign(a);
                cummin_axis_inplace(out, c.axis);
            }),
            f64::min,
        ),
        running(
            call!(|c| accumulate_axis_inplace(a: f64; axis) -> out: f64 {
                out.assign(a);
                accumulate_axis_inplace(out, c.axis, halve);
            }),
            halve,
        ),
    ]
}

/// Over all elements in logical order, into an array of any shape with as many.
fn through() -> Vec<Entry> {
    vec![
        running_through(call!(cumsum_into(a: f64) -> out: f64), f64::NAN, add),
        running_through(call!(cumprod_into(a: f64) -> out: f64), f64::NAN, multiply),
        running_through(call!(nancumsum_into(a: f64) -> out: f64), 0.0, add).kind(Kind::WithNan),
        running_through(call!(nancumprod_into(a: f64) -> out: f64), 1.0, multiply)
            .kind(Kind::WithNan),
        running_through(
            call!(|c| accumulate_into(a: f64) -> out: f64 { accumulate_into(a, out, halve) }),
            f64::NAN,
            halve,
        ),
    ]
}

/// Each element made of the result before it on the axis, and itself.
fn running(call: Call<f64, f64>, step: fn(f64, f64) -> f64) -> Entry {
    running_without_nan(call, f64::NAN, step).kind(Kind::Repeated)
}

/// The same with another number in place of NaN.
fn running_without_nan(call: Call<f64, f64>, nan: f64, step: fn(f64, f64) -> f64) -> Entry {
    let mut entry = same(call, move |c, x| {
        let mut out = x[0].mapv(|x| if x.is_nan() { nan } else { x });
        out.accumulate_axis_inplace(c.axis, |&last, x| *x = step(last, *x));
        out
    });
    if !entry.is_inplace() {
        entry = entry.mistaken_axis();
    }
    entry.kind(Kind::WithNan)
}

/// Each element made of the result before it in logical order, and itself.
fn running_through(call: Call<f64, f64>, nan: f64, step: fn(f64, f64) -> f64) -> Entry {
    Entry::new(call, move |case, inputs| {
        let elements = array_of::<f64>(&*inputs[0]).iter();
        let elements = elements.map(|&x| if x.is_nan() { nan } else { x });
        let results = elements.scan(None, |last: &mut Option<f64>, x| {
            *last = Some(last.map_or(x, |last| step(last, x)));
            *last
        });
        f64::apart(&case.outs[0], results.collect())
    })
    .mistaken_inputs(
        [0],
        &[3, 5],
        "`out` has shape [3, 4], but must have as many elements as `a`, 15",
    )
}
