//! Writes the files of a bundle into a zip, one after the other.

use std::io::{self, Write};

use segb_graph::query::prefix_document;
use segb_journal::{
    Hash, Timestamp,
    bundle::{
        CHECKPOINT, DESCRIPTION, ENTRIES, EntryLine, IncludedBecause, KEY, MANIFEST, Manifest, PREFIXES,
        README, SUMS, payload_name, readme, sums_line,
    },
    note::Note,
    tree::prove_inclusion,
};
use sha2::{Digest, Sha256};
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    result::ZipError,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{
    PreparedBundle,
    gate::{Gate, Latch},
};
use crate::journal::{JournalError, JournalView};

/// From this many entries on, their file and the list of files are written so that they may be longer than 4 GiB.
const ENTRIES_SMALL_MAX: usize = 100_000;

/// Why a bundle was not finished.
pub(super) enum PackError {
    /// It cannot be written.
    Sink(io::Error),
    /// It was told to stop.
    Stopped,
    /// The journal cannot be read, or does not fit together.
    Journal(JournalError),
}

impl From<JournalError> for PackError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Sink(error)
    }
}

impl From<ZipError> for PackError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Sink(error),
            other => Self::Sink(io::Error::other(other.to_string())),
        }
    }
}

/// Writes a bundle, as long as it is told to go on. If it is not finished, what was written is no zip.
pub(super) fn pack(
    bundle: &PreparedBundle,
    out: impl Write,
    go_on: impl Fn() -> bool,
) -> Result<(), PackError> {
    let latch = Latch::default();
    let mut packer = Packer::new(Gate::new(out, latch.clone()), bundle.description.created_at);
    let filled = fill(bundle, &mut packer, go_on);
    if filled.is_err() {
        latch.shut();
    }
    filled.and_then(|()| packer.finish())
}

fn fill<W: Write>(
    bundle: &PreparedBundle,
    packer: &mut Packer<W>,
    go_on: impl Fn() -> bool,
) -> Result<(), PackError> {
    let PreparedBundle { view, signing, description, checkpoint, chosen } = bundle;
    let described = serde_json::to_string_pretty(description).map_err(|error| damaged(&error))?;
    packer.file(README, readme(description).as_bytes())?;
    packer.file(DESCRIPTION, format!("{described}\n").as_bytes())?;
    packer.file(CHECKPOINT, checkpoint.as_bytes())?;
    packer.file(KEY, format!("{}\n", signing.verifier_text()).as_bytes())?;
    packer.file(PREFIXES, prefix_document(&view.prefixes()?).as_bytes())?;

    let is_large = chosen.len() > ENTRIES_SMALL_MAX;
    packer.start(ENTRIES, is_large)?;
    for (sequence, because) in chosen {
        keep_going(&go_on)?;
        let line = serde_json::to_vec(&line(view, *sequence, *because)?).map_err(|error| damaged(&error))?;
        packer.write(&line)?;
        packer.write(b"\n")?;
    }
    packer.end(ENTRIES);
    for (sequence, _) in chosen {
        keep_going(&go_on)?;
        write_payload(view, *sequence, packer)?;
    }

    let list = packer.take_sums();
    packer.start(SUMS, is_large)?;
    packer.write(list.as_bytes())?;
    let sums = Hash::of(&[list.as_bytes()]);
    let manifest = Manifest { origin: signing.origin().clone(), created_at: description.created_at, sums };
    let note = Note::sign(manifest.to_string(), signing.signer()).map_err(|error| damaged(&error))?;
    packer.start(MANIFEST, false)?;
    packer.write(note.to_string().as_bytes())
}

fn keep_going(go_on: &impl Fn() -> bool) -> Result<(), PackError> {
    if go_on() { Ok(()) } else { Err(PackError::Stopped) }
}

fn damaged(error: &impl std::fmt::Display) -> PackError {
    JournalError::Damaged(error.to_string()).into()
}

/// An entry with its proof. One that does not fit its leaf is not given out as evidence.
fn line(view: &JournalView, sequence: u64, because: IncludedBecause) -> Result<EntryLine, PackError> {
    let stored = view.entry(sequence)?;
    let leaf_hash = stored.entry.leaf_hash().map_err(|error| damaged(&error))?;
    if leaf_hash != stored.leaf_hash {
        return Err(does_not_fit(sequence, "its record is not what its leaf hash says"));
    }
    let inclusion = prove_inclusion(sequence, view.size(), &view.tree()).map_err(|error| damaged(&error))?;
    let salt = view.salt(sequence)?;
    let erased_by = view.erased_by(sequence)?;
    if salt.is_some() == erased_by.is_some() {
        return Err(does_not_fit(
            sequence,
            "its payload is missing without having been erased, or the reverse",
        ));
    }
    let record = stored.entry.to_canonical_bytes().map_err(|error| damaged(&error))?;
    Ok(EntryLine {
        record: String::from_utf8(record).map_err(|error| damaged(&error))?,
        leaf_hash,
        inclusion,
        payload: payload_name(&stored.entry).filter(|_| salt.is_some()),
        salt,
        triple_count: stored.triple_count,
        erased_by,
        included_because: because,
    })
}

fn write_payload<W: Write>(
    view: &JournalView,
    sequence: u64,
    packer: &mut Packer<W>,
) -> Result<(), PackError> {
    let entry = view.entry(sequence)?.entry;
    let Some(payload) = view.payload(sequence, entry.payload_size)? else { return Ok(()) };
    if !entry.payload_commitment.verify(&payload.salt, &payload.bytes) {
        return Err(does_not_fit(sequence, "its payload is not what it commits to"));
    }
    match payload_name(&entry) {
        Some(name) => packer.file(&name, &payload.bytes),
        None => Ok(()),
    }
}

fn does_not_fit(sequence: u64, why: &str) -> PackError {
    let what = format!("entry {sequence} is no evidence: {why}; segb-verify journal tells more");
    JournalError::Damaged(what).into()
}

/// A zip that is being written, and the hashes of what is in it.
struct Packer<W: Write> {
    zip: ZipWriter<StreamWriter<Gate<W>>>,
    options: SimpleFileOptions,
    hasher: Sha256,
    sums: String,
}

impl<W: Write> Packer<W> {
    fn new(out: Gate<W>, created_at: Timestamp) -> Self {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip_time(created_at))
            .unix_permissions(0o644);
        Self { zip: ZipWriter::new_stream(out), options, hasher: Sha256::new(), sums: String::new() }
    }

    /// Begins a file, after the one before it.
    fn start(&mut self, name: &str, is_large: bool) -> Result<(), PackError> {
        self.hasher = Sha256::new();
        Ok(self.zip.start_file(name, self.options.large_file(is_large))?)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), PackError> {
        self.hasher.update(bytes);
        Ok(self.zip.write_all(bytes)?)
    }

    /// Puts the file that was begun into the list.
    fn end(&mut self, name: &str) {
        let hash = Hash::from_bytes(std::mem::take(&mut self.hasher).finalize().into());
        self.sums.push_str(&sums_line(&hash, name));
    }

    /// A whole file, in the list.
    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), PackError> {
        self.start(name, false)?;
        self.write(bytes)?;
        self.end(name);
        Ok(())
    }

    fn take_sums(&mut self) -> String {
        std::mem::take(&mut self.sums)
    }

    fn finish(self) -> Result<(), PackError> {
        self.zip.finish()?.flush()?;
        Ok(())
    }
}

/// The time of the files. A zip knows the years 1980 to 2107, and whole seconds, two at a time.
fn zip_time(moment: Timestamp) -> DateTime {
    let text = moment.to_string();
    let number =
        |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u16>().ok());
    let read = || {
        let year = number(0..4)?;
        let mut rest = [0_u8; 5];
        for (place, start) in rest.iter_mut().zip([5, 8, 11, 14, 17]) {
            *place = number(start..start + 2)?.try_into().ok()?;
        }
        let [month, day, hour, minute, second] = rest;
        DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
    };
    read().unwrap_or_default()
}
