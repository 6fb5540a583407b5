//! One binary for all tests that go through the front door.

mod answers;
mod audit;
mod client;
mod docs;
mod durability;
mod evidence;
mod harness_logs;
mod layering;
mod routes;
mod ui;
mod verify;
