//! Compares what a server holds with what its clients were told, and its graph with its journal.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use oxigraph::{
    io::{RdfFormat, RdfParser},
    model::{NamedOrBlankNode, Term},
};
use segb_tests::Client;

use super::posting::Memory;

/// One entry of GET /logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub sequence: u64,
    pub kind: String,
    pub log_id: String,
    pub triple_count: u64,
    pub leaf_hash: String,
}

/// What an independent parser finds in a log.
struct Content {
    document: String,
    /// Triples without blank nodes, as lines of N-Triples.
    ground: BTreeSet<String>,
    /// How many triples have a blank node; no two logs share one.
    with_blanks: u64,
}

/// Remembers what it read before: a journal does not change.
#[derive(Default)]
pub struct Auditor {
    contents: HashMap<String, Content>,
}

/// All entries, oldest first; they are checked to be without a gap.
pub fn entries(client: &Client) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut path = "/logs?limit=1000".to_owned();
    loop {
        let page = client.get(&path);
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        for entry in page["entries"].as_array().unwrap() {
            let text =
                |name: &str| entry[name].as_str().unwrap_or_else(|| panic!("{name}: {entry}")).to_owned();
            let number = |name: &str| entry[name].as_u64().unwrap_or_else(|| panic!("{name}: {entry}"));
            entries.push(Entry {
                sequence: number("sequence"),
                kind: text("kind"),
                log_id: text("log_id"),
                triple_count: number("triple_count"),
                leaf_hash: text("leaf_hash"),
            });
        }
        match page["next_before"].as_u64() {
            Some(before) => path = format!("/logs?limit=1000&before={before}"),
            None => break,
        }
    }
    entries.reverse();
    let sequences: Vec<u64> = entries.iter().map(|entry| entry.sequence).collect();
    let expected: Vec<u64> = (0..entries.len() as u64).collect();
    assert_eq!(sequences, expected, "the sequence has a gap");
    entries
}

/// The bytes of a log, as the journal has them.
pub fn payload(client: &Client, log_id: &str) -> Vec<u8> {
    let reply = client.get(&format!("/logs/{log_id}/payload"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.body
}

/// The graph as sorted N-Triples.
pub fn export(client: &Client) -> String {
    let reply = client.request("GET", "/events").header("Accept", "application/n-triples").send(&[]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.text();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

impl Auditor {
    /// Journal and clients agree, journal and graph agree. The entries, for more questions.
    pub fn check(&mut self, client: &Client, memory: &Memory) -> Vec<Entry> {
        let entries = entries(client);
        self.read_payloads(client, &entries);
        self.check_memory(&entries, memory);
        self.check_graph(client, &entries);
        entries
    }

    fn read_payloads(&mut self, client: &Client, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| entry.kind == "log_received") {
            if !self.contents.contains_key(&entry.log_id) {
                let document = String::from_utf8(payload(client, &entry.log_id)).unwrap();
                let content = Content::read(document);
                let triples = content.ground.len() as u64 + content.with_blanks;
                assert_eq!(entry.triple_count, triples, "{entry:?}");
                self.contents.insert(entry.log_id.clone(), content);
            }
        }
    }

    fn check_memory(&self, entries: &[Entry], memory: &Memory) {
        let acknowledged = memory.acknowledged.lock().unwrap();
        for log in acknowledged.iter() {
            let entry = entries
                .get(log.sequence as usize)
                .unwrap_or_else(|| panic!("log {} got 201 and is lost", log.sequence));
            assert_eq!(entry.log_id, log.log_id, "another log has taken its place");
            assert_eq!(entry.triple_count, log.triple_count);
            assert!(
                self.contents[&log.log_id].document == log.document,
                "log {} is not what was sent",
                log.sequence
            );
        }
        let sent = memory.sent.lock().unwrap();
        for content in self.contents.values() {
            assert!(sent.contains(&content.document), "a log that nobody sent as a whole");
        }
        let cleared_below = *memory.cleared_below.lock().unwrap();
        assert!(
            in_graph_from(entries) >= cleared_below,
            "delete_all got 200 after log {} and is lost",
            cleared_below.saturating_sub(1)
        );
    }

    fn check_graph(&self, client: &Client, entries: &[Entry]) {
        let mut logs = BTreeMap::new();
        let (mut ground, mut with_blanks) = (BTreeSet::new(), 0);
        let in_graph = &entries[in_graph_from(entries) as usize..];
        for entry in in_graph.iter().filter(|entry| entry.kind == "log_received") {
            let content = &self.contents[&entry.log_id];
            logs.insert(format!("urn:segb:log:{}", entry.log_id), entry.triple_count);
            ground.extend(content.ground.iter().map(String::as_str));
            with_blanks += content.with_blanks;
        }
        assert_eq!(logs_in_graph(client), logs, "the graph has other logs than the journal, or a half one");
        let export = export(client);
        let (blank, found): (Vec<&str>, BTreeSet<&str>) = {
            let lines = export.lines();
            let (blank, ground): (Vec<_>, Vec<_>) = lines.partition(|line| line.contains("_:"));
            (blank, ground.into_iter().collect())
        };
        assert!(
            found == ground,
            "triples differ: {} in the graph, {} in the logs",
            found.len(),
            ground.len()
        );
        assert_eq!(blank.len() as u64, with_blanks, "triples with blank nodes");
    }
}

/// The first sequence number that the graph shows.
fn in_graph_from(entries: &[Entry]) -> u64 {
    let clear = entries.iter().rposition(|entry| entry.kind == "graph_cleared");
    clear.map_or(0, |clear| clear as u64 + 1)
}

/// The named graphs of logs and how many triples each has.
fn logs_in_graph(client: &Client) -> BTreeMap<String, u64> {
    let query = "SELECT ?log (COUNT(*) AS ?n) WHERE { GRAPH ?log { ?s ?p ?o } \
                 FILTER(STRSTARTS(STR(?log), 'urn:segb:log:')) } GROUP BY ?log";
    let rows = client.select(query);
    let row = |row: &serde_json::Value| {
        let text = |name: &str| row[name]["value"].as_str().unwrap().to_owned();
        (text("log"), text("n").parse().unwrap())
    };
    rows.iter().map(row).collect()
}

impl Content {
    fn read(document: String) -> Self {
        let (mut ground, mut blanks) = (BTreeSet::new(), BTreeSet::new());
        for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(document.as_bytes()) {
            let quad = quad.expect("what was acknowledged is Turtle");
            let line = format!("{} {} {} .", quad.subject, quad.predicate, quad.object);
            let blank = matches!(quad.subject, NamedOrBlankNode::BlankNode(_))
                || matches!(quad.object, Term::BlankNode(_));
            if blank { &mut blanks } else { &mut ground }.insert(line);
        }
        Self { document, ground, with_blanks: blanks.len() as u64 }
    }
}
