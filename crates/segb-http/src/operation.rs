//! The names by which accesses are recorded: the operation ids of the OpenAPI document.

use std::{collections::BTreeMap, sync::LazyLock};

use actix_web::{HttpRequest, http::Method};

use crate::{openapi, router};

/// Path → method → operation id, of all routes that are not public.
static OPERATIONS: LazyLock<BTreeMap<String, Vec<(&'static str, String)>>> = LazyLock::new(|| {
    let mut operations: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (path, method, id) in openapi::guarded_operations() {
        operations.entry(path).or_default().push((method, id));
    }
    operations
});

/// The name of what a request asks for.
pub(crate) fn of(request: &HttpRequest) -> &'static str {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    find(router::route_of(request), method.as_str()).unwrap_or(router::UNMATCHED)
}

fn find(route: &str, method: &str) -> Option<&'static str> {
    let operations: &'static BTreeMap<_, _> = &OPERATIONS;
    let (_, id) = operations.get(route)?.iter().find(|(known, _)| *known == method)?;
    Some(id)
}

/// All names, sorted by path.
pub(crate) fn all() -> impl Iterator<Item = &'static str> + Clone {
    let operations: &'static BTreeMap<_, _> = &OPERATIONS;
    operations.values().flatten().map(|(_, id)| id.as_str())
}
