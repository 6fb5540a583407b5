//! A journal by the path of its file or directory, and what lies beside it.

use std::path::{Path, PathBuf};

use segb_journal::access::ORIGIN_SUFFIX;
use serde::Serialize;

use super::{
    ACCESS_FILE_NAME, AccessReport, Expected, JournalReport, OpenError, ReadError, locate, open, open_access,
    verify, verify_access,
};
use crate::{Findings, Problem, Verdict};

/// What was found in a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// All of it in one word.
    pub verdict: Verdict,
    /// The file of the journal.
    pub path: PathBuf,
    /// The journal.
    pub journal: JournalReport,
    /// The journal of accesses, if there is one.
    pub access: Option<AccessReport>,
}

/// Why nothing can be said about a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyFileError {
    /// It cannot be opened, or is not a journal.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It failed while it was read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Checks a journal, and the journal of accesses if one lies beside it. `progress` is told how many entries are done, and
/// of how many.
///
/// # Errors
/// [`VerifyFileError`]; whatever is wrong with what is in the files is a finding.
pub fn verify_file(
    path: &Path,
    expected: &Expected,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<FileReport, VerifyFileError> {
    let path = locate(path)?;
    let connection = open(&path)?;
    let total = super::length(&connection);
    let mut journal = verify(&connection, expected, &mut |done| progress(done, total))?;
    drop(connection);
    let access_path = path.with_file_name(ACCESS_FILE_NAME);
    let access = if access_path.exists() { Some(verify_beside(&access_path, expected)?) } else { None };
    if access.is_none() {
        miss_access(expected, &mut journal);
    }
    let of_access = access.as_ref().map_or(Verdict::Verified, |access| access.findings.verdict());
    let verdict = journal.findings.verdict().and(of_access);
    Ok(FileReport { verdict, path, journal, access })
}

fn verify_beside(path: &Path, expected: &Expected) -> Result<AccessReport, VerifyFileError> {
    let unread = |findings: Findings| Ok(AccessReport { findings, ..AccessReport::default() });
    let mut findings = Findings::default();
    match open_access(path) {
        Ok(connection) => Ok(verify_access(&connection, expected)?),
        Err(error @ OpenError::NotAJournal(_)) => {
            findings.add(Problem::general(error.to_string()));
            unread(findings)
        }
        Err(error @ OpenError::UnknownVersion { .. }) => {
            findings.leave_unchecked(error.to_string());
            unread(findings)
        }
        Err(error) => Err(error.into()),
    }
}

/// Somebody kept a checkpoint of the accesses, and they are gone.
fn miss_access(expected: &Expected, journal: &mut JournalReport) {
    let signed_by = journal.checkpoint.as_ref().map(|checkpoint| checkpoint.origin.clone());
    let name = expected.key.as_ref().map(|key| key.name().to_string()).or(signed_by);
    let Some(origin) = name.map(|name| format!("{name}{ORIGIN_SUFFIX}")) else { return };
    for kept in expected.checkpoints.iter().filter(|kept| kept.checkpoint.origin().as_str() == origin) {
        let problem =
            format!("the checkpoint {} is about the journal of accesses, and there is none", kept.name);
        journal.findings.add(Problem::general(problem));
    }
}
