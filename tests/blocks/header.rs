//! Headers of every kind: what is not what it must be is an error that names file and field.

use std::path::Path;

use ndarray::{Ix1, Ix2, IxDyn, array};
use ndarray_pool::blocks::{BlockError, NpyHeader, NpyRows, write_npy};
use ndarray_pool::memory::count_allocs;
use ndarray_pool::rand::rngs::StdRng;
use ndarray_pool::rand::{RngExt, SeedableRng};

use crate::files::{npy, said};
use crate::folder::Folder;
use crate::npy::with_header;

fn refused(folder: &Folder, bytes: &[u8], says: &str) {
    let path = folder.write("bad.npy", bytes);
    assert_eq!(said(NpyHeader::read(&path), &path), says);
    assert_eq!(said(NpyRows::<f64, Ix2>::open(&path), &path), says);
}

fn of_type(descr: &str) -> Vec<u8> {
    npy(descr, false, "(2, 2)", &[0; 32])
}

fn of_shape(shape: &str) -> Vec<u8> {
    npy("'<f8'", false, shape, &[0; 32])
}

#[test]
fn every_field_that_is_wrong_is_named() {
    let folder = Folder::new();
    let refused = |bytes: &[u8], says: &str| refused(&folder, bytes, says);
    let data = &[0; 32];
    refused(b"", "`magic` is missing: it is no .npy file");
    refused(b"a,b\n", "`magic` is missing: it is no .npy file");
    refused(&with_header(9, "{}", data), "`version` is 9.0, but must be 1.0, 2.0 or 3.0");
    refused(&with_header(0, "{}", data), "`version` is 0.0, but must be 1.0, 2.0 or 3.0");
    let mut later = with_header(1, "{}", data);
    later[7] = 7;
    refused(&later, "`version` is 1.7, but must be 1.0, 2.0 or 3.0");
    refused(
        &with_header(2, &" ".repeat(10_001), data),
        "`header` has 10001 bytes, but may have 10000 at most",
    );
    refused(
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        "`header` has 4294967295 bytes, but may have 10000 at most",
    );
    refused(b"\x93NUMPY\x01\x00\x80\x00{", "FILE has 11 bytes, but its header asks for 138");
    refused(&with_header(1, "", data), "`header` has its end where '{' must be");
    refused(&with_header(1, "{'descr': '<f8'}", data), "`fortran_order` is missing");
    refused(&with_header(1, "{", data), "`header` has its end where '\\'' must be");
    refused(&with_header(1, "{'descr", data), "`header` has a string that does not end");
    refused(&with_header(1, "{'a': 1}", data), "`header` has a field 'a', which means nothing");
    let twice = "{'fortran_order': True, 'fortran_order': True}";
    refused(&with_header(1, twice, data), "`fortran_order` is there twice");
    let order = "{'fortran_order': Maybe}";
    refused(&with_header(1, order, data), "`fortran_order` is neither True nor False");
    let behind = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)} 1 {";
    refused(&with_header(1, behind, data), "`header` has something behind the dictionary");
    let open = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2) ";
    refused(&with_header(1, open, data), "`header` has its end where '}' must be");
}

#[test]
fn types_that_are_no_plain_number_are_shown() {
    let folder = Folder::new();
    let nested = |open: &str, close: &str| open.repeat(400) + "1" + &close.repeat(400);
    let shown = |descr: &str| {
        let short: String = descr.chars().take(60).collect();
        let dots = if short.len() < descr.len() { "…" } else { "" };
        format!("`descr` is {short}{dots}, but must be a plain number such as '<f8'")
    };
    for descr in [
        "[('a', '<f8'), ('b', '<i4', (2,))]",
        "'<U5'",
        "'|O'",
        "'|S3'",
        "'<M8[ns]'",
        "'<f2'",
        "'<f16'",
        "'|V8'",
        "'f8'",
        "'|f8'",
        "'<'",
        "''",
        "'",
        "None",
        &nested("{'a':", "}"),
        &nested("[", "]"),
        &nested("(", ",)"),
    ] {
        let says = match descr {
            "'" => "`descr` does not end".to_owned(),
            _ => shown(descr),
        };
        refused(&folder, &of_type(descr), &says);
    }
    refused(&folder, &of_type(&"(".repeat(1000)), "`descr` does not end");
    refused(&folder, &of_type("1) "), "`descr` closes a bracket that is not open");
    refused(
        &folder,
        &of_type("'\u{1b}[2J'"),
        "`descr` is '\u{fffd}[2J', but must be a plain number such as '<f8'",
    );
}

#[test]
fn shapes_that_no_array_has_are_refused() {
    let folder = Folder::new();
    let large =
        |shape: &str| format!("`shape` is {shape}, which is more than fits into the address space");
    refused(&folder, &of_shape("(9223372036854775808, 1)"), &large("[9223372036854775808, 1]"));
    refused(&folder, &of_shape("(9223372036854775808, 0)"), &large("[9223372036854775808, 0]"));
    refused(&folder, &of_shape("(4294967296, 4294967296)"), &large("[4294967296, 4294967296]"));
    refused(&folder, &of_shape("(2305843009213693952, 1)"), &large("[2305843009213693952, 1]"));
    for shape in
        ["(2, -2)", "(99999999999999999999, 2)", "(2, 2", "[2, 2]", "(2 2)", "(2, a)", "2", "(2)"]
    {
        let path = folder.write("bad.npy", &of_shape(shape));
        let text = said(NpyHeader::read(&path), &path);
        assert!(
            text.starts_with("`shape` is ") && text.ends_with("must be a tuple of lengths"),
            "{text}"
        );
    }
    let many = format!("({})", "1, ".repeat(65));
    refused(
        &folder,
        &of_shape(&many),
        "`shape` has more than 64 axes, which no array of NumPy has",
    );
    refused(
        &folder,
        &of_shape("(300000, 300000)"),
        &format!(
            "FILE has {} bytes, but its header asks for 7200000000{}",
            of_shape("(300000, 300000)").len(),
            of_shape("(300000, 300000)").len() - 32
        ),
    );
    let path = folder.write("axes.npy", &of_shape("(4,)"));
    let two = NpyRows::<f64, Ix2>::open(&path);
    assert_eq!(said(two, &path), "`shape` is [4], but must have 2 axes");
    let path = folder.write("axes.npy", &of_shape("(2, 2)"));
    assert_eq!(
        said(NpyRows::<f64, Ix1>::open(&path), &path),
        "`shape` is [2, 2], but must have 1 axis"
    );
    let path = folder.write("axes.npy", &of_shape("()"));
    let any = NpyRows::<f64, IxDyn>::open(&path);
    assert_eq!(said(any, &path), "`shape` is [], but must have an axis");
    assert_eq!(NpyHeader::read(&path).unwrap().shape(), [0; 0]);
}

#[test]
fn other_types_are_read_only_where_that_is_asked_for() {
    let folder = Folder::new();
    let path = folder.path("singles.npy");
    write_npy(&path, &array![[1.5_f32, 2.5]]).unwrap();
    let wrong = NpyRows::<f64, Ix2>::open(&path);
    assert_eq!(said(wrong, &path), "`descr` is '<f4' (f32), but f64 is read");
    let wrong = NpyRows::<i64, Ix2>::open_converting(&path);
    assert_eq!(said(wrong, &path), "`descr` is '<f4' (f32), but i64 is read");
    assert_eq!(NpyRows::<f64, Ix2>::open_converting(&path).unwrap().rows(), 1);
}

#[test]
fn headers_of_other_forms_are_read() {
    let folder = Folder::new();
    for (version, header) in [
        (1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }          "),
        (2, " {\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f8\"}"),
        (3, "{'shape': (2L, 3L,), 'descr': '<f8' , 'fortran_order':False,}\n"),
    ] {
        let path = folder.write("form.npy", &with_header(version, header, &[0; 48]));
        let read = NpyHeader::read(&path).unwrap();
        assert_eq!(
            (read.shape(), read.element(), read.is_fortran_order()),
            (&[2, 3][..], "f64", false)
        );
        assert_eq!(read.to_string(), "[2, 3] f64");
    }
}

#[test]
fn what_is_not_a_file_is_not_opened() {
    let folder = Folder::new();
    let path = folder.path("none.npy");
    assert_eq!(said(NpyHeader::read(&path), &path).split(':').next(), Some("cannot open FILE"));
    assert_eq!(
        said(NpyHeader::read(&folder.0), &folder.0),
        "FILE is not a regular file, but must be one"
    );
    #[cfg(target_os = "linux")]
    {
        let null = Path::new("/dev/zero");
        assert_eq!(
            said(NpyHeader::read(null), null),
            "FILE is not a regular file, but must be one"
        );
    }
}

#[test]
fn a_file_cut_at_any_byte_is_refused() {
    let folder = Folder::new();
    let path = folder.path("whole.npy");
    write_npy(&path, &array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for bytes in 0..whole.len() {
        let path = folder.write("cut.npy", &whole[..bytes]);
        let error = NpyRows::<f64, Ix2>::open(&path).unwrap_err();
        match error {
            BlockError::Header { field: "magic", .. } => assert_eq!(bytes, 0),
            BlockError::Truncated { found_bytes, needed_bytes, .. } => {
                assert_eq!(found_bytes, bytes as u64);
                assert!(needed_bytes > found_bytes && needed_bytes <= whole.len() as u64);
            }
            error => panic!("{bytes} bytes: {error}"),
        }
    }
}

/// Whatever bytes a header has, it is read or refused, at once, and with little memory.
#[test]
fn mutated_headers_neither_hang_nor_panic_nor_allocate() {
    let folder = Folder::new();
    let mut rng = StdRng::seed_from_u64(21);
    let words: [&[u8]; 16] = [
        b"{",
        b"}",
        b"(",
        b")",
        b"'",
        b"\"",
        b",",
        b":",
        b"[",
        b"True",
        b"'shape'",
        b"'descr'",
        b"9223372036854775808",
        b"0",
        b"'<f8'",
        b"\xff",
    ];
    let honest = npy("'<f8'", false, "(2, 2)", &[0; 32]);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..1500 {
        let mut bytes = honest.clone();
        for _ in 0..rng.random_range(1..5) {
            let at = rng.random_range(0..bytes.len() - 32);
            let word = words[rng.random_range(0..words.len())];
            match rng.random_range(0..4) {
                0 => bytes[at] = rng.random(),
                1 => drop(bytes.splice(at..at, word.iter().copied())),
                2 => drop(
                    bytes.splice(at..(at + word.len()).min(bytes.len() - 32), word.iter().copied()),
                ),
                _ => drop(bytes.drain(at..(at + rng.random_range(1..9)).min(bytes.len() - 32))),
            }
            if bytes.len() < 34 {
                break;
            }
        }
        let path = folder.write("mutated.npy", &bytes);
        let (header, seen) = count_allocs(|| NpyRows::<f64, IxDyn>::open(&path));
        assert!(seen.counts.allocated_bytes < 8 << 10, "{} bytes", seen.counts.allocated_bytes);
        match header {
            Ok(rows) => {
                read += 1;
                assert!(rows.shape().iter().product::<usize>() * 8 <= bytes.len());
            }
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains("mutated.npy"), "{error}");
            }
        }
    }
    assert!(read > 3 && refused > 500, "{read} read, {refused} refused");
}
