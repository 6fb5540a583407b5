//! Requests byte by byte, for what no HTTP client would send.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use ureq::http;

use crate::Reply;

/// How long to wait for more of an answer.
const READ_MAX: Duration = Duration::from_secs(60);

/// Sends `request` to `address` as it is and reads the answer until the server ends the connection, so the request
/// should say `Connection: close`.
pub fn exchange(address: &str, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(READ_MAX)).expect("a socket");
    // A server that refuses a request early may not read all of it.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let mut block = [0; 16 << 10];
    // A connection that is reset after the answer ends it, too.
    while let Ok(length @ 1..) = stream.read(&mut block) {
        answer.extend_from_slice(&block[..length]);
    }
    parse(&answer)
}

/// As [`exchange`], with a head put together of a request line and header lines.
pub fn exchange_head(address: &str, request_line: &str, headers: &[&str], body: &[u8]) -> Reply {
    let mut request = format!("{request_line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    exchange(address, &request)
}

fn parse(answer: &[u8]) -> Reply {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(answer)));
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let body = &answer[end + 4..];
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .unwrap_or_else(|| panic!("no status: {head}"));
    let mut headers = http::HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name: http::HeaderName = name.parse().expect("the name of a header");
        headers.append(name, value.trim().parse().expect("the value of a header"));
    }
    let chunked = headers.get("transfer-encoding").is_some_and(|value| value == "chunked");
    let body = if chunked { unchunk(body) } else { body.to_vec() };
    Reply { status, headers, body }
}

/// The content of a chunked body (RFC 9112, section 7.1) that has to be complete.
fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let end = body.windows(2).position(|window| window == b"\r\n").expect("a complete chunk");
        let size = str::from_utf8(&body[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size");
        if size == 0 {
            return content;
        }
        body = &body[end + 2..];
        content.extend_from_slice(&body[..size]);
        body = &body[size + 2..];
    }
}
