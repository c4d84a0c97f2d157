//! Before a run: what it will take of disk, memory and time, and whether that is there.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::device::Device;
use super::estimate::{Estimator, Taking};
use super::event::KindTotals;
use super::forecast::{Forecast, forecast};
use super::tasks::host_memory;
use crate::cache::Records;
use crate::graph::{Keyed, NodeIndex};
use crate::kinds::PortType;
use crate::told::bytes;
use crate::world::Tool;

/// Disk that is left free in any case.
const DISK_RESERVE: u64 = 64 << 20;

/// Bytes a pixel of H.264 at the film's quality, in thousandths: generous, since a full disk costs more.
const SEGMENT_MILLIBYTES: u64 = 60;

/// Bytes a pixel of ProRes 422, in thousandths.
const PRORES_MILLIBYTES: u64 = 600;

/// Bytes a pixel of a PNG, in thousandths.
const STILL_MILLIBYTES: u64 = 2000;

/// Bytes a sample of stereo f32 sound.
const SOUND_BYTES: u64 = 8;

/// Bytes of anything else.
const DATA_BYTES: u64 = 64 << 10;

/// What the nodes to do will take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Bytes that they will write, by kind.
    pub disk: BTreeMap<String, u64>,
    /// Bytes of the files that are copied to the outputs.
    pub copies: u64,
    /// Bytes of the host's memory that the largest of them takes.
    pub memory: u64,
    /// Which one that is.
    pub largest: String,
    /// Work, were one worker to do it all.
    pub work_millis: u64,
    /// The same by kind.
    #[serde(skip)]
    pub kinds: BTreeMap<String, KindTotals>,
    /// Where they will run and how long all of them take, on the devices given.
    #[serde(skip)]
    pub forecast: Forecast,
}

impl Estimate {
    /// Bytes that will be written to the cache.
    pub fn cache_bytes(&self) -> u64 {
        self.disk.values().sum()
    }

    /// Bytes that will be written in all.
    pub fn disk_bytes(&self) -> u64 {
        self.cache_bytes().saturating_add(self.copies)
    }
}

/// Why a run would not end well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreflightError {
    /// The disk is too full.
    #[error("the render needs about {} of disk in `{path}`, and {} to spare; it has {} free", bytes(*needed), bytes(DISK_RESERVE), bytes(*free))]
    Disk {
        /// The folder of the cache or of the outputs.
        path: PathBuf,
        /// What is needed.
        needed: u64,
        /// What is free.
        free: u64,
    },
    /// A node needs more memory than there is.
    #[error("`{node}` needs about {} of memory, and {} can be had", bytes(*needed), bytes(*free))]
    Memory {
        /// The node's label.
        node: String,
        /// What it needs.
        needed: u64,
        /// What there is.
        free: u64,
    },
}

impl PreflightError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Disk { .. } => {
                "free some space, take what is not needed out of the cache (`storyreel cache gc --older-than 30d`), or choose other folders with `--cache` and `--out`"
            }
            Self::Memory { .. } => "close other programs, or render at a smaller size",
        }
    }
}

/// Estimates what `nodes`, the stored nodes to do, will take, and copying what the `targets`
/// give. `models` are the bytes of models' files.
pub fn estimate_all(
    keyed: &Keyed,
    records: &Records,
    nodes: &[NodeIndex],
    targets: &[NodeIndex],
    devices: &[Device],
    models: &BTreeMap<Tool, u64>,
) -> Estimate {
    let estimator = Estimator::new(keyed, records, devices);
    let copies = targets.iter().map(|node| estimator.of(*node).bytes).sum();
    let mut all = Estimate { copies, ..Estimate::default() };
    let taking = estimator.all(nodes.iter().copied());
    for node in nodes {
        let spec = &keyed.graph[*node];
        let Taking { millis, memory, bytes } = taking[node.index()];
        all.work_millis += millis;
        let kind = all.kinds.entry(spec.kind.name.to_owned()).or_default();
        *kind = KindTotals { nodes: kind.nodes + 1, work_millis: kind.work_millis + millis };
        *all.disk.entry(spec.kind.name.to_owned()).or_default() += bytes;
        if memory > all.memory && !keyed.needs_gpu(*node) {
            all.memory = memory;
            all.largest = spec.name();
        }
    }
    all.forecast = forecast(keyed, &taking, nodes, devices, models);
    all
}

/// Bytes of the outputs of every stored node by its parameters, by [`NodeIndex::index`].
pub(super) fn formula_sizes(keyed: &Keyed) -> Vec<u64> {
    let mut sizes = vec![0; keyed.graph.node_count()];
    for node in keyed.graph.node_indices().filter(|node| keyed.stored(*node)) {
        sizes[node.index()] = size(keyed, &sizes, node);
    }
    sizes
}

/// Refuses what cannot fit on the disk of `cache`, or beside it or on its own disk on that of `out`, or in
/// memory.
pub fn check(
    estimate: &Estimate,
    cache: &Path,
    out: &Path,
    devices: &[Device],
) -> Result<(), PreflightError> {
    let memory = host_memory(devices);
    if estimate.memory > memory {
        let node = estimate.largest.clone();
        return Err(PreflightError::Memory { node, needed: estimate.memory, free: memory });
    }
    if disk_of(cache) == disk_of(out) {
        return room(cache, estimate.disk_bytes());
    }
    room(cache, estimate.cache_bytes())?;
    room(out, estimate.copies)
}

fn room(folder: &Path, needed: u64) -> Result<(), PreflightError> {
    match disk_free(folder) {
        Some(free) if needed > 0 && needed.saturating_add(DISK_RESERVE) > free => {
            Err(PreflightError::Disk { path: folder.to_owned(), needed, free })
        }
        _ => Ok(()),
    }
}

/// Free bytes for this user on the disk that holds `path`, or will.
pub fn disk_free(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(existing(path)?).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// The disk that holds `path`, or will.
fn disk_of(path: &Path) -> Option<u64> {
    Some(existing(path)?.metadata().ok()?.dev())
}

/// The nearest folder at or above `path` that is there.
fn existing(path: &Path) -> Option<&Path> {
    let known = path.ancestors().find(|folder| folder.exists() || folder.as_os_str().is_empty())?;
    Some(if known.as_os_str().is_empty() { Path::new(".") } else { known })
}

/// Bytes of a node's outputs by its parameters.
fn size(keyed: &Keyed, before: &[u64], node: NodeIndex) -> u64 {
    let spec = &keyed.graph[node];
    let number = |name: &str| spec.params.get(name).and_then(Value::as_u64).unwrap_or(0);
    let pixels = pixels(&spec.params);
    let pictures = number("to").saturating_sub(number("from")).max(1);
    let inputs = || {
        let of = |input: &crate::graph::Input| before[input.from.index()];
        keyed.inputs[node.index()].iter().map(of).sum::<u64>()
    };
    let outputs = spec.kind.outputs.iter().map(|port| match port.ty {
        PortType::Segment if pixels > 0 => pixels * pictures * SEGMENT_MILLIBYTES / 1000,
        PortType::Film if pixels > 0 && spec.kind.name == "prores" => {
            pixels * pictures * PRORES_MILLIBYTES / 1000
        }
        PortType::Segment | PortType::Film => inputs(),
        PortType::Still => (if pixels > 0 { pixels } else { 1920 * 1080 }) * STILL_MILLIBYTES / 1000,
        PortType::Sound => number("samples") * SOUND_BYTES,
        PortType::Track => number("samples") * number("bitrate") / (8 * 48_000),
        PortType::Data => DATA_BYTES,
        PortType::Clip => 0,
    });
    outputs.sum()
}

fn pixels(params: &Value) -> u64 {
    let side = |name: &str| params.pointer(&format!("/size/{name}")).and_then(Value::as_u64).unwrap_or(0);
    side("width") * side("height")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_fit_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let free = disk_free(&folder.path().join("not/yet")).unwrap();
        let mut estimate = Estimate { memory: 1, ..Estimate::default() };
        assert_eq!(check(&estimate, folder.path(), folder.path(), &[]), Ok(()));
        estimate.disk.insert("encode".into(), free.saturating_mul(2));
        let error = check(&estimate, folder.path(), folder.path(), &[]).unwrap_err();
        assert!(matches!(error, PreflightError::Disk { .. }), "{error}");
        estimate.memory = u64::MAX;
        estimate.largest = "cliff.wide core encode".into();
        let error = check(&estimate, folder.path(), folder.path(), &[]).unwrap_err().to_string();
        assert!(error.starts_with("`cliff.wide core encode` needs about"), "{error}");
    }

    #[test]
    fn the_copies_of_the_outputs_need_room_on_their_own_disk() {
        let folder = tempfile::tempdir().unwrap();
        // Another file system than that of temporary files on most machines; where it is not, the sum counts.
        let out = Path::new("/proc/1");
        let copies = disk_free(folder.path()).unwrap().saturating_mul(2);
        let estimate = Estimate { copies, memory: 1, ..Estimate::default() };
        for place in [out, folder.path()] {
            let error = check(&estimate, folder.path(), place, &[]).unwrap_err();
            let PreflightError::Disk { path, needed, .. } = error else { panic!("{error}") };
            assert_eq!((path.as_path(), needed), (place, copies));
        }
    }
}
