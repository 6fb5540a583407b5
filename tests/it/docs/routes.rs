//! The table of docs/api.md is that of the server.

use std::{collections::BTreeSet, fs, path::Path};

use segb_tests::ServerBuilder;

#[test]
fn the_page_of_the_api_has_every_route_and_no_other() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md")).expect("the page");
    let is_route = |text: &&str| ["GET /", "POST /", "DELETE /"].iter().any(|start| text.starts_with(start));
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let described: BTreeSet<&str> = rows.flat_map(|row| row.split('`')).filter(is_route).collect();

    let document = ServerBuilder::learning().start().client().get("/openapi.json").json();
    let mut served = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let methods = methods.as_object().expect("methods").keys();
        served.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let served: BTreeSet<&str> = served.iter().map(String::as_str).collect();
    assert_eq!(described, served);
}
