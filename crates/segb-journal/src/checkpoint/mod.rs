//! Checkpoints (C2SP tlog-checkpoint): what a log says its tree is, signed by it as a note, and cosigned by witnesses
//! (C2SP tlog-cosignature).
//!
//! What arrives is an [`UnverifiedCheckpoint`]; only [`UnverifiedCheckpoint::verify`] makes a [`SignedCheckpoint`] of
//! it, and only that gives size and root.
//!
//! ```
//! use segb_journal::checkpoint::{Checkpoint, Cosigner, SignedCheckpoint, UnverifiedCheckpoint};
//! use segb_journal::{note::Signer, tree::TreeHead};
//!
//! let log = Signer::from_seed("glassbox.example/journal".parse()?, &[1; 32]); // random bytes in real use
//! let checkpoint = Checkpoint::new("glassbox.example/journal".parse()?, TreeHead::EMPTY);
//! let mut signed = SignedCheckpoint::sign(checkpoint, &log)?;
//!
//! let witness = Cosigner::from_seed("witness.example/w1".parse()?, &[2; 32]);
//! signed.add_cosignatures([witness.cosign(&signed, 1_769_853_600)?], &[witness.verifier()])?;
//!
//! let received = UnverifiedCheckpoint::parse(signed.to_string().as_bytes())?;
//! let verified = received.verify(&"glassbox.example/journal".parse()?, &[log.verifier()])?;
//! assert_eq!(verified.checkpoint().head(), TreeHead::EMPTY);
//! assert_eq!(verified.cosignatures(&[witness.verifier()])?[0].unix_s, 1_769_853_600);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod cosignature;
mod origin;
mod signed;

pub use body::{Checkpoint, InvalidCheckpoint, InvalidExtension};
pub use cosignature::{CosignatureVerifier, Cosigner, TimeOutOfRange, VerifiedCosignature};
pub use origin::{InvalidOrigin, Origin};
pub use signed::{
    AddCosignaturesError, ParseCheckpointError, SignedCheckpoint, UnverifiedCheckpoint, VerifyCheckpointError,
};
