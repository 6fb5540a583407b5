//! A small HTTP client: any status is an answer, connections are kept open.

use std::time::Duration;

use ureq::{Agent, http};

/// Talks to one server.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    bearer: Option<String>,
}

/// An answer, completely read.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that is being put together.
#[derive(Debug)]
pub struct RequestBuilder<'c> {
    client: &'c Client,
    request: http::request::Builder,
}

impl Client {
    /// A client for the server at `base`, for example `http://127.0.0.1:5000`.
    pub fn new(base: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(300)))
            .max_redirects(0)
            .proxy(None)
            .build()
            .new_agent();
        Self { agent, base: base.to_owned(), bearer: None }
    }

    /// The same client with a token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self.clone() }
    }

    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request with any method.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder<'_> {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(token) = &self.bearer {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        RequestBuilder { client: self, request }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Reply {
        self.request("GET", path).send(&[])
    }

    /// POST with a JSON body.
    pub fn post_json(&self, path: &str, body: &serde_json::Value) -> Reply {
        self.request("POST", path)
            .header("Content-Type", "application/json")
            .send(body.to_string().as_bytes())
    }

    /// POST /ttl with a Turtle document in JSON.
    pub fn publish(&self, turtle: &str) -> Reply {
        self.post_json("/ttl", &serde_json::json!({ "ttl_content": turtle }))
    }

    /// GET /query with an `Accept` header.
    pub fn query(&self, query: &str, accept: &str) -> Reply {
        self.request("GET", &format!("/query?query={}", percent_encode(query)))
            .header("Accept", accept)
            .send(&[])
    }

    /// The rows of a SELECT as SPARQL JSON bindings.
    pub fn select(&self, query: &str) -> Vec<serde_json::Value> {
        let reply = self.query(query, "application/sparql-results+json");
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        reply.json()["results"]["bindings"].as_array().expect("bindings").clone()
    }
}

impl RequestBuilder<'_> {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sends it with a body; an empty one is not sent at all.
    pub fn send(self, body: &[u8]) -> Reply {
        self.try_send(body).expect("the server answers")
    }

    /// As [`send`](Self::send), for servers that may go away.
    pub fn try_send(self, body: &[u8]) -> Result<Reply, ureq::Error> {
        let agent = &self.client.agent;
        let mut response = if body.is_empty() {
            agent.run(self.request.body(()).expect("a valid request"))?
        } else {
            agent.run(self.request.body(body).expect("a valid request"))?
        };
        let body = response.body_mut().with_config().limit(u64::MAX).read_to_vec()?;
        Ok(Reply { status: response.status().as_u16(), headers: response.headers().clone(), body })
    }
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The `detail` of an error.
    pub fn detail(&self) -> String {
        self.json()["detail"].as_str().map(str::to_owned).unwrap_or_else(|| self.text())
    }

    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }
}

/// Encodes everything but unreserved characters (RFC 3986, section 2.3).
pub fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
