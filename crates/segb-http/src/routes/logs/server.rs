//! `GET /logs/server`: the end of the server log.

use std::str::FromStr;

use actix_web::web::{self, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, Authorized,
    actions::ReadServerLog,
    error::ErrorBody,
    parameters::Parameters,
    request::note,
    server_log::{Level, LogEntry, TailFilter, tail},
};

/// Entries in an answer, unless the caller asks for another number.
const LIMIT_DEFAULT: u64 = 200;
/// Entries in an answer, at most.
const LIMIT_MAX: u64 = 2_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct ServerLog {
    log_file: String,
    count: usize,
    filters: Filters,
    /// Oldest first.
    entries: Vec<LogEntry>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Filters {
    limit: usize,
    level: Option<&'static str>,
    contains: Option<String>,
}

/// Shows the last entries of the server log.
#[utoipa::path(
    get, path = "/logs/server", operation_id = "show_server_log", tag = "operation",
    params(
        ("limit" = Option<u64>, Query, description = "1 to 2000; 200 if not given"),
        ("level" = Option<String>, Query, description = "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
        ("level_min" = Option<String>, Query, description = "As `level`, or worse"),
        ("contains" = Option<String>, Query, description = "A text in the entry; case is ignored"),
    ),
    responses((status = 200, body = ServerLog), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn show(
    authorized: Authorized<ReadServerLog>,
    mut parameters: Parameters,
) -> Result<Json<ServerLog>, ApiError> {
    let limit = parameters.integer("limit", 1..=LIMIT_MAX).unwrap_or(LIMIT_DEFAULT) as usize;
    let (level, level_min) = (parameters.text("level"), parameters.text("level_min"));
    let contains = parameters.text("contains");
    parameters.finish()?;
    let read = |name: Option<String>| {
        let level = name.map(|name| Level::from_str(name.trim())).transpose();
        level.map_err(|unknown| ApiError::unprocessable(unknown.to_string()))
    };
    let (level, level_min) = (read(level)?, read(level_min)?);
    let filter = TailFilter { limit, level, level_min, contains: contains.clone() };

    let file = authorized.options().server_log_file.clone().unwrap_or_default();
    let log_file = file.display().to_string();
    let entries = web::block(move || tail(&file, &filter)).await?;
    let entries =
        entries.map_err(|error| ApiError::internal(format!("the server log cannot be read: {error}")))?;
    // Not what was looked for: this line would be found by it the next time.
    note!(info, authorized.context(), "gave out {} entries of the server log", entries.len());
    let filters = Filters { limit, level: level.map(Level::as_str), contains };
    Ok(Json(ServerLog { log_file, count: entries.len(), filters, entries }))
}
