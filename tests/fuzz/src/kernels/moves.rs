//! Elements that are copied, or handed to a closure.

use ndarray::{Axis, Dimension, IxDyn, RemoveAxis};
use ndarray_pool::kernel::*;
use ndarray_pool::rand::SeedableRng;
use ndarray_pool::rand::rngs::SmallRng;

use crate::case::{Element, In, Out, refs};

/// The generator of the kernels that draw, from the last of the integers.
pub fn rng<A: Element, D: Dimension>(x: &In<'_, A, D>) -> SmallRng {
    SmallRng::seed_from_u64(x.ints().last().expect("a seed").cast_unsigned() as u64)
}

pub fn any<A: Element, D: Dimension>(
    name: &str,
    x: &In<'_, A, D>,
    out: &mut Out<'_, A, D>,
) -> bool {
    match name {
        "copy_into" => copy_into(&x.array(0), &mut out.array()),
        "map_into" => {
            let b = x.number::<A>(1);
            map_into(&x.array(0), &mut out.array(), |a| a.mix(b));
        }
        "map_inplace" => {
            let b = x.number::<A>(0);
            map_inplace(&mut out.array(), |a: A| a.mix(b));
        }
        "zip_map_inplace" => zip_map_inplace(&mut out.array(), &x.array(0), A::mix),
        "zip_map_into" => zip_map_into(&x.array(0), &x.array(1), &mut out.array(), A::mix),
        "zip3_map_into" => {
            zip3_map_into(&x.array(0), &x.array(1), &x.array(2), &mut out.array(), |a: A, b, c| {
                a.mix(b).mix(c)
            })
        }
        "zip4_map_into" => zip4_map_into(
            &x.array(0),
            &x.array(1),
            &x.array(2),
            &x.array(3),
            &mut out.array(),
            |a: A, b, c, d| a.mix(b).mix(c).mix(d),
        ),
        "zip5_map_into" => zip5_map_into(
            &x.array(0),
            &x.array(1),
            &x.array(2),
            &x.array(3),
            &x.array(4),
            &mut out.array(),
            |a: A, b, c, d, e| a.mix(b).mix(c).mix(d).mix(e),
        ),
        "zip6_map_into" => zip6_map_into(
            &x.array(0),
            &x.array(1),
            &x.array(2),
            &x.array(3),
            &x.array(4),
            &x.array(5),
            &mut out.array(),
            |a: A, b, c, d, e, f| a.mix(b).mix(c).mix(d).mix(e).mix(f),
        ),
        "map_unzip_into" => {
            let b = x.number::<A>(1);
            let (mut first, mut second) = out.pair::<A, A>();
            map_unzip_into(&x.array(0), &mut first, &mut second, |a| (a.mix(b), a));
        }
        "where_into" => {
            where_into(&x.of::<bool>(0), &x.array(1), &x.array(2), &mut out.array());
        }
        "choose_into" => {
            let choices = x.arrays(1);
            choose_into(&x.of::<usize>(0), &refs(&choices), &mut out.array());
        }
        "tile_into" => tile_into(&x.array(0), &mut out.array()),
        "stack_axis_into" => {
            let arrays = x.arrays(0);
            stack_axis_into(&refs(&arrays), x.axis(), &mut out.any::<A, D::Larger>());
        }
        "outer_into" => {
            outer_into(&x.array(0), &x.array(1), &mut out.any::<A, IxDyn>(), A::mix);
        }
        "transpose_into" => transpose_into(&x.array(0), &mut out.array()),
        "permute_axes_into" => {
            let mut axes = D::zeros(x.ints().len());
            axes.slice_mut()
                .copy_from_slice(&(0..x.ints().len()).map(|k| x.count(k)).collect::<Vec<_>>());
            permute_axes_into(&x.array(0), axes, &mut out.array());
        }
        "roll_into" => roll_into(&x.array(0), x.int(0), &mut out.array()),
        "roll_axes_into" => roll_axes_into(&x.array(0), x.ints(), &mut out.array()),
        "accumulate_axis_into" => {
            accumulate_axis_into(&x.array(0), x.axis(), &mut out.array(), A::mix)
        }
        "accumulate_axis_inplace" => accumulate_axis_inplace(&mut out.array(), x.axis(), A::mix),
        "accumulate_into" => accumulate_into(&x.array(0), &mut out.array(), A::mix),
        "shuffle_elements_into" => {
            let a = x.array(0);
            shuffle_elements_into(&a, &mut out.array(), &mut rng(x));
            out.list(&order(a.len(), &mut rng(x)));
        }
        "shuffle_elements_inplace" => {
            shuffle_elements_inplace(&mut out.array(), &mut rng(x));
            let len = out.array().len();
            out.list(&order(len, &mut rng(x)));
        }
        _ => return false,
    }
    true
}

/// The order that a shuffle of the same seed is documented to take.
pub fn order(len: usize, rng: &mut SmallRng) -> Vec<usize> {
    let mut order = Permutation::identity(len);
    order.shuffle(rng);
    order.as_slice().to_vec()
}

pub fn axes<A: Element, D: RemoveAxis>(
    name: &str,
    x: &In<'_, A, D>,
    out: &mut Out<'_, A, D>,
) -> bool {
    match name {
        "take_axis_into" => take_axis_into(&x.array(0), x.axis(), &x.list(1), &mut out.array()),
        "take_along_axis_into" => {
            take_along_axis_into(&x.array(0), x.axis(), &x.of::<usize>(1), &mut out.array());
        }
        "put_along_axis_inplace" => {
            put_along_axis_inplace(&mut out.array(), x.axis(), &x.of::<usize>(0), &x.array(1));
        }
        "at_axis_inplace" => {
            at_axis_inplace(&mut out.array(), x.axis(), &x.list(0), &x.array(1), A::mix);
        }
        "compress_axis_into" => {
            compress_axis_into(&x.array(0), x.axis(), &x.list::<bool>(1), &mut out.array());
        }
        "concatenate_axis_into" => {
            let arrays = x.arrays(0);
            concatenate_axis_into(&refs(&arrays), x.axis(), &mut out.array());
        }
        "repeat_axis_into" => {
            repeat_axis_into(&x.array(0), x.axis(), x.count(1), &mut out.array());
        }
        "pad_into" => {
            let pad = match x.int(0) {
                0 => Pad::Constant(x.number(1)),
                1 => Pad::Edge,
                2 => Pad::Reflect,
                3 => Pad::Symmetric,
                _ => Pad::Wrap,
            };
            let widths: Vec<_> =
                (1..x.ints().len()).step_by(2).map(|k| (x.count(k), x.count(k + 1))).collect();
            pad_into(&x.array(0), &widths, pad, &mut out.array());
        }
        "roll_axis_into" => roll_axis_into(&x.array(0), x.axis(), x.int(1), &mut out.array()),
        "roll_axis_inplace" => roll_axis_inplace(&mut out.array(), x.axis(), x.int(1)),
        "flip_axis_into" => flip_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "flip_axis_inplace" => flip_axis_inplace(&mut out.array(), x.axis()),
        "reorder_axis_into" => {
            let order = Permutation::from_vec(x.list(1).to_vec()).expect("a permutation");
            reorder_axis_into(&x.array(0), x.axis(), &order, &mut out.array());
        }
        "shuffle_copy_into" => {
            let a = x.array(0);
            shuffle_copy_into(&a, &mut out.array(), &mut rng(x));
            out.list(&order(a.len_of(Axis(0)), &mut rng(x)));
        }
        "shuffle_axis_into" => {
            let a = x.array(0);
            shuffle_axis_into(&a, x.axis(), &mut out.array(), &mut rng(x));
            out.list(&order(a.len_of(x.axis()), &mut rng(x)));
        }
        "shuffle_axis_inplace" => {
            shuffle_axis_inplace(&mut out.array(), x.axis(), &mut rng(x));
            let len = out.array().len_of(x.axis());
            out.list(&order(len, &mut rng(x)));
        }
        "reduceat_axis_into" => {
            reduceat_axis_into(&x.array(0), x.axis(), &x.list(1), &mut out.array(), A::mix);
        }
        "reduce_axis_into" => {
            let init = x.number::<A>(1);
            reduce_axis_into(&x.array(0), x.axis(), init, &mut out.any::<A, D::Smaller>(), A::mix);
        }
        "reduce_where_axis_into" => {
            let init = x.number::<A>(2);
            let out = &mut out.any::<A, D::Smaller>();
            reduce_where_axis_into(&x.array(0), x.axis(), &x.of::<bool>(1), init, out, A::mix);
        }
        _ => return false,
    }
    true
}

pub fn draw<A: Element, D: Dimension>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    ndarray_pool::rand::distr::StandardUniform: ndarray_pool::rand::distr::Distribution<A>,
{
    use ndarray_pool::rand::distr::{Distribution, StandardUniform};
    let draws: Vec<A> = match name {
        "random_into" => {
            random_into(&StandardUniform, &mut out.array(), &mut rng(x));
            StandardUniform.sample_iter(rng(x)).take(out.array().len()).collect()
        }
        "random_blocks_into" => {
            let seed = x.ints().last().expect("a seed").cast_unsigned() as u64;
            let rng_of = |block| SmallRng::seed_from_u64(seed ^ block);
            random_blocks_into(&StandardUniform, &mut out.array(), rng_of);
            let block = |block| StandardUniform.sample_iter(rng_of(block)).take(4096);
            (0..).flat_map(block).take(out.array().len()).collect()
        }
        _ => return false,
    };
    out.list(&draws);
    true
}
