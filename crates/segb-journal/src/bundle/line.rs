//! One entry in a bundle.

use serde::{Deserialize, Serialize};

use crate::{Entry, Hash, tree::InclusionProof};

/// A line of `entries.jsonl`: a JSON object with exactly these members, `null` where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    /// What is hashed: the canonical form of the [`Entry`] (RFC 8785), as a text.
    pub record: String,
    /// `SHA-256(0x00 ‖ record)`.
    pub leaf_hash: Hash,
    /// That this is a leaf of the tree of the checkpoint.
    pub inclusion: InclusionProof,
    /// The bytes hashed in front of the payload, 64 hexadecimal digits; none if the payload was erased.
    #[serde(with = "salt_text")]
    pub salt: Option<crate::Salt>,
    /// The file that holds the payload; none if the entry has none, or if it was erased.
    pub payload: Option<String>,
    /// How many distinct triples the entry asserts: no evidence, since it follows from the payload.
    pub triple_count: u64,
    /// The sequence number of the entry that says that the payload was erased.
    pub erased_by: Option<u64>,
    /// Why the entry is in the bundle.
    pub included_because: IncludedBecause,
}

/// Why an entry is in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncludedBecause {
    /// It is what was asked for.
    Requested,
    /// It says that the payload of another entry in the bundle was erased.
    Erasure,
}

/// Where the payload of an entry is, `payloads/0000000012.ttl`; none if it has no payload.
pub fn payload_name(entry: &Entry) -> Option<String> {
    let extension = match entry.media_type.as_deref()? {
        "text/turtle" => "ttl",
        "application/json" => "json",
        _ => "bin",
    };
    Some(format!("{PAYLOADS}{:010}.{extension}", entry.sequence))
}

/// The sequence number of the entry whose payload a file is named after.
pub(super) fn sequence_of(name: &str) -> Option<u64> {
    let (digits, _) = name.strip_prefix(PAYLOADS)?.split_once('.')?;
    digits.parse().ok()
}

const PAYLOADS: &str = "payloads/";

/// A salt is spelled as a hash is: it has as many bytes.
mod salt_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::{Hash, Salt};

    pub(super) fn serialize<S: Serializer>(salt: &Option<Salt>, serializer: S) -> Result<S::Ok, S::Error> {
        salt.as_ref().map(Salt::to_hex).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Salt>, D::Error> {
        let bytes = Option::<Hash>::deserialize(deserializer)?;
        Ok(bytes.map(|bytes| Salt::from_bytes(*bytes.as_bytes())))
    }
}
