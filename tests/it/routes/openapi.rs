//! `GET /openapi.json`, and `GET /docs`, which shows it without anything from elsewhere.

use std::collections::BTreeSet;

use segb_tests::{ServerBuilder, base64_url};
use serde_json::Value;

/// Every `$ref` in a document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => drop(found.insert(target.clone())),
                    member => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn the_document_is_complete() {
    let server = ServerBuilder::protected().set("VERSION", "9.8.7").with_ui().start();
    let reply = server.client().get("/openapi.json");
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "application/json"));
    let document = reply.json();
    assert!(document["openapi"].as_str().expect("a version").starts_with("3."), "{}", document["openapi"]);
    assert_eq!(document["info"]["version"], "9.8.7");
    assert_eq!(document["info"]["title"], "SEGB");
    assert_eq!(document["servers"][0]["url"], "/");
    assert_eq!(server.ui_client().get("/api/openapi.json").json()["servers"][0]["url"], "/api");

    let scheme = &document["components"]["securitySchemes"]["bearer"];
    assert_eq!((scheme["type"].as_str(), scheme["scheme"].as_str()), (Some("http"), Some("bearer")));
    let public = [
        "/healthz/live",
        "/healthz/ready",
        "/auth/mode",
        "/openapi.json",
        "/docs",
        "/journal/checkpoint",
        "/journal/key",
        "/journal/consistency",
        "/journal/tile/{level}/{index}",
    ];
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(operations.insert(id.to_owned()), "{id} comes twice");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            let responses = operation["responses"].as_object().expect("responses");
            let has = |status: &str| responses.contains_key(status);
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            // `{}` in it: it also works without a token.
            let is_public = operation["security"][0].as_object().is_some_and(|needed| needed.is_empty());
            assert_eq!(is_public, public.contains(&path.as_str()), "{method} {path}");
            for status in ["401", "403"] {
                assert_eq!(has(status), !is_public, "{method} {path}: {status}");
            }
            for status in ["408", "413", "415"] {
                assert_eq!(has(status), operation["requestBody"].is_object(), "{method} {path}: {status}");
            }
            for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('4')) {
                let schema = &response["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/ErrorBody", "{method} {path}: {status}");
            }
            for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let parameters = operation["parameters"].as_array().expect("parameters");
                let is_it = |parameter: &Value| parameter["name"] == name && parameter["in"] == "path";
                assert!(parameters.iter().any(is_it), "{method} {path} does not describe {name}");
            }
        }
    }
    assert_eq!(document["security"], serde_json::json!([{ "bearer": [] }]));
    let mut targets = BTreeSet::new();
    references(&document, &mut targets);
    assert!(!targets.is_empty());
    for target in targets {
        let pointer = target.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
    }
}

#[test]
fn the_document_describes_what_is_answered() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let document = client.get("/openapi.json").json();
    let receipt = client.publish("<urn:a> a <urn:b> .").json();
    let log_id = receipt["log_id"].as_str().expect("a log id");
    let validate = serde_json::json!({ "ttl_content": "<urn:a> a \"x\" .", "query": "ASK {}" });
    for (method, path, status, answer) in [
        ("post", "/ttl", "201", receipt.clone()),
        ("post", "/ttl/validate", "200", client.post_json("/ttl/validate", &validate).json()),
        ("post", "/query/validate", "200", client.post_json("/query/validate", &validate).json()),
        ("get", "/logs", "200", client.get("/logs").json()),
        ("get", "/logs/{log_id}", "200", client.get(&format!("/logs/{log_id}")).json()),
        ("get", "/logs/server", "200", client.get("/logs/server").json()),
        ("get", "/healthz/live", "200", client.get("/healthz/live").json()),
        ("get", "/healthz/ready", "200", client.get("/healthz/ready").json()),
        ("get", "/auth/mode", "200", client.get("/auth/mode").json()),
        ("post", "/ttl/delete_all", "200", client.post_json("/ttl/delete_all", &validate).json()),
    ] {
        let content = &document["paths"][path][method]["responses"][status]["content"];
        let target = content["application/json"]["schema"]["$ref"].as_str();
        let pointer =
            target.unwrap_or_else(|| panic!("{path} has no schema: {content}")).trim_start_matches('#');
        let schema = document.pointer(pointer).expect("a schema");
        let described: BTreeSet<&String> =
            schema["properties"].as_object().expect("members").keys().collect();
        let found: BTreeSet<&String> = answer.as_object().expect("an object").keys().collect();
        assert_eq!(described, found, "{method} {path}");
    }
}

#[test]
fn the_page_works_offline() {
    let server = ServerBuilder::protected().with_ui().start();
    for (client, path) in [(server.client(), "/docs"), (server.ui_client(), "/api/docs")] {
        let reply = client.get(path);
        assert_eq!((reply.status, reply.header("Content-Type")), (200, "text/html; charset=utf-8"), "{path}");
        let page = reply.text();
        assert!(page.to_ascii_lowercase().starts_with("<!doctype html>"), "{page:.100}");
        for elsewhere in ["http:", "https:", "src=", "@import", "url(", "<link", "<iframe", "//cdn"] {
            assert!(!page.contains(elsewhere), "{path} has {elsewhere}");
        }
        let links: Vec<&str> =
            page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(!links.is_empty() && links.iter().all(|link| *link == "openapi.json"), "{links:?}");
        let policy = reply.header("Content-Security-Policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
        assert!(policy.contains("connect-src 'self'"), "{policy}");
        // The hashes have to be those of what is in the page, or the browser runs nothing.
        for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
            let (_, rest) = page.split_once(&format!("<{tag}>")).expect("a tag");
            let (text, _) = rest.split_once(&format!("</{tag}>")).expect("its end");
            let digest = segb_journal::Hash::of(&[text.as_bytes()]);
            // 32 bytes need one character of padding.
            let digest = base64_url(digest.as_bytes()).replace('-', "+").replace('_', "/") + "=";
            let source = format!("{directive} 'sha256-{digest}'");
            assert!(policy.contains(&source), "{source} is not in {policy}");
        }
    }
}
