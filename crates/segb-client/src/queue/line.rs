//! A log as a line of a file: the first half of a checksum, the key, and the body of the request, which is JSON and so
//! has no line feed. Cut off or changed, it does not fit its checksum.

use segb_journal::Hash;

use super::Request;

/// How much of the SHA-256 is kept, in hexadecimal digits.
const CHECK_DIGITS: usize = 16;

/// How long the line is, with its end.
pub(super) fn length(request: &Request) -> u64 {
    (CHECK_DIGITS + 1 + request.key.len() + 1 + request.body.len() + 1) as u64
}

/// The line with its end.
pub(super) fn write(request: &Request) -> String {
    let checked = format!("{} {}", request.key, request.body);
    format!("{} {checked}\n", check(&checked))
}

/// Reads a line without its end; none if it is damaged.
pub(super) fn read(line: &[u8]) -> Option<Request> {
    let text = std::str::from_utf8(line).ok()?;
    let (found, checked) = text.split_once(' ')?;
    let (key, body) = checked.split_once(' ')?;
    let request = Request { key: key.to_owned(), body: body.to_owned() };
    (check(checked) == found).then_some(request)
}

fn check(text: &str) -> String {
    let mut digits = Hash::of(&[text.as_bytes()]).to_string();
    digits.truncate(CHECK_DIGITS);
    digits
}
