//! The rules of shared contexts, by the public interface.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod harness;
mod properties;
mod review;
mod rules;
mod sequence_ratio;
