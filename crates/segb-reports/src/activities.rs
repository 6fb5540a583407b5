//! The activities that a filter leaves.

use segb_graph::index::TermId;
use segb_journal::Timestamp;

use crate::{
    ReportError, Resource,
    filter::Scope,
    graph::Graph,
    ids::IdSet,
    links::{Link, Links},
    problem::{ProblemCode, Problems},
    resource::Kind,
    time::Times,
};

/// An activity that fits a filter.
#[derive(Debug)]
pub(crate) struct Activity {
    pub(crate) id: TermId,
    pub(crate) time: Option<Timestamp>,
    /// Those that fit the filter.
    pub(crate) links: Vec<Link>,
}

/// What was performed, or is typed `segb:LoggedActivity`, and fits a filter.
#[derive(Debug)]
pub(crate) struct Activities {
    pub(crate) wanted: Vec<Activity>,
    pub(crate) links: Links,
    pub(crate) without_time: usize,
}

impl Activities {
    pub(crate) fn read(graph: &Graph<'_>, scope: &Scope<'_>) -> Result<Self, ReportError> {
        let links = Links::read(graph, None)?;
        let times = Times::read(graph, None)?;
        let mut ids: Vec<TermId> = links.performed.pairs().map(|(activity, _)| activity).collect();
        for triple in graph.view().triples(None, Some(graph.words.a), Some(graph.words.logged_activity))? {
            graph.count(1)?;
            let [activity, ..] = triple?;
            ids.push(activity);
        }
        ids.sort_unstable();
        ids.dedup();
        let (mut wanted, mut without_time) = (Vec::new(), 0);
        for id in ids {
            if scope.names_robots() && !links.performed.of(id).any(|robot| scope.wants_robot(Some(robot))) {
                continue;
            }
            let mut of_activity = links.of(graph, id)?;
            of_activity
                .retain(|link| scope.wants_robot(Some(link.robot)) && scope.wants_human(Some(link.human)));
            if scope.names_humans() && of_activity.is_empty() {
                continue;
            }
            let time = times.moment(graph, id)?;
            without_time += usize::from(time.is_none());
            if scope.wants_time(time) {
                wanted.push(Activity { id, time, links: of_activity });
            }
        }
        Ok(Self { wanted, links, without_time })
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
