//! `segb-verify receipt`, with receipts as the API gives them.

use segb_journal::{Hash, checkpoint::Checkpoint, checkpoint::SignedCheckpoint, note::Signer};
use serde_json::{Value, json};

use crate::fixture::{Fixture, LONG_LOG, Ran, Recorder, key, run, signer};

/// The receipt of the second of five logs with a proof, as POST /ttl?proof=true answers, and as of an earlier size.
fn receipts(fixture: &Fixture) -> (Value, Value, String) {
    let mut recorder = Recorder::open(&fixture.directory.path().join("receipts"), Some(signer()));
    let mut log_id = None;
    let mut early = None;
    for number in 0..5 {
        let turtle = if number == 1 { LONG_LOG.to_owned() } else { format!("<urn:a> <urn:b> {number} .") };
        let id = recorder.log(&turtle);
        if number == 1 {
            log_id = Some(id);
        }
        if number == 2 {
            early = recorder.store.checkpoint().unwrap();
        }
    }
    let log_id = log_id.unwrap();
    let proof = |size: Option<u64>| {
        let proof = recorder.store.prove_entry(log_id, size).unwrap();
        json!({
            "log_id": log_id,
            "sequence": proof.stored.entry.sequence,
            "record": proof.record,
            "leaf_hash": proof.stored.leaf_hash,
            "inclusion": proof.inclusion,
            "root": proof.root,
            "checkpoint": proof.checkpoint.map(|checkpoint| checkpoint.note),
        })
    };
    let now = proof(None);
    let stored = recorder.store.entry(log_id).unwrap().unwrap();
    let receipt = json!({
        "message": "TTL inserted",
        "log_id": log_id,
        "sequence": 1,
        "received_at": stored.entry.received_at,
        "triple_count": 1,
        "content_sha256": Hash::of(&[LONG_LOG.as_bytes()]),
        "leaf_hash": stored.leaf_hash,
        "proof": now,
    });
    let then = proof(Some(3));
    recorder.store.close();
    (receipt, then, early.unwrap().note)
}

struct Case<'f> {
    fixture: &'f Fixture,
}

impl Case<'_> {
    fn run(&self, receipt: &Value, more: &[&str]) -> Ran {
        let file = self.fixture.file("receipt.json", &receipt.to_string());
        let key = key().to_string();
        let with_key = if more.contains(&"--key") { Vec::new() } else { vec!["--key", key.as_str()] };
        run(&[&["receipt", &file], with_key.as_slice(), more].concat())
    }

    fn check(&self, receipt: &Value, more: &[&str], code: i32, text: &str) {
        let ran = self.run(receipt, more);
        assert_eq!(ran.code, code, "{text}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
}

#[test]
fn a_good_receipt_is_proved() {
    let fixture = Fixture::new();
    let (receipt, then, note) = receipts(&fixture);
    let case = Case { fixture: &fixture };
    let log = fixture.file("log.ttl", LONG_LOG);
    let wrong_log = fixture.file("wrong.ttl", &LONG_LOG.replace("hello .", "hullo ."));
    let short_log = fixture.file("short.ttl", "<urn:a> <urn:b> 1 .");
    let note = fixture.file("note-3.txt", &note);
    let other_note = fixture.file("note-14.txt", &fixture.checkpoint());
    case.check(&receipt, &[], 0, "it is in the journal of 5 entries that the key has signed");
    case.check(&receipt["proof"], &[], 0, "VERIFIED");
    case.check(&receipt, &["--log", &log], 0, "it has the SHA-256 that the receipt states");
    assert_eq!(std::fs::read_to_string(&wrong_log).unwrap().len(), LONG_LOG.len());
    case.check(&receipt, &["--log", &short_log], 1, "has not the size of the payload");
    case.check(&receipt["proof"], &["--log", &log], 3, "does not state the hash of the document");
    // Of an earlier size there is no checkpoint in the answer.
    case.check(&then, &[], 3, "one of 3 entries is needed");
    case.check(&then, &["--checkpoint", &note], 0, "it is in the journal of 3 entries");
    case.check(&then, &["--checkpoint", &other_note], 3, "they cannot be compared");
    let mut unproved = receipt.clone();
    unproved["proof"] = Value::Null;
    case.check(&unproved, &[], 3, "the receipt has no proof");
    case.check(&unproved, &["--log", &log], 3, "it has the SHA-256");
    case.check(&unproved, &["--log", &short_log], 1, "its SHA-256 is another");

    let report = case.run(&receipt, &["--json", "--log", &log]).json();
    assert_eq!((&report["verdict"], &report["proved_in"]), (&"verified".into(), &5.into()));
    assert_eq!((&report["sequence"], &report["document_fits"]), (&1.into(), &true.into()));
    assert_eq!(
        (&report["entry"]["actor"], &report["entry"]["kind"]),
        (&"ari".into(), &"log_received".into())
    );
}

#[test]
fn a_receipt_with_anything_changed_is_not_proved() {
    let fixture = Fixture::new();
    let (receipt, ..) = receipts(&fixture);
    let case = Case { fixture: &fixture };
    let (id, hash) = (json!("00000000-0000-4000-8000-0000000000ff"), json!("00".repeat(32)));
    let record = receipt["proof"]["record"].as_str().unwrap();
    let hashes = receipt["proof"]["inclusion"]["hashes"].as_array().unwrap();
    let mut fewer = hashes.clone();
    fewer.pop();
    let mut swapped = hashes.clone();
    swapped.swap(0, 1);
    let foreign = Signer::from_seed("glassbox.example/journal".parse().unwrap(), &[8; 32]);
    let head = serde_json::from_value(json!({ "size": 5, "root": receipt["proof"]["root"] })).unwrap();
    let forged = Checkpoint::new("glassbox.example/journal".parse().unwrap(), head);
    let forged = SignedCheckpoint::sign(forged, &foreign).unwrap().to_string();
    let other = fixture.checkpoint();
    let log = fixture.file("log.ttl", LONG_LOG);
    for (place, value) in [
        ("/log_id", id.clone()),
        ("/sequence", json!(2)),
        ("/received_at", json!("2026-01-31T10:00:00.000000Z")),
        ("/leaf_hash", hash.clone()),
        ("/content_sha256", hash.clone()),
        ("/proof/log_id", id),
        ("/proof/sequence", json!(2)),
        ("/proof/leaf_hash", hash.clone()),
        ("/proof/root", hash.clone()),
        ("/proof/record", json!(record.replace("ari", "eve"))),
        ("/proof/record", json!(record.replace(':', ": "))),
        ("/proof/record", json!("{}")),
        ("/proof/inclusion/leaf_index", json!(2)),
        ("/proof/inclusion/tree_size", json!(6)),
        ("/proof/inclusion/tree_size", json!(0)),
        ("/proof/inclusion/hashes/0", hash),
        ("/proof/inclusion/hashes", json!(fewer)),
        ("/proof/inclusion/hashes", json!(swapped)),
        ("/proof/inclusion/hashes", json!([])),
        ("/proof/checkpoint", json!("garbage")),
        ("/proof/checkpoint", json!(forged)),
        ("/proof/checkpoint", json!(other)),
    ] {
        let mut changed = receipt.clone();
        *changed.pointer_mut(place).unwrap() = value;
        let ran = case.run(&changed, &["--log", &log]);
        assert_eq!(ran.code, 1, "{place}: {}{}", ran.stdout, ran.stderr);
        assert!(!ran.stdout.contains("that the key has signed"), "{place}: {}", ran.stdout);
    }
    let foreign = foreign.verifier().to_string();
    case.check(&receipt, &["--key", &foreign], 1, "not signed by any of the trusted keys");
    let renamed = Signer::from_seed("other.example".parse().unwrap(), &[7; 32]).verifier().to_string();
    case.check(
        &receipt,
        &["--key", &renamed],
        1,
        "is about the log glassbox.example/journal, not other.example",
    );
}

#[test]
fn what_is_no_receipt_is_not_read() {
    let fixture = Fixture::new();
    let case = Case { fixture: &fixture };
    for value in
        [json!({}), json!([]), json!({ "record": "r" }), json!("text"), json!({ "detail": "no such log" })]
    {
        let ran = case.run(&value, &[]);
        assert_eq!(ran.code, 2, "{value}: {}", ran.stdout);
        assert!(ran.stderr.contains("neither a receipt nor a proof"), "{value}: {}", ran.stderr);
    }
    assert_eq!(run(&["receipt", "/missing", "--key", &key().to_string()]).code, 2);
    assert_eq!(run(&["receipt", "/missing"]).code, 2, "a key is needed");
}
