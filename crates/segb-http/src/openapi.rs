//! The OpenAPI document, made of the descriptions at the handlers: next to the router, the one list of them all.

use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        Content, OpenApi as Document, Ref, Response, ResponseBuilder,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    description::{Description, is_public},
    error::ErrorBody,
    routes,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "SEGB",
        description = "Semantic Ethical Glass Box: keeps what robots log, and lets auditors read it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        routes::health::live,
        routes::health::ready,
        routes::auth_mode::show,
        routes::revocations::revoke,
        routes::revocations::list,
        routes::openapi::show,
        routes::docs::show,
        routes::metrics::show,
        routes::ttl::insert::insert,
        routes::ttl::validate::validate,
        routes::ttl::delete_all::delete_all,
        routes::events::export,
        routes::query::run::by_get,
        routes::query::run::by_post,
        routes::query::validate::validate,
        routes::logs::list::list,
        routes::logs::server::show,
        routes::logs::stream::stream,
        routes::logs::payload::show,
        routes::logs::show::show,
        routes::logs::proof::prove,
        routes::logs::erase::erase,
        routes::holds::place,
        routes::holds::list,
        routes::holds::release,
        routes::why::list,
        routes::audit::list::list,
        routes::audit::checkpoint::show,
        routes::audit::proof::prove,
        routes::evidence::export,
        routes::graph::search,
        routes::graph::neighbours,
        routes::graph::vocabulary,
        routes::explain::show,
        routes::reports::overview,
        routes::reports::participants,
        routes::reports::ml_usage,
        routes::reports::emotions,
        routes::reports::extreme_emotions,
        routes::reports::robot_states,
        routes::reports::displacement,
        routes::reports::conversations,
        routes::journal::checkpoint::show,
        routes::journal::key::show,
        routes::journal::consistency::prove,
        routes::journal::tile::show,
        routes::journal::tile::show_entries,
        routes::shared_context::resolve::resolve,
        routes::shared_context::stats::show,
        routes::shared_context::reconcile::reconcile,
        routes::shared_context::pending::list,
        routes::shared_context::accept::accept,
        routes::shared_context::reject::reject,
    ),
    // What no route has by itself, but only within a page with more members.
    components(schemas(segb_reports::EmotionRow)),
    modifiers(&Bearer, &CommonErrors),
    security(("bearer" = [])),
)]
struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The errors that routes have because of what they are, not of what they do.
struct CommonErrors;

/// Of every route that is not public.
const GUARD_ERRORS: [(&str, &str); 2] =
    [("401", "No token, or one that is not good"), ("403", "The roles of the token do not allow it")];

/// Of every route that reads a body.
const BODY_ERRORS: [(&str, &str); 3] = [
    ("408", "The body came too slowly"),
    ("413", "The body is too large"),
    ("415", "The body has a coding or media type that is not known"),
];

impl Modify for CommonErrors {
    fn modify(&self, document: &mut Document) {
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            if !is_public(operation) {
                add_errors(operation, &GUARD_ERRORS);
            }
            if operation.request_body.is_some() {
                add_errors(operation, &BODY_ERRORS);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    item.get.iter_mut().chain(item.post.iter_mut()).chain(item.delete.iter_mut())
}

/// What a route says about a status itself stays.
fn add_errors(operation: &mut Operation, errors: &[(&str, &str)]) {
    for (status, description) in errors {
        let responses = &mut operation.responses.responses;
        responses.entry((*status).to_owned()).or_insert_with(|| error(description).into());
    }
}

fn error(description: &str) -> Response {
    let schema = Ref::from_schema_name(ErrorBody::name());
    ResponseBuilder::new()
        .description(description)
        .content("application/json", Content::new(Some(schema)))
        .build()
}

/// What the routes may ask about themselves, made when one of them asks.
pub(crate) static DESCRIPTION: Description = Description::new(Api::openapi);

/// The description of all routes, for a server of this version.
#[must_use]
pub fn document(version: &str) -> Document {
    DESCRIPTION.document(version)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ROUTES;

    #[test]
    fn every_route_is_described() {
        let mut document = document("1");
        for route in ROUTES.iter().filter(|route| **route != "/") {
            assert!(document.paths.paths.contains_key(*route), "{route}");
        }
        assert_eq!(document.paths.paths.len(), ROUTES.len() - 1);
        let described = document.paths.paths.values_mut().flat_map(operations);
        let ids: Vec<_> = described.map(|operation| operation.operation_id.clone()).collect();
        let different: BTreeSet<_> = ids.iter().flatten().collect();
        assert_eq!(different.len(), ids.len(), "each has an id of its own: {ids:?}");
    }
}
