//! Relations between things that are logged already, or elsewhere.

use segb_journal::Hash;

use super::Logger;
use crate::{
    Iri, LogError, Term,
    graph::Node,
    value::fraction_node,
    vocabulary::{mls, prov, rdf, schema, segb},
};

/// How much of a hash names the confidence in a shared event, in hexadecimal digits.
const CONFIDENCE_DIGITS: usize = 12;

impl Logger {
    /// The activity was made to happen by another.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_triggered_activity(
        &mut self,
        activity: impl Into<Term>,
        trigger: impl Into<Term>,
    ) -> Result<(), LogError> {
        self.link(activity, segb::TRIGGERED_BY_ACTIVITY, trigger, Some(prov::WAS_INFLUENCED_BY))
    }

    /// The activity was made to happen by a thing.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_triggered_entity(
        &mut self,
        activity: impl Into<Term>,
        trigger: impl Into<Term>,
    ) -> Result<(), LogError> {
        self.link(activity, segb::TRIGGERED_BY_ENTITY, trigger, Some(prov::WAS_INFLUENCED_BY))
    }

    /// The other activity was a step on the way to this one.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_intermediate_activity(
        &mut self,
        activity: impl Into<Term>,
        step: impl Into<Term>,
    ) -> Result<(), LogError> {
        self.link(activity, segb::INTERMEDIATE_ACTIVITY, step, Some(prov::WAS_INFLUENCED_BY))
    }

    /// The activity was influenced by something.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_influence(
        &mut self,
        activity: impl Into<Term>,
        influence: impl Into<Term>,
    ) -> Result<(), LogError> {
        self.link(activity, prov::WAS_INFLUENCED_BY, influence, None)
    }

    /// The activity made a thing.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_entity_result(
        &mut self,
        activity: impl Into<Term>,
        result: impl Into<Term>,
    ) -> Result<(), LogError> {
        self.link(activity, segb::PRODUCED_ENTITY_RESULT, result, Some(prov::GENERATED))
    }

    /// The activity used a model.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_activity_model(
        &mut self,
        activity: impl Into<Term>,
        model: impl Into<Term>,
    ) -> Result<(), LogError> {
        let (activity, model) = (self.resolve(activity)?, self.resolve(model)?);
        self.add_model_use(&activity, &model);
        Ok(())
    }

    /// The run of a model had an input.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_ml_run_input(
        &mut self,
        run: impl Into<Term>,
        input: impl Into<Term>,
    ) -> Result<(), LogError> {
        let (run, input) = (self.resolve(run)?, self.resolve(input)?);
        self.add(&run, mls::HAS_INPUT, &input);
        self.add(&run, prov::USED, &input);
        Ok(())
    }

    /// The run of a model had an output.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_ml_run_output(
        &mut self,
        run: impl Into<Term>,
        output: impl Into<Term>,
    ) -> Result<(), LogError> {
        let (run, output) = (self.resolve(run)?, self.resolve(output)?);
        self.add(&run, mls::HAS_OUTPUT, &output);
        self.add(&run, prov::GENERATED, &output);
        self.add(&run, segb::PRODUCED_ENTITY_RESULT, &output);
        Ok(())
    }

    /// The activity is about a shared event.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_activity_to_shared_event(
        &mut self,
        activity: impl Into<Term>,
        event: impl Into<Term>,
    ) -> Result<(), LogError> {
        let (activity, event) = (self.resolve(activity)?, self.resolve(event)?);
        self.add_about(&activity, &event);
        Ok(())
    }

    /// The observation is of a shared event; `confidence`, from 0 to 1, says how sure that is.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn link_observation_to_shared_event(
        &mut self,
        observation: impl Into<Term>,
        event: impl Into<Term>,
        confidence: Option<f64>,
    ) -> Result<(), LogError> {
        let (observation, event) = (self.resolve(observation)?, self.resolve(event)?);
        self.atomically(|log| {
            log.add(&observation, prov::SPECIALIZATION_OF, &event);
            log.add_shared_event_types(&event);
            let Some(confidence) = confidence else { return Ok(()) };
            let value = fraction_node("the confidence in a shared event", confidence)?;
            let source = format!("{observation}|{event}|shared_event_confidence");
            let digest = Hash::of(&[source.as_bytes()]).to_string();
            let id = format!("shared_event_confidence_{}", &digest[..CONFIDENCE_DIGITS]);
            let property = log.resource("observation-property", Some(&id))?;
            log.add(&property, rdf::TYPE, schema::PROPERTY_VALUE);
            log.add(&property, schema::PROPERTY_ID, Node::text("shared_event_confidence".to_owned()));
            log.add(&property, schema::VALUE, value);
            log.add(&observation, schema::ADDITIONAL_PROPERTY, &property);
            Ok(())
        })
    }

    pub(super) fn add_about(&mut self, activity: &Iri, event: &Iri) {
        self.add(activity, schema::ABOUT, event);
        self.add_shared_event_types(event);
    }

    pub(super) fn add_shared_event_types(&mut self, event: &Iri) {
        self.add(event, rdf::TYPE, prov::ENTITY);
        self.add(event, rdf::TYPE, schema::EVENT);
    }

    fn link(
        &mut self,
        subject: impl Into<Term>,
        predicate: &'static str,
        object: impl Into<Term>,
        redundant: Option<&'static str>,
    ) -> Result<(), LogError> {
        let (subject, object) = (self.resolve(subject)?, self.resolve(object)?);
        self.add(&subject, predicate, &object);
        if let Some(redundant) = redundant {
            self.add_redundant(&subject, redundant, &object);
        }
        Ok(())
    }
}
