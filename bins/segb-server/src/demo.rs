//! `--demo`: a server that starts with a story in it and keeps nothing.

use std::{
    error::Error,
    io::{self, Write, stderr, stdout},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    thread,
};

use segb_client::{Connection, ConnectionOptions};
use segb_scenarios::{Options, Story, play};
use tempfile::TempDir;

use crate::{listeners::Listeners, system};

/// The directory that holds everything, and is deleted at the end.
#[derive(Debug)]
pub struct Demo(TempDir);

impl Demo {
    /// Makes the directory.
    pub fn prepare() -> io::Result<Self> {
        Ok(Self(tempfile::Builder::new().prefix("segb-demo-").tempdir()?))
    }

    pub fn directory(&self) -> &Path {
        self.0.path()
    }
}

/// Tells the story to the server that listens there, from a thread of its own. The requests wait until it answers.
pub fn start(listeners: &Listeners) -> io::Result<()> {
    let api = reachable(listeners.api.local_addr()?);
    let ui = listeners.ui.as_ref().map(|ui| ui.local_addr().map(reachable)).transpose()?;
    let tell = move || {
        if let Err(error) = tell(&api, ui.as_deref()) {
            // The server goes on; what is wrong with the story is not wrong with it.
            let _ = writeln!(stderr(), "Error: the story cannot be told: {error}");
        }
    };
    thread::Builder::new().name("segb-demo".to_owned()).spawn(tell).map(drop)
}

fn tell(api: &str, ui: Option<&str>) -> Result<(), Box<dyn Error>> {
    let server = ConnectionOptions::new(api);
    let seed = u64::from_be_bytes(system::random_bytes());
    let keys = Box::new(system::fill_random);
    let options = Options { server: server.clone(), seed, start: system::now(), keys };
    let summary = play(Story::ReportReady, options, &mut |line| {
        // Whoever does not want to read along may close stdout.
        let _ = writeln!(stdout(), "{line}");
    })?;
    let connection = Connection::new(server)?;
    let ui_connection = ui.map(|ui| Connection::new(ConnectionOptions::new(ui))).transpose()?;
    let links = segb_scenarios::links(api, ui, |address| {
        let page = |connection: &Connection| {
            let path = address.strip_prefix(connection.url())?;
            connection.get(path, None).ok().map(|answer| answer.status)
        };
        let status = page(&connection).or_else(|| ui_connection.as_ref().and_then(page));
        status.is_some_and(|status| (200..400).contains(&status))
    });
    let mut out = stdout().lock();
    writeln!(out, "Done: {} logs, {} triples. Open:", summary.logs, summary.triples)?;
    for (address, shows) in links {
        writeln!(out, "  {address}  {shows}")?;
    }
    writeln!(out, "Nothing of this is kept. Ctrl-C ends it.")?;
    Ok(out.flush()?)
}

/// A server that listens everywhere is asked on this machine.
fn reachable(address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_goes_with_the_demonstration() {
        let demo = Demo::prepare().unwrap();
        let directory = demo.directory().to_owned();
        assert!(directory.is_dir());
        drop(demo);
        assert!(!directory.exists());
    }

    #[test]
    fn it_talks_to_itself_on_this_machine() {
        for (listens, asked) in [
            ("0.0.0.0:5000", "http://127.0.0.1:5000"),
            ("[::]:5000", "http://[::1]:5000"),
            ("127.0.0.2:80", "http://127.0.0.2:80"),
        ] {
            assert_eq!(reachable(listens.parse().unwrap()), asked);
        }
    }
}
