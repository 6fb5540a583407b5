//! Evidence to carry away: some entries of a journal, their payloads and the proofs about them, as a set of files that
//! can be checked where nobody has ever seen the server. `docs/journal-format.md` describes the files.
//!
//! Every entry is proved against the one signed checkpoint in the bundle. The files are listed with their hashes in
//! [`SUMS`], and the key of the journal signs the hash of that list ([`Manifest`]): so nothing can be removed or added
//! without the key either, which proofs alone do not prevent.
//!
//! Here is what the files hold, and [`verify`]; who packs them is elsewhere.

mod description;
mod line;
mod manifest;
mod readme;
mod sums;
mod verify;

pub use description::{Description, Request, ranges};
pub use line::{EntryLine, IncludedBecause, payload_name};
pub use manifest::{InvalidManifest, Manifest};
pub use readme::readme;
pub use sums::sums_line;
pub use verify::{BundleFiles, EntryProblem, Problem, Report, Trusted, Unchecked, verify};

/// What the format is called, in [`DESCRIPTION`] and in the first line of the manifest.
pub const FORMAT: &str = "segb-evidence/v1";

/// The explanation for people.
pub const README: &str = "README.txt";
/// What was asked for, and what is in the bundle: a [`Description`].
pub const DESCRIPTION: &str = "bundle.json";
/// The signed checkpoint that all proofs are against.
pub const CHECKPOINT: &str = "checkpoint.note";
/// The public key of the journal, as `name+id+base64`: a claim, until it is compared with one that was kept elsewhere.
pub const KEY: &str = "key.txt";
/// One [`EntryLine`] for each entry, in the order of the journal.
pub const ENTRIES: &str = "entries.jsonl";
/// The prefixes that logs declared, as Turtle: to read them by, no evidence.
pub const PREFIXES: &str = "prefixes.ttl";
/// The SHA-256 of all files but itself and [`MANIFEST`], as `sha256sum` writes and checks it.
pub const SUMS: &str = "SHA256SUMS";
/// The signed [`Manifest`].
pub const MANIFEST: &str = "manifest.note";

/// The files that every bundle has, in the order in which they are written; payloads come before the last two.
pub const FILES: [&str; 8] = [README, DESCRIPTION, CHECKPOINT, KEY, PREFIXES, ENTRIES, SUMS, MANIFEST];
