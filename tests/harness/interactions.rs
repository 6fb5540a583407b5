//! Realistic interactions for reports: what two robots log while they talk with a person, in the words and with the
//! redundancy of the Python client. Deterministic by seed and number.

use std::fmt::Write;

use crate::logs::PREFIXES;

/// Logs in one interaction.
pub const LOGS_OF_INTERACTION: usize = TURNS as usize * 5;
/// A turn is heard, analysed, decided on, answered and followed by a state.
const TURNS: u64 = 11;
/// Robots, people and models recur; everything else is new in every interaction.
const ROBOTS: u64 = 12;
const HUMANS: u64 = 90;
const MODELS: u64 = 6;
const PLACES: u64 = 8;
const TURN_SECONDS: u64 = 24;
/// One interaction begins so long after the one before.
const INTERACTION_SECONDS: u64 = 900;

const EMOTIONS: [&str; 6] = ["anger", "disgust", "fear", "happiness", "sadness", "surprise"];
const NEWS: [&str; 4] = [
    "The final exam is moved forward to next Monday, and nobody was asked.",
    "Firefighters rescued twelve puppies from a flooded farm.",
    "It will rain until the weekend, and then the sun comes back for a whole week.",
    "The library has a new reading room with very soft chairs.",
];

/// Numbers that look random (SplitMix64), so that the same seed gives the same interactions everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

/// One turn of one interaction.
struct Turn {
    /// `i7t3`, a part of every IRI.
    id: String,
    before: Option<String>,
    robot: u64,
    witness: u64,
    human: u64,
    /// In seconds since 2026-03-01T08:00:00Z.
    second: u64,
    random: Random,
}

/// The logs of interaction `number`, in the order in which they are sent.
pub fn interaction(seed: u64, number: u64) -> Vec<String> {
    let mut random = Random(seed ^ number.wrapping_mul(0xA076_1D64_78BD_642F));
    let (robot, human) = (random.below(ROBOTS), random.below(HUMANS));
    let witness = (robot + 1 + random.below(ROBOTS - 1)) % ROBOTS;
    let mut logs = Vec::with_capacity(LOGS_OF_INTERACTION);
    for turn in 0..TURNS {
        let mut turn = Turn {
            id: format!("i{number}t{turn}"),
            before: turn.checked_sub(1).map(|turn| format!("i{number}t{turn}")),
            robot,
            witness,
            human,
            second: number * INTERACTION_SECONDS + turn * TURN_SECONDS,
            random: Random(random.below(u64::MAX)),
        };
        logs.extend([turn.hear(), turn.analyse(), turn.decide(), turn.answer(), turn.state()]);
    }
    logs
}

impl Turn {
    fn log(&self, robot: u64) -> String {
        format!(
            "{PREFIXES}@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
             ex:robot{robot} a oro:Robot, prov:Agent ; schema:name \"Robot {robot}\"@en .\n\
             ex:human{human} a oro:Human, foaf:Person, prov:Person ; foaf:firstName \"Person {human}\"@en .\n",
            human = self.human
        )
    }

    fn at(&self, offset_ms: u64) -> String {
        let second = self.second + offset_ms / 1_000;
        let (day, second) = (second / 86_400, second % 86_400 + 8 * 3_600);
        let (day, second) = (day + second / 86_400, second % 86_400);
        format!(
            "\"2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}000Z\"^^xsd:dateTime",
            3 + day / 28,
            1 + day % 28,
            second / 3_600,
            second / 60 % 60,
            second % 60,
            offset_ms % 1_000
        )
    }

    /// An activity as the client writes it, every property of PROV beside the more exact one.
    fn activity(&self, name: &str, kind: &str, robot: u64, from_ms: u64, to_ms: u64) -> String {
        format!(
            "ex:{id}-{name} a segb:LoggedActivity, prov:Activity, {kind} ; segb:wasPerformedBy ex:robot{robot} ; \
             prov:wasAssociatedWith ex:robot{robot} ; prov:startedAtTime {start} ; prov:endedAtTime {end} ; \
             schema:about ex:{id}-event .\n",
            id = self.id,
            start = self.at(from_ms),
            end = self.at(to_ms),
        )
    }

    fn model(&self, name: &str, model: u64) -> String {
        let id = &self.id;
        format!(
            "ex:{id}-{name} segb:usedMLModel ex:model{model} ; prov:used ex:model{model} ; mls:executes \
             ex:implementation{model} ; mls:hasInput ex:{id}-{name}-setting ; prov:used ex:{id}-{name}-setting .\n\
             ex:model{model} a mls:Model, prov:Entity ; schema:version \"1.{model}\" ; rdfs:label \"Model {model}\"@en .\n\
             ex:implementation{model} a mls:Implementation ; mls:implements ex:model{model} .\n\
             ex:{id}-{name}-setting a mls:HyperParameterSetting ; mls:specifiedBy ex:beam ; mls:hasValue 5 .\n"
        )
    }

    fn message(&self, name: &str, activity: &str, sender: &str, text: &str, before: Option<&str>) -> String {
        let id = &self.id;
        let mut message = format!(
            "ex:{id}-{name} a schema:Message, prov:Entity ; schema:text \"{text}\"@en ; schema:sender {sender} ; \
             prov:wasAttributedTo {sender} ; prov:wasGeneratedBy ex:{id}-{activity} .\n\
             ex:{id}-{activity} segb:producedEntityResult ex:{id}-{name} ; prov:generated ex:{id}-{name} .\n"
        );
        if let Some(before) = before {
            writeln!(message, "ex:{id}-{name} prov:wasDerivedFrom ex:{before} .").expect("memory");
        }
        message
    }

    fn trigger(&self, name: &str, word: &str, cause: &str) -> String {
        let id = &self.id;
        format!("ex:{id}-{name} segb:{word} ex:{cause} ; prov:wasInfluencedBy ex:{cause} .\n")
    }

    fn hear(&mut self) -> String {
        let (id, human, robot) = (self.id.clone(), self.human, self.robot);
        let text = format!(
            "What is new today, number {}? Tell me something nice, please.",
            self.random.below(1_000)
        );
        let before = self.before.as_ref().map(|before| format!("{before}-said"));
        let mut log = self.log(robot);
        log += &self.activity("hear", "oro:ListeningEvent", robot, 0, 1_800);
        write!(
            log,
            "ex:{id}-event a schema:Event, prov:Entity ; schema:about ex:human{human} ; schema:identifier \"{id}\" ; \
             schema:description \"{text}\"@en ; prov:generatedAtTime {} .\n\
             ex:{id}-hear oro:hasSpeaker ex:human{human} ; oro:hasListener ex:robot{robot} .\n\
             ex:{id}-heard prov:specializationOf ex:{id}-event ; schema:additionalProperty ex:{id}-sure .\n\
             ex:{id}-sure a schema:PropertyValue ; schema:propertyID \"shared_event_confidence\" ; \
             schema:value \"0.9{}\"^^xsd:float .\n",
            self.at(0),
            self.random.below(10)
        )
        .expect("memory");
        log += &self.message("heard", "hear", &format!("ex:human{human}"), &text, before.as_deref());
        if let Some(before) = &self.before {
            log += &self.trigger("hear", "triggeredByActivity", &format!("{before}-answer"));
        }
        let model = self.random.below(MODELS);
        log + &self.model("hear", model)
    }

    /// Both robots look at the person in turn.
    fn analyse(&mut self) -> String {
        let id = self.id.clone();
        let robot = if self.random.below(4) == 0 { self.witness } else { self.robot };
        let mut log = self.log(robot);
        log += &self.activity("analyse", "onyx:EmotionAnalysis", robot, 2_000, 2_400);
        log += &self.trigger("analyse", "triggeredByActivity", &format!("{id}-hear"));
        log += &self.trigger("analyse", "triggeredByEntity", &format!("{id}-heard"));
        write!(
            log,
            "ex:{id}-analyse prov:used ex:{id}-heard ; onyx:usesEmotionModel emoml:big6 ; segb:producedEntityResult \
             ex:{id}-result ; prov:generated ex:{id}-result .\n\
             ex:{id}-result a amor:EmotionAnnotation, oa:Annotation, prov:Entity, segb:Result, prov:Activity ; \
             oa:hasTarget ex:human{} .\n",
            self.human
        )
        .expect("memory");
        for number in 0..2 {
            let emotion = EMOTIONS[self.random.below(6) as usize];
            let (intensity, confidence) = (self.random.below(101), self.random.below(101));
            writeln!(
                log,
                "ex:{id}-result onyx:hasEmotion ex:{id}-emotion{number} . ex:{id}-emotion{number} a onyx:Emotion ; \
                 onyx:hasEmotionCategory emoml:big6_{emotion} ; onyx:hasEmotionIntensity \"{}\"^^xsd:float ; \
                 onyx:algorithmConfidence \"{}\"^^xsd:float .",
                intensity as f64 / 100.0,
                confidence as f64 / 100.0
            )
            .expect("memory");
        }
        let model = self.random.below(MODELS);
        log + &self.model("analyse", model)
    }

    fn decide(&mut self) -> String {
        let (id, robot) = (self.id.clone(), self.robot);
        let mut log = self.log(robot);
        log += &self.activity("decide", "oro:DecisionMakingAction", robot, 3_000, 3_500);
        log += &self.trigger("decide", "triggeredByActivity", &format!("{id}-analyse"));
        log += &self.trigger("decide", "triggeredByEntity", &format!("{id}-result"));
        writeln!(
            log,
            "ex:{id}-decide prov:used ex:{id}-heard ; schema:about ex:{id}-plan . \
             ex:{id}-plan a prov:Entity, schema:Event ; schema:about ex:human{} ; \
             schema:description \"the plan of what to say\"@en ; prov:generatedAtTime {} .",
            self.human,
            self.at(3_000)
        )
        .expect("memory");
        let models = [self.random.below(MODELS / 2), MODELS / 2 + self.random.below(MODELS / 2)];
        log + &self.model("decide", models[0]) + &self.model("decide", models[1])
    }

    fn answer(&mut self) -> String {
        let (id, human, robot) = (self.id.clone(), self.human, self.robot);
        let news = NEWS[self.random.below(4) as usize];
        let mut log = self.log(robot);
        log += &self.activity("answer", "oro:ResponseAction", robot, 4_000, 9_000);
        log += &self.trigger("answer", "triggeredByActivity", &format!("{id}-decide"));
        log +=
            &self.message("said", "answer", &format!("ex:robot{robot}"), news, Some(&format!("{id}-heard")));
        writeln!(
            log,
            "ex:{id}-answer oro:hasSpeaker ex:robot{robot} ; oro:hasListener ex:human{human} ; segb:intermediateActivity \
             ex:{id}-speak . ex:{id}-said a oro:ResponseMessage . ex:{id}-speak a segb:LoggedActivity, prov:Activity, \
             oro:ResponseAction ; segb:wasPerformedBy ex:robot{robot} ; prov:wasAssociatedWith ex:robot{robot} ; \
             prov:startedAtTime {} ; prov:endedAtTime {} ; segb:triggeredByActivity ex:{id}-answer .",
            self.at(5_000),
            self.at(8_900)
        )
        .expect("memory");
        let model = self.random.below(MODELS);
        log + &self.model("answer", model)
    }

    fn state(&mut self) -> String {
        let (id, robot) = (self.id.clone(), self.robot);
        let place = self.random.below(PLACES);
        let mut log = self.log(robot);
        writeln!(
            log,
            "ex:{id}-state a prov:Entity, segb:Result, prov:Activity ; prov:wasAttributedTo ex:robot{robot} ; \
             prov:generatedAtTime {} ; prov:atLocation ex:place{place} ; rdfs:comment \"all fine\"@en . \
             ex:{id}-answer segb:producedEntityResult ex:{id}-state ; prov:generated ex:{id}-state .",
            self.at(9_500)
        )
        .expect("memory");
        let figures = [("battery_level", true), ("cpu_load", true), ("memory_load", false)];
        for (name, percent) in figures {
            let unit = if percent { " ; schema:unitCode \"PERCENT\"" } else { "" };
            writeln!(
                log,
                "ex:{id}-state schema:additionalProperty ex:{id}-{name} . ex:{id}-{name} a schema:PropertyValue ; \
                 schema:propertyID \"{name}\" ; schema:value {}.5e0{unit} .",
                self.random.below(100)
            )
            .expect("memory");
        }
        for (name, value) in
            [("autonomy_mode", "autonomous"), ("mission_phase", "talk"), ("network_status", "up")]
        {
            writeln!(
                log,
                "ex:{id}-state schema:additionalProperty ex:{id}-{name} . ex:{id}-{name} a schema:PropertyValue ; \
                 schema:propertyID \"{name}\" ; schema:value \"{value}\" ."
            )
            .expect("memory");
        }
        log
    }
}
