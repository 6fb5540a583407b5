//! A small disk of its own, where this process may mount one.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use segb_tests::tool_missing;
use tempfile::TempDir;

/// A mounted tmpfs; unmounted when dropped.
pub struct Tmpfs {
    directory: TempDir,
}

impl Tmpfs {
    /// None, said loudly, where nothing can be mounted.
    pub fn mount(options: &str) -> Option<Self> {
        let directory = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(directory.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self { directory }),
            _ => {
                tool_missing("mount -t tmpfs needs root");
                None
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Fills the disk to the last byte, but for `free_bytes`.
    pub fn fill(&self, free_bytes: u64) {
        let mut file = File::options().create(true).append(true).open(self.ballast()).unwrap();
        let block = [0xa5; 4_096];
        while file.write_all(&block).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(free_bytes)).unwrap();
    }

    /// Makes room again.
    pub fn drop_ballast(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        // A failed test may still have files open there.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
