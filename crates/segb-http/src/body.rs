//! Request bodies: read within limits, expanded, understood.

mod coding;
mod json;
mod media_type;
mod read;
mod refusal;
mod text;

use std::{borrow::Cow, future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use tokio::sync::OwnedSemaphorePermit;

pub(crate) use coding::Coding;
pub(crate) use json::JsonObject;
pub(crate) use media_type::MediaType;
use segb_context::ObservationRequest;
use segb_store::Timestamp;
pub(crate) use text::whole_text;
use uuid::Uuid;

use crate::{ApiError, App, FieldError};

/// Bodies up to this size are understood at once; longer ones, and compressed ones, on a thread that may take its time.
const INLINE_BYTES_MAX: usize = 64 << 10;
/// The longest name a body may give its sender, in characters. It goes into every log line about the request.
const USER_CHARACTERS_MAX: usize = 1_000;

/// The longest id of a token, in characters; ours have 32.
const JTI_CHARACTERS_MAX: usize = 255;
/// The longest reason that may be given for something, in characters.
const REASON_CHARACTERS_MAX: usize = 1_000;

/// How many logs one hold may name.
const HELD_LOGS_MAX: usize = 10_000;

/// What a handler expects of a body.
pub(crate) trait Content: Sized + Send + 'static {
    /// Understands the bytes of a body with this media type.
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError>;
}

/// A body of the form `T`, within the limits. Has to come after [`Authorized`](crate::Authorized) in the list of a
/// handler's arguments.
pub(crate) struct Body<T> {
    /// What it says.
    pub content: T,
    /// Its share of the memory for bodies, to be kept as long as the content.
    pub share: Option<OwnedSemaphorePermit>,
}

impl<T: Content> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // Nothing happens before this future is polled, which it is not if an extractor before it refuses.
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let app = App::of(&request)?;
            let limits = app.options().body;
            let coding = Coding::of(request.headers())?;
            let media_type = MediaType::of(&request)?;
            let (bytes, share) = read::within_limits(app, request.headers(), coding, payload).await?;
            let read = move || T::read(&media_type, coding.expand(bytes, limits.bytes_max)?);
            let inline = coding == Coding::Identity && bytes_are_few(&request);
            let content = if inline { read()? } else { web::block(read).await?? };
            Ok(Self { content, share })
        })
    }
}

fn bytes_are_few(request: &HttpRequest) -> bool {
    read::content_length(request.headers()).is_some_and(|length| length <= INLINE_BYTES_MAX)
}

/// A log, or a document to check: `{"ttl_content", "user"}`, or the Turtle itself as `text/turtle`.
pub(crate) struct TurtleBody {
    /// The document as it was sent.
    pub document: Vec<u8>,
    /// Whom the body names as its sender.
    pub user: Option<String>,
}

impl Content for TurtleBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        if media_type.is("text/turtle") {
            text::read(&bytes)?;
            return Ok(Self { document: bytes, user: None });
        }
        let mut object = JsonObject::read(media_type, &bytes, &["ttl_content", "user"])?;
        let document = object.required_text("ttl_content");
        let user = user(&mut object);
        object.finish()?;
        Ok(Self { document: document.into_bytes(), user })
    }
}

/// The body of a request that changes something and carries nothing: `{"user"}`.
pub(crate) struct UserBody {
    /// Whom the body names as its sender.
    pub user: Option<String>,
}

impl Content for UserBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let mut object = JsonObject::read(media_type, &bytes, &["user"])?;
        let user = user(&mut object);
        object.finish()?;
        Ok(Self { user })
    }
}

/// A query to check: `{"query"}`.
pub(crate) struct QueryBody {
    /// The text of the query.
    pub query: String,
}

impl Content for QueryBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let mut object = JsonObject::read(media_type, &bytes, &["query"])?;
        let query = object.required_text("query");
        object.finish()?;
        Ok(Self { query })
    }
}

/// What a robot has observed.
pub(crate) struct ObservationBody(pub ObservationRequest);

impl Content for ObservationBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        const NAMES: [&str; 8] = [
            "event_kind",
            "observed_at",
            "subject_uri",
            "modality",
            "text",
            "observation_uri",
            "robot_uri",
            "time_window_seconds",
        ];
        let mut object = JsonObject::read(media_type, &bytes, &NAMES)?;
        let observation = ObservationRequest {
            event_kind: object.required_text("event_kind"),
            observed_at: object.required_moment("observed_at"),
            subject_uri: object.optional_text("subject_uri"),
            modality: object.optional_text("modality"),
            text: object.optional_text("text"),
            observation_uri: object.optional_text("observation_uri"),
            robot_uri: object.optional_text("robot_uri"),
            time_window_seconds: object.optional_number("time_window_seconds"),
        };
        object.finish()?;
        Ok(Self(observation))
    }
}

/// The context that a person chose: `{"target_context_uri"}`.
pub(crate) struct TargetBody {
    /// Its URI.
    pub target_context_uri: String,
}

impl Content for TargetBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let mut object = JsonObject::read(media_type, &bytes, &["target_context_uri"])?;
        let target_context_uri = object.required_text("target_context_uri");
        object.finish()?;
        Ok(Self { target_context_uri })
    }
}

/// Which token is to be revoked: `{"jti", "reason"}`.
pub(crate) struct RevocationBody {
    /// Its id.
    pub jti: String,
    /// Why.
    pub reason: Option<String>,
}

impl Content for RevocationBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let mut object = JsonObject::read(media_type, &bytes, &["jti", "reason"])?;
        let jti = object.required_text_within("jti", JTI_CHARACTERS_MAX);
        let reason = object.optional_text_within("reason", REASON_CHARACTERS_MAX);
        object.finish()?;
        Ok(Self { jti, reason })
    }
}

/// Why a log is to be erased: `{"reason", "legal_ground"}`.
pub(crate) struct ErasureBody {
    /// Why.
    pub reason: String,
    /// By what law or rule.
    pub legal_ground: String,
}

impl Content for ErasureBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let mut object = JsonObject::read(media_type, &bytes, &["reason", "legal_ground"])?;
        let reason = object.required_text_within("reason", REASON_CHARACTERS_MAX);
        let legal_ground = object.required_text_within("legal_ground", REASON_CHARACTERS_MAX);
        object.finish()?;
        Ok(Self { reason, legal_ground })
    }
}

/// What is to be held: `{"reason", "since", "until", "log_ids"}`.
pub(crate) struct HoldBody {
    /// Why.
    pub reason: String,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only these.
    pub log_ids: Option<Vec<Uuid>>,
}

impl Content for HoldBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let names = &["reason", "since", "until", "log_ids"];
        let mut object = JsonObject::read(media_type, &bytes, names)?;
        let reason = object.required_text_within("reason", REASON_CHARACTERS_MAX);
        let (since, until) = (object.optional_moment("since"), object.optional_moment("until"));
        if let (Some(since), Some(until)) = (since, until)
            && since >= until
        {
            let message = "Input should be later than since";
            object.refuse(FieldError::new("value_error", "body", "until", message));
        }
        let log_ids = object.optional_texts("log_ids");
        let log_ids = log_ids.map(|ids| ids.iter().map(|id| id.parse()).collect::<Result<Vec<Uuid>, _>>());
        let message = match &log_ids {
            Some(Err(_)) => Some(Cow::from("Input should be a list of valid UUIDs")),
            Some(Ok(ids)) if !(1..=HELD_LOGS_MAX).contains(&ids.len()) => {
                Some(Cow::from(format!("List should have 1 to {HELD_LOGS_MAX} items")))
            }
            _ => None,
        };
        if let Some(message) = message {
            object.refuse(FieldError::new("value_error", "body", "log_ids", message));
        }
        object.finish()?;
        Ok(Self { reason, since, until, log_ids: log_ids.and_then(Result::ok) })
    }
}

/// Why a hold ends: `{"reason"}`, or nothing.
pub(crate) struct ReleaseBody {
    /// Why.
    pub reason: Option<String>,
}

impl Content for ReleaseBody {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let Some(mut object) = JsonObject::read_optional(media_type, &bytes, &["reason"])? else {
            return Ok(Self { reason: None });
        };
        let reason = object.optional_text_within("reason", REASON_CHARACTERS_MAX);
        object.finish()?;
        Ok(Self { reason })
    }
}

/// A body that need not be there and says nothing; if there is one it is a JSON object.
pub(crate) struct NoContent;

impl Content for NoContent {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        if let Some(object) = JsonObject::read_optional(media_type, &bytes, &[])? {
            object.finish()?;
        }
        Ok(Self)
    }
}

/// The member `user`: trimmed; blank is as good as none.
fn user(object: &mut JsonObject) -> Option<String> {
    let user = object.optional_text("user")?;
    let user = user.trim();
    if user.chars().count() > USER_CHARACTERS_MAX {
        let message = Cow::from(format!("String should have at most {USER_CHARACTERS_MAX} characters"));
        object.refuse(FieldError::new("string_too_long", "body", "user", message));
    }
    (!user.is_empty()).then(|| user.to_owned())
}
