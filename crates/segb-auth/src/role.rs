use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What its holder is for: a robot logs, an auditor reads, an operator administers. A token carries one or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Robots and the programs that speak for them: publish logs, resolve shared contexts.
    Logger,
    /// People who examine what happened: read and query everything that was logged, change nothing.
    Auditor,
    /// Operators: everything, including emptying the graph and reading the server log.
    Admin,
}

impl Role {
    /// Every role, from the least to the most powerful.
    pub const ALL: [Self; 3] = [Self::Logger, Self::Auditor, Self::Admin];

    /// The name in tokens: lower case, exactly so.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logger => "logger",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text names no [`Role`]. Names are compared exactly: `Admin` is unknown. The caller's fault, safe to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("role is not one of: logger, auditor, admin")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
            assert_eq!(serde_json::from_value::<Role>(role.as_str().into()).unwrap(), role);
        }
    }

    #[test]
    fn other_names_are_unknown() {
        for text in ["", "Admin", "ADMIN", " admin", "admin ", "root", "logger,admin"] {
            assert_eq!(text.parse::<Role>(), Err(UnknownRole), "{text:?}");
        }
    }
}
