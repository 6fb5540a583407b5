//! Models, datasets and evaluations.

use super::{Logger, setters::setters};
use crate::{
    Iri, LogError, Term, Value,
    graph::Node,
    term::strip,
    value::in_language,
    vocabulary::{mls, prov, rdf, rdfs, schema},
};

/// A machine learning model to be registered.
#[derive(Debug, Clone)]
pub struct Model {
    id: String,
    label: Option<String>,
    version: Option<String>,
    provider: Option<Term>,
    endpoint: Option<String>,
    comment: Option<String>,
    characteristics: Vec<(String, Value)>,
}

impl Model {
    /// By its id.
    pub fn new(id: impl Into<String>) -> Self {
        let (label, version, provider, endpoint, comment) = (None, None, None, None, None);
        Self { id: id.into(), label, version, provider, endpoint, comment, characteristics: Vec::new() }
    }

    /// Something that can be said about it, such as the number of its parameters.
    #[must_use]
    pub fn characteristic(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.characteristics.push((name.into(), value.into()));
        self
    }

    setters! {
        /// What people call it.
        one label: String;
        /// Its version.
        one version: String;
        /// Who provides it: an IRI, or a name, of which an organization is made.
        one provider: Term;
        /// Where it is called: an http or https IRI, or any text.
        one endpoint: String;
        /// More about it.
        one comment: String;
    }
}

/// A dataset to be registered.
#[derive(Debug, Clone)]
pub struct Dataset {
    id: String,
    label: Option<String>,
    comment: Option<String>,
}

impl Dataset {
    /// By its id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), label: None, comment: None }
    }

    setters! {
        /// What people call it.
        one label: String;
        /// More about it.
        one comment: String;
    }
}

/// An evaluation of a model, with one score.
#[derive(Debug, Clone)]
pub struct Evaluation {
    id: String,
    value: f64,
    label: Option<String>,
    comment: Option<String>,
}

impl Evaluation {
    /// By its id.
    pub fn new(id: impl Into<String>, value: f64) -> Self {
        Self { id: id.into(), value, label: None, comment: None }
    }

    setters! {
        /// What was measured, such as accuracy.
        one label: String;
        /// More about it.
        one comment: String;
    }
}

impl Logger {
    /// Registers a model.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn register_model(&mut self, model: Model) -> Result<Iri, LogError> {
        self.atomically(|log| {
            let iri = log.named_resource("model", "the id of a model", &model.id)?;
            log.add(&iri, rdf::TYPE, mls::MODEL);
            log.add(&iri, rdf::TYPE, prov::ENTITY);
            log.mark_as_result(&iri);
            log.add_text(&iri, rdfs::LABEL, "the label of a model", model.label)?;
            if let Some(version) = model.version {
                log.add(&iri, schema::VERSION, Node::text(version));
            }
            if let Some(provider) = model.provider {
                let provider = log.provider(provider)?;
                log.add(&iri, schema::PROVIDER, provider);
            }
            match model.endpoint {
                Some(endpoint) if is_web_iri(&endpoint) => {
                    let endpoint = Iri::new(endpoint)?;
                    log.add(&iri, schema::URL, endpoint);
                }
                Some(endpoint) => log.add(&iri, schema::URL, Node::text(endpoint)),
                None => {}
            }
            log.add_text(&iri, rdfs::COMMENT, "the comment on a model", model.comment)?;
            for (name, value) in model.characteristics {
                log.add_characteristic(&iri, &model.id, name, value)?;
            }
            Ok(iri)
        })
    }

    fn provider(&mut self, provider: Term) -> Result<Iri, LogError> {
        let text = match provider {
            Term::Iri(iri) => return Ok(iri),
            Term::Text(text) => strip(&text).to_owned(),
        };
        if is_web_iri(&text) {
            return Iri::new(text);
        }
        let provider = self.named_resource("organization", "the provider of a model", &text)?;
        self.add(&provider, rdf::TYPE, schema::ORGANIZATION);
        self.add_text(&provider, schema::NAME, "the provider of a model", Some(text))?;
        Ok(provider)
    }

    fn add_characteristic(
        &mut self,
        model: &Iri,
        model_id: &str,
        name: String,
        value: Value,
    ) -> Result<(), LogError> {
        let name = super::names::not_blank("the name of a characteristic", name)?;
        let characteristic = self.resource("model-characteristic", Some(&format!("{model_id}_{name}")))?;
        self.add(&characteristic, rdf::TYPE, mls::MODEL_CHARACTERISTIC);
        self.add(&characteristic, rdfs::LABEL, in_language(name, "en"));
        self.add(&characteristic, mls::HAS_VALUE, value.into_node("the value of a characteristic")?);
        self.add(model, mls::HAS_QUALITY, &characteristic);
        Ok(())
    }

    /// Registers a dataset.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn register_dataset(&mut self, dataset: Dataset) -> Result<Iri, LogError> {
        self.atomically(|log| {
            let iri = log.named_resource("dataset", "the id of a dataset", &dataset.id)?;
            log.add(&iri, rdf::TYPE, mls::DATASET);
            log.add(&iri, rdf::TYPE, prov::ENTITY);
            log.add_text(&iri, rdfs::LABEL, "the label of a dataset", dataset.label)?;
            log.add_text(&iri, rdfs::COMMENT, "the comment on a dataset", dataset.comment)?;
            Ok(iri)
        })
    }

    /// Registers an evaluation of a model.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn register_evaluation(&mut self, evaluation: Evaluation) -> Result<Iri, LogError> {
        self.atomically(|log| {
            let iri = log.named_resource("model-eval", "the id of an evaluation", &evaluation.id)?;
            log.add(&iri, rdf::TYPE, mls::MODEL_EVALUATION);
            log.add(&iri, rdf::TYPE, prov::ENTITY);
            let value = Value::Number(evaluation.value).into_node("the value of an evaluation")?;
            log.add(&iri, mls::HAS_VALUE, value);
            log.add_text(&iri, rdfs::LABEL, "the label of an evaluation", evaluation.label)?;
            log.add_text(&iri, rdfs::COMMENT, "the comment on an evaluation", evaluation.comment)?;
            Ok(iri)
        })
    }
}

fn is_web_iri(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}
