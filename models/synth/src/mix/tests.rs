//! The mix, measured.

use super::*;
use crate::dsp::rng::Rng;

/// A sound computed from its position.
struct Made<F: Fn(i64) -> Frame>(i64, F);

impl<F: Fn(i64) -> Frame> SoundReader for Made<F> {
    fn samples(&self) -> i64 {
        self.0
    }

    fn read(&mut self, at: i64, out: &mut [Frame]) -> Result<(), SynthError> {
        assert!(at >= 0 && at + out.len() as i64 <= self.0, "read outside of the sound");
        for (i, frame) in out.iter_mut().enumerate() {
            *frame = self.1(at + i as i64);
        }
        Ok(())
    }
}

fn track<'a>(samples: i64, sound: impl Fn(i64) -> Frame + 'a) -> Track<'a> {
    Track {
        sound: Box::new(Made(samples, sound)),
        at: 0,
        samples,
        gain_db: 0.0,
        pan: 0.0,
        fade_in: 0,
        fade_out: 0,
        under_dialogue_db: 0.0,
    }
}

fn session(samples: i64) -> Session<'static> {
    Session {
        samples,
        dialogue: vec![],
        effects: vec![],
        music: vec![],
        loudness_lufs: -16.0,
        true_peak_dbtp: -1.5,
    }
}

fn tone(at: i64, hertz: f64, level: f32) -> Frame {
    [(std::f64::consts::TAU * hertz * at as f64 / 48_000.0).sin() as f32 * level; 2]
}

fn noise(at: i64) -> f32 {
    Rng::new(at as u64).bipolar()
}

/// Bursts over a quiet bed: a large crest factor, which only a limiter brings to -16 LUFS.
fn bursts(at: i64, level: f32) -> Frame {
    let phase = at % 24_000;
    let loud = if phase < 600 { 1.0 } else { 0.12 };
    [noise(at) * loud * level, noise(at + 7_777_777) * loud * level]
}

fn mixed(session: &mut Session) -> (Stereo, MixReport) {
    let mut out = Vec::new();
    let report = mix(session, &mut |_| Ok(()), &mut |block| {
        out.extend_from_slice(block.mix);
        Ok(())
    })
    .unwrap();
    (out, report)
}

type Stereo = Vec<Frame>;

fn measure(sound: &[Frame]) -> Measured {
    let mut meter = Meter::new().unwrap();
    meter.feed(sound).unwrap();
    meter.finish().unwrap()
}

#[test]
fn very_quiet_and_very_loud_and_spiky_mixes_meet_loudness_and_limit() {
    for level in [0.000_8, 0.05, 1.0, 30.0] {
        for target in [-23.0, -16.0, -12.0] {
            let mut s = session(48_000 * 8);
            s.loudness_lufs = target;
            s.effects.push(track(s.samples, move |at| bursts(at, level)));
            let (out, report) = mixed(&mut s);
            let got = measure(&out);
            assert_eq!(out.len(), 48_000 * 8);
            assert!(got.lufs.is_some(), "{level} {target}: {got:?} {report:?}");
            assert!((got.lufs.unwrap() - target).abs() <= 0.5, "{level} {target}: {got:?} {report:?}");
            assert!(got.dbtp.unwrap() <= -1.5, "{level} {target}: {got:?} {report:?}");
            assert_eq!(got.lufs, report.loudness_lufs);
        }
    }
}

#[test]
fn without_the_limiter_the_same_mix_exceeds_the_limit() {
    let mut s = session(48_000 * 8);
    s.effects.push(track(s.samples, |at| bursts(at, 1.0)));
    let raw = pass(&mut s, Master { gain_db: 0.0, ceiling_db: None }, &mut |_| Ok(())).unwrap();
    let gain_db = -16.0 - raw.lufs.unwrap();
    let got = pass(&mut s, Master { gain_db, ceiling_db: None }, &mut |_| Ok(())).unwrap();
    assert!((got.lufs.unwrap() + 16.0).abs() < 0.1, "{got:?}");
    assert!(got.dbtp.unwrap() > 0.0, "{got:?}");
}

#[test]
fn silence_stays_silence_and_short_sounds_are_brought_to_the_target() {
    let (out, report) = mixed(&mut session(48_000));
    assert!(out.iter().all(|f| *f == [0.0; 2]) && out.len() == 48_000);
    assert_eq!(report.loudness_lufs, None);
    assert_eq!(mixed(&mut session(0)).0.len(), 0);
    for length in [9_600, 19_199, 19_201] {
        let mut s = session(length);
        s.effects.push(track(length, |at| tone(at, 440.0, 0.01)));
        let (out, report) = mixed(&mut s);
        assert_eq!(out.len() as i64, length);
        assert!((report.loudness_lufs.unwrap() + 16.0).abs() < 0.5, "{length}: {report:?}");
        assert!(measure(&out).dbtp.unwrap() <= -1.5);
    }
}

#[test]
fn one_click_stays_under_the_limit_and_the_report_is_honest() {
    let mut s = session(48_000);
    s.effects.push(track(48_000, |at| if at == 20_000 { [0.9; 2] } else { [0.0; 2] }));
    let (out, report) = mixed(&mut s);
    let got = measure(&out);
    assert!(got.dbtp.unwrap() <= -1.5 && got.lufs == report.loudness_lufs);
}

#[test]
fn what_no_limiter_helps_is_turned_down_under_the_limit() {
    let mut s = session(96_000);
    s.effects.push(track(96_000, |at| bursts(at, 1.9)));
    let raw = pass(&mut s, Master { gain_db: 0.0, ceiling_db: None }, &mut |_| Ok(())).unwrap();
    let master = turned_down(6.0, raw.dbtp, s.true_peak_dbtp - MARGIN);
    let got = pass(&mut s, master, &mut |_| Ok(())).unwrap().dbtp.unwrap();
    assert!((got - (s.true_peak_dbtp - MARGIN)).abs() < 0.01, "{got}");
    assert_eq!(turned_down(-3.0, Some(-20.0), -1.8).gain_db, -3.0, "never turned up");
    assert_eq!(turned_down(0.0, None, -1.8).gain_db, 0.0);
}

#[test]
fn a_click_too_sparse_to_be_measured_is_under_the_limit_too() {
    let mut s = session(48_000 * 30);
    s.effects.push(track(48_000 * 30, |at| if at == 20_000 { [1.4, -1.4] } else { [0.0; 2] }));
    let (out, report) = mixed(&mut s);
    assert!(measure(&out).dbtp.unwrap() <= -1.5, "{report:?}");
    assert_eq!(measure(&out).dbtp, report.true_peak_dbtp);
}

#[test]
fn whoever_waits_hears_of_every_sample_that_is_measured_and_can_end_it() {
    let loud = || {
        let mut s = session(96_000);
        s.effects.push(track(96_000, |at| bursts(at, 0.8)));
        s
    };
    let (mut heard, mut blocks) = (0, 0);
    let mut measured = |samples| {
        heard += samples;
        blocks += 1;
        Ok(())
    };
    let report = mix(&mut loud(), &mut measured, &mut |_| Ok(())).unwrap();
    assert!(report.passes > 2, "{report:?}");
    assert!(heard >= 96_000 * u64::from(report.passes - 1) && blocks > 10, "{heard} in {blocks}");
    let stop = || SynthError::OutOfRange { what: "patience", value: "0".into(), range: "some" };
    let mut handed = 0;
    let ended = mix(&mut loud(), &mut |_| Err(stop()), &mut |_| {
        handed += 1;
        Ok(())
    });
    assert!(ended.is_err() && handed == 0);
}

#[test]
fn stems_add_up_to_the_mix() {
    let mut s = session(96_000);
    s.dialogue.push(Track { at: 20_000, ..track(30_000, |at| tone(at, 220.0, 0.7)) });
    s.effects.push(track(96_000, |at| bursts(at, 0.8)));
    s.music.push(Track { under_dialogue_db: -9.0, ..track(96_000, |at| tone(at, 330.0, 0.4)) });
    let mut worst = 0f32;
    mix(&mut s, &mut |_| Ok(()), &mut |b| {
        for i in 0..b.mix.len() {
            for c in 0..2 {
                let sum = b.dialogue[i][c] + b.effects[i][c] + b.music[i][c];
                worst = worst.max((sum - b.mix[i][c]).abs());
                let rest = b.effects[i][c] + b.music[i][c];
                assert_eq!(rest, b.music_and_effects[i][c]);
            }
        }
        Ok(())
    })
    .unwrap();
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn music_ducks_by_its_depth_before_the_line_begins() {
    let mut s = session(48_000 * 4);
    s.dialogue.push(Track { at: 96_000, ..track(48_000, |_| [0.0; 2]) });
    s.music.push(Track { under_dialogue_db: -9.0, ..track(48_000 * 4, |_| [0.1; 2]) });
    let mut stems = Stems::new(&s);
    let mut music = Vec::new();
    while let Some(frames) = stems.next(&mut s).unwrap() {
        music.extend(stems.buffers[2][..frames].iter().map(|f| f[0] / 0.1));
    }
    let db = |at: usize| 20.0 * music[at].log10();
    assert!(db(96_000 - 3_840).abs() < 0.01, "not before the attack");
    assert!((db(96_000) + 9.0).abs() < 0.01, "down at the first word: {}", db(96_000));
    assert!((db(143_999) + 9.0).abs() < 0.01);
    assert!(db(144_000 + 19_200).abs() < 0.01, "back after the release");
}

#[test]
fn placement_pan_and_fades_are_heard_where_they_are_asked_for() {
    let mut s = session(10_000);
    s.effects.push(Track { at: -500, samples: 4_000, pan: -1.0, ..track(9_000, |_| [0.5; 2]) });
    s.effects.push(Track {
        at: 6_000,
        gain_db: -20.0,
        fade_in: 1_000,
        fade_out: 1_000,
        ..track(50_000, |_| [1.0; 2])
    });
    let mut stems = Stems::new(&s);
    let mut out = Vec::new();
    while let Some(frames) = stems.next(&mut s).unwrap() {
        out.extend_from_slice(&stems.buffers[1][..frames]);
    }
    assert_eq!(out.len(), 10_000);
    assert_eq!(out[0][0], 0.5);
    assert!(out[0][1].abs() < 1e-6, "panned left");
    assert_eq!(out[3_500], [0.0; 2]);
    assert!(out[6_000][0] < 0.001 && (out[8_000][0] - 0.1).abs() < 1e-4);
}

#[test]
fn the_same_session_gives_the_same_bits() {
    let run = || {
        let mut s = session(48_000);
        s.effects.push(track(48_000, |at| bursts(at, 1.0)));
        mixed(&mut s).0
    };
    assert_eq!(run(), run());
}
