//! Records: which action gave which artifacts. Merged from all writers' logs by a rule that does not
//! depend on the order of reading: of the records of an action that were made after it was last
//! forgotten, the earliest counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::graph::{ActionKey, StepId};
use crate::run::protocol::Blob;
use crate::units::Digest;

/// What a node gave, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What it was made from, by content.
    pub action: ActionKey,
    /// The step that made it.
    pub step: StepId,
    /// The kind's name.
    pub kind: String,
    /// The kind's version.
    pub version: u32,
    /// Where it belonged, for people.
    pub label: String,
    /// Its artifacts by port.
    pub outputs: BTreeMap<String, Blob>,
    /// The text of those that are small data which the recipe tells of, so that it outlives their collection.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
    /// How long it took.
    pub millis: u64,
    /// The worker's memory at its peak, in bytes.
    pub peak_memory: u64,
    /// What the node's own formula said of all this, by which later estimates are corrected. None in logs of
    /// version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
    /// The device's class, such as `cpu`.
    pub class: String,
    /// The worker's libraries, such as `ffmpeg 7.1; x264 164`.
    pub libraries: String,
    /// When it was finished.
    pub when: Moment,
    /// Who recorded it.
    pub by: String,
}

/// What a node was thought to take before anything was known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    /// Milliseconds.
    pub millis: u64,
    /// Bytes of memory.
    pub memory: u64,
    /// Bytes of its outputs.
    pub bytes: u64,
    /// The threads that it was given.
    pub threads: u32,
}

/// A line of the action log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "nearly every entry is a record")]
pub enum Entry {
    /// An action was done.
    Made(Record),
    /// The artifacts of an action are lost and other bytes took their place: earlier records are void.
    Forget {
        /// The action.
        action: ActionKey,
        /// Records up to this moment no longer count.
        when: Moment,
    },
}

/// All records, merged.
#[derive(Clone, Debug, Default)]
pub struct Records {
    actions: BTreeMap<ActionKey, Candidates>,
    /// The action that a step was when last made.
    steps: BTreeMap<StepId, (Moment, ActionKey)>,
}

#[derive(Clone, Debug, Default)]
struct Candidates {
    forgotten: Option<Moment>,
    /// By time, then writer.
    made: Vec<Record>,
}

impl Records {
    /// Takes in an entry of any writer, in any order, any number of times.
    pub fn merge(&mut self, entry: Entry) {
        match entry {
            Entry::Made(record) => {
                let last = self.steps.entry(record.step).or_insert((record.when, record.action));
                *last = (*last).max((record.when, record.action));
                let candidates = self.actions.entry(record.action).or_default();
                let void = candidates.forgotten.is_some_and(|until| record.when <= until);
                let place = candidates.made.binary_search_by(|other| order(other).cmp(&order(&record)));
                if let (false, Err(place)) = (void, place) {
                    candidates.made.insert(place, record);
                }
            }
            Entry::Forget { action, when } => {
                let candidates = self.actions.entry(action).or_default();
                candidates.forgotten = candidates.forgotten.max(Some(when));
                candidates.made.retain(|record| record.when > when);
            }
        }
    }

    /// The record that counts for an action.
    pub fn find(&self, action: &ActionKey) -> Option<&Record> {
        self.actions.get(action)?.made.first()
    }

    /// When the newest of an action's records was made, by its maker's clock.
    pub(super) fn latest(&self, action: &ActionKey) -> Option<Moment> {
        Some(self.actions.get(action)?.made.last()?.when)
    }

    /// Until when an action's records are void.
    pub(super) fn forgotten(&self, action: &ActionKey) -> Option<Moment> {
        self.actions.get(action)?.forgotten
    }

    /// The record that counts for the action that a step last was.
    pub fn of_step(&self, step: &StepId) -> Option<&Record> {
        self.find(&self.steps.get(step)?.1)
    }

    /// Every record that counts, in the order of their actions.
    pub fn iter(&self) -> impl Iterator<Item = &Record> {
        self.actions.values().filter_map(|candidates| candidates.made.first())
    }

    /// How many count.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Actions that once gave other bytes than the record that counts: (what counts, what was discarded).
    pub fn differing(&self) -> Vec<(&Record, &Record)> {
        let odd =
            |all: &'_ Candidates| all.made.iter().position(|record| record.outputs != all.made[0].outputs);
        self.actions
            .values()
            .filter_map(|all| odd(all).map(|other| (&all.made[0], &all.made[other])))
            .collect()
    }

    /// The record behind each artifact, for people: the first where several gave the same.
    pub fn by_artifact(&self) -> BTreeMap<Digest, &Record> {
        let mut found = BTreeMap::new();
        for record in self.iter() {
            for blob in record.outputs.values() {
                found.entry(blob.digest).or_insert(record);
            }
        }
        found
    }
}

/// Which of an action's records stands first: the earliest. Of two that differ in anything one always stands
/// before the other, so that it does not matter which was read first.
fn order(record: &Record) -> impl Ord + '_ {
    // Every field by name: a new one that is left out here does not compile.
    let Record {
        action,
        step,
        kind,
        version,
        label,
        outputs,
        data,
        millis,
        peak_memory,
        formula,
        class,
        libraries,
        when,
        by,
    } = record;
    let made = (when, by, step, outputs, data);
    (made, action, (kind, version, label), (millis, peak_memory, formula, class, libraries))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(action: u8, content: u8, when: u64, by: u8, forget: bool) -> Entry {
        let action = ActionKey(Digest([action; 32]));
        if forget {
            return Entry::Forget { action, when: Moment(when) };
        }
        let blob = Blob { digest: Digest([content; 32]), bytes: 1 };
        Entry::Made(Record {
            action,
            step: StepId(Digest([content; 32])),
            kind: "encode".into(),
            version: 1,
            label: String::new(),
            outputs: BTreeMap::from([("segment".into(), blob)]),
            data: BTreeMap::new(),
            millis: 1,
            peak_memory: 1,
            formula: None,
            class: "cpu".into(),
            libraries: String::new(),
            when: Moment(when),
            by: format!("writer{by}"),
        })
    }

    fn merged(entries: &[Entry]) -> Vec<Record> {
        let mut records = Records::default();
        entries.iter().for_each(|entry| records.merge(entry.clone()));
        records.iter().cloned().collect()
    }

    proptest! {
        #[test]
        fn merging_is_the_same_in_any_order_and_any_number_of_times(
            entries in prop::collection::vec((0..3_u8, 0..3_u8, 0..6_u64, 0..3_u8, prop::bool::weighted(0.2)), 0..20),
            seed in any::<u64>(),
        ) {
            let entries: Vec<_> = entries.into_iter().map(|(a, c, w, b, f)| entry(a, c, w, b, f)).collect();
            let mut other = entries.clone();
            other.extend(entries.iter().take(5).cloned());
            let rank = |index: usize| Digest::of(&[seed.to_le_bytes(), index.to_le_bytes()].concat());
            let mut order: Vec<usize> = (0..other.len()).collect();
            order.sort_by_key(|index| rank(*index));
            let other: Vec<_> = order.into_iter().map(|index| other[index].clone()).collect();
            prop_assert_eq!(merged(&entries), merged(&other));
        }
    }

    #[test]
    fn the_first_finished_counts_and_a_different_second_is_reported() {
        let entries = [entry(1, 5, 20, 0, false), entry(1, 6, 10, 1, false)];
        let mut records = Records::default();
        entries.into_iter().for_each(|entry| records.merge(entry));
        let kept = records.find(&ActionKey(Digest([1; 32]))).unwrap();
        assert_eq!(kept.when, Moment(10));
        assert_eq!(records.differing().len(), 1);
    }

    #[test]
    fn of_two_that_differ_in_their_formula_alone_the_same_counts_in_any_order() {
        let (one, mut two) = (entry(1, 5, 10, 0, false), entry(1, 5, 10, 0, false));
        let Entry::Made(record) = &mut two else { panic!("made") };
        record.formula = Some(Formula { millis: 7, ..Formula::default() });
        assert_eq!(merged(&[one.clone(), two.clone()]), merged(&[two, one]));
    }

    #[test]
    fn what_was_forgotten_does_not_come_back_but_can_be_made_anew() {
        let all = [entry(1, 5, 10, 0, false), entry(1, 0, 10, 0, true), entry(1, 6, 11, 0, false)];
        assert!(merged(&all[..2]).is_empty());
        assert_eq!(merged(&all)[0].when, Moment(11));
    }
}
