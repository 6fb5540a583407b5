//! Which hashes of the tree are stored, where, and how they are read back.

use std::cell::RefCell;

use tlog_tiles::tlog;

use super::{EMPTY_ROOT, SIZE_MAX, from_tlog, to_tlog};
use crate::Hash;

/// Reads stored hashes. Implemented by whoever keeps them.
pub trait HashReader {
    /// Why hashes cannot be read, for example an error of the database.
    type Error;

    /// The hashes at `positions`, in the same order, one for each; positions come in increasing order, at most a few
    /// hundred at a time.
    ///
    /// # Errors
    /// If any of them is not stored or cannot be read. Never a shorter answer.
    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, Self::Error>;
}

impl<R: HashReader + ?Sized> HashReader for &R {
    type Error = R::Error;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, R::Error> {
        (**self).hashes(positions)
    }
}

/// The hash of a complete subtree and the position at which it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredHash {
    /// Where it is stored: 0, 1, 2, … in the order in which subtrees are completed.
    pub position: u64,
    /// The hash.
    pub hash: Hash,
}

/// Why the tree could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadTreeError<E> {
    /// The reader failed; its error says whose fault that is.
    #[error("the stored hashes of the tree cannot be read")]
    Reader(#[source] E),
    /// The reader is wrong: it answered with another number of hashes than it was asked for.
    #[error("asked for {asked} stored hashes of the tree and got {got}")]
    WrongCount {
        /// How many positions were asked for.
        asked: usize,
        /// How many hashes came back.
        got: usize,
    },
    /// The caller's fault: no tree has more than [`SIZE_MAX`] leaves.
    #[error("a tree of {size} leaves is too large")]
    TooLarge {
        /// The size in leaves.
        size: u64,
    },
    /// The arithmetic refused. A bug in this crate: the arguments were checked before.
    #[error("the arithmetic of the tree failed")]
    Arithmetic,
}

/// The position of the leaf with this sequence. The hashes of the subtrees that it completes follow it directly.
///
/// # Errors
/// `None` if the sequence is [`SIZE_MAX`] or more.
pub fn leaf_position(sequence: u64) -> Option<u64> {
    node_position(0, sequence)
}

/// The position of the complete subtree over leaves `index * 2^level .. (index + 1) * 2^level`.
///
/// The order is that of Crosby and Wallach, "Efficient Data Structures for Tamper-Evident Logging", section 3.3: a
/// subtree comes directly after its right child.
///
/// # Errors
/// `None` if the subtree reaches beyond [`SIZE_MAX`] leaves.
pub fn node_position(level: u8, index: u64) -> Option<u64> {
    let leaves = 1_u64.checked_shl(level.into())?;
    let end = index.checked_add(1)?.checked_mul(leaves)?;
    (end <= SIZE_MAX).then(|| tlog::stored_hash_index(level, index))
}

/// How many hashes are stored for a tree of `size` leaves: fewer than twice as many. Also the first position that is
/// still free.
///
/// # Errors
/// `None` if the size is above [`SIZE_MAX`].
pub fn stored_count(size: u64) -> Option<u64> {
    (size <= SIZE_MAX).then(|| tlog::stored_hash_count(size))
}

/// The hashes to store when leaf number `sequence` is appended: the leaf and the subtrees it completes, at consecutive
/// positions. Reads at most 62 earlier hashes, on average one; [`RootBuilder`](super::RootBuilder) gives the same
/// without reading.
///
/// # Errors
/// [`ReadTreeError`]; nothing has been stored then.
pub fn hashes_to_store<R: HashReader>(
    sequence: u64,
    leaf: Hash,
    reader: &R,
) -> Result<Vec<StoredHash>, ReadTreeError<R::Error>> {
    let first =
        leaf_position(sequence).ok_or(ReadTreeError::TooLarge { size: sequence.saturating_add(1) })?;
    let hashes =
        read_with(reader, |adapter| tlog::stored_hashes_for_record_hash(sequence, to_tlog(&leaf), adapter))?;
    Ok((first..)
        .zip(&hashes)
        .map(|(position, hash)| StoredHash { position, hash: from_tlog(hash) })
        .collect())
}

/// The root of the tree of the first `size` leaves (RFC 6962, section 2.1). Reads at most 62 hashes, at once.
///
/// # Errors
/// [`ReadTreeError`], in particular if fewer than `size` leaves are stored.
pub fn root<R: HashReader>(size: u64, reader: &R) -> Result<Hash, ReadTreeError<R::Error>> {
    check_size(size)?;
    if size == 0 {
        return Ok(EMPTY_ROOT);
    }
    read_with(reader, |adapter| tlog::tree_hash(size, adapter)).map(|hash| from_tlog(&hash))
}

/// The hashes of the complete subtrees that make up the tree of `size` leaves, largest first.
pub(super) fn complete_subtrees<R: HashReader>(
    size: u64,
    reader: &R,
) -> Result<Vec<Hash>, ReadTreeError<R::Error>> {
    check_size(size)?;
    read_checked(reader, &tlog::sub_tree_index(0, size, Vec::new()))
}

pub(super) fn check_size<E>(size: u64) -> Result<(), ReadTreeError<E>> {
    if size <= SIZE_MAX { Ok(()) } else { Err(ReadTreeError::TooLarge { size }) }
}

/// Reads hashes and holds the reader to its contract.
pub(crate) fn read_checked<R: HashReader>(
    reader: &R,
    positions: &[u64],
) -> Result<Vec<Hash>, ReadTreeError<R::Error>> {
    let hashes = reader.hashes(positions).map_err(ReadTreeError::Reader)?;
    if hashes.len() == positions.len() {
        Ok(hashes)
    } else {
        Err(ReadTreeError::WrongCount { asked: positions.len(), got: hashes.len() })
    }
}

/// Runs a computation of `tlog_tiles` over `reader`. Its error type has no room for the reader's, so that the adapter
/// keeps what went wrong; and it panics on a short answer, so that the adapter refuses one first.
pub(super) fn read_with<R: HashReader, T>(
    reader: &R,
    compute: impl FnOnce(&Adapter<'_, R>) -> Result<T, tlog::Error>,
) -> Result<T, ReadTreeError<R::Error>> {
    let adapter = Adapter { reader, failure: RefCell::new(None) };
    compute(&adapter).map_err(|_| adapter.failure.into_inner().unwrap_or(ReadTreeError::Arithmetic))
}

/// A [`HashReader`] as `tlog_tiles` wants it.
pub(super) struct Adapter<'a, R: HashReader> {
    reader: &'a R,
    failure: RefCell<Option<ReadTreeError<R::Error>>>,
}

impl<R: HashReader> tlog::HashReader for Adapter<'_, R> {
    fn read_hashes(&self, positions: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        match read_checked(self.reader, positions) {
            Ok(hashes) => Ok(hashes.iter().map(to_tlog).collect()),
            Err(error) => {
                self.failure.replace(Some(error));
                Err(tlog::Error::IndexesNotInTree)
            }
        }
    }
}
