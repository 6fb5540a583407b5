//! The ports.

use std::{
    io::{self, Write, stderr},
    net::{SocketAddr, TcpListener, ToSocketAddrs},
};

use segb_auth::Mode;
use socket2::{Domain, Socket, Type};

use crate::settings::{Port, Settings};

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1_024;

/// The open ports.
pub struct Listeners {
    pub api: TcpListener,
    pub ui: Option<TcpListener>,
}

/// Why a port cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("SEGB_HOST: {host:?} is no address of this machine: {cause}")]
    Host { host: String, cause: io::Error },
    #[error("{setting}: {address} is already in use by another program; choose another port")]
    Taken { setting: &'static str, address: SocketAddr },
    #[error("{setting}: cannot listen at {address}: {cause}")]
    Other { setting: &'static str, address: SocketAddr, cause: io::Error },
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Listeners {
    /// Opens the ports of the settings. In learning mode only this machine can reach them, unless told otherwise.
    pub fn bind(settings: &Settings, mode: Mode) -> Result<Self, ListenError> {
        let host = settings.host.as_deref().unwrap_or(match mode {
            Mode::Learning => "127.0.0.1",
            Mode::Protected => "0.0.0.0",
        });
        let api = bind(host, settings.port, "SEGB_PORT")?;
        let ui = match settings.ui_port {
            Port::None => None,
            port => Some(bind(host, port, "SEGB_UI_PORT")?),
        };
        Ok(Self { api, ui })
    }

    /// Says where the server listens, whatever the level of the log is: with port 0 there is no other way to know.
    pub fn announce(&self) -> io::Result<()> {
        let ui = self.ui.as_ref().map(|ui| ("UI", ui));
        for (name, listener) in [("API", &self.api)].into_iter().chain(ui) {
            let line = format!("{name}: http://{}", listener.local_addr()?);
            if log::log_enabled!(log::Level::Info) {
                log::info!("{line}");
            } else {
                writeln!(stderr(), "{line}")?;
            }
        }
        Ok(())
    }
}

fn bind(host: &str, port: Port, setting: &'static str) -> Result<TcpListener, ListenError> {
    let number = match port {
        Port::Number(number) => number,
        Port::AnyFree | Port::None => 0,
    };
    let bare_host = host.trim_start_matches('[').trim_end_matches(']');
    let unknown = |cause| ListenError::Host { host: host.to_owned(), cause };
    let mut addresses = (bare_host, number).to_socket_addrs().map_err(unknown)?;
    let address = addresses.next().ok_or_else(|| unknown(io::ErrorKind::AddrNotAvailable.into()))?;
    listen(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => ListenError::Taken { setting, address },
        _ => ListenError::Other { setting, address, cause },
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // So that a restarted server need not wait until the connections of the one before are forgotten.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named() {
        let first = bind("127.0.0.1", Port::AnyFree, "SEGB_PORT").unwrap();
        let port = first.local_addr().unwrap().port();
        let error = bind("127.0.0.1", Port::Number(port), "SEGB_PORT").unwrap_err().to_string();
        assert!(error.starts_with(&format!("SEGB_PORT: 127.0.0.1:{port} is already in use")), "{error}");
    }

    #[test]
    fn an_unknown_host_is_named() {
        let error = bind("no.such.host.invalid", Port::AnyFree, "SEGB_PORT").unwrap_err().to_string();
        assert!(error.starts_with("SEGB_HOST: \"no.such.host.invalid\""), "{error}");
    }
}
