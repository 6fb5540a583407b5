//! What a body says it is (`Content-Type`, RFC 9110, section 8.3).

use actix_web::{
    HttpRequest,
    http::{StatusCode, header::CONTENT_TYPE},
};

use crate::ApiError;

/// A media type without its parameters, in lower case; none if the header is missing or empty.
pub(crate) struct MediaType(Option<String>);

impl MediaType {
    pub(super) fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let value = request.headers().get(CONTENT_TYPE).map_or(Ok(""), |value| value.to_str()).unwrap_or("?");
        Self::read(value)
    }

    /// Of the value of the header.
    pub(crate) fn read(value: &str) -> Result<Self, ApiError> {
        let mut parts = value.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        for parameter in parts {
            let Some((name, charset)) = parameter.split_once('=') else {
                continue;
            };
            let utf8 = ["utf-8", "utf8", "us-ascii"]
                .contains(&charset.trim_matches('"').to_ascii_lowercase().as_str());
            if name.eq_ignore_ascii_case("charset") && !utf8 && !is_json(&essence) {
                return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body has to be UTF-8."));
            }
        }
        Ok(Self((!essence.is_empty()).then_some(essence)))
    }

    /// Whether it is exactly this one.
    pub(crate) fn is(&self, essence: &str) -> bool {
        self.0.as_deref() == Some(essence)
    }

    /// Whether the body is to be read as JSON: it says so, or says nothing.
    pub(super) fn may_be_json(&self) -> bool {
        self.0.as_deref().is_none_or(is_json)
    }
}

fn is_json(essence: &str) -> bool {
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
