//! A first look at a Turtle document, token by token and without recursion: how deep its brackets nest, and which
//! prefixes it declares. The parser proper decides whether the document is valid, but for what it is careless about:
//! escapes, of which some make it panic, and the version directive of RDF 1.2.

use std::borrow::Cow;

/// What the scan found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Declared prefixes whose namespace is an absolute IRI written without escapes, in order of declaration.
    pub(crate) prefixes: Vec<(String, String)>,
    /// Prefix declarations of any form.
    pub(crate) prefix_count: usize,
    /// The offsets of what the parser would misread, in order: see [`adapt`].
    pub(crate) misread: Vec<usize>,
}

/// What the scan refuses, and at which byte offset.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    /// Brackets nest deeper than allowed; this one is one too many.
    TooDeep { offset: usize },
    /// A backslash that starts no escape of a string or an IRI.
    BadEscape { offset: usize },
    /// A string without end starts here.
    UnclosedString { offset: usize },
    /// A version directive.
    Version { offset: usize },
}

/// Looks through the document.
pub(crate) fn scan(document: &str, nesting_max: usize) -> Result<Scan, ScanError> {
    let bytes = document.as_bytes();
    let mut scan = Scan::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b'#' => {
                let end = end_of_line(bytes, at);
                if bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) != Some(&b'\n') {
                    scan.misread.push(end);
                }
                end
            }
            b'<' => end_of_iri(bytes, at)?,
            b'"' | b'\'' => end_of_tag(bytes, end_of_string(bytes, at, &mut scan.misread)?),
            // In a name, which goes on behind the escape.
            b'\\' => end_of_word(bytes, (at + 2).min(bytes.len())),
            b'[' | b'(' => {
                depth += 1;
                if depth > nesting_max {
                    return Err(ScanError::TooDeep { offset: at });
                }
                at + 1
            }
            b']' | b')' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            _ if is_word(byte) => {
                let end = end_of_word(bytes, at);
                let word = &bytes[at..end];
                if is_prefix_keyword(word) {
                    scan.prefix_count += 1;
                    scan.prefixes.extend(declaration(document, end));
                } else if word == b"@version" || word.eq_ignore_ascii_case(b"version") {
                    return Err(ScanError::Version { offset: at });
                }
                end
            }
            _ => at + 1,
        };
    }
    Ok(scan)
}

/// The same document in a form that the parser reads as it should.
///
/// A carriage return that ends a comment becomes a line feed: the parser would read on to the next one, over all that is
/// between. A quote inside a string of three quotes is escaped: the parser would take the character behind it as it is,
/// even a backslash, or panic if that takes more than one byte.
pub(crate) fn adapt<'d>(document: &'d str, misread: &[usize]) -> Cow<'d, str> {
    if misread.is_empty() {
        return Cow::Borrowed(document);
    }
    let mut adapted = String::with_capacity(document.len() + misread.len());
    let mut copied = 0;
    for &offset in misread {
        adapted.push_str(&document[copied..offset]);
        match document.as_bytes()[offset] {
            b'\r' => adapted.push('\n'),
            quote => adapted.extend(['\\', char::from(quote)]),
        }
        copied = offset + 1;
    }
    adapted.push_str(&document[copied..]);
    Cow::Owned(adapted)
}

/// The offset in the document for one in its adapted form.
pub(crate) fn unadapted_offset(document: &str, misread: &[usize], adapted_offset: usize) -> usize {
    let mut inserted = 0;
    for &offset in misread {
        if offset + inserted >= adapted_offset {
            break;
        }
        if document.as_bytes()[offset] != b'\r' {
            inserted += 1;
        }
    }
    adapted_offset - inserted
}

/// `@prefix` of Turtle or `PREFIX` of SPARQL; both start a directive and nothing else spells so.
fn is_prefix_keyword(word: &[u8]) -> bool {
    word == b"@prefix" || word.eq_ignore_ascii_case(b"prefix")
}

/// The `name: <iri>` after a prefix keyword.
fn declaration(document: &str, keyword_end: usize) -> Option<(String, String)> {
    let (name, rest) = document[keyword_end..].trim_start().split_once(':')?;
    let (iri, _) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let absolute = oxrdf::NamedNodeRef::new(iri).is_ok();
    let named = name.bytes().all(|byte| is_word(byte) && byte != b'@');
    (absolute && named).then(|| (name.to_owned(), iri.to_owned()))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'@' | b'_' | b'-' | b':' | b'.' | b'%')
        || !byte.is_ascii()
}

fn end_of_word(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count()
}

fn end_of_line(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count()
}

fn end_of_iri(bytes: &[u8], at: usize) -> Result<usize, ScanError> {
    let mut next = at + 1;
    while let Some(&byte) = bytes.get(next) {
        match byte {
            b'>' | b'\n' => break,
            b'\\' => next = end_of_numeric_escape(bytes, next)?,
            _ => next += 1,
        }
    }
    Ok(next)
}

/// Of `\u` with four or `\U` with eight hexadecimal digits of a character.
fn end_of_numeric_escape(bytes: &[u8], at: usize) -> Result<usize, ScanError> {
    let digits = match bytes.get(at + 1) {
        Some(b'u') => 4,
        Some(b'U') => 8,
        _ => return Err(ScanError::BadEscape { offset: at }),
    };
    let end = at + 2 + digits;
    bytes
        .get(at + 2..end)
        .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        .and_then(|digits| u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok())
        .and_then(char::from_u32)
        .map(|_| end)
        .ok_or(ScanError::BadEscape { offset: at })
}

/// After a closing quote: the language tag, so that `"…"@prefix` is not taken for a directive.
fn end_of_tag(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) == Some(&b'@') { end_of_word(bytes, at) } else { at }
}

fn end_of_string(bytes: &[u8], at: usize, misread: &mut Vec<usize>) -> Result<usize, ScanError> {
    let quote = bytes[at];
    let long = bytes[at..].starts_with(&[quote; 3]);
    let mut next = at + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(next) {
        match byte {
            b'\\' => {
                next = match bytes.get(next + 1) {
                    Some(b't' | b'b' | b'n' | b'r' | b'f' | b'"' | b'\'' | b'\\') => next + 2,
                    _ => end_of_numeric_escape(bytes, next)?,
                }
            }
            b'\n' | b'\r' if !long => break,
            _ if byte == quote && !long => return Ok(next + 1),
            _ if byte == quote && bytes[next..].starts_with(&[quote; 3]) => return Ok(next + 3),
            _ => {
                if byte == quote {
                    misread.push(next);
                }
                next += 1;
            }
        }
    }
    Err(ScanError::UnclosedString { offset: at })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefixes(document: &str) -> Vec<(String, String)> {
        scan(document, 8).unwrap().prefixes
    }

    #[test]
    fn declarations_are_found_and_look_alikes_are_not() {
        let expected = vec![("ex".to_owned(), "http://ex/".to_owned()), (String::new(), "urn:x".to_owned())];
        assert_eq!(prefixes("@prefix ex: <http://ex/> . pReFiX : <urn:x>\nex:a a :b ."), expected);
        for none in [
            "# @prefix ex: <http://ex/> .",
            "<a> <b> \"@prefix ex: <http://ex/> .\" .",
            "<a> <b> '''PREFIX ex: <http://ex/>''' .",
            "<a> <b> \"x\"@prefix, <c:d> .",
            "prefix:a ex:prefix <http://ex/> .",
            "@prefix ex: <relative> .",
            "@prefix ex: <http://ex/\\u0061> .",
            "@prefix ex: <http://e.org:port/> .",
            "ex:a\\~prefix ex:b \"PREFIX ex: <http://ex/>\" .",
        ] {
            assert_eq!(prefixes(none), [], "{none}");
        }
    }

    #[test]
    fn what_the_parser_misreads_is_written_in_another_way() {
        for (document, expected) in [
            ("<a#\r> '#\r' # one\r# two\r\n# three\r", "<a#\r> '#\r' # one\n# two\r\n# three\n"),
            ("''' a 'b' ''\\'\r# \"''' # c", "''' a \\'b\\' \\'\\'\\'\r# \"''' # c"),
            ("\"\"\"\"é\" ''\"\"\"@en", "\"\"\"\\\"é\\\" ''\"\"\"@en"),
            ("\"\" '' \"\"\"\"\"\" 'a\"b'", "\"\" '' \"\"\"\"\"\" 'a\"b'"),
        ] {
            let document = document.replace("\r' #", "\\r' #");
            let expected = expected.replace("\r' #", "\\r' #");
            let misread = scan(&document, 1).unwrap().misread;
            let adapted = adapt(&document, &misread);
            assert_eq!(adapted, expected, "{document}");
            for (offset, _) in adapted.char_indices() {
                let original = unadapted_offset(&document, &misread, offset);
                assert!(original <= offset && document.is_char_boundary(original));
            }
            assert_eq!(unadapted_offset(&document, &misread, adapted.len()), document.len());
        }
    }

    #[test]
    fn only_brackets_that_are_open_at_once_count() {
        let flat = "[] a () . ".repeat(100);
        assert!(scan(&flat, 1).is_ok());
        assert_eq!(
            scan("<a[[[> <b> \"[[[\" , '([' , ex:\\(\\( ; # ((\n [[", 1),
            Err(ScanError::TooDeep { offset: 43 })
        );
        assert_eq!(scan(&"[".repeat(129), 128), Err(ScanError::TooDeep { offset: 128 }));
    }

    #[test]
    fn bad_escapes_and_versions_are_found_where_they_are() {
        for (document, offset) in [
            ("<a> \"\\x\"", 5),
            ("<a> \"\\", 5),
            ("<a> '''\n\\u00e'''", 8),
            ("<a> \"\\u000é\"", 5),
            ("<a> \"\\u+041\"", 5),
            ("<a> \"\\uD83D\\uDE00\"", 5),
            ("<a> \"\\U00110000\"", 5),
            ("<a\\n>", 2),
            ("<a\\u12", 2),
        ] {
            assert_eq!(scan(document, 8), Err(ScanError::BadEscape { offset }), "{document}");
        }
        for (document, offset) in [("<a> \"b\nc\"", 4), ("<a> '''b''", 4), ("<a> \"", 4), ("<a> '''''", 4)] {
            assert_eq!(scan(document, 8), Err(ScanError::UnclosedString { offset }), "{document}");
        }
        for (document, offset) in [("@version '1.2' .", 0), ("# version\nVersion \"1.2\"", 10)] {
            assert_eq!(scan(document, 8), Err(ScanError::Version { offset }), "{document}");
        }
        for fine in [
            "<\\u0061\\U0001F600> \"\\t\\b\\n\\r\\f\\\"\\'\\\\\\u00e9\" 'version' \"x\"@version .",
            "version:a ex:version _:version ex:a\\~version <version> .",
        ] {
            assert_eq!(scan(fine, 8), Ok(Scan::default()), "{fine}");
        }
    }

    proptest! {
        #[test]
        fn scanning_ends_and_never_panics(document in "([\\[\\]()<>\"'\\\\#@ .:\n]|prefix|é|\\PC)*") {
            let _ = scan(&document, 4);
        }
    }
}
