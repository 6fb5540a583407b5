//! The end of the server log, read from the end: backwards, block by block, into the rotated files if need be.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{Level, LogEntry};

/// Old files that are kept beside the log: `segb.log.1` is the youngest, `segb.log.5` the oldest.
pub const ROTATED_FILES_MAX: usize = 5;

/// Bytes that are read at a time.
const BLOCK_BYTES: usize = 64 << 10;

/// Which entries to find.
#[derive(Debug, Clone, Default)]
pub struct TailFilter {
    /// At most so many.
    pub limit: usize,
    /// Only of this level.
    pub level: Option<Level>,
    /// Only of this level, or worse.
    pub level_min: Option<Level>,
    /// Only with this text somewhere in the entry; case is ignored.
    pub contains: Option<String>,
}

/// The last entries of a log that fit, oldest first. Reads no more of it than it has to. A log that does not exist has
/// no entries.
///
/// # Errors
/// If a file cannot be read.
pub fn tail(log: &Path, filter: &TailFilter) -> io::Result<Vec<LogEntry>> {
    let contains = filter.contains.as_ref().map(|text| text.to_lowercase());
    let fits = |entry: &LogEntry| {
        filter.level.is_none_or(|level| entry.level == level.as_str())
            && filter
                .level_min
                .is_none_or(|least| entry.level.parse().is_ok_and(|level: Level| level.is_at_least(least)))
            && contains.as_ref().is_none_or(|text| entry.raw.to_lowercase().contains(text))
    };
    let mut entries = Vec::new();
    // The lines since the last start of an entry that was found, the latest first.
    let mut later_lines: Vec<String> = Vec::new();
    for file in open_all(log)? {
        let mut lines = LinesFromEnd::new(file)?;
        while entries.len() < filter.limit
            && let Some(line) = lines.next_line()?
        {
            let Some(first_line) = LogEntry::parse(&line) else {
                later_lines.push(line);
                continue;
            };
            let entry = with_later_lines(first_line, &mut later_lines);
            if fits(&entry) {
                entries.push(entry);
            }
        }
    }
    entries.reverse();
    Ok(entries)
}

/// The log and its rotated predecessors, latest first; opened all at once, so that a rotation in between does not hide
/// one.
fn open_all(log: &Path) -> io::Result<Vec<File>> {
    let rotated = (1..=ROTATED_FILES_MAX).map(|number| {
        let mut name = log.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    });
    let mut files = Vec::new();
    for path in std::iter::once(log.to_owned()).chain(rotated) {
        match File::open(path) {
            Ok(file) => files.push(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

fn with_later_lines(mut entry: LogEntry, later_lines: &mut Vec<String>) -> LogEntry {
    for line in later_lines.drain(..).rev() {
        for text in [&mut entry.message, &mut entry.raw] {
            text.push('\n');
            text.push_str(&line);
        }
    }
    entry
}

/// The lines of a file, last one first.
struct LinesFromEnd {
    file: File,
    /// Where in the file what has been read starts.
    start: u64,
    /// What has been read and not been given out.
    read: Vec<u8>,
}

impl LinesFromEnd {
    fn new(mut file: File) -> io::Result<Self> {
        let start = file.seek(SeekFrom::End(0))?;
        let mut lines = Self { file, start, read: Vec::new() };
        lines.read_block()?;
        // What follows the last line break is no line.
        if lines.read.last() == Some(&b'\n') {
            lines.read.pop();
        }
        Ok(lines)
    }

    fn next_line(&mut self) -> io::Result<Option<String>> {
        // The end of `read` where no line break is, so that a long line is not searched again with every block.
        let mut searched = 0;
        loop {
            let unsearched = self.read.len() - searched;
            if let Some(line_break) = self.read[..unsearched].iter().rposition(|byte| *byte == b'\n') {
                let line = self.read.split_off(line_break + 1);
                self.read.truncate(line_break);
                return Ok(Some(text(&line)));
            }
            if self.start == 0 {
                let line = std::mem::take(&mut self.read);
                return Ok((!line.is_empty()).then(|| text(&line)));
            }
            searched = self.read.len();
            self.read_block()?;
        }
    }

    /// Reads the block before what has been read.
    fn read_block(&mut self) -> io::Result<()> {
        let length = usize::try_from(self.start).unwrap_or(usize::MAX).min(BLOCK_BYTES);
        self.start -= length as u64;
        self.file.seek(SeekFrom::Start(self.start))?;
        let mut block = vec![0; length];
        self.file.read_exact(&mut block)?;
        block.append(&mut self.read);
        self.read = block;
        Ok(())
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn line(level: &str, message: &str) -> String {
        format!("2026-01-31 10:00:00 | {level} | segb.server | rid=- actor=- ip=- | {message}\n")
    }

    fn messages(log: &Path, filter: &TailFilter) -> Vec<String> {
        tail(log, filter).unwrap().into_iter().map(|entry| entry.message).collect()
    }

    #[test]
    fn the_last_entries_come_oldest_first_across_files() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("segb.log");
        let filter = TailFilter { limit: 3, ..TailFilter::default() };
        assert!(messages(&log, &filter).is_empty());
        fs::write(&log, line("INFO", "four")).unwrap();
        fs::write(directory.path().join("segb.log.1"), line("INFO", "two") + &line("ERROR", "three"))
            .unwrap();
        fs::write(directory.path().join("segb.log.2"), "stray\n".to_owned() + &line("INFO", "one")).unwrap();
        assert_eq!(messages(&log, &filter), ["two", "three", "four"]);
        let all = TailFilter { limit: 9, ..TailFilter::default() };
        assert_eq!(messages(&log, &all), ["one", "two", "three", "four"]);
        let errors = TailFilter { level: Some(Level::Error), ..all.clone() };
        assert_eq!(messages(&log, &errors), ["three"]);
        let bad = |level| TailFilter { level_min: Some(level), ..all.clone() };
        assert_eq!(messages(&log, &bad(Level::Warning)), ["three"]);
        assert_eq!(messages(&log, &bad(Level::Info)).len(), 4);
        assert!(messages(&log, &bad(Level::Critical)).is_empty());
        let with_text = TailFilter { contains: Some("TWO".to_owned()), ..all };
        assert_eq!(messages(&log, &with_text), ["two"]);
    }

    #[test]
    fn lines_that_start_no_entry_belong_to_the_one_before() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("segb.log");
        let text = "lost\n".to_owned()
            + &line("ERROR", "it broke")
            + "  at here\n\n  at there\n"
            + &line("INFO", "on");
        fs::write(&log, text).unwrap();
        let filter = TailFilter { limit: 2, ..TailFilter::default() };
        assert_eq!(messages(&log, &filter), ["it broke\n  at here\n\n  at there", "on"]);
        let inside = TailFilter { limit: 1, contains: Some("AT THERE".to_owned()), ..TailFilter::default() };
        assert!(tail(&log, &inside).unwrap()[0].raw.ends_with("  at there"));
    }

    #[test]
    fn long_files_are_read_in_blocks() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("segb.log");
        let long = "x".repeat(3 * BLOCK_BYTES);
        let mut text: String = (0..5_000).map(|number| line("INFO", &number.to_string())).collect();
        text += &line("INFO", &long);
        fs::write(&log, text.trim_end()).unwrap();
        let filter = TailFilter { limit: 4_000, ..TailFilter::default() };
        let messages = messages(&log, &filter);
        assert_eq!(messages.len(), 4_000);
        assert_eq!((messages[0].as_str(), messages[3_999].len()), ("1001", long.len()));
        assert!(
            messages[..3_999]
                .windows(2)
                .all(|pair| pair[0].parse::<u32>().unwrap() + 1 == pair[1].parse::<u32>().unwrap())
        );
    }
}
