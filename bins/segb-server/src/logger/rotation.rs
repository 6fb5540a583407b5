//! A log file that starts anew when it is long enough, and keeps its predecessors.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use segb_http::server_log::ROTATED_FILES_MAX;

/// The length at which a file is put aside, in bytes.
const FILE_BYTES_MAX: u64 = 5_000_000;

/// A file, and `.1` (the youngest) to `.5` beside it.
pub struct RotatingFile {
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl RotatingFile {
    /// Goes on with the file if it is there.
    pub fn open(path: &Path) -> io::Result<Self> {
        // It tells who did what: for its owner, and for the group that looks after the machine.
        let file = OpenOptions::new().create(true).append(true).mode(0o640).open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, bytes })
    }

    /// Appends a record; records are never split between files.
    pub fn write_record(&mut self, record: &[u8]) -> io::Result<()> {
        let record_bytes = record.len() as u64;
        if self.bytes > 0 && self.bytes + record_bytes > FILE_BYTES_MAX {
            // If it cannot be put aside, it is better to go on with it than to lose the record.
            let _ = self.rotate();
        }
        self.file.write_all(record)?;
        self.bytes += record_bytes;
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        for number in (1..ROTATED_FILES_MAX).rev() {
            match fs::rename(self.rotated(number), self.rotated(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, self.rotated(1))?;
        *self = Self::open(&self.path)?;
        Ok(())
    }

    fn rotated(&self, number: usize) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_old_files_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("segb.log");
        let record = vec![b'x'; 3_000_000];
        for _ in 0..8 {
            // Opened anew each time, as after a restart.
            RotatingFile::open(&path).unwrap().write_record(&record).unwrap();
        }
        let mut names: Vec<_> =
            fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["segb.log", "segb.log.1", "segb.log.2", "segb.log.3", "segb.log.4", "segb.log.5"]);
        assert!(
            names.iter().all(|name| fs::metadata(directory.path().join(name)).unwrap().len() == 3_000_000)
        );
    }
}
