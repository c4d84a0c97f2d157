//! The remote cache's store: an S3-compatible bucket (`s3://bucket/folder`) or a folder (`file:///mnt/share`),
//! through `object_store`.
//!
//! Nothing is set up and nobody is asked before [`open`] is called, which only a URL of the user's own
//! makes happen. Every call ends within a bounded time. Credentials come from the environment and the AWS
//! profile, go into signatures, and are in no message.

mod objects;
mod profile;
mod s3;
mod words;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::local::LocalFileSystem;
use object_store::path::Path;
use storyreel_engine::cache::remote::{Listed, Remote, RemoteError};
use url::Url;

use objects::Objects;

/// How long the other side may be silent before it is taken for dead, where nothing else is said.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Why a URL cannot be a remote cache.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is none.
    #[error("`{0}` is not a URL; write `s3://bucket/folder` or `file:///folder`")]
    NotAUrl(String),
    /// It is of another kind.
    #[error("a remote cache cannot be at `{0}://`; write `s3://bucket/folder` or `file:///folder`")]
    Scheme(String),
    /// It holds what does not belong there.
    #[error(
        "a remote cache's URL has no user, password, query or fragment; credentials come from AWS_* variables or the AWS profile"
    )]
    Extras,
    /// A bucket or a folder is missing in it, or is no name for one.
    #[error("`{0}` names no {1}")]
    Nameless(String, &'static str),
    /// What it is made from cannot be used.
    #[error("the remote cache cannot be set up: {0}")]
    SetUp(String),
}

/// The store at `url`. `patience` is how long the other side may be silent. Asks nothing of it yet; whether
/// it answers is seen by its first use.
pub fn open(url: &str, patience: Duration) -> Result<Arc<dyn Remote>, OpenError> {
    let parsed = Url::parse(url).map_err(|_| OpenError::NotAUrl(without_secrets(url)))?;
    let extras = !parsed.username().is_empty()
        || parsed.password().is_some()
        || parsed.query().is_some()
        || parsed.fragment().is_some();
    if extras {
        return Err(OpenError::Extras);
    }
    match parsed.scheme() {
        "s3" => s3::open(&parsed, patience),
        "file" => folder(&parsed, patience),
        other => Err(OpenError::Scheme(other.to_owned())),
    }
}

/// What is no URL may still hold a password before an `@`.
fn without_secrets(text: &str) -> String {
    text.rsplit('@').next().unwrap_or_default().to_owned()
}

/// A folder, which must be there: where a share is not mounted, making one would put the cache on the wrong
/// disk.
fn folder(url: &Url, patience: Duration) -> Result<Arc<dyn Remote>, OpenError> {
    let path: PathBuf = url.to_file_path().map_err(|()| OpenError::Nameless(url.to_string(), "folder"))?;
    if path.parent().is_none() {
        return Err(OpenError::Nameless(url.to_string(), "folder"));
    }
    let place = url.to_string();
    match LocalFileSystem::new_with_prefix(&path) {
        Ok(store) => {
            let store = store.with_fsync(true);
            Ok(Arc::new(Objects::new(Arc::new(store), Path::default(), place, patience, Vec::new())?))
        }
        Err(_) => {
            let reason = format!("the folder `{}` is not there", path.display());
            Ok(Arc::new(Absent { place, reason }))
        }
    }
}

/// A store that cannot be there.
#[derive(Debug)]
struct Absent {
    place: String,
    reason: String,
}

impl Absent {
    fn fail<T>(&self) -> Result<T, RemoteError> {
        Err(RemoteError::Unreachable(self.reason.clone()))
    }
}

impl Remote for Absent {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn list(&self, _: &str) -> Result<Vec<Listed>, RemoteError> {
        self.fail()
    }

    fn get(&self, _: &str, _: u64, _: &mut dyn std::io::Write) -> Result<bool, RemoteError> {
        self.fail()
    }

    fn size(&self, _: &str) -> Result<Option<u64>, RemoteError> {
        self.fail()
    }

    fn put(&self, _: &str, _: u64, _: &mut dyn std::io::Read) -> Result<(), RemoteError> {
        self.fail()
    }
}
