//! Tests of the module as a whole, over a real index.

mod formats;
mod graphs;
mod hostile;
mod oracle;
#[cfg(target_os = "linux")]
mod processes;
mod running;

use std::{sync::Arc, time::Duration};

use tempfile::TempDir;
use uuid::Uuid;

use super::{
    GraphFormat, QueriedGraph, QueryAnswer, QueryCheck, QueryError, QueryProgram, QueryRequest, QueryRunner,
    QuerySettings, SolutionsFormat,
};
use crate::{
    index::{GraphIndex, IndexChange, IndexWriter, Snapshot},
    limits::{QueryLimits, TurtleLimits},
    stream::StreamError,
    turtle::ParsedLog,
};

const GRAPH_IRI: &str = "http://amor-segb/events";

/// A graph made of a few logs.
struct Graph {
    _directory: TempDir,
    index: Arc<GraphIndex>,
}

struct Queried {
    index: Arc<GraphIndex>,
    prefixes: Arc<Vec<(String, String)>>,
}

impl QueriedGraph for Queried {
    fn index(&self) -> &GraphIndex {
        &self.index
    }

    fn check_ready(&self) -> Result<(), QueryError> {
        Ok(())
    }

    fn prefixes(&self) -> Arc<Vec<(String, String)>> {
        Arc::clone(&self.prefixes)
    }
}

impl Graph {
    /// Each document is a log; the first has the id …001.
    fn of(documents: &[&str]) -> Self {
        let directory = TempDir::new().unwrap();
        let index = GraphIndex::open(directory.path(), false).unwrap();
        let limits =
            TurtleLimits { literal_bytes_max: 4 << 20, triples_max: 2_000_000, ..TurtleLimits::default() };
        let mut writer = IndexWriter::default();
        for (sequence, document) in (0..).zip(documents) {
            let log = ParsedLog::parse(document.as_bytes().to_vec(), &limits).unwrap();
            let log_id = log_id(sequence + 1);
            writer
                .apply(&index, &[IndexChange::Assert { sequence, log_id, log: &log }], sequence + 1)
                .unwrap();
        }
        Self { _directory: directory, index: Arc::new(index) }
    }

    fn snapshot(&self) -> Snapshot {
        self.index.snapshot().unwrap()
    }

    fn runner(&self) -> QueryRunner {
        self.runner_with(QueryLimits::default())
    }

    fn runner_with(&self, limits: QueryLimits) -> QueryRunner {
        self.runner_of(limits, None)
    }

    fn runner_of(&self, limits: QueryLimits, program: Option<QueryProgram>) -> QueryRunner {
        let settings = QuerySettings { limits, graph_iri: GRAPH_IRI.to_owned(), program };
        let prefixes = Arc::new(vec![("ex".to_owned(), "http://example.org/".to_owned())]);
        QueryRunner::new(settings, Arc::new(Queried { index: Arc::clone(&self.index), prefixes })).unwrap()
    }

    /// Runs a query and returns the whole answer.
    fn ask(&self, text: &str, format: SolutionsFormat) -> Result<String, QueryError> {
        ask(&self.runner(), text, format)
    }

    fn construct(&self, text: &str, format: GraphFormat) -> Result<String, QueryError> {
        body(run(&self.runner(), QueryRequest { graph: Some(format), ..request(text) })?)
    }

    /// The rows of a SELECT as CSV, without the head, sorted.
    fn rows(&self, text: &str) -> Vec<String> {
        sorted_rows(&self.ask(text, SolutionsFormat::Csv).unwrap())
    }
}

fn log_id(number: u64) -> Uuid {
    Uuid::from_u128(number.into())
}

fn request(text: &str) -> QueryRequest {
    QueryRequest {
        text: text.to_owned(),
        default_graphs: Vec::new(),
        named_graphs: Vec::new(),
        solutions: Some(SolutionsFormat::Csv),
        graph: Some(GraphFormat::NTriples),
    }
}

fn run(runner: &QueryRunner, request: QueryRequest) -> Result<QueryAnswer, QueryError> {
    runner.query(request)?.wait()
}

fn ask(runner: &QueryRunner, text: &str, format: SolutionsFormat) -> Result<String, QueryError> {
    body(run(runner, QueryRequest { solutions: Some(format), ..request(text) })?)
}

fn check(text: &str) -> QueryCheck {
    let graph = Graph::of(&[]);
    graph.runner().check(text.to_owned()).unwrap().wait().unwrap()
}

fn body(answer: QueryAnswer) -> Result<String, QueryError> {
    let bytes = answer
        .body
        .collect_bytes()
        .map_err(|error: StreamError| QueryError::Evaluation(error.to_string()))?;
    Ok(String::from_utf8(bytes).unwrap())
}

fn sorted_rows(csv: &str) -> Vec<String> {
    let mut rows: Vec<String> = csv.split("\r\n").skip(1).map(str::to_owned).collect();
    rows.pop();
    rows.sort();
    rows
}

/// Limits under which a test does not wait long.
fn short(milliseconds: u64) -> QueryLimits {
    QueryLimits { duration_max: Duration::from_millis(milliseconds), ..QueryLimits::default() }
}
