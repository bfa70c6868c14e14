//! Reading: every element type, both byte orders and both memory orders, in blocks of any kind.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use ndarray::{
    Array, Array1, Array2, Array3, ArrayD, Axis, Ix1, Ix2, Ix3, IxDyn, ShapeBuilder, array, s,
};
use ndarray_pool::blocks::{BlockError, Moments, NpyElement, NpyRows, read_npy_into, write_npy};
use ndarray_pool::prelude::*;

use crate::files::{npy, numbers, said};
use crate::folder::Folder;

fn all<A: NpyElement, D>(rows: &NpyRows<A, D>, pool: &Pool<A, D>) -> Array<A, D>
where
    D: ndarray::RemoveAxis + 'static,
{
    let mut shape = rows.block_shape(usize::MAX);
    shape[0] = rows.rows();
    let mut all = Array::from_shape_simple_fn(shape, bytemuck::Zeroable::zeroed);
    let (mut blocks, mut next) = (rows.blocks(pool), 0);
    while let Some(block) = blocks.next_block().unwrap() {
        let end = next + block.len_of(Axis(0));
        all.slice_axis_mut(Axis(0), (next..end).into()).assign(&block);
        next = end;
    }
    assert_eq!(next, rows.rows());
    pool.assert_all_returned();
    all
}

#[test]
fn rows_of_every_length_come_back_in_blocks_of_every_length() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    for rows in [1, 2, 7, 30] {
        let a = numbers(rows, 3);
        write_npy(&path, &a).unwrap();
        let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
        for block_rows in [1, 2, 5, 7, 30, 31] {
            assert_eq!(all(&file, &Pool2::new((block_rows, 3), 1).unwrap()), a);
            assert_eq!(all(&file, &Pool2::new((block_rows, 3).f(), 1).unwrap()), a);
        }
    }
    let lane = numbers(1000, 1).remove_axis(Axis(1));
    write_npy(&path, &lane).unwrap();
    let file = NpyRows::<f64, Ix1>::open(&path).unwrap();
    assert_eq!(all(&file, &Pool1::new(file.block_shape(100), 1).unwrap()), lane);
    let cubes = Array3::from_shape_fn((9, 4, 5), |(i, j, k)| (100 * i + 10 * j + k) as i32);
    write_npy(&path, &cubes).unwrap();
    let file = NpyRows::<i32, Ix3>::open(&path).unwrap();
    assert_eq!(file.block_shape(4 * 20 * 4), Ix3(4, 4, 5));
    assert_eq!(all(&file, &Pool3::new((4, 4, 5), 1).unwrap()), cubes);
    assert_eq!(all(&file, &Pool3::new((4, 4, 5).f(), 1).unwrap()), cubes);
    let file = NpyRows::<i32, IxDyn>::open(&path).unwrap();
    let pool = Pool::<i32, IxDyn>::new(file.block_shape(1), 1).unwrap();
    assert_eq!(all(&file, &pool), cubes.into_dyn());
}

#[test]
fn fortran_order_is_read_by_columns() {
    let folder = Folder::new();
    let path = folder.path("fortran.npy");
    let cubes =
        Array3::from_shape_fn((700, 2, 3), |(i, j, k)| (10 * i) as f64 + (j + 3 * k) as f64 / 8.0);
    let mut turned = Array3::zeros((700, 2, 3).f());
    turned.assign(&cubes);
    ndarray_npy::write_npy(&path, &turned).unwrap();
    let file = NpyRows::<f64, Ix3>::open(&path).unwrap();
    assert!(file.header().is_fortran_order());
    for rows in [1, 64, 600, 700] {
        assert_eq!(all(&file, &Pool3::new((rows, 2, 3), 1).unwrap()), cubes);
        assert_eq!(all(&file, &Pool3::new((rows, 2, 3).f(), 1).unwrap()), cubes);
    }
    let (mut straight, mut same) = (Array3::zeros((700, 2, 3)), Array3::zeros((700, 2, 3).f()));
    read_npy_into(&path, &mut straight).unwrap();
    read_npy_into(&path, &mut same).unwrap();
    assert_eq!((&straight, &same), (&cubes, &cubes));
}

/// Written by this machine, read back turned round.
fn both_byte_orders<A>(folder: &Folder, code: &str, a: &Array1<A>, big: &dyn Fn(A) -> Vec<u8>)
where
    A: NpyElement + PartialEq + Debug,
{
    let path = folder.path("order.npy");
    write_npy(&path, a).unwrap();
    let mut back = Array1::from_elem(a.len(), A::zeroed());
    read_npy_into(&path, &mut back).unwrap();
    assert_eq!(&back, a, "{code}");
    let data: Vec<u8> = a.iter().flat_map(|&x| big(x)).collect();
    let shape = format!("({},)", a.len());
    let path = folder.write("big.npy", &npy(&format!("'>{code}'"), false, &shape, &data));
    back.fill(A::zeroed());
    read_npy_into(&path, &mut back).unwrap();
    assert_eq!(&back, a, ">{code}");
}

#[test]
fn every_number_is_read_in_both_byte_orders() {
    let folder = Folder::new();
    macro_rules! check {
        ($($type:ty, $code:literal;)*) => {$(
            let a = Array1::from_iter((0..3000).map(|n| (n * 77) as $type));
            both_byte_orders(&folder, $code, &a, &|x| x.to_be_bytes().to_vec());
        )*};
    }
    check! {
        i8, "i1"; i16, "i2"; i32, "i4"; i64, "i8"; u8, "u1"; u16, "u2"; u32, "u4"; u64, "u8";
        f32, "f4"; f64, "f8";
    }
}

#[test]
fn complex_numbers_are_turned_part_by_part() {
    use num_complex::Complex;
    let folder = Folder::new();
    let a = Array1::from_iter((0..100).map(|n| Complex::new(f64::from(n), -0.5)));
    let big = |x: Complex<f64>| [x.re.to_be_bytes(), x.im.to_be_bytes()].concat();
    both_byte_orders(&folder, "c16", &a, &big);
    let a = a.mapv(|x| Complex::new(x.re as f32, x.im as f32));
    let big = |x: Complex<f32>| [x.re.to_be_bytes(), x.im.to_be_bytes()].concat();
    both_byte_orders(&folder, "c8", &a, &big);
    let path = folder.path("singles.npy");
    write_npy(&path, &a).unwrap();
    let file = NpyRows::<Complex<f64>, Ix1>::open_converting(&path).unwrap();
    assert_eq!(all(&file, &Pool1::new(7, 1).unwrap())[99], Complex::new(99.0, -0.5));
}

#[test]
fn conversions_are_those_of_as_and_refuse_what_does_not_fit() {
    let folder = Folder::new();
    let path = folder.path("numbers.npy");
    let big = array![[0_i64, 1, -1], [i64::MAX, i64::MIN, 1 << 60]];
    write_npy(&path, &big).unwrap();
    let pool = Pool2::<f64>::new((1, 3), 1).unwrap();
    let file = NpyRows::<f64, Ix2>::open_converting(&path).unwrap();
    assert_eq!(all(&file, &pool), big.mapv(|x| x as f64));
    let file = NpyRows::<i8, Ix2>::open_converting(&path).unwrap();
    let small = Pool2::<i8>::new((1, 3), 1).unwrap();
    let mut blocks = file.blocks(&small);
    assert_eq!(blocks.next_block().unwrap().unwrap().row(0), array![0, 1, -1]);
    let text = said(blocks.next_block(), &path);
    assert_eq!(text, "row 1 of FILE has a value of type i64 that i8 cannot hold");
    // Through many tiles, turned round on the way.
    let singles = Array2::from_shape_fn((9000, 3), |(i, j)| (i * 3 + j) as f32 / 4.0);
    let data: Vec<u8> = singles.iter().flat_map(|x| x.to_be_bytes()).collect();
    let path = folder.write("singles.npy", &npy("'>f4'", false, "(9000, 3)", &data));
    let file = NpyRows::<f64, Ix2>::open_converting(&path).unwrap();
    assert_eq!(all(&file, &Pool2::new((4000, 3), 1).unwrap()), singles.mapv(f64::from));
}

#[test]
fn a_bool_is_zero_or_one() {
    let folder = Folder::new();
    let a = Array2::from_shape_fn((5000, 9), |(i, j)| (i * j) % 3 == 0);
    let path = folder.path("bools.npy");
    write_npy(&path, &a).unwrap();
    let file = NpyRows::<bool, Ix2>::open(&path).unwrap();
    assert_eq!(all(&file, &Pool2::new((1024, 9), 1).unwrap()), a);
    assert_eq!(all(&file, &Pool2::new((1024, 9).f(), 1).unwrap()), a);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    for bad in [2, 255] {
        bytes[last] = bad;
        let path = folder.write("bad.npy", &bytes);
        let mut out = Array2::from_elem((5000, 9), true);
        let text = said(read_npy_into(&path, &mut out), &path);
        assert_eq!(text, format!("row 4999 of FILE has the byte {bad}, but a bool is 0 or 1"));
    }
    let path = folder.write("columns.npy", &npy("'|b1'", true, "(3, 2)", &[0, 0, 0, 0, 7, 0]));
    let mut out = Array2::from_elem((3, 2), true);
    let text = said(read_npy_into(&path, &mut out), &path);
    assert_eq!(text, "row 1 of FILE has the byte 7, but a bool is 0 or 1");
}

#[test]
fn no_rows_and_no_columns_are_read() {
    let folder = Folder::new();
    let path = folder.path("empty.npy");
    write_npy(&path, &Array2::<f64>::zeros((0, 3))).unwrap();
    let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
    assert_eq!(file.block_shape(1 << 20), Ix2(1, 3));
    assert_eq!(all(&file, &Pool2::new((4, 3), 1).unwrap()).dim(), (0, 3));
    write_npy(&path, &Array2::<f64>::zeros((5, 0))).unwrap();
    let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let mut rows = Vec::new();
    let pool = Pool2::new((2, 0), 1).unwrap();
    file.blocks(&pool).for_each(|block| rows.push(block.dim())).unwrap();
    assert_eq!(rows, [(2, 0), (2, 0), (1, 0)]);
    // More rows than anybody can walk over, and none of them has an element.
    let path = folder.write("many.npy", &npy("'<f8'", true, "(9223372036854775807, 0)", &[]));
    let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let most = isize::MAX as usize;
    assert_eq!((file.rows(), file.block_shape(100)), (most, Ix2(most, 0)));
    assert_eq!(file.blocks(&pool).next_block().unwrap().unwrap().dim(), (2, 0));
    let pool = Pool2::new(file.block_shape(100), 1).unwrap();
    let mut moments = Moments::new(file.row_shape());
    file.blocks(&pool).for_each(|block| moments.update(&block)).unwrap();
    assert_eq!(moments.count(), most);
    // No row at all, and each would be longer than memory.
    for shape in ["(0, 2305843009213693952)", "(4294967296, 0)"] {
        let path = folder.write("none.npy", &npy("'<f8'", false, shape, &[]));
        let file = NpyRows::<f64, IxDyn>::open(&path).unwrap();
        assert!(file.block_shape(1 << 20)[0] >= 1);
    }
}

#[test]
fn other_rows_than_the_pools_are_refused() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    write_npy(&path, &numbers(10, 3)).unwrap();
    let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Pool2::new((4, 2), 1).unwrap();
    let mut blocks = file.blocks(&pool);
    let text = said(blocks.next_block(), &path);
    assert_eq!(text, "FILE has rows of shape [3], but the block has rows of shape [2]");
    let mut out = Array2::<f64>::zeros((9, 3));
    let text = said(read_npy_into(&path, &mut out), &path);
    assert_eq!(text, "FILE has shape [10, 3], but the array has shape [9, 3]");
    assert_eq!(out.sum(), 0.0);
}

#[test]
fn a_file_that_is_shortened_meanwhile_is_an_error() {
    let folder = Folder::new();
    let path = folder.path("shorter.npy");
    write_npy(&path, &numbers(100, 3)).unwrap();
    let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Pool2::<f64>::new((30, 3), 1).unwrap();
    let mut blocks = file.blocks(&pool);
    assert!(blocks.next_block().unwrap().is_some());
    fs::File::options().write(true).open(&path).unwrap().set_len(128 + 40 * 24).unwrap();
    let text = said(blocks.next_block(), &path);
    assert_eq!(text, "FILE has 1088 bytes, but its header asks for 2528");
    pool.assert_all_returned();
    assert!(matches!(blocks.next_block(), Err(BlockError::Ended)));
}

#[test]
fn loops_over_one_file_do_not_disturb_each_other() {
    let folder = Folder::new();
    let path = folder.path("shared.npy");
    let a = numbers(100, 3);
    write_npy(&path, &a).unwrap();
    let file = NpyRows::<f64, Ix2>::open(&path).unwrap();
    let pool = Pool2::<f64>::new((30, 3), 2).unwrap();
    let (mut one, mut two) = (file.blocks(&pool), file.blocks(&pool));
    assert_eq!(*one.next_block().unwrap().unwrap(), a.slice(s![..30, ..]));
    assert_eq!(*one.next_block().unwrap().unwrap(), a.slice(s![30..60, ..]));
    assert_eq!(*two.next_block().unwrap().unwrap(), a.slice(s![..30, ..]));
    assert_eq!(*one.next_block().unwrap().unwrap(), a.slice(s![60..90, ..]));
}

/// Files of another writer.
#[test]
fn what_others_write_is_read_and_what_is_written_others_read() {
    let folder = Folder::new();
    let path: &Path = &folder.path("other.npy");
    let a = numbers(40, 5);
    ndarray_npy::write_npy(path, &a).unwrap();
    let mut back = Array2::<f64>::zeros(a.raw_dim());
    read_npy_into(path, &mut back).unwrap();
    assert_eq!(back, a);
    write_npy(path, &a.t()).unwrap();
    assert_eq!(ndarray_npy::read_npy::<_, Array2<f64>>(path).unwrap(), a.t());
    let b: ArrayD<bool> = Array::from_elem(IxDyn(&[2, 1, 3]), true);
    write_npy(path, &b).unwrap();
    assert_eq!(ndarray_npy::read_npy::<_, ArrayD<bool>>(path).unwrap(), b);
}
