//! The project's files as nodes read them: by content. A file that changed after the plan was made
//! is refused, so that no result is recorded under a key that is not its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use image::DynamicImage;
use storyreel_engine::cache::digest_of_file;
use storyreel_engine::graph::MaterialFile;
use storyreel_engine::kinds::generate::Material;
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::units::Digest;

use crate::failure::OrFailure;

/// Where the file of that content lies, verified.
///
/// # Errors
/// It was not sent along, cannot be read, or has changed.
pub fn file(files: &[MaterialFile], material: Material) -> Result<&Path, Failure> {
    let file = files
        .iter()
        .find(|file| file.digest == material.0)
        .ok_or_else(|| Failure::permanent("a file that the parameters name was not sent along with them"))?;
    if remembered_digest(&file.path)? == file.digest {
        return Ok(&file.path);
    }
    Err(changed(&file.path))
}

/// The still of that content, upright, with its alpha and its depth.
///
/// # Errors
/// As [`file`], or it is no picture that can be read.
pub fn still(files: &[MaterialFile], material: Material) -> Result<DynamicImage, Failure> {
    let path = file(files, material)?;
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::permanent(format!("`{}` cannot be read: {error}", path.display())))?;
    if Digest::of(&bytes) != material.0 {
        return Err(changed(path));
    }
    storyreel_media::still::decode_image(bytes, path).or_failure()
}

fn changed(path: &Path) -> Failure {
    Failure::permanent(format!("`{}` changed while the film was being made", path.display()))
        .help("render again: the plan will take up its new content")
}

/// A file's digest, taken once as long as its size and time stay the same.
fn remembered_digest(path: &Path) -> Result<Digest, Failure> {
    static KNOWN: Mutex<BTreeMap<(PathBuf, u64, SystemTime), Digest>> = Mutex::new(BTreeMap::new());
    let unreadable =
        |error: std::io::Error| Failure::permanent(format!("`{}` cannot be read: {error}", path.display()));
    let facts = std::fs::metadata(path).map_err(unreadable)?;
    let key = (path.to_owned(), facts.len(), facts.modified().map_err(unreadable)?);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(digest) = known.get(&key) {
        return Ok(*digest);
    }
    let digest = digest_of_file(path).map_err(unreadable)?;
    known.insert(key, digest);
    Ok(digest)
}
