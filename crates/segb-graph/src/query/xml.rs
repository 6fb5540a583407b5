//! Text in XML documents.

use std::io::{self, Write};

/// Whether XML 1.0 can carry a character (XML 1.0, production 2).
fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that XML 1.0 has no way to carry.
pub(super) fn unrepresentable(text: &str) -> Option<char> {
    text.chars().find(|character| !is_xml_char(*character))
}

/// Writes text between tags. White space at its ends is written as references, because readers like to trim.
pub(super) fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    let blank = |character| matches!(character, ' ' | '\t' | '\n' | '\r');
    let middle_start = text.len() - text.trim_start_matches(blank).len();
    let middle_end = text.trim_end_matches(blank).len();
    if middle_start >= middle_end {
        return write_escaped(out, text, |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }
    write_escaped(out, &text[..middle_start], |_| true)?;
    // A carriage return would be read as a line feed (XML 1.0, section 2.11).
    write_escaped(out, &text[middle_start..middle_end], |byte| byte == b'\r')?;
    write_escaped(out, &text[middle_end..], |_| true)
}

/// Writes the value of an attribute in double quotes; any white space but the space would be read as a space
/// (section 3.3.3).
pub(super) fn write_attribute(out: &mut impl Write, value: &str) -> io::Result<()> {
    write_escaped(out, value, |byte| matches!(byte, b'\t' | b'\n' | b'\r'))
}

fn write_escaped(out: &mut impl Write, text: &str, as_reference: impl Fn(u8) -> bool) -> io::Result<()> {
    let bytes = text.as_bytes();
    let mut written = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\t' if as_reference(*byte) => "&#x9;",
            b'\n' if as_reference(*byte) => "&#xA;",
            b'\r' if as_reference(*byte) => "&#xD;",
            b' ' if as_reference(*byte) => "&#x20;",
            _ => continue,
        };
        out.write_all(&bytes[written..at])?;
        out.write_all(escape.as_bytes())?;
        written = at + 1;
    }
    out.write_all(&bytes[written..])
}

/// Where the longest name without colon at the end of an IRI starts (XML Names, production 4); none if there is none.
pub(super) fn local_name_start(iri: &str) -> Option<usize> {
    let mut start = None;
    for (at, character) in iri.char_indices().rev() {
        if !is_name_char(character) {
            break;
        }
        if is_name_start_char(character) {
            start = Some(at);
        }
    }
    start
}

/// Whether it is a name without colon.
pub(super) fn is_local_name(text: &str) -> bool {
    local_name_start(text) == Some(0)
}

fn is_name_start_char(character: char) -> bool {
    matches!(
        character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
            | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}'
    )
}

fn is_name_char(character: char) -> bool {
    is_name_start_char(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let mut out = Vec::new();
        write_text(&mut out, text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_keeps_white_space_and_carriage_returns() {
        assert_eq!(text(" a\tb\nc\rd e\n"), "&#x20;a\tb\nc&#xD;d e&#xA;");
        assert_eq!(text(" \r\n "), "&#x20;&#xD;&#xA;&#x20;");
        assert_eq!(text("a <b> & \"c\" ]]>"), "a &lt;b&gt; &amp; &quot;c&quot; ]]&gt;");
        assert_eq!(text(""), "");
        let mut out = Vec::new();
        write_attribute(&mut out, " a\t\n\r\"'<&").unwrap();
        assert_eq!(out, b" a&#x9;&#xA;&#xD;&quot;'&lt;&amp;");
    }

    #[test]
    fn what_xml_cannot_carry_is_found() {
        for character in ['\0', '\u{1}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            assert_eq!(unrepresentable(&format!("a{character}b")), Some(character));
        }
        assert_eq!(unrepresentable("\t\n\r \u{7F}\u{85}\u{2028}\u{D7FF}\u{E000}\u{FFFD}\u{1FFFE}"), None);
    }

    #[test]
    fn iris_are_cut_before_their_local_name() {
        for (iri, local) in [
            ("http://e.org/ns#type", Some("type")),
            ("http://e.org/a/1b", Some("b")),
            ("http://e.org/a-b.c1", Some("a-b.c1")),
            ("http://e.org/x:y", Some("y")),
            ("http://e.org/1", None),
            ("http://e.org/", None),
            ("http://e.org/é", Some("é")),
            ("http://e.org/a%20", None),
        ] {
            assert_eq!(local_name_start(iri).map(|start| &iri[start..]), local, "{iri}");
        }
        assert!(is_local_name("s12b3") && !is_local_name("1a") && !is_local_name("a:b"));
    }
}
