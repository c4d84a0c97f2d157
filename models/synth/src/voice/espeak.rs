//! Running espeak-ng.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use super::VoiceSpec;
use crate::SynthError;

const PROGRAM: &str = "espeak-ng";

/// What espeak-ng says, and its rate in hertz.
pub fn say(spec: &VoiceSpec, pitch: u32) -> Result<(Vec<f32>, f32), SynthError> {
    check(spec)?;
    let mut child = Command::new(PROGRAM)
        .args(["--stdin", "--stdout", "-b", "1", "-z", "-v", &spec.voice])
        .args(["-p", &pitch.to_string(), "-s", &spec.pace.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(missing)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Lines are short, so they fit into the pipe; a program that refuses its voice reads none of it.
        match stdin.write_all(spec.text.as_bytes()) {
            Err(e) if e.kind() != ErrorKind::BrokenPipe => return Err(e.into()),
            _ => {}
        }
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = said.trim().trim_start_matches("Error: ");
        let reason = if reason.is_empty() { output.status.to_string() } else { reason.to_owned() };
        return Err(SynthError::Espeak { voice: spec.voice.clone(), reason });
    }
    parse(&output.stdout).ok_or_else(|| SynthError::NothingSaid(spec.text.clone()))
}

fn missing(error: std::io::Error) -> SynthError {
    if error.kind() == ErrorKind::NotFound { SynthError::NoEspeak } else { error.into() }
}

fn check(spec: &VoiceSpec) -> Result<(), SynthError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-+_".contains(c);
    if !spec.voice.starts_with(|c: char| c.is_ascii_alphabetic()) || !spec.voice.chars().all(plain) {
        return Err(SynthError::OutOfRange {
            what: "the voice",
            value: format!("`{}`", spec.voice),
            range: "an espeak-ng voice such as en-gb or en-us+f3; `espeak-ng --voices` lists them",
        });
    }
    if spec.pitch > 99 {
        let value = spec.pitch.to_string();
        return Err(SynthError::OutOfRange { what: "the voice's pitch", value, range: "0 to 99" });
    }
    if !(80..=450).contains(&spec.pace) {
        let value = spec.pace.to_string();
        let range = "80 to 450 words a minute";
        return Err(SynthError::OutOfRange { what: "the voice's pace", value, range });
    }
    if spec.text.len() > 20_000 {
        let value = format!("{} bytes long", spec.text.len());
        return Err(SynthError::OutOfRange { what: "the line", value, range: "at most 20000 bytes" });
    }
    Ok(())
}

/// Samples and rate of a 16-bit mono WAV. Over a pipe its length fields are not true, so the data goes to
/// the end.
fn parse(wav: &[u8]) -> Option<(Vec<f32>, f32)> {
    let rate = u32::from_le_bytes(wav.get(24..28)?.try_into().ok()?);
    let data = wav.windows(4).position(|tag| tag == b"data")? + 8;
    let samples = wav.get(data..)?.chunks_exact(2);
    let samples = samples.map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0).collect();
    (rate > 0).then_some((samples, rate as f32))
}
