//! `GET /journal/tile/…`: the tree in pieces that never change, as monitors read it (C2SP tlog-tiles).

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{self, Path},
};
use segb_store::{ProofError, journal_format::tile::Tile};

use crate::{ApiError, Authorized, actions::ReadLogs, app::PublicJournal, error::ErrorBody, request::note};

/// Once there, a tile stays as it is.
const CACHE_FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What is not public must not be kept by a proxy.
const CACHE_FOR_THE_CALLER: &str = "private, max-age=31536000, immutable";

/// Gives a tile of hashes: `/journal/tile/<level>/<index>`, with `.p/<width>` if it is not full.
#[utoipa::path(
    get, path = "/journal/tile/{level}/{index}", operation_id = "show_tile", tag = "evidence", security(()),
    params(("level" = String, Path), ("index" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = ErrorBody)),
)]
pub(crate) async fn show(
    journal: PublicJournal,
    place: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (level, index) = place.into_inner();
    let bytes = journal.hash_tile(tile(&format!("tile/{level}/{index}"))?).await?;
    Ok(answer(bytes, CACHE_FOR_EVER))
}

/// Gives a tile of entries: their records, each behind its length in two bytes.
#[utoipa::path(
    get, path = "/journal/tile/entries/{index}", operation_id = "show_entries_tile", tag = "evidence",
    params(("index" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = ErrorBody)),
)]
pub(crate) async fn show_entries(
    authorized: Authorized<ReadLogs>,
    index: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let tile = tile(&format!("tile/entries/{index}"))?;
    let store = authorized.store().clone();
    let bytes = web::block(move || store.tile(tile)).await??;
    note!(info, authorized.context(), "gave out {tile}");
    Ok(answer(bytes, CACHE_FOR_THE_CALLER))
}

fn tile(path: &str) -> Result<Tile, ApiError> {
    path.parse().map_err(|_| ProofError::NoSuchTile.into())
}

fn answer(bytes: Vec<u8>, caching: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CACHE_CONTROL, caching))
        .body(bytes)
}
