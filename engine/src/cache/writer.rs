//! Who writes: every process has its own log, pins and temporary folder, all named by its [`Writer`], so
//! that processes share a cache without locks and what the dead leave behind can be told and swept.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// A process: the machine (with its process-id namespace), the process id, the process's start time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Writer {
    host: String,
    pid: u32,
    start: u64,
}

/// Whether a writer still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alive {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It ran on another machine; only the age of what it wrote tells.
    Elsewhere,
}

impl Writer {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        Self { host: host(), pid, start: started(pid).unwrap_or(0) }
    }

    /// Whether it still runs.
    pub fn alive(&self) -> Alive {
        if self.host != host() || !Path::new("/proc/self/stat").exists() {
            Alive::Elsewhere
        } else if started(self.pid) == Some(self.start) {
            Alive::Yes
        } else {
            Alive::No
        }
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.host, self.pid, self.start)
    }
}

/// A file name that is not a writer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAWriter;

impl FromStr for Writer {
    type Err = NotAWriter;

    fn from_str(name: &str) -> Result<Self, NotAWriter> {
        let mut parts = name.rsplitn(3, '-');
        let start = parts.next().and_then(|text| text.parse().ok()).ok_or(NotAWriter)?;
        let pid = parts.next().and_then(|text| text.parse().ok()).ok_or(NotAWriter)?;
        let host = parts.next().filter(|host| !host.is_empty()).ok_or(NotAWriter)?;
        // `merged0.<writer>`: what that writer merged from the logs of others.
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let host = match host.strip_prefix("merged").and_then(|rest| rest.split_once('.')) {
            Some((number, writer)) if digits(number) => writer,
            _ => host,
        };
        Ok(Self { host: host.to_owned(), pid, start })
    }
}

/// The machine's name, and the process-id namespace, since process ids mean nothing outside theirs.
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name: String = name.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = if name.is_empty() { "machine".to_owned() } else { name };
    let space = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let space: String = space.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    format!("{name}.{space}")
}

/// The start time of a running process in clock ticks since boot: field 22 of `/proc/<pid>/stat`. A
/// process that has ended but is not yet reaped by its parent counts as gone.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the command in parentheses and may itself hold spaces and parentheses.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") { None } else { fields.nth(18)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        let this = Writer::this();
        assert_eq!(this.to_string().parse(), Ok(this.clone()));
        assert_eq!(this.alive(), Alive::Yes);
        assert_eq!("no-writer".parse::<Writer>(), Err(NotAWriter));
        assert_eq!("-1-2".parse::<Writer>(), Err(NotAWriter));
    }

    #[test]
    fn another_start_time_is_another_process() {
        let mut other = Writer::this();
        other.start += 1;
        assert_eq!(other.alive(), Alive::No);
        other.host.push('x');
        assert_eq!(other.alive(), Alive::Elsewhere);
    }
}
