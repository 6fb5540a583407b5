//! The files of a bundle as they are read.

use std::io;

use sha2::{Digest, Sha256};

use super::report::Findings;
use crate::{Hash, bundle::Problem};

/// The files of a bundle: a zip that is never unpacked, or a directory, or memory.
pub trait BundleFiles {
    /// The names of all files, each once.
    fn names(&self) -> Vec<String>;

    /// The content of a file. It may be of any length, also longer than it says: no more is read than is needed.
    ///
    /// # Errors
    /// Whatever keeps it from being read; also that there is no such file.
    fn open(&mut self, name: &str) -> io::Result<Box<dyn io::Read + '_>>;
}

/// A file that was read completely.
pub(super) struct Read {
    pub(super) bytes: Vec<u8>,
    pub(super) hash: Hash,
}

/// Reads a whole file of at most `bytes_max` bytes.
pub(super) fn read(
    files: &mut impl BundleFiles,
    name: &str,
    bytes_max: u64,
    findings: &mut Findings,
) -> Option<Read> {
    match try_read(files, name, bytes_max) {
        Ok(bytes) if bytes.len() as u64 <= bytes_max => {
            let hash = Hash::of(&[&bytes]);
            return Some(Read { bytes, hash });
        }
        Ok(_) => findings.add(unreadable(name, format!("it is longer than {bytes_max} bytes"))),
        Err(error) => findings.add(unreadable(name, error.to_string())),
    }
    None
}

fn try_read(files: &mut impl BundleFiles, name: &str, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(files.open(name)?, bytes_max + 1), &mut bytes)?;
    Ok(bytes)
}

pub(super) fn unreadable(name: &str, why: String) -> Problem {
    Problem::Unreadable { name: name.to_owned(), why }
}

/// Computes the hash of what is read through it.
pub(super) struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, hasher: Sha256::new() }
    }

    pub(super) fn finish(self) -> Hash {
        Hash::from_bytes(self.hasher.finalize().into())
    }
}

impl<R: io::Read> io::Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..length]);
        Ok(length)
    }
}
