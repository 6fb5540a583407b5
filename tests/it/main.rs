//! One binary for all tests that go through the front door.

mod answers;
mod docs;
mod durability;
mod harness_logs;
mod layering;
mod routes;
mod verify;
