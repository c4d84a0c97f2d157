//! Storyboards built by hand, for tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::storyboard::Storyboard;
use crate::storyboard::types::*;
use crate::units::{Digest, Rate, Samples, Size};
use crate::world::{MediaFacts, Tool, World, WorldError};

/// A world whose files are what their names say: `*.png` stills, `*.mp4` footage of 10 s at 25
/// pictures a second with sound, `*.wav` sounds of 60 s.
pub struct NamedWorld;

impl World for NamedWorld {
    fn root(&self) -> &Path {
        Path::new("/project")
    }

    fn locate(&self, base: &Path, written: &str) -> Result<PathBuf, WorldError> {
        let path = self.root().join(base).join(written);
        if written.contains("gone") { Err(WorldError::Missing(path)) } else { Ok(path) }
    }

    fn text(&self, path: &Path, _: u64) -> Result<Arc<str>, WorldError> {
        Err(WorldError::Missing(path.to_owned()))
    }

    fn digest(&self, path: &Path) -> Result<Digest, WorldError> {
        Ok(Digest::of(path.to_string_lossy().as_bytes()))
    }

    fn facts(&self, path: &Path) -> Result<MediaFacts, WorldError> {
        Ok(match path.extension().and_then(|ending| ending.to_str()) {
            Some("mp4") => MediaFacts::Footage {
                size: Size { width: 640, height: 480 },
                rate: Rate { num: 25, den: 1 },
                frames: 250,
                sound: true,
            },
            Some("wav") => MediaFacts::Sound { samples: Samples(60 * 48_000), channels: 2 },
            _ => MediaFacts::Still { size: Size { width: 640, height: 480 } },
        })
    }

    fn tool(&self, _: Tool) -> Option<Digest> {
        Some(Digest::of(b"tool"))
    }

    fn sequence(&self, _: &Path, _: &str) -> Result<Option<Vec<PathBuf>>, WorldError> {
        Ok(None)
    }

    fn neighbours(&self, _: &Path) -> Vec<String> {
        Vec::new()
    }
}

/// A value that stands nowhere.
pub fn at<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span::default() }
}

/// Text that stands nowhere.
pub fn text(value: &str) -> Spanned<String> {
    at(value.to_owned())
}

/// A file of the project.
pub fn file(written: &str) -> Spanned<FilePath> {
    at(FilePath { written: written.to_owned(), base: PathBuf::new() })
}

/// A shot of `frames` pictures in which `action` happens.
pub fn shot(name: &str, frames: i64, action: &str) -> Shot {
    Shot {
        name: text(name),
        action: Some(text(action)),
        prompt: None,
        place: None,
        setting: None,
        characters: Vec::new(),
        props: Vec::new(),
        style: Style::default(),
        duration: Some(at(Time::Frames(frames))),
        material: None,
        sketch: None,
        sound: Vec::new(),
        dialogue: Vec::new(),
        edits: Vec::new(),
        steps: Vec::new(),
        candidates: None,
    }
}

/// A scene.
pub fn scene(name: &str, transition: Transition, shots: Vec<Shot>) -> Scene {
    Scene {
        name: text(name),
        place: None,
        setting: None,
        style: Style::default(),
        steps: Vec::new(),
        shots,
        transition: at(transition),
    }
}

/// A storyboard of small pictures.
pub fn board(rate: (u32, u32), scenes: Vec<Scene>) -> Storyboard {
    Storyboard {
        title: Some(text("Test")),
        film: FilmFormat {
            size: Size { width: 320, height: 180 },
            rate: Rate::new(rate.0, rate.1).unwrap(),
            ..FilmFormat::default()
        },
        language: Language::default(),
        style: Style::default(),
        characters: Default::default(),
        places: Default::default(),
        props: Default::default(),
        scenes,
        steps: Vec::new(),
        score: Vec::new(),
        loudness: Loudness::default(),
    }
}

/// A sound made from words.
pub fn sound(words: &str) -> ShotSound {
    ShotSound::Words { text: text(words), gain_millibels: 0 }
}

/// A spoken line.
pub fn line(speaker: &str, words: &str) -> Line {
    Line {
        speaker: text(speaker),
        text: text(words),
        at: None,
        file: None,
        voice: Voice::default(),
        gain_millibels: 0,
    }
}

/// A cue over the whole film.
pub fn cue(name: &str, prompt: &str) -> Cue {
    Cue {
        name: text(name),
        music: Music::Prompt(text(prompt)),
        from: at(Mark::Start),
        to: at(Mark::End),
        under_dialogue_millibels: -900,
        gain_millibels: 0,
        fade_in: None,
        fade_out: None,
        steps: Vec::new(),
        seed: None,
        model: None,
    }
}

/// A small film with a character, a place, a prop, every transition, edits, footage and a cue.
pub fn keeper() -> Storyboard {
    let second = |n| Time::Seconds { num: n, den: 1 };
    let mut wide = shot("wide", 144, "waves burst over the rocks, gulls wheel");
    wide.style.camera = Some(text("push in"));
    wide.sound = vec![sound("surf, wind, gulls")];
    let mut rail = shot("rail", 120, "@mara grips the rail and looks out to sea, then @mara lifts @lamp");
    rail.style.camera = Some(text("handheld close-up"));
    rail.dialogue = vec![line("mara", "She is late tonight."), line("narrator", "So it began.")];
    rail.edits =
        vec![edit(Change::Replace { what: text("the wooden rail"), with: text("a rusted iron rail") })];
    let mut stairs = shot("stairs", 96, "a spiral stair climbs into the dark");
    stairs.candidates = Some(at(3));
    let mut sea = shot("sea", 72, "");
    sea.action = None;
    sea.material = Some(Material::Footage {
        file: file("sea.mp4"),
        sequence: None,
        from: Some(at(second(2))),
        to: None,
        fit: Fit::Crop,
        speed: (1, 1),
        keep_sound: true,
    });
    let mut chart = shot("chart", 96, "");
    chart.action = None;
    chart.material = Some(Material::Still { file: file("chart.png"), fit: Fit::Pad });
    let mut board = board(
        (24, 1),
        vec![
            scene("cliff", Transition::Dissolve(second(1)), vec![wide, rail]),
            scene("tower", Transition::Wipe(Time::Frames(12), WipeDirection::Left), vec![stairs, sea]),
            scene("night", Transition::Fade(second(1)), vec![chart]),
        ],
    );
    board.title = Some(text("The Keeper"));
    board.style.look = Some(text("35mm film, soft dawn light"));
    board.style.avoid = Some(text("text, watermark"));
    board.style.seed = Some(at(7));
    board.scenes[0].place = Some(text("cliff"));
    board.scenes[0].setting = Some(text("dawn, wind rising"));
    board.film.timecode = 86_400;
    board.characters.insert(
        "mara".into(),
        Character {
            name_span: Span::default(),
            description: Some(text("a lighthouse keeper in her sixties, yellow raincoat, grey braid")),
            reference: vec![file("mara.png")],
            voice: Voice { pitch: Some(Pitch::Low), pace: Some(Pace::Slow), accent: None },
        },
    );
    board.places.insert(
        "cliff".into(),
        Place {
            name_span: Span::default(),
            description: text("a lighthouse on a basalt cliff above a stormy sea"),
            reference: Vec::new(),
        },
    );
    board.props.insert(
        "lamp".into(),
        Prop {
            name_span: Span::default(),
            description: text("a dented brass storm lamp"),
            reference: Vec::new(),
        },
    );
    board.score = vec![cue("theme", "solo cello, slow, D minor, 60 bpm, longing")];
    board
}

/// An edit of the whole frame.
pub fn edit(change: Change) -> Edit {
    Edit { change, region: None, strength: 1000, span: Span::default() }
}
