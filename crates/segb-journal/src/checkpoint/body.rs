//! The text of a checkpoint.

use std::{fmt, str::FromStr};

use super::Origin;
use crate::decimal::parse_decimal;
use crate::note::has_control;
use crate::{Hash, tree::TreeHead};

/// What a log says its tree is (C2SP tlog-checkpoint, "Note text"). It prints and reads as the text of the note:
/// origin, size, base64 of the root and any extension lines, each ending in a newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: Origin,
    head: TreeHead,
    extensions: Vec<String>,
}

/// Why a text is not a checkpoint. The fault of whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCheckpoint {
    /// Fewer than three lines, or no newline at the end.
    #[error("a checkpoint has at least three lines")]
    TooShort,
    /// The first line is not an origin.
    #[error("the first line of a checkpoint is the origin of the log")]
    Origin,
    /// The second line is not a decimal number below 2⁶⁴, or has leading zeros.
    #[error("the second line of a checkpoint is the size of the tree, without leading zeros")]
    Size,
    /// The third line is not the standard base64 of 32 bytes.
    #[error("the third line of a checkpoint is the root of the tree in base64")]
    Root,
    /// An extension line is empty or has control characters.
    #[error(transparent)]
    Extension(#[from] InvalidExtension),
}

/// A text that cannot be an extension line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an extension line of a checkpoint is not empty and has no control characters")]
pub struct InvalidExtension;

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub const fn new(origin: Origin, head: TreeHead) -> Self {
        Self { origin, head, extensions: Vec::new() }
    }

    /// Adds an extension line, given without its newline. Not recommended: monitors cannot audit them.
    ///
    /// # Errors
    /// [`InvalidExtension`].
    pub fn with_extension(mut self, line: &str) -> Result<Self, InvalidExtension> {
        if line.is_empty() || has_control(line) {
            return Err(InvalidExtension);
        }
        self.extensions.push(line.to_owned());
        Ok(self)
    }

    /// Which log it is about.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Size and root of the tree.
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// The extension lines without their newlines; usually none.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TreeHead { size, root } = self.head;
        write!(formatter, "{}\n{size}\n{}\n", self.origin, root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = InvalidCheckpoint;

    fn from_str(text: &str) -> Result<Self, InvalidCheckpoint> {
        let mut lines = text.strip_suffix('\n').ok_or(InvalidCheckpoint::TooShort)?.split('\n');
        let mut next = || lines.next().ok_or(InvalidCheckpoint::TooShort);
        let (origin, size, root) = (next()?, next()?, next()?);
        let origin = origin.parse().map_err(|_| InvalidCheckpoint::Origin)?;
        let size = parse_decimal(size).ok_or(InvalidCheckpoint::Size)?;
        let root = Hash::from_base64(root).ok_or(InvalidCheckpoint::Root)?;
        lines.try_fold(Self::new(origin, TreeHead { size, root }), |checkpoint, line| {
            checkpoint.with_extension(line).map_err(Into::into)
        })
    }
}
