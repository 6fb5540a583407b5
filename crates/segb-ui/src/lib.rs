//! The web UI as embedded files: given the path of a request and a few of its headers, the status, headers and bytes of
//! the answer. It knows no HTTP library, no API, no store and no environment.
//!
//! The sources are in `web/`; `build/` makes the files of them when the crate is built.
//!
//! ```
//! use segb_ui::{Request, answer};
//!
//! let page = answer(&Request { path: "/reports", ..Request::default() }).ok_or("no such page")?;
//! assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
//! assert!(answer(&Request { path: "/no/such/page", ..Request::default() }).is_none());
//! # Ok::<(), &str>(())
//! ```

mod answer;
mod encoding;
mod pages;

pub use answer::{Answer, Request, answer};
pub use pages::PAGES;

/// Whether this build has the UI, or only the page that says how to get it.
#[must_use]
pub const fn is_built() -> bool {
    files::IS_BUILT
}

/// A file, as it was and compressed.
#[derive(Debug)]
struct File {
    /// With the slash at the start.
    path: &'static str,
    media_type: &'static str,
    /// With its quotation marks, and weak, because it is the same in every coding (RFC 9110, section 8.8.3).
    etag: &'static str,
    /// Whether its name changes with its content.
    is_immutable: bool,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

mod files {
    use super::File;

    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}
