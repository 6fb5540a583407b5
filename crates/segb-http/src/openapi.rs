//! The OpenAPI document, made of the descriptions at the handlers.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::routes;

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
        routes::logs::payload::show,
        routes::logs::show::show,
        routes::shared_context::resolve::resolve,
        routes::shared_context::stats::show,
        routes::shared_context::reconcile::reconcile,
        routes::shared_context::pending::list,
        routes::shared_context::accept::accept,
        routes::shared_context::reject::reject,
    ),
    modifiers(&Bearer),
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

/// The description of all routes, for a server of this version.
#[must_use]
pub fn document(version: &str) -> Document {
    let mut document = Api::openapi();
    version.clone_into(&mut document.info.version);
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ROUTES;

    #[test]
    fn every_route_is_described() {
        let document = document("1");
        for route in ROUTES.iter().filter(|route| **route != "/") {
            assert!(document.paths.paths.contains_key(*route), "{route}");
        }
        assert_eq!(document.paths.paths.len(), ROUTES.len() - 1);
        let text = document.to_json().unwrap();
        let mut ids: Vec<_> =
            text.split("\"operationId\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let operations = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((operations, ids.len()), (ROUTES.len(), ROUTES.len()), "{ids:?}");
    }
}
