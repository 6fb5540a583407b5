//! `POST /ttl`: a log comes in.

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, web};
use segb_store::{Hash, ParsedLog, Pending, Receipt, RecordError, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    ApiError, Authorized,
    actions::InsertLog,
    body::{Body, TurtleBody},
    error::ErrorBody,
    headers::REPLAYED,
    parameters::{IdempotencyKey, Parameters},
    request::note,
    routes::logs::proof::Proof,
};

/// Documents up to this length take some 0.2 ms to parse and compress: less than it is worth to wake another thread.
const PARSED_IN_PLACE_BYTES_MAX: usize = 8 << 10;

/// The body of POST /ttl and POST /ttl/validate; the Turtle may also be sent as it is, as `text/turtle`.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "only describes the body, which is read member by member")]
pub(crate) struct TurtleRequest {
    /// A Turtle document.
    #[schema(example = "@prefix prov: <http://www.w3.org/ns/prov#> . <urn:robot:ari> a prov:Agent .")]
    ttl_content: String,
    /// Who the sender says to be.
    user: Option<String>,
}

/// The receipt for a log.
#[derive(Serialize, ToSchema)]
pub(crate) struct Inserted {
    message: &'static str,
    log_id: Uuid,
    /// Its place in the journal, from 0.
    sequence: u64,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// How many distinct triples it asserts.
    triple_count: u64,
    /// SHA-256 of the document, in hexadecimal.
    #[schema(value_type = String)]
    content_sha256: Hash,
    /// The leaf of the entry in the Merkle tree over the journal, in hexadecimal.
    #[schema(value_type = String)]
    leaf_hash: Hash,
    /// That the log is in the journal, if it was asked for; else null.
    proof: Option<Proof>,
}

impl From<Receipt> for Inserted {
    fn from(receipt: Receipt) -> Self {
        Self {
            message: "TTL inserted",
            log_id: receipt.log_id,
            sequence: receipt.sequence,
            received_at: receipt.received_at,
            triple_count: receipt.triple_count,
            content_sha256: receipt.content_sha256,
            leaf_hash: receipt.leaf_hash,
            proof: None,
        }
    }
}

/// Stores a log. When the answer comes it is on disk.
///
/// It is in the graph then, too, unless a very large log is just being put there: then small logs are answered as soon
/// as they are on disk, and queries see them shortly afterwards.
///
/// With an `Idempotency-Key`, sending the same log again answers the receipt of the first time.
#[utoipa::path(
    post, path = "/ttl", operation_id = "insert_log", tag = "logs",
    params(("proof" = Option<bool>, Query, description = "`true`: with the proof that the log is in the journal"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters")),
    request_body(content(
        (TurtleRequest = "application/json"),
        (String = "text/turtle"),
    )),
    responses(
        (status = 201, body = Inserted, headers(
            ("Location", description = "Where the log can be read"),
            ("Idempotent-Replayed", description = "`true` if the log was stored by an earlier request"),
        )),
        (status = 400, body = ErrorBody, description = "The body is not UTF-8"),
        (status = 413, body = ErrorBody, description = "The body is too large"),
        (status = 422, body = ErrorBody, description = "The body or the Turtle in it is invalid"),
        (status = 503, body = ErrorBody, description = "Too much is waiting; try again"),
        (status = 507, body = ErrorBody, description = "The disk is full"),
    ),
)]
pub(crate) async fn insert(
    authorized: Authorized<InsertLog>,
    key: IdempotencyKey,
    mut parameters: Parameters,
    body: Body<TurtleBody>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let with_proof = parameters.truth("proof").unwrap_or(false);
    parameters.finish()?;
    let Body { content: TurtleBody { document, user }, share } = body;
    let bytes = document.len();
    let limits = authorized.store().turtle_limits().to_owned();
    let provenance = authorized.provenance(user);

    let store = authorized.store().clone();
    let record = move || -> Result<Pending<Receipt, RecordError>, ApiError> {
        let log = ParsedLog::parse(document, &limits)?;
        Ok(store.record(log, provenance, key.0)?)
    };
    let pending = if bytes <= PARSED_IN_PLACE_BYTES_MAX { record()? } else { web::block(record).await?? };
    let receipt = pending.await?;
    drop(share);

    let Receipt { log_id, sequence, triple_count, repeated, .. } = receipt;
    let done = if repeated { "already inserted" } else { "inserted" };
    let context = authorized.context();
    note!(info, context, "{done} {bytes} bytes, {triple_count} triples, sequence {sequence}, log {log_id}");

    let mut response = HttpResponse::Created();
    let mounted_at = request.path().strip_suffix("/ttl").unwrap_or_default();
    response.insert_header((LOCATION, format!("{mounted_at}/logs/{log_id}")));
    if repeated {
        response.insert_header((REPLAYED, "true"));
    }
    let mut inserted = Inserted::from(receipt);
    if with_proof {
        let store = authorized.store().clone();
        inserted.proof = Some(web::block(move || store.prove_entry(log_id, None)).await??.into());
    }
    Ok(response.json(inserted))
}
