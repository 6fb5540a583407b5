//! The server log starts anew at 5 MB, and is read across its files.

use std::{fs, path::PathBuf};

use segb_tests::{Client, Server, ServerBuilder};
use serde_json::Value;
use tempfile::TempDir;

/// At this length a file is put aside (wire contract, section 7).
const FILE_BYTES_MAX: usize = 5_000_000;

fn line(message: &str) -> String {
    format!("2026-01-31 10:00:00 | ERROR | segb.old | rid=- actor=- ip=- | {message}\n")
}

/// A server that goes on with these files: the log, then its predecessors.
fn start(files: &[String]) -> (Server, TempDir, PathBuf) {
    let directory = TempDir::new().expect("a directory");
    let log = directory.path().join("segb.log");
    for (number, text) in files.iter().enumerate() {
        let name = if number == 0 { "segb.log".to_owned() } else { format!("segb.log.{number}") };
        fs::write(directory.path().join(name), text).expect("a file");
    }
    let path = directory.path().to_str().expect("a path").to_owned();
    let server = ServerBuilder::learning().set("SERVER_LOG_DIR", &path).start();
    (server, directory, log)
}

fn old(client: &Client, parameters: &str) -> Vec<String> {
    let page = client.get(&format!("/logs/server?contains=segb.old{parameters}")).json();
    let message = |entry: &Value| entry["message"].as_str().expect("a message").to_owned();
    page["entries"].as_array().expect("entries").iter().map(message).collect()
}

#[test]
fn a_full_log_is_put_aside_and_still_read() {
    let filler = line(&"x".repeat(900));
    let mut nearly_full = line("first");
    while nearly_full.len() + filler.len() + 5_000 < FILE_BYTES_MAX {
        nearly_full.push_str(&filler);
    }
    nearly_full.push_str(&line("last"));
    let length_before = nearly_full.len();
    let (server, directory, log) = start(&[nearly_full, line("older"), line("oldest")]);
    let client = server.client();
    let rotated = directory.path().join("segb.log.1");
    let mut requests = 0;
    while fs::metadata(&rotated).expect("a file").len() < 1_000_000 {
        assert_eq!(client.get(&format!("/marker-{requests}-")).status, 404);
        requests += 1;
        assert!(requests < 1_000, "the log is never put aside");
    }
    for number in requests..requests + 10 {
        assert_eq!(client.get(&format!("/marker-{number}-")).status, 404);
    }
    let put_aside = fs::metadata(&rotated).expect("a file").len() as usize;
    assert!((length_before..=FILE_BYTES_MAX).contains(&put_aside), "{put_aside}");
    assert!(fs::metadata(&log).expect("a file").len() < 100_000);
    assert_eq!(fs::read_to_string(directory.path().join("segb.log.2")).expect("a file"), line("older"));
    assert_eq!(fs::read_to_string(directory.path().join("segb.log.3")).expect("a file"), line("oldest"));

    // Every request has its line, in order, though some are in one file and some in the other.
    let page = client.get("/logs/server?limit=2000&contains=GET%20/marker-").json();
    let messages = page["entries"].as_array().expect("entries").iter().map(|entry| &entry["message"]);
    let numbers: Vec<usize> = messages
        .map(|message| {
            message.as_str().and_then(|text| text.split('-').nth(1)?.parse().ok()).expect("a number")
        })
        .collect();
    assert_eq!(numbers, (0..requests + 10).collect::<Vec<_>>());

    assert_eq!(old(&client, "&limit=1"), ["last"]);
    let all = old(&client, "&limit=2000");
    assert_eq!(all.last().map(String::as_str), Some("last"));
    assert_eq!(all.len(), 2_000, "as many as were asked for, of more");
    let early = client.get("/logs/server?contains=%7C%20old").json();
    let messages: Vec<_> =
        early["entries"].as_array().expect("entries").iter().map(|entry| entry["message"].as_str()).collect();
    assert_eq!(messages, [Some("oldest"), Some("older")], "also of the oldest files");
}

#[test]
fn five_old_files_are_kept() {
    let full = |name: &str| line(name) + &"x".repeat(FILE_BYTES_MAX);
    let files: Vec<String> = ["now", "1", "2", "3", "4", "5"]
        .iter()
        .map(|name| if *name == "now" { full(name) } else { line(name) })
        .collect();
    let (server, directory, _) = start(&files);
    assert_eq!(server.client().get("/healthz/live").status, 200);
    let mut names: Vec<String> = fs::read_dir(directory.path())
        .expect("a directory")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    assert_eq!(names, ["segb.log", "segb.log.1", "segb.log.2", "segb.log.3", "segb.log.4", "segb.log.5"]);
    let first_lines: Vec<String> = (1..=5)
        .map(|number| {
            fs::read_to_string(directory.path().join(format!("segb.log.{number}"))).expect("a file")
        })
        .map(|text| text.lines().next().expect("a line").to_owned() + "\n")
        .collect();
    assert_eq!(first_lines, ["now", "1", "2", "3", "4"].map(line));
}

#[test]
fn lines_that_start_no_entry_belong_to_the_one_before() {
    let text = format!(
        "lost\n{}  File \"x.py\", line 1\n\n    raise Marker()\n{}",
        line("it broke"),
        line("and went on")
    );
    let (server, _directory, _) = start(&[text, format!("{}of an older file\n", line("older"))]);
    let client = server.client();
    let broke = "it broke\n  File \"x.py\", line 1\n\n    raise Marker()";
    assert_eq!(old(&client, ""), ["older\nof an older file\nlost", broke, "and went on"]);
    assert_eq!(old(&client, "&contains=segb.old"), ["older\nof an older file\nlost", broke, "and went on"]);
    let page = client.get("/logs/server?contains=raise%20MARKER&limit=1").json();
    assert_eq!(page["entries"][0]["message"], broke);
    assert_eq!(
        page["entries"][0]["raw"],
        format!("{}{}", line("it broke"), "  File \"x.py\", line 1\n\n    raise Marker()")
    );
    assert_eq!(page["entries"][0]["level"], "ERROR");
}
