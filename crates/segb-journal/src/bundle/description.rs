//! What is in a bundle, and why.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Entry, EntryKind, Hash, Timestamp};

/// The file `bundle.json`: a JSON object with exactly these members, `null` where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// [`FORMAT`](super::FORMAT).
    pub format: String,
    /// The origin of the journal, which is the name of its key.
    pub origin: String,
    /// When the bundle was made, by the server's clock.
    pub created_at: Timestamp,
    /// Who asked for it, if that is known.
    pub requested_by: Option<String>,
    /// What was asked for.
    pub request: Request,
    /// How many entries there are, one line each.
    pub entry_count: u64,
    /// Their sequence numbers: first and last of each run without gaps.
    pub sequences: Vec<(u64, u64)>,
    /// How many entries the journal had.
    pub tree_size: u64,
    /// The root of its tree.
    pub root: Hash,
}

/// Which entries were asked for: those that fit everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Received at this moment or later.
    pub since: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
    /// These ones.
    pub log_ids: Option<Vec<Uuid>>,
    /// By this actor.
    pub actor: Option<String>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
}

impl Request {
    /// Whether nothing is given, so that every entry would fit.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is a window of time and nothing else, so that the entries should follow each other.
    pub fn is_window(&self) -> bool {
        self.log_ids.is_none() && self.actor.is_none() && self.kind.is_none()
    }

    /// Whether an entry fits.
    pub fn covers(&self, entry: &Entry) -> bool {
        self.since.is_none_or(|since| entry.received_at >= since)
            && self.until.is_none_or(|until| entry.received_at < until)
            && self.log_ids.as_ref().is_none_or(|ids| ids.contains(&entry.log_id))
            && self.actor.as_ref().is_none_or(|actor| *actor == entry.actor)
            && self.kind.is_none_or(|kind| kind == entry.kind)
    }
}

/// The runs without gaps in increasing sequence numbers: first and last of each.
pub fn ranges(sequences: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for sequence in sequences {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(sequence) => *last = sequence,
            _ => ranges.push((sequence, sequence)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined() {
        assert_eq!(ranges([]), []);
        assert_eq!(ranges([3]), [(3, 3)]);
        assert_eq!(ranges([0, 1, 2, 5, 7, 8]), [(0, 2), (5, 5), (7, 8)]);
        assert_eq!(ranges([u64::MAX, 0]), [(u64::MAX, u64::MAX), (0, 0)]);
    }
}
