//! Files that are files, folders that are folders: in a folder that others write to, a pipe, a device or a link may
//! lie where a file is looked for. Opening a pipe waits for ever, a device has no end, and what is written or deleted
//! through a link is somebody else's.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// Opens a file to read it, links followed, without waiting for whoever is at a pipe's other end.
///
/// # Errors
/// It cannot be opened; [`io::ErrorKind::InvalidInput`] where it is a folder, a pipe or a device.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK.bits() as i32;
    checked(OpenOptions::new().read(true).custom_flags(flags).open(path)?)
}

/// Reads a file that is at most `limit` bytes long, links followed. Never more is read, whatever it grows to.
///
/// # Errors
/// As [`open_regular`]; [`io::ErrorKind::InvalidData`] where it is longer.
pub fn read_regular(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open_regular(path)?;
    fits(&file, limit)?;
    let mut text = Vec::new();
    (&file).take(limit).read_to_end(&mut text)?;
    // It may have grown while it was read.
    fits(&file, limit)?;
    Ok(text)
}

/// Opens a file to write to it as `options` say, without following a link in its place and without waiting.
///
/// # Errors
/// As [`open_regular`], and where a link is in its place.
pub fn open_own(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    checked(options.custom_flags(flags).open(path)?)
}

/// Whether a folder is there, and not a link to one: what is deleted by listing a link's folder is another's.
pub fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

fn checked(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"))
}

fn fits(file: &File, limit: u64) -> io::Result<()> {
    if file.metadata()?.len() <= limit {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "it is longer than any of its kind"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "four").unwrap();
        assert_eq!(read_regular(&file, 4).unwrap(), b"four");
        assert_eq!(read_regular(&file, 3).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn pipes_folders_and_devices_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for odd in [pipe.as_path(), folder.path(), Path::new("/dev/zero")] {
            assert_eq!(read_regular(odd, 8).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{odd:?}");
        }
        assert!(open_own(&pipe, OpenOptions::new().append(true)).is_err());
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (link, file) = (folder.path().join("link"), folder.path().join("file"));
        fs::write(&file, "theirs").unwrap();
        symlink(&file, &link).unwrap();
        assert!(open_own(&link, OpenOptions::new().write(true).create(true).truncate(true)).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"theirs");
        symlink(folder.path(), folder.path().join("folder")).unwrap();
        assert!(is_folder(folder.path()) && !is_folder(&folder.path().join("folder")));
    }
}
