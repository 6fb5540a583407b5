//! The mark that tells, after a crash, whether the index can be trusted.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The mark is a file beside the index, holding the boot id of the machine while the index is open.
#[derive(Debug)]
pub(crate) struct InUseMark {
    path: PathBuf,
}

/// What the mark said before this process opened the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Closed properly, or its process was killed while the machine ran on.
    Intact,
    /// The machine went down while it was open.
    Doubtful,
}

/// Linux gives every boot a random id; without one, an unclean end is never trusted.
const BOOT_ID_FILE: &str = "/proc/sys/kernel/random/boot_id";

const FILE_NAME: &str = "in-use";

fn boot_id() -> String {
    let boot_id = fs::read_to_string(BOOT_ID_FILE).unwrap_or_default();
    boot_id.trim().to_owned()
}

impl InUseMark {
    /// Reads what an earlier process left. A doubtful index has to be gone before a new mark is [`set`](Self::set): if
    /// we crash in between, there is an index that the new mark would vouch for.
    pub(crate) fn trust(directory: &Path) -> io::Result<Trust> {
        Self::trust_in_boot(directory, &boot_id())
    }

    fn trust_in_boot(directory: &Path, boot_id: &str) -> io::Result<Trust> {
        match fs::read(directory.join(FILE_NAME)) {
            Ok(old) if !old.is_empty() && old == boot_id.as_bytes() => Ok(Trust::Intact),
            Ok(_) => Ok(Trust::Doubtful),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Trust::Intact),
            Err(error) => Err(error),
        }
    }

    /// Sets the mark, durably, before the index is touched.
    ///
    /// If we crash before the new mark is on disk, the old one still describes the index, which we have not opened.
    pub(crate) fn set(directory: &Path) -> io::Result<Self> {
        Self::set_for_boot(directory, &boot_id())
    }

    fn set_for_boot(directory: &Path, boot_id: &str) -> io::Result<Self> {
        let path = directory.join(FILE_NAME);
        if fs::read(&path).is_ok_and(|old| !old.is_empty() && old == boot_id.as_bytes()) {
            // As after a kill. On a full disk a new file could not be written, and this one says the same.
            return Ok(Self { path });
        }
        let new = directory.join("in-use.new");
        let mut file = File::create(&new)?;
        file.write_all(boot_id.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        File::open(directory)?.sync_all()?;
        Ok(Self { path })
    }

    /// Takes the mark away; to be called when the index has been synced to disk.
    pub(crate) fn clear(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_machine_crash_makes_the_index_doubtful() {
        let directory = tempfile::tempdir().unwrap();
        let trust = |boot_id| InUseMark::trust_in_boot(directory.path(), boot_id).unwrap();
        let set = |boot_id| InUseMark::set_for_boot(directory.path(), boot_id).unwrap();
        assert_eq!(trust("boot-1"), Trust::Intact, "a new index");
        set("boot-1");
        assert_eq!(trust("boot-1"), Trust::Intact, "the process was killed");
        set("boot-1").clear().unwrap();
        assert_eq!(trust("boot-2"), Trust::Intact, "closed properly before a reboot");
        set("boot-2");
        assert_eq!(trust("boot-3"), Trust::Doubtful, "the machine went down");
        assert_eq!(trust("boot-3"), Trust::Doubtful, "looking does not make it better");
        set("");
        assert_eq!(trust("boot-3"), Trust::Doubtful, "no boot id");
        assert_eq!(trust(""), Trust::Doubtful, "an empty boot id proves nothing");
        fs::write(directory.path().join(FILE_NAME), [0xff, 0xfe]).unwrap();
        assert_eq!(trust("boot-3"), Trust::Doubtful, "half written by the machine that went down");
    }
}
