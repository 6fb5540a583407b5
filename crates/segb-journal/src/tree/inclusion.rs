//! Proofs that a leaf is in a tree.

use serde::{Deserialize, Serialize};
use tlog_tiles::tlog;

use super::stored::{check_size, read_with};
use super::{HashReader, PROOF_HASHES_MAX, ReadTreeError, SIZE_MAX, from_tlog, to_tlog};
use crate::Hash;

/// A Merkle audit path (RFC 6962, section 2.1.1; RFC 9162, section 2.1.3): the hashes that lead from one leaf to the
/// root of a tree.
///
/// The size is bound by the root: verify against the size *and* root of one signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The index of the leaf, from 0; the sequence of its entry.
    pub leaf_index: u64,
    /// The number of leaves of the tree.
    pub tree_size: u64,
    /// The hashes beside the path, from the leaf to the root; at most 62.
    pub hashes: Vec<Hash>,
}

/// Why no inclusion proof can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProveInclusionError<E> {
    /// The caller's fault: a tree of this size does not have that leaf.
    #[error("leaf {leaf_index} is not in a tree of {tree_size} leaves")]
    NotInTree {
        /// The index asked for.
        leaf_index: u64,
        /// The size asked for, in leaves.
        tree_size: u64,
    },
    /// The tree cannot be read.
    #[error(transparent)]
    Read(#[from] ReadTreeError<E>),
}

/// Why an inclusion proof proves nothing. All of them say that proof, leaf and root do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyInclusionError {
    /// The proof speaks of a leaf that a tree of its size does not have, or of a tree above [`SIZE_MAX`].
    #[error("leaf {leaf_index} is not in a tree of {tree_size} leaves")]
    NotInTree {
        /// The index that the proof states.
        leaf_index: u64,
        /// The size that the proof states, in leaves.
        tree_size: u64,
    },
    /// The proof leads to another root, or has too many or too few hashes.
    #[error("the inclusion proof does not lead from the leaf to the root")]
    Mismatch,
}

/// Proves that leaf `leaf_index` is in the tree of the first `tree_size` leaves. Reads at most 128 hashes, at once.
///
/// # Errors
/// [`ProveInclusionError`].
pub fn prove_inclusion<R: HashReader>(
    leaf_index: u64,
    tree_size: u64,
    reader: &R,
) -> Result<InclusionProof, ProveInclusionError<R::Error>> {
    check_size(tree_size)?;
    if leaf_index >= tree_size {
        return Err(ProveInclusionError::NotInTree { leaf_index, tree_size });
    }
    let hashes = read_with(reader, |adapter| tlog::prove_record(tree_size, leaf_index, adapter))?;
    Ok(InclusionProof { leaf_index, tree_size, hashes: hashes.iter().map(from_tlog).collect() })
}

impl InclusionProof {
    /// Checks that `leaf` is leaf [`leaf_index`](Self::leaf_index) of the tree of [`tree_size`](Self::tree_size)
    /// leaves with this `root` (RFC 9162, section 2.1.3.2).
    ///
    /// # Errors
    /// [`VerifyInclusionError`].
    pub fn verify(&self, leaf: Hash, root: Hash) -> Result<(), VerifyInclusionError> {
        let Self { leaf_index, tree_size, .. } = *self;
        if leaf_index >= tree_size || tree_size > SIZE_MAX {
            return Err(VerifyInclusionError::NotInTree { leaf_index, tree_size });
        }
        // The check copies the path at every step: a long one is refused before it costs anything.
        if self.hashes.len() > PROOF_HASHES_MAX {
            return Err(VerifyInclusionError::Mismatch);
        }
        let path = self.hashes.iter().map(to_tlog).collect();
        tlog::check_record(&path, tree_size, to_tlog(&root), leaf_index, to_tlog(&leaf))
            .map_err(|_| VerifyInclusionError::Mismatch)
    }
}
