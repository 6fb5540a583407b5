//! Rows as CSV (RFC 4180): one record for each row, or for each part of it.

use std::fmt::Display;

use segb_journal::Timestamp;
use uuid::Uuid;

use crate::{
    Displacement, EmotionRow, MlUsage, Overview, Participant, RobotState, Session, links::Via,
    problem::Problem, resource::Resource,
};

/// A row that can be written as CSV.
pub trait CsvRow {
    /// The names of the columns.
    const HEADER: &[&str];

    /// Adds the records of the row.
    fn write(&self, csv: &mut Csv);
}

/// A CSV document that is being written.
///
/// Spreadsheets take a field that starts with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, and much of what
/// is in logs was written by strangers. So texts that start so get a `'` in front; numbers and times are not texts.
#[derive(Debug, Default)]
pub struct Csv {
    document: String,
    is_in_record: bool,
}

/// The document of some rows.
pub fn to_csv<'r, R: CsvRow + 'r>(rows: impl IntoIterator<Item = &'r R>) -> String {
    let mut csv = Csv::default();
    for name in R::HEADER {
        csv.text(name);
    }
    csv.end();
    rows.into_iter().for_each(|row| row.write(&mut csv));
    csv.document
}

/// The bytes of the records of a row.
pub(crate) fn bytes(row: &impl CsvRow) -> usize {
    let mut csv = Csv::default();
    row.write(&mut csv);
    csv.document.len()
}

impl Csv {
    fn field(&mut self, text: &str) {
        if self.is_in_record {
            self.document.push(',');
        }
        self.is_in_record = true;
        if text.contains(['"', ',', '\r', '\n']) {
            self.document.push('"');
            self.document.push_str(&text.replace('"', "\"\""));
            self.document.push('"');
        } else {
            self.document.push_str(text);
        }
    }

    fn text(&mut self, text: &str) {
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            self.field(&format!("'{text}"));
        } else {
            self.field(text);
        }
    }

    fn optional(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or_default());
    }

    fn number(&mut self, number: Option<impl Display>) {
        self.field(&number.map(|number| number.to_string()).unwrap_or_default());
    }

    fn time(&mut self, time: Option<Timestamp>) {
        self.number(time);
    }

    /// IRIs, ids and codes: none of them has a space in it.
    fn names<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        let names: Vec<&str> = names.into_iter().collect();
        self.text(&names.join(" "));
    }

    fn texts<'n>(&mut self, texts: impl IntoIterator<Item = &'n str>) {
        let texts: Vec<&str> = texts.into_iter().collect();
        self.text(&texts.join(" | "));
    }

    /// IRI and label; of a literal only the label.
    fn resource(&mut self, resource: Option<&Resource>) {
        self.optional(resource.and_then(|resource| resource.iri.as_deref()));
        self.optional(resource.map(|resource| resource.label.as_str()));
    }

    fn logs(&mut self, logs: &[Uuid]) {
        let logs: Vec<String> = logs.iter().map(Uuid::to_string).collect();
        self.field(&logs.join(" "));
    }

    fn problems(&mut self, problems: &[Problem]) {
        let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
        codes.dedup();
        self.names(codes);
    }

    fn end(&mut self) {
        self.document.push_str("\r\n");
        self.is_in_record = false;
    }
}

/// What a list says of a resource: its IRI, or the text of a literal without spaces.
fn iri_of(resource: &Resource) -> &str {
    resource.iri.as_deref().unwrap_or("-")
}

impl CsvRow for Participant {
    const HEADER: &[&str] = &[
        "participant",
        "participant_label",
        "kind",
        "linked",
        "linked_label",
        "via",
        "activities",
        "first_time",
        "last_time",
        "logs",
        "problems",
    ];

    fn write(&self, csv: &mut Csv) {
        let start = |csv: &mut Csv| {
            csv.resource(Some(&self.participant));
            csv.text(self.participant.kind.as_str());
        };
        for linked in &self.linked {
            start(csv);
            csv.resource(Some(&linked.resource));
            csv.names(linked.via.iter().copied().map(Via::as_str));
            csv.number(Some(linked.activities));
            csv.time(linked.first_time);
            csv.time(linked.last_time);
            csv.logs(&linked.logs);
            csv.problems(&self.problems);
            csv.end();
        }
        if self.linked.is_empty() {
            start(csv);
            csv.resource(None);
            csv.text("");
            csv.number(Some(self.activities));
            csv.time(self.first_time);
            csv.time(self.last_time);
            csv.logs(&self.logs);
            csv.problems(&self.problems);
            csv.end();
        }
    }
}

impl CsvRow for MlUsage {
    const HEADER: &[&str] = &[
        "activity",
        "activity_label",
        "types",
        "performer",
        "performer_label",
        "start",
        "model",
        "model_label",
        "version",
        "runs",
        "datasets",
        "dataset_labels",
        "evaluations",
        "evaluation_values",
        "logs",
        "problems",
    ];

    fn write(&self, csv: &mut Csv) {
        let datasets = || self.runs.iter().flat_map(|run| &run.datasets);
        let evaluations = || self.runs.iter().flat_map(|run| &run.evaluations);
        csv.resource(Some(&self.activity));
        csv.names(self.types.iter().map(String::as_str));
        csv.resource(self.performer.as_ref());
        csv.time(self.start);
        csv.resource(Some(&self.model));
        csv.optional(self.version.as_deref());
        csv.names(self.runs.iter().map(|run| iri_of(&run.run)));
        csv.names(datasets().map(iri_of));
        csv.texts(datasets().map(|dataset| dataset.label.as_str()));
        csv.names(evaluations().map(|evaluation| iri_of(&evaluation.evaluation)));
        csv.texts(evaluations().map(|evaluation| evaluation.text.as_deref().unwrap_or_default()));
        csv.logs(&self.logs);
        csv.problems(&self.problems);
        csv.end();
    }
}

impl CsvRow for EmotionRow {
    const HEADER: &[&str] = &[
        "activity",
        "activity_label",
        "time",
        "event",
        "performer",
        "performer_label",
        "performer_kind",
        "result",
        "target",
        "target_label",
        "target_kind",
        "emotion",
        "category",
        "category_label",
        "intensity",
        "confidence",
        "triggers",
        "trigger_texts",
        "logs",
        "problems",
    ];

    fn write(&self, csv: &mut Csv) {
        let kind = |resource: &Option<Resource>| resource.as_ref().map(|resource| resource.kind.as_str());
        csv.resource(Some(&self.activity));
        csv.time(self.time);
        csv.optional(self.event.as_ref().map(iri_of));
        csv.resource(self.performer.as_ref());
        csv.optional(kind(&self.performer));
        csv.optional(self.result.as_ref().map(iri_of));
        csv.resource(self.target.as_ref());
        csv.optional(kind(&self.target));
        csv.optional(self.emotion.as_deref());
        csv.resource(self.category.as_ref());
        csv.number(self.intensity);
        csv.number(self.confidence);
        csv.names(self.triggers.iter().map(|trigger| iri_of(&trigger.resource)));
        csv.texts(self.triggers.iter().filter_map(|trigger| trigger.text.as_deref()));
        csv.logs(&self.logs);
        csv.problems(&self.problems);
        csv.end();
    }
}

impl CsvRow for RobotState {
    const HEADER: &[&str] = &[
        "state",
        "robot",
        "robot_label",
        "time",
        "location",
        "location_label",
        "properties",
        "note",
        "source",
        "logs",
        "problems",
    ];

    fn write(&self, csv: &mut Csv) {
        let properties: Vec<String> = self
            .properties
            .iter()
            .map(|property| format!("{}={}", property.name, property.value.as_deref().unwrap_or_default()))
            .collect();
        csv.text(iri_of(&self.state));
        csv.resource(Some(&self.robot));
        csv.time(self.time);
        csv.resource(self.location.as_ref());
        csv.text(&properties.join(";"));
        csv.optional(self.note.as_deref());
        csv.optional(self.source.as_ref().map(iri_of));
        csv.logs(&self.logs);
        csv.problems(&self.problems);
        csv.end();
    }
}

impl CsvRow for Displacement {
    const HEADER: &[&str] = &[
        "robot",
        "robot_label",
        "location",
        "location_label",
        "first_time",
        "last_time",
        "samples",
        "state",
        "logs",
        "problems",
    ];

    fn write(&self, csv: &mut Csv) {
        for stay in &self.path {
            csv.resource(Some(&self.robot));
            csv.resource(Some(&stay.location));
            csv.time(Some(stay.first_time));
            csv.time(Some(stay.last_time));
            csv.number(Some(stay.samples));
            csv.optional(stay.state.as_deref());
            csv.logs(&stay.logs);
            csv.problems(&self.problems);
            csv.end();
        }
    }
}

impl CsvRow for Session {
    const HEADER: &[&str] = &[
        "robot",
        "robot_label",
        "human",
        "human_label",
        "session_start",
        "session_end",
        "message",
        "time",
        "speaker",
        "sender",
        "sender_label",
        "text",
        "language",
        "activity",
        "logs",
        "problems",
    ];

    fn write(&self, csv: &mut Csv) {
        for message in &self.messages {
            csv.resource(Some(&self.robot));
            csv.resource(Some(&self.human));
            csv.time(self.start);
            csv.time(self.end);
            csv.text(iri_of(&message.message));
            csv.time(message.time);
            csv.text(message.speaker.as_str());
            csv.resource(message.sender.as_ref());
            csv.text(&message.text);
            csv.optional(message.language.as_deref());
            csv.text(iri_of(&message.activity));
            csv.logs(&message.logs);
            csv.problems(&message.problems);
            csv.end();
        }
    }
}

impl CsvRow for Overview {
    const HEADER: &[&str] = &["section", "name", "iri", "count", "first_time", "last_time"];

    fn write(&self, csv: &mut Csv) {
        let mut record = |section, name: &str, iri: Option<&str>, count, first, last| {
            csv.text(section);
            csv.text(name);
            csv.optional(iri);
            csv.number(Some::<u64>(count));
            csv.time(first);
            csv.time(last);
            csv.end();
        };
        let counts = &self.counts;
        for (name, count) in [
            ("triples", self.triples),
            ("log_count", self.log_count),
            ("journal_entries", self.journal_entries),
            ("robots", counts.robots as u64),
            ("humans", counts.humans as u64),
            ("messages", counts.messages as u64),
            ("emotions", counts.emotions as u64),
            ("states", counts.states as u64),
            ("events", counts.events as u64),
            ("models", counts.models as u64),
        ] {
            record("total", name, None, count, None, None);
        }
        record("total", "activities", None, counts.activities as u64, self.first_time, self.last_time);
        for (section, list) in [("robot", &self.robots), ("human", &self.humans)] {
            for busy in list {
                let name = &busy.resource;
                record(
                    section,
                    &name.label,
                    name.iri.as_deref(),
                    busy.activities,
                    busy.first_time,
                    busy.last_time,
                );
            }
        }
        for kind in &self.activity_types {
            record("activity_type", &kind.label, kind.iri.as_deref(), kind.count as u64, None, None);
        }
        for hour in &self.logs_per_hour {
            record("logs_per_hour", "", None, hour.logs, Some(hour.hour), None);
        }
        for log in &self.latest_logs {
            let id = log.log_id.to_string();
            record("latest_log", &log.actor, Some(&id), log.triple_count, Some(log.received_at), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_no_formulas() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("+\"x\"", "\"'+\"\"x\"\"\""),
            ("'=", "'="),
        ] {
            let mut csv = Csv::default();
            csv.text(text);
            csv.number(Some(-0.5));
            csv.end();
            assert_eq!(csv.document, format!("{expected},-0.5\r\n"), "{text:?}");
        }
    }
}
