//! Signed notes (C2SP signed-note): a text, an empty line, and one or more lines of signatures. The text means nothing
//! until a signature by a trusted key has been verified.
//!
//! ```
//! use segb_journal::note::{Note, Signer, Verifier};
//!
//! let signer = Signer::from_seed("glassbox.example/journal".parse()?, &[7; 32]); // 32 random bytes in real use
//! let note = Note::sign("all is well\n".to_owned(), &signer)?;
//!
//! let trusted: Verifier = signer.verifier().to_string().parse()?;
//! let received = Note::parse(note.to_string().as_bytes())?;
//! assert_eq!(received.verify(&[trusted])?.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ed25519;
mod key;
mod name;
mod signature;
mod signed;

pub use ed25519::{Signer, Verifier};
pub use key::{KeyId, ParseKeyError};
pub(crate) use key::{PublicKey, SecretKey, SignatureType};
pub use name::{InvalidKeyName, KeyName};
pub use signature::{InvalidSignatureLine, NoteSignature, parse_signature_lines};
pub use signed::{InvalidNoteText, Note, NoteFull, ParseNoteError, VerifyNoteError};
pub(crate) use signed::{has_control, verify_signatures};
