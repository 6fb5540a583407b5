//! The journal of SEGB as mathematics: what an *entry* is, the bytes it is hashed as, how it commits to its payload
//! without containing it, and the hash by which it becomes a leaf of a Merkle tree; and what makes that tree evidence:
//! inclusion and consistency proofs ([`tree`]), the files that monitors follow ([`tile`]), signed notes ([`note`]),
//! checkpoints and their cosignatures ([`checkpoint`]), what a witness decides ([`witness`]), and how evidence is carried
//! away and checked elsewhere ([`bundle`]). Beside it: what the server's own entries say ([`statement`]), and the records
//! of those who look ([`access`]). It knows no RDF, no HTTP, no storage, no clock and no source of randomness.
//!
//! ```
//! use segb_journal::{Commitment, Entry, EntryKind, Salt, Timestamp};
//! use uuid::Uuid;
//!
//! let payload = b"<urn:robot> a <urn:Robot> .";
//! let salt = Salt::from_bytes([7; Salt::LENGTH_BYTES]); // 32 random bytes in real use
//! let entry = Entry {
//!     sequence: 0,
//!     kind: EntryKind::LogReceived,
//!     log_id: Uuid::from_u128(1),
//!     received_at: "2026-01-31T10:00:00Z".parse::<Timestamp>()?,
//!     actor: "ari".to_owned(),
//!     claimed_user: None,
//!     origin: Some("127.0.0.1".to_owned()),
//!     media_type: Some("text/turtle".to_owned()),
//!     payload_size: payload.len() as u64,
//!     payload_commitment: Commitment::new(&salt, payload),
//! };
//! let leaf = entry.leaf_hash()?;
//! assert_eq!(Entry::from_canonical_bytes(&entry.to_canonical_bytes()?)?.leaf_hash()?, leaf);
//! assert!(entry.payload_commitment.verify(&salt, payload));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod access;
pub mod bundle;
pub mod checkpoint;
mod commitment;
mod decimal;
mod entry;
mod hash;
pub mod note;
pub mod statement;
pub mod tile;
mod timestamp;
pub mod tree;
pub mod witness;

pub use commitment::{Commitment, CommitmentBuilder, Salt};
pub use entry::{Entry, EntryError, EntryKind, UnknownEntryKind};
pub use hash::{Hash, InvalidHash};
pub use timestamp::{InvalidTimestamp, Timestamp};
