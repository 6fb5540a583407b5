//! Which format an answer has (`Accept`, RFC 9110, section 12.5.1), with the Turtle of the Python service as the rule:
//! it is the answer for `*/*`, for no `Accept`, and whenever `text/turtle` is listed.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header::ACCEPT},
};
use segb_store::{GraphFormat, SolutionsFormat};

use crate::ApiError;

/// In the order of the server's preference.
const SOLUTIONS: [SolutionsFormat; 5] = [
    SolutionsFormat::Turtle,
    SolutionsFormat::Json,
    SolutionsFormat::Xml,
    SolutionsFormat::Csv,
    SolutionsFormat::Tsv,
];

/// In the order of the server's preference.
const GRAPHS: [GraphFormat; 4] =
    [GraphFormat::Turtle, GraphFormat::NTriples, GraphFormat::JsonLd, GraphFormat::RdfXml];

/// The media types that a caller can read.
#[derive(Debug)]
pub(crate) struct Accept(Vec<Range>);

#[derive(Debug)]
struct Range {
    essence: String,
    /// In thousandths.
    quality: u16,
}

/// How well a format fits: a named one before one that only fits a wildcard of the same quality.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    quality: u16,
    named: bool,
}

impl Accept {
    pub(crate) fn read<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let ranges = values.flat_map(|value| value.split(',')).filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().filter(|essence| !essence.is_empty())?.to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let quality = weight.map_or(Some(1.0), |weight| weight.trim().parse::<f32>().ok())?;
            Some(Range { essence, quality: (quality.clamp(0.0, 1.0) * 1e3) as u16 })
        });
        Self(ranges.collect())
    }

    /// The best format for the answer to SELECT or ASK.
    pub(crate) fn solutions(&self) -> Option<SolutionsFormat> {
        self.best(&SOLUTIONS, SolutionsFormat::media_type)
    }

    /// The best format for a graph.
    pub(crate) fn graph(&self) -> Option<GraphFormat> {
        self.best(&GRAPHS, GraphFormat::media_type)
    }

    /// As [`graph`](Self::graph), or 406 with the formats there are.
    pub(crate) fn graph_or_refuse(&self) -> Result<GraphFormat, ApiError> {
        self.graph().ok_or_else(|| {
            let formats = GRAPHS.map(|format| essence(format.media_type())).join(", ");
            let detail = format!("The graph is available as {formats}; Accept lists none of them.");
            ApiError::new(StatusCode::NOT_ACCEPTABLE, detail)
        })
    }

    /// The best of some media types, the first of which is the answer where the caller does not care; or 406.
    pub(crate) fn one_of(&self, offered: &[&'static str]) -> Result<&'static str, ApiError> {
        let mut best: Option<(Fit, &'static str)> = None;
        for &media_type in offered {
            let fit = match self.0.is_empty() {
                true => Some(Fit { quality: 1_000, named: false }),
                false => self.fit(essence(media_type)),
            };
            if let Some(fit) = fit
                && best.as_ref().is_none_or(|(best_fit, _)| fit > *best_fit)
            {
                best = Some((fit, media_type));
            }
        }
        best.map(|(_, media_type)| media_type).ok_or_else(|| {
            let offered: Vec<&str> = offered.iter().map(|media_type| essence(media_type)).collect();
            let detail =
                format!("The answer is available as {}; Accept lists none of them.", offered.join(", "));
            ApiError::new(StatusCode::NOT_ACCEPTABLE, detail)
        })
    }

    fn best<F: Copy>(&self, formats: &[F], media_type: impl Fn(F) -> &'static str) -> Option<F> {
        let turtle = *formats.first()?;
        let lists_turtle = self.0.iter().any(|range| range.essence == "text/turtle" && range.quality > 0);
        if self.0.is_empty() || lists_turtle {
            return Some(turtle);
        }
        let mut best: Option<(Fit, F)> = None;
        for &format in formats {
            let Some(fit) = self.fit(essence(media_type(format))) else {
                continue;
            };
            if best.as_ref().is_none_or(|(best_fit, _)| fit > *best_fit) {
                best = Some((fit, format));
            }
        }
        let named_json = || self.fit("application/json").filter(|fit| fit.named);
        match best {
            Some((_, format)) => Some(format),
            // Many clients ask for JSON by its family name.
            None if named_json().is_some() => {
                formats.iter().copied().find(|format| essence(media_type(*format)).ends_with("+json"))
            }
            None => None,
        }
    }

    /// By the most specific range that a media type fits; none if that one excludes it.
    fn fit(&self, essence: &str) -> Option<Fit> {
        let family = essence.split('/').next().unwrap_or_default();
        let quality_of = |wanted: &dyn Fn(&str) -> bool| {
            self.0.iter().filter(|range| wanted(&range.essence)).map(|range| range.quality).max()
        };
        let named = quality_of(&|range| range == essence).map(|quality| Fit { quality, named: true });
        let of_family = || quality_of(&|range| range.strip_suffix("/*") == Some(family) && range != "*/*");
        let any = || quality_of(&|range| range == "*/*" || range == "*");
        let fit = named.or_else(|| of_family().or_else(any).map(|quality| Fit { quality, named: false }));
        fit.filter(|fit| fit.quality > 0)
    }
}

fn essence(media_type: &'static str) -> &'static str {
    media_type.split(';').next().unwrap_or(media_type)
}

impl FromRequest for Accept {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let values = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        ready(Ok(Self::read(values)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str, solutions: Option<SolutionsFormat>, graph: Option<GraphFormat>) {
        let read = Accept::read([accept].into_iter());
        assert_eq!((read.solutions(), read.graph()), (solutions, graph), "{accept:?}");
    }

    #[test]
    fn turtle_is_the_rule() {
        for accept in [
            "",
            "*/*",
            "text/turtle",
            "text/*",
            "text/turtle;q=0.1, application/sparql-results+json, application/ld+json",
            "TEXT/TURTLE",
            // A browser, and axios.
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json, text/plain, */*",
        ] {
            check(accept, Some(SolutionsFormat::Turtle), Some(GraphFormat::Turtle));
        }
    }

    #[test]
    fn other_formats_are_named() {
        check("application/sparql-results+json", Some(SolutionsFormat::Json), None);
        check(
            "application/sparql-results+xml, */*;q=0.1",
            Some(SolutionsFormat::Xml),
            Some(GraphFormat::Turtle),
        );
        check("text/csv", Some(SolutionsFormat::Csv), None);
        check("text/csv;q=0.5, text/tab-separated-values", Some(SolutionsFormat::Tsv), None);
        check("application/sparql-results+json, */*", Some(SolutionsFormat::Json), Some(GraphFormat::Turtle));
        check("application/json", Some(SolutionsFormat::Json), Some(GraphFormat::JsonLd));
        check("application/ld+json;q=0.9, application/rdf+xml", None, Some(GraphFormat::RdfXml));
        check("application/*", Some(SolutionsFormat::Json), Some(GraphFormat::NTriples));
    }

    #[test]
    fn reports_are_json_unless_something_else_is_named() {
        for (accept, expected) in [
            ("", Some("application/json")),
            ("*/*", Some("application/json")),
            ("text/html,application/xml;q=0.9,*/*;q=0.8", Some("application/json")),
            ("text/csv", Some("text/csv; charset=utf-8")),
            ("text/csv;q=0.5, application/json", Some("application/json")),
            ("text/csv, */*", Some("text/csv; charset=utf-8")),
            ("text/*", Some("text/csv; charset=utf-8")),
            ("text/turtle", None),
            ("application/json;q=0", None),
        ] {
            let chosen =
                Accept::read([accept].into_iter()).one_of(&["application/json", "text/csv; charset=utf-8"]);
            assert_eq!(chosen.ok(), expected, "{accept:?}");
        }
    }

    #[test]
    fn what_is_excluded_or_unknown_is_not_sent() {
        check("image/png", None, None);
        check("text/turtle;q=0", None, None);
        check("*/*;q=0", None, None);
        check("text/turtle;q=0, */*", Some(SolutionsFormat::Json), Some(GraphFormat::NTriples));
    }
}
