//! Ed25519 keys with a name, an id and the one type of signature they make.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::{KeyName, NoteSignature};
use crate::Hash;

/// What the text of a secret key begins with.
const SECRET_PREFIX: &str = "PRIVATE+KEY+";
/// The type byte and 32 bytes of key.
const KEY_BYTES: usize = 33;
/// Those in base64.
const KEY_BASE64_BYTES: usize = 44;

/// The type of a signature, by the byte assigned in C2SP signed-note, "Signature types".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum SignatureType {
    /// Ed25519 over the text of the note.
    Ed25519 = 0x01,
    /// Ed25519 over a time and the text of a checkpoint (C2SP tlog-cosignature).
    CosignatureV1 = 0x04,
}

/// The short name of a key: the first four bytes of `SHA-256(name ‖ 0x0A ‖ type ‖ public key)` (C2SP signed-note,
/// "Signatures"). It prints as eight lower-case hexadecimal digits. A hint which key to take, not a fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; KeyId::LENGTH_BYTES]);

impl KeyId {
    /// The length of an id.
    pub const LENGTH_BYTES: usize = 4;

    /// Wraps the four bytes of an id.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH_BYTES]) -> Self {
        Self(bytes)
    }

    /// The four bytes of the id.
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH_BYTES] {
        &self.0
    }

    fn new(name: &KeyName, kind: SignatureType, key: &VerifyingKey) -> Self {
        let hash = Hash::of(&[name.as_str().as_bytes(), b"\n", &[kind as u8], key.as_bytes()]);
        let [first, second, third, fourth, ..] = *hash.as_bytes();
        Self([first, second, third, fourth])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

/// Why a text is not a key. The fault of whoever wrote it; the messages never contain any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseKeyError {
    /// Not name, id and base64 joined by plus signs; for a secret key behind `PRIVATE+KEY+`.
    #[error("the key is not of the form name+id+base64")]
    Malformed,
    /// A key for signatures of another type; a key must not be used for two.
    #[error("the key is for signatures of type {found:#04x}, not {expected:#04x}")]
    WrongType {
        /// The type byte that is needed here.
        expected: u8,
        /// The type byte in the text.
        found: u8,
    },
    /// The bytes are not an Ed25519 public key, or one under which anything verifies.
    #[error("the key is not an Ed25519 public key")]
    NotAKey,
    /// The id is not that of name and key: one of them has been changed.
    #[error("the id of the key does not belong to its name and bytes")]
    WrongId,
}

/// The public half: checks signatures. It prints as `name+id+base64(type ‖ key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    name: KeyName,
    id: KeyId,
    kind: SignatureType,
    key: VerifyingKey,
}

impl PublicKey {
    fn new(name: KeyName, kind: SignatureType, key: VerifyingKey) -> Self {
        Self { id: KeyId::new(&name, kind, &key), name, kind, key }
    }

    pub(crate) fn parse(text: &str, kind: SignatureType) -> Result<Self, ParseKeyError> {
        let (name, id, bytes) = split(text, kind)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| ParseKeyError::NotAKey)?;
        if key.is_weak() {
            return Err(ParseKeyError::NotAKey);
        }
        Self::new(name, kind, key).with_id(id)
    }

    fn with_id(self, id: &str) -> Result<Self, ParseKeyError> {
        if self.id.to_string() == id { Ok(self) } else { Err(ParseKeyError::WrongId) }
    }

    pub(crate) fn name(&self) -> &KeyName {
        &self.name
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    /// The 32 bytes of RFC 8032.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether the signature says that it was made with this key.
    pub(crate) fn is_named_by(&self, signature: &NoteSignature) -> bool {
        *signature.name() == self.name && signature.key_id() == self.id
    }

    /// Strict verification (RFC 8032, section 5.1.7, without small-order points): nobody can make two signatures of
    /// one, or a key under which everything verifies.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [self.kind as u8; KEY_BYTES];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        write!(formatter, "{}+{}+{}", self.name, self.id, STANDARD.encode(bytes))
    }
}

/// The secret half: makes signatures. Overwritten when dropped; never printed.
pub(crate) struct SecretKey {
    public: PublicKey,
    key: SigningKey,
}

impl SecretKey {
    pub(crate) fn from_seed(name: KeyName, kind: SignatureType, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        Self { public: PublicKey::new(name, kind, key.verifying_key()), key }
    }

    pub(crate) fn parse(text: &str, kind: SignatureType) -> Result<Self, ParseKeyError> {
        let (name, id, seed) =
            split(text.strip_prefix(SECRET_PREFIX).ok_or(ParseKeyError::Malformed)?, kind)?;
        let Self { public, key } = Self::from_seed(name, kind, &seed);
        Ok(Self { public: public.with_id(id)?, key })
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }

    /// `PRIVATE+KEY+name+id+base64(type ‖ seed)`. Room is made first: a growing text would leave copies behind.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([self.public.kind as u8; KEY_BYTES]);
        bytes[1..].copy_from_slice(self.key.as_bytes());
        let start = format!("{SECRET_PREFIX}{}+{}+", self.public.name, self.public.id);
        let mut text = Zeroizing::new(String::with_capacity(start.len() + KEY_BASE64_BYTES));
        text.push_str(&start);
        STANDARD.encode_string(bytes.as_slice(), &mut text);
        text
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SecretKey({} {})", self.public.name, self.public.id)
    }
}

/// Name, id and the 32 bytes of `name+id+base64(type ‖ bytes)`.
fn split(text: &str, kind: SignatureType) -> Result<(KeyName, &str, Zeroizing<[u8; 32]>), ParseKeyError> {
    let mut parts = text.splitn(3, '+'); // Base64 has plus signs of its own.
    let mut next = || parts.next().ok_or(ParseKeyError::Malformed);
    let (name, id, base64) = (next()?, next()?, next()?);
    let name = name.parse().map_err(|_| ParseKeyError::Malformed)?;
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    if STANDARD.decode_slice(base64, bytes.as_mut_slice()) != Ok(KEY_BYTES) {
        return Err(ParseKeyError::Malformed);
    }
    let found = bytes[0];
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes[1..]);
    if found == kind as u8 {
        Ok((name, id, key))
    } else {
        Err(ParseKeyError::WrongType { expected: kind as u8, found })
    }
}
