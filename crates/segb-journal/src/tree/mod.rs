//! The Merkle tree over the entries' leaf hashes (RFC 6962, section 2.1; RFC 9162, section 2.1), SHA-256.
//!
//! A tree of `size` leaves is never rebuilt: when a leaf is appended, the hashes of the subtrees that it completes are
//! stored once, at consecutive *positions* ([`leaf_position`]), and everything else — roots, proofs, tiles — is computed
//! from at most 128 of them, read through a [`HashReader`]. Nothing here knows where they are kept.
//!
//! ```
//! use segb_journal::tree::{self, HashReader, RootBuilder};
//! use segb_journal::Hash;
//!
//! struct Stored(Vec<Hash>); // position → hash; a table of the journal in real use
//! impl HashReader for Stored {
//!     type Error = std::convert::Infallible;
//!     fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, Self::Error> {
//!         Ok(positions.iter().map(|position| self.0[*position as usize]).collect())
//!     }
//! }
//!
//! let (mut stored, mut builder) = (Stored(Vec::new()), RootBuilder::new());
//! for sequence in 0..10_u8 {
//!     let completed = builder.append_storing(tree::leaf_hash(&[sequence]))?;
//!     stored.0.extend(completed.iter().map(|node| node.hash));
//! }
//! let proof = tree::prove_inclusion(3, 10, &stored)?;
//! proof.verify(tree::leaf_hash(&[3]), builder.root())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod consistency;
mod inclusion;
mod stored;

pub use builder::{RootBuilder, TreeFull};
pub use consistency::{ConsistencyProof, ProveConsistencyError, VerifyConsistencyError, prove_consistency};
pub use inclusion::{InclusionProof, ProveInclusionError, VerifyInclusionError, prove_inclusion};
pub(crate) use stored::read_checked;
pub use stored::{
    HashReader, ReadTreeError, StoredHash, hashes_to_store, leaf_position, node_position, root, stored_count,
};

use serde::{Deserialize, Serialize};

use crate::Hash;

/// The prefix of a leaf in the Merkle tree hash (RFC 6962, section 2.1; RFC 9162, section 2.1.1).
const LEAF_PREFIX: [u8; 1] = [0x00];
/// The prefix of an interior node, so that no leaf can be passed off as a node (RFC 6962, section 2.1).
const NODE_PREFIX: [u8; 1] = [0x01];

/// The largest tree this crate computes with, in leaves: 2⁶². All positions then fit the signed 64-bit integers of a
/// database, and a consistency proof the 63 lines that C2SP tlog-witness allows.
pub const SIZE_MAX: u64 = 1 << 62;

/// The most hashes that a proof of either kind can hold in a tree of at most [`SIZE_MAX`] leaves.
pub const PROOF_HASHES_MAX: usize = 63;

/// The root of the tree without leaves: the SHA-256 of nothing (RFC 6962, section 2.1).
pub const EMPTY_ROOT: Hash = Hash::from_bytes(tlog_tiles::EMPTY_HASH.0);

/// What identifies a tree: its size and its root (RFC 6962, section 3.5, without time and signature).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of that many leaves.
    pub root: Hash,
}

impl TreeHead {
    /// The tree without leaves.
    pub const EMPTY: Self = Self { size: 0, root: EMPTY_ROOT };
}

/// The leaf of a record: `SHA-256(0x00 ‖ record)`. For an entry, the record is its canonical form.
pub fn leaf_hash(record: &[u8]) -> Hash {
    Hash::of(&[&LEAF_PREFIX, record])
}

/// The hash of the interior node over two subtrees: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of(&[&NODE_PREFIX, left.as_bytes(), right.as_bytes()])
}

fn to_tlog(hash: &Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(*hash.as_bytes())
}

fn from_tlog(hash: &tlog_tiles::Hash) -> Hash {
    Hash::from_bytes(hash.0)
}
