//! What belongs to one request from its first byte to the end of its answer: its id, where it comes from, who sends it,
//! its lines in the server log and its place in the measurements.

pub(crate) mod host;
mod observe;
mod origin;
mod unread;

use std::{cell::RefCell, net::IpAddr, rc::Rc};

use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest};

pub(crate) use observe::observe;

use crate::App;

/// The header that carries the id of a request, in lower case.
pub(crate) const REQUEST_ID: &str = "x-request-id";
/// The longest id taken from a caller.
const REQUEST_ID_LENGTH_MAX: usize = 128;
/// What stands for a value that is not known.
const UNKNOWN: &str = "-";

/// The id, origin and actor of a request, as its log lines show them.
#[derive(Debug)]
pub(crate) struct RequestContext {
    id: String,
    ip: Option<IpAddr>,
    actor: RefCell<String>,
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
        Rc::new(Self { id, ip, actor: RefCell::new(UNKNOWN.to_owned()) })
    }

    /// Of a request that is being handled.
    pub(crate) fn of(request: &HttpRequest) -> Rc<Self> {
        request.extensions().get::<Rc<Self>>().cloned().unwrap_or_else(|| {
            Rc::new(Self { id: UNKNOWN.to_owned(), ip: None, actor: RefCell::new(UNKNOWN.to_owned()) })
        })
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
