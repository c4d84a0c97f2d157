//! How much memory could be had now: by the system's own estimate, and by the limits of the control groups that this
//! process is in (a container, a service, a job of a farm).
//!
//! What a group has read from files counts as its own, but is given up for whoever needs memory: it is had still.

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of memory that could be had now. As good as endless where nothing tells.
pub fn memory_available() -> u64 {
    host(&read(Path::new("/proc/meminfo"))).min(groups(Path::new("/"))).max(1)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// By the kernel's estimate for the whole machine.
fn host(meminfo: &str) -> u64 {
    field(meminfo, "MemAvailable:").map_or(u64::MAX, |kibibytes| kibibytes.saturating_mul(1024))
}

/// The number after a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// By the groups of this process and all above them. `root` is the file system's, but in tests.
fn groups(root: &Path) -> u64 {
    let mine = read(&root.join("proc/self/cgroup"));
    mine.lines().filter_map(|line| group(root, line)).min().unwrap_or(u64::MAX)
}

/// Where a version of control groups lies, and what its files are called.
struct Files {
    mount: &'static str,
    limit: &'static str,
    used: &'static str,
    cached: &'static str,
}

const ONE: Files = Files {
    mount: "sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    cached: "total_inactive_file",
};

const TWO: Files =
    Files { mount: "sys/fs/cgroup", limit: "memory.max", used: "memory.current", cached: "inactive_file" };

/// By a line of `/proc/self/cgroup`: `0::/user.slice/run.scope` of version 2, `9:memory:/docker/4f` of version 1.
fn group(root: &Path, line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':');
    let (number, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    let files = match (number, controllers) {
        ("0", "") => TWO,
        _ if controllers.split(',').any(|one| one == "memory") => ONE,
        _ => return None,
    };
    let mount = root.join(files.mount);
    // Inside a container the path may be that outside, and the mount is the group itself.
    let mut folder: PathBuf = mount.join(path.trim_start_matches('/'));
    let mut least = None;
    while folder.starts_with(&mount) {
        least = [least, left(&folder, &files)].into_iter().flatten().min();
        if !folder.pop() {
            break;
        }
    }
    least
}

/// What a group may still take, if it has a limit.
fn left(folder: &Path, files: &Files) -> Option<u64> {
    let number = |name: &str| read(&folder.join(name)).trim().parse::<u64>().ok();
    let limit = number(files.limit)?;
    let cached = field(&read(&folder.join("memory.stat")), files.cached).unwrap_or(0);
    Some(limit.saturating_sub(number(files.used)?.saturating_sub(cached)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_tightest_group_counts_and_what_it_read_from_files_is_had_still() {
        let root = system(&[
            ("proc/self/cgroup", "0::/user.slice/render.scope\n"),
            ("sys/fs/cgroup/user.slice/memory.max", "8000"),
            ("sys/fs/cgroup/user.slice/memory.current", "7000"),
            ("sys/fs/cgroup/user.slice/memory.stat", "anon 1000\ninactive_file 5500\n"),
            ("sys/fs/cgroup/user.slice/render.scope/memory.max", "max\n"),
            ("sys/fs/cgroup/user.slice/render.scope/memory.current", "6000"),
        ]);
        assert_eq!(groups(root.path()), 8000 - 7000 + 5500);
    }

    #[test]
    fn a_container_that_sees_its_own_group_as_the_root_is_limited_by_it() {
        let root = system(&[
            ("proc/self/cgroup", "12:cpu,cpuacct:/\n9:memory:/docker/4f1c\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "4000\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "3000\n"),
            ("sys/fs/cgroup/memory/memory.stat", "cache 900\ntotal_inactive_file 800\n"),
        ]);
        assert_eq!(groups(root.path()), 4000 - 3000 + 800);
        assert_eq!(groups(system(&[("proc/self/cgroup", "0::/\n")]).path()), u64::MAX);
    }

    #[test]
    fn the_machine_tells_in_kibibytes() {
        assert_eq!(host("MemTotal:  900 kB\nMemAvailable:     12 kB\n"), 12 * 1024);
        assert_eq!(host(""), u64::MAX);
    }
}
