//! From a request to an answer.

use crate::{File, encoding, files::FILES, pages};

/// What browsers may do with the pages: nothing that does not come from here, no inline script or style, no evaluation
/// of text (Content Security Policy Level 3, Trusted Types).
const POLICY: &str = include_str!("../web/policy.txt");

/// The file that all pages are.
const PAGE: &str = "/index.html";

/// What of a request matters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'r> {
    /// The path, without the query.
    pub path: &'r str,
    /// The header `Accept-Encoding`.
    pub accept_encoding: Option<&'r str>,
    /// The header `If-None-Match`.
    pub if_none_match: Option<&'r str>,
    /// The header `Accept`: who asks for a page gets one even where there is none.
    pub accept: Option<&'r str>,
}

/// What to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200, 304, or 404 with the page that says so.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The bytes, in the coding of the headers; none with 304.
    pub body: &'static [u8],
}

impl Answer {
    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'static str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// Answers a GET or HEAD; none if the path is neither a page nor a file of the UI, and nobody asks for a page.
#[must_use]
pub fn answer(request: &Request<'_>) -> Option<Answer> {
    let path = if pages::is_page(request.path) { PAGE } else { request.path };
    let Some(file) = FILES.iter().find(|file| file.path == path) else {
        return missing(request);
    };
    let (coding, bytes) = encoding::choose(file, request.accept_encoding);
    let mut headers = vec![
        ("content-security-policy", POLICY.trim_end()),
        ("etag", file.etag),
        ("vary", "accept-encoding"),
        ("cache-control", if file.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" }),
    ];
    if request.if_none_match.is_some_and(|header| matches(header, file)) {
        return Some(Answer { status: 304, headers, body: &[] });
    }
    headers.push(("content-type", file.media_type));
    if let Some(coding) = coding {
        headers.push(("content-encoding", coding));
    }
    Some(Answer { status: 200, headers, body: bytes })
}

/// The page for people who followed a link to nothing: its script says so, and where to go.
fn missing(request: &Request<'_>) -> Option<Answer> {
    let wants_page = request.accept.is_some_and(|accept| accept.contains("text/html"));
    if !wants_page || request.path.starts_with("/assets/") {
        return None;
    }
    let page = Request { path: PAGE, if_none_match: None, ..*request };
    Some(Answer { status: 404, ..answer(&page)? })
}

/// Whether the caller has the file already (RFC 9110, section 13.1.2: by weak comparison).
fn matches(header: &str, file: &File) -> bool {
    let weak = |tag: &str| tag.trim_start_matches("W/") == file.etag.trim_start_matches("W/");
    header.split(',').map(str::trim).any(|tag| tag == "*" || weak(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get<'r>(
        path: &'r str,
        accept_encoding: Option<&'r str>,
        if_none_match: Option<&'r str>,
    ) -> Option<Answer> {
        answer(&Request { path, accept_encoding, if_none_match, accept: None })
    }

    #[test]
    fn a_page_is_asked_for_again_each_time() {
        let page = get("/health", None, None).unwrap();
        assert_eq!((page.status, page.header("cache-control")), (200, Some("no-cache")));
        let again = get("/session", Some("br"), page.header("etag")).unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0));
    }

    #[test]
    fn who_asks_for_a_page_that_is_not_there_is_told_so_on_a_page() {
        let ask = |path, accept| answer(&Request { path, accept: Some(accept), ..Request::default() });
        let missing = ask("/nope", "text/html,application/xhtml+xml,*/*;q=0.8").unwrap();
        assert_eq!((missing.status, missing.header("cache-control")), (404, Some("no-cache")));
        assert_eq!(missing.body, get("/", None, None).unwrap().body);
        assert_eq!(ask("/nope", "*/*"), None);
        assert_eq!(ask("/assets/nope.js", "text/html"), None);
    }

    #[test]
    fn nothing_else_is_there() {
        for path in ["", "/nothing", "/assets/", "/../Cargo.toml", "/index.html/", "//"] {
            assert_eq!(get(path, None, None), None, "{path}");
        }
    }

    #[test]
    fn the_policy_allows_nothing_inline_and_nothing_from_elsewhere() {
        assert!(
            POLICY.starts_with("default-src 'none'; ")
                && POLICY.contains("require-trusted-types-for 'script'")
        );
        for word in ["unsafe", "http", "*"] {
            assert!(!POLICY.contains(word), "{word}");
        }
    }

    /// What a browser has to load before it shows something, in bytes.
    const FIRST_LOAD_MAX: usize = 200_000;

    #[test]
    fn the_first_load_is_small() {
        let page = get("/", None, None).unwrap();
        let html = std::str::from_utf8(page.body).unwrap();
        let needed = html.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next());
        let mut bytes = get("/", Some("br"), None).unwrap().body.len();
        let mut files = 0;
        for name in needed {
            let asset = get(&format!("/assets/{name}"), Some("br"), None).unwrap();
            assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"), "{name}");
            bytes += asset.body.len();
            files += 1;
        }
        assert!(bytes < FIRST_LOAD_MAX, "{bytes} bytes");
        assert_eq!(files > 0, crate::is_built(), "{files} files");
    }
}
