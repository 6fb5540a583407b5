//! The tables of shared contexts: read for decisions, written with the entry that records one.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use segb_context::{
    CaseStatus, Change, Context, ContextRecord, ContextStats, ContextStatus, Neighbourhood, Observation,
    OpenQuestions, RESOLVER_VERSION, ReviewCase,
};
use segb_journal::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::JournalError;

const CONTEXT_COLUMNS: &str = "number, uri, event_kind, status, observed_at, subject_uri, modality, canonical_text, \
                               observation_count, created_at, updated_at, merged_into";
const OBSERVATION_COLUMNS: &str = "observed_at, subject_uri, modality, text, observation_uri, robot_uri";
const CASE_COLUMNS: &str = "case_id, source_uri, candidates, status, created_at, decided_at, selected_uri";

/// Writes the rows of a change.
pub(super) fn apply(transaction: &Transaction<'_>, change: &Change) -> Result<(), JournalError> {
    for context in &change.contexts {
        put_context(transaction, context)?;
    }
    for joined in &change.observations {
        insert_observation(transaction, joined.context, &joined.observation)?;
    }
    for merge in &change.merges {
        // With new ids, so that what was observed at one moment stays in the order in which it joined the context.
        let moved = format!(
            "INSERT INTO context_observations (context, {OBSERVATION_COLUMNS}) \
             SELECT ?, {OBSERVATION_COLUMNS} FROM context_observations WHERE context = ? ORDER BY id"
        );
        let source = merge.source.cast_signed();
        transaction.prepare_cached(&moved)?.execute([merge.target.cast_signed(), source])?;
        transaction
            .prepare_cached("DELETE FROM context_observations WHERE context = ?")?
            .execute([source])?;
    }
    for pair in &change.rejected_pairs {
        let sql = "INSERT OR IGNORE INTO context_rejections (lower, higher) VALUES (?, ?)";
        transaction.prepare_cached(sql)?.execute(pair.map(u64::cast_signed))?;
    }
    change.cases.iter().try_for_each(|case| put_case(transaction, case))
}

fn put_context(transaction: &Transaction<'_>, context: &Context) -> Result<(), JournalError> {
    let sql = format!(
        "INSERT INTO contexts ({CONTEXT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (number) DO UPDATE SET status = excluded.status, observed_at = excluded.observed_at, \
         subject_uri = excluded.subject_uri, modality = excluded.modality, canonical_text = excluded.canonical_text, \
         observation_count = excluded.observation_count, updated_at = excluded.updated_at, \
         merged_into = excluded.merged_into"
    );
    transaction.prepare_cached(&sql)?.execute(params![
        context.number.cast_signed(),
        context.uri,
        context.event_kind,
        name_of(context.status)?,
        context.observed_at.as_unix_us(),
        context.subject_uri,
        context.modality,
        context.canonical_text,
        context.observation_count.cast_signed(),
        context.created_at.as_unix_us(),
        context.updated_at.as_unix_us(),
        context.merged_into.map(u64::cast_signed),
    ])?;
    Ok(())
}

fn insert_observation(
    transaction: &Transaction<'_>,
    context: u64,
    observation: &Observation,
) -> rusqlite::Result<usize> {
    let sql = format!(
        "INSERT INTO context_observations (context, {OBSERVATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
    );
    transaction.prepare_cached(&sql)?.execute(params![
        context.cast_signed(),
        observation.observed_at.as_unix_us(),
        observation.subject_uri,
        observation.modality,
        observation.text,
        observation.observation_uri,
        observation.robot_uri,
    ])
}

fn put_case(transaction: &Transaction<'_>, case: &ReviewCase) -> Result<(), JournalError> {
    let sql = format!("INSERT OR REPLACE INTO review_cases ({CASE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)");
    let candidates = serde_json::to_string(&case.candidates).map_err(|error| unusable(&error))?;
    transaction.prepare_cached(&sql)?.execute(params![
        case.case_id,
        case.source_context_uri,
        candidates,
        name_of(case.status)?,
        case.created_at.as_unix_us(),
        case.decided_at.map(Timestamp::as_unix_us),
        case.selected_context_uri,
    ])?;
    Ok(())
}

/// The tables, as they are at one moment.
pub(crate) struct ContextTables<'c>(&'c Connection);

impl<'c> ContextTables<'c> {
    /// As a transaction of this connection sees them.
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self(connection)
    }

    pub(crate) fn next_number(&self) -> Result<u64, JournalError> {
        let sql = "SELECT coalesce(max(number) + 1, 0) FROM contexts";
        self.count(sql)
    }

    pub(crate) fn context(&self, number: u64) -> Result<Option<Context>, JournalError> {
        let sql = format!("SELECT {CONTEXT_COLUMNS} FROM contexts WHERE number = ?");
        let mut statement = self.0.prepare_cached(&sql)?;
        let row = statement.query_row([number.cast_signed()], |row| Ok(read_context(row))).optional()?;
        row.transpose()
    }

    pub(crate) fn number_of(&self, uri: &str) -> Result<Option<u64>, JournalError> {
        let mut statement = self.0.prepare_cached("SELECT number FROM contexts WHERE uri = ?")?;
        let number: Option<i64> = statement.query_row([uri], |row| row.get(0)).optional()?;
        Ok(number.map(i64::cast_unsigned))
    }

    pub(crate) fn contexts_near(
        &self,
        event_kind: &str,
        moment: Timestamp,
        distance_us: u64,
        each_way_max: usize,
    ) -> Result<Vec<Context>, JournalError> {
        let (moment_us, limit) = (moment.as_unix_us(), i64::try_from(each_way_max).unwrap_or(i64::MAX));
        let before = format!(
            "SELECT {CONTEXT_COLUMNS} FROM contexts WHERE event_kind = ? AND status <> 'merged' \
         AND observed_at <= ? AND observed_at >= ? ORDER BY observed_at DESC LIMIT ?"
        );
        let first_us = moment_us.saturating_sub_unsigned(distance_us);
        let mut contexts = self.read_contexts(&before, params![event_kind, moment_us, first_us, limit])?;
        let after = format!(
            "SELECT {CONTEXT_COLUMNS} FROM contexts WHERE event_kind = ? AND status <> 'merged' \
         AND observed_at > ? AND observed_at <= ? ORDER BY observed_at LIMIT ?"
        );
        let last_us = moment_us.saturating_add_unsigned(distance_us);
        contexts.extend(self.read_contexts(&after, params![event_kind, moment_us, last_us, limit])?);
        Ok(contexts)
    }

    fn read_contexts(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Context>, JournalError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut contexts = Vec::new();
        while let Some(row) = rows.next()? {
            contexts.push(read_context(row)?);
        }
        Ok(contexts)
    }

    /// The numbers of the ambiguous contexts, ascending: all, or those in a neighbourhood.
    pub(crate) fn ambiguous(&self, within: Option<&Neighbourhood>) -> Result<Vec<u64>, JournalError> {
        let numbers = |row: &Row<'_>| row.get::<_, i64>(0).map(i64::cast_unsigned);
        Ok(match within {
            None => self
                .0
                .prepare_cached("SELECT number FROM contexts WHERE status = 'ambiguous' ORDER BY number")?
                .query_map([], numbers)?
                .collect::<Result<_, _>>()?,
            Some(Neighbourhood { event_kind, first_us, last_us }) => self
                .0
                .prepare_cached(
                    "SELECT number FROM contexts WHERE event_kind = ? AND observed_at BETWEEN ? AND ? \
                 AND status <> 'merged' AND status = 'ambiguous'",
                )?
                .query_map(params![event_kind, first_us, last_us], numbers)?
                .collect::<Result<_, _>>()?,
        })
    }

    pub(crate) fn is_rejected(&self, pair: [u64; 2]) -> Result<bool, JournalError> {
        let sql = "SELECT 1 FROM context_rejections WHERE lower = ? AND higher = ?";
        Ok(self.0.prepare_cached(sql)?.exists(pair.map(u64::cast_signed))?)
    }

    pub(crate) fn case(&self, case_id: &str) -> Result<Option<ReviewCase>, JournalError> {
        let sql = format!("SELECT {CASE_COLUMNS} FROM review_cases WHERE case_id = ?");
        self.read_case_by(&sql, case_id)
    }

    pub(crate) fn pending_case_of(&self, source_uri: &str) -> Result<Option<ReviewCase>, JournalError> {
        let sql =
            format!("SELECT {CASE_COLUMNS} FROM review_cases WHERE source_uri = ? AND status = 'pending'");
        self.read_case_by(&sql, source_uri)
    }

    fn read_case_by(&self, sql: &str, value: &str) -> Result<Option<ReviewCase>, JournalError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let row = statement.query_row([value], |row| Ok(read_case(row))).optional()?;
        row.transpose()
    }

    pub(crate) fn open_questions(&self) -> Result<OpenQuestions, JournalError> {
        Ok(OpenQuestions {
            ambiguous_contexts: self.count("SELECT count(*) FROM contexts WHERE status = 'ambiguous'")?,
            pending_cases: self.count("SELECT count(*) FROM review_cases WHERE status = 'pending'")?,
        })
    }

    pub(crate) fn stats(&self) -> Result<ContextStats, JournalError> {
        let ambiguous_contexts = self.open_questions()?.ambiguous_contexts;
        let shown = self.count("SELECT count(*) FROM contexts WHERE status <> 'merged'")?;
        // No context ever goes away, so there are as many as the next number says.
        let merged_contexts = self.next_number()?.saturating_sub(shown);
        Ok(ContextStats {
            resolver_version: RESOLVER_VERSION,
            active_contexts: shown.saturating_sub(ambiguous_contexts),
            ambiguous_contexts,
            merged_contexts,
            aliases: merged_contexts,
        })
    }

    /// Calls `each` with the contexts that are not merged, or only the ambiguous ones, and their observations; what was
    /// changed last comes first.
    pub(crate) fn for_each_record<E: From<JournalError>>(
        &self,
        only_ambiguous: bool,
        limit: u64,
        mut each: impl FnMut(ContextRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        let condition = if only_ambiguous { "status = 'ambiguous'" } else { "status <> 'merged'" };
        let sql = format!(
            "SELECT {CONTEXT_COLUMNS} FROM contexts WHERE {condition} ORDER BY updated_at DESC, number LIMIT ?"
        );
        let mut statement = self.0.prepare_cached(&sql).map_err(JournalError::from)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query([limit]).map_err(JournalError::from)?;
        while let Some(row) = rows.next().map_err(JournalError::from)? {
            let context = read_context(row)?;
            let observations = self.observations(context.number)?;
            each(ContextRecord::new(context, observations))?;
        }
        Ok(())
    }

    fn observations(&self, context: u64) -> Result<Vec<Observation>, JournalError> {
        let sql = format!(
            "SELECT {OBSERVATION_COLUMNS} FROM context_observations WHERE context = ? ORDER BY observed_at DESC, id"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query([context.cast_signed()])?;
        let mut observations = Vec::new();
        while let Some(row) = rows.next()? {
            observations.push(Observation {
                observed_at: moment(row.get(0)?)?,
                subject_uri: row.get(1)?,
                modality: row.get(2)?,
                text: row.get(3)?,
                observation_uri: row.get(4)?,
                robot_uri: row.get(5)?,
            });
        }
        Ok(observations)
    }

    /// Calls `each` with the pending cases, newest first.
    pub(crate) fn for_each_pending_case<E: From<JournalError>>(
        &self,
        limit: u64,
        mut each: impl FnMut(ReviewCase) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "SELECT {CASE_COLUMNS} FROM review_cases WHERE status = 'pending' ORDER BY created_at DESC, case_id LIMIT ?"
        );
        let mut statement = self.0.prepare_cached(&sql).map_err(JournalError::from)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query([limit]).map_err(JournalError::from)?;
        while let Some(row) = rows.next().map_err(JournalError::from)? {
            each(read_case(row)?)?;
        }
        Ok(())
    }

    fn count(&self, sql: &str) -> Result<u64, JournalError> {
        let count: i64 = self.0.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }
}

fn read_context(row: &Row<'_>) -> Result<Context, JournalError> {
    Ok(Context {
        number: row.get::<_, i64>(0)?.cast_unsigned(),
        uri: row.get(1)?,
        event_kind: row.get(2)?,
        status: named::<ContextStatus>(row.get(3)?)?,
        observed_at: moment(row.get(4)?)?,
        subject_uri: row.get(5)?,
        modality: row.get(6)?,
        canonical_text: row.get(7)?,
        observation_count: row.get::<_, i64>(8)?.cast_unsigned(),
        created_at: moment(row.get(9)?)?,
        updated_at: moment(row.get(10)?)?,
        merged_into: row.get::<_, Option<i64>>(11)?.map(i64::cast_unsigned),
    })
}

fn read_case(row: &Row<'_>) -> Result<ReviewCase, JournalError> {
    let candidates: String = row.get(2)?;
    Ok(ReviewCase {
        case_id: row.get(0)?,
        source_context_uri: row.get(1)?,
        candidates: serde_json::from_str(&candidates).map_err(|error| damaged(&error))?,
        status: named::<CaseStatus>(row.get(3)?)?,
        created_at: moment(row.get(4)?)?,
        decided_at: row.get::<_, Option<i64>>(5)?.map(moment).transpose()?,
        selected_context_uri: row.get(6)?,
    })
}

fn moment(unix_us: i64) -> Result<Timestamp, JournalError> {
    Timestamp::from_unix_us(unix_us).map_err(|error| damaged(&error))
}

/// The name that the value has in JSON.
fn name_of(value: impl Serialize) -> Result<String, JournalError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(other) => Err(unusable(&other)),
        Err(error) => Err(unusable(&error)),
    }
}

fn named<T: DeserializeOwned>(name: String) -> Result<T, JournalError> {
    serde_json::from_value(serde_json::Value::String(name)).map_err(|error| damaged(&error))
}

fn damaged(cause: &impl std::fmt::Display) -> JournalError {
    JournalError::Damaged(format!("a shared context cannot be read: {cause}"))
}

fn unusable(cause: &impl std::fmt::Display) -> JournalError {
    JournalError::Unusable(format!("a shared context cannot be written: {cause}"))
}
