//! Scratch voices: espeak-ng speaks, this crate makes it sit in a film.
//!
//! espeak-ng runs as a process of its own, with arguments and the text over a pipe; no shell sees either.
//! What it says is brought to 48 kHz, trimmed, given a timbre that follows from the seed, evened out, put
//! into a small room, and brought to one loudness, so that all lines of a film match.

mod espeak;
mod shape;

use crate::{Stereo, SynthError};

/// A line to speak.
#[derive(Clone, Debug, PartialEq)]
pub struct VoiceSpec {
    /// What is said.
    pub text: String,
    /// An espeak-ng voice such as `en-gb`, or with a variant: `en-gb+f3`.
    pub voice: String,
    /// 0 to 99.
    pub pitch: u32,
    /// Words a minute, 80 to 450.
    pub pace: u32,
    /// Timbre differs by it between characters of equal settings.
    pub seed: u64,
}

/// Speaks a line: trimmed, at [`LOUDNESS`], in a small room.
///
/// # Errors
/// Where espeak-ng is missing, refuses the voice, or finds nothing to say.
pub fn speak(spec: &VoiceSpec) -> Result<Stereo, SynthError> {
    let tune = shape::Tune::of(spec);
    let (said, rate) = espeak::say(spec, tune.pitch)?;
    let line = shape::trim(&shape::resample(&said, rate * tune.formants));
    if line.is_empty() {
        return Err(SynthError::NothingSaid(spec.text.clone()));
    }
    shape::finish(line, &tune)
}

/// The loudness of every line, in LUFS.
pub const LOUDNESS: f64 = -20.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mix::Meter;

    fn spec() -> VoiceSpec {
        VoiceSpec {
            text: "She is late tonight; I can hear the bell, and no ship.".into(),
            voice: "en-gb".into(),
            pitch: 30,
            pace: 150,
            seed: 7,
        }
    }

    #[test]
    fn lines_match_in_loudness_and_are_trimmed() {
        for (pitch, text) in [(10, "Yes."), (30, "She is late tonight."), (80, "Where have you been?")] {
            let line = speak(&VoiceSpec { pitch, text: text.into(), ..spec() }).unwrap();
            let mut meter = Meter::new().unwrap();
            meter.feed(&line).unwrap();
            let got = meter.finish().unwrap();
            assert!((got.lufs.unwrap() - LOUDNESS).abs() < 0.5, "{text}: {got:?}");
            assert!(got.dbtp.unwrap() < -0.5, "{text}: {got:?}");
            let start = line.iter().position(|f| f[0].abs() > 0.01).unwrap();
            assert!(start < 4_800, "{text} starts after {start} samples");
        }
    }

    #[test]
    fn equal_specs_give_equal_bits_and_seeds_give_other_timbres() {
        assert_eq!(speak(&spec()).unwrap(), speak(&spec()).unwrap());
        assert_ne!(speak(&spec()).unwrap(), speak(&VoiceSpec { seed: 8, ..spec() }).unwrap());
    }

    #[test]
    fn an_unknown_voice_an_empty_line_and_wild_numbers_are_errors_in_words() {
        let error = speak(&VoiceSpec { voice: "klingon-x".into(), ..spec() }).unwrap_err().to_string();
        assert!(error.contains("klingon-x"), "{error}");
        assert!(speak(&VoiceSpec { voice: "--path=/".into(), ..spec() }).is_err());
        let error = speak(&VoiceSpec { text: " ... ".into(), ..spec() }).unwrap_err();
        assert!(matches!(error, SynthError::NothingSaid(_)), "{error}");
        assert!(matches!(
            speak(&VoiceSpec { pace: 9_000, ..spec() }).unwrap_err(),
            SynthError::OutOfRange { .. }
        ));
    }

    #[test]
    fn options_in_the_text_are_spoken_and_not_obeyed() {
        let line = speak(&VoiceSpec { text: "--version".into(), ..spec() }).unwrap();
        assert!(line.len() > 9_600);
    }
}
