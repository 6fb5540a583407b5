//! What can be wrong with a document.

/// Why a document is not a log. All of it is the sender's mistake, and the text is for the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TurtleError {
    /// The bytes are not UTF-8, as Turtle must be.
    #[error("The document is not UTF-8: the byte at offset {valid_up_to} starts no character.")]
    NotUtf8 {
        /// The offset of the first wrong byte.
        valid_up_to: usize,
    },
    /// The document is longer than allowed.
    #[error("The document has {bytes} bytes, more than the {bytes_max} that are allowed.")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The document is not Turtle.
    #[error("Invalid Turtle at line {line}, column {column}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What was expected or is wrong there.
        message: String,
    },
    /// The document is over a limit on its content.
    #[error("The document is over a limit at line {line}: {message}")]
    Limit {
        /// The line, from 1.
        line: usize,
        /// Which limit.
        message: String,
    },
    /// The document says nothing.
    #[error("The Turtle document has no triples.")]
    NoTriples,
}
