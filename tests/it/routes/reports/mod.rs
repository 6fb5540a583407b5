//! `GET /reports/*` and `GET /explain`, on the story in `tests/fixtures/story`, whose answers were worked out by hand from
//! its script, on shared contexts that were merged, and on data that is odd in every way that came to mind.

mod explain;
mod formats;
mod merged;
mod odd;
mod story;

use std::{fs, path::PathBuf, sync::Arc};

use segb_tests::{Client, Server, ServerBuilder, SharedServer, percent_encode};
use serde_json::Value;

const STORY: &str = "https://robots.example/story/";

/// The logs of the story, in the order in which they were sent.
fn story_logs() -> Vec<String> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/story");
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)
        .expect("the fixture")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ttl"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read_to_string(path).expect("a log")).collect()
}

/// A server that knows the story.
fn story() -> Arc<Server> {
    static SERVER: SharedServer = SharedServer::new();
    SERVER.get(|| {
        let server = ServerBuilder::learning().start();
        for log in story_logs() {
            publish(&server.client(), &log);
        }
        server
    })
}

fn publish(client: &Client, turtle: &str) -> String {
    let reply = client.publish(turtle);
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["log_id"].as_str().expect("an id").to_owned()
}

fn path(route: &str, parameters: &[(&str, &str)]) -> String {
    let query: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    format!("{route}?{}", query.join("&"))
}

fn report(client: &Client, name: &str, parameters: &[(&str, &str)]) -> Value {
    let reply = client.get(&path(&format!("/reports/{name}"), parameters));
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "application/json"), "{}", reply.text());
    reply.json()
}

fn rows(report: &Value) -> &Vec<Value> {
    report["rows"].as_array().expect("rows")
}

/// Each row as one line: the values at some JSON pointers.
fn lines(rows: &[Value], pointers: &[&str]) -> Vec<String> {
    let value = |row: &Value, pointer: &str| match row.pointer(pointer).unwrap_or(&Value::Null) {
        Value::String(text) => {
            text.replace(STORY, "").replace("https://gsi.upm.es/segb/shared-events/", "event:")
        }
        Value::Null => "-".to_owned(),
        other => other.to_string().replace(STORY, ""),
    };
    rows.iter()
        .map(|row| pointers.iter().map(|pointer| value(row, pointer)).collect::<Vec<_>>().join(" "))
        .collect()
}

fn codes(row: &Value) -> Vec<&str> {
    let problems = row["problems"].as_array().expect("problems").iter();
    let mut codes: Vec<&str> = problems.map(|problem| problem["code"].as_str().expect("a code")).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The values of one variable each, as SPARQL gives them, with one space between; sorted.
fn select(client: &Client, variables: &[&str], pattern: &str) -> Vec<String> {
    let prefixes = "
        PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX mls: <http://www.w3.org/ns/mls#>
        PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#>
        PREFIX oro: <http://kb.openrobots.org#> PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX schema: <http://schema.org/> PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#>";
    let names: Vec<String> = variables.iter().map(|name| format!("?{name}")).collect();
    let query = format!("{prefixes} SELECT DISTINCT {} WHERE {{ {pattern} }}", names.join(" "));
    let mut found: Vec<String> = client
        .select(&query)
        .iter()
        .map(|row| {
            let value = |name: &&str| row[*name]["value"].as_str().unwrap_or("-").replace(STORY, "");
            variables.iter().map(value).collect::<Vec<_>>().join(" ")
        })
        .collect();
    found.sort_unstable();
    found
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort_unstable();
    lines
}
