//! Writing: the bytes of NumPy, and a file that is whole under its name or not there.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::{Array, Array1, Array2, Ix2, IxDyn, array};
use ndarray_pool::blocks::{BlockError, NpyHeader, NpyWriter, read_npy_into, write_npy};
use ndarray_pool::prelude::*;

use crate::files::{numbers, said};
use crate::folder::Folder;

/// What `numpy.save` of NumPy 2 writes for `numpy.zeros((30, 30))`, and for other arrays.
#[test]
fn headers_are_those_that_numpy_writes() {
    let folder = Folder::new();
    let path = folder.path("header.npy");
    let header = |bytes: usize| {
        let file = fs::read(&path).unwrap();
        assert_eq!(file[..8], *b"\x93NUMPY\x01\x00");
        assert_eq!(usize::from(u16::from_le_bytes([file[8], file[9]])), bytes - 10);
        String::from_utf8(file[10..bytes].to_vec()).unwrap()
    };
    write_npy(&path, &Array2::<f64>::zeros((30, 30))).unwrap();
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (30, 30), }";
    assert_eq!(header(128), format!("{text:117}\n"));
    write_npy(&path, &Array1::<bool>::from_elem(3, true)).unwrap();
    let text = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }";
    assert_eq!(header(128), format!("{text:117}\n"));
    let mut shape = vec![1; 21];
    shape[0] = 12;
    write_npy(&path, &Array::<u16, _>::zeros(IxDyn(&shape))).unwrap();
    let ones = "1, ".repeat(19) + "1";
    let text = format!("{{'descr': '<u2', 'fortran_order': False, 'shape': (12, {ones}), }}");
    assert_eq!(header(192), format!("{text:181}\n"));
}

#[test]
fn rows_come_back_however_they_were_cut() {
    let folder = Folder::new();
    let path = folder.path("rows.npy");
    let a = numbers(1000, 7);
    let mut back = Array2::<f64>::zeros(a.raw_dim());
    for rows in [1, 3, 999, 1000] {
        let mut out = NpyWriter::<f64, Ix2>::create(&path).unwrap();
        for block in a.axis_chunks_iter(ndarray::Axis(0), rows) {
            out.write(&block).unwrap();
        }
        assert_eq!(out.rows(), 1000);
        out.finish().unwrap();
        back.fill(0.0);
        read_npy_into(&path, &mut back).unwrap();
        assert_eq!(back, a);
    }
    // Not contiguous, and in Fortran order.
    write_npy(&path, &a.slice(ndarray::s![..;2, 1..5])).unwrap();
    let mut part = Array2::<f64>::zeros((500, 4));
    read_npy_into(&path, &mut part).unwrap();
    assert_eq!(part, a.slice(ndarray::s![..;2, 1..5]));
    write_npy(&path, &a.t()).unwrap();
    let mut turned = Array2::<f64>::zeros((7, 1000));
    read_npy_into(&path, &mut turned).unwrap();
    assert_eq!(turned, a.t());
}

#[test]
fn a_lease_is_saved_and_read_back() {
    let folder = Folder::new();
    let path = folder.path("lease.npy");
    let pool = Pool2::<f64>::new((10, 3), 2).unwrap();
    let saved = pool.lease_copy_of(&numbers(10, 3));
    write_npy(&path, &saved).unwrap();
    let mut back = pool.lease_zeroed();
    read_npy_into(&path, &mut back).unwrap();
    assert_eq!(back, saved);
}

#[test]
fn without_rows_there_is_an_array_without_rows() {
    let folder = Folder::new();
    let path = folder.path("none.npy");
    NpyWriter::<f32, Ix2>::create(&path).unwrap().finish().unwrap();
    assert_eq!(NpyHeader::read(&path).unwrap().to_string(), "[0, 0] f32");
    let mut out = NpyWriter::create(&path).unwrap();
    out.write(&Array2::<i8>::zeros((0, 4))).unwrap();
    out.finish().unwrap();
    assert_eq!(NpyHeader::read(&path).unwrap().to_string(), "[0, 4] i8");
}

#[test]
fn under_its_name_there_is_the_old_file_until_the_new_one_is_whole() {
    let folder = Folder::new();
    let path = folder.write("out.npy", b"old");
    let mut out = NpyWriter::create(&path).unwrap();
    out.write(&array![[1.0, 2.0]]).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    let names = folder.names();
    assert!(
        names.len() == 2 && names[0].starts_with(".out.npy.") && names[0].ends_with(".part"),
        "{names:?}"
    );
    out.finish().unwrap();
    assert_eq!(folder.names(), ["out.npy"]);
    assert_eq!(NpyHeader::read(&path).unwrap().shape(), [1, 2]);
}

#[test]
fn a_writer_that_is_dropped_or_panics_leaves_nothing() {
    let folder = Folder::new();
    let path = folder.write("out.npy", b"old");
    let half = || {
        let mut out = NpyWriter::create(&path).unwrap();
        out.write(&numbers(100, 3)).unwrap();
        out
    };
    drop(half());
    assert_eq!(folder.names(), ["out.npy"]);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _out = half();
        panic!("in the middle");
    }));
    assert!(panicked.is_err());
    assert_eq!(folder.names(), ["out.npy"]);
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn rows_of_another_shape_are_refused_and_the_rest_is_written() {
    let folder = Folder::new();
    let path = folder.path("out.npy");
    let mut out = NpyWriter::create(&path).unwrap();
    out.write(&array![[1, 2]]).unwrap();
    let text = said(out.write(&array![[1, 2, 3]]), &path);
    assert_eq!(text, "FILE has rows of shape [2], but the block has rows of shape [3]");
    out.write(&array![[3, 4]]).unwrap();
    out.finish().unwrap();
    let mut back = Array2::<i32>::zeros((2, 2));
    read_npy_into(&path, &mut back).unwrap();
    assert_eq!(back, array![[1, 2], [3, 4]]);
}

#[test]
fn what_cannot_be_replaced_is_left_alone() {
    let folder = Folder::new();
    let refused = NpyWriter::<f64, Ix2>::create(&folder.0);
    assert_eq!(said(refused, &folder.0), "FILE is not a regular file, but must be one");
    let path = folder.path("no/such/folder.npy");
    let text = said(NpyWriter::<f64, Ix2>::create(&path), &path);
    assert!(text.starts_with("cannot write FILE: ") && text.ends_with("is untouched"), "{text}");
    let path = folder.path("..");
    assert!(NpyWriter::<f64, Ix2>::create(&path).is_err());
    #[cfg(unix)]
    {
        let null = std::path::Path::new("/dev/null");
        let refused = NpyWriter::<f64, Ix2>::create(null);
        assert!(matches!(refused, Err(BlockError::NotRegular { .. })));
    }
}

#[test]
#[cfg(unix)]
fn links_are_followed_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::new();
    let path = folder.write("real.npy", b"old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path("link.npy");
    symlink("real.npy", &link).unwrap();
    write_npy(&link, &array![1.0, 2.0]).unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(NpyHeader::read(&path).unwrap().shape(), [2]);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}
