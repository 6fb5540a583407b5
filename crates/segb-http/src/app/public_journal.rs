//! What anybody may read of the journal: hashes and signatures, by which nobody learns what is in it.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use segb_store::{
    CheckpointNote, ProofError, Store,
    journal_format::{
        tile::{Tile, TileKind},
        tree::ConsistencyProof,
    },
};

use super::App;
use crate::ApiError;

/// The way to the public part of the journal.
pub(crate) struct PublicJournal(Store);

impl FromRequest for PublicJournal {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(App::of(request).map(|app| Self(app.0.store.clone())))
    }
}

impl PublicJournal {
    /// The latest checkpoint.
    pub(crate) async fn checkpoint(self) -> Result<Option<CheckpointNote>, ApiError> {
        Ok(web::block(move || self.0.checkpoint()).await??)
    }

    /// The latest checkpoint that witnesses have signed.
    pub(crate) async fn cosigned(self) -> Result<Option<String>, ApiError> {
        let cosigned = web::block(move || self.0.cosigned_checkpoint()).await??;
        Ok(cosigned.map(|cosigned| cosigned.note))
    }

    /// The public key of the checkpoints.
    pub(crate) fn verifier_key(&self) -> Option<String> {
        self.0.verifier_key()
    }

    /// That the journal only grew.
    pub(crate) async fn consistency(self, from: u64, to: Option<u64>) -> Result<ConsistencyProof, ApiError> {
        Ok(web::block(move || self.0.prove_consistency(from, to)).await??)
    }

    /// A tile of hashes; tiles of entries are not public.
    pub(crate) async fn hash_tile(self, tile: Tile) -> Result<Vec<u8>, ApiError> {
        match tile.kind() {
            TileKind::Hashes { .. } => Ok(web::block(move || self.0.tile(tile)).await??),
            TileKind::Entries => Err(ProofError::NoSuchTile.into()),
        }
    }
}
