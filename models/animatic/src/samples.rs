//! Where a layer's samples lie: in memory, or laid aside in a file, from which the system brings what is drawn and
//! takes it back when memory is short. What is drawn from them is the same.

use std::fs::File;
use std::io::{self, Write};
use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::Arc;

use memmap2::{Mmap, MmapOptions};

/// Samples of one plane of a layer.
#[derive(Clone, Debug)]
pub(crate) enum Samples {
    /// In memory.
    Held(Vec<u16>),
    /// In a file: the samples of that range of its bytes.
    Laid(Arc<Mmap>, Range<usize>),
}

impl Samples {
    /// None, where every pixel is opaque.
    pub const NONE: Self = Self::Held(Vec::new());

    /// As many samples of transparent black.
    pub fn clear(count: usize) -> Self {
        Self::Held(vec![0; count])
    }

    /// Whether they are laid aside.
    pub fn is_laid(&self) -> bool {
        matches!(self, Self::Laid(..))
    }

    /// To be written to. Those laid aside are brought back first.
    pub fn hold(&mut self) -> &mut Vec<u16> {
        if let Self::Laid(..) = self {
            *self = Self::Held(self.to_vec());
        }
        match self {
            Self::Held(samples) => samples,
            Self::Laid(..) => unreachable!("they were brought back"),
        }
    }
}

impl Deref for Samples {
    type Target = [u16];

    fn deref(&self) -> &[u16] {
        match self {
            Self::Held(samples) => samples,
            Self::Laid(map, range) => bytemuck::cast_slice(&map[range.clone()]),
        }
    }
}

/// A file without a name, to lay samples aside in. It is gone when nothing needs it any more.
#[derive(Debug)]
pub(crate) struct Aside {
    file: File,
    written: u64,
    /// Why something could not be laid aside: from then on nothing is.
    failed: Option<io::Error>,
}

impl Aside {
    /// A new file in that folder.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, written: 0, failed: None })
    }

    /// Lays the planes of a layer aside.
    pub fn lay(&mut self, planes: [&mut Samples; 5]) {
        if self.failed.is_none() {
            self.failed = self.try_lay(planes).err();
        }
    }

    /// Fails with why something could not be laid aside, if so.
    pub fn finish(self) -> io::Result<()> {
        self.failed.map_or(Ok(()), Err)
    }

    fn try_lay(&mut self, planes: [&mut Samples; 5]) -> io::Result<()> {
        let bytes = planes.each_ref().map(|plane| plane.len() * size_of::<u16>());
        for plane in &planes {
            self.file.write_all(bytemuck::cast_slice(plane))?;
        }
        let map = Arc::new(self.map(bytes.iter().sum())?);
        let mut from = 0;
        for (plane, bytes) in planes.into_iter().zip(bytes) {
            if bytes > 0 {
                *plane = Samples::Laid(map.clone(), from..from + bytes);
            }
            from += bytes;
        }
        Ok(())
    }

    /// What was written last, as memory.
    #[expect(unsafe_code, reason = "a file is mapped; the block says why it holds")]
    fn map(&mut self, bytes: usize) -> io::Result<Mmap> {
        let options = MmapOptions::new().offset(self.written).len(bytes).to_owned();
        // SAFETY: the file has no name, so nothing else can open it; here it is only ever written beyond what is
        // mapped, and never made shorter.
        let map = unsafe { options.map(&self.file) }?;
        self.written += bytes as u64;
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_aside_reads_the_same_and_can_be_written_to_again() {
        let mut aside = Aside::in_folder(&std::env::temp_dir()).unwrap();
        // Odd lengths: nothing that is mapped later begins where a page does.
        let plane = |count: u16, first: u16| Samples::Held((0..count).map(|at| at ^ first).collect());
        let mut layers =
            [(5001, 7), (3, 9), (40_001, 1)].map(|(n, k)| [plane(n, k), plane(n / 2, k + 1), Samples::NONE]);
        let before = layers.clone();
        for [y, a, none] in &mut layers {
            let (mut cb, mut cr) = (Samples::NONE, Samples::NONE);
            aside.lay([y, a, &mut cb, none, &mut cr]);
            assert!(y.is_laid() && a.is_laid() && !none.is_laid());
        }
        aside.finish().unwrap();
        for (now, before) in layers.iter_mut().flatten().zip(before.iter().flatten()) {
            assert_eq!(**now, **before);
            now.hold().push(4);
            assert_eq!(now.len(), before.len() + 1);
        }
    }

    #[test]
    fn what_cannot_be_laid_aside_stays_and_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), b"").unwrap();
        let file = File::open(folder.path().join("file")).unwrap();
        let mut aside = Aside { file, written: 0, failed: None };
        let [mut y, mut a, mut cb, mut cr, mut ca] = [1, 2, 3, 4, 5].map(|k| Samples::Held(vec![k; 9]));
        aside.lay([&mut y, &mut a, &mut cb, &mut cr, &mut ca]);
        assert_eq!((&y[..], &ca[..]), (&[1; 9][..], &[5; 9][..]));
        assert!(aside.finish().is_err(), "it was opened to be read only");
    }
}
