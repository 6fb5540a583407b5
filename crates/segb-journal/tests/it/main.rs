//! The public API of the journal's mathematics: against the vectors of the specifications, against another
//! implementation, against random trees, and against hostile input.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod bundle;
mod checkpoints;
mod cosignatures;
mod ct_merkle_oracle;
mod keys;
mod notes;
mod rfc6962;
mod tiles;
mod tree_properties;
mod trees;
mod witness;
