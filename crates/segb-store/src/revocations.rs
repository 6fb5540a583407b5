//! Tokens that are not believed any more although they are rightly signed.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError, RwLock},
};

use segb_journal::{EntryKind, Timestamp, statement};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    journal::StateChange,
    read::ReadError,
    record::{Provenance, RecordError},
    store::Store,
};

/// A revoked token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revocation {
    /// The id of the token: its claim `jti` (RFC 7519, section 4.1.7).
    pub jti: String,
    /// Why, as whoever revoked it said.
    pub reason: Option<String>,
    /// When.
    pub revoked_at: Timestamp,
    /// By whom.
    pub revoked_by: String,
    /// The entry of the journal that says so.
    pub log_id: Uuid,
}

/// The ids of all revoked tokens: asked for with every request, so they are in memory.
#[derive(Debug, Default)]
pub(crate) struct RevokedTokens {
    ids: RwLock<HashSet<String>>,
    /// Held while one is revoked, so that none is twice.
    revoking: Mutex<()>,
}

impl RevokedTokens {
    pub(crate) fn new(ids: HashSet<String>) -> Self {
        Self { ids: RwLock::new(ids), revoking: Mutex::default() }
    }

    fn contains(&self, jti: &str) -> bool {
        self.ids.read().unwrap_or_else(PoisonError::into_inner).contains(jti)
    }
}

impl Store {
    /// Whether the token with this id was revoked. Does not block on the disk.
    pub fn is_revoked(&self, jti: &str) -> bool {
        self.revoked_tokens().contains(jti)
    }

    /// Revokes the token with this id: it is not believed from the moment on at which this returns, also after a
    /// restart. One that is revoked already stays as it is. Blocks on the disk.
    ///
    /// # Errors
    /// [`RecordError`]; nothing is changed then.
    pub fn revoke_token(
        &self,
        jti: &str,
        reason: Option<String>,
        provenance: Provenance,
        request_id: String,
    ) -> Result<(), RecordError> {
        let tokens = self.revoked_tokens();
        let _one_at_a_time = tokens.revoking.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.contains(jti) {
            return Ok(());
        }
        let statement = statement::Revocation { request_id, jti: jti.to_owned(), reason };
        let change = StateChange::TokenRevoked(jti.to_owned());
        self.record_statement(EntryKind::TokenRevoked, &statement, Some(change), provenance)?.wait()?;
        tokens.ids.write().unwrap_or_else(PoisonError::into_inner).insert(jti.to_owned());
        Ok(())
    }

    /// All revoked tokens, the last first. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn revocations(&self) -> Result<Vec<Revocation>, ReadError> {
        Ok(self.reader().revocations()?)
    }
}
