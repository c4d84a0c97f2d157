//! Before a run: what it will take of disk, memory and time, and whether that is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::device::{Device, memory_available};
use super::start::{critical_path, estimate};
use crate::cache::Records;
use crate::graph::{Keyed, NodeIndex};
use crate::kinds::PortType;

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
    /// The largest need of memory of one of them.
    pub memory: u64,
    /// Which one that is.
    pub largest: String,
    /// Work, were one worker to do it all.
    pub work_millis: u64,
    /// Time on the devices given.
    pub millis: u64,
}

impl Estimate {
    /// Bytes that will be written.
    pub fn disk_bytes(&self) -> u64 {
        self.disk.values().sum()
    }
}

/// Why a run would not end well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreflightError {
    /// The disk is too full.
    #[error("the render needs about {} of disk, and `{path}` has {} free", bytes(*needed), bytes(*free))]
    Disk {
        /// The cache folder.
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
                "free some space, run `storyreel cache gc --keep 5GB`, or choose another folder with `--cache`"
            }
            Self::Memory { .. } => "close other programs, or render at a smaller size",
        }
    }
}

/// Estimates what `nodes`, the stored nodes to do, will take.
pub fn estimate_all(keyed: &Keyed, records: &Records, nodes: &[NodeIndex], devices: usize) -> Estimate {
    let mut all = Estimate::default();
    let mut costs = vec![0; keyed.graph.node_count()];
    let mut sizes: BTreeMap<NodeIndex, u64> = BTreeMap::new();
    for node in nodes {
        let spec = &keyed.graph[*node];
        costs[node.index()] = estimate(keyed, records, *node);
        let size = size(keyed, records, &sizes, *node);
        sizes.insert(*node, size);
        *all.disk.entry(spec.kind.name.to_owned()).or_default() += size;
        if spec.need.memory > all.memory {
            all.memory = spec.need.memory;
            all.largest = format!("{} {}", spec.label, spec.kind.name);
        }
    }
    all.work_millis = costs.iter().sum();
    let longest = critical_path(keyed, &costs).into_iter().max().unwrap_or(0);
    all.millis = longest.max(all.work_millis / devices.max(1) as u64);
    all
}

/// Refuses what cannot fit on the disk of `cache`, or in memory.
pub fn check(estimate: &Estimate, cache: &Path, devices: &[Device]) -> Result<(), PreflightError> {
    let memory = devices.iter().map(|device| device.memory).max().unwrap_or_else(memory_available);
    if estimate.memory > memory {
        let node = estimate.largest.clone();
        return Err(PreflightError::Memory { node, needed: estimate.memory, free: memory });
    }
    let needed = estimate.disk_bytes();
    match disk_free(cache) {
        Some(free) if needed > 0 && needed.saturating_add(DISK_RESERVE) > free => {
            Err(PreflightError::Disk { path: cache.to_owned(), needed, free })
        }
        _ => Ok(()),
    }
}

/// Free bytes for this user on the disk that holds `path`, or will.
pub fn disk_free(path: &Path) -> Option<u64> {
    let known = path.ancestors().find(|folder| folder.exists())?;
    let known = if known.as_os_str().is_empty() { Path::new(".") } else { known };
    let stat = rustix::fs::statvfs(known).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Bytes of a node's outputs: as recorded, or by its parameters.
fn size(keyed: &Keyed, records: &Records, before: &BTreeMap<NodeIndex, u64>, node: NodeIndex) -> u64 {
    if let Some(record) = records.of_step(&keyed.steps[node.index()]) {
        return record.outputs.values().map(|blob| blob.bytes).sum();
    }
    let spec = &keyed.graph[node];
    let number = |name: &str| spec.params.get(name).and_then(Value::as_u64).unwrap_or(0);
    let pixels = pixels(&spec.params);
    let pictures = number("to").saturating_sub(number("from")).max(1);
    let inputs = || {
        let of = |input: &crate::graph::Input| before.get(&input.from).copied().unwrap_or(0);
        keyed.inputs[node.index()].iter().map(of).sum::<u64>()
    };
    let outputs = spec.kind.outputs.iter().map(|port| match port.ty {
        PortType::Segment if pixels > 0 => pixels * pictures * SEGMENT_MILLIBYTES / 1000,
        PortType::Film if pixels > 0 && spec.kind.name == "prores" => {
            pixels * pictures * PRORES_MILLIBYTES / 1000
        }
        PortType::Segment | PortType::Film => inputs(),
        PortType::Still => pixels.max(1920 * 1080) * STILL_MILLIBYTES / 1000,
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

/// Bytes for people: `3.2 GB`.
pub fn bytes(count: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    match units.into_iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", count as f64 / size as f64),
        None => format!("{count} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_fit_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let free = disk_free(&folder.path().join("not/yet")).unwrap();
        let mut estimate = Estimate { memory: 1, ..Estimate::default() };
        assert_eq!(check(&estimate, folder.path(), &[]), Ok(()));
        estimate.disk.insert("encode".into(), free.saturating_mul(2));
        let error = check(&estimate, folder.path(), &[]).unwrap_err();
        assert!(matches!(error, PreflightError::Disk { .. }), "{error}");
        estimate.memory = u64::MAX;
        estimate.largest = "cliff.wide core encode".into();
        let error = check(&estimate, folder.path(), &[]).unwrap_err().to_string();
        assert!(error.starts_with("`cliff.wide core encode` needs about"), "{error}");
    }

    #[test]
    fn bytes_are_told_in_their_unit() {
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(3_240_000_000), "3.2 GB");
    }
}
