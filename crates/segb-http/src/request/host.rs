//! By what name a caller means to reach this server.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::{
    HttpRequest,
    http::header::{HOST, HeaderValue},
};

/// Whether the request names an address or this machine, and not somebody's domain.
///
/// Any web page can let a name of its own stand for 127.0.0.1, and is then of the same origin as this server to the
/// browser (DNS rebinding). Only the name in the request tells.
pub(crate) fn is_address_or_this_machine(request: &HttpRequest) -> bool {
    match request.headers().get(HOST).map(HeaderValue::to_str) {
        // Browsers send it always (RFC 9112, section 3.2).
        None => true,
        Some(Ok(host)) => names_no_domain(host),
        Some(Err(_)) => false,
    }
}

fn names_no_domain(host: &str) -> bool {
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split_once(']').is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok());
    }
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    // Names below `localhost` always mean this machine (RFC 6761, section 6.3).
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_told_from_this_machine() {
        for (host, ours) in [
            ("127.0.0.1:5000", true),
            ("10.0.0.7", true),
            ("[::1]:5000", true),
            ("localhost", true),
            ("LocalHost:8080", true),
            ("segb.localhost:5000", true),
            ("localhost.", true),
            ("evil.example:5000", false),
            ("localhost.evil.example", false),
            ("notlocalhost", false),
            ("127.0.0.1.evil.example", false),
            ("[evil.example]", false),
            ("", false),
        ] {
            assert_eq!(names_no_domain(host), ours, "{host:?}");
        }
    }
}
