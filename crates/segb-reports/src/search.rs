//! Finding resources by what people type: an IRI or the beginning of one, a prefixed name, words of a label or a text.

use std::collections::HashSet;

use segb_graph::{index::TermId, term::TermRef, view::GraphView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ReportError, Resource, graph::Graph, problem::Problems};

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
/// Subjects given for one text: what many things have in common is no way to find one.
const SUBJECTS_PER_TEXT_MAX: usize = 10;
/// Properties and classes listed.
const VOCABULARY_MAX: usize = 1_000;

/// Why something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// Its IRI starts so.
    Iri,
    /// A text about it has these words.
    Text,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Hit {
    /// What was found.
    pub resource: Resource,
    /// Why.
    pub matched_by: MatchedBy,
    /// The IRI of the predicate of the text.
    pub predicate: Option<String>,
    /// The text.
    pub text: Option<String>,
}

/// What a search gave.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Hits {
    /// By IRI first, then by text; texts in the order of the index.
    pub hits: Vec<Hit>,
    /// Whether there may be more.
    pub is_cut: bool,
}

/// The words of the graph itself.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VocabularyInUse {
    /// IRIs of the classes that something is typed as, in the order in which they came in.
    pub classes: Vec<String>,
    /// IRIs of the predicates, likewise.
    pub properties: Vec<String>,
    /// The prefixes that logs declared.
    pub prefixes: Vec<Prefix>,
}

/// A prefix and its namespace.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Prefix {
    /// Without the colon.
    pub prefix: String,
    /// The namespace.
    pub iri: String,
}

/// Finds resources. `prefixes` are those by which names may be shortened.
///
/// # Errors
/// [`ReportError`].
pub fn search(
    view: &GraphView,
    prefixes: &[(String, String)],
    query: &str,
    limit: usize,
) -> Result<Hits, ReportError> {
    let query = query.trim();
    let graph = Graph::open(view)?;
    let mut found = Found { graph, hits: Vec::new(), seen: HashSet::new(), limit, is_cut: false };
    if !query.is_empty() && !query.contains(char::is_whitespace) {
        for start in iris(query, prefixes) {
            for id in view.iris_starting(&start, limit + 1)? {
                found.add(id, MatchedBy::Iri, None)?;
            }
        }
    }
    let (texts, is_cut) = view.texts_with(query, limit.saturating_mul(2))?;
    found.is_cut |= is_cut;
    for text in texts {
        for triple in view.triples(None, None, Some(text))?.take(SUBJECTS_PER_TEXT_MAX) {
            let [subject, predicate, _] = triple?;
            found.add(subject, MatchedBy::Text, Some((predicate, text)))?;
        }
    }
    Ok(Hits { hits: found.hits, is_cut: found.is_cut })
}

/// What an IRI that is meant may start with: the query as it is, with its prefix written out, or in any namespace.
fn iris(query: &str, prefixes: &[(String, String)]) -> Vec<String> {
    let bare = query.trim_start_matches('<').trim_end_matches('>');
    if let Some((prefix, local)) = bare.split_once(':') {
        let namespace = prefixes.iter().find(|(known, _)| known == prefix);
        return match namespace {
            Some((_, namespace)) if !local.starts_with("//") => vec![format!("{namespace}{local}")],
            _ => vec![bare.to_owned()],
        };
    }
    prefixes.iter().map(|(_, namespace)| format!("{namespace}{bare}")).collect()
}

struct Found<'v> {
    graph: Graph<'v>,
    hits: Vec<Hit>,
    seen: HashSet<TermId>,
    limit: usize,
    is_cut: bool,
}

impl Found<'_> {
    fn add(
        &mut self,
        id: TermId,
        matched_by: MatchedBy,
        text: Option<(TermId, TermId)>,
    ) -> Result<(), ReportError> {
        if self.seen.contains(&id) {
            return Ok(());
        }
        if self.hits.len() >= self.limit || !self.graph.has_room() {
            self.is_cut = true;
            return Ok(());
        }
        self.seen.insert(id);
        let resource = self.graph.resource(id, &mut Problems::default())?;
        let (predicate, text) = match text {
            Some((predicate, text)) => {
                (Some(self.graph.view().name(predicate)?), Some(self.graph.full_text(text)?))
            }
            None => (None, None),
        };
        self.hits.push(Hit { resource, matched_by, predicate, text });
        Ok(())
    }
}

/// Lists what the graph is written in.
///
/// # Errors
/// [`ReportError`].
pub fn vocabulary_in_use(
    view: &GraphView,
    prefixes: &[(String, String)],
) -> Result<VocabularyInUse, ReportError> {
    let names = |ids: Vec<TermId>| -> Result<Vec<String>, ReportError> {
        let mut names = Vec::with_capacity(ids.len());
        for id in ids {
            if let TermRef::Iri(iri) = view.term(id)? {
                names.push(iri.to_owned());
            }
        }
        Ok(names)
    };
    let classes = match view.id_of(TermRef::Iri(RDF_TYPE))? {
        Some(a) => names(view.objects_of(a, VOCABULARY_MAX)?)?,
        None => Vec::new(),
    };
    let properties = names(view.predicates(VOCABULARY_MAX)?)?;
    let prefixes =
        prefixes.iter().map(|(prefix, iri)| Prefix { prefix: prefix.clone(), iri: iri.clone() }).collect();
    Ok(VocabularyInUse { classes, properties, prefixes })
}
