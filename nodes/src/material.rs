//! The project's files as nodes read them: by content. A file that changed after the plan was made
//! is refused, so that no result is recorded under a key that is not its own.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use image::{ImageReader, Limits, RgbaImage};
use storyreel_engine::cache::digest_of_file;
use storyreel_engine::graph::MaterialFile;
use storyreel_engine::kinds::generate::Material;
use storyreel_engine::run::protocol::Failure;
use storyreel_engine::units::Digest;

/// The largest side of a still, in pixels.
const MAX_SIDE: u32 = 16_384;
/// What decoding one still may take.
const MAX_DECODED: u64 = 1 << 30;

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

/// The still of that content, upright, with its alpha.
///
/// # Errors
/// As [`file`], or it is no picture that can be read.
pub fn still(files: &[MaterialFile], material: Material) -> Result<RgbaImage, Failure> {
    let path = file(files, material)?;
    let unusable = |reason: String| {
        Failure::permanent(format!("`{}` cannot be read as a picture: {reason}", path.display()))
            .help("stills are PNG, JPEG or WebP")
    };
    let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    if Digest::of(&bytes) != material.0 {
        return Err(changed(path));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    let mut reader = ImageReader::new(Cursor::new(bytes));
    reader.limits(limits);
    let reader = reader.with_guessed_format().map_err(|error| unusable(error.to_string()))?;
    Ok(reader.decode().map_err(|error| unusable(error.to_string()))?.into_rgba8())
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
