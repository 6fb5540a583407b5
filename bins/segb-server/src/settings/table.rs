//! The table of all settings. `docs/configuration.md`, `.env.example` and `--check-config` are held to it by tests.

/// A setting, as it is documented.
#[derive(Debug)]
pub struct Setting {
    /// The name, in the environment and in files.
    pub name: &'static str,
    /// The value if none or an empty one is given.
    pub default: &'static str,
    /// Whether the value must never be shown.
    pub is_secret: bool,
}

const fn setting(name: &'static str, default: &'static str) -> Setting {
    Setting { name, default, is_secret: false }
}

const fn secret(name: &'static str) -> Setting {
    Setting { name, default: "", is_secret: true }
}

/// What `LOGGING_LEVEL` may be.
pub(super) const LEVELS: &str = "DEBUG, INFO, WARNING, ERROR or CRITICAL";

/// Names of the same family that belong to clients and may be in the same `.env`.
pub(super) const NOT_OURS: [&str; 2] = ["SEGB_API_URL", "SEGB_API_TOKEN"];

/// All settings.
pub const SETTINGS: &[Setting] = &[
    secret("SECRET_KEY"),
    secret("SECRET_KEY_PREVIOUS"),
    setting("ALLOW_WEAK_SECRET", "false"),
    setting("SEGB_HOST", ""),
    setting("SEGB_PORT", "5000"),
    setting("SEGB_UI_PORT", "8080"),
    setting("SEGB_WORKERS", ""),
    setting("TRUSTED_PROXIES", ""),
    setting("CORS_ORIGINS", "http://localhost:5173,http://127.0.0.1:5173"),
    setting("CORS_ORIGIN_REGEX", ""),
    setting("SEGB_DATA_DIR", "./segb-data"),
    setting("GRAPH_URI", "http://amor-segb/events"),
    setting("SEGB_JOURNAL_KEY_FILE", ""),
    setting("SEGB_JOURNAL_ORIGIN", ""),
    setting("SEGB_WITNESSES", ""),
    setting("SEGB_WITNESS_SECONDS", "60"),
    setting("RETENTION_MONTHS", ""),
    setting("RETENTION_LEGAL_GROUND", ""),
    setting("SERVER_LOG_DIR", "./logs"),
    setting("SERVER_LOG_FILE", "segb.log"),
    setting("LOGGING_LEVEL", "INFO"),
    setting("VERSION", env!("CARGO_PKG_VERSION")),
    setting("SEGB_BODY_BYTES_MAX", "10485760"),
    setting("SEGB_BODY_SECONDS_MAX", "30"),
    setting("SEGB_BODY_BUDGET_BYTES", "268435456"),
    setting("SEGB_TRIPLES_MAX", "200000"),
    setting("SEGB_TURTLE_NESTING_MAX", "128"),
    setting("SEGB_IRI_BYTES_MAX", "4096"),
    setting("SEGB_LITERAL_BYTES_MAX", "1048576"),
    setting("SEGB_PREFIXES_MAX", "1000"),
    setting("SEGB_QUEUE_LOGS_MAX", "1024"),
    setting("SEGB_QUEUE_BYTES_MAX", "268435456"),
    setting("SEGB_QUERY_BYTES_MAX", "262144"),
    setting("SEGB_QUERY_NESTING_MAX", "128"),
    setting("SEGB_QUERY_SECONDS_MAX", "30"),
    setting("SEGB_QUERY_ROWS_MAX", "1000000"),
    setting("SEGB_QUERY_ANSWER_BYTES_MAX", "1073741824"),
    setting("SEGB_QUERY_PROCESSES", ""),
    setting("SEGB_QUERY_MEMORY_BYTES_MAX", "1073741824"),
    setting("SEGB_QUERIES_WAITING_MAX", "64"),
    setting("SEGB_EXPORT_SECONDS_MAX", "600"),
    setting("SEGB_EXPORTS_MAX", "4"),
    setting("SEGB_EVIDENCE_ENTRIES_MAX", "10000"),
    setting("SEGB_SHUTDOWN_SECONDS_MAX", "30"),
    setting("SHARED_CONTEXT_NAMESPACE", "https://gsi.upm.es/segb/shared-events/"),
    setting("SHARED_CONTEXT_TIME_WINDOW_SECONDS", "3.0"),
    setting("SHARED_CONTEXT_MATCH_THRESHOLD", "0.85"),
    setting("SHARED_CONTEXT_AMBIGUOUS_THRESHOLD", "0.70"),
    setting("SHARED_CONTEXT_CLOSE_MARGIN", "0.05"),
    setting("SHARED_CONTEXT_STRICT_MODALITY_MISMATCH", "false"),
];
