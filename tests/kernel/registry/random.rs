//! Orders of rows and of elements, and random numbers.

use ndarray_pool::kernel::*;
use rand::distr::{Distribution, StandardUniform};

use super::naive::SplitMix;
use super::*;

const SEED: u64 = 5;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        reordered(
            call!(|c, probe| reorder_axis_into(a: f64; axis) -> out: f64 {
                let order = shuffled(c.len_in(a.shape()));
                probe(&mut || reorder_axis_into(a, c.axis, &order, out));
            }),
            |len| shuffled(len).as_slice().to_vec(),
        )
        .mistaken_axis(),
        reordered(
            call!(|c| shuffle_axis_into(a: f64; axis) -> out: f64 {
                shuffle_axis_into(a, c.axis, out, &mut SplitMix(SEED));
            }),
            |len| naive::order(len, SEED),
        )
        .mistaken_axis(),
        reordered(
            call!(|c| shuffle_axis_inplace(a: f64; axis) -> out: f64 {
                out.assign(a);
                shuffle_axis_inplace(out, c.axis, &mut SplitMix(SEED));
            }),
            |len| naive::order(len, SEED),
        ),
        same(
            call!(|c| shuffle_copy_into(a: f64; axis) -> out: f64 {
                shuffle_copy_into(a, out, &mut SplitMix(SEED));
            }),
            |_, x| x[0].select(Axis(0), &naive::order(x[0].shape()[0], SEED)),
        )
        .kind(Kind::Distinct),
        shuffle_diff(),
        same(
            call!(|c| shuffle_elements_into(a: f64) -> out: f64 {
                shuffle_elements_into(a, out, &mut SplitMix(SEED));
            }),
            |_, x| shuffled_elements(x[0]),
        )
        .kind(Kind::Distinct),
        same(
            call!(|c| shuffle_elements_inplace(a: f64) -> out: f64 {
                out.assign(a);
                shuffle_elements_inplace(out, &mut SplitMix(SEED));
            }),
            |_, x| shuffled_elements(x[0]),
        )
        .kind(Kind::Distinct),
        Entry::new(
            call!(|c| random_into() -> out: f64 {
                random_into(&StandardUniform, out, &mut SplitMix(SEED));
            }),
            |case, _| {
                let numbers = StandardUniform.sample_iter(SplitMix(SEED));
                f64::apart(&case.outs[0], numbers.take(case.outs[0].iter().product()).collect())
            },
        ),
        Entry::new(
            call!(|c| random_blocks_into() -> out: f64 {
                random_blocks_into(&StandardUniform, out, |block| SplitMix(SEED + block));
            }),
            |case, _| {
                let block = |block| StandardUniform.sample_iter(SplitMix(SEED + block)).take(4096);
                let numbers = (0..).flat_map(block).take(case.outs[0].iter().product());
                f64::apart(&case.outs[0], numbers.collect())
            },
        ),
    ]
}

/// An order that is none in particular.
fn shuffled(len: usize) -> Permutation {
    let mut order = Permutation::identity(len);
    order.shuffle(&mut SplitMix(11));
    order
}

fn reordered(call: Call<f64, f64>, order: fn(usize) -> Vec<usize>) -> Entry {
    same(call, move |c, x| x[0].select(c.axis, &order(x[0].len_of(c.axis)))).kind(Kind::Distinct)
}

fn shuffled_elements(a: &ArrayD<f64>) -> ArrayD<f64> {
    let elements: Vec<f64> = a.iter().copied().collect();
    let order = naive::order(elements.len(), SEED).into_iter();
    ArrayD::from_shape_vec(a.shape(), order.map(|source| elements[source]).collect())
        .expect("as many elements as before")
}

fn shuffle_diff() -> Entry {
    let entry = Entry::new(
        call!(|c| shuffle_diff_into(current: f64; axis) -> next: f64, diff: f64 {
            shuffle_diff_into(current, next, diff, &mut SplitMix(SEED));
        }),
        |_, inputs| {
            let current = array_of::<f64>(&*inputs[0]);
            let next = current.select(Axis(0), &naive::order(current.shape()[0], SEED));
            let diff = &next - current;
            vec![Box::new(next), Box::new(diff)]
        },
    );
    entry
        .kind(Kind::Distinct)
        .mistaken_out(
            &[4, 3],
            "`next` has shape [4, 3], but must have the shape of `current`, [3, 4]",
        )
        .mistake(
            |c| c.outs[1] = vec![3, 5],
            "`diff` has shape [3, 5], but must have the shape of `current`, [3, 4]",
        )
}
