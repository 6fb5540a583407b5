//! `GET /logs/stream`: the journal as it grows, as server-sent events (HTML standard, section 9.2).

use std::{
    convert::Infallible,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, HeaderValue},
    rt::{
        self,
        time::{Instant, sleep, timeout},
    },
    web::{self, Bytes},
};
use futures_core::Stream;
use segb_store::{Follower, ReadError, StoredEntry};
use tokio::sync::mpsc;

use super::JournalEntry;
use crate::{
    ApiError, Authorized, actions::ReadLogs, app::StreamSlot, error::ErrorBody, parameters::Parameters,
    request::note,
};

/// Entries read at one time, and so the most that wait for a slow reader, four times.
const BATCH_ENTRIES_MAX: u32 = 250;
const BATCHES_WAITING_MAX: usize = 4;
/// While the journal grows fast, entries are sent together.
const BATCH_INTERVAL: Duration = Duration::from_millis(100);
/// How soon a stream sees that the server stops, or that its token is revoked.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// A sign of life this often: proxies keep the connection, and a reader that left is noticed at the second one.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(5);
/// A reader that takes nothing for so long has left, whatever its connection says.
const READER_IDLE_MAX: Duration = Duration::from_secs(60);
/// After this the reader has to come again, with a token that is good then.
const STREAM_DURATION_MAX: Duration = Duration::from_secs(15 * 60);

const MEDIA_TYPE: &str = "text/event-stream";
/// The header by which a reader says which event it saw last.
const LAST_EVENT_ID: &str = "last-event-id";
/// How long a reader should wait before it comes again, in milliseconds.
const GREETING: &[u8] = b"retry: 2000\n\n";
const HEARTBEAT: &[u8] = b": here\n\n";

/// Sends the entries of the journal as they come in.
#[utoipa::path(
    get, path = "/logs/stream", operation_id = "stream_logs", tag = "journal",
    params(
        ("after" = Option<u64>, Query, description = "Only entries with a higher sequence number; those to come if not given. \
            The header `Last-Event-ID` wins over it"),
        ("follow" = Option<bool>, Query, description = "`false`: end when there are no more entries; `true` if not given"),
    ),
    responses((status = 200, body = String, content_type = "text/event-stream",
            description = "Events `entry`: the sequence number as `id`, the entry as JSON in `data`"),
        (status = 422, body = ErrorBody), (status = 503, body = ErrorBody)),
)]
pub(crate) async fn stream(
    authorized: Authorized<ReadLogs>,
    request: HttpRequest,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let after = parameters.integer("after", 0..=i64::MAX as u64);
    let goes_on = parameters.truth("follow").unwrap_or(true);
    parameters.finish()?;
    let last_seen = request.headers().get(LAST_EVENT_ID).map(HeaderValue::to_str);
    let last_seen = match last_seen {
        Some(text) => Some(text.ok().and_then(|text| text.trim().parse().ok()).ok_or_else(bad_event_id)?),
        None => after,
    };
    let slot = authorized.app().streams().take();
    let slot =
        slot.ok_or_else(|| ApiError::unavailable("Too many streams are open. Try again.", BATCH_INTERVAL))?;
    let follower = authorized.store().follow(last_seen.map(|last: u64| last.saturating_add(1)));
    note!(info, authorized.context(), "a stream of the journal starts at entry {}", follower.next_sequence());
    let (sender, receiver) = mpsc::channel(BATCHES_WAITING_MAX);
    let credentials = request.headers().get_all(AUTHORIZATION).cloned().collect();
    rt::spawn(Sending { authorized, credentials, sender, slot, goes_on }.run(follower));
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).streaming(Events(receiver)))
}

fn bad_event_id() -> ApiError {
    ApiError::unprocessable("The header Last-Event-ID should be the sequence number of an entry.")
}

/// The end of the channel that the connection reads.
struct Events(mpsc::Receiver<Bytes>);

impl Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, waker: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(waker).map(|bytes| bytes.map(Ok))
    }
}

/// What keeps a stream going.
struct Sending {
    authorized: Authorized<ReadLogs>,
    credentials: Vec<HeaderValue>,
    sender: mpsc::Sender<Bytes>,
    slot: StreamSlot,
    goes_on: bool,
}

/// Why a stream ended well.
type Reason = &'static str;

const LEFT: Reason = "its reader left";

impl Sending {
    async fn run(self, follower: Follower) {
        let context = Rc::clone(self.authorized.context());
        let first = follower.next_sequence();
        match self.send_all(follower).await {
            Ok(why) => note!(info, context, "the stream of the journal from entry {first} on ends: {why}"),
            Err(error) => note!(error, context, "a stream of the journal broke off: {error}"),
        }
    }

    /// Sends until there is a reason to stop.
    async fn send_all(&self, mut follower: Follower) -> Result<Reason, ReadError> {
        let end = Instant::now() + STREAM_DURATION_MAX;
        let mut last_sent = Instant::now();
        if !self.send(Bytes::from_static(GREETING)).await {
            return Ok(LEFT);
        }
        loop {
            if follower.is_behind() {
                let read = web::block(move || {
                    let entries = follower.read(BATCH_ENTRIES_MAX);
                    (entries, follower)
                })
                .await;
                let (entries, back) = read.map_err(|error| ReadError::Storage(error.to_string()))?;
                follower = back;
                if !self.send(encode(entries?)?).await {
                    return Ok(LEFT);
                }
                last_sent = Instant::now();
                sleep(BATCH_INTERVAL).await;
            } else if !self.goes_on {
                return Ok("there are no more entries");
            } else if timeout(LOOK_INTERVAL, follower.wait()).await == Ok(false) {
                return Ok("the store is closed");
            }
            if let Some(why) = self.has_to_end(end) {
                return Ok(why);
            }
            if last_sent.elapsed() >= HEARTBEAT_INTERVAL {
                if !self.send(Bytes::from_static(HEARTBEAT)).await {
                    return Ok(LEFT);
                }
                last_sent = Instant::now();
            }
        }
    }

    /// Whether the reader is there. One who takes nothing for long keeps a place that others wait for.
    async fn send(&self, bytes: Bytes) -> bool {
        matches!(timeout(READER_IDLE_MAX, self.sender.send(bytes)).await, Ok(Ok(())))
    }

    fn has_to_end(&self, end: Instant) -> Option<Reason> {
        if self.sender.is_closed() {
            Some(LEFT)
        } else if self.slot.is_closed() {
            Some("the server stops")
        } else if Instant::now() >= end {
            Some("it was open for long enough")
        } else if !self.authorized.is_still_good(&self.credentials) {
            Some("its token is not good any more")
        } else {
            None
        }
    }
}

/// JSON has no line breaks of its own, so that an entry is one line of data.
fn encode(entries: Vec<StoredEntry>) -> Result<Bytes, ReadError> {
    let mut text = String::new();
    for stored in entries {
        let entry = JournalEntry::from(stored);
        let json = serde_json::to_string(&entry).map_err(|error| ReadError::Storage(error.to_string()))?;
        text.push_str(&format!("id: {}\nevent: entry\ndata: {json}\n\n", entry.sequence));
    }
    Ok(text.into())
}
