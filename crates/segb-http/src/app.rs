//! What all requests share. The store in it can be reached through [`Authorized`] only.

mod authorized;
mod public_journal;
mod readiness;
mod streams;

use std::{
    future::{Ready, ready},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use ipnet::IpNet;
use segb_auth::{Auth, Mode};
use segb_store::{Access, Store, Timestamp};
use tokio::sync::Semaphore;

pub use authorized::{ActionMarker, Authorized, actions};
pub(crate) use public_journal::PublicJournal;
pub(crate) use readiness::Readiness;
pub(crate) use streams::{StreamSlot, Streams};

use crate::{ApiError, CorsOptions, metrics::Metrics, sending::Sendings};

/// The time as the server believes it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// Randomness fit for secrets: log ids, salts and request ids are made of it.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

/// Fills a buffer with random bytes.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Entropy {
    /// Randomness from `fill`, which must be cryptographically secure.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// The next random bytes.
    #[must_use]
    pub fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        (self.0)(&mut bytes);
        bytes
    }
}

/// Limits on the reading of request bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// Bytes of one body, as sent and as expanded.
    pub bytes_max: usize,
    /// From the end of the request's head to the end of its body.
    pub duration_max: Duration,
    /// Bytes of all larger bodies that are read or parsed at one time; more have to wait.
    pub budget_bytes: usize,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { bytes_max: 10 << 20, duration_max: Duration::from_secs(30), budget_bytes: 256 << 20 }
    }
}

/// How an [`App`] behaves. The defaults are the documented defaults of the server's settings.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// Limits on request bodies.
    pub body: BodyLimits,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Which other origins' pages may call.
    pub cors: CorsOptions,
    /// The file that `GET /logs/server` reads; its rotated predecessors end in `.1`, `.2`, …
    pub server_log_file: Option<PathBuf>,
    /// The version that the OpenAPI document names.
    pub version: String,
    /// Whether the server is for this machine only: then, where no token is asked for, requests are refused that name a
    /// domain, which only the page of somebody else makes a browser do.
    pub local_only: bool,
}

impl Default for AppOptions {
    fn default() -> Self {
        Self {
            body: BodyLimits::default(),
            trusted_proxies: Vec::new(),
            cors: CorsOptions::default(),
            server_log_file: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            local_only: false,
        }
    }
}

/// The state behind the routes: a cheap handle, the same for all workers and all places the routes are mounted at.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    store: Store,
    auth: Auth,
    clock: Clock,
    entropy: Entropy,
    options: AppOptions,
    metrics: Metrics,
    body_budget: Arc<Semaphore>,
    streams: Streams,
    sendings: Sendings,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, auth: Auth, clock: Clock, entropy: Entropy, options: AppOptions) -> Self {
        let body_budget = Arc::new(Semaphore::new(options.body.budget_bytes >> 10));
        let metrics = Metrics::default();
        let (streams, sendings) = (Streams::default(), Sendings::default());
        Self(Arc::new(Shared {
            store,
            auth,
            clock,
            entropy,
            options,
            metrics,
            body_budget,
            streams,
            sendings,
        }))
    }

    /// Whether tokens are asked for.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.0.auth.mode()
    }

    /// Ends the streams that would go on for ever, so that a server that stops need not wait for their readers.
    pub fn close_streams(&self) {
        self.0.streams.close();
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    pub(crate) fn sendings(&self) -> &Sendings {
        &self.0.sendings
    }

    /// The state that the routes were mounted with.
    pub(crate) fn of(request: &HttpRequest) -> Result<&Self, ApiError> {
        request.app_data::<Self>().ok_or_else(|| ApiError::internal("the routes have no App"))
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    pub(crate) fn options(&self) -> &AppOptions {
        &self.0.options
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Puts an access into the access journal: the one way to the store that needs no guard, and only leads in.
    pub(crate) fn record_access(&self, access: Access) {
        self.0.store.record_access(access);
    }

    /// In KiB.
    pub(crate) fn body_budget(&self) -> &Arc<Semaphore> {
        &self.0.body_budget
    }
}

/// What every handler may see: nothing in it leads to the store.
impl FromRequest for App {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).cloned())
    }
}
