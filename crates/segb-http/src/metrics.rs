//! What the running server has measured, in the text format of Prometheus, version 0.0.4.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::http::Method;
use segb_store::{QueryFigures, StoreFigures};

/// The upper bounds of the buckets for the time of a request, in seconds.
const BUCKETS_S: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// Counts requests.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<Requests>);

#[derive(Debug, Default)]
struct Requests {
    /// By route, method and status.
    counts: BTreeMap<(&'static str, &'static str, u16), u64>,
    /// By route and method.
    durations: BTreeMap<(&'static str, &'static str), Histogram>,
}

#[derive(Debug, Default)]
struct Histogram {
    /// Not cumulative; the last is for what is above all bounds.
    buckets: [u64; BUCKETS_S.len() + 1],
    sum_s: f64,
}

impl Metrics {
    /// Takes note of one request.
    pub(crate) fn record(&self, route: &'static str, method: &Method, status: u16, elapsed: Duration) {
        let method = name(method);
        let elapsed_s = elapsed.as_secs_f64();
        let bucket = BUCKETS_S.iter().position(|bound| elapsed_s <= *bound).unwrap_or(BUCKETS_S.len());
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.counts.entry((route, method, status)).or_default() += 1;
        let histogram = requests.durations.entry((route, method)).or_default();
        histogram.buckets[bucket] += 1;
        histogram.sum_s += elapsed_s;
    }

    /// Everything as text.
    pub(crate) fn render(&self, store: &StoreFigures, ready: bool) -> String {
        let mut page = Page(String::new());
        self.render_requests(&mut page);
        render_store(&mut page, store, ready);
        page.0
    }

    fn render_requests(&self, page: &mut Page) {
        let requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        page.head("segb_http_requests_total", "counter", "Requests answered.");
        for ((route, method, status), count) in &requests.counts {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            page.line("segb_http_requests_total", &labels, *count);
        }
        let name = "segb_http_request_duration_seconds";
        page.head(name, "histogram", "From the head of a request to the head of its answer.");
        for ((route, method), histogram) in &requests.durations {
            let labels = format!("route=\"{route}\",method=\"{method}\"");
            let mut cumulative = 0;
            for (index, count) in histogram.buckets.iter().enumerate() {
                cumulative += count;
                let bound = BUCKETS_S.get(index).map_or_else(|| "+Inf".to_owned(), f64::to_string);
                page.line(&format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), cumulative);
            }
            page.line(&format!("{name}_sum"), &labels, histogram.sum_s);
            page.line(&format!("{name}_count"), &labels, cumulative);
        }
    }
}

fn render_store(page: &mut Page, store: &StoreFigures, ready: bool) {
    page.single("segb_ready", "gauge", "Whether the store can be used.", u8::from(ready));
    page.single("segb_journal_entries", "gauge", "Entries in the journal.", store.entries);
    page.single("segb_journal_logs", "gauge", "Logs in the journal.", store.logs);
    page.single(
        "segb_journal_cosigned_entries",
        "gauge",
        "Entries under the largest checkpoint that a witness has signed.",
        store.cosigned,
    );
    page.single("segb_journal_bytes", "gauge", "Bytes of the journal on disk.", store.journal_bytes);
    page.single("segb_graph_bytes", "gauge", "Bytes of the graph index on disk.", store.graph_bytes);
    if let Some(free) = store.disk_free_bytes {
        page.single("segb_disk_free_bytes", "gauge", "Bytes left on the disk of the data directory.", free);
    }
    page.single("segb_graph_triples", "gauge", "Triples in the knowledge graph.", store.triples);
    page.single("segb_index_behind_entries", "gauge", "Entries not yet in the graph.", store.index_behind);
    page.single("segb_queue_logs", "gauge", "Logs that wait for the writer.", store.queue_logs);
    page.single("segb_queue_bytes", "gauge", "Bytes of logs that wait for the writer.", store.queue_bytes);
    page.single(
        "segb_commit_last_seconds",
        "gauge",
        "How long the last commit took.",
        store.commit_seconds_last,
    );
    let QueryFigures { running, waiting, processes, ended, .. } = store.queries;
    page.single("segb_queries_running", "gauge", "Queries that are worked on.", running);
    page.single("segb_queries_waiting", "gauge", "Queries that wait for a process.", waiting);
    page.single("segb_query_processes", "gauge", "Query processes that are there.", processes);
    page.single("segb_query_processes_started_total", "counter", "Query processes started.", ended.started);
    let start_last_s = ended.start_last_us as f64 / 1e6;
    let name = "segb_query_process_start_last_seconds";
    page.single(name, "gauge", "How long the latest query process took to be ready.", start_last_s);
    let name = "segb_query_processes_failed_total";
    page.single(name, "counter", "Query processes that could not be started.", ended.not_started);
    let name = "segb_query_processes_ended_total";
    page.head(
        name,
        "counter",
        "Query processes that ended, by why: they were killed, or ended by themselves.",
    );
    for (reason, count) in [
        ("deadline", ended.deadline),
        ("memory", ended.memory),
        ("abandoned", ended.abandoned),
        ("lost", ended.lost),
        ("retired", ended.retired),
    ] {
        page.line(name, &format!("reason=\"{reason}\""), count);
    }
    page.single("segb_access_records", "gauge", "Records in the access journal.", store.access_records);
    page.single("segb_access_queue", "gauge", "Accesses that wait to be recorded.", store.access_waiting);
    page.single(
        "segb_access_missed_total",
        "counter",
        "Accesses that could not be recorded one by one.",
        store.access_missed,
    );
    let name = "segb_commit_duration_seconds";
    page.head(name, "histogram", "How long commits of one or more logs took.");
    for (bound, count) in store.commit_buckets.iter().filter(|(bound, _)| bound.is_finite()) {
        page.line(&format!("{name}_bucket"), &format!("le=\"{bound}\""), *count);
    }
    page.line(&format!("{name}_bucket"), "le=\"+Inf\"", store.commits);
    page.line(&format!("{name}_sum"), "", store.commit_seconds_total);
    page.line(&format!("{name}_count"), "", store.commits);
}

/// The methods that callers made up are one: labels take memory.
fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// The text being written. Writing to a `String` does not fail.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(name, "", value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_method_and_status() {
        let metrics = Metrics::default();
        for elapsed_ms in [1, 2, 40_000] {
            metrics.record("/ttl", &Method::POST, 201, Duration::from_millis(elapsed_ms));
        }
        let mut page = Page(String::new());
        metrics.render_requests(&mut page);
        let labels = "route=\"/ttl\",method=\"POST\"";
        for line in [
            format!("segb_http_requests_total{{{labels},status=\"201\"}} 3"),
            format!("segb_http_request_duration_seconds_bucket{{{labels},le=\"0.001\"}} 1"),
            format!("segb_http_request_duration_seconds_bucket{{{labels},le=\"30\"}} 2"),
            format!("segb_http_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} 3"),
            format!("segb_http_request_duration_seconds_count{{{labels}}} 3"),
        ] {
            assert!(page.0.lines().any(|written| written == line), "{line}\n{}", page.0);
        }
    }
}
