//! What the tests and the load program share: starting the real server, talking HTTP to it, making tokens and logs.
//! It knows nothing of the server's inside.

mod base64;
mod client;
mod hostile;
mod interactions;
mod logs;
mod python;
mod raw;
mod server;
mod shared;
mod token;
mod tool;
mod verify;
mod web;

pub use base64::base64_url;
pub use client::{Client, Reply, RequestBuilder, percent_encode};
pub use hostile::{
    Attack, Others, Outcome, ask_and_discard, attack, hostile_queries, numbers_log, others_for,
};
pub use interactions::{LOGS_OF_INTERACTION, interaction};
pub use logs::interaction_log;
pub use python::python_with_client;
pub use raw::{exchange, exchange_head};
pub use server::{START_ENTRIES, Server, ServerBuilder, binary};
pub use shared::SharedServer;
pub use token::{SECRET, token, token_with};
pub use tool::{require_tool, tool_missing};
pub use verify::{Verification, segb_verify};
pub use web::{browse, web_sources, web_with_packages};
