//! The journal of those who look: one record for each access, the leaves of a tree of their own.

use serde::{Deserialize, Serialize};

use crate::{EntryError, Hash, Timestamp, tree};

/// What the origin of the access journal has behind that of the journal.
pub const ORIGIN_SUFFIX: &str = "/access";

/// One access: who did what when, and what came of it.
///
/// Its canonical form is a JSON object with exactly these members, serialised by RFC 8785; absent values are `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRecord {
    /// The position in the access journal and the index of the leaf, from 0, without gaps; below 2⁵³.
    pub sequence: u64,
    /// When it was answered, by the server's clock.
    pub at: Timestamp,
    /// Who: the user name of a verified token, or nobody.
    pub actor: Option<String>,
    /// What was asked for, by a fixed name for each kind of request; [`GAP`](Self::GAP) for records that are missing.
    pub action: String,
    /// On what: the path with its parameters, or the text of a query. For a gap: how many records are missing.
    pub object: Option<String>,
    /// What came of it: the status of the answer (RFC 9110, section 15); none for a gap, and none if the caller went
    /// away before there was an answer.
    pub result: Option<u16>,
    /// The address it came from.
    pub origin: Option<String>,
    /// The id of the request, as in the server log.
    pub request_id: Option<String>,
}

impl AccessRecord {
    /// The action of a record that stands for others which could not be kept.
    pub const GAP: &'static str = "gap";

    /// The bytes that are hashed: RFC 8785 JSON.
    ///
    /// # Errors
    /// [`EntryError::NoCanonicalForm`] if the sequence number is 2⁵³ or more.
    pub fn to_canonical_bytes(&self) -> Result<Vec<u8>, EntryError> {
        serde_json_canonicalizer::to_vec(self).map_err(EntryError::NoCanonicalForm)
    }

    /// Reads a record from its canonical form.
    ///
    /// # Errors
    /// [`EntryError`] for bytes that are not a record, or not in the one form that is hashed.
    pub fn from_canonical_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        let record: Self = serde_json::from_slice(bytes).map_err(EntryError::NotAnEntry)?;
        if record.to_canonical_bytes()? == bytes { Ok(record) } else { Err(EntryError::NotCanonical) }
    }

    /// The hash of the leaf: `SHA-256(0x00 ‖ canonical bytes)` (RFC 6962, section 2.1).
    ///
    /// # Errors
    /// [`EntryError::NoCanonicalForm`] if the sequence number is 2⁵³ or more.
    pub fn leaf_hash(&self) -> Result<Hash, EntryError> {
        Ok(tree::leaf_hash(&self.to_canonical_bytes()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_form_is_the_only_one() -> Result<(), Box<dyn std::error::Error>> {
        let record = AccessRecord {
            sequence: 3,
            at: "2026-01-31T10:00:00Z".parse()?,
            actor: None,
            action: "query".to_owned(),
            object: Some("ASK { \"é\" }".to_owned()),
            result: Some(401),
            origin: Some("127.0.0.1".to_owned()),
            request_id: None,
        };
        let bytes = record.to_canonical_bytes()?;
        let expected = r#"{"action":"query","actor":null,"at":"2026-01-31T10:00:00.000000Z","object":"ASK { \"é\" }","origin":"127.0.0.1","request_id":null,"result":401,"sequence":3}"#;
        assert_eq!(String::from_utf8(bytes.clone())?, expected);
        assert_eq!(AccessRecord::from_canonical_bytes(&bytes)?, record);
        let spaced = expected.replacen(':', ": ", 1);
        assert!(matches!(
            AccessRecord::from_canonical_bytes(spaced.as_bytes()),
            Err(EntryError::NotCanonical)
        ));
        Ok(())
    }
}
