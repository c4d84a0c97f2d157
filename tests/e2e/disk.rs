//! A small file system for tests of full and read-only disks: a tmpfs in a mount namespace of its own, gone
//! with the process that holds it. Needs root or unprivileged user namespaces.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// The file system and the shell that holds it, which takes commands.
pub struct Disk {
    holder: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    mount: TempDir,
}

/// Mounts, then runs each line it is given and says how that went.
const HOLDER: &str = r#"
mount -t tmpfs -o "$1" none "$2" || exit 1
echo 0
while read -r line; do eval "$line"; echo $?; done
"#;

impl Disk {
    /// A disk with those mount options. Where mounting is not permitted, says so and gives none.
    pub fn with(options: &str) -> Option<Self> {
        let disk = [&["--mount"][..], &["--mount", "--user", "--map-root-user"]]
            .into_iter()
            .find_map(|namespaces| Self::start(namespaces, options));
        if disk.is_none() {
            println!("skipped: this user may not mount a tmpfs, not even in a namespace of its own");
        }
        disk
    }

    fn start(namespaces: &[&str], options: &str) -> Option<Self> {
        let mount = tempfile::tempdir().unwrap();
        let mut holder = Command::new("unshare")
            .args(namespaces)
            .args(["sh", "-c", HOLDER, "holder", options])
            .arg(mount.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let input = holder.stdin.take().unwrap();
        let output = BufReader::new(holder.stdout.take().unwrap());
        let mut disk = Self { holder, input, output, mount };
        (disk.answer() == "0").then_some(disk)
    }

    /// Where the disk is seen from outside its namespace.
    pub fn path(&self) -> PathBuf {
        let inside = self.mount.path().strip_prefix("/").unwrap();
        Path::new("/proc").join(self.holder.id().to_string()).join("root").join(inside)
    }

    /// Changes its mount options.
    pub fn remount(&mut self, options: &str) {
        assert!(self.remounted(options), "remount,{options}");
    }

    /// Leaves about so many bytes free, whatever is on it and is just being written.
    pub fn leave(&mut self, free: u64) {
        let path = self.path();
        let used = || {
            let stat = rustix::fs::statvfs(&path).unwrap();
            stat.f_blocks.saturating_sub(stat.f_bfree) * stat.f_frsize
        };
        let done = (1..=64).any(|times| self.remounted(&format!("size={}", used() + free * times.min(4))));
        assert!(done, "the disk fills faster than it can be made small");
    }

    fn remounted(&mut self, options: &str) -> bool {
        let mount = self.mount.path().display().to_string();
        writeln!(self.input, "mount -o remount,{options} none {mount}").unwrap();
        self.answer() == "0"
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
