//! `GET /reports/…`: what an auditor reads first.

use actix_web::{HttpResponse, web};
use segb_reports::{
    CsvRow, Displacement, Emotions, ExtremeEmotions, Filter, MlUsage, Overview, Page, Participant,
    ReportError, RobotState, Session, to_csv,
};
use segb_store::{GraphView, Store};
use serde::Serialize;

use crate::{
    ApiError, Authorized, actions::ReadReports, error::ErrorBody, negotiation::Accept,
    parameters::Parameters, request::note,
};

pub(super) const JSON: &str = "application/json";
const CSV: &str = "text/csv; charset=utf-8";
/// Where the next page starts; of answers that have no room for it in their body.
const NEXT_OFFSET: &str = "X-Next-Offset";

/// Rows in one answer, unless the caller asks for another number.
const LIMIT_DEFAULT: u64 = 100;
/// Rows in one answer, at most.
const LIMIT_MAX: u64 = 10_000;
/// Robots or humans in one filter.
const NAMES_MAX: usize = 50;
/// The intensity from which an emotion is extreme, unless the caller says another.
const THRESHOLD_DEFAULT: f64 = 0.75;

/// The parameters of every report.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `filter` reads")]
struct FilterParameters {
    /// From this moment on (RFC 3339).
    #[param(format = DateTime)]
    since: Option<String>,
    /// Before this moment (RFC 3339).
    #[param(format = DateTime)]
    until: Option<String>,
    /// IRIs of robots: any of them.
    robot: Option<Vec<String>>,
    /// IRIs of humans: any of them.
    human: Option<Vec<String>>,
    /// 1 to 10000 rows; 100 if not given.
    limit: Option<u64>,
    /// How many rows to pass over.
    offset: Option<u64>,
}

fn filter(parameters: &mut Parameters) -> Filter {
    Filter {
        since: parameters.moment("since"),
        until: parameters.moment("until"),
        robots: parameters.resources("robot", NAMES_MAX),
        humans: parameters.resources("human", NAMES_MAX),
        offset: parameters.integer("offset", 0..=u64::from(u32::MAX)).unwrap_or(0) as usize,
        limit: parameters.integer("limit", 1..=LIMIT_MAX).unwrap_or(LIMIT_DEFAULT) as usize,
    }
}

/// Runs `work` on a thread that may block, with a view of the graph as it is now.
pub(super) async fn compute<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Store, &GraphView) -> Result<T, ReportError> + Send + 'static,
) -> Result<T, ApiError> {
    let store = store.clone();
    let computed = web::block(move || {
        let view = store.graph()?;
        work(&store, &view)
    });
    Ok(computed.await??)
}

/// A finished answer as JSON.
pub(super) fn in_json<A: crate::ActionMarker>(
    authorized: &Authorized<A>,
    answer: &impl Serialize,
) -> Result<HttpResponse, ApiError> {
    let body = serde_json::to_string(answer).map_err(unwritten)?;
    authorized.app().sendings().whole(HttpResponse::Ok().content_type(JSON), body)
}

/// Of an answer that cannot be written as JSON: our fault, since all its types can.
pub(super) fn unwritten(error: serde_json::Error) -> ApiError {
    ApiError::internal(format!("an answer cannot be written: {error}"))
}

/// A report as it goes out.
struct Written {
    body: Result<String, serde_json::Error>,
    rows: usize,
    next_offset: Option<usize>,
}

impl Written {
    fn new<R: CsvRow>(
        media_type: &str,
        report: &impl Serialize,
        rows: &[R],
        next_offset: Option<usize>,
    ) -> Self {
        let body = if media_type == CSV { Ok(to_csv(rows)) } else { serde_json::to_string(report) };
        Self { body, rows: rows.len(), next_offset }
    }

    fn page<R: CsvRow + Serialize>(media_type: &str, page: &Page<R>) -> Self {
        Self::new(media_type, page, &page.rows, page.next_offset)
    }
}

/// Makes a report in the format that is asked for.
async fn answer(
    authorized: &Authorized<ReadReports>,
    accept: &Accept,
    parameters: Parameters,
    name: &str,
    report: impl FnOnce(&Store, &GraphView, &'static str) -> Result<Written, ReportError> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let media_type = accept.one_of(&[JSON, CSV])?;
    parameters.finish()?;
    let written = compute(authorized.store(), move |store, view| report(store, view, media_type)).await?;
    note!(info, authorized.context(), "report {name}: {} rows", written.rows);
    let mut response = HttpResponse::Ok();
    response.content_type(media_type);
    if let Some(offset) = written.next_offset.filter(|_| media_type == CSV) {
        response.insert_header((NEXT_OFFSET, offset.to_string()));
    }
    authorized.app().sendings().whole(&mut response, written.body.map_err(unwritten)?)
}

/// What there is: counts, who, what kinds of activities, the latest logs.
#[utoipa::path(
    get, path = "/reports/overview", operation_id = "report_overview", tag = "reports",
    params(FilterParameters),
    responses(
        (status = 200, content((Overview = "application/json"), (String = "text/csv"))),
        (status = 406, body = ErrorBody), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody),
        (status = 504, body = ErrorBody),
    ),
)]
pub(crate) async fn overview(
    authorized: Authorized<ReadReports>,
    accept: Accept,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let filter = filter(&mut parameters);
    answer(&authorized, &accept, parameters, "overview", move |store, view, media_type| {
        let overview = segb_reports::overview(store, view, &filter)?;
        Ok(Written::new(media_type, &overview, std::slice::from_ref(&overview), None))
    })
    .await
}

/// What robots found people to feel, what triggered it, and how often each category is among all rows.
#[utoipa::path(
    get, path = "/reports/emotions", operation_id = "report_emotions", tag = "reports", params(FilterParameters),
    responses(
        (status = 200, content((Emotions = "application/json"), (String = "text/csv"))),
        (status = 406, body = ErrorBody), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody),
        (status = 504, body = ErrorBody),
    ),
)]
pub(crate) async fn emotions(
    authorized: Authorized<ReadReports>,
    accept: Accept,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let filter = filter(&mut parameters);
    answer(&authorized, &accept, parameters, "emotions", move |_, view, media_type| {
        let emotions = segb_reports::emotions(view, &filter)?;
        Ok(Written::new(media_type, &emotions, &emotions.page.rows, emotions.page.next_offset))
    })
    .await
}

/// The strongest emotions of humans, and how many there are of each category.
#[utoipa::path(
    get, path = "/reports/extreme-emotions", operation_id = "report_extreme_emotions", tag = "reports",
    params(
        FilterParameters,
        ("threshold" = Option<f64>, Query, description = "The least intensity, 0 to 1; 0.75 if not given"),
    ),
    responses(
        (status = 200, content((ExtremeEmotions = "application/json"), (String = "text/csv"))),
        (status = 406, body = ErrorBody), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody),
        (status = 504, body = ErrorBody),
    ),
)]
pub(crate) async fn extreme_emotions(
    authorized: Authorized<ReadReports>,
    accept: Accept,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let filter = filter(&mut parameters);
    let threshold = parameters.number("threshold", 0.0..=1.0).unwrap_or(THRESHOLD_DEFAULT);
    answer(&authorized, &accept, parameters, "extreme-emotions", move |_, view, media_type| {
        let extreme = segb_reports::extreme_emotions(view, &filter, threshold)?;
        Ok(Written::new(media_type, &extreme, &extreme.page.rows, extreme.page.next_offset))
    })
    .await
}

/// The reports that are a page of rows and have no parameters of their own.
macro_rules! reports {
    ($($(#[doc = $doc:literal])+ $name:ident: $row:ident = $path:literal, $operation:literal;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            get, path = $path, operation_id = $operation, tag = "reports", params(FilterParameters),
            responses(
                (status = 200, content((Page<$row> = "application/json"), (String = "text/csv"))),
                (status = 406, body = ErrorBody), (status = 422, body = ErrorBody),
                (status = 503, body = ErrorBody), (status = 504, body = ErrorBody),
            ),
        )]
        pub(crate) async fn $name(
            authorized: Authorized<ReadReports>,
            accept: Accept,
            mut parameters: Parameters,
        ) -> Result<HttpResponse, ApiError> {
            let filter = filter(&mut parameters);
            answer(&authorized, &accept, parameters, stringify!($name), move |_, view, media_type| {
                Ok(Written::page::<$row>(media_type, &segb_reports::$name(view, &filter)?))
            })
            .await
        }
    )+};
}

reports! {
    /// Who met whom.
    participants: Participant = "/reports/participants", "report_participants";
    /// Which models were used, by whom, and what is known about how they were made.
    ml_usage: MlUsage = "/reports/ml-usage", "report_ml_usage";
    /// How robots were, and where.
    robot_states: RobotState = "/reports/robot-states", "report_robot_states";
    /// Where robots went.
    displacement: Displacement = "/reports/displacement", "report_displacement";
    /// Who talked with whom, and what was said.
    conversations: Session = "/reports/conversations", "report_conversations";
}
