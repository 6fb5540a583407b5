//! A small journal with every kind of evidence, and the program that checks it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use rusqlite::Connection;
use segb_journal::{
    note::{Signer, Verifier},
    statement::{Hold, ServerStart},
};
use segb_store::{
    ContextCall, EraseError, ErasureRequest, ParsedLog, Provenance, Salt, Store, StoreOptions, Timestamp,
    context::ObservationRequest,
};
use uuid::Uuid;

/// The sequence numbers of what the tests are about.
pub const ERASED_LOG: u64 = 3;
pub const HELD_LOG: u64 = 4;
pub const REVOCATION: u64 = 7;
pub const ERASURE: u64 = 8;
pub const HOLD: u64 = 9;
pub const RELEASE: u64 = 11;
pub const OPEN_HOLD: u64 = 12;
pub const ENTRIES: u64 = 14;

/// The key of the journals.
pub fn signer() -> Signer {
    Signer::from_seed("glassbox.example/journal".parse().unwrap(), &[7; 32])
}

pub fn key() -> Verifier {
    signer().verifier()
}

/// A store that makes entries one after the other, with ids and salts that follow from their numbers.
pub struct Recorder {
    pub store: Store,
    next: u8,
}

impl Recorder {
    pub fn open(directory: &Path, signer: Option<Signer>) -> Self {
        let mut options = StoreOptions::new(directory);
        options.signer = signer.map(Arc::new);
        Self { store: Store::open(options).unwrap(), next: 0 }
    }

    pub fn provenance(&mut self) -> Provenance {
        self.next += 1;
        Provenance {
            actor: "ari".to_owned(),
            claimed_user: Some("Ari é".to_owned()),
            origin: Some("127.0.0.1".to_owned()),
            received_at: Timestamp::from_unix_us(1_770_000_000_000_000 + i64::from(self.next)).unwrap(),
            log_id: id(self.next),
            salt: Salt::from_bytes([self.next; Salt::LENGTH_BYTES]),
        }
    }

    /// Records a log; its id.
    pub fn log(&mut self, turtle: &str) -> Uuid {
        let provenance = self.provenance();
        let log_id = provenance.log_id;
        let log = ParsedLog::parse(turtle.as_bytes().to_vec(), self.store.turtle_limits()).unwrap();
        self.store.record(log, provenance, None).unwrap().wait().unwrap();
        log_id
    }

    fn start(&mut self) {
        let start = ServerStart { version: "0.1.0".to_owned(), mode: "learning".to_owned() };
        let settings = BTreeMap::from([("SEGB_PORT".to_owned(), "5000".to_owned())]);
        let provenances = [self.provenance(), self.provenance()];
        let mut provenances = provenances.into_iter();
        self.store.record_start(&start, settings, || provenances.next().unwrap()).unwrap();
    }

    fn resolve(&mut self) {
        let observation = ObservationRequest {
            event_kind: "greeting".to_owned(),
            observed_at: Timestamp::from_unix_us(1_770_000_000_000_000).unwrap(),
            subject_uri: None,
            modality: None,
            text: Some("hello".to_owned()),
            observation_uri: None,
            robot_uri: None,
            time_window_seconds: None,
        };
        let call = ContextCall { provenance: self.provenance(), request_id: "r".to_owned(), random: || 7 };
        self.store.resolve_context(&observation, call).unwrap();
    }

    fn erase(&mut self, log_id: Uuid) -> Result<(), EraseError> {
        let request =
            ErasureRequest { log_id, reason: "Ana asked".to_owned(), legal_ground: "GDPR 17".to_owned() };
        let provenance = self.provenance();
        self.store.erase(&request, provenance, "r".to_owned()).map(|_| ())
    }

    fn hold(&mut self, hold_id: &str, log_ids: Option<Vec<Uuid>>) {
        let hold = Hold {
            request_id: "r".to_owned(),
            hold_id: hold_id.to_owned(),
            since: None,
            until: None,
            log_ids,
            reason: "a case".to_owned(),
        };
        let provenance = self.provenance();
        self.store.place_hold(hold, provenance).unwrap();
    }
}

pub fn id(number: u8) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + u128::from(number))
}

/// A log that is kept compressed.
pub const LONG_LOG: &str = "<urn:a> <urn:says> \"hello hello hello hello hello hello hello hello hello\" .";

/// Writes the journal into a directory; one entry for each number above.
pub fn write(directory: &Path, signer: Option<Signer>) -> PathBuf {
    let mut recorder = Recorder::open(directory, signer);
    recorder.start();
    recorder.log("<urn:a> <urn:b> <urn:c> .");
    let erased = recorder.log("<urn:a> <urn:b> \"a secret\" .");
    let held = recorder.log(LONG_LOG);
    let provenance = recorder.provenance();
    recorder.store.clear(provenance).unwrap().wait().unwrap();
    recorder.resolve();
    let provenance = recorder.provenance();
    recorder.store.revoke_token("token-1", Some("lost".to_owned()), provenance, "r".to_owned()).unwrap();
    recorder.erase(erased).unwrap();
    recorder.hold("hold-1", Some(vec![held]));
    assert!(matches!(recorder.erase(held), Err(EraseError::Held(_))));
    let provenance = recorder.provenance();
    recorder.store.release_hold("hold-1", None, provenance, "r".to_owned()).unwrap();
    recorder.hold("hold-2", None);
    recorder.log("<urn:z> <urn:b> <urn:c> .");
    recorder.store.close();
    directory.join("journal.sqlite3")
}

/// A journal in a directory of its own, as one file that nobody has open.
pub struct Fixture {
    pub directory: tempfile::TempDir,
    pub path: PathBuf,
}

impl Fixture {
    pub fn new() -> Self {
        Self::signed_with(Some(signer()))
    }

    pub fn signed_with(signer: Option<Signer>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(&directory.path().join("data"), signer);
        let backup = directory.path().join("backup");
        segb_store::backup(&directory.path().join("data"), &backup).unwrap();
        Self { path: backup.join("journal.sqlite3"), directory }
    }

    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// The journal, to be changed; references between tables are not enforced.
    pub fn connect(&self) -> Connection {
        let connection = Connection::open(&self.path).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection
    }

    pub fn change(&self, sql: &str) {
        self.connect().execute_batch(sql).unwrap();
    }

    /// The checkpoint in the file.
    pub fn checkpoint(&self) -> String {
        self.connect().query_row("SELECT note FROM checkpoints", [], |row| row.get(0)).unwrap()
    }

    /// Writes a file beside it.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// What the program answered.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_segb-verify"))
}

pub fn run(arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = program().args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) }
}
