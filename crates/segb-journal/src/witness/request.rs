//! The request to a witness.

use std::fmt;

use crate::Hash;
use crate::checkpoint::{Origin, ParseCheckpointError, SignedCheckpoint, UnverifiedCheckpoint};
use crate::decimal::parse_decimal;
use crate::note::Note;
use crate::tree::{ConsistencyProof, PROOF_HASHES_MAX};

/// A request to cosign a checkpoint. It prints as the body of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    pub(super) old_size: u64,
    pub(super) proof: Vec<Hash>,
    pub(super) checkpoint: UnverifiedCheckpoint,
}

/// Why bytes are not such a request. The caller's fault: status 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseAddCheckpointError {
    /// Longer than [`AddCheckpoint::BODY_BYTES_MAX`].
    #[error("the request has at most {} bytes", AddCheckpoint::BODY_BYTES_MAX)]
    TooLong,
    /// Not UTF-8.
    #[error("the request is UTF-8")]
    NotUtf8,
    /// No empty line between the proof and the checkpoint.
    #[error("the request has an empty line between the proof and the checkpoint")]
    NoCheckpoint,
    /// The first line is not `old` and a decimal number without leading zeros.
    #[error("the first line of the request is \"old\" and a size without leading zeros")]
    OldSize,
    /// A line of the proof is not the standard base64 of 32 bytes.
    #[error("a line of the proof is a hash in base64")]
    Proof,
    /// More than 63 lines of proof.
    #[error("a proof has at most {PROOF_HASHES_MAX} lines")]
    ProofTooLong,
    /// The rest is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] ParseCheckpointError),
}

/// Why proof and checkpoint do not make a request. The caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NewAddCheckpointError {
    /// The proof does not lead to the checkpoint.
    #[error("the proof leads to a tree of {to} leaves, the checkpoint is one of {size}")]
    WrongSize {
        /// The size that the proof leads to, in leaves.
        to: u64,
        /// The size of the checkpoint, in leaves.
        size: u64,
    },
    /// More than 63 hashes: no proof for any tree.
    #[error("a proof has at most {PROOF_HASHES_MAX} hashes")]
    ProofTooLong,
}

impl AddCheckpoint {
    /// The longest body that is read, in bytes: the longest note behind the longest proof.
    pub const BODY_BYTES_MAX: usize = Note::BYTES_MAX + 4096;

    /// Asks for a cosignature on `checkpoint`, given that the witness last cosigned the tree of `proof.from` leaves.
    ///
    /// # Errors
    /// [`NewAddCheckpointError`].
    pub fn new(proof: ConsistencyProof, checkpoint: SignedCheckpoint) -> Result<Self, NewAddCheckpointError> {
        let size = checkpoint.checkpoint().head().size;
        if proof.to != size {
            return Err(NewAddCheckpointError::WrongSize { to: proof.to, size });
        }
        if proof.hashes.len() > PROOF_HASHES_MAX {
            return Err(NewAddCheckpointError::ProofTooLong);
        }
        Ok(Self { old_size: proof.from, proof: proof.hashes, checkpoint: checkpoint.into() })
    }

    /// Reads the body of a request. Nothing is verified.
    ///
    /// # Errors
    /// [`ParseAddCheckpointError`].
    pub fn parse(body: &[u8]) -> Result<Self, ParseAddCheckpointError> {
        if body.len() > Self::BODY_BYTES_MAX {
            return Err(ParseAddCheckpointError::TooLong);
        }
        let body = std::str::from_utf8(body).map_err(|_| ParseAddCheckpointError::NotUtf8)?;
        let (head, note) = body.split_once("\n\n").ok_or(ParseAddCheckpointError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let old_size = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(parse_decimal);
        let old_size = old_size.ok_or(ParseAddCheckpointError::OldSize)?;
        if lines.clone().nth(PROOF_HASHES_MAX).is_some() {
            return Err(ParseAddCheckpointError::ProofTooLong);
        }
        let proof: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let proof = proof.ok_or(ParseAddCheckpointError::Proof)?;
        Ok(Self { old_size, proof, checkpoint: UnverifiedCheckpoint::parse(note.as_bytes())? })
    }

    /// The log that the checkpoint says it is about.
    pub const fn origin(&self) -> &Origin {
        self.checkpoint.origin()
    }

    /// What is to be cosigned, unverified.
    pub const fn checkpoint(&self) -> &UnverifiedCheckpoint {
        &self.checkpoint
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(formatter, "{}", hash.to_base64()))?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}
