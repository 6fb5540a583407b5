//! A server that misbehaves in ways that a real one does not on demand.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Answers every request with the same bytes, after a pause, and counts them.
pub struct StandIn {
    pub address: String,
    requests: Arc<AtomicUsize>,
}

impl StandIn {
    pub fn answering(answer: &str, pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let requests = Arc::new(AtomicUsize::new(0));
        let (answer, count) = (answer.to_owned(), Arc::clone(&requests));
        // It ends with the test process; a connection is for one request.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answer, count) = (answer.clone(), Arc::clone(&count));
                std::thread::spawn(move || serve(stream, &answer, pause, &count));
            }
        });
        Self { address, requests }
    }

    /// With a status and a JSON body.
    pub fn with_status(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}"
        );
        Self::answering(&answer, Duration::ZERO)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

fn serve(mut stream: TcpStream, answer: &str, pause: Duration, count: &AtomicUsize) {
    let mut request = Vec::new();
    let mut block = [0; 4_096];
    // Until the body is there: a head, and as much as it says.
    while let Ok(length @ 1..) = stream.read(&mut block) {
        request.extend_from_slice(&block[..length]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let stated =
            head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        if body.len() >= stated.unwrap_or(0) {
            break;
        }
    }
    count.fetch_add(1, Ordering::Relaxed);
    std::thread::sleep(pause);
    let _ = stream.write_all(answer.as_bytes());
}
