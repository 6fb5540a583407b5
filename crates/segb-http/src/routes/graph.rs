//! `GET /graph/…`: finding a place in the graph, and walking from there.

use actix_web::HttpResponse;
use segb_reports::{Hits, Neighbours, NeighboursRequest, VocabularyInUse};

use super::reports::{compute, in_json};
use crate::{
    ApiError, Authorized, FieldError, actions::ReadGraph, error::ErrorBody, parameters::Parameters,
    request::note,
};

/// Hits in one answer, unless the caller asks for another number.
const HITS_DEFAULT: u64 = 20;
const HITS_MAX: u64 = 200;
/// The longest text to search for, in bytes; longer than any IRI that is found by its beginning.
const QUERY_BYTES_MAX: usize = 400;
/// Links in one answer, unless the caller asks for another number.
const LINKS_DEFAULT: u64 = 100;
const LINKS_MAX: u64 = 1_000;
/// Predicates in one filter.
const PREDICATES_MAX: usize = 50;
/// People and robots in one filter.
const PARTICIPANTS_MAX: usize = 50;

/// Finds resources by the beginning of an IRI, a prefixed name, or words of a text about them.
#[utoipa::path(
    get, path = "/graph/search", operation_id = "search_graph", tag = "graph",
    params(
        ("q" = String, Query, description = "At most 400 bytes; the last word may be the beginning of one"),
        ("limit" = Option<u64>, Query, description = "1 to 200 hits; 20 if not given"),
    ),
    responses((status = 200, body = Hits), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody),
        (status = 504, body = ErrorBody)),
)]
pub(crate) async fn search(
    authorized: Authorized<ReadGraph>,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let query = parameters.text("q");
    let limit = parameters.integer("limit", 1..=HITS_MAX).unwrap_or(HITS_DEFAULT) as usize;
    parameters.finish()?;
    let query = query.ok_or_else(|| ApiError::fields(vec![FieldError::missing("query", "q")]))?;
    if query.len() > QUERY_BYTES_MAX {
        let message = format!("Input should have at most {QUERY_BYTES_MAX} bytes");
        return Err(ApiError::fields(vec![FieldError::new("string_too_long", "query", "q", message)]));
    }
    let hits = compute(authorized.store(), move |store, view| {
        segb_reports::search(view, &store.prefixes(), &query, limit)
    })
    .await?;
    note!(info, authorized.context(), "searched the graph: {} hits", hits.hits.len());
    in_json(&authorized, &hits)
}

/// Gives the links of a resource, and what is said about it.
#[utoipa::path(
    get, path = "/graph/neighbours", operation_id = "list_neighbours", tag = "graph",
    params(
        ("resource" = String, Query, description = "An IRI, or a blank node as exports name it"),
        ("direction" = Option<String>, Query, description = "`out`, `in` or `both`; `both` if not given"),
        ("predicate" = Option<Vec<String>>, Query, description = "IRIs: links that say one of these"),
        ("kind" = Option<Vec<String>>, Query, description = "`activity`, `message`, …: neighbours of one of these kinds"),
        ("participant" = Option<Vec<String>>, Query, description = "IRIs of people and robots: neighbours in which \
            one of them takes part, or nobody"),
        ("since" = Option<String>, Query, description = "RFC 3339: neighbours from this moment on, or without a time"),
        ("until" = Option<String>, Query, description = "RFC 3339: neighbours before this moment, or without a time"),
        ("limit" = Option<u64>, Query, description = "1 to 1000 links; 100 if not given"),
        ("offset" = Option<u64>, Query, description = "How many links to pass over"),
    ),
    responses((status = 200, body = Neighbours), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 503, body = ErrorBody), (status = 504, body = ErrorBody)),
)]
pub(crate) async fn neighbours(
    authorized: Authorized<ReadGraph>,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let resource = parameters.required_resource("resource");
    let predicates = parameters.resources("predicate", PREDICATES_MAX);
    let kinds = parameters.kinds("kind");
    let participants = parameters.resources("participant", PARTICIPANTS_MAX);
    let (since, until) = (parameters.moment("since"), parameters.moment("until"));
    let limit = parameters.integer("limit", 1..=LINKS_MAX).unwrap_or(LINKS_DEFAULT) as usize;
    let offset = parameters.integer("offset", 0..=u64::from(u32::MAX)).unwrap_or(0) as usize;
    let direction = parameters.text("direction").unwrap_or_else(|| "both".to_owned());
    parameters.finish()?;
    let (outgoing, incoming) = match direction.trim() {
        "both" => (true, true),
        "out" => (true, false),
        "in" => (false, true),
        _ => {
            let message = "Input should be one of 'out', 'in', 'both'";
            return Err(ApiError::fields(vec![FieldError::new("enum", "query", "direction", message)]));
        }
    };
    let request = NeighboursRequest {
        resource,
        outgoing,
        incoming,
        predicates,
        kinds,
        since,
        until,
        participants,
        offset,
        limit,
    };
    let found = compute(authorized.store(), move |_, view| segb_reports::neighbours(view, &request)).await?;
    note!(info, authorized.context(), "listed {} neighbours", found.links.len());
    in_json(&authorized, &found)
}

/// Lists the classes and properties that the graph uses, and the prefixes that logs declared.
#[utoipa::path(
    get, path = "/graph/vocabulary", operation_id = "list_vocabulary", tag = "graph",
    responses((status = 200, body = VocabularyInUse), (status = 503, body = ErrorBody),
        (status = 504, body = ErrorBody)),
)]
pub(crate) async fn vocabulary(authorized: Authorized<ReadGraph>) -> Result<HttpResponse, ApiError> {
    let words =
        compute(authorized.store(), |store, view| segb_reports::vocabulary_in_use(view, &store.prefixes()));
    in_json(&authorized, &words.await?)
}
