//! Which paths are pages. The page itself is one file; its script looks at the path.

/// The pages with a fixed path. `/logs/<log id>` is one, too.
pub const PAGES: [&str; 13] = [
    "/",
    "/reports",
    "/timeline",
    "/explain",
    "/kg-graph",
    "/query",
    "/logs",
    "/logs/insert",
    "/logs/delete",
    "/shared-context",
    "/system/logs",
    "/health",
    "/session",
];

/// Whether a path is that of a page.
pub(crate) fn is_page(path: &str) -> bool {
    let path = path.strip_suffix('/').filter(|rest| !rest.ends_with('/') && !rest.is_empty()).unwrap_or(path);
    PAGES.contains(&path) || path.strip_prefix("/logs/").is_some_and(is_log_id)
}

/// A UUID in its usual form (RFC 9562, section 4).
fn is_log_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known() {
        for (path, expected) in [
            ("/", true),
            ("/reports", true),
            ("/reports/", true),
            ("/reports//", false),
            ("//", false),
            ("/logs/0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e", true),
            ("/logs/0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0", false),
            ("/logs/0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e/proof", false),
            ("/logs/../../../../../../../../etc/passwd-----", false),
            ("/index.php", false),
        ] {
            assert_eq!(is_page(path), expected, "{path}");
        }
    }
}
