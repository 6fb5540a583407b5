//! `GET /events`: the whole knowledge graph.

use actix_web::HttpResponse;
use segb_store::{Export, GraphFormat};

use crate::{
    ApiError, Authorized, actions::ReadGraph, error::ErrorBody, negotiation::Accept, request::note, streaming,
};

/// Exports the knowledge graph, as it is at one moment.
///
/// As Turtle, or as N-Triples, JSON-LD or RDF/XML if `Accept` asks for it.
#[utoipa::path(
    get, path = "/events", operation_id = "export_graph", tag = "graph",
    responses(
        (status = 200, content(
            (String = "text/turtle"), (String = "application/n-triples"),
            (String = "application/ld+json"), (String = "application/rdf+xml"),
        )),
        (status = 406, body = ErrorBody), (status = 503, body = ErrorBody),
    ),
)]
pub(crate) async fn export(
    authorized: Authorized<ReadGraph>,
    accept: Accept,
) -> Result<HttpResponse, ApiError> {
    let format = accept.graph_or_refuse()?;
    let context = authorized.context();
    match authorized.store().export(format)? {
        Export::Stream(stream) => streaming::answer(stream, format.media_type(), "export", context).await,
        Export::Empty => {
            note!(info, context, "export: the graph is empty");
            Ok(HttpResponse::Ok().content_type(format.media_type()).body(nothing(format)))
        }
    }
}

/// An empty graph.
fn nothing(format: GraphFormat) -> &'static str {
    match format {
        GraphFormat::Turtle | GraphFormat::NTriples => "",
        GraphFormat::JsonLd => "[]",
        GraphFormat::RdfXml => r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"#,
    }
}
