//! Bundles of evidence: any files at all are checked to the end, and what fits is what our key has signed. An input has
//! the files of a bundle one after the other, each behind a line `=== name`.

use std::{collections::BTreeMap, io};

use segb_journal::{
    Hash,
    bundle::{
        BundleFiles, CHECKPOINT, DESCRIPTION, Description, ENTRIES, EntryLine, FORMAT, IncludedBecause, KEY,
        MANIFEST, Manifest, PREFIXES, README, Report, Request, SUMS, Trusted, payload_name, ranges, readme,
        sums_line, verify,
    },
    note::Note,
    tree::{TreeHead, prove_inclusion},
};

use crate::made::{JOURNAL, Made, ORIGIN};

/// What stands before the name of a file.
const MARK: &str = "=== ";

pub(crate) fn run(bytes: &[u8]) {
    let files = unpack(bytes);
    let kept = vec![JOURNAL.checkpoint.clone().into()];
    let trusted = Trusted { key: Some(JOURNAL.signer.verifier()), checkpoints: kept };
    let report = check(&files, &trusted);
    if report.fits() {
        is_signed(&files, &report);
    }
    // Then the bundle itself says who signed it.
    check(&files, &Trusted::default());
}

fn check(files: &Files, trusted: &Trusted) -> Report {
    let report = verify(&mut files.clone(), trusted, &mut || ());
    assert_eq!(report.fits(), report.problems.is_empty());
    assert!(report.problems.len() as u64 <= report.problem_count);
    for problem in &report.problems {
        assert!(!problem.to_string().is_empty());
    }
    report.unchecked.iter().for_each(|what| drop(what.to_string()));
    if let Some(description) = &report.description {
        assert!(!readme(description).contains('\u{1b}'), "a terminal would act on it");
        let written = serde_json::to_vec(description).expect("JSON");
        assert_eq!(serde_json::from_slice::<Description>(&written).expect("a description"), *description);
    }
    report
}

/// What fits by a trusted key is what that key signed: the list of files, and by it every file.
fn is_signed(files: &Files, report: &Report) {
    assert_eq!(report.head, Some(JOURNAL.checkpoint.checkpoint().head()));
    let note = Note::parse(&files.0[MANIFEST]).expect("a note");
    let signed = Note::sign(note.text().to_owned(), &JOURNAL.signer).expect("it was signed");
    assert!(note.signatures().contains(&signed.signatures()[0]), "it fits, but is not signed");
    let manifest: Manifest = note.text().parse().expect("a manifest");
    assert_eq!(manifest.sums, Hash::of(&[&files.0[SUMS]]));
    let list = str::from_utf8(&files.0[SUMS]).expect("a list");
    for (name, bytes) in files.0.iter().filter(|(name, _)| ![SUMS, MANIFEST].contains(&name.as_str())) {
        assert!(list.contains(&sums_line(&Hash::of(&[bytes]), name)), "{name} is not in the list");
    }
}

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

fn unpack(bytes: &[u8]) -> Files {
    let mut files = BTreeMap::new();
    let mut current: Option<(String, Vec<u8>)> = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(MARK.as_bytes()) {
            files.extend(current.take());
            current = Some((String::from_utf8_lossy(name).trim_end().to_owned(), Vec::new()));
        } else if let Some((_, content)) = &mut current {
            content.extend_from_slice(line);
        }
    }
    files.extend(current);
    Files(files)
}

/// A bundle that fits, of the whole journal that was made up.
pub(crate) fn example() -> String {
    let head = JOURNAL.checkpoint.checkpoint().head();
    let description = description(head);
    let (mut files, mut lines) = (Vec::new(), String::new());
    for Made { entry, salt, payload, erased_by } in &JOURNAL.made {
        let name = payload_name(entry).filter(|_| erased_by.is_none());
        let line = EntryLine {
            record: String::from_utf8(entry.to_canonical_bytes().expect("a canonical form")).expect("text"),
            leaf_hash: entry.leaf_hash().expect("a canonical form"),
            inclusion: prove_inclusion(entry.sequence, head.size, &JOURNAL.stored).expect("a proof"),
            salt: erased_by.is_none().then(|| salt.clone()),
            payload: name.clone(),
            triple_count: 1,
            erased_by: *erased_by,
            included_because: IncludedBecause::Requested,
        };
        lines.push_str(&serde_json::to_string(&line).expect("JSON"));
        lines.push('\n');
        // The mark of the next file begins a line, so each file ends with one.
        let payload = String::from_utf8(payload.clone()).expect("text");
        files.extend(name.map(|name| (name, payload)));
    }
    // The explanation is long and is not looked at.
    files.push((README.to_owned(), "See the documentation.\n".to_owned()));
    files.push((DESCRIPTION.to_owned(), format!("{}\n", serde_json::to_string(&description).expect("JSON"))));
    files.push((CHECKPOINT.to_owned(), JOURNAL.checkpoint.to_string()));
    files.push((KEY.to_owned(), format!("{}\n", JOURNAL.signer.verifier())));
    files.push((PREFIXES.to_owned(), "@prefix prov: <http://www.w3.org/ns/prov#> .\n".to_owned()));
    files.push((ENTRIES.to_owned(), lines));
    let sums: String =
        files.iter().map(|(name, content)| sums_line(&Hash::of(&[content.as_bytes()]), name)).collect();
    let created_at = description.created_at;
    let origin = ORIGIN.parse().expect("an origin");
    let manifest = Manifest { origin, created_at, sums: Hash::of(&[sums.as_bytes()]) };
    let manifest = Note::sign(manifest.to_string(), &JOURNAL.signer).expect("a note");
    files.extend([(SUMS.to_owned(), sums), (MANIFEST.to_owned(), manifest.to_string())]);
    files.iter().map(|(name, content)| format!("{MARK}{name}\n{content}")).collect()
}

fn description(head: TreeHead) -> Description {
    Description {
        format: FORMAT.to_owned(),
        origin: ORIGIN.to_owned(),
        created_at: "2026-03-01T10:00:00Z".parse().expect("a moment"),
        requested_by: Some("ada".to_owned()),
        request: Request::default(),
        entry_count: head.size,
        sequences: ranges(0..head.size),
        tree_size: head.size,
        root: head.root,
    }
}
