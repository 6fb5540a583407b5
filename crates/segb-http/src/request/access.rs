//! The record of a request in the access journal, made when it is answered.

use std::{borrow::Cow, rc::Rc};

use actix_web::http::{StatusCode, Uri};
use segb_store::Access;

use super::RequestContext;
use crate::App;

/// Bytes of a path or of a query that a record keeps: enough to see what was asked, few enough to keep them for good.
const OBJECT_BYTES_MAX: usize = 4 << 10;
/// What every JSON Web Token begins with: `{"` in base64url.
const TOKEN_START: &str = "eyJ";
/// What a record has in the place of a token.
const TOKEN_HIDDEN: &str = "<token>";

/// A request that is not answered yet. If nobody waits for the answer any more, it is recorded without one: what was
/// asked for may have happened all the same.
pub(super) struct Attempt {
    app: App,
    context: Rc<RequestContext>,
    uri: Uri,
    result: Option<StatusCode>,
}

impl Attempt {
    pub(super) fn new(app: &App, context: &Rc<RequestContext>, uri: &Uri) -> Self {
        Self { app: app.clone(), context: Rc::clone(context), uri: uri.clone(), result: None }
    }

    pub(super) fn answered(mut self, status: StatusCode) {
        self.result = Some(status);
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let context = &self.context;
        let Some(action) = context.operation.get() else { return };
        let question = context.question.take();
        self.app.record_access(Access {
            at: self.app.clock().now(),
            actor: context.is_verified.get().then(|| context.actor()),
            action,
            object: question.or_else(|| self.uri.path_and_query().map(|path| kept(path.as_str()))),
            result: self.result.map(|status| status.as_u16()),
            origin: context.ip.map(|ip| ip.to_string()),
            request_id: Some(context.id.clone()),
        });
    }
}

/// What a record keeps of a text: the beginning, and no token, which somebody may have put where it does not belong.
pub(super) fn kept(text: &str) -> String {
    let text = without_tokens(text);
    if text.len() <= OBJECT_BYTES_MAX {
        return text.into_owned();
    }
    let beginning = &text[..text.floor_char_boundary(OBJECT_BYTES_MAX)];
    format!("{beginning}… [{} bytes]", text.len())
}

fn without_tokens(text: &str) -> Cow<'_, str> {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(TOKEN_START) {
        let (before, from_start) = rest.split_at(start);
        let (run, after) = from_start.split_at(from_start.find(ends_token).unwrap_or(from_start.len()));
        kept.push_str(before);
        kept.push_str(if run.matches('.').count() >= 2 { TOKEN_HIDDEN } else { run });
        rest = after;
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Whether a character is none of a token's: base64url in three parts (RFC 7515, section 3.1).
fn ends_token(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || "-_.".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(kept(text), expected, "{text:.100}");
    }

    #[test]
    fn tokens_are_not_kept() {
        check("/logs?limit=1", "/logs?limit=1");
        check("/logs?token=eyJhbGci.eyJ1c2Vy.c2ln-_&limit=1", "/logs?token=<token>&limit=1");
        check("eyJh.eyJi.c and eyJh.eyJi.d", "<token> and <token>");
        check("/logs?access_token=eyJh.b.", "/logs?access_token=<token>");
        check("ASK { ?s ?p \"eyJx\" }", "ASK { ?s ?p \"eyJx\" }");
        check("eyJ", "eyJ");
    }

    #[test]
    fn long_texts_are_cut() {
        check(&"x".repeat(4_096), &"x".repeat(4_096));
        check(&"x".repeat(4_097), &format!("{}… [4097 bytes]", "x".repeat(4_096)));
        check(&"é".repeat(2_049), &format!("{}… [4098 bytes]", "é".repeat(2_048)));
        check(
            &format!("{}eyJh.eyJi.secret", "x".repeat(4_090)),
            &format!("{}… [4097 bytes]", "x".repeat(4_090) + "<token"),
        );
    }
}
