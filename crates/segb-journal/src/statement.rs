//! What the payloads say that the server itself writes: JSON objects with exactly these members, `null` where there is
//! nothing. A verifier needs them to know which payloads may be gone, and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

/// The payload of [`TokenRevoked`](crate::EntryKind::TokenRevoked).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// The id of the request, as in the server log.
    pub request_id: String,
    /// The id of the token: its claim `jti` (RFC 7519, section 4.1.7).
    pub jti: String,
    /// Why, as whoever revoked it said.
    pub reason: Option<String>,
}

/// The payload of [`LogErased`](crate::EntryKind::LogErased).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// The id of the request, as in the server log; none if nobody asked.
    pub request_id: Option<String>,
    /// The sequence number of the log whose payload is gone.
    pub sequence: u64,
    /// Its id.
    pub log_id: Uuid,
    /// Why, as whoever asked for it said.
    pub reason: String,
    /// By what law or rule.
    pub legal_ground: String,
    /// What made the server do it.
    pub cause: ErasureCause,
}

/// What made the server erase a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureCause {
    /// Somebody asked for it.
    Request,
    /// It was older than logs are kept.
    Retention,
}

/// The payload of [`ErasureRefused`](crate::EntryKind::ErasureRefused).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureRefusal {
    /// The id of the request, as in the server log.
    pub request_id: String,
    /// The sequence number of the log.
    pub sequence: u64,
    /// Its id.
    pub log_id: Uuid,
    /// Why it was to be erased, as whoever asked for it said.
    pub reason: String,
    /// By what law or rule.
    pub legal_ground: String,
    /// The ids of the holds that it is under.
    pub holds: Vec<String>,
}

/// The payload of [`HoldPlaced`](crate::EntryKind::HoldPlaced): logs that may not be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The id of the request, as in the server log.
    pub request_id: String,
    /// Names the hold.
    pub hold_id: String,
    /// Logs received from this moment on; none: from the first.
    pub since: Option<Timestamp>,
    /// Logs received before this moment; none: also those to come.
    pub until: Option<Timestamp>,
    /// These logs only; none: all of that time.
    pub log_ids: Option<Vec<Uuid>>,
    /// Why, as whoever placed it said.
    pub reason: String,
}

impl Hold {
    /// Whether a log is held.
    pub fn covers(&self, log_id: Uuid, received_at: Timestamp) -> bool {
        self.since.is_none_or(|since| received_at >= since)
            && self.until.is_none_or(|until| received_at < until)
            && self.log_ids.as_ref().is_none_or(|ids| ids.contains(&log_id))
    }
}

/// The payload of [`HoldReleased`](crate::EntryKind::HoldReleased).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRelease {
    /// The id of the request, as in the server log.
    pub request_id: String,
    /// Names the hold.
    pub hold_id: String,
    /// Why, as whoever released it said.
    pub reason: Option<String>,
}

/// The payload of [`ServerStarted`](crate::EntryKind::ServerStarted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerStart {
    /// The version of the program.
    pub version: String,
    /// `learning` or `protected`.
    pub mode: String,
}

/// The payload of [`ConfigurationChanged`](crate::EntryKind::ConfigurationChanged).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationChange {
    /// All settings as they are from now on; of secrets only whether they are set.
    pub settings: BTreeMap<String, String>,
    /// Those that were other before, with what they were; none where they did not exist.
    pub before: BTreeMap<String, Option<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_is_over_a_window_or_logs_or_both() -> Result<(), Box<dyn std::error::Error>> {
        let at = |text: &str| text.parse::<Timestamp>();
        let (early, late) = (at("2026-01-01T00:00:00Z")?, at("2026-02-01T00:00:00Z")?);
        let hold = |since, until, log_ids| Hold {
            request_id: String::new(),
            hold_id: String::new(),
            since,
            until,
            log_ids,
            reason: String::new(),
        };
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(hold(None, None, None).covers(one, early));
        assert!(
            hold(Some(early), Some(late), None).covers(one, early),
            "the beginning belongs to the window"
        );
        assert!(!hold(Some(early), Some(late), None).covers(one, late), "the end does not");
        assert!(!hold(Some(late), None, None).covers(one, early));
        assert!(hold(None, None, Some(vec![one])).covers(one, late));
        assert!(!hold(None, None, Some(vec![one])).covers(other, late));
        assert!(!hold(Some(late), None, Some(vec![one])).covers(one, early));
        Ok(())
    }
}
