//! The key that the journal is signed with: read from its file, or made when there is none.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use segb_store::journal_format::note::Signer;

/// The name of the file in the data directory, unless a setting names another.
pub const FILE_NAME: &str = "journal.key";

/// Nobody but the owner: what group and others may do must be nothing.
const PRIVATE_MODE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// Why there is no key. The texts never hold any of it.
#[derive(Debug, thiserror::Error)]
pub enum JournalKeyError {
    /// The file cannot be read or written.
    #[error("the journal key {path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    /// Others can read or change it, so that it proves nothing.
    #[error(
        "the journal key {path} is open to others (mode {mode:04o}): chmod 600 {path}, and think about who had it"
    )]
    OpenToOthers { path: PathBuf, mode: u32 },
    /// It is not a key.
    #[error("the journal key {path}: {cause}")]
    NotAKey { path: PathBuf, cause: String },
    /// It is the key of a journal of another name.
    #[error("SEGB_JOURNAL_ORIGIN is {wanted}, but the journal key {path} is that of {found}")]
    OtherOrigin { path: PathBuf, wanted: String, found: String },
    /// The setting is no name for a key.
    #[error("SEGB_JOURNAL_ORIGIN: {0:?} is no good: a name without spaces and plus signs")]
    BadOrigin(String),
}

/// Reads the key; `origin` is the name that the journal must have, if it is known.
pub fn load_existing(path: &Path, origin: Option<&str>) -> Result<Signer, JournalKeyError> {
    let file = File::open(path).map_err(|cause| JournalKeyError::File { path: path.to_owned(), cause })?;
    read(file, path, origin)
}

/// Reads the key, or makes one with `random` bytes; `origin` is the name that the journal must have, if it is known.
pub fn load(
    path: &Path,
    origin: Option<&str>,
    random: impl FnOnce() -> ([u8; 32], u64),
) -> Result<Signer, JournalKeyError> {
    let file_error = |cause| JournalKeyError::File { path: path.to_owned(), cause };
    match File::open(path) {
        Ok(file) => read(file, path, origin),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let (seed, number) = random();
            let name = origin.map_or_else(|| format!("segb-{number:016x}"), str::to_owned);
            let name = name.parse().map_err(|_| JournalKeyError::BadOrigin(name))?;
            let signer = Signer::from_seed(name, &seed);
            write(&signer, path).map_err(file_error)?;
            log::info!("made the journal key {}: {}", path.display(), signer.verifier());
            Ok(signer)
        }
        Err(error) => Err(file_error(error)),
    }
}

fn read(mut file: File, path: &Path, origin: Option<&str>) -> Result<Signer, JournalKeyError> {
    let file_error = |cause| JournalKeyError::File { path: path.to_owned(), cause };
    let mode = file.metadata().map_err(file_error)?.mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(JournalKeyError::OpenToOthers { path: path.to_owned(), mode });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(file_error)?;
    let signer: Signer =
        text.trim_end().parse().map_err(|cause: segb_store::journal_format::note::ParseKeyError| {
            JournalKeyError::NotAKey { path: path.to_owned(), cause: cause.to_string() }
        })?;
    let found = signer.verifier().name().as_str().to_owned();
    match origin {
        Some(wanted) if wanted != found => {
            Err(JournalKeyError::OtherOrigin { path: path.to_owned(), wanted: wanted.to_owned(), found })
        }
        _ => Ok(signer),
    }
}

/// Complete or not at all, and never over another key: a journal that was signed with a lost key cannot be gone on with.
fn write(signer: &Signer, path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let partial = path.with_extension("partial");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE_MODE).open(&partial)?;
    file.write_all(signer.to_secret_text().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    // If we crash here, there is a partial file and no key: the next start makes another.
    let linked = fs::hard_link(&partial, path);
    fs::remove_file(&partial)?;
    linked?;
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn random() -> ([u8; 32], u64) {
        ([7; 32], 0x1234)
    }

    #[test]
    fn a_key_is_made_once_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/journal.key");
        let made = load(&path, None, random).unwrap();
        assert_eq!(made.verifier().name().as_str(), "segb-0000000000001234");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let again = load(&path, None, || panic!("there is a key")).unwrap();
        assert_eq!(again.verifier(), made.verifier());
        assert_eq!(load_existing(&path, None).unwrap().verifier(), made.verifier());
        assert!(load_existing(&directory.path().join("none"), None).is_err());
        let error = load(&path, Some("glassbox.example"), random).unwrap_err().to_string();
        assert!(error.contains("SEGB_JOURNAL_ORIGIN is glassbox.example"), "{error}");
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.key");
        load(&path, Some("glassbox.example"), random).unwrap();
        for mode in [0o640, 0o604, 0o622] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = load(&path, None, random).unwrap_err().to_string();
            assert!(error.contains(&format!("open to others (mode {mode:04o})")), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "hush").unwrap();
        let error = load(&path, None, random).unwrap_err().to_string();
        assert!(error.contains("not of the form") && !error.contains("hush"), "{error}");
        assert!(load(&directory.path().join("other"), Some("a b"), random).is_err());
    }
}
