//! The payloads, and what they say about each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    EntryProblem, Findings, Listed,
    files::{BundleFiles, Hashing, unreadable},
};
use crate::{
    Commitment, EntryKind, Hash, Salt,
    bundle::{FILES, IncludedBecause},
    statement,
};

/// The longest payload that is read as what the server says about an erasure, in bytes.
const STATEMENT_BYTES_MAX: u64 = 1 << 20;

/// The entries that say that logs were erased: their own numbers, and what they say.
pub(super) type Erasures = BTreeMap<u64, (u64, Uuid)>;

/// Checks all payloads against their entries and adds the hashes of the files.
pub(super) fn read(
    files: &mut impl BundleFiles,
    names: &BTreeSet<String>,
    listed: &[Listed],
    hashes: &mut BTreeMap<String, Hash>,
    progress: &mut dyn FnMut(),
    findings: &mut Findings,
) -> Erasures {
    let mut erasures = Erasures::new();
    for entry in listed {
        let Some(salt) = &entry.salt else { continue };
        let mut wrong = |what| findings.entry(entry.sequence, Some(entry.log_id), what);
        let read = match &entry.payload {
            None => {
                Ok(ReadPayload { hash: None, commitment: Commitment::new(salt, b""), statement: Vec::new() })
            }
            Some(name) if FILES.contains(&name.as_str()) => continue,
            Some(name) if !names.contains(name) => {
                wrong(EntryProblem::PayloadMissing);
                continue;
            }
            Some(name) => read_payload(files, name, entry, salt),
        };
        match read {
            Ok(read) => {
                if read.commitment != entry.commitment {
                    wrong(EntryProblem::Payload);
                } else if entry.kind == EntryKind::LogErased
                    && let Ok(said) = serde_json::from_slice::<statement::Erasure>(&read.statement)
                {
                    erasures.insert(entry.sequence, (said.sequence, said.log_id));
                }
                hashes.extend(entry.payload.clone().zip(read.hash));
            }
            Err(error) => {
                findings.add(unreadable(entry.payload.as_deref().unwrap_or_default(), error.to_string()))
            }
        }
        progress();
    }
    erasures
}

struct ReadPayload {
    /// Of the file, unless it is longer than it should be and was not read to its end.
    hash: Option<Hash>,
    commitment: Commitment,
    /// The bytes, of an entry that says that a log was erased.
    statement: Vec<u8>,
}

fn read_payload(
    files: &mut impl BundleFiles,
    name: &str,
    entry: &Listed,
    salt: &Salt,
) -> io::Result<ReadPayload> {
    let keep = if entry.kind == EntryKind::LogErased { STATEMENT_BYTES_MAX } else { 0 };
    // One byte more than there should be is enough to know that there are too many.
    let bytes_max = entry.payload_size.saturating_add(1);
    let mut file = Hashing::new(files.open(name)?).take(bytes_max);
    let mut commitment = Sha256::new_with_prefix(salt.as_bytes());
    let (mut statement, mut length, mut block) = (Vec::new(), 0, vec![0; 64 << 10]);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        length += read as u64;
        commitment.update(&block[..read]);
        if length <= keep {
            statement.extend_from_slice(&block[..read]);
        }
    }
    let complete = length <= entry.payload_size;
    let commitment = Commitment::from_hash(Hash::from_bytes(commitment.finalize().into()));
    Ok(ReadPayload { hash: complete.then(|| file.into_inner().finish()), commitment, statement })
}

/// Every missing payload has an entry that says that it was erased, and no entry is there for that without a reason.
pub(super) fn check_erasures(listed: &[Listed], erasures: &Erasures, findings: &mut Findings) {
    let mut explaining = BTreeSet::new();
    for entry in listed.iter().filter(|entry| entry.salt.is_none()) {
        let Some(by) = entry.erased_by else { continue };
        explaining.insert(by);
        if erasures.get(&by) != Some(&(entry.sequence, entry.log_id)) {
            findings.entry(entry.sequence, Some(entry.log_id), EntryProblem::NotErasedBy(by));
        }
    }
    let extra = listed.iter().filter(|entry| entry.because == IncludedBecause::Erasure);
    for entry in extra.filter(|entry| !explaining.contains(&entry.sequence)) {
        findings.entry(entry.sequence, Some(entry.log_id), EntryProblem::ExplainsNothing);
    }
}
