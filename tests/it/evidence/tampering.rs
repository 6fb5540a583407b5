//! Whatever somebody does to a bundle without the key of the journal is found, and named.

use std::sync::OnceLock;

use segb_tests::ServerBuilder;
use serde_json::{Value, json};

use super::{ALL, Files, evidence, key_of, lines, pack, published, record, relist, text, unpack, verify};

/// A bundle and the key of its journal, made once by a real server: entries 0 and 1 are about the start, 2 to 6 are logs,
/// 3 is erased by 7.
struct Original {
    files: Files,
    key: String,
    /// A checkpoint of the same journal, earlier.
    earlier: String,
    /// The bundle of another server.
    foreign: Files,
}

fn original() -> &'static Original {
    static ORIGINAL: OnceLock<Original> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let make = |word: &str| {
            let server = ServerBuilder::learning().start();
            let client = server.client();
            let ids: Vec<_> = (0..5)
                .map(|number| {
                    let log = published(&client.publish(&format!("<urn:{number}> <urn:says> \"{word}\" .")));
                    text(&log, "log_id").to_owned()
                })
                .collect();
            let earlier = client.get("/journal/checkpoint").text();
            let body = json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" });
            assert_eq!(client.post_json(&format!("/logs/{}/erase", ids[1]), &body).status, 200);
            (unpack(&evidence(&client, ALL)), key_of(&client), earlier)
        };
        let ((files, key, earlier), (foreign, ..)) = (make("true"), make("false"));
        assert_eq!(lines(&files).len(), 8);
        Original { files, key, earlier, foreign }
    })
}

/// Changes the bundle, with and without a list of files that fits again, and says what must be named.
fn check(change: impl Fn(&mut Files), expect: &str) {
    let Original { files, key, .. } = original();
    for relisted in [false, true] {
        let mut files = files.clone();
        change(&mut files);
        if relisted {
            relist(&mut files);
        }
        let zip = pack(&files);
        for arguments in [&["--key", key.as_str()][..], &[]] {
            let (code, out, _) = verify(&zip, arguments);
            assert_eq!(code, 1, "{expect}, relisted {relisted}, {arguments:?}: {out}");
            assert!(out.contains(expect), "{expect}, relisted {relisted}, {arguments:?}: {out}");
            let signed = out.contains("SHA256SUMS is not the list that was signed");
            assert_eq!(signed, relisted, "{expect}: {out}");
        }
    }
}

fn with_lines(change: impl Fn(&mut Vec<String>)) -> impl Fn(&mut Files) {
    move |files| {
        let text = String::from_utf8(files["entries.jsonl"].clone()).expect("UTF-8");
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        change(&mut lines);
        files.insert("entries.jsonl".to_owned(), lines.concat().into_bytes());
    }
}

/// Changes one line as JSON.
fn with_line(index: usize, change: impl Fn(&mut Value)) -> impl Fn(&mut Files) {
    with_lines(move |lines| {
        let mut line = serde_json::from_str(&lines[index]).expect("JSON");
        change(&mut line);
        lines[index] = format!("{line}\n");
    })
}

fn payload(sequence: u64) -> String {
    format!("payloads/{sequence:010}.ttl")
}

#[test]
fn the_original_verifies_also_when_it_was_packed_again() {
    let Original { files, key, .. } = original();
    let (code, out, error) = verify(&pack(files), &["--key", key]);
    assert_eq!(code, 0, "{out}{error}");
}

#[test]
fn each_file_that_is_removed_is_named() {
    for name in original().files.keys() {
        let (key, mut files) = (&original().key, original().files.clone());
        files.remove(name);
        let (code, out, _) = verify(&pack(&files), &["--key", key]);
        assert!(code == 1 && out.contains(&format!("{name}: the file is missing")), "{name}: {out}");
    }
}

#[test]
fn each_file_that_is_changed_is_named() {
    for (name, content) in &original().files {
        let (key, mut files) = (&original().key, original().files.clone());
        let mut changed = content.clone();
        match changed.get_mut(content.len() / 2) {
            Some(byte) => *byte ^= 1,
            None => changed.push(b'\n'),
        }
        files.insert(name.clone(), changed);
        let (code, out, _) = verify(&pack(&files), &["--key", key]);
        assert!(code == 1 && out.contains(name.as_str()), "{name}: {out}");
    }
}

#[test]
fn files_that_are_added_are_named() {
    for (name, expect) in [
        ("notes.txt", "notes.txt: the file does not belong to a bundle"),
        ("payloads/0000000003.ttl", "entry 3: no line of entries.jsonl names its payload"),
        (
            "payloads/0000000099.ttl",
            "entry 99: no line of entries.jsonl names its payload, payloads/0000000099.ttl",
        ),
    ] {
        let add = |files: &mut Files| {
            files.insert(name.to_owned(), b"<urn:a> a <urn:b> .".to_vec());
        };
        check(add, expect);
    }
}

#[test]
fn each_entry_that_is_removed_is_named() {
    for index in 0..8 {
        let remove_line = with_lines(move |lines| drop(lines.remove(index)));
        check(&remove_line, &format!("entry {index}: removed"));
        let remove_all = |files: &mut Files| {
            if let Some(name) = lines(files)[index]["payload"].as_str() {
                files.remove(name);
            }
            remove_line(files);
        };
        check(remove_all, &format!("entry {index}: removed"));
    }
}

#[test]
fn an_entry_that_is_removed_without_a_trace_leaves_a_hole() {
    let Original { files, key, .. } = original();
    let mut files = files.clone();
    with_lines(|lines| drop(lines.remove(4)))(&mut files);
    files.remove(&payload(4));
    let mut description: Value = serde_json::from_slice(&files["bundle.json"]).expect("JSON");
    description["entry_count"] = json!(7);
    description["sequences"] = json!([[0, 3], [5, 7]]);
    files.insert("bundle.json".to_owned(), description.to_string().into_bytes());
    relist(&mut files);
    let (code, out, _) = verify(&pack(&files), &["--key", key]);
    assert!(code == 1 && out.contains("SHA256SUMS is not the list that was signed"), "{out}");
    assert!(out.contains("not in it    4, between entries that are"), "{out}");
}

#[test]
fn entries_that_are_added_moved_or_repeated_are_named() {
    let foreign = &original().foreign;
    let line = String::from_utf8(foreign["entries.jsonl"].clone()).expect("UTF-8");
    let line = line.split_inclusive('\n').nth(4).expect("a line").to_owned();
    let id = text(&record(&serde_json::from_str(&line).expect("JSON")), "log_id").to_owned();
    let replace = with_lines(|lines| lines[4].clone_from(&line));
    check(&replace, &format!("entry 4 (log {id}): it is not proved to be in the journal"));
    check(
        with_lines(|lines| lines.push(line.clone())),
        &format!("entry 4 (log {id}): it is not in its place"),
    );
    check(with_lines(|lines| lines.swap(4, 5)), "it is not in its place");
    check(with_lines(|lines| lines.insert(4, lines[4].clone())), "it is not in its place");
    check(with_lines(|lines| lines.push("\n".to_owned())), "line 9 cannot be read");
}

#[test]
fn each_part_of_an_entry_is_evidence() {
    let log = record(&lines(&original().files)[4]);
    let name = format!("entry 4 (log {})", text(&log, "log_id"));
    for member in
        ["actor", "claimed_user", "kind", "media_type", "origin", "payload_commitment", "received_at"]
    {
        let change = with_line(4, |line| {
            let mut record = record(line);
            record[member] = match member {
                "kind" => json!("graph_cleared"),
                "payload_commitment" => json!("00".repeat(32)),
                "received_at" => json!("2020-01-01T00:00:00.000000Z"),
                _ => json!("eve"),
            };
            line["record"] = json!(record.to_string());
        });
        check(change, &format!("{name}: the record was changed"));
        // With a leaf hash that fits, it is not in the tree.
        let change = with_line(4, |line| {
            let mut record = record(line);
            record["payload_size"] = json!(1);
            let record = record.to_string();
            line["leaf_hash"] = json!(segb_journal::tree::leaf_hash(record.as_bytes()));
            line["record"] = json!(record);
        });
        check(change, &format!("{name}: it is not proved to be in the journal"));
    }
    check(
        with_line(4, |line| line["salt"] = json!("00".repeat(32))),
        &format!("{name}: payload or salt was changed"),
    );
    check(
        with_line(4, |line| line["leaf_hash"] = json!("00".repeat(32))),
        &format!("{name}: the record was changed"),
    );
    check(
        with_line(4, |line| line["inclusion"]["hashes"][1] = json!("00".repeat(32))),
        &format!("{name}: it is not proved"),
    );
    check(
        with_line(4, |line| line["inclusion"]["tree_size"] = json!(7)),
        &format!("{name}: the proof is about a journal of 7"),
    );
    check(
        with_line(4, |line| line["erased_by"] = json!(7)),
        &format!("{name}: it is said to be erased by entry 7"),
    );
    check(
        with_line(4, |line| line["payload"] = json!("payloads/0000000005.ttl")),
        &format!("{name}: the payload should be"),
    );
}

#[test]
fn payloads_that_are_changed_swapped_or_hidden_are_named() {
    let lines = lines(&original().files);
    let name = |index: usize| format!("entry {index} (log {})", text(&record(&lines[index]), "log_id"));
    let edit = |files: &mut Files| {
        files.insert(payload(4), b"<urn:2> <urn:says> \"lies\" .".to_vec());
    };
    check(edit, &format!("{}: payload or salt was changed", name(4)));
    let swap = |files: &mut Files| {
        let (one, other) = (files[&payload(4)].clone(), files[&payload(5)].clone());
        files.extend([(payload(4), other), (payload(5), one)]);
    };
    check(swap, &format!("{}: payload or salt was changed", name(5)));
    let hide = |files: &mut Files| {
        with_line(4, |line| {
            line["salt"] = Value::Null;
            line["payload"] = Value::Null;
            line["erased_by"] = json!(7);
        })(files);
        files.remove(&payload(4));
    };
    check(hide, &format!("{}: payload and salt are missing, and entry 7 does not say here", name(4)));
    let unexplained = |files: &mut Files| {
        with_lines(|lines| drop(lines.pop()))(files);
        files.remove("payloads/0000000007.json");
    };
    check(unexplained, &format!("{}: payload and salt are missing, and entry 7 does not say here", name(3)));
}

#[test]
fn what_somebody_else_signed_is_found() {
    let Original { files, key, foreign, earlier } = original();
    assert_eq!(verify(&pack(foreign), &[]).0, 3, "it fits itself");
    let (code, out, _) = verify(&pack(foreign), &["--key", key]);
    assert!(code == 1 && out.contains("key.txt: the bundle was made with another key"), "{out}");
    for (name, expect) in [
        ("checkpoint.note", "checkpoint.note: the checkpoint is about the log"),
        ("manifest.note", "manifest.note: the note is not signed by any of the trusted keys"),
        ("key.txt", "key.txt: the bundle was made with another key"),
    ] {
        let mut files = files.clone();
        files.insert(name.to_owned(), foreign[name].clone());
        relist(&mut files);
        let (code, out, _) = verify(&pack(&files), &["--key", key]);
        assert!(code == 1 && out.contains(expect), "{name}: {out}");
    }
    // An earlier checkpoint of the same journal is signed, but not what the proofs are against.
    let mut files = files.clone();
    files.insert("checkpoint.note".to_owned(), earlier.clone().into_bytes());
    relist(&mut files);
    let (code, out, _) = verify(&pack(&files), &["--key", key]);
    assert!(
        code == 1 && out.contains("the proof is about a journal of 8 entries, and the checkpoint about 7"),
        "{out}"
    );
}

#[test]
fn a_checkpoint_that_was_kept_is_compared() {
    let Original { files, key, earlier, .. } = original();
    let directory = tempfile::tempdir().expect("a directory");
    let kept = |name: &str, note: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, note).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let same = kept("same", std::str::from_utf8(&files["checkpoint.note"]).expect("UTF-8"));
    let earlier = kept("earlier", earlier);
    assert_eq!(verify(&pack(files), &["--key", key, "--checkpoint", &same]).0, 0);
    let (code, out, _) = verify(&pack(files), &["--key", key, "--checkpoint", &earlier]);
    assert!(code == 3 && out.contains("/journal/consistency?from=7&to=8"), "{out}");
}
