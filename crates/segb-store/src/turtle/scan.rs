//! A first look at a Turtle document, token by token and without recursion: how deep its brackets nest, and which
//! prefixes it declares. The parser proper decides whether the document is valid.

/// What the scan found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Declared prefixes whose namespace is an absolute IRI written without escapes, in order of declaration.
    pub(crate) prefixes: Vec<(String, String)>,
    /// Prefix declarations of any form.
    pub(crate) prefix_count: usize,
}

/// Brackets nest deeper than allowed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooDeep {
    /// The byte offset of the bracket that is one too many.
    pub(crate) offset: usize,
}

/// Looks through the document.
pub(crate) fn scan(document: &str, nesting_max: usize) -> Result<Scan, TooDeep> {
    let bytes = document.as_bytes();
    let mut scan = Scan::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b'#' => end_of_line(bytes, at),
            b'<' => end_of_iri(bytes, at),
            b'"' | b'\'' => end_of_tag(bytes, end_of_string(bytes, at)),
            b'\\' => at + 2,
            b'[' | b'(' => {
                depth += 1;
                if depth > nesting_max {
                    return Err(TooDeep { offset: at });
                }
                at + 1
            }
            b']' | b')' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            _ if is_word(byte) => {
                let end = end_of_word(bytes, at);
                if is_prefix_keyword(&bytes[at..end]) {
                    scan.prefix_count += 1;
                    scan.prefixes.extend(declaration(document, end));
                }
                end
            }
            _ => at + 1,
        };
    }
    Ok(scan)
}

/// `@prefix` of Turtle or `PREFIX` of SPARQL; both start a directive and nothing else spells so.
fn is_prefix_keyword(word: &[u8]) -> bool {
    word == b"@prefix" || word.eq_ignore_ascii_case(b"prefix")
}

/// The `name: <iri>` after a prefix keyword.
fn declaration(document: &str, keyword_end: usize) -> Option<(String, String)> {
    let (name, rest) = document[keyword_end..].trim_start().split_once(':')?;
    let (iri, _) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let absolute = sophia::iri::Iri::new(iri).is_ok();
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
    at + bytes[at..]
        .iter()
        .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
        .count()
}

fn end_of_iri(bytes: &[u8], at: usize) -> usize {
    at + 1
        + bytes[at + 1..]
            .iter()
            .take_while(|byte| !matches!(byte, b'>' | b'\n'))
            .count()
}

/// After a closing quote: the language tag, so that `"…"@prefix` is not taken for a directive.
fn end_of_tag(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) == Some(&b'@') {
        end_of_word(bytes, at)
    } else {
        at
    }
}

fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let long = bytes[at..].starts_with(&[quote; 3]);
    let mut next = at + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(next) {
        match byte {
            b'\\' => next += 2,
            b'\n' | b'\r' if !long => return next,
            _ if byte == quote && !long => return next + 1,
            _ if byte == quote && bytes[next..].starts_with(&[quote; 3]) => {
                // The last three of a run of quotes close the string.
                next += bytes[next..].iter().take_while(|byte| **byte == quote).count();
                return next;
            }
            _ => next += 1,
        }
    }
    bytes.len()
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
        let expected = vec![
            ("ex".to_owned(), "http://ex/".to_owned()),
            (String::new(), "urn:x".to_owned()),
        ];
        assert_eq!(
            prefixes("@prefix ex: <http://ex/> . pReFiX : <urn:x>\nex:a a :b ."),
            expected
        );
        for none in [
            "# @prefix ex: <http://ex/> .",
            "<a> <b> \"@prefix ex: <http://ex/> .\" .",
            "<a> <b> '''PREFIX ex: <http://ex/>''' .",
            "<a> <b> \"x\"@prefix, <c:d> .",
            "prefix:a ex:prefix <http://ex/> .",
            "@prefix ex: <relative> .",
            "@prefix ex: <http://ex/\\u0061> .",
        ] {
            assert_eq!(prefixes(none), [], "{none}");
        }
    }

    #[test]
    fn only_brackets_that_are_open_at_once_count() {
        let flat = "[] a () . ".repeat(100);
        assert!(scan(&flat, 1).is_ok());
        assert_eq!(
            scan("<a[[[> <b> \"[[[\" , '([' , ex:\\(\\( ; # ((\n [[", 1),
            Err(TooDeep { offset: 43 })
        );
        assert_eq!(scan(&"[".repeat(129), 128), Err(TooDeep { offset: 128 }));
    }

    proptest! {
        #[test]
        fn scanning_ends_and_never_panics(document in "([\\[\\]()<>\"'\\\\#@ .:\n]|prefix|é|\\PC)*") {
            let _ = scan(&document, 4);
        }
    }
}
