//! `GET /metrics`: the text format of Prometheus, version 0.0.4.

use std::collections::{BTreeMap, BTreeSet};

use segb_tests::{Client, START_ENTRIES, ServerBuilder, exchange_head};

/// All samples by name and labels, after a check of the whole text.
fn read(client: &Client) -> BTreeMap<String, f64> {
    let reply = client.get("/metrics");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = reply.text();
    assert!(text.ends_with('\n'), "the last line ends, too");
    let mut types = BTreeMap::new();
    let mut helped = BTreeSet::new();
    let mut samples = BTreeMap::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').expect("a help text");
            assert!(!words.is_empty() && helped.insert(name.to_owned()), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a type");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(helped.contains(name), "{line} has no help");
            assert!(types.insert(name.to_owned(), kind.to_owned()).is_none(), "{line} comes twice");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let name = series.split('{').next().expect("a name");
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            assert!(is_name && name.starts_with("segb_"), "{line}");
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
                let family = name.strip_suffix(end)?;
                (types.get(family)? == "histogram").then_some(family)
            });
            assert!(family.is_some() || types.contains_key(name), "{line} has no type before it");
            if let Some(labels) = series.strip_prefix(name).filter(|labels| !labels.is_empty()) {
                check_labels(labels);
            }
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
            assert!(samples.insert(series.to_owned(), value).is_none(), "{line} comes twice");
        }
    }
    check_histograms(&samples);
    samples
}

fn check_labels(labels: &str) {
    let inside = labels.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    for label in inside.expect("braces").split(',') {
        let (name, value) = label.split_once('=').expect("a value");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()), "{labels}");
        let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        assert!(!value.expect("quotes").contains(['"', '\\', '\n']), "{labels}");
    }
}

/// Buckets are cumulative, and the last holds all.
fn check_histograms(samples: &BTreeMap<String, f64>) {
    let mut histograms: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (series, count) in samples {
        let Some((head, bound)) = series.split_once("le=\"") else {
            continue;
        };
        let bound = bound.split('"').next().expect("a bound");
        let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().expect("a bound") };
        histograms.entry(head.to_owned()).or_default().push((bound, *count));
    }
    assert!(!histograms.is_empty());
    for (head, mut buckets) in histograms {
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert!(buckets.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{head}: {buckets:?}");
        let (bound, all) = buckets[buckets.len() - 1];
        assert_eq!(bound, f64::INFINITY, "{head}");
        let labels = head.replace("_bucket{", "_count{");
        let labels = labels.trim_end_matches(['{', ',']);
        let labels = if labels.contains('{') { format!("{labels}}}") } else { labels.to_owned() };
        assert_eq!(samples[&labels], all, "{head}");
    }
}

#[test]
fn what_happens_is_counted() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let before = read(&client);
    let value =
        |samples: &BTreeMap<String, f64>, series: &str| samples.get(series).copied().unwrap_or_default();
    for number in 0..3 {
        assert_eq!(client.publish(&format!("<urn:{number}> a <urn:b>, <urn:c> .")).status, 201);
    }
    assert_eq!(client.publish("nonsense").status, 422);
    for path in ["/nothing", "/nothing-else", "/logs/x/y/z"] {
        assert_eq!(client.get(path).status, 404);
    }
    assert_eq!(client.get("/logs/00000000-0000-4000-8000-000000000000").status, 404);
    assert_eq!(exchange_head(server.address(), "BREW /ttl", &[], b"").status, 405);
    assert_eq!(client.request("HEAD", "/events").send(&[]).status, 200);
    let after = read(&client);
    for (series, growth) in [
        ("segb_http_requests_total{route=\"/ttl\",method=\"POST\",status=\"201\"}", 3.0),
        ("segb_http_requests_total{route=\"/ttl\",method=\"POST\",status=\"422\"}", 1.0),
        ("segb_http_requests_total{route=\"unmatched\",method=\"GET\",status=\"404\"}", 3.0),
        ("segb_http_requests_total{route=\"/logs/{log_id}\",method=\"GET\",status=\"404\"}", 1.0),
        ("segb_http_requests_total{route=\"/ttl\",method=\"other\",status=\"405\"}", 1.0),
        ("segb_http_requests_total{route=\"/events\",method=\"HEAD\",status=\"200\"}", 1.0),
        ("segb_http_requests_total{route=\"/metrics\",method=\"GET\",status=\"200\"}", 1.0),
        ("segb_http_request_duration_seconds_count{route=\"/ttl\",method=\"POST\"}", 4.0),
        ("segb_journal_entries", 3.0),
        ("segb_journal_logs", 3.0),
        ("segb_graph_triples", 6.0),
    ] {
        assert_eq!(value(&after, series) - value(&before, series), growth, "{series}: {after:?}");
    }
    assert!(value(&after, "segb_commit_duration_seconds_count") >= 1.0);
    assert!(value(&after, "segb_commit_last_seconds") > 0.0);
    assert_eq!(value(&after, "segb_ready"), 1.0);
    for series in ["segb_journal_bytes", "segb_graph_bytes", "segb_disk_free_bytes"] {
        assert!(value(&after, series) > 4_096.0, "{series}: {after:?}");
    }
    for series in
        ["segb_queue_logs", "segb_queue_bytes", "segb_index_behind_entries", "segb_access_missed_total"]
    {
        assert_eq!(after.get(series), Some(&0.0), "{series}");
    }
    assert_eq!(client.post_json("/ttl/delete_all", &serde_json::json!({})).status, 200);
    let cleared = read(&client);
    assert_eq!(value(&cleared, "segb_graph_triples"), 0.0);
    assert_eq!(value(&cleared, "segb_journal_entries"), START_ENTRIES as f64 + 4.0);
    assert_eq!(value(&cleared, "segb_journal_logs"), 3.0);
}

#[test]
fn logs_are_counted_through_restarts() {
    let mut server = ServerBuilder::learning().start();
    let client = server.client();
    for action in ["log", "clear", "log", "log", "clear", "log"] {
        let reply = match action {
            "clear" => client.post_json("/ttl/delete_all", &serde_json::json!({})),
            _ => client.publish("<urn:a> a <urn:b> ."),
        };
        assert!(reply.status < 300, "{action}: {}", reply.text());
    }
    assert!(server.terminate().success());
    let server = server.restart();
    let counted = || {
        let samples = read(&server.client());
        (samples["segb_journal_logs"], samples["segb_journal_entries"])
    };
    // Its second start has the settings of the first, and so is one entry.
    let entries = START_ENTRIES as f64 + 6.0 + 1.0;
    assert_eq!(counted(), (4.0, entries));
    assert_eq!(server.client().publish("<urn:a> a <urn:b> .").status, 201);
    assert_eq!(counted(), (5.0, entries + 1.0));
}
