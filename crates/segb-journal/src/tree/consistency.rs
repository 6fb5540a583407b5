//! Proofs that a tree only grew.

use serde::{Deserialize, Serialize};
use tlog_tiles::tlog;

use super::stored::{check_size, read_with};
use super::{EMPTY_ROOT, HashReader, PROOF_HASHES_MAX, ReadTreeError, SIZE_MAX, from_tlog, to_tlog};
use crate::Hash;

/// A Merkle consistency proof (RFC 6962, section 2.1.2; RFC 9162, section 2.1.4): the first `from` leaves of the tree
/// of `to` leaves are the tree of `from` leaves.
///
/// Where the RFCs define no proof, it is empty: every tree continues the empty one (`from` 0), and itself (`from` =
/// `to`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// The number of leaves of the earlier tree.
    pub from: u64,
    /// The number of leaves of the later tree.
    pub to: u64,
    /// The hashes of the proof in the order of the RFCs; at most 63.
    pub hashes: Vec<Hash>,
}

/// Why no consistency proof can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProveConsistencyError<E> {
    /// The caller's fault: a tree does not shrink.
    #[error("a tree of {to} leaves cannot continue one of {from}")]
    OutOfOrder {
        /// The size of the earlier tree, in leaves.
        from: u64,
        /// The size of the later tree, in leaves.
        to: u64,
    },
    /// The tree cannot be read.
    #[error(transparent)]
    Read(#[from] ReadTreeError<E>),
}

/// Why a consistency proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyConsistencyError {
    /// The later tree is smaller than the earlier one, or above [`SIZE_MAX`].
    #[error("a tree of {to} leaves cannot continue one of {from}")]
    OutOfOrder {
        /// The size of the earlier tree that the proof states, in leaves.
        from: u64,
        /// The size of the later tree that the proof states, in leaves.
        to: u64,
    },
    /// The two roots are not those of a tree and its continuation, or the proof is not one for these sizes.
    #[error("the consistency proof does not lead from one root to the other")]
    Mismatch,
}

/// Proves that the tree of the first `to` leaves continues that of the first `from`. Reads at most 128 hashes, at
/// once; none if `from` is 0 or equal to `to`.
///
/// # Errors
/// [`ProveConsistencyError`].
pub fn prove_consistency<R: HashReader>(
    from: u64,
    to: u64,
    reader: &R,
) -> Result<ConsistencyProof, ProveConsistencyError<R::Error>> {
    check_size(to)?;
    if from > to {
        return Err(ProveConsistencyError::OutOfOrder { from, to });
    }
    if from == 0 {
        return Ok(ConsistencyProof { from, to, hashes: Vec::new() });
    }
    let hashes = read_with(reader, |adapter| tlog::prove_tree(to, from, adapter))?;
    Ok(ConsistencyProof { from, to, hashes: hashes.iter().map(from_tlog).collect() })
}

impl ConsistencyProof {
    /// Checks that the tree of [`to`](Self::to) leaves with root `to_root` continues the tree of [`from`](Self::from)
    /// leaves with root `from_root` (RFC 9162, section 2.1.4.2).
    ///
    /// # Errors
    /// [`VerifyConsistencyError`].
    pub fn verify(&self, from_root: Hash, to_root: Hash) -> Result<(), VerifyConsistencyError> {
        let Self { from, to, .. } = *self;
        if from > to || to > SIZE_MAX {
            return Err(VerifyConsistencyError::OutOfOrder { from, to });
        }
        // The check copies the path at every step: a long one is refused before it costs anything.
        if self.hashes.len() > PROOF_HASHES_MAX {
            return Err(VerifyConsistencyError::Mismatch);
        }
        if from == 0 {
            return self.verify_from_nothing(from_root, to_root);
        }
        let proof = self.hashes.iter().map(to_tlog).collect();
        tlog::check_tree(&proof, to, to_tlog(&to_root), from, to_tlog(&from_root))
            .map_err(|_| VerifyConsistencyError::Mismatch)
    }

    /// Every tree continues the empty one, but the empty tree has one root only.
    fn verify_from_nothing(&self, from_root: Hash, to_root: Hash) -> Result<(), VerifyConsistencyError> {
        let to_root_possible = (self.to == 0) == (to_root == EMPTY_ROOT);
        if self.hashes.is_empty() && from_root == EMPTY_ROOT && to_root_possible {
            Ok(())
        } else {
            Err(VerifyConsistencyError::Mismatch)
        }
    }
}
