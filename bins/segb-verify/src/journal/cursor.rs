//! The rows of a table in the order of its key, with a look at the next before it is taken: so several tables are read
//! side by side, each once.

use rusqlite::{Row, Rows, Statement};

/// Where reading a table has come to.
pub(super) struct Cursor<'s, T> {
    rows: Rows<'s>,
    read: fn(&Row<'_>) -> T,
    next: Option<(i64, T)>,
}

impl<'s, T> Cursor<'s, T> {
    /// The first column of the statement is the key.
    pub(super) fn new(statement: &'s mut Statement<'_>, read: fn(&Row<'_>) -> T) -> rusqlite::Result<Self> {
        Ok(Self { rows: statement.query([])?, read, next: None })
    }

    fn look(&mut self) -> rusqlite::Result<Option<&(i64, T)>> {
        if self.next.is_none()
            && let Some(row) = self.rows.next()?
        {
            self.next = Some((row.get(0)?, (self.read)(row)));
        }
        Ok(self.next.as_ref())
    }

    /// The key of the next row.
    pub(super) fn key(&mut self) -> rusqlite::Result<Option<i64>> {
        Ok(self.look()?.map(|(key, _)| *key))
    }

    /// The next row, to be looked at only.
    pub(super) fn peek_at(&mut self, key: i64) -> rusqlite::Result<Option<&T>> {
        Ok(self.look()?.filter(|(found, _)| *found == key).map(|(_, row)| row))
    }

    /// The next row.
    pub(super) fn take(&mut self) -> rusqlite::Result<Option<(i64, T)>> {
        self.look()?;
        Ok(self.next.take())
    }

    /// The next row, if it has this key.
    pub(super) fn take_at(&mut self, key: i64) -> rusqlite::Result<Option<T>> {
        if self.key()? == Some(key) { Ok(self.take()?.map(|(_, row)| row)) } else { Ok(None) }
    }

    /// The next row, if its key is smaller.
    pub(super) fn take_before(&mut self, key: i64) -> rusqlite::Result<Option<i64>> {
        if self.key()?.is_some_and(|found| found < key) {
            Ok(self.take()?.map(|(found, _)| found))
        } else {
            Ok(None)
        }
    }
}
