//! The one table from errors to statuses and texts.
//!
//! Answers of 500 say nothing about their cause; it is kept in the error and logged once, by the middleware that sees
//! every answer.

use std::{borrow::Cow, fmt, time::Duration};

use actix_cors::CorsError;
use actix_web::{
    HttpResponse, ResponseError,
    error::BlockingError,
    http::{
        StatusCode,
        header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use segb_auth::{AuthError, Forbidden};
use segb_reports::ReportError;
use segb_store::{
    BundleError, ContextError, EraseError, ProofError, QueryError, ReadError, RecordError, ReleaseError,
    StreamError, TurtleError, WhyError,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A request that is answered with an error.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    detail: Detail,
    retry_after: Option<Duration>,
    closes_connection: bool,
    cause: Option<String>,
}

/// The member `detail` of an error's body.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Detail {
    Text(Cow<'static, str>),
    Fields(Vec<FieldError>),
}

#[derive(Serialize)]
struct Page<'a> {
    detail: &'a Detail,
}

/// How the body of an error looks.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// What is wrong: a text, or a list of objects with `type`, `loc` and `msg`.
    #[schema(value_type = serde_json::Value)]
    detail: String,
}

/// What is wrong with one part of a request, as FastAPI words it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldError {
    /// A machine-readable name of what is wrong.
    pub r#type: &'static str,
    /// Where: `["body", "ttl_content"]`, `["query", "limit"]`, …
    pub loc: Vec<Location>,
    /// The same for people.
    pub msg: Cow<'static, str>,
    /// The figures of a limit that was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctx: Option<serde_json::Value>,
}

/// One step on the way to a wrong part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Location {
    /// A part or member by name.
    Name(&'static str),
    /// A position in a text.
    Position(usize),
}

impl FieldError {
    /// `kind` at `part` of the request, member `name`.
    pub(crate) fn new(
        kind: &'static str,
        part: &'static str,
        name: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let loc = vec![Location::Name(part), Location::Name(name)];
        Self { r#type: kind, loc, msg: message.into(), ctx: None }
    }

    /// `kind` at the body as a whole.
    pub(crate) fn body(kind: &'static str, message: &'static str) -> Self {
        Self { r#type: kind, loc: vec![Location::Name("body")], msg: message.into(), ctx: None }
    }

    /// `kind` at the parameters as a whole.
    pub(crate) fn query(kind: &'static str, message: &'static str) -> Self {
        Self { r#type: kind, loc: vec![Location::Name("query")], msg: message.into(), ctx: None }
    }

    /// A value that has to be there.
    pub(crate) fn missing(part: &'static str, name: &'static str) -> Self {
        Self::new("missing", part, name, "Field required")
    }
}

impl ApiError {
    /// An answer with this status and text.
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = Detail::Text(detail.into());
        Self { status, detail, retry_after: None, closes_connection: false, cause: None }
    }

    /// 422 with a list of what is wrong.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        let detail = Detail::Fields(errors);
        Self { detail, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "") }
    }

    /// 422 with a text.
    pub(crate) fn unprocessable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// 500; `cause` is for the operator.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").because(cause)
    }

    /// 404 for a path that is none of ours.
    pub(crate) fn no_such_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// 403 for the page of an origin that may not call.
    pub(crate) fn foreign_origin() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Pages of this origin may not call; the setting CORS_ORIGINS lists those that may.",
        )
    }

    /// 403 for a request that names a domain, at a server that is for its own machine only.
    pub(crate) fn foreign_host() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "In learning mode on this machine only, the server answers to its address and to localhost, not to a domain; \
             the settings SECRET_KEY and SEGB_HOST change that.",
        )
    }

    /// 503 that invites to try again.
    pub(crate) fn unavailable(detail: impl Into<Cow<'static, str>>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    /// Ends the connection after the answer, because the rest of the body has not been read.
    pub(crate) fn closing(self) -> Self {
        Self { closes_connection: true, ..self }
    }

    fn because(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    /// What the operator should know and the caller should not.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Detail::Text(text) => write!(formatter, "{}: {text}", self.status),
            Detail::Fields(errors) => {
                write!(formatter, "{}:", self.status)?;
                errors.iter().try_for_each(|error| write!(formatter, " {}", error.msg))
            }
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(delay) = self.retry_after {
            response.insert_header((RETRY_AFTER, delay.as_secs().max(1).to_string()));
        }
        if self.closes_connection {
            response.force_close();
        }
        response.json(Page { detail: &self.detail })
    }
}

/// 405 with the methods there are.
pub(crate) fn not_allowed(methods: &str) -> HttpResponse {
    let error = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    let mut response = HttpResponse::from_error(error);
    if let Ok(methods) = methods.try_into() {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

/// The wait that is advised when a queue is full: it moves every few milliseconds.
const RETRY_QUEUE: Duration = Duration::from_secs(1);
/// The wait that is advised when all query threads or exports are taken, or the server is ending.
const RETRY_BUSY: Duration = Duration::from_secs(2);
/// The wait that is advised while the graph catches up with the journal.
const RETRY_NOT_READY: Duration = Duration::from_secs(5);

fn not_ready(applied: u64, total: u64) -> ApiError {
    let detail = format!(
        "The knowledge graph is being built from the journal: {applied} of {total} entries. Try again later."
    );
    ApiError::unavailable(detail, RETRY_NOT_READY)
}

fn closed() -> ApiError {
    ApiError::unavailable("The server is shutting down.", RETRY_BUSY)
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error.detail())
    }
}

impl From<Forbidden> for ApiError {
    fn from(error: Forbidden) -> Self {
        Self::new(StatusCode::FORBIDDEN, error.detail())
    }
}

/// Of a preflight request.
impl From<&CorsError> for ApiError {
    fn from(error: &CorsError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{error}."))
    }
}

impl From<TurtleError> for ApiError {
    fn from(error: TurtleError) -> Self {
        let status = match error {
            TurtleError::NotUtf8 { .. } => StatusCode::BAD_REQUEST,
            TurtleError::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            TurtleError::Syntax { .. } | TurtleError::Limit { .. } | TurtleError::NoTriples => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.to_string())
    }
}

impl From<RecordError> for ApiError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::QueueFull => {
                Self::unavailable("Too many logs are waiting to be written. Try again.", RETRY_QUEUE)
            }
            RecordError::DiskFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "The server's disk is full. Nothing was stored; writing resumes when there is room.",
            )
            .because("the disk is full"),
            RecordError::IdempotencyKeyReused => {
                Self::unprocessable("The Idempotency-Key was used before for another log.")
            }
            RecordError::Closed => closed(),
            RecordError::Storage(cause) => Self::internal(cause),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<ContextError> for ApiError {
    fn from(error: ContextError) -> Self {
        match error {
            ContextError::Invalid(invalid) => Self::unprocessable(invalid.to_string()),
            ContextError::Refused(detail) => Self::unprocessable(detail),
            ContextError::Busy => Self::unavailable(
                "Too many decisions on shared contexts are waiting. Try again.",
                RETRY_QUEUE,
            ),
            ContextError::Record(error) => error.into(),
            ContextError::Storage(cause) => Self::internal(cause),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<ProofError> for ApiError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::UnknownLog => Self::new(StatusCode::NOT_FOUND, "Log not found."),
            ProofError::UnknownAccess => Self::new(StatusCode::NOT_FOUND, "Access record not found."),
            ProofError::BadSize(detail) => Self::unprocessable(detail),
            ProofError::NoSuchTile => Self::new(StatusCode::NOT_FOUND, "There is no such tile yet."),
            ProofError::Storage(cause) => Self::internal(cause),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<BundleError> for ApiError {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::NoRequest => Self::unprocessable(
                "At least one of since, until, log_id, actor and kind is needed; since=1970-01-01T00:00:00Z asks for all \
                 entries.",
            ),
            BundleError::UnknownLogs(ids) => {
                let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Self::new(StatusCode::NOT_FOUND, format!("Log not found: {ids}."))
            }
            BundleError::Nothing => Self::new(StatusCode::NOT_FOUND, "No entry of the journal fits."),
            BundleError::TooMany(entries_max) => Self::unprocessable(format!(
                "More than {entries_max} entries fit. Narrow the window, or use segb-server export-evidence on the \
                 server itself, which has no limit."
            )),
            BundleError::Unsigned(why) => Self::new(
                StatusCode::NOT_FOUND,
                format!("The journal is not signed, so there is no evidence: {why}."),
            ),
            BundleError::Busy => Self::unavailable("Too many exports are running. Try again.", RETRY_BUSY),
            BundleError::Storage(cause) => Self::internal(cause),
            // A server has its own journal, with its own key.
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<EraseError> for ApiError {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::UnknownLog => Self::new(StatusCode::NOT_FOUND, "Log not found."),
            EraseError::NotALog(kind) => Self::unprocessable(format!(
                "Only what a robot sent can be erased; this entry is of kind {kind}, which the server made."
            )),
            EraseError::AlreadyErased(tombstone) => Self::new(
                StatusCode::CONFLICT,
                format!("The log was erased at {} by {}.", tombstone.erased_at, tombstone.erased_by),
            ),
            EraseError::Held(holds) => Self::new(
                StatusCode::CONFLICT,
                format!(
                    "The log is under hold ({}), so it was not erased. That it was to be is recorded.",
                    holds.join(", ")
                ),
            ),
            EraseError::Record(error) => error.into(),
            EraseError::Read(error) => error.into(),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<ReleaseError> for ApiError {
    fn from(error: ReleaseError) -> Self {
        match error {
            ReleaseError::UnknownHold => Self::new(StatusCode::NOT_FOUND, "Hold not found."),
            ReleaseError::AlreadyReleased(released_at) => {
                Self::new(StatusCode::CONFLICT, format!("The hold was released at {released_at}."))
            }
            ReleaseError::Record(error) => error.into(),
            ReleaseError::Read(error) => error.into(),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<WhyError> for ApiError {
    fn from(error: WhyError) -> Self {
        match error {
            WhyError::NoTerm => {
                Self::unprocessable("At least one of subject, predicate and object is needed.")
            }
            WhyError::BadTerm { position, .. } => {
                let message = format!("Input should be an RDF term: {error}");
                Self::fields(vec![FieldError::new("value_error", "query", position, message)])
            }
            WhyError::Deadline(limit) => deadline("answer", limit),
            WhyError::Read(ReadError::Busy) => reports_busy(),
            WhyError::Read(error) => error.into(),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Busy => Self::unavailable("Too many exports are running. Try again.", RETRY_BUSY),
            ReadError::NotReady { applied, total } => not_ready(applied, total),
            ReadError::Closed => closed(),
            ReadError::Storage(cause) => Self::internal(cause),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::UnknownResource(_) => {
                Self::new(StatusCode::NOT_FOUND, "Nothing in the graph has this name.")
            }
            ReportError::TooLarge(_) => Self::unprocessable(
                "The report would be made of too much. Narrow it with since and until, robot or human.",
            ),
            ReportError::Deadline(limit) => deadline("report", limit),
            ReportError::Read(ReadError::Busy) => reports_busy(),
            ReportError::Read(error) => error.into(),
            other => Self::internal(other.to_string()),
        }
    }
}

impl ApiError {
    /// Large answers fill the room that there is for them until they are read.
    pub(crate) fn too_many_answers() -> Self {
        Self::unavailable("Too many large answers are being read. Try again.", RETRY_BUSY)
    }
}

fn reports_busy() -> ApiError {
    ApiError::unavailable("Too many reports are being made. Try again.", RETRY_BUSY)
}

/// The text of the Python service for an update sent as a query.
pub(crate) const UPDATE_REFUSED: &str = "Update queries are not allowed for this request.";

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Update => Self::unprocessable(UPDATE_REFUSED),
            QueryError::Syntax(_)
            | QueryError::UnknownForm
            | QueryError::TooLong { .. }
            | QueryError::TooNested { .. }
            | QueryError::TooComplex { .. }
            | QueryError::Service
            | QueryError::Evaluation(_) => Self::unprocessable(error.to_string()),
            QueryError::TooManyRows(rows_max) => Self::unprocessable(format!(
                "The answer has more than {rows_max} rows. Narrow the query, or add LIMIT and OFFSET."
            )),
            QueryError::AnswerTooLarge(bytes_max) => Self::unprocessable(format!(
                "The answer is longer than {bytes_max} bytes. Narrow the query, or add LIMIT and OFFSET."
            )),
            QueryError::NotAcceptable => Self::new(
                StatusCode::NOT_ACCEPTABLE,
                "The answer to this form of query has none of the media types in Accept.",
            ),
            QueryError::NotRepresentable { .. } => Self::new(StatusCode::NOT_ACCEPTABLE, error.to_string()),
            QueryError::Memory { bytes_max } => Self::unprocessable(format!(
                "The query needed more than {bytes_max} bytes of memory and was stopped. Narrow it."
            )),
            QueryError::ProcessLost | QueryError::NoProcess => {
                Self::unavailable(error.to_string(), RETRY_BUSY)
            }
            QueryError::Busy => Self::unavailable("Too many queries are running. Try again.", RETRY_BUSY),
            QueryError::Deadline(limit) => deadline("query", limit),
            QueryError::NotReady { applied, total } => not_ready(applied, total),
            QueryError::Closed => closed(),
            QueryError::Storage(cause) => Self::internal(cause),
            other => Self::internal(other.to_string()),
        }
    }
}

fn deadline(what: &str, limit: Duration) -> ApiError {
    let detail = format!("The {what} took longer than the limit of {limit:?} and was stopped.");
    ApiError::new(StatusCode::GATEWAY_TIMEOUT, detail)
}

/// Of a stream that failed before its first byte; later it is too late for a status.
impl From<StreamError> for ApiError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Deadline(limit) => deadline("answer", limit),
            StreamError::NotRepresentable(detail) => Self::new(StatusCode::NOT_ACCEPTABLE, detail),
            StreamError::Failed(cause) => Self::internal(cause),
            other => Self::internal(other.to_string()),
        }
    }
}

/// The task on another thread panicked, or the server is ending.
impl From<BlockingError> for ApiError {
    fn from(error: BlockingError) -> Self {
        Self::internal(format!("a task ended without an answer: {error}"))
    }
}
