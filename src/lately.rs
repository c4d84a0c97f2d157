//! Which step stood at each place of a film when it was last rendered: what `why` compares with. Kept in the cache
//! folder, a file a film and size, so that a draft is compared with a draft. Losing one costs no more than that `why`
//! compares with whatever is most alike.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use storyreel_engine::graph::{Keyed, NodeIndex, StepId};
use storyreel_engine::regular::{is_folder, read_regular};
use storyreel_engine::units::Digest;

use crate::cli::Cut;
use crate::desk::Desk;

/// Raised whenever a file holds something else; others are as good as none.
const VERSION: u32 = 1;

/// No file of steps is longer, in bytes.
const LONGEST: u64 = 256 << 20;

/// The steps of a film's last render.
pub struct Lately {
    path: PathBuf,
    /// By label and kind. What a film has not any more stays: it is not asked for.
    steps: BTreeMap<String, StepId>,
}

/// What lies in a file.
#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    steps: BTreeMap<String, StepId>,
}

impl Lately {
    /// Those of the film at `desk`, in the size that `cut` asks for. What cannot be read is as good as none.
    pub fn of(desk: &Desk, cut: &Cut) -> Self {
        let film = (std::path::absolute(&desk.path).ok(), &cut.size, cut.draft);
        let name = Digest::of(format!("{film:?}").as_bytes()).to_string();
        let path = desk.project.cache.join("lately").join(name);
        let steps = read_regular(&path, LONGEST).map(|text| read(&text)).unwrap_or_default();
        Self { path, steps }
    }

    /// The step that stood where this node is now.
    pub fn step(&self, keyed: &Keyed, node: NodeIndex) -> Option<&StepId> {
        self.steps.get(&place(keyed, node))
    }

    /// Keeps what stands now at the places of these nodes; those of other parts of the film stay.
    pub fn keep(mut self, keyed: &Keyed, nodes: impl Iterator<Item = NodeIndex>) {
        let before = self.steps.clone();
        self.steps.extend(nodes.map(|node| (place(keyed, node), keyed.steps[node.index()])));
        if self.steps != before {
            // Where the cache cannot be written, nothing was rendered to it either.
            let _ = self.write();
        }
    }

    fn write(&self) -> anyhow::Result<()> {
        let Some(folder) = self.path.parent() else { return Ok(()) };
        // Only within the cache: one that is gone is not made anew, and a link in the folder's place is not followed.
        if !is_folder(folder) {
            fs::create_dir(folder)?;
        }
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let steps = self.steps.clone();
        file.write_all(&serde_json::to_vec(&File { version: VERSION, steps })?)?;
        file.persist(&self.path)?;
        Ok(())
    }
}

/// The steps in a file's text; of another version, or damaged, it has none.
fn read(text: &[u8]) -> BTreeMap<String, StepId> {
    let file = serde_json::from_slice::<File>(text).ok();
    file.filter(|file| file.version == VERSION).map(|file| file.steps).unwrap_or_default()
}

fn place(keyed: &Keyed, node: NodeIndex) -> String {
    let spec = &keyed.graph[node];
    spec.name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_and_damage_are_as_good_as_none() {
        let steps = BTreeMap::from([("sea.wide core encode".to_owned(), StepId(Digest::of(b"step")))]);
        let text = |version| serde_json::to_vec(&File { version, steps: steps.clone() }).unwrap();
        assert_eq!(read(&text(VERSION)), steps);
        assert!(read(&text(VERSION + 1)).is_empty() && read(&text(VERSION)[1..]).is_empty());
    }
}
