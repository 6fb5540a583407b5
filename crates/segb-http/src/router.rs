//! All routes, flat: which handler answers at which path.

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder, Route,
    dev::HttpServiceFactory,
    guard,
    http::Method,
    middleware::{Compress, from_fn},
    web::{self, ServiceConfig},
};

use crate::{ApiError, App, cors, error, openapi::DESCRIPTION, request, routes as handlers};

/// The API, to be mounted with [`configure`](actix_web::App::configure) at the root or in a scope.
pub fn routes(app: App) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let preflight = app.options().cors.middleware();
        let observer = app.clone();
        config.service(
            web::scope("")
                .app_data(app)
                .app_data(&DESCRIPTION)
                .configure(api)
                .default_service(web::to(not_found))
                .wrap(preflight)
                .wrap(from_fn(cors::reword))
                .wrap(from_fn(move |request, next| request::observe(observer.clone(), request, next))),
        );
    }
}

/// What the port of the UI serves: the API under `/api`, and the files of the UI.
pub fn ui_routes(app: App) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let observer = app.clone();
        config.service(web::scope("/api").configure(routes(app.clone()))).service(
            web::scope("")
                .app_data(app)
                .service(at("/").get(handlers::ui::show).done())
                .default_service(web::to(handlers::ui::show))
                .wrap(from_fn(move |request, next| request::observe(observer.clone(), request, next))),
        );
    }
}

fn api(config: &mut ServiceConfig) {
    config
        .service(at("/healthz/live").get(handlers::health::live).done())
        .service(at("/healthz/ready").get(handlers::health::ready).done())
        .service(at("/auth/mode").get(handlers::auth_mode::show).done())
        .service(
            at("/auth/revocations")
                .get(handlers::revocations::list)
                .post(handlers::revocations::revoke)
                .done(),
        )
        .service(at("/openapi.json").get(handlers::openapi::show).compressed())
        .service(at("/docs").get(handlers::docs::show).compressed())
        .service(at("/metrics").get(handlers::metrics::show).compressed())
        .service(at("/ttl").post(handlers::ttl::insert::insert).done())
        .service(at("/ttl/validate").post(handlers::ttl::validate::validate).done())
        .service(at("/ttl/delete_all").post(handlers::ttl::delete_all::delete_all).done())
        .service(at("/events").get(handlers::events::export).compressed())
        .service(
            at("/query").get(handlers::query::run::by_get).post(handlers::query::run::by_post).compressed(),
        )
        .service(at("/query/validate").post(handlers::query::validate::validate).done())
        .service(at("/logs").get(handlers::logs::list::list).compressed())
        .service(at("/logs/server").get(handlers::logs::server::show).compressed())
        .service(at("/logs/stream").get(handlers::logs::stream::stream).done())
        .service(at("/logs/{log_id}/payload").get(handlers::logs::payload::show).done())
        .service(at("/logs/{log_id}").get(handlers::logs::show::show).done())
        .service(at("/logs/{log_id}/proof").get(handlers::logs::proof::prove).done())
        .service(at("/logs/{log_id}/erase").post(handlers::logs::erase::erase).done())
        .service(at("/holds").get(handlers::holds::list).post(handlers::holds::place).done())
        .service(at("/holds/{hold_id}").delete(handlers::holds::release).done())
        .service(at("/evidence").get(handlers::evidence::export).done())
        .service(at("/why").get(handlers::why::list).compressed())
        .service(at("/audit").get(handlers::audit::list::list).compressed())
        .service(at("/audit/checkpoint").get(handlers::audit::checkpoint::show).done())
        .service(at("/audit/{sequence}/proof").get(handlers::audit::proof::prove).done())
        .configure(reports)
        .service(at("/graph/search").get(handlers::graph::search).compressed())
        .service(at("/graph/neighbours").get(handlers::graph::neighbours).compressed())
        .service(at("/graph/vocabulary").get(handlers::graph::vocabulary).compressed())
        .configure(journal)
        .configure(shared_context);
}

fn reports(config: &mut ServiceConfig) {
    use handlers::reports;

    config
        .service(at("/explain").get(handlers::explain::show).compressed())
        .service(at("/reports/overview").get(reports::overview).compressed())
        .service(at("/reports/participants").get(reports::participants).compressed())
        .service(at("/reports/ml-usage").get(reports::ml_usage).compressed())
        .service(at("/reports/emotions").get(reports::emotions).compressed())
        .service(at("/reports/extreme-emotions").get(reports::extreme_emotions).compressed())
        .service(at("/reports/robot-states").get(reports::robot_states).compressed())
        .service(at("/reports/displacement").get(reports::displacement).compressed())
        .service(at("/reports/conversations").get(reports::conversations).compressed());
}

fn journal(config: &mut ServiceConfig) {
    use handlers::journal as handlers;

    config
        .service(at("/journal/checkpoint").get(handlers::checkpoint::show).done())
        .service(at("/journal/key").get(handlers::key::show).done())
        .service(at("/journal/consistency").get(handlers::consistency::prove).done())
        .service(
            below("/journal/tile/entries/{index}", "/{index:.+}").get(handlers::tile::show_entries).done(),
        )
        .service(below("/journal/tile/{level}/{index}", "/{index:.+}").get(handlers::tile::show).done());
}

fn shared_context(config: &mut ServiceConfig) {
    use handlers::shared_context as handlers;

    config
        .service(at("/shared-context/resolve").post(handlers::resolve::resolve).done())
        .service(at("/shared-context/stats").get(handlers::stats::show).done())
        .service(at("/shared-context/reconcile").post(handlers::reconcile::reconcile).done())
        .service(at("/shared-context/review/pending").get(handlers::pending::list).compressed())
        .service(at("/shared-context/review/{case_id}/accept").post(handlers::accept::accept).done())
        .service(at("/shared-context/review/{case_id}/reject").post(handlers::reject::reject).done());
}

/// A path and its methods.
struct At {
    resource: Resource,
    allowed: Vec<&'static str>,
}

fn at(path: &'static str) -> At {
    At { resource: web::resource(path).name(path), allowed: Vec::new() }
}

/// As [`at`], for a path whose last part has slashes in it: `tail` is the pattern that takes its place.
fn below(path: &'static str, tail: &str) -> At {
    let start = path.rsplit_once('/').map_or("", |(start, _)| start);
    At { resource: web::resource(format!("{start}{tail}")).name(path), allowed: Vec::new() }
}

impl At {
    /// GET, and HEAD, which is GET without the body (RFC 9110, section 9.3.2).
    fn get<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let either = guard::Any(guard::Get()).or(guard::Head());
        self.resource = self.resource.route(Route::new().guard(either).to(handler));
        self.allowed.extend(["GET", "HEAD"]);
        self
    }

    fn post<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::method(Method::POST).to(handler));
        self.allowed.push("POST");
        self
    }

    fn delete<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::method(Method::DELETE).to(handler));
        self.allowed.push("DELETE");
        self
    }

    /// Every other method is answered with 405 and the list of these.
    fn done(self) -> Resource {
        let allowed = self.allowed.join(", ");
        self.resource.default_service(web::to(move || std::future::ready(error::not_allowed(&allowed))))
    }

    /// For answers that may be long: compressed if the caller can read that.
    fn compressed(self) -> impl HttpServiceFactory + 'static {
        self.done().wrap(Compress::default())
    }
}

async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(ApiError::no_such_route())
}
