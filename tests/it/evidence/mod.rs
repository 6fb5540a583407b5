//! Evidence that is carried away: `GET /evidence`, `segb-server export-evidence`, `segb-verify bundle`, and the check
//! without our program that the bundle itself explains.

mod bundle;
mod command;
mod hostile;
mod readme;
mod tampering;

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
    process::Command,
};

use segb_journal::{Hash, bundle::sums_line};
use segb_tests::{Client, Reply, binary};
use serde_json::Value;
use tempfile::TempDir;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The files of a bundle.
type Files = BTreeMap<String, Vec<u8>>;

/// Everything, from a server.
const ALL: &str = "since=1970-01-01T00:00:00Z";

fn evidence(client: &Client, query: &str) -> Vec<u8> {
    let reply = client.get(&format!("/evidence?{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    reply.body
}

fn unpack(zip: &[u8]) -> Files {
    let mut archive = ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let mut files = Files::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its content");
        files.insert(file.name().expect("a name").into_owned(), bytes);
    }
    files
}

fn pack(files: &Files) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a new file");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// Writes the list of files anew, as everybody can.
fn relist(files: &mut Files) {
    let listed = files.iter().filter(|(name, _)| !["SHA256SUMS", "manifest.note"].contains(&name.as_str()));
    let sums: String = listed.map(|(name, bytes)| sums_line(&Hash::of(&[bytes]), name)).collect();
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
}

/// The lines of the entries.
fn lines(files: &Files) -> Vec<Value> {
    let text = std::str::from_utf8(&files["entries.jsonl"]).expect("UTF-8");
    text.split_terminator('\n').map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn record(line: &Value) -> Value {
    serde_json::from_str(line["record"].as_str().expect("a record")).expect("JSON")
}

fn key_of(client: &Client) -> String {
    client.get("/journal/key").json()["verifier_key"].as_str().expect("a key").to_owned()
}

/// What `segb-verify bundle` says: exit code, stdout and stderr.
fn verify(zip: &[u8], arguments: &[&str]) -> (i32, String, String) {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("evidence.zip");
    std::fs::write(&path, zip).expect("a file");
    let output = Command::new(binary("segb-verify"))
        .arg("bundle")
        .arg(&path)
        .args(arguments)
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn published(reply: &Reply) -> Value {
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no text {name}: {value}"))
}
