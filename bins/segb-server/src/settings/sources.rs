//! Where settings come from, the weakest first: defaults, a file, `.env`, the environment, arguments.

use std::{collections::BTreeMap, env, fmt, io, path::Path};

use config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::{
    SettingsError,
    table::{NOT_OURS, SETTINGS, Setting},
};
use crate::arguments::Arguments;

/// The file that is read if it is there and no other is named.
const FILE_DEFAULT: &str = "segb.toml";
/// The file with lines `NAME=value` that is read if it is there.
const DOT_ENV: &str = ".env";
/// The settings that a demonstration has its defaults of, whatever else is set.
const DEMO_DEFAULTS: [&str; 7] = [
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "SEGB_HOST",
    "SEGB_JOURNAL_KEY_FILE",
    "SEGB_JOURNAL_ORIGIN",
    "SEGB_WITNESSES",
    "RETENTION_MONTHS",
];
/// What a secret is shown as.
const MASK: &str = "********";

/// The values of all settings, before they are understood.
#[derive(Default)]
pub(super) struct Values(BTreeMap<&'static str, (String, String)>);

/// Without the values: there are secrets among them.
impl fmt::Debug for Values {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// Something about the settings that is probably not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A name that is no setting.
    Unknown {
        /// The name.
        name: String,
        /// Where it is.
        origin: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, origin } => {
                write!(formatter, "{name} ({origin}) is not a setting; it is ignored")
            }
        }
    }
}

impl Values {
    /// A value; none if it is empty.
    pub(super) fn optional(&self, name: &'static str) -> Option<String> {
        self.0.get(name).map(|(value, _)| value.clone())
    }

    /// The error for a value that cannot be used.
    pub(super) fn bad(&self, name: &'static str, expected: &str) -> SettingsError {
        let (value, origin) = self.0.get(name).cloned().unwrap_or_default();
        SettingsError::BadValue { name, value, origin, expected: expected.to_owned() }
    }

    /// Value and origin, to be shown.
    pub(super) fn shown(&self, setting: &Setting) -> (&str, &str) {
        match self.0.get(setting.name) {
            None => ("", "not set"),
            Some((_, origin)) if setting.is_secret => (MASK, origin),
            Some((value, origin)) => (value, origin),
        }
    }
}

/// One source: known names and their values.
#[derive(Debug, Clone)]
struct Layer {
    origin: String,
    values: Vec<(&'static str, String)>,
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let value = |text: &String| Value::new(Some(&self.origin), ValueKind::String(text.clone()));
        Ok(self.values.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect())
    }
}

/// Takes the known names out of `pairs` and warns of those that look like settings and are none.
fn layer(
    origin: &str,
    pairs: impl IntoIterator<Item = (String, String)>,
    looks_like_ours: impl Fn(&str) -> bool,
    warnings: &mut Vec<Warning>,
) -> Layer {
    let mut values = Vec::new();
    for (name, value) in pairs {
        match SETTINGS.iter().find(|setting| setting.name.eq_ignore_ascii_case(&name)) {
            Some(setting) => values.push((setting.name, value)),
            None if looks_like_ours(&name) && !NOT_OURS.contains(&name.as_str()) => {
                warnings.push(Warning::Unknown { name, origin: origin.to_owned() });
            }
            None => {}
        }
    }
    Layer { origin: origin.to_owned(), values }
}

/// Reads all sources.
pub(super) fn collect(arguments: &Arguments) -> Result<(Values, Vec<Warning>), SettingsError> {
    let mut warnings = Vec::new();
    let is_ours = |name: &str| name.starts_with("SEGB_");
    let defaults = SETTINGS.iter().map(|setting| (setting.name, setting.default.to_owned())).collect();
    let layers = [
        Layer { origin: "default".to_owned(), values: defaults },
        file(arguments.config.as_deref(), &mut warnings)?,
        layer(DOT_ENV, dot_env(Path::new(DOT_ENV))?, is_ours, &mut warnings),
        layer("environment", environment(), is_ours, &mut warnings),
        demo(arguments),
        layer("argument", given(arguments), is_ours, &mut warnings),
    ];
    Ok((merge(layers)?, warnings))
}

fn merge(layers: impl IntoIterator<Item = Layer>) -> Result<Values, SettingsError> {
    let config =
        layers.into_iter().fold(Config::builder(), |config, layer| config.add_source(layer)).build()?;
    let mut merged = config.collect()?;
    let mut values = Values::default();
    for setting in SETTINGS {
        let Some(value) = merged.remove(setting.name) else {
            continue;
        };
        let origin = value.origin().unwrap_or_default().to_owned();
        let text = value.into_string()?;
        // An empty value is as good as none.
        let (text, origin) =
            if text.is_empty() { (setting.default.to_owned(), "default".to_owned()) } else { (text, origin) };
        if !text.is_empty() {
            values.0.insert(setting.name, (text, origin));
        }
    }
    Ok(values)
}

/// The file named, which has to be there, or the one that may be there.
fn file(named: Option<&Path>, warnings: &mut Vec<Warning>) -> Result<Layer, SettingsError> {
    let path = named.unwrap_or(Path::new(FILE_DEFAULT));
    let origin = path.display().to_string();
    if named.is_none() && !path.exists() {
        return Ok(Layer { origin, values: Vec::new() });
    }
    // The first line says where the error is; the next ones would show the text there, which may be a secret.
    let unreadable = |cause: String| {
        let cause = cause.lines().next().unwrap_or_default().to_owned();
        SettingsError::File { path: origin.clone(), cause }
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let entries =
        File::from_str(&text, FileFormat::Toml).collect().map_err(|error| unreadable(error.to_string()))?;
    let mut pairs = Vec::new();
    for (name, value) in entries {
        let text = match value.kind {
            ValueKind::Array(items) => {
                let items: Result<Vec<_>, _> = items.into_iter().map(Value::into_string).collect();
                items.map(|items| items.join(","))
            }
            kind => Value::new(None, kind).into_string(),
        };
        pairs.push((
            name.clone(),
            text.map_err(|_| unreadable(format!("{name} is not a value but a table")))?,
        ));
    }
    pairs.sort();
    Ok(layer(&origin, pairs, |_| true, warnings))
}

/// The lines of `.env`, without putting them into the environment.
fn dot_env(path: &Path) -> Result<Vec<(String, String)>, SettingsError> {
    let unreadable = |cause: String| SettingsError::File { path: path.display().to_string(), cause };
    let lines = match dotenvy::from_path_iter(path) {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return Ok(Vec::new()),
        Err(dotenvy::Error::Io(error)) if error.kind() == io::ErrorKind::IsADirectory => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let mut pairs = Vec::new();
    for line in lines {
        // The line itself may be a secret.
        let number = pairs.len() + 1;
        pairs
            .push(line.map_err(|_| unreadable(format!("setting number {number} is not a line NAME=value")))?);
    }
    Ok(pairs)
}

/// The environment; what is not Unicode there is no setting of ours.
fn environment() -> Vec<(String, String)> {
    let mut pairs: Vec<_> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    pairs.sort();
    pairs
}

/// A demonstration needs no secret, and leaves nothing where real data is: it takes back what would make it otherwise.
/// Warnings stay; the story is what is to be read.
fn demo(arguments: &Arguments) -> Layer {
    let origin = "--demo".to_owned();
    let Some(directory) = &arguments.demo_directory else { return Layer { origin, values: Vec::new() } };
    let path = |name: &str| directory.join(name).display().to_string();
    let mut values: Vec<_> = DEMO_DEFAULTS.iter().map(|name| (*name, String::new())).collect();
    values.push(("SEGB_DATA_DIR", path("data")));
    values.push(("SERVER_LOG_DIR", path("logs")));
    values.push(("LOGGING_LEVEL", "WARNING".to_owned()));
    Layer { origin, values }
}

fn given(arguments: &Arguments) -> Vec<(String, String)> {
    let values = [
        ("SEGB_HOST", &arguments.host),
        ("SEGB_PORT", &arguments.port),
        ("SEGB_UI_PORT", &arguments.ui_port),
        ("SEGB_DATA_DIR", &arguments.data_dir),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
}

#[cfg(test)]
impl Values {
    /// The defaults and these values.
    pub(super) fn with(pairs: &[(&'static str, &str)]) -> Self {
        let defaults = SETTINGS.iter().map(|setting| (setting.name, setting.default.to_owned())).collect();
        let defaults = Layer { origin: "default".to_owned(), values: defaults };
        let values = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        merge([defaults, Layer { origin: "test".to_owned(), values }]).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn later_sources_win_and_empty_means_default() {
        let values = Values::with(&[("SEGB_PORT", "7"), ("SEGB_UI_PORT", "")]);
        assert_eq!(values.0["SEGB_PORT"], ("7".to_owned(), "test".to_owned()));
        assert_eq!(values.0["SEGB_UI_PORT"], ("8080".to_owned(), "default".to_owned()));
        assert_eq!(values.optional("SECRET_KEY"), None);
    }

    #[test]
    fn a_file_may_have_numbers_and_lists() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.toml");
        fs::write(
            &path,
            "SEGB_PORT = 7\nsegb_ui_port = \"auto\"\nCORS_ORIGINS = [\"http://a\", \"http://b\"]\nwhat = 1\n",
        )
        .unwrap();
        let mut warnings = Vec::new();
        let read = file(Some(&path), &mut warnings).unwrap();
        let mut values = read.values;
        values.sort();
        let expected = [("CORS_ORIGINS", "http://a,http://b"), ("SEGB_PORT", "7"), ("SEGB_UI_PORT", "auto")];
        assert_eq!(values, expected.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn broken_files_are_named_and_not_shown() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        fs::write(&path, "SECRET_KEY = \"hush\nSEGB_PORT = 1\n").unwrap();
        for error in [file(Some(&path), &mut Vec::new()).unwrap_err(), dot_env(&path).unwrap_err()] {
            let error = error.to_string();
            assert!(error.starts_with(&path.display().to_string()) && !error.contains("hush"), "{error}");
        }
        let missing = directory.path().join("missing");
        assert!(file(Some(&missing), &mut Vec::new()).is_err());
        assert!(dot_env(&missing).unwrap().is_empty());
    }

    #[test]
    fn unknown_names_of_ours_are_warned_about() {
        let mut warnings = Vec::new();
        let pairs = [("SEGB_PRT", "1"), ("SEGB_API_URL", "x"), ("HOME", "/")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        layer("environment", pairs, |name| name.starts_with("SEGB_"), &mut warnings);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].to_string().starts_with("SEGB_PRT (environment)"));
    }
}
