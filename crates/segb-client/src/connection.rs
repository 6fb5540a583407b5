//! One server, over HTTP.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use segb_journal::note::Verifier;
use serde::{Deserialize, Serialize};
use ureq::{
    Agent,
    http::{Request, Uri, header::HeaderValue},
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

use crate::{Receipt, ReceiptError};

/// Where a server is, and how to talk to it.
#[derive(Clone)]
#[non_exhaustive]
pub struct ConnectionOptions {
    /// The address of its API, with http or https, for example `https://segb.example` or `http://127.0.0.1:5000`.
    pub url: String,
    /// The token, in protected mode.
    pub token: Option<String>,
    /// How long one request may take, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// The certificates of the authorities that are believed, in PEM, instead of those that browsers believe.
    pub authorities_pem: Option<Vec<u8>>,
    /// The longest answer that is read, in bytes.
    pub answer_bytes_max: u64,
}

impl ConnectionOptions {
    /// 20 s for a request, 5 s for connecting, answers up to 4 MiB.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            token: None,
            timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(5),
            authorities_pem: None,
            answer_bytes_max: 4 << 20,
        }
    }

    /// The same with a token; a blank one is none, as in an environment variable that is set to nothing.
    #[must_use]
    pub fn with_token(self, token: Option<String>) -> Self {
        Self { token: token.filter(|token| !token.trim().is_empty()), ..self }
    }
}

/// Without the token.
impl fmt::Debug for ConnectionOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("ConnectionOptions");
        shown.field("url", &self.url).field("has_token", &self.token.is_some());
        shown.field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Why nothing can be sent with these options. The caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// Not an address.
    #[error(
        "{url:?} is not the address of a server; it is like https://segb.example or http://127.0.0.1:5000"
    )]
    Url {
        /// What was given.
        url: String,
    },
    /// Something that no header can carry. It is not shown.
    #[error("the token has characters that a token cannot have; copy it again, on one line")]
    Token,
    /// No certificate.
    #[error("the certificates of the authorities cannot be read: {0}; they have to be in PEM")]
    Authorities(String),
    /// A timeout of nothing.
    #[error("a timeout has to be longer than 0 s")]
    Timeout,
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// Nobody there, or not by this name, or not over TLS.
    #[error("{url} cannot be reached: {cause}; is the server running there, and is the address right?")]
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        cause: String,
    },
    /// The answer did not come in time.
    #[error("{url} did not answer within {} ms ({cause})", timeout.as_millis())]
    TimedOut {
        /// The address.
        url: String,
        /// The time it had.
        timeout: Duration,
        /// Which part took so long.
        cause: String,
    },
    /// The token has characters that no header can carry.
    #[error(transparent)]
    Token(#[from] OptionsError),
}

/// An answer with any status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How long to wait before trying again, if the server said so.
    pub retry_after: Option<Duration>,
    /// Whether an earlier request with the same key was answered.
    pub is_repeated: bool,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.advice())]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// What the server says about it.
    pub detail: String,
    /// How long to wait before trying again, if the server said so.
    pub retry_after: Option<Duration>,
}

/// Why a log was not sent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// There was no answer; the log may have arrived or not. With the same key it may be sent again.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The server did not take it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server took something, and its receipt does not fit.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
}

impl Answer {
    /// The answer, if it is a success.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn success(self) -> Result<Self, Refusal> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(Refusal { status: self.status, detail: detail(&self.body), retry_after: self.retry_after })
    }

    /// The body as text; what is not UTF-8 in it is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Connections that are kept open between requests, for programs that send from several threads.
const IDLE_MAX: usize = 64;
/// The longest explanation that is kept, in characters.
const DETAIL_CHARS_MAX: usize = 500;

/// What the member `detail` says, or the body itself.
fn detail(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Page {
        detail: serde_json::Value,
    }
    let text = match serde_json::from_slice(body) {
        Ok(Page { detail: serde_json::Value::String(text) }) => text,
        Ok(Page { detail }) => detail.to_string(),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    text.chars().take(DETAIL_CHARS_MAX).collect()
}

impl Refusal {
    /// What happened, and what to do.
    fn advice(&self) -> String {
        let Self { status, detail, .. } = self;
        let advice = match status {
            401 => "the token is missing, expired or not of this server; get a new one (SEGB_API_TOKEN)",
            403 => "the token is good, but its role is not: sending logs needs the role logger",
            404 | 405 | 301..=308 => "this is not the API of a SEGB server; check the address",
            413 => "the log is larger than the server takes; send several smaller ones",
            422 => "the server does not take such a document",
            408 | 429 | 503 => "the server is busy; try again later",
            507 => "the disk of the server is full; tell its operator",
            _ => "the server could not do it",
        };
        format!("{advice} ({status}: {detail})")
    }
}

/// A connection to a server. Requests of several threads run side by side.
pub struct Connection {
    agent: Agent,
    base: String,
    token: Mutex<Option<String>>,
    timeout: Duration,
    answer_bytes_max: u64,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("base", &self.base).finish_non_exhaustive()
    }
}

/// The body of `POST /ttl`.
#[derive(Serialize)]
struct Insert<'a> {
    ttl_content: &'a str,
    user: Option<&'a str>,
}

/// The body of `POST /ttl` as text.
pub(crate) fn insert_body(turtle: &str, user: Option<&str>) -> String {
    // Texts and nothing else cannot fail to become JSON.
    serde_json::to_string(&Insert { ttl_content: turtle, user }).unwrap_or_default()
}

impl Connection {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// [`OptionsError`].
    pub fn new(options: ConnectionOptions) -> Result<Self, OptionsError> {
        let url = options.url.trim().trim_end_matches('/').to_owned();
        let parsed: Option<Uri> = url.parse().ok();
        let is_address = parsed.is_some_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some_and(|host| !host.is_empty())
                && uri.query().is_none()
        });
        if !is_address || url.contains('#') {
            return Err(OptionsError::Url { url: options.url });
        }
        if options.timeout.is_zero() || options.connect_timeout.is_zero() {
            return Err(OptionsError::Timeout);
        }
        let token = options.token.map(|token| token.trim().to_owned());
        if let Some(token) = &token {
            bearer(token)?;
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(options.timeout))
            .timeout_connect(Some(options.connect_timeout))
            .max_redirects(0)
            .max_idle_connections(IDLE_MAX)
            .max_idle_connections_per_host(IDLE_MAX)
            .user_agent(concat!("segb-client/", env!("CARGO_PKG_VERSION")))
            // Whoever wants a proxy names it in the address; the environment is not read.
            .proxy(None);
        let config = match &options.authorities_pem {
            Some(pem) => config.tls_config(TlsConfig::builder().root_certs(authorities(pem)?).build()),
            None => config,
        };
        Ok(Self {
            agent: config.build().new_agent(),
            base: url,
            token: Mutex::new(token),
            timeout: options.timeout,
            answer_bytes_max: options.answer_bytes_max,
        })
    }

    /// The address of the server, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// Uses another token from now on.
    ///
    /// # Errors
    /// [`OptionsError::Token`].
    pub fn set_token(&self, token: Option<&str>) -> Result<(), OptionsError> {
        let token = token.map(|token| token.trim().to_owned());
        if let Some(token) = &token {
            bearer(token)?;
        }
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        Ok(())
    }

    /// GET, with the `Accept` header if one is given.
    ///
    /// # Errors
    /// [`CallError`]; a status is none.
    pub fn get(&self, path: &str, accept: Option<&str>) -> Result<Answer, CallError> {
        let request = Request::get(format!("{}{path}", self.base));
        let request = match accept {
            Some(accept) => request.header("Accept", accept),
            None => request,
        };
        self.run(request, None)
    }

    /// POST with a body that is JSON.
    ///
    /// # Errors
    /// [`CallError`]; a status is none.
    pub fn post(&self, path: &str, json: &str) -> Result<Answer, CallError> {
        let request =
            Request::post(format!("{}{path}", self.base)).header("Content-Type", "application/json");
        self.run(request, Some(json))
    }

    /// Sends a log and waits for its receipt, which is checked, with its proof if the key of the journal is given.
    /// `user` is who sends it, where there is no token. With the same `idempotency_key`, of 1 to 255 visible characters
    /// of ASCII, it may be sent again without being stored twice.
    ///
    /// # Errors
    /// [`SendError`].
    pub fn send_log(
        &self,
        turtle: &str,
        user: Option<&str>,
        idempotency_key: &str,
        journal_key: Option<&Verifier>,
    ) -> Result<Receipt, SendError> {
        let answer = self.post_log(&insert_body(turtle, user), idempotency_key, journal_key.is_some())?;
        let answer = answer.success()?;
        Ok(Receipt::check(&answer, turtle.as_bytes(), journal_key)?)
    }

    pub(crate) fn post_log(&self, body: &str, key: &str, with_proof: bool) -> Result<Answer, CallError> {
        let path = if with_proof { "/ttl?proof=true" } else { "/ttl" };
        let request = Request::post(format!("{}{path}", self.base))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key);
        self.run(request, Some(body))
    }

    fn run(
        &self,
        mut request: ureq::http::request::Builder,
        body: Option<&str>,
    ) -> Result<Answer, CallError> {
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(token) = token {
            request = request.header("Authorization", bearer(&token)?);
        }
        let answer = match body {
            Some(body) => {
                request.body(body).map_err(ureq::Error::from).and_then(|request| self.agent.run(request))
            }
            None => request.body(()).map_err(ureq::Error::from).and_then(|request| self.agent.run(request)),
        };
        let mut answer = answer.map_err(|error| self.call_error(&error))?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header("retry-after").and_then(|value| value.parse().ok()).map(Duration::from_secs);
        let is_repeated = header("idempotent-replayed") == Some("true");
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(self.answer_bytes_max).read_to_vec();
        let body = body.map_err(|error| self.call_error(&error))?;
        Ok(Answer { status, retry_after, is_repeated, body })
    }

    fn call_error(&self, error: &ureq::Error) -> CallError {
        let (url, cause) = (self.base.clone(), error.to_string());
        match error {
            ureq::Error::Timeout(_) => CallError::TimedOut { url, timeout: self.timeout, cause },
            _ => CallError::Unreachable { url, cause },
        }
    }
}

fn bearer(token: &str) -> Result<HeaderValue, OptionsError> {
    let is_token = token.bytes().all(|byte| byte.is_ascii_graphic());
    let value = HeaderValue::from_str(&format!("Bearer {token}"));
    let mut value = value.ok().filter(|_| is_token).ok_or(OptionsError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

fn authorities(pem: &[u8]) -> Result<RootCerts, OptionsError> {
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(OptionsError::Authorities(error.to_string())),
        }
    }
    match certificates.is_empty() {
        true => Err(OptionsError::Authorities("there is no certificate in them".to_owned())),
        false => Ok(RootCerts::new_with_certs(&certificates)),
    }
}
