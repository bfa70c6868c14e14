//! The header of an `.npy` file, read before anything else of it is.
//!
//! A header is a Python dictionary of three entries, of which two have a fixed form:
//!
//! ```text
//! {'descr': '<f8', 'fortran_order': False, 'shape': (30, 30), }
//! ```
//!
//! This is read from left to right, and each byte once: a header from somebody else can neither
//! hang nor exhaust a parser that never goes back and has no stack. What the third entry, the
//! element type, looks like is only told; types of several fields can be nested as deep as they like.

use std::io::{self, Read};

const MAGIC: &[u8] = b"\x93NUMPY";

/// NumPy itself reads no longer ones from files that it does not trust, and writes some 120 bytes.
const MOST_BYTES: usize = 10_000;

/// How much of a strange element type is repeated.
const SHOWN_CHARS: usize = 60;

/// What a header says.
pub(crate) struct Header {
    /// The element type as it is written, `'<f8'` with its quotes.
    pub(crate) descr: String,
    pub(crate) shape: Vec<usize>,
    /// Where the elements begin.
    pub(crate) data_offset: u64,
}

impl Header {
    /// Reads the beginning of a file.
    pub(crate) fn read(file: &mut impl Read) -> Result<Self, String> {
        let mut start = [0; 10];
        fill(file, &mut start)?;
        if !start.starts_with(MAGIC) {
            return Err("it is no .npy file".into());
        }
        let (length, length_bytes) = match start[6] {
            1 => (u32::from(u16::from_le_bytes([start[8], start[9]])), 2),
            2 | 3 => {
                let mut rest = [0; 2];
                fill(file, &mut rest)?;
                (u32::from_le_bytes([start[8], start[9], rest[0], rest[1]]), 4)
            }
            version => return Err(format!("it is an .npy file of version {version}, not 1 to 3")),
        };
        if length as usize > MOST_BYTES {
            return Err(format!(
                "its header has {length} bytes, but may have {MOST_BYTES} at most"
            ));
        }
        let mut text = vec![0; length as usize];
        fill(file, &mut text)?;
        let (descr, shape) =
            Entries(&text).read().map_err(|what| format!("in its header {what}"))?;
        let data_offset = (MAGIC.len() + 2 + length_bytes) as u64 + u64::from(length);
        Ok(Header { descr, shape, data_offset })
    }
}

fn fill(file: &mut impl Read, bytes: &mut [u8]) -> Result<(), String> {
    file.read_exact(bytes).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => "it is too short for an .npy file".into(),
        _ => e.to_string(),
    })
}

/// What has not been read of the dictionary.
struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    fn read(mut self) -> Result<(String, Vec<usize>), String> {
        let (mut descr, mut is_fortran, mut shape) = (None, None, None);
        self.expect(b'{')?;
        while !self.takes(b'}') {
            let key = self.string()?;
            self.expect(b':')?;
            let is_new = match key.as_str() {
                "descr" => descr.replace(self.value()?).is_none(),
                "fortran_order" => is_fortran.replace(self.boolean()?).is_none(),
                "shape" => shape.replace(self.shape()?).is_none(),
                _ => return Err(format!("{key:?} stands for nothing")),
            };
            if !is_new {
                return Err(format!("{key:?} stands twice"));
            }
            if !self.takes(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        if !self.rest().is_empty() {
            return Err("something follows the dictionary".into());
        }
        match (descr, is_fortran, shape) {
            (Some(descr), Some(_), Some(shape)) => Ok((descr, shape)),
            _ => Err("'descr', 'fortran_order' or 'shape' is missing".into()),
        }
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

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        let wanted = char::from(byte);
        if self.takes(byte) { Ok(()) } else { Err(format!("{wanted:?} is missing")) }
    }

    /// A string without escapes, without its quotes.
    fn string(&mut self) -> Result<String, String> {
        let quote = if self.takes(b'"') { b'"' } else { self.expect(b'\'').map(|()| b'\'')? };
        let Some(end) = self.0.iter().position(|&byte| byte == quote) else {
            return Err("a string does not end".into());
        };
        let (text, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Ok(shown(text))
    }

    fn boolean(&mut self) -> Result<bool, String> {
        for (word, value) in [(&b"True"[..], true), (b"False", false)] {
            if let Some(rest) = self.rest().strip_prefix(word) {
                self.0 = rest;
                return Ok(value);
            }
        }
        Err("'fortran_order' is neither True nor False".into())
    }

    /// A tuple of numbers.
    fn shape(&mut self) -> Result<Vec<usize>, String> {
        let mut shape = Vec::new();
        self.expect(b'(')?;
        while !self.takes(b')') {
            let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = std::str::from_utf8(&self.0[..digits]).expect("digits are text");
            let number = number.parse().map_err(|_| "'shape' is no tuple of lengths".to_owned())?;
            shape.push(number);
            self.0 = &self.0[digits..];
            if !self.takes(b',') {
                self.expect(b')')?;
                break;
            }
        }
        Ok(shape)
    }

    /// Any value as it stands there, up to the comma or brace behind it.
    fn value(&mut self) -> Result<String, String> {
        let text = self.rest();
        let (mut depth, mut quote) = (0_usize, None);
        for (at, &byte) in text.iter().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'\'' | b'"') => quote = Some(byte),
                (None, b'(' | b'[' | b'{') => depth += 1,
                (None, b',' | b'}') if depth == 0 => {
                    let value = shown(text[..at].trim_ascii_end());
                    self.0 = &self.0[at..];
                    return Ok(value);
                }
                (None, b')' | b']' | b'}') => {
                    depth = depth.checked_sub(1).ok_or("a bracket closes that none opened")?;
                }
                (None, _) => {}
            }
        }
        Err("'descr' does not end".into())
    }
}

/// Text from a file as it may stand in a message.
fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
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
