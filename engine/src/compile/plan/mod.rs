//! The plan: what a render of the film is made of, what of it is done and what is left, with
//! estimates; and what every shot asks of its model, word by word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::assemble::shape_name;
use super::film::{Film, FilmShot, Picture, SoundSource};
use super::lower::Lowered;
use super::prompt::PromptReader;
use super::seed::{Purpose, derive};
use crate::graph::{NodeIndex, StepId, inputs};
use crate::kinds::{PortType, Storage};
use crate::run::Span;
use crate::units::{Digest, Frames, Rate, Samples, Size};

mod check;
mod read;
mod svg;
mod table;
mod timeline;

pub use read::{MAX_BYTES, MAX_DEPTH, MAX_MEMORY, MAX_TEXT, Place, PlanError};
pub use svg::svg;
pub use table::table;

/// Raised when the meaning of a field changes.
pub const PLAN_VERSION: u32 = 1;

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of this format.
    pub plan: u32,
    /// The film's title.
    pub title: String,
    /// Its size.
    pub size: Size,
    /// Its rate.
    pub rate: Rate,
    /// Pictures in the whole film.
    pub frames: Frames,
    /// Samples in the whole film.
    pub samples: Samples,
    /// The first picture's timecode, in frames.
    pub timecode: i64,
    /// The runs of its pictures that are rendered: all of them, or a part.
    pub ranges: Vec<(Frames, Frames)>,
    /// Scenes with their shots.
    pub scenes: Vec<PlanScene>,
    /// The score.
    pub cues: Vec<PlanCue>,
    /// Every node; inputs before their users.
    pub nodes: Vec<PlanNode>,
    /// The files that come of it.
    pub outputs: Vec<PlanOutput>,
    /// Sums.
    pub totals: Totals,
}

/// A scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanScene {
    /// Its name.
    pub name: String,
    /// Its first picture.
    pub start: Frames,
    /// Its length.
    pub frames: Frames,
    /// Into the next: `dissolve`, `wipe left`; `cut` where there is none.
    pub transition: String,
    /// Pictures of the transition.
    pub transition_frames: Frames,
    /// Its shots.
    pub shots: Vec<PlanShot>,
}

/// A shot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanShot {
    /// From 1, over the whole film.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its first picture.
    pub start: Frames,
    /// Its length.
    pub frames: Frames,
    /// `generate`, `personalize`, `footage` or `still`.
    pub source: String,
    /// The prompt as the model reads it; empty for footage.
    pub caption: String,
    /// What must not be seen.
    pub avoid: String,
    /// What the words ask for and the model does not draw.
    pub not_drawn: Vec<String>,
    /// Edits in order, in words.
    pub edits: Vec<String>,
    /// Custom nodes in order, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// The seed of its noise (of the first candidate).
    pub seed: u64,
    /// How many are generated to choose from.
    pub candidates: u32,
    /// The take chosen by hand.
    pub take: Option<u32>,
    /// Words of its effects.
    pub sounds: Vec<String>,
    /// Those that the model has no sound for.
    pub not_sounded: Vec<String>,
    /// Its dialogue.
    pub lines: Vec<String>,
}

/// A cue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanCue {
    /// Its name.
    pub name: String,
    /// Its prompt, or the file's name.
    pub music: String,
    /// Words of the prompt that change nothing in the music.
    pub not_sounded: Vec<String>,
    /// Its first sample.
    pub at: Samples,
    /// Its length.
    pub samples: Samples,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its result is there.
    Done,
    /// It is still to run.
    Todo,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanNode {
    /// Its step id.
    pub step: Digest,
    /// `encode@1`.
    pub kind: String,
    /// Where it belongs: `cliff.wide core`.
    pub label: String,
    /// The scene, where it belongs to one.
    pub scene: Option<String>,
    /// The shot, where it belongs to one.
    pub shot: Option<String>,
    /// Its parameters.
    pub params: Value,
    /// What enters it.
    pub inputs: Vec<PlanInput>,
    /// Whether its result is written to the cache.
    pub stored: bool,
    /// Done or to do. A streamed node is to do where something that reads it is.
    pub state: State,
    /// Where a stored node that is to do would run, by the estimates: `cpu:1`.
    pub device: Option<String>,
    /// When it would begin there, in milliseconds from the beginning ...
    #[serde(default)]
    pub begin: Option<u64>,
    /// ... and end.
    #[serde(default)]
    pub end: Option<u64>,
    /// Estimated milliseconds on one worker.
    pub millis: u64,
    /// Estimated bytes of memory.
    pub memory: u64,
    /// Estimated bytes written.
    pub disk: u64,
}

/// What enters a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanInput {
    /// The port.
    pub port: String,
    /// The place among several.
    pub index: u32,
    /// The giving node, by its place in `nodes`.
    pub from: u32,
    /// The giving node's port.
    pub output: String,
}

/// A file that comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanOutput {
    /// Relative to the version's folder.
    pub path: String,
    /// The giving node, by its place in `nodes`.
    pub node: u32,
    /// From which port.
    pub port: String,
}

/// Sums.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Stored nodes.
    pub stored: u32,
    /// Of them, those to do.
    pub todo: u32,
    /// Their time, were one worker to do it all.
    pub work_millis: u64,
    /// The time on the devices.
    pub millis: u64,
    /// The workers' memory at its peak, in bytes, all of them together.
    pub memory: u64,
    /// What they will write.
    pub disk: u64,
    /// The devices.
    pub devices: Vec<String>,
}

/// What is known of the nodes of a graph, each list by [`NodeIndex::index`].
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Which stored nodes are to do.
    pub todo: Vec<bool>,
    /// Milliseconds, recorded or estimated.
    pub millis: Vec<u64>,
    /// Bytes of their artifacts, recorded or estimated.
    pub disk: Vec<u64>,
    /// Bytes of memory, recorded or estimated.
    pub memory: Vec<u64>,
    /// Where and when those to do would run.
    pub spans: Vec<Option<Span>>,
    /// The workers' memory at its peak, all of them together.
    pub peak_memory: u64,
    /// The time on the devices.
    pub wall_millis: u64,
    /// The devices' names.
    pub devices: Vec<String>,
}

impl Facts {
    /// Nothing is recorded: everything is to do, on one worker.
    pub fn unknown(lowered: &Lowered) -> Self {
        let millis: Vec<u64> = lowered.graph.node_weights().map(|node| node.need.millis).collect();
        Self {
            todo: vec![true; millis.len()],
            memory: lowered.graph.node_weights().map(|node| node.need.memory).collect(),
            spans: one_after_another(&millis),
            peak_memory: lowered.graph.node_weights().map(|node| node.need.memory).max().unwrap_or(0),
            disk: vec![0; millis.len()],
            wall_millis: millis.iter().sum(),
            millis,
            devices: vec!["cpu:0".into()],
        }
    }
}

fn one_after_another(millis: &[u64]) -> Vec<Option<Span>> {
    let mut end = 0;
    let span = |millis: &u64| {
        let begin = end;
        end += millis;
        Some(Span { device: 0, begin, end })
    };
    millis.iter().map(span).collect()
}

/// The plan of `lowered`, whose nodes are `steps`.
pub fn plan(
    film: &Film,
    lowered: &Lowered,
    steps: &[StepId],
    facts: &Facts,
    reader: &dyn PromptReader,
) -> Plan {
    let nodes = nodes(lowered, steps, facts);
    let left: Vec<&PlanNode> = nodes.iter().filter(|node| node.stored && node.state == State::Todo).collect();
    let totals = Totals {
        stored: nodes.iter().filter(|node| node.stored).count() as u32,
        todo: left.len() as u32,
        work_millis: left.iter().map(|node| node.millis).sum(),
        millis: facts.wall_millis,
        memory: if left.is_empty() { 0 } else { facts.peak_memory },
        disk: left.iter().map(|node| node.disk).sum(),
        devices: facts.devices.clone(),
    };
    let outputs = lowered.outputs.iter().map(|output| PlanOutput {
        path: output.path.clone(),
        node: output.node.index() as u32,
        port: output.port.to_owned(),
    });
    Plan {
        plan: PLAN_VERSION,
        title: film.title.clone(),
        size: film.size,
        rate: film.rate,
        frames: film.frames,
        samples: film.samples,
        timecode: film.timecode,
        ranges: lowered.ranges.clone(),
        scenes: scenes(film, reader),
        cues: cues(film, reader),
        outputs: outputs.collect(),
        nodes,
        totals,
    }
}

/// What `film` asks for in words and its models cannot make: where, and what, as the plan lists it.
pub fn left_out(film: &Film, reader: &dyn PromptReader) -> Vec<LeftOut> {
    let mut all = Vec::new();
    let mut tell = |place: &str, kind, what: Vec<String>| {
        if !what.is_empty() {
            all.push(LeftOut { place: place.to_owned(), kind, what });
        }
    };
    for (index, shot) in film.shots.iter().enumerate() {
        let planned = self::shot(film, index, reader);
        tell(&shot.full_name(), "not drawn", planned.not_drawn);
        tell(&shot.full_name(), "no sound for", planned.not_sounded);
    }
    for cue in cues(film, reader) {
        tell(&cue.name, "not played", cue.not_sounded);
    }
    all
}

/// What of a shot or cue is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// `cliff.wide`, or the cue's name.
    pub place: String,
    /// How it is left out: `not drawn`, `no sound for`, `not played`.
    pub kind: &'static str,
    /// The words.
    pub what: Vec<String>,
}

/// The JSON Schema of a plan.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Plan)
}

fn scenes(film: &Film, reader: &dyn PromptReader) -> Vec<PlanScene> {
    let scene = |scene: &super::film::FilmScene| PlanScene {
        name: scene.name.clone(),
        start: scene.start,
        frames: scene.frames,
        transition: scene.outgoing.map_or("cut", |transition| shape_name(transition.shape)).to_owned(),
        transition_frames: scene.outgoing.map_or(Frames(0), |transition| transition.frames),
        shots: scene.shots.clone().map(|index| shot(film, index, reader)).collect(),
    };
    film.scenes.iter().map(scene).collect()
}

fn shot(film: &Film, index: usize, reader: &dyn PromptReader) -> PlanShot {
    let shot = &film.shots[index];
    let generated = matches!(shot.picture, Picture::Generated { .. });
    PlanShot {
        number: index as u32 + 1,
        name: shot.name.clone(),
        start: shot.start,
        frames: shot.frames,
        source: source(shot).to_owned(),
        caption: if generated { shot.prompt.caption.clone() } else { shot.prompt.camera.clone() },
        avoid: if generated { shot.prompt.avoid.clone() } else { String::new() },
        not_drawn: if generated { reader.not_drawn(&shot.prompt) } else { Vec::new() },
        edits: shot.edits.iter().map(super::picture::in_words).collect(),
        steps: shot.steps.iter().chain(&shot.sound_steps).map(super::steps::in_words).collect(),
        seed: derive(
            shot.seed,
            Purpose::Picture,
            shot.ordinal,
            shot.take.map_or(0, |take| take.saturating_sub(1)),
        ),
        candidates: shot.candidates,
        take: shot.take,
        sounds: shot.sounds.iter().map(|sound| heard(&sound.source)).collect(),
        not_sounded: shot.sounds.iter().flat_map(|sound| reader.not_sounded(&sound.source)).collect(),
        lines: shot.lines.iter().map(|line| format!("{}: {}", line.speaker, line.text)).collect(),
    }
}

fn source(shot: &FilmShot) -> &'static str {
    match shot.picture {
        Picture::Footage { .. } => "footage",
        Picture::Still { .. } => "still",
        Picture::Generated { .. } if super::picture::is_personal(shot) => "personalize",
        Picture::Generated { .. } => "generate",
    }
}

fn heard(source: &SoundSource) -> String {
    match source {
        SoundSource::Words { words, .. } => words.clone(),
        SoundSource::Voice { text, .. } => text.clone(),
        SoundSource::Music { prompt, .. } => prompt.clone(),
        SoundSource::File { file, .. } => {
            file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        }
    }
}

fn cues(film: &Film, reader: &dyn PromptReader) -> Vec<PlanCue> {
    let cue = |cue: &super::film::FilmCue| PlanCue {
        name: cue.name.clone(),
        music: heard(&cue.sound.source),
        not_sounded: reader.not_sounded(&cue.sound.source),
        at: cue.sound.at,
        samples: cue.sound.samples,
    };
    film.cues.iter().map(cue).collect()
}

fn nodes(lowered: &Lowered, steps: &[StepId], facts: &Facts) -> Vec<PlanNode> {
    let states = states(lowered, facts);
    let node = |index: NodeIndex| {
        let spec = &lowered.graph[index];
        let at = index.index();
        let stored = spec.kind.storage == Storage::Stored;
        let span = facts.spans.get(at).copied().flatten().filter(|_| stored);
        PlanNode {
            step: steps[at].0,
            kind: format!("{}@{}", spec.kind.name, spec.kind.version),
            label: spec.label.to_string(),
            scene: spec.label.scene.clone(),
            shot: spec.label.shot.clone(),
            params: spec.params.clone(),
            inputs: inputs(&lowered.graph, index)
                .into_iter()
                .map(|input| PlanInput {
                    port: input.port,
                    index: input.index,
                    from: input.from.index() as u32,
                    output: input.output,
                })
                .collect(),
            stored,
            state: states[at],
            device: span.and_then(|span| facts.devices.get(span.device).cloned()),
            begin: span.map(|span| span.begin),
            end: span.map(|span| span.end),
            millis: facts.millis.get(at).copied().unwrap_or(spec.need.millis),
            memory: facts.memory.get(at).copied().unwrap_or(spec.need.memory),
            disk: facts.disk.get(at).copied().unwrap_or(0),
        }
    };
    lowered.graph.node_indices().map(node).collect()
}

/// A streamed node is to do where a stored one that reads it, straight or through others, is.
fn states(lowered: &Lowered, facts: &Facts) -> Vec<State> {
    let graph = &lowered.graph;
    let mut todo = vec![false; graph.node_count()];
    for node in graph.node_indices().rev() {
        if graph[node].kind.storage == Storage::Stored {
            todo[node.index()] = facts.todo.get(node.index()).copied().unwrap_or(true);
        }
        for input in inputs(graph, node) {
            let streamed = graph[input.from].kind.storage == Storage::Streamed;
            debug_assert!(
                !streamed || graph[input.from].kind.outputs.iter().all(|port| port.ty == PortType::Clip)
            );
            if streamed && todo[node.index()] {
                todo[input.from.index()] = true;
            }
        }
    }
    todo.into_iter().map(|todo| if todo { State::Todo } else { State::Done }).collect()
}

#[cfg(test)]
mod tests;
