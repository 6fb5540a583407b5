//! The explanation for people.

use super::{Description, Request};

/// The text with places for what is special about a bundle. It is for whoever unpacks one, and has only ASCII, so that
/// every machine shows it.
const TEXT: &str = include_str!("readme.txt");

/// A program that checks records, payloads and proofs with nothing but Python's standard library.
const CHECK: &str = include_str!("check.py");

/// The file `README.txt`: what a bundle is, how the record was made, how to check it with and without our program, and
/// what it does not prove.
pub fn readme(description: &Description) -> String {
    let mut text = String::new();
    // In one pass: nothing that comes from outside is taken for a place.
    for part in TEXT.split('{') {
        match part.split_once('}') {
            Some((place, rest)) => {
                text.push_str(&value(place, description));
                text.push_str(rest);
            }
            None => text.push_str(part),
        }
    }
    text
}

/// What belongs to a place.
fn value(place: &str, description: &Description) -> String {
    match place {
        "check" => CHECK.to_owned(),
        "created_at" => description.created_at.to_string(),
        "entry_count" => description.entry_count.to_string(),
        "origin" => plain(&description.origin),
        "request" => words(&description.request),
        "requested_by" => {
            description.requested_by.as_deref().map_or("somebody at the server itself".to_owned(), plain)
        }
        "tree_size" => description.tree_size.to_string(),
        other => format!("{{{other}}}"),
    }
}

/// Names come from outside: one line, and nothing that a terminal would act on.
fn plain(name: &str) -> String {
    name.escape_debug().to_string()
}

/// What was asked for, in words.
fn words(request: &Request) -> String {
    let mut parts = vec![match &request.log_ids {
        None => "the entries".to_owned(),
        Some(ids) => format!("{} entries by their ids", ids.len()),
    }];
    parts.extend(request.since.map(|since| format!("received from {since} on")));
    parts.extend(request.until.map(|until| format!("received before {until}")));
    parts.extend(request.actor.as_deref().map(|actor| format!("by the actor {}", plain(actor))));
    parts.extend(request.kind.map(|kind| format!("of the kind {kind}")));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hash, bundle::FORMAT};

    fn description(requested_by: Option<&str>) -> Description {
        Description {
            format: FORMAT.to_owned(),
            origin: "glassbox.example/journal".to_owned(),
            created_at: crate::Timestamp::default(),
            requested_by: requested_by.map(str::to_owned),
            request: Request { actor: Some("ari\n{check}".to_owned()), ..Request::default() },
            entry_count: 3,
            sequences: vec![(0, 2)],
            tree_size: 12,
            root: Hash::of(&[]),
        }
    }

    #[test]
    fn every_place_is_filled_and_none_from_outside() {
        let text = readme(&description(Some("ada")));
        assert!(text.contains("for ada\n") && text.contains("3 of the 12 entries"), "{text}");
        assert!(text.contains("by the actor ari\\n{check}\n"), "{text}");
        assert_eq!(text.matches("def root_by").count(), 1);
        let known = ["check", "created_at", "entry_count", "origin", "request", "requested_by", "tree_size"];
        let mut places: Vec<_> = TEXT.split('{').skip(1).filter_map(|part| part.split_once('}')).collect();
        places.sort_unstable();
        assert_eq!(places.iter().map(|(place, _)| *place).collect::<Vec<_>>(), known);
        assert!(readme(&description(None)).contains("for somebody at the server itself\n"));
    }

    #[test]
    fn the_text_itself_is_ascii() {
        assert!(TEXT.is_ascii() && CHECK.is_ascii());
    }
}
