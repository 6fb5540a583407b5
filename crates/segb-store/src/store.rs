//! The store as its users see it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use segb_graph::{
    limits::TurtleLimits,
    pending::Pending,
    query::QueryRunner,
    slots::{Slot, Slots},
    turtle::ParsedLog,
};
use segb_journal::{Commitment, EntryKind, Hash};
use serde::Serialize;
use tokio::sync::watch;

use crate::{
    access::AccessJournal,
    contexts::{self, Contexts},
    data_dir::DataDirLock,
    disk::DiskUse,
    erasure::Erasing,
    journal::{EncodedPayload, JournalReader, Signing, StateChange},
    options::StoreOptions,
    record::{ClearOutcome, Provenance, Receipt, RecordError},
    revocations::RevokedTokens,
    writer::{Content, Job, Queue, RecordJob, Shared, StoreFigures, StoreStatus},
};

/// A handle to an open store; clones are handles to the same one. The last to go closes it.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

/// What the handles share.
pub(crate) struct Inner {
    pub(crate) options: StoreOptions,
    pub(crate) shared: Arc<Shared>,
    pub(crate) reader: Arc<JournalReader>,
    pub(crate) queries: QueryRunner,
    pub(crate) exports: Slots,
    pub(crate) views: Slots,
    pub(crate) contexts: Contexts,
    pub(crate) signing: Option<Signing>,
    pub(crate) revoked_tokens: RevokedTokens,
    pub(crate) erasing: Erasing,
    pub(crate) access_journal: AccessJournal,
    pub(crate) threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held, not read: it keeps other processes out.
    pub(crate) _lock: DataDirLock,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Store")
            .field("data_dir", &self.inner.options.data_dir)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Records a log: compresses it, hands it to the writing threads and returns at once. The receipt comes when the
    /// log is on disk. It is in the graph then, too, unless a very large log is just being put there: then small logs
    /// get their receipts as soon as they are on disk, and appear in the graph shortly afterwards.
    ///
    /// With an idempotency key that the same actor used before for the same document, it is the receipt of then and
    /// nothing is recorded.
    ///
    /// Costs CPU time in proportion to the document: like parsing, not for a thread that runs asynchronous tasks.
    ///
    /// # Errors
    /// [`RecordError`]; nothing of the log is stored then.
    pub fn record(
        &self,
        log: ParsedLog,
        provenance: Provenance,
        idempotency_key: Option<String>,
    ) -> Result<Pending<Receipt, RecordError>, RecordError> {
        let mut log = log;
        let document = log.take_document();
        let content_sha256 = Hash::of(&[&document]);
        let content = Content {
            kind: EntryKind::LogReceived,
            media_type: "text/turtle",
            content_sha256,
            log: Some(log),
            change: None,
            idempotency_key,
        };
        self.enqueue(content, document, provenance)
    }

    /// Records an entry that is no log, with a payload in JSON and the change it makes, and lets it assert what `log` says.
    pub(crate) fn record_entry(
        &self,
        kind: EntryKind,
        payload: Vec<u8>,
        log: Option<ParsedLog>,
        change: Option<StateChange>,
        provenance: Provenance,
    ) -> Result<Pending<Receipt, RecordError>, RecordError> {
        let content_sha256 = Hash::of(&[&payload]);
        let media_type = contexts::MEDIA_TYPE;
        let content = Content { kind, media_type, content_sha256, log, change, idempotency_key: None };
        self.enqueue(content, payload, provenance)
    }

    /// Records what the server itself has to say.
    pub(crate) fn record_statement(
        &self,
        kind: EntryKind,
        statement: &impl Serialize,
        change: Option<StateChange>,
        provenance: Provenance,
    ) -> Result<Pending<Receipt, RecordError>, RecordError> {
        let payload =
            serde_json::to_vec(statement).map_err(|error| RecordError::Storage(error.to_string()))?;
        self.record_entry(kind, payload, None, change, provenance)
    }

    fn enqueue(
        &self,
        content: Content,
        payload: Vec<u8>,
        provenance: Provenance,
    ) -> Result<Pending<Receipt, RecordError>, RecordError> {
        let payload_size = payload.len() as u64;
        let commitment = Commitment::new(&provenance.salt, &payload);
        let payload = EncodedPayload::encode(payload);
        let (reply, pending) = Pending::new(|| RecordError::Closed);
        let job = RecordJob { content, payload, payload_size, commitment, provenance, reply };
        self.inner.shared.queue.add(Job::Record(Box::new(job)))?;
        Ok(pending)
    }

    /// Empties the graph. The journal keeps everything and gets an entry that says so.
    ///
    /// # Errors
    /// [`RecordError`]; the graph is as it was then.
    pub fn clear(&self, provenance: Provenance) -> Result<Pending<ClearOutcome, RecordError>, RecordError> {
        let (reply, pending) = Pending::new(|| RecordError::Closed);
        self.inner.shared.queue.add(Job::Clear { provenance, reply })?;
        Ok(pending)
    }

    /// The condition of the store. Does not block.
    pub fn status(&self) -> StoreStatus {
        self.inner.shared.status()
    }

    /// The store's counters, and what it takes of the disk. Asks the file system, but reads no file.
    pub fn figures(&self) -> StoreFigures {
        let mut figures = StoreFigures::default();
        self.inner.shared.fill_figures(&mut figures);
        let accesses = self.inner.access_journal.figures();
        let disk = DiskUse::of(&self.inner.options.data_dir);
        (figures.journal_bytes, figures.graph_bytes) = (disk.journal_bytes, disk.graph_bytes);
        figures.disk_free_bytes = disk.free_bytes;
        figures.access_records = accesses.records;
        (figures.access_waiting, figures.access_missed) = (accesses.waiting, accesses.missed);
        figures.queries = self.inner.queries.figures();
        figures.triples =
            self.inner.shared.index.snapshot().and_then(|snapshot| snapshot.triple_count()).unwrap_or(0);
        figures
    }

    /// The limits on one log that the store was opened with.
    pub fn turtle_limits(&self) -> &TurtleLimits {
        &self.inner.options.turtle
    }

    pub(crate) fn options(&self) -> &StoreOptions {
        &self.inner.options
    }

    /// A place among the exports, if one is free.
    pub(crate) fn take_export(&self) -> Option<Slot> {
        self.inner.exports.take()
    }

    pub(crate) fn signing(&self) -> Option<&Signing> {
        self.inner.signing.as_ref()
    }

    /// The prefixes that logs declared, each as it was declared first, sorted.
    #[must_use]
    pub fn prefixes(&self) -> Arc<Vec<(String, String)>> {
        self.inner.shared.prefixes()
    }

    pub(crate) fn growth(&self) -> watch::Receiver<u64> {
        self.inner.shared.growth()
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.inner.shared.queue
    }

    pub(crate) fn erasing(&self) -> &Erasing {
        &self.inner.erasing
    }

    pub(crate) fn access_journal(&self) -> &AccessJournal {
        &self.inner.access_journal
    }

    pub(crate) fn revoked_tokens(&self) -> &RevokedTokens {
        &self.inner.revoked_tokens
    }

    pub(crate) fn contexts(&self) -> &Contexts {
        &self.inner.contexts
    }

    pub(crate) fn reader(&self) -> &Arc<JournalReader> {
        &self.inner.reader
    }

    /// Takes no new work, finishes what waits, and closes the files. Blocks; a second call does nothing.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        self.shared.queue.close();
        self.queries.close();
        self.access_journal.close();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            if thread.join().is_err() {
                log::error!("a writing thread had panicked");
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
