//! Every byte of the file, changed one at a time: either verification fails, or the evidence reads as before.

use std::{fs::File, os::unix::fs::FileExt as _, path::Path};

use rusqlite::{Connection, types::Value};
use segb_verify::{
    Verdict,
    journal::{Expected, open, verify},
};

use crate::fixture::{Fixture, key};

/// One byte of so many is changed: all of them take a minute. A prime, so that every column of the pages is met.
const STRIDE: usize = 13;

/// The evidence as the tables hold it, in the order in which it is verified.
const ROWS: [&str; 7] = [
    "SELECT sequence, kind, log_id, received_at, actor, claimed_user, origin, media_type, payload_size, \
     payload_commitment, leaf_hash FROM entries ORDER BY sequence",
    "SELECT sequence, salt, encoding, bytes FROM payloads ORDER BY sequence",
    "SELECT position, hash FROM tree_hashes ORDER BY position",
    "SELECT size, note, verifier FROM checkpoints ORDER BY size",
    "SELECT jti, sequence FROM revoked_tokens",
    "SELECT sequence, erased_by FROM erasures ORDER BY sequence",
    "SELECT hold_id, placed_by, released_by FROM holds",
];

fn evidence(connection: &Connection) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut all = Vec::new();
    for sql in ROWS {
        let mut statement = connection.prepare(sql)?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
        all.extend(rows.collect::<Result<Vec<Vec<Value>>, _>>()?);
    }
    Ok(all)
}

/// The evidence of a file that verifies; none of one that does not.
fn verified(path: &Path) -> Option<Vec<Vec<Value>>> {
    let connection = open(path).ok()?;
    let expected = Expected { key: Some(key()), checkpoints: Vec::new() };
    let report = verify(&connection, &expected, &mut |_| ()).ok()?;
    (report.findings.verdict() == Verdict::Verified).then(|| evidence(&connection).unwrap_or_default())
}

#[test]
fn each_byte_of_the_file_is_noticed_or_means_nothing() {
    let fixture = Fixture::new();
    let before = verified(&fixture.path).unwrap();
    assert!(before.len() > 50);
    let bytes = std::fs::read(&fixture.path).unwrap();
    let file = File::options().write(true).open(&fixture.path).unwrap();
    let (mut noticed, mut meaningless) = (0, 0);
    for place in (0..bytes.len()).step_by(STRIDE) {
        file.write_all_at(&[bytes[place] ^ 0xff], place as u64).unwrap();
        match verified(&fixture.path) {
            None => noticed += 1,
            Some(evidence) => {
                assert!(
                    evidence == before,
                    "byte {place} of the file changes what is read, and nobody notices"
                );
                meaningless += 1;
            }
        }
        file.write_all_at(&bytes[place..=place], place as u64).unwrap();
    }
    assert!(verified(&fixture.path).is_some(), "all changes were taken back");
    assert!(noticed > 300 && meaningless > 300, "{noticed} noticed, {meaningless} mean nothing");
}

#[test]
fn a_file_that_was_cut_is_noticed() {
    let fixture = Fixture::new();
    let length = std::fs::metadata(&fixture.path).unwrap().len();
    let file = File::options().write(true).open(&fixture.path).unwrap();
    for pages in [1, 2, 5] {
        file.set_len(length - pages * 4_096).unwrap();
        assert!(verified(&fixture.path).is_none(), "{pages} pages cut off");
    }
}
