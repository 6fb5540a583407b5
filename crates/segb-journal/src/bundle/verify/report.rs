//! What was found.

use uuid::Uuid;

use super::{EntryProblem, Problem, Trusted, entries::Listed};
use crate::{
    bundle::{Description, IncludedBecause, ranges},
    note::Verifier,
    tree::TreeHead,
};

/// Problems that are kept; more are counted only.
const PROBLEMS_MAX: usize = 1_000;
/// Gaps that are kept.
const GAPS_MAX: usize = 100;

/// What the check of a bundle has found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What the bundle says about itself, if it can be read.
    pub description: Option<Description>,
    /// The key that the signatures were checked with: the trusted one, else that in the bundle.
    pub key: Option<Verifier>,
    /// Size and root of the journal by the checkpoint, if its signature is good.
    pub head: Option<TreeHead>,
    /// Entries that were read.
    pub entry_count: u64,
    /// How many of them were erased.
    pub erased_count: u64,
    /// Entries between the first and the last that are not there, first and last of each run, if a window was asked for:
    /// usually they were received just outside of it.
    pub gaps: Vec<(u64, u64)>,
    /// What does not fit, in the order in which it was found, the first thousand.
    pub problems: Vec<Problem>,
    /// How much does not fit.
    pub problem_count: u64,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
}

impl Report {
    /// Whether everything that could be checked fits.
    pub fn fits(&self) -> bool {
        self.problem_count == 0
    }
}

/// What a bundle alone cannot show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unchecked {
    /// No key was given.
    #[error(
        "no key was given, so who signed this is only what the bundle says: compare its key with one that was kept \
         elsewhere"
    )]
    Key,
    /// A checkpoint that was kept elsewhere is about another size.
    #[error(
        "the checkpoint that was kept elsewhere is about {given} entries, and that of the bundle about {bundle}: ask \
         the server to prove that one continues the other, at /journal/consistency?from={}&to={}",
        given.min(bundle), given.max(bundle)
    )]
    OtherSize {
        /// Entries, by the checkpoint that was given.
        given: u64,
        /// Entries, by the checkpoint in the bundle.
        bundle: u64,
    },
}

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    problems: Vec<Problem>,
    problem_count: u64,
    unchecked: Vec<Unchecked>,
}

impl Findings {
    pub(super) fn add(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    pub(super) fn in_file(&mut self, name: &'static str, what: String) {
        self.add(Problem::InFile { name, what });
    }

    pub(super) fn entry(&mut self, sequence: u64, log_id: Option<Uuid>, what: EntryProblem) {
        self.add(Problem::Entry { sequence, log_id, what });
    }

    pub(super) fn unchecked(&mut self, what: Unchecked) {
        self.unchecked.push(what);
    }
}

pub(super) fn make(
    description: Option<Description>,
    key: Option<Verifier>,
    head: Option<TreeHead>,
    trusted: &Trusted,
    listed: &[Listed],
    mut findings: Findings,
) -> Report {
    if trusted.key.is_none() {
        findings.unchecked(Unchecked::Key);
    }
    let is_window = description.as_ref().is_some_and(|description| description.request.is_window());
    Report {
        gaps: if is_window { gaps(listed) } else { Vec::new() },
        description,
        key,
        head,
        entry_count: listed.len() as u64,
        erased_count: listed.iter().filter(|entry| entry.erased_by.is_some()).count() as u64,
        problems: findings.problems,
        problem_count: findings.problem_count,
        unchecked: findings.unchecked,
    }
}

/// What is missing between the entries that were asked for.
fn gaps(listed: &[Listed]) -> Vec<(u64, u64)> {
    let requested = listed.iter().filter(|entry| entry.because == IncludedBecause::Requested);
    let runs = ranges(requested.map(|entry| entry.sequence));
    let between = runs.windows(2).filter(|pair| pair[0].1 < pair[1].0);
    between.map(|pair| (pair[0].1 + 1, pair[1].0 - 1)).take(GAPS_MAX).collect()
}
