//! What proves the journal to somebody who does not trust this server: checkpoints, proofs and tiles.

use segb_graph::pending::Pending;
use segb_journal::{
    EntryError, Hash, Timestamp,
    tile::{ReadTileError, Tile, TileKind, encode_bundle, read_hash_tile},
    tree::{
        ConsistencyProof, InclusionProof, ProveConsistencyError, ProveInclusionError, prove_consistency,
        prove_inclusion,
    },
};
use uuid::Uuid;

use crate::{
    journal::{EntryFilter, JournalError, StoredEntry},
    read::ReadError,
    record::RecordError,
    store::Store,
    writer::Job,
};

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointNote {
    /// How many entries it covers.
    pub size: u64,
    /// The signed note (C2SP signed-note and tlog-checkpoint).
    pub note: String,
}

/// A checkpoint that witnesses have signed, too: they saw that the journal of this size continues what they saw before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignedCheckpoint {
    /// How many entries it covers.
    pub size: u64,
    /// When the last of the signatures came.
    pub cosigned_at: Timestamp,
    /// The signed note with the cosignatures (C2SP tlog-cosignature).
    pub note: String,
}

/// An entry and the proof that it is in the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryProof {
    /// The entry.
    pub stored: StoredEntry,
    /// The record that is hashed: the canonical form of the entry, RFC 8785.
    pub record: String,
    /// That its leaf is in the tree.
    pub inclusion: InclusionProof,
    /// The root of that tree.
    pub root: Hash,
    /// The checkpoint about exactly that tree, if it is the latest one or one that witnesses have signed.
    pub checkpoint: Option<CheckpointNote>,
}

/// Why there is no proof.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// No entry has this id. The caller's mistake.
    #[error("there is no such log")]
    UnknownLog,
    /// The access journal has no record with this number. The caller's mistake.
    #[error("there is no such record of an access")]
    UnknownAccess,
    /// The journal never had this size, or not with what is to be proved in it; the text is for the caller.
    #[error("{0}")]
    BadSize(String),
    /// The tree has no such tile. The caller's mistake, or asked too early.
    #[error("there is no such tile yet")]
    NoSuchTile,
    /// The tree cannot be read; the text is for the operator.
    #[error("{0}")]
    Storage(String),
}

impl From<JournalError> for ProofError {
    fn from(error: JournalError) -> Self {
        Self::Storage(error.to_string())
    }
}

impl From<EntryError> for ProofError {
    fn from(error: EntryError) -> Self {
        Self::Storage(error.to_string())
    }
}

/// All of these block on the disk.
impl Store {
    /// The latest checkpoint; none without a key to sign it.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn checkpoint(&self) -> Result<Option<CheckpointNote>, ReadError> {
        let checkpoint = self.reader().evidence(|tables| tables.checkpoint())?;
        Ok(checkpoint.map(|(size, note)| CheckpointNote { size, note }))
    }

    /// The latest checkpoint that witnesses have signed; none if there is none.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn cosigned_checkpoint(&self) -> Result<Option<CosignedCheckpoint>, ReadError> {
        Ok(self.reader().evidence(|tables| tables.cosigned())?)
    }

    /// Keeps a checkpoint of this journal with the signatures of witnesses, in place of one of the same size. That the
    /// signatures are good is for the caller to see to. Of those older than the last hundred, one a day is kept.
    ///
    /// # Errors
    /// [`RecordError`]; nothing is changed then.
    pub fn keep_cosigned(&self, checkpoint: CosignedCheckpoint) -> Result<(), RecordError> {
        let (reply, pending) = Pending::new(|| RecordError::Closed);
        self.queue().add(Job::Cosigned { checkpoint, reply })?;
        pending.wait()
    }

    /// The public key that checkpoints are signed with, as `name+id+base64` (C2SP signed-note); its name is the origin
    /// of the log.
    pub fn verifier_key(&self) -> Option<String> {
        self.signing().map(|signing| signing.verifier_text())
    }

    /// Proves that an entry is in the journal of `size` entries, or in the present one.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn prove_entry(&self, log_id: Uuid, size: Option<u64>) -> Result<EntryProof, ProofError> {
        let stored = self.reader().entry(log_id)?.ok_or(ProofError::UnknownLog)?;
        self.reader().evidence(|tables| {
            let present = tables.size()?;
            let size = known_size(size.unwrap_or(present), present)?;
            let inclusion = prove_inclusion(stored.entry.sequence, size, &tables.tree()).map_err(
                |error| match error {
                    ProveInclusionError::NotInTree { leaf_index, tree_size } => ProofError::BadSize(format!(
                        "The log has sequence {leaf_index}, so it is not among the first {tree_size} entries."
                    )),
                    other => ProofError::Storage(other.to_string()),
                },
            )?;
            let record = String::from_utf8(stored.entry.to_canonical_bytes()?)
                .map_err(|error| ProofError::Storage(error.to_string()))?;
            let checkpoint = match tables.checkpoint()?.filter(|(covered, _)| *covered == size) {
                Some((size, note)) => Some(CheckpointNote { size, note }),
                None => tables
                    .cosigned_of_size(size)?
                    .map(|CosignedCheckpoint { size, note, .. }| CheckpointNote { size, note }),
            };
            Ok(EntryProof { root: tables.root(size)?, checkpoint, record, inclusion, stored })
        })
    }

    /// Proves that the journal of `to` entries begins with that of `from` entries; without `to` the present one.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn prove_consistency(&self, from: u64, to: Option<u64>) -> Result<ConsistencyProof, ProofError> {
        self.reader().evidence(|tables| {
            let present = tables.size()?;
            let to = known_size(to.unwrap_or(present), present)?;
            prove_consistency(from, to, &tables.tree()).map_err(|error| match error {
                ProveConsistencyError::Read(error) => ProofError::Storage(error.to_string()),
                other => ProofError::BadSize(format!("There is no such proof: {other}.")),
            })
        })
    }

    /// The bytes of a tile (C2SP tlog-tiles); a tile of entries holds their records.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn tile(&self, tile: Tile) -> Result<Vec<u8>, ProofError> {
        match tile.kind() {
            TileKind::Hashes { .. } => self.reader().evidence(|tables| {
                read_hash_tile(tile, tables.size()?, &tables.tree()).map_err(|error| match error {
                    ReadTileError::NotInTree { .. } => ProofError::NoSuchTile,
                    other => ProofError::Storage(other.to_string()),
                })
            }),
            TileKind::Entries => self.entries_tile(tile),
        }
    }

    fn entries_tile(&self, tile: Tile) -> Result<Vec<u8>, ProofError> {
        let size = self.reader().evidence(|tables| tables.size())?;
        let range = tile.elements().filter(|_| tile.is_in_tree(size)).ok_or(ProofError::NoSuchTile)?;
        let filter = EntryFilter {
            before_sequence: Some(range.end),
            limit: u32::from(tile.width()),
            ..EntryFilter::default()
        };
        let page = self.reader().entries(&filter)?;
        let records: Result<Vec<_>, _> =
            page.entries.iter().rev().map(|stored| stored.entry.to_canonical_bytes()).collect();
        encode_bundle(records?).map_err(|error| ProofError::Storage(error.to_string()))
    }
}

fn known_size(size: u64, present: u64) -> Result<u64, ProofError> {
    if size <= present {
        Ok(size)
    } else {
        Err(ProofError::BadSize(format!("The journal has {present} entries, not {size} yet.")))
    }
}
