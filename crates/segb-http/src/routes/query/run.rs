//! `GET /query` and `POST /query`: the SPARQL 1.1 Protocol, section 2.1.

use actix_web::{HttpResponse, http::StatusCode};
use segb_store::QueryRequest;

use crate::{
    ApiError, Authorized, FieldError,
    actions::RunQuery,
    body::{Body, Content, MediaType, whole_text},
    error::{ErrorBody, UPDATE_REFUSED},
    negotiation::Accept,
    parameters::Parameters,
    request::note,
    streaming,
};

/// A query and the graphs it is about.
pub(crate) struct Question {
    text: String,
    default_graphs: Vec<String>,
    named_graphs: Vec<String>,
}

impl Question {
    /// From the parameters of a query string or a form.
    fn of(parameters: &Parameters, part: &'static str) -> Result<Self, ApiError> {
        let mut texts = parameters.all("query");
        if texts.len() > 1 {
            let detail = "The parameter 'query' must be given once.";
            return Err(ApiError::new(StatusCode::BAD_REQUEST, detail));
        }
        let Some(text) = texts.pop() else {
            if !parameters.all("update").is_empty() {
                return Err(ApiError::unprocessable(UPDATE_REFUSED));
            }
            return Err(ApiError::fields(vec![FieldError::missing(part, "query")]));
        };
        Ok(Self::about(text, parameters))
    }

    fn about(text: String, parameters: &Parameters) -> Self {
        Self {
            text,
            default_graphs: parameters.all("default-graph-uri"),
            named_graphs: parameters.all("named-graph-uri"),
        }
    }
}

/// The body of a query by POST.
pub(crate) enum PostedQuestion {
    /// A form; the graphs are in it.
    Form(Question),
    /// The query itself; the graphs are in the query string.
    Text(String),
}

impl Content for PostedQuestion {
    fn read(media_type: &MediaType, bytes: Vec<u8>) -> Result<Self, ApiError> {
        if media_type.is("application/x-www-form-urlencoded") {
            Question::of(&Parameters::read(&bytes), "body").map(Self::Form)
        } else if media_type.is("application/sparql-query") {
            whole_text(bytes).map(Self::Text)
        } else if media_type.is("application/sparql-update") {
            Err(ApiError::unprocessable(UPDATE_REFUSED))
        } else {
            let detail =
                "Content-Type has to be application/x-www-form-urlencoded or application/sparql-query.";
            Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
        }
    }
}

/// Runs a SPARQL query.
///
/// Turtle is the answer unless `Accept` names another format and not Turtle: for SELECT and ASK SPARQL results as
/// JSON, XML, CSV or TSV, for CONSTRUCT and DESCRIBE N-Triples, JSON-LD or RDF/XML.
#[utoipa::path(
    get, path = "/query", operation_id = "query_by_get", tag = "graph",
    params(
        ("query" = String, Query, description = "A SPARQL 1.1 query"),
        ("default-graph-uri" = Option<Vec<String>>, Query, description = "Graphs that make up the default graph"),
        ("named-graph-uri" = Option<Vec<String>>, Query, description = "Graphs that can be named"),
    ),
    responses(
        (status = 200, content(
            (String = "text/turtle"), (String = "application/sparql-results+json"),
            (String = "application/sparql-results+xml"), (String = "text/csv"),
            (String = "text/tab-separated-values"), (String = "application/n-triples"),
            (String = "application/ld+json"), (String = "application/rdf+xml"),
        )),
        (status = 406, body = ErrorBody), (status = 422, body = ErrorBody, description = "Not a query, or an update"),
        (status = 503, body = ErrorBody), (status = 504, body = ErrorBody, description = "It took too long"),
    ),
)]
pub(crate) async fn by_get(
    authorized: Authorized<RunQuery>,
    accept: Accept,
    parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    run(authorized, &accept, Question::of(&parameters, "query")?).await
}

/// Runs a SPARQL query that is too long for a URL.
#[utoipa::path(
    post, path = "/query", operation_id = "query_by_post", tag = "graph",
    request_body(content(
        (String = "application/sparql-query"),
        (String = "application/x-www-form-urlencoded"),
    )),
    responses(
        (status = 200, content((String = "text/turtle"), (String = "application/sparql-results+json"))),
        (status = 406, body = ErrorBody), (status = 415, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 503, body = ErrorBody), (status = 504, body = ErrorBody),
    ),
)]
pub(crate) async fn by_post(
    authorized: Authorized<RunQuery>,
    accept: Accept,
    parameters: Parameters,
    body: Body<PostedQuestion>,
) -> Result<HttpResponse, ApiError> {
    let question = match body.content {
        PostedQuestion::Form(question) => question,
        PostedQuestion::Text(text) => Question::about(text, &parameters),
    };
    run(authorized, &accept, question).await
}

async fn run(
    authorized: Authorized<RunQuery>,
    accept: &Accept,
    question: Question,
) -> Result<HttpResponse, ApiError> {
    let context = authorized.context();
    let bytes = question.text.len();
    context.set_question(&question.text);
    let request = QueryRequest {
        text: question.text,
        default_graphs: question.default_graphs,
        named_graphs: question.named_graphs,
        solutions: accept.solutions(),
        graph: accept.graph(),
    };
    let answer = authorized.store().query(request)?.await?;
    note!(info, context, "query of {bytes} bytes, {}", answer.kind.as_str());
    streaming::answer(answer.body, answer.media_type, "query answer", context).await
}
