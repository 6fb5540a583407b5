//! What a witness answers.

use crate::{
    decimal::parse_decimal,
    note::{Note, NoteSignature, parse_signature_lines},
};

/// The answer to a request, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200: cosignatures, at least one, to be added with
    /// [`add_cosignatures`](crate::checkpoint::SignedCheckpoint::add_cosignatures), which verifies them.
    Cosigned(Vec<NoteSignature>),
    /// 409: the size that the witness cosigned last, in leaves. If the log has it, ask again from there.
    Conflict {
        /// That size.
        last_size: u64,
    },
}

/// Why an answer is of no use. The fault of the witness, or of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadAnswer {
    /// The witness did not cosign.
    #[error("status {status}{}{text}", if text.is_empty() { "" } else { ": " })]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, on one line, cut off.
        text: String,
    },
    /// Status 200, and no signature lines.
    #[error("the answer is not one of a witness: no line of signature")]
    NotCosigned,
    /// Status 409, and no size.
    #[error("the answer is not one of a witness: no size with status 409")]
    NoSize,
}

/// Characters of a refusal that are kept.
const TEXT_MAX: usize = 200;

impl Answer {
    /// The longest body that has to be read, in bytes: as many signatures as a note may have.
    pub const BODY_BYTES_MAX: usize = Note::SIGNATURES_MAX * 1_024;

    /// Reads status and body of an answer (C2SP tlog-witness, "add-checkpoint").
    ///
    /// # Errors
    /// [`BadAnswer`].
    pub fn read(status: u16, body: &[u8]) -> Result<Self, BadAnswer> {
        let text = String::from_utf8_lossy(body);
        match status {
            200 => match parse_signature_lines(&text) {
                Ok(signatures) if !signatures.is_empty() => Ok(Self::Cosigned(signatures)),
                _ => Err(BadAnswer::NotCosigned),
            },
            409 => {
                let size = text.strip_suffix('\n').and_then(parse_decimal);
                size.map(|last_size| Self::Conflict { last_size }).ok_or(BadAnswer::NoSize)
            }
            _ => {
                let printable = |c: char| if c.is_control() { ' ' } else { c };
                let text: String = text.chars().map(printable).take(TEXT_MAX).collect();
                let text = text.trim().to_owned();
                Err(BadAnswer::Refused { status, text })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_those_of_the_specification() {
        let line = "— witness.example/w1 AAAAAAAA\n";
        assert!(
            matches!(Answer::read(200, line.as_bytes()), Ok(Answer::Cosigned(lines)) if lines.len() == 1)
        );
        assert_eq!(Answer::read(409, b"17\n"), Ok(Answer::Conflict { last_size: 17 }));
        for (status, body, error) in [
            (200, "", "no line of signature"),
            (200, "<html>", "no line of signature"),
            (200, line.trim_end(), "no line of signature"),
            (409, "17", "no size with status 409"),
            (409, "017\n", "no size with status 409"),
            (403, " unknown\nkey\u{1b} ", "status 403: unknown key"),
            (502, "", "status 502"),
        ] {
            let told = Answer::read(status, body.as_bytes()).unwrap_err().to_string();
            assert!(told.ends_with(error), "{status} {body:?}: {told}");
        }
        assert!(Answer::read(500, &vec![b'x'; 10_000]).unwrap_err().to_string().len() < 300);
    }
}
