//! `segb-verify witness`, talked to as a log talks to it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, ChildStderr, Stdio},
};

use segb_journal::{
    Hash,
    checkpoint::{Checkpoint, CosignatureVerifier, SignedCheckpoint},
    note::{Signer, parse_signature_lines},
    tree::{HashReader, RootBuilder, TreeHead, leaf_hash, prove_consistency},
    witness::AddCheckpoint,
};

use crate::fixture::{program, run};

/// A log in memory.
struct Log {
    signer: Signer,
    stored: Vec<Hash>,
    tree: RootBuilder,
}

impl HashReader for Log {
    type Error = std::convert::Infallible;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, Self::Error> {
        Ok(positions.iter().map(|position| self.stored[*position as usize]).collect())
    }
}

impl Log {
    fn new(name: &str, leaves: &[&str]) -> Self {
        let signer = Signer::from_seed(name.parse().unwrap(), &[1; 32]);
        let mut log = Self { signer, stored: Vec::new(), tree: RootBuilder::new() };
        leaves.iter().for_each(|leaf| log.append(leaf));
        log
    }

    fn append(&mut self, leaf: &str) {
        let stored = self.tree.append_storing(leaf_hash(leaf.as_bytes())).unwrap();
        self.stored.extend(stored.iter().map(|stored| stored.hash));
    }

    fn key(&self) -> String {
        self.signer.verifier().to_string()
    }

    fn sign(&self, head: TreeHead) -> SignedCheckpoint {
        let origin = self.signer.verifier().name().as_str().parse().unwrap();
        SignedCheckpoint::sign(Checkpoint::new(origin, head), &self.signer).unwrap()
    }

    /// The request to go on from `old` entries.
    fn request(&self, old: u64) -> String {
        let head = self.tree.head();
        let proof = prove_consistency(old, head.size, self).unwrap();
        AddCheckpoint::new(proof, self.sign(head)).unwrap().to_string()
    }
}

/// A witness that runs. It is killed when dropped.
struct Witness {
    child: Child,
    stderr: BufReader<ChildStderr>,
    address: String,
    key: CosignatureVerifier,
}

impl Witness {
    fn start(directory: &Path, logs: &[&str]) -> Self {
        let mut command = program();
        command.args(["witness", "--name", "witness.example/w1", "--listen", "127.0.0.1:0", "--json"]);
        command.arg("--key-file").arg(directory.join("witness.key"));
        command.arg("--state").arg(directory.join("state"));
        logs.iter().for_each(|log| _ = command.args(["--log", log]));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        if line.is_empty() {
            stderr.read_to_string(&mut line).unwrap();
            panic!("the witness does not start: {line}");
        }
        let started: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = started["address"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        Self { child, stderr, address, key: started["verifier"].as_str().unwrap().parse().unwrap() }
    }

    fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: witness\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // One that refuses a long body need not read all of it.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let media_type =
            head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), media_type.to_owned(), body.to_owned())
    }

    fn add(&self, request: &str) -> (u16, String, String) {
        self.send("POST", "/add-checkpoint", request.as_bytes())
    }

    /// Asks, and checks the cosignature.
    fn accepts(&self, log: &Log, old: u64) {
        let (status, _, body) = self.add(&log.request(old));
        assert_eq!(status, 200, "{body}");
        let mut signed = log.sign(log.tree.head());
        let keys = [self.key.clone()];
        signed.add_cosignatures(parse_signature_lines(&body).unwrap(), &keys).unwrap();
        assert_eq!(signed.cosignatures(&keys).unwrap()[0].witness.as_str(), "witness.example/w1");
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; the rest of what it wrote.
    fn terminate(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn conflict(size: u64) -> (u16, String, String) {
    (409, "text/x.tlog.size".to_owned(), format!("{size}\n"))
}

#[test]
fn growth_and_repetition_are_cosigned_and_remembered() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = Log::new("log.example", &["a", "b", "c"]);
    let mut other = Log::new("other.example", &[]);
    let keys = [log.key(), other.key()];
    let start = || Witness::start(directory.path(), &[&keys[0], &keys[1]]);
    let witness = start();
    let key = witness.key.clone();
    witness.accepts(&other, 0);
    witness.accepts(&log, 0);
    witness.accepts(&log, 3);
    log.append("d");
    witness.accepts(&log, 3);
    // Killed between two decisions, it knows what it has seen.
    witness.kill();
    let witness = start();
    assert_eq!(witness.key, key, "the key is kept");
    assert_eq!(witness.add(&log.request(3)), conflict(4));
    assert_eq!(witness.add(&log.request(0)), conflict(4));
    witness.accepts(&log, 4);
    for number in 0..20 {
        log.append(&number.to_string());
        witness.accepts(&log, 4 + number);
        other.append(&number.to_string());
        witness.accepts(&other, number);
    }
    let (status, _, page) = witness.send("GET", "/", b"");
    assert_eq!(status, 200);
    for text in [&key.to_string(), "log: log.example\n  size: 24\n", "log: other.example\n  size: 20\n"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    witness.terminate();
    let witness = start();
    assert_eq!(witness.add(&log.request(4)), conflict(24));
    let evidence = directory.path().join("state/evidence");
    assert!(!evidence.exists(), "nothing of this is suspicious");
}

#[test]
fn two_histories_are_refused_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new("log.example", &["a", "b", "c"]);
    let witness = Witness::start(directory.path(), &[&log.key()]);
    witness.accepts(&log, 0);
    let forked = Log::new("log.example", &["a", "b", "x"]);
    assert_eq!(witness.add(&forked.request(3)), conflict(3));
    let longer = Log::new("log.example", &["a", "b", "x", "d"]);
    let (status, _, body) = witness.add(&longer.request(3));
    assert_eq!(status, 422, "{body}");
    // Shrinking.
    let shorter = Log::new("log.example", &["a", "b"]);
    assert_eq!(witness.add(&shorter.request(0)), conflict(3));
    let request = format!("old 3\n\n{}", shorter.sign(shorter.tree.head()));
    assert_eq!(witness.add(&request).0, 400);
    // The same fork again, and with another proof, is no further evidence.
    witness.add(&forked.request(3));
    witness.add(&longer.request(3).replacen(
        "old 3\n",
        &format!("old 3\n{}\n", Hash::of(&[b"x"]).to_base64()),
        1,
    ));
    let files =
        || fs::read_dir(directory.path().join("state/evidence")).unwrap().map(|file| file.unwrap().path());
    assert_eq!(files().count(), 2);
    let texts: String = files().map(|path| fs::read_to_string(path).unwrap()).collect();
    for checkpoint in [&log, &forked, &longer].map(|log| log.sign(log.tree.head()).to_string()) {
        assert!(texts.contains(&checkpoint), "{texts}");
    }
    witness.accepts(&log, 3);
    let shouted = witness.terminate();
    assert_eq!(shouted.matches("!!! the log log.example may not be append-only").count(), 4, "{shouted}");
}

#[test]
fn strangers_and_garbage_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new("log.example", &["a", "b", "c"]);
    let witness = Witness::start(directory.path(), &[&log.key()]);
    let stranger = Log::new("stranger.example", &["a"]);
    let mut forger = Log::new("log.example", &["a", "b", "c"]);
    forger.signer = Signer::from_seed("log.example".parse().unwrap(), &[2; 32]);
    let good = log.request(0);
    let long = vec![b'a'; AddCheckpoint::BODY_BYTES_MAX + 1];
    for (body, status) in [
        (stranger.request(0).as_bytes(), 404),
        (forger.request(0).as_bytes(), 403),
        (good.replace("\n3\n", "\n4\n").as_bytes(), 403),
        (good.replace("old 0", "old 00").as_bytes(), 400),
        (good.replace("old 0", "old 4").as_bytes(), 400),
        (good.replace("old 0", "old 1").as_bytes(), 409),
        (b"", 400),
        (b"old 0\n", 400),
        (b"\xff\xfe", 400),
        (&long, 413),
    ] {
        let (found, _, text) = witness.send("POST", "/add-checkpoint", body);
        assert_eq!(found, status, "{text}");
    }
    assert_eq!(witness.send("GET", "/add-checkpoint", b"").0, 404);
    witness.accepts(&log, 0);
}

#[test]
fn a_witness_that_might_forget_does_not_start() {
    let directory = tempfile::tempdir().unwrap();
    let place = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let log = Log::new("log.example", &["a", "b", "c"]);
    let key = log.key();
    let (key_file, state) = (place("witness.key"), place("state"));
    let start = |log: &str| {
        run(&["witness", "--key-file", &key_file, "--state", &state, "--listen", "127.0.0.1:0", "--log", log])
    };
    let witness = Witness::start(directory.path(), &[&key]);
    witness.accepts(&log, 0);
    let second = start(&key);
    assert_eq!(second.code, 2, "{}", second.stdout);
    assert!(second.stderr.contains("another witness runs on"), "{}", second.stderr);
    witness.kill();

    let mut other = Log::new("log.example", &[]);
    other.signer = Signer::from_seed("log.example".parse().unwrap(), &[2; 32]);
    let ran = start(&other.key());
    assert!(ran.code == 2 && ran.stderr.contains("cannot be believed"), "{}", ran.stderr);
    let file = fs::read_dir(&state)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "checkpoint"))
        .unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\n3\n", "\n2\n")).unwrap();
    let ran = start(&key);
    assert!(ran.code == 2 && ran.stderr.contains("cannot be believed"), "{}", ran.stderr);
    fs::write(&file, text).unwrap();

    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = start(&key);
    assert!(ran.code == 2 && ran.stderr.contains("is open to others (mode 0644)"), "{}", ran.stderr);
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).unwrap();
    Witness::start(directory.path(), &[&key]).accepts(&log, 3);
}
