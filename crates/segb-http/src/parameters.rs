//! Parameters in the query string, in the path and in headers, and FastAPI's words for what is wrong with them.

use std::{
    future::{Ready, ready},
    ops::RangeInclusive,
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use percent_encoding::percent_decode;
use segb_reports::Kind;
use segb_store::{EntryKind, StoreOptions, Timestamp, journal_format::access::AccessRecord};
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, FieldError, headers::IDEMPOTENCY_KEY};

/// The parameters of a query string or a form. Reading them collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Parameters {
    /// Of `application/x-www-form-urlencoded` text.
    pub(crate) fn read(text: &[u8]) -> Self {
        let mut errors = Vec::new();
        // What is not UTF-8 would be replaced, and something else asked than was meant.
        if percent_decode(text).decode_utf8().is_err() {
            errors.push(FieldError::query("string_unicode", "Input should be UTF-8, percent-encoded"));
        }
        Self { pairs: form_urlencoded::parse(text).into_owned().collect(), errors }
    }

    /// All values of a parameter.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// The last value of a parameter that is not blank.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let last = self.pairs.iter().rev().find(|(key, _)| key == name);
        last.map(|(_, value)| value.clone()).filter(|value| !value.trim().is_empty())
    }

    /// A whole number within a range.
    pub(crate) fn integer(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let text = self.text(name)?;
        let Ok(number) = text.trim().parse::<i128>() else {
            let message = "Input should be a valid integer, unable to parse string as an integer";
            self.errors.push(FieldError::new("int_parsing", "query", name, message));
            return None;
        };
        let (kind, limit, words, key) = if number < i128::from(*range.start()) {
            ("greater_than_equal", range.start(), "greater", "ge")
        } else if number > i128::from(*range.end()) {
            ("less_than_equal", range.end(), "less", "le")
        } else {
            return u64::try_from(number).ok();
        };
        let message = format!("Input should be {words} than or equal to {limit}");
        let error = FieldError::new(kind, "query", name, message);
        self.errors.push(FieldError { ctx: Some(json!({ key: limit })), ..error });
        None
    }

    /// As [`integer`](Self::integer); missing is an error, too.
    pub(crate) fn required_integer(&mut self, name: &'static str, range: RangeInclusive<u64>) -> u64 {
        if self.text(name).is_none() {
            self.errors.push(FieldError::missing("query", name));
        }
        self.integer(name, range).unwrap_or_default()
    }

    /// `true` or `false`.
    pub(crate) fn truth(&mut self, name: &'static str) -> Option<bool> {
        match self.text(name)?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => return Some(true),
            "false" | "0" => return Some(false),
            _ => {}
        }
        let message = "Input should be a valid boolean, unable to interpret input";
        self.errors.push(FieldError::new("bool_parsing", "query", name, message));
        None
    }

    /// A number within a range.
    pub(crate) fn number(&mut self, name: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let text = self.text(name)?;
        let Some(number) = text.trim().parse::<f64>().ok().filter(|number| number.is_finite()) else {
            let message = "Input should be a valid number, unable to parse string as a number";
            self.errors.push(FieldError::new("float_parsing", "query", name, message));
            return None;
        };
        let (kind, limit, words, key) = if number < *range.start() {
            ("greater_than_equal", range.start(), "greater", "ge")
        } else if number > *range.end() {
            ("less_than_equal", range.end(), "less", "le")
        } else {
            return Some(number);
        };
        let message = format!("Input should be {words} than or equal to {limit}");
        let error = FieldError::new(kind, "query", name, message);
        self.errors.push(FieldError { ctx: Some(json!({ key: limit })), ..error });
        None
    }

    /// All values of a parameter that names resources: IRIs, or blank nodes as exports name them.
    pub(crate) fn resources(&mut self, name: &'static str, count_max: usize) -> Vec<String> {
        let mut values = self.all(name);
        values.retain(|value| !value.trim().is_empty());
        let is_name = |value: &String| {
            value.strip_prefix("_:").is_some_and(|label| !label.is_empty())
                || StoreOptions::is_graph_iri(value)
        };
        if !values.iter().all(is_name) {
            let message = "Input should be an absolute IRI, or a blank node as exports name it";
            self.errors.push(FieldError::new("value_error", "query", name, message));
        } else if values.len() > count_max {
            let message = format!("Input should be given at most {count_max} times");
            self.errors.push(FieldError::new("too_long", "query", name, message));
        }
        values
    }

    /// As [`resources`](Self::resources), the last one; missing is an error, too.
    pub(crate) fn required_resource(&mut self, name: &'static str) -> String {
        let last = self.resources(name, usize::MAX).pop();
        last.unwrap_or_else(|| {
            self.errors.push(FieldError::missing("query", name));
            String::new()
        })
    }

    /// A moment by RFC 3339.
    pub(crate) fn moment(&mut self, name: &'static str) -> Option<Timestamp> {
        // A `+` that nobody percent-encoded has become a space; no date-time has one before its offset.
        let text = self.text(name)?.trim().replace(' ', "+");
        let moment = Timestamp::from_str(&text);
        if moment.is_err() {
            let message = "Input should be a valid datetime by RFC 3339, for example 2026-01-31T10:00:00Z";
            self.errors.push(FieldError::new("datetime_parsing", "query", name, message));
        }
        moment.ok()
    }

    /// UUIDs, separated by commas or in several parameters of this name; each once.
    pub(crate) fn ids(&mut self, name: &'static str) -> Option<Vec<Uuid>> {
        let values = self.all(name).join(",");
        let mut ids = Vec::new();
        for text in values.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            match Uuid::from_str(text) {
                Ok(id) if ids.contains(&id) => {}
                Ok(id) => ids.push(id),
                Err(error) => {
                    let message = format!("Input should be a valid UUID, {error}");
                    self.errors.push(FieldError::new("uuid_parsing", "query", name, message));
                }
            }
        }
        (!ids.is_empty()).then_some(ids)
    }

    /// A kind of journal entry.
    pub(crate) fn entry_kind(&mut self, name: &'static str) -> Option<EntryKind> {
        let kind = EntryKind::from_str(self.text(name)?.trim());
        if kind.is_err() {
            let names = EntryKind::ALL.map(|kind| format!("'{kind}'")).join(", ");
            let message = format!("Input should be one of {names}");
            self.errors.push(FieldError::new("enum", "query", name, message));
        }
        kind.ok()
    }

    /// All values of a parameter that names kinds of resources.
    pub(crate) fn kinds(&mut self, name: &'static str) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for value in self.all(name).iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
            match Kind::ALL.iter().find(|kind| kind.as_str() == value) {
                Some(kind) => kinds.push(*kind),
                None => {
                    let names = Kind::ALL.iter().map(|kind| format!("'{}'", kind.as_str()));
                    let message = format!("Input should be one of {}", names.collect::<Vec<_>>().join(", "));
                    self.errors.push(FieldError::new("enum", "query", name, message));
                }
            }
        }
        kinds
    }

    /// One of the names by which accesses are recorded: `operations`, or that of a gap.
    pub(crate) fn access_action(
        &mut self,
        name: &'static str,
        operations: impl Iterator<Item = &'static str> + Clone,
    ) -> Option<String> {
        let action = self.text(name)?.trim().to_owned();
        let known = operations.chain([AccessRecord::GAP]);
        if known.clone().any(|known| known == action) {
            return Some(action);
        }
        let names = known.map(|known| format!("'{known}'")).collect::<Vec<_>>().join(", ");
        self.errors.push(FieldError::new("enum", "query", name, format!("Input should be one of {names}")));
        None
    }

    /// The errors, if there were any.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::fields(self.errors)) }
    }
}

/// The parameters of the query string.
impl FromRequest for Parameters {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::read(request.query_string().as_bytes())))
    }
}

/// The log id in the path.
pub(crate) struct LogId(pub Uuid);

impl FromRequest for LogId {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = Uuid::from_str(request.match_info().query("log_id"));
        ready(id.map(Self).map_err(|error| {
            let message = format!("Input should be a valid UUID, {error}");
            ApiError::fields(vec![FieldError::new("uuid_parsing", "path", "log_id", message)])
        }))
    }
}

/// The sequence number in the path.
pub(crate) struct Sequence(pub u64);

impl FromRequest for Sequence {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let sequence = u64::from_str(request.match_info().query("sequence"));
        ready(sequence.map(Self).map_err(|_| {
            let message = "Input should be a valid integer from 0 on";
            ApiError::fields(vec![FieldError::new("int_parsing", "path", "sequence", message)])
        }))
    }
}

/// The header `Idempotency-Key`: by it, a request that is sent again is recognised.
pub(crate) struct IdempotencyKey(pub Option<String>);

/// The longest key, in characters.
const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 255;

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(IDEMPOTENCY_KEY);
        let key = match (values.next(), values.next()) {
            (None, _) => Ok(Self(None)),
            (Some(value), None) => match value.to_str() {
                Ok(key) if is_key(key) => Ok(Self(Some(key.to_owned()))),
                _ => Err(()),
            },
            (Some(_), Some(_)) => Err(()),
        };
        ready(key.map_err(|()| {
            let message = "Input should be one header of 1 to 255 visible ASCII characters";
            ApiError::fields(vec![FieldError::new("value_error", "header", "Idempotency-Key", message)])
        }))
    }
}

fn is_key(key: &str) -> bool {
    (1..=IDEMPOTENCY_KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(query: &str) -> (Option<u64>, Option<&'static str>) {
        let mut parameters = Parameters::read(query.as_bytes());
        let limit = parameters.integer("limit", 1..=2000);
        (limit, parameters.errors.first().map(|error| error.r#type))
    }

    #[test]
    fn integers_are_checked() {
        assert_eq!(limit("limit=7"), (Some(7), None));
        assert_eq!(limit("limit=1&limit=2"), (Some(2), None));
        assert_eq!(limit(""), (None, None));
        assert_eq!(limit("limit="), (None, None));
        assert_eq!(limit("limit=0"), (None, Some("greater_than_equal")));
        assert_eq!(limit("limit=-5"), (None, Some("greater_than_equal")));
        assert_eq!(limit("limit=2001"), (None, Some("less_than_equal")));
        assert_eq!(limit("limit=many"), (None, Some("int_parsing")));
    }

    #[test]
    fn numbers_are_checked() {
        for (query, number, error) in [
            ("t=0.5", Some(0.5), None),
            ("t=1", Some(1.0), None),
            ("", None, None),
            ("t=-0.1", None, Some("greater_than_equal")),
            ("t=1.01", None, Some("less_than_equal")),
            ("t=NaN", None, Some("float_parsing")),
            ("t=much", None, Some("float_parsing")),
        ] {
            let mut parameters = Parameters::read(query.as_bytes());
            let read = parameters.number("t", 0.0..=1.0);
            assert_eq!(
                (read, parameters.errors.first().map(|error| error.r#type)),
                (number, error),
                "{query}"
            );
        }
    }

    #[test]
    fn resources_are_iris_or_blank_nodes() {
        for (query, count, error) in [
            ("r=urn:a&r=_:s1b2&r=", 2, None),
            ("r=ana", 1, Some("value_error")),
            ("r=%3Curn:a%3E", 1, Some("value_error")),
            ("r=_:", 1, Some("value_error")),
            ("r=urn:a&r=urn:b&r=urn:c", 3, Some("too_long")),
        ] {
            let mut parameters = Parameters::read(query.as_bytes());
            let read = parameters.resources("r", 2).len();
            assert_eq!(
                (read, parameters.errors.first().map(|error| error.r#type)),
                (count, error),
                "{query}"
            );
        }
    }

    #[test]
    fn moments_are_read_with_a_bare_plus() {
        let mut parameters = Parameters::read(b"since=2026-01-31T10:00:00+01:00&until=yesterday");
        assert_eq!(parameters.moment("since"), "2026-01-31T09:00:00Z".parse().ok());
        assert_eq!(parameters.moment("until"), None);
        assert!(parameters.finish().is_err());
    }

    #[test]
    fn ids_come_in_lists_and_again_and_again() {
        let ids = |query: &str| {
            let mut parameters = Parameters::read(query.as_bytes());
            (parameters.ids("id").map(|ids| ids.len()), parameters.errors.len())
        };
        let [one, two] = [1, 2].map(|number| Uuid::from_u128(number).to_string());
        for (query, expected) in [
            (String::new(), (None, 0)),
            ("id=&id=,".to_owned(), (None, 0)),
            (format!("id={one}"), (Some(1), 0)),
            (format!("id={one},{two}&id={one}"), (Some(2), 0)),
            (format!("id={one}, {}&id={two}", two.to_uppercase()), (Some(2), 0)),
            (format!("id={one},x,y"), (Some(1), 2)),
        ] {
            assert_eq!(ids(&query), expected, "{query}");
        }
    }

    #[test]
    fn keys_are_visible_ascii() {
        for (key, expected) in
            [("a", true), ("", false), ("a b", false), ("é", false), (&"x".repeat(256), false)]
        {
            assert_eq!(is_key(key), expected, "{key}");
        }
    }
}
