//! Devices: where workers run. `auto`, `cpu:2`, `cuda:0,cuda:1`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::cuda::{self, CudaDevice, Found};
use super::memory::memory_available;

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
    /// Bytes of memory that can be had: of a CUDA device its own, as much as nobody else holds; CPU workers share
    /// the host's.
    pub memory: u64,
    /// Bytes that its worker is not allowed to exceed, where the user has set a limit.
    pub limit: Option<u64>,
    /// Threads its worker may keep busy.
    pub threads: u32,
    /// Of a CUDA device, the name by which its worker is shown it.
    pub uuid: Option<String>,
}

impl Device {
    /// The numeric class of what its worker makes: the device's own only where the work uses a GPU. What any CPU
    /// could do is done by the host's processors wherever the worker is.
    pub fn class_of(&self, needs_gpu: bool) -> DeviceClass {
        if needs_gpu { self.class } else { DeviceClass::Cpu }
    }

    /// What its worker's environment says, so that a worker sees its own CUDA device and no other, by whatever
    /// number the front knows it; a CPU worker sees none.
    pub fn environment(&self) -> [(&'static str, &str); 2] {
        let uuid = self.uuid.as_deref().unwrap_or_default();
        [("CUDA_VISIBLE_DEVICES", uuid), ("CUDA_DEVICE_ORDER", "PCI_BUS_ID")]
    }
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
    /// `auto` among others.
    #[error("`auto` means all devices there are and stands alone: leave out the others, or list them all")]
    AutoAmong,
    /// Not a way to name devices.
    #[error("`{0}` names no device: write `auto`, `cpu:2` for two CPU workers, or `cuda:0`")]
    Unknown(String),
    /// No worker at all, or more than make sense.
    #[error("`cpu:{0}`: between 1 and 256 CPU workers can be had")]
    Count(u32),
    /// The same twice.
    #[error("`{0}` is named twice")]
    Twice(String),
    /// Not in this machine.
    #[error("there is no CUDA device {number}: {there}; `auto` and `cpu:2` work without one")]
    NoCuda {
        /// Its number.
        number: u32,
        /// Which ones there are, or why there are none.
        there: String,
    },
    /// In this machine, but not to be used.
    #[error("cuda:{number} cannot be used: {reason}; {there}")]
    UnfitCuda {
        /// Its number.
        number: u32,
        /// Why.
        reason: String,
        /// What there is besides.
        there: String,
    },
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
        for entry in &listed {
            let name = match entry {
                Listed::Cpus(_) => "cpu".to_owned(),
                Listed::Cuda(number) => format!("cuda:{number}"),
            };
            if !seen.insert(name.clone()) {
                return Err(DeviceError::Twice(name));
            }
        }
        Ok(Self::Listed(listed))
    }
}

fn parse_one(part: &str) -> Result<Listed, DeviceError> {
    if part == "auto" {
        return Err(DeviceError::AutoAmong);
    }
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

    /// The devices meant, on this machine. `auto` means CUDA devices only for work that `needs_gpu`: asking the
    /// driver takes time, and there is nothing that they would do for other work.
    pub fn devices(&self, needs_gpu: bool) -> Result<Vec<Device>, DeviceError> {
        let asks = match self {
            Self::Auto => needs_gpu,
            Self::Listed(listed) => listed.iter().any(|entry| matches!(entry, Listed::Cuda(_))),
        };
        self.among(&if asks { cuda::find() } else { Found::default() })
    }

    /// The devices meant, where these CUDA devices were found.
    fn among(&self, found: &Found) -> Result<Vec<Device>, DeviceError> {
        let listed = match self {
            Self::Auto => {
                let cpus = Listed::Cpus(auto_workers(cores(), memory_available()));
                let gpus = found.devices.iter().map(|device| Listed::Cuda(device.number));
                [cpus].into_iter().chain(gpus).collect()
            }
            Self::Listed(listed) => listed.clone(),
        };
        let gpus = listed.iter().filter(|entry| matches!(entry, Listed::Cuda(_))).count() as u32;
        let mut devices = Vec::new();
        for entry in listed {
            match entry {
                Listed::Cpus(count) => devices.extend((0..count).map(|number| cpu(number, count))),
                Listed::Cuda(number) => devices.push(gpu(cuda_device(number, found)?, gpus)),
            }
        }
        Ok(devices)
    }
}

/// The device of that number, or why it cannot be had.
fn cuda_device(number: u32, found: &Found) -> Result<&CudaDevice, DeviceError> {
    if let Some(device) = found.devices.iter().find(|device| device.number == number) {
        return Ok(device);
    }
    let there = found.told();
    Err(match found.left_out.iter().find(|device| device.number == number) {
        Some(unfit) => DeviceError::UnfitCuda { number, reason: unfit.reason.clone(), there },
        None => DeviceError::NoCuda { number, there },
    })
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
        uuid: None,
    }
}

/// One of `count` CUDA devices. Its memory is what is free: what other programs hold cannot be had, and a step that
/// counts on it fails. Its worker's threads are those of the host that feed it.
fn gpu(device: &CudaDevice, count: u32) -> Device {
    Device {
        id: DeviceId::Cuda(device.number),
        class: DeviceClass::Cuda { sm: device.sm },
        memory: device.free,
        limit: None,
        threads: (cores() / count).max(1),
        uuid: Some(device.uuid.clone()),
    }
}

/// Processors that this process may use.
pub fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| count.get().try_into().unwrap_or(u32::MAX))
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
        assert_eq!(DeviceSpec::parse("gpu"), Err(DeviceError::Unknown("gpu".into())));
        assert_eq!(DeviceSpec::parse("auto,cpu:1"), Err(DeviceError::AutoAmong));
        assert_eq!(DeviceSpec::parse("cpu:x"), Err(DeviceError::Unknown("cpu:x".into())));
        assert_eq!(DeviceSpec::parse("cpu:0"), Err(DeviceError::Count(0)));
        assert_eq!(DeviceSpec::parse("cuda:1,cuda:1"), Err(DeviceError::Twice("cuda:1".into())));
    }

    #[test]
    fn auto_is_one_worker_a_core_within_memory() {
        assert_eq!(auto_workers(8, 64 << 30), 8);
        assert_eq!(auto_workers(8, 3 << 30), 3);
        assert_eq!(auto_workers(8, 0), 1);
        let devices = DeviceSpec::parse("cpu:3").unwrap().devices(false).unwrap();
        assert_eq!(
            devices.iter().map(|device| device.id.to_string()).collect::<Vec<_>>(),
            ["cpu:0", "cpu:1", "cpu:2"]
        );
    }

    fn found() -> Found {
        let device = |number: u32, sm, memory| CudaDevice {
            number,
            name: "NVIDIA H100".into(),
            uuid: format!("GPU-{number}"),
            sm,
            memory,
            free: memory - 1,
        };
        let devices = vec![device(0, 90, 80_000_000_000), device(2, 89, 24_000_000_000)];
        let left_out = vec![cuda::LeftOut { number: 1, reason: "it is lost".into() }];
        Found { driver: cuda::Driver::Here("550.1".into()), devices, left_out, hidden: 0 }
    }

    #[test]
    fn a_cuda_device_has_its_class_its_free_memory_and_its_worker_sees_it_alone() {
        let devices = DeviceSpec::parse("cpu:1,cuda:2").unwrap().among(&found()).unwrap();
        let (cpu, gpu) = (&devices[0], &devices[1]);
        assert_eq!(
            (gpu.id, gpu.class, gpu.memory),
            (DeviceId::Cuda(2), DeviceClass::Cuda { sm: 89 }, 23_999_999_999)
        );
        assert_eq!(gpu.environment()[0], ("CUDA_VISIBLE_DEVICES", "GPU-2"));
        assert_eq!(cpu.environment()[0], ("CUDA_VISIBLE_DEVICES", ""));
        assert_eq!((gpu.class_of(true), gpu.class_of(false)), (gpu.class, DeviceClass::Cpu));
    }

    #[test]
    fn auto_takes_every_cuda_device_that_can_be_used_and_only_for_work_that_needs_one() {
        let cuda = |devices: &[Device]| devices.iter().filter(|device| device.uuid.is_some()).count();
        assert_eq!(cuda(&DeviceSpec::Auto.among(&found()).unwrap()), 2);
        assert_eq!(cuda(&DeviceSpec::Auto.devices(false).unwrap()), 0);
    }

    #[test]
    fn a_cuda_device_that_is_not_there_is_told_with_those_that_are() {
        let error = |text: &str, found: &Found| {
            DeviceSpec::parse(text).unwrap().among(found).unwrap_err().to_string()
        };
        assert_eq!(
            error("cuda:5", &found()),
            "there is no CUDA device 5: here are cuda:0 (NVIDIA H100, 80 GB) and cuda:2 (NVIDIA H100, 24 GB); \
             `auto` and `cpu:2` work without one"
        );
        assert!(error("cuda:1", &found()).starts_with("cuda:1 cannot be used: it is lost; here are cuda:0"));
        assert!(error("cuda:0", &Found::default()).contains("this machine has none, as no NVIDIA driver"));
    }
}
