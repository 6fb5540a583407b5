//! Who is linked to whom: the one definition that all reports share.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use segb_graph::index::TermId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ReportError,
    filter::Scope,
    graph::Graph,
    ids::{Column, IdSet},
};

/// Links of one activity that count. A few triples can link everybody with everybody: an activity of a thousand robots,
/// about an event that is about a thousand people.
pub(crate) const LINKS_OF_ONE_MAX: usize = 1_000;

/// How an activity of a robot is linked to a human.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// It is about a shared event that is about the human.
    Event,
    /// The human requested it.
    Request,
    /// The robot belongs to the human.
    Ownership,
    /// One of them spoke and the other listened.
    Speech,
}

impl Via {
    /// As in the answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Request => "request",
            Self::Ownership => "ownership",
            Self::Speech => "speech",
        }
    }
}

/// That an activity of a robot is linked to a human.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) robot: TermId,
    pub(crate) human: TermId,
    pub(crate) via: Via,
    /// What says so, last.
    pub(crate) triple: [TermId; 3],
}

/// The name of an event, and a human it is about.
type AboutHuman = (TermId, TermId);

/// What links are made of.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) performed: Column,
    pub(crate) about: Column,
    requested: Column,
    pub(crate) speaker: Column,
    pub(crate) listener: Column,
    /// Whether `about` has events, too, and not only activities.
    has_events: bool,
    of_events: RefCell<HashMap<TermId, Rc<[AboutHuman]>>>,
    owners: RefCell<HashMap<TermId, Rc<[TermId]>>>,
}

impl Links {
    /// Of the activities in `keep`, or of all.
    pub(crate) fn read(graph: &Graph<'_>, keep: Option<&IdSet>) -> Result<Self, ReportError> {
        let words = &graph.words;
        Ok(Self {
            performed: Column::read(graph, words.was_performed_by, keep)?,
            about: Column::read(graph, words.about, keep)?,
            requested: Column::read(graph, words.was_requested_by, keep)?,
            speaker: Column::read(graph, words.has_speaker, keep)?,
            listener: Column::read(graph, words.has_listener, keep)?,
            has_events: keep.is_none(),
            of_events: RefCell::default(),
            owners: RefCell::default(),
        })
    }

    /// The links of one activity that a filter wants, those of one robot and human next to each other, and whether there
    /// are more than count.
    pub(crate) fn of(
        &self,
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        activity: TermId,
    ) -> Result<(Vec<Link>, bool), ReportError> {
        let (mut links, mut is_cut) = (Vec::new(), false);
        self.each(graph, scope, activity, &mut |link| {
            is_cut = links.len() >= LINKS_OF_ONE_MAX;
            if !is_cut {
                links.push(link);
            }
            !is_cut
        })?;
        links.sort_unstable_by_key(|link| (link.robot, link.human, link.via, link.triple));
        links.dedup_by_key(|link| (link.robot, link.human, link.via));
        Ok((links, is_cut))
    }

    /// Whether an activity has a link that a filter wants.
    pub(crate) fn has_any(
        &self,
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        activity: TermId,
    ) -> Result<bool, ReportError> {
        let mut has_any = false;
        self.each(graph, scope, activity, &mut |_| {
            has_any = true;
            false
        })?;
        Ok(has_any)
    }

    /// Gives out links that a filter wants, some of them more than once, as long as `take` wants more.
    fn each(
        &self,
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        activity: TermId,
        take: &mut impl FnMut(Link) -> bool,
    ) -> Result<(), ReportError> {
        let words = &graph.words;
        let wanted =
            |performer: &TermId| graph.robots.contains(*performer) && scope.wants_robot(Some(*performer));
        for robot in self.performed.of(activity).filter(wanted) {
            let mut give = |human, via, triple| -> Result<bool, ReportError> {
                graph.view().look_at_the_clock()?;
                Ok(!scope.wants_human(Some(human)) || take(Link { robot, human, via, triple }))
            };
            for event in self.about.of(activity) {
                for (_, human) in self.humans_of_event(graph, event)?.iter() {
                    if !give(*human, Via::Event, [activity, words.about, event])? {
                        return Ok(());
                    }
                }
            }
            for human in self.requested.of(activity).filter(|human| graph.humans.contains(*human)) {
                if !give(human, Via::Request, [activity, words.was_requested_by, human])? {
                    return Ok(());
                }
            }
            for owner in self.owners_of(graph, robot)?.iter() {
                if !give(*owner, Via::Ownership, [robot, words.belongs_to, *owner])? {
                    return Ok(());
                }
            }
            for (one, other, word) in [
                (&self.speaker, &self.listener, words.has_listener),
                (&self.listener, &self.speaker, words.has_speaker),
            ] {
                if !one.has_pair(activity, robot) {
                    continue;
                }
                for human in other.of(activity).filter(|human| graph.humans.contains(*human)) {
                    if !give(human, Via::Speech, [activity, word, human])? {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Whom an event is about, each with the name of the event by which somebody said so.
    pub(crate) fn humans_of_event(
        &self,
        graph: &Graph<'_>,
        event: TermId,
    ) -> Result<Rc<[AboutHuman]>, ReportError> {
        let event = graph.canonical(event);
        let known = self.of_events.borrow().get(&event).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut humans = Vec::new();
        for name in graph.aliases(event) {
            let about = match self.has_events {
                true => self.about.of(name).collect(),
                false => graph.objects(name, graph.words.about)?,
            };
            for human in about.into_iter().filter(|human| graph.humans.contains(*human)) {
                graph.keep(&mut humans, (name, human))?;
            }
        }
        humans.sort_unstable_by_key(|(name, human)| (*human, *name));
        humans.dedup_by_key(|(_, human)| *human);
        let humans: Rc<[AboutHuman]> = humans.into();
        self.of_events.borrow_mut().insert(event, Rc::clone(&humans));
        Ok(humans)
    }

    /// The humans that a robot belongs to.
    pub(crate) fn owners_of(&self, graph: &Graph<'_>, robot: TermId) -> Result<Rc<[TermId]>, ReportError> {
        let known = self.owners.borrow().get(&robot).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let owners = graph.objects(robot, graph.words.belongs_to)?;
        let owners: Rc<[TermId]> = owners.into_iter().filter(|owner| graph.humans.contains(*owner)).collect();
        graph.reserve(size_of_val(&*owners) + size_of::<(TermId, Rc<[TermId]>)>())?;
        self.owners.borrow_mut().insert(robot, Rc::clone(&owners));
        Ok(owners)
    }
}
