//! Products of a matrix and a vector.

use ndarray::{Ix1, Ix2};
use ndarray_pool::kernel::*;

use super::{Case, Entry, Probe, numbers};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry {
            name: "matvec_into",
            parameters: &[0],
            case: |shape, axis, parameter| {
                let &[n, m] = shape else { return None };
                let inputs = vec![numbers(shape), numbers(&[m])];
                Some(Case { inputs, out: vec![n], axis, parameter })
            },
            call: call!(|case, [a: D, v: Ix1], out: Ix1, probe| {
                let a = a.view().into_dimensionality::<Ix2>().expect("there are two axes");
                probe(&mut || matvec_into(&a, &v, &mut out));
            }),
            formula: |_, inputs, i| {
                let [a, v] = inputs else { panic!("wrong number of inputs") };
                (0..v.len()).map(|j| a[[i[0], j]] * v[[j]]).sum()
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.inputs[1] = numbers(&[3]),
                    "matvec_into: `v` has length 3, \
                     but must have the length of axis 1 of `a`, 4",
                ),
                (
                    |case| case.out = vec![4],
                    "matvec_into: `out` has shape [4], \
                     but must have the shape of `a` without axis 1, [3]",
                ),
            ],
        },
        Entry {
            name: "vecmat_into",
            parameters: &[0],
            case: |shape, axis, parameter| {
                let &[n, m] = shape else { return None };
                let inputs = vec![numbers(&[n]), numbers(shape)];
                Some(Case { inputs, out: vec![m], axis, parameter })
            },
            call: call!(|case, [v: D, a: Ix2], out: Ix1, probe| {
                let v = v.view().into_dimensionality::<Ix1>().expect("there is one axis");
                probe(&mut || vecmat_into(&v, &a, &mut out));
            }),
            formula: |_, inputs, j| {
                let [v, a] = inputs else { panic!("wrong number of inputs") };
                (0..v.len()).map(|i| v[[i]] * a[[i, j[0]]]).sum()
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.inputs[0] = numbers(&[4]),
                    "vecmat_into: `v` has length 4, \
                     but must have the length of axis 0 of `a`, 3",
                ),
                (
                    |case| case.out = vec![3],
                    "vecmat_into: `out` has shape [3], \
                     but must have the shape of `a` without axis 0, [4]",
                ),
            ],
        },
    ]
}
