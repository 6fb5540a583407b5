//! Which name to use for an event that others may have observed, too.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    CallError, Connection, ConnectionOptions, Iri, OptionsError, Pending, Refusal, SharedEvent,
    pending::Slot,
    term::{Term, is_blank},
};

/// How long an answer may take, unless the options say less: a robot that talks to somebody cannot wait.
const TIMEOUT: Duration = Duration::from_secs(5);
/// After a request without an answer, the server is not asked for so long.
const PAUSE: Duration = Duration::from_secs(10);
/// Requests in the background at one time.
const IN_BACKGROUND_MAX: usize = 8;

/// Asks `POST /shared-context/resolve`. Clones share one connection.
#[derive(Debug, Clone)]
pub struct SharedContextResolver(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    connection: Connection,
    paused_until: Mutex<Option<Instant>>,
    in_background: AtomicUsize,
}

/// How the server came to the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextStatus {
    /// Nobody else has observed it so far.
    Created,
    /// It is the event that somebody else observed.
    Matched,
    /// It may be one that somebody else observed; a person will decide.
    Ambiguous,
}

/// The name of an event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Resolution {
    /// The name.
    pub iri: Iri,
    /// How the server came to it.
    pub status: ContextStatus,
    /// How alike the most similar known event is, from 0 to 1.
    pub confidence: f64,
    /// The most similar known event.
    pub matched_candidate: Option<String>,
}

/// Why the server gave no name. A logger falls back to a name of its own.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// No answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// An answer that is a refusal.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server did not answer a moment ago, so it is not asked.
    #[error("the server did not answer a moment ago; it is asked again in {} ms", left.as_millis())]
    Paused {
        /// How long until it is asked again.
        left: Duration,
    },
    /// Not an answer of a SEGB server.
    #[error("the answer has no name for the event: {0}; is the address that of a SEGB server?")]
    Malformed(String),
    /// Too many requests wait for answers.
    #[error("{IN_BACKGROUND_MAX} requests wait for answers; ask again later")]
    Busy,
    /// A blank kind, which the server would refuse.
    #[error("the kind of a shared event is blank; say what it is, for example human_utterance")]
    BlankKind,
}

#[derive(Serialize)]
struct Request<'a> {
    event_kind: &'a str,
    observed_at: String,
    subject_uri: Option<String>,
    modality: Option<&'a str>,
    text: Option<&'a str>,
    robot_uri: Option<&'a str>,
}

#[derive(Deserialize)]
struct Resolved {
    shared_context_uri: String,
    status: ContextStatus,
    confidence: f64,
    matched_candidate_uri: Option<String>,
}

impl SharedContextResolver {
    /// Requests take at most five seconds, or less if the options say so.
    ///
    /// # Errors
    /// [`OptionsError`].
    pub fn new(options: ConnectionOptions) -> Result<Self, OptionsError> {
        let timeout = options.timeout.min(TIMEOUT);
        let connection = Connection::new(ConnectionOptions { timeout, ..options })?;
        let (paused_until, in_background) = (Mutex::new(None), AtomicUsize::new(0));
        Ok(Self(Arc::new(Inner { connection, paused_until, in_background })))
    }

    /// Asks, and blocks until the answer is there. After a request without an answer, the next ones fail at once for ten
    /// seconds, so that a robot whose server is away does not wait each time. `subject` is whom the event is about, as
    /// a logger resolved it; `robot` is who observed it.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub fn resolve(
        &self,
        event: &SharedEvent,
        subject: Option<&Iri>,
        robot: Option<&Iri>,
    ) -> Result<Resolution, ResolveError> {
        if is_blank(&event.kind) {
            return Err(ResolveError::BlankKind);
        }
        self.check_pause()?;
        let as_text = |term: &Term| match term {
            Term::Iri(iri) => iri.to_string(),
            Term::Text(text) => text.clone(),
        };
        let request = Request {
            event_kind: &event.kind,
            observed_at: event.observed_at.to_string(),
            subject_uri: subject.map(Iri::to_string).or_else(|| event.subject.as_ref().map(as_text)),
            modality: event.modality.as_deref(),
            text: event.text.as_deref(),
            robot_uri: robot.map(Iri::as_str),
        };
        let malformed = |error: serde_json::Error| ResolveError::Malformed(error.to_string());
        let body = serde_json::to_string(&request).map_err(malformed)?;
        let answer =
            self.0.connection.post("/shared-context/resolve", &body).inspect_err(|_| self.pause())?;
        let resolved: Resolved = serde_json::from_slice(&answer.success()?.body).map_err(malformed)?;
        let iri = Iri::new(resolved.shared_context_uri);
        Ok(Resolution {
            iri: iri.map_err(|error| ResolveError::Malformed(error.to_string()))?,
            status: resolved.status,
            confidence: resolved.confidence,
            matched_candidate: resolved.matched_candidate_uri,
        })
    }

    /// Asks on a thread of its own.
    pub fn resolve_in_background(
        &self,
        event: SharedEvent,
        subject: Option<Iri>,
        robot: Option<Iri>,
    ) -> Pending<Result<Resolution, ResolveError>> {
        let (slot, pending) = Slot::new();
        let before = self.0.in_background.fetch_add(1, Ordering::Relaxed);
        let resolver = self.clone();
        let answer = Arc::clone(&slot);
        let ask = move || {
            answer.fill(resolver.resolve(&event, subject.as_ref(), robot.as_ref()));
            resolver.0.in_background.fetch_sub(1, Ordering::Relaxed);
        };
        let is_started = before < IN_BACKGROUND_MAX
            && thread::Builder::new().name("segb-resolve".to_owned()).spawn(ask).is_ok();
        if !is_started {
            self.0.in_background.fetch_sub(1, Ordering::Relaxed);
            slot.fill(Err(ResolveError::Busy));
        }
        pending
    }

    fn check_pause(&self) -> Result<(), ResolveError> {
        let paused_until = *self.0.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = paused_until.map(|until| until.saturating_duration_since(Instant::now()));
        match left.filter(|left| !left.is_zero()) {
            Some(left) => Err(ResolveError::Paused { left }),
            None => Ok(()),
        }
    }

    fn pause(&self) {
        let until = Instant::now() + PAUSE;
        *self.0.paused_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }
}
