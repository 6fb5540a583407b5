//! Where to look.

use std::{
    error::Error,
    io::{Write, stdout},
    time::Duration,
};

use segb_client::{Connection, ConnectionOptions};

/// The port of the UI, unless somebody says another.
const UI_PORT: u16 = 8080;
/// A page that takes longer than this is not recommended.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Prints the pages that are there.
pub fn show(api: &Connection, ui_url: Option<&str>) -> Result<(), Box<dyn Error>> {
    let ui_url = ui_url.map(str::to_owned).or_else(|| beside(api.url()));
    let ui = match ui_url {
        Some(url) => {
            let mut options = ConnectionOptions::new(url);
            options.timeout = TIMEOUT;
            Some(Connection::new(options)?)
        }
        None => None,
    };
    let found = segb_scenarios::links(api.url(), ui.as_ref().map(Connection::url), |address| {
        let connections = [Some(api), ui.as_ref()].into_iter().flatten();
        connections.filter_map(|connection| Some((connection, address.strip_prefix(connection.url())?))).any(
            // A page that wants a token is there, too.
            |(connection, path)| {
                connection.get(path, None).is_ok_and(|answer| matches!(answer.status, 200..=399 | 401 | 403))
            },
        )
    });
    let mut out = stdout().lock();
    writeln!(out, "Open:")?;
    for (address, shows) in found {
        writeln!(out, "  {address}  {shows}")?;
    }
    Ok(())
}

/// The UI on the same machine.
fn beside(api: &str) -> Option<String> {
    let (scheme, rest) = api.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = match authority.rfind(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next()?,
    };
    Some(format!("{scheme}://{host}:{UI_PORT}"))
}
