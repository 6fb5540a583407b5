//! One binary for all tests that go through the front door.

mod harness_logs;
