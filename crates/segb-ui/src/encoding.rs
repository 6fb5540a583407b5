//! Which coding of a file a caller can read.

use crate::File;

/// The smallest form of a file that `Accept-Encoding` allows (RFC 9110, section 12.5.3), and its name.
pub(crate) fn choose(file: &File, accepted: Option<&str>) -> (Option<&'static str>, &'static [u8]) {
    let accepts = |coding: &str| accepted.is_some_and(|header| names(header, coding));
    let forms = [("br", file.brotli), ("gzip", file.gzip)];
    let best = forms
        .into_iter()
        .find_map(|(name, bytes)| bytes.filter(|_| accepts(name)).map(|bytes| (name, bytes)));
    best.map_or((None, file.plain), |(name, bytes)| (Some(name), bytes))
}

/// Whether a header lists a coding without forbidding it.
fn names(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        is_it && weight.is_none_or(|weight| weight.trim().parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_read() {
        for (header, expected) in [
            ("br", true),
            ("gzip, deflate, BR", true),
            ("gzip;q=1.0, br;q=0.5", true),
            ("br;q=0", false),
            ("br; q=0.000", false),
            ("brotli", false),
            ("", false),
        ] {
            assert_eq!(names(header, "br"), expected, "{header}");
        }
    }
}
