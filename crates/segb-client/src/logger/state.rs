//! How a robot is.

use segb_journal::Timestamp;

use super::{Logger, setters::setters};
use crate::{
    Iri, LogError, Term, Value,
    graph::Node,
    value::{in_range, time_node},
    vocabulary::{prov, rdf, rdfs, schema, segb},
};

/// How a robot is at one moment.
///
/// Battery and loads are fractions from 0 to 1, or percentages above 1 up to 100; so 1 is 100 %, and 0.5 is 50 %.
#[derive(Debug, Clone)]
pub struct RobotState {
    at: Timestamp,
    id: Option<String>,
    source_activity: Option<Term>,
    battery_level: Option<f64>,
    autonomy_mode: Option<String>,
    mission_phase: Option<String>,
    cpu_load: Option<f64>,
    memory_load: Option<f64>,
    network_status: Option<String>,
    location: Option<Term>,
    note: Option<String>,
    custom: Vec<(String, Value)>,
}

impl RobotState {
    /// As it is at this moment.
    pub fn new(at: Timestamp) -> Self {
        Self {
            at,
            id: None,
            source_activity: None,
            battery_level: None,
            autonomy_mode: None,
            mission_phase: None,
            cpu_load: None,
            memory_load: None,
            network_status: None,
            location: None,
            note: None,
            custom: Vec::new(),
        }
    }

    /// Anything else that is known about it.
    #[must_use]
    pub fn custom(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.push((name.into(), value.into()));
        self
    }

    setters! {
        /// The id; a random one if not given.
        one id: String;
        /// The activity that measured it.
        one source_activity: Term;
        /// What is left in the battery.
        one battery_level: f64;
        /// How much it decides by itself.
        one autonomy_mode: String;
        /// What it is about to do.
        one mission_phase: String;
        /// The load of the processor; above 100 on several cores.
        one cpu_load: f64;
        /// The memory in use.
        one memory_load: f64;
        /// How it is connected.
        one network_status: String;
        /// Where it is.
        one location: Term;
        /// More about it, in the default language.
        one note: String;
    }
}

impl Logger {
    /// Logs how the robot is.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn log_robot_state(&mut self, state: RobotState) -> Result<Iri, LogError> {
        self.atomically(|log| log.add_state(state))
    }

    fn add_state(&mut self, state: RobotState) -> Result<Iri, LogError> {
        let iri = self.optional_resource("state", "the id of a state", state.id.as_deref())?;
        self.add(&iri, rdf::TYPE, prov::ENTITY);
        self.mark_as_result(&iri);
        let robot = self.robot.clone();
        self.add(&iri, prov::WAS_ATTRIBUTED_TO, robot);
        self.add(&iri, prov::GENERATED_AT_TIME, time_node(state.at));
        if let Some(activity) = state.source_activity {
            let activity = self.resolve(activity)?;
            self.ensure_activity(&activity);
            self.add(&activity, segb::PRODUCED_ENTITY_RESULT, &iri);
            self.add_redundant(&activity, prov::GENERATED, &iri);
        }
        if let Some(location) = state.location {
            let location = self.resolve(location)?;
            self.add(&iri, prov::AT_LOCATION, location);
        }
        self.add_text(&iri, rdfs::COMMENT, "the note on a state", state.note)?;
        for (name, what, value, max) in [
            ("battery_level", "the battery level", state.battery_level, 100.0),
            ("cpu_load", "the processor load", state.cpu_load, f64::MAX),
            ("memory_load", "the memory load", state.memory_load, 100.0),
        ] {
            if let Some(value) = value {
                let percent = as_percent(in_range(what, value, 0.0, max)?);
                self.add_property(&iri, name.to_owned(), percent.into(), Some("PERCENT"))?;
            }
        }
        for (name, value) in [
            ("autonomy_mode", state.autonomy_mode),
            ("mission_phase", state.mission_phase),
            ("network_status", state.network_status),
        ] {
            if let Some(value) = value {
                self.add_property(&iri, name.to_owned(), value.into(), None)?;
            }
        }
        for (name, value) in state.custom {
            self.add_property(&iri, super::names::not_blank("the name of a property", name)?, value, None)?;
        }
        Ok(iri)
    }

    fn add_property(
        &mut self,
        state: &Iri,
        name: String,
        value: Value,
        unit: Option<&str>,
    ) -> Result<(), LogError> {
        let id = format!("{name}_{}", self.random_id());
        let property = self.resource("state-property", Some(&id))?;
        self.add(&property, rdf::TYPE, schema::PROPERTY_VALUE);
        self.add(&property, schema::PROPERTY_ID, Node::text(name));
        self.add(&property, schema::VALUE, value.into_node("the value of a property")?);
        if let Some(unit) = unit {
            self.add(&property, schema::UNIT_CODE, Node::text(unit.to_owned()));
        }
        self.add(state, schema::ADDITIONAL_PROPERTY, &property);
        Ok(())
    }
}

fn as_percent(value: f64) -> f64 {
    if value <= 1.0 { value * 100.0 } else { value }
}
