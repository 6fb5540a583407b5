//! The thread that commits.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{SyncSender, TrySendError},
    },
    time::{Duration, Instant},
};

use segb_graph::pending::Reply;
use segb_journal::{Commitment, EntryKind, Hash};

use super::{
    Job, RecordJob, Shared,
    indexer::{Applicable, Committed, Indexer, OwnedChange},
    queue::Taken,
};
use crate::{
    journal::{Appended, EncodedPayload, JournalError, JournalWriter, NewEntry, StateChange},
    record::{ClearOutcome, Provenance, Receipt, RecordError},
};

/// With more triples than this on their way into the index, some tenths of a second of its work, small logs get their
/// receipt as soon as they are on disk. Otherwise a receipt also means that the graph shows the log.
const CROWDED_TRIPLES: u64 = 20_000;

/// Logs up to this size do not wait for large ones.
const SMALL_LOG_TRIPLES_MAX: usize = 1_000;

/// With more triples than this on their way, further logs are not kept in memory for the index, which reads them from
/// the journal when it comes to them.
const BACKLOG_TRIPLES_MAX: u64 = 1_000_000;

/// How long the recorder sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_secs(60);

/// How often the recorder tries to empty the write-ahead log.
const SCRUB_RETRY: Duration = Duration::from_millis(200);

/// The recorder's own things.
pub(crate) struct Recorder {
    journal: JournalWriter,
    shared: Arc<Shared>,
    /// Shared with the thread of the indexer.
    indexer: Arc<Mutex<Indexer>>,
    to_indexer: SyncSender<Committed>,
    /// Who waits for the write-ahead log to be empty.
    scrubbing: Option<Vec<Reply<(), RecordError>>>,
}

impl Recorder {
    pub(crate) fn new(
        journal: JournalWriter,
        shared: Arc<Shared>,
        indexer: Arc<Mutex<Indexer>>,
        to_indexer: SyncSender<Committed>,
    ) -> Self {
        shared.set_prefixes(journal.prefixes());
        shared.set_logs(journal.logs());
        // A killed server may have left what was erased in the write-ahead log.
        Self { journal, shared, indexer, to_indexer, scrubbing: Some(Vec::new()) }
    }

    /// Works until the queue is closed and empty. When it ends, the indexer ends after it.
    pub(crate) fn run(mut self) {
        loop {
            let wait = if self.scrubbing.is_some() { SCRUB_RETRY } else { IDLE };
            match self.shared.queue.take(wait) {
                Taken::Batch(jobs) => self.handle(jobs),
                Taken::Nothing => {}
                Taken::Closed => break,
            }
            self.scrub();
        }
        if let Err(error) = self.journal.checkpoint() {
            log::warn!("the journal's write-ahead log stays as it is: {error}");
        }
    }

    fn handle(&mut self, jobs: Vec<Job>) {
        let mut records = Vec::with_capacity(jobs.len());
        for job in jobs {
            match job {
                Job::Record(job) => records.push(*job),
                // These are always alone in their batch.
                Job::Clear { provenance, reply } => self.clear(&provenance, reply),
                Job::Cosigned { checkpoint, reply } => {
                    let kept = self.journal.keep_cosigned(&checkpoint).map_err(|error| refusal(&error));
                    if kept.is_ok() {
                        self.shared.set_cosigned(checkpoint.size);
                    }
                    // Who does not wait for the answer any more does not need it.
                    let _ = reply.send(kept);
                }
                Job::Scrub { reply } => self.scrubbing.get_or_insert_default().push(reply),
            }
        }
        if !records.is_empty() {
            self.record(records);
        }
    }

    /// Empties the write-ahead log, if somebody wants that and no reader looks at what was before.
    fn scrub(&mut self) {
        let Some(waiting) = self.scrubbing.take() else { return };
        match self.journal.scrub() {
            Ok(true) => waiting.into_iter().for_each(|reply| drop(reply.send(Ok(())))),
            Ok(false) => self.scrubbing = Some(waiting),
            Err(error) => {
                log::warn!("what was erased stays in the write-ahead log for now: {error}");
                self.scrubbing = Some(waiting);
            }
        }
    }

    fn record(&mut self, jobs: Vec<RecordJob>) {
        if let Some(refusal) = self.shared.refusal() {
            return refuse(jobs, &refusal);
        }
        let first_sequence = self.journal.len();
        match self.append(&jobs) {
            // From here on the logs are on disk: whatever happens, they are acknowledged. If we crash now, the next
            // start applies them to the index.
            Ok(appended) => self.hand_over(first_sequence, jobs, appended),
            // A batch may be too large for what room is left where one log is not.
            Err(JournalError::Full(_)) if jobs.len() > 1 => {
                jobs.into_iter().for_each(|job| self.record(vec![job]));
            }
            Err(error) => refuse(jobs, &refusal(&error)),
        }
    }

    fn append(&mut self, jobs: &[RecordJob]) -> Result<Vec<Appended>, JournalError> {
        let entries: Vec<NewEntry<'_>> = jobs.iter().map(new_entry).collect();
        self.commit(&entries)
    }

    fn commit(&mut self, entries: &[NewEntry<'_>]) -> Result<Vec<Appended>, JournalError> {
        let start = Instant::now();
        let appended = self.journal.append(entries)?;
        self.shared.commit_times.add(start.elapsed());
        self.shared.set_entries(self.journal.len());
        self.shared.set_logs(self.journal.logs());
        self.shared.set_prefixes(self.journal.prefixes());
        Ok(appended)
    }

    /// Gives the batch to the indexer, which answers the senders. Where that would take long, small logs are answered
    /// at once.
    fn hand_over(&mut self, first_sequence: u64, jobs: Vec<RecordJob>, appended: Vec<Appended>) {
        let backlog = self.shared.backlog_triples();
        let triples: u64 = jobs.iter().map(|job| job.triple_count() as u64).sum();
        let crowded = backlog + triples > CROWDED_TRIPLES;
        let (mut changes, mut now, mut later) = (Vec::with_capacity(jobs.len()), Vec::new(), Vec::new());
        let mut erases = false;
        for (job, outcome) in jobs.into_iter().zip(appended) {
            match outcome {
                Appended::New(receipt) => {
                    let waits = !crowded || job.triple_count() > SMALL_LOG_TRIPLES_MAX;
                    changes.extend(job.content.log.map(|log| OwnedChange::Assert {
                        sequence: receipt.sequence,
                        log_id: receipt.log_id,
                        log,
                    }));
                    if let Some(StateChange::LogErased(erased)) = job.content.change {
                        changes.push(OwnedChange::Erase { log_id: erased.log_id });
                        erases = true;
                    }
                    if waits || erases { &mut later } else { &mut now }.push((job.reply, Ok(receipt)));
                }
                Appended::Repeated(receipt) => now.push((job.reply, Ok(receipt))),
                Appended::KeyReused => now.push((job.reply, Err(RecordError::IdempotencyKeyReused))),
            }
        }
        answer(now);
        if self.journal.len() == first_sequence {
            return answer(later);
        }
        if backlog > BACKLOG_TRIPLES_MAX {
            self.shared.leave_to_catch_up(self.journal.len());
            return answer(later);
        }
        self.shared.add_backlog(triples);
        let committed = Committed {
            first_sequence,
            end_sequence: self.journal.len(),
            applicable: Applicable::Changes { changes, triples, answers: later },
        };
        // What an erasure costs, the number of its triples does not tell.
        let committed = if erases { Some(committed) } else { self.apply_in_place(committed, triples) };
        let Some(committed) = committed else { return };
        if let Err(TrySendError::Full(committed) | TrySendError::Disconnected(committed)) =
            self.to_indexer.try_send(committed)
        {
            self.shared.remove_backlog(triples);
            self.shared.leave_to_catch_up(committed.end_sequence);
            if let Applicable::Changes { answers, .. } = committed.applicable {
                answer(answers);
            }
        }
    }

    /// Applies a small batch here and now, if nobody else waits to be recorded and the indexer has nothing to do: two
    /// threads would only wait for each other. Gives the batch back if not.
    fn apply_in_place(&self, committed: Committed, triples: u64) -> Option<Committed> {
        let alone = self.shared.queue.depth().0 == 0 && triples <= SMALL_LOG_TRIPLES_MAX as u64;
        let Ok(mut indexer) = self.indexer.try_lock() else { return Some(committed) };
        if !alone || !indexer.is_next(committed.first_sequence) {
            return Some(committed);
        }
        let had_words = indexer.wants_words();
        indexer.handle(committed);
        if indexer.is_behind() || (indexer.wants_words() && !had_words) {
            // It failed, and the thread of the indexer has to try again, or it has words to add. If its channel is full,
            // it is awake.
            let wake = Committed { first_sequence: 0, end_sequence: 0, applicable: Applicable::Nothing };
            let _ = self.to_indexer.try_send(wake);
        }
        None
    }

    /// Empties the graph, if anything was asserted since it was emptied last.
    fn clear(&mut self, provenance: &Provenance, reply: Reply<ClearOutcome, RecordError>) {
        let outcome = match (self.shared.refusal(), self.journal.asserted_since_clear()) {
            (Some(refusal), _) => Err(refusal),
            (None, false) => Ok(ClearOutcome::AlreadyEmpty),
            (None, true) => return self.clear_now(provenance, reply),
        };
        // Who does not wait for the answer any more does not need it.
        let _ = reply.send(outcome);
    }

    fn clear_now(&mut self, provenance: &Provenance, reply: Reply<ClearOutcome, RecordError>) {
        let sequence = self.journal.len();
        let payload = EncodedPayload::encode(Vec::new());
        let committed = self.commit(&[NewEntry {
            kind: EntryKind::GraphCleared,
            provenance,
            media_type: None,
            payload: &payload,
            payload_size: 0,
            content_sha256: Hash::of(&[]),
            commitment: Commitment::new(&provenance.salt, &[]),
            triple_count: 0,
            prefixes: &[],
            idempotency_key: None,
            change: None,
        }]);
        if let Err(error) = committed {
            let _ = reply.send(Err(refusal(&error)));
            return;
        }
        // If we crash here, the next start empties the index. The answer waits until it is empty.
        let applicable = Applicable::Clear { sequence, reply };
        let committed = Committed { first_sequence: sequence, end_sequence: sequence + 1, applicable };
        if self.to_indexer.send(committed).is_err() {
            log::error!("the indexer is gone");
        }
    }
}

fn new_entry(job: &RecordJob) -> NewEntry<'_> {
    let content = &job.content;
    NewEntry {
        kind: content.kind,
        provenance: &job.provenance,
        media_type: Some(content.media_type),
        payload: &job.payload,
        payload_size: job.payload_size,
        content_sha256: content.content_sha256,
        commitment: job.commitment,
        triple_count: job.triple_count() as u64,
        prefixes: content.log.as_ref().map_or(&[], |log| log.prefixes()),
        idempotency_key: content.idempotency_key.as_deref(),
        change: content.change.as_ref(),
    }
}

/// Senders and what they are told.
pub(super) type Answers = Vec<(Reply<Receipt, RecordError>, Result<Receipt, RecordError>)>;

pub(super) fn answer(answers: Answers) {
    for (reply, outcome) in answers {
        // Who does not wait for the receipt any more does not need it.
        let _ = reply.send(outcome);
    }
}

fn refuse(jobs: Vec<RecordJob>, refusal: &RecordError) {
    answer(jobs.into_iter().map(|job| (job.reply, Err(refusal.clone()))).collect());
}

fn refusal(error: &JournalError) -> RecordError {
    match error {
        JournalError::Full(_) => RecordError::DiskFull,
        other => RecordError::Storage(other.to_string()),
    }
}
