//! Who signed what.

use super::{Findings, Problem, Trusted, Unchecked};
use crate::{
    Hash,
    bundle::{CHECKPOINT, Description, KEY, MANIFEST, Manifest},
    checkpoint::{Origin, UnverifiedCheckpoint},
    note::{Note, Verifier},
    tree::TreeHead,
};

/// The key to check with: the trusted one; without it, the one in the bundle.
pub(super) fn key(text: Option<&[u8]>, trusted: &Trusted, findings: &mut Findings) -> Option<Verifier> {
    let said = text.and_then(|text| match parse_key(text) {
        Ok(key) => Some(key),
        Err(why) => {
            findings.in_file(KEY, why);
            None
        }
    });
    if let (Some(said), Some(trusted)) = (&said, &trusted.key)
        && said != trusted
    {
        findings.in_file(KEY, format!("the bundle was made with another key: {said} and not {trusted}"));
    }
    trusted.key.clone().or(said)
}

fn parse_key(text: &[u8]) -> Result<Verifier, String> {
    let text = std::str::from_utf8(text).map_err(|_| "not UTF-8".to_owned())?;
    text.strip_suffix('\n').unwrap_or(text).parse().map_err(|error| format!("{error}"))
}

/// The origin of a journal is the name of its key.
fn origin_of(key: &Verifier) -> Result<Origin, String> {
    key.name().as_str().parse().map_err(|error| format!("{error}"))
}

/// What the checkpoint says, if it is signed with the key.
pub(super) fn checkpoint(
    note: &[u8],
    key: Option<&Verifier>,
    trusted: &Trusted,
    findings: &mut Findings,
) -> Option<TreeHead> {
    let parsed = match UnverifiedCheckpoint::parse(note) {
        Ok(parsed) => parsed,
        Err(error) => {
            findings.in_file(CHECKPOINT, error.to_string());
            return None;
        }
    };
    let key = key?;
    let head = match verified(parsed, key) {
        Ok(head) => head,
        Err(why) => {
            findings.in_file(CHECKPOINT, why);
            return None;
        }
    };
    for kept in &trusted.checkpoints {
        match verified(kept.clone(), key) {
            Ok(kept) if kept.size != head.size => {
                findings.unchecked(Unchecked::OtherSize { given: kept.size, bundle: head.size });
            }
            Ok(kept) if kept.root != head.root => findings.add(Problem::OtherRoot(head)),
            Ok(_) => {}
            Err(why) => {
                findings.in_file(CHECKPOINT, format!("not of the journal of the one kept elsewhere: {why}"))
            }
        }
    }
    Some(head)
}

fn verified(checkpoint: UnverifiedCheckpoint, key: &Verifier) -> Result<TreeHead, String> {
    let signed =
        checkpoint.verify(&origin_of(key)?, std::slice::from_ref(key)).map_err(|error| error.to_string())?;
    Ok(signed.checkpoint().head())
}

/// That the list of files is the one that the key signed.
pub(super) fn manifest(
    note: &[u8],
    key: Option<&Verifier>,
    list: Option<Hash>,
    description: Option<&Description>,
    findings: &mut Findings,
) {
    let read = || -> Result<(Note, Manifest), String> {
        let note = Note::parse(note).map_err(|error| error.to_string())?;
        let manifest = note.text().parse::<Manifest>().map_err(|error| error.to_string())?;
        Ok((note, manifest))
    };
    let (note, manifest) = match read() {
        Ok(read) => read,
        Err(why) => return findings.in_file(MANIFEST, why),
    };
    if let Some(key) = key {
        if let Err(error) = note.verify(std::slice::from_ref(key)) {
            findings.in_file(MANIFEST, error.to_string());
        }
        if manifest.origin.as_str() != key.name().as_str() {
            let what =
                format!("it is about the journal {}, and the key is that of {}", manifest.origin, key.name());
            findings.in_file(MANIFEST, what);
        }
    }
    if list.is_some_and(|list| list != manifest.sums) {
        findings.in_file(
            MANIFEST,
            "SHA256SUMS is not the list that was signed: the bundle was changed".to_owned(),
        );
    }
    if description.is_some_and(|said| said.created_at != manifest.created_at) {
        findings.in_file(MANIFEST, "the time is not that of bundle.json".to_owned());
    }
}
