//! What is in a journal: records have one spelling, payloads that the server wrote itself are read as they were meant,
//! and bundles of records are cut where they were joined.

use std::fmt::Debug;

use segb_journal::{
    Entry,
    access::AccessRecord,
    bundle::EntryLine,
    statement::{ConfigurationChange, Erasure, ErasureRefusal, Hold, HoldRelease, Revocation, ServerStart},
    tile::{Tile, decode_bundle, encode_bundle},
    tree::leaf_hash,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::made::JOURNAL;

pub(crate) fn run(bytes: &[u8]) {
    // A record is a line of a bundle, too, so the lines of an input are tried one by one.
    bytes.split(|byte| *byte == b'\n').for_each(line);
    if let Ok(records) = decode_bundle(bytes) {
        assert_eq!(encode_bundle(&records).as_deref(), Ok(bytes), "a bundle has another spelling");
    }
    let records: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    if let Ok(bundle) = encode_bundle(&records) {
        assert_eq!(decode_bundle(&bundle).as_ref(), Ok(&records));
    }
}

fn line(bytes: &[u8]) {
    if let Ok(entry) = Entry::from_canonical_bytes(bytes) {
        assert_eq!(entry.leaf_hash().expect("a canonical form"), leaf_hash(bytes));
        assert_eq!(canonical(bytes), bytes, "another program would hash something else");
        assert_eq!(entry.kind.as_str().parse(), Ok(entry.kind));
        assert_eq!(entry.received_at.to_string().parse(), Ok(entry.received_at));
    }
    if let Ok(record) = AccessRecord::from_canonical_bytes(bytes) {
        assert_eq!(record.leaf_hash().expect("a canonical form"), leaf_hash(bytes));
        assert_eq!(canonical(bytes), bytes, "another program would hash something else");
    }
    reread::<EntryLine>(bytes);
    reread::<Revocation>(bytes);
    reread::<Erasure>(bytes);
    reread::<ErasureRefusal>(bytes);
    reread::<Hold>(bytes);
    reread::<HoldRelease>(bytes);
    reread::<ServerStart>(bytes);
    reread::<ConfigurationChange>(bytes);
    if let Some(tile) = str::from_utf8(bytes).ok().and_then(|text| text.parse::<Tile>().ok()) {
        assert_eq!(tile.to_string().as_bytes(), bytes, "a tile has two paths");
        assert_eq!(Tile::new(tile.kind(), tile.index(), tile.width()), Ok(tile));
        assert!(!tile.is_in_tree(0));
    }
}

/// RFC 8785 of any JSON, without knowing what it is about.
fn canonical(bytes: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(bytes).expect("JSON");
    serde_json_canonicalizer::to_vec(&value).expect("a canonical form")
}

/// What is read is written so that it is read again.
fn reread<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else { return };
    let written = serde_json::to_vec(&read).expect("it can be written");
    assert_eq!(serde_json::from_slice::<T>(&written).expect("it can be read"), read);
}

/// Records of the journal that was made up, and of those who looked.
pub(crate) fn examples() -> Vec<(&'static str, &'static str, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    let records = JOURNAL.made.iter().map(|made| text(made.entry.to_canonical_bytes().expect("a record")));
    let access = AccessRecord {
        sequence: 3,
        at: "2026-01-31T10:00:00Z".parse().expect("a moment"),
        actor: None,
        action: "query".to_owned(),
        object: Some("ASK { \"é\u{2028}\" }".to_owned()),
        result: Some(401),
        origin: Some("127.0.0.1".to_owned()),
        request_id: None,
    };
    let access = text(access.to_canonical_bytes().expect("a record"));
    vec![("entries", "records", records.collect::<Vec<_>>().join("\n")), ("entries", "access", access)]
}
