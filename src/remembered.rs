//! Digests of files by the cache's memory: an unchanged file costs a `stat`.

use std::io;
use std::path::Path;

use storyreel_engine::cache::{FileMemo, digest_of_file};
use storyreel_engine::looks::Looks;
use storyreel_engine::units::Digest;
use storyreel_engine::world::DigestMemo;

/// A file's digest, read only where it is not remembered.
pub fn digest(memo: &FileMemo, path: &Path) -> io::Result<Digest> {
    let looks = Looks::of(path)?;
    if let Some(digest) = memo.get(path, &looks) {
        return Ok(digest);
    }
    let digest = digest_of_file(path)?;
    memo.put(path, looks, digest);
    Ok(digest)
}
