//! What follows a failed try: another one, after a while, perhaps in another way; or the end.

use std::collections::BTreeSet;
use std::time::Duration;

use bevy_ecs::prelude::*;

use super::protocol::{FailureKind, Thrift};

/// How often a node's inputs may turn out lost before the disk is not trusted any more.
const LOSSES: u32 = 8;

/// How nodes are tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// Tries of a node whose failures may pass by themselves, the first included.
    pub tries: u32,
    /// How long it waits after the first; twice as long after each further one ...
    pub first: Duration,
    /// ... but never longer than this.
    pub longest: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { tries: 4, first: Duration::from_millis(250), longest: Duration::from_secs(16) }
    }
}

impl Retries {
    /// How long the `failed`-th failure makes a node wait.
    fn wait(&self, failed: u32) -> Duration {
        self.first.saturating_mul(1 << failed.clamp(1, 20).saturating_sub(1)).min(self.longest)
    }
}

/// How a node's tries went.
#[derive(Component, Clone, Debug, Default)]
pub(super) struct Attempts {
    /// Tries that failed.
    pub failed: u32,
    /// Those among them that may pass by themselves.
    passing: u32,
    /// Times that inputs turned out lost.
    lost: u32,
    /// How the next one shall use memory.
    pub thrift: Thrift,
    /// Slots where memory did not suffice whatever was tried.
    pub barred: BTreeSet<usize>,
}

/// What a node does after a failed try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It waits for what it reads to be made again.
    Inputs,
    /// It is tried again, after a while, in this way.
    Again { after: Duration, how: &'static str, renew: bool },
    /// It is not tried again; what was tried, where that is more than the same once.
    End { tried: String },
}

impl Attempts {
    /// After a failure on `slot` of `slots`. `lost`: something that the node reads was gone. `spares`: whether its
    /// kind can do with less memory.
    pub fn next(
        &mut self,
        kind: FailureKind,
        lost: bool,
        (slot, slots): (usize, usize),
        spares: bool,
        retries: &Retries,
    ) -> Next {
        if lost && self.lost < LOSSES {
            self.lost += 1;
            return Next::Inputs;
        }
        self.failed += 1;
        match kind {
            FailureKind::Permanent => self.end(slots),
            FailureKind::OutOfMemory => self.spare(slot, slots, spares, retries),
            FailureKind::Transient | FailureKind::BadInput { .. } | FailureKind::Cancelled => {
                self.passing += 1;
                if self.passing >= retries.tries {
                    return self.end(slots);
                }
                Next::Again { after: retries.wait(self.passing), how: "the same again", renew: false }
            }
        }
    }

    /// Memory did not suffice: first the device is freed of all else, then the node does with less, then another
    /// device is tried.
    fn spare(&mut self, slot: usize, slots: usize, spares: bool, retries: &Retries) -> Next {
        let after = retries.first;
        let again = |how| Next::Again { after, how, renew: true };
        match self.thrift {
            Thrift::AsItIs => {
                self.thrift = Thrift::Alone;
                return again("alone, on a device that holds nothing else");
            }
            Thrift::Alone if spares => {
                self.thrift = Thrift::Frugal;
                return again("alone, with less memory at the cost of time");
            }
            Thrift::Alone | Thrift::Frugal => {}
        }
        self.barred.insert(slot);
        if self.barred.len() < slots { again("on another device") } else { self.end(slots) }
    }

    fn end(&self, slots: usize) -> Next {
        let devices = match self.barred.len() {
            0 => String::new(),
            1 if slots == 1 => ", on the one device there is".to_owned(),
            1 => ", on one device".to_owned(),
            count => format!(", on {count} devices"),
        };
        let thrift = match self.thrift {
            Thrift::AsItIs => "",
            Thrift::Alone => ", also alone",
            Thrift::Frugal => ", also alone and with as little memory as it can do with",
        };
        let tried = match self.failed {
            0 | 1 => String::new(),
            count => format!("tried {count} times{thrift}{devices}"),
        };
        Next::End { tried }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Retries =
        Retries { tries: 3, first: Duration::from_millis(100), longest: Duration::from_millis(150) };

    fn after(attempts: &mut Attempts, kind: FailureKind, slot: usize) -> Next {
        attempts.next(kind, false, (slot, 2), true, &TWO)
    }

    #[test]
    fn what_may_pass_is_tried_so_often_and_waits_longer_each_time() {
        let mut attempts = Attempts::default();
        let waits: Vec<_> = (0..3)
            .map(|_| match after(&mut attempts, FailureKind::Transient, 0) {
                Next::Again { after, .. } => after.as_millis() as i64,
                Next::End { tried } => {
                    assert_eq!(tried, "tried 3 times");
                    -1
                }
                Next::Inputs => -2,
            })
            .collect();
        assert_eq!(waits, [100, 150, -1]);
        assert_eq!(
            after(&mut Attempts::default(), FailureKind::Permanent, 0),
            Next::End { tried: String::new() }
        );
    }

    #[test]
    fn memory_is_freed_then_spared_then_sought_elsewhere() {
        let mut attempts = Attempts::default();
        let mut how = |slot| match after(&mut attempts, FailureKind::OutOfMemory, slot) {
            Next::Again { how, renew: true, .. } => how.to_owned(),
            Next::End { tried } => tried,
            other => panic!("{other:?}"),
        };
        assert_eq!(how(0), "alone, on a device that holds nothing else");
        assert_eq!(how(0), "alone, with less memory at the cost of time");
        assert_eq!(how(0), "on another device");
        assert_eq!(
            how(1),
            "tried 4 times, also alone and with as little memory as it can do with, on 2 devices"
        );
    }

    #[test]
    fn lost_inputs_are_no_fault_of_the_node_until_the_disk_cannot_be_trusted() {
        let mut attempts = Attempts::default();
        let mut lose = || attempts.next(FailureKind::Transient, true, (0, 1), false, &TWO);
        (0..LOSSES).for_each(|_| assert_eq!(lose(), Next::Inputs));
        assert!(matches!(lose(), Next::Again { .. }));
    }
}
