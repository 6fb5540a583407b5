//! A receipt: the answer of `POST /ttl`, with a proof or without, or that of `GET /logs/{log_id}/proof` (docs/api.md).

use segb_journal::{
    Entry, Hash,
    checkpoint::{SignedCheckpoint, UnverifiedCheckpoint},
    note::Verifier,
    tree::{InclusionProof, TreeHead},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Findings, Problem, Verdict};

/// The longest receipt that is read, in bytes: a proof has at most 63 hashes and a record some texts.
pub const RECEIPT_BYTES_MAX: u64 = 4 << 20;

/// What came with a receipt, to check it with.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    /// The key of the journal.
    pub key: &'a Verifier,
    /// A checkpoint from elsewhere.
    pub checkpoint: Option<&'a UnverifiedCheckpoint>,
    /// The document that was sent.
    pub document: Option<&'a [u8]>,
}

/// What was found about a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptReport {
    /// All of it in one word.
    pub verdict: Verdict,
    /// The entry by its record; none without a proof.
    pub entry: Option<Entry>,
    /// The id that the receipt states.
    pub log_id: Uuid,
    /// The sequence number that the receipt states.
    pub sequence: u64,
    /// How many entries the checkpoint is about that the entry is proved to be in; none if it is not proved.
    pub proved_in: Option<u64>,
    /// Whether the document has the hash that the receipt states; none without one of both.
    pub document_fits: Option<bool>,
    /// What does not fit, and what could not be checked.
    #[serde(flatten)]
    pub findings: Findings,
}

/// Why a text is not a receipt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReceiptError {
    /// Not JSON, or without the members of a receipt or a proof.
    #[error("it is neither a receipt nor a proof: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// A receipt that was read; nothing in it is to be believed yet.
#[derive(Debug, Clone)]
pub struct Receipt {
    log_id: Uuid,
    sequence: u64,
    received_at: Option<String>,
    leaf_hash: Hash,
    content_sha256: Option<Hash>,
    proof: Option<Proof>,
}

/// The answer of `POST /ttl`. Other members, such as the message, prove nothing.
#[derive(Debug, Clone, Deserialize)]
struct Inserted {
    log_id: Uuid,
    sequence: u64,
    received_at: String,
    leaf_hash: Hash,
    content_sha256: Hash,
    proof: Option<Proof>,
}

/// The answer of `GET /logs/{log_id}/proof`.
#[derive(Debug, Clone, Deserialize)]
struct Proof {
    log_id: Uuid,
    sequence: u64,
    record: String,
    leaf_hash: Hash,
    inclusion: InclusionProof,
    root: Hash,
    checkpoint: Option<String>,
}

impl Receipt {
    /// Reads a receipt or a proof.
    ///
    /// # Errors
    /// [`ParseReceiptError`].
    pub fn parse(json: &[u8]) -> Result<Self, ParseReceiptError> {
        let value: serde_json::Value = serde_json::from_slice(json)?;
        if value.get("record").is_some() {
            let proof: Proof = serde_json::from_value(value)?;
            let Proof { log_id, sequence, leaf_hash, .. } = proof;
            let (received_at, content_sha256) = (None, None);
            return Ok(Self { log_id, sequence, received_at, leaf_hash, content_sha256, proof: Some(proof) });
        }
        let Inserted { log_id, sequence, received_at, leaf_hash, content_sha256, proof } =
            serde_json::from_value(value)?;
        let (received_at, content_sha256) = (Some(received_at), Some(content_sha256));
        Ok(Self { log_id, sequence, received_at, leaf_hash, content_sha256, proof })
    }

    /// Checks everything that can be checked: from the record to the leaf, to the root, to the signature.
    pub fn verify(&self, means: Means<'_>) -> ReceiptReport {
        let mut findings = Findings::default();
        let document_fits = self.check_document(means.document, &mut findings);
        let (mut entry, mut proved_in) = (None, None);
        match &self.proof {
            None => findings.leave_unchecked(
                "the receipt has no proof, so it is only a promise: that the entry is in the journal cannot be checked \
                 (ask GET /logs/{log_id}/proof for one)",
            ),
            Some(proof) => {
                entry = self.check_record(proof, means.document, &mut findings);
                proved_in = proof.check(means, &mut findings);
            }
        }
        if findings.problem_count > 0 {
            proved_in = None;
        }
        let (log_id, sequence) = (self.log_id, self.sequence);
        ReceiptReport {
            verdict: findings.verdict(),
            entry,
            log_id,
            sequence,
            proved_in,
            document_fits,
            findings,
        }
    }

    fn check_document(&self, document: Option<&[u8]>, findings: &mut Findings) -> Option<bool> {
        let document = document?;
        let Some(stated) = self.content_sha256 else {
            findings.leave_unchecked(
                "a proof does not state the hash of the document; the receipt of POST /ttl does",
            );
            return None;
        };
        let fits = Hash::of(&[document]) == stated;
        if !fits {
            self.add(
                "the document is not the one that the receipt is about: its SHA-256 is another",
                findings,
            );
        }
        Some(fits)
    }

    /// What the receipt says against the record that is proved.
    fn check_record(&self, proof: &Proof, document: Option<&[u8]>, findings: &mut Findings) -> Option<Entry> {
        let entry = match Entry::from_canonical_bytes(proof.record.as_bytes()) {
            Ok(entry) => entry,
            Err(error) => {
                self.add(&format!("the record: {error}"), findings);
                return None;
            }
        };
        let ids = [self.log_id, proof.log_id].iter().all(|id| *id == entry.log_id);
        let numbers = [self.sequence, proof.sequence, proof.inclusion.leaf_index];
        let time = self.received_at.as_ref().is_none_or(|time| *time == entry.received_at.to_string());
        let leaf = entry.leaf_hash().is_ok_and(|leaf| leaf == self.leaf_hash && leaf == proof.leaf_hash);
        let size = document.is_none_or(|document| document.len() as u64 == entry.payload_size);
        for (fits, what) in [
            (ids, "the log id is not that of the record"),
            (numbers.iter().all(|number| *number == entry.sequence), "the number is not that of the record"),
            (time, "the time is not that of the record"),
            (leaf, "the leaf hash is not that of the record"),
            (size, "the document has not the size of the payload in the record"),
        ] {
            if !fits {
                self.add(what, findings);
            }
        }
        Some(entry)
    }

    fn add(&self, problem: &str, findings: &mut Findings) {
        findings.add(Problem::of_entry(self.sequence, problem).with_log_id(Some(self.log_id)));
    }
}

impl Proof {
    /// From the leaf to a signed root; how many entries that is about.
    fn check(&self, means: Means<'_>, findings: &mut Findings) -> Option<u64> {
        let problem = |what: String| Problem::of_entry(self.sequence, what).with_log_id(Some(self.log_id));
        let leaf = segb_journal::tree::leaf_hash(self.record.as_bytes());
        if let Err(error) = self.inclusion.verify(leaf, self.root) {
            findings.add(problem(error.to_string()));
        }
        let proved = TreeHead { size: self.inclusion.tree_size, root: self.root };
        let (mut signed, mut incomparable) = (false, None);
        if let Some(note) = &self.checkpoint {
            match self.own_head(note, means.key) {
                Ok(head) if head == proved => signed = true,
                Ok(head) => findings.add(problem(format!("its checkpoint {}", another(head, proved)))),
                Err(error) => findings.add(problem(format!("its checkpoint: {error}"))),
            }
        }
        if let Some(checkpoint) = means.checkpoint {
            match verify(checkpoint.clone(), means.key).map(|signed| signed.checkpoint().head()) {
                Ok(head) if head == proved => signed = true,
                Ok(head) if head.size != proved.size => incomparable = Some(another(head, proved)),
                Ok(head) => findings.add(problem(format!("the given checkpoint {}", another(head, proved)))),
                Err(error) => findings.add(problem(format!("the given checkpoint: {error}"))),
            }
        }
        if let Some(why) = incomparable {
            findings.leave_unchecked(format!("the given checkpoint {why}: they cannot be compared"));
        } else if !signed && findings.problem_count == 0 {
            let needed = format!("one of {} entries is needed (--checkpoint)", proved.size);
            findings
                .leave_unchecked(format!("the proof has no checkpoint, so nothing signs its root: {needed}"));
        }
        signed.then_some(proved.size)
    }

    fn own_head(&self, note: &str, key: &Verifier) -> Result<TreeHead, String> {
        let checkpoint = UnverifiedCheckpoint::parse(note.as_bytes()).map_err(|error| error.to_string())?;
        Ok(verify(checkpoint, key)?.checkpoint().head())
    }
}

/// How a checkpoint is not the one that is needed.
fn another(head: TreeHead, proved: TreeHead) -> String {
    match head.size == proved.size {
        true => format!("is about another tree of {} entries", head.size),
        false => format!("is about {} entries, and the proof about {}", head.size, proved.size),
    }
}

/// The origin of a journal is the name of its key.
fn verify(checkpoint: UnverifiedCheckpoint, key: &Verifier) -> Result<SignedCheckpoint, String> {
    let origin = key.name().as_str().parse().map_err(|error| format!("the name of the key: {error}"))?;
    checkpoint.verify(&origin, std::slice::from_ref(key)).map_err(|error| error.to_string())
}
