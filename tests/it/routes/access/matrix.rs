//! Every route × every caller × both modes × both ports, against the table of the contract.

use std::collections::BTreeSet;

use segb_auth::Role;
use segb_tests::{Client, Server, ServerBuilder, token};

/// Whom a route is for, in protected mode.
const PUBLIC: &[Option<Role>] = &[None, Some(Role::Logger), Some(Role::Auditor), Some(Role::Admin)];
const LOGGERS: &[Option<Role>] = &[Some(Role::Logger), Some(Role::Admin)];
const AUDITORS: &[Option<Role>] = &[Some(Role::Auditor), Some(Role::Admin)];
const ADMINS: &[Option<Role>] = &[Some(Role::Admin)];

/// A route, and a request for it that is good.
struct Route {
    method: &'static str,
    /// As in the OpenAPI document.
    path: &'static str,
    query: &'static str,
    body: &'static str,
    allowed: &'static [Option<Role>],
    /// The answer to those who may.
    status: u16,
}

impl Route {
    const fn answered(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

const fn get(path: &'static str, query: &'static str, allowed: &'static [Option<Role>]) -> Route {
    Route { method: "GET", path, query, body: "", allowed, status: 200 }
}

const fn post(
    path: &'static str,
    body: &'static str,
    allowed: &'static [Option<Role>],
    status: u16,
) -> Route {
    Route { method: "POST", path, query: "", body, allowed, status }
}

const OBSERVATION: &str = r#"{"event_kind": "door_opened", "observed_at": "2026-01-31T10:00:00Z"}"#;
const TURTLE: &str = r#"{"ttl_content": "<urn:a> a <urn:b> ."}"#;

/// The table of the contract.
const ROUTES: [Route; 53] = [
    get("/healthz/live", "", PUBLIC),
    get("/healthz/ready", "", PUBLIC),
    get("/auth/mode", "", PUBLIC),
    get("/openapi.json", "", PUBLIC),
    get("/docs", "", PUBLIC),
    post("/ttl", TURTLE, LOGGERS, 201),
    post("/ttl/validate", TURTLE, ADMINS, 200),
    post("/ttl/delete_all", "{}", ADMINS, 200),
    get("/events", "", AUDITORS),
    get("/query", "?query=ASK%20%7B%7D", AUDITORS),
    post("/query", "query=ASK%20%7B%7D", AUDITORS, 200),
    post("/query/validate", r#"{"query": "ASK {}"}"#, AUDITORS, 200),
    get("/logs", "", AUDITORS),
    get("/logs/{log_id}", "", AUDITORS),
    get("/logs/{log_id}/payload", "", AUDITORS),
    get("/logs/server", "", ADMINS),
    get("/logs/stream", "?follow=false&after=0", AUDITORS),
    get("/metrics", "", ADMINS),
    post("/auth/revocations", r#"{"jti": "0123456789abcdef"}"#, ADMINS, 201),
    get("/auth/revocations", "", ADMINS),
    get("/logs/{log_id}/proof", "", AUDITORS),
    // Without a reason, so that the log is there for the next caller.
    post("/logs/{log_id}/erase", "{}", ADMINS, 422),
    post("/holds", r#"{"reason": "an inquiry", "until": "2020-01-01T00:00:00Z"}"#, ADMINS, 201),
    get("/holds", "", ADMINS),
    Route { method: "DELETE", ..post("/holds/{hold_id}", "", ADMINS, 404) },
    get("/graph/search", "?q=first", AUDITORS),
    get("/graph/vocabulary", "", AUDITORS),
    get("/graph/neighbours", "?resource=urn:nothing", AUDITORS).answered(404),
    get("/why", "?subject=urn:a", AUDITORS),
    get("/audit", "?limit=1", ADMINS),
    get("/audit/checkpoint", "", ADMINS),
    get("/audit/{sequence}/proof", "", ADMINS),
    get("/evidence", "?since=1970-01-01T00:00:00Z", AUDITORS),
    // Whoever comes first has emptied the graph, and only those learn so who may read it.
    get("/explain", "?resource=urn:nothing", AUDITORS).answered(404),
    get("/reports/overview", "", AUDITORS),
    get("/reports/participants", "", AUDITORS),
    get("/reports/ml-usage", "", AUDITORS),
    get("/reports/emotions", "", AUDITORS),
    get("/reports/extreme-emotions", "", AUDITORS),
    get("/reports/robot-states", "", AUDITORS),
    get("/reports/displacement", "", AUDITORS),
    get("/reports/conversations", "", AUDITORS),
    get("/journal/checkpoint", "", PUBLIC),
    get("/journal/key", "", PUBLIC),
    get("/journal/consistency", "?from=0", PUBLIC),
    get("/journal/tile/{level}/{index}", "", PUBLIC),
    get("/journal/tile/entries/{index}", "", AUDITORS),
    post("/shared-context/resolve", OBSERVATION, LOGGERS, 200),
    get("/shared-context/stats", "", AUDITORS),
    post("/shared-context/reconcile", "", ADMINS, 200),
    get("/shared-context/review/pending", "", ADMINS),
    // There is no such case, which only those learn who may decide.
    post("/shared-context/review/{case_id}/accept", r#"{"target_context_uri": "urn:a"}"#, ADMINS, 422),
    post("/shared-context/review/{case_id}/reject", "", ADMINS, 422),
];

/// Somebody who calls.
struct Caller {
    name: &'static str,
    /// `None` in it: everybody is nobody in particular.
    roles: Vec<Option<Role>>,
    token: Option<String>,
}

fn callers() -> Vec<Caller> {
    let with = |name: &'static str, roles: &[Role]| Caller {
        name,
        roles: roles.iter().copied().map(Some).collect(),
        token: Some(token(name, roles)),
    };
    vec![
        Caller { name: "nobody", roles: vec![None], token: None },
        with("logger", &[Role::Logger]),
        with("auditor", &[Role::Auditor]),
        with("admin", &[Role::Admin]),
        with("logger and auditor", &[Role::Logger, Role::Auditor]),
        with("everything", &Role::ALL),
    ]
}

fn check(client: &Client, mount: &str, route: &Route, log_id: &str, caller: &Caller, is_protected: bool) {
    let path = format!("{mount}{}{}", route.path.replace("{log_id}", log_id), route.query);
    // The one tile that is there with any number of entries.
    let path = path.replace("{level}", "0").replace("{index}", "000.p/1").replace("{sequence}", "0");
    let client = match &caller.token {
        Some(token) => client.with_token(token),
        None => client.clone(),
    };
    let may = !is_protected || caller.roles.iter().any(|role| route.allowed.contains(role));
    let own = [route.method];
    let methods: &[&str] = if route.method == "GET" { &["GET", "HEAD"] } else { &own };
    for method in methods {
        let media_type =
            if route.path == "/query" { "application/x-www-form-urlencoded" } else { "application/json" };
        let request = client.request(method, &path);
        let request =
            if route.body.is_empty() { request } else { request.header("Content-Type", media_type) };
        let reply = request.send(route.body.as_bytes());
        let case = format!("{method} {path} by {}, protected {is_protected}", caller.name);
        let (status, detail) = match (may, &caller.token) {
            (true, _) => (route.status, None),
            (false, None) => (401, Some("Authorization header is required")),
            (false, Some(_)) => (403, Some("User does not have permission to perform this action")),
        };
        assert_eq!(reply.status, status, "{case}: {}", reply.text());
        let challenge = if status == 401 { "Bearer" } else { "" };
        assert_eq!(reply.header("WWW-Authenticate"), challenge, "{case}");
        if *method == "HEAD" {
            assert!(reply.body.is_empty(), "{case}: HEAD has no body");
        } else if let Some(detail) = detail {
            assert_eq!(reply.json(), serde_json::json!({ "detail": detail }), "{case}");
        }
    }
}

fn check_all(server: &Server, publisher: &Client, is_protected: bool) {
    let first = publisher.publish("<urn:first> a <urn:b> .").json();
    let log_id = first["log_id"].as_str().expect("a log id");
    for (client, mount) in [(server.client(), ""), (server.ui_client(), "/api")] {
        for route in &ROUTES {
            for caller in callers() {
                check(&client, mount, route, log_id, &caller, is_protected);
            }
        }
    }
}

#[test]
fn in_protected_mode_roles_decide() {
    let server = ServerBuilder::protected().with_ui().start();
    let publisher = server.client().with_token(&token("robot", &[Role::Logger]));
    check_all(&server, &publisher, true);
}

#[test]
fn in_learning_mode_everybody_may_do_everything() {
    let server = ServerBuilder::learning().with_ui().start();
    check_all(&server, &server.client(), false);
}

#[test]
fn the_api_is_at_the_root_of_its_port_and_under_api_on_that_of_the_ui() {
    let server = ServerBuilder::learning().with_ui().start();
    assert_eq!(server.client().get("/api/healthz/live").status, 404);
    for path in ["/healthz/live", "/events", "/openapi.json", "/api", "/api/nothing"] {
        assert_eq!(server.ui_client().get(path).status, 404, "{path}");
    }
}

#[test]
fn the_table_has_the_routes_of_the_openapi_document() {
    let server = ServerBuilder::learning().start();
    let document = server.client().get("/openapi.json").json();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let tested = ROUTES.iter().map(|route| format!("{} {}", route.method, route.path));
    assert_eq!(described, tested.collect());
}
