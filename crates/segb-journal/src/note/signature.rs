//! One line of signature.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{KeyId, KeyName, Note};

/// What every line of signature begins with: an em dash and a space.
const LINE_PREFIX: &str = "— ";

/// A signature on a note, unverified (C2SP signed-note, "Signatures"). It prints as its line, without the newline:
/// `— name base64(key id ‖ signature)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    key_id: KeyId,
    bytes: Vec<u8>,
}

/// A line that is not a signature. The fault of whoever wrote the note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSignatureLine {
    /// Not an em dash, a name and base64 of at least five bytes, separated by single spaces.
    #[error("a signature line is an em dash, the name of the key and base64")]
    Malformed,
    /// More lines than [`Note::SIGNATURES_MAX`].
    #[error("a note has at most {} signatures", Note::SIGNATURES_MAX)]
    TooMany,
}

impl NoteSignature {
    pub(crate) fn new(name: KeyName, key_id: KeyId, bytes: Vec<u8>) -> Self {
        Self { name, key_id, bytes }
    }

    /// Reads one line, without its newline.
    pub(crate) fn parse(line: &str) -> Result<Self, InvalidSignatureLine> {
        let malformed = || InvalidSignatureLine::Malformed;
        let (name, base64) =
            line.strip_prefix(LINE_PREFIX).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let name = name.parse().map_err(|_| malformed())?;
        let decoded = STANDARD.decode(base64).map_err(|_| malformed())?;
        let (key_id, bytes) = decoded.split_first_chunk().ok_or_else(malformed)?;
        if bytes.is_empty() {
            return Err(malformed());
        }
        Ok(Self { name, key_id: KeyId::from_bytes(*key_id), bytes: bytes.to_vec() })
    }

    /// The name of the key that it says it was made with.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key that it says it was made with.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The signature itself, in the form of its type; at least one byte.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether both say that they were made with the same key.
    pub(crate) fn is_by_the_key_of(&self, other: &Self) -> bool {
        self.name == other.name && self.key_id == other.key_id
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.as_bytes(), self.bytes.as_slice()].concat();
        write!(formatter, "{LINE_PREFIX}{} {}", self.name, STANDARD.encode(bytes))
    }
}

/// Reads lines of signature, each ending in a newline: the end of a note, or what a witness answers (C2SP
/// tlog-witness, "add-checkpoint").
///
/// # Errors
/// [`InvalidSignatureLine`] if there is no line, or anything else than such lines.
pub fn parse_signature_lines(lines: &str) -> Result<Vec<NoteSignature>, InvalidSignatureLine> {
    let lines = lines.strip_suffix('\n').ok_or(InvalidSignatureLine::Malformed)?;
    if lines.split('\n').nth(Note::SIGNATURES_MAX).is_some() {
        return Err(InvalidSignatureLine::TooMany);
    }
    lines.split('\n').map(NoteSignature::parse).collect()
}
