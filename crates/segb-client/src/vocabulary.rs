//! The IRIs of the vocabulary, and the prefixes that are always known.

/// Prefix → namespace, as the Python package knows them.
pub(crate) const PREFIXES: [(&str, &str); 15] = [
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("schema", "http://schema.org/"),
    ("sosa", "http://www.w3.org/ns/sosa/"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("segb", "http://www.gsi.upm.es/ontologies/segb/ns#"),
    ("amor", "http://www.gsi.upm.es/ontologies/amor/ns#"),
    ("mls", "http://www.w3.org/ns/mls#"),
    ("oro", "http://kb.openrobots.org#"),
    ("onyx", "http://www.gsi.upm.es/ontologies/onyx/ns#"),
    ("emoml", "http://www.gsi.upm.es/ontologies/onyx/vocabularies/emotionml/ns#"),
];

/// Where shared events are named, unless somebody says another place.
pub(crate) const SHARED_EVENTS: &str = "https://gsi.upm.es/segb/shared-events/";

macro_rules! names {
    ($module:ident $namespace:literal $($name:ident = $local:literal)*) => {
        pub(crate) mod $module {
            $(pub(crate) const $name: &str = concat!($namespace, $local);)*
        }
    };
}

names! { rdf "http://www.w3.org/1999/02/22-rdf-syntax-ns#" TYPE = "type" }
names! { rdfs "http://www.w3.org/2000/01/rdf-schema#" LABEL = "label" COMMENT = "comment" }
names! { xsd "http://www.w3.org/2001/XMLSchema#"
BOOLEAN = "boolean" DATE_TIME = "dateTime" DOUBLE = "double" FLOAT = "float" LONG = "long" STRING = "string" }
names! { prov "http://www.w3.org/ns/prov#"
AGENT = "Agent" PERSON = "Person" ENTITY = "Entity" ACTIVITY = "Activity" USED = "used" GENERATED = "generated"
STARTED_AT_TIME = "startedAtTime" ENDED_AT_TIME = "endedAtTime" GENERATED_AT_TIME = "generatedAtTime"
WAS_ASSOCIATED_WITH = "wasAssociatedWith" WAS_ATTRIBUTED_TO = "wasAttributedTo" WAS_DERIVED_FROM = "wasDerivedFrom"
WAS_GENERATED_BY = "wasGeneratedBy" WAS_INFLUENCED_BY = "wasInfluencedBy" AT_LOCATION = "atLocation"
SPECIALIZATION_OF = "specializationOf" }
names! { foaf "http://xmlns.com/foaf/0.1/" PERSON = "Person" FIRST_NAME = "firstName" HOMEPAGE = "homepage" }
names! { schema "http://schema.org/"
NAME = "name" VERSION = "version" PROVIDER = "provider" ORGANIZATION = "Organization" URL = "url" EVENT = "Event"
ABOUT = "about" MESSAGE = "Message" TEXT = "text" SENDER = "sender" PROPERTY_VALUE = "PropertyValue"
PROPERTY_ID = "propertyID" VALUE = "value" UNIT_CODE = "unitCode" ADDITIONAL_PROPERTY = "additionalProperty"
IDENTIFIER = "identifier" DESCRIPTION = "description" }
names! { sosa "http://www.w3.org/ns/sosa/"
OBSERVATION = "Observation" PROCEDURE = "Procedure" HAS_FEATURE_OF_INTEREST = "hasFeatureOfInterest"
RESULT_TIME = "resultTime" USED_PROCEDURE = "usedProcedure" HAS_SIMPLE_RESULT = "hasSimpleResult" }
names! { oa "http://www.w3.org/ns/oa#" ANNOTATION = "Annotation" HAS_TARGET = "hasTarget" }
names! { segb "http://www.gsi.upm.es/ontologies/segb/ns#"
RESULT = "Result" LOGGED_ACTIVITY = "LoggedActivity" WAS_PERFORMED_BY = "wasPerformedBy"
USED_ML_MODEL = "usedMLModel" TRIGGERED_BY_ACTIVITY = "triggeredByActivity" TRIGGERED_BY_ENTITY = "triggeredByEntity"
INTERMEDIATE_ACTIVITY = "intermediateActivity" PRODUCED_ENTITY_RESULT = "producedEntityResult"
PRODUCED_ACTIVITY_RESULT = "producedActivityResult" }
names! { amor "http://www.gsi.upm.es/ontologies/amor/ns#" EMOTION_ANNOTATION = "EmotionAnnotation" }
names! { mls "http://www.w3.org/ns/mls#"
MODEL = "Model" MODEL_CHARACTERISTIC = "ModelCharacteristic" MODEL_EVALUATION = "ModelEvaluation" DATASET = "Dataset"
RUN = "Run" IMPLEMENTATION = "Implementation" SOFTWARE = "Software" HYPER_PARAMETER = "HyperParameter"
HYPER_PARAMETER_SETTING = "HyperParameterSetting" HAS_VALUE = "hasValue" HAS_QUALITY = "hasQuality"
HAS_PART = "hasPart" HAS_INPUT = "hasInput" HAS_OUTPUT = "hasOutput" HAS_HYPER_PARAMETER = "hasHyperParameter"
IMPLEMENTS = "implements" EXECUTES = "executes" SPECIFIED_BY = "specifiedBy" }
names! { oro "http://kb.openrobots.org#"
ROBOT = "Robot" HUMAN = "Human" BELONGS_TO = "belongsTo" INITIAL_MESSAGE = "InitialMessage"
LISTENING_EVENT = "ListeningEvent" DECISION_MAKING_ACTION = "DecisionMakingAction"
RESPONSE_ACTION = "ResponseAction" EMOTION_RECOGNITION_EVENT = "EmotionRecognitionEvent"
DETECTED_HUMAN_EVENT = "DetectedHumanEvent" }
names! { onyx "http://www.gsi.upm.es/ontologies/onyx/ns#"
EMOTION = "Emotion" EMOTION_ANALYSIS = "EmotionAnalysis" USES_EMOTION_MODEL = "usesEmotionModel"
HAS_EMOTION = "hasEmotion" HAS_EMOTION_CATEGORY = "hasEmotionCategory" HAS_EMOTION_INTENSITY = "hasEmotionIntensity"
ALGORITHM_CONFIDENCE = "algorithmConfidence" }
names! { emoml "http://www.gsi.upm.es/ontologies/onyx/vocabularies/emotionml/ns#"
BIG6 = "big6" BIG6_HAPPINESS = "big6_happiness" BIG6_SADNESS = "big6_sadness" BIG6_ANGER = "big6_anger"
BIG6_FEAR = "big6_fear" BIG6_DISGUST = "big6_disgust" BIG6_SURPRISE = "big6_surprise" }
