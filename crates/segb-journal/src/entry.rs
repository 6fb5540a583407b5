//! One entry of the journal and the bytes it is hashed as.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Commitment, Hash, Timestamp, tree};

/// What happened. The names are part of the journal's format: they never change and are never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryKind {
    /// A log was received; the payload is its bytes.
    LogReceived,
    /// The graph was emptied (`POST /ttl/delete_all`); the journal keeps everything. No payload.
    GraphCleared,
    /// An observation was placed in a shared context; the payload, JSON, says how and what that changed.
    SharedContextResolved,
    /// A review of the ambiguous shared contexts changed something; the payload, JSON, says what.
    SharedContextsReconciled,
    /// A person decided that two shared contexts are one; the payload, JSON, says on what proposal.
    ReviewCaseAccepted,
    /// A person decided that shared contexts are not one; the payload, JSON, says on what proposal.
    ReviewCaseRejected,
    /// A token is not believed any more; the payload, JSON, says which and why.
    TokenRevoked,
    /// The payload of a log and its salt were destroyed; the payload, JSON, says of which log and why.
    LogErased,
    /// A log was to be erased and was not, because it is held; the payload, JSON, says which log and by what.
    ErasureRefused,
    /// Logs may not be erased until further notice; the payload, JSON, says which and why.
    HoldPlaced,
    /// A hold is over; the payload, JSON, says which and why.
    HoldReleased,
    /// A server began to work on the journal; the payload, JSON, says which version.
    ServerStarted,
    /// A server works with other settings than the one before it; the payload, JSON, says with which.
    ConfigurationChanged,
}

impl EntryKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::LogReceived,
        Self::GraphCleared,
        Self::SharedContextResolved,
        Self::SharedContextsReconciled,
        Self::ReviewCaseAccepted,
        Self::ReviewCaseRejected,
        Self::TokenRevoked,
        Self::LogErased,
        Self::ErasureRefused,
        Self::HoldPlaced,
        Self::HoldReleased,
        Self::ServerStarted,
        Self::ConfigurationChanged,
    ];

    /// The name of the kind in the canonical record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LogReceived => "log_received",
            Self::GraphCleared => "graph_cleared",
            Self::SharedContextResolved => "shared_context_resolved",
            Self::SharedContextsReconciled => "shared_contexts_reconciled",
            Self::ReviewCaseAccepted => "review_case_accepted",
            Self::ReviewCaseRejected => "review_case_rejected",
            Self::TokenRevoked => "token_revoked",
            Self::LogErased => "log_erased",
            Self::ErasureRefused => "erasure_refused",
            Self::HoldPlaced => "hold_placed",
            Self::HoldReleased => "hold_released",
            Self::ServerStarted => "server_started",
            Self::ConfigurationChanged => "configuration_changed",
        }
    }
}

/// A kind of entry that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of journal entry {0:?}")]
pub struct UnknownEntryKind(pub String);

impl fmt::Display for EntryKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for EntryKind {
    type Err = UnknownEntryKind;

    fn from_str(text: &str) -> Result<Self, UnknownEntryKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownEntryKind(text.to_owned()))
    }
}

/// One entry of the journal: who did what when, and a commitment to the bytes that came with it.
///
/// Its canonical form is a JSON object with exactly these members, serialised by RFC 8785 (JSON Canonicalization
/// Scheme); absent values are `null`. [`leaf_hash`](Self::leaf_hash) is the hash of that form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The position in the journal and the index of the leaf, from 0, without gaps; below 2⁵³.
    pub sequence: u64,
    /// What happened.
    pub kind: EntryKind,
    /// Identifies the entry to clients; chosen at random by the receiver.
    pub log_id: Uuid,
    /// When the server received it, by the server's clock.
    pub received_at: Timestamp,
    /// Who sent it: the user name of a verified token, or what the caller said where no token is asked for.
    pub actor: String,
    /// What the body said about its sender, unverified.
    pub claimed_user: Option<String>,
    /// The address it came from.
    pub origin: Option<String>,
    /// The media type of the payload; none without a payload.
    pub media_type: Option<String>,
    /// The length of the payload in bytes.
    pub payload_size: u64,
    /// The commitment to salt and payload.
    pub payload_commitment: Commitment,
}

/// An entry that has no canonical form, or bytes that are not the canonical form of an entry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// The entry cannot be serialised; a number is 2⁵³ or more.
    #[error("the journal entry has no canonical form: {0}")]
    NoCanonicalForm(#[source] serde_json::Error),
    /// The bytes are not JSON, or not an object with the members of an entry.
    #[error("not a journal entry: {0}")]
    NotAnEntry(#[source] serde_json::Error),
    /// The bytes describe an entry but are not the one form that is hashed.
    #[error("the journal entry is not in canonical form")]
    NotCanonical,
}

impl Entry {
    /// The RFC 8785 form of the entry, UTF-8.
    ///
    /// # Errors
    /// [`EntryError::NoCanonicalForm`] if sequence or size cannot be represented exactly as a JSON number.
    pub fn to_canonical_bytes(&self) -> Result<Vec<u8>, EntryError> {
        serde_json_canonicalizer::to_vec(self).map_err(EntryError::NoCanonicalForm)
    }

    /// Reads back what [`to_canonical_bytes`](Self::to_canonical_bytes) wrote.
    ///
    /// # Errors
    /// [`EntryError::NotAnEntry`] or [`EntryError::NotCanonical`]; two different texts never read as one entry.
    pub fn from_canonical_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry: Self = serde_json::from_slice(bytes).map_err(EntryError::NotAnEntry)?;
        if entry.to_canonical_bytes()? == bytes { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }

    /// The leaf of the Merkle tree for this entry: `SHA-256(0x00 ‖ canonical form)` (RFC 6962, section 2.1).
    ///
    /// # Errors
    /// As [`to_canonical_bytes`](Self::to_canonical_bytes).
    pub fn leaf_hash(&self) -> Result<Hash, EntryError> {
        Ok(tree::leaf_hash(&self.to_canonical_bytes()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Salt;

    fn entry() -> Entry {
        Entry {
            sequence: 41,
            kind: EntryKind::LogReceived,
            log_id: Uuid::from_u128(0x0123_4567_89ab_4def_8123_4567_89ab_cdef),
            received_at: "2026-01-31T10:00:00.5Z".parse().unwrap(),
            actor: "ari \u{1}\u{2028}\"é".to_owned(),
            claimed_user: None,
            origin: Some("127.0.0.1".to_owned()),
            media_type: Some("text/turtle".to_owned()),
            payload_size: 3,
            payload_commitment: Commitment::new(&Salt::from_bytes([0; 32]), b"log"),
        }
    }

    #[test]
    fn the_canonical_form_is_the_one_documented() {
        let expected = concat!(
            "{\"actor\":\"ari \\u0001\u{2028}\\\"é\",\"claimed_user\":null,\"kind\":\"log_received\",",
            "\"log_id\":\"01234567-89ab-4def-8123-456789abcdef\",\"media_type\":\"text/turtle\",",
            "\"origin\":\"127.0.0.1\",",
            "\"payload_commitment\":\"",
        );
        let text = String::from_utf8(entry().to_canonical_bytes().unwrap()).unwrap();
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with(
            "\",\"payload_size\":3,\"received_at\":\"2026-01-31T10:00:00.500000Z\",\"sequence\":41}"
        ));
    }

    #[test]
    fn other_spellings_of_an_entry_are_refused() {
        let text = String::from_utf8(entry().to_canonical_bytes().unwrap()).unwrap();
        let spaced = text.replacen(':', ": ", 1);
        assert!(matches!(Entry::from_canonical_bytes(spaced.as_bytes()), Err(EntryError::NotCanonical)));
        let extended = text.replacen('{', "{\"a\":1,", 1);
        assert!(matches!(Entry::from_canonical_bytes(extended.as_bytes()), Err(EntryError::NotAnEntry(_))));
    }

    #[test]
    fn kinds_read_back_what_they_print() {
        for kind in EntryKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
        assert_eq!("log".parse::<EntryKind>(), Err(UnknownEntryKind("log".to_owned())));
    }

    proptest! {
        #[test]
        fn entries_survive_their_encoding(actor in ".*", user in proptest::option::of(".*"), size in 0..1_u64 << 53) {
            let entry = Entry { actor, claimed_user: user, payload_size: size, ..entry() };
            let bytes = entry.to_canonical_bytes().unwrap();
            prop_assert_eq!(Entry::from_canonical_bytes(&bytes).unwrap(), entry);
        }
    }
}
