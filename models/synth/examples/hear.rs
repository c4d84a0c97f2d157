//! Writes what the synth makes as WAV files, with a line of measurements each, so that it can be heard
//! and seen: `cargo run --release -p storyreel-synth --example hear -- FOLDER [effects|voices|score FONT]`.

use std::error::Error;
use std::path::Path;

use storyreel_synth::mix::Meter;
use storyreel_synth::score::{CueSpec, Instruments, ScoreModel, extend};
use storyreel_synth::voice::{VoiceSpec, speak};
use storyreel_synth::{Frame, SynthError, effects};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(args.first().map_or("heard", String::as_str)).to_owned();
    std::fs::create_dir_all(&folder)?;
    let rest: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    match rest.first().copied() {
        Some("voices") => voices(&folder),
        Some("score") => {
            score(&folder, rest.get(1).copied().unwrap_or("/usr/share/sounds/sf2/default-GM.sf2"))
        }
        _ => all_effects(&folder),
    }
}

fn all_effects(folder: &Path) -> Result<(), Box<dyn Error>> {
    for (name, words) in effects::names() {
        let mut out = Vec::new();
        let asked = effects::Asked { words: words[0], ..Default::default() };
        let length = effects::Length { samples: 12 * 48_000, tail: 0 };
        effects::render(&asked, length, 7, &mut |block| keep(&mut out, block))?;
        write(folder, name, &out)?;
    }
    Ok(())
}

fn voices(folder: &Path) -> Result<(), Box<dyn Error>> {
    for (name, pitch, pace, seed) in [("mara", 25, 130, 3), ("tom", 55, 165, 4), ("child", 85, 170, 5)] {
        let spec = VoiceSpec {
            text: "She is late tonight. Where have you been, all this time?".into(),
            voice: "en-gb".into(),
            pitch,
            pace,
            seed,
        };
        write(folder, name, &speak(Path::new("espeak-ng"), &spec)?)?;
    }
    Ok(())
}

fn score(folder: &Path, font: &str) -> Result<(), Box<dyn Error>> {
    let font = Instruments::read(&mut std::fs::File::open(font)?)?;
    let prompts = [
        ("longing", "solo cello, slow, D minor, 60 bpm, longing", 90),
        ("joy", "strings and flute, joyful, G major, 120 bpm", 60),
        ("tense", "low strings, drums, tense, C minor, 100 bpm", 60),
        ("mystery", "music box and harp, mysterious, E minor, 72 bpm", 60),
        ("hope", "piano, strings, hopeful, rising, F major, 84 bpm", 70),
        ("playful", "playful clarinet and pizzicato, C major, 132 bpm", 45),
    ];
    for (name, prompt, seconds) in prompts {
        let cue = CueSpec {
            prompt: prompt.into(),
            samples: seconds * 48_000,
            segment: 30 * 48_000,
            overlap: 2 * 48_000,
            seed: 7,
            marks: vec![seconds * 16_000, seconds * 30_000],
        };
        let mut out = Vec::new();
        extend(&mut ScoreModel::new(&font, &cue)?, &cue, &mut |block| keep(&mut out, block))?;
        write(folder, name, &out)?;
    }
    Ok(())
}

fn keep(out: &mut Vec<Frame>, block: &[Frame]) -> Result<(), SynthError> {
    out.extend_from_slice(block);
    Ok(())
}

#[allow(clippy::print_stdout)]
fn write(folder: &Path, name: &str, sound: &[Frame]) -> Result<(), Box<dyn Error>> {
    let mut meter = Meter::new()?;
    meter.feed(sound)?;
    let got = meter.finish()?;
    println!("{name:14} {:6.1} s  {:6.1?} LUFS  {:6.1?} dBTP", sound.len() as f64 / 48e3, got.lufs, got.dbtp);
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 48_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut wav =
        hound::WavWriter::create(folder.join(format!("{}.wav", name.replace([' ', '\''], "_"))), spec)?;
    for x in sound.as_flattened() {
        wav.write_sample(*x)?;
    }
    wav.finalize()?;
    Ok(())
}
