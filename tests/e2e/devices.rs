//! CUDA devices, by a stand-in for the NVIDIA driver's library: what is told of them, and that a film from a
//! worker on one is the film.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::studio::{Ran, Render, Studio, TINY, digests};

/// A studio on a machine with that library.
struct Machine {
    studio: Studio,
    env: Vec<(&'static str, String)>,
}

const LARGE: &str = "NVIDIA H100|GPU-1a2b|9|0|80000000000|79000000000|0";
const SMALL: &str = "NVIDIA L4|GPU-77|8|9|24000000000|20000000000|0";

impl Machine {
    /// With these devices.
    fn with(devices: &[&str]) -> Self {
        let studio = Studio::with(TINY);
        studio.write("nvml.c", include_str!("nvml.c"));
        fs::create_dir(studio.path("driver")).unwrap();
        compile(&studio.path("nvml.c"), &studio.path("driver/libnvidia-ml.so.1"));
        let folder = studio.path("driver").display().to_string();
        Self { studio, env: vec![("LD_LIBRARY_PATH", folder), ("FAKE_NVML_DEVICES", devices.join(";"))] }
    }

    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.to_owned()));
        self
    }

    fn run(&self, args: &[&str]) -> Ran {
        let mut command = self.studio.command(args);
        command.env_remove("CUDA_VISIBLE_DEVICES").envs(self.env.iter().map(|(name, value)| (name, value)));
        Ran::of(command.output().expect("it starts"))
    }

    fn render(&self, devices: &str) -> Render {
        let ran = self.run(&["render", "film.yaml", "--events", "json", "--devices", devices]);
        assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
        Render::of(ran)
    }

    /// What `doctor` finds of GPUs.
    fn gpus(&self) -> Vec<Value> {
        let all: Vec<Value> = serde_json::from_str(&self.run(&["doctor", "--json"]).out).unwrap();
        all.into_iter().filter(|finding| finding["what"] == "GPU").collect()
    }

    /// The same as lines.
    fn gpu_lines(&self) -> Vec<String> {
        self.gpus().iter().map(|finding| finding["found"].as_str().unwrap().to_owned()).collect()
    }

    /// What is said of devices that cannot be had.
    fn refused(&self, devices: &str) -> String {
        let ran = self.run(&["plan", "film.yaml", "--devices", devices]);
        assert_eq!(ran.code, 3, "{}\n{}", ran.out, ran.err);
        ran.err
    }
}

/// A shared library from C.
fn compile(source: &Path, library: &Path) {
    let args = ["-shared", "-fPIC", "-Wall", "-Werror", "-o"];
    let run = |compiler: &str| Command::new(compiler).args(args).arg(library).arg(source).output();
    let output = run("clang").or_else(|_| run("cc"));
    let output = output.expect("this test needs a C compiler, clang or cc: `./x setup` installs one");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn doctor_tells_of_every_cuda_device() {
    let machine = Machine::with(&[LARGE, SMALL]);
    let text = machine.run(&["doctor"]).out;
    let large = "cuda:0 is NVIDIA H100: 80 GB, 79 GB free, compute capability 9.0, driver 550.54.15";
    let small = "cuda:1 is NVIDIA L4: 24 GB, 20 GB free, compute capability 8.9, driver 550.54.15";
    assert!(text.contains(large) && text.contains(small), "{text}");
    let gpus = machine.gpus();
    assert_eq!(gpus[0]["state"], "good");
    let device = serde_json::json!({
        "number": 1, "name": "NVIDIA L4", "uuid": "GPU-77", "sm": 89, "memory": 24_000_000_000_u64,
        "free": 20_000_000_000_u64
    });
    assert_eq!(gpus[1]["device"], device);
    assert_eq!(gpus[2]["found"], "no step of this build uses one; CPU workers do everything");
}

#[test]
fn visible_devices_are_counted_anew() {
    let machine = Machine::with(&[LARGE, SMALL]).set("CUDA_VISIBLE_DEVICES", "GPU-7");
    let lines = machine.gpu_lines();
    assert!(lines[0].starts_with("cuda:0 is NVIDIA L4"), "{lines:?}");
    assert_eq!(lines[1], "CUDA_VISIBLE_DEVICES hides 1 of them");
    let error = machine.refused("cuda:1");
    assert!(
        error.contains("no CUDA device 1: here is cuda:0 (NVIDIA L4, 24 GB) (CUDA_VISIBLE_DEVICES hides 1)"),
        "{error}"
    );
    let lines = machine.set("CUDA_VISIBLE_DEVICES", "").gpu_lines();
    let none = "no CUDA device can be used, by driver 550.54.15; CPU workers do everything";
    assert_eq!(lines, ["CUDA_VISIBLE_DEVICES hides 2 of them", none]);
}

#[test]
fn a_driver_that_does_not_work_is_told_with_the_reason() {
    let machine = Machine::with(&[LARGE]).set("FAKE_NVML_INIT", "18");
    let lines = machine.gpu_lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("the NVIDIA driver is installed, but its library and its kernel module are of")
    );
    assert_eq!(machine.run(&["doctor"]).code, 0, "renders do without");
    let machine = machine.set("FAKE_NVML_INIT", "9");
    assert!(machine.gpu_lines()[0].contains("it is not loaded"), "{:?}", machine.gpu_lines());
    let error = machine.refused("cuda:0");
    assert!(
        error.contains("no CUDA device 0: the NVIDIA driver is installed, but it is not loaded"),
        "{error}"
    );
    machine.studio.write("driver/libnvidia-ml.so.1", "no library");
    assert!(machine.gpu_lines()[0].contains("it does not answer"), "{:?}", machine.gpu_lines());
}

#[test]
fn devices_that_cannot_be_used_are_left_out_with_the_reason() {
    let lost = "NVIDIA L4|GPU-1|8|9|0|0|0";
    let split = "NVIDIA A100|GPU-2|8|0|40000000000|40000000000|1";
    let machine = Machine::with(&[lost, split, LARGE]);
    let lines = machine.gpu_lines();
    assert!(lines[0].starts_with("cuda:2 is NVIDIA H100"), "{lines:?}");
    assert_eq!(lines[1], "cuda:0 cannot be used: it has fallen off the bus: restart the machine");
    assert!(lines[2].starts_with("cuda:1 cannot be used: it is split into MIG instances"), "{lines:?}");
    let error = machine.refused("cuda:1");
    assert!(error.contains("cuda:1 cannot be used: it is split into MIG instances"), "{error}");
    assert!(error.contains("here is cuda:2 (NVIDIA H100, 80 GB)"), "{error}");
}

#[test]
fn a_device_that_is_not_there_is_refused_with_those_that_are() {
    let machine = Machine::with(&[LARGE, SMALL]);
    let error = machine.refused("cuda:5");
    let there = "here are cuda:0 (NVIDIA H100, 80 GB) and cuda:1 (NVIDIA L4, 24 GB)";
    assert!(error.contains("no CUDA device 5") && error.contains(there), "{error}");
}

#[test]
fn without_a_driver_there_is_no_device_and_nothing_is_wrong() {
    let listed = Command::new("ldconfig").arg("-p").output().map(|output| output.stdout).unwrap_or_default();
    if String::from_utf8_lossy(&listed).contains("libnvidia-ml.so.1") {
        println!("a driver is installed here, and cannot be hidden");
        return;
    }
    let machine = Machine::with(&[]).set("LD_LIBRARY_PATH", "");
    let gpus = machine.gpus();
    assert_eq!(gpus.len(), 1, "{gpus:?}");
    assert_eq!(gpus[0]["state"], "note");
    assert_eq!(
        gpus[0]["found"],
        "no CUDA device, as no NVIDIA driver is installed; CPU workers do everything"
    );
    let error = machine.refused("cuda:0");
    assert!(error.contains("this machine has none, as no NVIDIA driver is installed"), "{error}");
}

#[test]
fn a_film_from_a_worker_on_a_gpu_is_that_of_a_cpu_and_recorded_as_such() {
    let machine = Machine::with(&[LARGE, SMALL]);
    let starts = machine.studio.path("environment");
    let worker = fs::read_to_string(machine.studio.path("worker")).unwrap();
    let told =
        format!("\necho \"[$CUDA_VISIBLE_DEVICES] $CUDA_DEVICE_ORDER\" >>'{}'\nexec", starts.display());
    machine.studio.write_program("worker", &worker.replace("\nexec", &told));
    machine.run(&["doctor"]);
    fs::remove_file(&starts).unwrap();

    let render = machine.render("cuda:1");
    assert!(render.ran.err.contains("cuda:1: no step of this film uses a GPU"), "{}", render.ran.err);
    let mut done = render.all("node-done").filter(|event| !event["device"].is_null()).peekable();
    assert!(done.peek().is_some() && done.all(|event| event["device"]["cuda"] == 1), "{}", render.ran.out);
    assert_eq!(fs::read_to_string(&starts).unwrap(), "[GPU-77] PCI_BUS_ID\n", "it sees its own device alone");

    let cpu = Studio::with(TINY);
    cpu.rendered(&["--devices", "cpu:1"]);
    let out = |studio: &Studio| digests(&studio.path("out/film/latest"));
    assert!(out(&machine.studio).contains_key("film.mp4"));
    assert_eq!(out(&machine.studio), out(&cpu));

    let cache = machine.studio.path(".storyreel/cache");
    let files = digests(&cache).into_keys().filter(|name| !name.starts_with("blobs/"));
    let texts: Vec<u8> = files.flat_map(|name| fs::read(cache.join(name)).unwrap()).collect();
    let texts = String::from_utf8_lossy(&texts);
    assert!(texts.contains(r#""class":"cpu""#) && !texts.contains("cuda sm"), "made by a CPU");
    let again = machine.render("cpu:1");
    assert_eq!((again.workers(), again.ran_nodes().len()), (0, 0));
}

#[test]
fn a_gpu_beside_cpu_workers_has_no_worker_while_no_step_uses_it() {
    let machine = Machine::with(&[LARGE]);
    let devices = |list: &str| {
        machine.run(&["plan", "film.yaml", "--json", "--devices", list]).json()["totals"]["devices"].clone()
    };
    let automatic = devices("auto").to_string();
    assert!(automatic.contains("cpu:0") && !automatic.contains("cuda"), "{automatic}");
    assert_eq!(devices("cpu:1,cuda:0"), serde_json::json!(["cpu:0", "cuda:0"]));
    let render = machine.render("cpu:1,cuda:0");
    assert!(render.ran.err.contains("nothing runs there"), "{}", render.ran.err);
    let started: Vec<_> = render.all("worker-started").map(|event| &event["device"]).collect();
    assert_eq!(started, [&serde_json::json!({"cpu": 0})]);
}
