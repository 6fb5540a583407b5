//! What only the fuzz targets in `tests/fuzz` call: the readers of what comes in a request, from bytes to values.

use actix_web::{
    ResponseError,
    body::MessageBody,
    http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue},
};
use segb_store::{EntryKind, GraphFormat, SolutionsFormat, Timestamp};
use uuid::Uuid;

use crate::{
    ApiError,
    body::{
        Coding, Content, ErasureBody, HoldBody, MediaType, NoContent, ObservationBody, QueryBody,
        ReleaseBody, RevocationBody, TargetBody, TurtleBody, UserBody,
    },
    negotiation::Accept,
    openapi::DESCRIPTION,
    parameters::Parameters,
};

/// The status of a refusal and the body of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The body, JSON.
    pub body: Vec<u8>,
}

impl Refusal {
    fn of(error: &ApiError) -> Self {
        let body = error.error_response().into_body().try_into_bytes();
        Self {
            status: error.status_code().as_u16(),
            body: body.map(|bytes| bytes.to_vec()).unwrap_or_default(),
        }
    }
}

/// The parameters of a query string or a form, each as the routes would read it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadParameters {
    /// `query`
    pub texts: Vec<String>,
    /// `actor`
    pub text: Option<String>,
    /// `limit`, from 1 to 2000
    pub integer: Option<u64>,
    /// `before`, from 0 to 2⁶³ - 1
    pub large: Option<u64>,
    /// `threshold`, from 0 to 1
    pub number: Option<f64>,
    /// `proof`
    pub truth: Option<bool>,
    /// `robot`, at most ten
    pub resources: Vec<String>,
    /// `since`
    pub moment: Option<Timestamp>,
    /// `log_id`
    pub ids: Option<Vec<Uuid>>,
    /// `kind`
    pub entry_kind: Option<EntryKind>,
    /// `of`, as their names
    pub kinds: Vec<&'static str>,
    /// `action`
    pub action: Option<String>,
}

/// Reads parameters.
///
/// # Errors
/// What the caller would be answered.
pub fn parameters(text: &[u8]) -> Result<ReadParameters, Refusal> {
    let mut parameters = Parameters::read(text);
    let read = ReadParameters {
        texts: parameters.all("query"),
        text: parameters.text("actor"),
        integer: parameters.integer("limit", 1..=2_000),
        large: parameters.integer("before", 0..=i64::MAX as u64),
        number: parameters.number("threshold", 0.0..=1.0),
        truth: parameters.truth("proof"),
        resources: parameters.resources("robot", 10),
        moment: parameters.moment("since"),
        ids: parameters.ids("log_id"),
        entry_kind: parameters.entry_kind("kind"),
        kinds: parameters.kinds("of").iter().map(|kind| kind.as_str()).collect(),
        action: parameters.access_action("action", DESCRIPTION.operations()),
    };
    parameters.finish().map(|()| read).map_err(|error| Refusal::of(&error))
}

/// The formats that a header `Accept` asks for: of solutions, of a graph, and of these media types.
pub fn accept(value: &str, offered: &[&'static str]) -> Accepted {
    let accept = Accept::read(std::iter::once(value));
    let one_of = accept.one_of(offered).map_err(|error| Refusal::of(&error));
    (accept.solutions(), accept.graph(), one_of)
}

/// See [`accept`].
pub type Accepted = (Option<SolutionsFormat>, Option<GraphFormat>, Result<&'static str, Refusal>);

/// The log in a body; the body is read as all other kinds of bodies, too.
///
/// # Errors
/// What the sender of the log would be answered.
pub fn body(
    content_type: &str,
    content_encoding: &str,
    bytes: &[u8],
    bytes_max: usize,
) -> Result<Vec<u8>, Refusal> {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(content_encoding) {
        headers.insert(CONTENT_ENCODING, value);
    }
    let read = || {
        let media_type = MediaType::read(content_type)?;
        let bytes = Coding::of(&headers)?.expand(bytes.to_vec(), bytes_max)?;
        let _ = UserBody::read(&media_type, bytes.clone());
        let _ = QueryBody::read(&media_type, bytes.clone());
        let _ = ObservationBody::read(&media_type, bytes.clone());
        let _ = TargetBody::read(&media_type, bytes.clone());
        let _ = RevocationBody::read(&media_type, bytes.clone());
        let _ = ErasureBody::read(&media_type, bytes.clone());
        let _ = HoldBody::read(&media_type, bytes.clone());
        let _ = ReleaseBody::read(&media_type, bytes.clone());
        let _ = NoContent::read(&media_type, bytes.clone());
        TurtleBody::read(&media_type, bytes).map(|body| body.document)
    };
    read().map_err(|error| Refusal::of(&error))
}
