use std::collections::BTreeSet;

use segb_auth::Mode;
use segb_store::StoreOptions;

use super::*;

fn read(pairs: &[(&'static str, &str)]) -> Result<Settings, SettingsError> {
    Settings::read(Values::with(pairs))
}

#[test]
fn the_defaults_are_those_of_the_crates() {
    let settings = read(&[]).unwrap();
    let (ours, mut theirs) = (settings.store_options(), StoreOptions::new("./segb-data"));
    // What depends on the system: a store by itself has no program for queries, and two at once.
    theirs.query_program = crate::queries::program();
    theirs.query.at_once = processors().max(QUERY_PROCESSES_MIN);
    assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
    assert_eq!(settings.app_options(Mode::Learning).body, BodyLimits::default());
    assert_eq!((settings.port, settings.ui_port), (Port::Number(5000), Port::Number(8080)));
    assert_eq!(settings.server_log_path(), PathBuf::from("./logs/segb.log"));
    assert_eq!(settings.auth().unwrap().mode(), Mode::Learning);
}

#[test]
fn bad_values_are_named() {
    for (name, value) in [
        ("SEGB_PORT", "many"),
        ("SEGB_PORT", "65536"),
        ("SEGB_UI_PORT", "-1"),
        ("SEGB_WORKERS", "0"),
        ("ALLOW_WEAK_SECRET", "perhaps"),
        ("LOGGING_LEVEL", "LOUD"),
        ("TRUSTED_PROXIES", "10.0.0.1,proxy"),
        ("CORS_ORIGIN_REGEX", "("),
        ("CORS_ORIGINS", "foo bar"),
        ("CORS_ORIGINS", "http://a,localhost:5173"),
        ("GRAPH_URI", "a b"),
        ("GRAPH_URI", "events"),
        ("GRAPH_URI", "http://a/<b>"),
        ("SEGB_QUERY_SECONDS_MAX", "0"),
        ("SEGB_QUERY_SECONDS_MAX", "NaN"),
        ("SEGB_TRIPLES_MAX", "1.5"),
        ("SEGB_BODY_BYTES_MAX", "1"),
        ("SHARED_CONTEXT_NAMESPACE", "events"),
        ("SHARED_CONTEXT_TIME_WINDOW_SECONDS", "-3"),
        ("SHARED_CONTEXT_TIME_WINDOW_SECONDS", "1e15"),
        ("SHARED_CONTEXT_MATCH_THRESHOLD", "1.1"),
        ("SHARED_CONTEXT_MATCH_THRESHOLD", "high"),
        ("SHARED_CONTEXT_AMBIGUOUS_THRESHOLD", "0.9"),
        ("SHARED_CONTEXT_CLOSE_MARGIN", "NaN"),
        ("SHARED_CONTEXT_STRICT_MODALITY_MISMATCH", "maybe"),
    ] {
        let error = read(&[(name, value)]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{name}: {value:?} (test)")), "{error}");
    }
}

#[test]
fn good_values_are_understood() {
    let settings = read(&[
        ("SEGB_PORT", "0"),
        ("SEGB_UI_PORT", "0"),
        ("TRUSTED_PROXIES", "10.0.0.1, 192.168.0.0/16, ::1"),
        ("SEGB_BODY_BYTES_MAX", "20_000_000"),
        ("SEGB_QUERY_SECONDS_MAX", "0.5"),
        ("LOGGING_LEVEL", "warning"),
        ("GRAPH_URI", "urn:example:graph"),
        ("SERVER_LOG_FILE", "/var/log/x.log"),
    ])
    .unwrap();
    assert_eq!((settings.port, settings.ui_port), (Port::AnyFree, Port::None));
    assert_eq!(settings.app_options(Mode::Learning).trusted_proxies.len(), 3);
    assert_eq!(settings.store_options().graph_iri, "urn:example:graph");
    assert_eq!(settings.store_options().turtle.document_bytes_max, 20_000_000);
    assert_eq!(settings.store_options().query.duration_max, Duration::from_millis(500));
    assert_eq!(settings.logging_level, LevelFilter::Warn);
    assert_eq!(settings.server_log_path(), PathBuf::from("/var/log/x.log"));
}

#[test]
fn secrets_are_never_shown() {
    let secret = "0123456789abcdef0123456789abcdef";
    let settings = read(&[("SECRET_KEY", secret), ("SECRET_KEY_PREVIOUS", secret)]).unwrap();
    assert_eq!(settings.auth().unwrap().mode(), Mode::Protected);
    let shown: Vec<_> = settings.lines().collect();
    assert!(!shown.join("\n").contains(secret));
    assert_eq!(shown[0], "SECRET_KEY = ******** (test)");
    assert!(!format!("{settings:?}").contains(secret));
    let weak = read(&[("SECRET_KEY", "hush")]).unwrap().auth().unwrap_err().to_string();
    assert!(weak.starts_with("SECRET_KEY ") && !weak.contains("hush"), "{weak}");
}

/// The first cell of a row `| `NAME` | `default` | … |`, and the second.
fn documented(row: &str) -> Option<(&str, &str)> {
    let mut cells = row.strip_prefix("| `")?.split(" | ");
    Some((cells.next()?.strip_suffix('`')?, cells.next()?.trim_matches('`')))
}

#[test]
fn every_setting_is_documented() {
    let page = include_str!("../../../../docs/configuration.md");
    let documented: BTreeSet<_> = page.lines().filter_map(documented).collect();
    let version = env!("CARGO_PKG_VERSION");
    let expected = SETTINGS.iter().map(|setting| {
        let default = if setting.default == version { "the version of the program" } else { setting.default };
        (setting.name, if default.is_empty() { "none" } else { default })
    });
    assert_eq!(documented, expected.collect());
}

#[test]
fn every_setting_is_in_the_example() {
    let example = include_str!("../../../../.env.example");
    let found: BTreeSet<_> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let expected = SETTINGS
        .iter()
        .map(|setting| (setting.name, if setting.default == version { "" } else { setting.default }));
    assert_eq!(found, expected.collect());
}
