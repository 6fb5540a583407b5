//! Query strings, forms and headers: values are within their bounds, and a refusal is an answer that can be sent.

use segb_graph::query::{GraphFormat, SolutionsFormat};
use segb_http::fuzz::{Refusal, accept, parameters};

/// As for the public pages of the journal, the first of which is for whoever does not care.
const OFFERED: [&str; 3] = ["application/json", "text/csv; charset=utf-8", "text/turtle"];

pub(crate) fn run(bytes: &[u8]) {
    match parameters(bytes) {
        Ok(read) => {
            assert!(read.integer.is_none_or(|limit| (1..=2_000).contains(&limit)));
            assert!(read.large.is_none_or(|number| i64::try_from(number).is_ok()));
            assert!(read.number.is_none_or(|number| (0.0..=1.0).contains(&number)));
            assert!(read.text.is_none_or(|text| !text.trim().is_empty()));
            assert!(read.resources.len() <= 10 && read.resources.iter().all(|name| name.contains(':')));
            let ids = read.ids.unwrap_or_default();
            assert!((1..ids.len()).all(|at| !ids[..at].contains(&ids[at])), "an id comes twice");
            if let Some(moment) = read.moment {
                assert_eq!(moment.to_string().parse(), Ok(moment));
            }
        }
        Err(refusal) => is_an_answer(&refusal, &[422]),
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    text.lines().for_each(accepted);
}

fn accepted(header: &str) {
    let (solutions, graph, one) = accept(header, &OFFERED);
    let ranges: Vec<&str> = header.split(',').map(str::trim).filter(|range| !range.is_empty()).collect();
    if ranges.is_empty() || ranges.contains(&"text/turtle") || ranges == ["*/*"] {
        assert_eq!((solutions, graph), (Some(SolutionsFormat::Turtle), Some(GraphFormat::Turtle)));
    }
    if ranges.contains(&"*/*") {
        assert!(one.is_ok() || ranges.iter().any(|range| range.contains(';')));
    }
    match one {
        Ok(one) => assert!(OFFERED.contains(&one)),
        Err(refusal) => is_an_answer(&refusal, &[406]),
    }
}

/// JSON with a status that such a refusal has.
pub(crate) fn is_an_answer(refusal: &Refusal, statuses: &[u16]) {
    assert!(statuses.contains(&refusal.status), "status {}", refusal.status);
    let body: serde_json::Value = serde_json::from_slice(&refusal.body).expect("JSON");
    assert!(body["detail"].is_string() || body["detail"].is_array(), "{body}");
}
