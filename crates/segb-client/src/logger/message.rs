//! Messages, and other things that were observed.

use super::{Logger, setters::setters};
use crate::{
    Iri, LogError, Term,
    value::in_language,
    vocabulary::{oro, prov, rdf, rdfs, schema},
};

/// What somebody said.
#[derive(Debug, Clone)]
pub struct Message {
    text: String,
    id: Option<String>,
    language: Option<String>,
    message_type: Vec<Term>,
    generated_by_activity: Option<Term>,
    previous_message: Option<Term>,
    sender: Option<Term>,
}

impl Message {
    /// With this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            id: None,
            language: None,
            message_type: Vec::new(),
            generated_by_activity: None,
            previous_message: None,
            sender: None,
        }
    }

    setters! {
        /// The id; a random one if not given.
        one id: String;
        /// The language of the text, which an `oro:InitialMessage` has to have.
        one language: String;
        /// A class of it, such as `oro:InitialMessage` or `oro:ResponseMessage`.
        many message_type: Term;
        /// The activity that it came out of.
        one generated_by_activity: Term;
        /// What it answers.
        one previous_message: Term;
        /// Who said it.
        one sender: Term;
    }
}

/// Something that was observed.
#[derive(Debug, Clone, Default)]
pub struct Observation {
    id: Option<String>,
    label: Option<String>,
    observation_type: Vec<Term>,
    generated_by_activity: Option<Term>,
    related_shared_event: Option<Term>,
    confidence: Option<f64>,
    is_result: bool,
}

impl Observation {
    /// An observation.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also makes it a `segb:Result`.
    #[must_use]
    pub fn as_result(mut self) -> Self {
        self.is_result = true;
        self
    }

    setters! {
        /// The id; a random one if not given.
        one id: String;
        /// What people read about it.
        one label: String;
        /// A class of it.
        many observation_type: Term;
        /// The activity that it came out of.
        one generated_by_activity: Term;
        /// The shared event that it is an observation of.
        one related_shared_event: Term;
        /// How sure it is that it is of that event, from 0 to 1.
        one confidence: f64;
    }
}

impl Logger {
    /// Logs a message.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn log_message(&mut self, message: Message) -> Result<Iri, LogError> {
        self.atomically(|log| log.add_message(message))
    }

    fn add_message(&mut self, message: Message) -> Result<Iri, LogError> {
        let iri = self.optional_resource("message", "the id of a message", message.id.as_deref())?;
        self.add(&iri, rdf::TYPE, schema::MESSAGE);
        self.add(&iri, rdf::TYPE, prov::ENTITY);
        let classes = self.resolve_all(message.message_type)?;
        if message.language.is_none() && classes.iter().any(|class| class.as_str() == oro::INITIAL_MESSAGE) {
            return Err(LogError::LanguageNeeded);
        }
        for class in classes {
            self.add(&iri, rdf::TYPE, class);
        }
        let text = match &message.language {
            Some(language) => {
                super::names::check_language(language)?;
                in_language(message.text, language)
            }
            None => in_language(message.text, &self.options.default_language),
        };
        self.add(&iri, schema::TEXT, text);
        if let Some(sender) = message.sender {
            let sender = self.resolve(sender)?;
            self.add(&iri, schema::SENDER, &sender);
            self.add(&iri, prov::WAS_ATTRIBUTED_TO, &sender);
        }
        self.add_generation(&iri, message.generated_by_activity)?;
        if let Some(previous) = message.previous_message {
            let previous = self.resolve(previous)?;
            self.add(&iri, prov::WAS_DERIVED_FROM, previous);
        }
        Ok(iri)
    }

    /// Logs an observation.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn log_observation(&mut self, observation: Observation) -> Result<Iri, LogError> {
        self.atomically(|log| {
            if observation.confidence.is_some() && observation.related_shared_event.is_none() {
                return Err(LogError::ConfidenceWithoutEvent);
            }
            let what = "the id of an observation";
            let iri = log.optional_resource("observation", what, observation.id.as_deref())?;
            log.add(&iri, rdf::TYPE, prov::ENTITY);
            if observation.is_result {
                log.mark_as_result(&iri);
            }
            for class in log.resolve_all(observation.observation_type)? {
                log.add(&iri, rdf::TYPE, class);
            }
            log.add_text(&iri, rdfs::LABEL, "the label of an observation", observation.label)?;
            log.add_generation(&iri, observation.generated_by_activity)?;
            if let Some(event) = observation.related_shared_event {
                log.link_observation_to_shared_event(&iri, event, observation.confidence)?;
            }
            Ok(iri)
        })
    }

    /// The thing came out of the activity, if there is one.
    fn add_generation(&mut self, thing: &Iri, activity: Option<Term>) -> Result<(), LogError> {
        if let Some(activity) = activity {
            let activity = self.resolve(activity)?;
            self.ensure_activity(&activity);
            self.add(thing, prov::WAS_GENERATED_BY, &activity);
            self.add_entity_result(&activity, thing);
        }
        Ok(())
    }
}
