//! One query, from its text to the last byte of its answer, on one thread.

use std::{cell::RefCell, io, io::Write, rc::Rc, sync::Arc};

use oxrdf::{GraphName, NamedNode, NamedOrBlankNode, Term, Variable};
use spareval::{CancellationToken, QueryEvaluator, QueryResults, QuerySolutionIter, QueryTripleIter};
use spargebra::{Query, algebra::QueryDataset};

use super::{
    GraphFormat, QueryError, QueryRequest, SolutionsFormat,
    answer::{AnswerHead, AnswerLimits, AnswerSink, AnswerWriter},
    dataset::GraphDataset,
    failure::Failure,
    format::AnswerFormat,
    graph::{GraphWriter, SeenTriples},
    solutions::{SolutionsWriter, write_boolean},
    syntax::{kind, parse},
};
use crate::{index::Snapshot, limits::QueryLimits};

/// What all queries share.
#[derive(Debug, Clone)]
pub(super) struct Evaluation {
    pub(super) limits: QueryLimits,
    pub(super) graph_iri: String,
}

/// What one query reads: the graph as it is now, and the prefixes seen on logs.
pub(super) type Readable = (Snapshot, Arc<Vec<(String, String)>>);

impl Evaluation {
    /// Answers a query. Needs a large stack. `open` is called once the text is known to be a query.
    pub(super) fn run(
        &self,
        request: &QueryRequest,
        open: impl FnOnce() -> Result<Readable, QueryError>,
        sink: &mut dyn AnswerSink,
        limits: AnswerLimits,
        cancellation: &CancellationToken,
    ) {
        let prepared = parse(&request.text, &self.limits).and_then(|query| {
            let format = choose_format(&query, request)?;
            if cancellation.is_cancelled() {
                return Err(QueryError::Deadline(limits.duration_max));
            }
            Ok((query, format, open()?))
        });
        match prepared {
            Ok((query, format, (snapshot, prefixes))) => {
                let writer = AnswerWriter::new(sink, AnswerHead { kind: kind(&query), format }, limits);
                let shared = Sink(Rc::new(RefCell::new(writer)));
                let done = self.evaluate(&query, request, (&snapshot, &prefixes), &shared, cancellation);
                // The serializers are gone, so that this is the last handle.
                let Some(writer) = Rc::into_inner(shared.0).map(RefCell::into_inner) else { return };
                match done {
                    // It fails only when nobody reads the answer, or when the stream has ended with an error.
                    Ok(()) => drop(writer.finish()),
                    Err(failure) => writer.fail(failure),
                }
            }
            Err(error) => sink.fail(error),
        }
    }

    fn evaluate(
        &self,
        query: &Query,
        request: &QueryRequest,
        (snapshot, prefixes): (&Snapshot, &[(String, String)]),
        sink: &Sink<'_>,
        cancellation: &CancellationToken,
    ) -> Result<(), Failure> {
        let graphs = Graphs::choose(query, request);
        let format = sink.0.borrow().format();
        let dataset = GraphDataset::new(snapshot, &self.graph_iri, graphs.default.as_deref())?;
        let evaluator = QueryEvaluator::new().with_cancellation_token(cancellation.clone());
        let mut prepared = evaluator.prepare(query);
        // The dataset itself knows what its default graph is.
        prepared.dataset_mut().set_default_graph(vec![GraphName::DefaultGraph]);
        if let Some(named) = graphs.named {
            prepared.dataset_mut().set_available_named_graphs(named);
        }
        match (prepared.execute(dataset)?, format) {
            (QueryResults::Solutions(solutions), AnswerFormat::Solutions(format)) => {
                write_solutions(solutions, format, sink, cancellation)
            }
            (QueryResults::Boolean(value), AnswerFormat::Solutions(format)) => {
                write_boolean(format, value, sink.clone())?;
                Ok(())
            }
            (QueryResults::Graph(triples), AnswerFormat::Graph(format)) => {
                write_graph(triples, format, prefixes, sink, cancellation)
            }
            _ => Err(QueryError::NotAcceptable.into()),
        }
    }
}

/// A handle on the answer that the serializers may own.
#[derive(Clone)]
struct Sink<'s>(Rc<RefCell<AnswerWriter<'s>>>);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink<'_> {
    /// Counts a row that is about to be written. Rows made of values in memory are noticed by no other check.
    fn count_row(&self, cancellation: &CancellationToken) -> Result<(), Failure> {
        if cancellation.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        self.0.borrow_mut().count_row()
    }
}

fn choose_format(query: &Query, request: &QueryRequest) -> Result<AnswerFormat, QueryError> {
    let format = match query {
        Query::Select { .. } | Query::Ask { .. } => request.solutions.map(AnswerFormat::Solutions),
        Query::Construct { .. } | Query::Describe { .. } => request.graph.map(AnswerFormat::Graph),
    };
    format.ok_or(QueryError::NotAcceptable)
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
    sink: &Sink<'_>,
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
    sink: &Sink<'_>,
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
