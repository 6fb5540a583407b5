//! What robots found people to feel, and what triggered it.

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, Page, ReportError, Resource,
    distribution::{CategoryFigures, distribution},
    filter::Scope,
    graph::Graph,
    ids::{Column, IdSet},
    problem::{Problem, ProblemCode, Problems},
    resource::Kind,
    time::{TimeSource, Times},
};

/// Triggers shown of one analysis.
const TRIGGERS_MAX: usize = 20;

/// An emotion that an analysis found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EmotionRow {
    /// The analysis.
    pub activity: Resource,
    /// Its start, else its end, else when the shared event was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub time: Option<Timestamp>,
    /// Which of them.
    pub time_source: Option<TimeSource>,
    /// The shared event it is about.
    pub event: Option<Resource>,
    /// Who performed it.
    pub performer: Option<Resource>,
    /// What it produced.
    pub result: Option<Resource>,
    /// Who feels.
    pub target: Option<Resource>,
    /// The emotion.
    pub emotion: Option<String>,
    /// Which one.
    pub category: Option<Resource>,
    /// How strong, 0 to 1.
    pub intensity: Option<f64>,
    /// How sure the robot was, 0 to 1.
    pub confidence: Option<f64>,
    /// What triggered the analysis.
    pub triggers: Vec<Trigger>,
    /// The logs that say that the result has the emotion.
    pub logs: Vec<Uuid>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// What triggered an activity.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Trigger {
    /// It.
    pub resource: Resource,
    /// By which of the two words it was said.
    pub relation: TriggerRelation,
    /// The text of a message.
    pub text: Option<String>,
    /// The language of the text.
    pub language: Option<String>,
}

/// How something triggered an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerRelation {
    /// `segb:triggeredByActivity`
    TriggeredByActivity,
    /// `segb:triggeredByEntity`
    TriggeredByEntity,
}

/// Emotions, and how often each category is among all of them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Emotions {
    /// The rows.
    #[serde(flatten)]
    pub page: Page<EmotionRow>,
    /// All rows by category, most first; at most 1000 categories.
    pub distribution: Vec<CategoryFigures>,
}

/// The strongest emotions of humans, and how many there are of each category.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ExtremeEmotions {
    /// The rows.
    #[serde(flatten)]
    pub page: Page<EmotionRow>,
    /// The least intensity of a row.
    pub threshold: f64,
    /// All rows by category, most first.
    pub categories: Vec<CategoryCount>,
    /// The same with the mean intensity, as of all emotions.
    pub distribution: Vec<CategoryFigures>,
}

/// Rows of one category.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CategoryCount {
    /// The category; none of emotions that have none.
    pub category: Option<Resource>,
    /// How many.
    pub count: usize,
}

struct Found {
    time: Option<(Timestamp, TimeSource)>,
    activity: TermId,
    event: Option<TermId>,
    result: Option<TermId>,
    emotion: Option<TermId>,
}

/// One row for each emotion, by time.
///
/// # Errors
/// [`ReportError`].
pub fn emotions(view: &GraphView, filter: &Filter) -> Result<Emotions, ReportError> {
    let graph = Graph::open(view)?;
    let analyses = Analyses::read(&graph)?;
    let (mut found, without_time) = analyses.find(&graph, &Scope::of(filter, &graph)?)?;
    found.sort_unstable_by_key(by_time);
    let distribution = distribution(&graph, found.iter().map(|found| found.emotion))?;
    let page = Page::of(&graph, filter, &found, without_time, |found| read(&graph, found))?;
    Ok(Emotions { page, distribution })
}

/// The emotions of humans with at least an intensity, the strongest first.
///
/// # Errors
/// [`ReportError`].
pub fn extreme_emotions(
    view: &GraphView,
    filter: &Filter,
    threshold: f64,
) -> Result<ExtremeEmotions, ReportError> {
    let graph = Graph::open(view)?;
    let analyses = Analyses::read(&graph)?;
    let (found, _) = analyses.find(&graph, &Scope::of(filter, &graph)?)?;
    let mut extreme: Vec<(f64, Found)> = Vec::new();
    for found in found {
        let targets_human = found
            .result
            .and_then(|result| analyses.target(result))
            .is_some_and(|id| graph.humans.contains(id));
        if !targets_human {
            continue;
        }
        let Some(emotion) = found.emotion else { continue };
        if let Some(intensity) = graph.highest(emotion)?.filter(|intensity| *intensity >= threshold) {
            graph.keep(&mut extreme, (intensity, found))?;
        }
    }
    extreme.sort_unstable_by(|(one, first), (other, second)| {
        other.total_cmp(one).then_with(|| by_time(first).cmp(&by_time(second)))
    });
    let without_time = extreme.iter().filter(|(_, found)| found.time.is_none()).count();
    let distribution = distribution(&graph, extreme.iter().map(|(_, found)| found.emotion))?;
    let count = |figures: &CategoryFigures| CategoryCount {
        category: figures.category.clone(),
        count: figures.count,
    };
    let categories = distribution.iter().map(count).collect();
    let page = Page::of(&graph, filter, &extreme, without_time, |(_, found)| read(&graph, found))?;
    Ok(ExtremeEmotions { page, threshold, categories, distribution })
}

fn by_time(found: &Found) -> (bool, Option<Timestamp>, TermId, Option<TermId>, Option<TermId>) {
    let time = found.time.map(|(time, _)| time);
    (time.is_none(), time, found.activity, found.result, found.emotion)
}

/// What is read of all analyses.
struct Analyses {
    ids: Vec<TermId>,
    performed: Column,
    about: Column,
    times: Times,
    produced: Column,
    generated: Column,
    has_emotion: Column,
    targets: Column,
}

impl Analyses {
    fn read(graph: &Graph<'_>) -> Result<Self, ReportError> {
        let words = &graph.words;
        let mut ids = Vec::new();
        for triple in graph.view().triples(None, Some(words.a), Some(words.emotion_analysis))? {
            let [analysis, ..] = triple?;
            graph.keep(&mut ids, analysis)?;
        }
        let of_analyses: IdSet = ids.iter().copied().collect();
        let has_emotion = Column::read(graph, words.has_emotion, None)?;
        let results: IdSet = has_emotion.pairs().map(|(result, _)| result).collect();
        let read = |predicate| Column::read(graph, predicate, Some(&of_analyses));
        Ok(Self {
            performed: read(words.was_performed_by)?,
            about: read(words.about)?,
            produced: read(words.produced_entity)?,
            generated: read(words.generated)?,
            times: Times::read(graph, Some(&of_analyses))?,
            targets: Column::read(graph, words.has_target, Some(&results))?,
            has_emotion,
            ids,
        })
    }

    /// Who a result is about, if it is about one.
    fn target(&self, result: TermId) -> Option<TermId> {
        let mut targets = self.targets.of(result);
        targets.next().filter(|_| targets.next().is_none())
    }

    fn find(&self, graph: &Graph<'_>, scope: &Scope<'_>) -> Result<(Vec<Found>, usize), ReportError> {
        let (mut all, mut without_time) = (Vec::new(), 0);
        for &activity in &self.ids {
            if scope.names_robots()
                && !self.performed.of(activity).any(|robot| scope.wants_robot(Some(robot)))
            {
                continue;
            }
            let event = self.event(graph, activity)?;
            let time = self.time(graph, activity, event)?;
            let mut add = |result: Option<TermId>, emotion| -> Result<(), ReportError> {
                graph.view().look_at_the_clock()?;
                if scope.wants_human(result.and_then(|result| self.target(result))) {
                    without_time += usize::from(time.is_none());
                    if scope.wants_time(time.map(|(time, _)| time)) {
                        graph.keep(&mut all, Found { time, activity, event, result, emotion })?;
                    }
                }
                Ok(())
            };
            let results = self.results(activity);
            for &result in &results {
                for emotion in self.has_emotion.of(result) {
                    add(Some(result), Some(emotion))?;
                }
            }
            if results.is_empty() {
                add(None, None)?;
            }
        }
        Ok((all, without_time))
    }

    /// What the analysis produced that has an emotion.
    fn results(&self, activity: TermId) -> Vec<TermId> {
        for column in [&self.produced, &self.generated] {
            let results: Vec<TermId> =
                column.of(activity).filter(|result| self.has_emotion.has(*result)).collect();
            if !results.is_empty() {
                return results;
            }
        }
        Vec::new()
    }

    /// The shared event the analysis is about: one that is typed so, else anything that is neither human nor robot.
    fn event(&self, graph: &Graph<'_>, activity: TermId) -> Result<Option<TermId>, ReportError> {
        let mut other = None;
        for about in self.about.of(activity) {
            let event = graph.canonical(about);
            if graph.is_a(event, graph.words.event)? || graph.is_a(about, graph.words.event)? {
                return Ok(Some(event));
            }
            if !graph.humans.contains(about) && !graph.robots.contains(about) {
                other = other.or(Some(event));
            }
        }
        Ok(other)
    }

    fn time(
        &self,
        graph: &Graph<'_>,
        activity: TermId,
        event: Option<TermId>,
    ) -> Result<Option<(Timestamp, TimeSource)>, ReportError> {
        let own = self.times.of(graph, activity)?;
        let Some(event) = event.filter(|_| own.is_none()) else { return Ok(own) };
        Ok(graph.event_time(event)?.map(|time| (time, TimeSource::Event)))
    }
}

impl Graph<'_> {
    /// When a shared event was, by any of its names.
    pub(crate) fn event_time(&self, event: TermId) -> Result<Option<Timestamp>, ReportError> {
        let event = self.canonical(event);
        if let Some(known) = self.event_times.borrow().get(&event) {
            return Ok(*known);
        }
        let mut times = Vec::new();
        for name in self.aliases(event) {
            times.extend(self.objects(name, self.words.generated_at)?);
        }
        let earliest = self.earliest(times.into_iter())?;
        self.reserve(2 * size_of::<(TermId, Option<Timestamp>)>())?;
        self.event_times.borrow_mut().insert(event, earliest);
        Ok(earliest)
    }

    fn highest(&self, emotion: TermId) -> Result<Option<f64>, ReportError> {
        let mut highest: Option<f64> = None;
        for value in self.objects(emotion, self.words.emotion_intensity)? {
            if let Some(number) = self.number(value)? {
                highest = Some(highest.map_or(number, |highest| highest.max(number)));
            }
        }
        Ok(highest)
    }

    /// The category of an emotion, with the name that people know.
    pub(crate) fn category(&self, id: TermId, problems: &mut Problems) -> Result<Resource, ReportError> {
        let mut category = self.named(id, Kind::Category, problems)?;
        if let Some(label) = category.label.strip_prefix("big6_") {
            category.label = label.to_owned();
        }
        Ok(category)
    }
}

fn read(graph: &Graph<'_>, found: &Found) -> Result<EmotionRow, ReportError> {
    let words = &graph.words;
    let mut problems = Problems::default();
    let activity = graph.resource(found.activity, &mut problems)?;
    let iri = activity.iri.clone();
    if !graph.is_a(found.activity, words.logged_activity)? {
        let message = "the analysis is not typed segb:LoggedActivity";
        problems.note(ProblemCode::NotLoggedActivity, message, iri.as_deref());
    }
    graph.activity_time(found.activity, &mut problems)?;
    if found.time.is_none() {
        problems.note(ProblemCode::NoTime, "neither the analysis nor its event has a time", iri.as_deref());
    }
    let event = found.event.map(|event| graph.resource(event, &mut problems)).transpose()?;
    if event.is_none() {
        problems.note(ProblemCode::NoEvent, "the analysis is not about a shared event", iri.as_deref());
    }
    let performer = graph.performer(found.activity, &mut problems)?;
    let result = found.result.map(|result| graph.resource(result, &mut problems)).transpose()?;
    let target = found.result.map(|result| read_target(graph, result, &mut problems)).transpose()?.flatten();
    let mut row = EmotionRow {
        activity,
        time: found.time.map(|(time, _)| time),
        time_source: found.time.map(|(_, source)| source),
        event,
        performer,
        result,
        target,
        emotion: None,
        category: None,
        intensity: None,
        confidence: None,
        triggers: Vec::new(),
        logs: Vec::new(),
        problems: Vec::new(),
    };
    match (found.result, found.emotion) {
        (Some(result), Some(emotion)) => {
            row.logs = graph.logs([result, words.has_emotion, emotion])?;
            read_emotion(graph, emotion, &mut row, &mut problems)?;
        }
        _ => {
            let message = "the analysis has no result with an emotion";
            problems.note(ProblemCode::NoEmotion, message, iri.as_deref());
            row.logs = graph.logs([found.activity, words.a, words.emotion_analysis])?;
        }
    }
    row.triggers = read_triggers(graph, found.activity, &mut problems)?;
    row.problems = problems.into_list();
    Ok(row)
}

fn read_target(
    graph: &Graph<'_>,
    result: TermId,
    problems: &mut Problems,
) -> Result<Option<Resource>, ReportError> {
    let targets = graph.objects(result, graph.words.has_target)?;
    let iri = graph.iri(result)?;
    match targets.as_slice() {
        [target] => Ok(Some(graph.resource(*target, problems)?)),
        [] => {
            problems.note(ProblemCode::NoTarget, "the result has no target", iri.as_deref());
            Ok(None)
        }
        several => {
            let message = format!("the result has {} targets", several.len());
            problems.note(ProblemCode::SeveralTargets, message, iri.as_deref());
            Ok(None)
        }
    }
}

fn read_emotion(
    graph: &Graph<'_>,
    id: TermId,
    row: &mut EmotionRow,
    problems: &mut Problems,
) -> Result<(), ReportError> {
    let words = &graph.words;
    row.emotion = Some(graph.full_text(id)?);
    let iri = graph.iri(id)?;
    let categories = graph.objects(id, words.emotion_category)?;
    match categories.as_slice() {
        [] => problems.note(ProblemCode::NoCategory, "the emotion has no category", iri.as_deref()),
        [_] => {}
        several => {
            let message = format!("the emotion has {} categories, of which one is shown", several.len());
            problems.note(ProblemCode::SeveralCategories, message, iri.as_deref());
        }
    }
    row.category = categories.first().map(|category| graph.category(*category, problems)).transpose()?;
    let intensities = graph.objects(id, words.emotion_intensity)?;
    if intensities.len() > 1 {
        let message =
            format!("the emotion has {} intensities, of which the highest is shown", intensities.len());
        problems.note(ProblemCode::SeveralIntensities, message, iri.as_deref());
    }
    for value in &intensities {
        if graph.number(*value)?.is_none() {
            let message = format!("the intensity “{}” is no number", graph.short_text(*value)?);
            problems.note(ProblemCode::IntensityInvalid, message, iri.as_deref());
        }
    }
    row.intensity = graph.highest(id)?;
    match row.intensity {
        None => problems.note(ProblemCode::NoIntensity, "the emotion has no intensity", iri.as_deref()),
        Some(intensity) if !(0.0..=1.0).contains(&intensity) => {
            let message = format!("the intensity {intensity} is not between 0 and 1");
            problems.note(ProblemCode::IntensityOutOfRange, message, iri.as_deref());
        }
        Some(_) => {}
    }
    for value in graph.objects(id, words.confidence)? {
        match graph.number(value)? {
            Some(number) => row.confidence = Some(row.confidence.map_or(number, |known| known.max(number))),
            None => {
                let message = format!("the confidence “{}” is no number", graph.short_text(value)?);
                problems.note(ProblemCode::ConfidenceInvalid, message, iri.as_deref());
            }
        }
    }
    Ok(())
}

fn read_triggers(
    graph: &Graph<'_>,
    activity: TermId,
    problems: &mut Problems,
) -> Result<Vec<Trigger>, ReportError> {
    let words = &graph.words;
    let mut found = Vec::new();
    for (predicate, relation) in [
        (words.triggered_by_activity, TriggerRelation::TriggeredByActivity),
        (words.triggered_by_entity, TriggerRelation::TriggeredByEntity),
    ] {
        found.extend(graph.objects(activity, predicate)?.into_iter().map(|id| (id, relation)));
    }
    if found.len() > TRIGGERS_MAX {
        let message = format!("there are more triggers than the {TRIGGERS_MAX} shown");
        problems.note(ProblemCode::ListCut, message, None);
    }
    let mut triggers = Vec::with_capacity(found.len().min(TRIGGERS_MAX));
    for (id, relation) in found.into_iter().take(TRIGGERS_MAX) {
        if !graph.has_room_for("triggers", problems) {
            break;
        }
        let resource = graph.resource(id, problems)?;
        let text = match resource.kind {
            Kind::Message => graph.text(id, words.text, problems)?,
            _ => None,
        };
        let (text, language) = text.map_or((None, None), |(text, language)| (Some(text), language));
        triggers.push(Trigger { resource, relation, text, language });
    }
    Ok(triggers)
}
