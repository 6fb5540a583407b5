//! A server that asks witnesses, and the witness that `segb-verify` is.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use segb_journal::{
    checkpoint::{CosignatureVerifier, UnverifiedCheckpoint},
    note::Verifier,
};
use segb_tests::{Client, Server, ServerBuilder, binary, segb_verify};
use serde_json::Value;

/// How long anything may take.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// A witness that runs. It is killed when dropped.
struct Witness {
    child: Child,
    url: String,
    key: String,
}

impl Witness {
    fn start(directory: &Path, listen: &str, log: &str) -> Self {
        let mut command = Command::new(binary("segb-verify"));
        command.args(["witness", "--name", "witness.example/w1", "--listen", listen, "--json", "--log", log]);
        command.arg("--key-file").arg(directory.join("witness.key"));
        command.arg("--state").arg(directory.join("witness-state"));
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no witness: {line}"));
        let text = |name: &str| told[name].as_str().unwrap_or_else(|| panic!("{name}: {told}")).to_owned();
        Self { child, url: text("address"), key: text("verifier") }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the condition holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < WAIT_MAX, "not within {WAIT_MAX:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How many entries the checkpoint covers that witnesses have signed; 0 without one.
fn cosigned_size(client: &Client) -> u64 {
    let reply = client.get("/journal/checkpoint?cosigned=true");
    if reply.status == 404 {
        assert_eq!(reply.detail(), "No witness has signed a checkpoint of this journal yet.");
        return 0;
    }
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text().lines().nth(1).and_then(|line| line.parse().ok()).expect("a size")
}

fn entries(client: &Client) -> u64 {
    client.get("/logs?limit=1").json()["entries"][0]["sequence"].as_u64().expect("a number") + 1
}

fn verifier_key(server: &Server) -> String {
    server.client().get("/journal/key").json()["verifier_key"].as_str().expect("a key").to_owned()
}

/// A free port, for a witness that is started later or again.
fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").to_string()
}

#[test]
fn a_witness_signs_what_grows_and_a_server_keeps_it() {
    // The witness has to know the key of the log, and the server that of the witness: each is started once to have one.
    let server = ServerBuilder::learning().start();
    let log = verifier_key(&server);
    let directory = tempfile::TempDir::new().expect("a directory");
    let address = free_port();
    let witness = Witness::start(directory.path(), &address, &log);
    let data_dir = server.data_dir();
    let kept = tempfile::TempDir::new().expect("a directory");
    let mut first = server;
    assert!(first.terminate().success());
    let copy = kept.path().join("data");
    let moved = Command::new("cp").arg("-r").arg(&data_dir).arg(&copy).status().expect("cp runs");
    assert!(moved.success());

    let witnesses = format!("{} {}", witness.url, witness.key);
    let builder = ServerBuilder::learning()
        .data_dir(&copy)
        .set("SEGB_WITNESSES", &witnesses)
        .set("SEGB_WITNESS_SECONDS", "0.05");
    let server = builder.clone().start();
    let client = server.client();
    until("the first checkpoint is signed", || cosigned_size(&client) == entries(&client));
    for number in 0..20 {
        assert_eq!(client.publish(&format!("<urn:{number}> a <urn:T> .")).status, 201);
    }
    let size = entries(&client);
    until("the log has grown and is signed", || cosigned_size(&client) == size);
    let metrics = client.get("/metrics").text();
    assert!(metrics.contains(&format!("segb_journal_cosigned_entries {size}\n")), "{metrics}");

    // The note is the checkpoint, with both signatures; the usual checkpoint and proofs carry them, too.
    let note = client.get("/journal/checkpoint?cosigned=true").text();
    assert_eq!(client.get("/journal/checkpoint").text(), note);
    let keys: [Verifier; 1] = [log.parse().expect("a key")];
    let origin = keys[0].name().as_str().parse().expect("an origin");
    let signed =
        UnverifiedCheckpoint::parse(note.as_bytes()).expect("a note").verify(&origin, &keys).expect("signed");
    let witness_key: CosignatureVerifier = witness.key.parse().expect("a key");
    let cosignatures = signed.cosignatures(&[witness_key]).expect("cosigned");
    assert_eq!(cosignatures[0].witness.as_str(), "witness.example/w1");
    let log_id =
        client.publish("<urn:later> a <urn:T> .").json()["log_id"].as_str().expect("an id").to_owned();
    until("that is signed, too", || cosigned_size(&client) == size + 1);
    let proof = client.get(&format!("/logs/{log_id}/proof")).json();
    assert!(proof["checkpoint"].as_str().is_some_and(|note| note.contains("witness.example/w1")), "{proof}");

    // A witness that is away is asked again; meanwhile nothing else is held up.
    drop(witness);
    assert_eq!(client.publish("<urn:away> a <urn:T> .").status, 201);
    until("that is told", || server.stderr().contains("the witness witness.example/w1 at http://"));
    let witness = Witness::start(directory.path(), &address, &log);
    until("it is back", || cosigned_size(&client) == size + 2);

    // What is signed is in the file, for whoever checks it.
    let journal = copy.join("journal.sqlite3");
    let checked = segb_verify(&["journal", journal.to_str().expect("a path"), "--key", &log, "--json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    drop(server);

    // Somebody puts the journal back to where it was: the witness remembers.
    let rolled_back = ServerBuilder::learning()
        .data_dir(&data_dir)
        .set("SEGB_WITNESSES", &witnesses)
        .set("SEGB_WITNESS_SECONDS", "0.05")
        .start();
    until("it is noticed", || {
        rolled_back.stderr().contains("entries that were shown to it are missing here")
    });
    assert_eq!(cosigned_size(&rolled_back.client()), 0);
    drop(witness);
}

#[test]
fn settings_that_name_no_witness_are_refused() {
    for value in ["https://witness.example", "witness.example/w1+00000000+AAAA", "x y"] {
        let error =
            ServerBuilder::learning().set("SEGB_WITNESSES", value).try_start().expect_err("no server");
        assert!(
            error.contains("SEGB_WITNESSES: ") && error.contains("pairs of a URL and a verifier key"),
            "{error}"
        );
    }
}
