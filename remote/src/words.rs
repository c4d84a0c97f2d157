//! What went wrong with a store, in words that hold no secret: a server's answer may repeat the key that
//! it was asked with, so answers are told by their kind and never by their text.

use object_store::Error;
use storyreel_engine::cache::remote::RemoteError;

/// The longest reason that is told, in characters.
const LONGEST: usize = 160;

/// Secrets, and how to speak without them.
pub struct Words {
    secrets: Vec<String>,
}

impl Words {
    /// Keeps `secrets` out of what is said.
    pub fn new(mut secrets: Vec<String>) -> Self {
        secrets.retain(|secret| secret.len() >= 4);
        Self { secrets }
    }

    /// The engine's word for a store's failure.
    pub fn of(&self, error: &Error) -> RemoteError {
        match error {
            Error::PermissionDenied { .. } => {
                RemoteError::Refused("it forbids this with the credentials given".to_owned())
            }
            Error::Unauthenticated { .. } => {
                RemoteError::Refused("it does not accept the credentials".to_owned())
            }
            Error::NotFound { .. } => {
                RemoteError::Unreachable("the bucket or folder is not there".to_owned())
            }
            other => RemoteError::Unreachable(self.reason(other)),
        }
    }

    /// The innermost cause, which is the system's or the network's own word. A server's answer follows a
    /// colon and begins like a document: it is left out.
    fn reason(&self, error: &Error) -> String {
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        let text = cause.to_string();
        let text = text.split(['<', '{', '\n']).next().unwrap_or_default();
        let mut text = text.trim().trim_end_matches(':').to_owned();
        for secret in &self.secrets {
            text = text.replace(secret.as_str(), "***");
        }
        let text: String = text.chars().take(LONGEST).collect();
        if text.is_empty() { "it does not answer".to_owned() } else { text }
    }
}
