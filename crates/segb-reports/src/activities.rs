//! The activities that a filter leaves.

use segb_graph::index::TermId;
use segb_journal::Timestamp;

use crate::{
    ReportError, Resource,
    filter::Scope,
    graph::Graph,
    ids::IdSet,
    links::Links,
    participants::Meetings,
    problem::{ProblemCode, Problems},
    resource::Kind,
    time::Times,
};

/// What is said where links were cut.
pub(crate) const CUT_LINKS: &str = "an activity has more links to people than count";

/// An activity that fits a filter.
#[derive(Debug)]
pub(crate) struct Activity {
    pub(crate) id: TermId,
    pub(crate) time: Option<Timestamp>,
}

/// What was performed, or is typed `segb:LoggedActivity`, and fits a filter.
#[derive(Debug)]
pub(crate) struct Activities {
    pub(crate) wanted: Vec<Activity>,
    pub(crate) without_time: usize,
    /// One that is linked to more people than count.
    pub(crate) with_cut_links: Option<TermId>,
}

impl Activities {
    /// What their links say is added to `meetings`: all links together are much more than what they add up to.
    pub(crate) fn read(
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        meetings: &mut Meetings,
    ) -> Result<Self, ReportError> {
        let links = Links::read(graph, None)?;
        let times = Times::read(graph, None)?;
        let mut ids: Vec<TermId> = Vec::new();
        for (activity, _) in links.performed.pairs() {
            if ids.last() != Some(&activity) {
                graph.keep(&mut ids, activity)?;
            }
        }
        for triple in graph.view().triples(None, Some(graph.words.a), Some(graph.words.logged_activity))? {
            let [activity, ..] = triple?;
            graph.keep(&mut ids, activity)?;
        }
        ids.sort_unstable();
        ids.dedup();
        let mut all = Self { wanted: Vec::new(), without_time: 0, with_cut_links: None };
        for id in ids {
            if scope.names_robots() && !links.performed.of(id).any(|robot| scope.wants_robot(Some(robot))) {
                continue;
            }
            // Before the links, which cost more: so a time narrows what a report is made of.
            let time = times.moment(graph, id)?;
            if time.is_some() && !scope.wants_time(time) {
                continue;
            }
            let (of_activity, is_cut) = links.of(graph, scope, id)?;
            if scope.names_humans() && of_activity.is_empty() {
                continue;
            }
            all.without_time += usize::from(time.is_none());
            if scope.wants_time(time) {
                graph.keep(&mut all.wanted, Activity { id, time })?;
                meetings.add(graph, scope, links.performed.of(id), time, &of_activity, is_cut)?;
                all.with_cut_links = all.with_cut_links.or(is_cut.then_some(id));
            }
        }
        Ok(all)
    }

    /// Says so if the links of an activity were cut.
    pub(crate) fn note_cut(&self, graph: &Graph<'_>, problems: &mut Problems) -> Result<(), ReportError> {
        if let Some(activity) = self.with_cut_links {
            problems.note(ProblemCode::ListCut, CUT_LINKS, graph.iri(activity)?.as_deref());
        }
        Ok(())
    }
}

impl Graph<'_> {
    /// Who performed an activity, and what is odd about that.
    pub(crate) fn performer(
        &self,
        activity: TermId,
        problems: &mut Problems,
    ) -> Result<Option<Resource>, ReportError> {
        let performers = self.objects(activity, self.words.was_performed_by)?;
        let iri = self.iri(activity)?;
        let Some(performer) = preferred(&performers, &self.robots) else {
            problems.note(ProblemCode::NoPerformer, "nobody performed the activity", iri.as_deref());
            return Ok(None);
        };
        if performers.len() > 1 {
            let message = format!("{} performed the activity, of whom one is shown", performers.len());
            problems.note(ProblemCode::SeveralPerformers, message, iri.as_deref());
        }
        let resource = self.resource(performer, problems)?;
        match resource.kind {
            Kind::Robot | Kind::Literal => {}
            Kind::Human => {
                let message = format!("“{}”, who performed the activity, is a human", resource.label);
                problems.note(ProblemCode::PerformerIsHuman, message, resource.iri.as_deref());
            }
            _ => {
                let message = format!("“{}” is not typed as a robot", resource.label);
                problems.note(ProblemCode::UntypedRobot, message, resource.iri.as_deref());
            }
        }
        Ok(Some(resource))
    }

    /// The types of an activity that tell what it was.
    pub(crate) fn telling_types(&self, activity: TermId) -> Result<Vec<TermId>, ReportError> {
        let mut types = self.objects(activity, self.words.a)?;
        types.retain(|class| *class != self.words.logged_activity && *class != self.words.prov_activity);
        Ok(types)
    }
}

/// A robot, if there is one, else the first.
pub(crate) fn preferred(performers: &[TermId], robots: &IdSet) -> Option<TermId> {
    performers.iter().copied().find(|performer| robots.contains(*performer)).or(performers.first().copied())
}
