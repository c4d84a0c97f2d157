//! Reading a plan that was written before, here or elsewhere: by `storyreel plan --json`, for a farm.
//!
//! Whatever the text, reading ends with a plan or with an error that says where and what was expected, in memory
//! that [`MAX_MEMORY`] bounds before it is spent. Of a plan that is read always holds: inputs stand before their
//! users (so there is no circle), kinds are those of this build, ports meet ports of their type, parameters are
//! their kind's, paths of outputs stay below the version's folder, times are those of a film.

use std::fmt;

use serde::Deserialize;

use super::check;
use super::{PLAN_VERSION, Plan};
use crate::storyboard::render::visible;

/// Bytes that the text of a plan may have: a film of ten thousand shots has about 100 MB.
pub const MAX_BYTES: usize = 256 << 20;
/// How deep its lists and maps may stand in each other.
pub const MAX_DEPTH: usize = 64;
/// Bytes that one text in it may have. A storyboard's texts are shorter; captions put many together.
pub const MAX_TEXT: usize = 4 << 20;
/// Bytes of memory that it may take, by an estimate that is rather too high.
pub const MAX_MEMORY: u64 = 1 << 30;

/// Bytes of a wrong text or key that an error repeats.
const MAX_SHOWN: usize = 300;

/// Where in a plan something stands: `nodes[12].inputs[0].from`; empty for the plan itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// That place.
    pub(super) fn of(path: impl Into<String>) -> Self {
        Self(path.into())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "the plan" } else { &self.0 })
    }
}

/// Why a text is no plan that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Longer than what is read.
    #[error("this plan has {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// Of a format that this storyreel does not read.
    #[error("this plan has version {found}; this storyreel reads version {PLAN_VERSION}: plan the film anew")]
    Version {
        /// Its version.
        found: u64,
    },
    /// More than what is read: deeper, longer, larger.
    #[error("{place} (line {line}): {what}")]
    Limit {
        /// Where.
        place: Place,
        /// Its line, from 1.
        line: usize,
        /// What there is too much of, and how much there may be.
        what: String,
    },
    /// It is not JSON, or not of a plan's shape.
    #[error("{place} (line {line}, column {column}): {reason}")]
    Shape {
        /// Where.
        place: Place,
        /// Its line, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
        /// What stands there and what was expected.
        reason: String,
    },
    /// It has the shape of a plan, but not its sense.
    #[error("{place}: {found}; expected {expected}")]
    Wrong {
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
        /// What was expected.
        expected: String,
    },
}

impl Plan {
    /// The plan that `text` holds.
    ///
    /// # Errors
    /// It is none, is of another version, or something in it refers to nothing: see [`PlanError`].
    pub fn read(text: &str) -> Result<Self, PlanError> {
        if text.len() > MAX_BYTES {
            return Err(PlanError::TooLarge { bytes: text.len() });
        }
        Walk::of(text).within_limits()?;
        let version: Version = serde_json::from_str(text).map_err(|error| shape(text, &error))?;
        if version.plan != u64::from(PLAN_VERSION) {
            return Err(PlanError::Version { found: version.plan });
        }
        let plan: Self = serde_json::from_str(text).map_err(|error| shape(text, &error))?;
        check::all(&plan)?;
        Ok(plan)
    }

    /// The plan as text, as [`Plan::read`] reads it.
    pub fn write(&self) -> String {
        serde_json::to_string_pretty(self)
            .unwrap_or_else(|error| unreachable!("a plan is plain data: {error}"))
    }
}

/// What is read before all else.
#[derive(Deserialize)]
struct Version {
    plan: u64,
}

fn shape(text: &str, error: &serde_json::Error) -> PlanError {
    let (line, column) = (error.line(), error.column());
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let mut walk = Walk::of(text);
    walk.go((start + column).min(text.len()));
    let words = error.to_string();
    let reason = words.rsplit_once(" at line ").map_or(words.as_str(), |(reason, _)| reason);
    PlanError::Shape { place: walk.place(), line, column, reason: shown(reason) }
}

/// `text` as it may be shown, cut where it is long: what is not seen is longer when it is shown.
pub(super) fn shown(text: &str) -> String {
    let seen = visible(cut(text, MAX_SHOWN));
    let kept = cut(&seen, MAX_SHOWN);
    let rest = if kept.len() < seen.len() || text.len() > MAX_SHOWN { "…" } else { "" };
    format!("{kept}{rest}")
}

/// So many bytes of a text, or a few less.
fn cut(text: &str, bytes: usize) -> &str {
    let at = (0..=text.len().min(bytes)).rev().find(|at| text.is_char_boundary(*at));
    &text[..at.unwrap_or(0)]
}

/// A walk over JSON without building anything: where it stands, and what building would cost. It takes any
/// text; whether that is JSON is told by who reads it.
struct Walk<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<Level<'a>>,
    memory: u64,
}

/// A list or map that is open.
enum Level<'a> {
    /// The place in the list.
    List(usize),
    /// The last key, and whether another may come.
    Map(&'a [u8], bool),
}

/// Estimated bytes of memory: of any value, of a struct's fields, of a map whose keys are free.
const VALUE: u64 = 40;
const STRUCT: u64 = 200;
const MAP: u64 = 700;

impl<'a> Walk<'a> {
    fn of(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, open: Vec::new(), memory: 0 }
    }

    fn within_limits(mut self) -> Result<(), PlanError> {
        while self.at < self.text.len() {
            let length = self.step();
            if self.open.len() > MAX_DEPTH {
                return Err(
                    self.limit(format!("lists and maps stand more than {MAX_DEPTH} deep in each other"))
                );
            }
            if length > MAX_TEXT {
                return Err(self.limit(format!("a text of {length} bytes; at most {MAX_TEXT} are read")));
            }
            if self.memory > MAX_MEMORY {
                return Err(self.limit("up to here it takes more memory than a plan may".into()));
            }
        }
        Ok(())
    }

    fn limit(&self, what: String) -> PlanError {
        let line =
            1 + self.text[..self.at.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count();
        PlanError::Limit { place: self.place(), line, what }
    }

    /// Goes on until `end`.
    fn go(&mut self, end: usize) {
        self.text = &self.text[..end];
        while self.at < end {
            self.step();
        }
    }

    /// Takes one mark or one text; a text's length.
    fn step(&mut self) -> usize {
        let byte = self.text[self.at];
        self.at += 1;
        match byte {
            b'"' => return self.string(),
            b'{' => {
                self.memory += if self.in_params() { MAP } else { STRUCT };
                self.open.push(Level::Map(b"", true));
            }
            b'[' => {
                self.memory += VALUE;
                self.open.push(Level::List(0));
            }
            b'}' | b']' => drop(self.open.pop()),
            b',' => {
                self.memory += VALUE;
                match self.open.last_mut() {
                    Some(Level::List(place)) => *place += 1,
                    Some(Level::Map(_, key)) => *key = true,
                    None => {}
                }
            }
            _ => {}
        }
        0
    }

    fn string(&mut self) -> usize {
        let start = self.at;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.text.len());
        self.at = end + 1;
        self.memory += VALUE + (end - start) as u64;
        if let Some(Level::Map(key, expected @ true)) = self.open.last_mut() {
            (*key, *expected) = (&self.text[start..end], false);
        }
        end - start
    }

    /// Whether this is below `nodes[..].params`, whose maps may have any keys.
    fn in_params(&self) -> bool {
        matches!(self.open.get(2), Some(Level::Map(b"params", _)))
    }

    fn place(&self) -> Place {
        let mut path = String::new();
        for level in &self.open {
            match level {
                Level::List(place) => path.push_str(&format!("[{place}]")),
                Level::Map(b"", _) => {}
                Level::Map(key, _) => {
                    let dot = if path.is_empty() { "" } else { "." };
                    path.push_str(dot);
                    path.push_str(&String::from_utf8_lossy(&key[..key.len().min(60)]));
                }
            }
        }
        Place(shown(&path))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::tests::keeper_plan;
    use super::*;

    fn altered(pointer: &str, value: Value) -> String {
        let mut plan = serde_json::to_value(keeper_plan(&[])).unwrap();
        *plan.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        plan.to_string()
    }

    fn refused(text: &str) -> String {
        Plan::read(text).map(|plan| plan.title).unwrap_err().to_string()
    }

    /// A node that something enters, and the same of a kind that stores.
    fn fed() -> usize {
        keeper_plan(&[]).nodes.iter().position(|node| node.kind.starts_with("encode@")).unwrap()
    }

    #[test]
    fn a_plan_reads_as_it_was_written() {
        let plan = keeper_plan(&["voice"]);
        let text = plan.write();
        assert_eq!(Plan::read(&text), Ok(plan.clone()));
        assert_eq!(Plan::read(&text).unwrap().write(), text);
        assert_eq!(Plan::read(&serde_json::to_string(&plan).unwrap()), Ok(plan));
    }

    #[test]
    fn what_is_no_json_and_what_has_another_shape_is_told_with_its_place() {
        assert_eq!(refused("{\"plan\": 1"), "plan (line 1, column 10): EOF while parsing an object");
        assert_eq!(refused(&altered("/nodes/3/kind", json!(7))).split(" (").next(), Some("nodes[3].kind"),);
        let told = refused(&altered("/nodes/3/kind", json!(7)));
        assert!(told.ends_with("invalid type: integer `7`, expected a string"), "{told}");
        let told = refused(&altered("/scenes/0/shots/0/seed", json!(-1)));
        assert!(told.starts_with("scenes[0].shots[0].seed (line 1"), "{told}");
        let told = refused(&altered("/totals", json!({"sum": 1})));
        assert!(told.contains("unknown field `sum`, expected one of"), "{told}");
        let told = refused(&altered("/nodes/0/step", json!("abc")));
        assert!(
            told.starts_with("nodes[0].step") && told.ends_with("a digest is 64 hexadecimal digits"),
            "{told}"
        );
    }

    #[test]
    fn what_is_not_seen_makes_no_long_words() {
        let deep = "{\"\u{202e}\u{202e}\u{202e}\u{202e}\": ".repeat(30);
        let keys = format!("{{\"{}\": 1, \"plan\": 1}}", "\u{7f}".repeat(300));
        for text in [deep, keys] {
            let told = refused(&text);
            assert!(told.len() < 800 && told.contains("\\u{"), "{told}");
        }
    }

    #[test]
    fn another_version_is_told_before_its_shape() {
        assert_eq!(
            refused(r#"{"plan": 2, "steps": []}"#),
            "this plan has version 2; this storyreel reads version 1: plan the film anew"
        );
    }

    #[test]
    fn what_refers_to_nothing_is_refused() {
        let (fed, nodes) = (fed(), keeper_plan(&[]).nodes.len());
        let node = |field: &str| format!("/nodes/{fed}/{field}");
        let of = |field: &str| format!("nodes[{fed}].{field}: ");
        let cases = [
            (node("kind"), json!("encode@999"), of("kind")),
            (node("kind"), json!("melt@1"), of("kind")),
            (node("stored"), json!(false), of("stored")),
            (node("params"), json!({}), of("params")),
            (node("params/from"), json!("0"), of("params")),
            (node("inputs/0/from"), json!(fed), of("inputs[0].from")),
            (node("inputs/0/from"), json!(nodes), of("inputs[0].from")),
            (node("inputs/0/port"), json!("clips"), of("inputs[0].port")),
            (node("inputs/0/output"), json!("mix"), of("inputs[0].output")),
            (node("inputs/0/index"), json!(1), of("inputs")),
            (node("inputs"), json!([]), of("inputs")),
            (node("shot"), json!("nobody"), format!("nodes[{fed}]: ")),
            (node("device"), json!("cpu:9"), of("device")),
            ("/nodes/1/step".into(), json!(keeper_plan(&[]).nodes[0].step), "nodes[1].step: ".into()),
            ("/outputs/0/node".into(), json!(nodes), "outputs[0].node: ".into()),
            ("/outputs/0/node".into(), json!(0), "outputs[0].port: ".into()),
            ("/outputs/0/port".into(), json!("clip"), "outputs[0].port: ".into()),
            ("/outputs/0/path".into(), json!("../film.mp4"), "outputs[0].path: ".into()),
            ("/outputs/0/path".into(), json!("/film.mp4"), "outputs[0].path: ".into()),
            ("/outputs/0/path".into(), json!("film.srt"), "outputs[1].path: ".into()),
            ("/size/width".into(), json!(0), "size: ".into()),
            ("/rate/den".into(), json!(0), "rate: ".into()),
            ("/frames".into(), json!(-1), "frames: ".into()),
            ("/samples".into(), json!(i64::MAX), "samples: ".into()),
            ("/timecode".into(), json!(i64::MIN), "timecode: ".into()),
            ("/ranges/0/1".into(), json!(i64::MAX), "ranges[0]: ".into()),
            ("/scenes/0/start".into(), json!(i64::MAX), "scenes[0].start: ".into()),
            ("/scenes/0/frames".into(), json!(1_000_000), "scenes[0]: ".into()),
            ("/scenes/0/transition_frames".into(), json!(-5), "scenes[0].transition_frames: ".into()),
            ("/scenes/0/shots/1/number".into(), json!(7), "scenes[0].shots[1].number: ".into()),
            ("/scenes/0/shots/0/candidates".into(), json!(0), "scenes[0].shots[0].candidates: ".into()),
            ("/cues/0/at".into(), json!(-1), "cues[0].at: ".into()),
            ("/totals/work_millis".into(), json!(1), "totals.work_millis: ".into()),
        ];
        for (pointer, value, place) in cases {
            let told = refused(&altered(&pointer, value.clone()));
            assert!(told.starts_with(&place) && told.contains("; expected "), "{pointer} = {value}: {told}");
        }
    }

    #[test]
    fn what_is_too_much_is_told_before_it_is_built() {
        let deep = format!("{{\"plan\": {}", "[".repeat(MAX_DEPTH + 1));
        assert!(refused(&deep).starts_with("plan[0][0]"), "{}", refused(&deep));
        let long = format!("{{\"plan\": 1,\n\"title\": \"{}\"}}", "x".repeat(MAX_TEXT + 1));
        assert_eq!(refused(&long), "title (line 2): a text of 4194305 bytes; at most 4194304 are read");
        let wide =
            format!("{{\"nodes\": [{{\"a\": 1, \"b\": 1, \"params\": [{}", "{\"\":0},".repeat(1_500_000));
        assert!(refused(&wide).contains("takes more memory than a plan may"), "{}", refused(&wide));
        let wrong = altered("/title", json!({"x".repeat(10_000): 1}));
        assert!(refused(&wrong).len() < 1000);
    }

    #[test]
    fn a_text_that_is_wrong_is_shown_without_what_is_not_seen() {
        let told = refused(&altered("/outputs/0/path", json!("a\u{1b}[2J/../b")));
        assert!(told.contains("\\u{1b}[2J"), "{told}");
    }

    proptest! {
        #[test]
        fn plans_of_any_words_and_numbers_survive_the_text(
            words in prop::collection::vec(any::<String>(), 8),
            numbers in prop::collection::vec(any::<u64>(), 4),
            takes in prop::collection::vec(prop::option::of(any::<u32>()), 2),
        ) {
            let mut plan = keeper_plan(&[]);
            plan.title.clone_from(&words[0]);
            let shot = &mut plan.scenes[0].shots[0];
            (shot.caption, shot.avoid, shot.source) = (words[1].clone(), words[2].clone(), words[3].clone());
            (shot.seed, shot.take, shot.lines) = (numbers[0], takes[0], words[4..].to_vec());
            plan.nodes[0].label.clone_from(&words[5]);
            (plan.nodes[0].millis, plan.nodes[0].memory) = (numbers[1], numbers[2]);
            plan.totals.millis = numbers[3];
            let text = plan.write();
            let read = Plan::read(&text);
            prop_assert_eq!(read.as_ref(), Ok(&plan));
            prop_assert_eq!(read.map(|read| read.write()), Ok(text));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), json in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,200}") {
            prop_assert!(Plan::read(&text).is_err());
            prop_assert!(Plan::read(&json).is_err());
        }

        #[test]
        fn any_cut_of_a_plan_is_refused(at in 0.0..1.0_f64) {
            let text = serde_json::to_string(&keeper_plan(&[])).unwrap();
            let end = (text.len() as f64 * at) as usize;
            prop_assert!(Plan::read(&text[..end.min(text.len() - 1)]).is_err());
        }
    }
}
