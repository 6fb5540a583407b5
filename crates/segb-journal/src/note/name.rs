//! The name of a key.

use std::{fmt, str::FromStr};

use super::has_control;

/// The name under which a key signs (C2SP signed-note, "Format"): not empty, without white space, control characters
/// and plus signs; by recommendation an URL without its scheme, such as `glassbox.example/journal`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(String);

/// A text that is not the name of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name of a key is not empty and has no white space, control characters or plus signs")]
pub struct InvalidKeyName;

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = InvalidKeyName;

    fn from_str(text: &str) -> Result<Self, InvalidKeyName> {
        let unfit = |character: char| character == '+' || character.is_whitespace();
        if text.is_empty() || has_control(text) || text.contains(unfit) {
            return Err(InvalidKeyName);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
