//! The graph index as the evaluator sees it.

use std::rc::Rc;

use oxrdf::{BlankNode, Literal, NamedNode, Term};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};

use crate::{
    index::{IdTriple, IndexError, Snapshot, TermId},
    term::{TermRef, XSD_STRING, blank_label, from_oxrdf, to_oxrdf},
};

/// A term during evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum EvaluatedTerm {
    /// A term that some log mentions. Equal terms have equal ids, whatever the case of their language tags.
    Id(TermId),
    /// A term that no log mentions.
    Other(Rc<Term>),
}

/// Why a term or triple could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum DatasetError {
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("the graph index is damaged: a triple has a term that is missing")]
    TermMissing,
}

/// What the default graph of a query is.
#[derive(Debug, Clone)]
enum DefaultGraph {
    /// All triples.
    Union,
    /// What these logs assert, each triple once.
    Logs(Rc<[TermId]>),
}

/// One snapshot with its graphs: the union of all logs, which the configured IRI names too, and each log.
///
/// `GRAPH ?g` ranges over the logs. The union answers to its name, but is not among them: else every triple would be
/// found twice.
#[derive(Clone)]
pub(super) struct GraphDataset<'s> {
    snapshot: &'s Snapshot,
    union: EvaluatedTerm,
    default_graph: DefaultGraph,
}

type Quads<'s> = Box<dyn Iterator<Item = Result<InternalQuad<EvaluatedTerm>, DatasetError>> + 's>;
type Pattern = [Option<TermId>; 3];

impl<'s> GraphDataset<'s> {
    /// `default_graphs`: the graphs whose union is the default graph; none: all triples. An IRI that names no graph
    /// adds nothing.
    pub(super) fn new(
        snapshot: &'s Snapshot,
        graph_iri: &str,
        default_graphs: Option<&[String]>,
    ) -> Result<Self, DatasetError> {
        let union = internalize(snapshot, NamedNode::new_unchecked(graph_iri).into())?;
        let default_graph = match default_graphs {
            Some(graphs) if !graphs.iter().any(|graph| graph == graph_iri) => {
                let mut logs = Vec::new();
                for graph in graphs {
                    if let Some(id) = snapshot.id_of(TermRef::Iri(graph))?
                        && snapshot.is_log(id)?
                        && !logs.contains(&id)
                    {
                        logs.push(id);
                    }
                }
                DefaultGraph::Logs(logs.into())
            }
            _ => DefaultGraph::Union,
        };
        Ok(Self { snapshot, union, default_graph })
    }

    fn term(&self, id: TermId) -> Result<TermRef<'s>, DatasetError> {
        self.snapshot.term(id)?.ok_or(DatasetError::TermMissing)
    }

    fn union_quads(
        &self,
        pattern: Pattern,
        graph: Option<&EvaluatedTerm>,
    ) -> Result<Quads<'s>, DatasetError> {
        let [subject, predicate, object] = pattern;
        let graph = graph.cloned();
        let triples = self.snapshot.triples(subject, predicate, object)?;
        Ok(Box::new(triples.map(move |triple| Ok(quad(triple?, graph.clone())))))
    }

    fn default_quads(&self, pattern: Pattern) -> Result<Quads<'s>, DatasetError> {
        let logs = match &self.default_graph {
            DefaultGraph::Union => return self.union_quads(pattern, None),
            DefaultGraph::Logs(logs) => Rc::clone(logs),
        };
        let snapshot = self.snapshot;
        let [subject, predicate, object] = pattern;
        let log_at = move |place: usize| -> Option<(TermId, Rc<[TermId]>)> {
            Some((*logs.get(place)?, logs.get(..place)?.into()))
        };
        let quads = (0..).map_while(log_at).flat_map(move |(log, earlier)| {
            flatten_result(snapshot.triples_of_log(log, subject, predicate, object)).filter_map(
                move |triple| {
                    let first_assertion = triple.and_then(|triple| {
                        for log in earlier.iter() {
                            if snapshot.asserts(*log, triple)? {
                                return Ok(None);
                            }
                        }
                        Ok(Some(triple))
                    });
                    Some(
                        first_assertion
                            .transpose()?
                            .map(|triple| quad(triple, None))
                            .map_err(DatasetError::from),
                    )
                },
            )
        });
        Ok(Box::new(quads))
    }

    fn log_quads(&self, pattern: Pattern, graph: &EvaluatedTerm) -> Result<Quads<'s>, DatasetError> {
        if *graph == self.union {
            return self.union_quads(pattern, Some(graph));
        }
        let EvaluatedTerm::Id(log) = *graph else {
            return Ok(no_quads());
        };
        if !self.snapshot.is_log(log)? {
            return Ok(no_quads());
        }
        let [subject, predicate, object] = pattern;
        let triples = self.snapshot.triples_of_log(log, subject, predicate, object)?;
        Ok(Box::new(triples.map(move |triple| Ok(quad(triple?, Some(EvaluatedTerm::Id(log)))))))
    }

    fn quads_of_any_log(&self, pattern: Pattern) -> Result<Quads<'s>, DatasetError> {
        let [subject, predicate, object] = pattern;
        let snapshot = self.snapshot;
        let triples = snapshot.triples(subject, predicate, object)?;
        Ok(Box::new(triples.flat_map(move |triple| {
            let with_logs = triple.and_then(|triple| Ok((triple, snapshot.logs_of(triple)?)));
            let quads: Quads<'s> = match with_logs {
                Ok((triple, logs)) => {
                    Box::new(logs.map(move |log| Ok(quad(triple, Some(EvaluatedTerm::Id(log?))))))
                }
                Err(error) => Box::new(std::iter::once(Err(error.into()))),
            };
            quads
        })))
    }

    fn quads(
        &self,
        terms: [Option<&EvaluatedTerm>; 3],
        graph: Option<Option<&EvaluatedTerm>>,
    ) -> Result<Quads<'s>, DatasetError> {
        let mut pattern = [None; 3];
        for (slot, term) in pattern.iter_mut().zip(terms) {
            *slot = match term {
                None => None,
                Some(EvaluatedTerm::Id(id)) => Some(*id),
                // No triple has a term that no log mentions.
                Some(EvaluatedTerm::Other(_)) => return Ok(no_quads()),
            };
        }
        match graph {
            Some(None) => self.default_quads(pattern),
            Some(Some(graph)) => self.log_quads(pattern, graph),
            None => self.quads_of_any_log(pattern),
        }
    }
}

impl<'s> QueryableDataset<'s> for GraphDataset<'s> {
    type InternalTerm = EvaluatedTerm;
    type Error = DatasetError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&EvaluatedTerm>,
        predicate: Option<&EvaluatedTerm>,
        object: Option<&EvaluatedTerm>,
        graph_name: Option<Option<&EvaluatedTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<EvaluatedTerm>, DatasetError>> + use<'s> {
        match self.quads([subject, predicate, object], graph_name) {
            Ok(quads) => quads,
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<EvaluatedTerm, DatasetError>> + use<'s> {
        flatten_result(self.snapshot.logs()).map(|log| Ok(EvaluatedTerm::Id(log?)))
    }

    fn contains_internal_graph_name(&self, graph_name: &EvaluatedTerm) -> Result<bool, DatasetError> {
        if *graph_name == self.union {
            return Ok(true);
        }
        match graph_name {
            EvaluatedTerm::Id(id) => Ok(self.snapshot.is_log(*id)?),
            EvaluatedTerm::Other(_) => Ok(false),
        }
    }

    fn internalize_term(&self, term: Term) -> Result<EvaluatedTerm, DatasetError> {
        internalize(self.snapshot, term)
    }

    fn externalize_term(&self, term: EvaluatedTerm) -> Result<Term, DatasetError> {
        match term {
            EvaluatedTerm::Id(id) => Ok(to_oxrdf(self.term(id)?)),
            EvaluatedTerm::Other(term) => Ok(Rc::unwrap_or_clone(term)),
        }
    }

    fn externalize_expression_term(&self, term: EvaluatedTerm) -> Result<ExpressionTerm, DatasetError> {
        let id = match term {
            EvaluatedTerm::Id(id) => id,
            EvaluatedTerm::Other(term) => return Ok(Rc::unwrap_or_clone(term).into()),
        };
        Ok(match self.term(id)? {
            TermRef::Iri(iri) => ExpressionTerm::NamedNode(NamedNode::new_unchecked(iri)),
            TermRef::Blank { sequence, number } => {
                ExpressionTerm::BlankNode(BlankNode::new_unchecked(blank_label(sequence, number)))
            }
            TermRef::Literal { lexical, datatype: XSD_STRING } => {
                ExpressionTerm::StringLiteral(lexical.to_owned())
            }
            TermRef::LangLiteral { lexical, language } => ExpressionTerm::LangStringLiteral {
                value: lexical.to_owned(),
                // The parser gives the tags of the query in lower case, and expressions compare character by character.
                language: language.to_ascii_lowercase(),
            },
            typed @ TermRef::Literal { .. } => to_oxrdf(typed).into(),
        })
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<EvaluatedTerm, DatasetError> {
        if let ExpressionTerm::BlankNode(node) = &term
            && !node.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            // BNODE("a:b") makes a label that not every format can write.
            let hex: String = node.as_str().bytes().map(|byte| format!("{byte:02x}")).collect();
            return internalize(self.snapshot, BlankNode::new_unchecked(format!("x{hex}")).into());
        }
        internalize(self.snapshot, term.into())
    }
}

/// The index is asked first, so that equal terms are equal here.
fn internalize(snapshot: &Snapshot, term: Term) -> Result<EvaluatedTerm, DatasetError> {
    if let Some(known) = from_oxrdf(&term)
        && let Some(id) = snapshot.id_of(known)?
    {
        return Ok(EvaluatedTerm::Id(id));
    }
    let term = match term {
        Term::Literal(literal) => match literal.language() {
            Some(language) if language.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                let language = language.to_ascii_lowercase();
                Literal::new_language_tagged_literal_unchecked(literal.value(), language).into()
            }
            _ => literal.into(),
        },
        other => other,
    };
    Ok(EvaluatedTerm::Other(Rc::new(term)))
}

fn quad(triple: IdTriple, graph_name: Option<EvaluatedTerm>) -> InternalQuad<EvaluatedTerm> {
    let [subject, predicate, object] = triple.map(EvaluatedTerm::Id);
    InternalQuad { subject, predicate, object, graph_name }
}

fn no_quads<'s>() -> Quads<'s> {
    Box::new(std::iter::empty())
}

/// The items, or the one error that there are none.
fn flatten_result<T, E>(
    items: Result<impl Iterator<Item = Result<T, E>>, E>,
) -> impl Iterator<Item = Result<T, E>> {
    let (items, error) = match items {
        Ok(items) => (Some(items), None),
        Err(error) => (None, Some(Err(error))),
    };
    items.into_iter().flatten().chain(error)
}
