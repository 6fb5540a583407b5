//! What evidence costs: in the commit of a log, and for a proof in a large journal.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection as Database, params};
use segb_journal::{
    Commitment, Entry, EntryKind, Hash, Salt, Timestamp,
    checkpoint::{Checkpoint, SignedCheckpoint},
    note::Signer,
    tree::RootBuilder,
};
use segb_tests::{START_ENTRIES, ServerBuilder, interaction_log};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Connection, body};

/// Logs that are committed with and without evidence, in turn, and sent over HTTP.
const COMMITS: u64 = 3_000;
/// Proofs that are asked for.
const PROOFS: u64 = 5_000;
/// Entries of the large journal that are made in one transaction.
const STEP: u64 = 10_000;
/// 2026-01-01T00:00:00Z.
const START_US: i64 = 1_767_225_600_000_000;

/// Measures both, the proofs in a journal of about `count` entries.
pub fn measure(count: u64) {
    let schema = schema();
    let (without, with) = commits(&schema);
    let over_http = post_p50();
    let cost = with.saturating_sub(without);
    let share = cost.as_secs_f64() / over_http.saturating_sub(cost).as_secs_f64();
    println!("commit of a log, fsynced, p50: {without:?} without evidence, {with:?} with it");
    println!("POST /ttl, one client, p50: {over_http:?}; evidence adds {cost:?}, {:.1} %", share * 100.0);
    proofs(count);
}

/// The tables that a server makes.
fn schema() -> Vec<String> {
    let mut server = ServerBuilder::learning().start();
    server.terminate();
    let journal = Database::open(server.data_dir().join("journal.sqlite3")).expect("a journal");
    let mut statement = journal
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        .expect("a schema");
    let tables = statement.query_map([], |row| row.get(0)).expect("tables");
    tables.map(|sql| sql.expect("a text")).collect()
}

/// One log after the other into two journals in turn: into the one as entry and payload, into the other with leaf hash,
/// tree and signed checkpoint, too. The medians.
fn commits(schema: &[String]) -> (Duration, Duration) {
    let directory = TempDir::new().expect("a directory");
    let open = |name: &str| {
        let journal = Database::open(directory.path().join(name)).expect("a journal");
        for (pragma, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("secure_delete", "ON")] {
            journal.pragma_update(None, pragma, value).expect("a pragma");
        }
        schema.iter().for_each(|sql| journal.execute_batch(sql).expect("a table"));
        journal
    };
    let (mut plain, mut proved) = (open("plain"), open("proved"));
    let signer = Signer::from_seed("load.example".parse().expect("a name"), &[7; 32]);
    let verifier = signer.verifier().to_string();
    let mut tree = RootBuilder::new();
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for sequence in 0..COMMITS {
        let document = interaction_log(sequence);
        let (salt, entry) = entry(sequence, document.as_bytes());
        let start = Instant::now();
        let transaction = plain.transaction().expect("a transaction");
        insert(&transaction, &entry, Hash::of(&[]), &salt, document.as_bytes());
        transaction.commit().expect("room on the disk");
        without.push(start.elapsed());

        let start = Instant::now();
        let transaction = proved.transaction().expect("a transaction");
        let leaf = entry.leaf_hash().expect("a leaf");
        insert(&transaction, &entry, leaf, &salt, document.as_bytes());
        grow(&transaction, &mut tree, leaf);
        sign(&transaction, &tree, &signer, &verifier);
        transaction.commit().expect("room on the disk");
        with.push(start.elapsed());
    }
    (median(without), median(with))
}

fn post_p50() -> Duration {
    let server = ServerBuilder::learning().start();
    let mut connection = Connection::open(&server);
    let mut post = |number| {
        let body = body(number);
        let start = Instant::now();
        connection.publish(&body);
        start.elapsed()
    };
    median((0..COMMITS).map(&mut post).collect())
}

/// GET /logs/{log_id}/proof for random logs.
fn proofs(count: u64) {
    let mut server = ServerBuilder::learning().start();
    server.terminate();
    let start = Instant::now();
    fill(&server.data_dir().join("journal.sqlite3"), count);
    println!("a journal of {count} entries, made in {:.1?}", start.elapsed());
    let start = Instant::now();
    let server = server.restart();
    println!("the server listens after {:.2?}", start.elapsed());
    server.wait_until_ready();
    let mut connection = Connection::open(&server);
    let mut latencies = Vec::new();
    for number in 0..PROOFS {
        // Spread over the journal by the golden ratio; the first entries are the server's own.
        let sequence = START_ENTRIES as u64 + number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % count;
        let start = Instant::now();
        let (status, body) = connection.send("GET", &format!("/logs/{}/proof", log_id(sequence)), "", &[]);
        latencies.push(start.elapsed());
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    }
    latencies.sort_unstable();
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
    println!(
        "inclusion proof among {count} entries, over HTTP: p50 {:?}, p99 {:?}, max {:?}",
        at(50),
        at(99),
        at(100)
    );
}

/// Adds entries, with everything that proves them but the checkpoint, which the server signs when it starts.
fn fill(journal: &Path, count: u64) {
    let mut journal = Database::open(journal).expect("a journal");
    journal.pragma_update(None, "synchronous", "OFF").expect("a pragma");
    let mut tree = RootBuilder::new();
    let leaves: Vec<[u8; 32]> = {
        let mut statement =
            journal.prepare("SELECT leaf_hash FROM entries ORDER BY sequence").expect("leaves");
        let leaves = statement.query_map([], |row| row.get(0)).expect("leaves");
        leaves.map(|leaf| leaf.expect("a leaf")).collect()
    };
    for leaf in &leaves {
        tree.append_storing(Hash::from_bytes(*leaf)).expect("a small tree");
    }
    let mut sequence = leaves.len() as u64;
    let end = sequence + count;
    while sequence < end {
        let transaction = journal.transaction().expect("a transaction");
        for _ in 0..STEP.min(end - sequence) {
            let document = format!("<urn:log:{sequence}> a <urn:T> .");
            let (salt, entry) = entry(sequence, document.as_bytes());
            let leaf = entry.leaf_hash().expect("a leaf");
            insert(&transaction, &entry, leaf, &salt, document.as_bytes());
            grow(&transaction, &mut tree, leaf);
            sequence += 1;
        }
        transaction.commit().expect("room on the disk");
    }
}

/// The id of the log with this number.
fn log_id(number: u64) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 | (u128::from(number) << 80))
}

fn entry(sequence: u64, document: &[u8]) -> (Salt, Entry) {
    let salt = Salt::from_bytes(*Hash::of(&[&sequence.to_be_bytes()]).as_bytes());
    let received_at = Timestamp::from_unix_us(START_US + sequence as i64 * 1_000).expect("a moment");
    let entry = Entry {
        sequence,
        kind: EntryKind::LogReceived,
        log_id: log_id(sequence),
        received_at,
        actor: "ari".to_owned(),
        claimed_user: None,
        origin: Some("127.0.0.1".to_owned()),
        media_type: Some("text/turtle".to_owned()),
        payload_size: document.len() as u64,
        payload_commitment: Commitment::new(&salt, document),
    };
    (salt, entry)
}

fn insert(journal: &Database, entry: &Entry, leaf: Hash, salt: &Salt, document: &[u8]) {
    let sequence = entry.sequence.cast_signed();
    journal
        .prepare_cached(
            "INSERT INTO entries (sequence, kind, log_id, received_at, actor, claimed_user, origin, media_type, \
             payload_size, payload_commitment, leaf_hash, triple_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        )
        .expect("a statement")
        .execute(params![
            sequence,
            entry.kind.as_str(),
            entry.log_id.as_bytes().as_slice(),
            entry.received_at.as_unix_us(),
            entry.actor,
            entry.claimed_user,
            entry.origin,
            entry.media_type,
            entry.payload_size.cast_signed(),
            entry.payload_commitment.as_hash().as_bytes().as_slice(),
            leaf.as_bytes().as_slice(),
        ])
        .expect("a new entry");
    journal
        .prepare_cached("INSERT INTO payloads (sequence, salt, encoding, bytes) VALUES (?, ?, 'identity', ?)")
        .expect("a statement")
        .execute(params![sequence, salt.as_bytes().as_slice(), document])
        .expect("a new payload");
}

fn grow(journal: &Database, tree: &mut RootBuilder, leaf: Hash) {
    let mut statement = journal
        .prepare_cached("INSERT INTO tree_hashes (position, hash) VALUES (?, ?)")
        .expect("a statement");
    for stored in tree.append_storing(leaf).expect("a small tree") {
        let values = params![stored.position.cast_signed(), stored.hash.as_bytes().as_slice()];
        statement.execute(values).expect("a new hash");
    }
}

fn sign(journal: &Database, tree: &RootBuilder, signer: &Signer, verifier: &str) {
    let head = tree.head();
    let checkpoint = Checkpoint::new("load.example".parse().expect("an origin"), head);
    let signed = SignedCheckpoint::sign(checkpoint, signer).expect("a short text");
    let row = params![head.size.cast_signed(), signed.to_string(), verifier];
    let mut update = journal
        .prepare_cached("UPDATE checkpoints SET size = ?, note = ?, verifier = ?")
        .expect("a statement");
    if update.execute(row).expect("a table") == 0 {
        let insert = "INSERT INTO checkpoints (size, note, verifier) VALUES (?, ?, ?)";
        journal.execute(insert, row).expect("a new checkpoint");
    }
}

fn median(mut latencies: Vec<Duration>) -> Duration {
    latencies.sort_unstable();
    latencies[latencies.len() / 2]
}
