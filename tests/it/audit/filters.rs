//! `GET /audit`: what can be asked of it.

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, percent_encode, token};
use serde_json::{Value, json};

use super::{page, records};

/// The sequence numbers that fit, but for the readings of the audit itself.
fn check(client: &Client, parameters: &str, expected: &[u64]) {
    let found: Vec<u64> = records(client, parameters)
        .iter()
        .filter(|record| record["action"] != "list_accesses")
        .map(|record| record["sequence"].as_u64().expect("a number"))
        .collect();
    assert_eq!(found, expected, "{parameters}");
}

#[test]
fn records_come_newest_first_and_can_be_filtered() {
    let server = ServerBuilder::protected().start();
    let with = |name: &str, role| server.client().with_token(&token(name, &[role]));
    let (ana, ben, ops) =
        (with("ana", Role::Auditor), with("ben & co", Role::Auditor), with("ops", Role::Admin));
    for (client, path, status) in [
        (&ana, "/logs", 200),
        (&ben, "/logs", 200),
        (&ana, "/events", 200),
        (&ana, "/logs?limit=0", 422),
        (&ana, "/metrics", 403),
        (&server.client(), "/logs", 401),
    ] {
        assert_eq!(client.get(path).status, status, "{path}");
        // So that no two are at the same moment, whatever the resolution of the clock.
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    check(&ops, "", &[5, 4, 3, 2, 1, 0]);
    check(&ops, "?actor=ana", &[4, 3, 2, 0]);
    check(&ops, "?actor=ben%20%26%20co", &[1]);
    check(&ops, "?actor=nobody", &[]);
    check(&ops, "?action=list_logs", &[5, 3, 1, 0]);
    check(&ops, "?action=gap", &[]);
    check(&ops, "?result=401", &[5]);
    check(&ops, "?result=200&actor=ana", &[2, 0]);
    check(&ops, "?action=list_logs&result=422", &[3]);
    check(&ops, "?before=3", &[2, 1, 0]);
    check(&ops, "?before=0", &[]);
    check(&ops, "?unknown=1&limit=", &[5, 4, 3, 2, 1, 0]);
    let times: Vec<String> = {
        let all = records(&ops, "?before=6");
        all.iter().rev().map(|record| record["at"].as_str().expect("a moment").to_owned()).collect()
    };
    assert!(times.is_sorted(), "{times:?}");
    // `since` is included, `until` is not.
    check(&ops, &format!("?before=6&since={}", times[3]), &[5, 4, 3]);
    check(&ops, &format!("?until={}", times[3]), &[2, 1, 0]);
    check(&ops, &format!("?since={}&until={}&actor=ana", times[1], times[3]), &[2]);
    check(&ops, &format!("?until={}", percent_encode(&times[3].replace('Z', "+00:00"))), &[2, 1, 0]);
    check(&ops, "?since=2999-01-01T00:00:00Z", &[]);
}

#[test]
fn pages_go_on_where_the_one_before_ended() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for _ in 0..7 {
        assert_eq!(client.get("/logs").status, 200);
    }
    for limit in 1..=8 {
        let (mut all, mut parameters) = (Vec::new(), format!("?action=list_logs&limit={limit}"));
        loop {
            let page = page(&client, &parameters);
            let found = page["records"].as_array().expect("records");
            assert!(found.len() <= limit, "{parameters}: {found:?}");
            all.extend(found.iter().map(|record| record["sequence"].as_u64().expect("a number")));
            let Some(next) = page["next_before"].as_u64() else { break };
            parameters = format!("?action=list_logs&limit={limit}&before={next}");
            assert!(all.len() <= 7, "it ends: {all:?}");
        }
        assert_eq!(all, [6, 5, 4, 3, 2, 1, 0], "pages of {limit}");
    }
}

#[test]
fn wrong_parameters_are_told() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (parameters, kind, name) in [
        ("limit=0", "greater_than_equal", "limit"),
        ("limit=1001", "less_than_equal", "limit"),
        ("limit=x", "int_parsing", "limit"),
        ("before=-1", "greater_than_equal", "before"),
        ("since=yesterday", "datetime_parsing", "since"),
        ("until=2026-02-30T00:00:00Z", "datetime_parsing", "until"),
        ("result=99", "greater_than_equal", "result"),
        ("result=600", "less_than_equal", "result"),
        ("result=ok", "int_parsing", "result"),
        ("action=nonsense", "enum", "action"),
        ("action=live", "enum", "action"),
    ] {
        let reply = client.get(&format!("/audit?{parameters}"));
        let detail = &reply.json()["detail"];
        assert_eq!(reply.status, 422, "{parameters}: {}", reply.text());
        assert_eq!(detail.as_array().map(Vec::len), Some(1), "{parameters}: {detail}");
        let found = (&detail[0]["type"], &detail[0]["loc"]);
        assert_eq!(found, (&json!(kind), &json!(["query", name])), "{parameters}");
    }
    let names = client.get("/audit?action=x").json()["detail"][0]["msg"].as_str().expect("a text").to_owned();
    for name in ["'query_by_get'", "'erase_log'", "'insert_log'", "'gap'"] {
        assert!(names.contains(name), "{names}");
    }
}

#[test]
fn a_record_says_what_is_described() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    client.get("/logs");
    let document = client.get("/openapi.json").json();
    for (schema, answer) in [
        ("AuditRecords", page(&client, "")),
        ("AuditRecord", records(&client, "?before=1")[0].clone()),
        ("AuditProof", client.get("/audit/0/proof").json()),
    ] {
        let described = &document["components"]["schemas"][schema]["properties"];
        let names = |value: &Value| -> Vec<String> {
            let mut names: Vec<_> = value.as_object().expect("an object").keys().cloned().collect();
            names.sort();
            names
        };
        assert_eq!(names(described), names(&answer), "{schema}");
    }
}
