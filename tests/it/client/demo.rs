//! `segb-demo` and `segb-server --demo`, as somebody runs them.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use segb_auth::Role;
use segb_tests::{Client, SECRET, Server, ServerBuilder, binary, token};
use tempfile::TempDir;

fn demo(server: &Server, arguments: &[&str]) -> Output {
    Command::new(binary("segb-demo"))
        .args(["--url", &format!("http://{}", server.address())])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// It ends well, says what is expected, and the links that it prints are there.
fn plays(server: &Server, arguments: &[&str], says: &[&str]) -> String {
    let output = demo(server, arguments);
    let text = text(&output);
    assert!(output.status.success(), "{arguments:?}: {text}");
    for expected in says {
        assert!(text.contains(expected), "{arguments:?}: no {expected:?} in\n{text}");
    }
    let (_, links) = text.split_once("Open:").expect("links");
    let base = format!("http://{}", server.address());
    let paths: Vec<&str> = links.split_whitespace().filter_map(|word| word.strip_prefix(&base)).collect();
    assert!(paths.len() >= 3, "{text}");
    for path in paths {
        assert_eq!(server.client().get(path).status, 200, "{path}");
    }
    text
}

fn count(server: &Server, pattern: &str) -> u64 {
    let query = format!(
        "PREFIX oro: <http://kb.openrobots.org#> PREFIX onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> \
         PREFIX schema: <http://schema.org/> PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX mls: <http://www.w3.org/ns/mls#> \
         SELECT (COUNT(DISTINCT ?x) AS ?count) WHERE {{ {pattern} }}"
    );
    server.client().select(&query)[0]["count"]["value"].as_str().expect("a number").parse().expect("a number")
}

#[test]
fn every_story_is_told() {
    let server = ServerBuilder::learning().start();
    plays(&server, &["01"], &["Scenario 01", "Done: 2 logs"]);
    assert_eq!(count(&server, "?x a oro:Robot"), 2);

    plays(&server, &["02"], &["exams", "I am sorry, María", "rescued a dog", "Done: "]);
    for (pattern, least) in [
        ("?x a onyx:Emotion", 4),
        ("?x a oro:DecisionMakingAction", 4),
        ("?x a oro:ListeningEvent", 4),
        ("?x a oro:ResponseAction", 5),
        ("?x a mls:Model", 3),
        ("?x a mls:ModelEvaluation", 2),
        ("?x prov:atLocation ?place", 3),
        ("?x schema:propertyID 'battery_level'", 3),
        ("?x a schema:Message", 8),
    ] {
        let found = count(&server, pattern);
        assert!(found >= least, "{found} of {least}: {pattern}");
    }

    // A story for newcomers has something in every report.
    let sessions = server.client().get("/reports/conversations").json();
    let session = &sessions["rows"][0];
    assert_eq!(
        (&session["human"]["label"], &session["by_human"], &session["by_robot"]),
        (&"María".into(), &2.into(), &3.into()),
        "{sessions}"
    );
    for report in ["participants", "emotions", "extreme-emotions", "robot-states", "displacement", "ml-usage"]
    {
        let rows = server.client().get(&format!("/reports/{report}")).json();
        assert!(rows["total"].as_u64() > Some(0), "{report}: {rows}");
    }
    let overview = server.client().get("/reports/overview").json();
    assert_eq!(overview["humans"][0]["resource"]["label"], "María", "{overview}");

    let text = plays(&server, &["report-ready", "--seed", "7"], &["Scenario 02"]);
    assert!(!text.contains("FAILED"));
    plays(&server, &["03"], &["Created, confidence", "Matched, confidence", "both robots use https://"]);
    plays(&server, &["04"], &["Ambiguous, confidence", "waits for a person"]);
    plays(&server, &["04", "--decision", "accept"], &["was accepted: one event"]);
    plays(&server, &["04", "--decision", "reject"], &["was rejected: two events"]);
    let stats = server.client().get("/shared-context/stats").json();
    assert_eq!(stats["merged_contexts"], 1, "{stats}");
    plays(
        &server,
        &["05"],
        &["SEM_INTENSITY_OUT_OF_RANGE", "valid is false", "valid is true", "the whole graph as Turtle"],
    );
    let fleet = ["06", "--robots", "5", "--minutes", "0.05", "--rate", "4"];
    plays(&server, &fleet, &["Done: 60 logs stored, 0 failed", "Latency: p50 "]);
    assert_eq!(count(&server, "?x a oro:Robot ; schema:name ?name FILTER(CONTAINS(?name, 'Robot '))"), 5);

    // What the rules of the server say about all of it.
    let graph = server.client().get("/events").text();
    let validation = server.client().post_json("/ttl/validate", &serde_json::json!({ "ttl_content": graph }));
    assert_eq!(validation.json()["valid"], true, "{:.2000}", validation.text());
}

#[test]
fn a_seed_tells_the_same_story() {
    let servers = [ServerBuilder::learning().start(), ServerBuilder::learning().start()];
    let exports = servers.each_ref().map(|server| {
        for scenario in ["01", "02", "05"] {
            plays(server, &[scenario, "--seed", "42"], &["Done: "]);
        }
        let reply =
            server.client().request("GET", "/events").header("Accept", "application/n-triples").send(&[]);
        let mut lines: Vec<String> = reply.text().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    });
    assert!(exports[0].len() > 300, "{}", exports[0].len());
    assert_eq!(exports[0], exports[1]);
    plays(&servers[0], &["02", "--seed", "43"], &["Done: "]);
    assert_ne!(servers[0].client().get("/events").text().lines().count(), exports[0].len());
    // Told again, it is the same graph, and stored again.
    let before = count(&servers[1], "?x ?p ?o");
    plays(&servers[1], &["02", "--seed", "42"], &["Done: "]);
    assert_eq!(count(&servers[1], "?x ?p ?o"), before);
}

#[test]
fn reset_asks_unless_told() {
    let server = ServerBuilder::learning().start();
    assert_eq!(server.client().publish("<urn:old> a <urn:Thing> .").status, 201);
    let output = demo(&server, &["01", "--reset"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("there is nobody to ask; say --yes"), "{}", text(&output));
    assert_eq!(count(&server, "?x a <urn:Thing>"), 1, "nothing was emptied");
    plays(&server, &["01", "--reset", "--yes"], &["Graph cleared."]);
    assert_eq!(count(&server, "?x a <urn:Thing>"), 0);
}

#[test]
fn what_is_wrong_is_said() {
    let check = |url: &str, token: Option<&str>, arguments: &[&str], code: i32, says: &str| {
        let mut command = Command::new(binary("segb-demo"));
        command.args(arguments).env_clear().env("SEGB_API_URL", url).stdin(Stdio::null());
        if let Some(token) = token {
            command.env("SEGB_API_TOKEN", token);
        }
        let output = command.output().expect("the program runs");
        assert_eq!(output.status.code(), Some(code), "{}", text(&output));
        assert!(text(&output).contains(says), "{says}: {}", text(&output));
    };
    let nobody = format!("http://{}", super::free_address());
    check(&nobody, None, &["01"], 1, "is the server running there");
    check(&nobody, None, &["06"], 1, "is the server running there");
    check("nonsense", None, &["01"], 1, "is not the address of a server");
    check(&nobody, None, &["07"], 2, "07");
    check(&nobody, None, &["06", "--robots", "0"], 1, "a fleet has 1 to");
    check(&nobody, None, &["06", "--rate", "NaN"], 1, "it has to be more than 0");
    check(&nobody, None, &["04", "--decision", "perhaps"], 2, "perhaps");
    let server = ServerBuilder::protected().start();
    let url = format!("http://{}", server.address());
    check(&url, None, &["01"], 1, "get a new one (SEGB_API_TOKEN)");
    check(&url, Some(&token("ana", &[Role::Auditor])), &["01"], 1, "needs the role logger");
    check(&url, Some(&token("ari", &[Role::Logger])), &["01"], 0, "Done: 2 logs");
    check(&url, Some(&token("ops", &[Role::Admin])), &["04", "--decision", "accept"], 0, "was accepted");
}

/// Everything that a demonstration prints until it is told, and the process.
fn demonstration(directory: &Path, settings: &[(&str, &str)]) -> (std::process::Child, String) {
    let mut child = Command::new(binary("segb-server"))
        .args(["--demo", "--port", "0", "--ui-port", "auto"])
        .current_dir(directory)
        .env_clear()
        .env("TMPDIR", directory.join("tmp"))
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let mut told = String::new();
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    while let Some(Ok(line)) = lines.next() {
        told.push_str(&line);
        told.push('\n');
        if line.contains("Ctrl-C") {
            break;
        }
    }
    (child, told)
}

#[test]
fn the_server_demonstrates_itself_and_leaves_nothing() {
    let directory = TempDir::new().expect("a directory");
    std::fs::create_dir(directory.path().join("tmp")).expect("a directory");
    // Whatever is set for real data does not matter.
    let settings = [
        ("SECRET_KEY", SECRET),
        ("SEGB_DATA_DIR", "/nowhere"),
        ("SEGB_HOST", "0.0.0.0"),
        ("LOGGING_LEVEL", "DEBUG"),
    ];
    let (mut child, told) = demonstration(directory.path(), &settings);
    assert!(told.contains("I am sorry, María") && told.contains("Nothing of this is kept"), "{told}");
    let link =
        told.split_whitespace().find(|word| word.ends_with("/docs")).unwrap_or_else(|| panic!("{told}"));
    let base = link.trim_end_matches("/docs");
    assert!(base.starts_with("http://127.0.0.1:"), "{base}");
    let client = Client::new(base);
    for link in told.split_whitespace().filter(|word| word.starts_with("http://127.0.0.1:")) {
        let (host, path) =
            link.split_at(link.find('/').map_or(link.len(), |_| link[7..].find('/').expect("a path") + 7));
        assert_eq!(Client::new(host).get(path).status, 200, "{link}");
    }
    assert_eq!(client.get("/auth/mode").json()["auth_enabled"], false);
    assert!(client.get("/events").text().contains("rescued a dog"));
    let stopped = Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status();
    assert!(stopped.expect("kill runs").success());
    assert!(child.wait().expect("its end").success());
    let left: Vec<_> = std::fs::read_dir(directory.path().join("tmp")).expect("a directory").collect();
    assert!(left.is_empty(), "{left:?}");
    let beside: Vec<_> = std::fs::read_dir(directory.path()).expect("a directory").collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
}

#[test]
fn a_demonstration_is_of_a_server_without_data() {
    for arguments in
        [&["--demo", "--data-dir", "x"][..], &["--demo", "rebuild"], &["--demo", "--check-config"]]
    {
        let output =
            Command::new(binary("segb-server")).args(arguments).env_clear().output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output));
    }
}
