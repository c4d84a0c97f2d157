//! Who does what when: a line a device, from the beginning to the expected end.

use std::fmt::Write;

use super::table::duration;
use super::{Plan, PlanNode};

/// What sort of work a node is, for telling at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// Pictures are drawn and encoded.
    Pictures,
    /// Sounds are made.
    Sound,
    /// What is made is put together.
    Assembly,
}

impl Sort {
    /// Of that node.
    pub fn of(node: &PlanNode) -> Self {
        match node.kind.split('@').next().unwrap_or_default() {
            "encode" | "prores" | "frame" | "rank" => Self::Pictures,
            "effects" | "voice" | "recording" | "extend" => Self::Sound,
            _ => Self::Assembly,
        }
    }

    /// All of them, with their names.
    pub const NAMED: [(Self, &'static str); 3] =
        [(Self::Pictures, "pictures"), (Self::Sound, "sound"), (Self::Assembly, "putting together")];

    fn letter(self) -> char {
        match self {
            Self::Pictures => '█',
            Self::Sound => '▒',
            Self::Assembly => '░',
        }
    }
}

/// A device's nodes in the order of their beginning, each with when it begins and ends, in milliseconds.
pub(super) fn lane<'a>(plan: &'a Plan, device: &str) -> Vec<(u64, u64, &'a PlanNode)> {
    let of_device = plan.nodes.iter().filter(|node| node.device.as_deref() == Some(device));
    let mut lane: Vec<_> = of_device.filter_map(|node| Some((node.begin?, node.end?, node))).collect();
    lane.sort_by_key(|(begin, end, _)| (*begin, *end));
    lane
}

/// Milliseconds that a lane is busy.
pub(super) fn busy(lane: &[(u64, u64, &PlanNode)]) -> u64 {
    lane.iter().map(|(begin, end, _)| end - begin).sum()
}

/// The lanes as text, at most `width` letters wide.
pub(super) fn write_timeline(text: &mut String, plan: &Plan, width: usize) {
    let whole = plan.totals.millis.max(1);
    let name = plan.totals.devices.iter().map(|device| device.chars().count()).max().unwrap_or(0).max(7);
    let cells = width.saturating_sub(name + 8).max(20);
    let end = duration(whole);
    let _ = writeln!(text, "\n{:<name$}  busy  0{end:>rest$}", "devices", rest = cells - 1);
    for device in &plan.totals.devices {
        let lane = lane(plan, device);
        let share = busy(&lane) * 100 / whole;
        let _ = writeln!(text, "{device:<name$} {share:>4}%  {}", bar(&lane, whole, cells));
    }
    let legend = Sort::NAMED.map(|(sort, name)| format!("{} {name}", sort.letter()));
    let _ = writeln!(text, "{:name$}        {}   · idle", "", legend.join("   "));
}

/// A letter for each of `cells` equal stretches of time: of the work that takes most of it.
fn bar(lane: &[(u64, u64, &PlanNode)], whole: u64, cells: usize) -> String {
    let edge = |cell: usize| whole * cell as u64 / cells as u64;
    let mut from = 0;
    let letter = |cell: usize| {
        let (begin, end) = (edge(cell), edge(cell + 1).max(edge(cell) + 1));
        while lane.get(from).is_some_and(|(_, over, _)| *over <= begin) {
            from += 1;
        }
        let here = lane[from..].iter().take_while(|(start, ..)| *start < end);
        let mut spent = Sort::NAMED.map(|(sort, _)| (0, sort));
        for (start, over, node) in here {
            let shared = (*over).min(end).saturating_sub((*start).max(begin));
            let sort = Sort::of(node);
            spent.iter_mut().filter(|(_, known)| *known == sort).for_each(|(sum, _)| *sum += shared);
        }
        let all: u64 = spent.iter().map(|(sum, _)| sum).sum();
        let (_, most) = spent.into_iter().max_by_key(|(sum, sort)| (*sum, std::cmp::Reverse(*sort)))?;
        (all * 2 >= end - begin).then(|| most.letter())
    };
    (0..cells).map(letter).map(|letter| letter.unwrap_or('·')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::plan::State;
    use crate::units::Digest;

    fn node(kind: &str) -> PlanNode {
        PlanNode {
            step: Digest([0; 32]),
            kind: kind.into(),
            label: String::new(),
            scene: None,
            shot: None,
            params: serde_json::Value::Null,
            inputs: Vec::new(),
            stored: true,
            state: State::Todo,
            device: Some("cpu:0".into()),
            begin: None,
            end: None,
            millis: 0,
            memory: 0,
            disk: 0,
        }
    }

    #[test]
    fn a_cell_shows_what_takes_most_of_it() {
        let (pictures, sound, mix) = (node("encode@2"), node("voice@1"), node("mix@2"));
        let lane = [(0, 40, &pictures), (40, 52, &sound), (80, 100, &mix)];
        assert_eq!(bar(&lane, 100, 10), "████▒···░░");
        assert_eq!(busy(&lane), 72);
        assert_eq!(bar(&[], 100, 3), "···");
    }
}
