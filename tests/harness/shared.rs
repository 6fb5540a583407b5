//! One server for all tests that can share it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::Server;

/// A server that is started for the first test that wants it and ends with the last one that holds it. (A `static`
/// that owned it would never be dropped, and the process would outlive the tests.)
#[derive(Debug)]
pub struct SharedServer(Mutex<Weak<Server>>);

impl SharedServer {
    /// None yet.
    pub const fn new() -> Self {
        Self(Mutex::new(Weak::new()))
    }

    /// The server that runs, or one that is started now.
    pub fn get(&self, start: impl FnOnce() -> Server) -> Arc<Server> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(start());
            *running = Arc::downgrade(&server);
            server
        })
    }
}

impl Default for SharedServer {
    fn default() -> Self {
        Self::new()
    }
}
