//! Events that several robots may observe, and the IRI that all of them use.

use segb_journal::{Hash, Timestamp};

use super::{
    Logger,
    names::{self, SHARED_EVENT_PREFIX},
    setters::setters,
};
use crate::{
    Iri, LogError, SharedContextResolver, Term,
    graph::Node,
    resolver::ResolveError,
    term::{is_blank, is_space, slug, strip},
    value::{in_language, iso_format, time_node},
    vocabulary::{SHARED_EVENTS, prov, rdf, rdfs, schema, sosa},
};

/// How much of a hash names an event, in hexadecimal digits.
const EVENT_DIGITS: usize = 20;
/// How much of a hash names what one robot observed of it.
const OBSERVATION_DIGITS: usize = 12;

/// How shared events are named when the server is not asked.
#[derive(Debug, Clone)]
pub struct SharedEventPolicy {
    /// The namespace; that of the server if not given.
    pub namespace: Option<String>,
    /// Observations within so many seconds, counted from 1970, are of one event.
    pub time_bucket_seconds: u32,
}

impl Default for SharedEventPolicy {
    fn default() -> Self {
        Self { namespace: None, time_bucket_seconds: 1 }
    }
}

/// What a robot observed of an event.
#[derive(Debug, Clone)]
pub struct SharedEvent {
    pub(crate) kind: String,
    pub(crate) observed_at: Timestamp,
    pub(crate) subject: Option<Term>,
    pub(crate) text: Option<String>,
    pub(crate) modality: Option<String>,
    namespace: Option<String>,
    event_type: Vec<Term>,
    event_id: Option<String>,
    time_bucket_seconds: Option<u32>,
}

impl SharedEvent {
    /// An event of a kind, such as `human_utterance`, at a moment.
    pub fn new(kind: impl Into<String>, observed_at: Timestamp) -> Self {
        Self {
            kind: kind.into(),
            observed_at,
            subject: None,
            text: None,
            modality: None,
            namespace: None,
            event_type: Vec::new(),
            event_id: None,
            time_bucket_seconds: None,
        }
    }

    setters! {
        /// Whom or what it is about.
        one subject: Term;
        /// What was said.
        one text: String;
        /// How it was noticed, such as `speech`.
        one modality: String;
        /// The namespace, if not that of the policy.
        one namespace: String;
        /// Another class of it.
        many event_type: Term;
        /// An id that all robots know, instead of what they observed.
        one event_id: String;
        /// The time bucket, if not that of the policy.
        one time_bucket_seconds: u32;
    }
}

impl Logger {
    /// Logs a shared event under a name that every robot makes alike that observed the same kind, subject, modality and
    /// text in the same time bucket. For events that robots observe less exactly, ask the server:
    /// [`shared_event_with`](Self::shared_event_with).
    ///
    /// # Errors
    /// [`LogError`].
    pub fn shared_event(&mut self, event: SharedEvent) -> Result<Iri, LogError> {
        self.atomically(|log| log.add_local_event(event))
    }

    /// Asks the server for the name of a shared event; where it does not answer, the name is the one of
    /// [`shared_event`](Self::shared_event), and the reason comes along. Blocks as long as the resolver may.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn shared_event_with(
        &mut self,
        event: SharedEvent,
        resolver: &SharedContextResolver,
    ) -> Result<(Iri, Option<ResolveError>), LogError> {
        let subject = event.subject.clone().map(|subject| self.resolve(subject)).transpose()?;
        match resolver.resolve(&event, subject.as_ref(), Some(&self.robot)) {
            Ok(resolution) => Ok((self.shared_event_named(event, resolution.iri)?, None)),
            Err(error) => Ok((self.shared_event(event)?, Some(error))),
        }
    }

    /// Logs a shared event under a name that is known already, for example from the server.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn shared_event_named(&mut self, event: SharedEvent, name: impl Into<Term>) -> Result<Iri, LogError> {
        let name = name.into();
        self.atomically(|log| {
            let iri = log.resolve(name)?;
            let subject = event.subject.clone().map(|subject| log.resolve(subject)).transpose()?;
            if let Some(namespace) = log.event_namespace(&event) {
                let namespace = names::namespace("the namespace of shared events", &namespace)?;
                log.bind_shared_events(namespace);
            }
            let key = match event.event_id.as_deref() {
                Some(id) if is_blank(id) => return Err(LogError::Blank { what: "the id of a shared event" }),
                Some(id) => Some(slug(id).unwrap_or_else(|| log.random_id())),
                None => None,
            };
            log.describe_event(&iri, event, subject, key)?;
            Ok(iri)
        })
    }

    fn event_namespace(&self, event: &SharedEvent) -> Option<String> {
        event.namespace.clone().or_else(|| self.options.shared_events.namespace.clone())
    }

    fn add_local_event(&mut self, event: SharedEvent) -> Result<Iri, LogError> {
        if is_blank(&event.kind) {
            return Err(LogError::Blank { what: "the kind of a shared event" });
        }
        let namespace = self.event_namespace(&event).unwrap_or_else(|| SHARED_EVENTS.to_owned());
        let namespace = names::namespace("the namespace of shared events", &namespace)?;
        let subject = event.subject.clone().map(|subject| self.resolve(subject)).transpose()?;
        let key = match &event.event_id {
            Some(id) if is_blank(id) => return Err(LogError::Blank { what: "the id of a shared event" }),
            Some(id) => slug(id).unwrap_or_else(|| self.random_id()),
            None => {
                let bucket = self.bucket(&event)?;
                let fingerprint = [
                    canonical(Some(&event.kind)),
                    iso_format(bucket),
                    subject.as_ref().map(Iri::to_string).unwrap_or_default(),
                    canonical(event.modality.as_deref()),
                    canonical(event.text.as_deref()),
                ];
                let digest = Hash::of(&[fingerprint.join("|").as_bytes()]).to_string();
                let kind = slug(&event.kind).unwrap_or_else(|| self.random_id());
                format!("{kind}_{}", &digest[..EVENT_DIGITS])
            }
        };
        let iri = Iri::trusted(format!("{namespace}{key}"));
        self.bind_shared_events(namespace);
        self.describe_event(&iri, event, subject, Some(key))?;
        Ok(iri)
    }

    fn bind_shared_events(&mut self, namespace: String) {
        self.prefixes.retain(|(prefix, _)| prefix != SHARED_EVENT_PREFIX);
        self.prefixes.push((SHARED_EVENT_PREFIX.to_owned(), namespace));
    }

    fn bucket(&self, event: &SharedEvent) -> Result<Timestamp, LogError> {
        let seconds = event.time_bucket_seconds.unwrap_or(self.options.shared_events.time_bucket_seconds);
        bucket(event.observed_at, seconds)
    }

    fn describe_event(
        &mut self,
        iri: &Iri,
        event: SharedEvent,
        subject: Option<Iri>,
        key: Option<String>,
    ) -> Result<(), LogError> {
        let bucket = self.bucket(&event)?;
        let stripped =
            |text: Option<String>| text.map(|text| strip(&text).to_owned()).filter(|text| !text.is_empty());
        let (text, modality) = (stripped(event.text), stripped(event.modality));
        self.add_shared_event_types(iri);
        if let Some(key) = key {
            self.add_if_absent(iri, schema::IDENTIFIER, Node::text(key));
        }
        self.add_if_absent(iri, prov::GENERATED_AT_TIME, time_node(bucket));
        if let Some(subject) = subject {
            self.add_if_absent(iri, schema::ABOUT, subject.into());
        }
        if let Some(text) = &text {
            let text = in_language(text.clone(), &self.options.default_language);
            self.add_if_absent(iri, schema::DESCRIPTION, text);
        }
        if let Some(modality) = modality {
            self.add_sensing(iri, bucket, modality, text)?;
        }
        for class in self.resolve_all(event.event_type)? {
            self.add(iri, rdf::TYPE, class);
        }
        Ok(())
    }

    fn add_if_absent(&mut self, subject: &Iri, predicate: &'static str, object: Node) {
        if !self.graph.has(subject, predicate) {
            self.add(subject, predicate, object);
        }
    }

    /// How it was noticed, in the words of SOSA.
    fn add_sensing(
        &mut self,
        event: &Iri,
        bucket: Timestamp,
        modality: String,
        text: Option<String>,
    ) -> Result<(), LogError> {
        let source =
            [iso_format(bucket), canonical(Some(&modality)), text.clone().unwrap_or_default()].join("|");
        let digest = Hash::of(&[source.as_bytes()]).to_string();
        // Not if the event has a fragment already, which the server would refuse.
        let observation = Iri::new(format!("{event}#observation-{}", &digest[..OBSERVATION_DIGITS]))?;
        let procedure = slug(&modality).unwrap_or_else(|| self.random_id());
        let procedure = Iri::trusted(format!("{event}#procedure-{procedure}"));
        self.add(&observation, rdf::TYPE, sosa::OBSERVATION);
        self.add(&observation, sosa::HAS_FEATURE_OF_INTEREST, event);
        self.add(&observation, sosa::RESULT_TIME, time_node(bucket));
        self.add(&observation, sosa::USED_PROCEDURE, &procedure);
        self.add(&procedure, rdf::TYPE, sosa::PROCEDURE);
        let language = self.options.default_language.clone();
        self.add(&procedure, rdfs::LABEL, in_language(modality, &language));
        if let Some(text) = text {
            self.add(&observation, sosa::HAS_SIMPLE_RESULT, in_language(text, &language));
        }
        Ok(())
    }
}

/// The beginning of the bucket. Fractions of a second are cut off towards 1970, as Python does.
fn bucket(time: Timestamp, seconds: u32) -> Result<Timestamp, LogError> {
    if seconds == 0 {
        return Err(LogError::EmptyBucket);
    }
    let bucket_s = i64::from(seconds);
    let start_s = (time.as_unix_us() / 1_000_000).div_euclid(bucket_s) * bucket_s;
    let cause = "the time bucket begins before the year 0";
    Timestamp::from_unix_us(start_s.saturating_mul(1_000_000))
        .map_err(|_| LogError::Iri { iri: start_s.to_string(), cause: cause.to_owned() })
}

/// Lower case, white space collapsed: only for fingerprints.
fn canonical(text: Option<&str>) -> String {
    let lower = strip(text.unwrap_or_default()).to_lowercase();
    let words: Vec<&str> = lower.split(is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
