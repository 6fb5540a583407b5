//! What can be wrong with a bundle.

use uuid::Uuid;

use crate::{
    EntryError,
    tree::{TreeHead, VerifyInclusionError},
};

/// Something that does not fit. The texts are for people, and name what they are about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A file that has to be there is not.
    #[error("{name}: the file is missing")]
    Missing {
        /// Which.
        name: String,
    },
    /// A file that no bundle has.
    #[error("{name}: the file does not belong to a bundle")]
    Unexpected {
        /// Which.
        name: String,
    },
    /// A file that is not in the list of files.
    #[error("{name}: the file is not listed in SHA256SUMS")]
    NotInList {
        /// Which.
        name: String,
    },
    /// A file is not what the list of files says.
    #[error("{name}: the file was changed: its hash is not that in SHA256SUMS")]
    Changed {
        /// Which.
        name: String,
    },
    /// A payload that no entry names: a line was removed, or a file added.
    #[error("{name}: no line of entries.jsonl names this payload of entry {sequence}")]
    PayloadWithoutEntry {
        /// The file.
        name: String,
        /// The entry.
        sequence: u64,
    },
    /// A file cannot be read to its end.
    #[error("{name}: the file cannot be read: {why}")]
    Unreadable {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
    /// What a file says does not fit.
    #[error("{name}: {what}")]
    InFile {
        /// Which.
        name: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A line of `entries.jsonl` that cannot be read at all.
    #[error("entries.jsonl: line {number} cannot be read: {why}")]
    Line {
        /// Counted from 1.
        number: u64,
        /// Why.
        why: String,
    },
    /// Entries that should be there are not.
    #[error("{}: removed, or never there: bundle.json lists {}", entries(*first, *last), if first == last { "it" } else { "them" })]
    EntriesMissing {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// A log that was asked for by its id is not there.
    #[error("log {0}: it was asked for, and is not in entries.jsonl")]
    LogMissing(Uuid),
    /// An entry does not fit.
    #[error("entry {sequence}{}: {what}", log_id.map_or(String::new(), |id| format!(" (log {id})")))]
    Entry {
        /// Its place in the journal.
        sequence: u64,
        /// Its id, where the record can be read.
        log_id: Option<Uuid>,
        /// What is wrong.
        what: EntryProblem,
    },
    /// A checkpoint that was kept elsewhere has another root.
    #[error(
        "the checkpoint that was kept elsewhere has another root for {} entries: the journal was written anew since",
        .0.size
    )]
    OtherRoot(TreeHead),
}

fn entries(first: u64, last: u64) -> String {
    if first == last { format!("entry {first}") } else { format!("entries {first} to {last}") }
}

/// What can be wrong with an entry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryProblem {
    /// The record is not one.
    #[error("the record cannot be read: {0}")]
    Record(EntryError),
    /// It comes after one with the same or a higher number.
    #[error("it is not in its place: the entries are in the order of the journal, each once")]
    OutOfOrder,
    /// The description does not list it.
    #[error("added: bundle.json does not list it")]
    NotListed,
    /// It is not what was asked for, though it says so.
    #[error("it is not what was asked for")]
    NotAskedFor,
    /// Record and leaf hash do not belong together.
    #[error("the record was changed: its hash is not the leaf hash")]
    LeafHash,
    /// The proof is about another entry.
    #[error("the proof is about entry {0}")]
    ProofOfAnother(u64),
    /// The proof is about another tree than the checkpoint.
    #[error("the proof is about a journal of {found} entries, and the checkpoint about {expected}")]
    ProofOfAnotherTree {
        /// Entries, by the checkpoint.
        expected: u64,
        /// Entries, by the proof.
        found: u64,
    },
    /// The proof does not lead to the root.
    #[error("it is not proved to be in the journal: {0}")]
    Proof(VerifyInclusionError),
    /// The name of the payload's file is not the one that it has to be.
    #[error("the payload should be {}", expected.as_deref().unwrap_or("none"))]
    PayloadName {
        /// What it has to be.
        expected: Option<String>,
    },
    /// The file of the payload is not there.
    #[error("the payload is missing")]
    PayloadMissing,
    /// Payload and salt are not what was committed to.
    #[error("payload or salt was changed: they are not what the entry commits to")]
    Payload,
    /// There is no salt, and nothing that says that the log was erased.
    #[error("payload and salt are missing, and no entry is named that says that it was erased")]
    Unexplained,
    /// The entry that is to say that the log was erased is not there, or says something else.
    #[error("payload and salt are missing, and entry {0} does not say here that it was erased")]
    NotErasedBy(u64),
    /// It is said to be erased, and it is not.
    #[error("it is said to be erased by entry {0}, and its payload is here")]
    ErasedButThere(u64),
    /// An entry that is here because of an erasure, and explains none.
    #[error("it is here to explain an erasure, and explains none")]
    ExplainsNothing,
}
