//! What is signed, and what signs: notes, checkpoints, cosignatures, keys, proofs, and what a witness is asked and
//! answers. What is read has one spelling, and what is verified is what was signed.

use std::{fmt::Display, str::FromStr};

use segb_journal::{
    Hash, Timestamp,
    bundle::Manifest,
    checkpoint::{Checkpoint, CosignatureVerifier, Cosigner, Origin, UnverifiedCheckpoint},
    note::{KeyName, Note, Signer, Verifier, parse_signature_lines},
    tree::{ConsistencyProof, InclusionProof, TreeHead, prove_consistency, prove_inclusion},
    witness::{AddCheckpoint, Answer, WatchedLog, decide},
};

use crate::made::{JOURNAL, ORIGIN};

pub(crate) fn run(bytes: &[u8]) {
    note(bytes);
    checkpoint(bytes);
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        witnessed(request);
    }
    for status in [200, 409, 500] {
        if let Err(error) = Answer::read(status, bytes) {
            assert!(!error.to_string().contains(char::is_control) && error.to_string().len() < 1_000);
        }
    }
    proofs(bytes);
    let Ok(text) = str::from_utf8(bytes) else { return };
    one_spelling::<Manifest>(text);
    one_spelling::<Checkpoint>(text);
    one_spelling::<Verifier>(text);
    one_spelling::<CosignatureVerifier>(text);
    one_spelling::<KeyName>(text);
    one_spelling::<Origin>(text);
    one_spelling::<Hash>(text);
    if let Ok(signer) = text.parse::<Signer>() {
        assert_eq!(*signer.to_secret_text(), text);
        one_spelling::<Verifier>(&signer.verifier().to_string());
    }
    if let Ok(cosigner) = text.parse::<Cosigner>() {
        assert_eq!(*cosigner.to_secret_text(), text);
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        assert_eq!(moment.to_string().parse(), Ok(moment));
        assert_eq!(Timestamp::from_unix_us(moment.as_unix_us()), Ok(moment));
    }
    if let Some(hash) = Hash::from_base64(text) {
        assert_eq!(hash.to_base64(), text);
    }
    if let Ok(signatures) = parse_signature_lines(text) {
        let lines: String = signatures.iter().map(|signature| format!("{signature}\n")).collect();
        assert_eq!(lines, text);
    }
}

fn one_spelling<T: FromStr + Display>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

/// A note that is verified has the signature that our key makes, which nobody else can make.
fn note(bytes: &[u8]) {
    let Ok(note) = Note::parse(bytes) else { return };
    assert_eq!(note.to_string().as_bytes(), bytes);
    if note.verify(&[JOURNAL.signer.verifier()]).is_ok() {
        let signed = Note::sign(note.text().to_owned(), &JOURNAL.signer).expect("it was signed");
        assert!(note.signatures().contains(&signed.signatures()[0]), "verified, but not signed");
    }
}

/// Of a signed checkpoint there is only the one that was made.
fn checkpoint(bytes: &[u8]) {
    let Ok(unverified) = UnverifiedCheckpoint::parse(bytes) else { return };
    assert_eq!(unverified.to_string().as_bytes(), bytes);
    let origin = ORIGIN.parse().expect("an origin");
    let Ok(verified) = unverified.verify(&origin, &[JOURNAL.signer.verifier()]) else { return };
    assert_eq!(verified.checkpoint(), JOURNAL.checkpoint.checkpoint());
    let witness = JOURNAL.witness.verifier();
    if let Ok(cosignatures) = verified.cosignatures(std::slice::from_ref(&witness)) {
        assert_eq!(cosignatures.len(), 1);
        assert_eq!((&cosignatures[0].witness, cosignatures[0].unix_s), (witness.name(), 1_769_853_600));
    }
}

/// A witness cosigns only what continues what it has seen.
fn witnessed(request: AddCheckpoint) {
    let (origin, keys) = (ORIGIN.parse().expect("an origin"), [JOURNAL.signer.verifier()]);
    for (size, root) in JOURNAL.roots.iter().enumerate() {
        let last_cosigned = TreeHead { size: size as u64, root: *root };
        let watched = WatchedLog { origin: &origin, keys: &keys, last_cosigned };
        if let Ok(accepted) = decide(request.clone(), Some(watched)) {
            assert_eq!(accepted.checkpoint().checkpoint(), JOURNAL.checkpoint.checkpoint());
        }
    }
    assert!(decide(request, None).is_err(), "a log that is not watched");
}

/// A proof about our tree is the one that we make, and no other.
fn proofs(bytes: &[u8]) {
    let size = JOURNAL.made.len() as u64;
    if let Ok(proof) = serde_json::from_slice::<InclusionProof>(bytes) {
        let InclusionProof { leaf_index, tree_size, .. } = proof;
        let root = JOURNAL.roots.get(tree_size as usize).copied().unwrap_or(JOURNAL.roots[0]);
        let leaf = JOURNAL.made.get(leaf_index as usize).map(|made| made.entry.leaf_hash().expect("a leaf"));
        let verified = proof.verify(leaf.unwrap_or(root), root).is_ok();
        let ours = (tree_size <= size).then(|| prove_inclusion(leaf_index, tree_size, &JOURNAL.stored).ok());
        assert_eq!(verified, ours.flatten().is_some_and(|ours| ours == proof), "{proof:?}");
    }
    if let Ok(proof) = serde_json::from_slice::<ConsistencyProof>(bytes) {
        let ConsistencyProof { from, to, .. } = proof;
        let root = |size: u64| JOURNAL.roots.get(size as usize).copied();
        let (Some(from_root), Some(to_root)) = (root(from), root(to)) else {
            let any = JOURNAL.roots[1];
            // Whether this is a tree of such a size nobody can tell here; it only must end.
            let _ = proof.verify(any, any);
            return;
        };
        let ours = prove_consistency(from, to, &JOURNAL.stored).ok();
        assert_eq!(
            proof.verify(from_root, to_root).is_ok(),
            ours.is_some_and(|ours| ours == proof),
            "{proof:?}"
        );
    }
}

/// What the journal that was made up has to show.
pub(crate) fn examples() -> Vec<(&'static str, &'static str, String)> {
    let size = JOURNAL.made.len() as u64;
    let inclusion = prove_inclusion(2, size, &JOURNAL.stored).expect("a proof");
    let consistency = prove_consistency(3, size, &JOURNAL.stored).expect("a proof");
    let request = AddCheckpoint::new(consistency.clone(), JOURNAL.checkpoint.clone()).expect("a request");
    let note = Note::sign("one\n\ntwo\n".to_owned(), &JOURNAL.signer).expect("a note");
    let lines: String =
        JOURNAL.checkpoint.note().signatures().iter().map(|line| format!("{line}\n")).collect();
    [
        ("checkpoint", JOURNAL.checkpoint.to_string()),
        ("checkpoint-text", JOURNAL.checkpoint.checkpoint().to_string()),
        ("consistency", serde_json::to_string(&consistency).expect("JSON")),
        ("inclusion", serde_json::to_string(&inclusion).expect("JSON")),
        ("note", note.to_string()),
        ("request", request.to_string()),
        ("signatures", lines),
        ("key", JOURNAL.signer.verifier().to_string()),
        ("key-of-witness", JOURNAL.witness.verifier().to_string()),
        ("key-secret", JOURNAL.signer.to_secret_text().to_string()),
        ("key-secret-of-witness", JOURNAL.witness.to_secret_text().to_string()),
    ]
    .map(|(name, text)| ("notes", name, text))
    .into()
}
