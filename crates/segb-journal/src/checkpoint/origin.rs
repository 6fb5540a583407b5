//! The identity of a log.

use std::{fmt, str::FromStr};

use crate::note::has_control;

/// The identity of a log (C2SP tlog-checkpoint, "Note text"): one line, not empty; by recommendation an URL without
/// its scheme and the name of the log's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

/// A text that is not the origin of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the origin of a log is one line of 1 to {} bytes without control characters", Origin::BYTES_MAX)]
pub struct InvalidOrigin;

impl Origin {
    /// The longest origin in bytes: what the ML-DSA messages of C2SP tlog-cosignature have room for.
    pub const BYTES_MAX: usize = 255;

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        if text.is_empty() || text.len() > Self::BYTES_MAX || has_control(text) {
            return Err(InvalidOrigin);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
