//! A zip from somebody who may mean no good.

use std::{
    collections::BTreeMap,
    io::{self, Read, Seek},
};

use segb_journal::bundle::BundleFiles;
use zip::{CompressionMethod, ZipArchive, result::ZipError};

/// A zip in which every name is plain and there once, files lie side by side, and headers say the same as the directory:
/// so that every program sees the same files in it. Nothing is ever unpacked onto the disk, and of a file no more is
/// read than the directory says, so that reading takes time in proportion to the length of the zip.
#[derive(Debug)]
pub struct Archive<R> {
    zip: ZipArchive<R>,
    /// The files by their names: the place in the directory, and the length in bytes.
    files: BTreeMap<String, (usize, u64)>,
}

/// Why a zip is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is none, or cut off, or unusual in a way that two programs may read differently.
    #[error("it is not a zip, or a damaged one: {0}")]
    NotAZip(#[from] ZipError),
    /// There is something in front of it.
    #[error("there are {0} bytes in front of the zip")]
    SomethingInFront(u64),
    /// It says twice what a file is.
    #[error("the zip has two files of one name")]
    DuplicateName,
    /// A name that could lead elsewhere, or be shown as another one.
    #[error("the zip has a file with a name that no bundle has: {0}")]
    Name(String),
    /// A link, or something encrypted, or packed in another way.
    #[error("the zip has something in it that no bundle has: {0}")]
    Kind(String),
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory of a zip.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn open(zip: R) -> Result<Self, ArchiveError> {
        let mut zip = ZipArchive::new(zip)?;
        if zip.offset() != 0 {
            return Err(ArchiveError::SomethingInFront(zip.offset()));
        }
        if zip.has_duplicate_names() {
            return Err(ArchiveError::DuplicateName);
        }
        zip.validate_header_consistency()?;
        let mut files = BTreeMap::new();
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index)?;
            let raw = String::from_utf8_lossy(file.name_raw()).into_owned();
            if !is_plain(&raw) {
                return Err(ArchiveError::Name(raw.escape_debug().to_string()));
            }
            // Programs that pack a directory put it in, too.
            if file.is_dir() && file.size() == 0 {
                continue;
            }
            let packed =
                [CompressionMethod::Stored, CompressionMethod::Deflated].contains(&file.compression());
            if !file.is_file() || file.is_symlink() || file.encrypted() || !packed {
                return Err(ArchiveError::Kind(raw));
            }
            files.insert(raw, (index, file.size()));
        }
        Ok(Self { zip, files })
    }
}

/// Letters, digits, `.`, `_` and `-`, in parts that are no `.` or `..`; the name of a directory ends in a slash.
fn is_plain(name: &str) -> bool {
    let name = name.strip_suffix('/').unwrap_or(name);
    name.split('/').all(|part| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        !part.is_empty() && part.bytes().all(plain) && !part.bytes().all(|byte| byte == b'.')
    })
}

impl<R: Read + Seek> BundleFiles for Archive<R> {
    fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    fn open(&mut self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let (index, length) = *self.files.get(name).ok_or(io::ErrorKind::NotFound)?;
        let file = self.zip.by_index(index)?;
        Ok(Box::new(Bounded { inner: file, left: length }))
    }
}

/// Fails where there is more than there should be.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        match self.left.checked_sub(length as u64) {
            Some(left) => self.left = left,
            None => {
                let what = "it is longer than the directory of the zip says";
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for name in ["README.txt", "payloads/0000000001.ttl", "payloads/", "a-b_c"] {
            assert!(is_plain(name), "{name}");
        }
        for name in [
            "",
            "/",
            "/etc/passwd",
            "../up",
            "a/../b",
            "a//b",
            ".",
            "a/.",
            "C:\\a",
            "a b",
            "a\0",
            "\u{202E}a",
            "é",
            "...",
        ] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn what_is_longer_than_it_says_is_refused() {
        let mut bytes = Vec::new();
        let mut bounded = Bounded { inner: io::repeat(1), left: 10 };
        assert_eq!(bounded.read_to_end(&mut bytes).unwrap_err().kind(), io::ErrorKind::InvalidData);
        let mut bounded = Bounded { inner: [1_u8; 10].as_slice(), left: 10 };
        assert_eq!(bounded.read_to_end(&mut Vec::new()).unwrap(), 10);
    }
}
