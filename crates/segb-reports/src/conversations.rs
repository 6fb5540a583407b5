//! Who talked with whom, and what was said.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

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
/// People that one message is said to be to. Who has more listeners speaks to nobody in particular.
const HUMANS_OF_ONE_MAX: usize = 1_000;

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
    /// Whether it was said to more people than count.
    is_cut: bool,
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
    keep_dialogues(&graph, &mut said)?;
    said.sort_unstable_by_key(|said| (said.robot, said.human, said.time.is_none(), said.time, said.message));
    let mut sessions: Vec<&[Said]> = Vec::new();
    for session in said.chunk_by(is_same_session) {
        graph.keep(&mut sessions, session)?;
    }
    let start = |session: &[Said]| session.first().and_then(|said| said.time);
    let without_time = sessions.iter().filter(|session| start(session).is_none()).count();
    sessions.retain(|session| scope.wants_time(start(session)));
    sessions.sort_unstable_by_key(|session| {
        let first = session.first();
        (start(session).is_none(), start(session), first.map(|said| (said.robot, said.human)))
    });
    Page::of(&graph, filter, &sessions, without_time, |session| read(&graph, session))
}

/// Leaves the pairs in which both sides spoke. The messages of a pair are next to each other.
fn keep_dialogues(graph: &Graph<'_>, said: &mut Vec<Said>) -> Result<(), ReportError> {
    let mut dialogues: Vec<(TermId, TermId)> = Vec::new();
    for of_pair in said.chunk_by(is_same_pair) {
        let spoke = |speaker| of_pair.iter().any(|one| one.speaker() == speaker);
        if let Some(first) = of_pair.first().filter(|_| spoke(Speaker::Robot) && spoke(Speaker::Human)) {
            graph.keep(&mut dialogues, (first.robot, first.human))?;
        }
    }
    said.retain(|one| dialogues.binary_search(&(one.robot, one.human)).is_ok());
    Ok(())
}

fn is_same_pair(one: &Said, next: &Said) -> bool {
    (one.robot, one.human) == (next.robot, next.human)
}

fn is_same_session(one: &Said, next: &Said) -> bool {
    is_same_pair(one, next)
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
    /// Who speaks and listens in an activity, and whom an event is about: asked for each message again.
    talking: RefCell<HashMap<TermId, Rc<People>>>,
    of_events: RefCell<HashMap<TermId, Rc<People>>>,
}

/// Some humans, of whom not all may be wanted.
#[derive(Debug, Default, Clone)]
struct People {
    wanted: Vec<TermId>,
    /// Whether there is anybody, wanted or not.
    is_anybody: bool,
    /// Whether there are more than count.
    is_cut: bool,
}

impl People {
    fn add(&mut self, scope: &Scope<'_>, human: TermId) {
        self.is_anybody = true;
        if scope.wants_human(Some(human)) {
            self.is_cut |= self.wanted.len() >= HUMANS_OF_ONE_MAX;
            if !self.is_cut {
                self.wanted.push(human);
            }
        }
    }

    fn add_all(&mut self, others: &Self) {
        self.is_anybody |= others.is_anybody;
        let room = HUMANS_OF_ONE_MAX.saturating_sub(self.wanted.len());
        self.is_cut |= others.is_cut || others.wanted.len() > room;
        self.wanted.extend(others.wanted.iter().take(room));
    }

    /// Each once.
    fn settled(mut self) -> Self {
        self.wanted.sort_unstable();
        self.wanted.dedup();
        self
    }
}

impl Messages {
    fn read(graph: &Graph<'_>) -> Result<Self, ReportError> {
        let words = &graph.words;
        let mut ids = Vec::new();
        for triple in graph.view().triples(None, Some(words.a), Some(words.message))? {
            let [message, ..] = triple?;
            graph.keep(&mut ids, message)?;
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
            talking: RefCell::default(),
            of_events: RefCell::default(),
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
        let mut of_messages: Vec<(TermId, TermId)> = Vec::new();
        let mut activities = IdSet::default();
        for message in self.ids.iter().copied().filter(|message| self.text.has(*message)) {
            for activity in self.activities(message) {
                activities.insert(activity);
                graph.keep(&mut of_messages, (message, activity))?;
            }
        }
        let links = Links::read(graph, Some(&activities))?;
        let times = Times::read(graph, Some(&activities))?;
        let mut all = Vec::new();
        for (message, activity) in of_messages {
            let sender = self.sender(graph, &links, message, activity);
            let mut time = None;
            let mut people: Option<Rc<People>> = None;
            for robot in links.performed.of(activity) {
                graph.view().look_at_the_clock()?;
                if !graph.robots.contains(robot) || !scope.wants_robot(Some(robot)) {
                    continue;
                }
                let people = match &people {
                    Some(known) => Rc::clone(known),
                    None => {
                        let found = self.people(graph, scope, &links, message, activity, sender)?;
                        Rc::clone(people.insert(found))
                    }
                };
                // Whoever the robot belongs to, if nobody else is there.
                let owned = (!people.is_anybody).then(|| links.owners_of(graph, robot)).transpose()?;
                let owners = owned.iter().flat_map(|owners| owners.iter());
                for human in people.wanted.iter().chain(owners) {
                    if !scope.wants_human(Some(*human)) {
                        continue;
                    }
                    if time.is_none() {
                        time = Some(self.time(graph, &links, &times, message, activity)?);
                    }
                    let (human, time, is_cut) = (*human, time.flatten(), people.is_cut);
                    graph.keep(&mut all, Said { robot, human, time, message, activity, sender, is_cut })?;
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

    /// Who a message is from or to, but for the owners of the robot.
    fn people(
        &self,
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        links: &Links,
        message: TermId,
        activity: TermId,
        sender: Option<TermId>,
    ) -> Result<Rc<People>, ReportError> {
        if let Some(sender) = sender.filter(|sender| graph.humans.contains(*sender)) {
            let mut people = People::default();
            people.add(scope, sender);
            return Ok(Rc::new(people));
        }
        let mut people = remembered(graph, &self.talking, activity, |people| {
            for human in links.speaker.of(activity).chain(links.listener.of(activity)) {
                graph.view().look_at_the_clock()?;
                if graph.humans.contains(human) {
                    people.add(scope, human);
                }
            }
            Ok(())
        })?;
        if !people.is_anybody {
            people = self.people_of(graph, scope, links, self.events(message))?;
        }
        if !people.is_anybody {
            people = self.people_of(graph, scope, links, links.about.of(activity))?;
        }
        Ok(people)
    }

    /// Whom events are about.
    fn people_of(
        &self,
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        links: &Links,
        events: impl Iterator<Item = TermId>,
    ) -> Result<Rc<People>, ReportError> {
        let mut people = People::default();
        for event in events {
            graph.view().look_at_the_clock()?;
            let of_event = remembered(graph, &self.of_events, event, |people| {
                for (_, human) in links.humans_of_event(graph, event)?.iter() {
                    people.add(scope, *human);
                }
                Ok(())
            })?;
            people.add_all(&of_event);
        }
        Ok(Rc::new(people.settled()))
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
        if let Some(time) = self.generated_at.earliest(graph, message)? {
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

/// What is known, or found and then known.
fn remembered(
    graph: &Graph<'_>,
    known: &RefCell<HashMap<TermId, Rc<People>>>,
    id: TermId,
    find: impl FnOnce(&mut People) -> Result<(), ReportError>,
) -> Result<Rc<People>, ReportError> {
    if let Some(people) = known.borrow().get(&id) {
        return Ok(Rc::clone(people));
    }
    let mut people = People::default();
    find(&mut people)?;
    let people = people.settled();
    // Twice, for what the table has in reserve.
    graph.reserve(
        2 * size_of::<(TermId, Rc<People>)>() + size_of::<People>() + 2 * size_of_val(&*people.wanted),
    )?;
    let people = Rc::new(people);
    known.borrow_mut().insert(id, Rc::clone(&people));
    Ok(people)
}

fn read(graph: &Graph<'_>, said: &[Said]) -> Result<Session, ReportError> {
    let mut problems = Problems::default();
    let of = |speaker| said.iter().filter(|one| one.speaker() == speaker).count();
    let mut languages = BTreeSet::new();
    let mut messages = Vec::new();
    let mut senders = HashMap::new();
    let (robot, human) = match said.first() {
        Some(said) => (said.robot, said.human),
        None => (TermId::ABSENT, TermId::ABSENT),
    };
    let (robot, human) = (graph.resource(robot, &mut problems)?, graph.resource(human, &mut problems)?);
    for one in said.iter().take(MESSAGES_MAX) {
        if !graph.has_room() {
            break;
        }
        // CSV names both in each of its records.
        [&robot, &human].into_iter().for_each(|one| graph.spend_resource(one));
        let utterance = read_message(graph, one, &mut senders)?;
        languages.extend(utterance.language.clone());
        messages.push(utterance);
    }
    if said.len() > messages.len() {
        let message = format!("there are more messages than the {} shown", messages.len());
        problems.note(ProblemCode::ListCut, message, None);
    }
    let start = said.iter().find_map(|one| one.time);
    let end = said.iter().rev().find_map(|one| one.time);
    let duration = start.zip(end).map(|(start, end)| end.as_unix_us() - start.as_unix_us());
    if start.is_none() {
        problems.note(ProblemCode::NoTime, "none of these messages has a time", None);
    }
    Ok(Session {
        robot,
        human,
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
    if said.is_cut {
        let message = format!("the message has more listeners than the {HUMANS_OF_ONE_MAX} that count");
        problems.note(ProblemCode::ListCut, message, iri.as_deref());
    }
    let sender = match said.sender {
        None => None,
        Some(sender) => match senders.get(&sender) {
            Some(known) => {
                graph.spend_resource(known);
                Some(known.clone())
            }
            None => {
                let resource = graph.resource(sender, &mut problems)?;
                senders.insert(sender, resource.clone());
                Some(resource)
            }
        },
    };
    language.iter().for_each(|language| graph.spend(language));
    let activity = graph.resource(said.activity, &mut problems)?;
    let problems = problems.into_list();
    graph.spend_problems(&problems);
    Ok(Utterance {
        time: said.time,
        speaker: said.speaker(),
        sender,
        text,
        language,
        activity,
        logs: generation_logs(graph, said)?,
        message,
        problems,
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
