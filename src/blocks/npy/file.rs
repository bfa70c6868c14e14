//! A file that is read at a position, so that nobody who reads it too is disturbed.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;
#[cfg(not(any(unix, windows)))]
use std::sync::{Mutex, PoisonError};

use crate::blocks::error::BlockError;

pub(super) struct Positioned {
    path: Box<Path>,
    file: File,
    /// Where the system has no read at a position, a seek and a read take turns.
    #[cfg(not(any(unix, windows)))]
    turn: Mutex<()>,
}

impl Positioned {
    /// Opens a regular file.
    pub(super) fn open(path: &Path) -> Result<Self, BlockError> {
        let failed = |error| BlockError::Open { file: path.into(), error };
        // Before it is opened: to open a pipe waits for a writer.
        if !path.metadata().map_err(failed)?.is_file() {
            return Err(BlockError::NotRegular { file: path.into() });
        }
        let file = File::open(path).map_err(failed)?;
        Ok(Positioned {
            path: path.into(),
            file,
            #[cfg(not(any(unix, windows)))]
            turn: Mutex::new(()),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes it has now.
    pub(super) fn bytes(&self) -> Result<u64, BlockError> {
        let metadata = self.file.metadata();
        metadata.map(|it| it.len()).map_err(|error| self.failed(error))
    }

    /// Fills `bytes` from `offset` on as far as the file goes, and says how far.
    pub(super) fn read(&self, bytes: &mut [u8], offset: u64) -> Result<usize, BlockError> {
        let mut read = 0;
        while read < bytes.len() {
            match self.read_some(&mut bytes[read..], offset + read as u64) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
        Ok(read)
    }

    fn failed(&self, error: io::Error) -> BlockError {
        BlockError::Read { file: self.path.clone(), error }
    }

    #[cfg(unix)]
    fn read_some(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, bytes, offset)
    }

    #[cfg(windows)]
    fn read_some(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, bytes, offset)
    }

    #[cfg(not(any(unix, windows)))]
    fn read_some(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        use std::io::{Read, Seek, SeekFrom};

        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        (&self.file).seek(SeekFrom::Start(offset))?;
        (&self.file).read(bytes)
    }
}
