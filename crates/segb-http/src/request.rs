//! What belongs to one request from its first byte to the end of its answer: its id, where it comes from, who sends it,
//! its lines in the server log, its place in the measurements and its record in the access journal.

mod access;
pub(crate) mod host;
mod observe;
mod origin;
mod unread;

use std::{
    cell::{Cell, RefCell},
    net::IpAddr,
    rc::Rc,
};

use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest};

pub(crate) use observe::observe;

use crate::{App, headers::REQUEST_ID};

/// The longest id taken from a caller.
const REQUEST_ID_LENGTH_MAX: usize = 128;
/// What stands for a value that is not known.
const UNKNOWN: &str = "-";

/// The id, origin and actor of a request, as its log lines show them, and what its record says.
#[derive(Debug)]
pub(crate) struct RequestContext {
    id: String,
    ip: Option<IpAddr>,
    actor: RefCell<String>,
    /// Whether a token proved who the actor is.
    is_verified: Cell<bool>,
    /// What is asked for; none of what is not recorded.
    operation: Cell<Option<&'static str>>,
    /// What is asked in words, where the path does not say it.
    question: RefCell<Option<String>>,
}

impl RequestContext {
    /// Of a request that has just arrived.
    fn arrive(request: &ServiceRequest, app: &App) -> Rc<Self> {
        let offered = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
        let id = match offered {
            Some(offered) if is_sane_id(offered) => offered.to_owned(),
            _ => format!("{:032x}", u128::from_be_bytes(app.entropy().bytes())),
        };
        let ip = origin::of(request, &app.options().trusted_proxies);
        Rc::new(Self::new(id, ip))
    }

    fn new(id: String, ip: Option<IpAddr>) -> Self {
        Self {
            id,
            ip,
            actor: RefCell::new(UNKNOWN.to_owned()),
            is_verified: Cell::default(),
            operation: Cell::default(),
            question: RefCell::default(),
        }
    }

    /// Of a request that is being handled.
    pub(crate) fn of(request: &HttpRequest) -> Rc<Self> {
        let context = request.extensions().get::<Rc<Self>>().cloned();
        context.unwrap_or_else(|| Rc::new(Self::new(UNKNOWN.to_owned(), None)))
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// The ip for a log line.
    pub(crate) fn ip_text(&self) -> String {
        self.ip.map_or_else(|| UNKNOWN.to_owned(), |ip| ip.to_string())
    }

    pub(crate) fn actor(&self) -> String {
        self.actor.borrow().clone()
    }

    pub(crate) fn set_actor(&self, actor: &str) {
        actor.clone_into(&mut self.actor.borrow_mut());
    }

    pub(crate) fn set_verified(&self, is_verified: bool) {
        self.is_verified.set(is_verified);
    }

    /// Has the request recorded under this name.
    pub(crate) fn set_operation(&self, operation: &'static str) {
        self.operation.set(Some(operation));
    }

    /// Has the request recorded with this text instead of its path.
    pub(crate) fn set_question(&self, text: &str) {
        *self.question.borrow_mut() = Some(access::kept(text));
    }
}

/// Letters, digits and what is common in trace ids; nothing that could spoil a header or a log line.
fn is_sane_id(id: &str) -> bool {
    (1..=REQUEST_ID_LENGTH_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~:-".contains(&byte))
}

/// Writes a line to the server log that names the request, its actor and its origin.
macro_rules! note {
    ($level:ident, $context:expr, $($message:tt)+) => {{
        let context: &$crate::request::RequestContext = &$context;
        log::$level!(
            target: $crate::server_log::TARGET,
            rid:% = context.id(), actor:% = context.actor(), ip:% = context.ip_text();
            $($message)+
        );
    }};
}
pub(crate) use note;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_ids_are_taken_over() {
        for (id, sane) in [
            ("7f3e-a.b_c~d:e", true),
            ("", false),
            ("a b", false),
            ("a\nb", false),
            ("é", false),
            ("a|b", false),
            (&"x".repeat(128), true),
            (&"x".repeat(129), false),
        ] {
            assert_eq!(is_sane_id(id), sane, "{id:?}");
        }
    }
}
