//! One binary for all tests that go through the front door.

mod docs;
mod harness_logs;
mod layering;
