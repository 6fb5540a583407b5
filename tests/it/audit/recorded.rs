//! What is recorded, and what is not.

use segb_auth::Role;
use segb_tests::{Client, Reply, Server, ServerBuilder, percent_encode, token};
use serde_json::{Value, json};

use super::records;

fn send(client: &Client, method: &str, path: &str, body: &str) -> Reply {
    let media_type =
        if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
    let request = client.request(method, path);
    let request = if body.is_empty() { request } else { request.header("Content-Type", media_type) };
    request.send(body.as_bytes())
}

/// Sends a request and compares the last record with what it has to say; nothing if there is to be none.
fn check(
    (client, admin): (&Client, &Client),
    (method, path, body): (&str, &str, &str),
    status: u16,
    expected: Option<(&str, &str, Option<&str>)>,
) {
    let case = format!("{method} {path:.200} {body:.200}");
    let before = records(admin, "?limit=1").first().map_or(json!(-1), |record| record["sequence"].clone());
    let reply = send(client, method, path, body);
    assert_eq!(reply.status, status, "{case}: {}", reply.text());
    // The reading of `before` is a record itself.
    let since: Vec<Value> = records(admin, "?limit=10")
        .into_iter()
        .filter(|record| record["sequence"].as_i64() > before.as_i64().map(|before| before + 1))
        .collect();
    let Some((action, object, actor)) = expected else {
        return assert_eq!(since, [] as [Value; 0], "{case}");
    };
    let [record] = &since[..] else { panic!("{case}: one record, not {since:?}") };
    assert_eq!(record["action"], action, "{case}");
    assert_eq!(record["object"], object, "{case}");
    assert_eq!(record["actor"], json!(actor), "{case}");
    assert_eq!((&record["result"], &record["origin"]), (&json!(status), &json!("127.0.0.1")), "{case}");
    assert_eq!(record["request_id"], reply.header("X-Request-ID"), "{case}");
}

#[test]
fn every_read_and_every_act_of_an_operator_is_recorded() {
    let server = ServerBuilder::protected().start();
    let with = |name: &str, role| server.client().with_token(&token(name, &[role]));
    let (robot, ana, ops) = (with("ari", Role::Logger), with("ana", Role::Auditor), with("ops", Role::Admin));
    let receipt = robot.publish("<urn:a> a <urn:b> .").json();
    let log = format!("/logs/{}", receipt["log_id"].as_str().expect("an id"));
    let (payload, proof, erase) =
        (format!("{log}/payload"), format!("{log}/proof?size=3"), format!("{log}/erase"));
    let ask = format!("/query?query={}", percent_encode("ASK { ?s ?p \"é\" }"));
    let reason = r#"{"reason": "an inquiry", "until": "2020-01-01T00:00:00Z"}"#;
    let case = "/shared-context/review/review_000000000000";
    let (accept, reject) = (format!("{case}/accept"), format!("{case}/reject"));
    for (client, method, path, body, status, action, object) in [
        (&ana, "GET", "/events", "", 200, "export_graph", ""),
        (&ana, "HEAD", "/events", "", 200, "export_graph", ""),
        (&ana, "GET", ask.as_str(), "", 200, "query_by_get", "ASK { ?s ?p \"é\" }"),
        (&ana, "POST", "/query", "query=ASK+%7B%7D", 200, "query_by_post", "ASK {}"),
        (&ana, "POST", "/query", "query=no+query", 422, "query_by_post", "no query"),
        (&ana, "GET", "/query?update=x", "", 422, "query_by_get", ""),
        (&ana, "POST", "/query/validate", r#"{"query": "ASK { }"}"#, 200, "validate_query", "ASK { }"),
        (&ops, "POST", "/ttl/validate", r#"{"ttl_content": ""}"#, 200, "validate_turtle", ""),
        (&ana, "GET", "/logs?limit=1&actor=ari", "", 200, "list_logs", ""),
        (&ana, "GET", "/logs?limit=0", "", 422, "list_logs", ""),
        (&ana, "GET", log.as_str(), "", 200, "show_log", ""),
        (&ana, "GET", payload.as_str(), "", 200, "show_log_payload", ""),
        (&ana, "GET", proof.as_str(), "", 200, "prove_log", ""),
        (&ana, "GET", "/why?subject=urn:a", "", 200, "who_said_it", ""),
        (&ana, "GET", "/journal/tile/entries/000.p/1", "", 200, "show_entries_tile", ""),
        (&ana, "GET", "/shared-context/stats", "", 200, "show_shared_context_stats", ""),
        (&ops, "GET", "/logs/server?limit=1", "", 200, "show_server_log", ""),
        (&ops, "GET", "/metrics", "", 200, "show_metrics", ""),
        (&ops, "POST", "/holds", reason, 201, "place_hold", ""),
        (&ops, "GET", "/holds", "", 200, "list_holds", ""),
        (&ops, "DELETE", "/holds/hold_0", "", 404, "release_hold", ""),
        (&ops, "POST", erase.as_str(), "{}", 422, "erase_log", ""),
        (&ops, "GET", "/auth/revocations", "", 200, "list_revocations", ""),
        (&ops, "POST", "/auth/revocations", r#"{"jti": "somebody's"}"#, 201, "revoke_token", ""),
        (&ops, "GET", "/shared-context/review/pending", "", 200, "list_review_cases", ""),
        (&ops, "POST", "/shared-context/reconcile", "", 200, "reconcile_shared_contexts", ""),
        (&ops, "POST", accept.as_str(), r#"{"target_context_uri": "urn:a"}"#, 422, "accept_review_case", ""),
        (&ops, "POST", reject.as_str(), "", 422, "reject_review_case", ""),
        (&ops, "POST", "/ttl/delete_all", "{}", 200, "clear_graph", ""),
        (&ops, "GET", "/audit?limit=1", "", 200, "list_accesses", ""),
        (&ops, "GET", "/audit/checkpoint", "", 200, "show_access_checkpoint", ""),
        (&ops, "GET", "/audit/0/proof", "", 200, "prove_access", ""),
    ] {
        let actor = if std::ptr::eq(client, &ana) { "ana" } else { "ops" };
        let object = if object.is_empty() { path } else { object };
        check((client, &ops), (method, path, body), status, Some((action, object, Some(actor))));
    }
}

#[test]
fn what_robots_send_and_what_is_public_is_not_recorded() {
    let server = ServerBuilder::protected().start();
    let with = |name: &str, role| server.client().with_token(&token(name, &[role]));
    let (robot, ops) = (with("ari", Role::Logger), with("ops", Role::Admin));
    let turtle = r#"{"ttl_content": "<urn:a> a <urn:b> ."}"#;
    let observation = r#"{"event_kind": "door_opened", "observed_at": "2026-01-31T10:00:00Z"}"#;
    for (method, path, body, status) in [
        ("POST", "/ttl", turtle, 201),
        ("POST", "/ttl", r#"{"ttl_content": "nonsense"}"#, 422),
        ("POST", "/shared-context/resolve", observation, 200),
        ("GET", "/healthz/live", "", 200),
        ("GET", "/healthz/ready", "", 200),
        ("GET", "/auth/mode", "", 200),
        ("GET", "/openapi.json", "", 200),
        ("GET", "/docs", "", 200),
        ("GET", "/journal/checkpoint", "", 200),
        ("GET", "/journal/tile/0/000.p/1", "", 200),
        ("GET", "/nothing", "", 404),
        ("PUT", "/logs", "", 405),
    ] {
        check((&robot, &ops), (method, path, body), status, None);
    }
}

#[test]
fn whoever_is_turned_away_is_recorded_on_every_route() {
    let server = ServerBuilder::protected().start();
    let with = |name: &str, role| server.client().with_token(&token(name, &[role]));
    let (robot, ana, ops) = (with("ari", Role::Logger), with("ana", Role::Auditor), with("ops", Role::Admin));
    let stranger = server.client().with_token("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImV2ZSJ9.bm8");
    let nobody = server.client();
    for (client, method, path, status, action, actor) in [
        (&nobody, "GET", "/events", 401, "export_graph", None),
        (&nobody, "POST", "/ttl", 401, "insert_log", None),
        (&stranger, "POST", "/ttl?proof=true", 401, "insert_log", None),
        (&stranger, "POST", "/shared-context/resolve", 401, "resolve_shared_context", None),
        (&stranger, "GET", "/query?query=ASK%20%7B%7D", 401, "query_by_get", None),
        (&stranger, "GET", "/audit", 401, "list_accesses", None),
        (&ana, "POST", "/ttl", 403, "insert_log", Some("ana")),
        (&ana, "GET", "/audit?limit=1", 403, "list_accesses", Some("ana")),
        (&ana, "GET", "/audit/checkpoint", 403, "show_access_checkpoint", Some("ana")),
        (&robot, "GET", "/logs", 403, "list_logs", Some("ari")),
        (&robot, "POST", "/auth/revocations", 403, "revoke_token", Some("ari")),
    ] {
        check((client, &ops), (method, path, ""), status, Some((action, path, actor)));
    }
}

/// The claim `jti` of a token of the harness.
fn jti(server: &Server, token: &str) -> String {
    let claims = token.split('.').nth(1).expect("claims");
    let decode =
        "import base64, json, sys; print(json.loads(base64.urlsafe_b64decode(sys.argv[1] + '=='))['jti'])";
    let output = std::process::Command::new("python3").args(["-c", decode, claims]).output();
    let output = output.unwrap_or_else(|error| panic!("{error}, {}", server.address()));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

#[test]
fn a_revoked_token_is_named() {
    if !segb_tests::require_tool("python3", &["-c", "import json"]) {
        return;
    }
    let server = ServerBuilder::protected().start();
    let ops = server.client().with_token(&token("ops", &[Role::Admin]));
    let leaked = token("ana", &[Role::Auditor]);
    let thief = server.client().with_token(&leaked);
    let body = json!({ "jti": jti(&server, &leaked) });
    assert_eq!(ops.post_json("/auth/revocations", &body).status, 201);
    check((&thief, &ops), ("GET", "/events", ""), 401, Some(("export_graph", "/events", Some("ana"))));
}

#[test]
fn in_learning_mode_nobody_has_a_name() {
    let server = ServerBuilder::learning().with_ui().start();
    let client = server.client();
    check((&client, &client), ("GET", "/logs", ""), 200, Some(("list_logs", "/logs", None)));
    let clear = r#"{"user": "Ana"}"#;
    check(
        (&client, &client),
        ("POST", "/ttl/delete_all", clear),
        200,
        Some(("clear_graph", "/ttl/delete_all", None)),
    );
    check((&client, &client), ("POST", "/ttl", r#"{"ttl_content": "<urn:a> a <urn:b> ."}"#), 201, None);
    // Also through the other port, with the path as it was there.
    let ui = server.ui_client();
    let reply = ui.get("/api/logs?limit=7");
    let last = &records(&client, "?limit=1")[0];
    assert_eq!((reply.status, &last["object"]), (200, &json!("/api/logs?limit=7")));
    // A page of another origin is refused.
    let reply = client
        .request("POST", "/ttl/delete_all")
        .header("Origin", "https://elsewhere.example")
        .header("Content-Type", "application/json")
        .send(b"{}");
    let last = &records(&client, "?limit=1")[0];
    assert_eq!((reply.status, &last["action"], &last["result"]), (403, &json!("clear_graph"), &json!(403)));
}

#[test]
fn no_token_and_no_endless_text_is_kept() {
    let server = ServerBuilder::protected().start();
    let secret = token("ops", &[Role::Admin]);
    let ops = server.client().with_token(&secret);
    let path = format!("/logs?token={secret}&limit=1");
    check(
        (&ops, &ops),
        ("GET", &path, ""),
        200,
        Some(("list_logs", "/logs?token=<token>&limit=1", Some("ops"))),
    );
    let query = format!("ASK {{ ?s ?p \"{}\" }}", "x".repeat(10_000));
    let body = format!("query={}", percent_encode(&query));
    let kept = format!("{}… [{} bytes]", &query[..4_096], query.len());
    check((&ops, &ops), ("POST", "/query", &body), 200, Some(("query_by_post", &kept, Some("ops"))));
    for file in ["access.sqlite3", "access.sqlite3-wal"] {
        let bytes = std::fs::read(server.data_dir().join(file)).expect("the file");
        let signature = secret.rsplit('.').next().expect("a signature").as_bytes();
        assert!(!bytes.windows(signature.len()).any(|window| window == signature), "{file}");
    }
}

#[test]
fn of_many_readers_at_once_none_is_lost() {
    const READERS: usize = 50;
    const READS: usize = 40;
    let server = ServerBuilder::learning().start();
    let client = server.client();
    std::thread::scope(|scope| {
        for reader in 0..READERS {
            let client = server.client();
            scope.spawn(move || {
                for read in 0..READS {
                    let reply = client.get(&format!("/logs?limit=1&actor=reader{reader}-{read}"));
                    assert_eq!(reply.status, 200);
                }
            });
        }
    });
    let mut objects = std::collections::BTreeSet::new();
    let mut parameters = "?action=list_logs&limit=1000".to_owned();
    let mut count = 0;
    loop {
        let page = super::page(&client, &parameters);
        for record in page["records"].as_array().expect("records") {
            count += 1;
            objects.insert(record["object"].as_str().expect("a path").to_owned());
        }
        let Some(before) = page["next_before"].as_u64() else { break };
        parameters = format!("?action=list_logs&limit=1000&before={before}");
    }
    assert_eq!((count, objects.len()), (READERS * READS, READERS * READS));
    assert!(records(&client, "?action=gap").is_empty());
    let metrics = client.get("/metrics").text();
    assert!(metrics.contains("\nsegb_access_missed_total 0\n"), "{metrics}");
    assert!(metrics.lines().any(|line| {
        let count = line.strip_prefix("segb_access_records ").and_then(|count| count.parse::<usize>().ok());
        count.is_some_and(|count| count >= READERS * READS)
    }));
}
