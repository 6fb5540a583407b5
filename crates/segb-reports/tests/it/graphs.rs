//! Small graphs in the vocabulary of robots, many of them nonsense.

use std::path::PathBuf;

use proptest::prelude::*;
use segb_store::{
    ParsedLog, Provenance, QueryRequest, Salt, SolutionsFormat, Store, StoreOptions, Timestamp,
};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const PREFIXES: &str = "
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix mls: <http://www.w3.org/ns/mls#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
@prefix oro: <http://kb.openrobots.org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

/// A triple as Turtle writes it.
pub(crate) type Text = [String; 3];

const TYPES: [&str; 16] = [
    "oro:Robot",
    "oro:Human",
    "foaf:Person",
    "prov:Person",
    "segb:LoggedActivity",
    "prov:Activity",
    "prov:Entity",
    "onyx:EmotionAnalysis",
    "onyx:Emotion",
    "schema:Message",
    "schema:Event",
    "mls:Model",
    "mls:Run",
    "mls:ModelEvaluation",
    "mls:HyperParameterSetting",
    "oro:ListeningEvent",
];

const LINKS: [&str; 27] = [
    "segb:wasPerformedBy",
    "segb:wasPerformedBy",
    "schema:about",
    "schema:about",
    "segb:wasRequestedBy",
    "oro:belongsTo",
    "oro:hasSpeaker",
    "oro:hasListener",
    "segb:usedMLModel",
    "segb:producedEntityResult",
    "segb:triggeredByActivity",
    "segb:triggeredByEntity",
    "segb:intermediateActivity",
    "prov:generated",
    "prov:wasGeneratedBy",
    "prov:wasAttributedTo",
    "prov:wasDerivedFrom",
    "prov:wasInfluencedBy",
    "prov:specializationOf",
    "prov:used",
    "prov:atLocation",
    "mls:hasInput",
    "mls:hasOutput",
    "onyx:hasEmotion",
    "oa:hasTarget",
    "schema:sender",
    "schema:additionalProperty",
];

const TIMES: [&str; 5] = [
    "\"2026-01-31T10:00:00Z\"^^xsd:dateTime",
    "\"2026-01-31T10:01:59Z\"^^xsd:dateTime",
    "\"2026-01-31T10:02:00Z\"^^xsd:dateTime",
    "\"2026-01-31T11:00:00+01:00\"^^xsd:dateTime",
    "\"some time\"",
];

const VALUES: [(&str, &[&str]); 6] = [
    ("prov:startedAtTime", &TIMES),
    ("prov:endedAtTime", &TIMES),
    ("prov:generatedAtTime", &TIMES),
    ("schema:text", &["\"hello\"@en", "\"hola\"@es", "\"x\""]),
    ("onyx:hasEmotionIntensity", &["\"0.9\"^^xsd:float", "0.75", "\"0.2\"^^xsd:float", "\"strong\""]),
    ("mls:hasValue", &["0.5", "\"good\""]),
];

/// Few names, so that much comes together.
fn name() -> impl Strategy<Value = String> {
    (0..12_u8).prop_map(|number| format!("<urn:n{number}>"))
}

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(from).prop_map(str::to_owned)
}

fn triple() -> impl Strategy<Value = Text> {
    prop_oneof![
        5 => (name(), pick(&TYPES)).prop_map(|(s, o)| [s, "a".to_owned(), o]),
        8 => (name(), pick(&LINKS), name()).prop_map(|(s, p, o)| [s, p, o]),
        3 => (name(), proptest::sample::select(&VALUES[..])).prop_flat_map(|(s, (p, values))| {
            pick(values).prop_map(move |o| [s.clone(), p.to_owned(), o])
        }),
        1 => (name(), pick(&LINKS), pick(&["\"a text\"", "[]"])).prop_map(|(s, p, o)| [s, p, o]),
    ]
}

/// The logs of a graph.
pub(crate) fn logs() -> impl Strategy<Value = Vec<Vec<Text>>> {
    proptest::collection::vec(proptest::collection::vec(triple(), 1..60), 1..4)
}

/// A store with some logs in it.
pub(crate) struct Told {
    pub(crate) store: Store,
    _directory: TempDir,
}

impl Told {
    pub(crate) fn new(logs: &[Vec<Text>]) -> Self {
        Self::of(
            StoreOptions::new,
            logs.iter().map(|log| log.iter().map(|triple| triple.join(" ") + " .\n").collect()),
        )
    }

    /// Of logs as Turtle, without the prefixes.
    pub(crate) fn of(
        options: impl FnOnce(PathBuf) -> StoreOptions,
        logs: impl IntoIterator<Item = String>,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(options(directory.path().to_owned())).unwrap();
        let mut pending = Vec::new();
        for (number, log) in logs.into_iter().enumerate() {
            let turtle = format!("{PREFIXES}{log}");
            let provenance = Provenance {
                actor: "robot".to_owned(),
                claimed_user: None,
                origin: None,
                received_at: Timestamp::from_unix_us(number as i64).unwrap(),
                log_id: Uuid::from_u128(number as u128 + 1),
                salt: Salt::from_bytes([0; Salt::LENGTH_BYTES]),
            };
            let log = ParsedLog::parse(turtle.into_bytes(), store.turtle_limits()).unwrap();
            pending.push(store.record(log, provenance, None).unwrap());
        }
        for receipt in pending {
            receipt.wait().unwrap();
        }
        while store.figures().index_behind > 0 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        Self { store, _directory: directory }
    }

    /// The rows of a query, each joined by spaces, sorted.
    pub(crate) fn select(&self, pattern: &str) -> Vec<String> {
        let prefixes = PREFIXES.replace("@prefix", "PREFIX").replace("> .", ">");
        let request = QueryRequest {
            text: format!("{prefixes} SELECT DISTINCT {pattern}"),
            solutions: Some(SolutionsFormat::Csv),
            ..QueryRequest::default()
        };
        let answer = self.store.query(request).unwrap().wait().unwrap();
        let csv = String::from_utf8(answer.body.collect_bytes().unwrap()).unwrap();
        let mut rows: Vec<String> = csv.lines().skip(1).map(|line| line.replace(',', " ")).collect();
        rows.sort_unstable();
        rows
    }
}
