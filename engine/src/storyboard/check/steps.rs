//! Custom nodes: what each step's keys mean to its node, by what the node's script declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::kinds::PortType;
use crate::scripts::{Declaration, Input, Param, ParamType, Reading, Sense};
use crate::storyboard::build::Built;
use crate::storyboard::codes::Code;
use crate::storyboard::include::file_mistake;
use crate::storyboard::scalars::parse_time;
use crate::storyboard::tree::{Entry, Node, Value};
use crate::storyboard::types::{CheckedStep, FilePath, Spanned, Step, StepInput, Storyboard};
use crate::storyboard::value::{Context, MAX_TEXT, is_name};
use crate::units::Rate;
use crate::world::{MediaFacts, World};

/// Nodes of a storyboard, by name; `None` of one whose script has mistakes.
pub type Nodes = BTreeMap<String, Option<Arc<Declaration>>>;

/// Steps that one shot may have, those of its scene and of the film included.
const MAX_STEPS: usize = 64;

/// The nodes that the steps name.
pub fn declare(board: &mut Storyboard, reading: &mut Reading<'_>) -> Nodes {
    let mut nodes = Nodes::new();
    for step in board.steps_mut() {
        if !nodes.contains_key(&step.node.value) {
            let found = reading.world.scripts().declare(&step.node, step.node.span, reading);
            nodes.insert(step.node.value.clone(), found);
        }
    }
    nodes
}

/// Where a step stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Shot,
    Cue,
}

/// Checks every step, and keeps what its keys mean.
pub fn check(built: &mut Built, world: &dyn World, cx: &mut Context<'_>) {
    let names = Names::of(&built.storyboard, built.scenes_whole);
    let board = &mut built.storyboard;
    let mut checker = Checker { nodes: &built.nodes, names: &names, rate: board.film.rate, world, cx };
    checker.all(&mut board.steps, Place::Shot);
    for scene in &mut board.scenes {
        checker.all(&mut scene.steps, Place::Shot);
        for shot in &mut scene.shots {
            checker.all(&mut shot.steps, Place::Shot);
        }
    }
    for cue in &mut board.score {
        checker.all(&mut cue.steps, Place::Cue);
    }
    circles(board, cx);
}

/// What inputs may refer to.
struct Names {
    /// `scene.shot`.
    shots: Vec<String>,
    cues: Vec<String>,
    whole: bool,
}

impl Names {
    fn of(board: &Storyboard, whole: bool) -> Self {
        let shots = board.scenes.iter().flat_map(|scene| {
            scene.shots.iter().map(|shot| format!("{}.{}", scene.name.value, shot.name.value))
        });
        let cues = board.score.iter().map(|cue| cue.name.value.clone());
        Self { shots: shots.collect(), cues: cues.collect(), whole }
    }
}

struct Checker<'a, 'c> {
    nodes: &'a Nodes,
    names: &'a Names,
    rate: Rate,
    world: &'a dyn World,
    cx: &'a mut Context<'c>,
}

impl Checker<'_, '_> {
    fn all(&mut self, steps: &mut [Step], place: Place) {
        if let Some(step) = steps.get(MAX_STEPS) {
            let message = format!("there are more than {MAX_STEPS} steps here");
            self.cx.mistake(Code::BadInput, step.span, message);
        }
        for step in steps.iter_mut().take(MAX_STEPS) {
            step.checked = self.step(step, place);
        }
    }

    fn step(&mut self, step: &Step, place: Place) -> Option<CheckedStep> {
        let declaration = self.nodes.get(&step.node.value)?.clone()?;
        self.fits(&declaration, step, place)?;
        let mut checked = CheckedStep {
            declaration: declaration.clone(),
            values: Map::new(),
            files: Vec::new(),
            inputs: Vec::new(),
        };
        for entry in &step.values {
            match (declaration.param(&entry.key), declaration.input(&entry.key)) {
                (Some(param), _) => self.param(param, entry, step, &mut checked),
                (None, Some(input)) if Some(input) != declaration.main() => {
                    self.input(input, entry, step, &mut checked);
                }
                _ => self.unknown(&declaration, entry),
            }
        }
        self.complete(&declaration, step, &mut checked);
        Some(checked)
    }

    fn fits(&mut self, declaration: &Declaration, step: &Step, place: Place) -> Option<()> {
        let name = &declaration.name;
        let wrong = match (declaration.sense, place) {
            (Sense::Part, _) => {
                format!("`{name}` gives neither pictures nor sound: it is a part of other nodes")
            }
            (Sense::Clip, Place::Cue) => format!("`{name}` gives pictures, and a cue has none"),
            _ if declaration.main().is_none() => {
                format!("`{name}` takes nothing to work on: it is a part of other nodes")
            }
            _ => return Some(()),
        };
        self.cx.mistake(Code::NotAStep, step.node.span, wrong);
        None
    }

    fn unknown(&mut self, declaration: &Declaration, entry: &Entry) {
        let main = declaration.main();
        let inputs = declaration.inputs.iter().filter(|input| Some(*input) != main);
        let names: Vec<&str> = declaration
            .params
            .iter()
            .map(|param| param.name.as_str())
            .chain(inputs.map(|input| input.name.as_str()))
            .collect();
        let help =
            self.cx.suggest(&entry.key, names.iter().copied()).unwrap_or_else(|| match names.as_slice() {
                [] => format!("`{}` takes no parameters", declaration.name),
                names => format!("`{}` takes {}", declaration.name, names.join(", ")),
            });
        let message = format!("`{}` has no parameter `{}`", declaration.name, entry.key);
        self.cx.mistake(Code::UnknownParameter, entry.key_span, message).help(help);
    }

    fn complete(&mut self, declaration: &Declaration, step: &Step, checked: &mut CheckedStep) {
        let written = |name: &str| step.values.iter().any(|entry| entry.key == name);
        for param in declaration.params.iter().filter(|param| !written(&param.name)) {
            match &param.default {
                Some(Json::Null) => {}
                Some(default) => {
                    checked.values.insert(param.name.clone(), self.default(param, default));
                }
                None => {
                    let message = format!("`{}` needs `{}:`", declaration.name, param.name);
                    self.cx.mistake(Code::BadParameter, step.node.span, message).help(format!(
                        "{}: {}",
                        param.ty.expected(),
                        param.doc
                    ));
                }
            }
        }
        let needed =
            declaration.inputs.iter().filter(|input| !input.optional && Some(*input) != declaration.main());
        for input in needed.filter(|input| !written(&input.name)) {
            let message = format!("`{}` needs `{}:`", declaration.name, input.name);
            self.cx.mistake(Code::BadInput, step.node.span, message).help(input.doc.clone());
        }
    }

    /// A default as the value is kept: a time in pictures of the film.
    fn default(&self, param: &Param, default: &Json) -> Json {
        match (&param.ty, default.as_f64()) {
            (ParamType::Time, Some(seconds)) => {
                json!(self.rate.frames_near((seconds * 1_000_000.0).round() as i64, 1_000_000).0)
            }
            _ => default.clone(),
        }
    }

    fn param(&mut self, param: &Param, entry: &Entry, step: &Step, checked: &mut CheckedStep) {
        if matches!(entry.value.value, Value::Broken) {
            return;
        }
        if param.ty == ParamType::File {
            let Some(text) = self.text(&entry.value, &param.ty.expected()) else { return };
            let file = FilePath { written: text, base: step.base.clone() };
            if let Err(error) = self.world.locate(&file.base, &file.written) {
                let mistake = file_mistake(&error, &file.written, &file.base, entry.value.span, self.world);
                return self.cx.mistakes.push(mistake);
            }
            checked.files.push((param.name.clone(), Spanned::new(file, entry.value.span)));
            return;
        }
        match self.value(&param.ty, &entry.value) {
            Some(value) => {
                checked.values.insert(param.name.clone(), value);
            }
            None => {
                let found = entry
                    .value
                    .text()
                    .map_or_else(|| entry.value.kind().to_owned(), |text| format!("`{text}`"));
                let message = format!("`{}` takes {}, not {found}", param.name, param.ty.expected());
                let mut nearest = None;
                if let (ParamType::Choice(words), Some(text)) = (&param.ty, entry.value.text()) {
                    nearest = self.cx.suggest(text, words.iter().map(String::as_str));
                }
                let help = nearest.unwrap_or_else(|| param.doc.clone());
                self.cx.mistake(Code::BadParameter, entry.value.head(), message).help(help);
            }
        }
    }

    fn value(&self, ty: &ParamType, node: &Node) -> Option<Json> {
        if let ParamType::Numbers { count } = ty {
            let Value::Seq(items) = &node.value else { return None };
            let fits = count.is_none_or(|count| count == items.len()) && items.len() <= 1024;
            let numbers: Option<Vec<Json>> = items.iter().map(|item| number(item.text()?)).collect();
            return numbers.filter(|_| fits).map(Json::Array);
        }
        let text = node.text()?.trim();
        match ty {
            ParamType::Number { min, max, whole } => {
                let percent = text.strip_suffix('%').filter(|_| !whole).map(str::trim_end);
                let value = match percent {
                    Some(percent) => number(percent)?.as_f64()? / 100.0,
                    None => number(text)?.as_f64()?,
                };
                let fits = (*min..=*max).contains(&value) && (!whole || value.fract() == 0.0);
                fits.then(|| if *whole { json!(value as i64) } else { json!(value) })
            }
            ParamType::Boolean => match text {
                "true" | "yes" => Some(json!(true)),
                "false" | "no" => Some(json!(false)),
                _ => None,
            },
            ParamType::Text => (text.len() <= MAX_TEXT).then(|| json!(text)),
            ParamType::Choice(words) => words.iter().find(|word| *word == text).map(|word| json!(word)),
            ParamType::Colour => {
                let digits = text.strip_prefix('#')?;
                let good =
                    matches!(digits.len(), 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                good.then(|| json!(text.to_ascii_lowercase()))
            }
            ParamType::Time => {
                let time = parse_time(text).ok().or_else(|| parse_time(&format!("{text}s")).ok())?;
                let frames = time.frames(self.rate);
                (frames.0 >= 0).then(|| json!(frames.0))
            }
            ParamType::Numbers { .. } | ParamType::File => None,
        }
    }

    fn text(&mut self, node: &Node, expected: &str) -> Option<String> {
        self.cx.scalar(node, expected).map(str::to_owned)
    }

    fn input(&mut self, input: &Input, entry: &Entry, step: &Step, checked: &mut CheckedStep) {
        let items = match &entry.value.value {
            Value::Broken => return,
            Value::Seq(items) if input.many => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        for item in items {
            let Some(text) = self.text(item, &expected(input)) else { continue };
            let Some(found) = self.refer(input, &text, item, step) else { continue };
            checked.inputs.push((input.name.clone(), Spanned::new(found, item.span)));
        }
    }

    /// Whether a file is what enters there.
    fn medium(&mut self, input: &Input, file: &FilePath, item: &Node) -> Option<()> {
        let found = self.world.locate(&file.base, &file.written).and_then(|path| self.world.facts(&path));
        let fits = match found {
            Ok(MediaFacts::Still { .. }) => input.ty != PortType::Sound,
            Ok(MediaFacts::Footage { .. }) => input.ty != PortType::Sound,
            Ok(MediaFacts::Sound { .. }) => input.ty == PortType::Sound,
            Err(error) => {
                self.cx.mistakes.push(file_mistake(&error, &file.written, &file.base, item.span, self.world));
                return None;
            }
        };
        if !fits {
            let message = format!("`{}` is not what `{}` takes", file.written, input.name);
            self.cx.mistake(Code::WrongMedium, item.span, message).help(format!("write {}", expected(input)));
            return None;
        }
        Some(())
    }

    /// A shot, a cue, or a file, by which of them there is.
    fn refer(&mut self, input: &Input, text: &str, item: &Node, step: &Step) -> Option<StepInput> {
        let pictures = matches!(input.ty, PortType::Clip | PortType::Still);
        let sounds = input.ty == PortType::Sound;
        if !pictures && !sounds {
            let message = format!(
                "`{}` takes what another node gives, and only a node that expands feeds it",
                input.name
            );
            self.cx.mistake(Code::BadInput, item.span, message);
            return None;
        }
        if self.names.shots.iter().any(|name| name == text) {
            let (scene, shot) = text.split_once('.')?;
            return Some(StepInput::Shot(scene.to_owned(), shot.to_owned()));
        }
        if sounds && self.names.cues.iter().any(|name| name == text) {
            return Some(StepInput::Cue(text.to_owned()));
        }
        let named = text.split_once('.').is_some_and(|(scene, shot)| is_name(scene) && is_name(shot));
        let file = FilePath { written: text.to_owned(), base: step.base.clone() };
        let there = self.world.locate(&file.base, &file.written).is_ok();
        if there || (!named && (!sounds || text.contains(['/', '.']))) {
            self.medium(input, &file, item)?;
            return Some(StepInput::File(file));
        }
        if !self.names.whole {
            return None;
        }
        let cues: &[String] = if sounds { &self.names.cues } else { &[] };
        let known = self.names.shots.iter().chain(cues).map(String::as_str);
        let help = self.cx.suggest(text, known).unwrap_or_else(|| format!("write {}", expected(input)));
        let message = format!("there is no `{text}` to enter `{}`", input.name);
        self.cx.mistake(Code::BadInput, item.span, message).help(help);
        None
    }
}

fn expected(input: &Input) -> String {
    match input.ty {
        PortType::Sound => "a cue, a shot (`scene.shot`) or a sound file".into(),
        PortType::Clip | PortType::Still => "a shot (`scene.shot`), footage or a still".into(),
        _ => "what another node gives".into(),
    }
}

/// A number as JSON keeps it, if it is one and finite.
fn number(text: &str) -> Option<Json> {
    text.trim().parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| json!(value))
}

/// Tells shots that would be made from themselves.
fn circles(board: &Storyboard, cx: &mut Context<'_>) {
    let mut users: BTreeMap<String, Vec<(String, &Spanned<StepInput>)>> = BTreeMap::new();
    for scene in &board.scenes {
        for shot in &scene.shots {
            let name = format!("{}.{}", scene.name.value, shot.name.value);
            let steps = shot.steps.iter().chain(&scene.steps).chain(&board.steps);
            let inputs = steps.filter_map(|step| step.checked.as_ref()).flat_map(|step| &step.inputs);
            for (_, input) in inputs {
                if let StepInput::Shot(scene, shot) = &input.value {
                    users.entry(name.clone()).or_default().push((format!("{scene}.{shot}"), input));
                }
            }
        }
    }
    // 0: not seen, 1: on the way, 2: done.
    let mut seen: BTreeMap<&str, u8> = BTreeMap::new();
    for start in users.keys() {
        let mut trail: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, at)) = trail.pop() {
            if at == 0 && seen.get(name) == Some(&2) {
                continue;
            }
            seen.insert(name, 1);
            let Some((next, input)) = users.get(name).and_then(|all| all.get(at)) else {
                seen.insert(name, 2);
                continue;
            };
            trail.push((name, at + 1));
            match users.get_key_value(next) {
                Some((next, _)) if seen.get(next.as_str()) == Some(&1) => {
                    let message = format!("`{name}` would be made from itself");
                    if !cx.mistakes.iter().any(|one| one.code == Code::BadInput && one.span == input.span) {
                        cx.mistake(Code::BadInput, input.span, message)
                            .help("leave out the shot that this step is at work on");
                    }
                }
                Some((next, _)) => trail.push((next, 0)),
                None => {}
            }
        }
    }
}
