//! What each recorded step was, for `why`: its parameters, tools and inputs in full. Kept apart from the
//! records, which every command reads, because only `why` and a run need it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Moment;
use crate::graph::{Label, StepId};
use crate::units::Digest;
use crate::world::Tool;

/// A step in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepText {
    /// Its identity.
    pub step: StepId,
    /// The kind's name.
    pub kind: String,
    /// The kind's version.
    pub version: u32,
    /// Where it belonged.
    pub label: Label,
    /// Its parameters.
    pub params: Value,
    /// Its tools' data.
    pub tools: Vec<(Tool, Option<Digest>)>,
    /// What entered it.
    pub inputs: Vec<StepInput>,
    /// When it was first recorded.
    pub when: Moment,
}

/// What entered a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepInput {
    /// The port.
    pub port: String,
    /// The place among several.
    pub index: u32,
    /// The giving step's port.
    pub output: String,
    /// The giving step.
    pub step: StepId,
}

/// Which steps are recorded, and under what label. A run needs no more, and its memory shall not grow with
/// what was ever rendered.
#[derive(Clone, Debug, Default)]
pub(super) struct Told(BTreeMap<StepId, (Moment, u64)>);

impl Told {
    /// Takes in a step.
    pub fn merge(&mut self, text: &StepText) {
        let newest = self.0.entry(text.step).or_default();
        *newest = (*newest).max((text.when, digest(&text.label)));
    }

    /// Whether the step is recorded under the label that it has now.
    pub fn knows(&self, text: &StepText) -> bool {
        self.0.get(&text.step).is_some_and(|(_, label)| *label == digest(&text.label))
    }
}

/// Whether `text` counts before `known`, in the order of [`Told`]; in the last resort by all it says.
fn is_later(text: &StepText, known: &StepText) -> bool {
    let all = |text: &StepText| format!("{text:?}");
    let label = |text: &StepText| digest(&text.label);
    let order = text.when.cmp(&known.when).then_with(|| label(text).cmp(&label(known)));
    order.then_with(|| all(text).cmp(&all(known))).is_gt()
}

/// Labels are compared, not shown: eight bytes of their digest do.
fn digest(label: &Label) -> u64 {
    Digest::of(format!("{label:?}").as_bytes()).low_u64()
}

/// All steps that were ever recorded.
#[derive(Clone, Debug, Default)]
pub struct Steps(BTreeMap<StepId, StepText>);

impl Steps {
    /// Takes in a step; of several tellings the latest counts, since labels change and keys do not. Of two of
    /// the same moment it does not matter which was read first.
    pub fn merge(&mut self, text: StepText) {
        let known = self.0.get(&text.step).is_some_and(|known| !is_later(&text, known));
        if !known {
            self.0.insert(text.step, text);
        }
    }

    /// A step's text.
    pub fn find(&self, step: &StepId) -> Option<&StepText> {
        self.0.get(step)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &StepText> {
        self.0.values()
    }
}
