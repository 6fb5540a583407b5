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

impl InUseMark {
    /// Reads the old mark and sets a new one, durably, before the index is touched.
    ///
    /// If we crash before the new mark is on disk, the old one still describes the index, which we have not opened.
    pub(crate) fn set(directory: &Path) -> io::Result<(Self, Trust)> {
        let boot_id = fs::read_to_string(BOOT_ID_FILE).unwrap_or_default();
        Self::set_for_boot(directory, boot_id.trim())
    }

    fn set_for_boot(directory: &Path, boot_id: &str) -> io::Result<(Self, Trust)> {
        let path = directory.join("in-use");
        let trust = match fs::read_to_string(&path) {
            Ok(old) if !old.is_empty() && old == boot_id => Trust::Intact,
            Ok(_) => Trust::Doubtful,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Trust::Intact,
            Err(error) => return Err(error),
        };
        let new = directory.join("in-use.new");
        let mut file = File::create(&new)?;
        file.write_all(boot_id.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        File::open(directory)?.sync_all()?;
        Ok((Self { path }, trust))
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
        let set = |boot_id| InUseMark::set_for_boot(directory.path(), boot_id).unwrap();
        let (_, trust) = set("boot-1");
        assert_eq!(trust, Trust::Intact, "a new index");
        let (mark, trust) = set("boot-1");
        assert_eq!(trust, Trust::Intact, "the process was killed");
        mark.clear().unwrap();
        let (_, trust) = set("boot-2");
        assert_eq!(trust, Trust::Intact, "closed properly before a reboot");
        let (_, trust) = set("boot-3");
        assert_eq!(trust, Trust::Doubtful, "the machine went down");
        let (_, trust) = set("");
        assert_eq!(trust, Trust::Doubtful, "no boot id");
        let (_, trust) = set("");
        assert_eq!(trust, Trust::Doubtful, "an empty boot id proves nothing");
    }
}
