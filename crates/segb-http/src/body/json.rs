//! JSON objects with text members, and what FastAPI answers when a body is something else.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use segb_context::{moment_of_number, parse_moment};
use segb_store::Timestamp;

use super::{media_type::MediaType, text};
use crate::{ApiError, FieldError, error::Location};

/// The members of a JSON object that somebody asked for. Reading them collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct JsonObject {
    names: &'static [&'static str],
    members: Vec<Option<Member>>,
    errors: Vec<FieldError>,
}

/// The value of a member.
#[derive(Debug, PartialEq)]
enum Member {
    Text(String),
    Number(f64),
    /// A list that holds nothing else.
    Texts(Vec<String>),
    Null,
    Other,
}

/// What a JSON text is.
enum Document {
    Object(Vec<Option<Member>>),
    Null,
    Other,
}

impl JsonObject {
    /// Reads the members `names` of a body that is a JSON object; of a member that comes twice, the last. Everything
    /// else in the body is checked to be JSON, never kept.
    pub(crate) fn read(
        media_type: &MediaType,
        bytes: &[u8],
        names: &'static [&'static str],
    ) -> Result<Self, ApiError> {
        Self::read_optional(media_type, bytes, names)?
            .ok_or_else(|| fields(FieldError::body("missing", "Field required")))
    }

    /// As [`read`](Self::read), of a body that need not be there: none if it is empty, or JSON's `null`.
    pub(crate) fn read_optional(
        media_type: &MediaType,
        bytes: &[u8],
        names: &'static [&'static str],
    ) -> Result<Option<Self>, ApiError> {
        // FastAPI goes by the length first: no body is no body, of whatever media type.
        if bytes.is_empty() {
            return Ok(None);
        }
        if !media_type.may_be_json() {
            return Err(not_an_object());
        }
        let text = text::read(bytes)?;
        // Python skips a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let document =
            Shape(names).deserialize(&mut deserializer).and_then(|shape| deserializer.end().map(|()| shape));
        match document.map_err(|error| invalid(text, &error))? {
            Document::Object(members) => Ok(Some(Self { names, members, errors: Vec::new() })),
            Document::Null => Ok(None),
            Document::Other => Err(not_an_object()),
        }
    }

    /// A member that has to be a text; empty, and remembered as an error, if it is not.
    pub(crate) fn required_text(&mut self, name: &'static str) -> String {
        match self.take(name) {
            Some(Member::Text(text)) => return text,
            Some(_) => self.refuse(not_a_text(name)),
            None => self.refuse(FieldError::missing("body", name)),
        }
        String::new()
    }

    /// A member that may be missing or null, and else has to be a text.
    pub(crate) fn optional_text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name) {
            Some(Member::Text(text)) => return Some(text),
            Some(Member::Number(_) | Member::Texts(_) | Member::Other) => self.refuse(not_a_text(name)),
            Some(Member::Null) | None => {}
        }
        None
    }

    /// As [`required_text`](Self::required_text), not blank and not longer than so many characters.
    pub(crate) fn required_text_within(&mut self, name: &'static str, characters_max: usize) -> String {
        let errors = self.errors.len();
        let text = self.required_text(name);
        if self.errors.len() == errors && text.trim().is_empty() {
            let message = "String should have at least 1 character";
            self.refuse(FieldError::new("string_too_short", "body", name, message));
        }
        self.check_length(name, &text, characters_max);
        text
    }

    /// As [`optional_text`](Self::optional_text), not longer than so many characters; a blank one is none.
    pub(crate) fn optional_text_within(
        &mut self,
        name: &'static str,
        characters_max: usize,
    ) -> Option<String> {
        let text = self.optional_text(name).filter(|text| !text.trim().is_empty())?;
        self.check_length(name, &text, characters_max);
        Some(text)
    }

    fn check_length(&mut self, name: &'static str, text: &str, characters_max: usize) {
        if text.chars().count() > characters_max {
            let message = format!("String should have at most {characters_max} characters");
            self.refuse(FieldError::new("string_too_long", "body", name, message));
        }
    }

    /// A member that may be missing or null, and else has to be a list of texts.
    pub(crate) fn optional_texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        match self.take(name) {
            Some(Member::Texts(texts)) => return Some(texts),
            Some(Member::Null) | None => {}
            Some(_) => {
                let message = "Input should be a valid list of strings";
                self.refuse(FieldError::new("list_type", "body", name, message));
            }
        }
        None
    }

    /// A member that may be missing or null, and else has to be a moment.
    pub(crate) fn optional_moment(&mut self, name: &'static str) -> Option<Timestamp> {
        let member = self.take(name).filter(|member| *member != Member::Null)?;
        self.read_moment(name, member)
    }

    /// A member that may be missing or null, and else has to be a number, or a text that is one.
    pub(crate) fn optional_number(&mut self, name: &'static str) -> Option<f64> {
        match self.take(name) {
            Some(Member::Number(number)) => return Some(number),
            Some(Member::Text(text)) => match text.trim().parse() {
                Ok(number) => return Some(number),
                Err(_) => {
                    let message = "Input should be a valid number, unable to parse string as a number";
                    self.refuse(FieldError::new("float_parsing", "body", name, message));
                }
            },
            Some(Member::Texts(_) | Member::Other) => {
                self.refuse(FieldError::new("float_type", "body", name, "Input should be a valid number"));
            }
            Some(Member::Null) | None => {}
        }
        None
    }

    /// A member that has to be a moment, in any of the forms of [`parse_moment`].
    pub(crate) fn required_moment(&mut self, name: &'static str) -> Timestamp {
        let Some(member) = self.take(name) else {
            self.refuse(FieldError::missing("body", name));
            return Timestamp::default();
        };
        self.read_moment(name, member).unwrap_or_default()
    }

    fn read_moment(&mut self, name: &'static str, member: Member) -> Option<Timestamp> {
        let moment = match member {
            Member::Text(text) => parse_moment(&text),
            Member::Number(number) => moment_of_number(number),
            Member::Null | Member::Texts(_) | Member::Other => {
                let message = "Input should be a valid datetime";
                self.refuse(FieldError::new("datetime_type", "body", name, message));
                return None;
            }
        };
        if let Err(error) = &moment {
            let message = format!("Input should be a valid datetime: {error}");
            self.refuse(FieldError::new("datetime_from_date_parsing", "body", name, message));
        }
        moment.ok()
    }

    /// Remembers an error.
    pub(crate) fn refuse(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    /// The errors, if there were any.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::fields(self.errors)) }
    }

    fn take(&mut self, name: &str) -> Option<Member> {
        let index = self.names.iter().position(|known| *known == name)?;
        self.members.get_mut(index)?.take()
    }
}

fn fields(error: FieldError) -> ApiError {
    ApiError::fields(vec![error])
}

fn not_an_object() -> ApiError {
    let message = "Input should be a valid dictionary or object to extract fields from";
    fields(FieldError::body("model_attributes_type", message))
}

fn not_a_text(name: &'static str) -> FieldError {
    FieldError::new("string_type", "body", name, "Input should be a valid string")
}

/// The error for what is no JSON, with its position in characters.
fn invalid(text: &str, error: &serde_json::Error) -> ApiError {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = (before + error.column().saturating_sub(1)).min(text.len());
    let position = text.char_indices().take_while(|(index, _)| *index < offset).count();
    let mut field = FieldError::body("json_invalid", "JSON decode error");
    field.loc.push(Location::Position(position));
    field.ctx = Some(serde_json::json!({ "error": error.to_string() }));
    fields(field)
}

/// Reads a [`Document`] with the members of these names.
struct Shape(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Shape {
    type Value = Document;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The methods of a visitor for values that are looked at no further.
macro_rules! visit_others {
    ($null:expr, $other:expr, $number:expr) => {
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("any JSON value")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($null)
        }

        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($other)
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            Ok($number(number as f64))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
            Ok($number(number as f64))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
            Ok($number(number))
        }
    };
}

impl<'de> Visitor<'de> for Shape {
    type Value = Document;

    visit_others!(Document::Null, Document::Other, |_| Document::Other);

    fn visit_str<E: Error>(self, _: &str) -> Result<Document, E> {
        Ok(Document::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Document, A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Document::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut members: Vec<Option<Member>> = self.0.iter().map(|_| None).collect();
        while let Some(Name(index)) = map.next_key_seed(NameOf(self.0))? {
            match index.and_then(|index| members.get_mut(index)) {
                Some(member) => *member = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Document::Object(members))
    }
}

/// The index of a member's name in the list of those asked for.
struct Name(Option<usize>);

struct NameOf(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for NameOf {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameOf {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(self.0.iter().position(|known| *known == name)))
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Member;

    visit_others!(Member::Null, Member::Other, Member::Number);

    fn visit_str<E: Error>(self, text: &str) -> Result<Member, E> {
        Ok(Member::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Member, E> {
        Ok(Member::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Member, A::Error> {
        let mut texts = Some(Vec::new());
        // From the first element on that is something else, nothing is kept.
        loop {
            match &mut texts {
                Some(kept) => match sequence.next_element::<Member>()? {
                    Some(Member::Text(text)) => kept.push(text),
                    Some(_) => texts = None,
                    None => break,
                },
                None if sequence.next_element::<IgnoredAny>()?.is_none() => break,
                None => {}
            }
        }
        Ok(texts.map_or(Member::Other, Member::Texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{ResponseError, body::to_bytes, http::StatusCode};
    use serde_json::{Value, json};

    use super::*;
    use crate::body::{Content, TurtleBody};

    fn read(body: &[u8]) -> Result<TurtleBody, ApiError> {
        TurtleBody::read(&MediaType::read("").unwrap(), body.to_vec())
    }

    fn check_error(body: &[u8], expected: Value) {
        let response = read(body).err().expect("an error").error_response();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let body = actix_web::rt::System::new().block_on(to_bytes(response.into_body()));
        let body: Value = serde_json::from_slice(&body.ok().unwrap()).unwrap();
        let mut detail = body["detail"].clone();
        for error in detail.as_array_mut().unwrap() {
            error.as_object_mut().unwrap().remove("ctx");
        }
        assert_eq!(detail, expected);
    }

    #[test]
    fn a_log_is_read() {
        let body =
            read(br#"{"user": " ari ", "ttl_content": "<a>\n\u0041", "more": [{"deep": {}}, 1.5, null]}"#)
                .unwrap();
        assert_eq!((body.document.as_slice(), body.user.as_deref()), (b"<a>\nA".as_slice(), Some("ari")));
        let body =
            read("\u{feff}{\"ttl_content\": \"a\", \"ttl_content\": \"b\", \"user\": null}".as_bytes())
                .unwrap();
        assert_eq!((body.document.as_slice(), body.user), (b"b".as_slice(), None));
        assert_eq!(read(br#"{"ttl_content": "", "user": "  "}"#).unwrap().user, None);
    }

    #[test]
    fn wrong_members_are_listed() {
        let missing = json!({"type": "missing", "loc": ["body", "ttl_content"], "msg": "Field required"});
        let no_text = |name| json!({"type": "string_type", "loc": ["body", name], "msg": "Input should be a valid string"});
        check_error(b"{}", json!([missing]));
        check_error(br#"{"user": 1}"#, json!([missing, no_text("user")]));
        for value in ["null", "1", "-1", "1.5", "true", "[[]]", "{\"a\":{}}"] {
            check_error(format!("{{\"ttl_content\": {value}}}").as_bytes(), json!([no_text("ttl_content")]));
        }
        let too_long = json!({"type": "string_too_long", "loc": ["body", "user"], "msg": "String should have at most 1000 characters"});
        let long = format!("{{\"ttl_content\": \"\", \"user\": \"{}\"}}", "x".repeat(1_001));
        check_error(long.as_bytes(), json!([too_long]));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let no_object = json!([{"type": "model_attributes_type", "loc": ["body"],
            "msg": "Input should be a valid dictionary or object to extract fields from"}]);
        for body in ["[]", "[1, [2]]", "\"x\"", "1", "true"] {
            check_error(body.as_bytes(), no_object.clone());
        }
        for body in ["", "null"] {
            check_error(
                body.as_bytes(),
                json!([{"type": "missing", "loc": ["body"], "msg": "Field required"}]),
            );
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_position() {
        let at = |position| json!([{"type": "json_invalid", "loc": ["body", position], "msg": "JSON decode error"}]);
        check_error(b"{", at(0));
        check_error(b"nope", at(1));
        check_error("{\"ä\":\n x}".as_bytes(), at(7));
        check_error(b"{} {}", at(3));
        check_error(br#"{"ttl_content": "\ud800"}"#, at(23));
    }

    #[test]
    fn depth_does_no_harm() {
        let deep = "[".repeat(1_000_000);
        assert!(read(deep.as_bytes()).is_err());
        let deep =
            format!("{{\"x\": {}{}, \"ttl_content\": \"t\"}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(deep.as_bytes()).unwrap().document, b"t");
    }

    #[test]
    fn what_is_no_utf8_is_400() {
        let error = read(b"{\"ttl_content\": \"\xff\"}").err().unwrap();
        assert_eq!(error.status_code(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn only_json_is_read_as_json() {
        for (media_type, expected) in [
            ("application/json", true),
            ("application/ld+json", true),
            ("text/json", false),
            ("application/xml", false),
        ] {
            let media_type = MediaType::read(media_type).unwrap();
            assert_eq!(TurtleBody::read(&media_type, br#"{"ttl_content": "t"}"#.to_vec()).is_ok(), expected);
        }
        let turtle = MediaType::read("text/turtle").unwrap();
        let document = TurtleBody::read(&turtle, b"{}".to_vec()).unwrap().document;
        assert_eq!(document, b"{}");
        let error = TurtleBody::read(&turtle, b"\xff".to_vec()).err().unwrap();
        assert_eq!(error.status_code(), StatusCode::BAD_REQUEST);
    }
}
