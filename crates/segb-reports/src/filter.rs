//! Which rows are wanted, and a page of them.

use segb_graph::index::TermId;
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ReportError,
    csv::{self, CsvRow},
    graph::Graph,
    ids::IdSet,
    json,
};

/// Rows are added to a page until they are so long, in bytes, as JSON or as CSV, whichever is longer.
const PAGE_BYTES_MAX: usize = 16 << 20;

/// Which rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Of any of these robots: IRIs, or `_:` names of blank nodes. None: of all.
    pub robots: Vec<String>,
    /// Of any of these humans.
    pub humans: Vec<String>,
    /// So many rows are passed over.
    pub offset: usize,
    /// At most so many rows.
    pub limit: usize,
}

/// Rows of a report.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Page<R> {
    /// The rows of this page.
    pub rows: Vec<R>,
    /// How many rows fit the filter.
    pub total: usize,
    /// [`Filter::offset`] of the next page; none on the last.
    pub next_offset: Option<usize>,
    /// How many rows have no time. With a time in the filter they are left out.
    pub without_time: usize,
}

/// A filter in the ids of one view.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'f> {
    filter: &'f Filter,
    at_any_time: bool,
    robots: Option<IdSet>,
    humans: Option<IdSet>,
}

impl<'f> Scope<'f> {
    pub(crate) fn of(filter: &'f Filter, graph: &Graph<'_>) -> Result<Self, ReportError> {
        let (robots, humans) = (ids_of(graph, &filter.robots)?, ids_of(graph, &filter.humans)?);
        Ok(Self { filter, at_any_time: false, robots, humans })
    }

    /// The same without its times.
    pub(crate) fn at_any_time(&self) -> Self {
        Self { at_any_time: true, ..self.clone() }
    }

    /// The same without its robots.
    pub(crate) fn of_any_robot(&self) -> Self {
        Self { robots: None, ..self.clone() }
    }

    /// Whether a robot, or whatever stands in its place, is wanted.
    pub(crate) fn wants_robot(&self, robot: Option<TermId>) -> bool {
        wants(self.robots.as_ref(), robot)
    }

    pub(crate) fn wants_human(&self, human: Option<TermId>) -> bool {
        wants(self.humans.as_ref(), human)
    }

    pub(crate) fn names_robots(&self) -> bool {
        self.robots.is_some()
    }

    pub(crate) fn names_humans(&self) -> bool {
        self.humans.is_some()
    }

    /// Whether a time is wanted; if a time is asked for, what has none is not.
    pub(crate) fn wants_time(&self, time: Option<Timestamp>) -> bool {
        let Filter { since, until, .. } = self.filter;
        match time {
            _ if self.at_any_time => true,
            None => since.is_none() && until.is_none(),
            Some(time) => since.is_none_or(|since| time >= since) && until.is_none_or(|until| time < until),
        }
    }
}

/// The resources of these names; none if there are no names, which is no condition. What nobody mentions fits nothing, and
/// is not the same.
pub(crate) fn ids_of(graph: &Graph<'_>, names: &[String]) -> Result<Option<IdSet>, ReportError> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut ids = IdSet::default();
    for name in names {
        if let Some(id) = graph.view().resource(name)? {
            ids.insert(id);
        }
    }
    Ok(Some(ids))
}

fn wants(wanted: Option<&IdSet>, id: Option<TermId>) -> bool {
    wanted.is_none_or(|wanted| id.is_some_and(|id| wanted.contains(id)))
}

impl<R: Serialize + CsvRow> Page<R> {
    /// The wanted part of all rows; only these are read in full.
    pub(crate) fn of<L>(
        graph: &Graph<'_>,
        filter: &Filter,
        all: &[L],
        without_time: usize,
        mut read: impl FnMut(&L) -> Result<R, ReportError>,
    ) -> Result<Self, ReportError> {
        let (mut rows, mut json_bytes, mut csv_bytes) = (Vec::new(), 0, 0);
        for row in all.iter().skip(filter.offset).take(filter.limit) {
            graph.begin_row();
            let row = read(row)?;
            graph.view().check_deadline()?;
            json_bytes += json::bytes(&row);
            csv_bytes += csv::bytes(&row);
            rows.push(row);
            if json_bytes.max(csv_bytes) > PAGE_BYTES_MAX {
                break;
            }
        }
        let end = filter.offset.saturating_add(rows.len());
        let next_offset = (end < all.len() && !rows.is_empty()).then_some(end);
        Ok(Self { rows, total: all.len(), next_offset, without_time })
    }
}
