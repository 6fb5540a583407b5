//! The settings: typed, and each with its name, default and meaning in one table.

mod sources;
mod table;

use std::{collections::BTreeMap, fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use ipnet::IpNet;
use log::LevelFilter;
use segb_auth::{Auth, Mode, SecretError};
use segb_http::{AppOptions, BodyLimits, CorsOptions, CorsOptionsError};
use segb_store::journal_format::note::Signer;
use segb_store::{ContextPolicy, QueryLimits, StoreOptions, TurtleLimits, context::PolicyError};
use sources::Values;
pub use sources::Warning;
pub use table::SETTINGS;
use table::Setting;

use crate::{
    arguments::Arguments,
    chores::Retention,
    journal_key::{self, JournalKeyError},
    serve::Tuning,
    system,
    witness::Witnessing,
};

/// All settings, checked.
#[derive(Debug)]
pub struct Settings {
    values: Values,
    /// The address to listen at; none: by the mode.
    pub host: Option<String>,
    /// The port of the API.
    pub port: Port,
    /// The port of the UI.
    pub ui_port: Port,
    /// The least grave level that is logged.
    pub logging_level: LevelFilter,
    server_log_path: PathBuf,
    store: StoreOptions,
    app: AppOptions,
    tuning: Tuning,
    /// Who is asked to sign checkpoints, and how often.
    pub witnessing: Witnessing,
    /// How long logs are kept; none: for ever.
    pub retention: Option<Retention>,
    allow_weak_secret: bool,
}

/// A port to listen at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// This one.
    Number(u16),
    /// Whichever is free.
    AnyFree,
    /// Not at all.
    None,
}

/// Why the settings cannot be used. The texts never hold a secret.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A value that means nothing.
    #[error("{name}: {value:?} ({origin}) is no good: {expected}")]
    BadValue { name: &'static str, value: String, origin: String, expected: String },
    /// A file that cannot be read.
    #[error("{path}: {cause}")]
    File { path: String, cause: String },
    /// The sources cannot be put together.
    #[error("the settings cannot be read: {0}")]
    Sources(#[from] config::ConfigError),
    /// The secrets cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl Settings {
    /// Reads the settings from everywhere: defaults < file < `.env` < environment < arguments.
    pub fn load(arguments: &Arguments) -> Result<(Self, Vec<Warning>), SettingsError> {
        let (values, warnings) = sources::collect(arguments)?;
        let settings = Self::read(values)?;
        // A server that would refuse its secrets is not to get further than here.
        settings.auth()?;
        Ok((settings, warnings))
    }

    fn read(values: Values) -> Result<Self, SettingsError> {
        let body_bytes_max = values.number("SEGB_BODY_BYTES_MAX", 1_024)?;
        Ok(Self {
            host: values.optional("SEGB_HOST"),
            port: values.parsed("SEGB_PORT", "a port number from 0 to 65535", api_port)?,
            ui_port: values.parsed("SEGB_UI_PORT", "a port number from 0 to 65535, or auto", ui_port)?,
            logging_level: values.parsed("LOGGING_LEVEL", table::LEVELS, logging_level)?,
            server_log_path: PathBuf::from(values.text("SERVER_LOG_DIR"))
                .join(values.text("SERVER_LOG_FILE")),
            store: store_options(&values, body_bytes_max)?,
            app: app_options(&values, body_bytes_max)?,
            tuning: Tuning {
                workers: match values.optional("SEGB_WORKERS") {
                    Some(_) => values.number("SEGB_WORKERS", 1)?,
                    None => processors(),
                },
                shutdown_duration_max: values.seconds("SEGB_SHUTDOWN_SECONDS_MAX")?,
            },
            witnessing: Witnessing {
                witnesses: values.parsed(
                    "SEGB_WITNESSES",
                    "pairs of a URL and a verifier key, like https://witness.example witness.example/w1+1f2e3d4c+BASE64, \
                     separated by commas",
                    |text| list(text).iter().map(|item| item.parse().ok()).collect(),
                )?,
                interval: values.seconds("SEGB_WITNESS_SECONDS")?,
            },
            retention: retention(&values)?,
            allow_weak_secret: values.parsed("ALLOW_WEAK_SECRET", "true or false", truth)?,
            values,
        })
    }

    /// Who is believed to be whom, by the secrets.
    pub fn auth(&self) -> Result<Auth, SecretError> {
        let secret = |name| self.values.optional(name);
        Auth::detect(
            secret("SECRET_KEY").as_deref(),
            secret("SECRET_KEY_PREVIOUS").as_deref(),
            self.allow_weak_secret,
        )
    }

    /// How to open the store.
    pub fn store_options(&self) -> StoreOptions {
        self.store.clone()
    }

    /// The key that the journal is signed with; made if there is none.
    pub fn journal_key(&self) -> Result<Signer, JournalKeyError> {
        let random = || (system::random_bytes(), u64::from_be_bytes(system::random_bytes()));
        journal_key::load(&self.journal_key_path(), self.journal_origin().as_deref(), random)
    }

    /// The key that the journal is signed with, if there is one.
    pub fn existing_journal_key(&self) -> Result<Signer, JournalKeyError> {
        journal_key::load_existing(&self.journal_key_path(), self.journal_origin().as_deref())
    }

    fn journal_key_path(&self) -> PathBuf {
        match self.values.optional("SEGB_JOURNAL_KEY_FILE") {
            Some(path) => PathBuf::from(path),
            None => self.store.data_dir.join(journal_key::FILE_NAME),
        }
    }

    fn journal_origin(&self) -> Option<String> {
        self.values.optional("SEGB_JOURNAL_ORIGIN")
    }

    /// How to answer requests in this mode.
    pub fn app_options(&self, mode: Mode) -> AppOptions {
        AppOptions {
            server_log_file: Some(self.server_log_path.clone()),
            local_only: mode == Mode::Learning && is_this_machine(self.host.as_deref()),
            ..self.app.clone()
        }
    }

    /// How to use the machine.
    pub fn tuning(&self) -> Tuning {
        self.tuning
    }

    /// The file of the server log.
    pub fn server_log_path(&self) -> PathBuf {
        self.server_log_path.clone()
    }

    /// Names and values, for the journal. Secrets are masked.
    pub fn for_the_record(&self) -> BTreeMap<String, String> {
        let pair = |setting: &Setting| (setting.name.to_owned(), self.values.shown(setting).0.to_owned());
        SETTINGS.iter().map(pair).collect()
    }

    /// One line for each setting, to be shown: `NAME = value (where it is from)`. Secrets are masked.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        SETTINGS.iter().map(|setting| {
            let (value, origin) = self.values.shown(setting);
            let value = if value.is_empty() { String::new() } else { format!("{value} ") };
            format!("{} = {value}({origin})", setting.name)
        })
    }
}

fn store_options(values: &Values, body_bytes_max: usize) -> Result<StoreOptions, SettingsError> {
    Ok(StoreOptions {
        graph_iri: values.parsed("GRAPH_URI", "an absolute IRI", graph_iri)?,
        turtle: TurtleLimits {
            document_bytes_max: body_bytes_max,
            triples_max: values.number("SEGB_TRIPLES_MAX", 1)?,
            nesting_max: values.number("SEGB_TURTLE_NESTING_MAX", 1)?,
            iri_bytes_max: values.number("SEGB_IRI_BYTES_MAX", 1)?,
            literal_bytes_max: values.number("SEGB_LITERAL_BYTES_MAX", 1)?,
            prefixes_max: values.number("SEGB_PREFIXES_MAX", 1)?,
        },
        query: QueryLimits {
            text_bytes_max: values.number("SEGB_QUERY_BYTES_MAX", 1)?,
            nesting_max: values.number("SEGB_QUERY_NESTING_MAX", 1)?,
            duration_max: values.seconds("SEGB_QUERY_SECONDS_MAX")?,
            rows_max: values.number("SEGB_QUERY_ROWS_MAX", 1)?,
            answer_bytes_max: values.number("SEGB_QUERY_ANSWER_BYTES_MAX", 1)?,
            at_once: match query_processes(values)? {
                Some(0) | None => processors().max(QUERY_PROCESSES_MIN),
                Some(processes) => processes,
            },
            memory_bytes_max: values.number("SEGB_QUERY_MEMORY_BYTES_MAX", QUERY_MEMORY_BYTES_MIN)?,
            waiting_max: values.number("SEGB_QUERIES_WAITING_MAX", 0)?,
        },
        query_program: match query_processes(values)? {
            Some(0) => None,
            _ => crate::queries::program(),
        },
        contexts: context_policy(values)?,
        queue_logs_max: values.number("SEGB_QUEUE_LOGS_MAX", 1)?,
        queue_bytes_max: values.number("SEGB_QUEUE_BYTES_MAX", 1)?,
        export_duration_max: values.seconds("SEGB_EXPORT_SECONDS_MAX")?,
        exports_max: values.number("SEGB_EXPORTS_MAX", 1)?,
        evidence_entries_max: values.number("SEGB_EVIDENCE_ENTRIES_MAX", 1)?,
        ..StoreOptions::new(values.text("SEGB_DATA_DIR"))
    })
}

/// How many query processes are asked for; 0 asks for threads instead.
fn query_processes(values: &Values) -> Result<Option<usize>, SettingsError> {
    values.optional("SEGB_QUERY_PROCESSES").map(|_| values.number("SEGB_QUERY_PROCESSES", 0)).transpose()
}

/// One query that takes its time must not hold up all others.
const QUERY_PROCESSES_MIN: usize = 2;

/// With less a process cannot answer anything.
const QUERY_MEMORY_BYTES_MIN: u64 = 16 << 20;

/// So many processors does the system let this process use.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Whoever forgets what robots did within half a year has to say why.
const RETENTION_MONTHS_FREE: u32 = 6;

fn retention(values: &Values) -> Result<Option<Retention>, SettingsError> {
    let legal_ground = values.optional("RETENTION_LEGAL_GROUND");
    if values.optional("RETENTION_MONTHS").is_none() {
        return Ok(None);
    }
    let months: u32 = values.number("RETENTION_MONTHS", 1)?;
    match legal_ground.filter(|ground| !ground.trim().is_empty()) {
        Some(legal_ground) => Ok(Some(Retention { months, legal_ground })),
        None if months < RETENTION_MONTHS_FREE => {
            let expected = "at least 6, or RETENTION_LEGAL_GROUND has to say what law or rule demands less";
            Err(values.bad("RETENTION_MONTHS", expected))
        }
        None => Ok(Some(Retention { months, legal_ground: format!("RETENTION_MONTHS is set to {months}") })),
    }
}

fn context_policy(values: &Values) -> Result<ContextPolicy, SettingsError> {
    let fraction = |name| values.parsed(name, "a number between 0 and 1", |text| text.parse().ok());
    let policy = ContextPolicy {
        namespace: values.text("SHARED_CONTEXT_NAMESPACE"),
        time_window_seconds: values.seconds("SHARED_CONTEXT_TIME_WINDOW_SECONDS")?.as_secs_f64(),
        match_threshold: fraction("SHARED_CONTEXT_MATCH_THRESHOLD")?,
        ambiguous_threshold: fraction("SHARED_CONTEXT_AMBIGUOUS_THRESHOLD")?,
        close_margin: fraction("SHARED_CONTEXT_CLOSE_MARGIN")?,
        strict_modality_mismatch: values.parsed(
            "SHARED_CONTEXT_STRICT_MODALITY_MISMATCH",
            "true or false",
            truth,
        )?,
    };
    policy.validate().map_err(|error| {
        let name = match &error {
            PolicyError::TimeWindow(_) => "SHARED_CONTEXT_TIME_WINDOW_SECONDS",
            PolicyError::OutOfRange { name: "match threshold", .. } => "SHARED_CONTEXT_MATCH_THRESHOLD",
            PolicyError::OutOfRange { name: "close margin", .. } => "SHARED_CONTEXT_CLOSE_MARGIN",
            PolicyError::Namespace(_) => "SHARED_CONTEXT_NAMESPACE",
            _ => "SHARED_CONTEXT_AMBIGUOUS_THRESHOLD",
        };
        values.bad(name, &error.to_string())
    })?;
    Ok(policy)
}

fn app_options(values: &Values, body_bytes_max: usize) -> Result<AppOptions, SettingsError> {
    let origins = list(&values.text("CORS_ORIGINS"));
    let origin_regex = values.optional("CORS_ORIGIN_REGEX");
    let cors = CorsOptions::new(origins, origin_regex.as_deref()).map_err(|error| match error {
        CorsOptionsError::Origin(_) => {
            values.bad("CORS_ORIGINS", "* or origins like https://ui.example:8443")
        }
        CorsOptionsError::Regex(_) => values.bad("CORS_ORIGIN_REGEX", "a regular expression"),
    })?;
    Ok(AppOptions {
        body: BodyLimits {
            bytes_max: body_bytes_max,
            duration_max: values.seconds("SEGB_BODY_SECONDS_MAX")?,
            budget_bytes: values.number("SEGB_BODY_BUDGET_BYTES", 1 << 20)?,
        },
        trusted_proxies: values.parsed(
            "TRUSTED_PROXIES",
            "addresses like 10.0.0.1 or 10.0.0.0/8",
            networks,
        )?,
        cors,
        server_log_file: None,
        version: values.text("VERSION"),
        local_only: false,
    })
}

/// Whether a server in learning mode can only be reached from this machine; it is so by default.
fn is_this_machine(host: Option<&str>) -> bool {
    let Some(host) = host else { return true };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn networks(text: &str) -> Option<Vec<IpNet>> {
    let network = |item: &String| item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from)).ok();
    list(text).iter().map(network).collect()
}

fn graph_iri(text: &str) -> Option<String> {
    StoreOptions::is_graph_iri(text).then(|| text.to_owned())
}

fn api_port(text: &str) -> Option<Port> {
    match text.parse().ok()? {
        0 => Some(Port::AnyFree),
        number => Some(Port::Number(number)),
    }
}

fn ui_port(text: &str) -> Option<Port> {
    match text {
        "0" => Some(Port::None),
        "auto" => Some(Port::AnyFree),
        number => number.parse().ok().map(Port::Number),
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn logging_level(text: &str) -> Option<LevelFilter> {
    match text.to_ascii_uppercase().as_str() {
        "CRITICAL" | "ERROR" => Some(LevelFilter::Error),
        "WARNING" => Some(LevelFilter::Warn),
        "INFO" => Some(LevelFilter::Info),
        "DEBUG" => Some(LevelFilter::Debug),
        _ => None,
    }
}

impl Values {
    /// A value that the default makes sure is there.
    fn text(&self, name: &'static str) -> String {
        self.optional(name).unwrap_or_default()
    }

    fn parsed<T>(
        &self,
        name: &'static str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, SettingsError> {
        parse(self.text(name).trim()).ok_or_else(|| self.bad(name, expected))
    }

    fn number<T>(&self, name: &'static str, least: T) -> Result<T, SettingsError>
    where
        T: FromStr + PartialOrd + fmt::Display + Copy,
    {
        let expected = format!("a whole number, at least {least}");
        self.parsed(name, &expected, |text| {
            text.replace('_', "").parse().ok().filter(|number| *number >= least)
        })
    }

    fn seconds(&self, name: &'static str) -> Result<Duration, SettingsError> {
        self.parsed(name, "a number of seconds above 0", |text| {
            let seconds: f64 = text.parse().ok().filter(|seconds| *seconds > 0.0)?;
            Duration::try_from_secs_f64(seconds).ok()
        })
    }
}

#[cfg(test)]
mod tests;
