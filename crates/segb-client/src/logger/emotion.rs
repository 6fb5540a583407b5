//! What somebody feels, as a recogniser worked it out.

use super::{Logger, setters::setters};
use crate::{
    EmotionCategory, Iri, LogError, Term,
    value::fraction_node,
    vocabulary::{amor, emoml, oa, onyx, prov, rdf, segb},
};

/// One emotion, how strong it is, and how sure that is.
#[derive(Debug, Clone)]
pub struct EmotionScore {
    category: EmotionCategory,
    intensity: f64,
    confidence: Option<f64>,
}

impl EmotionScore {
    /// An emotion with its intensity, from 0 to 1.
    pub fn new(category: EmotionCategory, intensity: f64) -> Self {
        Self { category, intensity, confidence: None }
    }

    setters! {
        /// How sure the recogniser is, from 0 to 1.
        one confidence: f64;
    }
}

/// What an activity found out about somebody's emotions.
#[derive(Debug, Clone)]
pub struct EmotionAnnotation {
    source_activity: Term,
    id: Option<String>,
    target: Vec<Term>,
    emotion: Vec<EmotionScore>,
    emotion_model: Option<Term>,
}

impl EmotionAnnotation {
    /// Of this activity, which becomes an emotion analysis.
    pub fn new(source_activity: impl Into<Term>) -> Self {
        let source_activity = source_activity.into();
        Self { source_activity, id: None, target: Vec::new(), emotion: Vec::new(), emotion_model: None }
    }

    setters! {
        /// The id; a random one if not given.
        one id: String;
        /// What or whom it is about.
        many target: Term;
        /// An emotion; at least one is needed.
        many emotion: EmotionScore;
        /// The model that the categories are of, if not the six of EmotionML.
        one emotion_model: Term;
    }
}

impl Logger {
    /// Logs emotions.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn log_emotion(&mut self, annotation: EmotionAnnotation) -> Result<Iri, LogError> {
        self.atomically(|log| {
            if annotation.emotion.is_empty() {
                return Err(LogError::NoEmotions);
            }
            let activity = log.resolve(annotation.source_activity)?;
            log.ensure_activity(&activity);
            log.add(&activity, rdf::TYPE, onyx::EMOTION_ANALYSIS);
            let model = match annotation.emotion_model {
                Some(model) => log.resolve(model)?,
                None => Iri::known(emoml::BIG6),
            };
            log.add(&activity, onyx::USES_EMOTION_MODEL, model);
            let what = "the id of an emotion annotation";
            let iri = log.optional_resource("emotion-annotation", what, annotation.id.as_deref())?;
            for class in [amor::EMOTION_ANNOTATION, oa::ANNOTATION, prov::ENTITY] {
                log.add(&iri, rdf::TYPE, class);
            }
            log.mark_as_result(&iri);
            log.add(&activity, segb::PRODUCED_ENTITY_RESULT, &iri);
            log.add_redundant(&activity, prov::GENERATED, &iri);
            for target in log.resolve_all(annotation.target)? {
                log.add(&iri, oa::HAS_TARGET, target);
            }
            for emotion in annotation.emotion {
                log.add_emotion(&iri, emotion)?;
            }
            Ok(iri)
        })
    }

    fn add_emotion(&mut self, annotation: &Iri, score: EmotionScore) -> Result<(), LogError> {
        let emotion = self.resource("emotion", None)?;
        let category = match score.category {
            EmotionCategory::Other(term) => self.resolve(term)?,
            six => six.iri().ok_or_else(|| LogError::UnknownEmotion { category: format!("{six:?}") })?,
        };
        self.add(&emotion, rdf::TYPE, onyx::EMOTION);
        self.add(&emotion, onyx::HAS_EMOTION_CATEGORY, category);
        let intensity = fraction_node("the intensity of an emotion", score.intensity)?;
        self.add(&emotion, onyx::HAS_EMOTION_INTENSITY, intensity);
        if let Some(confidence) = score.confidence {
            let confidence = fraction_node("the confidence in an emotion", confidence)?;
            self.add(&emotion, onyx::ALGORITHM_CONFIDENCE, confidence);
        }
        self.add(annotation, onyx::HAS_EMOTION, &emotion);
        Ok(())
    }
}
