//! Pictures and sounds to test with, and FFmpeg's command-line tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use storyreel_media::Picture;
use storyreel_media::encode::{Codec, SegmentEncoder};
use storyreel_media::wav::{WavFormat, WavWriter};

/// What a tool prints.
pub fn output(tool: &str, arguments: &[&str]) -> String {
    String::from_utf8(bytes(tool, arguments)).unwrap()
}

/// What a tool writes to its standard output.
pub fn bytes(tool: &str, arguments: &[&str]) -> Vec<u8> {
    let done = Command::new(tool).args(["-v", "error"]).args(arguments).output().unwrap();
    assert!(done.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    assert!(done.stderr.is_empty(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// A field of ffprobe's, of the stream that `select` names (`v:0`) or of `format`.
pub fn probe(file: &Path, select: &str, field: &str) -> String {
    let file = file.to_str().unwrap();
    let text = if select == "format" {
        let entry = format!("format{}={field}", if field == "duration" { "" } else { "_tags" });
        output("ffprobe", &["-show_entries", &entry, "-of", "default=nw=1:nk=1", file])
    } else {
        let entry = format!("stream={field}");
        let arguments = ["-count_frames", "-select_streams", select, "-show_entries", &entry];
        output("ffprobe", &[&arguments[..], &["-of", "default=nw=1:nk=1", file]].concat())
    };
    text.trim().to_string()
}

/// A moving picture: a gradient, a drifting bar, brightness by its number.
pub fn paint(index: u64, picture: &mut Picture) {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let bar = (index as usize * 7) % width;
    for (at, sample) in picture.y.iter_mut().enumerate() {
        let (x, y) = (at % width, at / width);
        let ramp = 8000 + (x * 20_000 / width + y * 9000 / height) as u16;
        *sample = if x.abs_diff(bar) < 12 { 50_000 } else { ramp };
    }
    let across = picture.chroma_size().0;
    for (at, sample) in picture.cb.iter_mut().enumerate() {
        *sample = 28_000 + (at % across * 8000 / across) as u16;
    }
    picture.cr.fill(36_000);
}

pub fn codec() -> Codec {
    Codec { preset: "veryfast".into(), tuned: false, crf_tenths: 200, keyint: 48 }
}

/// Encodes pictures `from..to` of the moving picture.
pub fn segment(path: &Path, size: (u32, u32), rate: (u32, u32), from: u64, to: u64) {
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = SegmentEncoder::new(size, rate, &codec(), std::io::BufWriter::new(file)).unwrap();
    let mut picture = Picture::new(size.0, size.1);
    for index in from..to {
        paint(index, &mut picture);
        encoder.push(&picture).unwrap();
    }
    assert_eq!(encoder.finish().unwrap().1, to - from);
}

/// A stereo tone of `samples` with fades at both ends.
pub fn tone(path: &Path, samples: u64, format: WavFormat, timecode: Option<u64>) {
    let file = std::fs::File::create(path).unwrap();
    let mut wav = WavWriter::new(std::io::BufWriter::new(file), 2, format, timecode).unwrap();
    for index in 0..samples {
        let edge = index.min(samples - 1 - index) as f32 / 4800.0;
        let phase = |hertz: f64| (index as f64 * hertz / 48_000.0 * std::f64::consts::TAU).sin() as f32;
        let gain = 0.4 * edge.min(1.0);
        wav.write(&[phase(440.0) * gain, phase(660.0) * gain]).unwrap();
    }
    assert_eq!(wav.finish().unwrap().1, samples);
}

/// The path of a file in a folder, as text too.
pub fn inside(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}
