//! Opening a store.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, mpsc::sync_channel},
    thread::JoinHandle,
    time::Duration,
};

use segb_graph::{
    index::{GraphIndex, IndexError},
    query::{QueryRunner, QuerySettings},
    slots::Slots,
};

use crate::{
    access::AccessJournal,
    contexts::Contexts,
    data_dir::DataDirLock,
    erasure::Erasing,
    graph::Queried,
    journal::{FILE_NAME, JournalError, JournalReader, JournalWriter, Signing},
    options::StoreOptions,
    revocations::RevokedTokens,
    store::{Inner, Store},
    writer::{COMMITTED_WAITING_MAX, Indexer, Queue, Recorder, Shared, run_indexer},
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
        let settings = QuerySettings {
            limits: options.query,
            graph_iri: options.graph_iri.clone(),
            program: options.query_program.clone(),
        };
        let queries =
            QueryRunner::new(settings, Arc::new(Queried(Arc::clone(&shared)))).map_err(OpenError::Thread)?;
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
