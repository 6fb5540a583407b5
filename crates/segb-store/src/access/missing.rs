//! Records that are not there, and the one that says so.

use segb_journal::{Timestamp, access::AccessRecord};

/// Accesses that followed each other and found the queue full.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missing {
    count: u64,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl Missing {
    pub(super) const fn new(at: Timestamp) -> Self {
        Self { count: 1, first_at: at, last_at: at }
    }

    pub(super) fn add(&mut self, at: Timestamp) {
        self.count += 1;
        self.last_at = at;
    }

    /// The record in their place.
    pub(super) fn to_record(self) -> AccessRecord {
        let Self { count, first_at, last_at } = self;
        gap(last_at, format!("{count} missing since {first_at}: more than could be written"))
    }
}

/// The record about a server that did not end properly: what waited then is lost. `last_at` is the time of the last
/// record that is there, `now` when this is noticed.
pub(super) fn unclean_end(last_at: Option<Timestamp>, now: Timestamp) -> AccessRecord {
    let since = last_at.map_or_else(|| "the beginning".to_owned(), |last_at| last_at.to_string());
    gap(now, format!("unknown number missing since {since}: the server did not end properly"))
}

fn gap(at: Timestamp, object: String) -> AccessRecord {
    AccessRecord {
        sequence: 0,
        at,
        actor: None,
        action: AccessRecord::GAP.to_owned(),
        object: Some(object),
        result: None,
        origin: None,
        request_id: None,
    }
}
