//! The graph of the Rust client is that of `semantic-log-generator` 1.0.5 for the same calls: both are run.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use oxigraph::{
    io::RdfFormat,
    model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple},
};
use segb_tests::python_with_client;
use serde_json::Value as Json;

use super::{calls, calls_corpus::corpus};
use crate::answers::rdf;

/// What the Python package makes of the calls, or why it refuses them.
fn python(python: &Path, calls: &[Json]) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/client/calls.py");
    let mut child = Command::new(python)
        .arg(script)
        .env_clear()
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python runs");
    let calls = serde_json::to_string(calls).expect("JSON");
    child.stdin.take().expect("a pipe").write_all(calls.as_bytes()).expect("python reads");
    let output = child.wait_with_output().expect("python ends");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    if let Ok(Json::Object(refused)) = serde_json::from_str(text.trim()) {
        return Err(refused["refused"].as_str().expect("a text").to_owned());
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(text)
}

/// What is random in an IRI is 32 hexadecimal digits. Such IRIs become blank nodes that say how the rest of the IRI is, so
/// that graphs are compared but for what is random.
fn without_randomness(triples: Vec<Triple>) -> Vec<Triple> {
    let mut shapes: BTreeMap<String, (BlankNode, String)> = BTreeMap::new();
    let mut replace = |iri: NamedNode| -> NamedOrBlankNode {
        match shape(iri.as_str()) {
            None => iri.into(),
            Some(shape) => {
                let node = shapes.entry(iri.into_string()).or_insert_with(|| (BlankNode::default(), shape));
                node.0.clone().into()
            }
        }
    };
    let mut replaced = Vec::new();
    for Triple { subject, predicate, object } in triples {
        let subject = match subject {
            NamedOrBlankNode::NamedNode(iri) => replace(iri),
            blank => blank,
        };
        let object = match object {
            Term::NamedNode(iri) => replace(iri).into(),
            // The identifier of an event is the end of its IRI.
            Term::Literal(literal) if shape(literal.value()).is_some() => {
                let shape = shape(literal.value()).unwrap_or_default();
                oxigraph::model::Literal::new_simple_literal(shape).into()
            }
            other => other,
        };
        replaced.push(Triple { subject, predicate, object });
    }
    let is_shaped = NamedNode::new("urn:test:shape").expect("an IRI");
    replaced.extend(shapes.into_values().map(|(node, shape)| {
        Triple::new(node, is_shaped.clone(), oxigraph::model::Literal::new_simple_literal(shape))
    }));
    replaced
}

fn shape(iri: &str) -> Option<String> {
    let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let place = iri.as_bytes().windows(32).position(|window| window.iter().all(is_hex))?;
    Some(format!("{}*{}", &iri[..place], &iri[place + 32..]))
}

fn graph(format: RdfFormat, document: &str, name: &str) -> Vec<String> {
    let triples =
        rdf::parse(format, document.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}\n{document}"));
    rdf::canonical(&without_randomness(triples))
}

fn interpreter() -> Option<PathBuf> {
    python_with_client(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

#[test]
fn the_same_calls_make_the_same_graph() {
    let Some(interpreter) = interpreter() else { return };
    let mut methods = BTreeSet::new();
    for (name, calls) in corpus() {
        methods.extend(calls.iter().map(|call| call["call"].as_str().expect("a method").to_owned()));
        let python = python(&interpreter, &calls).unwrap_or_else(|error| panic!("{name}: python: {error}"));
        let rust = calls::make(&calls).unwrap_or_else(|error| panic!("{name}: rust: {error}"));
        let (python, rust) =
            (graph(RdfFormat::NTriples, &python, name), graph(RdfFormat::Turtle, &rust, name));
        let only = |one: &[String], other: &[String]| {
            let lines: Vec<String> = one.iter().filter(|line| !other.contains(line)).cloned().collect();
            lines.join("\n")
        };
        assert!(
            python == rust,
            "{name}:\nonly python:\n{}\nonly rust:\n{}",
            only(&python, &rust),
            only(&rust, &python)
        );
        assert!(python.len() >= 2, "{name} says something");
    }
    // Whatever the package can do that makes triples is done here.
    let done: Vec<&str> = methods.iter().map(String::as_str).collect();
    let public = python_methods(&interpreter);
    let left: Vec<&String> = public.iter().filter(|method| !done.contains(&method.as_str())).collect();
    assert_eq!(left, ["publish", "serialize"], "methods that are not compared");
}

/// The public methods of the logger.
fn python_methods(python: &Path) -> BTreeSet<String> {
    let script = "from semantic_log_generator import SemanticSEGBLogger as L\n\
                  print('\\n'.join(n for n in dir(L) if not n.startswith('_') and callable(getattr(L, n))))";
    let output = Command::new(python).args(["-c", script]).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

#[test]
fn what_python_refuses_is_refused() {
    let Some(interpreter) = interpreter() else { return };
    for (name, call) in super::calls_corpus::refused_by_both() {
        let calls = [super::calls_corpus::new(), call];
        assert!(python(&interpreter, &calls).is_err(), "{name}: python takes it");
        assert!(calls::make(&calls).is_err(), "{name}: rust takes it");
    }
}
