//! A look at the text of a query before it is parsed.
//!
//! The parser descends into brackets by recursion, and for some forms it reads the inside of a bracket twice: `!( … )`,
//! `SUBSTR( … )` and their like, so that thirty of them inside one another would keep it busy for hours. Neither can be
//! stopped once it runs. So this scan refuses texts that are nested too deep or would be read too often.
//!
//! It has to see exactly the brackets that the parser sees. Strings, comments and escapes leave no doubt, but
//! `?a<(?b)&&?c>?d` is a comparison in one place and could start with an IRI in another. Where that matters the scan
//! decides, and writes its decision into the text: a space after an operator `<`, `\u0028` for a bracket in an IRI. If
//! the parser would have decided otherwise, it meets a syntax error at that place and nothing hidden behind it.

use std::borrow::Cow;

use super::QueryError;

/// Bytes that the parser may read beyond the text itself, where a byte inside `n` brackets that are read twice counts
/// 2ⁿ. The parser reads some 10 MB a second.
const BYTES_REREAD_MAX: u64 = 4 << 20;

/// Words before a bracket whose inside the parser reads again when it does not like what follows, with how many more
/// times (in powers of two).
const REREAD: [(&str, u32); 10] = [
    ("SUBSTR", 1),
    ("REGEX", 1),
    ("REPLACE", 1),
    ("GROUP_CONCAT", 2),
    ("COUNT", 1),
    ("SUM", 1),
    ("MIN", 1),
    ("MAX", 1),
    ("AVG", 1),
    ("SAMPLE", 1),
];

/// Checks a text and returns it, with doubts removed.
pub(super) fn scan(text: &str, nesting_max: usize) -> Result<Cow<'_, str>, QueryError> {
    let mut scan = Scan::new(text, nesting_max);
    scan.run()?;
    if scan.copied == 0 {
        return Ok(Cow::Borrowed(text));
    }
    scan.rewritten.push_str(&text[scan.copied..]);
    Ok(Cow::Owned(scan.rewritten))
}

/// Where white space ends between the tokens of a scanned text.
pub(super) fn blank_ends(text: &str, nesting_max: usize) -> Vec<usize> {
    let mut scan = Scan::new(text, nesting_max);
    // A text that was scanned before is not refused.
    let _ = scan.run();
    scan.blank_ends
}

/// An open bracket.
struct Open {
    bracket: u8,
    /// Whether it is inside the data block of a VALUES, where no operator can stand.
    data: bool,
    /// `Scan::reread` outside it.
    reread_outside: u32,
}

struct Scan<'t> {
    text: &'t str,
    /// The byte looked at.
    at: usize,
    /// Bytes of the text that are in `rewritten`.
    copied: usize,
    rewritten: String,
    blank_ends: Vec<usize>,
    open: Vec<Open>,
    /// How often, in powers of two, the parser may read what stands here.
    reread: u32,
    bytes_read: u64,
    /// `!` before this place, with nothing but names in between.
    negations: usize,
    /// `<<` so far.
    quoted_triples: usize,
    /// Whether a value ends directly before this place, so that `<` may be an operator.
    after_operand: bool,
    /// Whether the next `{` opens the data block of a VALUES.
    data_follows: bool,
    /// From [`REREAD`], for the word directly before this place.
    word_reread: u32,
    nesting_max: usize,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, nesting_max: usize) -> Self {
        Self {
            text,
            at: 0,
            copied: 0,
            rewritten: String::new(),
            blank_ends: Vec::new(),
            open: Vec::new(),
            reread: 0,
            bytes_read: 0,
            negations: 0,
            quoted_triples: 0,
            after_operand: false,
            data_follows: false,
            word_reread: 0,
            nesting_max,
        }
    }

    fn run(&mut self) -> Result<(), QueryError> {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            let start = self.at;
            let goes_on = self.step(byte)?;
            self.bytes_read =
                self.bytes_read.saturating_add(((self.at - start) as u64) << self.reread.min(40));
            if self.bytes_read > BYTES_REREAD_MAX + self.text.len() as u64 {
                return Err(QueryError::TooComplex("too many functions are nested in one another".into()));
            }
            if !goes_on {
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
                    self.operand();
                }
                None => return Ok(false),
            },
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => return Ok(self.close(byte)),
            b'<' => self.less_than()?,
            b'!' => self.negation()?,
            // An escaped character of a prefixed name.
            b'\\' => {
                self.at += 1;
                self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
            }
            b'?' | b'$' | b'@' => {
                self.at += 1;
                let rest = &self.text.as_bytes()[self.at..];
                self.at += rest.iter().take_while(|byte| is_name_byte(**byte)).count();
                self.operand();
            }
            _ if is_name_byte(byte) => self.word(),
            _ => {
                self.at += 1;
                self.punctuation();
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

    fn operand(&mut self) {
        self.after_operand = true;
        self.negations = 0;
        self.word_reread = 0;
    }

    fn punctuation(&mut self) {
        self.after_operand = false;
        self.negations = 0;
        self.word_reread = 0;
    }

    /// The one prefix operator into whose operand the parser descends.
    fn negation(&mut self) -> Result<(), QueryError> {
        self.at += 1;
        self.after_operand = false;
        self.word_reread = 0;
        self.negations += 1;
        if self.open.len() + self.negations > self.nesting_max {
            return Err(QueryError::TooNested { nesting_max: self.nesting_max });
        }
        Ok(())
    }

    fn word(&mut self) {
        let length = name_length(&self.text.as_bytes()[self.at..]);
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        if word.contains(':') {
            // The name of a function: the parser tries more than one reading of what follows in brackets.
            self.word_reread = 1;
            self.after_operand = true;
            return;
        }
        // Keywords need no space before the word that follows them, so only the end of the word counts.
        let ends_with = |keyword: &str| {
            let (word, keyword) = (word.as_bytes(), keyword.as_bytes());
            word.len() >= keyword.len() && word[word.len() - keyword.len()..].eq_ignore_ascii_case(keyword)
        };
        self.word_reread = REREAD
            .iter()
            .find_map(|(keyword, times)| ends_with(keyword).then_some(*times))
            .unwrap_or_default();
        self.data_follows |= ends_with("VALUES");
        self.after_operand =
            word.starts_with(|first: char| first.is_ascii_digit()) || ends_with("TRUE") || ends_with("FALSE");
    }

    fn open(&mut self, bracket: u8) -> Result<(), QueryError> {
        self.at += 1;
        let in_data = self.open.last().is_some_and(|open| open.data);
        let data = in_data || (bracket == b'{' && self.data_follows);
        self.data_follows &= bracket != b'{';
        self.open.push(Open { bracket, data, reread_outside: self.reread });
        if self.open.len() + self.negations > self.nesting_max {
            return Err(QueryError::TooNested { nesting_max: self.nesting_max });
        }
        self.reread += self.word_reread + u32::from(self.negations > 0);
        self.punctuation();
        Ok(())
    }

    fn close(&mut self, bracket: u8) -> bool {
        self.at += 1;
        let opened_by = match bracket {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        match self.open.pop() {
            Some(open) if open.bracket == opened_by => {
                self.reread = open.reread_outside;
                self.operand();
                self.after_operand = bracket != b'}';
                true
            }
            _ => false,
        }
    }

    fn less_than(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        if self.text.as_bytes().get(start + 1) == Some(&b'<') {
            return self.quoted_triple();
        }
        let Some(iri) = iri_content(&self.text[start + 1..]) else {
            self.at += 1;
            self.punctuation();
            return Ok(());
        };
        let end = start + 1 + iri.len() + 1;
        let matters = iri.contains(['(', ')', '[', ']', '\'', '#']);
        if matters && !is_hierarchical(iri) {
            let in_expression = self.open.last().is_some_and(|open| open.bracket == b'(' && !open.data);
            if self.after_operand && in_expression && (iri.contains(['(', ')']) || iri.starts_with('\'')) {
                let operator = if iri.starts_with('=') { "<=" } else { "<" };
                self.rewrite(start, start + operator.len(), &format!("{operator} "));
                self.punctuation();
                return Ok(());
            }
            let mut escaped = String::with_capacity(iri.len() + 16);
            for character in iri.chars() {
                match character {
                    '(' | ')' | '[' | ']' | '\'' | '#' => {
                        escaped.push_str(&format!("\\u{:04X}", u32::from(character)));
                    }
                    _ => escaped.push(character),
                }
            }
            self.rewrite(start, end, &format!("<{escaped}>"));
        } else {
            self.at = end;
        }
        self.word_reread = 1;
        self.after_operand = true;
        Ok(())
    }

    /// SPARQL 1.2 only, so the parser refuses it in the end, but not before it has read all that are nested in it.
    fn quoted_triple(&mut self) -> Result<(), QueryError> {
        self.at += 2;
        self.punctuation();
        self.quoted_triples += 1;
        if self.quoted_triples > self.nesting_max {
            return Err(QueryError::TooNested { nesting_max: self.nesting_max });
        }
        Ok(())
    }

    /// Puts other text in the place of the bytes from `start` to `end`, and goes on behind them.
    fn rewrite(&mut self, start: usize, end: usize, text: &str) {
        self.rewritten.push_str(&self.text[self.copied..start]);
        self.rewritten.push_str(text);
        self.copied = end;
        self.at = end;
    }
}

/// Whether a byte may stand in a keyword, a number or a prefixed name, as far as it matters here.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b':' | b'%')
}

fn name_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_name_byte(**byte) || **byte == b'-').count()
}

/// What stands before the next `>`, if it could be an IRI reference.
fn iri_content(text: &str) -> Option<&str> {
    let forbidden =
        |byte: &u8| *byte <= b' ' || matches!(byte, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`');
    let end = text.as_bytes().iter().position(forbidden)?;
    (text.as_bytes()[end] == b'>').then(|| &text[..end])
}

/// Whether it starts as `http://` does, which no expression can contain.
fn is_hierarchical(iri: &str) -> bool {
    let scheme = iri.split("://").next().unwrap_or_default();
    scheme.len() < iri.len()
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '+' | '.' | '-'))
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

    fn check(text: &str) -> Result<Cow<'_, str>, QueryError> {
        scan(text, 10)
    }

    fn deep(text: &str) {
        assert_eq!(check(text), Err(QueryError::TooNested { nesting_max: 10 }), "{text}");
    }

    fn unchanged(text: &str) {
        assert_eq!(check(text), Ok(Cow::Borrowed(text)));
    }

    #[test]
    fn brackets_count_where_the_parser_sees_them() {
        unchanged(&"(".repeat(10));
        deep(&"(".repeat(11));
        deep(&"[{(".repeat(4));
        deep(&"!".repeat(11));
        deep(&format!("{}{}", "(".repeat(6), "!".repeat(6)));
        unchanged(&"()".repeat(100));
        // In strings, comments, IRIs and escaped names they are text.
        let brackets = "(".repeat(20);
        for text in [
            format!("'{brackets}'"),
            format!("\"\\\"{brackets}\""),
            format!("'''it's {brackets} ' '''"),
            format!("\"\"\"a\n{brackets}\"\"\""),
            format!("# {brackets}\n"),
            format!("<http://example.org/{brackets}>"),
            format!("a:{}", "\\(".repeat(20)),
        ] {
            unchanged(&text);
            deep(&format!("{text} {brackets}"));
        }
    }

    #[test]
    fn text_that_only_looks_like_a_string_hides_nothing() {
        let brackets = "(".repeat(20);
        // A long string that does not end is an empty short one and the rest.
        deep(&format!("''' ' {brackets}"));
        // Beyond these the parser does not come.
        unchanged(&format!("'not ended {brackets}"));
        unchanged(&format!("'\\x' {brackets}"));
        unchanged(&format!("'''\\x' {brackets}"));
        unchanged(&format!("(] {brackets}"));
        unchanged(&format!(") {brackets}"));
    }

    #[test]
    fn a_less_than_sign_that_could_start_an_iri_hides_nothing() {
        let brackets = "(".repeat(20);
        deep(&format!("FILTER(?a<{brackets}?b>1"));
        deep(&format!("FILTER(?a < {brackets}?b>1"));
        deep(&format!("FILTER(?a<'>'{brackets}"));
        assert_eq!(check("FILTER(?a<(?b)&&?c>?d)").unwrap(), "FILTER(?a< (?b)&&?c>?d)");
        assert_eq!(check("FILTER(?a<=(?b)&&?c>?d)").unwrap(), "FILTER(?a<= (?b)&&?c>?d)");
        // Taken as an IRI and made unreadable as anything else.
        assert_eq!(check("{ ?s <#p> ?o }").unwrap(), "{ ?s <\\u0023p> ?o }");
        assert_eq!(check("{ ?s <urn:a(b)> ?o }").unwrap(), "{ ?s <urn:a\\u0028b\\u0029> ?o }");
        assert_eq!(
            check("VALUES (?a ?b) { (<a(1)> <b(2)>) }").unwrap(),
            "VALUES (?a ?b) { (<a\\u00281\\u0029> <b\\u00282\\u0029>) }"
        );
        unchanged("FILTER(?a<?b&&?c>?d)");
        unchanged("?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.org/o'brien_(x)>");
    }

    #[test]
    fn what_the_parser_would_read_again_and_again_is_refused() {
        for (open, times) in
            [("!(", 30), ("SUBSTR(", 30), ("GROUP_CONCAT(", 15), ("a:f(", 30), ("!EXISTS{", 30)]
        {
            let text = open.repeat(times);
            assert!(matches!(scan(&text, 128), Err(QueryError::TooComplex(_))), "{text}");
            let text = open.repeat(5);
            assert_eq!(scan(&text, 128), Ok(Cow::Borrowed(text.as_str())));
        }
        assert!(scan(&"(".repeat(128), 128).is_ok());
        assert!(scan(&"(STR".repeat(64), 128).is_ok());
    }

    #[test]
    fn any_text_is_scanned_without_a_panic() {
        for text in ["\\", "\\é", "<", "'", "'''", "\"\\u12", "?", "@é", "é(", "a\u{0}"] {
            let _ = check(text);
        }
    }
}
