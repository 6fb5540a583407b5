//! A bundle of evidence in a zip. What is checked is decided in [`segb_journal::bundle`]; here the zip is read, and never
//! unpacked.

mod archive;

use std::io::{Read, Seek};

pub use archive::{Archive, ArchiveError};
pub use segb_journal::bundle::Trusted;
use segb_journal::{
    Hash,
    bundle::{self, BundleFiles as _, Description, Report},
};
use serde::Serialize;

use crate::{Findings, Problem, Verdict};

/// What was found about a bundle.
#[derive(Debug, Serialize)]
pub struct BundleReport {
    /// All of it in one word.
    pub verdict: Verdict,
    /// What the bundle says about itself, if that can be read.
    pub description: Option<Description>,
    /// Entries that were read.
    pub entries: u64,
    /// How many of them were erased.
    pub erased_logs: u64,
    /// How many entries the journal had, by the checkpoint; none if its signature is not good.
    pub tree_size: Option<u64>,
    /// The root of its tree.
    pub root: Option<Hash>,
    /// The public key that the signatures were checked with.
    pub verifier: Option<String>,
    /// Whether that key was given; else it is the one in the bundle.
    pub key_given: bool,
    /// Numbers between those of the entries that are not there, first and last of each run, if a window was asked for.
    pub gaps: Vec<(u64, u64)>,
    /// What does not fit, and what could not be checked.
    #[serde(flatten)]
    pub findings: Findings,
}

/// Checks a bundle. `progress` is called after each step, with how many there are, about.
pub fn verify_archive<R: Read + Seek>(
    archive: &mut Archive<R>,
    trusted: &Trusted,
    progress: &mut dyn FnMut(u64),
) -> BundleReport {
    // Nearly every file is the payload of an entry, and both are a step.
    let steps = 2 * archive.names().len() as u64;
    let report = bundle::verify(archive, trusted, &mut || progress(steps));
    let findings = findings(&report);
    BundleReport {
        verdict: findings.verdict(),
        description: report.description,
        entries: report.entry_count,
        erased_logs: report.erased_count,
        tree_size: report.head.map(|head| head.size),
        root: report.head.map(|head| head.root),
        verifier: report.key.map(|key| key.to_string()),
        key_given: trusted.key.is_some(),
        gaps: report.gaps,
        findings,
    }
}

fn findings(report: &Report) -> Findings {
    let mut findings = Findings::default();
    for problem in &report.problems {
        findings.add(named(problem));
    }
    findings.problem_count = report.problem_count;
    for what in &report.unchecked {
        findings.leave_unchecked(what.to_string());
    }
    findings
}

/// The same problem, with the entry in its own place where it is about one.
fn named(problem: &bundle::Problem) -> Problem {
    match problem {
        bundle::Problem::Entry { sequence, log_id, what } => {
            Problem::of_entry(*sequence, what.to_string()).with_log_id(*log_id)
        }
        bundle::Problem::EntriesMissing { first, last } if first == last => {
            Problem::of_entry(*first, "removed, or never there: bundle.json lists it")
        }
        bundle::Problem::EntriesMissing { first, last } => {
            let what = format!("removed, or never there, up to entry {last}: bundle.json lists them");
            Problem::of_entry(*first, what)
        }
        bundle::Problem::PayloadWithoutEntry { name, sequence } => {
            Problem::of_entry(*sequence, format!("no line of entries.jsonl names its payload, {name}"))
        }
        other => Problem::general(other.to_string()),
    }
}
