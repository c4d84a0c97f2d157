//! How a file looks from outside: whether it may have changed is told by a `stat`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use storyreel_engine::looks;

/// A file and how it looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    path: PathBuf,
    /// `None` where there is no such file.
    seen: Option<looks::Looks>,
}

impl Looks {
    /// How a file looks now.
    pub fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), seen: looks::Looks::of(path).ok() }
    }

    /// Whether it still does.
    pub fn hold(&self) -> bool {
        looks::Looks::of(&self.path).ok() == self.seen
    }
}
