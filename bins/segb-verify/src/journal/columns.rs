//! Values of columns, which in a damaged file may be of any type.

use rusqlite::{Row, types::ValueRef};
use segb_journal::Hash;

/// Text; what is wrong with the column otherwise.
pub(super) fn text(row: &Row<'_>, column: &str) -> Result<String, String> {
    optional_text(row, column)?.ok_or_else(|| format!("the column `{column}` is NULL"))
}

/// Text or NULL.
pub(super) fn optional_text(row: &Row<'_>, column: &str) -> Result<Option<String>, String> {
    match value(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => match str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(format!("the column `{column}` is not UTF-8")),
        },
        _ => Err(format!("the column `{column}` is no text")),
    }
}

/// A number.
pub(super) fn integer(row: &Row<'_>, column: &str) -> Result<i64, String> {
    optional_integer(row, column)?.ok_or_else(|| format!("the column `{column}` is NULL"))
}

/// A number or NULL.
pub(super) fn optional_integer(row: &Row<'_>, column: &str) -> Result<Option<i64>, String> {
    match value(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) => Ok(Some(number)),
        _ => Err(format!("the column `{column}` is no whole number")),
    }
}

/// Any number of bytes.
pub(super) fn bytes<'r>(row: &'r Row<'_>, column: &str) -> Result<&'r [u8], String> {
    match value(row, column)? {
        ValueRef::Blob(bytes) => Ok(bytes),
        _ => Err(format!("the column `{column}` is no blob")),
    }
}

/// So many bytes.
pub(super) fn array<const LENGTH: usize>(row: &Row<'_>, column: &str) -> Result<[u8; LENGTH], String> {
    let bytes = bytes(row, column)?;
    bytes.try_into().map_err(|_| format!("the column `{column}` has {} bytes, not {LENGTH}", bytes.len()))
}

/// A hash.
pub(super) fn hash(row: &Row<'_>, column: &str) -> Result<Hash, String> {
    array(row, column).map(Hash::from_bytes)
}

fn value<'r>(row: &'r Row<'_>, column: &str) -> Result<ValueRef<'r>, String> {
    row.get_ref(column).map_err(|error| format!("the column `{column}` cannot be read: {error}"))
}
