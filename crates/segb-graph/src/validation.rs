//! Semantic validation: what is wrong with a log beyond its syntax, for a developer who is about to publish such logs.

use std::{collections::HashSet, str::FromStr};

use oxsdatatypes::DateTime;
use serde::Serialize;

use crate::{
    limits::TurtleLimits,
    term::TermRef,
    turtle::{ParsedLog, parse_any},
};

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document is not valid.
    Error,
    /// The document is valid, and probably not what was meant.
    Warning,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidationIssue {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name for the kind of finding, for programs.
    pub code: &'static str,
    /// What is wrong, for people.
    pub message: String,
    /// The subject it is about.
    pub focus_node: Option<String>,
    /// The predicate it is about.
    pub predicate: Option<String>,
    /// The offending value: an IRI, a blank node or a lexical form.
    pub value: Option<String>,
}

/// What validation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidationReport {
    /// No issue is an error.
    pub valid: bool,
    /// The document is Turtle and within the limits.
    pub syntax_ok: bool,
    /// No semantic rule is broken.
    pub semantic_ok: bool,
    /// Distinct triples.
    pub triple_count: usize,
    /// The findings, rule by rule.
    pub issues: Vec<ValidationIssue>,
}

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const XSD_DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// Predicates that lead to a thing, not to a literal.
const OBJECT_PROPERTIES: [&str; 8] = [
    "http://www.w3.org/ns/prov#wasAssociatedWith",
    "http://www.w3.org/ns/prov#used",
    "http://www.w3.org/ns/prov#wasInfluencedBy",
    "http://www.w3.org/ns/prov#wasGeneratedBy",
    "http://www.w3.org/ns/prov#generated",
    "http://www.w3.org/ns/prov#specializationOf",
    "http://www.gsi.upm.es/ontologies/segb/ns#triggeredByActivity",
    "http://www.gsi.upm.es/ontologies/segb/ns#producedEntityResult",
];
/// Predicates whose value is a moment.
const DATE_TIMES: [&str; 3] = [
    "http://www.w3.org/ns/prov#startedAtTime",
    "http://www.w3.org/ns/prov#endedAtTime",
    "http://www.w3.org/ns/prov#generatedAtTime",
];
const INTENSITY: &str = "http://www.gsi.upm.es/ontologies/onyx/ns#hasEmotionIntensity";
const CATEGORY: &str = "http://www.gsi.upm.es/ontologies/onyx/ns#hasEmotionCategory";

/// Validates a Turtle document: its syntax first, then the semantic rules. Costs CPU time.
///
/// ```
/// let log = b"<urn:a> <http://www.w3.org/ns/prov#used> \"hammer\" .".to_vec();
/// let report = segb_graph::validation::validate(log, &segb_graph::limits::TurtleLimits::default());
/// let codes: Vec<&str> = report.issues.iter().map(|issue| issue.code).collect();
/// assert_eq!(codes, ["SEM_OBJECT_PROPERTY_LITERAL", "SEM_SUBJECT_WITHOUT_TYPE"]);
/// ```
pub fn validate(document: Vec<u8>, limits: &TurtleLimits) -> ValidationReport {
    match parse_any(document, limits) {
        Ok(log) => report(&log),
        Err(error) => ValidationReport {
            valid: false,
            syntax_ok: false,
            semantic_ok: false,
            triple_count: 0,
            issues: vec![about_document("TTL_SYNTAX_ERROR", error.to_string())],
        },
    }
}

fn report(log: &ParsedLog) -> ValidationReport {
    let triples: Vec<Triple<'_>> = log.term_triples().collect();
    let mut issues = Vec::new();
    if triples.is_empty() {
        issues.push(about_document("SEM_EMPTY_GRAPH", "The document has no triples.".to_owned()));
    }
    literals_where_things_belong(&triples, &[RDF_TYPE], "SEM_RDF_TYPE_LITERAL", &mut issues);
    literals_where_things_belong(&triples, &OBJECT_PROPERTIES, "SEM_OBJECT_PROPERTY_LITERAL", &mut issues);
    for predicate in DATE_TIMES {
        issues.extend(uses(&triples, predicate).filter_map(check_date_time));
    }
    issues.extend(uses(&triples, INTENSITY).filter_map(check_intensity));
    literals_where_things_belong(&triples, &[CATEGORY], "SEM_EMOTION_CATEGORY_LITERAL", &mut issues);
    subjects_without_type(&triples, &mut issues);
    let valid = issues.iter().all(|issue| issue.severity != Severity::Error);
    ValidationReport { valid, syntax_ok: true, semantic_ok: valid, triple_count: triples.len(), issues }
}

type Triple<'a> = [TermRef<'a>; 3];

fn uses<'t>(triples: &'t [Triple<'t>], predicate: &str) -> impl Iterator<Item = &'t Triple<'t>> {
    triples.iter().filter(move |[_, p, _]| *p == TermRef::Iri(predicate))
}

fn literals_where_things_belong(
    triples: &[Triple<'_>],
    predicates: &[&str],
    code: &'static str,
    issues: &mut Vec<ValidationIssue>,
) {
    for predicate in predicates {
        for triple in uses(triples, predicate).filter(|[_, _, object]| is_literal(*object)) {
            let message = format!("The value of <{predicate}> must be a resource, not a literal.");
            issues.push(about(triple, code, message));
        }
    }
}

fn check_date_time(triple: &Triple<'_>) -> Option<ValidationIssue> {
    let [_, predicate, object] = triple;
    let predicate = text(*predicate);
    match object {
        TermRef::Literal { lexical, datatype: XSD_DATE_TIME } => {
            let message = format!("{lexical:?} is not a date and time that exists.");
            let real = DateTime::from_str(lexical).is_ok();
            (!real).then(|| about(triple, "SEM_DATETIME_INVALID_LEXICAL", message))
        }
        TermRef::Literal { .. } | TermRef::LangLiteral { .. } => {
            let message = format!("The value of <{predicate}> must have the datatype xsd:dateTime.");
            Some(about(triple, "SEM_DATETIME_WRONG_DATATYPE", message))
        }
        TermRef::Iri(_) | TermRef::Blank { .. } => {
            let message = format!("The value of <{predicate}> must be a literal of type xsd:dateTime.");
            Some(about(triple, "SEM_DATETIME_NOT_LITERAL", message))
        }
    }
}

fn check_intensity(triple: &Triple<'_>) -> Option<ValidationIssue> {
    let (TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. }) = triple[2] else {
        let message = "An emotion's intensity must be a literal number.".to_owned();
        return Some(about(triple, "SEM_INTENSITY_NOT_LITERAL", message));
    };
    match lexical.trim().parse::<f64>() {
        Err(_) => {
            let message = format!("An emotion's intensity must be a number; {lexical:?} is not.");
            Some(about(triple, "SEM_INTENSITY_NOT_NUMERIC", message))
        }
        Ok(number) if !(0.0..=1.0).contains(&number) => {
            let message = format!("An emotion's intensity must be between 0 and 1; {lexical} is not.");
            Some(about(triple, "SEM_INTENSITY_OUT_OF_RANGE", message))
        }
        Ok(_) => None,
    }
}

fn subjects_without_type(triples: &[Triple<'_>], issues: &mut Vec<ValidationIssue>) {
    let typed: HashSet<TermRef<'_>> = uses(triples, RDF_TYPE).map(|[subject, _, _]| *subject).collect();
    let mut warned = HashSet::new();
    for [subject, predicate, _] in triples {
        let TermRef::Iri(predicate) = predicate else {
            continue;
        };
        let checked = OBJECT_PROPERTIES.contains(predicate)
            || DATE_TIMES.contains(predicate)
            || [INTENSITY, CATEGORY].contains(predicate);
        if checked && !typed.contains(subject) && warned.insert(*subject) {
            issues.push(ValidationIssue {
                severity: Severity::Warning,
                code: "SEM_SUBJECT_WITHOUT_TYPE",
                message: "The subject has no rdf:type, so reports will not know what it is.".to_owned(),
                focus_node: Some(text(*subject)),
                predicate: None,
                value: None,
            });
        }
    }
}

fn is_literal(term: TermRef<'_>) -> bool {
    matches!(term, TermRef::Literal { .. } | TermRef::LangLiteral { .. })
}

fn about(triple: &Triple<'_>, code: &'static str, message: String) -> ValidationIssue {
    let [focus_node, predicate, value] = triple.map(|term| Some(text(term)));
    ValidationIssue { severity: Severity::Error, code, message, focus_node, predicate, value }
}

fn about_document(code: &'static str, message: String) -> ValidationIssue {
    ValidationIssue {
        severity: Severity::Error,
        code,
        message,
        focus_node: None,
        predicate: None,
        value: None,
    }
}

fn text(term: TermRef<'_>) -> String {
    match term {
        TermRef::Iri(text)
        | TermRef::Literal { lexical: text, .. }
        | TermRef::LangLiteral { lexical: text, .. } => text.to_owned(),
        TermRef::Blank { number, .. } => format!("_:b{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(statements: &str) -> Vec<&'static str> {
        let document = format!(
            "@prefix prov: <http://www.w3.org/ns/prov#> .\n\
             @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .\n\
             @prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .\n\
             @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n{statements}"
        );
        let report = validate(document.into_bytes(), &TurtleLimits::default());
        assert_eq!(report.valid, report.issues.iter().all(|issue| issue.severity == Severity::Warning));
        report.issues.into_iter().map(|issue| issue.code).collect()
    }

    #[test]
    fn each_rule_has_its_code() {
        for (statements, expected) in [
            ("", "SEM_EMPTY_GRAPH"),
            ("<urn:a> a", "TTL_SYNTAX_ERROR"),
            ("<urn:a> a \"Robot\" .", "SEM_RDF_TYPE_LITERAL"),
            ("<urn:a> a prov:Activity ; prov:used \"x\" .", "SEM_OBJECT_PROPERTY_LITERAL"),
            ("<urn:a> a prov:Activity ; segb:triggeredByActivity 1 .", "SEM_OBJECT_PROPERTY_LITERAL"),
            ("<urn:a> a prov:Activity ; prov:startedAtTime <urn:t> .", "SEM_DATETIME_NOT_LITERAL"),
            (
                "<urn:a> a prov:Activity ; prov:endedAtTime \"2026-01-31T10:00:00Z\" .",
                "SEM_DATETIME_WRONG_DATATYPE",
            ),
            (
                "<urn:a> a prov:Activity ; prov:endedAtTime \"2026-02-30T10:00:00Z\"^^xsd:dateTime .",
                "SEM_DATETIME_INVALID_LEXICAL",
            ),
            ("<urn:a> a onyx:Emotion ; onyx:hasEmotionIntensity <urn:i> .", "SEM_INTENSITY_NOT_LITERAL"),
            ("<urn:a> a onyx:Emotion ; onyx:hasEmotionIntensity \"high\" .", "SEM_INTENSITY_NOT_NUMERIC"),
            ("<urn:a> a onyx:Emotion ; onyx:hasEmotionIntensity 1.01 .", "SEM_INTENSITY_OUT_OF_RANGE"),
            (
                "<urn:a> a onyx:Emotion ; onyx:hasEmotionIntensity \"NaN\"^^xsd:double .",
                "SEM_INTENSITY_OUT_OF_RANGE",
            ),
            ("<urn:a> a onyx:Emotion ; onyx:hasEmotionCategory \"joy\" .", "SEM_EMOTION_CATEGORY_LITERAL"),
            ("<urn:a> prov:used <urn:x> .", "SEM_SUBJECT_WITHOUT_TYPE"),
        ] {
            assert_eq!(codes(statements), [expected], "{statements}");
        }
    }

    #[test]
    fn what_is_right_has_no_issue() {
        let right = "<urn:a> a prov:Activity ; prov:used <urn:x>, [] ; \
                     prov:startedAtTime \"2026-01-31T10:00:00.5+01:00\"^^xsd:dateTime . \
                     <urn:e> a onyx:Emotion ; onyx:hasEmotionIntensity \"0.5\", 0, 1, 1e0 ; onyx:hasEmotionCategory <urn:joy> .";
        assert_eq!(codes(right), [""; 0]);
    }

    #[test]
    fn issues_come_rule_by_rule_and_a_subject_is_warned_about_once() {
        let wrong = "<urn:a> onyx:hasEmotionCategory \"joy\" ; prov:used 1 ; a 2 . <urn:b> prov:used <urn:c>, <urn:d> .";
        let expected = [
            "SEM_RDF_TYPE_LITERAL",
            "SEM_OBJECT_PROPERTY_LITERAL",
            "SEM_EMOTION_CATEGORY_LITERAL",
            "SEM_SUBJECT_WITHOUT_TYPE",
        ];
        assert_eq!(codes(wrong), expected);
    }
}
