//! A look at the text of a query before it is parsed: how deep its brackets are nested.
//!
//! The parser descends into brackets by recursion. A text that is nested deeper than anybody writes is told so here, and
//! not by a process that has run out of stack. The scan reads strings, comments and escapes as the parser does. Where it
//! cannot know whether `<` is an operator or starts an IRI it takes it for an IRI, so that it may miss brackets, but
//! never counts too many.

use super::QueryError;

/// Refuses a text that is nested deeper than `nesting_max`.
pub(super) fn scan(text: &str, nesting_max: usize) -> Result<(), QueryError> {
    Scan::new(text, nesting_max).run()
}

/// Where white space ends between the tokens of a scanned text.
pub(super) fn blank_ends(text: &str, nesting_max: usize) -> Vec<usize> {
    let mut scan = Scan::new(text, nesting_max);
    // A text that was scanned before is not refused.
    let _ = scan.run();
    scan.blank_ends
}

struct Scan<'t> {
    text: &'t str,
    /// The byte looked at.
    at: usize,
    blank_ends: Vec<usize>,
    /// The brackets that are open.
    open: Vec<u8>,
    /// `!` before this place, with nothing but names in between.
    negations: usize,
    /// `<<` so far.
    quoted_triples: usize,
    nesting_max: usize,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, nesting_max: usize) -> Self {
        let (blank_ends, open) = (Vec::new(), Vec::new());
        Self { text, at: 0, blank_ends, open, negations: 0, quoted_triples: 0, nesting_max }
    }

    fn run(&mut self) -> Result<(), QueryError> {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            if !self.step(byte)? {
                break;
            }
        }
        Ok(())
    }

    /// Takes the next token; false if the parser cannot get beyond it.
    fn step(&mut self, byte: u8) -> Result<bool, QueryError> {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => self.skip_blank(),
            b'#' => self.skip_comment(),
            b'"' | b'\'' => match string_end(self.text.as_bytes(), self.at) {
                Some(end) => {
                    self.at = end;
                    self.negations = 0;
                }
                None => return Ok(false),
            },
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => return Ok(self.close(byte)),
            b'<' => self.less_than()?,
            b'!' => {
                // The one prefix operator into whose operand the parser descends.
                self.at += 1;
                self.negations += 1;
                self.check(self.open.len() + self.negations)?;
            }
            // An escaped character of a prefixed name.
            b'\\' => {
                self.at += 1;
                self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
            }
            b'?' | b'$' | b'@' => {
                self.at += 1;
                self.skip_name();
                self.negations = 0;
            }
            _ if is_name_byte(byte) => self.skip_name(),
            _ => {
                self.at += 1;
                self.negations = 0;
            }
        }
        Ok(true)
    }

    fn skip_blank(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len());
        self.blank_ends.push(self.at);
    }

    fn skip_comment(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
    }

    fn skip_name(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| is_name_byte(**byte)).count();
    }

    fn check(&self, depth: usize) -> Result<(), QueryError> {
        if depth > self.nesting_max {
            return Err(QueryError::TooNested { nesting_max: self.nesting_max });
        }
        Ok(())
    }

    fn open(&mut self, bracket: u8) -> Result<(), QueryError> {
        self.at += 1;
        self.open.push(bracket);
        self.check(self.open.len() + self.negations)?;
        self.negations = 0;
        Ok(())
    }

    fn close(&mut self, bracket: u8) -> bool {
        self.at += 1;
        self.negations = 0;
        let opened_by = match bracket {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        self.open.pop() == Some(opened_by)
    }

    fn less_than(&mut self) -> Result<(), QueryError> {
        self.negations = 0;
        self.at += 1;
        let rest = &self.text.as_bytes()[self.at..];
        if rest.first() == Some(&b'<') {
            // SPARQL 1.2 only, so the parser refuses it in the end, but not before it has read all that are nested in it.
            self.at += 1;
            self.quoted_triples += 1;
            return self.check(self.quoted_triples);
        }
        let ends = |byte: &u8| {
            *byte <= b' ' || matches!(byte, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`')
        };
        if let Some(end) = rest.iter().position(ends).filter(|end| rest.get(*end) == Some(&b'>')) {
            self.at += end + 1;
        }
        Ok(())
    }
}

/// Whether a byte may stand in a keyword, a number or a prefixed name, as far as it matters here.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b':' | b'%')
}

/// The end of the string that starts here, read as the parser reads it: a long one if it can be one, else a short one.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let long = [quote; 3];
    if bytes[start..].starts_with(&long)
        && let Some(end) = closing_quote(bytes, start + 3, &long)
    {
        return Some(end);
    }
    closing_quote(bytes, start + 1, &[quote])
}

fn closing_quote(bytes: &[u8], mut at: usize, quotes: &[u8]) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(quotes) {
            return Some(at + quotes.len());
        }
        match rest.first()? {
            b'\\' => {
                let digits = match rest.get(1)? {
                    b't' | b'b' | b'n' | b'r' | b'f' | b'"' | b'\'' | b'\\' => 0,
                    b'u' => 4,
                    b'U' => 8,
                    _ => return None,
                };
                if !rest.get(2..2 + digits)?.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                at += 2 + digits;
            }
            b'\r' | b'\n' if quotes.len() == 1 => return None,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), QueryError> {
        scan(text, 10)
    }

    fn deep(text: &str) {
        assert_eq!(check(text), Err(QueryError::TooNested { nesting_max: 10 }), "{text}");
    }

    fn flat(text: &str) {
        assert_eq!(check(text), Ok(()), "{text}");
    }

    #[test]
    fn brackets_count_where_the_parser_sees_them() {
        flat(&"(".repeat(10));
        deep(&"(".repeat(11));
        deep(&"[{(".repeat(4));
        deep(&"!".repeat(11));
        deep(&format!("{}{}", "(".repeat(6), "!".repeat(6)));
        deep(&"<<".repeat(11));
        flat(&"()".repeat(100));
        // In strings, comments, IRIs and escaped names they are text.
        let brackets = "(".repeat(20);
        for text in [
            format!("'{brackets}'"),
            format!("\"\\\"{brackets}\""),
            format!("'''it's {brackets} ' '''"),
            format!("\"\"\"a\n{brackets}\"\"\""),
            format!("# {brackets}\n"),
            format!("<http://example.org/{brackets}>"),
            format!("<urn:{brackets}>"),
            format!("a:{}", "\\(".repeat(20)),
        ] {
            flat(&text);
            deep(&format!("{text} {brackets}"));
        }
    }

    #[test]
    fn text_that_only_looks_like_a_string_or_an_iri_hides_nothing() {
        let brackets = "(".repeat(20);
        // A long string that does not end is an empty short one and the rest.
        deep(&format!("''' ' {brackets}"));
        deep(&format!("FILTER(?a<{brackets}?b"));
        deep(&format!("FILTER(?a < {brackets}?b>1"));
        // Beyond these the parser does not come.
        flat(&format!("'not ended {brackets}"));
        flat(&format!("'\\x' {brackets}"));
        flat(&format!("'''\\x' {brackets}"));
        flat(&format!("(] {brackets}"));
        flat(&format!(") {brackets}"));
    }

    #[test]
    fn any_text_is_scanned_without_a_panic() {
        for text in ["\\", "\\é", "<", "'", "'''", "\"\\u12", "?", "@é", "é(", "a\u{0}"] {
            let _ = check(text);
        }
    }
}
