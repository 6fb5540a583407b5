//! From the text of a query to its algebra, or to a sentence that says what is wrong.

use spargebra::{Query, SparqlParser};

use super::{
    QueryCheck, QueryError, QueryKind,
    depth::check,
    scan::{blank_ends, scan},
};
use crate::{limits::QueryLimits, term::shortened};

/// The longest explanation of a syntax error, in characters.
const EXPLANATION_CHARS_MAX: usize = 300;

/// Parses a query and refuses what is no query, asks other servers or is nested too deep. Needs a large stack, and so does dropping the
/// result.
pub(super) fn parse(text: &str, limits: &QueryLimits) -> Result<Query, QueryError> {
    if text.len() > limits.text_bytes_max {
        return Err(QueryError::TooLong { bytes: text.len(), bytes_max: limits.text_bytes_max });
    }
    scan(text, limits.nesting_max)?;
    let query = match SparqlParser::new().parse_query(text) {
        Ok(query) => query,
        Err(error) => return Err(explain(text, &error.to_string(), limits.nesting_max)),
    };
    check(&query)?;
    Ok(query)
}

/// Says what a query is and whether it would be run.
pub(crate) fn check_query(text: &str, limits: &QueryLimits) -> QueryCheck {
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

fn explain(text: &str, error: &str, nesting_max: usize) -> QueryError {
    match first_word(text).map(kind_of_word) {
        Some(QueryKind::Update) => QueryError::Update,
        // `CLEARALL` and the like: updates whose first word is not separated from the next.
        Some(QueryKind::Unknown) if SparqlParser::new().parse_update(text).is_ok() => QueryError::Update,
        Some(QueryKind::Unknown) => QueryError::UnknownForm,
        None if text_after_prologue(text).is_some() => QueryError::UnknownForm,
        _ => QueryError::Syntax(explanation(text, error, nesting_max)),
    }
}

/// One line: where, what was expected, what stands there.
fn explanation(text: &str, error: &str, nesting_max: usize) -> String {
    if let Some(rule) = broken_rule(error) {
        return match only_select(text) {
            Some(at) => format!("{}: {rule}", position(text, at)),
            None => rule.to_owned(),
        };
    }
    let Some((at, expected)) = place(text, nesting_max) else {
        return one_line(error, EXPLANATION_CHARS_MAX);
    };
    let place = position(text, at);
    let found = found(&text[at..]);
    match expected {
        None => match undeclared_prefix(text, &text[at..]) {
            Some(prefix) => format!("{place}: the prefix `{prefix}:` is not declared"),
            None => format!("{place}: unexpected {found}"),
        },
        Some(expected) => {
            let expected = one_line(&readable(&expected), EXPLANATION_CHARS_MAX - 80);
            format!("{place}: {expected}, found {found}")
        }
    }
}

/// Counted from 1, in lines and characters.
fn position(text: &str, at: usize) -> String {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    format!("line {line}, column {column}")
}

/// What a query whose grammar is right breaks. The parser notices these at the end of what they are about, and lists
/// them among what it expected there.
fn broken_rule(expected: &str) -> Option<&'static str> {
    const RULES: [(&str, &str); 5] = [
        (
            "The SELECT contains a variable that is unbound",
            "SELECT names a variable that is neither grouped by nor within an aggregate such as COUNT",
        ),
        (
            "The SELECT contains an expression with a variable that is unbound",
            "SELECT has an expression with a variable that is neither grouped by nor within an aggregate such as COUNT",
        ),
        (
            "The SELECT overrides an existing variable using an expression",
            "SELECT gives the value of an expression to a variable that has one already; choose another name after AS",
        ),
        ("Duplicated variable name in SELECT", "SELECT names a variable twice"),
        ("SELECT * is not authorized with GROUP BY", "SELECT * goes with no GROUP BY; name the variables"),
    ];
    RULES.iter().find(|(parsers, _)| expected.contains(parsers)).map(|(_, ours)| *ours)
}

/// Where the word SELECT stands, if it is there once: rules about it are noticed far behind it.
fn only_select(text: &str) -> Option<usize> {
    let upper = text.to_ascii_uppercase();
    let mut found = upper.match_indices("SELECT").map(|(at, _)| at);
    found.next().filter(|_| found.next().is_none())
}

/// Where a text that does not parse stops making sense, and what was expected there if that can be told.
///
/// The parser reports the farthest place it has looked at. To see whether a keyword stands at some place it looks as
/// far ahead as the keyword is long, up to 14 characters, and so it often reports a place beyond the mistake. With
/// more white space than that between the tokens it always stays within the right one.
fn place(text: &str, nesting_max: usize) -> Option<(usize, Option<String>)> {
    const PADDING: &str = "                ";
    let mut padded = String::with_capacity(2 * text.len());
    // Where the parts between white space start, padded and not.
    let mut starts = vec![(0, 0)];
    let mut copied = 0;
    for end in blank_ends(text, nesting_max) {
        padded.push_str(&text[copied..end]);
        padded.push_str(PADDING);
        starts.push((padded.len(), end));
        copied = end;
    }
    padded.push_str(&text[copied..]);
    padded.push_str(PADDING);
    let error = SparqlParser::new().parse_query(&padded).err()?.to_string();
    let (reported, expected) = error.strip_prefix("error at ")?.split_once(": ")?;
    let (line, column) = reported.split_once(':')?;
    let line_start = match line.parse::<usize>().ok()?.checked_sub(2) {
        None => 0,
        Some(newline) => padded.match_indices('\n').nth(newline)?.0 + 1,
    };
    let column = column.parse::<usize>().ok()?.checked_sub(1)?;
    let at = padded[line_start..].char_indices().nth(column).map_or(padded.len(), |(at, _)| line_start + at);
    if at >= padded.len() {
        return Some((text.trim_end().len(), Some(expected.to_owned())));
    }
    let part = starts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
    let (padded_start, start) = *starts.get(part)?;
    let end = starts.get(part + 1).map_or(text.len(), |(_, next)| *next);
    let length = text[start..end].trim_end().len();
    // What was looked for tells how far ahead of its place the parser stands.
    let ahead = shortest_keyword(expected).unwrap_or_default();
    let within = (at - padded_start).saturating_sub(ahead);
    if within < length && text.is_char_boundary(start + within) {
        return Some((start + within, (ahead == 0).then(|| expected.to_owned())));
    }
    Some((start, (length == 0).then(|| expected.to_owned())))
}

/// The length of the shortest keyword, if only keywords were expected.
fn shortest_keyword(expected: &str) -> Option<usize> {
    let list = expected.strip_prefix("expected one of ").or_else(|| expected.strip_prefix("expected "))?;
    let is_keyword = |item: &str| item.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    list.split(", ").all(is_keyword).then(|| list.split(", ").map(str::len).min())?
}

/// The prefix of the name that stands here, if nothing in the text declares it.
fn undeclared_prefix<'t>(text: &str, rest: &'t str) -> Option<&'t str> {
    let (prefix, _) = rest.split_once(':')?;
    let is_name =
        prefix.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.'));
    let declaration = format!("{prefix}:");
    let is_declared = text.match_indices(&declaration).any(|(at, _)| {
        let after = text[at + declaration.len()..].trim_start();
        let before = &text[..at];
        after.starts_with('<') && before.ends_with(char::is_whitespace)
    });
    (is_name && !is_declared).then_some(prefix)
}

/// The parser's list of what it expected, with words for its classes of characters.
fn readable(expected: &str) -> String {
    let Some(list) = expected.strip_prefix("expected one of ") else {
        return expected.to_owned();
    };
    let mut items: Vec<&str> = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let class_end = rest.strip_prefix("['").and_then(|class| class.find("']")).map(|end| end + 4);
        let end = class_end.unwrap_or_else(|| rest.find(", ").unwrap_or(rest.len()));
        let item = match class_end {
            None if rest.starts_with("[_]") => "any character",
            None => &rest[..end],
            Some(_) if rest.starts_with("['0'") => "a digit",
            Some(_) => "a name",
        };
        if !items.contains(&item) {
            items.push(item);
        }
        rest = rest[end..].strip_prefix(", ").unwrap_or_default();
    }
    format!("expected one of {}", items.join(", "))
}

fn found(rest: &str) -> String {
    const CHARS_MAX: usize = 20;
    let line = rest.lines().next().unwrap_or_default().trim_end();
    if line.is_empty() {
        let more = !rest.trim().is_empty();
        return if more { "the end of the line" } else { "the end of the query" }.to_owned();
    }
    format!("`{}`", one_line(line, CHARS_MAX))
}

fn one_line(text: &str, chars_max: usize) -> String {
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    shortened(&text, chars_max).into_owned()
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
            if name.contains(|character: char| character.is_whitespace() || "<>{}()\"'#".contains(character))
            {
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
