//! Writes the table of files that the library includes.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Below this a file is not worth compressing, in bytes.
const COMPRESSED_MIN: usize = 512;

/// Compresses every file of `directory` and writes `files.rs` into `out`.
pub(crate) fn embed(directory: &Path, out: &Path, is_built: bool) -> Result<(), Box<dyn Error>> {
    let store = out.join("embedded");
    if store.exists() {
        fs::remove_dir_all(&store)?;
    }
    fs::create_dir_all(&store)?;
    let mut paths = Vec::new();
    list(directory, &mut paths)?;
    paths.sort();
    let mut table = format!("pub(crate) const IS_BUILT: bool = {is_built};\n");
    table.push_str("pub(crate) static FILES: &[File] = &[\n");
    for (number, path) in paths.iter().enumerate() {
        let name = path.strip_prefix(directory)?.to_str().ok_or("a file name is not UTF-8")?;
        let bytes = fs::read(path)?;
        let etag = hex(&Sha256::digest(&bytes)[..16]);
        let plain = store.join(format!("{number}"));
        fs::write(&plain, &bytes)?;
        let brotli = compressed(&store.join(format!("{number}.br")), &bytes, brotli)?;
        let gzip = compressed(&store.join(format!("{number}.gz")), &bytes, gzip)?;
        // The build tool puts a hash of the content into the names of what it puts there.
        let is_immutable = name.starts_with("assets/");
        writeln!(
            table,
            "File {{ path: {:?}, media_type: {:?}, etag: {:?}, is_immutable: {is_immutable}, \
             plain: include_bytes!({plain:?}), brotli: {brotli}, gzip: {gzip} }},",
            format!("/{name}"),
            media_type(name),
            format!("W/\"{etag}\""),
        )?;
    }
    table.push_str("];\n");
    fs::write(out.join("files.rs"), table)?;
    Ok(())
}

fn list(directory: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

type Compress = fn(&[u8]) -> std::io::Result<Vec<u8>>;

/// The expression that includes the compressed file, or `None` if that would not be smaller.
fn compressed(path: &Path, bytes: &[u8], compress: Compress) -> std::io::Result<String> {
    if bytes.len() < COMPRESSED_MIN {
        return Ok("None".to_owned());
    }
    let smaller = compress(bytes)?;
    if smaller.len() >= bytes.len() {
        return Ok("None".to_owned());
    }
    fs::write(path, smaller)?;
    Ok(format!("Some(include_bytes!({path:?}))"))
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 << 10, 9, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
