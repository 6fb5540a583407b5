//! Times as robots write them.

use segb_graph::{index::TermId, term::TermRef};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ReportError,
    graph::Graph,
    ids::{Column, IdSet},
    problem::{ProblemCode, Problems},
};

const XSD_DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
/// `2026-01-31`
const DATE_LENGTH: usize = 10;

/// Where the time of a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeSource {
    /// `prov:startedAtTime` of the activity.
    Start,
    /// `prov:endedAtTime` of the activity.
    End,
    /// `prov:generatedAtTime` of the shared event.
    Event,
}

/// A term that stands where a time is expected.
pub(crate) struct ReadTime {
    pub(crate) moment: Option<Timestamp>,
    pub(crate) problem: Option<ProblemCode>,
}

/// Reads an `xsd:dateTime` (XML Schema 1.1 part 2, section 3.3.7), and forgives what can be understood.
pub(crate) fn read_time(term: TermRef<'_>) -> ReadTime {
    let invalid = ReadTime { moment: None, problem: Some(ProblemCode::TimeInvalid) };
    let (lexical, datatype) = match term {
        TermRef::Literal { lexical, datatype } => (lexical.trim(), datatype),
        TermRef::LangLiteral { lexical, .. } => (lexical.trim(), ""),
        TermRef::Iri(_) | TermRef::Blank { .. } => return invalid,
    };
    let not_datetime = (datatype != XSD_DATE_TIME).then_some(ProblemCode::TimeNotDatetime);
    if let Ok(moment) = lexical.parse() {
        return ReadTime { moment: Some(moment), problem: not_datetime };
    }
    let with_zone =
        if lexical.len() == DATE_LENGTH { format!("{lexical}T00:00:00Z") } else { format!("{lexical}Z") };
    match with_zone.parse() {
        Ok(moment) => {
            ReadTime { moment: Some(moment), problem: not_datetime.or(Some(ProblemCode::TimeWithoutZone)) }
        }
        Err(_) => invalid,
    }
}

/// When activities started and ended.
#[derive(Debug)]
pub(crate) struct Times {
    started: Column,
    ended: Column,
}

impl Times {
    pub(crate) fn read(graph: &Graph<'_>, keep: Option<&IdSet>) -> Result<Self, ReportError> {
        Ok(Self {
            started: Column::read(graph, graph.words.started_at, keep)?,
            ended: Column::read(graph, graph.words.ended_at, keep)?,
        })
    }

    /// The start, else the end.
    pub(crate) fn of(
        &self,
        graph: &Graph<'_>,
        activity: TermId,
    ) -> Result<Option<(Timestamp, TimeSource)>, ReportError> {
        if let Some(start) = self.started.earliest(graph, activity)? {
            return Ok(Some((start, TimeSource::Start)));
        }
        let end = self.ended.earliest(graph, activity)?;
        Ok(end.map(|end| (end, TimeSource::End)))
    }

    /// As [`of`](Self::of), without where it is from.
    pub(crate) fn moment(
        &self,
        graph: &Graph<'_>,
        activity: TermId,
    ) -> Result<Option<Timestamp>, ReportError> {
        Ok(self.of(graph, activity)?.map(|(moment, _)| moment))
    }
}

impl Graph<'_> {
    /// The earliest of some times that can be read.
    pub(crate) fn earliest(
        &self,
        times: impl Iterator<Item = TermId>,
    ) -> Result<Option<Timestamp>, ReportError> {
        let mut earliest = None;
        for time in times {
            let moment = read_time(self.view().term(time)?).moment;
            earliest = match (earliest, moment) {
                (Some(one), Some(other)) => Some(std::cmp::min(one, other)),
                (one, other) => one.or(other),
            };
        }
        Ok(earliest)
    }

    /// The time that a subject has by a predicate, and what is odd about it.
    pub(crate) fn time(
        &self,
        subject: TermId,
        predicate: TermId,
        problems: &mut Problems,
    ) -> Result<Option<Timestamp>, ReportError> {
        let times = self.objects(subject, predicate)?;
        if times.is_empty() {
            return Ok(None);
        }
        let name = self.view().name(subject)?;
        for time in &times {
            let term = self.view().term(*time)?;
            if let Some(code) = read_time(term).problem {
                let text = self.short_text(*time)?;
                let message = match code {
                    ProblemCode::TimeWithoutZone => {
                        format!("the time “{text}” has no zone and is taken as UTC")
                    }
                    ProblemCode::TimeNotDatetime => format!("the time “{text}” is not an xsd:dateTime"),
                    _ => format!("the time “{text}” cannot be read"),
                };
                problems.note(code, message, Some(&name));
            }
        }
        if times.len() > 1 {
            let message = format!("there are {} times, of which the earliest is taken", times.len());
            problems.note(ProblemCode::SeveralTimes, message, Some(&name));
        }
        self.earliest(times.into_iter())
    }

    /// The start of an activity, else its end, and what is odd about them.
    pub(crate) fn activity_time(
        &self,
        activity: TermId,
        problems: &mut Problems,
    ) -> Result<Option<(Timestamp, TimeSource)>, ReportError> {
        if let Some(start) = self.time(activity, self.words.started_at, problems)? {
            return Ok(Some((start, TimeSource::Start)));
        }
        let end = self.time(activity, self.words.ended_at, problems)?;
        Ok(end.map(|end| (end, TimeSource::End)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_robots_write_them() {
        use ProblemCode::{TimeInvalid, TimeNotDatetime, TimeWithoutZone};
        let xsd = |name: &str| format!("http://www.w3.org/2001/XMLSchema#{name}");
        for (lexical, datatype, moment, problem) in [
            ("2026-01-31T10:00:00Z", "dateTime", "2026-01-31T10:00:00.000000Z", None),
            ("2026-01-31T10:00:00.5+01:00", "dateTime", "2026-01-31T09:00:00.500000Z", None),
            ("2026-01-31T10:00:00", "dateTime", "2026-01-31T10:00:00.000000Z", Some(TimeWithoutZone)),
            ("2026-01-31T10:00:00Z", "string", "2026-01-31T10:00:00.000000Z", Some(TimeNotDatetime)),
            ("2026-01-31", "date", "2026-01-31T00:00:00.000000Z", Some(TimeNotDatetime)),
            ("yesterday", "dateTime", "", Some(TimeInvalid)),
            ("2026-02-30T10:00:00Z", "dateTime", "", Some(TimeInvalid)),
            ("", "string", "", Some(TimeInvalid)),
        ] {
            let read = read_time(TermRef::Literal { lexical, datatype: &xsd(datatype) });
            let text = read.moment.map_or_else(String::new, |moment| moment.to_string());
            assert_eq!((text.as_str(), read.problem), (moment, problem), "{lexical}");
        }
        assert!(read_time(TermRef::Iri("urn:noon")).moment.is_none());
    }
}
