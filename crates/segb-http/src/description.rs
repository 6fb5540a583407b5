//! The OpenAPI document as a handler or an extractor sees it. It is made of all routes, so that no route can import it
//! without importing every other; the router hands it to them instead.

use std::{
    collections::BTreeMap,
    future::{Ready, ready},
    sync::OnceLock,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::Method};
use utoipa::openapi::{OpenApi as Document, path::Operation, security::SecurityRequirement};

use crate::{ApiError, paths};

/// What the routes are, in words for machines.
pub(crate) struct Description {
    write: fn() -> Document,
    guarded: OnceLock<GuardedOperations>,
}

/// Path → method → operation id, of all routes that are not public: the names by which accesses are recorded.
type GuardedOperations = BTreeMap<String, Vec<(&'static str, String)>>;

impl Description {
    /// Of the routes that `write` describes.
    pub(crate) const fn new(write: fn() -> Document) -> Self {
        Self { write, guarded: OnceLock::new() }
    }

    /// The document, for a server of this version.
    pub(crate) fn document(&self, version: &str) -> Document {
        let mut document = (self.write)();
        version.clone_into(&mut document.info.version);
        document
    }

    /// The name of what a request asks for.
    pub(crate) fn operation_of(request: &HttpRequest) -> &'static str {
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let description = request.app_data::<&'static Self>();
        let operation =
            description.and_then(|found| found.operation(paths::route_of(request), method.as_str()));
        operation.unwrap_or(paths::UNMATCHED)
    }

    /// The names of all that is not public, sorted by path.
    pub(crate) fn operations(&'static self) -> impl Iterator<Item = &'static str> + Clone {
        self.guarded().values().flatten().map(|(_, id)| id.as_str())
    }

    fn operation(&'static self, route: &str, method: &str) -> Option<&'static str> {
        let (_, id) = self.guarded().get(route)?.iter().find(|(known, _)| *known == method)?;
        Some(id)
    }

    fn guarded(&self) -> &GuardedOperations {
        self.guarded.get_or_init(|| guarded_operations((self.write)()))
    }
}

fn guarded_operations(document: Document) -> GuardedOperations {
    let mut guarded = GuardedOperations::new();
    for (path, item) in document.paths.paths {
        for (method, operation) in [("GET", item.get), ("POST", item.post), ("DELETE", item.delete)] {
            let operation = operation.filter(|operation| !is_public(operation));
            if let Some(id) = operation.and_then(|operation| operation.operation_id) {
                guarded.entry(path.clone()).or_default().push((method, id));
            }
        }
    }
    guarded
}

/// Whether it may be called without a token: its own list of what is needed has an entry that needs nothing.
pub(crate) fn is_public(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|needed| needed.contains(&SecurityRequirement::default()))
}

/// The description of the routes that the request came to.
impl FromRequest for &'static Description {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let description = request.app_data::<Self>().copied();
        ready(description.ok_or_else(|| ApiError::internal("the routes have no description")))
    }
}
