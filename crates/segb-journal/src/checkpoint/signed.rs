//! A checkpoint before and after its signature has been verified.

use std::fmt;

use super::{Checkpoint, CosignatureVerifier, InvalidCheckpoint, Origin, VerifiedCosignature};
use crate::note::{
    InvalidNoteText, Note, NoteFull, NoteSignature, ParseNoteError, Signer, Verifier, VerifyNoteError,
    verify_signatures,
};

/// A checkpoint as it arrived: well-formed, but anybody may have made it. It prints as the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

/// A checkpoint that its log has signed. It prints as the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

/// Why bytes are not a checkpoint. The fault of whoever made them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseCheckpointError {
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] ParseNoteError),
    /// A signed note whose text is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
}

/// Why a checkpoint must not be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyCheckpointError {
    /// It is about another log, whoever signed it.
    #[error("the checkpoint is about the log {found}, not {expected}")]
    WrongOrigin {
        /// The log that was asked about.
        expected: Origin,
        /// The log that the checkpoint is about.
        found: Origin,
    },
    /// It is not signed by a key of the log.
    #[error(transparent)]
    Signature(#[from] VerifyNoteError),
}

/// Why cosignatures were not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddCosignaturesError {
    /// None is by a trusted witness, or one that says so is not.
    #[error(transparent)]
    Signature(#[from] VerifyNoteError),
    /// The checkpoint has no room for more.
    #[error(transparent)]
    Full(#[from] NoteFull),
}

impl UnverifiedCheckpoint {
    /// Reads a checkpoint with its signatures. Nothing is verified.
    ///
    /// # Errors
    /// [`ParseCheckpointError`].
    pub fn parse(note: &[u8]) -> Result<Self, ParseCheckpointError> {
        let note = Note::parse(note)?;
        Ok(Self { checkpoint: note.text().parse()?, note })
    }

    /// The log that it says it is about: by it, the keys to verify with are found.
    pub const fn origin(&self) -> &Origin {
        self.checkpoint.origin()
    }

    /// The text that is said to be signed, without signatures.
    pub fn text(&self) -> &str {
        self.note.text()
    }

    /// Checks that it is about the log `origin` and signed by one of its `keys`. One key may sign for several logs,
    /// so the origin is checked even though it is signed.
    ///
    /// # Errors
    /// [`VerifyCheckpointError`].
    pub fn verify(
        self,
        origin: &Origin,
        keys: &[Verifier],
    ) -> Result<SignedCheckpoint, VerifyCheckpointError> {
        if self.origin() != origin {
            let (expected, found) = (origin.clone(), self.origin().clone());
            return Err(VerifyCheckpointError::WrongOrigin { expected, found });
        }
        self.note.verify(keys)?;
        Ok(SignedCheckpoint { checkpoint: self.checkpoint, note: self.note })
    }
}

impl SignedCheckpoint {
    /// Signs a checkpoint. The name of the key should be the origin. A log signs no checkpoint that is inconsistent
    /// with an earlier one: that is for the caller to ensure (C2SP tlog-checkpoint, "Signatures").
    ///
    /// # Errors
    /// [`InvalidNoteText::TooLong`] if the extension lines are too long.
    pub fn sign(checkpoint: Checkpoint, signer: &Signer) -> Result<Self, InvalidNoteText> {
        let note = Note::sign(checkpoint.to_string(), signer)?;
        Ok(Self { checkpoint, note })
    }

    /// What the log says its tree is.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note with all its signatures; those of other keys are unverified.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// The cosignatures of the `trusted` witnesses, one of each that has cosigned, at least one; others are ignored.
    /// Whether their times are plausible is for the caller to say.
    ///
    /// # Errors
    /// [`VerifyNoteError`].
    pub fn cosignatures(
        &self,
        trusted: &[CosignatureVerifier],
    ) -> Result<Vec<VerifiedCosignature>, VerifyNoteError> {
        let check = |key: &CosignatureVerifier, signature: &_| key.verify(self.note.text(), signature);
        let verified =
            verify_signatures(self.note.signatures(), trusted, CosignatureVerifier::public, check)?;
        Ok(verified
            .into_iter()
            .map(|(key, unix_s)| VerifiedCosignature { witness: key.name().clone(), unix_s })
            .collect())
    }

    /// Adds what a witness has answered, as far as it is by `trusted` keys and valid; the rest is ignored. A newer
    /// cosignature takes the place of an older one by the same key.
    ///
    /// # Errors
    /// [`AddCosignaturesError`]; the checkpoint is unchanged.
    pub fn add_cosignatures(
        &mut self,
        signatures: impl IntoIterator<Item = NoteSignature>,
        trusted: &[CosignatureVerifier],
    ) -> Result<(), AddCosignaturesError> {
        let known = |signature: &NoteSignature| trusted.iter().any(|key| key.public().is_named_by(signature));
        let offered: Vec<NoteSignature> = signatures.into_iter().filter(known).collect();
        let check = |key: &CosignatureVerifier, signature: &_| key.verify(self.note.text(), signature);
        verify_signatures(&offered, trusted, CosignatureVerifier::public, check)?;
        let mut note = self.note.clone();
        offered.into_iter().try_for_each(|signature| note.add_signature(signature))?;
        self.note = note;
        Ok(())
    }
}

impl fmt::Display for UnverifiedCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.note, formatter)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.note, formatter)
    }
}

impl From<SignedCheckpoint> for UnverifiedCheckpoint {
    fn from(SignedCheckpoint { checkpoint, note }: SignedCheckpoint) -> Self {
        Self { checkpoint, note }
    }
}
