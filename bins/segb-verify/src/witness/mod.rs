//! A witness of checkpoints (C2SP tlog-witness): it remembers the last checkpoint of each log, on disk, and cosigns only
//! what continues it, one request at a time for each log.

mod evidence;
mod key;
mod state;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use segb_journal::{
    checkpoint::{CosignatureVerifier, Cosigner, Origin, SignedCheckpoint, TimeOutOfRange},
    note::{NoteSignature, Verifier},
    tree::TreeHead,
    witness::{AddCheckpoint, Refusal, WatchedLog, decide},
};

pub use key::{KeyFileError, load_key};
pub use state::{OpenStateError, StateDir};

/// A witness at work.
#[derive(Debug)]
pub struct Witness {
    cosigner: Cosigner,
    state: StateDir,
    logs: BTreeMap<Origin, Watched>,
}

/// A log and what was seen of it.
#[derive(Debug)]
struct Watched {
    keys: Vec<Verifier>,
    /// The checkpoint that was cosigned last. Held locked from the decision to the disk, so that no two checkpoints are
    /// compared with the same one.
    last: Mutex<Option<SignedCheckpoint>>,
}

/// Why a witness does not cosign.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// The request is at fault, or the log is.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// Where what proves it is kept, if it may prove something about the log.
        evidence: Option<Evidence>,
    },
    /// The state cannot be written. Nothing was cosigned.
    #[error("the state of the witness cannot be written: {0}")]
    Storage(#[source] io::Error),
    /// The clock is wrong. Nothing was cosigned.
    #[error(transparent)]
    Clock(#[from] TimeOutOfRange),
}

/// What became of the evidence that a log did not only grow.
#[derive(Debug)]
pub struct Evidence {
    /// The log.
    pub origin: Origin,
    /// The file, or why there is none.
    pub file: io::Result<PathBuf>,
}

impl Witness {
    /// A witness of the logs that these keys sign for, one or more keys for each, with what it has seen before.
    ///
    /// # Errors
    /// [`OpenStateError`].
    pub fn open(cosigner: Cosigner, logs: &[Verifier], directory: &Path) -> Result<Self, OpenStateError> {
        let state = StateDir::open(directory)?;
        let mut keys: BTreeMap<Origin, Vec<Verifier>> = BTreeMap::new();
        for key in logs {
            let name = key.name().as_str();
            let origin: Origin = name.parse().map_err(|_| OpenStateError::Name(name.to_owned()))?;
            keys.entry(origin).or_default().push(key.clone());
        }
        let watched = keys.into_iter().map(|(origin, keys)| {
            let last = Mutex::new(state.read(&origin, &keys)?);
            Ok((origin, Watched { keys, last }))
        });
        let logs = watched.collect::<Result<_, OpenStateError>>()?;
        Ok(Self { cosigner, state, logs })
    }

    /// The public key of the witness.
    pub fn verifier(&self) -> CosignatureVerifier {
        self.cosigner.verifier()
    }

    /// The logs that are watched, and the tree of each that was cosigned last.
    pub fn heads(&self) -> impl Iterator<Item = (&Origin, TreeHead)> {
        self.logs.iter().map(|(origin, watched)| {
            let last = watched.last.lock().unwrap_or_else(PoisonError::into_inner);
            (origin, head(last.as_ref()))
        })
    }

    /// Decides on the body of a request; the answer is the line of the cosignature. Blocks on the disk. `unix_s` is the
    /// time in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`AddError`]; then nothing has changed.
    pub fn add_checkpoint(&self, body: &[u8], unix_s: u64) -> Result<NoteSignature, AddError> {
        let refused = |refusal| AddError::Refused { refusal, evidence: None };
        let request = AddCheckpoint::parse(body).map_err(|error| refused(error.into()))?;
        let Some((origin, watched)) = self.logs.get_key_value(request.origin()) else {
            return Err(refused(Refusal::UnknownLog(request.origin().clone())));
        };
        let mut last = watched.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last_cosigned = head(last.as_ref());
        let log = WatchedLog { origin, keys: &watched.keys, last_cosigned };
        let accepted = decide(request, Some(log)).map_err(|refusal| {
            let telling = matches!(refusal, Refusal::OtherRoot { .. } | Refusal::BadProof(_));
            let evidence = telling.then(|| Evidence {
                origin: origin.clone(),
                file: self.state.keep_evidence(&refusal, last.as_ref(), body, unix_s),
            });
            AddError::Refused { refusal, evidence }
        })?;
        if accepted.head() != last_cosigned || last.is_none() {
            // If we crash before this is done, nobody has a cosignature and the log asks again. If we crash after it,
            // the log asks again, too, and is told the size that was stored.
            self.state.write(origin, accepted.checkpoint()).map_err(AddError::Storage)?;
            *last = Some(accepted.checkpoint().clone());
        }
        Ok(accepted.cosign(&self.cosigner, unix_s)?)
    }
}

fn head(last: Option<&SignedCheckpoint>) -> TreeHead {
    last.map_or(TreeHead::EMPTY, |last| last.checkpoint().head())
}
