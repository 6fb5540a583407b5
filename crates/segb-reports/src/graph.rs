//! One view of the graph as the reports use it: words, people, merged events, labels.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use segb_graph::{index::TermId, term::TermRef, view::GraphView};
use segb_journal::Timestamp;
use uuid::Uuid;

use crate::{
    Kind, ReportError, Resource,
    ids::IdSet,
    json,
    problem::{Problem, ProblemCode, Problems},
    vocabulary::Vocabulary,
};

/// Facts that one report may be made of, and what one is counted as, in bytes: 96 MiB, so that what as many reports as
/// are made at once keep, each with its page, stays below 2 GiB whatever robots have sent.
const FACTS_MAX: usize = 6 << 20;
const FACT_BYTES: usize = 16;
/// Text in one row, in bytes as JSON writes it. A list in the row is cut where there is more: what is shared by all rows
/// of a page is written again in each.
const ROW_BYTES_MAX: usize = 4 << 20;
/// Bytes of descriptions kept for when they are needed again; then all are forgotten.
const DESCRIBED_BYTES_MAX: usize = 8 << 20;
/// Objects read of one subject and predicate; a report needs few, and nobody may make it read many again and again.
const OBJECTS_MAX: usize = 1_000;
/// Logs named for one row.
const LOGS_MAX: usize = 10;
/// The longest label, in characters.
const LABEL_CHARS_MAX: usize = 300;
/// The longest text in an answer, in characters.
const TEXT_CHARS_MAX: usize = 10_000;
/// Of a text in a message about it.
const SHORT_CHARS_MAX: usize = 60;

/// A resource, and what is odd about it.
#[derive(Debug)]
struct Described {
    resource: Resource,
    problems: Vec<Problem>,
}

/// A view of the graph with what every report needs.
#[derive(Debug)]
pub(crate) struct Graph<'v> {
    view: &'v GraphView,
    pub(crate) words: Vocabulary,
    pub(crate) robots: IdSet,
    /// Those that are not robots, too.
    pub(crate) humans: IdSet,
    merged: HashMap<TermId, TermId>,
    merged_into: HashMap<TermId, Vec<TermId>>,
    described: RefCell<HashMap<TermId, Rc<Described>>>,
    described_bytes: Cell<usize>,
    /// Of events, which many things are about.
    pub(crate) event_times: RefCell<HashMap<TermId, Option<Timestamp>>>,
    kept_bytes: Cell<usize>,
    text_bytes: Cell<usize>,
    row_starts_at: Cell<usize>,
}

impl<'v> Graph<'v> {
    pub(crate) fn open(view: &'v GraphView) -> Result<Self, ReportError> {
        let words = Vocabulary::read(view)?;
        let typed = |class: TermId, set: &mut IdSet| -> Result<(), ReportError> {
            for triple in view.triples(None, Some(words.a), Some(class))? {
                let [subject, ..] = triple?;
                set.insert(subject);
            }
            Ok(())
        };
        let (mut robots, mut humans) = (IdSet::default(), IdSet::default());
        for class in [words.human, words.foaf_person, words.prov_person] {
            typed(class, &mut humans)?;
        }
        typed(words.robot, &mut robots)?;
        for triple in view.triples(None, Some(words.a), Some(words.robot))? {
            let [robot, ..] = triple?;
            humans.remove(robot);
        }
        let merged = settled(view.merged_contexts()?);
        let mut merged_into: HashMap<TermId, Vec<TermId>> = HashMap::new();
        for (source, target) in &merged {
            merged_into.entry(*target).or_default().push(*source);
        }
        merged_into.values_mut().for_each(|sources| sources.sort_unstable());
        Ok(Self {
            view,
            words,
            robots,
            humans,
            merged,
            merged_into,
            described: RefCell::default(),
            described_bytes: Cell::new(0),
            event_times: RefCell::default(),
            kept_bytes: Cell::new(0),
            text_bytes: Cell::new(0),
            row_starts_at: Cell::new(0),
        })
    }

    pub(crate) fn view(&self) -> &'v GraphView {
        self.view
    }

    /// Counts what is about to be kept in memory, and looks at the clock.
    pub(crate) fn reserve(&self, bytes: usize) -> Result<(), ReportError> {
        self.view.look_at_the_clock()?;
        let total = self.kept_bytes.get() + bytes;
        self.kept_bytes.set(total);
        if total > FACTS_MAX * FACT_BYTES { Err(ReportError::TooLarge(FACTS_MAX)) } else { Ok(()) }
    }

    /// Keeps an item in a list that may become long: counted, and without the spare room that lists grow by.
    pub(crate) fn keep<T>(&self, list: &mut Vec<T>, item: T) -> Result<(), ReportError> {
        self.reserve(size_of::<T>())?;
        if list.len() == list.capacity() {
            list.reserve_exact(list.len() / 8 + 4);
        }
        list.push(item);
        Ok(())
    }

    /// From here on, text belongs to another row.
    pub(crate) fn begin_row(&self) {
        self.row_starts_at.set(self.text_bytes.get());
    }

    /// Whether more text may go into the row; else its lists end.
    pub(crate) fn has_room(&self) -> bool {
        self.text_bytes.get() - self.row_starts_at.get() < ROW_BYTES_MAX
    }

    /// As [`has_room`](Self::has_room); if there is none, it is noted.
    pub(crate) fn has_room_for(&self, what: &str, problems: &mut Problems) -> bool {
        if !self.has_room() {
            let message = format!("there are more {what} than are shown: the row has very much text");
            problems.note(ProblemCode::ListCut, message, None);
        }
        self.has_room()
    }

    /// The event that took the place of this one, if it was merged.
    pub(crate) fn canonical(&self, event: TermId) -> TermId {
        self.merged.get(&event).copied().unwrap_or(event)
    }

    /// An event and those that were merged into it.
    pub(crate) fn aliases(&self, canonical: TermId) -> impl Iterator<Item = TermId> + '_ {
        std::iter::once(canonical).chain(self.merged_into.get(&canonical).into_iter().flatten().copied())
    }

    pub(crate) fn objects(&self, subject: TermId, predicate: TermId) -> Result<Vec<TermId>, ReportError> {
        self.objects_up_to(subject, predicate, OBJECTS_MAX)
    }

    pub(crate) fn objects_up_to(
        &self,
        subject: TermId,
        predicate: TermId,
        max: usize,
    ) -> Result<Vec<TermId>, ReportError> {
        let triples = self.view.triples(Some(subject), Some(predicate), None)?.take(max);
        triples.map(|triple| triple.map(|[_, _, object]| object).map_err(ReportError::from)).collect()
    }

    pub(crate) fn subjects(&self, predicate: TermId, object: TermId) -> Result<Vec<TermId>, ReportError> {
        self.subjects_up_to(predicate, object, OBJECTS_MAX)
    }

    pub(crate) fn subjects_up_to(
        &self,
        predicate: TermId,
        object: TermId,
        max: usize,
    ) -> Result<Vec<TermId>, ReportError> {
        let triples = self.view.triples(None, Some(predicate), Some(object))?.take(max);
        triples.map(|triple| triple.map(|[subject, ..]| subject).map_err(ReportError::from)).collect()
    }

    pub(crate) fn has(&self, triple: [TermId; 3]) -> Result<bool, ReportError> {
        let [subject, predicate, object] = triple;
        let found = self.view.triples(Some(subject), Some(predicate), Some(object))?.next().transpose()?;
        Ok(found.is_some())
    }

    pub(crate) fn is_a(&self, subject: TermId, class: TermId) -> Result<bool, ReportError> {
        self.has([subject, self.words.a, class])
    }

    /// The logs that assert a triple.
    pub(crate) fn logs(&self, triple: [TermId; 3]) -> Result<Vec<Uuid>, ReportError> {
        Ok(self.view.logs_of(triple, LOGS_MAX)?)
    }

    /// IRI or name of a blank node; none of a literal.
    pub(crate) fn iri(&self, id: TermId) -> Result<Option<String>, ReportError> {
        let is_literal = matches!(self.view.term(id)?, TermRef::Literal { .. } | TermRef::LangLiteral { .. });
        if is_literal {
            return Ok(None);
        }
        let name = self.view.name(id)?;
        self.spend(&name);
        Ok(Some(name))
    }

    pub(crate) fn iris(&self, ids: &[TermId], problems: &mut Problems) -> Result<Vec<String>, ReportError> {
        let mut iris = Vec::new();
        for id in ids {
            if !self.has_room_for("names", problems) {
                break;
            }
            iris.extend(self.iri(*id)?);
        }
        Ok(iris)
    }

    /// A resource and, in `problems`, what is odd about it.
    pub(crate) fn resource(&self, id: TermId, problems: &mut Problems) -> Result<Resource, ReportError> {
        let described = self.described(id)?;
        described.problems.iter().cloned().for_each(|problem| problems.add(problem));
        Ok(described.resource.clone())
    }

    /// A resource about which nothing needs to be known.
    pub(crate) fn named(
        &self,
        id: TermId,
        kind: Kind,
        problems: &mut Problems,
    ) -> Result<Resource, ReportError> {
        let described = self.described(id)?;
        let odd = |problem: &&Problem| problem.code != ProblemCode::NothingKnown;
        described.problems.iter().filter(odd).cloned().for_each(|problem| problems.add(problem));
        let resource = described.resource.clone();
        let kind = if resource.kind == Kind::Literal { Kind::Literal } else { kind };
        Ok(Resource { kind, ..resource })
    }

    pub(crate) fn label(&self, id: TermId) -> Result<String, ReportError> {
        Ok(self.described(id)?.resource.label.clone())
    }

    pub(crate) fn kind(&self, id: TermId) -> Result<Kind, ReportError> {
        Ok(self.described(id)?.resource.kind)
    }

    /// What resources of a kind are sorted by: the beginning of the label. All of them are sorted for a page, so this is
    /// read without the rest, and kept short.
    pub(crate) fn sort_label(&self, id: TermId) -> Result<Box<str>, ReportError> {
        let label = match self.view.term(id)? {
            TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. } => {
                cut(lexical, SHORT_CHARS_MAX).0
            }
            _ => {
                let name = self.view.name(id)?;
                cut(&self.find_label(id, &name, &mut Problems::default())?, SHORT_CHARS_MAX).0
            }
        };
        self.reserve(label.len() + FACT_BYTES)?;
        Ok(label.into_boxed_str())
    }

    fn described(&self, id: TermId) -> Result<Rc<Described>, ReportError> {
        let known = self.described.borrow().get(&id).cloned();
        let described = match known {
            Some(described) => described,
            None => {
                let described = Rc::new(self.describe(id)?);
                let bytes = self.described_bytes.get() + described.bytes();
                let is_full = bytes > DESCRIBED_BYTES_MAX;
                if is_full {
                    self.described.borrow_mut().clear();
                }
                self.described_bytes.set(if is_full { described.bytes() } else { bytes });
                self.described.borrow_mut().insert(id, Rc::clone(&described));
                described
            }
        };
        self.spend_resource(&described.resource);
        Ok(described)
    }

    fn describe(&self, id: TermId) -> Result<Described, ReportError> {
        let mut problems = Problems::default();
        let term = self.view.term(id)?;
        if let TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. } = term {
            let label = cut(lexical, LABEL_CHARS_MAX).0;
            let message =
                format!("“{}” is a literal where a resource is expected", cut(&label, SHORT_CHARS_MAX).0);
            problems.note(ProblemCode::LiteralResource, message, None);
            let resource = Resource { iri: None, label, kind: Kind::Literal };
            return Ok(Described { resource, problems: problems.into_list() });
        }
        let iri = self.view.name(id)?;
        let label = self.find_label(id, &iri, &mut problems)?;
        let kind = self.find_kind(id)?;
        if kind == Kind::Robot {
            for class in [self.words.human, self.words.foaf_person, self.words.prov_person] {
                if self.is_a(id, class)? {
                    let message =
                        format!("“{label}” is typed as a robot and as a human, and counts as a robot");
                    problems.note(ProblemCode::RobotAndHuman, message, Some(&iri));
                    break;
                }
            }
        }
        if kind == Kind::Unknown && self.view.triples(Some(id), None, None)?.next().transpose()?.is_none() {
            let message = format!("no log says anything about “{label}”");
            problems.note(ProblemCode::NothingKnown, message, Some(&iri));
        }
        let resource = Resource { iri: Some(iri), label, kind };
        Ok(Described { resource, problems: problems.into_list() })
    }

    fn find_label(&self, id: TermId, iri: &str, problems: &mut Problems) -> Result<String, ReportError> {
        for predicate in [self.words.first_name, self.words.name, self.words.rdfs_label] {
            let mut labels = Vec::new();
            for object in self.objects(id, predicate)? {
                if let TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. } =
                    self.view.term(object)?
                    && !lexical.trim().is_empty()
                {
                    labels.push(cut(lexical, LABEL_CHARS_MAX).0);
                }
            }
            labels.sort_unstable();
            labels.dedup();
            if labels.len() > 1 {
                let message = format!("there are {} labels, of which the first is taken", labels.len());
                problems.note(ProblemCode::SeveralLabels, message, Some(iri));
            }
            if let Some(label) = labels.into_iter().next() {
                return Ok(label);
            }
        }
        Ok(cut(last_segment(iri), LABEL_CHARS_MAX).0)
    }

    fn find_kind(&self, id: TermId) -> Result<Kind, ReportError> {
        if self.robots.contains(id) {
            return Ok(Kind::Robot);
        }
        if self.humans.contains(id) {
            return Ok(Kind::Human);
        }
        let words = &self.words;
        let types = self.objects(id, words.a)?;
        for (class, kind) in [
            (words.message, Kind::Message),
            (words.emotion_annotation, Kind::Emotion),
            (words.emotion_set, Kind::Emotion),
            (words.emotion, Kind::Emotion),
            (words.logged_activity, Kind::Activity),
            (words.mls_run, Kind::Activity),
            (words.event, Kind::Event),
            (words.mls_model, Kind::Model),
            (words.mls_dataset, Kind::Dataset),
            (words.mls_evaluation, Kind::Evaluation),
            (words.mls_setting, Kind::Setting),
            (words.observation, Kind::Observation),
        ] {
            if types.contains(&class) {
                return Ok(kind);
            }
        }
        let says = |predicate| Ok::<_, ReportError>(!self.objects(id, predicate)?.is_empty());
        if says(words.at_location)? || (says(words.additional_property)? && says(words.was_attributed_to)?) {
            return Ok(Kind::State);
        }
        let is_entity = types.contains(&words.prov_entity);
        if says(words.was_performed_by)? || (types.contains(&words.prov_activity) && !is_entity) {
            return Ok(Kind::Activity);
        }
        Ok(match types.contains(&words.prov_agent) {
            true => Kind::Agent,
            false if is_entity => Kind::Entity,
            false => Kind::Unknown,
        })
    }

    /// The first of some texts in the order of characters, with its language tag.
    pub(crate) fn text(
        &self,
        subject: TermId,
        predicate: TermId,
        problems: &mut Problems,
    ) -> Result<Option<(String, Option<String>)>, ReportError> {
        let mut texts = Vec::new();
        for object in self.objects(subject, predicate)? {
            match self.view.term(object)? {
                TermRef::LangLiteral { lexical, language } => texts.push((lexical, Some(language))),
                TermRef::Literal { lexical, .. } | TermRef::Iri(lexical) => texts.push((lexical, None)),
                TermRef::Blank { .. } => {}
            }
        }
        texts.sort_unstable();
        let Some((text, language)) = texts.first() else { return Ok(None) };
        let (text, is_cut) = cut(text, TEXT_CHARS_MAX);
        self.spend(&text);
        if texts.len() > 1 {
            let message = format!("there are {} texts, of which the first is taken", texts.len());
            problems.note(ProblemCode::SeveralTexts, message, self.iri(subject)?.as_deref());
        }
        if is_cut {
            let message = format!("only the first {TEXT_CHARS_MAX} characters of the text are shown");
            problems.note(ProblemCode::TextCut, message, self.iri(subject)?.as_deref());
        }
        Ok(Some((text, language.map(str::to_owned))))
    }

    /// The number that a literal is, if it is a finite one.
    pub(crate) fn number(&self, id: TermId) -> Result<Option<f64>, ReportError> {
        let (TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. }) = self.view.term(id)?
        else {
            return Ok(None);
        };
        Ok(lexical.trim().parse::<f64>().ok().filter(|number| number.is_finite()))
    }

    /// The name of a term, cut, for a message about it.
    pub(crate) fn short_text(&self, id: TermId) -> Result<String, ReportError> {
        self.cut_name(id, SHORT_CHARS_MAX)
    }

    /// The name of a term, cut as texts are.
    pub(crate) fn full_text(&self, id: TermId) -> Result<String, ReportError> {
        let text = self.cut_name(id, TEXT_CHARS_MAX)?;
        self.spend(&text);
        Ok(text)
    }

    /// Of a text of a megabyte, only what is wanted is copied.
    fn cut_name(&self, id: TermId, chars_max: usize) -> Result<String, ReportError> {
        Ok(match self.view.term(id)? {
            TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. } => {
                cut(lexical, chars_max).0
            }
            TermRef::Iri(_) | TermRef::Blank { .. } => cut(&self.view.name(id)?, chars_max).0,
        })
    }

    /// Counts text that goes into the answer, as JSON writes it.
    pub(crate) fn spend(&self, text: &str) {
        self.text_bytes.set(self.text_bytes.get() + json::text_bytes(text));
    }

    pub(crate) fn spend_resource(&self, resource: &Resource) {
        self.spend(&resource.label);
        resource.iri.iter().for_each(|iri| self.spend(iri));
    }

    /// Counts the problems of a part of a row.
    pub(crate) fn spend_problems(&self, problems: &[Problem]) {
        for problem in problems {
            self.spend(&problem.message);
            problem.iri.iter().for_each(|iri| self.spend(iri));
        }
    }
}

impl Described {
    /// What it takes in memory, roughly.
    fn bytes(&self) -> usize {
        let iri = |iri: &Option<String>| iri.as_ref().map_or(0, String::len);
        let problems =
            self.problems.iter().map(|one| size_of::<Problem>() + one.message.len() + iri(&one.iri));
        size_of::<Self>() + self.resource.label.len() + iri(&self.resource.iri) + problems.sum::<usize>()
    }
}

/// Each name with the last one of its chain; a circle ends at the one it is entered at.
fn settled(merged: HashMap<TermId, TermId>) -> HashMap<TermId, TermId> {
    let mut done: HashMap<TermId, TermId> = HashMap::with_capacity(merged.len());
    let mut sources: Vec<TermId> = merged.keys().copied().collect();
    sources.sort_unstable();
    for source in sources {
        let mut path = vec![source];
        let mut on_path = IdSetSmall::from([source]);
        let mut end = source;
        while let Some(next) = merged.get(&end).copied() {
            if let Some(known) = done.get(&next) {
                end = *known;
                break;
            }
            if !on_path.insert(next) {
                end = next;
                break;
            }
            path.push(next);
            end = next;
        }
        for name in path {
            if name != end && !done.contains_key(&name) {
                done.insert(name, end);
            }
        }
    }
    done
}

type IdSetSmall = std::collections::HashSet<TermId>;

/// What follows the last `#`, `/` or `:` that has something behind it.
fn last_segment(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['#', '/', ':']);
    if iri.starts_with("_:") || trimmed.is_empty() {
        return iri;
    }
    trimmed.rsplit(['#', '/', ':']).next().unwrap_or(iri)
}

/// At most so many characters, and whether some are missing.
pub(crate) fn cut(text: &str, chars_max: usize) -> (String, bool) {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => (format!("{}…", text.get(..end).unwrap_or(text)), true),
        None => (text.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_segment_of_an_iri_is_its_name() {
        for (iri, expected) in [
            ("https://robots.example/human/ana", "ana"),
            ("https://robots.example/human/ana/", "ana"),
            ("http://kb.openrobots.org#Robot", "Robot"),
            ("urn:ari", "ari"),
            ("_:s1b2", "_:s1b2"),
            ("http://x.example/", "x.example"),
            ("a:", "a"),
        ] {
            assert_eq!(last_segment(iri), expected, "{iri}");
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("añb", 2), ("añ…".to_owned(), true));
        assert_eq!(cut("añb", 3), ("añb".to_owned(), false));
    }
}
