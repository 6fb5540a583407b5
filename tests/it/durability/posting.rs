//! Clients that send logs until they have sent enough or the server goes away, and remember what they were told.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use segb_tests::{Client, Reply};

/// A log that got a 201.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    pub log_id: String,
    pub sequence: u64,
    pub triple_count: u64,
    pub document: String,
}

/// What clients know about a server, whatever became of it since.
#[derive(Debug, Default)]
pub struct Memory {
    pub acknowledged: Mutex<Vec<Acknowledged>>,
    /// Everything that was sent at all.
    pub sent: Mutex<HashSet<String>>,
    /// Answers to delete_all: all logs with a sequence number below this are out of the graph.
    pub cleared_below: Mutex<u64>,
    pub stop: AtomicBool,
}

/// POST /ttl with the document as it is.
pub fn try_post(client: &Client, document: &str) -> Option<Reply> {
    client.request("POST", "/ttl").header("Content-Type", "text/turtle").try_send(document.as_bytes()).ok()
}

pub fn post(client: &Client, document: &str) -> Reply {
    try_post(client, document).expect("the server answers")
}

impl Memory {
    /// Sends a log and remembers the answer; none if the server went away.
    pub fn post(&self, client: &Client, document: String) -> Option<Reply> {
        self.sent.lock().unwrap().insert(document.clone());
        let reply = try_post(client, &document)?;
        if reply.status == 201 {
            let receipt = reply.json();
            self.acknowledged.lock().unwrap().push(Acknowledged {
                log_id: receipt["log_id"].as_str().unwrap().to_owned(),
                sequence: receipt["sequence"].as_u64().unwrap(),
                triple_count: receipt["triple_count"].as_u64().unwrap(),
                document,
            });
        }
        Some(reply)
    }

    /// As [`post`](Self::post), and the answer has to be 201.
    pub fn must_post(&self, client: &Client, document: String) {
        let reply = self.post(client, document).expect("the server answers");
        assert_eq!(reply.status, 201, "{}", reply.text());
    }

    /// Sends documents one after the other until the server goes away or [`stop`](Self::stop) is set.
    pub fn keep_posting(&self, client: &Client, mut document: impl FnMut(u64) -> String) {
        for number in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            match self.post(client, document(number)) {
                Some(reply) if reply.status == 201 => {}
                // It is shutting down.
                Some(reply) if reply.status == 503 => return,
                Some(reply) => panic!("{}: {}", reply.status, reply.text()),
                None => return,
            }
        }
    }

    /// Empties the graph, if the server lives to tell.
    pub fn clear(&self, client: &Client) {
        let known = self.acknowledged.lock().unwrap().iter().map(|log| log.sequence).max();
        let reply = client
            .request("POST", "/ttl/delete_all")
            .header("Content-Type", "application/json")
            .try_send(b"{}");
        let Ok(reply) = reply else { return };
        assert!(matches!(reply.status, 200 | 503), "{}", reply.text());
        if let (200, Some(known)) = (reply.status, known) {
            let mut below = self.cleared_below.lock().unwrap();
            *below = (*below).max(known + 1);
        }
    }
}
