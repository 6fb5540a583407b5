//! The tree folded up leaf by leaf, in constant memory.

use super::stored::complete_subtrees;
use super::{
    EMPTY_ROOT, HashReader, ReadTreeError, SIZE_MAX, StoredHash, TreeHead, leaf_position, node_hash,
};
use crate::Hash;

/// The right edge of a growing tree: one hash for each complete subtree, at most 62, from which the next leaf and the
/// root are computed without reading anything. What a verifier that streams a journal keeps, and what a writer keeps
/// between commits (clone it before a transaction that may be rolled back).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootBuilder {
    size: u64,
    /// One for each 1 bit of `size`, from the highest: the complete subtrees from left to right.
    subtrees: Vec<Hash>,
}

/// The tree has [`SIZE_MAX`] leaves and takes no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the tree is full: it has {SIZE_MAX} leaves")]
pub struct TreeFull;

impl RootBuilder {
    /// The tree without leaves.
    pub const fn new() -> Self {
        Self { size: 0, subtrees: Vec::new() }
    }

    /// The tree of the first `size` stored leaves, to be continued. Reads at most 62 hashes, at once.
    ///
    /// # Errors
    /// [`ReadTreeError`], in particular if fewer than `size` leaves are stored.
    pub fn resume<R: HashReader>(size: u64, reader: &R) -> Result<Self, ReadTreeError<R::Error>> {
        Ok(Self { size, subtrees: complete_subtrees(size, reader)? })
    }

    /// The number of leaves; the sequence of the next one.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree as it stands (RFC 6962, section 2.1).
    pub fn root(&self) -> Hash {
        let from_the_right = self.subtrees.iter().rev().copied();
        from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT)
    }

    /// Size and root of the tree as it stands.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }

    /// Appends the next leaf.
    ///
    /// # Errors
    /// [`TreeFull`]; the tree is unchanged.
    pub fn append(&mut self, leaf: Hash) -> Result<(), TreeFull> {
        self.fold(leaf, |_| ()).map(|_| ())
    }

    /// Appends the next leaf and says what to store for it: the leaf and the subtrees that it completes, at
    /// consecutive positions; the same as [`hashes_to_store`](super::hashes_to_store).
    ///
    /// # Errors
    /// [`TreeFull`]; the tree is unchanged.
    pub fn append_storing(&mut self, leaf: Hash) -> Result<Vec<StoredHash>, TreeFull> {
        let mut hashes = Vec::new();
        let first = self.fold(leaf, |hash| hashes.push(hash))?;
        Ok((first..).zip(hashes).map(|(position, hash)| StoredHash { position, hash }).collect())
    }

    /// Gives every completed hash to `completed`, smallest subtree first, and returns the position of the first.
    fn fold(&mut self, leaf: Hash, mut completed: impl FnMut(Hash)) -> Result<u64, TreeFull> {
        let first = leaf_position(self.size).ok_or(TreeFull)?;
        completed(leaf);
        let mut hash = leaf;
        // Each trailing 1 bit is a subtree as large as what has been built so far: together they are the next larger.
        let merged = self.size.trailing_ones() as usize;
        let kept = self.subtrees.len().saturating_sub(merged);
        for left in self.subtrees.drain(kept..).rev() {
            hash = node_hash(&left, &hash);
            completed(hash);
        }
        self.subtrees.push(hash);
        self.size += 1;
        Ok(first)
    }
}
