//! From ids and texts to IRIs.

use super::Logger;
use crate::{
    Iri, LogError, Term,
    term::{is_blank, slug, slug_keeping, strip},
    vocabulary::PREFIXES,
};

/// The longest part of a language tag (RFC 5646, section 2.1).
const SUBTAG_BYTES_MAX: usize = 8;

impl Logger {
    /// The IRI that a term stands for.
    ///
    /// # Errors
    /// [`LogError`]: blank, an unknown prefix, or no IRI.
    pub fn resolve(&self, term: impl Into<Term>) -> Result<Iri, LogError> {
        let text = match term.into() {
            Term::Iri(iri) => return Ok(iri),
            Term::Text(text) => text,
        };
        let text = strip(&text);
        if text.is_empty() {
            return Err(LogError::Blank { what: "a term" });
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return Iri::new(text);
        }
        match text.split_once(':') {
            None => in_namespace(&self.base, text),
            Some((prefix, local)) => {
                let found = self.prefixes.iter().rfind(|(known, _)| known == prefix);
                let (_, namespace) = found.ok_or_else(|| self.unknown_prefix(prefix))?;
                match local {
                    "" => Err(LogError::Blank { what: "what comes after the prefix" }),
                    _ => in_namespace(namespace, local),
                }
            }
        }
    }

    pub(super) fn resolve_all(&self, terms: Vec<Term>) -> Result<Vec<Iri>, LogError> {
        terms.into_iter().map(|term| self.resolve(term)).collect()
    }

    fn unknown_prefix(&self, prefix: &str) -> LogError {
        let mut known: Vec<&str> = self.prefixes.iter().map(|(prefix, _)| prefix.as_str()).collect();
        known.sort_unstable();
        LogError::UnknownPrefix { prefix: prefix.to_owned(), known: known.join(", ") }
    }

    /// The IRI of something of a kind in the namespace of the robot: by its id, or a new one.
    ///
    /// # Errors
    /// [`LogError`]: a blank kind or id, or none that an IRI can have.
    pub fn resource_iri(&mut self, kind: &str, id: Option<&str>) -> Result<Iri, LogError> {
        let kind = not_blank("the kind of a resource", kind.to_owned())?;
        if id.is_some_and(is_blank) {
            return Err(LogError::Blank { what: "the id of a resource" });
        }
        self.resource(&kind, id)
    }

    pub(super) fn resource(&mut self, kind: &str, id: Option<&str>) -> Result<Iri, LogError> {
        let id = id.and_then(slug).unwrap_or_else(|| self.random_id());
        let kind = strip(kind);
        if self.options.compact_resource_ids {
            let kind = slug(kind).unwrap_or_else(|| self.random_id());
            return Ok(Iri::trusted(format!("{}{kind}_{id}", self.base)));
        }
        match kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            true => Ok(Iri::trusted(format!("{}{kind}/{id}", self.base))),
            false => in_namespace(&self.base, &format!("{kind}/{id}")),
        }
    }

    /// With an id that has to be there.
    pub(super) fn named_resource(
        &mut self,
        kind: &str,
        what: &'static str,
        id: &str,
    ) -> Result<Iri, LogError> {
        self.optional_resource(kind, what, Some(id))
    }

    /// With an id that, if it is there, is not blank.
    pub(super) fn optional_resource(
        &mut self,
        kind: &str,
        what: &'static str,
        id: Option<&str>,
    ) -> Result<Iri, LogError> {
        match id {
            Some(id) if is_blank(id) => Err(LogError::Blank { what }),
            id => self.resource(kind, id),
        }
    }
}

/// The text, unless it is blank.
pub(super) fn not_blank(what: &'static str, text: String) -> Result<String, LogError> {
    if is_blank(&text) { Err(LogError::Blank { what }) } else { Ok(text) }
}

/// An absolute IRI that names can be put behind.
pub(super) fn namespace(what: &'static str, text: &str) -> Result<String, LogError> {
    let text = strip(text);
    if text.is_empty() {
        return Err(LogError::Blank { what });
    }
    let end = if text.ends_with(['#', '/']) { "" } else { "/" };
    Ok(Iri::new(format!("{text}{end}"))?.to_string())
}

fn in_namespace(namespace: &str, local: &str) -> Result<Iri, LogError> {
    let iri = format!("{namespace}{local}");
    match local.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
        true => Ok(Iri::trusted(iri)),
        false => Iri::new(iri),
    }
}

/// A label for the namespace of the robot that Turtle allows.
pub(super) fn prefix(text: &str) -> Result<String, LogError> {
    let label = slug_keeping(text, |character| character == '_');
    let label = label.ok_or(LogError::Blank { what: "the prefix of the namespace" })?;
    let label =
        if label.starts_with(|first: char| first.is_ascii_digit()) { format!("ns_{label}") } else { label };
    match PREFIXES.iter().any(|(known, _)| *known == label) || label == SHARED_EVENT_PREFIX {
        true => Err(LogError::ReservedPrefix { prefix: label }),
        false => Ok(label),
    }
}

/// The prefix for the namespace of shared events.
pub(super) const SHARED_EVENT_PREFIX: &str = "shared-event";

/// A tag that is well-formed by BCP 47 and by the grammar of Turtle.
pub(super) fn check_language(tag: &str) -> Result<(), LogError> {
    let has_short_parts = tag.split('-').all(|part| part.len() <= SUBTAG_BYTES_MAX);
    match oxilangtag::LanguageTag::parse(tag) {
        Ok(_) if has_short_parts => Ok(()),
        _ => Err(LogError::Language { tag: tag.to_owned() }),
    }
}
