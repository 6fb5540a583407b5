//! Building logs.

mod activity;
mod emotion;
mod links;
mod merge;
mod message;
mod model;
mod names;
pub(crate) mod setters;
mod shared_event;
mod state;

pub use activity::{Activity, ModelUsage};
pub use emotion::{EmotionAnnotation, EmotionScore};
pub use message::{Message, Observation};
pub use model::{Dataset, Evaluation, Model};
pub use shared_event::{SharedEvent, SharedEventPolicy};
pub use state::RobotState;

use std::fmt;

use crate::{
    Iri, LogError, Randomness, Term,
    graph::{Graph, Node},
    term::is_blank,
    turtle::{self, Prefix},
    value::in_language,
    vocabulary::{PREFIXES, foaf, oro, prov, rdf, schema},
};

/// How a [`Logger`] names and describes things.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoggerOptions {
    /// The namespace of what the robot names, an absolute IRI; `/` is added unless it ends with `/` or `#`.
    pub base_namespace: String,
    /// The id of the robot in that namespace.
    pub robot_id: String,
    /// The name by which people know it.
    pub robot_name: Option<String>,
    /// The language of labels, comments and messages that say no other.
    pub default_language: String,
    /// The prefix for the namespace of the robot.
    pub namespace_prefix: String,
    /// `<base>activity_1` instead of `<base>activity/1`.
    pub compact_resource_ids: bool,
    /// How shared events are named when the server is not asked.
    pub shared_events: SharedEventPolicy,
    /// Whether triples are added that follow from the ontology, for stores that do not reason.
    pub prov_redundant: bool,
    /// Whether results are not called activities, too, which the ontology demands.
    pub strict_result_typing: bool,
}

impl LoggerOptions {
    /// The defaults, which are those of the Python package.
    pub fn new(base_namespace: impl Into<String>, robot_id: impl Into<String>) -> Self {
        Self {
            base_namespace: base_namespace.into(),
            robot_id: robot_id.into(),
            robot_name: None,
            default_language: "en".to_owned(),
            namespace_prefix: "robotlog".to_owned(),
            compact_resource_ids: false,
            shared_events: SharedEventPolicy::default(),
            prov_redundant: true,
            strict_result_typing: false,
        }
    }
}

/// Builds a log: a graph in the vocabulary of SEGB about what one robot did.
///
/// The methods make the graph that those of the package `semantic-log-generator` 1.0.5 for Python make for the same
/// calls. Where that package takes what makes no sense, such as an intensity of 7, a method here refuses it, and leaves
/// the log as it was.
pub struct Logger {
    options: LoggerOptions,
    /// The namespace with its last character.
    base: String,
    prefixes: Vec<Prefix>,
    graph: Graph,
    robot: Iri,
    randomness: Randomness,
}

impl fmt::Debug for Logger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Logger").field("robot", &self.robot).field("triples", &self.len()).finish()
    }
}

impl Logger {
    /// A logger with a log that says that the robot exists. `randomness` fills bytes for the ids of what is given none.
    ///
    /// # Errors
    /// [`LogError`]: options that cannot be used.
    pub fn new(options: LoggerOptions, randomness: Randomness) -> Result<Self, LogError> {
        let base = names::namespace("the base namespace", &options.base_namespace)?;
        names::check_language(&options.default_language)?;
        let prefix = names::prefix(&options.namespace_prefix)?;
        let known =
            PREFIXES.iter().map(|(prefix, namespace)| ((*prefix).to_owned(), (*namespace).to_owned()));
        let prefixes = known.chain([(prefix, base.clone())]).collect();
        let graph = Graph::default();
        let robot = Iri::trusted(base.clone());
        let mut logger = Self { options, base, prefixes, graph, robot, randomness };
        if is_blank(&logger.options.robot_id) {
            return Err(LogError::Blank { what: "the id of the robot" });
        }
        let id = logger.options.robot_id.clone();
        logger.robot = logger.resource("robot", Some(&id))?;
        logger.describe_robot()?;
        Ok(logger)
    }

    /// The robot that this is about.
    pub fn robot(&self) -> &Iri {
        &self.robot
    }

    /// How many triples the log has.
    pub fn len(&self) -> usize {
        self.graph.triples().len()
    }

    /// Whether the log has no triples; never, since it says that the robot exists.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The log as Turtle. Later calls add to the same log; [`take_turtle`](Self::take_turtle) begins a new one.
    pub fn turtle(&self) -> String {
        turtle::write(&self.graph, &self.prefixes)
    }

    /// The log as Turtle, and begins a new one that says nothing yet but that the robot exists.
    ///
    /// # Errors
    /// [`LogError`]; not after a logger could be made with these options.
    pub fn take_turtle(&mut self) -> Result<String, LogError> {
        let turtle = self.turtle();
        self.graph.clear();
        self.describe_robot()?;
        Ok(turtle)
    }

    fn describe_robot(&mut self) -> Result<(), LogError> {
        let (robot, name) = (self.robot.clone(), self.options.robot_name.clone());
        self.register_robot(robot, name.as_deref(), None)
    }

    /// Says that an agent is a robot; it is the one that everything after this is about. `owner`: whom it belongs to.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn register_robot(
        &mut self,
        robot: impl Into<Term>,
        name: Option<&str>,
        owner: Option<Term>,
    ) -> Result<(), LogError> {
        let robot = robot.into();
        self.atomically(|log| {
            let robot = log.resolve(robot)?;
            log.add(&robot, rdf::TYPE, prov::AGENT);
            log.add(&robot, rdf::TYPE, oro::ROBOT);
            log.add_text(&robot, schema::NAME, "the name of the robot", name.map(str::to_owned))?;
            if let Some(owner) = owner {
                let owner = log.resolve(owner)?;
                log.add(&robot, oro::BELONGS_TO, owner);
            }
            log.robot = robot;
            Ok(())
        })
    }

    /// Registers a person.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn register_human(
        &mut self,
        id: &str,
        first_name: Option<&str>,
        homepage: Option<&str>,
    ) -> Result<Iri, LogError> {
        self.atomically(|log| {
            let human = log.named_resource("human", "the id of a human", id)?;
            log.add(&human, rdf::TYPE, prov::PERSON);
            log.add(&human, rdf::TYPE, foaf::PERSON);
            log.add(&human, rdf::TYPE, oro::HUMAN);
            log.add_text(&human, foaf::FIRST_NAME, "the first name", first_name.map(str::to_owned))?;
            if let Some(homepage) = homepage {
                let homepage = Iri::new(homepage)?;
                log.add(&human, foaf::HOMEPAGE, homepage);
            }
            Ok(human)
        })
    }

    /// Runs a change; if it fails, nothing of it is left.
    fn atomically<T>(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let mark = self.graph.mark();
        let outcome = change(self);
        if outcome.is_err() {
            self.graph.restore(mark);
        }
        outcome
    }

    fn add(&mut self, subject: &Iri, predicate: &'static str, object: impl Into<Node>) {
        self.graph.add(subject, predicate, object);
    }

    /// Adds what follows from another triple, unless nobody wants that.
    fn add_redundant(&mut self, subject: &Iri, predicate: &'static str, object: &Iri) {
        if self.options.prov_redundant {
            self.add(subject, predicate, object);
        }
    }

    /// Adds a text in the default language, if there is one; a blank one is an error.
    fn add_text(
        &mut self,
        subject: &Iri,
        predicate: &'static str,
        what: &'static str,
        text: Option<String>,
    ) -> Result<(), LogError> {
        if let Some(text) = text {
            let text = names::not_blank(what, text)?;
            let text = in_language(text, &self.options.default_language);
            self.add(subject, predicate, text);
        }
        Ok(())
    }

    /// The ontology has results be activities, too, which stores that do not reason do not know.
    fn mark_as_result(&mut self, result: &Iri) {
        self.add(result, rdf::TYPE, crate::vocabulary::segb::RESULT);
        if !self.options.strict_result_typing {
            self.add(result, rdf::TYPE, prov::ACTIVITY);
        }
    }

    fn random_id(&mut self) -> String {
        let mut bytes = [0; 16];
        (self.randomness)(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().simple().to_string()
    }
}
