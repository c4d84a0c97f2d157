//! Custom nodes of shots and cues: first what enters them is found and what expands is expanded, then they are
//! lowered like everything else.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::builder::{Builder, Enters, New};
use super::cost;
use super::film::{Film, FilmShot, FilmSound, SoundSource};
use super::materials::Materials;
use super::picture::{self, Clip, label};
use super::seed::{Ordinals, Purpose, derive};
use super::sound;
use crate::graph::{Label, MaterialFile, Need, NodeIndex};
use crate::kinds::encode::Frame;
use crate::kinds::generate::Material;
use crate::kinds::material::{Conform, Fit, Footage, Retime, StillShot};
use crate::kinds::script::{ClipShape, HOST, Script};
use crate::kinds::{self, PortType};
use crate::scripts::{Declaration, Expansion, ParamType, Sense, Source, SubKind, Subgraph};
use crate::storyboard::types::{CheckedStep, Spanned, Step, StepInput, Storyboard};
use crate::storyboard::{Code, Diagnostic};
use crate::units::{Frames, Samples};
use crate::world::MediaFacts;

/// How deep nodes that expand may stand in each other.
const MAX_DEPTH: usize = 8;
/// Nodes that one step may come to.
const MAX_NODES: usize = 512;
/// How long a way of shots made from shots may be.
const MAX_WAY: usize = 64;

/// A custom node at work.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmStep {
    /// The node.
    pub declaration: Arc<Declaration>,
    /// Its parameters, files by their digests.
    pub values: Map<String, Json>,
    /// The files among them.
    pub files: Vec<MaterialFile>,
    /// What enters besides what it works on.
    pub inputs: Vec<(String, FilmInput)>,
    /// Where its random choices derive from.
    pub seed: u64,
    /// What it expands to.
    pub expanded: Option<Expanded>,
}

/// What enters a custom node.
#[derive(Clone, Debug, PartialEq)]
pub enum FilmInput {
    /// The pictures of the shot at that place.
    Shot(usize),
    /// A sound, and where in it the node's own time begins; before it where negative.
    Sound(Box<SoundSource>, Samples),
    /// Footage.
    Footage(MaterialFile),
    /// A still picture.
    Still(MaterialFile),
}

/// A subgraph all of whose nodes work themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Expanded {
    graph: Subgraph,
    /// What nodes of it that expand came to, by their place.
    inner: BTreeMap<usize, Expanded>,
}

/// A step for people: its node, and what differs from its defaults.
pub(super) fn in_words(step: &FilmStep) -> String {
    let odd = |(name, value): (&String, &Json)| {
        let param = step.declaration.param(name)?;
        let file = param.ty == ParamType::File;
        let default = param.default.as_ref() == Some(value);
        (!file && !default)
            .then(|| format!("{name} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    };
    let odd: Vec<_> = step.values.iter().filter_map(odd).collect();
    if odd.is_empty() {
        step.declaration.name.clone()
    } else {
        format!("{} ({})", step.declaration.name, odd.join(", "))
    }
}

/// Finds what enters every step of the film.
pub(super) fn resolve(
    board: &Storyboard,
    film: &mut Film,
    materials: &mut Materials,
    ordinals: &mut Ordinals,
) {
    let shots = board.scenes.iter().flat_map(|scene| scene.shots.iter().map(move |shot| (scene, shot)));
    for (index, (scene, shot)) in shots.enumerate() {
        let written = shot.steps.iter().chain(&scene.steps).chain(&board.steps);
        let mut steps = Vec::new();
        for step in written {
            let mut resolver = Resolver {
                film,
                materials,
                ordinals,
                start: film.shots[index].start,
                base: film.shots[index].seed,
            };
            let clip = shape(film, film.shots[index].frames);
            steps.extend(resolver.step(step, clip));
        }
        let (pictures, sounds) = steps.into_iter().partition(|step| step.declaration.sense == Sense::Clip);
        (film.shots[index].steps, film.shots[index].sound_steps) = (pictures, sounds);
    }
    for cue in &board.score {
        let Some(at) = film.cues.iter().position(|one| one.name == cue.name.value) else { continue };
        let base = cue.seed.as_ref().map_or(film.seed, |seed| seed.value);
        let mut resolver = Resolver { film, materials, ordinals, start: Frames(0), base };
        let clip = shape(film, film.frames);
        let steps: Vec<_> = cue.steps.iter().filter_map(|step| resolver.step(step, clip)).collect();
        film.cues[at].steps = steps;
    }
    ways(board, film, materials);
}

fn shape(film: &Film, frames: Frames) -> ClipShape {
    ClipShape { size: film.size, rate: film.rate, frames }
}

struct Resolver<'a, 'w> {
    film: &'a Film,
    materials: &'a mut Materials<'w>,
    ordinals: &'a mut Ordinals,
    /// Where what it works on begins in the film.
    start: Frames,
    base: u64,
}

impl Resolver<'_, '_> {
    fn step(&mut self, step: &Step, clip: ClipShape) -> Option<FilmStep> {
        let CheckedStep { declaration, values, files, inputs } = step.checked.as_ref()?;
        let mut values = values.clone();
        let mut found = Vec::new();
        for (name, file) in files {
            let file = self.materials.file(file)?;
            values.insert(name.clone(), json!(file.digest));
            found.push(file);
        }
        let mut entering = Vec::new();
        for (port, input) in inputs {
            entering.push((port.clone(), self.input(declaration, port, input)?));
        }
        let said = format!("{} {}", declaration.kind.name, Json::Object(values.clone()));
        let ordinal = self.ordinals.next(Purpose::Step, self.base, &said);
        let seed = derive(self.base, Purpose::Step, ordinal, 0);
        let mut resolved = FilmStep {
            declaration: declaration.clone(),
            values,
            files: found,
            inputs: entering,
            seed,
            expanded: None,
        };
        if declaration.expands {
            resolved.expanded = Some(self.expanded(step, &resolved, clip)?);
        }
        Some(resolved)
    }

    fn input(
        &mut self,
        declaration: &Declaration,
        port: &str,
        input: &Spanned<StepInput>,
    ) -> Option<FilmInput> {
        let ty = declaration.input(port)?.ty;
        match &input.value {
            StepInput::Shot(scene, shot) => {
                let at =
                    self.film.shots.iter().position(|one| one.scene_name == *scene && one.name == *shot)?;
                if ty != PortType::Sound {
                    return Some(FilmInput::Shot(at));
                }
                let Some(sound) = self.film.shots[at].sounds.first() else {
                    return self.refuse(input, format!("`{scene}.{shot}` has no sound"));
                };
                Some(FilmInput::Sound(Box::new(sound.source.clone()), Samples(0)))
            }
            StepInput::Cue(name) => {
                let cue = self.film.cues.iter().find(|cue| cue.name == *name)?;
                let from = self.film.rate.samples_at(self.start) - cue.sound.at;
                Some(FilmInput::Sound(Box::new(cue.sound.source.clone()), from))
            }
            StepInput::File(file) => {
                let found = self.materials.path(file, input.span)?;
                match (self.materials.facts(&found, input.span)?, ty) {
                    (MediaFacts::Still { .. }, PortType::Clip | PortType::Still) => {
                        Some(FilmInput::Still(found))
                    }
                    (MediaFacts::Footage { .. }, PortType::Clip | PortType::Still) => {
                        Some(FilmInput::Footage(found))
                    }
                    (MediaFacts::Sound { samples, .. }, PortType::Sound) => {
                        let source = SoundSource::File { file: found, from: Samples(0), samples };
                        Some(FilmInput::Sound(Box::new(source), Samples(0)))
                    }
                    _ => self.refuse(input, format!("`{}` is not what `{port}` takes", file.written)),
                }
            }
        }
    }

    fn refuse<T>(&mut self, input: &Spanned<StepInput>, message: String) -> Option<T> {
        self.materials.faults.push(Diagnostic::new(Code::BadInput, input.span, message));
        None
    }

    fn expanded(&mut self, step: &Step, resolved: &FilmStep, clip: ClipShape) -> Option<Expanded> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        if let Some(main) = resolved.declaration.main() {
            counts.insert(&main.name, 1);
        }
        for (port, _) in &resolved.inputs {
            *counts.entry(port).or_default() += 1;
        }
        let inputs = counts.into_iter().map(|(port, count)| (port.to_owned(), count)).collect();
        let mut left = MAX_NODES;
        let found =
            self.expand(&resolved.declaration, &resolved.values, clip, inputs, resolved.seed, (0, &mut left));
        found
            .map_err(|reason| {
                let message = format!("`{}` could not be expanded: {reason}", resolved.declaration.name);
                self.materials.faults.push(Diagnostic::new(Code::Script, step.node.span, message));
            })
            .ok()
    }

    fn expand(
        &self,
        declaration: &Declaration,
        values: &Map<String, Json>,
        clip: ClipShape,
        inputs: Vec<(String, usize)>,
        seed: u64,
        (depth, left): (usize, &mut usize),
    ) -> Result<Expanded, String> {
        if depth == MAX_DEPTH {
            return Err(format!("nodes expand to nodes more than {MAX_DEPTH} deep"));
        }
        let asked = Expansion { declaration, values, clip, inputs, seed };
        let graph = self.materials.world.scripts().expand(&asked, self.materials.world)?;
        *left = left
            .checked_sub(graph.nodes.len())
            .ok_or_else(|| format!("this step comes to more than {MAX_NODES} nodes"))?;
        let mut inner = BTreeMap::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            let SubKind::Script(declaration, values) = &node.what else { continue };
            if !declaration.expands {
                continue;
            }
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            node.inputs.iter().for_each(|(port, _)| *counts.entry(port.clone()).or_default() += 1);
            let seed = inner_seed(seed, at);
            let counts = counts.into_iter().collect();
            inner.insert(at, self.expand(declaration, values, clip, counts, seed, (depth + 1, &mut *left))?);
        }
        Ok(Expanded { graph, inner })
    }
}

/// The seed of the node at that place of a subgraph.
fn inner_seed(seed: u64, at: usize) -> u64 {
    derive(seed, Purpose::Step, u32::try_from(at).unwrap_or(u32::MAX), 1)
}

/// Tells ways of shots made from shots that are too long to follow.
fn ways(board: &Storyboard, film: &Film, materials: &mut Materials) {
    let mut lengths: Vec<Option<usize>> = vec![None; film.shots.len()];
    for start in 0..film.shots.len() {
        let mut trail = vec![start];
        while let Some(&at) = trail.last() {
            let next = shots_entering(&film.shots[at]);
            match next.iter().find(|next| lengths[**next].is_none() && !trail.contains(next)) {
                Some(next) => trail.push(*next),
                None => {
                    let longest = next.iter().filter_map(|next| lengths[*next]).max();
                    lengths[at] = Some(longest.map_or(0, |longest| longest + 1));
                    trail.pop();
                }
            }
        }
        if lengths[start].is_some_and(|length| length > MAX_WAY) {
            let shot = board.scenes.iter().flat_map(|scene| &scene.shots).nth(start);
            let message =
                format!("this shot is made from shots made from shots, more than {MAX_WAY} in a row");
            let span = shot.map(|shot| shot.name.span).unwrap_or_default();
            materials.faults.push(Diagnostic::new(Code::BadInput, span, message));
            return;
        }
    }
}

fn shots_entering(shot: &FilmShot) -> Vec<usize> {
    let inputs = shot.steps.iter().flat_map(|step| &step.inputs);
    inputs.filter_map(|(_, input)| if let FilmInput::Shot(at) = input { Some(*at) } else { None }).collect()
}

/// The steps of `shot` over `clip`, in order.
pub(super) fn stepped(builder: &mut Builder, film: &Film, shot: &FilmShot, clip: Clip) -> Clip {
    let mut clip = clip;
    for step in &shot.steps {
        let Some(main) = step.declaration.main() else { continue };
        let shape = shape(film, shot.frames);
        let mut lower = Lower { builder, film, shape, label: label(shot, "") };
        let mut entering = Entering::new();
        entering.entry(main.name.clone()).or_default().push(Port {
            node: clip.node,
            port: "clip",
            start: Samples(0),
        });
        lower.enter(step, &mut entering);
        let (node, micros) = lower.step(step, &entering);
        clip = Clip { node: node.node, micros: clip.micros + micros };
    }
    clip
}

/// The steps over a sound that `node` gives, in order.
pub(super) fn over_sound(
    builder: &mut Builder,
    film: &Film,
    steps: &[FilmStep],
    node: NodeIndex,
    (sound, label): (&FilmSound, &Label),
) -> (NodeIndex, &'static str) {
    let mut now = (node, "sound");
    for step in steps {
        let Some(main) = step.declaration.main() else { continue };
        let frames = film.rate.frames_near(sound.samples.0, crate::units::SAMPLE_RATE);
        let mut lower = Lower { builder, film, shape: shape(film, frames), label: label.clone() };
        let mut entering = Entering::new();
        entering.entry(main.name.clone()).or_default().push(Port {
            node: now.0,
            port: now.1,
            start: Samples(0),
        });
        lower.enter(step, &mut entering);
        let (given, _) = lower.step(step, &entering);
        now = (given.node, given.port);
    }
    now
}

/// What enters a port.
#[derive(Clone, Copy)]
struct Port {
    node: NodeIndex,
    port: &'static str,
    /// Where in a sound the node's time begins.
    start: Samples,
}

type Entering = BTreeMap<String, Vec<Port>>;

struct Lower<'a> {
    builder: &'a mut Builder,
    film: &'a Film,
    shape: ClipShape,
    label: Label,
}

impl Lower<'_> {
    /// Adds what enters besides what the step works on.
    fn enter(&mut self, step: &FilmStep, entering: &mut Entering) {
        for (name, input) in &step.inputs {
            let still = step.declaration.input(name).is_some_and(|input| input.ty == PortType::Still);
            let port = self.input(input);
            let port = if still { self.frame(port) } else { port };
            entering.entry(name.clone()).or_default().push(port);
        }
    }

    fn labelled(&self, part: &str) -> Label {
        let part =
            if self.label.part.is_empty() { part.to_owned() } else { format!("{} {part}", self.label.part) };
        Label { part, ..self.label.clone() }
    }

    fn input(&mut self, input: &FilmInput) -> Port {
        let clip = |node| Port { node, port: "clip", start: Samples(0) };
        match input {
            FilmInput::Shot(at) => clip(self.shot(*at)),
            FilmInput::Sound(source, start) => {
                let node = sound::source(self.builder, source, self.labelled("sound that enters"));
                Port { node, port: "sound", start: *start }
            }
            FilmInput::Still(file) => clip(self.still(file)),
            FilmInput::Footage(file) => clip(self.footage(file)),
        }
    }

    /// The clip of the shot at that place.
    fn shot(&mut self, at: usize) -> NodeIndex {
        if let Some(known) = self.builder.entering.get(&at) {
            return *known;
        }
        let node = picture::clip(self.builder, self.film, &self.film.shots[at]).node;
        self.builder.entering.insert(at, node);
        node
    }

    fn add<P: serde::Serialize>(
        &mut self,
        kind: &'static kinds::Kind,
        params: &P,
        files: Vec<MaterialFile>,
        part: &str,
        inputs: &[Enters],
    ) -> NodeIndex {
        let label = self.labelled(part);
        self.builder.add(New { kind, params, files, need: cost::streamed(self.shape.size), label, inputs })
    }

    fn still(&mut self, file: &MaterialFile) -> NodeIndex {
        let params = StillShot {
            file: Material(file.digest),
            camera: "static".into(),
            fit: Fit::Crop,
            size: self.shape.size,
            rate: self.shape.rate,
            frames: self.shape.frames,
            seed: 0,
        };
        self.add(&kinds::STILL, &params, vec![file.clone()], "still that enters", &[])
    }

    fn footage(&mut self, file: &MaterialFile) -> NodeIndex {
        let params = Footage { files: vec![Material(file.digest)], sequence_rate: None, from_ms: 0 };
        let source = self.add(&kinds::FOOTAGE, &params, vec![file.clone()], "footage that enters", &[]);
        let params = Conform {
            size: self.shape.size,
            rate: self.shape.rate,
            frames: self.shape.frames,
            fit: Fit::Crop,
            retime: Retime::Nearest,
            speed: (1, 1),
        };
        self.add(&kinds::CONFORM, &params, Vec::new(), "conform of what enters", &[(source, "clip", "clip")])
    }

    /// The middle picture of a clip.
    fn frame(&mut self, clip: Port) -> Port {
        let params = Frame { at: Frames(self.shape.frames.0 / 2) };
        let inputs = [(clip.node, clip.port, "clip")];
        let node = self.add(&kinds::FRAME, &params, Vec::new(), "picture that enters", &inputs);
        Port { node, port: "still", start: Samples(0) }
    }

    /// What a step gives, and what each of its pictures takes.
    fn step(&mut self, step: &FilmStep, entering: &Entering) -> (Port, u64) {
        let declaration = &step.declaration;
        match &step.expanded {
            Some(expanded) => {
                let (ports, micros) =
                    self.graph(expanded, entering, step.seed, &step.files, &declaration.name);
                let output = declaration.output().unwrap_or_default();
                let given = ports.iter().find(|(name, _)| name == output).map(|(_, port)| *port);
                // Outputs are checked when a node expands.
                (given.unwrap_or(Port { node: NodeIndex::end(), port: "clip", start: Samples(0) }), micros)
            }
            None => {
                let name = declaration.name.clone();
                let node = self.run(declaration, &step.values, &step.files, step.seed, entering, &name);
                let port = declaration.output().unwrap_or_default();
                (Port { node, port, start: Samples(0) }, declaration.micros)
            }
        }
    }

    /// A node that works itself.
    fn run(
        &mut self,
        declaration: &Declaration,
        values: &Map<String, Json>,
        files: &[MaterialFile],
        seed: u64,
        entering: &Entering,
        part: &str,
    ) -> NodeIndex {
        let mut inputs: Vec<Enters> = Vec::new();
        let mut starts = BTreeMap::new();
        for port in declaration.kind.inputs {
            for enters in entering.get(port.name).into_iter().flatten() {
                inputs.push((enters.node, enters.port, port.name));
                if enters.start != Samples(0) {
                    starts.insert(port.name.to_owned(), enters.start);
                }
            }
        }
        let ports = declaration.kind.inputs.iter().chain(declaration.kind.outputs);
        let pictures = ports.into_iter().any(|port| port.ty == PortType::Clip);
        let named = |digest: &crate::units::Digest| values.values().any(|value| *value == json!(digest));
        let files: Vec<MaterialFile> = files.iter().filter(|file| named(&file.digest)).cloned().collect();
        let params = Script {
            host: HOST,
            sources: declaration.source_list(),
            inputs: declaration
                .kind
                .inputs
                .iter()
                .map(|port| (port.name.to_owned(), port.ty, port.many))
                .collect(),
            outputs: declaration.kind.outputs.iter().map(|port| (port.name.to_owned(), port.ty)).collect(),
            values: values.clone(),
            files: files.iter().map(|file| file.digest).collect(),
            clip: pictures.then_some(self.shape),
            starts,
            seed,
        };
        let texts = declaration
            .sources
            .iter()
            .filter_map(|file| Some(MaterialFile { path: file.path.clone()?, digest: file.source.digest }));
        let files = files.into_iter().chain(texts).collect();
        let label = self.labelled(part);
        let need = self.need(declaration);
        self.builder.add(New { kind: declaration.kind, params: &params, files, need, label, inputs: &inputs })
    }

    fn need(&self, declaration: &Declaration) -> Need {
        let pixels = u64::from(self.shape.size.width) * u64::from(self.shape.size.height);
        let mut need = match declaration.sense {
            Sense::Clip => cost::streamed(self.shape.size),
            _ => cost::sound(self.shape.rate.samples_at(self.shape.frames), 20),
        };
        need.memory += pixels * declaration.bytes_a_pixel;
        need
    }

    /// What a subgraph gives, by port, and what each of its pictures takes.
    fn graph(
        &mut self,
        expanded: &Expanded,
        entering: &Entering,
        seed: u64,
        files: &[MaterialFile],
        part: &str,
    ) -> (Vec<(String, Port)>, u64) {
        let mut made: Vec<Vec<(String, Port)>> = Vec::new();
        let mut total = 0;
        for (at, node) in expanded.graph.nodes.iter().enumerate() {
            let mut inputs = Entering::new();
            for (port, source) in &node.inputs {
                if let Some(from) = from(source, entering, &made) {
                    inputs.entry(port.clone()).or_default().push(from);
                }
            }
            let part = format!("{part} {}", node.label);
            let seed = inner_seed(seed, at);
            let (ports, micros) = match (&node.what, expanded.inner.get(&at)) {
                (SubKind::Script(..), Some(inner)) => self.graph(inner, &inputs, seed, files, &part),
                (SubKind::Script(declaration, values), None) => {
                    let node = self.run(declaration, values, files, seed, &inputs, &part);
                    (outputs(declaration.kind, node), declaration.micros)
                }
                (SubKind::BuiltIn(kind, params), _) => {
                    let enters: Vec<Enters> = kind
                        .inputs
                        .iter()
                        .flat_map(|port| {
                            inputs
                                .get(port.name)
                                .into_iter()
                                .flatten()
                                .map(|from| (from.node, from.port, port.name))
                        })
                        .collect();
                    (outputs(kind, self.add(kind, params, Vec::new(), &part, &enters)), cost::EDIT)
                }
            };
            total += micros;
            made.push(ports);
        }
        let given = expanded.graph.outputs.iter();
        let given = given.filter_map(|(name, source)| Some((name.clone(), from(source, entering, &made)?)));
        (given.collect(), total)
    }
}

fn outputs(kind: &'static kinds::Kind, node: NodeIndex) -> Vec<(String, Port)> {
    let port = |port: &kinds::Port| (port.name.to_owned(), Port { node, port: port.name, start: Samples(0) });
    kind.outputs.iter().map(port).collect()
}

fn from(source: &Source, entering: &Entering, made: &[Vec<(String, Port)>]) -> Option<Port> {
    match source {
        Source::Entering(port, at) => entering.get(port)?.get(*at as usize).copied(),
        Source::Node(node, port) => {
            made.get(*node)?.iter().find(|(name, _)| name == port).map(|(_, port)| *port)
        }
    }
}
