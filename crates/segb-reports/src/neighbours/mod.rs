//! What is around a resource: its links and what is said about it.

mod wanted;

use segb_graph::{index::TermId, term::TermRef, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use self::wanted::Wanted;
use crate::{Kind, ReportError, Resource, graph::Graph, json, problem::Problems};

/// Neighbours looked at for one page that has conditions: each costs some steps through the index, together some
/// milliseconds.
const LOOKED_AT_MAX: usize = 5_000;
/// Links of one page, in bytes as JSON writes them. The values beside them have as much text as a row of a report.
const LINKS_BYTES_MAX: usize = 4 << 20;

/// Which links to give.
#[derive(Debug, Clone, Default)]
pub struct NeighboursRequest {
    /// The IRI, or `_:` name of a blank node, that they start or end at.
    pub resource: String,
    /// Links that start at it.
    pub outgoing: bool,
    /// Links that end at it.
    pub incoming: bool,
    /// The IRIs of the predicates; all if there is none.
    pub predicates: Vec<String>,
    /// Links to neighbours of one of these kinds; of all if there is none.
    pub kinds: Vec<Kind>,
    /// Links to neighbours that happened from this moment on, or have no time. A time is that of start, end or
    /// generation, else that of the activity that generated it.
    pub since: Option<Timestamp>,
    /// As `since`, before this moment.
    pub until: Option<Timestamp>,
    /// Links to neighbours in which one of these people and robots takes part, or nobody: IRIs, or `_:` names of blank
    /// nodes. Who takes part is named by the neighbour, by an event that it is about, or else by the activity that
    /// generated it.
    pub participants: Vec<String>,
    /// So many are passed over, with those that do not fit the conditions above.
    pub offset: usize,
    /// At most so many links, and so many values.
    pub limit: usize,
}

/// A triple that has a resource as its object.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Link {
    /// Where it starts.
    pub subject: Resource,
    /// The IRI of what it says.
    pub predicate: String,
    /// Where it ends.
    pub object: Resource,
}

/// A triple that has a literal as its object.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LiteralValue {
    /// The IRI of what it says.
    pub predicate: String,
    /// The text.
    pub text: String,
    /// The IRI of the datatype; of a text with a language none.
    pub datatype: Option<String>,
    /// The language tag.
    pub language: Option<String>,
}

/// A resource and what is around it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Neighbours {
    /// The resource.
    pub resource: Resource,
    /// The IRIs of its types.
    pub types: Vec<String>,
    /// Literals that say something about it; the same on every page. As many as links at the most, and as have room in 4 MiB.
    pub values: Vec<LiteralValue>,
    /// Links that start at it, then those that end at it, each in the order of the index.
    pub links: Vec<Link>,
    /// [`NeighboursRequest::offset`] of the next page; none on the last. With conditions, a page that is not the last
    /// may have fewer links than asked for, or none: looking through very many ends a page, and so do very long names.
    pub next_offset: Option<usize>,
}

/// Gives the links of a resource.
///
/// # Errors
/// [`ReportError`]; [`ReportError::UnknownResource`] if no triple mentions it.
pub fn neighbours(view: &GraphView, request: &NeighboursRequest) -> Result<Neighbours, ReportError> {
    let unknown = || ReportError::UnknownResource(request.resource.clone());
    let id = view.resource(&request.resource)?.ok_or_else(unknown)?;
    let graph = Graph::open(view)?;
    let resource = graph.resource(id, &mut Problems::default())?;
    let found =
        Neighbours { resource, types: Vec::new(), values: Vec::new(), links: Vec::new(), next_offset: None };
    let (predicates, wanted) = (predicates(view, request)?, Wanted::of(&graph, request)?);
    let mut walk = Walk {
        graph,
        request,
        predicates,
        wanted,
        passed: 0,
        looked_at: 0,
        links_bytes: 0,
        is_mentioned: false,
        found,
    };
    if walk.outgoing(id)? {
        walk.incoming(id)?;
    }
    if walk.is_mentioned { Ok(walk.found) } else { Err(unknown()) }
}

/// Those that the graph has; none if all are wanted.
fn predicates(view: &GraphView, request: &NeighboursRequest) -> Result<Option<Vec<TermId>>, ReportError> {
    if request.predicates.is_empty() {
        return Ok(None);
    }
    let mut ids = Vec::new();
    for predicate in &request.predicates {
        ids.extend(view.resource(predicate)?);
    }
    Ok(Some(ids))
}

/// Counts links and keeps those of one page.
struct Walk<'v, 'r> {
    graph: Graph<'v>,
    request: &'r NeighboursRequest,
    predicates: Option<Vec<TermId>>,
    wanted: Wanted<'r>,
    passed: usize,
    looked_at: usize,
    links_bytes: usize,
    is_mentioned: bool,
    found: Neighbours,
}

impl Walk<'_, '_> {
    /// Whether there is room for more.
    fn outgoing(&mut self, id: TermId) -> Result<bool, ReportError> {
        let view = self.graph.view();
        for triple in view.triples(Some(id), None, None)? {
            let [_, predicate, object] = triple?;
            self.is_mentioned = true;
            let term = view.term(object)?;
            if let (true, TermRef::Iri(class)) = (predicate == self.graph.words.a, term) {
                if self.found.types.len() < self.request.limit && self.graph.has_room() {
                    self.graph.spend(class);
                    self.found.types.push(class.to_owned());
                }
                continue;
            }
            match term {
                TermRef::Iri(_) | TermRef::Blank { .. } => {
                    let is_wanted = self.request.outgoing && self.is_wanted(predicate);
                    if is_wanted && !self.add([id, predicate, object], object)? {
                        return Ok(false);
                    }
                }
                literal if self.found.values.len() < self.request.limit && self.graph.has_room() => {
                    let value = value(view.name(predicate)?, literal, self.graph.full_text(object)?);
                    self.graph.spend(&value.predicate);
                    value.datatype.iter().for_each(|datatype| self.graph.spend(datatype));
                    self.found.values.push(value);
                }
                _ => {}
            }
        }
        Ok(true)
    }

    fn incoming(&mut self, id: TermId) -> Result<(), ReportError> {
        for triple in self.graph.view().triples(None, None, Some(id))? {
            let [subject, predicate, _] = triple?;
            self.is_mentioned = true;
            if !self.request.incoming {
                break;
            }
            // A link from a resource to itself was given already, and the instances of a class are no neighbours.
            let is_new = predicate != self.graph.words.a && (subject != id || !self.request.outgoing);
            if is_new && self.is_wanted(predicate) && !self.add([subject, predicate, id], subject)? {
                break;
            }
        }
        Ok(())
    }

    fn is_wanted(&self, predicate: TermId) -> bool {
        self.predicates.as_ref().is_none_or(|wanted| wanted.contains(&predicate))
    }

    /// Whether there is room for it.
    fn add(
        &mut self,
        [subject, predicate, object]: [TermId; 3],
        neighbour: TermId,
    ) -> Result<bool, ReportError> {
        self.passed += 1;
        if self.passed <= self.request.offset {
            return Ok(true);
        }
        let is_full = self.found.links.len() >= self.request.limit || self.links_bytes >= LINKS_BYTES_MAX;
        if is_full || self.looked_at >= LOOKED_AT_MAX {
            self.found.next_offset = Some(self.passed - 1);
            return Ok(false);
        }
        if self.wanted.is_strict() {
            self.looked_at += 1;
            if !self.wanted.has(&self.graph, neighbour)? {
                return Ok(true);
            }
        }
        let mut problems = Problems::default();
        let link = Link {
            subject: self.graph.resource(subject, &mut problems)?,
            predicate: self.graph.view().name(predicate)?,
            object: self.graph.resource(object, &mut problems)?,
        };
        self.links_bytes += json::bytes(&link);
        self.found.links.push(link);
        Ok(true)
    }
}

fn value(predicate: String, literal: TermRef<'_>, text: String) -> LiteralValue {
    let (datatype, language) = match literal {
        TermRef::Literal { datatype, .. } => (Some(datatype.to_owned()), None),
        TermRef::LangLiteral { language, .. } => (None, Some(language.to_owned())),
        TermRef::Iri(_) | TermRef::Blank { .. } => (None, None),
    };
    LiteralValue { predicate, text, datatype, language }
}
