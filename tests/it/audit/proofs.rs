//! The access journal is a transparency log of its own.

use segb_journal::{
    Hash,
    access::AccessRecord,
    checkpoint::{SignedCheckpoint, UnverifiedCheckpoint},
    note::Verifier,
    tree::{InclusionProof, leaf_hash},
};
use segb_tests::{Client, ServerBuilder};
use serde_json::{Value, json};

use super::records;

/// The checkpoint, if it is one of the access journal, signed with the key of the journal.
fn verified(client: &Client, note: &str) -> SignedCheckpoint {
    let key = client.get("/journal/key").json();
    let verifier: Verifier = key["verifier_key"].as_str().expect("a key").parse().expect("a key");
    let origin = format!("{}/access", key["origin"].as_str().expect("an origin"));
    let checkpoint = UnverifiedCheckpoint::parse(note.as_bytes()).expect("a checkpoint");
    checkpoint.verify(&origin.parse().expect("an origin"), &[verifier]).expect("a good signature")
}

fn check(client: &Client, proof: &Value, listed: &Value, size: u64) -> Hash {
    let record = proof["record"].as_str().expect("a record").as_bytes();
    let parsed = AccessRecord::from_canonical_bytes(record).expect("canonical");
    let mut expected = serde_json::from_slice::<Value>(record).expect("JSON");
    expected["leaf_hash"] = proof["leaf_hash"].clone();
    assert_eq!(&expected, listed);
    assert_eq!(proof["sequence"], json!(parsed.sequence));
    let leaf = leaf_hash(record);
    assert_eq!(proof["leaf_hash"], json!(leaf));
    let root: Hash = serde_json::from_value(proof["root"].clone()).expect("a hash");
    let inclusion: InclusionProof = serde_json::from_value(proof["inclusion"].clone()).expect("a proof");
    assert_eq!((inclusion.leaf_index, inclusion.tree_size), (parsed.sequence, size));
    inclusion.verify(leaf, root).expect("it is in the tree");
    if let Some(note) = proof["checkpoint"].as_str() {
        let head = verified(client, note).checkpoint().head();
        assert_eq!((head.size, head.root), (size, root));
    }
    root
}

#[test]
fn every_record_is_in_the_tree_that_is_signed() {
    let mut server = ServerBuilder::learning().start();
    for _ in 0..20 {
        assert_eq!(server.client().get("/logs").status, 200);
    }
    for is_restarted in [false, true] {
        if is_restarted {
            assert!(server.terminate().success());
            server = server.restart();
        }
        let client = server.client();
        let listed = records(&client, "");
        for record in listed.iter().rev() {
            let sequence = record["sequence"].as_u64().expect("a number");
            // Each request is a record, so the next one proves it in a tree that has grown.
            let size = records(&client, "?limit=1")[0]["sequence"].as_u64().expect("a number") + 2;
            let reply = client.get(&format!("/audit/{sequence}/proof"));
            assert_eq!(reply.status, 200, "{}", reply.text());
            let proof = reply.json();
            assert!(proof["checkpoint"].is_string(), "{proof}");
            check(&client, &proof, record, size);
            let earlier = client.get(&format!("/audit/{sequence}/proof?size={}", sequence + 1)).json();
            assert!(earlier["checkpoint"].is_null(), "{earlier}");
            check(&client, &earlier, record, sequence + 1);
        }
    }
}

#[test]
fn the_checkpoint_is_about_all_that_was_answered() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for size in 0..5 {
        let reply = client.get("/audit/checkpoint");
        assert_eq!((reply.status, reply.header("Content-Type")), (200, "text/plain; charset=utf-8"));
        assert_eq!(verified(&client, &reply.text()).checkpoint().head().size, size);
    }
}

#[test]
fn what_is_not_there_is_told() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(client.get("/logs").status, 200);
    for (path, status, detail) in [
        ("/audit/99/proof", 404, "Access record not found."),
        ("/audit/18446744073709551615/proof", 404, "Access record not found."),
        ("/audit/0/proof?size=99", 422, "The access journal has 3 records, not 99 yet."),
        ("/audit/3/proof?size=1", 422, "The record has sequence 3, so it is not among the first 1."),
    ] {
        let reply = client.get(path);
        assert_eq!((reply.status, reply.detail().as_str()), (status, detail), "{path}");
    }
    for sequence in ["x", "-1", "1.5", "18446744073709551616"] {
        let reply = client.get(&format!("/audit/{sequence}/proof"));
        assert_eq!((reply.status, &reply.json()["detail"][0]["loc"]), (422, &json!(["path", "sequence"])));
    }
}
