//! Evidence to carry away: some entries with their payloads, and everything that proves them, in one zip.
//!
//! What is in it is decided in `segb_journal::bundle`; here it is read from the journal and packed. It is read in one
//! transaction, so that all of it belongs to one size of the journal, and written as it is read.

mod gate;
mod pack;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use segb_graph::stream::{ByteStream, ChunkWriter, StreamError};
use segb_journal::{
    Hash, Timestamp,
    bundle::{Description, FORMAT, IncludedBecause, Request, ranges},
    note::Signer,
};
use uuid::Uuid;

use crate::{
    journal::{FILE_NAME, JournalError, JournalView, Signing},
    store::Store,
};
use pack::{PackError, pack};

/// What a bundle is to hold, and who wants it when.
#[derive(Debug, Clone)]
pub struct BundleOrder {
    /// Which entries.
    pub request: Request,
    /// The present moment, by the caller's clock.
    pub created_at: Timestamp,
    /// Who asks, if that is known.
    pub requested_by: Option<String>,
}

/// What a bundle holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleSummary {
    /// Entries in it.
    pub entry_count: u64,
    /// Entries in the journal.
    pub tree_size: u64,
    /// A name for its file that tells which journal it is from and when it was made.
    pub file_name: String,
}

/// A bundle on its way.
#[derive(Debug)]
pub struct EvidenceBundle {
    /// What it holds.
    pub summary: BundleSummary,
    /// The zip.
    pub stream: ByteStream,
}

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Nothing is asked for in particular. The caller's mistake: a whole journal is not to be taken by accident.
    #[error("a window of time, logs, an actor or a kind has to be named")]
    NoRequest,
    /// No entries have these ids. The caller's mistake.
    #[error("there are no such logs: {}", list(.0))]
    UnknownLogs(Vec<Uuid>),
    /// No entry fits. The caller may ask for something else.
    #[error("no entry of the journal fits")]
    Nothing,
    /// More entries fit than a bundle may hold. The caller may ask for less.
    #[error("more than {0} entries fit")]
    TooMany(u64),
    /// There is no key, or the journal was written without one: then nothing proves anything.
    #[error("the journal is not signed, so there is no evidence: {0}")]
    Unsigned(&'static str),
    /// The journal is signed with another key than the one that was handed in. The operator's mistake.
    #[error("the journal is signed with the key {journal}, and this is the key {given}")]
    OtherKey {
        /// The public key of the journal.
        journal: String,
        /// The public key that was handed in.
        given: String,
    },
    /// As many exports as allowed are running. The caller may try again later.
    #[error("too many exports are running")]
    Busy,
    /// There is no journal in the data directory. The operator's mistake.
    #[error("there is no journal in {0}")]
    NoJournal(PathBuf),
    /// The bundle cannot be written.
    #[error("the bundle cannot be written: {0}")]
    Write(io::Error),
    /// The journal cannot be read, or does not fit together; the text is for the operator.
    #[error("{0}")]
    Storage(String),
}

impl From<JournalError> for BundleError {
    fn from(error: JournalError) -> Self {
        Self::Storage(error.to_string())
    }
}

fn list(ids: &[Uuid]) -> String {
    ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(", ")
}

/// A bundle that is ready to be written: what it will hold is decided, and does not change any more.
#[derive(Debug)]
pub struct PreparedBundle {
    view: JournalView,
    signing: Signing,
    description: Description,
    /// The signed note that everything is proved against.
    checkpoint: String,
    /// In the order of the journal.
    chosen: Vec<(u64, IncludedBecause)>,
}

impl PreparedBundle {
    /// Reads what is to be in a bundle from the journal in `data_dir`, also while a server works on it. `signer` is the
    /// key of that journal.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn open(data_dir: &Path, signer: Arc<Signer>, order: BundleOrder) -> Result<Self, BundleError> {
        let path = data_dir.join(FILE_NAME);
        if !path.exists() {
            return Err(BundleError::NoJournal(data_dir.to_owned()));
        }
        Self::read(&path, Signing::new(signer)?, order, u64::MAX)
    }

    fn read(
        path: &Path,
        signing: Signing,
        order: BundleOrder,
        entries_max: u64,
    ) -> Result<Self, BundleError> {
        let BundleOrder { request, created_at, requested_by } = order;
        if request.is_empty() {
            return Err(BundleError::NoRequest);
        }
        let view = JournalView::open(path)?;
        let root = view.root()?;
        let checkpoint = checkpoint(&view, &signing, root)?;
        let chosen = choose(&view, &request, entries_max)?;
        let description = Description {
            format: FORMAT.to_owned(),
            origin: signing.origin().to_string(),
            created_at,
            requested_by,
            request,
            entry_count: chosen.len() as u64,
            sequences: ranges(chosen.iter().map(|(sequence, _)| *sequence)),
            tree_size: view.size(),
            root,
        };
        Ok(Self { view, signing, description, checkpoint, chosen })
    }

    /// What it will hold.
    pub fn summary(&self) -> BundleSummary {
        BundleSummary {
            entry_count: self.description.entry_count,
            tree_size: self.description.tree_size,
            file_name: file_name(&self.description),
        }
    }

    /// Writes the zip, in order, without ever going back.
    ///
    /// # Errors
    /// [`BundleError::Write`] or [`BundleError::Storage`]; what was written until then is no zip.
    pub fn write_to(&self, out: impl Write) -> Result<(), BundleError> {
        pack(self, out, || true).map_err(|error| match error {
            PackError::Sink(error) => BundleError::Write(error),
            PackError::Stopped => BundleError::Storage("the bundle was not finished".to_owned()),
            PackError::Journal(error) => error.into(),
        })
    }
}

impl Store {
    /// Starts to write a bundle of at most [`StoreOptions::evidence_entries_max`](crate::StoreOptions) entries that are
    /// asked for, besides those that explain erasures. It is one of the exports that run at one time, and may take as
    /// long. Blocks on the disk.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn evidence_bundle(&self, order: BundleOrder) -> Result<EvidenceBundle, BundleError> {
        let slot = self.take_export().ok_or(BundleError::Busy)?;
        let signing = self.signing().cloned().ok_or(BundleError::Unsigned("there is no key"))?;
        let options = self.options();
        let bundle =
            PreparedBundle::read(self.reader().path(), signing, order, options.evidence_entries_max)?;
        let summary = bundle.summary();
        let duration = options.export_duration_max;
        let deadline = Instant::now() + duration;
        let (writer, stream) = ByteStream::new(deadline, duration);
        let end = writer.stream_end();
        let thread = thread::Builder::new().name("evidence".to_owned()).spawn(move || {
            // Dropped after the bundle, and so after its transaction.
            let _slot = slot;
            let bundle = bundle;
            stream_out(&bundle, writer, deadline, duration);
        });
        if let Err(error) = thread {
            // The writer is gone with the closure; the first error counts.
            end.end(StreamError::Failed(format!("no thread can be started: {error}")));
        }
        Ok(EvidenceBundle { summary, stream })
    }
}

fn stream_out(bundle: &PreparedBundle, mut writer: ChunkWriter, deadline: Instant, duration: Duration) {
    match pack(bundle, &mut writer, || Instant::now() < deadline) {
        // Then nobody reads, or the stream has ended with an error.
        Ok(()) => drop(writer.finish()),
        Err(PackError::Sink(_)) => {}
        Err(PackError::Stopped) => writer.fail(StreamError::Deadline(duration)),
        Err(PackError::Journal(error)) => {
            log::error!("a bundle of evidence was cut off: {error}");
            writer.fail(StreamError::Failed(error.to_string()));
        }
    }
}

/// The checkpoint about the journal as it is, with the signatures of witnesses if there are any.
fn checkpoint(view: &JournalView, signing: &Signing, root: Hash) -> Result<String, BundleError> {
    let stored = view.checkpoint()?.ok_or(BundleError::Unsigned("it was written without a key"))?;
    let given = signing.verifier_text();
    if stored.verifier != given {
        return Err(BundleError::OtherKey { journal: stored.verifier, given });
    }
    // A server that went on without its key leaves the checkpoint behind.
    if stored.size != view.size() {
        return Err(BundleError::Unsigned("its last entries were written without a key"));
    }
    let head = format!("{}\n{}\n{}\n", signing.origin(), view.size(), root.to_base64());
    if !stored.note.starts_with(&head) {
        return Err(BundleError::Storage(
            "the journal is damaged: its checkpoint is about another tree; segb-verify tells more".to_owned(),
        ));
    }
    let cosigned = view.cosigned()?.filter(|note| note.starts_with(&head));
    Ok(cosigned.unwrap_or(stored.note))
}

/// What was asked for, and the entries that say why payloads of it are missing, in the order of the journal.
fn choose(
    view: &JournalView,
    request: &Request,
    entries_max: u64,
) -> Result<Vec<(u64, IncludedBecause)>, BundleError> {
    let unknown = view.unknown(request.log_ids.as_deref().unwrap_or_default())?;
    if !unknown.is_empty() {
        return Err(BundleError::UnknownLogs(unknown));
    }
    let requested = view.select(request, entries_max.saturating_add(1))?;
    if requested.is_empty() {
        return Err(BundleError::Nothing);
    }
    if requested.len() as u64 > entries_max {
        return Err(BundleError::TooMany(entries_max));
    }
    let mut chosen: Vec<_> =
        requested.iter().map(|sequence| (*sequence, IncludedBecause::Requested)).collect();
    for sequence in &requested {
        if let Some(by) = view.erased_by(*sequence)?
            && requested.binary_search(&by).is_err()
        {
            chosen.push((by, IncludedBecause::Erasure));
        }
    }
    // An entry explains one erasure, so none is there twice.
    chosen.sort_unstable_by_key(|(sequence, _)| *sequence);
    Ok(chosen)
}

/// `segb-evidence-<origin>-20260131T100000Z.zip`. The origin may be an URL; a file name is plain ASCII everywhere.
fn file_name(description: &Description) -> String {
    let plain =
        |character: char| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' };
    let origin: String = description.origin.chars().take(ORIGIN_LENGTH_MAX).map(plain).collect();
    let created_at = description.created_at.to_string();
    let second = created_at.split('.').next().unwrap_or_default().replace(['-', ':'], "");
    format!("segb-evidence-{origin}-{second}Z.zip")
}

/// Characters of the origin in the name of a file, which has 255 bytes in most file systems.
const ORIGIN_LENGTH_MAX: usize = 100;
