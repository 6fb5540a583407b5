//! What the server answers to a log, and whether it is to be believed.

use segb_journal::{
    Entry, Hash, Timestamp,
    checkpoint::UnverifiedCheckpoint,
    note::Verifier,
    tree::{InclusionProof, TreeHead, leaf_hash},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::Answer;

/// The receipt of a log: it is on the disk of the server. Its content hash was checked against what was sent; with the
/// key of the journal, its proof was checked, too.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// By it the log is found again.
    pub log_id: Uuid,
    /// Its place in the journal, from 0.
    pub sequence: u64,
    /// When the server received it.
    pub received_at: Timestamp,
    /// How many distinct triples it asserts.
    pub triple_count: u64,
    /// SHA-256 of the document.
    pub content_sha256: Hash,
    /// The leaf of its entry in the tree over the journal.
    pub leaf_hash: Hash,
    /// That it is in the journal, if that was asked for.
    pub proof: Option<Proof>,
    /// Whether it was stored by an earlier request with the same key.
    #[serde(skip)]
    pub is_repeated: bool,
    /// The answer as it came, to be kept and checked elsewhere.
    #[serde(skip)]
    pub json: String,
}

/// The proof that an entry is in the journal (docs/api.md, "Evidence").
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Proof {
    /// The id of the log.
    pub log_id: Uuid,
    /// Its place in the journal.
    pub sequence: u64,
    /// The canonical JSON that is hashed.
    pub record: String,
    /// The hash of the record.
    pub leaf_hash: Hash,
    /// From the leaf to the root.
    pub inclusion: InclusionProof,
    /// The root.
    pub root: Hash,
    /// The signed note about the root.
    pub checkpoint: Option<String>,
}

/// Why a receipt is not to be believed. The log may be stored or not: keep it, and ask the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// Not the answer of a SEGB server of this kind.
    #[error("the answer is not a receipt: {0}; is the address that of a SEGB server?")]
    Malformed(String),
    /// It is about something else than what was sent.
    #[error("the receipt is about another document, of hash {found}, and what was sent has {sent}")]
    OtherDocument {
        /// The hash of what was sent.
        sent: Hash,
        /// The hash in the receipt.
        found: Hash,
    },
    /// A proof was asked for and did not come.
    #[error("there is no signed proof in the receipt; does the server sign its journal?")]
    NoProof,
    /// The proof contradicts the receipt.
    #[error("the proof does not fit the receipt: {0}")]
    Contradiction(&'static str),
    /// The proof does not lead to the signed root.
    #[error("the proof proves nothing: {0}")]
    Inclusion(String),
    /// The root is not signed by the key that was given.
    #[error(
        "the journal is not signed with the key that was given: {0}. Either the key is not that of this server, which \
         GET /journal/key shows, or somebody answers in its place"
    )]
    Signature(String),
}

impl Receipt {
    /// Reads the receipt in an answer and checks it.
    pub(crate) fn check(
        answer: &Answer,
        document: &[u8],
        key: Option<&Verifier>,
    ) -> Result<Self, ReceiptError> {
        let receipt = serde_json::from_slice::<Self>(&answer.body);
        let receipt = receipt.map_err(|error| ReceiptError::Malformed(error.to_string()))?;
        let receipt = Self { is_repeated: answer.is_repeated, json: answer.text(), ..receipt };
        let sent = Hash::of(&[document]);
        if receipt.content_sha256 != sent {
            return Err(ReceiptError::OtherDocument { sent, found: receipt.content_sha256 });
        }
        if let Some(key) = key {
            receipt.verify(document.len() as u64, key)?;
        }
        Ok(receipt)
    }

    /// Checks the proof with the key of the journal: from the record to the leaf, to the root, to the signature.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify(&self, document_bytes: u64, key: &Verifier) -> Result<(), ReceiptError> {
        let proof = self.proof.as_ref().ok_or(ReceiptError::NoProof)?;
        let checkpoint = proof.checkpoint.as_ref().ok_or(ReceiptError::NoProof)?;
        self.check_record(proof, document_bytes)?;
        let leaf = leaf_hash(proof.record.as_bytes());
        let inclusion = proof.inclusion.verify(leaf, proof.root);
        inclusion.map_err(|error| ReceiptError::Inclusion(error.to_string()))?;
        let signature = |error: String| ReceiptError::Signature(error);
        let origin =
            key.name().as_str().parse().map_err(|_| signature("its name is not that of a journal".into()))?;
        let unverified = UnverifiedCheckpoint::parse(checkpoint.as_bytes())
            .map_err(|error| signature(error.to_string()))?;
        let signed = unverified.verify(&origin, std::slice::from_ref(key));
        let signed = signed.map_err(|error| signature(error.to_string()))?;
        let proved = TreeHead { size: proof.inclusion.tree_size, root: proof.root };
        match signed.checkpoint().head() == proved {
            true => Ok(()),
            false => Err(ReceiptError::Contradiction("the signed checkpoint is about another tree")),
        }
    }

    fn check_record(&self, proof: &Proof, document_bytes: u64) -> Result<(), ReceiptError> {
        let entry = Entry::from_canonical_bytes(proof.record.as_bytes());
        let entry = entry.map_err(|error| ReceiptError::Inclusion(error.to_string()))?;
        let leaf = leaf_hash(proof.record.as_bytes());
        let numbers = [self.sequence, proof.sequence, proof.inclusion.leaf_index];
        for (fits, what) in [
            (self.log_id == entry.log_id && proof.log_id == entry.log_id, "another log id"),
            (numbers.iter().all(|number| *number == entry.sequence), "another number"),
            (self.received_at == entry.received_at, "another time"),
            (self.leaf_hash == leaf && proof.leaf_hash == leaf, "another leaf hash"),
            (document_bytes == entry.payload_size, "a payload of another size"),
        ] {
            if !fits {
                return Err(ReceiptError::Contradiction(what));
            }
        }
        Ok(())
    }
}
