//! The store as its users see it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, mpsc::sync_channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use segb_journal::{Commitment, EntryKind, Hash, Timestamp};
use serde::Serialize;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    ClearOutcome, EntryFilter, EntryPage, GraphFormat, ParsedLog, Payload, Pending, Provenance, QueryAnswer,
    QueryCheck, QueryError, QueryRequest, Receipt, RecordError, StoreFigures, StoreOptions, StoredEntry,
    access::AccessJournal,
    contexts::{self, Contexts},
    data_dir::DataDirLock,
    disk::DiskUse,
    erasure::Erasing,
    export,
    index::{GraphIndex, IndexError, Snapshot},
    journal::{EncodedPayload, FILE_NAME, JournalError, JournalReader, JournalWriter, Signing, StateChange},
    query::QueryRunner,
    revocations::RevokedTokens,
    slots::{Slot, Slots},
    stream::ByteStream,
    writer::{
        COMMITTED_WAITING_MAX, Content, Indexer, Job, Queue, RecordJob, Recorder, Shared, StoreStatus,
        run_indexer,
    },
};

/// How long [`Store::open`] brings the index up to date before it leaves the rest to a thread.
const CATCH_UP_AT_OPEN: Duration = Duration::from_millis(500);

/// Why a store cannot be opened. All of it is for the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it open.
    #[error("the data directory {0} is in use by another SEGB server")]
    Locked(PathBuf),
    /// The directory or its lock file cannot be used.
    #[error("the data directory {path} cannot be used: {cause}")]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The access journal, `access.sqlite3`, cannot be opened. Put aside, it is begun anew.
    #[error("access.sqlite3: {0}")]
    Access(JournalError),
    /// The graph index cannot be opened; it can be deleted and made anew from the journal.
    #[error("{0}")]
    Index(String),
    /// The system gives no thread.
    #[error("no thread can be started: {0}")]
    Thread(std::io::Error),
}

/// Why something cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// As many exports or views as allowed are there. The caller may try again later.
    #[error("too many exports or reports are running")]
    Busy,
    /// The graph index is being made from the journal.
    #[error("the graph is being made from the journal: {applied} of {total} entries")]
    NotReady {
        /// Entries that the index contains.
        applied: u64,
        /// Entries in the journal.
        total: u64,
    },
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// The files cannot be read; the text is for the operator.
    #[error("{0}")]
    Storage(String),
}

impl From<JournalError> for ReadError {
    fn from(error: JournalError) -> Self {
        Self::Storage(error.to_string())
    }
}

impl From<IndexError> for ReadError {
    fn from(error: IndexError) -> Self {
        Self::Storage(error.to_string())
    }
}

/// The whole graph, or nothing.
#[derive(Debug)]
pub enum Export {
    /// The graph has no triple.
    Empty,
    /// The triples, as a document.
    Stream(ByteStream),
}

/// A handle to an open store; clones are handles to the same one. The last to go closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    options: StoreOptions,
    shared: Arc<Shared>,
    reader: Arc<JournalReader>,
    queries: QueryRunner,
    exports: Slots,
    views: Slots,
    contexts: Contexts,
    signing: Option<Signing>,
    revoked_tokens: RevokedTokens,
    erasing: Erasing,
    access_journal: AccessJournal,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held, not read: it keeps other processes out.
    _lock: DataDirLock,
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
    /// Opens or creates the store in `options.data_dir`, blocking. Where the graph index is far behind the journal it
    /// is brought up to date afterwards, in the background: see [`status`](Self::status).
    ///
    /// # Errors
    /// [`OpenError`]; nothing is changed then.
    pub fn open(options: StoreOptions) -> Result<Self, OpenError> {
        let lock = DataDirLock::acquire(&options.data_dir)?;
        Self::open_locked(options, lock)
    }

    /// Like [`open`](Self::open), for a caller that already has the data directory for itself, since it reads or makes
    /// the journal's key there.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is changed then.
    pub fn open_locked(options: StoreOptions, lock: DataDirLock) -> Result<Self, OpenError> {
        let journal_path = options.data_dir.join(FILE_NAME);
        let signing = options.signer.clone().map(Signing::new).transpose()?;
        let journal = JournalWriter::open(&journal_path, signing.clone())?;
        let reader = Arc::new(JournalReader::new(&journal_path));
        let access_journal =
            AccessJournal::open(&options.data_dir, signing.as_ref(), options.access_queue_records_max)?;
        let (index, applied) = open_index(&options, journal.len())?;
        let queue = Queue::new(options.queue_logs_max, options.queue_bytes_max);
        let shared = Arc::new(Shared::new(index, queue, journal.len(), applied));
        let mut indexer = Indexer::new(Arc::clone(&reader), Arc::clone(&shared), applied);
        indexer.catch_up_for(CATCH_UP_AT_OPEN);
        let (committed, to_index) = sync_channel(COMMITTED_WAITING_MAX);
        let indexer = Arc::new(Mutex::new(indexer));
        let recorder = Recorder::new(journal, Arc::clone(&shared), Arc::clone(&indexer), committed);
        let threads = vec![
            start_thread("segb-recorder", move || recorder.run())?,
            start_thread("segb-indexer", move || run_indexer(&indexer, &to_index))?,
        ];
        let for_queries = Arc::clone(&shared);
        let queries = QueryRunner::new(options.query, options.graph_iri.clone(), move || {
            Ok((snapshot(&for_queries).map_err(query_error)?, for_queries.prefixes().to_vec()))
        })
        .map_err(OpenError::Thread)?;
        let erasing = Erasing::open(&reader)?;
        if let Some(cosigned) = reader.evidence(|tables| tables.cosigned())? {
            shared.set_cosigned(cosigned.size);
        }
        let revoked_tokens = RevokedTokens::new(reader.revoked_tokens()?);
        let exports = Slots::new(options.exports_max);
        let views = Slots::new(options.views_max);
        let contexts = Contexts::new(options.contexts.clone());
        let threads = Mutex::new(threads);
        Ok(Self {
            inner: Arc::new(Inner {
                options,
                shared,
                reader,
                queries,
                exports,
                views,
                contexts,
                signing,
                revoked_tokens,
                erasing,
                access_journal,
                threads,
                _lock: lock,
            }),
        })
    }

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
        let content = Content {
            kind: EntryKind::LogReceived,
            media_type: "text/turtle",
            content_sha256: log.content_sha256,
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

    /// The entries that fit a filter, newest first. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn entries(&self, filter: &EntryFilter) -> Result<EntryPage, ReadError> {
        Ok(self.inner.reader.entries(filter)?)
    }

    /// The entry with this id. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn entry(&self, log_id: Uuid) -> Result<Option<StoredEntry>, ReadError> {
        Ok(self.inner.reader.entry(log_id)?)
    }

    /// How many logs were received in each hour that had any, from `since` on and before `until`, the oldest first.
    /// Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn logs_per_hour(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, u64)>, ReadError> {
        Ok(self.inner.reader.logs_per_hour(since, until)?)
    }

    /// The bytes of the log with this id, exactly as they were received. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn payload(&self, log_id: Uuid) -> Result<Option<Payload>, ReadError> {
        Ok(self.inner.reader.payload(log_id)?)
    }

    /// Starts to write out the whole graph, as it is now, in constant memory.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn export(&self, format: GraphFormat) -> Result<Export, ReadError> {
        let slot = self.inner.exports.take().ok_or(ReadError::Busy)?;
        let snapshot = snapshot(&self.inner.shared)?;
        if snapshot.triple_count()? == 0 {
            return Ok(Export::Empty);
        }
        let deadline = Instant::now() + self.inner.options.export_duration_max;
        let prefixes = self.inner.shared.prefixes().to_vec();
        Ok(Export::Stream(export::start(snapshot, prefixes, format, deadline, slot)))
    }

    /// Evaluates a SPARQL query on another thread; the answer comes when its first bytes are there.
    ///
    /// # Errors
    /// [`QueryError`], at once or later.
    pub fn query(&self, request: QueryRequest) -> Result<Pending<QueryAnswer, QueryError>, QueryError> {
        self.inner.queries.query(request)
    }

    /// Says whether a text is a query that this store would evaluate.
    ///
    /// # Errors
    /// [`QueryError::Busy`] or [`QueryError::Closed`]; a wrong text is not an error here.
    pub fn check_query(&self, text: String) -> Result<Pending<QueryCheck, QueryError>, QueryError> {
        self.inner.queries.check(text)
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
        figures.triples =
            self.inner.shared.index.snapshot().and_then(|snapshot| snapshot.triple_count()).unwrap_or(0);
        figures
    }

    /// The limits on one log that the store was opened with.
    pub fn turtle_limits(&self) -> &crate::TurtleLimits {
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

    pub(crate) fn snapshot(&self) -> Result<Snapshot, ReadError> {
        snapshot(&self.inner.shared)
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

    pub(crate) fn views(&self) -> &Slots {
        &self.inner.views
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

fn start_thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(OpenError::Thread)
}

fn open_index(options: &StoreOptions, entries: u64) -> Result<(GraphIndex, u64), OpenError> {
    let open = |rebuild| -> Result<(GraphIndex, u64), IndexError> {
        let index = GraphIndex::open(&options.data_dir, rebuild)?;
        let applied = index.applied()?;
        Ok((index, applied))
    };
    let index_error = |error: IndexError| OpenError::Index(error.to_string());
    let (index, applied) = open(options.rebuild).map_err(index_error)?;
    if applied <= entries {
        return Ok((index, applied));
    }
    // Somebody put an older journal beside it.
    log::warn!("the graph index contains {applied} entries, the journal only {entries}: it is made anew");
    drop(index);
    open(true).map_err(index_error)
}

fn query_error(error: ReadError) -> QueryError {
    match error {
        ReadError::Busy => QueryError::Busy,
        ReadError::NotReady { applied, total } => QueryError::NotReady { applied, total },
        ReadError::Closed => QueryError::Closed,
        ReadError::Storage(cause) => QueryError::Storage(cause),
    }
}

/// A view of the graph, unless it is only half there.
fn snapshot(shared: &Shared) -> Result<Snapshot, ReadError> {
    match shared.status() {
        StoreStatus::CatchingUp { applied, total } => Err(ReadError::NotReady { applied, total }),
        StoreStatus::Failed(_) if shared.is_partial() => {
            let (applied, total) = shared.progress();
            Err(ReadError::NotReady { applied, total })
        }
        StoreStatus::Closed => Err(ReadError::Closed),
        StoreStatus::Ready | StoreStatus::Failed(_) => Ok(shared.index.snapshot()?),
    }
}
