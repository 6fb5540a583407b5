//! Who talked with whom, and what was said.

use std::collections::{BTreeSet, HashMap, HashSet};

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, Page, ReportError, Resource,
    filter::Scope,
    graph::Graph,
    ids::{Column, IdSet},
    links::Links,
    problem::{Problem, ProblemCode, Problems},
    time::Times,
};

/// A session ends where nobody says anything for so long, in microseconds.
const SILENCE_US: i64 = 120_000_000;
/// Messages shown of one session.
const MESSAGES_MAX: usize = 1_000;

/// A conversation without a long silence.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Session {
    /// The robot.
    pub robot: Resource,
    /// The human.
    pub human: Resource,
    /// When the first message was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub start: Option<Timestamp>,
    /// When the last message was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub end: Option<Timestamp>,
    /// From the first to the last message.
    pub duration_seconds: Option<f64>,
    /// How many messages there are.
    pub message_count: usize,
    /// How many of them the robot said.
    pub by_robot: usize,
    /// How many of them the human said.
    pub by_human: usize,
    /// The language tags of the messages.
    pub languages: Vec<String>,
    /// The messages, in order.
    pub messages: Vec<Utterance>,
    /// The logs of the first message.
    pub logs: Vec<Uuid>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Utterance {
    /// The message.
    pub message: Resource,
    /// When the activity that generated it was, else the message, else the event.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub time: Option<Timestamp>,
    /// Which side said it.
    pub speaker: Speaker,
    /// Who said it.
    pub sender: Option<Resource>,
    /// What.
    pub text: String,
    /// In which language.
    pub language: Option<String>,
    /// The activity of the robot that generated it.
    pub activity: Resource,
    /// The logs that say so.
    pub logs: Vec<Uuid>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// Which side of a conversation said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The robot.
    Robot,
    /// The human.
    Human,
    /// Somebody else.
    Other,
    /// That is not known.
    Unknown,
}

impl Speaker {
    /// As in the answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Human => "human",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// A message between a robot and a human, before it is read in full.
#[derive(Debug, Clone, Copy)]
struct Said {
    robot: TermId,
    human: TermId,
    time: Option<Timestamp>,
    message: TermId,
    activity: TermId,
    sender: Option<TermId>,
}

impl Said {
    fn speaker(&self) -> Speaker {
        match self.sender {
            None => Speaker::Unknown,
            Some(sender) if sender == self.robot => Speaker::Robot,
            Some(sender) if sender == self.human => Speaker::Human,
            Some(_) => Speaker::Other,
        }
    }
}

/// One row for each session of a robot and a human, by time.
///
/// # Errors
/// [`ReportError`].
pub fn conversations(view: &GraphView, filter: &Filter) -> Result<Page<Session>, ReportError> {
    let graph = Graph::open(view)?;
    let scope = Scope::of(filter, &graph)?;
    let mut said = Messages::read(&graph)?.said(&graph, &scope)?;
    // Of a message that several activities of one robot generated, the earliest counts.
    said.sort_unstable_by_key(|said| {
        (said.robot, said.human, said.message, said.time.is_none(), said.time, said.activity)
    });
    said.dedup_by_key(|said| (said.robot, said.human, said.message));
    keep_dialogues(&mut said);
    said.sort_unstable_by_key(|said| (said.robot, said.human, said.time.is_none(), said.time, said.message));
    let mut sessions: Vec<&[Said]> = said.chunk_by(is_same_session).collect();
    let start = |session: &[Said]| session.first().and_then(|said| said.time);
    let without_time = sessions.iter().filter(|session| start(session).is_none()).count();
    sessions.retain(|session| scope.wants_time(start(session)));
    sessions.sort_by_key(|session| {
        let first = session.first();
        (start(session).is_none(), start(session), first.map(|said| (said.robot, said.human)))
    });
    Page::of(&graph, filter, &sessions, without_time, |session| read(&graph, session))
}

/// Leaves the pairs in which both sides spoke.
fn keep_dialogues(said: &mut Vec<Said>) {
    let of = |speaker: Speaker, said: &[Said]| -> HashSet<(TermId, TermId)> {
        said.iter().filter(|one| one.speaker() == speaker).map(|one| (one.robot, one.human)).collect()
    };
    let (robots, humans) = (of(Speaker::Robot, said), of(Speaker::Human, said));
    said.retain(|one| {
        let pair = (one.robot, one.human);
        robots.contains(&pair) && humans.contains(&pair)
    });
}

fn is_same_session(one: &Said, next: &Said) -> bool {
    let pair = |said: &Said| (said.robot, said.human);
    pair(one) == pair(next)
        && match (one.time, next.time) {
            (Some(one), Some(next)) => next.as_unix_us() - one.as_unix_us() < SILENCE_US,
            (None, None) => true,
            _ => false,
        }
}

/// What is read of all messages.
struct Messages {
    ids: Vec<TermId>,
    text: Column,
    generated_by: Column,
    generated: Column,
    produced: Column,
    senders: Column,
    attributed: Column,
    about: Column,
    special: Column,
    generated_at: Column,
}

impl Messages {
    fn read(graph: &Graph<'_>) -> Result<Self, ReportError> {
        let words = &graph.words;
        let mut ids = Vec::new();
        for triple in graph.view().triples(None, Some(words.a), Some(words.message))? {
            let [message, ..] = triple?;
            graph.count(1)?;
            ids.push(message);
        }
        let messages: IdSet = ids.iter().copied().collect();
        let read = |predicate| Column::read(graph, predicate, Some(&messages));
        Ok(Self {
            text: read(words.text)?,
            generated_by: read(words.was_generated_by)?,
            generated: Column::inverse(graph, words.generated, Some(&messages))?,
            produced: Column::inverse(graph, words.produced_entity, Some(&messages))?,
            senders: read(words.sender)?,
            attributed: read(words.was_attributed_to)?,
            about: read(words.about)?,
            special: read(words.specialization_of)?,
            generated_at: read(words.generated_at)?,
            ids,
        })
    }

    /// The activities that generated a message.
    fn activities(&self, message: TermId) -> Vec<TermId> {
        let columns = [&self.generated_by, &self.generated, &self.produced];
        let mut activities: Vec<TermId> = columns.iter().flat_map(|column| column.of(message)).collect();
        activities.sort_unstable();
        activities.dedup();
        activities
    }

    fn events(&self, message: TermId) -> impl Iterator<Item = TermId> + '_ {
        self.about.of(message).chain(self.special.of(message))
    }

    /// All messages of robots and humans that are wanted.
    fn said(&self, graph: &Graph<'_>, scope: &Scope<'_>) -> Result<Vec<Said>, ReportError> {
        let mut of_messages: Vec<(TermId, Vec<TermId>)> = Vec::new();
        let mut activities = IdSet::default();
        for message in self.ids.iter().copied().filter(|message| self.text.has(*message)) {
            let generated_by = self.activities(message);
            generated_by.iter().for_each(|activity| activities.insert(*activity));
            graph.count(1 + generated_by.len())?;
            of_messages.push((message, generated_by));
        }
        let links = Links::read(graph, Some(&activities))?;
        let times = Times::read(graph, Some(&activities))?;
        let mut all = Vec::new();
        for (message, generated_by) in of_messages {
            for activity in generated_by {
                let sender = self.sender(graph, &links, message, activity);
                let mut time = None;
                for robot in links.performed.of(activity) {
                    if !graph.robots.contains(robot) || !scope.wants_robot(Some(robot)) {
                        continue;
                    }
                    let humans = self.humans(graph, &links, message, activity, sender, robot)?;
                    for human in humans.into_iter().filter(|human| scope.wants_human(Some(*human))) {
                        if time.is_none() {
                            time = Some(self.time(graph, &links, &times, message, activity)?);
                        }
                        graph.count(1)?;
                        let time = time.flatten();
                        all.push(Said { robot, human, time, message, activity, sender });
                    }
                }
            }
        }
        Ok(all)
    }

    fn sender(&self, graph: &Graph<'_>, links: &Links, message: TermId, activity: TermId) -> Option<TermId> {
        let is_agent = |id: &TermId| graph.robots.contains(*id) || graph.humans.contains(*id);
        for (column, id) in
            [(&self.senders, message), (&self.attributed, message), (&links.speaker, activity)]
        {
            if column.has(id) {
                return column.of(id).find(is_agent).or(column.first(id));
            }
        }
        None
    }

    fn humans(
        &self,
        graph: &Graph<'_>,
        links: &Links,
        message: TermId,
        activity: TermId,
        sender: Option<TermId>,
        robot: TermId,
    ) -> Result<Vec<TermId>, ReportError> {
        if let Some(sender) = sender.filter(|sender| graph.humans.contains(*sender)) {
            return Ok(vec![sender]);
        }
        let is_human = |id: &TermId| graph.humans.contains(*id);
        let talking = links.speaker.of(activity).chain(links.listener.of(activity));
        let mut humans: Vec<TermId> = talking.filter(is_human).collect();
        if humans.is_empty() {
            humans = humans_of(graph, links, self.events(message))?;
        }
        if humans.is_empty() {
            humans = humans_of(graph, links, links.about.of(activity))?;
        }
        if humans.is_empty() {
            humans = links.owners_of(graph, robot)?.to_vec();
        }
        humans.sort_unstable();
        humans.dedup();
        Ok(humans)
    }

    fn time(
        &self,
        graph: &Graph<'_>,
        links: &Links,
        times: &Times,
        message: TermId,
        activity: TermId,
    ) -> Result<Option<Timestamp>, ReportError> {
        if let Some(time) = times.moment(graph, activity)? {
            return Ok(Some(time));
        }
        if let Some(time) = graph.earliest(self.generated_at.of(message))? {
            return Ok(Some(time));
        }
        for event in self.events(message).chain(links.about.of(activity)) {
            if let Some(time) = graph.event_time(event)? {
                return Ok(Some(time));
            }
        }
        Ok(None)
    }
}

fn humans_of(
    graph: &Graph<'_>,
    links: &Links,
    events: impl Iterator<Item = TermId>,
) -> Result<Vec<TermId>, ReportError> {
    let mut humans = Vec::new();
    for event in events {
        humans.extend(links.humans_of_event(graph, event)?.iter().map(|(_, human)| *human));
    }
    Ok(humans)
}

fn read(graph: &Graph<'_>, said: &[Said]) -> Result<Session, ReportError> {
    let mut problems = Problems::default();
    let of = |speaker| said.iter().filter(|one| one.speaker() == speaker).count();
    let mut languages = BTreeSet::new();
    let mut messages = Vec::with_capacity(said.len().min(MESSAGES_MAX));
    let mut senders = HashMap::new();
    for one in said.iter().take(MESSAGES_MAX) {
        let utterance = read_message(graph, one, &mut senders)?;
        languages.extend(utterance.language.clone());
        messages.push(utterance);
    }
    if said.len() > MESSAGES_MAX {
        let message = format!("there are more messages than the {MESSAGES_MAX} shown");
        problems.note(ProblemCode::ListCut, message, None);
    }
    let times: Vec<Timestamp> = said.iter().filter_map(|one| one.time).collect();
    let (start, end) = (times.first().copied(), times.last().copied());
    let duration = start.zip(end).map(|(start, end)| end.as_unix_us() - start.as_unix_us());
    if start.is_none() {
        problems.note(ProblemCode::NoTime, "none of these messages has a time", None);
    }
    let (robot, human) = match said.first() {
        Some(said) => (said.robot, said.human),
        None => (TermId::ABSENT, TermId::ABSENT),
    };
    Ok(Session {
        robot: graph.resource(robot, &mut problems)?,
        human: graph.resource(human, &mut problems)?,
        start,
        end,
        duration_seconds: duration.map(|microseconds| microseconds as f64 / 1e6),
        message_count: said.len(),
        by_robot: of(Speaker::Robot),
        by_human: of(Speaker::Human),
        languages: languages.into_iter().collect(),
        logs: messages.first().map(|message| message.logs.clone()).unwrap_or_default(),
        messages,
        problems: problems.into_list(),
    })
}

fn read_message(
    graph: &Graph<'_>,
    said: &Said,
    senders: &mut HashMap<TermId, Resource>,
) -> Result<Utterance, ReportError> {
    let words = &graph.words;
    let mut problems = Problems::default();
    let message = graph.resource(said.message, &mut problems)?;
    let iri = message.iri.clone();
    let (text, language) = graph.text(said.message, words.text, &mut problems)?.unwrap_or_default();
    match said.sender {
        None => problems.note(ProblemCode::NoSender, "the sender cannot be told", iri.as_deref()),
        Some(_) => {
            let count = graph.objects(said.message, words.sender)?.len();
            if count > 1 {
                let text = format!("the message has {count} senders, of whom one is shown");
                problems.note(ProblemCode::SeveralSenders, text, iri.as_deref());
            }
        }
    }
    graph.activity_time(said.activity, &mut problems)?;
    if said.time.is_none() {
        problems.note(ProblemCode::NoTime, "the message has no time", iri.as_deref());
    }
    let sender = match said.sender {
        None => None,
        Some(sender) => match senders.get(&sender) {
            Some(known) => Some(known.clone()),
            None => {
                let resource = graph.resource(sender, &mut problems)?;
                senders.insert(sender, resource.clone());
                Some(resource)
            }
        },
    };
    Ok(Utterance {
        time: said.time,
        speaker: said.speaker(),
        sender,
        text,
        language,
        activity: graph.resource(said.activity, &mut problems)?,
        logs: generation_logs(graph, said)?,
        message,
        problems: problems.into_list(),
    })
}

/// The logs that say that an activity generated a message, in whichever of the three ways.
fn generation_logs(graph: &Graph<'_>, said: &Said) -> Result<Vec<Uuid>, ReportError> {
    let words = &graph.words;
    for triple in [
        [said.message, words.was_generated_by, said.activity],
        [said.activity, words.generated, said.message],
        [said.activity, words.produced_entity, said.message],
    ] {
        let logs = graph.logs(triple)?;
        if !logs.is_empty() {
            return Ok(logs);
        }
    }
    Ok(Vec::new())
}
