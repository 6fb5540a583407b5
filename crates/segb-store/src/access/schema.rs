//! The tables of the file, documented for readers with stock tools in docs/journal-format.md.

use crate::{database::Format, journal::TREE};

/// An access journal: "SEGA" in ASCII.
pub(crate) static ACCESSES: Format =
    Format { application_id: 0x5345_4741, steps: &[&[RECORDS, TREE, STATE]] };

const RECORDS: &str = "
CREATE TABLE accesses (
    sequence   INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    actor      TEXT,
    action     TEXT    NOT NULL,
    object     TEXT,
    result     INTEGER,
    origin     TEXT,
    request_id TEXT,
    leaf_hash  BLOB    NOT NULL
) STRICT;
CREATE INDEX accesses_by_time ON accesses (at);
CREATE INDEX accesses_by_actor ON accesses (actor, sequence);
CREATE INDEX accesses_by_action ON accesses (action, sequence);
CREATE INDEX accesses_by_result ON accesses (result, sequence);
";

const STATE: &str = "
CREATE TABLE state (
    in_use INTEGER NOT NULL
) STRICT;
INSERT INTO state (in_use) VALUES (0);
";
