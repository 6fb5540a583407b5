//! The life of a batch.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use segb_journal::{EntryKind, Hash};

use super::{
    Job, RecordJob, Shared,
    queue::{Queue, Taken},
    shared::Condition,
};
use crate::{
    ClearOutcome, Provenance, RecordError, StoreOptions,
    index::{GraphIndex, IndexChange, IndexWriter},
    journal::{Appended, EncodedPayload, JournalError, JournalReader, JournalWriter, NewEntry},
};

/// How often the writer looks, without being asked, whether the index can be brought up to date again.
const RETRY: Duration = Duration::from_millis(500);

/// The writer's own things; it lives on its thread.
pub(crate) struct Writer {
    pub(super) journal: JournalWriter,
    pub(super) reader: Arc<JournalReader>,
    pub(super) index: IndexWriter,
    pub(super) shared: Arc<Shared>,
    /// Entries in the index; the journal may be ahead.
    pub(super) applied: u64,
}

impl Writer {
    pub(crate) fn new(
        journal: JournalWriter,
        reader: Arc<JournalReader>,
        index: GraphIndex,
        applied: u64,
        options: &StoreOptions,
    ) -> Self {
        let queue = Queue::new(options.queue_logs_max, options.queue_bytes_max);
        let shared = Arc::new(Shared::new(index, queue, journal.len(), applied));
        shared.set_prefixes(journal.prefixes());
        Self { journal, reader, index: IndexWriter::default(), shared, applied }
    }

    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Works until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        loop {
            let behind = self.applied < self.journal.len();
            let wait = match self.shared.status() {
                super::StoreStatus::CatchingUp { .. } => Duration::ZERO,
                _ if behind => RETRY,
                _ => Duration::from_secs(60),
            };
            let taken = self.shared.queue.take(wait);
            if behind {
                self.catch_up_a_little();
            }
            match taken {
                Taken::Batch(jobs) => self.handle(jobs),
                Taken::Nothing => {}
                Taken::Closed => return self.finish(),
            }
        }
    }

    fn finish(mut self) {
        if let Err(error) = self.journal.checkpoint() {
            log::warn!("the journal's write-ahead log stays as it is: {error}");
        }
        // An index that is behind stays valid: the next start goes on from where it is.
        if let Err(error) = self.shared.index.close() {
            log::warn!("the graph index was not closed properly: {error}");
        }
        self.shared.set_condition(Condition::Closed);
        self.applied = 0;
    }

    fn handle(&mut self, jobs: Vec<Job>) {
        let mut records = Vec::with_capacity(jobs.len());
        for job in jobs {
            match job {
                Job::Record(job) => records.push(*job),
                // A request to clear is always alone in its batch.
                Job::Clear { provenance, reply } => {
                    // Who does not wait for the answer any more does not need it.
                    let _ = reply.send(self.clear(&provenance));
                }
            }
        }
        if !records.is_empty() {
            self.record(records);
        }
    }

    /// Journal, index, answers: the three steps of a batch of logs.
    fn record(&mut self, jobs: Vec<RecordJob>) {
        if let Err(refusal) = self.check_room() {
            return jobs.into_iter().for_each(|job| answer(job, Err(refusal.clone())));
        }
        let first_sequence = self.journal.len();
        match self.append(&jobs) {
            Ok(appended) => {
                // From here on the logs are on disk: whatever happens, they are acknowledged. If we crash now, the
                // next start applies them to the index.
                self.apply(&jobs, &appended, first_sequence);
                for (job, outcome) in jobs.into_iter().zip(appended) {
                    answer(job, receipt(outcome));
                }
            }
            // A batch may be too large for what room is left where one log is not.
            Err(JournalError::Full(_)) if jobs.len() > 1 => {
                jobs.into_iter().for_each(|job| self.record(vec![job]));
            }
            Err(error) => {
                let refusal = refusal(&error);
                jobs.into_iter().for_each(|job| answer(job, Err(refusal.clone())));
            }
        }
    }

    /// Logs are not taken while the index cannot follow for want of room: what is acknowledged should be seen.
    fn check_room(&mut self) -> Result<(), RecordError> {
        match self.shared.status() {
            super::StoreStatus::Failed(_) if self.applied < self.journal.len() => Err(RecordError::DiskFull),
            _ => Ok(()),
        }
    }

    fn append(&mut self, jobs: &[RecordJob]) -> Result<Vec<Appended>, JournalError> {
        let entries: Vec<NewEntry<'_>> = jobs.iter().map(new_entry).collect();
        let start = Instant::now();
        let appended = self.journal.append(&entries)?;
        self.shared.commit_times.add(start.elapsed());
        self.shared.set_entries(self.journal.len());
        self.shared.set_prefixes(self.journal.prefixes());
        Ok(appended)
    }

    fn apply(&mut self, jobs: &[RecordJob], appended: &[Appended], first_sequence: u64) {
        if self.applied < first_sequence {
            // The index is behind and catches up from the journal, in order.
            return;
        }
        let changes: Vec<IndexChange<'_>> = jobs
            .iter()
            .zip(appended)
            .filter_map(|(job, outcome)| match outcome {
                Appended::New(receipt) => Some(IndexChange::Assert {
                    sequence: receipt.sequence,
                    log_id: receipt.log_id,
                    log: &job.log,
                }),
                Appended::Repeated(_) | Appended::KeyReused => None,
            })
            .collect();
        self.apply_changes(&changes, self.journal.len());
    }

    /// Applies changes to the index; on failure the index is behind and the writer says so.
    pub(super) fn apply_changes(&mut self, changes: &[IndexChange<'_>], applied: u64) {
        match self.index.apply(&self.shared.index, changes, applied) {
            Ok(()) => {
                self.applied = applied;
                self.shared.set_applied(applied);
            }
            Err(error) => {
                log::error!("the graph index does not follow the journal: {error}");
                self.shared.set_condition(Condition::Failed(error.to_string()));
            }
        }
    }

    fn clear(&mut self, provenance: &Provenance) -> Result<ClearOutcome, RecordError> {
        if self.applied < self.journal.len() {
            return Err(RecordError::NotReady);
        }
        let storage = |error: crate::index::IndexError| RecordError::Storage(error.to_string());
        let removed_triples =
            self.shared.index.snapshot().and_then(|snapshot| snapshot.triple_count()).map_err(storage)?;
        if removed_triples == 0 {
            return Ok(ClearOutcome::AlreadyEmpty);
        }
        let sequence = self.journal.len();
        let payload = EncodedPayload::encode(Vec::new());
        let start = Instant::now();
        self.journal
            .append(&[NewEntry {
                kind: EntryKind::GraphCleared,
                provenance,
                media_type: None,
                payload: &payload,
                payload_size: 0,
                content_sha256: Hash::of(&[]),
                commitment: segb_journal::Commitment::new(&provenance.salt, &[]),
                triple_count: 0,
                prefixes: &[],
                idempotency_key: None,
            }])
            .map_err(|error| refusal(&error))?;
        self.shared.commit_times.add(start.elapsed());
        self.shared.set_entries(self.journal.len());
        // If we crash here, the next start empties the index.
        self.apply_changes(&[IndexChange::Clear], self.journal.len());
        Ok(ClearOutcome::Cleared { sequence, removed_triples })
    }
}

fn new_entry(job: &RecordJob) -> NewEntry<'_> {
    NewEntry {
        kind: EntryKind::LogReceived,
        provenance: &job.provenance,
        media_type: Some("text/turtle"),
        payload: &job.payload,
        payload_size: job.payload_size,
        content_sha256: job.log.content_sha256,
        commitment: job.commitment,
        triple_count: job.log.triple_count() as u64,
        prefixes: &job.log.prefixes,
        idempotency_key: job.idempotency_key.as_deref(),
    }
}

fn answer(job: RecordJob, outcome: Result<crate::Receipt, RecordError>) {
    // Who does not wait for the receipt any more does not need it.
    let _ = job.reply.send(outcome);
}

fn receipt(outcome: Appended) -> Result<crate::Receipt, RecordError> {
    match outcome {
        Appended::New(receipt) | Appended::Repeated(receipt) => Ok(receipt),
        Appended::KeyReused => Err(RecordError::IdempotencyKeyReused),
    }
}

fn refusal(error: &JournalError) -> RecordError {
    match error {
        JournalError::Full(_) => RecordError::DiskFull,
        other => RecordError::Storage(other.to_string()),
    }
}
