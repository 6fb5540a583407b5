//! Zips from somebody who means no good.

use std::{
    io::{Cursor, Write},
    process::{Command, Stdio},
};

use segb_tests::{ServerBuilder, binary};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{ALL, evidence, pack, published, unpack, verify};

fn bundle() -> Vec<u8> {
    let server = ServerBuilder::learning().start();
    published(&server.client().publish("<urn:a> <urn:says> \"b\" ."));
    evidence(&server.client(), ALL)
}

/// Everywhere, in headers, directory and content.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let places: Vec<_> = (0..bytes.len()).filter(|place| bytes[*place..].starts_with(from)).collect();
    assert!(from.len() == to.len() && !places.is_empty());
    for place in places {
        bytes[place..place + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn what_two_programs_may_read_differently_is_not_read_at_all() {
    let original = bundle();
    let with = |name: &str| {
        let mut files = unpack(&original);
        files.insert(name.to_owned(), b"lies".to_vec());
        pack(&files)
    };
    let twice = replace(&with("README.tx2"), b"README.tx2", b"README.txt");
    let mut in_front = b"#!/bin/sh\n".to_vec();
    in_front.extend_from_slice(&original);
    let half = original[..original.len() / 2].to_vec();
    // In the header of the file only, which programs that read from a pipe believe.
    let mut header = with("notes.txt");
    let place = header.windows(9).position(|part| part == b"notes.txt").expect("a header");
    header[place] = b'v';
    for (zip, expect) in [
        (b"".to_vec(), "it is not a zip"),
        (b"no zip, and long enough to be one, if only by its length".to_vec(), "it is not a zip"),
        (half, "it is not a zip"),
        (in_front, "in front of the zip"),
        (twice, "two files of one name"),
        (header, "it is not a zip, or a damaged one"),
        (with("../../etc/passwd"), "a name that no bundle has"),
        (with("/etc/passwd"), "a name that no bundle has"),
        (with("payloads\\0000000001.ttl"), "a name that no bundle has"),
        (with("README.txt\u{202E}"), "a name that no bundle has"),
    ] {
        let (code, out, error) = verify(&zip, &[]);
        assert!(code == 2 && error.contains(expect), "{expect}: {code} {out}{error}");
        let (code, out, _) = verify(&zip, &["--json"]);
        assert!(code == 2 && out.starts_with("{\"error\":"), "{expect}: {out}");
    }
}

#[test]
fn a_link_is_nothing_that_a_bundle_has() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("README.txt", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    let zip = zip.finish().expect("memory").into_inner();
    let (code, _, error) = verify(&zip, &[]);
    assert!(code == 2 && error.contains("something in it that no bundle has: README.txt"), "{error}");
}

#[test]
fn a_bomb_does_not_go_off() {
    let original = unpack(&bundle());
    for (name, expect) in [
        ("README.txt", "README.txt: the file cannot be read: it is longer than"),
        ("entries.jsonl", "line 1: it does not end, or not within"),
        ("payloads/0000000002.ttl", "payload or salt was changed"),
    ] {
        let mut files = original.clone();
        files.insert(name.to_owned(), vec![b' '; 200 << 20]);
        let zip = pack(&files);
        drop(files);
        assert!(zip.len() < 1 << 20, "small as a zip: {}", zip.len());
        let (code, out, _) = verify(&zip, &[]);
        assert!(code == 1 && out.contains(expect), "{out}");
    }
}

#[test]
fn a_file_that_is_longer_than_the_directory_says_is_found() {
    let original = bundle();
    let files = unpack(&original);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).expect("short").to_le_bytes();
    let true_length = length(&files["entries.jsonl"]);
    let zip = replace(&pack(&files), &true_length, &length(&files["entries.jsonl"][1..]));
    let (code, out, _) = verify(&zip, &[]);
    assert!(code == 1 && out.contains("entries.jsonl: the file cannot be read"), "{out}");
}

#[test]
fn a_zip_may_come_through_a_pipe() {
    let mut child = Command::new(binary("segb-verify"))
        .args(["bundle", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(&bundle()).expect("a reader");
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"verdict\":\"incomplete\""));
}
