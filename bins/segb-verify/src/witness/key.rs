//! The secret key of a witness: read from its file, or made when there is none.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use segb_journal::{
    checkpoint::Cosigner,
    note::{KeyName, ParseKeyError},
};

/// Nobody but the owner: what group and others may do must be nothing.
const PRIVATE_MODE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// Why there is no key. The texts never hold any of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("the key {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Others can read or change it, so that its signatures prove nothing.
    #[error(
        "the key {path} is open to others (mode {mode:04o}): chmod 600 {path}, and think about who had it"
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It is not a key of a witness.
    #[error("the key {path}: {cause}")]
    NotAKey {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: ParseKeyError,
    },
    /// It is a key of another name than the one that was given.
    #[error("the key {path} is called {found}, not {wanted}")]
    OtherName {
        /// The file.
        path: PathBuf,
        /// The name that was given.
        wanted: KeyName,
        /// The name of the key.
        found: KeyName,
    },
}

/// Reads the key, or makes one with `random` bytes. `name` is what it is called, if that is known; a new one without a
/// name is called by a number.
///
/// # Errors
/// [`KeyFileError`].
pub fn load_key(
    path: &Path,
    name: Option<&KeyName>,
    random: impl FnOnce() -> ([u8; 32], u64),
) -> Result<Cosigner, KeyFileError> {
    let file_error = |cause| KeyFileError::File { path: path.to_owned(), cause };
    let key = match File::open(path) {
        Ok(file) => read(file, path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, name, random())?,
        Err(error) => return Err(file_error(error)),
    };
    match (name, key.verifier().name()) {
        (Some(wanted), found) if wanted != found => {
            let (wanted, found) = (wanted.clone(), found.clone());
            Err(KeyFileError::OtherName { path: path.to_owned(), wanted, found })
        }
        _ => Ok(key),
    }
}

fn read(mut file: File, path: &Path) -> Result<Cosigner, KeyFileError> {
    let file_error = |cause| KeyFileError::File { path: path.to_owned(), cause };
    let mode = file.metadata().map_err(file_error)?.mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(KeyFileError::OpenToOthers { path: path.to_owned(), mode });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(file_error)?;
    text.trim_end().parse().map_err(|cause| KeyFileError::NotAKey { path: path.to_owned(), cause })
}

fn make(
    path: &Path,
    name: Option<&KeyName>,
    (seed, number): ([u8; 32], u64),
) -> Result<Cosigner, KeyFileError> {
    let file_error = |cause| KeyFileError::File { path: path.to_owned(), cause };
    let name = match name {
        Some(name) => name.clone(),
        None => format!("segb-witness-{number:016x}")
            .parse()
            .map_err(|error| file_error(io::Error::other(error)))?,
    };
    let key = Cosigner::from_seed(name, &seed);
    write(&key, path).map_err(file_error)?;
    Ok(key)
}

/// Complete or not at all, and never over another key.
fn write(key: &Cosigner, path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let partial = path.with_extension("partial");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE_MODE).open(&partial)?;
    file.write_all(key.to_secret_text().as_bytes())?;
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
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/witness.key");
        let name: KeyName = "witness.example/w1".parse().unwrap();
        let made = load_key(&path, Some(&name), || ([7; 32], 1)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let again = load_key(&path, None, || panic!("there is a key")).unwrap();
        assert_eq!((again.verifier().name(), again.verifier()), (&name, made.verifier()));
        let other = "witness.example/w2".parse().unwrap();
        let error = load_key(&path, Some(&other), || panic!("there is a key")).unwrap_err().to_string();
        assert!(error.ends_with("is called witness.example/w1, not witness.example/w2"), "{error}");
        let unnamed = load_key(&directory.path().join("other.key"), None, || ([8; 32], 0x12)).unwrap();
        assert_eq!(unnamed.verifier().name().as_str(), "segb-witness-0000000000000012");
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("witness.key");
        load_key(&path, None, || ([7; 32], 1)).unwrap();
        for mode in [0o640, 0o604, 0o622] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = load_key(&path, None, || panic!("there is a key")).unwrap_err().to_string();
            assert!(error.contains(&format!("open to others (mode {mode:04o})")), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let log = segb_journal::note::Signer::from_seed("log".parse().unwrap(), &[1; 32]).to_secret_text();
        for (text, expected) in [("hush", "not of the form"), (log.as_str(), "for signatures of type")] {
            fs::write(&path, text).unwrap();
            let error = load_key(&path, None, || panic!("there is a key")).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains(text), "{error}");
        }
    }
}
