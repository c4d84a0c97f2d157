//! `storyreel doctor`: is everything here that a render needs; and for each gap, what mends it.

use std::env;
use std::path::{Path, PathBuf};

use serde::Serialize;
use storyreel_engine::cache::Cache;
use storyreel_engine::kinds;
use storyreel_engine::run::cuda::{self, CudaDevice, Driver, Found};
use storyreel_engine::run::device::cores;
use storyreel_engine::run::memory_available;
use storyreel_engine::storyboard::render::visible;
use storyreel_engine::world::Tool;

use crate::cli::{self, Color};
use crate::exit::Exit;
use crate::output::say;
use crate::project::Project;
use crate::remote;
use crate::terminal::{self, Ink, Paint, bytes};
use crate::toolbox::{Toolbox, install, mend, purpose};

/// Encoders that outputs need, and what for.
const ENCODERS: &[(&str, &str)] =
    &[("libx264", "film.mp4"), ("aac", "the film's sound"), ("prores_ks", "--movs")];

/// Less free space than this is worth a warning: a ten-minute film in 1080p takes about as much.
const ROOM: u64 = 5_000_000_000;

/// How one check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// As it should be.
    Good,
    /// Renders will do without.
    Note,
    /// Renders will fail.
    Gap,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// The command that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
    /// The CUDA device that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<CudaDevice>,
}

impl Finding {
    fn good(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, state: State::Good, found: found.into(), mend: None, device: None }
    }

    fn note(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, state: State::Note, found: found.into(), mend: None, device: None }
    }

    fn gap(what: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, state: State::Gap, found: found.into(), mend: Some(mend.into()), device: None }
    }
}

/// Checks all, prints all.
pub fn run(args: &cli::Doctor, color: Color) -> anyhow::Result<Exit> {
    let project = Project::of_folder(&env::current_dir()?, &args.places)?;
    let toolbox = Toolbox::open(&project);
    let mut findings = examine(&project, &toolbox);
    findings.extend(shared(args, &project)?);
    let gaps = findings.iter().filter(|finding| finding.state == State::Gap).count();
    if args.json {
        say(format_args!("{}", serde_json::to_string_pretty(&findings)?))?;
    } else {
        show(&findings, gaps, terminal::paint_out(color))?;
    }
    Ok(if gaps == 0 { Exit::Done } else { Exit::Gaps })
}

fn examine(project: &Project, toolbox: &Toolbox) -> Vec<Finding> {
    let mut findings = vec![worker(toolbox)];
    findings.extend(encoders(toolbox));
    findings.push(soundfont(toolbox));
    findings.push(voices(toolbox));
    findings.push(fonts());
    findings.push(writable("cache", &project.cache));
    findings.push(writable("outputs", &project.out));
    findings.push(room(&project.cache));
    findings.push(memory());
    findings.extend(gpus(&cuda::find()));
    findings
}

/// Whether the remote cache answers, where one was named: renders do without.
fn shared(args: &cli::Doctor, project: &Project) -> anyhow::Result<Option<Finding>> {
    if args.remote.remote_cache.is_none() {
        return Ok(None);
    }
    let mut cache = Cache::open(&project.cache)?;
    remote::attach(&args.remote, &mut cache)?;
    Ok(cache.remote().map(|remote| match remote::described(remote) {
        Ok(text) => Finding::good("remote", visible(&text)),
        Err(text) => Finding::note("remote", visible(&text)),
    }))
}

fn show(findings: &[Finding], gaps: usize, paint: Paint) -> anyhow::Result<()> {
    for finding in findings {
        let mark = match finding.state {
            State::Good => paint.with(Ink::Good, "ok  "),
            State::Note => paint.with(Ink::Warn, "note"),
            State::Gap => paint.with(Ink::Bad, "GAP "),
        };
        say(format_args!("  {mark}  {:<10} {}", finding.what, finding.found))?;
        if let Some(mend) = &finding.mend {
            say(format_args!("                    {}", paint.with(Ink::Busy, mend)))?;
        }
    }
    match gaps {
        0 => say(format_args!("\nAll that a render needs is here.")),
        1 => say(format_args!("\n1 gap. The line under it mends it.")),
        _ => say(format_args!("\n{gaps} gaps. The line under each mends it.")),
    }
}

fn worker(toolbox: &Toolbox) -> Finding {
    match toolbox.worker() {
        Err(error) => Finding::gap("worker", format!("{error:#}"), "cargo build --release --workspace"),
        Ok(program) => match toolbox.known(Tool::Encoder) {
            Ok(known) => {
                let version =
                    known.versions.get("ffmpeg").cloned().unwrap_or_else(|| "of an unknown version".into());
                Finding::good("worker", format!("{}, with FFmpeg {version}", program.display()))
            }
            Err(why) => Finding::gap(
                "worker",
                format!("{} does not start: {why}", program.display()),
                mend(Tool::Encoder),
            ),
        },
    }
}

fn encoders(toolbox: &Toolbox) -> Vec<Finding> {
    let Ok(known) = toolbox.known(Tool::Encoder) else { return Vec::new() };
    let check = |(name, purpose): &(&'static str, &str)| {
        if known.versions.contains_key(&format!("encoder {name}")) {
            Finding::good("encoder", format!("{name}, for {purpose}"))
        } else {
            Finding::gap(
                "encoder",
                format!("FFmpeg has no {name}, which {purpose} needs"),
                install(&["libavcodec-extra"]),
            )
        }
    };
    ENCODERS.iter().map(check).collect()
}

fn soundfont(toolbox: &Toolbox) -> Finding {
    installed("SoundFont", toolbox, Tool::SoundFont)
}

fn voices(toolbox: &Toolbox) -> Finding {
    installed("voices", toolbox, Tool::Voices)
}

fn installed(what: &'static str, toolbox: &Toolbox, tool: Tool) -> Finding {
    match toolbox.known(tool) {
        Ok(known) => Finding::good(what, known.versions.values().cloned().collect::<Vec<_>>().join(", ")),
        Err(why) => Finding::gap(what, format!("{why}; {}", purpose(tool)), mend(tool)),
    }
}

fn fonts() -> Finding {
    Finding::good("fonts", "built in")
}

/// Whether a folder can be written, or made.
fn writable(what: &'static str, folder: &Path) -> Finding {
    let place = existing(folder);
    match tempfile::Builder::new().prefix(".storyreel-doctor-").tempfile_in(&place) {
        Ok(_) => Finding::good(what, folder.display().to_string()),
        Err(error) => Finding::gap(
            what,
            format!("{} cannot be written: {error}", place.display()),
            format!("sudo chown \"$(id -u)\" '{}'", place.display()),
        ),
    }
}

fn room(cache: &Path) -> Finding {
    match rustix::fs::statvfs(existing(cache)) {
        Ok(disk) => {
            let free = disk.f_bavail * disk.f_frsize;
            let text = format!("{} free for the cache", bytes(free));
            if free < ROOM {
                Finding { mend: Some("storyreel cache gc --keep 5GB".into()), ..Finding::note("disk", text) }
            } else {
                Finding::good("disk", text)
            }
        }
        Err(error) => Finding::note("disk", format!("cannot be measured: {error}")),
    }
}

fn memory() -> Finding {
    let cores = cores();
    match memory_available() {
        u64::MAX => Finding::note("machine", format!("{cores} cores; its memory cannot be measured")),
        free => Finding::good("machine", format!("{cores} cores, {} of memory available", bytes(free))),
    }
}

/// Every CUDA device, or why there is none. Without one, renders do as well as this build can.
fn gpus(found: &Found) -> Vec<Finding> {
    let version = match &found.driver {
        Driver::Missing => return vec![cpus_do("no CUDA device, as no NVIDIA driver is installed")],
        Driver::Broken(reason) => {
            return vec![cpus_do(&format!("the NVIDIA driver is installed, but {reason}"))];
        }
        Driver::Here(version) => version,
    };
    let mut findings: Vec<_> = found.devices.iter().map(|device| gpu(device, version)).collect();
    findings.extend(found.left_out.iter().map(|device| {
        Finding::note("GPU", format!("cuda:{} cannot be used: {}", device.number, device.reason))
    }));
    if found.hidden > 0 {
        findings.push(Finding::note("GPU", format!("CUDA_VISIBLE_DEVICES hides {} of them", found.hidden)));
    }
    if found.devices.is_empty() {
        findings.push(cpus_do(&format!("no CUDA device can be used, by driver {version}")));
    } else if !kinds::ALL.iter().any(|kind| kind.gpu) {
        findings.push(cpus_do("no step of this build uses one"));
    }
    findings
}

fn gpu(device: &CudaDevice, version: &str) -> Finding {
    let CudaDevice { number, name, sm, .. } = device;
    let found = format!(
        "cuda:{number} is {name}: {}, {} free, compute capability {}.{}, driver {version}",
        bytes(device.memory),
        bytes(device.free),
        sm / 10,
        sm % 10
    );
    Finding { device: Some(device.clone()), ..Finding::good("GPU", found) }
}

fn cpus_do(why: &str) -> Finding {
    Finding::note("GPU", format!("{why}; CPU workers do everything"))
}

/// The nearest folder above (or at) `path` that exists.
fn existing(path: &Path) -> PathBuf {
    path.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("/")).to_owned()
}
