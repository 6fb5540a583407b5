//! The words that robots use, as ids of one view of the graph.

use segb_graph::{index::TermId, view::GraphView};

use crate::ReportError;

macro_rules! words {
    ($($namespace:literal { $($field:ident = $local:literal),+ $(,)? })+) => {
        /// A word that no log mentions is [`TermId::ABSENT`], so that no triple fits it.
        #[derive(Debug)]
        pub(crate) struct Vocabulary {
            $($(pub(crate) $field: TermId,)+)+
        }

        impl Vocabulary {
            pub(crate) fn read(view: &GraphView) -> Result<Self, ReportError> {
                let id = |iri| -> Result<TermId, ReportError> {
                    Ok(view.id_of(segb_graph::term::TermRef::Iri(iri))?.unwrap_or(TermId::ABSENT))
                };
                Ok(Self { $($($field: id(concat!($namespace, $local))?,)+)+ })
            }
        }
    };
}

words! {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#" { a = "type" }
    "http://www.w3.org/2000/01/rdf-schema#" { rdfs_label = "label", comment = "comment" }
    "http://xmlns.com/foaf/0.1/" { foaf_person = "Person", first_name = "firstName" }
    "http://kb.openrobots.org#" {
        robot = "Robot",
        human = "Human",
        belongs_to = "belongsTo",
        has_speaker = "hasSpeaker",
        has_listener = "hasListener",
        listening_event = "ListeningEvent",
        detected_human_event = "DetectedHumanEvent",
    }
    "http://schema.org/" {
        name = "name",
        about = "about",
        version = "version",
        event = "Event",
        description = "description",
        message = "Message",
        text = "text",
        sender = "sender",
        additional_property = "additionalProperty",
        property_id = "propertyID",
        value = "value",
        unit_code = "unitCode",
    }
    "http://www.gsi.upm.es/ontologies/segb/ns#" {
        logged_activity = "LoggedActivity",
        was_performed_by = "wasPerformedBy",
        was_requested_by = "wasRequestedBy",
        used_ml_model = "usedMLModel",
        produced_entity = "producedEntityResult",
        produced_activity = "producedActivityResult",
        triggered_by_activity = "triggeredByActivity",
        triggered_by_entity = "triggeredByEntity",
        intermediate_activity = "intermediateActivity",
    }
    "http://www.w3.org/ns/prov#" {
        prov_person = "Person",
        prov_activity = "Activity",
        prov_entity = "Entity",
        prov_agent = "Agent",
        started_at = "startedAtTime",
        ended_at = "endedAtTime",
        generated_at = "generatedAtTime",
        generated = "generated",
        was_generated_by = "wasGeneratedBy",
        was_attributed_to = "wasAttributedTo",
        was_associated_with = "wasAssociatedWith",
        was_derived_from = "wasDerivedFrom",
        was_informed_by = "wasInformedBy",
        was_influenced_by = "wasInfluencedBy",
        used = "used",
        specialization_of = "specializationOf",
        at_location = "atLocation",
    }
    "http://www.w3.org/ns/mls#" {
        mls_model = "Model",
        mls_run = "Run",
        mls_dataset = "Dataset",
        mls_evaluation = "ModelEvaluation",
        mls_setting = "HyperParameterSetting",
        specified_by = "specifiedBy",
        has_input = "hasInput",
        has_output = "hasOutput",
        mls_value = "hasValue",
    }
    "http://www.gsi.upm.es/ontologies/onyx/ns#" {
        emotion_analysis = "EmotionAnalysis",
        emotion_set = "EmotionSet",
        emotion = "Emotion",
        has_emotion = "hasEmotion",
        emotion_category = "hasEmotionCategory",
        emotion_intensity = "hasEmotionIntensity",
        confidence = "algorithmConfidence",
    }
    "http://www.gsi.upm.es/ontologies/amor/ns#" { emotion_annotation = "EmotionAnnotation" }
    "http://www.w3.org/ns/oa#" { has_target = "hasTarget" }
    "http://www.w3.org/ns/sosa/" { observation = "Observation" }
}
