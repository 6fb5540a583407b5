//! How things are named: IRIs, and texts that stand for them.

use std::{borrow::Cow, fmt};

use crate::LogError;

/// An absolute IRI (RFC 3987). What the methods of a [`Logger`](crate::Logger) give back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iri(Cow<'static, str>);

impl Iri {
    /// Checks that a text is an absolute IRI, of any scheme.
    ///
    /// # Errors
    /// [`LogError::Iri`].
    pub fn new(iri: impl Into<String>) -> Result<Self, LogError> {
        let iri = iri.into();
        match oxiri::Iri::parse(iri.as_str()) {
            Ok(_) => Ok(Self(Cow::Owned(iri))),
            Err(error) => Err(LogError::Iri { cause: error.to_string(), iri }),
        }
    }

    /// Of the vocabulary.
    pub(crate) const fn known(iri: &'static str) -> Self {
        Self(Cow::Borrowed(iri))
    }

    /// Of an IRI and characters that may follow it.
    pub(crate) fn trusted(iri: String) -> Self {
        Self(Cow::Owned(iri))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_text(self) -> Cow<'static, str> {
        self.0
    }
}

impl fmt::Display for Iri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What stands for an IRI in a call: an [`Iri`], or a text: an http or https IRI, a prefixed name like
/// `oro:InitialMessage`, or a local name in the namespace of the robot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// As it is.
    Iri(Iri),
    /// To be resolved by the logger.
    Text(String),
}

impl From<Iri> for Term {
    fn from(iri: Iri) -> Self {
        Self::Iri(iri)
    }
}

impl From<&Iri> for Term {
    fn from(iri: &Iri) -> Self {
        Self::Iri(iri.clone())
    }
}

impl From<&str> for Term {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Term {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Whether a text says nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    strip(text).is_empty()
}

/// What Python takes for white space: beside that of Unicode, the four separators of ASCII.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Without white space at both ends.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Lower-case ASCII letters and digits, everything else a single `_` between them; none if there are none.
pub(crate) fn slug(text: &str) -> Option<String> {
    slug_keeping(text, |_| false)
}

/// As [`slug`], and keeps what `kept` says.
pub(crate) fn slug_keeping(text: &str, kept: impl Fn(char) -> bool) -> Option<String> {
    let mut slug = String::with_capacity(text.len());
    let mut is_gap = false;
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || kept(character) {
            if is_gap && !slug.is_empty() {
                slug.push('_');
            }
            is_gap = false;
            slug.push(character.to_ascii_lowercase());
        } else {
            is_gap = true;
        }
    }
    let trimmed = slug.trim_matches('_');
    match trimmed.len() == slug.len() {
        true => Some(slug),
        false => Some(trimmed.to_owned()),
    }
    .filter(|slug| !slug.is_empty())
}
