//! The HTTP contract, through the front door: modules laid out like the URLs, one table of cases for each family.

pub(crate) mod access;
mod events;
mod graph;
mod headers;
mod health;
mod holds;
mod logs;
mod metrics;
mod openapi;
mod query;
mod reports;
mod shared_context;
mod startup;
mod ttl;
mod why;
