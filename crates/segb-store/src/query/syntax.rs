//! From the text of a query to its algebra, or to a sentence that says what is wrong.

use spargebra::{Query, SparqlParser};

use super::{QueryCheck, QueryError, QueryKind, complexity::check, scan::scan};
use crate::options::QueryLimits;

/// The longest explanation of a syntax error, in characters.
const EXPLANATION_CHARS_MAX: usize = 300;

/// Parses a query and refuses what is no query or would cost too much. Needs a large stack, and so does dropping the
/// result.
pub(super) fn parse(text: &str, limits: &QueryLimits) -> Result<Query, QueryError> {
    if text.len() > limits.text_bytes_max {
        return Err(QueryError::TooLong { bytes: text.len(), bytes_max: limits.text_bytes_max });
    }
    let scanned = scan(text, limits.nesting_max)?;
    let query = match SparqlParser::new().parse_query(&scanned) {
        Ok(query) => query,
        Err(error) => return Err(explain(&scanned, &error.to_string())),
    };
    check(&query)?;
    Ok(query)
}

/// Says what a query is and whether it would be run.
pub(super) fn check_query(text: &str, limits: &QueryLimits) -> QueryCheck {
    let error = match parse(text, limits) {
        Ok(query) => {
            return QueryCheck { valid: true, kind: kind(&query), message: "Valid SPARQL query.".to_owned() };
        }
        Err(error) => error,
    };
    let kind = match &error {
        QueryError::Update => QueryKind::Update,
        QueryError::UnknownForm => QueryKind::Unknown,
        _ => first_word(text).map_or(QueryKind::Unknown, kind_of_word),
    };
    QueryCheck { valid: false, kind, message: error.to_string() }
}

pub(super) fn kind(query: &Query) -> QueryKind {
    match query {
        Query::Select { .. } => QueryKind::Select,
        Query::Construct { .. } => QueryKind::Construct,
        Query::Describe { .. } => QueryKind::Describe,
        Query::Ask { .. } => QueryKind::Ask,
    }
}

fn explain(text: &str, error: &str) -> QueryError {
    match first_word(text).map(kind_of_word) {
        Some(QueryKind::Update) => QueryError::Update,
        // `CLEARALL` and the like: updates whose first word is not separated from the next.
        Some(QueryKind::Unknown) if SparqlParser::new().parse_update(text).is_ok() => QueryError::Update,
        Some(QueryKind::Unknown) => QueryError::UnknownForm,
        None if text_after_prologue(text).is_some() => QueryError::UnknownForm,
        _ => QueryError::Syntax(explanation(text, error)),
    }
}

/// One line: where, what stands there, what was expected.
fn explanation(text: &str, error: &str) -> String {
    let place = error.strip_prefix("error at ").and_then(|rest| {
        let (place, expected) = rest.split_once(": ")?;
        let (line, column) = place.split_once(':')?;
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?, expected))
    });
    let one_line = match place {
        Some((line, column, expected)) => {
            let found = found_at(text, line, column);
            format!("line {line}, column {column}: {expected}, found {found}")
        }
        None => error.to_owned(),
    };
    let one_line: String =
        one_line.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    if one_line.chars().count() <= EXPLANATION_CHARS_MAX {
        return one_line;
    }
    // The list of what was expected is what is long; what was found stands at its end.
    let (head, tail) = one_line.rsplit_once(", found ").unwrap_or((&one_line, ""));
    let room = EXPLANATION_CHARS_MAX.saturating_sub(tail.chars().count() + 12);
    let head: String = head.chars().take(room).collect();
    if tail.is_empty() { format!("{head} …") } else { format!("{head} …, found {tail}") }
}

fn found_at(text: &str, line: usize, column: usize) -> String {
    const CHARS_MAX: usize = 20;
    let rest = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let rest: String = rest.chars().skip(column.saturating_sub(1)).collect();
    let rest = rest.trim_end();
    if rest.is_empty() {
        let more_lines = text.split('\n').count() > line;
        return if more_lines { "the end of the line" } else { "the end of the query" }.to_owned();
    }
    let found: String = rest.chars().take(CHARS_MAX).collect();
    let ellipsis = if rest.chars().count() > CHARS_MAX { "…" } else { "" };
    format!("`{found}{ellipsis}`")
}

fn kind_of_word(word: &str) -> QueryKind {
    match word.to_ascii_uppercase().as_str() {
        "SELECT" => QueryKind::Select,
        "CONSTRUCT" => QueryKind::Construct,
        "ASK" => QueryKind::Ask,
        "DESCRIBE" => QueryKind::Describe,
        "INSERT" | "DELETE" | "WITH" | "LOAD" | "CLEAR" | "CREATE" | "DROP" | "COPY" | "MOVE" | "ADD" => {
            QueryKind::Update
        }
        _ => QueryKind::Unknown,
    }
}

/// The first word after the prologue; none if there is none, or if the prologue is wrong.
fn first_word(text: &str) -> Option<&str> {
    let rest = text_after_prologue(text)?;
    let word = leading_word(rest);
    (!word.is_empty()).then_some(word)
}

/// What follows the PREFIX and BASE declarations; none if one of them is wrong.
fn text_after_prologue(text: &str) -> Option<&str> {
    let mut rest = skip_blank(text);
    loop {
        let word = leading_word(rest);
        let after = skip_blank(&rest[word.len()..]);
        let iri = if word.eq_ignore_ascii_case("PREFIX") {
            let (name, iri) = after.split_once(':')?;
            if name.contains(|character: char| character.is_whitespace() || "<>{}()\"'#".contains(character)) {
                return None;
            }
            skip_blank(iri)
        } else if word.eq_ignore_ascii_case("BASE") {
            after
        } else {
            return Some(rest);
        };
        rest = skip_blank(iri.strip_prefix('<')?.split_once('>')?.1);
    }
}

fn leading_word(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(text.len());
    &text[..end]
}

fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('#') {
        rest = comment.trim_start_matches(|character| !matches!(character, '\r' | '\n')).trim_start();
    }
    rest
}
