//! Bundles of entries: records, each behind its length (C2SP tlog-tiles, "Log entries").

/// The most records in a bundle; a full one has as many as a full tile has hashes.
pub const BUNDLE_RECORDS_MAX: usize = 256;

/// The length of a record is written as a big-endian unsigned 16-bit integer.
const LENGTH_BYTES: usize = 2;

/// Why records do not make a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeBundleError {
    /// A record has more than 65 535 bytes. Entries are kept below that when they are recorded.
    #[error("record {index} of the bundle has {length} bytes; 65535 is the most")]
    RecordTooLong {
        /// The place of the record in the bundle, from 0.
        index: usize,
        /// Its length in bytes.
        length: usize,
    },
    /// The caller's fault: more than [`BUNDLE_RECORDS_MAX`] records.
    #[error("a bundle holds at most {BUNDLE_RECORDS_MAX} records")]
    TooManyRecords,
}

/// Why bytes are not a bundle. Whoever made them is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeBundleError {
    /// The bytes end within a record or its length.
    #[error("the bundle ends within record {index}")]
    Truncated {
        /// The place of the record in the bundle, from 0.
        index: usize,
    },
    /// More than [`BUNDLE_RECORDS_MAX`] records.
    #[error("a bundle holds at most {BUNDLE_RECORDS_MAX} records")]
    TooManyRecords,
}

/// The bytes of a bundle. For a journal, the records are the canonical forms of its entries; the RFC 6962 leaf hash of
/// each is the hash in the level 0 tile of the same index.
///
/// # Errors
/// [`EncodeBundleError`].
pub fn encode_bundle<I>(records: I) -> Result<Vec<u8>, EncodeBundleError>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    let mut bundle = Vec::new();
    for (index, record) in records.into_iter().enumerate() {
        let record = record.as_ref();
        if index >= BUNDLE_RECORDS_MAX {
            return Err(EncodeBundleError::TooManyRecords);
        }
        let length = u16::try_from(record.len())
            .map_err(|_| EncodeBundleError::RecordTooLong { index, length: record.len() })?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(record);
    }
    Ok(bundle)
}

/// The records of a bundle, in order.
///
/// # Errors
/// [`DecodeBundleError`].
pub fn decode_bundle(bundle: &[u8]) -> Result<Vec<&[u8]>, DecodeBundleError> {
    let (mut records, mut rest) = (Vec::new(), bundle);
    while !rest.is_empty() {
        let index = records.len();
        if index >= BUNDLE_RECORDS_MAX {
            return Err(DecodeBundleError::TooManyRecords);
        }
        let (record, after) = split_record(rest).ok_or(DecodeBundleError::Truncated { index })?;
        records.push(record);
        rest = after;
    }
    Ok(records)
}

fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH_BYTES>()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}
