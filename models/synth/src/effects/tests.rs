//! Every effect, measured.

use super::*;
use crate::Stereo;
use crate::mix::Meter;

fn said<'a>(words: &'a str, context: &'a str) -> Asked<'a> {
    Asked { words, context, action: "" }
}

fn long(samples: i64) -> Length {
    Length { samples, tail: 0 }
}

fn sound(words: &str, context: &str, seconds: i64, seed: u64) -> Stereo {
    let mut out = Vec::new();
    render(&said(words, context), long(seconds * 48_000), seed, &mut |block| {
        out.extend_from_slice(block);
        Ok(())
    })
    .unwrap();
    out
}

/// Energy in ten bands of an octave each, as shares.
fn spectrum(sound: &Stereo) -> Vec<f32> {
    let mut bands: Vec<crate::dsp::filter::Svf> =
        (0..10).map(|k| crate::dsp::filter::Svf::new(31.0 * 2f32.powi(k), 1.4)).collect();
    let mut energy = vec![0f32; 10];
    for frame in sound {
        for (band, energy) in bands.iter_mut().zip(&mut energy) {
            *energy += band.run(frame[0] + frame[1]).band.powi(2);
        }
    }
    let all: f32 = energy.iter().sum();
    energy.iter().map(|e| e / all).collect()
}

#[test]
fn every_effect_is_heard_finite_unclipped_without_offset_and_at_a_sensible_level() {
    let mut wrong = Vec::new();
    for (name, words) in names() {
        let reading = read(&said(words[0], ""));
        assert!(reading.heard.iter().any(|h| h.effect == name), "{name}: {reading:?}");
        let out = sound(words[0], "", 6, 1);
        assert_eq!(out.len(), 6 * 48_000);
        let peak = out.as_flattened().iter().fold(0f32, |p, x| p.max(x.abs()));
        let mean = out.as_flattened().iter().map(|x| f64::from(*x)).sum::<f64>() / out.len() as f64;
        let mut meter = Meter::new().unwrap();
        meter.feed(&out).unwrap();
        let lufs = meter.finish().unwrap().lufs.unwrap_or(-99.0);
        if !(out.as_flattened().iter().all(|x| x.is_finite())
            && peak < 1.0
            && mean.abs() < 2e-3
            && (-50.0..-17.0).contains(&lufs))
        {
            wrong.push(format!("{name}: peak {peak} mean {mean} loudness {lufs}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn equal_seeds_give_equal_bits_and_others_differ() {
    let one = sound("surf, wind, gulls", "", 3, 7);
    assert_eq!(one, sound("surf, wind, gulls", "", 3, 7));
    assert_ne!(one, sound("surf, wind, gulls", "", 3, 8));
}

#[test]
fn effects_differ_in_their_spectra() {
    let names =
        ["surf", "gull", "foghorn", "crickets", "footsteps", "steam", "heartbeat", "clock", "owl", "bell"];
    let all: Vec<_> = names.iter().map(|name| spectrum(&sound(name, "", 8, 3))).collect();
    for i in 0..all.len() {
        for j in 0..i {
            let apart: f32 = all[i].iter().zip(&all[j]).map(|(a, b)| (a - b).abs()).sum();
            assert!(apart > 0.25, "{} and {}: {apart}", names[i], names[j]);
        }
    }
}

#[test]
fn words_synonyms_adverbs_and_what_is_not_made() {
    let heard = |words: &str, context: &str| {
        let reading = read(&said(words, context));
        let names: Vec<&str> = reading.heard.iter().map(|h| h.effect).collect();
        (names.join(" "), reading.not_made.join("|"))
    };
    assert_eq!(heard("surf, wind, gulls", ""), ("surf wind gulls".into(), String::new()));
    assert_eq!(
        heard("waves against the rocks and distant seagulls", ""),
        ("surf gulls".into(), String::new())
    );
    assert_eq!(heard("a door slams", "").0, "door slam");
    assert_eq!(heard("the slowly creaking door", "").0, "door creak");
    assert_eq!(heard("zither, rain", ""), ("rain".into(), "zither".into()));
    assert_eq!(heard("thunderstorm", "").0, "rain thunder");
    assert_eq!(heard("no wind, ship's bell", "").0, "ship's bell");
    assert_eq!(heard("", "a forest at night").0, "leaves crickets");
    assert_eq!(heard("", "a forest in the morning").0, "leaves birdsong");
    assert_eq!(heard("silence", "a cliff above the sea").0, "room tone");
    assert_eq!(heard("clock", "a kitchen").0, "clock room tone");
}

#[test]
fn distance_takes_treble_and_level_and_adverbs_change_strength() {
    let energy = |sound: &Stereo| sound.iter().map(|f| f[0] * f[0]).sum::<f32>();
    let (near, far) = (sound("close rain", "", 4, 1), sound("distant rain", "", 4, 1));
    assert!(energy(&near) > 4.0 * energy(&far));
    let high = |s: &Stereo| spectrum(s)[8..].iter().sum::<f32>();
    assert!(high(&near) > 1.5 * high(&far), "{} {}", high(&near), high(&far));
    assert!(energy(&sound("heavy wind", "", 6, 1)) > 4.0 * energy(&sound("soft wind", "", 6, 1)));
}

#[test]
fn surfaces_and_counts_are_obeyed() {
    let bands = |words| spectrum(&sound(words, "", 4, 1));
    let (wood, snow) = (bands("footsteps on wood"), bands("footsteps on snow"));
    assert!(wood[..5].iter().sum::<f32>() > 2.0 * snow[..5].iter().sum::<f32>(), "{wood:?} {snow:?}");
    let quiet_end = sound("one knock", "", 10, 1);
    assert!(quiet_end[5 * 48_000..].iter().all(|f| f[0].abs() < 0.03), "one means one");
}

#[test]
fn lengths_are_exact_and_may_be_nothing() {
    for samples in [0, 1, 1_023, 1_025, 50_001] {
        let mut count = 0;
        render(&said("rain", ""), long(samples), 1, &mut |block| {
            count += block.len();
            Ok(())
        })
        .unwrap();
        assert_eq!(count as i64, samples);
    }
}

/// Shots of four seconds one after another as the mix sets them, each tail under the next; `shots` has the
/// words and the action of each.
fn cut_together(shots: &[(&str, &str)], context: &str) -> Stereo {
    const SHOT: usize = 4 * 48_000;
    const TAIL: usize = 72_000;
    let mut film = vec![[0f32; 2]; shots.len() * SHOT + TAIL];
    for (k, (words, action)) in shots.iter().enumerate() {
        let asked = Asked { words, context, action };
        let mut at = k * SHOT;
        let length = Length { samples: (SHOT + TAIL) as i64, tail: TAIL as i64 };
        render(&asked, length, 100 + k as u64, &mut |block| {
            for frame in block {
                film[at] = std::array::from_fn(|c| film[at][c] + frame[c]);
                at += 1;
            }
            Ok(())
        })
        .unwrap();
    }
    film
}

/// The mean level of `seconds` from `at` on, in decibels.
fn level(film: &Stereo, at: f32, seconds: f32) -> f32 {
    let sample = |seconds: f32| (seconds * 48_000.0) as usize;
    let part = &film[sample(at)..sample(at + seconds)];
    10.0 * (part.iter().map(|f| f[0] * f[0] + f[1] * f[1]).sum::<f32>() / part.len() as f32).log10()
}

#[test]
fn a_place_sounds_as_one_across_its_cuts() {
    let mut jumps = Vec::new();
    for (words, context) in
        [("surf, wind", "a cliff above the sea"), ("wind", "a moor"), ("rain", "a street")]
    {
        let film =
            cut_together(&[(words, "waves"), (words, "rocks"), (words, "sky"), (words, "sea")], context);
        for cut in [4.0, 8.0, 12.0] {
            let jump = level(&film, cut, 0.4) - level(&film, cut - 0.4, 0.4);
            // What is left is the gust's own flutter: a single one may be as strong as this.
            assert!(jump.abs() < 4.5, "{words} at {cut}: {jump} dB");
            jumps.push(jump.abs());
            let over = level(&film, cut - 1.4, 1.4) - level(&film, cut + 0.5, 1.4);
            assert!(over.abs() < 4.0, "{words} about {cut}: {over} dB");
        }
    }
    let mean = jumps.iter().sum::<f32>() / jumps.len() as f32;
    assert!(mean < 2.0, "{mean} dB on average");

    // The control: a place that is louder after its cut is found to be.
    let mut louder = cut_together(&[("rain", "roofs"), ("rain", "sky")], "a street");
    louder[4 * 48_000..].iter_mut().for_each(|frame| *frame = frame.map(|x| x * 2.5));
    let jump = level(&louder, 4.0, 0.4) - level(&louder, 3.6, 0.4);
    assert!(jump > 4.5, "{jump} dB");
}

#[test]
fn ambience_is_the_same_whatever_else_is_heard_and_happens() {
    // Nothing of the first shot's words can be made, of the second's everything.
    let film = cut_together(&[("zither", "a boat in the storm"), ("one knock", "she waits")], "a moor, wind");
    // After the knock and before the fade: gusts come and go within a second or two.
    let apart = level(&film, 1.5, 2.4) - level(&film, 5.5, 2.4);
    assert!(apart.abs() < 3.0, "{apart} dB");
}
