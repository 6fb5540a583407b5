//! Reading a body's bytes: not too many, not too slowly, and not too many bodies at once.

use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};

use actix_web::{
    dev::Payload,
    error::PayloadError,
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, HeaderMap},
    },
    rt::time::{Instant, timeout},
};
use futures_core::Stream;
use tokio::sync::OwnedSemaphorePermit;

use super::{coding::Coding, refusal::too_large};
use crate::{ApiError, App};

/// Bodies up to this size need no share of the budget: however many large ones are on their way, a robot's log gets
/// through. What they can add up to is bounded by the number of connections.
const SHARE_FREE_BYTES_MAX: usize = 64 << 10;
/// The wait that is advised when the memory for bodies was taken for the whole time a body may take.
const RETRY_BUDGET: Duration = Duration::from_secs(5);

/// The length that the head of the request announces.
pub(super) fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads all of a body, still encoded, and the share of the memory for bodies that was set aside for it.
pub(super) async fn within_limits(
    app: &App,
    headers: &HeaderMap,
    coding: Coding,
    payload: Payload,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), ApiError> {
    let limits = app.options().body;
    let announced = content_length(headers);
    if announced.is_some_and(|length| length > limits.bytes_max) {
        return Err(too_large(limits.bytes_max));
    }
    let deadline = Instant::now() + limits.duration_max;

    // What is compressed may become as long as the limit allows, and what does not say how long it is may be.
    let needed = match (coding, announced) {
        (Coding::Identity, Some(length)) => length,
        _ => limits.bytes_max,
    };
    let share = if needed <= SHARE_FREE_BYTES_MAX {
        None
    } else {
        let kib = needed.min(limits.budget_bytes) >> 10;
        let waiting = Arc::clone(app.body_budget()).acquire_many_owned(kib.try_into().unwrap_or(u32::MAX));
        match timeout(limits.duration_max, waiting).await {
            Ok(Ok(share)) => Some(share),
            Ok(Err(closed)) => return Err(ApiError::internal(closed.to_string())),
            Err(_) => return Err(no_memory()),
        }
    };

    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = timeout(left, collect(payload, announced.unwrap_or_default(), limits.bytes_max))
        .await
        .map_err(|_| too_slow(limits.duration_max))??;
    Ok((bytes, share))
}

async fn collect(mut payload: Payload, announced: usize, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    // Only what arrives takes memory: a caller may announce megabytes and send nothing.
    let mut bytes = Vec::with_capacity(announced.min(SHARE_FREE_BYTES_MAX));
    while let Some(chunk) = poll_fn(|context| Pin::new(&mut payload).poll_next(context)).await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if bytes.len() + chunk.len() > bytes_max {
            return Err(too_large(bytes_max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_slow(duration_max: Duration) -> ApiError {
    let detail = format!("The body did not arrive within the limit of {duration_max:?}.");
    ApiError::new(StatusCode::REQUEST_TIMEOUT, detail).closing()
}

fn no_memory() -> ApiError {
    ApiError::unavailable("Too many large bodies are being received. Try again.", RETRY_BUDGET).closing()
}

fn broken(error: &PayloadError) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, format!("The body could not be read: {error}")).closing()
}
