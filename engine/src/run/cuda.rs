//! The CUDA devices of this machine, as the NVIDIA driver's own library tells of them.
//!
//! What always holds: the library (NVML) is opened when it is asked and never linked, so a machine without a
//! driver simply has no device. Devices are numbered as nvidia-smi numbers them, by their place on the bus, and
//! counted anew where `CUDA_VISIBLE_DEVICES` leaves some out or puts them in another order. A device that is
//! there but cannot be used keeps its number and has a reason.

use serde::Serialize;

use crate::told::bytes;

/// A device that a worker could drive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CudaDevice {
    /// Its number: that of `cuda:1` is 1.
    pub number: u32,
    /// What the maker calls it.
    pub name: String,
    /// What it is called wherever it is plugged in. A worker is shown its device by this, since numbers depend on
    /// who counts.
    pub uuid: String,
    /// Ten times its compute capability.
    pub sm: u32,
    /// All its memory, in bytes.
    pub memory: u64,
    /// Bytes of it that nobody holds now.
    pub free: u64,
}

/// A device that is there and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number.
    pub number: u32,
    /// Why, and what may help.
    pub reason: String,
}

/// The state of the NVIDIA driver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Driver {
    /// Its library is not installed, which is how most machines are.
    #[default]
    Missing,
    /// Its library is here and does not work. Says why.
    Broken(String),
    /// It answers, and is of this version.
    Here(String),
}

/// What there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Who was asked.
    pub driver: Driver,
    /// What can be used, by number.
    pub devices: Vec<CudaDevice>,
    /// What cannot, by number.
    pub left_out: Vec<LeftOut>,
    /// How many devices `CUDA_VISIBLE_DEVICES` hides from this process.
    pub hidden: usize,
}

impl Found {
    /// The devices that are there, or why there are none, in words that end a sentence.
    pub fn told(&self) -> String {
        let hidden = match self.hidden {
            0 => String::new(),
            count => format!(" (CUDA_VISIBLE_DEVICES hides {count})"),
        };
        let told = |device: &CudaDevice| {
            format!("cuda:{} ({}, {})", device.number, device.name, bytes(device.memory))
        };
        let devices: Vec<_> = self.devices.iter().map(told).collect();
        match (&self.driver, devices.as_slice()) {
            (Driver::Missing, _) => "this machine has none, as no NVIDIA driver is installed".to_owned(),
            (Driver::Broken(reason), _) => format!("the NVIDIA driver is installed, but {reason}"),
            (Driver::Here(_), []) => format!("the NVIDIA driver shows none that can be used{hidden}"),
            (Driver::Here(_), [one]) => format!("here is {one}{hidden}"),
            (Driver::Here(_), [most @ .., last]) => {
                format!("here are {} and {last}{hidden}", most.join(", "))
            }
        }
    }
}

/// What a device of the machine proved to be, by its place on the bus.
#[derive(Clone, Debug)]
struct Seen {
    /// Empty where even that could not be asked.
    uuid: String,
    /// Its facts, still without the number that it will have; or why it cannot be used.
    device: Result<CudaDevice, String>,
}

/// Numbers what is visible to this process.
fn number(version: String, seen: &[Seen], visible: Option<&str>) -> Found {
    let uuids: Vec<&str> = seen.iter().map(|seen| seen.uuid.as_str()).collect();
    let shown = shown(visible, &uuids);
    let mut found = Found {
        driver: Driver::Here(version),
        hidden: seen.len().saturating_sub(shown.len()),
        ..Found::default()
    };
    for (number, at) in (0..).zip(shown) {
        match seen[at].device.clone() {
            Ok(device) => found.devices.push(CudaDevice { number, ..device }),
            Err(reason) => found.left_out.push(LeftOut { number, reason }),
        }
    }
    found
}

/// The places on the bus that a value of `CUDA_VISIBLE_DEVICES` shows, in its order, read as CUDA reads it: places,
/// or starts of UUIDs that fit one device; the list ends before the first entry that is neither; one that names a
/// device twice shows none.
fn shown(visible: Option<&str>, uuids: &[&str]) -> Vec<usize> {
    let Some(text) = visible else { return (0..uuids.len()).collect() };
    let by_uuid = text.trim_start().starts_with("GPU-");
    let mut shown = Vec::new();
    for entry in text.split(',').map(str::trim) {
        let place = if by_uuid { of_uuid(entry, uuids) } else { entry.parse().ok() };
        match place.filter(|at| *at < uuids.len()) {
            Some(at) if shown.contains(&at) => return Vec::new(),
            Some(at) => shown.push(at),
            None => break,
        }
    }
    shown
}

/// The one device whose UUID starts like that.
fn of_uuid(start: &str, uuids: &[&str]) -> Option<usize> {
    let mut fitting =
        (0..uuids.len()).filter(|at| start.starts_with("GPU-") && uuids[*at].starts_with(start));
    fitting.next().filter(|_| fitting.next().is_none())
}

#[cfg(target_os = "linux")]
pub use driver::find;

/// Elsewhere there is no such library.
#[cfg(not(target_os = "linux"))]
pub fn find() -> Found {
    Found::default()
}

/// Talking to the library.
#[cfg(target_os = "linux")]
mod driver {
    use std::env;

    use nvml_wrapper::Nvml;
    use nvml_wrapper::error::NvmlError;

    use super::{CudaDevice, Driver, Found, Seen, number};

    /// The mode of a device that is split into instances.
    const MIG_ENABLED: u32 = 1;

    /// Asks the driver. Takes as long as the driver does, which may be a second where nothing else keeps a device
    /// awake: to be called only where a device is asked for.
    pub fn find() -> Found {
        let visible = env::var_os("CUDA_VISIBLE_DEVICES").map(|text| text.to_string_lossy().into_owned());
        match Nvml::init().and_then(|nvml| see(&nvml)) {
            Ok((version, seen)) => number(version, &seen, visible.as_deref()),
            Err(error) if is_missing(&error) => Found::default(),
            Err(error) => Found { driver: Driver::Broken(reason(&error)), ..Found::default() },
        }
    }

    /// Whether there is no such library, as opposed to one that cannot be loaded.
    fn is_missing(error: &NvmlError) -> bool {
        let text = error.to_string();
        matches!(error, NvmlError::LibloadingError(_))
            && text.contains("libnvidia-ml")
            && text.contains("No such file")
    }

    /// The driver's version and all devices.
    fn see(nvml: &Nvml) -> Result<(String, Vec<Seen>), NvmlError> {
        let version = nvml.sys_driver_version()?;
        let seen = (0..nvml.device_count()?).map(|place| look(nvml, place)).collect();
        Ok((version, seen))
    }

    fn look(nvml: &Nvml, place: u32) -> Seen {
        let uuid = nvml.device_by_index(place).and_then(|device| device.uuid()).unwrap_or_default();
        let device = match device(nvml, place) {
            Ok(Some(device)) => Ok(device),
            Ok(None) => Err("it is split into MIG instances, and storyreel drives whole devices only".into()),
            Err(error) => Err(reason(&error)),
        };
        Seen { uuid, device }
    }

    /// A device's facts; `None` for one that is split.
    fn device(nvml: &Nvml, place: u32) -> Result<Option<CudaDevice>, NvmlError> {
        let device = nvml.device_by_index(place)?;
        // Most devices, and old drivers, know no such mode.
        if device.mig_mode().is_ok_and(|mode| mode.current == MIG_ENABLED) {
            return Ok(None);
        }
        let capability = device.cuda_compute_capability()?;
        let memory = device.memory_info()?;
        Ok(Some(CudaDevice {
            number: place,
            name: device.name()?,
            uuid: device.uuid()?,
            sm: (capability.major * 10 + capability.minor).unsigned_abs(),
            memory: memory.total,
            free: memory.free,
        }))
    }

    /// Why the driver or a device does not answer, in words that follow on "but", and what may help.
    fn reason(error: &NvmlError) -> String {
        let words = match error {
            NvmlError::LibRmVersionMismatch => {
                "its library and its kernel module are of different versions: restart the machine"
            }
            NvmlError::DriverNotLoaded => {
                "it is not loaded: load its kernel module, or in a container pass the devices in (`--gpus all`)"
            }
            NvmlError::NoPermission => "this user may not use it",
            NvmlError::GpuLost => "it has fallen off the bus: restart the machine",
            NvmlError::ResetRequired => {
                "it has to be reset: `nvidia-smi --gpu-reset`, or restart the machine"
            }
            NvmlError::FailedToLoadSymbol(_) => "the driver is older than version 510, which is needed",
            other => return format!("it does not answer: {other}"),
        };
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUIDS: [&str; 3] = ["GPU-1a2b", "GPU-1acc", "GPU-77"];

    #[test]
    fn visible_devices_are_read_as_cuda_reads_them() {
        let shown = |text: &str| shown(Some(text), &UUIDS);
        assert_eq!(super::shown(None, &UUIDS), [0, 1, 2]);
        assert_eq!(shown("2,0"), [2, 0]);
        assert_eq!(shown(" 1 , 2"), [1, 2]);
        assert_eq!(shown("GPU-77,GPU-1a2b"), [2, 0]);
        assert_eq!(shown("GPU-1ac"), [1]);
        for none in ["", "-1", "3", "NoDevFiles", "GPU-1a", "GPU-9", "MIG-1a2b", "1,1", "GPU-7,GPU-77"] {
            assert!(shown(none).is_empty(), "{none}");
        }
        // The list ends before the first mistake.
        assert_eq!(shown("1,7,0"), [1]);
        assert_eq!(shown("1,GPU-77"), [1]);
        assert_eq!(shown("GPU-77,0"), [2]);
    }

    #[test]
    fn a_device_that_cannot_be_used_keeps_its_number() {
        let device = |uuid: &str| {
            let device = CudaDevice {
                number: 9,
                name: "NVIDIA L4".into(),
                uuid: uuid.into(),
                sm: 89,
                memory: 24_000_000_000,
                free: 1,
            };
            Seen { uuid: uuid.into(), device: Ok(device) }
        };
        let lost = Seen { uuid: String::new(), device: Err("it is lost".into()) };
        let found = number("550.1".into(), &[device("GPU-a"), lost, device("GPU-b")], Some("1,2"));
        assert_eq!(found.left_out, [LeftOut { number: 0, reason: "it is lost".into() }]);
        assert_eq!((found.devices.len(), found.hidden), (1, 1));
        assert_eq!((found.devices[0].number, found.devices[0].uuid.as_str()), (1, "GPU-b"));
        assert_eq!(found.told(), "here is cuda:1 (NVIDIA L4, 24 GB) (CUDA_VISIBLE_DEVICES hides 1)");
    }
}
