//! Erasing logs without breaking proofs, and holds that forbid it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use segb_graph::{
    index::Snapshot,
    limits::TurtleLimits,
    pending::Pending,
    term::{TermRef, to_oxrdf},
    turtle::ParsedLog,
};
use segb_journal::{
    Entry, EntryKind, Hash, Timestamp,
    statement::{self, ErasureCause, Hold, HoldRelease},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    journal::{ErasedLog, JournalError, JournalReader, StateChange, StoredEntry, Tombstone},
    read::ReadError,
    record::{Provenance, RecordError},
    store::Store,
    writer::Job,
};

/// How long an erasure waits for readers of what was before.
const SCRUB_WAIT: Duration = Duration::from_secs(10);

/// Logs that are looked up at once when they are older than logs are kept.
const EXPIRED_AT_ONCE: u32 = 64;

/// What is to be erased, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRequest {
    /// The log.
    pub log_id: Uuid,
    /// Why, for whoever reads the journal.
    pub reason: String,
    /// By what law or rule.
    pub legal_ground: String,
}

/// What an erasure did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The entry that says so.
    pub tombstone: Tombstone,
    /// Whether nothing of the payload is left in the files of the journal. If not, somebody still reads what was before,
    /// such as a backup; the rest is overwritten as soon as that ends.
    pub complete: bool,
}

/// Why a log is not erased. Nothing of it is gone then.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum EraseError {
    /// No entry has this id. The caller's mistake.
    #[error("there is no such log")]
    UnknownLog,
    /// The entry is one of the server itself: what was done is not forgotten.
    #[error("only what a robot sent can be erased, and this entry is {0}")]
    NotALog(EntryKind),
    /// It was erased before.
    #[error("the log was erased at {}", .0.erased_at)]
    AlreadyErased(Tombstone),
    /// It is under these holds; that somebody asked is in the journal now.
    #[error("the log is under hold: {}", .0.join(", "))]
    Held(Vec<String>),
    /// The erasure cannot be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// What is to be erased cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<JournalError> for EraseError {
    fn from(error: JournalError) -> Self {
        Self::Read(error.into())
    }
}

/// A hold as it was placed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlacedHold {
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
    /// When.
    pub placed_at: Timestamp,
    /// By whom.
    pub placed_by: String,
    /// When it ended; none if it has not.
    pub released_at: Option<Timestamp>,
    /// By whom it was ended.
    pub released_by: Option<String>,
    /// Why it was ended.
    pub release_reason: Option<String>,
}

/// Why a hold is not released.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// No hold has this id. The caller's mistake.
    #[error("there is no such hold")]
    UnknownHold,
    /// It was released before.
    #[error("the hold is over since {0}")]
    AlreadyReleased(Timestamp),
    /// The release cannot be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The holds cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The holds that have not ended. Whoever erases something has them locked meanwhile, so that no hold is placed between
/// the look and the deed.
#[derive(Debug)]
pub(crate) struct Erasing {
    holds: Mutex<Vec<Hold>>,
}

impl Erasing {
    pub(crate) fn open(reader: &JournalReader) -> Result<Self, JournalError> {
        let mut holds = Vec::new();
        for (placed, released) in reader.holds()? {
            if released.is_none() {
                holds.push(reader.statement(&placed.entry)?);
            }
        }
        Ok(Self { holds: Mutex::new(holds) })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Hold>> {
        self.holds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ids of the holds that a log is under.
fn holds_over(entry: &Entry, holds: &[Hold]) -> Vec<String> {
    let covering = holds.iter().filter(|hold| hold.covers(entry.log_id, entry.received_at));
    covering.map(|hold| hold.hold_id.clone()).collect()
}

/// All of these block, on the disk and on each other: they are not for threads that run asynchronous tasks.
impl Store {
    /// Destroys the payload of a log and its salt, and takes what only this log said out of the graph. The entry stays,
    /// and all proofs about it; a new entry says who did this, when and why.
    ///
    /// # Errors
    /// [`EraseError`].
    pub fn erase(
        &self,
        request: &ErasureRequest,
        provenance: Provenance,
        request_id: String,
    ) -> Result<Erased, EraseError> {
        let ErasureRequest { log_id, reason, legal_ground } = request.clone();
        let holds = self.erasing().lock();
        let stored = erasable(self.reader().entry(log_id)?.ok_or(EraseError::UnknownLog)?)?;
        let over = holds_over(&stored.entry, &holds);
        if !over.is_empty() {
            let refusal = statement::ErasureRefusal {
                request_id,
                sequence: stored.entry.sequence,
                log_id,
                reason,
                legal_ground,
                holds: over.clone(),
            };
            self.record_statement(EntryKind::ErasureRefused, &refusal, None, provenance)?.wait()?;
            return Err(EraseError::Held(over));
        }
        let said = statement::Erasure {
            request_id: Some(request_id),
            sequence: stored.entry.sequence,
            log_id,
            reason,
            legal_ground,
            cause: ErasureCause::Request,
        };
        self.erase_now(&stored.entry, &said, provenance)?;
        drop(holds);
        let complete = self.scrub()?;
        let erased = self.reader().entry(log_id)?.and_then(|stored| stored.erasure);
        let tombstone =
            erased.ok_or_else(|| ReadError::Storage("the erasure is not in the journal".to_owned()))?;
        Ok(Erased { tombstone, complete })
    }

    /// Erases the logs that were received before a moment and are under no hold. `provenance` makes the provenance of
    /// each entry. How many were erased.
    ///
    /// # Errors
    /// [`EraseError`]; what was erased until then stays so.
    pub fn erase_expired(
        &self,
        before: Timestamp,
        reason: &str,
        legal_ground: &str,
        mut provenance: impl FnMut() -> Provenance,
    ) -> Result<u64, EraseError> {
        let (mut from, mut count) = (0, 0);
        loop {
            let expired = self.reader().expired(before, from, EXPIRED_AT_ONCE)?;
            let Some((last, _)) = expired.last() else { break };
            from = last + 1;
            for (sequence, log_id) in expired {
                let holds = self.erasing().lock();
                // Somebody may have erased it just now.
                let Some(Ok(stored)) = self.reader().entry(log_id)?.map(erasable) else { continue };
                if !holds_over(&stored.entry, &holds).is_empty() {
                    continue;
                }
                let said = statement::Erasure {
                    request_id: None,
                    sequence,
                    log_id,
                    reason: reason.to_owned(),
                    legal_ground: legal_ground.to_owned(),
                    cause: ErasureCause::Retention,
                };
                self.erase_now(&stored.entry, &said, provenance())?;
                count += 1;
            }
        }
        if count > 0 {
            self.scrub()?;
        }
        Ok(count)
    }

    fn erase_now(
        &self,
        entry: &Entry,
        said: &statement::Erasure,
        provenance: Provenance,
    ) -> Result<(), EraseError> {
        let (said_by_others, said_by_none) = self.triples_besides(entry)?;
        let change = StateChange::LogErased(ErasedLog {
            sequence: entry.sequence,
            log_id: entry.log_id,
            said_by_others,
            said_by_none,
        });
        self.record_statement(EntryKind::LogErased, said, Some(change), provenance)?.wait()?;
        Ok(())
    }

    /// The hashes of a log's triples: those that other logs say, too, and those that none does.
    fn triples_besides(&self, entry: &Entry) -> Result<(Vec<Hash>, Vec<Hash>), EraseError> {
        let snapshot = self.snapshot()?;
        let Some(payload) = self.reader().payload(entry.log_id)? else {
            return Ok((Vec::new(), Vec::new()));
        };
        let Ok(log) = ParsedLog::parse(payload.bytes, &TurtleLimits::NONE) else {
            // Then it is not in the graph either.
            return Ok((Vec::new(), Vec::new()));
        };
        let (mut by_others, mut by_none) = (Vec::new(), Vec::new());
        for triple in log.term_triples() {
            // A blank node is no other log's.
            if triple.iter().any(|term| matches!(term, TermRef::Blank { .. })) {
                continue;
            }
            let logs = asserting_logs(&snapshot, triple)?;
            if logs > 1 { &mut by_others } else { &mut by_none }.push(triple_hash(triple));
        }
        Ok((by_others, by_none))
    }

    /// Waits until nothing of what was erased is left in the files of the journal; false if that takes too long.
    fn scrub(&self) -> Result<bool, RecordError> {
        let (reply, pending) = Pending::new(|| RecordError::Closed);
        self.queue().add(Job::Scrub { reply })?;
        pending.wait_for(SCRUB_WAIT).map_or(Ok(false), |done| done.map(|()| true))
    }

    /// Forbids to erase logs of a time or some logs, until it is released. `hold_id` has to be a new one.
    ///
    /// # Errors
    /// [`RecordError`]; nothing is held then.
    pub fn place_hold(&self, hold: Hold, provenance: Provenance) -> Result<PlacedHold, RecordError> {
        let mut holds = self.erasing().lock();
        let change = StateChange::HoldPlaced(hold.hold_id.clone());
        let placed = placed(&hold, provenance.received_at, &provenance.actor);
        self.record_statement(EntryKind::HoldPlaced, &hold, Some(change), provenance)?.wait()?;
        holds.push(hold);
        Ok(placed)
    }

    /// Ends a hold.
    ///
    /// # Errors
    /// [`ReleaseError`]; it goes on then.
    pub fn release_hold(
        &self,
        hold_id: &str,
        reason: Option<String>,
        provenance: Provenance,
        request_id: String,
    ) -> Result<PlacedHold, ReleaseError> {
        let mut holds = self.erasing().lock();
        let known = self.holds()?.into_iter().find(|hold| hold.hold_id == hold_id);
        let mut hold = known.ok_or(ReleaseError::UnknownHold)?;
        if let Some(released_at) = hold.released_at {
            return Err(ReleaseError::AlreadyReleased(released_at));
        }
        hold.released_at = Some(provenance.received_at);
        hold.released_by = Some(provenance.actor.clone());
        hold.release_reason.clone_from(&reason);
        let said = HoldRelease { request_id, hold_id: hold_id.to_owned(), reason };
        let change = StateChange::HoldReleased(hold_id.to_owned());
        self.record_statement(EntryKind::HoldReleased, &said, Some(change), provenance)?.wait()?;
        holds.retain(|active| active.hold_id != hold_id);
        Ok(hold)
    }

    /// All holds, also those that are over, in the order in which they were placed.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn holds(&self) -> Result<Vec<PlacedHold>, ReadError> {
        let entries = self.reader().holds()?;
        let holds = entries.into_iter().map(|(entry, release)| self.read_hold(&entry, release.as_ref()));
        Ok(holds.collect::<Result<_, _>>()?)
    }

    fn read_hold(
        &self,
        entry: &StoredEntry,
        release: Option<&StoredEntry>,
    ) -> Result<PlacedHold, JournalError> {
        let hold: Hold = self.reader().statement(&entry.entry)?;
        let mut placed = placed(&hold, entry.entry.received_at, &entry.entry.actor);
        if let Some(StoredEntry { entry, .. }) = release {
            let said: HoldRelease = self.reader().statement(entry)?;
            placed.released_at = Some(entry.received_at);
            placed.released_by = Some(entry.actor.clone());
            placed.release_reason = said.reason;
        }
        Ok(placed)
    }
}

fn placed(hold: &Hold, placed_at: Timestamp, placed_by: &str) -> PlacedHold {
    PlacedHold {
        hold_id: hold.hold_id.clone(),
        since: hold.since,
        until: hold.until,
        log_ids: hold.log_ids.clone(),
        reason: hold.reason.clone(),
        placed_at,
        placed_by: placed_by.to_owned(),
        released_at: None,
        released_by: None,
        release_reason: None,
    }
}

/// An entry that can be erased.
fn erasable(stored: StoredEntry) -> Result<StoredEntry, EraseError> {
    if stored.entry.kind != EntryKind::LogReceived {
        return Err(EraseError::NotALog(stored.entry.kind));
    }
    match stored.erasure {
        Some(tombstone) => Err(EraseError::AlreadyErased(tombstone)),
        None => Ok(stored),
    }
}

/// How many logs assert a triple, but no more than two.
fn asserting_logs(snapshot: &Snapshot, triple: [TermRef<'_>; 3]) -> Result<usize, ReadError> {
    let mut ids = Vec::with_capacity(3);
    for term in triple {
        ids.extend(snapshot.id_of(term)?);
    }
    let Ok(ids) = <[_; 3]>::try_from(ids) else {
        // The graph was emptied since.
        return Ok(0);
    };
    snapshot.logs_of(ids)?.take(2).try_fold(0, |count, log| Ok(log.map(|_| count + 1)?))
}

/// SHA-256 of the triple as a line of N-Triples, without the end of the line.
pub(crate) fn triple_hash(triple: [TermRef<'_>; 3]) -> Hash {
    let [subject, predicate, object] = triple.map(to_oxrdf);
    Hash::of(&[format!("{subject} {predicate} {object} .").as_bytes()])
}
