//! What `segb-verify` checks, as functions that answer with a report: a [`journal`] on disk, a [`receipt`] in a file, a
//! [`bundle`] of evidence, and what a [`witness`] is asked. It knows no server, no RDF, no terminal, no network, no clock and no source of randomness,
//! and of a journal no more than docs/journal-format.md says.

pub mod bundle;
mod findings;
pub mod journal;
pub mod receipt;
pub mod witness;

pub use findings::{Findings, Problem, Verdict};
