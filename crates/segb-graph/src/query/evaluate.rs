//! One query, from its text to the last byte of its answer, on one thread.

use std::{cell::RefCell, io, io::Write, rc::Rc};

use oxrdf::{GraphName, NamedNode, NamedOrBlankNode, Term, Variable};
use spareval::{CancellationToken, QueryEvaluator, QueryResults, QuerySolutionIter, QueryTripleIter};
use spargebra::{Query, algebra::QueryDataset};

use super::{
    GraphFormat, QueryError, QueryRequest, SolutionsFormat,
    answer::{AnswerLimits, AnswerWriter, Outlet},
    dataset::GraphDataset,
    failure::Failure,
    graph::{GraphWriter, SeenTriples},
    solutions::{SolutionsWriter, write_boolean},
    syntax::{kind, parse},
};
use crate::{index::Snapshot, limits::QueryLimits};

/// Opens what a query reads: the graph as it is now, and the prefixes seen on logs.
pub(super) type OpenSnapshot =
    dyn Fn() -> Result<(Snapshot, Vec<(String, String)>), QueryError> + Send + Sync;

/// What all queries share.
pub(super) struct Evaluation {
    pub(super) limits: QueryLimits,
    pub(super) graph_iri: String,
    pub(super) open_snapshot: Box<OpenSnapshot>,
}

impl Evaluation {
    /// Answers a query. Needs a large stack.
    pub(super) fn run(
        &self,
        request: &QueryRequest,
        outlet: &Outlet,
        limits: AnswerLimits,
        cancellation: &CancellationToken,
    ) {
        if let Err(error) = self.try_run(request, outlet, limits, cancellation) {
            outlet.fail(error);
        }
    }

    fn try_run(
        &self,
        request: &QueryRequest,
        outlet: &Outlet,
        limits: AnswerLimits,
        cancellation: &CancellationToken,
    ) -> Result<(), QueryError> {
        let query = parse(&request.text, &self.limits)?;
        let format = Format::choose(&query, request)?;
        if cancellation.is_cancelled() {
            return Err(QueryError::Deadline(limits.duration_max));
        }
        let (snapshot, prefixes) = (self.open_snapshot)()?;
        let writer = AnswerWriter::new(outlet.clone(), kind(&query), format.media_type(), limits);
        let sink = Sink(Rc::new(RefCell::new(writer)));
        let graphs = Graphs::choose(&query, request);
        let done = GraphDataset::new(&snapshot, &self.graph_iri, graphs.default.as_deref())
            .map_err(Failure::from)
            .and_then(|dataset| {
                let evaluator = QueryEvaluator::new().with_cancellation_token(cancellation.clone());
                let mut prepared = evaluator.prepare(&query);
                // The dataset itself knows what its default graph is.
                prepared.dataset_mut().set_default_graph(vec![GraphName::DefaultGraph]);
                if let Some(named) = graphs.named {
                    prepared.dataset_mut().set_available_named_graphs(named);
                }
                match (prepared.execute(dataset)?, format) {
                    (QueryResults::Solutions(solutions), Format::Solutions(format)) => {
                        write_solutions(solutions, format, &sink, cancellation)
                    }
                    (QueryResults::Boolean(value), Format::Solutions(format)) => {
                        write_boolean(format, value, sink.clone())?;
                        Ok(())
                    }
                    (QueryResults::Graph(triples), Format::Graph(format)) => {
                        write_graph(triples, format, &prefixes, &sink, cancellation)
                    }
                    _ => Err(QueryError::NotAcceptable.into()),
                }
            });
        let Some(writer) = Rc::into_inner(sink.0) else {
            return Ok(());
        };
        let writer = writer.into_inner();
        match done {
            // It fails only when nobody reads the answer, or when the stream has ended with an error.
            Ok(()) => drop(writer.finish()),
            Err(failure) => writer.fail(failure),
        }
        Ok(())
    }
}

/// A handle on the answer that the serializers may own.
#[derive(Clone)]
struct Sink(Rc<RefCell<AnswerWriter>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink {
    /// Counts a row that is about to be written. Rows made of values in memory are noticed by no other check.
    fn count_row(&self, cancellation: &CancellationToken) -> Result<(), Failure> {
        if cancellation.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        self.0.borrow_mut().count_row()
    }
}

#[derive(Clone, Copy)]
enum Format {
    Solutions(SolutionsFormat),
    Graph(GraphFormat),
}

impl Format {
    fn choose(query: &Query, request: &QueryRequest) -> Result<Self, QueryError> {
        let format = match query {
            Query::Select { .. } | Query::Ask { .. } => request.solutions.map(Self::Solutions),
            Query::Construct { .. } | Query::Describe { .. } => request.graph.map(Self::Graph),
        };
        format.ok_or(QueryError::NotAcceptable)
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Solutions(format) => format.media_type(),
            Self::Graph(format) => format.media_type(),
        }
    }
}

/// The graphs that a query speaks of; none: all there are.
struct Graphs {
    default: Option<Vec<String>>,
    named: Option<Vec<NamedOrBlankNode>>,
}

impl Graphs {
    /// The graphs of the request, or else those of the text (SPARQL 1.1 Protocol, section 2.1.4).
    fn choose(query: &Query, request: &QueryRequest) -> Self {
        let (Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. }) = query;
        if !request.default_graphs.is_empty() || !request.named_graphs.is_empty() {
            return Self::of(request.default_graphs.iter(), request.named_graphs.iter());
        }
        match dataset {
            Some(QueryDataset { default, named }) => {
                let iri = |node: &NamedNode| node.as_str().to_owned();
                let default: Vec<String> = default.iter().map(iri).collect();
                let named: Vec<String> = named.iter().flatten().map(iri).collect();
                Self::of(default.iter(), named.iter())
            }
            None => Self { default: None, named: None },
        }
    }

    fn of<'i>(default: impl Iterator<Item = &'i String>, named: impl Iterator<Item = &'i String>) -> Self {
        let mut named: Vec<&String> = named.collect();
        named.sort_unstable();
        named.dedup();
        Self {
            default: Some(default.cloned().collect()),
            named: Some(named.into_iter().map(|iri| NamedNode::new_unchecked(iri).into()).collect()),
        }
    }
}

fn write_solutions(
    solutions: QuerySolutionIter<'_>,
    format: SolutionsFormat,
    sink: &Sink,
    cancellation: &CancellationToken,
) -> Result<(), Failure> {
    let variables = solutions.variables().to_vec();
    let mut writer = SolutionsWriter::start(format, &variables, sink.clone())?;
    for solution in solutions {
        let solution = solution?;
        sink.count_row(cancellation)?;
        let values = solution.values().iter().map(Option::as_ref);
        let row: Vec<(&Variable, Option<&Term>)> = variables.iter().zip(values).collect();
        writer.write(&row)?;
    }
    writer.finish()?;
    Ok(())
}

fn write_graph(
    triples: QueryTripleIter<'_>,
    format: GraphFormat,
    prefixes: &[(String, String)],
    sink: &Sink,
    cancellation: &CancellationToken,
) -> Result<(), Failure> {
    let mut writer = GraphWriter::new(format, prefixes, sink.clone())?;
    let mut seen = SeenTriples::new();
    for triple in triples {
        let triple = triple?;
        if seen.is_new(&triple) {
            sink.count_row(cancellation)?;
            writer.write(triple.as_ref())?;
        }
    }
    writer.finish()?;
    Ok(())
}
