//! The score: its form, its lines, its joins.

use super::perform::{Act, Role};
use super::*;

const FONT: &str = "/usr/share/sounds/sf2/default-GM.sf2";

fn font() -> Instruments {
    Instruments::read(&mut std::fs::File::open(FONT).unwrap()).unwrap()
}

fn cue(prompt: &str, seconds: i64) -> CueSpec {
    CueSpec {
        prompt: prompt.into(),
        samples: seconds * 48_000,
        segment: 30 * 48_000,
        overlap: 2 * 48_000,
        seed: 7,
        marks: vec![],
    }
}

const PROMPTS: [&str; 6] = [
    "solo cello, slow, D minor, 60 bpm, longing",
    "strings and flute, joyful, G major, 120 bpm",
    "low strings, drums, tense, C minor",
    "music box and harp, mysterious",
    "piano, hopeful, waltz",
    "brass and timpani, epic",
];

fn rendered(cue: &CueSpec) -> Stereo {
    let mut out = Vec::new();
    let mut model = ScoreModel::new(&font(), cue).unwrap();
    extend(&mut model, cue, &mut |block| {
        out.extend_from_slice(block);
        Ok(())
    })
    .unwrap();
    out
}

fn loudness(sound: &[Frame]) -> f32 {
    let energy: f32 = sound.iter().map(|f| f[0] * f[0] + f[1] * f[1]).sum();
    10.0 * (energy / sound.len() as f32).max(1e-9).log10()
}

#[test]
fn prompts_are_read() {
    let reading = read("solo cello, slow, D minor, 60 bpm, longing");
    assert_eq!(reading.heard, ["cello", "D minor", "60 bpm", "4 beats a bar", "longing"]);
    assert!(reading.not_made.is_empty(), "{reading:?}");
    let reading = read("hurdy-gurdy and harp, B flat lydian, fast, playful, 3/4");
    assert!(reading.heard.contains(&"B flat lydian".into()), "{reading:?}");
    assert!(reading.heard.contains(&"3 beats a bar".into()) && reading.heard.contains(&"128 bpm".into()));
    assert_eq!(reading.not_made, ["hurdy-gurdy"]);
    assert!(read("F# minor").heard.contains(&"F sharp minor".into()));
}

#[test]
fn phrases_tile_the_cue_and_sections_start_at_scene_changes() {
    for prompt in PROMPTS {
        let mut cue = cue(prompt, 120);
        cue.marks = vec![30 * 48_000 + 17, 71 * 48_000 + 5];
        let model = ScoreModel::new(&font(), &cue).unwrap();
        let (form, _, _) = model.parts();
        assert_eq!(form.phrases[0].from, 0);
        for pair in form.phrases.windows(2) {
            assert_eq!(pair[0].to, pair[1].from);
        }
        for mark in &cue.marks {
            let at = form.phrases.iter().position(|p| p.from == *mark).expect("a phrase starts at the mark");
            assert_ne!(form.phrases[at].section, form.phrases[at - 1].section);
        }
        let last = form.phrases.last().unwrap();
        assert_eq!((last.to, last.ending), (form.ring, super::form::Ending::Last));
        assert!(form.phrases.iter().any(|p| p.ending == super::form::Ending::Half));
    }
}

#[test]
fn bars_stretch_only_a_little() {
    for seconds in [20, 45, 60, 97, 600] {
        let mut cue = cue("piano, calm, 70 bpm", seconds);
        cue.marks = vec![seconds * 16_000, seconds * 31_000];
        let model = ScoreModel::new(&font(), &cue).unwrap();
        let bar = 4.0 * 60.0 / 70.0;
        for p in &model.parts().0.phrases {
            let got = (p.to - p.from) as f64 / 48_000.0 / p.bars as f64;
            assert!((got / bar - 1.0).abs() < 0.34, "{seconds}: {got} for {bar}");
        }
    }
}

#[test]
fn everyone_plays_within_range_and_lets_go_of_every_key() {
    for prompt in PROMPTS {
        let model = ScoreModel::new(&font(), &cue(prompt, 90)).unwrap();
        let (form, players, _) = model.parts();
        let mut heard = vec![0; players.len()];
        for index in 0..form.phrases.len() {
            let events = model.events(index);
            let mut held: Vec<(u8, u8)> = vec![];
            for event in &events {
                let seat = players.iter().position(|p| p.channel == event.channel).unwrap();
                match event.act {
                    Act::On(key, velocity) => {
                        let range = players[seat].instrument.range;
                        let fits =
                            players[seat].role == Role::Kit || (range.0..=range.1).contains(&i32::from(key));
                        assert!(fits && (1..=127).contains(&velocity), "{prompt}: {event:?}");
                        assert!(!held.contains(&(event.channel, key)), "{prompt}: struck while held");
                        held.push((event.channel, key));
                        heard[seat] += 1;
                    }
                    Act::Off(key) => held.retain(|h| *h != (event.channel, key)),
                    Act::Control(..) => {}
                }
            }
            assert!(held.is_empty(), "{prompt}: {held:?}");
        }
        assert!(heard.iter().all(|n| *n > 0), "{prompt}: someone never plays: {heard:?}");
    }
}

#[test]
fn tunes_agree_with_their_chords_and_move_mostly_by_step() {
    for prompt in PROMPTS {
        let model = ScoreModel::new(&font(), &cue(prompt, 180)).unwrap();
        let (form, players, read) = model.parts();
        let lead = players.iter().find(|p| p.role == Role::Tune).unwrap();
        let (mut strong, mut consonant, mut steps, mut moves, mut largest) = (0, 0, 0, 0, 0);
        for phrase in &form.phrases {
            let slots = harmony::chords(read, phrase);
            let beats: f32 = slots.iter().map(|s| s.beats).sum();
            assert_eq!(beats, (phrase.bars * read.metre) as f32, "{prompt}: chords fill the phrase");
            let line = melody::line(read, phrase, &slots, 7, lead.instrument.range);
            for tone in &line {
                let slot = slots.iter().rev().find(|s| s.at <= tone.at + 0.01).unwrap();
                if tone.at % read.metre as f32 == 0.0 {
                    strong += 1;
                    consonant += usize::from(slot.chord.has(tone.pitch));
                }
            }
            for pair in line.windows(2) {
                let leap = (pair[1].pitch - pair[0].pitch).abs();
                moves += 1;
                steps += usize::from(leap <= 4);
                largest = largest.max(leap);
            }
        }
        assert!(consonant * 100 >= strong * 85, "{prompt}: {consonant} of {strong} on the beat");
        assert!(steps * 100 >= moves * 60, "{prompt}: {steps} of {moves} moves are small");
        assert!(largest <= 16, "{prompt}: {largest}");
    }
}

#[test]
fn ten_minutes_do_not_repeat() {
    let model = ScoreModel::new(&font(), &cue("piano, hopeful", 600)).unwrap();
    let (form, players, _) = model.parts();
    let lead = players.iter().find(|p| p.role == Role::Tune).unwrap().channel;
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for index in 0..form.phrases.len() {
        let keys = model.events(index).into_iter().filter(|e| e.channel == lead);
        let keys: Vec<u8> =
            keys.filter_map(|e| if let Act::On(key, _) = e.act { Some(key) } else { None }).collect();
        assert!(keys.is_empty() || !seen.contains(&keys), "phrase {index} came before");
        seen.push(keys);
    }
}

#[test]
fn a_cue_is_as_long_as_asked_and_ends_in_silence() {
    for samples in [1, 100, 24_000, 5 * 48_000 + 1, 33 * 48_000 + 77] {
        let mut cue = cue(PROMPTS[3], 1);
        cue.samples = samples;
        let out = rendered(&cue);
        assert_eq!(out.len() as i64, samples);
        assert!(out[out.len() - 1].iter().all(|x| x.abs() < 1e-4));
        assert!(out.as_flattened().iter().all(|x| x.is_finite() && x.abs() < 1.0));
    }
}

#[test]
fn joins_are_not_heard_and_equal_inputs_give_equal_bits() {
    for prompt in [PROMPTS[0], PROMPTS[4]] {
        let mut parts = cue(prompt, 40);
        parts.segment = 16 * 48_000;
        let mut whole = parts.clone();
        (whole.segment, whole.overlap) = (40 * 48_000, 0);
        let (joined, one) = (rendered(&parts), rendered(&whole));
        assert_eq!(joined, rendered(&parts));
        for at in (0..joined.len() - 4_800).step_by(4_800) {
            let (a, b) = (loudness(&joined[at..at + 4_800]), loudness(&one[at..at + 4_800]));
            assert!(b < -55.0 || (a - b).abs() < 0.5, "{prompt}: {a} for {b} dB at {at}");
        }
    }
}

#[test]
fn loudness_is_steady_from_cue_to_cue() {
    for prompt in PROMPTS {
        let out = rendered(&cue(prompt, 24));
        let mut meter = crate::mix::Meter::new().unwrap();
        meter.feed(&out).unwrap();
        let got = meter.finish().unwrap().lufs.unwrap();
        assert!((-27.0..-17.0).contains(&got), "{prompt}: {got}");
    }
}

#[test]
fn numbers_without_sense_are_refused() {
    let mut bad = cue("piano", 10);
    bad.overlap = bad.segment;
    assert!(ScoreModel::new(&font(), &bad).is_err());
    bad = cue("piano", 0);
    assert!(ScoreModel::new(&font(), &bad).is_err());
    assert!(Instruments::read(&mut &b"RIFFnothing"[..]).is_err());
}
