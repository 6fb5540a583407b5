//! What is said of a body however it was found out.

use actix_web::http::StatusCode;

use crate::ApiError;

/// It is longer than the limit, as it came or when it is expanded.
pub(super) fn too_large(bytes_max: usize) -> ApiError {
    let detail = format!("The body is longer than the limit of {bytes_max} bytes.");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail).closing()
}
