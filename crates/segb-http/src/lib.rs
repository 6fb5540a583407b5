//! The HTTP face of SEGB: routes, the typed guard in front of them, body reading with limits, content negotiation, one
//! table from errors to statuses, the OpenAPI document and the reader of the server log. It follows the HTTP contract
//! of the Python service that it replaces; `docs/api.md` describes every route. It knows no storage, no environment,
//! no clock and no source of randomness: a [`Clock`] and an [`Entropy`] come in with the [`App`], and everything durable
//! is behind [`segb_store::Store`].
//!
//! The routes can be mounted anywhere in an actix-web application, more than once:
//!
//! ```no_run
//! use actix_web::{App as ActixApp, HttpServer, web};
//! use segb_auth::Auth;
//! use segb_http::{App, AppOptions, Clock, Entropy};
//! use segb_store::{Store, StoreOptions, Timestamp};
//!
//! // Time and randomness come from whoever embeds this: here those of the system.
//! # async fn serve(now: fn() -> Timestamp, fill_with_random_bytes: fn(&mut [u8])) -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::open(StoreOptions::new("./segb-data"))?;
//! let auth = Auth::detect(None, None, false)?;
//! let app = App::new(store, auth, Clock::new(now), Entropy::new(fill_with_random_bytes), AppOptions::default());
//! HttpServer::new(move || {
//!     ActixApp::new().service(web::scope("/glassbox").configure(segb_http::routes(app.clone())))
//! })
//! .bind(("127.0.0.1", 5000))?
//! .run()
//! .await?;
//! # Ok(())
//! # }
//! ```

mod app;
mod body;
mod cors;
mod description;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod headers;
mod metrics;
mod negotiation;
mod openapi;
mod parameters;
mod paths;
mod request;
mod router;
mod routes;
mod sending;
pub mod server_log;
mod streaming;

pub use app::{ActionMarker, App, AppOptions, Authorized, BodyLimits, Clock, Entropy, actions};
pub use cors::{CorsOptions, CorsOptionsError};
pub use error::{ApiError, FieldError};
pub use ipnet::IpNet;
pub use openapi::document as openapi_document;
pub use paths::ROUTES;
pub use router::{routes, ui_routes};
