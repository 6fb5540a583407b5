//! The keys that sign notes: Ed25519 over the text (C2SP signed-note, "Ed25519 signatures").

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::{KeyId, KeyName, NoteSignature, ParseKeyError, PublicKey, SecretKey, SignatureType};

/// A secret key for signing notes (type 0x01). It reads the text form `PRIVATE+KEY+name+id+base64(0x01 ‖ seed)`.
/// Its bytes are overwritten when it is dropped and never printed.
pub struct Signer(SecretKey);

/// A public key for checking notes (type 0x01). It prints and reads as `name+id+base64(0x01 ‖ public key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier(PublicKey);

impl Signer {
    /// The key of RFC 8032, section 5.1.5, from 32 bytes of a cryptographic random number generator.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        Self(SecretKey::from_seed(name, SignatureType::Ed25519, seed))
    }

    /// The public half.
    pub fn verifier(&self) -> Verifier {
        Verifier(self.0.public().clone())
    }

    /// The text form, to be kept where nobody else reads it.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        self.0.to_text()
    }

    pub(super) fn sign(&self, text: &str) -> NoteSignature {
        let public = self.0.public();
        NoteSignature::new(public.name().clone(), public.id(), self.0.sign(text.as_bytes()).to_vec())
    }
}

impl FromStr for Signer {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        SecretKey::parse(text, SignatureType::Ed25519).map(Self)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Verifier {
    /// The name under which the key signs.
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

    pub(super) fn verifies(&self, text: &str, signature: &NoteSignature) -> bool {
        self.0.verifies(text.as_bytes(), signature.bytes())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl FromStr for Verifier {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        PublicKey::parse(text, SignatureType::Ed25519).map(Self)
    }
}
