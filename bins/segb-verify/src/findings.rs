//! What a check comes to.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

/// Problems that are kept with their texts; further ones are only counted.
const PROBLEMS_KEPT_MAX: usize = 100;

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The sequence number of the entry that it is about, if it is about one.
    pub entry: Option<u64>,
    /// The id of that entry, if it can be read.
    pub log_id: Option<Uuid>,
    /// What is wrong.
    pub problem: String,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// How many things do not fit.
    pub problem_count: u64,
    /// The one about the earliest entry; one that is about none comes last.
    pub first_problem: Option<Problem>,
    /// The first hundred in the order in which they were found.
    pub problems: Vec<Problem>,
    /// What could not be checked, and what would be needed for it.
    pub unchecked: Vec<String>,
}

/// All findings in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything was checked and fits.
    Verified,
    /// Something does not fit.
    DoesNotFit,
    /// What was checked fits, but something could not be checked.
    Incomplete,
}

impl Problem {
    /// Something about an entry whose id is not known.
    pub fn of_entry(entry: u64, problem: impl Into<String>) -> Self {
        Self { entry: Some(entry), log_id: None, problem: problem.into() }
    }

    /// Something that is about no entry.
    pub fn general(problem: impl Into<String>) -> Self {
        Self { entry: None, log_id: None, problem: problem.into() }
    }

    /// The same with the id of the entry.
    #[must_use]
    pub fn with_log_id(self, log_id: Option<Uuid>) -> Self {
        Self { log_id, ..self }
    }

    fn place(&self) -> (bool, Option<u64>) {
        (self.entry.is_none(), self.entry)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.entry, self.log_id) {
            (Some(entry), Some(log_id)) => write!(formatter, "entry {entry} (log {log_id}): ")?,
            (Some(entry), None) => write!(formatter, "entry {entry}: ")?,
            (None, _) => {}
        }
        formatter.write_str(&self.problem)
    }
}

impl Findings {
    /// Counts a problem.
    pub fn add(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.first_problem.as_ref().is_none_or(|first| problem.place() < first.place()) {
            self.first_problem = Some(problem.clone());
        }
        if self.problems.len() < PROBLEMS_KEPT_MAX {
            self.problems.push(problem);
        }
    }

    /// Notes what could not be checked.
    pub fn leave_unchecked(&mut self, what: impl Into<String>) {
        self.unchecked.push(what.into());
    }

    /// All of it in one word.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self { problem_count: 1.., .. } => Verdict::DoesNotFit,
            Self { unchecked, .. } if !unchecked.is_empty() => Verdict::Incomplete,
            _ => Verdict::Verified,
        }
    }
}

impl Verdict {
    /// The worse of two.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::DoesNotFit, _) | (_, Self::DoesNotFit) => Self::DoesNotFit,
            (Self::Incomplete, _) | (_, Self::Incomplete) => Self::Incomplete,
            (Self::Verified, Self::Verified) => Self::Verified,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_problem_is_that_of_the_earliest_entry() {
        let mut findings = Findings::default();
        assert_eq!(findings.verdict(), Verdict::Verified);
        findings.leave_unchecked("the moon");
        assert_eq!(findings.verdict(), Verdict::Incomplete);
        findings.add(Problem::general("unsigned"));
        for entry in [9, 4, 4, 7] {
            findings.add(Problem::of_entry(entry, format!("problem {entry}")));
        }
        assert_eq!(findings.first_problem.as_ref().map(ToString::to_string).unwrap(), "entry 4: problem 4");
        assert_eq!((findings.problem_count, findings.verdict()), (5, Verdict::DoesNotFit));
        for entry in 100..300 {
            findings.add(Problem::of_entry(entry, ""));
        }
        assert_eq!((findings.problem_count, findings.problems.len()), (205, PROBLEMS_KEPT_MAX));
    }

    #[test]
    fn the_worse_verdict_counts() {
        let all = [Verdict::Verified, Verdict::Incomplete, Verdict::DoesNotFit];
        for (better, worse) in [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)] {
            assert_eq!(all[better].and(all[worse]), all[worse]);
            assert_eq!(all[worse].and(all[better]), all[worse]);
        }
    }
}
