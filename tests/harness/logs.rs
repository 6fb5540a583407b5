//! Realistic logs, deterministic by number.

use std::fmt::Write;

pub(crate) const PREFIXES: &str = "\
@prefix amor: <http://www.gsi.upm.es/ontologies/amor/ns#> .
@prefix emoml: <http://www.gsi.upm.es/ontologies/onyx/vocabularies/emotionml/ns#> .
@prefix ex: <https://robots.example/interaction/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix mls: <http://www.w3.org/ns/mls#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
@prefix oro: <http://kb.openrobots.org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <http://schema.org/> .
@prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

const EMOTIONS: [&str; 6] = ["anger", "disgust", "fear", "happiness", "sadness", "surprise"];

/// Log number `number`: a robot hears a person, recognises an emotion, decides and answers. About 49 triples and
/// 3.6 kB; robots, people and models recur, everything else is new in every log.
pub fn interaction_log(number: u64) -> String {
    let robot = format!("ex:robot{}", number % 7);
    let human = format!("ex:human{}", number % 9);
    let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let id = format!("{scattered:016x}-{number:016x}-kitchen_");
    let emotion = EMOTIONS[(number % 6) as usize];
    let intensity = (number * 37 % 101) as f64 / 100.0;
    let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60);
    let day = number / 86_400 % 28 + 1;
    let at = |offset_ms: u64| {
        format!("\"2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}.{offset_ms:03}Z\"^^xsd:dateTime")
    };
    let mut log = PREFIXES.to_owned();
    let write = |log: &mut String, text: std::fmt::Arguments<'_>| log.write_fmt(text).expect("memory");
    write(&mut log, format_args!("{robot} a oro:Robot ; schema:name \"ARI {n}\" .\n", n = number % 7));
    write(&mut log, format_args!("{human} a oro:Human ; foaf:firstName \"Person {n}\" .\n", n = number % 9));
    write(
        &mut log,
        format_args!(
            "ex:listening_{id}activity a segb:LoggedActivity, oro:ListeningEvent ; segb:wasPerformedBy {robot} ; \
             prov:startedAtTime {} ; prov:endedAtTime {} ; oro:hasSpeaker {human} ; oro:hasListener {robot} ; \
             prov:generated ex:message_{id}heard ; segb:usedMLModel ex:speech .\n",
            at(0),
            at(400)
        ),
    );
    write(
        &mut log,
        format_args!(
            "ex:message_{id}heard a schema:Message ; schema:text \"Did you read the news about the exam, number \
             {number}? They want to move it to next week, and I do not know whether I should be glad about that or not. \
             I feel a bit uneasy about it.\"@en ; schema:inLanguage \"en\" ; prov:wasGeneratedBy ex:listening_{id}activity ; schema:sender {human} .\n"
        ),
    );
    write(
        &mut log,
        format_args!(
            "ex:emotion_analysis_{id}activity a segb:LoggedActivity, onyx:EmotionAnalysis ; segb:wasPerformedBy {robot} ; \
             segb:triggeredByActivity ex:listening_{id}activity ; prov:startedAtTime {} ; prov:endedAtTime {} ; \
             segb:usedMLModel ex:emotions ; segb:producedEntityResult ex:emotion_set_{id}result ; prov:used ex:message_{id}heard .\n",
            at(410),
            at(620)
        ),
    );
    write(
        &mut log,
        format_args!(
            "ex:emotion_set_{id}result a onyx:EmotionSet ; oa:hasTarget {human} ; onyx:hasEmotion [ a onyx:Emotion ; \
             onyx:hasEmotionCategory emoml:{emotion} ; onyx:hasEmotionIntensity {intensity} ; \
             onyx:algorithmConfidence \"0.87\"^^xsd:float ] ; prov:wasGeneratedBy ex:emotion_analysis_{id}activity .\n"
        ),
    );
    write(
        &mut log,
        format_args!(
            "ex:response_{id}activity a segb:LoggedActivity, oro:ResponseEvent ; segb:wasPerformedBy {robot} ; \
             segb:triggeredByActivity ex:emotion_analysis_{id}activity ; prov:startedAtTime {} ; prov:endedAtTime {} ; \
             prov:generated ex:message_{id}said ; oro:hasSpeaker {robot} ; oro:hasListener {human} .\n",
            at(700),
            at(990)
        ),
    );
    write(
        &mut log,
        format_args!(
            "ex:message_{id}said a schema:Message ; schema:text \"I am sorry to have brought you news that makes you \
             uneasy. You have prepared well, and a week more is a week more. Shall I look for something cheerful \
             instead, number {number}?\"@en ; schema:inLanguage \"en\" ; prov:wasGeneratedBy ex:response_{id}activity ; schema:sender {robot} .\n"
        ),
    );
    log
}
