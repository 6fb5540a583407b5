//! What the subcommands that check something do: read the files they are given, check, print.

use std::{
    error::Error,
    fs::File,
    io::{self, Cursor, Read as _, Seek},
    path::{Path, PathBuf},
    process::ExitCode,
};

use segb_journal::{checkpoint::UnverifiedCheckpoint, note::Note};
use segb_verify::{
    bundle::{Archive, Trusted, verify_archive},
    journal::{Expected, KeptCheckpoint, verify_file},
    receipt::{Means, RECEIPT_BYTES_MAX, Receipt},
};

use crate::{
    arguments::{BundleArguments, JournalArguments, ReceiptArguments},
    output, progress,
};

/// The longest document that is compared with a receipt, in bytes; no server takes longer ones.
const DOCUMENT_BYTES_MAX: u64 = 1 << 30;

/// The longest bundle that is read from standard input, in bytes: it is kept in memory.
const PIPED_BYTES_MAX: u64 = 1 << 30;

/// How many entries are done between two moves of the bar.
const PROGRESS_STEP: u64 = 1_024;

/// Why a file that was given is of no use.
#[derive(Debug, thiserror::Error)]
enum FileError {
    /// It cannot be read.
    #[error("{path}: {cause}")]
    Read { path: PathBuf, cause: io::Error },
    /// It is longer than anything of its kind.
    #[error("{path}: it has more than {max} bytes")]
    TooLong { path: PathBuf, max: u64 },
    /// It is something else.
    #[error("{path}: {cause}")]
    Content { path: PathBuf, cause: Box<dyn Error> },
}

/// `segb-verify journal`.
pub fn journal(arguments: &JournalArguments, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    let checkpoints = arguments
        .checkpoint
        .iter()
        .map(|path| Ok(KeptCheckpoint { name: path.display().to_string(), checkpoint: checkpoint(path)? }));
    let checkpoints = checkpoints.collect::<Result<Vec<_>, FileError>>()?;
    let expected = Expected { key: arguments.key.clone(), checkpoints };
    let mut bar = None;
    let report = verify_file(&arguments.path, &expected, &mut |done, total| {
        if done.is_multiple_of(PROGRESS_STEP) {
            bar.get_or_insert_with(|| progress::bar(total, json)).set_position(done);
        }
    })?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    output::journal(&report, &expected, json)
}

/// `segb-verify receipt`.
pub fn receipt(arguments: &ReceiptArguments, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    let ReceiptArguments { file, key, checkpoint: given, log } = arguments;
    let receipt = Receipt::parse(&read(file, RECEIPT_BYTES_MAX)?)
        .map_err(|cause| FileError::Content { path: file.clone(), cause: cause.into() })?;
    let given = given.as_deref().map(checkpoint).transpose()?;
    let document = log.as_deref().map(|path| read(path, DOCUMENT_BYTES_MAX)).transpose()?;
    let means = Means { key, checkpoint: given.as_ref(), document: document.as_deref() };
    output::receipt(&receipt.verify(means), json)
}

/// `segb-verify bundle`.
pub fn bundle(arguments: &BundleArguments, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    let BundleArguments { file, key, checkpoint: kept } = arguments;
    let checkpoints = kept.iter().map(|path| checkpoint(path)).collect::<Result<_, _>>()?;
    let trusted = Trusted { key: key.clone(), checkpoints };
    let path = || file.clone();
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(PIPED_BYTES_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|cause| FileError::Read { path: path(), cause })?;
        if bytes.len() as u64 > PIPED_BYTES_MAX {
            return Err(FileError::TooLong { path: path(), max: PIPED_BYTES_MAX }.into());
        }
        return check_bundle(file, Cursor::new(bytes), &trusted, json);
    }
    let opened = File::open(file).map_err(|cause| FileError::Read { path: path(), cause })?;
    check_bundle(file, io::BufReader::new(opened), &trusted, json)
}

fn check_bundle(
    path: &Path,
    zip: impl io::Read + Seek,
    trusted: &Trusted,
    json: bool,
) -> Result<ExitCode, Box<dyn Error>> {
    let mut archive = Archive::open(zip)
        .map_err(|cause| FileError::Content { path: path.to_owned(), cause: cause.into() })?;
    let (mut done, mut bar) = (0_u64, None);
    let report = verify_archive(&mut archive, trusted, &mut |total| {
        done += 1;
        if done.is_multiple_of(PROGRESS_STEP) {
            bar.get_or_insert_with(|| progress::bar(total, json)).set_position(done);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    output::bundle(&report, json)
}

fn checkpoint(path: &Path) -> Result<UnverifiedCheckpoint, FileError> {
    let note = read(path, Note::BYTES_MAX as u64)?;
    UnverifiedCheckpoint::parse(&note)
        .map_err(|cause| FileError::Content { path: path.to_owned(), cause: cause.into() })
}

fn read(path: &Path, max: u64) -> Result<Vec<u8>, FileError> {
    let io_error = |cause| FileError::Read { path: path.to_owned(), cause };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(max + 1).read_to_end(&mut bytes)).map_err(io_error)?;
    if bytes.len() as u64 > max {
        return Err(FileError::TooLong { path: path.to_owned(), max });
    }
    Ok(bytes)
}
