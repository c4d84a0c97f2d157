//! Digests of files by the cache's memory: an unchanged file costs a `stat`.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use storyreel_engine::cache::{FileMemo, digest_of_file};
use storyreel_engine::units::Digest;
use storyreel_engine::world::DigestMemo;

/// A file's digest, read only where it is not remembered.
pub fn digest(memo: &FileMemo, path: &Path) -> io::Result<Digest> {
    let (bytes, time) = looks(path)?;
    if let Some(digest) = memo.get(path, bytes, time) {
        return Ok(digest);
    }
    let digest = digest_of_file(path)?;
    memo.put(path, bytes, time, digest);
    Ok(digest)
}

fn looks(path: &Path) -> io::Result<(u64, i128)> {
    let meta = fs::metadata(path)?;
    Ok((meta.len(), i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec())))
}
