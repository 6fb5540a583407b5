//! The lines of `entries.jsonl`.

use std::io::{self, BufRead, BufReader, Read};

use uuid::Uuid;

use super::{
    EntryProblem, Findings, Problem,
    files::{BundleFiles, Hashing, unreadable},
};
use crate::{
    Commitment, Entry, EntryKind, Hash, Salt,
    bundle::{Description, ENTRIES, EntryLine, IncludedBecause, payload_name},
    tree::{TreeHead, leaf_hash},
};

/// The longest line, in bytes. A record has a few thousand at most.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// What the payloads are checked with.
pub(super) struct Listed {
    pub(super) sequence: u64,
    pub(super) log_id: Uuid,
    pub(super) kind: EntryKind,
    pub(super) payload: Option<String>,
    pub(super) payload_size: u64,
    pub(super) commitment: Commitment,
    pub(super) salt: Option<Salt>,
    pub(super) erased_by: Option<u64>,
    pub(super) because: IncludedBecause,
}

/// Reads and checks all lines. The hash is that of the file, if it was read to its end.
pub(super) fn read(
    files: &mut impl BundleFiles,
    head: Option<TreeHead>,
    description: Option<&Description>,
    progress: &mut dyn FnMut(),
    findings: &mut Findings,
) -> (Vec<Listed>, Option<Hash>) {
    let mut lines = match files.open(ENTRIES) {
        Ok(file) => BufReader::new(Hashing::new(file)),
        Err(error) => {
            findings.add(unreadable(ENTRIES, error.to_string()));
            return (Vec::new(), None);
        }
    };
    let mut listed: Vec<Listed> = Vec::new();
    for number in 1.. {
        let line = match next_line(&mut lines) {
            Ok(None) => return (listed, Some(lines.into_inner().finish())),
            Ok(Some(line)) => line,
            // The rest is not read: what comes now would be guesses.
            Err(error) => {
                findings.add(unreadable(ENTRIES, format!("line {number}: {error}")));
                break;
            }
        };
        match serde_json::from_slice::<EntryLine>(&line) {
            Ok(line) => {
                let before = listed.last().map(|last| last.sequence);
                listed.extend(check(line, before, head, description, number, findings));
            }
            Err(error) => findings.add(Problem::Line { number, why: error.to_string() }),
        }
        progress();
    }
    (listed, None)
}

fn next_line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    lines.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => {
            let what = format!("it does not end, or not within {LINE_BYTES_MAX} bytes");
            Err(io::Error::new(io::ErrorKind::InvalidData, what))
        }
    }
}

/// Checks what a line says by itself. None if the record cannot be read.
fn check(
    line: EntryLine,
    before: Option<u64>,
    head: Option<TreeHead>,
    description: Option<&Description>,
    number: u64,
    findings: &mut Findings,
) -> Option<Listed> {
    let entry = match Entry::from_canonical_bytes(line.record.as_bytes()) {
        Ok(entry) => entry,
        Err(error) => {
            let why = EntryProblem::Record(error).to_string();
            findings.add(Problem::Line { number, why });
            return None;
        }
    };
    let mut wrong = |what| findings.entry(entry.sequence, Some(entry.log_id), what);
    if before.is_some_and(|before| before >= entry.sequence) {
        wrong(EntryProblem::OutOfOrder);
    }
    if let Err(what) = check_proof(&line, &entry, head) {
        wrong(what);
    }
    let requested = line.included_because == IncludedBecause::Requested;
    if requested && description.is_some_and(|said| !said.request.covers(&entry)) {
        wrong(EntryProblem::NotAskedFor);
    }
    let expected = payload_name(&entry).filter(|_| line.salt.is_some());
    if line.payload != expected {
        wrong(EntryProblem::PayloadName { expected });
    }
    match (&line.salt, line.erased_by) {
        (None, None) => wrong(EntryProblem::Unexplained),
        (Some(_), Some(by)) => wrong(EntryProblem::ErasedButThere(by)),
        _ => {}
    }
    Some(Listed {
        sequence: entry.sequence,
        log_id: entry.log_id,
        kind: entry.kind,
        payload: line.payload,
        payload_size: entry.payload_size,
        commitment: entry.payload_commitment,
        salt: line.salt,
        erased_by: line.erased_by,
        because: line.included_because,
    })
}

fn check_proof(line: &EntryLine, entry: &Entry, head: Option<TreeHead>) -> Result<(), EntryProblem> {
    let leaf = leaf_hash(line.record.as_bytes());
    if leaf != line.leaf_hash {
        return Err(EntryProblem::LeafHash);
    }
    if line.inclusion.leaf_index != entry.sequence {
        return Err(EntryProblem::ProofOfAnother(line.inclusion.leaf_index));
    }
    let Some(head) = head else { return Ok(()) };
    if line.inclusion.tree_size != head.size {
        let found = line.inclusion.tree_size;
        return Err(EntryProblem::ProofOfAnotherTree { expected: head.size, found });
    }
    line.inclusion.verify(leaf, head.root).map_err(EntryProblem::Proof)
}
