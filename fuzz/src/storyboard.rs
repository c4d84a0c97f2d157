//! The storyboard reader, and all that `storyreel check` and `storyreel plan` do with what it read: diagnostics
//! and their rendering, the models' reading of the words, the film, its graph and keys, the plan in every form.
//!
//! The first file of an input is `film.yaml`; others can be included, be its takes (`film.takes.yaml`), its
//! media by content, or `vars`, lines of `name=value` as `--var` gives them.

use std::collections::BTreeMap;

use storyreel_animatic::ShotText;
use storyreel_engine::compile::film::SoundSource;
use storyreel_engine::compile::plan::{self, Facts, Plan};
use storyreel_engine::compile::prompt::NoReader;
use storyreel_engine::compile::{self, Film, Lowered, PromptReader, Wants};
use storyreel_engine::graph::Keyed;
use storyreel_engine::kinds::generate::{Portrayal, Prompt};
use storyreel_engine::publish::{edl, otio};
use storyreel_engine::storyboard::{self, Diagnostic, Reading, Sources, Storyboard, render};
use storyreel_engine::units::{Rate, Samples, Size};
use storyreel_engine::world::{MediaFacts, MemoryWorld, World};

use crate::archive::{Part, parts};

/// Columns that reports are drawn for.
const WIDTHS: [usize; 2] = [60, 120];

/// Reads `bytes` as a project and does with it what `check` and `plan` do.
///
/// # Panics
/// Where an invariant fails.
pub fn run(bytes: &[u8]) {
    let parts = parts(bytes);
    let world = world(&parts);
    let vars = vars(&parts);
    let reading = storyboard::read(&MemoryWorld::path("film.yaml"), &vars, &world);
    told(&reading.diagnostics, &reading.sources);
    assert_eq!(
        reading.failed(),
        reading.storyboard.is_none(),
        "a storyboard is refused where there is an error, and only there: {:?}",
        reading.diagnostics
    );
    if let Some(board) = &reading.storyboard {
        compiled(board, &reading, &world);
    }
}

fn world(parts: &[Part]) -> MemoryWorld {
    let rate = Rate { num: 25, den: 1 };
    let size = Size { width: 640, height: 480 };
    let boat = MediaFacts::Footage { size, rate, frames: 250, sound: true };
    let bell = MediaFacts::Sound { samples: Samples(60 * 48_000), channels: 2 };
    let mut world = MemoryWorld::new().with_media("boat.mp4", boat).with_media("bell.wav", bell);
    for still in ["refs/mara.png", "refs/ines.png", "frames/0001.png", "frames/0002.png"] {
        world = world.with_still(still, size.width, size.height);
    }
    for part in parts.iter().skip(1).filter(|part| part.name != "vars") {
        world = world.with(part.name, part.content);
    }
    world.with("film.yaml", parts.first().map(|part| part.content).unwrap_or_default())
}

fn vars(parts: &[Part]) -> Vec<(String, String)> {
    let lines =
        parts.iter().filter(|part| part.name == "vars").map(|part| String::from_utf8_lossy(part.content));
    let texts: Vec<String> = lines.map(std::borrow::Cow::into_owned).collect();
    let pairs = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Renders `diagnostics` in every form; each must point at text that is there.
fn told(diagnostics: &[Diagnostic], sources: &Sources) {
    for one in diagnostics {
        let places = std::iter::once(one.span).chain(one.labels.iter().map(|label| label.span));
        for span in places {
            let text = sources.get(span.file).map(|source| &source.text);
            let there = text.is_some_and(|text| text.get(span.start as usize..span.end as usize).is_some());
            assert!(there, "{}: {} points beside the text: {span:?}", one.code, one.message);
        }
        assert!(!one.message.trim().is_empty(), "{} says nothing", one.code);
    }
    for (width, color) in WIDTHS.into_iter().zip([false, true]) {
        let text = render::graphical(diagnostics, sources, width, color);
        assert!(diagnostics.is_empty() || !text.is_empty(), "nothing is told");
    }
    let json = serde_json::to_string(&render::json(diagnostics, sources));
    assert!(json.is_ok(), "{json:?}");
}

fn compiled(board: &Storyboard, reading: &Reading, world: &MemoryWorld) {
    let film = match compile::film(board, &reading.takes, world) {
        Ok(film) => film,
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "a film is refused without a word");
            return told(&mistakes, &reading.sources);
        }
    };
    assert_eq!(film.samples, film.rate.samples_at(film.frames), "sound and pictures end together");
    // The words are read once: that `plan` reads them again changes nothing.
    plan::left_out(&film, &Models);
    let wants = Wants { shots_mov: true, stills: true, ..Wants::default() };
    let whole = compile::lower(&film, &wants, &BTreeMap::new());
    let Ok(lowered) = whole else { panic!("a whole film is lowered: {whole:?}") };
    planned(&film, &lowered, world);
}

fn planned(film: &Film, lowered: &Lowered, world: &MemoryWorld) {
    let keyed = Keyed::new(lowered.graph.clone(), &|tool| world.tool(tool));
    let plan = plan::plan(film, lowered, &keyed.steps, &Facts::unknown(lowered), &NoReader);
    plan::table(&plan, 100);
    plan::svg(&plan);
    let text = plan.write();
    match Plan::read(&text) {
        Ok(read) => assert!(read == plan && read.write() == text, "a plan reads as it was written"),
        Err(error) => panic!("a plan that was written is refused: {error}"),
    }
    edl::edl(film, lowered);
    otio::otio(film, lowered);
}

/// What the front's models make of words; only that they read them counts here.
struct Models;

impl PromptReader for Models {
    fn not_drawn(&self, prompt: &Prompt) -> Vec<String> {
        let portray = |one: &Portrayal| storyreel_animatic::Portrayal {
            name: one.name.clone(),
            description: one.description.clone(),
        };
        let text = ShotText {
            caption: prompt.caption.clone(),
            avoid: prompt.avoid.clone(),
            action: prompt.action.clone(),
            camera: prompt.camera.clone(),
            setting: prompt.setting.clone(),
            look: prompt.look.clone(),
            place: prompt.place.clone(),
            characters: prompt.characters.iter().map(portray).collect(),
            props: prompt.props.iter().map(portray).collect(),
        };
        storyreel_animatic::read(&text).not_drawn
    }

    fn not_sounded(&self, source: &SoundSource) -> Vec<String> {
        use storyreel_synth::{effects, score};
        match source {
            SoundSource::Words { words, context, action, .. } => {
                effects::read(&effects::Asked { words, context, action }).not_made
            }
            SoundSource::Music { prompt, .. } => score::read(prompt).not_made,
            SoundSource::File { .. } | SoundSource::Voice { .. } => Vec::new(),
        }
    }
}
