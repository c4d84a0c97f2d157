//! What a film's clock and levels promise, measured by other programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::studio::{Studio, TINY, ffprobe};

/// The default of `loudness:`.
const LUFS: f64 = -16.0;
const TRUE_PEAK: f64 = -1.5;

#[test]
fn whole_rates_end_picture_and_sound_together() {
    exact("24", 24, 1);
}

#[test]
fn broken_rates_end_picture_and_sound_together() {
    exact("30000/1001", 30_000, 1001);
}

/// Renders at that rate and measures the film.
fn exact(fps: &str, num: i64, den: i64) {
    let studio = Studio::with(&TINY.replace("fps: 24", &format!("fps: {fps}")));
    studio.rendered(&[]);
    let film = studio.film();
    let probed = ffprobe(&film);
    let stream = |kind: &str| {
        let mut streams = probed["streams"].as_array().unwrap().iter();
        streams.find(|stream| stream["codec_type"] == kind).unwrap()
    };
    let seconds = |value: &serde_json::Value| value["duration"].as_str().unwrap().parse::<f64>().unwrap();
    let (video, audio) = (stream("video"), stream("audio"));
    assert_eq!(video["r_frame_rate"], format!("{num}/{den}"));
    let pictures: i64 = video["nb_frames"].as_str().unwrap().parse().unwrap();
    let samples = (2 * pictures * 48_000 * den + num) / (2 * num);

    for stem in ["dialogue", "effects", "music", "music-and-effects"] {
        let file = studio.path("out/film/latest/stems").join(stem).with_extension("wav");
        let wav = hound::WavReader::open(file).unwrap();
        assert_eq!((i64::from(wav.duration()), wav.spec().sample_rate), (samples, 48_000), "{stem}");
    }
    // ffprobe prints microseconds.
    let near = |found: f64, expected: f64| (found - expected).abs() < 2e-6;
    assert!(near(seconds(video), pictures as f64 * den as f64 / num as f64), "{video}");
    assert!(near(seconds(audio), samples as f64 / 48_000.0), "{audio}");
    assert!(near(seconds(&probed["format"]), seconds(video).max(seconds(audio))), "{}", probed["format"]);

    let heard = decoded(&film);
    let (channels, samples) = (2, samples as usize);
    let more = (heard.len() / channels).checked_sub(samples).expect("all of the mix is decoded");
    assert!(more < 1024, "{more} samples more than the mix");
    let loudest = heard[samples * channels..].iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    assert!(loudest < 1e-3, "what is beyond the mix is silence, not {loudest}");

    let (integrated, peak) = loudness(&film);
    assert!((integrated - LUFS).abs() <= 0.5, "{integrated} LUFS");
    assert!(peak <= TRUE_PEAK, "{peak} dBTP");
}

/// The film's sound as ffmpeg decodes it: stereo, interleaved.
fn decoded(film: &Path) -> Vec<f32> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(film)
        .args(["-map", "0:a", "-f", "f32le", "-"])
        .output()
        .expect("ffmpeg is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
}

/// Integrated loudness and true peak by ffmpeg's own meter.
fn loudness(film: &Path) -> (f64, f64) {
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostats", "-i"])
        .arg(film)
        .args(["-map", "0:a", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"])
        .output()
        .expect("ffmpeg is installed");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = told.split("Summary:").last().unwrap();
    let after = |name: &str| {
        let value = summary.lines().find_map(|line| line.trim().strip_prefix(name)).expect(name);
        value.trim().split(' ').next().unwrap().parse::<f64>().unwrap()
    };
    (after("I:"), after("Peak:"))
}

#[test]
fn the_film_is_written_to_be_streamed() {
    let studio = Studio::with(TINY);
    studio.rendered(&[]);
    let bytes = fs::read(studio.film()).unwrap();
    let at = |name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
    assert!(at(b"moov") < at(b"mdat"), "the index comes before what it points to");
}
