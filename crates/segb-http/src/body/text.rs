//! Bodies as text: UTF-8, or refused.

use actix_web::http::StatusCode;

use crate::ApiError;

/// The bytes as text.
pub(super) fn read(bytes: &[u8]) -> Result<&str, ApiError> {
    // The text of FastAPI for this.
    str::from_utf8(bytes)
        .map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "There was an error parsing the body"))
}

/// A body that is taken whole as text, for routes that know what to do with its media type.
pub(crate) fn whole_text(bytes: Vec<u8>) -> Result<String, ApiError> {
    read(&bytes)?;
    String::from_utf8(bytes).map_err(|error| ApiError::internal(error.to_string()))
}
