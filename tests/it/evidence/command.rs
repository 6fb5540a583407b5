//! `segb-server export-evidence`, beside a running server and without one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use segb_tests::{Server, ServerBuilder, require_tool};

use super::{ALL, evidence, key_of, lines, published, text, unpack, verify};

const ALL_TIME: &str = "1970-01-01T00:00:00Z";

fn server_with_logs(count: u64) -> Server {
    let server = ServerBuilder::learning().start();
    for number in 0..count {
        published(&server.client().publish(&format!("<urn:{number}> <urn:says> \"b\" .")));
    }
    server
}

/// Everything in the directory that a command may have left.
fn zips(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.to_string_lossy().contains(".zip")).collect()
}

#[test]
fn it_writes_what_the_server_gives_out() {
    let mut server = server_with_logs(5);
    let client = server.client();
    let (key, by_http) = (key_of(&client), evidence(&client, ALL));
    let (status, out, error) =
        server.run_command(&["export-evidence", "--since", ALL_TIME, "--requested-by", "the court"]);
    assert!(status.success() && out.starts_with("Wrote 7 of 7 entries, "), "{out}{error}");
    let [path] = zips(server.directory()).try_into().expect("one file, and nothing half");
    let zip = fs::read(&path).expect("a file");
    assert_eq!(lines(&unpack(&zip)), lines(&unpack(&by_http)));
    assert!(
        String::from_utf8_lossy(&unpack(&zip)["bundle.json"]).contains("\"requested_by\": \"the court\"")
    );
    let (code, out, _) = verify(&zip, &["--key", &key]);
    assert_eq!(code, 0, "{out}");

    server.terminate();
    let log = record_id(&zip, 3);
    let (status, out, error) = server.run_command(&["export-evidence", "--log", &log, "--output", "one.zip"]);
    assert!(status.success() && out.contains("Wrote 1 of 7 entries"), "{out}{error}");
    assert_eq!(verify(&fs::read(server.directory().join("one.zip")).expect("a file"), &["--key", &key]).0, 0);
    let (status, _, error) = server.run_command(&["export-evidence", "--log", &log, "--output", "one.zip"]);
    assert!(status.code() == Some(1) && error.contains("one.zip already exists"), "{error}");
}

fn record_id(zip: &[u8], index: usize) -> String {
    text(&super::record(&lines(&unpack(zip))[index]), "log_id").to_owned()
}

#[test]
fn it_writes_to_a_pipe() {
    let server = server_with_logs(3);
    let command = ["export-evidence", "--since", ALL_TIME, "--output", "-"];
    let builder = ServerBuilder::learning().data_dir(&server.data_dir());
    let output = builder.command(server.directory(), &command).output().expect("the program runs");
    assert!(output.status.success());
    assert_eq!(verify(&output.stdout, &["--key", &key_of(&server.client())]).0, 0);
    assert!(zips(server.directory()).is_empty());
}

#[test]
fn what_cannot_be_exported_is_said_and_leaves_no_file() {
    let server = server_with_logs(1);
    let id = "00000000-0000-4000-8000-000000000001";
    for (arguments, code, expect) in [
        (&["export-evidence"][..], 1, "what is to be exported?"),
        (&["export-evidence", "--since", "yesterday"], 2, "--since"),
        (&["export-evidence", "--log", "1234"], 2, "--log"),
        (&["export-evidence", "--kind", "log"], 2, "unknown kind of journal entry"),
        (
            &["export-evidence", "--log", id],
            1,
            "there are no such logs: 00000000-0000-4000-8000-000000000001",
        ),
        (&["export-evidence", "--actor", "nobody"], 1, "no entry of the journal fits"),
        (
            &["export-evidence", "--since", ALL_TIME, "--output", "no/such/directory.zip"],
            1,
            "no/such/directory.zip",
        ),
    ] {
        let (status, out, error) = server.run_command(arguments);
        assert!(status.code() == Some(code) && error.contains(expect), "{arguments:?}: {out}{error}");
    }
    assert!(zips(server.directory()).is_empty());

    // With another key it would be evidence of another journal; without one, of none.
    let other = ServerBuilder::learning().start();
    let key = other.data_dir().join("journal.key");
    let with_key = |path: &Path| {
        let builder = ServerBuilder::learning().data_dir(&server.data_dir());
        let builder = builder.set("SEGB_JOURNAL_KEY_FILE", path.to_str().expect("UTF-8"));
        let command = builder.command(server.directory(), &["export-evidence", "--since", ALL_TIME]).output();
        let output = command.expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, error) = with_key(&key);
    assert!(code == Some(1) && error.contains("the journal is signed with the key"), "{error}");
    let missing = server.directory().join("missing.key");
    let (code, error) = with_key(&missing);
    assert!(code == Some(1) && error.contains("missing.key") && !missing.exists(), "{error}");
    assert!(zips(server.directory()).is_empty());
}

#[test]
fn a_bundle_that_was_not_finished_is_not_there() {
    if !require_tool("prlimit", &["--version"]) {
        return;
    }
    let server = server_with_logs(50);
    let builder =
        ServerBuilder::learning().data_dir(&server.data_dir()).wrapped(&["prlimit", "--fsize=20000"]);
    let command = ["export-evidence", "--since", ALL_TIME, "--output", "half.zip"];
    let output = builder.command(server.directory(), &command).output().expect("the program runs");
    assert!(!output.status.success());
    assert!(!server.directory().join("half.zip").exists(), "{}", String::from_utf8_lossy(&output.stderr));
    let (status, out, error) = server.run_command(&command);
    assert!(status.success(), "{out}{error}");
}
