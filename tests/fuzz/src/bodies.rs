//! Bodies of requests: of whatever media type and coding, they are understood within their limit or refused with an
//! answer that can be sent. An input begins with a line `Content-Type`, a line `Content-Encoding`, and then the body.

use segb_http::fuzz::body;

use crate::parameters::is_an_answer;

/// So few that a compressed body passes it.
const BYTES_MAX: usize = 64 << 10;

pub(crate) fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut header = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (content_type, content_encoding) = (header(), header());
    let content = parts.next().unwrap_or_default();
    match body(&content_type, &content_encoding, content, BYTES_MAX) {
        Ok(document) => {
            assert!(document.len() <= BYTES_MAX.max(content.len()));
            assert!(str::from_utf8(&document).is_ok());
        }
        Err(refusal) => is_an_answer(&refusal, &[400, 413, 415, 422]),
    }
}
