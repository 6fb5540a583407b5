//! One more than a limit is refused with the limit and the line, one less is stored.

use segb_tests::{Client, ServerBuilder};

fn send(client: &Client, document: &str) -> (u16, String) {
    let reply =
        client.request("POST", "/ttl").header("Content-Type", "text/turtle").send(document.as_bytes());
    let detail = if reply.status == 201 { String::new() } else { reply.detail() };
    (reply.status, detail)
}

#[test]
fn limits_hold_to_the_unit_and_are_named() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let nested = |open: &str, close: &str, depth: usize| {
        format!("<urn:a>\n<urn:b> {}1{} .", open.repeat(depth), close.repeat(depth))
    };
    let prefixes = |count: usize| -> String {
        let lines: String =
            (0..count).map(|number| format!("@prefix p{number}: <http://e.org/{number}#> .\n")).collect();
        format!("{lines}p0:a p1:b p2:c .")
    };
    let triples = |count: usize| -> String {
        let objects: String = (1..count).map(|number| format!(",\n{number}")).collect();
        format!("<urn:a> <urn:b> 0{objects} .")
    };
    let text = |bytes: usize| format!("<urn:a> <urn:b> \"{}\" .", "é".repeat(bytes / 2));
    let iri = |bytes: usize| format!("<urn:{}> <urn:b> 1 .", "x".repeat(bytes - 4));
    for (within, beyond, expected) in [
        (
            nested("(", ")", 128),
            nested("(", ")", 129),
            "The document is over a limit at line 2: brackets nest deeper than 128",
        ),
        (
            nested("[ <urn:p> ", " ]", 128),
            nested("[ <urn:p> ", " ]", 129),
            "The document is over a limit at line 2: brackets nest deeper than 128",
        ),
        (prefixes(1_000), prefixes(1_001), "more than 1000 prefix declarations"),
        (triples(200_000), triples(200_001), "more than 200000 triples"),
        (
            text(1 << 20),
            text((1 << 20) + 2),
            "a literal of 1048578 bytes, more than the 1048576 that are allowed",
        ),
        (iri(4_096), iri(4_097), "an IRI of 4097 bytes, more than the 4096 that are allowed"),
    ] {
        let (status, detail) = send(&client, &beyond);
        assert_eq!(status, 422, "{expected}: {detail}");
        assert!(detail.contains(expected), "{detail}");
        let (status, detail) = send(&client, &within);
        assert_eq!(status, 201, "below: {expected}: {detail}");
    }
    let rows = client.select("SELECT (COUNT(*) AS ?n) { <urn:a> <urn:b> ?o FILTER(isNumeric(?o)) }");
    assert_eq!(rows[0]["n"]["value"], "200000");
}

#[test]
fn thousands_of_brackets_are_a_clear_error() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (open, close) in [("[", "]"), ("(", ")"), ("[ <urn:p> ", "]"), ("([ <urn:p> ", "])")] {
        for document in [
            format!("<urn:a> <urn:b> {}{} .", open.repeat(5_000), close.repeat(5_000)),
            format!("<urn:a> <urn:b> {}", open.repeat(50_000)),
        ] {
            let (status, detail) = send(&client, &document);
            assert_eq!(status, 422, "{detail}");
            assert!(detail.contains("nest deeper than 128"), "{detail}");
        }
    }
    // Closing brackets alone are no depth.
    let (status, detail) = send(&client, &format!("<urn:a> <urn:b> 1 {} .", "]".repeat(50_000)));
    assert_eq!(status, 422);
    assert!(detail.starts_with("Invalid Turtle at line 1"), "{detail}");
    assert_eq!(client.get("/healthz/live").status, 200);
}

#[test]
fn errors_count_lines_and_columns_as_an_editor_does() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (document, place) in [
        ("oops", "line 1, column "),
        ("<urn:a> <urn:b> <urn:c> .\n\n  oops .", "line 3, column "),
        ("<urn:a> <urn:b> \"é𝄞\" ; oops .", "line 1, column 2"),
        ("<urn:a> <urn:b> '''\n\n''' .\n!", "line 4, column 1"),
        ("<urn:a> <urn:b> <urn:c> .\r\n!", "line 2, column 1"),
    ] {
        let (status, detail) = send(&client, document);
        assert_eq!(status, 422);
        assert!(detail.starts_with(&format!("Invalid Turtle at {place}")), "{document:?}: {detail}");
    }
}
