//! Bundles made in memory: what fits is found to fit, and whatever is changed is found and named.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use proptest::prelude::*;
use segb_journal::{
    Commitment, Entry, EntryKind, Hash, Salt, Timestamp,
    bundle::{
        BundleFiles, CHECKPOINT, DESCRIPTION, Description, ENTRIES, EntryLine, FILES, FORMAT,
        IncludedBecause, KEY, MANIFEST, Manifest, PREFIXES, README, Report, Request, SUMS, Trusted,
        Unchecked, payload_name, ranges, readme, sums_line, verify,
    },
    checkpoint::{Checkpoint, SignedCheckpoint, UnverifiedCheckpoint},
    note::{Note, Signer},
    statement::{Erasure, ErasureCause},
    tree::{RootBuilder, TreeHead, prove_inclusion},
};
use uuid::Uuid;

use crate::trees::Stored;

#[derive(Clone)]
struct Files(BTreeMap<String, Vec<u8>>);

impl BundleFiles for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn open(&mut self, name: &str) -> io::Result<Box<dyn io::Read + '_>> {
        self.0.get(name).map(|bytes| Box::new(bytes.as_slice()) as _).ok_or(io::ErrorKind::NotFound.into())
    }
}

fn signer(seed: u8) -> Signer {
    Signer::from_seed("glassbox.example/journal".parse().unwrap(), &[seed; 32])
}

/// An entry with what belongs to it.
struct Made {
    entry: Entry,
    salt: Salt,
    payload: Vec<u8>,
    erased_by: Option<u64>,
}

/// A journal of `size` entries: logs, of which every fifth is erased by the one after it, and some without payload.
fn journal(size: u64) -> Vec<Made> {
    let log_id = |sequence: u64| Uuid::from_u128(0x4000_8000 + u128::from(sequence));
    let made = |sequence: u64| {
        let (kind, media_type, payload) = match sequence % 5 {
            3 => (EntryKind::GraphCleared, None, Vec::new()),
            2 => {
                let said = Erasure {
                    request_id: None,
                    sequence: sequence - 1,
                    log_id: log_id(sequence - 1),
                    reason: "Ana asked".to_owned(),
                    legal_ground: "GDPR, article 17".to_owned(),
                    cause: ErasureCause::Request,
                };
                (EntryKind::LogErased, Some("application/json"), serde_json::to_vec(&said).unwrap())
            }
            _ => {
                let turtle = format!("<urn:{sequence}> <urn:says> \"é\u{2028}\u{1F916}\\n\" .\r\n");
                (EntryKind::LogReceived, Some("text/turtle"), turtle.into_bytes())
            }
        };
        let salt = Salt::from_bytes([sequence as u8; 32]);
        let entry = Entry {
            sequence,
            kind,
            log_id: log_id(sequence),
            received_at: Timestamp::from_unix_us(1_770_000_000_000_000 + sequence as i64 * 1_000_000)
                .unwrap(),
            actor: format!("robot {}\u{2028}", sequence % 2),
            claimed_user: None,
            origin: Some("127.0.0.1".to_owned()),
            media_type: media_type.map(str::to_owned),
            payload_size: payload.len() as u64,
            payload_commitment: Commitment::new(&salt, &payload),
        };
        let erased_by = (sequence % 5 == 1 && sequence + 1 < size).then_some(sequence + 1);
        Made { entry, salt, payload, erased_by }
    };
    (0..size).map(made).collect()
}

/// Packs what fits a request as the server does.
fn pack(journal: &[Made], request: Request, signer: &Signer) -> Files {
    let (mut stored, mut builder) = (Stored(Vec::new()), RootBuilder::new());
    for made in journal {
        let completed = builder.append_storing(made.entry.leaf_hash().unwrap()).unwrap();
        stored.0.extend(completed.iter().map(|node| node.hash));
    }
    let requested: BTreeSet<u64> =
        journal.iter().filter(|made| request.covers(&made.entry)).map(|made| made.entry.sequence).collect();
    let mut chosen = requested.clone();
    chosen.extend(requested.iter().filter_map(|sequence| journal[*sequence as usize].erased_by));

    let head = builder.head();
    let created_at = "2026-03-01T10:00:00Z".parse().unwrap();
    let description = Description {
        format: FORMAT.to_owned(),
        origin: signer.verifier().name().to_string(),
        created_at,
        requested_by: Some("ada".to_owned()),
        request,
        entry_count: chosen.len() as u64,
        sequences: ranges(chosen.iter().copied()),
        tree_size: head.size,
        root: head.root,
    };
    let origin: segb_journal::checkpoint::Origin = description.origin.parse().unwrap();
    let checkpoint = SignedCheckpoint::sign(Checkpoint::new(origin.clone(), head), signer).unwrap();
    let mut files = BTreeMap::new();
    let mut lines = String::new();
    for sequence in chosen {
        let Made { entry, salt, payload, erased_by } = &journal[sequence as usize];
        let name = payload_name(entry).filter(|_| erased_by.is_none());
        let line = EntryLine {
            record: String::from_utf8(entry.to_canonical_bytes().unwrap()).unwrap(),
            leaf_hash: entry.leaf_hash().unwrap(),
            inclusion: prove_inclusion(sequence, head.size, &stored).unwrap(),
            salt: erased_by.is_none().then(|| salt.clone()),
            payload: name.clone(),
            triple_count: 1,
            erased_by: *erased_by,
            included_because: if requested.contains(&sequence) {
                IncludedBecause::Requested
            } else {
                IncludedBecause::Erasure
            },
        };
        lines.push_str(&format!("{}\n", serde_json::to_string(&line).unwrap()));
        files.extend(name.map(|name| (name, payload.clone())));
    }
    files.insert(README.to_owned(), readme(&description).into_bytes());
    files.insert(DESCRIPTION.to_owned(), serde_json::to_vec(&description).unwrap());
    files.insert(CHECKPOINT.to_owned(), checkpoint.to_string().into_bytes());
    files.insert(KEY.to_owned(), format!("{}\n", signer.verifier()).into_bytes());
    files.insert(PREFIXES.to_owned(), b"@prefix prov: <http://www.w3.org/ns/prov#> .\n".to_vec());
    files.insert(ENTRIES.to_owned(), lines.into_bytes());
    let mut files = Files(files);
    list(&mut files);
    let manifest = Manifest { origin, created_at, sums: Hash::of(&[&files.0[SUMS]]) };
    let note = Note::sign(manifest.to_string(), signer).unwrap();
    files.0.insert(MANIFEST.to_owned(), note.to_string().into_bytes());
    files
}

/// Writes the list of files, as everybody can.
fn list(files: &mut Files) {
    files.0.remove(SUMS);
    let listed = files.0.iter().filter(|(name, _)| *name != MANIFEST);
    let sums: String = listed.map(|(name, bytes)| sums_line(&Hash::of(&[bytes]), name)).collect();
    files.0.insert(SUMS.to_owned(), sums.into_bytes());
}

fn window(since: u64, until: u64) -> Request {
    let at =
        |sequence: u64| Timestamp::from_unix_us(1_770_000_000_000_000 + sequence as i64 * 1_000_000).ok();
    Request { since: at(since), until: at(until), ..Request::default() }
}

fn with_key(seed: u8) -> Trusted {
    Trusted { key: Some(signer(seed).verifier()), ..Trusted::default() }
}

fn check(files: &Files, trusted: &Trusted) -> Report {
    verify(&mut files.clone(), trusted, &mut || ())
}

/// The texts of what was found.
fn found(files: &Files, trusted: &Trusted) -> Vec<String> {
    check(files, trusted).problems.iter().map(ToString::to_string).collect()
}

/// A bundle of entries 4 to 11 of 13: 6 and 11 are erased, and 12, which explains 11, was not asked for.
fn bundle() -> Files {
    pack(&journal(13), window(4, 12), &signer(1))
}

#[test]
fn what_was_packed_fits() {
    let files = bundle();
    let report = check(&files, &with_key(1));
    assert_eq!(found(&files, &with_key(1)), Vec::<String>::new());
    assert!(report.fits() && report.unchecked.is_empty());
    assert_eq!((report.entry_count, report.erased_count, report.gaps), (9, 2, vec![]));
    assert_eq!(report.head.map(|head| head.size), Some(13));
    let report = check(&files, &Trusted::default());
    assert!(report.fits());
    assert_eq!(report.unchecked, [Unchecked::Key]);
}

#[test]
fn a_checkpoint_that_was_kept_elsewhere_is_compared() {
    let kept = |size: u64, root: Hash, key: u8| {
        let checkpoint =
            Checkpoint::new("glassbox.example/journal".parse().unwrap(), TreeHead { size, root });
        let note = SignedCheckpoint::sign(checkpoint, &signer(key)).unwrap();
        Trusted { checkpoints: vec![UnverifiedCheckpoint::from(note)], ..with_key(1) }
    };
    let files = bundle();
    let head = check(&files, &with_key(1)).head.unwrap();
    let report = check(&files, &kept(13, head.root, 1));
    assert!(report.fits() && report.unchecked.is_empty());
    assert!(found(&files, &kept(13, Hash::of(&[]), 1))[0].contains("another root for 13 entries"));
    assert!(
        found(&files, &kept(13, head.root, 2))[0].contains("not of the journal of the one kept elsewhere")
    );
    let report = check(&files, &kept(5, head.root, 1));
    assert!(report.fits());
    assert_eq!(report.unchecked, [Unchecked::OtherSize { given: 5, bundle: 13 }]);
    assert!(report.unchecked[0].to_string().contains("consistency?from=5&to=13"));
}

/// Changes a bundle, and says what must be found. With the list written anew, too: as by somebody without the key.
fn tampered(change: impl Fn(&mut Files), expect: &str) {
    for relisted in [false, true] {
        let mut files = bundle();
        change(&mut files);
        if relisted {
            list(&mut files);
        }
        for trusted in [with_key(1), Trusted::default()] {
            let found = found(&files, &trusted);
            assert!(
                found.iter().any(|text| text.contains(expect)),
                "{expect}, relisted {relisted}: {found:#?}"
            );
            // What cannot be mended without the key.
            let signed = found.iter().any(|text| text.contains("not the list that was signed"));
            assert_eq!(signed, relisted, "{expect}: {found:#?}");
        }
    }
}

fn lines(files: &mut Files, change: impl Fn(&mut Vec<String>)) {
    let text = String::from_utf8(files.0[ENTRIES].clone()).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    files.0.insert(ENTRIES.to_owned(), lines.concat().into_bytes());
}

/// Replaces a text in one line.
fn in_line(index: usize, from: &'static str, to: &'static str) -> impl Fn(&mut Files) {
    move |files| {
        lines(files, |lines| {
            assert!(lines[index].contains(from), "{}", lines[index]);
            lines[index] = lines[index].replacen(from, to, 1);
        });
    }
}

fn in_file(name: &'static str, from: &'static str, to: &'static str) -> impl Fn(&mut Files) {
    move |files| {
        let text = String::from_utf8(files.0[name].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        files.0.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    }
}

#[test]
fn every_entry_line_that_is_removed_is_named() {
    for index in 0..9 {
        let change = move |files: &mut Files| {
            lines(files, |lines| {
                lines.remove(index);
            });
        };
        tampered(change, &format!("entry {}: removed", index + 4));
    }
}

#[test]
fn entries_that_are_added_repeated_or_moved_are_named() {
    let other = pack(&journal(13), window(0, 2), &signer(1));
    let first = String::from_utf8(other.0[ENTRIES].clone()).unwrap();
    let first = first.split_inclusive('\n').next().unwrap().to_owned();
    let payload = other.0["payloads/0000000000.ttl"].clone();
    let add = |files: &mut Files| {
        lines(files, |lines| lines.insert(0, first.clone()));
        files.0.insert("payloads/0000000000.ttl".to_owned(), payload.clone());
    };
    tampered(add, "entry 0 (log 00000000-0000-0000-0000-000040008000): added: bundle.json does not list it");
    tampered(add, "entry 0 (log 00000000-0000-0000-0000-000040008000): it is not what was asked for");
    tampered(
        |files| lines(files, |lines| lines.swap(2, 3)),
        "entry 6 (log 00000000-0000-0000-0000-000040008006): it is not in its place",
    );
    tampered(|files| lines(files, |lines| lines.insert(1, lines[0].clone())), "entry 4 (log");
    tampered(|files| lines(files, |lines| lines.push("{}\n".to_owned())), "line 10 cannot be read");
    tampered(|files| lines(files, |lines| lines.push("half".to_owned())), "line 10: it does not end");
}

#[test]
fn every_part_of_a_line_is_evidence() {
    tampered(
        in_line(0, "robot 0", "robot 1"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): the record was changed",
    );
    tampered(in_line(0, "\\\"sequence\\\":4", "\\\"sequence\\\": 4"), "line 1 cannot be read");
    tampered(
        in_line(0, "\"leaf_index\":4", "\"leaf_index\":5"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): the proof is about entry 5",
    );
    tampered(
        in_line(0, "\"tree_size\":13", "\"tree_size\":12"),
        "a journal of 12 entries, and the checkpoint about 13",
    );
    tampered(in_line(0, "\"hashes\":[\"", "\"hashes\":[\"00"), "line 1 cannot be read");
    tampered(
        in_line(0, "\"salt\":\"04", "\"salt\":\"05"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): payload or salt was changed",
    );
    tampered(
        in_line(0, "0000000004.ttl", "0000000005.ttl"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): the payload should be payloads/0000000004.ttl",
    );
    tampered(
        in_line(0, "\"requested\"", "\"erasure\""),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): it is here to explain an erasure",
    );
    tampered(
        in_line(0, "\"erased_by\":null", "\"erased_by\":7"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): it is said to be erased by entry 7",
    );
    tampered(
        in_line(2, "\"erased_by\":7", "\"erased_by\":null"),
        "entry 6 (log 00000000-0000-0000-0000-000040008006): payload and salt are missing",
    );
    tampered(
        in_line(2, "\"erased_by\":7", "\"erased_by\":12"),
        "entry 6 (log 00000000-0000-0000-0000-000040008006): payload and salt are missing, and entry 12 does not say",
    );
    tampered(
        in_line(8, "\"erasure\"", "\"requested\""),
        "entry 12 (log 00000000-0000-0000-0000-00004000800c): it is not what was asked for",
    );
}

#[test]
fn an_erasure_that_nothing_explains_is_named() {
    let hide = |files: &mut Files| {
        lines(files, |lines| {
            let salt = lines[0].find("\"salt\":").unwrap();
            let end = lines[0].find(",\"triple_count\"").unwrap();
            lines[0].replace_range(salt..end, "\"salt\":null,\"payload\":null");
            lines[0] = lines[0].replacen("\"erased_by\":null", "\"erased_by\":7", 1);
        });
        files.0.remove("payloads/0000000004.ttl");
    };
    tampered(
        hide,
        "entry 4 (log 00000000-0000-0000-0000-000040008004): payload and salt are missing, and entry 7 does not say",
    );
    let without_explanation = |files: &mut Files| {
        lines(files, |lines| {
            lines.pop();
        });
        files.0.remove("payloads/0000000012.json");
    };
    tampered(
        without_explanation,
        "entry 11 (log 00000000-0000-0000-0000-00004000800b): payload and salt are missing, and entry 12 does not say",
    );
}

#[test]
fn a_proof_of_another_tree_is_named() {
    let mut other = journal(13);
    other[0].entry.actor = "eve".to_owned();
    let other = pack(&other, window(4, 12), &signer(1));
    let swap = |files: &mut Files| {
        files.0.insert(ENTRIES.to_owned(), other.0[ENTRIES].clone());
    };
    tampered(
        swap,
        "entry 4 (log 00000000-0000-0000-0000-000040008004): it is not proved to be in the journal",
    );
    let swap = |files: &mut Files| {
        files.0.insert(CHECKPOINT.to_owned(), other.0[CHECKPOINT].clone());
    };
    tampered(swap, "bundle.json: size and root of the journal are not those of the checkpoint");
}

#[test]
fn files_that_are_changed_removed_or_added_are_named() {
    for name in FILES.into_iter().filter(|name| ![SUMS, MANIFEST].contains(name)) {
        let change = |files: &mut Files| {
            files.0.remove(name);
        };
        tampered(change, &format!("{name}: the file is missing"));
    }
    let payload = "payloads/0000000004.ttl";
    tampered(
        in_file(payload, "urn:4", "urn:5"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): payload or salt was changed",
    );
    tampered(
        in_file(payload, "\r\n", "\r\n\r\n"),
        "entry 4 (log 00000000-0000-0000-0000-000040008004): payload or salt was changed",
    );
    tampered(
        |files| {
            files.0.remove(payload);
        },
        "entry 4 (log 00000000-0000-0000-0000-000040008004): the payload is missing",
    );
    for (name, expect) in [
        ("payloads/0000000003.ttl", "no line of entries.jsonl names this payload of entry 3"),
        ("notes.txt", "notes.txt: the file does not belong to a bundle"),
    ] {
        let add = |files: &mut Files| {
            files.0.insert(name.to_owned(), b"<urn:a> a <urn:b> .".to_vec());
        };
        tampered(add, expect);
    }
    tampered(in_file(DESCRIPTION, "\"tree_size\":13", "\"tree_size\":14"), "size and root of the journal");
    tampered(
        in_file(DESCRIPTION, "\"entry_count\":9", "\"entry_count\":8"),
        "it says that there are 8 entries, and there are 9",
    );
    tampered(in_file(DESCRIPTION, "[4,12]", "[4,13]"), "entry 13: removed");
    tampered(
        in_file(DESCRIPTION, "glassbox.example", "other.example"),
        "it is about the journal other.example",
    );
    tampered(in_file(DESCRIPTION, "evidence/v1", "evidence/v2"), "the format is \"segb-evidence/v2\"");
    tampered(
        in_file(DESCRIPTION, "2026-03-01", "2026-03-02"),
        "manifest.note: the time is not that of bundle.json",
    );
    tampered(in_file(CHECKPOINT, "13\n", "14\n"), "checkpoint.note: the signature by");
    tampered(in_file(README, "journal", "Journal"), "SHA256SUMS");
    tampered(in_file(KEY, "+", "-"), "key.txt: the key is not of the form");
}

#[test]
fn list_and_manifest_are_evidence_too() {
    let check = |change: &dyn Fn(&mut Files), expect: &str| {
        let mut files = bundle();
        change(&mut files);
        let found = found(&files, &with_key(1));
        assert!(found.iter().any(|text| text.contains(expect)), "{expect}: {found:#?}");
    };
    check(&in_file(SUMS, "README.txt", "LIESME.txt"), "README.txt: the file is not listed in SHA256SUMS");
    check(&in_file(SUMS, "  ", " "), "SHA256SUMS: line 1 is not a hash");
    for (from, to, expect) in [
        ("evidence/v1", "evidence/v2", "the text is not segb-evidence/v1"),
        ("2026-03-01", "2026-03-02", "the signature by"),
        ("\n— ", "\n- ", "manifest.note: "),
    ] {
        check(&in_file(MANIFEST, from, to), expect);
    }
    for name in [SUMS, MANIFEST] {
        let remove = |files: &mut Files| {
            files.0.remove(name);
        };
        check(&remove, &format!("{name}: the file is missing"));
    }
}

#[test]
fn a_bundle_that_somebody_else_signed_fits_only_itself() {
    let mut lies = journal(13);
    lies[4].entry.actor = "eve".to_owned();
    let forged = pack(&lies, window(4, 12), &signer(2));
    assert!(check(&forged, &Trusted::default()).fits());
    let found = found(&forged, &with_key(1));
    assert!(found[0].starts_with("key.txt: the bundle was made with another key"), "{found:#?}");
    for name in [CHECKPOINT, MANIFEST] {
        assert!(found.iter().any(|text| text.starts_with(name)), "{found:#?}");
    }
    // The old notes do not help.
    for name in [KEY, CHECKPOINT, MANIFEST] {
        let mut mixed = forged.clone();
        mixed.0.insert(name.to_owned(), bundle().0[name].clone());
        assert!(!check(&mixed, &with_key(1)).fits(), "{name}");
    }
}

#[test]
fn logs_by_their_ids_have_to_be_there() {
    let journal = journal(13);
    let ids = [journal[0].entry.log_id, journal[9].entry.log_id];
    let mut files = pack(&journal, Request { log_ids: Some(ids.to_vec()), ..Request::default() }, &signer(1));
    assert!(check(&files, &with_key(1)).fits());
    lines(&mut files, |lines| {
        lines.remove(0);
    });
    let found = found(&files, &with_key(1));
    assert!(
        found.contains(&format!("log {}: it was asked for, and is not in entries.jsonl", ids[0])),
        "{found:#?}"
    );
}

#[test]
fn what_is_too_long_is_not_read_to_its_end() {
    struct Endless(Files, &'static str);
    impl BundleFiles for Endless {
        fn names(&self) -> Vec<String> {
            self.0.names()
        }

        fn open(&mut self, name: &str) -> io::Result<Box<dyn io::Read + '_>> {
            if name == self.1 { Ok(Box::new(io::repeat(b'x'))) } else { self.0.open(name) }
        }
    }
    for (name, expect) in [
        (ENTRIES, "line 1: it does not end"),
        ("payloads/0000000004.ttl", "payload or salt was changed"),
        (README, "README.txt: the file cannot be read: it is longer than"),
    ] {
        let report = verify(&mut Endless(bundle(), name), &with_key(1), &mut || ());
        let found: Vec<_> = report.problems.iter().map(ToString::to_string).collect();
        assert!(found.iter().any(|text| text.contains(expect)), "{found:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_window_fits(size in 1_u64..40, since in 0_u64..40, length in 1_u64..40) {
        let files = pack(&journal(size), window(since, since + length), &signer(1));
        let report = check(&files, &with_key(1));
        prop_assert!(report.fits(), "{:?}", report.problems);
        prop_assert!(report.unchecked.is_empty());
    }

    #[test]
    fn a_changed_byte_of_any_file_is_found(
        file in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        flip in 1_u8..=255,
        relisted: bool,
    ) {
        let mut files = bundle();
        let name = file.get(&files.names()).clone();
        prop_assume!(!(relisted && name == SUMS));
        if let Some(bytes) = files.0.get_mut(&name) {
            let place = place.index(bytes.len());
            bytes[place] ^= flip;
        }
        if relisted && name != MANIFEST {
            list(&mut files);
        }
        prop_assert!(!check(&files, &with_key(1)).fits(), "{name}");
        prop_assert!(!check(&files, &Trusted::default()).fits(), "{name}");
    }
}
