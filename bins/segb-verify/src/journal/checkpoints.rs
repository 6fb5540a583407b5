//! Checkpoints: the one in the file, those that witnesses cosigned, and those that were kept elsewhere.

use rusqlite::{Connection, Row};
use segb_journal::{
    checkpoint::{Origin, SignedCheckpoint, UnverifiedCheckpoint, VerifyCheckpointError},
    note::{Verifier, VerifyNoteError},
    tree::TreeHead,
};
use serde::Serialize;

use super::{columns, tree::TreeCheck};
use crate::{Findings, Problem};

/// What whoever checks a journal knows about it already.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// The key that it must be signed with. Without it, the one in the file is taken.
    pub key: Option<Verifier>,
    /// Checkpoints that were kept where nobody who can write to the file could change them.
    pub checkpoints: Vec<KeptCheckpoint>,
}

/// A checkpoint from elsewhere.
#[derive(Debug, Clone)]
pub struct KeptCheckpoint {
    /// What it is called in a report.
    pub name: String,
    /// What it says.
    pub checkpoint: UnverifiedCheckpoint,
}

/// A checkpoint whose signature is right and that is about the tree of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedHead {
    /// How many leaves it is about.
    pub size: u64,
    /// The log that it is about.
    pub origin: String,
    /// The key that signed it.
    pub verifier: String,
}

/// The row of the table `checkpoints`.
struct StoredCheckpoint {
    size: Result<i64, String>,
    note: Result<String, String>,
    verifier: Result<String, String>,
}

impl StoredCheckpoint {
    fn read(row: &Row<'_>) -> Self {
        Self {
            size: columns::integer(row, "size"),
            note: columns::text(row, "note"),
            verifier: columns::text(row, "verifier"),
        }
    }

    fn key(&self) -> Result<Verifier, String> {
        let text = self.verifier.as_ref().map_err(Clone::clone)?;
        text.parse().map_err(|error| format!("the verifier of the checkpoint: {error}"))
    }
}

/// Who signs the tree, and of which log.
pub(super) struct Signing {
    key: Verifier,
    origin: Origin,
}

/// What is known about checkpoints before the entries are read.
#[derive(Default)]
pub(super) struct CheckpointCheck {
    signing: Option<Signing>,
    /// The checkpoint in the file, and the head that it signs.
    stored: Option<(i64, TreeHead)>,
    kept: Vec<(String, TreeHead)>,
    cosigned: Vec<(i64, TreeHead)>,
}

/// What became of them.
#[derive(Default)]
pub(super) struct CheckedCheckpoints {
    pub(super) stored: Option<SignedHead>,
    pub(super) kept: u64,
    pub(super) cosigned: u64,
}

impl CheckpointCheck {
    /// Reads the table `checkpoints` and verifies all signatures. `suffix` is what the origin has behind the name of the
    /// key.
    pub(super) fn read(
        connection: &Connection,
        expected: &Expected,
        suffix: &str,
        findings: &mut Findings,
    ) -> rusqlite::Result<Self> {
        let mut statement =
            connection.prepare("SELECT size, note, verifier FROM checkpoints ORDER BY size")?;
        let rows = statement.query_map([], |row| Ok(StoredCheckpoint::read(row)))?;
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        if rows.len() > 1 {
            let problem =
                format!("there are {} checkpoints, and there is only one of the last commit", rows.len());
            findings.add(Problem::general(problem));
        }
        let stored = rows.pop();
        let signing = Signing::new(stored.as_ref(), expected, suffix, findings);
        let mut check = Self { signing, ..Self::default() };
        match stored {
            Some(stored) => check.read_stored(stored, findings),
            None => check.miss_stored(expected, findings),
        }
        Ok(check)
    }

    /// What can be said of a journal whose tables have no tree.
    pub(super) fn without_tree(expected: &Expected, findings: &mut Findings) -> Self {
        let check = Self { signing: Signing::new(None, expected, "", findings), ..Self::default() };
        check.miss_stored(expected, findings);
        check
    }

    fn miss_stored(&self, expected: &Expected, findings: &mut Findings) {
        match expected.key {
            Some(_) => findings.add(Problem::general("there is no checkpoint signed with the key")),
            None => findings.leave_unchecked(
                "there is no checkpoint: nothing is signed, and whoever can write to the file could have made all of it",
            ),
        }
    }

    fn read_stored(&mut self, stored: StoredCheckpoint, findings: &mut Findings) {
        let read = || -> Result<(i64, TreeHead), String> {
            let (size, note) = (stored.size?, stored.note?);
            let signing = self.signing.as_ref().ok_or("there is no key to check the signature with")?;
            let note = UnverifiedCheckpoint::parse(note.as_bytes()).map_err(|error| error.to_string())?;
            let signed = signing.verify(note).map_err(|error| error.to_string())?;
            Ok((size, signed.checkpoint().head()))
        };
        match read() {
            Ok(stored) => self.stored = Some(stored),
            Err(problem) => findings.add(Problem::general(format!("the checkpoint in the file: {problem}"))),
        }
    }

    /// Verifies the signatures of those that were kept elsewhere and are about this log: `ours` of their origin.
    pub(super) fn read_kept(
        &mut self,
        expected: &Expected,
        ours: impl Fn(&Origin) -> bool,
        findings: &mut Findings,
    ) {
        for KeptCheckpoint { name, checkpoint } in &expected.checkpoints {
            if !ours(checkpoint.origin()) {
                continue;
            }
            let Some(signing) = &self.signing else {
                findings.leave_unchecked(format!(
                    "the checkpoint {name}: there is no key to check its signature with"
                ));
                continue;
            };
            match signing.verify(checkpoint.clone()) {
                Ok(signed) => self.kept.push((name.clone(), signed.checkpoint().head())),
                Err(error) => findings.add(Problem::general(format!("the checkpoint {name}: {error}"))),
            }
        }
    }

    /// Reads the table `cosigned_checkpoints`. A journal may have been signed with another key before.
    pub(super) fn read_cosigned(
        &mut self,
        connection: &Connection,
        findings: &mut Findings,
    ) -> rusqlite::Result<()> {
        let mut statement =
            connection.prepare("SELECT size, note FROM cosigned_checkpoints ORDER BY size")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (Ok(size), Ok(note)) = (columns::integer(row, "size"), columns::text(row, "note")) else {
                findings.add(Problem::general("a row of the table `cosigned_checkpoints` cannot be read"));
                continue;
            };
            let what = format!("the cosigned checkpoint of {size} entries");
            let (Ok(note), Some(signing)) = (UnverifiedCheckpoint::parse(note.as_bytes()), &self.signing)
            else {
                findings.add(Problem::general(format!("{what} cannot be read")));
                continue;
            };
            match signing.verify(note) {
                Ok(signed) => self.cosigned.push((size, signed.checkpoint().head())),
                Err(error) if is_of_another_key(&error) => {
                    findings.leave_unchecked(format!("{what} is signed with another key: {error}"));
                }
                Err(error) => findings.add(Problem::general(format!("{what}: {error}"))),
            }
        }
        Ok(())
    }

    /// The sizes whose roots are needed.
    pub(super) fn sizes(&self) -> impl Iterator<Item = u64> {
        let heads = self.kept.iter().map(|(_, head)| head).chain(self.cosigned.iter().map(|(_, head)| head));
        heads.map(|head| head.size)
    }

    /// Compares all of them with the tree over `entries` entries.
    pub(super) fn check(
        &self,
        tree: &TreeCheck,
        entries: u64,
        findings: &mut Findings,
    ) -> CheckedCheckpoints {
        let mut checked = CheckedCheckpoints::default();
        if let (Some((size, head)), Some(signing)) = (&self.stored, &self.signing) {
            match stored_problem(*size, *head, tree, entries) {
                Some(problem) => {
                    findings.add(Problem::general(format!("the checkpoint in the file {problem}")))
                }
                None => checked.stored = Some(signing.head(head.size)),
            }
        }
        for (name, head) in &self.kept {
            match problem(*head, tree, entries) {
                Some(problem) => findings.add(Problem::general(format!("the checkpoint {name} {problem}"))),
                None => checked.kept += 1,
            }
        }
        for (size, head) in &self.cosigned {
            let misplaced =
                (size.cast_unsigned() != head.size).then(|| format!("says that it is about {}", head.size));
            match misplaced.or_else(|| problem(*head, tree, entries)) {
                Some(problem) => {
                    let problem = format!("the cosigned checkpoint of {size} entries {problem}");
                    findings.add(Problem::general(problem));
                }
                None => checked.cosigned += 1,
            }
        }
        checked
    }

    /// The origin of the log, if it is known who signs it.
    pub(super) fn origin(&self) -> Option<&Origin> {
        self.signing.as_ref().map(|signing| &signing.origin)
    }
}

impl Signing {
    fn new(
        stored: Option<&StoredCheckpoint>,
        expected: &Expected,
        suffix: &str,
        findings: &mut Findings,
    ) -> Option<Self> {
        let stored = stored.map(StoredCheckpoint::key);
        let key = match (&expected.key, stored) {
            (Some(expected), Some(Ok(stored))) if *expected != stored => {
                let problem =
                    format!("it was signed with another key, {stored}, than the one that was expected");
                findings.add(Problem::general(problem));
                expected.clone()
            }
            (Some(expected), Some(Err(problem))) => {
                findings.add(Problem::general(problem));
                expected.clone()
            }
            (Some(expected), _) => expected.clone(),
            (None, Some(Ok(stored))) => stored,
            (None, Some(Err(problem))) => {
                findings.add(Problem::general(problem));
                return None;
            }
            (None, None) => return None,
        };
        match format!("{}{suffix}", key.name()).parse() {
            Ok(origin) => Some(Self { key, origin }),
            Err(error) => {
                findings.add(Problem::general(format!("the name of the key: {error}")));
                None
            }
        }
    }

    fn verify(&self, checkpoint: UnverifiedCheckpoint) -> Result<SignedCheckpoint, VerifyCheckpointError> {
        checkpoint.verify(&self.origin, std::slice::from_ref(&self.key))
    }

    fn head(&self, size: u64) -> SignedHead {
        SignedHead { size, origin: self.origin.to_string(), verifier: self.key.to_string() }
    }
}

fn is_of_another_key(error: &VerifyCheckpointError) -> bool {
    matches!(
        error,
        VerifyCheckpointError::WrongOrigin { .. }
            | VerifyCheckpointError::Signature(VerifyNoteError::NotSigned)
    )
}

/// The checkpoint in the file is about exactly what is in the file.
fn stored_problem(size: i64, head: TreeHead, tree: &TreeCheck, entries: u64) -> Option<String> {
    if size.cast_unsigned() != head.size {
        return Some(format!("is filed under {size} and is about {} entries", head.size));
    }
    if head.size != entries {
        return Some(format!("is about {} entries, and there are {entries}", head.size));
    }
    match tree.head() {
        Some(found) if found == head => None,
        Some(_) => Some("is about another tree than that of the entries".to_owned()),
        None => Some("cannot be compared with the tree, because entries are missing".to_owned()),
    }
}

/// An earlier checkpoint is about the first entries of the file.
fn problem(head: TreeHead, tree: &TreeCheck, entries: u64) -> Option<String> {
    let TreeHead { size, root } = head;
    match tree.root_at(size) {
        Some(found) if found == root => None,
        Some(_) => Some(format!("is about another tree of {size} entries: they were changed since")),
        None if size > entries => Some(format!("is about {size} entries, and there are only {entries}")),
        None => Some(format!("cannot be compared: the first {size} entries are not complete")),
    }
}
