//! [`NpyHeader`]: the header of a `.npy` file, read before anything else of it is, and written.
//!
//! A header is a Python dictionary of three entries:
//!
//! ```text
//! {'descr': '<f8', 'fortran_order': False, 'shape': (30, 30), }
//! ```
//!
//! It is read from left to right, each byte once, without a stack and from a buffer of fixed size: no header can hang
//! the parser or make it allocate more than a few words. Element types of several fields, nested as deep as
//! they like, are skipped and named in the error.

use std::fmt;
use std::io;
use std::path::Path;

use super::element::Stored;
use super::file::Positioned;
use crate::blocks::error::BlockError;
use crate::pool::checked_len;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// NumPy itself reads no longer ones from files that it does not trust, and writes some 120 bytes.
const MOST_BYTES: usize = 10_000;

/// The magic, the version, and the length in four bytes.
const MOST_PREFIX_BYTES: usize = 12;

/// NumPy's arrays have at most so many.
const MOST_AXES: usize = 64;

/// How many characters of a wrong value a message repeats.
const SHOWN_CHARS: usize = 60;

/// NumPy lets the data begin at a multiple of this.
const ALIGN_BYTES: usize = 64;

/// NumPy leaves room for so many digits of the first length.
const MOST_DIGITS: usize = 21;

/// What the header of a `.npy` file says, checked against the length of the file: for programs that do not know
/// the type of the elements before they open it.
///
/// ```
/// use ndarray_pool::blocks::{NpyHeader, write_npy};
/// use ndarray_pool::ndarray::array;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-header-{}.npy", std::process::id()));
/// write_npy(&path, &array![[1.0_f32, 2.0, 3.0]])?;
/// let header = NpyHeader::read(&path)?;
/// assert_eq!((header.element(), header.shape()), ("f32", &[1, 3][..]));
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NpyHeader {
    pub(super) stored: Stored,
    pub(super) is_big_endian: bool,
    pub(super) is_fortran_order: bool,
    pub(super) shape: Vec<usize>,
    /// Where the elements begin.
    pub(super) data_offset: u64,
}

impl NpyHeader {
    /// Reads the header of a file, of versions 1 to 3.
    ///
    /// # Errors
    ///
    /// [`BlockError::Open`] and [`BlockError::NotRegular`] if there is no such file, [`BlockError::Header`] with the
    /// invalid field, [`BlockError::Truncated`] if the file has fewer bytes than the header asks for.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, BlockError> {
        Self::of(&Positioned::open(path.as_ref())?)
    }

    /// The Rust name of the element type: `f64`, `u8`, `bool`, `Complex<f32>`.
    pub fn element(&self) -> &'static str {
        self.stored.name()
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Whether the first index varies fastest in the file.
    pub fn is_fortran_order(&self) -> bool {
        self.is_fortran_order
    }

    /// As NumPy writes it, `<f8`.
    pub(super) fn descr(&self) -> String {
        descr(self.stored, self.is_big_endian)
    }

    pub(super) fn of(file: &Positioned) -> Result<Self, BlockError> {
        let file_bytes = file.bytes()?;
        let mut buffer = [0; MOST_PREFIX_BYTES + MOST_BYTES];
        let wanted = usize::try_from(file_bytes).unwrap_or(usize::MAX).min(buffer.len());
        let read = file.read(&mut buffer[..wanted], 0)?;
        let header = Self::parse(&buffer[..read]).map_err(|wrong| match wrong {
            Wrong::Field(field, reason) => BlockError::header(file.path(), field, reason),
            Wrong::TooShort { needed_bytes } => BlockError::Truncated {
                file: file.path().into(),
                found_bytes: file_bytes,
                needed_bytes: needed_bytes as u64,
            },
        })?;
        let needed_bytes = header.data_offset + header.data_bytes();
        if needed_bytes > file_bytes {
            let (file, found_bytes) = (file.path().into(), file_bytes);
            return Err(BlockError::Truncated { file, found_bytes, needed_bytes });
        }
        Ok(header)
    }

    pub(super) fn data_bytes(&self) -> u64 {
        // `parse` has checked that they fit.
        let has_elements = !self.shape.contains(&0);
        let elements = || self.shape.iter().map(|&len| len as u64).product::<u64>();
        if has_elements { elements() * self.stored.bytes() as u64 } else { 0 }
    }

    /// Parses the beginning of a file.
    fn parse(file: &[u8]) -> Result<Self, Wrong> {
        let is_magic = file.iter().zip(MAGIC).all(|(found, needed)| found == needed);
        if !is_magic || file.is_empty() {
            return Err(Wrong::field("magic", "is missing: it is no .npy file"));
        }
        let version = *byte(file, MAGIC.len())?;
        let minor = *byte(file, MAGIC.len() + 1)?;
        let length_bytes = match (version, minor) {
            (1, 0) => 2,
            (2 | 3, 0) => 4,
            _ => {
                let reason = format!("is {version}.{minor}, but must be 1.0, 2.0 or 3.0");
                return Err(Wrong::field("version", reason));
            }
        };
        let start = MAGIC.len() + 2 + length_bytes;
        byte(file, start - 1)?;
        let mut length = [0; 4];
        length[..length_bytes].copy_from_slice(&file[MAGIC.len() + 2..start]);
        let length = u32::from_le_bytes(length) as usize;
        if length > MOST_BYTES {
            let reason = format!("has {length} bytes, but may have {MOST_BYTES} at most");
            return Err(Wrong::field("header", reason));
        }
        if length > 0 {
            byte(file, start + length - 1)?;
        }
        let entries = Entries(&file[start..start + length]).read()?;
        Self::of_entries(entries, start + length)
    }

    fn of_entries(entries: (&[u8], bool, Vec<usize>), start: usize) -> Result<Self, Wrong> {
        let (descr, is_fortran_order, shape) = entries;
        let known = std::str::from_utf8(descr).ok().and_then(|descr| {
            let code = descr.strip_prefix(['\'', '"'])?.strip_suffix(['\'', '"'])?;
            let stored = Stored::of_code(code.get(1..)?)?;
            let is_big_endian = match code.as_bytes()[0] {
                b'>' => true,
                b'<' => false,
                b'=' => cfg!(target_endian = "big"),
                b'|' if stored.part_bytes() == 1 => false,
                _ => return None,
            };
            Some((stored, is_big_endian))
        });
        let Some((stored, is_big_endian)) = known else {
            let reason = format!("is {}, but must be a plain number such as '<f8'", shown(descr));
            return Err(Wrong::field("descr", reason));
        };
        let fits = checked_len(&shape).is_some_and(|len| {
            len.checked_mul(stored.bytes()).is_some_and(|n| isize::try_from(n).is_ok())
        });
        if !fits {
            let reason = format!("is {shape:?}, which is more than fits into the address space");
            return Err(Wrong::field("shape", reason));
        }
        Ok(NpyHeader { stored, is_big_endian, is_fortran_order, shape, data_offset: start as u64 })
    }
}

/// `[30, 30] f64`
impl fmt::Display for NpyHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = if self.is_fortran_order { ", Fortran order" } else { "" };
        write!(f, "{:?} {}{order}", self.shape, self.element())
    }
}

enum Wrong {
    Field(&'static str, String),
    /// There are fewer bytes than the beginning asks for.
    TooShort {
        needed_bytes: usize,
    },
}

impl Wrong {
    fn field(field: &'static str, reason: impl Into<String>) -> Self {
        Wrong::Field(field, reason.into())
    }
}

fn byte(file: &[u8], at: usize) -> Result<&u8, Wrong> {
    file.get(at).ok_or(Wrong::TooShort { needed_bytes: at + 1 })
}

/// What has not been read of the dictionary.
struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    /// `descr` as it is written, `fortran_order` and `shape`.
    fn read(mut self) -> Result<(&'a [u8], bool, Vec<usize>), Wrong> {
        let (mut descr, mut is_fortran_order, mut shape) = (None, None, None);
        self.expect(b'{')?;
        while !self.takes(b'}') {
            let key = self.string()?;
            self.expect(b':')?;
            let (field, is_new) = match key {
                b"descr" => ("descr", descr.replace(self.value()?).is_none()),
                b"fortran_order" => {
                    ("fortran_order", is_fortran_order.replace(self.boolean()?).is_none())
                }
                b"shape" => ("shape", shape.replace(self.shape()?).is_none()),
                _ => {
                    return Err(header(format!(
                        "has a field '{}', which means nothing",
                        shown(key)
                    )));
                }
            };
            if !is_new {
                return Err(Wrong::field(field, "is there twice"));
            }
            if !self.takes(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        if !self.rest().is_empty() {
            return Err(header("has something behind the dictionary"));
        }
        let missing = |field| Wrong::field(field, "is missing");
        Ok((
            descr.ok_or_else(|| missing("descr"))?,
            is_fortran_order.ok_or_else(|| missing("fortran_order"))?,
            shape.ok_or_else(|| missing("shape"))?,
        ))
    }

    fn rest(&mut self) -> &'a [u8] {
        self.0 = self.0.trim_ascii_start();
        self.0
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_there = self.rest().first() == Some(&byte);
        if is_there {
            self.0 = &self.0[1..];
        }
        is_there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Wrong> {
        if self.takes(byte) {
            return Ok(());
        }
        let found = match self.rest() {
            [] => "its end".into(),
            rest => format!("'{}'", shown(rest)),
        };
        Err(header(format!("has {found} where {:?} must be", char::from(byte))))
    }

    /// A string without escapes, without its quotes.
    fn string(&mut self) -> Result<&'a [u8], Wrong> {
        let quote = if self.takes(b'"') { b'"' } else { self.expect(b'\'').map(|()| b'\'')? };
        let Some(end) = self.0.iter().position(|&byte| byte == quote) else {
            return Err(header("has a string that does not end"));
        };
        let (text, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Ok(text)
    }

    fn boolean(&mut self) -> Result<bool, Wrong> {
        for (word, value) in [(&b"True"[..], true), (b"False", false)] {
            if let Some(rest) = self.rest().strip_prefix(word) {
                self.0 = rest;
                return Ok(value);
            }
        }
        Err(Wrong::field("fortran_order", "is neither True nor False"))
    }

    /// A tuple of numbers, to which Python 2 may have added an `L`.
    fn shape(&mut self) -> Result<Vec<usize>, Wrong> {
        let text = self.rest();
        let wrong = || {
            let end = text.iter().position(|&byte| byte == b')').map_or(text.len(), |at| at + 1);
            let reason = format!("is {}, but must be a tuple of lengths", shown(&text[..end]));
            Wrong::field("shape", reason)
        };
        let mut shape = Vec::new();
        if !self.takes(b'(') {
            return Err(wrong());
        }
        while !self.takes(b')') {
            let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = std::str::from_utf8(&self.0[..digits]).ok().and_then(|it| it.parse().ok());
            shape.push(number.ok_or_else(wrong)?);
            self.0 = &self.0[digits..];
            self.0 = self.0.strip_prefix(b"L").unwrap_or(self.0);
            if shape.len() > MOST_AXES {
                let reason = format!("has more than {MOST_AXES} axes, which no array of NumPy has");
                return Err(Wrong::field("shape", reason));
            }
            if !self.takes(b',') {
                // A number in brackets is no tuple.
                if !self.takes(b')') || shape.len() == 1 {
                    return Err(wrong());
                }
                break;
            }
        }
        Ok(shape)
    }

    /// Any value as it is written, up to the comma or brace behind it.
    fn value(&mut self) -> Result<&'a [u8], Wrong> {
        let text = self.rest();
        let (mut depth, mut quote) = (0_usize, None);
        for (at, &byte) in text.iter().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'\'' | b'"') => quote = Some(byte),
                (None, b'(' | b'[' | b'{') => depth += 1,
                (None, b',' | b'}') if depth == 0 => {
                    self.0 = &self.0[at..];
                    return Ok(text[..at].trim_ascii_end());
                }
                (None, b')' | b']' | b'}') => {
                    let closed = depth.checked_sub(1);
                    depth = closed.ok_or_else(|| {
                        Wrong::field("descr", "closes a bracket that is not open")
                    })?;
                }
                (None, _) => {}
            }
        }
        Err(Wrong::field("descr", "does not end"))
    }
}

/// An element type as NumPy writes it, `<f8`.
fn descr(stored: Stored, is_big_endian: bool) -> String {
    let order = match (stored.part_bytes(), is_big_endian) {
        (1, _) => '|',
        (_, true) => '>',
        (_, false) => '<',
    };
    format!("{order}{}", stored.code())
}

fn header(reason: impl Into<String>) -> Wrong {
    Wrong::field("header", reason)
}

/// Text from a file as it may stand in a message.
fn shown(text: &[u8]) -> String {
    // No more of it is looked at than can be shown.
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * (SHOWN_CHARS + 1))]);
    let mut chars = text.chars();
    let mut shown: String = chars
        .by_ref()
        .take(SHOWN_CHARS)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The header of an array of this shape in C order, as NumPy writes it, and as long as it would be for any number of
/// rows.
pub(super) fn written(stored: Stored, shape: &[usize]) -> io::Result<Vec<u8>> {
    use fmt::Write;

    let descr = descr(stored, cfg!(target_endian = "big"));
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (");
    for (axis, len) in shape.iter().enumerate() {
        let _ = write!(text, "{}{len}", if axis == 0 { "" } else { ", " });
    }
    text.push_str(if shape.len() == 1 { ",), }" } else { "), }" });
    let digits = shape.first().map_or(MOST_DIGITS, |rows| rows.to_string().len());
    text.extend(std::iter::repeat_n(' ', MOST_DIGITS - digits));
    let mut bytes = MAGIC.to_vec();
    let start = MAGIC.len() + 4;
    let end = start + text.len() + 1;
    text.extend(std::iter::repeat_n(' ', ALIGN_BYTES - end % ALIGN_BYTES));
    text.push('\n');
    let length = u16::try_from(text.len())
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "the shape has too many axes"))?;
    bytes.extend([1, 0]);
    bytes.extend(length.to_le_bytes());
    bytes.extend(text.into_bytes());
    Ok(bytes)
}
