//! A small journal that was made up: keys, records, their tree and its checkpoint.

use std::sync::LazyLock;

use segb_journal::{
    Commitment, Entry, EntryKind, Hash, Salt, Timestamp,
    checkpoint::{Checkpoint, Cosigner, SignedCheckpoint},
    note::Signer,
    statement::{Erasure, ErasureCause},
    tree::{HashReader, RootBuilder, TreeHead},
};
use uuid::Uuid;

/// Who signs it, and what it is called.
pub(crate) const ORIGIN: &str = "glassbox.example/journal";

/// Made once, since signing takes longer than most inputs.
pub(crate) static JOURNAL: LazyLock<Journal> = LazyLock::new(|| Journal::new(ENTRIES));

const ENTRIES: u64 = 7;

pub(crate) struct Journal {
    pub(crate) signer: Signer,
    pub(crate) witness: Cosigner,
    pub(crate) made: Vec<Made>,
    pub(crate) stored: Stored,
    /// At each size from 0 on.
    pub(crate) roots: Vec<Hash>,
    /// With the cosignature of the witness.
    pub(crate) checkpoint: SignedCheckpoint,
}

/// An entry with what belongs to it.
pub(crate) struct Made {
    pub(crate) entry: Entry,
    pub(crate) salt: Salt,
    pub(crate) payload: Vec<u8>,
    pub(crate) erased_by: Option<u64>,
}

/// The hashes of a tree, by their positions.
pub(crate) struct Stored(Vec<Hash>);

impl HashReader for Stored {
    type Error = u64;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, u64> {
        let read = |position: &u64| self.0.get(*position as usize).copied().ok_or(*position);
        positions.iter().map(read).collect()
    }
}

impl Journal {
    fn new(size: u64) -> Self {
        let signer = Signer::from_seed(ORIGIN.parse().expect("a name"), &[7; 32]);
        let witness = Cosigner::from_seed("witness.example/w1".parse().expect("a name"), &[8; 32]);
        let made: Vec<Made> = (0..size).map(|sequence| Made::new(sequence, size)).collect();
        let (mut stored, mut builder) = (Vec::new(), RootBuilder::new());
        let mut roots = vec![builder.root()];
        for made in &made {
            let leaf = made.entry.leaf_hash().expect("a canonical form");
            stored.extend(builder.append_storing(leaf).expect("room").into_iter().map(|node| node.hash));
            roots.push(builder.root());
        }
        let head = TreeHead { size, root: builder.root() };
        let checkpoint = Checkpoint::new(ORIGIN.parse().expect("an origin"), head);
        let mut checkpoint = SignedCheckpoint::sign(checkpoint, &signer).expect("a checkpoint");
        let cosignature = witness.cosign(&checkpoint, 1_769_853_600).expect("a time");
        checkpoint.add_cosignatures([cosignature], &[witness.verifier()]).expect("room");
        Self { signer, witness, made, stored: Stored(stored), roots, checkpoint }
    }
}

impl Made {
    /// Logs, of which every fifth is erased by the one after it, and some entries without payload.
    fn new(sequence: u64, size: u64) -> Self {
        let log_id = |sequence: u64| Uuid::from_u128(0x4000_8000 + u128::from(sequence));
        let (kind, media_type, payload) = match sequence % 5 {
            3 => (EntryKind::GraphCleared, None, Vec::new()),
            2 => {
                let said = Erasure {
                    request_id: None,
                    sequence: sequence - 1,
                    log_id: log_id(sequence - 1),
                    reason: "Ana asked".to_owned(),
                    legal_ground: "GDPR, article 17".to_owned(),
                    cause: ErasureCause::Request,
                };
                let said = serde_json::to_vec(&said).expect("JSON");
                (EntryKind::LogErased, Some("application/json"), said)
            }
            _ => {
                let turtle = format!("<urn:{sequence}> <urn:says> \"é\" .\n");
                (EntryKind::LogReceived, Some("text/turtle"), turtle.into_bytes())
            }
        };
        let salt = Salt::from_bytes([sequence as u8; 32]);
        let unix_us = 1_770_000_000_000_000 + sequence as i64 * 1_000_000;
        let entry = Entry {
            sequence,
            kind,
            log_id: log_id(sequence),
            received_at: Timestamp::from_unix_us(unix_us).expect("a moment"),
            actor: format!("robot {}", sequence % 2),
            claimed_user: None,
            origin: Some("127.0.0.1".to_owned()),
            media_type: media_type.map(str::to_owned),
            payload_size: payload.len() as u64,
            payload_commitment: Commitment::new(&salt, &payload),
        };
        let erased_by = (sequence % 5 == 1 && sequence + 1 < size).then_some(sequence + 1);
        Self { entry, salt, payload, erased_by }
    }
}
