//! The project's files as nodes read them: by content. A file that changed after the plan was made, or
//! while a job read it, is refused, so that no result is recorded under a key that is not its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::DynamicImage;
use storyreel_engine::cache::digest_of_file;
use storyreel_engine::graph::MaterialFile;
use storyreel_engine::kinds::generate::Material;
use storyreel_engine::looks::Looks;
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

/// The files that a job may read, as they were before it began.
pub struct Watch<'a> {
    files: Vec<(&'a MaterialFile, Option<Looks>)>,
}

impl<'a> Watch<'a> {
    /// Looks at them.
    pub fn over(files: impl IntoIterator<Item = &'a MaterialFile>) -> Self {
        Self { files: files.into_iter().map(|file| (file, Looks::of(&file.path).ok())).collect() }
    }

    /// Whether they all stayed as they were while the job ran.
    ///
    /// # Errors
    /// One changed for good; or was touched, or changed back, so that the job is worth another try.
    pub fn unchanged(&self) -> Result<(), Failure> {
        for (file, before) in &self.files {
            let now = Looks::of(&file.path).ok();
            let same = now.is_some() && now == *before;
            if same && now.is_some_and(|looks| looks.settled()) {
                continue;
            }
            if digest_of_file(&file.path).ok() != Some(file.digest) {
                return Err(changed(&file.path));
            }
            if !same {
                let message = format!("`{}` was written to while it was read", file.path.display());
                return Err(Failure::transient(message));
            }
        }
        Ok(())
    }
}

/// A file's digest, taken once as long as the file looks the same.
fn remembered_digest(path: &Path) -> Result<Digest, Failure> {
    static KNOWN: Mutex<BTreeMap<(PathBuf, Looks), Digest>> = Mutex::new(BTreeMap::new());
    let unreadable =
        |error: std::io::Error| Failure::permanent(format!("`{}` cannot be read: {error}", path.display()));
    let looks = Looks::of(path).map_err(unreadable)?;
    let key = (path.to_owned(), looks);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(digest) = known.get(&key) {
        return Ok(*digest);
    }
    let digest = digest_of_file(path).map_err(unreadable)?;
    if looks.settled() {
        known.insert(key, digest);
    }
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn material(path: PathBuf) -> MaterialFile {
        MaterialFile { digest: digest_of_file(&path).unwrap(), path }
    }

    #[test]
    fn a_file_that_is_written_to_while_a_job_runs_is_noticed() {
        use storyreel_engine::run::protocol::FailureKind::{Permanent, Transient};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sea.avi");
        fs::write(&path, "one").unwrap();
        let file = material(path.clone());
        let watch = Watch::over([&file]);
        assert_eq!(watch.unchanged(), Ok(()));

        fs::write(&path, "two").unwrap();
        let failure = watch.unchanged().unwrap_err();
        assert_eq!(failure.kind, Permanent);
        assert!(failure.message.contains("changed while the film was being made"), "{}", failure.message);

        let old = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "one").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        assert_eq!(watch.unchanged().unwrap_err().kind, Transient, "what was read in between is unknown");
        assert_eq!(Watch::over([&file]).unchanged(), Ok(()), "the next try has it whole");

        let watch = Watch::over([&file]);
        fs::remove_file(&path).unwrap();
        assert_eq!(watch.unchanged().unwrap_err().kind, Permanent);
    }
}
