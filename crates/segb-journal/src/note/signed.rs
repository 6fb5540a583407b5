//! A text with its signatures.

use std::fmt;

use super::{
    InvalidSignatureLine, KeyId, KeyName, NoteSignature, PublicKey, Signer, Verifier, parse_signature_lines,
};

/// A text and signatures on it, unverified (C2SP signed-note, "Format"). It prints as the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    /// At least one.
    signatures: Vec<NoteSignature>,
}

/// Why a text cannot be signed. The caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidNoteText {
    /// A note's text ends in a newline.
    #[error("the text of a note ends in a newline")]
    NoNewlineAtEnd,
    /// A control character other than newline.
    #[error("a note has no control characters but newlines")]
    ControlCharacter,
    /// The note would be longer than [`Note::BYTES_MAX`].
    #[error("a note has at most {} bytes", Note::BYTES_MAX)]
    TooLong,
}

/// Why bytes are not a signed note. The fault of whoever made them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseNoteError {
    /// Longer than [`Note::BYTES_MAX`].
    #[error("a note has at most {} bytes", Note::BYTES_MAX)]
    TooLong,
    /// Not UTF-8.
    #[error("a note is UTF-8")]
    NotUtf8,
    /// A control character other than newline; also a carriage return.
    #[error("a note has no control characters but newlines")]
    ControlCharacter,
    /// No empty line between text and signatures.
    #[error("a note has an empty line between its text and its signatures")]
    NoSignatures,
    /// What follows the last empty line are not signatures.
    #[error(transparent)]
    Signature(#[from] InvalidSignatureLine),
}

/// A note that has [`Note::SIGNATURES_MAX`] signatures or [`Note::BYTES_MAX`] bytes and takes no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the note is full: {} signatures and {} bytes are the most", Note::SIGNATURES_MAX, Note::BYTES_MAX)]
pub struct NoteFull;

/// Why a note must not be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyNoteError {
    /// None of the trusted keys has signed it.
    #[error("the note is not signed by any of the trusted keys")]
    NotSigned,
    /// A signature says that it is by a trusted key, and is not. The whole note is refused.
    #[error("the signature by {name} ({key_id}) is not valid")]
    InvalidSignature {
        /// The name of the trusted key.
        name: KeyName,
        /// Its id.
        key_id: KeyId,
    },
}

impl Note {
    /// The longest note that is read or made, in bytes; the limit of the Go implementation.
    pub const BYTES_MAX: usize = 1_000_000;

    /// The most signatures on a note; the limit of the Go implementation. The specification asks for at least 16.
    pub const SIGNATURES_MAX: usize = 100;

    /// Signs `text`, which ends in a newline.
    ///
    /// # Errors
    /// [`InvalidNoteText`].
    pub fn sign(text: String, signer: &Signer) -> Result<Self, InvalidNoteText> {
        if !text.ends_with('\n') {
            return Err(InvalidNoteText::NoNewlineAtEnd);
        }
        if has_control_but_newline(&text) {
            return Err(InvalidNoteText::ControlCharacter);
        }
        let note = Self { signatures: vec![signer.sign(&text)], text };
        if note.length_bytes() <= Self::BYTES_MAX { Ok(note) } else { Err(InvalidNoteText::TooLong) }
    }

    /// Reads a signed note. Nothing is verified.
    ///
    /// # Errors
    /// [`ParseNoteError`].
    pub fn parse(note: &[u8]) -> Result<Self, ParseNoteError> {
        if note.len() > Self::BYTES_MAX {
            return Err(ParseNoteError::TooLong);
        }
        let note = std::str::from_utf8(note).map_err(|_| ParseNoteError::NotUtf8)?;
        if has_control_but_newline(note) {
            return Err(ParseNoteError::ControlCharacter);
        }
        // The text may have empty lines, so the last one counts. Its own newline and the empty line end with it.
        let separator = note.rfind("\n\n").ok_or(ParseNoteError::NoSignatures)?;
        let (text, rest) = note.split_at(separator + 1);
        let signatures = parse_signature_lines(rest.strip_prefix('\n').ok_or(ParseNoteError::NoSignatures)?)?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text with its last newline. Not to be believed before [`verify`](Self::verify).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in the order of their lines, unverified; at least one.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature at the end, unverified, in place of an earlier one by the same key.
    ///
    /// # Errors
    /// [`NoteFull`]; the note is unchanged.
    pub fn add_signature(&mut self, signature: NoteSignature) -> Result<(), NoteFull> {
        let mut extended = self.clone();
        extended.signatures.retain(|earlier| !earlier.is_by_the_key_of(&signature));
        extended.signatures.push(signature);
        if extended.signatures.len() > Self::SIGNATURES_MAX || extended.length_bytes() > Self::BYTES_MAX {
            return Err(NoteFull);
        }
        *self = extended;
        Ok(())
    }

    /// Checks the signatures of the `trusted` keys, all others are ignored, and returns those keys that have signed,
    /// each once, at least one.
    ///
    /// # Errors
    /// [`VerifyNoteError`]; also if only one of several signatures by trusted keys is wrong.
    pub fn verify<'k>(&self, trusted: &'k [Verifier]) -> Result<Vec<&'k Verifier>, VerifyNoteError> {
        let check =
            |key: &Verifier, signature: &NoteSignature| key.verifies(&self.text, signature).then_some(());
        let verified = verify_signatures(&self.signatures, trusted, Verifier::public, check)?;
        Ok(verified.into_iter().map(|(key, ())| key).collect())
    }

    fn length_bytes(&self) -> usize {
        self.to_string().len()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(formatter, "{signature}"))
    }
}

/// The rule of C2SP signed-note, "Signatures", for keys of any type: a signature that names a known key must be by
/// it, others are ignored, one must remain.
pub(crate) fn verify_signatures<'k, K, T>(
    signatures: &[NoteSignature],
    keys: &'k [K],
    public: impl Fn(&K) -> &PublicKey,
    check: impl Fn(&K, &NoteSignature) -> Option<T>,
) -> Result<Vec<(&'k K, T)>, VerifyNoteError> {
    let mut verified: Vec<(&K, T)> = Vec::new();
    for signature in signatures {
        let named: Vec<&K> = keys.iter().filter(|key| public(key).is_named_by(signature)).collect();
        if named.is_empty() {
            continue;
        }
        // Two trusted keys may share name and id by accident; then it is by one of them.
        let Some(found) = named.into_iter().find_map(|key| check(key, signature).map(|said| (key, said)))
        else {
            let (name, key_id) = (signature.name().clone(), signature.key_id());
            return Err(VerifyNoteError::InvalidSignature { name, key_id });
        };
        if verified.iter().all(|(key, _)| public(key) != public(found.0)) {
            verified.push(found);
        }
    }
    if verified.is_empty() { Err(VerifyNoteError::NotSigned) } else { Ok(verified) }
}

fn has_control_but_newline(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

/// Whether the text has ASCII control characters below U+0020, newline among them.
pub(crate) fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ')
}
