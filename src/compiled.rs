//! From a read storyboard to a graph with its keys: what `render`, `plan` and `why` all start from.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use storyreel_animatic::ShotText;
use storyreel_engine::compile::film::{Film, SoundSource};
use storyreel_engine::compile::{self, Lowered, PromptReader, Selection, Wants};
use storyreel_engine::graph::{Keyed, NodeIndex};
use storyreel_engine::kinds::generate::{Portrayal, Prompt};
use storyreel_engine::storyboard::types::Mark;
use storyreel_engine::storyboard::{Grade, Sources, Storyboard, Takes, parse_mark};
use storyreel_engine::units::{Digest, Rate, Size};
use storyreel_engine::world::{Tool, World};
use storyreel_synth::effects;

use crate::cli::{Cut, Source};
use crate::desk::Desk;
use crate::diagnose;
use crate::edits;
use crate::exit::{Exit, Refusal};
use crate::terminal::Paint;

/// Pictures of the longest film at the highest rate.
const LONGEST: i64 = 12 * 3600 * 240;

/// A film, its graph, and the graph's keys.
pub struct Compiled {
    /// The storyboard's files.
    pub sources: Sources,
    /// What they say.
    board: Storyboard,
    /// Seeds and takes chosen by hand.
    pub takes: Takes,
    /// The film.
    pub film: Film,
    /// What was told of the storyboard on the way, as shown.
    pub told: String,
    /// The size that `--size` asked for, where it is not the storyboard's own.
    pub resized: Option<Size>,
    /// What is wanted of it.
    wants: Wants,
    /// Why slates stand in for shots, by the shots' index.
    pub slates: BTreeMap<usize, String>,
    /// Its graph.
    pub lowered: Lowered,
    /// The graph's keys.
    pub keyed: Arc<Keyed>,
}

impl Compiled {
    /// Reads and compiles; mistakes are shown and end it.
    pub fn new(desk: &Desk, source: &Source, cut: &Cut, paint: Paint) -> anyhow::Result<Self> {
        let reading = desk.read(source);
        let told = diagnose::show(&reading.diagnostics, &reading.sources, paint);
        let mut board = reading.storyboard.ok_or_else(Refusal::shown_mistakes)?;
        let resized = resize(&mut board, cut)?;
        let takes = reading.takes;
        let film = compile::film(&board, &takes, &desk.world).map_err(|mistakes| {
            diagnose::show(&mistakes, &reading.sources, paint);
            Refusal::shown_mistakes()
        })?;
        let wants = wants(cut)?;
        let lowered = lower(&film, &wants, &BTreeMap::new())?;
        if source.verbose {
            let files: BTreeSet<&Path> = lowered
                .graph
                .node_weights()
                .flat_map(|node| node.files.iter().map(|file| file.path.as_path()))
                .collect();
            diagnose::told_read(desk.world.root(), files);
        }
        let keyed = keyed(&lowered, desk);
        refuse_without_worker(&keyed, desk)?;
        let slates = BTreeMap::new();
        Ok(Self {
            sources: reading.sources,
            board,
            takes,
            film,
            told,
            resized,
            wants,
            slates,
            lowered,
            keyed,
        })
    }

    /// Refuses edits that the model cannot make; they are shown.
    pub fn refuse_edits(&self, paint: Paint) -> anyhow::Result<()> {
        let refused = edits::refused(&self.board, &self.film);
        diagnose::show(&refused, &self.sources, paint);
        if refused.is_empty() { Ok(()) } else { Err(Refusal::shown_mistakes()) }
    }

    /// The stored nodes that give its files.
    pub fn targets(&self) -> Vec<NodeIndex> {
        let nodes: BTreeSet<NodeIndex> = self.lowered.outputs.iter().map(|output| output.node).collect();
        nodes.into_iter().collect()
    }

    /// The same with slates in place of the shots in `missing`, by their index, with why.
    pub fn with_slates(self, missing: BTreeMap<usize, String>, desk: &Desk) -> anyhow::Result<Self> {
        let lowered = lower(&self.film, &self.wants, &missing)?;
        let keyed = keyed(&lowered, desk);
        Ok(Self { slates: missing, lowered, keyed, ..self })
    }
}

fn lower(film: &Film, wants: &Wants, missing: &BTreeMap<usize, String>) -> anyhow::Result<Lowered> {
    compile::lower(film, wants, missing).map_err(|error| Refusal::usage(error.to_string()))
}

fn keyed(lowered: &Lowered, desk: &Desk) -> Arc<Keyed> {
    Arc::new(Keyed::new(lowered.graph.clone(), &|tool| desk.world.tool(tool)))
}

/// Without the worker's libraries the keys would be those of another machine: everything would seem to do.
fn refuse_without_worker(keyed: &Keyed, desk: &Desk) -> anyhow::Result<()> {
    let asked = keyed.tools.get(&Tool::Encoder).is_some_and(Option::is_none);
    match desk.toolbox.trouble().filter(|_| asked) {
        Some(trouble) => {
            let help = "build or install storyreel and storyreel-worker together";
            Err(Refusal::new(Exit::Refused, trouble).help(help).into())
        }
        None => Ok(()),
    }
}

fn wants(cut: &Cut) -> anyhow::Result<Wants> {
    let selection = Selection {
        shots: cut.shots.clone(),
        from: mark(cut.from.as_deref())?,
        to: mark(cut.to.as_deref())?,
    };
    Ok(Wants {
        film: !cut.stills,
        shots_mov: cut.movs,
        stills: cut.stills,
        only: (selection != Selection::default()).then_some(selection),
    })
}

fn mark(text: Option<&str>) -> anyhow::Result<Option<Mark>> {
    let read = |text: &str| {
        let wrong = || {
            Refusal::usage(format!(
                "`{text}` is no moment of a film: write a time such as 0:30, a scene, or scene.shot"
            ))
        };
        match parse_mark(text).ok_or_else(wrong)? {
            Mark::At(time) if !(0..=LONGEST).contains(&time.frames(Rate { num: 24, den: 1 }).0) => {
                let message = format!("`{text}` is no time of a film: films last up to twelve hours");
                Err(Refusal::usage(message))
            }
            // A number that is no time is not meant as a name.
            Mark::Scene(name) if name.trim_end_matches(['f', 's']).bytes().all(|b| b.is_ascii_digit()) => {
                Err(wrong())
            }
            mark => Ok(mark),
        }
    };
    text.map(read).transpose()
}

/// `--size` and `--draft` stand in for the storyboard's own size. Answers the size that `--size` gave, where
/// that is another.
fn resize(board: &mut Storyboard, cut: &Cut) -> anyhow::Result<Option<Size>> {
    let own = board.film.size;
    if let Some(text) = &cut.size {
        board.film.size = size(text).ok_or_else(|| {
            Refusal::usage(format!(
                "`{text}` is no size: write two even numbers from 16 to 8192, such as 640x360"
            ))
        })?;
        return Ok(Some(board.film.size).filter(|size| *size != own));
    }
    if cut.draft {
        board.film.quality = Grade::Draft.quality();
        let even = |length: u32| (length / 4 * 2).max(16);
        board.film.size = Size { width: even(own.width), height: even(own.height) };
    }
    Ok(None)
}

fn size(text: &str) -> Option<Size> {
    let (width, height) = text.split_once('x')?;
    let fits = |length: &u32| (16..=8192).contains(length) && length.is_multiple_of(2);
    let length = |text: &str| text.trim().parse::<u32>().ok().filter(fits);
    Some(Size { width: length(width)?, height: length(height)? })
}

/// A prompt in the picture model's terms.
pub fn shot_text(prompt: &Prompt) -> ShotText {
    let portray = |one: &Portrayal| storyreel_animatic::Portrayal {
        name: one.name.clone(),
        description: one.description.clone(),
    };
    ShotText {
        caption: prompt.caption.clone(),
        avoid: prompt.avoid.clone(),
        action: prompt.action.clone(),
        camera: prompt.camera.clone(),
        setting: prompt.setting.clone(),
        look: prompt.look.clone(),
        place: prompt.place.clone(),
        characters: prompt.characters.iter().map(portray).collect(),
        props: prompt.props.iter().map(portray).collect(),
    }
}

/// What the built-in models do not make of words. The same words are read once: shots of a long film share many.
#[derive(Default)]
pub struct BuiltIn {
    read: RefCell<BTreeMap<Digest, Vec<String>>>,
}

impl BuiltIn {
    /// What `read` says of `words`, or said before.
    fn once(&self, words: &impl Debug, read: impl FnOnce() -> Vec<String>) -> Vec<String> {
        let key = Digest::of(format!("{words:?}").as_bytes());
        let known = self.read.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let found = read();
            self.read.borrow_mut().insert(key, found.clone());
            found
        })
    }
}

impl PromptReader for BuiltIn {
    fn not_drawn(&self, prompt: &Prompt) -> Vec<String> {
        self.once(prompt, || not_drawn(prompt))
    }

    fn not_sounded(&self, source: &SoundSource) -> Vec<String> {
        match source {
            SoundSource::Words { words, context, action, .. } => self
                .once(&("effects", words, context, action), || {
                    effects::read(&effects::Asked { words, context, action }).not_made
                }),
            SoundSource::Music { prompt, .. } => {
                self.once(&("music", prompt), || storyreel_synth::score::read(prompt).not_made)
            }
            SoundSource::File { .. } | SoundSource::Voice { .. } => Vec::new(),
        }
    }
}

fn not_drawn(prompt: &Prompt) -> Vec<String> {
    let reading = storyreel_animatic::read(&shot_text(prompt));
    let mut not_drawn = reading.not_drawn;
    // The model takes the looks of figures from images, and nothing else's.
    let figure = |name: &str| reading.players.iter().any(|one| one.name == name && one.subject == "figure");
    let named = prompt.characters.iter().chain(&prompt.props).filter(|one| !figure(&one.name));
    let places = [("the place", &prompt.place_reference)];
    let images = named.map(|one| (one.name.as_str(), &one.reference)).chain(places);
    let unused = images.filter(|(_, images)| !images.is_empty());
    not_drawn.extend(unused.map(|(name, _)| format!("{name}'s reference image")));
    not_drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_nothing_is_drawn_from_are_told() {
        use storyreel_engine::kinds::generate::{Material, Portrayal};
        let image = vec![Material(storyreel_engine::units::Digest::of(b"image"))];
        let portrayal = |name: &str, description: &str| Portrayal {
            name: name.into(),
            description: description.into(),
            reference: image.clone(),
        };
        let prompt = Prompt {
            action: "mara lifts the lamp".into(),
            place: Some("a cliff above the sea".into()),
            place_reference: image.clone(),
            characters: vec![portrayal("mara", "an old woman in a yellow coat")],
            props: vec![portrayal("lamp", "a brass lamp")],
            ..Prompt::default()
        };
        let not_drawn = BuiltIn::default().not_drawn(&prompt);
        assert_eq!(not_drawn, ["lamp's reference image", "the place's reference image"]);
    }

    #[test]
    fn words_without_a_sound_are_told() {
        let words = |words: &str| SoundSource::Words {
            model: "synth".into(),
            words: words.into(),
            context: "a cliff above the sea".into(),
            action: String::new(),
            samples: storyreel_engine::units::Samples(48_000),
            seed: 1,
        };
        assert_eq!(BuiltIn::default().not_sounded(&words("surf, theremin")), ["theremin"]);
        assert!(BuiltIn::default().not_sounded(&words("surf, gulls")).is_empty());
    }

    #[test]
    fn sizes_are_even_and_bounded() {
        assert_eq!(size("640x360"), Some(Size { width: 640, height: 360 }));
        assert_eq!([size("641x360"), size("640"), size("8x8"), size("640x-2")], [None; 4]);
    }
}
