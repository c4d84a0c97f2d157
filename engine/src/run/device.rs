//! Devices: where workers run. `auto`, `cpu:2`, `cuda:0,cuda:1`.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Memory that a CPU worker is counted with when `auto` chooses how many there are.
const WORKER_MEMORY: u64 = 1 << 30;

/// A device's name: `cpu:0`, `cuda:1`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceId {
    /// A worker on the host's processors.
    Cpu(u32),
    /// A CUDA device by its number.
    Cuda(u32),
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu(number) => write!(f, "cpu:{number}"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

/// A numeric class: within it, and within a build, results are equal bit for bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceClass {
    /// Host processors.
    Cpu,
    /// CUDA devices of one compute capability, such as 90.
    Cuda {
        /// Ten times the compute capability.
        sm: u32,
    },
}

impl fmt::Display for DeviceClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda { sm } => write!(f, "cuda sm_{sm}"),
        }
    }
}

/// A device that one worker process drives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its name.
    pub id: DeviceId,
    /// Its numeric class.
    pub class: DeviceClass,
    /// Its own memory in bytes; CPU workers share the host's.
    pub memory: u64,
    /// Bytes that its worker is not allowed to exceed, where the user has set a limit.
    pub limit: Option<u64>,
    /// Threads its worker may keep busy.
    pub threads: u32,
}

/// What `--devices` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceSpec {
    /// What there is.
    Auto,
    /// These.
    Listed(Vec<Listed>),
}

/// An entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// So many CPU workers.
    Cpus(u32),
    /// That CUDA device.
    Cuda(u32),
}

/// Why devices cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Not a way to name devices.
    #[error("`{0}` names no device: write `auto`, `cpu:2` for two CPU workers, or `cuda:0`")]
    Unknown(String),
    /// No worker at all, or more than make sense.
    #[error("`cpu:{0}`: between 1 and 256 CPU workers can be had")]
    Count(u32),
    /// The same twice.
    #[error("`{0}` is named twice")]
    Twice(String),
    /// Not in this machine or this build.
    #[error("there is no CUDA device {0} that this build of storyreel can use; write `auto` or `cpu:N`")]
    NoCuda(u32),
}

impl FromStr for DeviceSpec {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        if text.trim() == "auto" {
            return Ok(Self::Auto);
        }
        let listed: Vec<Listed> =
            text.split(',').map(|part| parse_one(part.trim())).collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        for (entry, written) in listed.iter().zip(text.split(',')) {
            let name = match entry {
                Listed::Cpus(_) => "cpu".to_owned(),
                Listed::Cuda(number) => format!("cuda:{number}"),
            };
            if !seen.insert(name) {
                return Err(DeviceError::Twice(written.trim().to_owned()));
            }
        }
        Ok(Self::Listed(listed))
    }
}

fn parse_one(part: &str) -> Result<Listed, DeviceError> {
    let unknown = || DeviceError::Unknown(part.to_owned());
    let (class, number) = part.split_once(':').ok_or_else(unknown)?;
    let number: u32 = number.parse().map_err(|_| unknown())?;
    match class {
        "cpu" if (1..=256).contains(&number) => Ok(Listed::Cpus(number)),
        "cpu" => Err(DeviceError::Count(number)),
        "cuda" => Ok(Listed::Cuda(number)),
        _ => Err(unknown()),
    }
}

impl DeviceSpec {
    /// Reads `auto`, `cpu:2`, `cuda:0,cuda:1`.
    pub fn parse(text: &str) -> Result<Self, DeviceError> {
        text.parse()
    }

    /// The devices meant, on this machine.
    pub fn devices(&self) -> Result<Vec<Device>, DeviceError> {
        let listed = match self {
            Self::Auto => vec![Listed::Cpus(auto_workers(cores(), memory_available()))],
            Self::Listed(listed) => listed.clone(),
        };
        let mut devices = Vec::new();
        for entry in listed {
            match entry {
                Listed::Cpus(count) => devices.extend((0..count).map(|number| cpu(number, count))),
                Listed::Cuda(number) => return Err(DeviceError::NoCuda(number)),
            }
        }
        Ok(devices)
    }
}

/// One worker a core, but no more than fit in memory.
fn auto_workers(cores: u32, memory: u64) -> u32 {
    cores.min((memory / WORKER_MEMORY).try_into().unwrap_or(u32::MAX)).max(1)
}

fn cpu(number: u32, count: u32) -> Device {
    Device {
        id: DeviceId::Cpu(number),
        class: DeviceClass::Cpu,
        memory: memory_available(),
        limit: None,
        threads: (cores() / count).max(1),
    }
}

/// Processors that this process may use.
pub fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| count.get().try_into().unwrap_or(u32::MAX))
}

/// Bytes of memory that could be had now, by the system's own estimate and this process's control group.
pub fn memory_available() -> u64 {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = info.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kibibytes =
        line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|text| text.parse::<u64>().ok());
    let host = kibibytes.map_or(u64::MAX, |count| count * 1024);
    let number =
        |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?.trim().parse::<u64>().ok();
    let group = number("memory.max").map(|limit| limit.saturating_sub(number("memory.current").unwrap_or(0)));
    group.map_or(host, |group| host.min(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_mistakes_told() {
        assert_eq!(DeviceSpec::parse("auto"), Ok(DeviceSpec::Auto));
        assert_eq!(DeviceSpec::parse("cpu:2"), Ok(DeviceSpec::Listed(vec![Listed::Cpus(2)])));
        let two = DeviceSpec::parse("cuda:0, cuda:1").unwrap();
        assert_eq!(two, DeviceSpec::Listed(vec![Listed::Cuda(0), Listed::Cuda(1)]));
        assert_eq!(two.devices(), Err(DeviceError::NoCuda(0)));
        assert_eq!(DeviceSpec::parse("gpu"), Err(DeviceError::Unknown("gpu".into())));
        assert_eq!(DeviceSpec::parse("cpu:x"), Err(DeviceError::Unknown("cpu:x".into())));
        assert_eq!(DeviceSpec::parse("cpu:0"), Err(DeviceError::Count(0)));
        assert_eq!(DeviceSpec::parse("cuda:1,cuda:1"), Err(DeviceError::Twice("cuda:1".into())));
    }

    #[test]
    fn auto_is_one_worker_a_core_within_memory() {
        assert_eq!(auto_workers(8, 64 << 30), 8);
        assert_eq!(auto_workers(8, 3 << 30), 3);
        assert_eq!(auto_workers(8, 0), 1);
        let devices = DeviceSpec::parse("cpu:3").unwrap().devices().unwrap();
        assert_eq!(
            devices.iter().map(|device| device.id.to_string()).collect::<Vec<_>>(),
            ["cpu:0", "cpu:1", "cpu:2"]
        );
    }
}
