//! `GET /query` and `POST /query` by the SPARQL 1.1 Protocol, and what is refused.

use segb_tests::{Client, Reply, ServerBuilder, SharedServer, exchange_head, percent_encode};
use serde_json::{Value, json};

use super::{PREFIX, filled};

static SERVER: SharedServer = SharedServer::new();

const UPDATE_REFUSED: &str = "Update queries are not allowed for this request.";

fn post(client: &Client, path: &str, media_type: &str, body: &str) -> Reply {
    let request = client.request("POST", path).header("Accept", "application/sparql-results+json");
    match media_type {
        "" => request.send(body.as_bytes()),
        media_type => request.header("Content-Type", media_type).send(body.as_bytes()),
    }
}

fn rows(reply: &Reply) -> usize {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["results"]["bindings"].as_array().expect("bindings").len()
}

#[test]
fn a_query_comes_in_any_of_three_ways() {
    let (server, ids) = filled(ServerBuilder::learning());
    let client = server.client();
    let query = format!("{PREFIX}SELECT ?s {{ ?s a ex:Robot }}");
    let encoded = percent_encode(&query);
    let form = "application/x-www-form-urlencoded";
    let text = "application/sparql-query";
    let of_log = |number: usize| percent_encode(&format!("urn:segb:log:{}", ids[number]));
    let (first, second) = (of_log(0), of_log(1));
    for (media_type, path, body, expected) in [
        (form, "/query".to_owned(), format!("query={encoded}"), 2),
        (form, "/query".to_owned(), format!("query={}", encoded.replace("%20", "+")), 2),
        (
            "application/x-www-form-urlencoded; charset=UTF-8",
            "/query".to_owned(),
            format!("query={encoded}"),
            2,
        ),
        (text, "/query".to_owned(), query.clone(), 2),
        ("application/sparql-query; charset=utf-8", "/query".to_owned(), query.clone(), 2),
        (form, "/query".to_owned(), format!("query={encoded}&default-graph-uri={first}"), 1),
        (
            form,
            "/query".to_owned(),
            format!("default-graph-uri={first}&query={encoded}&default-graph-uri={second}"),
            2,
        ),
        (text, format!("/query?default-graph-uri={first}"), query.clone(), 1),
        (text, "/query?default-graph-uri=http%3A%2F%2Famor-segb%2Fevents".to_owned(), query.clone(), 2),
        (text, "/query?default-graph-uri=urn%3Anothing".to_owned(), query.clone(), 0),
        (
            text,
            format!("/query?named-graph-uri={first}"),
            format!("{PREFIX}SELECT ?s {{ GRAPH ?g {{ ?s a ex:Robot }} }}"),
            1,
        ),
    ] {
        assert_eq!(rows(&post(&client, &path, media_type, &body)), expected, "{media_type} {path} {body}");
    }
    for (parameters, expected) in
        [(String::new(), 2), (format!("&default-graph-uri={second}"), 1), ("&unknown=1".to_owned(), 2)]
    {
        let path = format!("/query?query={encoded}{parameters}");
        let reply =
            client.request("GET", &path).header("Accept", "application/sparql-results+json").send(&[]);
        assert_eq!(rows(&reply), expected, "{parameters}");
    }
}

fn check(reply: &Reply, status: u16, detail: &Value, case: &str) {
    assert_eq!(reply.status, status, "{case}: {}", reply.text());
    assert_eq!(reply.json(), json!({ "detail": detail }), "{case}");
}

#[test]
fn requests_of_another_form_are_refused() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    let missing =
        |part: &str| json!([{ "type": "missing", "loc": [part, "query"], "msg": "Field required" }]);
    let form = "application/x-www-form-urlencoded";
    let media_types =
        json!("Content-Type has to be application/x-www-form-urlencoded or application/sparql-query.");
    check(&client.get("/query"), 422, &missing("query"), "no query");
    check(&client.get("/query?Query=ASK%7B%7D"), 422, &missing("query"), "another case");
    check(&post(&client, "/query", form, "x=y"), 422, &missing("body"), "no query in the form");
    check(&post(&client, "/query?query=ASK%7B%7D", form, "x=y"), 422, &missing("body"), "not in the form");
    for media_type in ["", "application/json", "text/plain", "text/turtle"] {
        check(&post(&client, "/query", media_type, "ASK {}"), 415, &media_types, media_type);
    }
    let twice = json!("The parameter 'query' must be given once.");
    check(&client.get("/query?query=ASK%7B%7D&query=ASK%7B%7D"), 400, &twice, "twice");
    check(&post(&client, "/query", form, "query=ASK%7B%7D&query=ASK%7B%7D"), 400, &twice, "twice in a form");
    let no_utf8 = exchange_head(
        server.address(),
        "POST /query",
        &["Content-Type: application/sparql-query", "Content-Length: 5"],
        b"ASK \xff",
    );
    check(&no_utf8, 400, &json!("There was an error parsing the body"), "not UTF-8");
}

#[test]
fn updates_change_nothing() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    let before = client.get("/events").text();
    let form = "application/x-www-form-urlencoded";
    for update in [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "PREFIX ex: <http://robots.example/ns#> DELETE WHERE { ?s a ex:Robot }",
        "# a comment\nDELETE DATA { <urn:a> <urn:b> <urn:c> }",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "drop graph <http://amor-segb/events>",
        "LOAD <file:///etc/passwd>",
        "CREATE GRAPH <urn:g>",
        "MOVE DEFAULT TO <urn:g>",
    ] {
        let encoded = percent_encode(update);
        let refused = json!(UPDATE_REFUSED);
        check(&client.query(update, "*/*"), 422, &refused, update);
        check(&post(&client, "/query", form, &format!("query={encoded}")), 422, &refused, update);
        check(&post(&client, "/query", form, &format!("update={encoded}")), 422, &refused, update);
        check(&post(&client, "/query", "application/sparql-query", update), 422, &refused, update);
        check(&post(&client, "/query", "application/sparql-update", update), 422, &refused, update);
    }
    assert_eq!(client.get("/events").text(), before);
}

#[test]
fn nothing_outside_is_asked() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    let trap = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    trap.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}/sparql", trap.local_addr().expect("an address"));
    let refused = json!("SERVICE is not allowed: queries run on the data of this server only.");
    for query in [
        format!("SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"),
        format!("SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}"),
        format!("ASK {{ VALUES ?e {{ <{url}> }} SERVICE ?e {{ ?s ?p ?o }} }}"),
        format!("SELECT * {{ FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}"),
        format!("SELECT * {{ {{ SELECT ?s {{ OPTIONAL {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }} }}"),
    ] {
        check(&client.query(&query, "*/*"), 422, &refused, &query);
    }
    for query in [
        format!("SELECT * FROM <{url}> {{ ?s ?p ?o }}"),
        format!("SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
        format!("SELECT * {{ GRAPH <{url}> {{ ?s ?p ?o }} }}"),
    ] {
        assert!(client.select(&query).is_empty(), "{query}");
    }
    assert!(trap.accept().is_err(), "somebody called");
}

#[test]
fn what_is_no_query_is_told_why() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    let unknown = "Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation.";
    for query in ["", " \n", "nonsense", "SELEKT * { ?s ?p ?o }", "{ ?s ?p ?o }", "42"] {
        check(&client.query(query, "*/*"), 422, &json!(unknown), query);
    }
    for (query, start) in [
        ("SELECT * {", "line 1, column "),
        ("SELECT *\nWHERE {\n  ?s ?p }", "line 3, column "),
        ("ASK { ?s ex:p ?o }", "line 1, column 10: the prefix `ex:` is not declared"),
        ("SELECT ?x WHERE { ?s ?p ?o } LIMIT many", "line 1, column "),
    ] {
        let reply = client.query(query, "*/*");
        assert_eq!(reply.status, 422, "{query}: {}", reply.text());
        let detail = reply.detail();
        assert!(detail.starts_with(&format!("Invalid SPARQL syntax: {start}")), "{query}: {detail}");
        assert!(detail.len() < 500 && !detail.contains('\n'), "{query}: {detail}");
    }
}
