//! The one thing about the store that everybody may know.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use segb_store::StoreStatus;

use super::App;
use crate::ApiError;

/// Whether the store can be used.
pub(crate) struct Readiness(pub StoreStatus);

impl FromRequest for Readiness {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(App::of(request).map(|app| Self(app.0.store.status())))
    }
}
