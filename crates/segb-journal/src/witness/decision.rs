//! Whether a witness cosigns.

use super::{AddCheckpoint, ParseAddCheckpointError};
use crate::checkpoint::{Cosigner, Origin, SignedCheckpoint, TimeOutOfRange, VerifyCheckpointError};
use crate::note::{NoteSignature, Verifier};
use crate::tree::{ConsistencyProof, TreeHead, VerifyConsistencyError};

/// What a witness knows about a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchedLog<'a> {
    /// The identity of the log.
    pub origin: &'a Origin,
    /// The keys that sign for it.
    pub keys: &'a [Verifier],
    /// The tree that was last cosigned; [`TreeHead::EMPTY`] if none was.
    pub last_cosigned: TreeHead,
}

/// A checkpoint that the witness may cosign, once it has stored the head.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the head has to be stored and the checkpoint cosigned"]
pub struct Accepted(SignedCheckpoint);

/// Why a witness does not cosign, in the order in which it looks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// 400: the request cannot be read.
    #[error(transparent)]
    Malformed(#[from] ParseAddCheckpointError),
    /// 404: the witness does not watch this log.
    #[error("the log {0} is not known here")]
    UnknownLog(Origin),
    /// 403: no key of the log has signed the checkpoint.
    #[error("the checkpoint cannot be verified: {0}")]
    Unverified(#[source] VerifyCheckpointError),
    /// 400: the old size is above that of the checkpoint.
    #[error("the old size {old_size} is above the size {size} of the checkpoint")]
    OldSizeAbove {
        /// The old size that the request states, in leaves.
        old_size: u64,
        /// The size of the checkpoint, in leaves.
        size: u64,
    },
    /// 409: the request starts from another size than the one last cosigned. The client can ask again from there.
    #[error("the last cosigned size is {last_size}")]
    Conflict {
        /// The size last cosigned, in leaves; the body of the answer.
        last_size: u64,
    },
    /// 409: another tree of the size last cosigned. **Proof that the log is not append-only**: both checkpoints are
    /// signed by it, so both should be kept.
    #[error("another tree of {last_size} leaves has been cosigned")]
    OtherRoot {
        /// The size last cosigned, in leaves; the body of the answer.
        last_size: u64,
    },
    /// 422: the proof does not show that the checkpoint continues the tree last cosigned. Either a wrong proof or a
    /// log that is not append-only; the request may be kept.
    #[error("the consistency proof is not valid: {0}")]
    BadProof(#[source] VerifyConsistencyError),
}

impl Refusal {
    /// The HTTP status that C2SP tlog-witness assigns.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::OldSizeAbove { .. } => 400,
            Self::Unverified(_) => 403,
            Self::UnknownLog(_) => 404,
            Self::Conflict { .. } | Self::OtherRoot { .. } => 409,
            Self::BadProof(_) => 422,
        }
    }

    /// The size that the body of a 409 states, as a decimal number and a newline, with the media type
    /// `text/x.tlog.size`.
    pub const fn last_size(&self) -> Option<u64> {
        match self {
            Self::Conflict { last_size } | Self::OtherRoot { last_size } => Some(*last_size),
            _ => None,
        }
    }
}

impl Accepted {
    /// What to remember as last cosigned for [`origin`](Self::origin), on disk, before anything is answered.
    pub const fn head(&self) -> TreeHead {
        self.0.checkpoint().head()
    }

    /// The log.
    pub const fn origin(&self) -> &Origin {
        self.0.checkpoint().origin()
    }

    /// The checkpoint as the log signed it; other signatures on it are unverified.
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.0
    }

    /// The answer, once the head is on disk: the body is this line and a newline. `unix_s` is the time in seconds
    /// since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimeOutOfRange`] from 2⁶³ seconds on.
    pub fn cosign(&self, cosigner: &Cosigner, unix_s: u64) -> Result<NoteSignature, TimeOutOfRange> {
        cosigner.cosign(&self.0, unix_s)
    }
}

/// Decides on a request, given what is known about the log that it names; `None` if that is not watched.
///
/// # Errors
/// [`Refusal`].
pub fn decide(request: AddCheckpoint, watched: Option<WatchedLog<'_>>) -> Result<Accepted, Refusal> {
    let AddCheckpoint { old_size, proof, checkpoint } = request;
    let Some(log) = watched.filter(|log| log.origin == checkpoint.origin()) else {
        return Err(Refusal::UnknownLog(checkpoint.origin().clone()));
    };
    let checkpoint = checkpoint.verify(log.origin, log.keys).map_err(Refusal::Unverified)?;
    let (last, new) = (log.last_cosigned, checkpoint.checkpoint().head());
    if old_size > new.size {
        return Err(Refusal::OldSizeAbove { old_size, size: new.size });
    }
    if old_size != last.size {
        return Err(Refusal::Conflict { last_size: last.size });
    }
    let proof = ConsistencyProof { from: old_size, to: new.size, hashes: proof };
    check_growth(&proof, last, new)?;
    Ok(Accepted(checkpoint))
}

/// Whether the new tree continues the last one. Another root for the same leaves gets a status of its own, whatever the
/// proof; not so for no leaves, since nothing was cosigned that it could contradict.
fn check_growth(proof: &ConsistencyProof, last: TreeHead, new: TreeHead) -> Result<(), Refusal> {
    if last.size > 0 && last.size == new.size && last.root != new.root {
        return Err(Refusal::OtherRoot { last_size: last.size });
    }
    proof.verify(last.root, new.root).map_err(Refusal::BadProof)
}
