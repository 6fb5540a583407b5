//! Values that are logged as literals.

use segb_journal::Timestamp;

use crate::{
    LogError,
    graph::{Literal, Node},
    vocabulary::xsd,
};

/// A value of a state, a parameter or a characteristic.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `xsd:string`.
    Text(String),
    /// `xsd:long`.
    Integer(i64),
    /// `xsd:double`.
    Number(f64),
    /// `xsd:boolean`.
    Truth(bool),
    /// `xsd:dateTime`, in UTC.
    Time(Timestamp),
}

impl Value {
    /// The literal.
    pub(crate) fn into_node(self, what: &'static str) -> Result<Node, LogError> {
        Ok(match self {
            Self::Text(text) => Node::text(text),
            Self::Integer(number) => Node::typed(number.to_string(), xsd::LONG),
            Self::Number(number) => Node::typed(lexical(what, number)?, xsd::DOUBLE),
            Self::Truth(truth) => Node::typed(truth.to_string(), xsd::BOOLEAN),
            Self::Time(time) => time_node(time),
        })
    }
}

macro_rules! from {
    ($($from:ty => $variant:ident),*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}
from!(&str => Text, String => Text, i64 => Integer, i32 => Integer, u32 => Integer, f64 => Number, f32 => Number,
    bool => Truth, Timestamp => Time);

/// A moment in UTC, spelled as Python spells it: literals that differ in spelling are different triples.
pub(crate) fn time_node(time: Timestamp) -> Node {
    Node::typed(iso_format(time), xsd::DATE_TIME)
}

/// Python's `isoformat` of a moment in UTC: `+00:00`, and a fraction of six digits or none.
pub(crate) fn iso_format(time: Timestamp) -> String {
    let mut text = time.to_string();
    let is_whole = time.as_unix_us().rem_euclid(1_000_000) == 0;
    // A timestamp ends with a point, six digits and Z.
    text.truncate(text.len() - if is_whole { ".000000Z".len() } else { "Z".len() });
    text + "+00:00"
}

/// A number as `xsd:float`.
pub(crate) fn float_node(what: &'static str, number: f64) -> Result<Node, LogError> {
    Ok(Node::typed(lexical(what, number)?, xsd::FLOAT))
}

/// A number from 0 to 1 as `xsd:float`.
pub(crate) fn fraction_node(what: &'static str, number: f64) -> Result<Node, LogError> {
    float_node(what, in_range(what, number, 0.0, 1.0)?)
}

/// The number, if it is in the range.
pub(crate) fn in_range(what: &'static str, value: f64, min: f64, max: f64) -> Result<f64, LogError> {
    match (min..=max).contains(&value) {
        true => Ok(value),
        false if value.is_finite() => Err(LogError::OutOfRange { what, value, min, max }),
        false => Err(LogError::NotFinite { what, value }),
    }
}

/// The shortest digits that give the number back, spelled as Python spells them: literals that differ in spelling are
/// different triples.
fn lexical(what: &'static str, value: f64) -> Result<String, LogError> {
    if !value.is_finite() {
        return Err(LogError::NotFinite { what, value });
    }
    // Debug turns to exponents where Python does, below 1e-4 and from 1e16 on.
    let text = format!("{value:?}");
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return Ok(text);
    };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    let mantissa = mantissa.strip_suffix(".0").unwrap_or(mantissa);
    Ok(format!("{mantissa}e{sign}{digits:0>2}"))
}

/// A literal in a language.
pub(crate) fn in_language(text: String, language: &str) -> Node {
    Node::Literal(Literal::in_language(text, language.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spelled_as_python_does() {
        for (time, text) in [
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00+00:00"),
            ("2026-01-31T10:00:00.5+01:00", "2026-01-31T09:00:00.500000+00:00"),
            ("0099-12-31T23:59:59.999999Z", "0099-12-31T23:59:59.999999+00:00"),
            ("1969-12-31T23:59:59.000001Z", "1969-12-31T23:59:59.000001+00:00"),
        ] {
            assert_eq!(iso_format(time.parse().unwrap()), text);
        }
    }

    #[test]
    fn numbers_are_spelled_as_python_does() {
        for (number, text) in [
            (0.8, "0.8"),
            (1e-5, "1e-05"),
            (1e-4, "0.0001"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e22, "1e+22"),
            (100.0, "100.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (5e-324, "5e-324"),
            (-0.0, "-0.0"),
            (-1.5e-7, "-1.5e-07"),
            (1e100, "1e+100"),
        ] {
            assert_eq!(lexical("x", number).unwrap(), text);
        }
        assert!(matches!(lexical("x", f64::NAN), Err(LogError::NotFinite { .. })));
    }
}
