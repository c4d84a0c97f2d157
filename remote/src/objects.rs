//! An `object_store` as the engine's [`Remote`]: blocking calls over a runtime of one thread, each with a
//! limit of time that grows with the bytes it moves.

use std::fmt;
use std::future::Future;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use storyreel_engine::cache::remote::{Listed, Remote, RemoteError};
use tokio::runtime::Runtime;

use crate::OpenError;
use crate::words::Words;

/// Objects up to this size go in one request, larger ones in parts of it, of which one at a time is held in
/// memory by each call. S3 takes no smaller parts but the last, and at most 10,000 of them.
const PART: u64 = 8 << 20;

/// The most parts that an object may have.
const MOST_PARTS: u64 = 10_000;

/// Bytes a second that a transfer must make in the long run.
const SLOWEST: u64 = 64 << 10;

/// The share of `patience` that a call may take before its bytes are counted.
const CALLS: u32 = 3;

/// A store of objects below a folder of it.
pub struct Objects {
    /// There but while this is dropped.
    runtime: Option<Runtime>,
    store: Arc<dyn ObjectStore>,
    folder: Path,
    place: String,
    patience: Duration,
    words: Words,
}

impl fmt::Debug for Objects {
    /// Says no more than where it is: what is inside holds credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Objects").field(&self.place).finish()
    }
}

impl Drop for Objects {
    /// A call that hangs in the system, on a network folder that is gone, is not waited for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Objects {
    /// The objects of `store` below `folder`, at `place` in words. `secrets` are kept out of all messages.
    pub fn new(
        store: Arc<dyn ObjectStore>,
        folder: Path,
        place: String,
        patience: Duration,
        secrets: Vec<String>,
    ) -> Result<Self, OpenError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("remote")
            .enable_all()
            .build()
            .map_err(|error| OpenError::SetUp(error.to_string()))?;
        let words = Words::new(secrets);
        Ok(Self { runtime: Some(runtime), store, folder, place, patience, words })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().unwrap_or_else(|| unreachable!("it is taken only when this is dropped"))
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').fold(self.folder.clone(), Path::join)
    }

    /// Runs a call to its end, or to the end of its time.
    fn within<T>(
        &self,
        bytes: u64,
        call: impl Future<Output = Result<T, RemoteError>>,
    ) -> Result<T, RemoteError> {
        let limit = self.patience * CALLS + Duration::from_millis(bytes.saturating_mul(1000) / SLOWEST);
        let late = || {
            let seconds = limit.as_secs_f64();
            Err(RemoteError::Unreachable(format!("it did not answer within {seconds:.0} s")))
        };
        self.runtime().block_on(async { tokio::time::timeout(limit, call).await.unwrap_or_else(|_| late()) })
    }

    fn told(&self, error: &object_store::Error) -> RemoteError {
        self.words.of(error)
    }

    /// An object in one request.
    fn put_whole(&self, path: &Path, bytes: u64, from: &mut dyn Read) -> Result<(), RemoteError> {
        let mut content = Vec::with_capacity(bytes as usize);
        from.take(PART + 1).read_to_end(&mut content)?;
        if content.len() as u64 > PART {
            return Err(RemoteError::Here(std::io::Error::other("an object grew while it was read")));
        }
        let payload = PutPayload::from(content);
        let put = async { self.store.put(path, payload).await.map_err(|error| self.told(&error)) };
        self.within(bytes, put).map(drop)
    }

    /// An object in parts: seen under its name when the last has arrived and all are joined.
    fn put_parts(&self, path: &Path, bytes: u64, from: &mut dyn Read) -> Result<(), RemoteError> {
        let part = PART.max(bytes.div_ceil(MOST_PARTS));
        let begin = async { self.store.put_multipart(path).await.map_err(|error| self.told(&error)) };
        let mut upload = self.within(0, begin)?;
        let sent = self.send_parts(&mut *upload, part, from);
        let ended = sent.and_then(|()| {
            let complete = async { upload.complete().await.map_err(|error| self.told(&error)) };
            self.within(0, complete).map(drop)
        });
        if ended.is_err() {
            // Best effort: a store drops unjoined parts by a rule of its own, too.
            let abort = async { upload.abort().await.map_err(|error| self.told(&error)) };
            let _ = self.within(0, abort);
        }
        ended
    }

    fn send_parts(
        &self,
        upload: &mut dyn MultipartUpload,
        part: u64,
        from: &mut dyn Read,
    ) -> Result<(), RemoteError> {
        loop {
            let mut content = Vec::with_capacity(part as usize);
            (&mut *from).take(part).read_to_end(&mut content)?;
            if content.is_empty() {
                return Ok(());
            }
            let bytes = content.len() as u64;
            let sending = upload.put_part(PutPayload::from(content));
            self.within(bytes, async { sending.await.map_err(|error| self.told(&error)) })?;
        }
    }

    async fn get_all(&self, path: &Path, limit: u64, into: &mut dyn Write) -> Result<bool, RemoteError> {
        let object = match self.store.get(path).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            found => found.map_err(|error| self.told(&error))?,
        };
        let mut left = limit;
        let mut content = object.into_stream();
        loop {
            let next = tokio::time::timeout(self.patience, content.next()).await;
            let Ok(next) = next else {
                let seconds = self.patience.as_secs_f64();
                return Err(RemoteError::Unreachable(format!("it fell silent for {seconds:.0} s")));
            };
            let Some(bytes) = next else { return Ok(true) };
            let bytes = bytes.map_err(|error| self.told(&error))?;
            left = left.checked_sub(bytes.len() as u64).ok_or(RemoteError::TooLong)?;
            into.write_all(&bytes)?;
        }
    }
}

impl Remote for Objects {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>, RemoteError> {
        let path = self.path(folder);
        let above = if self.folder.is_root() { 0 } else { self.folder.as_ref().len() + 1 };
        let all = async {
            let mut listed: Vec<Listed> = self
                .store
                .list(Some(&path))
                .map_ok(|meta| {
                    let name = meta.location.as_ref().get(above..).unwrap_or_default().to_owned();
                    Listed { name, bytes: meta.size }
                })
                .try_collect()
                .await
                .map_err(|error| self.told(&error))?;
            listed.sort();
            Ok(listed)
        };
        self.within(0, all)
    }

    fn get(&self, name: &str, limit: u64, into: &mut dyn Write) -> Result<bool, RemoteError> {
        self.within(limit, self.get_all(&self.path(name), limit, into))
    }

    fn size(&self, name: &str) -> Result<Option<u64>, RemoteError> {
        let path = self.path(name);
        let asked = async {
            match self.store.head(&path).await {
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                found => found.map(|meta| Some(meta.size)).map_err(|error| self.told(&error)),
            }
        };
        self.within(0, asked)
    }

    fn put(&self, name: &str, bytes: u64, from: &mut dyn Read) -> Result<(), RemoteError> {
        let path = self.path(name);
        if bytes <= PART { self.put_whole(&path, bytes, from) } else { self.put_parts(&path, bytes, from) }
    }
}
