//! The files of a queue: segments that are only ever appended to, and deleted as a whole when all their logs are sent;
//! and a note of the first log that is not.
//!
//! If the process ends while a line is written, the line has no end, and its log was not accepted. If it ends after the
//! server's answer and before the note, the log is sent again with the same key, and the server answers the same receipt.

use std::{
    collections::VecDeque,
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Request, line};

/// A segment is closed when it is longer than this, in bytes: so much of what was sent may still take up room.
const SEGMENT_BYTES: u64 = 1 << 20;
/// The end of the name of a segment; before it comes the number of its first log in twenty digits.
const SEGMENT_SUFFIX: &str = ".logs";
/// Where damaged segments are kept, for people to look at.
const DAMAGED_SUFFIX: &str = ".damaged";
const LOCK: &str = "lock";
const SENT: &str = "sent";
const REFUSED: &str = "refused";
/// So many refused logs are kept.
const REFUSED_MAX: usize = 1_000;

/// Why the directory of a queue cannot be used.
#[derive(Debug)]
pub(crate) enum OpenError {
    InUse(PathBuf),
    Io(PathBuf, io::Error),
}

/// Where a log is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    file: Arc<File>,
    offset: u64,
    bytes: u64,
}

impl Place {
    /// The length of the line with its end.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn read(&self) -> io::Result<Request> {
        let mut bytes = vec![0; usize::try_from(self.bytes).map_err(io::Error::other)?];
        read_exact_at(&self.file, &mut bytes, self.offset)?;
        bytes.pop();
        line::read(&bytes).ok_or_else(|| io::Error::other("the log in the queue is damaged"))
    }
}

#[derive(Debug)]
struct Segment {
    path: PathBuf,
    /// The number after its last log.
    end: u64,
    is_damaged: bool,
}

#[derive(Debug)]
struct Open {
    segment: Segment,
    file: Arc<File>,
    length: u64,
}

#[derive(Debug)]
pub(super) struct Files {
    directory: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
    sent: File,
    closed: VecDeque<Segment>,
    open: Option<Open>,
    unsynced: Vec<Arc<File>>,
}

pub(super) struct Recovered {
    pub files: Files,
    /// Number and place of each log that was not sent.
    pub places: Vec<(u64, Place)>,
    pub next_sequence: u64,
    /// How many logs cannot be read.
    pub damaged: u64,
}

impl Files {
    pub fn open(directory: PathBuf) -> Result<Recovered, OpenError> {
        let failed = |error| OpenError::Io(directory.clone(), error);
        fs::create_dir_all(&directory).map_err(failed)?;
        let options = File::options().read(true).write(true).create(true).truncate(false).clone();
        let lock = options.open(directory.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(directory)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut sent = options.open(directory.join(SENT)).map_err(failed)?;
        let first_unsent = read_note(&mut sent).map_err(failed)?;
        let mut found = segments(&directory).map_err(failed)?;
        found.sort();
        let files = Self {
            directory: directory.clone(),
            _lock: lock,
            sent,
            closed: VecDeque::new(),
            open: None,
            unsynced: Vec::new(),
        };
        let mut recovered = Recovered { files, places: Vec::new(), next_sequence: first_unsent, damaged: 0 };
        for (first, path) in found {
            recovered.read_segment(first, path, first_unsent).map_err(failed)?;
        }
        recovered.files.delete_sent(first_unsent).map_err(failed)?;
        Ok(recovered)
    }

    /// Writes a log. When this returns it is with the operating system, or on the disk if it is to be synced.
    pub fn append(&mut self, sequence: u64, request: &Request, is_synced: bool) -> io::Result<Place> {
        let is_full = |open: &Open| open.length >= SEGMENT_BYTES;
        if self.open.as_ref().is_some_and(is_full) {
            self.close_segment();
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.begin_segment(sequence)?,
        };
        let text = line::write(request);
        match write_line(&open, &text, is_synced) {
            Ok(()) => {
                let place =
                    Place { file: Arc::clone(&open.file), offset: open.length, bytes: text.len() as u64 };
                if !is_synced && !self.unsynced.last().is_some_and(|last| Arc::ptr_eq(last, &open.file)) {
                    self.unsynced.push(Arc::clone(&open.file));
                }
                let length = open.length + place.bytes;
                let segment = Segment { end: sequence + 1, ..open.segment };
                self.open = Some(Open { segment, length, ..open });
                Ok(place)
            }
            Err(error) => {
                // Whatever was written of it has no end, or is taken away; the next log goes into a new segment.
                let _ = open.file.set_len(open.length);
                self.closed.push_back(open.segment);
                Err(error)
            }
        }
    }

    fn begin_segment(&mut self, first: u64) -> io::Result<Open> {
        let path = self.directory.join(format!("{first:020}{SEGMENT_SUFFIX}"));
        // What may be there under this name has no whole line, or its number would not be free.
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
        self.closed.retain(|segment| segment.path != path);
        // Without this, a machine that loses power may forget the name of a file whose content it has.
        File::open(&self.directory)?.sync_all()?;
        let segment = Segment { path, end: first, is_damaged: false };
        Ok(Open { segment, file: Arc::new(file), length: 0 })
    }

    fn close_segment(&mut self) {
        self.closed.extend(self.open.take().map(|open| open.segment));
    }

    /// Notes that everything before this number is sent, and deletes what is not needed any more.
    pub fn acknowledge(&mut self, first_unsent: u64) -> io::Result<()> {
        self.sent.seek(SeekFrom::Start(0))?;
        // One short write in place: after kill -9 it is there or not.
        self.sent.write_all(format!("{first_unsent:020}\n").as_bytes())?;
        self.delete_sent(first_unsent)
    }

    fn delete_sent(&mut self, first_unsent: u64) -> io::Result<()> {
        while let Some(segment) = self.closed.pop_front_if(|segment| segment.end <= first_unsent) {
            match segment.is_damaged {
                true => fs::rename(&segment.path, segment.path.with_extension(&DAMAGED_SUFFIX[1..]))?,
                false => fs::remove_file(&segment.path)?,
            }
        }
        Ok(())
    }

    pub fn set_aside(&self, sequence: u64, why: &str, request: &Request) -> io::Result<()> {
        let directory = self.directory.join(REFUSED);
        fs::create_dir_all(&directory)?;
        if fs::read_dir(&directory)?.count() >= REFUSED_MAX {
            return Err(io::Error::other(format!("{REFUSED_MAX} refused logs are kept already")));
        }
        let body: serde_json::Value = serde_json::from_str(&request.body)?;
        let kept = serde_json::json!({ "why": why, "idempotency_key": request.key, "request": body });
        fs::write(directory.join(format!("{sequence:020}.json")), kept.to_string())
    }

    pub fn take_unsynced(&mut self) -> Vec<Arc<File>> {
        std::mem::take(&mut self.unsynced)
    }
}

impl Recovered {
    fn read_segment(&mut self, first: u64, path: PathBuf, first_unsent: u64) -> io::Result<()> {
        let mut file = File::open(&path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let file = Arc::new(file);
        let (mut sequence, mut offset, mut is_damaged) = (first, 0, false);
        for text in bytes.split_inclusive(|byte| *byte == b'\n') {
            // A line without an end was being written when the process ended.
            let Some(content) = text.strip_suffix(b"\n") else { break };
            let length = text.len() as u64;
            if sequence >= first_unsent {
                match line::read(content) {
                    Some(_) => {
                        self.places
                            .push((sequence, Place { file: Arc::clone(&file), offset, bytes: length }));
                    }
                    None => {
                        is_damaged = true;
                        self.damaged += 1;
                    }
                }
            }
            sequence += 1;
            offset += length;
        }
        self.next_sequence = self.next_sequence.max(sequence);
        self.files.closed.push_back(Segment { path, end: sequence, is_damaged });
        Ok(())
    }
}

fn write_line(open: &Open, text: &str, is_synced: bool) -> io::Result<()> {
    let mut file: &File = &open.file;
    file.seek(SeekFrom::Start(open.length))?;
    file.write_all(text.as_bytes())?;
    if is_synced { file.sync_data() } else { Ok(()) }
}

/// The number of the first log that is not sent; 0 if there is no readable note, for sending twice does no harm.
fn read_note(sent: &mut File) -> io::Result<u64> {
    let mut text = String::new();
    match sent.read_to_string(&mut text) {
        Ok(_) => Ok(text.trim().parse().unwrap_or(0)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(0),
        Err(error) => Err(error),
    }
}

/// The number of its first log, and the path, of each segment.
fn segments(directory: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(first) = name.strip_suffix(SEGMENT_SUFFIX).and_then(|first| first.parse().ok()) {
            found.push((first, path));
        }
    }
    Ok(found)
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    // The writer sets its own position before each write, under the same lock.
    let mut file = file;
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(bytes)
}
