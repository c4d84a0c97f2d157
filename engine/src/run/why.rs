//! `why`: what has changed about a node since something like it was last made.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::finish::step_text;
use crate::cache::{StepInput, StepText, Steps};
use crate::graph::{Keyed, NodeIndex, StepId, named};
use crate::kinds::{self, Storage};
use crate::units::Digest;
use crate::world::Tool;

/// How long a parameter's value may be when told.
const TOLD: usize = 60;

/// Why a node must run, or need not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// Its step.
    pub step: StepId,
    /// Where it belongs.
    pub label: String,
    /// Its kind's name.
    pub kind: String,
    /// What is so.
    pub verdict: Verdict,
}

/// What is so.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Verdict {
    /// Exactly this was made before.
    Known,
    /// Nothing of this kind was ever made here.
    New,
    /// Something like it was made, for the same place in the film.
    Changed {
        /// What differs.
        changes: Vec<Change>,
    },
    /// Something like it was made, for another place in the film.
    Resembles {
        /// That place.
        label: String,
        /// What differs.
        changes: Vec<Change>,
    },
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "of", rename_all = "kebab-case")]
pub enum Change {
    /// A parameter.
    Parameter {
        /// Its dotted path.
        path: String,
        /// What it was; absent where it is new.
        before: Option<Value>,
        /// What it is; absent where it is gone.
        after: Option<Value>,
    },
    /// The code of the kind.
    Version {
        /// What it was.
        before: u32,
        /// What it is.
        after: u32,
    },
    /// Data of a tool.
    Tool {
        /// Which.
        tool: Tool,
        /// What it was.
        before: Option<Digest>,
        /// What it is.
        after: Option<Digest>,
    },
    /// What enters a port.
    Input {
        /// The port.
        port: String,
        /// What entered there; absent where nothing did.
        before: Option<String>,
        /// What enters there; absent where nothing does.
        after: Option<String>,
        /// Whether it is a stored node, of which `why` tells by itself.
        stored: bool,
        /// What differs about it, where it is streamed.
        changes: Vec<Change>,
    },
}

/// Compares a node with the step that was `last` in its place, as far as is known; else with the most similar one on
/// record.
pub fn why(keyed: &Keyed, steps: &Steps, node: NodeIndex, last: Option<&StepId>) -> Why {
    let text = step_text(keyed, node);
    let last = last.and_then(|step| steps.find(step)).filter(|step| step.kind == text.kind);
    let known = steps.find(&text.step).is_some();
    let before = if known { None } else { last.or_else(|| closest(steps, &text)) };
    let verdict = match before {
        None if known => Verdict::Known,
        None => Verdict::New,
        Some(before) => {
            let changes = changes(keyed, steps, before, &text);
            if before.label == text.label {
                Verdict::Changed { changes }
            } else {
                Verdict::Resembles { label: before.label.to_string(), changes }
            }
        }
    };
    Why { step: text.step, label: text.label.to_string(), kind: text.kind, verdict }
}

/// The step on record that is most like `text`: of its kind; at its place in the film; with the fewest
/// differing parameters; the latest.
fn closest<'a>(steps: &'a Steps, text: &StepText) -> Option<&'a StepText> {
    let of_kind = steps.iter().filter(|step| step.kind == text.kind);
    of_kind.min_by_key(|step| {
        let mut differing = Vec::new();
        compare("", Some(&step.params), Some(&text.params), &mut differing);
        (step.label != text.label, differing.len(), std::cmp::Reverse(step.when), step.step)
    })
}

fn changes(keyed: &Keyed, steps: &Steps, before: &StepText, after: &StepText) -> Vec<Change> {
    let mut found = Vec::new();
    if before.version != after.version {
        found.push(Change::Version { before: before.version, after: after.version });
    }
    for (tool, now) in &after.tools {
        let then = before.tools.iter().find(|(named, _)| named == tool).and_then(|(_, digest)| *digest);
        if then != *now {
            found.push(Change::Tool { tool: *tool, before: then, after: *now });
        }
    }
    compare("", Some(&before.params), Some(&after.params), &mut found);
    let place = |input: &StepInput| (input.port.clone(), input.index);
    for input in &after.inputs {
        let then = before.inputs.iter().find(|other| place(other) == place(input));
        if then.is_none_or(|then| then.step != input.step || then.output != input.output) {
            found.push(input_change(keyed, steps, then, Some(input)));
        }
    }
    for input in &before.inputs {
        if !after.inputs.iter().any(|other| place(other) == place(input)) {
            found.push(input_change(keyed, steps, Some(input), None));
        }
    }
    once(found)
}

/// Without what only repeats other changes: a caption that is put together from parts of which one is told; the
/// words of its shot that an edit knows, where the node that draws them tells the same.
fn once(changes: Vec<Change>) -> Vec<Change> {
    let mut below = Vec::new();
    inner(&changes, &mut below);
    let parts: Vec<String> = changes.iter().filter_map(Change::path).map(str::to_owned).collect();
    let repeats = |change: &Change| {
        let Change::Parameter { path, before, after } = change else { return false };
        let made_of = path.strip_suffix("caption").filter(|start| start.ends_with("prompt."));
        let put_together =
            made_of.is_some_and(|start| parts.iter().any(|part| part != path && part.starts_with(start)));
        let drawn =
            path.strip_prefix("shot.").is_some_and(|own| below.contains(&(own.to_owned(), before, after)));
        put_together || drawn
    };
    let kept: Vec<bool> = changes.iter().map(|change| !repeats(change)).collect();
    changes.into_iter().zip(kept).filter_map(|(change, kept)| kept.then_some(change)).collect()
}

type Told<'a> = (String, &'a Option<Value>, &'a Option<Value>);

/// The parameters that changed in what enters.
fn inner<'a>(changes: &'a [Change], found: &mut Vec<Told<'a>>) {
    for change in changes {
        let Change::Input { changes, .. } = change else { continue };
        for one in changes {
            if let Change::Parameter { path, before, after } = one {
                found.push((path.clone(), before, after));
            }
        }
        inner(changes, found);
    }
}

fn input_change(
    keyed: &Keyed,
    steps: &Steps,
    before: Option<&StepInput>,
    after: Option<&StepInput>,
) -> Change {
    let told = |text: &StepText| named(&text.label, &text.kind);
    let then = before.and_then(|input| steps.find(&input.step));
    let here =
        |input: &StepInput| keyed.graph.node_indices().find(|node| keyed.steps[node.index()] == input.step);
    let at = after.and_then(here);
    let now = at.map(|node| step_text(keyed, node));
    // A script's kind is known while there is such a node.
    let here = at.map(|node| keyed.graph[node].kind);
    let kind = here.or_else(|| then.and_then(|text| kinds::named(&text.kind)));
    let stored = kind.is_some_and(|kind| kind.storage == Storage::Stored);
    let changes = match (then, &now) {
        (Some(then), Some(now)) if !stored && then.kind == now.kind => changes(keyed, steps, then, now),
        _ => Vec::new(),
    };
    let name = |input: Option<&StepInput>, text: Option<&StepText>| {
        input.map(|input| text.map_or_else(|| format!("step {}", input.step.0.short()), told))
    };
    let port = after.or(before).map(|input| input.port.clone()).unwrap_or_default();
    Change::Input { port, before: name(before, then), after: name(after, now.as_ref()), stored, changes }
}

impl Change {
    /// The path of a parameter.
    fn path(&self) -> Option<&str> {
        match self {
            Self::Parameter { path, .. } => Some(path),
            _ => None,
        }
    }
}

/// The entries of a list by their names, where every one has its own: characters, props.
fn by_name(list: &[Value]) -> Option<Vec<(&str, &Value)>> {
    let named: Option<Vec<_>> = list.iter().map(|one| Some((one.get("name")?.as_str()?, one))).collect();
    let mut names: Vec<&str> = named.iter().flatten().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    named.filter(|all| all.len() == names.len())
}

/// The leaves at which two values differ. Lists are compared name by name where their entries have names, else
/// entry by entry.
fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Change>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match (before, after) {
        (before, after) if before == after => {}
        (Some(Value::Object(then)), Some(Value::Object(now))) => {
            let mut names: Vec<&String> = then.keys().chain(now.keys()).collect();
            names.sort();
            names.dedup();
            names.iter().for_each(|name| compare(&below(name), then.get(*name), now.get(*name), found));
        }
        (Some(Value::Array(then)), Some(Value::Array(now))) => {
            if let (Some(then), Some(now)) = (by_name(then), by_name(now)) {
                let of = |all: &[(&str, &'_ Value)], name: &str| {
                    all.iter().find(|(named, _)| *named == name).map(|(_, one)| (*one).clone())
                };
                let gone = then.iter().filter(|(name, _)| of(&now, name).is_none());
                for (name, _) in now.iter().chain(gone) {
                    compare(&below(name), of(&then, name).as_ref(), of(&now, name).as_ref(), found);
                }
                return;
            }
            for index in 0..then.len().max(now.len()) {
                compare(&below(&index.to_string()), then.get(index), now.get(index), found);
            }
        }
        (before, after) => {
            found.push(Change::Parameter {
                path: path.to_owned(),
                before: before.cloned(),
                after: after.cloned(),
            });
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = named(&self.label, &self.kind);
        match &self.verdict {
            Verdict::Known => write!(f, "{name}: made before, nothing has changed"),
            Verdict::New => write!(f, "{name}: nothing of this kind was made before"),
            Verdict::Changed { changes } => write!(f, "{name}: {}", sentence(changes)),
            Verdict::Resembles { label: other, changes } => {
                write!(f, "{name}: new; nearest is {other}: {}", sentence(changes))
            }
        }
    }
}

/// The changes, and after them what only follows from nodes that are told of by themselves.
fn sentence(changes: &[Change]) -> String {
    let mut each: Vec<String> = Vec::new();
    let mut follows: Vec<&str> = Vec::new();
    for change in changes {
        match change {
            Change::Input { stored: true, before: Some(_), after: Some(now), .. } => follows.push(now),
            other => each.push(other.to_string()),
        }
    }
    follows.dedup();
    match follows.as_slice() {
        [] => {}
        [one] => each.push(format!("follows {one}")),
        [first, second] => each.push(format!("follows {first} and {second}")),
        [first, second, rest @ ..] => {
            each.push(format!("follows {first}, {second} and {} more", rest.len()));
        }
    }
    if each.is_empty() { "its inputs differ".to_owned() } else { each.join("; ") }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { path, before: Some(then), after: Some(now) } => {
                let (then, now) = both(path, then, now);
                write!(f, "`{path}` was {then}, is {now}")
            }
            Self::Parameter { path, before: None, after: Some(now) } => {
                write!(f, "`{path}` is new: {}", told(path, now))
            }
            Self::Parameter { path, before, .. } => {
                let before = before.as_ref().map(|value| told(path, value)).unwrap_or_default();
                write!(f, "`{path}` is gone, was {before}")
            }
            Self::Version { before, after } => write!(f, "its code was version {before}, is {after}"),
            Self::Tool { tool, before, after } => {
                let name = match tool {
                    Tool::SoundFont => "the SoundFont",
                    Tool::Voices => "the voice data",
                    Tool::Encoder => "the encoder",
                };
                let state =
                    |digest: &Option<Digest>| digest.map_or_else(|| "missing".to_owned(), |d| d.short());
                write!(f, "{name} was {}, is {}", state(before), state(after))
            }
            Self::Input { port, before: None, after, .. } => {
                write!(f, "its `{port}` input {} is new", after.as_deref().unwrap_or_default())
            }
            Self::Input { port, before, after: None, .. } => {
                write!(f, "its `{port}` input {} is gone", before.as_deref().unwrap_or_default())
            }
            Self::Input { port, before: Some(then), after: Some(now), changes, .. } => {
                if then != now {
                    write!(f, "its `{port}` input was {then}, is {now}")?;
                } else {
                    write!(f, "its `{port}` input {now} changed")?;
                }
                if changes.is_empty() { Ok(()) } else { write!(f, ": {}", sentence(changes)) }
            }
        }
    }
}

/// Two values of a parameter for people: of long texts, the words that differ.
fn both(path: &str, then: &Value, now: &Value) -> (String, String) {
    match (then, now) {
        (Value::String(then), Value::String(now)) if then.len().max(now.len()) > TOLD && !is_digest(now) => {
            let (then, now) = differing(then, now);
            (cut(&format!("\"{then}\"")), cut(&format!("\"{now}\"")))
        }
        _ => (told(path, then), told(path, now)),
    }
}

/// The words at which two texts differ, each with a neighbour on both sides.
fn differing(then: &str, now: &str) -> (String, String) {
    let (a, b): (Vec<&str>, Vec<&str>) = (then.split(' ').collect(), now.split(' ').collect());
    let alike = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - alike;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let part = |words: &[&str]| {
        let (from, to) = (alike.saturating_sub(1), (words.len() - tail + 1).min(words.len()));
        let (before, after) = (if from > 0 { "… " } else { "" }, if to < words.len() { " …" } else { "" });
        format!("{before}{}{after}", words[from..to].join(" "))
    };
    (part(&a), part(&b))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A value for people: samples as seconds, files by the start of their digests, long ones cut.
fn told(path: &str, value: &Value) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    match value {
        Value::Number(number) if last == "samples" => number
            .as_f64()
            .map_or_else(|| number.to_string(), |samples| format!("{:.2} s", samples / 48_000.0)),
        Value::String(text) if is_digest(text) => format!("file {}", &text[..8]),
        _ => cut(&value.to_string()),
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= TOLD {
        return text.to_owned();
    }
    let cut: String = text.chars().take(TOLD - 1).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::graph::{Edge, Graph, Label, Need, NodeSpec};
    use crate::kinds;

    fn film(action: &str, crf: u32, place: &str) -> Keyed {
        let mut graph = Graph::default();
        let node = |kind, part: &str, params| NodeSpec {
            kind,
            params,
            files: Vec::new(),
            need: Need { memory: 0, millis: 1 },
            label: Label { scene: Some(place.into()), shot: Some("wide".into()), part: part.into() },
        };
        let draw =
            graph.add_node(node(&kinds::GENERATE, "", json!({"prompt": {"action": action}, "seed": 7})));
        let encode = graph.add_node(node(&kinds::ENCODE, "core", json!({"codec": {"crf": crf}})));
        graph.add_edge(draw, encode, Edge { output: "clip".into(), input: "clip".into(), index: 0 });
        Keyed::new(Arc::new(graph), &|_| None)
    }

    fn recorded(keyed: &Keyed) -> Steps {
        let mut steps = Steps::default();
        keyed.graph.node_indices().for_each(|node| steps.merge(step_text(keyed, node)));
        steps
    }

    fn told(before: &Steps, after: &Keyed) -> String {
        why(after, before, NodeIndex::new(1), None).to_string()
    }

    #[test]
    fn a_node_is_compared_with_what_was_last_in_its_place_though_others_are_more_alike() {
        let (first, last) = (film("she climbs", 20, "cliff"), film("she falls", 23, "cliff"));
        let mut steps = recorded(&first);
        last.graph.node_indices().for_each(|node| steps.merge(step_text(&last, node)));
        let now = film("she climbs", 21, "cliff");
        let node = NodeIndex::new(1);
        let told = why(&now, &steps, node, Some(&last.steps[1])).to_string();
        assert!(told.contains("`codec.crf` was 23, is 21") && told.contains("was \"she falls\""), "{told}");
        let told = why(&now, &steps, node, None).to_string();
        assert!(told.contains("`codec.crf` was 20, is 21") && !told.contains("she falls"), "{told}");
    }

    #[test]
    fn the_parameter_that_changed_is_named_however_far_up_it_is() {
        let before = recorded(&film("she climbs", 20, "cliff"));
        assert_eq!(
            told(&before, &film("she climbs", 20, "cliff")),
            "cliff.wide core encode: made before, nothing has changed"
        );
        assert_eq!(
            told(&before, &film("she climbs", 23, "cliff")),
            "cliff.wide core encode: `codec.crf` was 20, is 23"
        );
        assert_eq!(
            told(&before, &film("she falls", 20, "cliff")),
            "cliff.wide core encode: its `clip` input cliff.wide generate changed: \
             `prompt.action` was \"she climbs\", is \"she falls\""
        );
        let renamed = told(&before, &film("she falls", 20, "rock"));
        assert!(renamed.starts_with("rock.wide core encode: new; nearest is cliff.wide core: "), "{renamed}");
        assert_eq!(
            told(&Steps::default(), &film("she climbs", 20, "cliff")),
            "cliff.wide core encode: nothing of this kind was made before"
        );
    }

    fn prompt(characters: Value, caption: &str) -> Value {
        json!({"prompt": {"characters": characters, "caption": caption}, "seed": 7})
    }

    fn compared(before: &Value, after: &Value) -> Vec<String> {
        let mut found = Vec::new();
        compare("", Some(before), Some(after), &mut found);
        once(found).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn entries_with_names_are_told_by_them_and_a_caption_not_beside_its_parts() {
        let mara = |coat: &str| json!({"name": "mara", "description": format!("in a {coat} coat")});
        let ines = json!({"name": "ines", "description": "a girl"});
        let before = prompt(json!([mara("red")]), "Mara in a red coat.");
        let after = prompt(json!([ines, mara("blue")]), "Ines, Mara in a blue coat.");
        assert_eq!(
            compared(&before, &after),
            [
                "`prompt.characters.ines` is new: {\"description\":\"a girl\",\"name\":\"ines\"}",
                "`prompt.characters.mara.description` was \"in a red coat\", is \"in a blue coat\"",
            ]
        );
        let by_hand = (prompt(json!([]), "One."), prompt(json!([]), "Two."));
        assert_eq!(compared(&by_hand.0, &by_hand.1), ["`prompt.caption` was \"One.\", is \"Two.\""]);
    }

    #[test]
    fn what_an_edit_knows_of_its_shot_is_told_where_it_is_drawn() {
        let parameter = |path: &str| Change::Parameter {
            path: path.into(),
            before: Some(json!("dawn")),
            after: Some(json!("night")),
        };
        let input = Change::Input {
            port: "clip".into(),
            before: Some("a generate".into()),
            after: Some("a generate".into()),
            stored: false,
            changes: vec![parameter("prompt.setting")],
        };
        let own = parameter("change.style.to");
        let all = vec![parameter("shot.prompt.setting"), own.clone(), input.clone()];
        assert_eq!(once(all), [own, input]);
        let alone = vec![parameter("shot.prompt.setting")];
        assert_eq!(once(alone.clone()), alone);
    }

    #[test]
    fn of_long_texts_the_words_that_differ_are_told() {
        let text = |colour: &str| {
            format!(
                "Medium shot, static: Anna, an old woman in a green coat, with a {colour} scarf, by the sea"
            )
        };
        let change = Change::Parameter {
            path: "prompt.caption".into(),
            before: Some(json!(text("red"))),
            after: Some(json!(text("deep blue"))),
        };
        assert_eq!(
            change.to_string(),
            "`prompt.caption` was \"… a red scarf, …\", is \"… a deep blue scarf, …\""
        );
        let change = Change::Parameter {
            path: "samples".into(),
            before: Some(json!(48_000)),
            after: Some(json!(72_000)),
        };
        assert_eq!(change.to_string(), "`samples` was 1.00 s, is 1.50 s");
    }

    #[test]
    fn what_follows_from_others_is_told_in_one_part() {
        let follows = |name: &str| Change::Input {
            port: "segments".into(),
            before: Some(name.into()),
            after: Some(name.into()),
            stored: true,
            changes: Vec::new(),
        };
        let names = ["a encode", "b encode", "c encode", "d encode"];
        assert_eq!(sentence(&names.map(follows)), "follows a encode, b encode and 2 more");
    }

    #[test]
    fn a_tool_that_changed_is_named() {
        let old = film("she climbs", 20, "cliff");
        let new = Keyed::new(old.graph.clone(), &|_| Some(Digest::of(b"x265")));
        let why = told(&recorded(&old), &new);
        assert_eq!(
            why,
            format!("cliff.wide core encode: the encoder was missing, is {}", Digest::of(b"x265").short())
        );
    }
}
