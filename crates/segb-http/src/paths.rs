//! The paths of the API, and which of them a request is for. Handlers, extractors and measurements know paths by name
//! only, so that none of them depends on the router, which depends on all of them.

use actix_web::{HttpRequest, http::StatusCode};

/// The paths of the API, in the order in which they are tried.
pub const ROUTES: [&str; 51] = [
    "/healthz/live",
    "/healthz/ready",
    "/auth/mode",
    "/auth/revocations",
    "/openapi.json",
    "/docs",
    "/metrics",
    "/ttl",
    "/ttl/validate",
    "/ttl/delete_all",
    "/events",
    "/query",
    "/query/validate",
    "/logs",
    "/logs/server",
    "/logs/stream",
    "/logs/{log_id}/payload",
    "/logs/{log_id}/proof",
    "/logs/{log_id}/erase",
    "/logs/{log_id}",
    "/holds",
    "/holds/{hold_id}",
    "/why",
    "/audit",
    "/audit/checkpoint",
    "/audit/{sequence}/proof",
    "/evidence",
    "/graph/search",
    "/graph/neighbours",
    "/graph/vocabulary",
    "/explain",
    "/reports/overview",
    "/reports/participants",
    "/reports/ml-usage",
    "/reports/emotions",
    "/reports/extreme-emotions",
    "/reports/robot-states",
    "/reports/displacement",
    "/reports/conversations",
    "/journal/checkpoint",
    "/journal/key",
    "/journal/consistency",
    "/journal/tile/entries/{index}",
    "/journal/tile/{level}/{index}",
    "/shared-context/resolve",
    "/shared-context/stats",
    "/shared-context/reconcile",
    "/shared-context/review/pending",
    "/shared-context/review/{case_id}/accept",
    "/shared-context/review/{case_id}/reject",
    "/",
];

/// What measurements call a request for a page or file of the UI.
const UI: &str = "/";
/// What measurements call a request for no route.
pub(crate) const UNMATCHED: &str = "unmatched";

/// What a request is counted as. The files of the UI have no routes of their own; what else has none is not found.
pub(crate) fn measured_as(request: &HttpRequest, status: StatusCode) -> &'static str {
    let route = route_of(request);
    if route == UNMATCHED && (status.is_success() || status.is_redirection()) { UI } else { route }
}

/// The route that answered a request, as one of [`ROUTES`].
pub(crate) fn route_of(request: &HttpRequest) -> &'static str {
    let Some(name) = request.match_name() else {
        return UNMATCHED;
    };
    ROUTES.iter().find(|route| **route == name).unwrap_or(&UNMATCHED)
}
