//! Activities: what a robot did, when, because of what, with what.

use segb_journal::Timestamp;

use super::{Logger, setters::setters};
use crate::{
    ActivityKind, Iri, LogError, Term, Value,
    graph::Node,
    value::{in_language, time_node},
    vocabulary::{mls, prov, rdf, rdfs, schema, segb},
};

/// An activity to be logged.
#[derive(Debug, Clone)]
pub struct Activity {
    kind: ActivityKind,
    id: Option<String>,
    label: Option<String>,
    extra_type: Vec<Term>,
    related_shared_event: Vec<Term>,
    performer: Option<Term>,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    triggered_by_activity: Option<Term>,
    triggered_by_entity: Vec<Term>,
    intermediate_activity: Vec<Term>,
    used_entity: Vec<Term>,
    used_model: Vec<Term>,
    model_usage: Vec<ModelUsage>,
    produced_entity: Vec<Term>,
    produced_activity: Vec<Term>,
}

impl Activity {
    /// An activity of the robot.
    pub fn new(kind: ActivityKind) -> Self {
        Self {
            kind,
            id: None,
            label: None,
            extra_type: Vec::new(),
            related_shared_event: Vec::new(),
            performer: None,
            started_at: None,
            ended_at: None,
            triggered_by_activity: None,
            triggered_by_entity: Vec::new(),
            intermediate_activity: Vec::new(),
            used_entity: Vec::new(),
            used_model: Vec::new(),
            model_usage: Vec::new(),
            produced_entity: Vec::new(),
            produced_activity: Vec::new(),
        }
    }

    setters! {
        /// The id, by which its IRI is always the same; a random one if not given.
        one id: String;
        /// What people read about it.
        one label: String;
        /// Another class of it; may be given several times, as all that are about one thing.
        many extra_type: Term;
        /// A shared event that it is about.
        many related_shared_event: Term;
        /// Who did it, if not the robot.
        one performer: Term;
        /// When it began.
        one started_at: Timestamp;
        /// When it ended.
        one ended_at: Timestamp;
        /// The activity that made it happen.
        one triggered_by_activity: Term;
        /// A thing that made it happen, such as a message.
        many triggered_by_entity: Term;
        /// A step between the trigger and this.
        many intermediate_activity: Term;
        /// A thing it used.
        many used_entity: Term;
        /// A model it used.
        many used_model: Term;
        /// A model it used, with parameters or software.
        many model_usage: ModelUsage;
        /// A thing it made.
        many produced_entity: Term;
        /// An activity it brought about.
        many produced_activity: Term;
    }
}

/// How an activity used a model.
#[derive(Debug, Clone)]
pub struct ModelUsage {
    model: Term,
    parameters: Vec<(String, Value)>,
    implementation: Option<Term>,
    software_label: Option<String>,
    software_version: Option<String>,
}

impl ModelUsage {
    /// The model, and nothing more about it.
    pub fn new(model: impl Into<Term>) -> Self {
        let (implementation, software_label, software_version) = (None, None, None);
        Self { model: model.into(), parameters: Vec::new(), implementation, software_label, software_version }
    }

    /// A parameter that it ran with.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    setters! {
        /// What implements it; a new one if there are parameters or software.
        one implementation: Term;
        /// The name of the software.
        one software_label: String;
        /// The version of the software.
        one software_version: String;
    }
}

impl Logger {
    /// Logs an activity. The same id again adds to the same activity.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn log_activity(&mut self, activity: Activity) -> Result<Iri, LogError> {
        self.atomically(|log| log.add_activity(activity))
    }

    fn add_activity(&mut self, activity: Activity) -> Result<Iri, LogError> {
        let iri = self.optional_resource("activity", "the id of an activity", activity.id.as_deref())?;
        self.ensure_activity(&iri);
        self.add(&iri, rdf::TYPE, activity.kind.class());
        for class in self.resolve_all(activity.extra_type)? {
            self.add(&iri, rdf::TYPE, class);
        }
        self.add_text(&iri, rdfs::LABEL, "the label of an activity", activity.label)?;
        let performer = match activity.performer {
            Some(performer) => self.resolve(performer)?,
            None => self.robot.clone(),
        };
        self.add(&iri, segb::WAS_PERFORMED_BY, &performer);
        self.add_redundant(&iri, prov::WAS_ASSOCIATED_WITH, &performer);
        self.add_time(&iri, prov::STARTED_AT_TIME, "start", activity.started_at)?;
        self.add_time(&iri, prov::ENDED_AT_TIME, "end", activity.ended_at)?;
        for event in self.resolve_all(activity.related_shared_event)? {
            self.add_about(&iri, &event);
        }
        let triggers = activity.triggered_by_activity.into_iter().collect();
        self.add_influences(&iri, segb::TRIGGERED_BY_ACTIVITY, triggers)?;
        self.add_influences(&iri, segb::TRIGGERED_BY_ENTITY, activity.triggered_by_entity)?;
        self.add_influences(&iri, segb::INTERMEDIATE_ACTIVITY, activity.intermediate_activity)?;
        for entity in self.resolve_all(activity.used_entity)? {
            self.add(&iri, prov::USED, entity);
        }
        for model in self.resolve_all(activity.used_model)? {
            self.add_model_use(&iri, &model);
        }
        for usage in activity.model_usage {
            self.add_model_usage(&iri, usage)?;
        }
        for result in self.resolve_all(activity.produced_entity)? {
            self.add_entity_result(&iri, &result);
        }
        for result in self.resolve_all(activity.produced_activity)? {
            self.add(&iri, segb::PRODUCED_ACTIVITY_RESULT, result);
        }
        Ok(iri)
    }

    pub(super) fn ensure_activity(&mut self, activity: &Iri) {
        self.add(activity, rdf::TYPE, prov::ACTIVITY);
        self.add(activity, rdf::TYPE, segb::LOGGED_ACTIVITY);
    }

    fn add_time(
        &mut self,
        activity: &Iri,
        predicate: &'static str,
        what: &'static str,
        time: Option<Timestamp>,
    ) -> Result<(), LogError> {
        let Some(time) = time.map(time_node) else { return Ok(()) };
        if self.graph.has(activity, predicate) && !self.graph.contains(activity, predicate, &time) {
            return Err(LogError::TimeConflict { activity: activity.to_string(), what });
        }
        self.add(activity, predicate, time);
        Ok(())
    }

    fn add_influences(
        &mut self,
        activity: &Iri,
        predicate: &'static str,
        influences: Vec<Term>,
    ) -> Result<(), LogError> {
        for influence in self.resolve_all(influences)? {
            self.add(activity, predicate, &influence);
            self.add_redundant(activity, prov::WAS_INFLUENCED_BY, &influence);
        }
        Ok(())
    }

    pub(super) fn add_model_use(&mut self, activity: &Iri, model: &Iri) {
        self.add(activity, segb::USED_ML_MODEL, model);
        self.add(model, rdf::TYPE, mls::MODEL);
        self.add_redundant(activity, prov::USED, model);
    }

    pub(super) fn add_entity_result(&mut self, activity: &Iri, result: &Iri) {
        self.add(activity, segb::PRODUCED_ENTITY_RESULT, result);
        self.add_redundant(activity, prov::GENERATED, result);
    }

    fn add_model_usage(&mut self, activity: &Iri, usage: ModelUsage) -> Result<(), LogError> {
        let model = self.resolve(usage.model)?;
        self.add_model_use(activity, &model);
        let has_software = usage.software_label.is_some() || usage.software_version.is_some();
        let implementation = match usage.implementation {
            Some(implementation) => Some(self.resolve(implementation)?),
            None if has_software || !usage.parameters.is_empty() => {
                Some(self.resource("implementation", None)?)
            }
            None => None,
        };
        if let Some(implementation) = &implementation {
            self.add(implementation, rdf::TYPE, mls::IMPLEMENTATION);
            self.add(implementation, mls::IMPLEMENTS, &model);
            self.add(activity, mls::EXECUTES, implementation);
        }
        if has_software {
            self.add_software(usage.software_label, usage.software_version, implementation.as_ref())?;
        }
        for (name, value) in usage.parameters {
            self.add_parameter(activity, implementation.as_ref(), name, value)?;
        }
        Ok(())
    }

    fn add_software(
        &mut self,
        label: Option<String>,
        version: Option<String>,
        implementation: Option<&Iri>,
    ) -> Result<(), LogError> {
        let software = self.optional_resource("software", "the name of software", label.as_deref())?;
        self.add(&software, rdf::TYPE, mls::SOFTWARE);
        for (predicate, text) in [(rdfs::LABEL, label), (schema::VERSION, version)] {
            if let Some(text) = text {
                self.add(&software, predicate, Node::text(text));
            }
        }
        if let Some(implementation) = implementation {
            self.add(&software, mls::HAS_PART, implementation);
        }
        Ok(())
    }

    fn add_parameter(
        &mut self,
        activity: &Iri,
        implementation: Option<&Iri>,
        name: String,
        value: Value,
    ) -> Result<(), LogError> {
        let parameter = self.named_resource("hyperparameter", "the name of a parameter", &name)?;
        let setting = self.resource("hyperparameter-setting", None)?;
        self.add(&parameter, rdf::TYPE, mls::HYPER_PARAMETER);
        self.add(&parameter, rdfs::LABEL, in_language(name, "en"));
        self.add(&setting, rdf::TYPE, mls::HYPER_PARAMETER_SETTING);
        self.add(&setting, mls::SPECIFIED_BY, &parameter);
        self.add(&setting, mls::HAS_VALUE, value.into_node("the value of a parameter")?);
        self.add(activity, mls::HAS_INPUT, &setting);
        self.add(activity, prov::USED, &setting);
        if let Some(implementation) = implementation {
            self.add(implementation, mls::HAS_HYPER_PARAMETER, &parameter);
        }
        Ok(())
    }
}
