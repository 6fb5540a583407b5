//! The signatures of witnesses on checkpoints: Ed25519 with a time (C2SP tlog-cosignature, `cosignature/v1`).

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::SignedCheckpoint;
use crate::note::{KeyId, KeyName, NoteSignature, ParseKeyError, PublicKey, SecretKey, SignatureType};

/// The first line of what is signed; it keeps cosignatures apart from everything else a key may sign.
const HEADER: &str = "cosignature/v1";
/// The times that a cosignature can state end before 2⁶³ seconds.
const UNIX_S_MAX: u64 = i64::MAX.unsigned_abs();

/// The secret key of a witness (type 0x04). It reads the text form `PRIVATE+KEY+name+id+base64(0x04 ‖ seed)`. Its
/// bytes are overwritten when it is dropped and never printed. They must not also be the key of a log or of another
/// witness: what is signed does not contain the name of the witness.
pub struct Cosigner(SecretKey);

/// The public key of a witness (type 0x04). It prints and reads as `name+id+base64(0x04 ‖ public key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignatureVerifier(PublicKey);

/// A cosignature that has been verified: at that time, this was the largest tree of the log that the witness had seen,
/// and it continued all earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCosignature {
    /// The name of the witness.
    pub witness: KeyName,
    /// When it cosigned, in seconds since 1970-01-01T00:00:00Z, by its own clock; below 2⁶³.
    pub unix_s: u64,
}

/// A time that no cosignature can state. The fault of the clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the time of a cosignature is below 2^63 seconds")]
pub struct TimeOutOfRange;

impl Cosigner {
    /// The key of RFC 8032, section 5.1.5, from 32 bytes of a cryptographic random number generator.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        Self(SecretKey::from_seed(name, SignatureType::CosignatureV1, seed))
    }

    /// The public half.
    pub fn verifier(&self) -> CosignatureVerifier {
        CosignatureVerifier(self.0.public().clone())
    }

    /// The text form, to be kept where nobody else reads it.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        self.0.to_text()
    }

    /// Cosigns a checkpoint at the time `unix_s`, in seconds since 1970-01-01T00:00:00Z. Whoever does that has
    /// verified that it continues what it cosigned before, and has stored it: see [`witness`](crate::witness).
    ///
    /// # Errors
    /// [`TimeOutOfRange`] from 2⁶³ seconds on.
    pub fn cosign(
        &self,
        checkpoint: &SignedCheckpoint,
        unix_s: u64,
    ) -> Result<NoteSignature, TimeOutOfRange> {
        if unix_s > UNIX_S_MAX {
            return Err(TimeOutOfRange);
        }
        let signature = self.0.sign(message(unix_s, checkpoint.note().text()).as_bytes());
        let bytes = [unix_s.to_be_bytes().as_slice(), &signature].concat();
        Ok(NoteSignature::new(self.0.public().name().clone(), self.0.public().id(), bytes))
    }
}

impl FromStr for Cosigner {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        SecretKey::parse(text, SignatureType::CosignatureV1).map(Self)
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl CosignatureVerifier {
    /// The name of the witness.
    pub fn name(&self) -> &KeyName {
        self.0.name()
    }

    /// The id of the key.
    pub fn key_id(&self) -> KeyId {
        self.0.id()
    }

    /// The 32 bytes of the public key (RFC 8032, section 5.1.5).
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    pub(super) fn public(&self) -> &PublicKey {
        &self.0
    }

    /// The time that a valid cosignature on the checkpoint with this text states.
    pub(super) fn verify(&self, text: &str, signature: &NoteSignature) -> Option<u64> {
        let (time, signature) = signature.bytes().split_first_chunk()?;
        let unix_s = u64::from_be_bytes(*time);
        let valid = unix_s <= UNIX_S_MAX && self.0.verifies(message(unix_s, text).as_bytes(), signature);
        valid.then_some(unix_s)
    }
}

impl fmt::Display for CosignatureVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl FromStr for CosignatureVerifier {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        PublicKey::parse(text, SignatureType::CosignatureV1).map(Self)
    }
}

/// What is signed (C2SP tlog-cosignature, "Ed25519 signed message").
fn message(unix_s: u64, checkpoint: &str) -> String {
    format!("{HEADER}\ntime {unix_s}\n{checkpoint}")
}
