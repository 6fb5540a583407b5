//! `GET /why`: who said it.

use actix_web::{HttpResponse, web};
use segb_store::{Assertion, WhyRequest};
use serde::Serialize;
use utoipa::ToSchema;

use super::{logs::JournalEntry, reports::in_json};
use crate::{
    ApiError, Authorized, actions::ReadLogs, error::ErrorBody, parameters::Parameters, request::note,
};

/// Assertions in one answer, unless the caller asks for another number.
const LIMIT_DEFAULT: u64 = 100;
/// Assertions in one answer, at most.
const LIMIT_MAX: u64 = 1_000;

/// That a log says a triple, or said it before it was erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct WhoSaidIt {
    /// As N-Triples write it, like the next two.
    subject: String,
    predicate: String,
    object: String,
    /// The log; one that is erased has an `erasure`.
    log: JournalEntry,
    /// The robots that the log is about; none of an erased log.
    robots: Vec<String>,
    /// Where the proof is that the log is in the journal.
    proof: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Assertions {
    /// Triple by triple; for each the logs in the order of receipt, erased ones last.
    assertions: Vec<WhoSaidIt>,
    /// The value of `offset` for the next ones; null at the end.
    next_offset: Option<u64>,
}

/// Lists which logs say a triple, or all triples of a subject, predicate or object.
#[utoipa::path(
    get, path = "/why", operation_id = "who_said_it", tag = "evidence",
    params(
        ("subject" = Option<String>, Query, description = "An IRI, a prefixed name or a blank node as exports name it"),
        ("predicate" = Option<String>, Query, description = "An IRI or a prefixed name"),
        ("object" = Option<String>, Query, description = "As a subject, or a literal as Turtle writes it"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 100 if not given"),
        ("offset" = Option<u64>, Query, description = "How many to pass over"),
    ),
    responses((status = 200, body = Assertions), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody),
        (status = 504, body = ErrorBody)),
)]
pub(crate) async fn list(
    authorized: Authorized<ReadLogs>,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let request = WhyRequest {
        subject: parameters.text("subject"),
        predicate: parameters.text("predicate"),
        object: parameters.text("object"),
        offset: parameters.integer("offset", 0..=i64::MAX as u64).unwrap_or(0),
        limit: parameters.integer("limit", 1..=LIMIT_MAX).unwrap_or(LIMIT_DEFAULT) as u32,
    };
    parameters.finish()?;
    let store = authorized.store().clone();
    let page = web::block(move || store.why(&request)).await??;
    note!(info, authorized.context(), "said who asserted what, {} times", page.assertions.len());
    let assertions = page.assertions.into_iter().map(WhoSaidIt::from).collect();
    in_json(&authorized, &Assertions { assertions, next_offset: page.next_offset })
}

impl From<Assertion> for WhoSaidIt {
    fn from(assertion: Assertion) -> Self {
        let Assertion { triple: [subject, predicate, object], stored, robots } = assertion;
        let proof = format!("/logs/{}/proof", stored.entry.log_id);
        Self { subject, predicate, object, log: stored.into(), robots, proof }
    }
}
