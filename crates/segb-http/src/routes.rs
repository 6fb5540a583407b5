//! The handlers: one file a noun, or a folder of verbs; and in `proof.rs` what two of them say alike.

pub(crate) mod audit;
pub(crate) mod auth_mode;
pub(crate) mod docs;
pub(crate) mod events;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod health;
pub(crate) mod holds;
pub(crate) mod journal;
pub(crate) mod logs;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod proof;
pub(crate) mod query;
pub(crate) mod reports;
pub(crate) mod revocations;
pub(crate) mod shared_context;
pub(crate) mod ttl;
pub(crate) mod ui;
pub(crate) mod why;
