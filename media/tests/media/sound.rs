//! Sounds in and out.

use std::path::Path;

use storyreel_media::loudness::LoudnessMeter;
use storyreel_media::probe::{Facts, probe};
use storyreel_media::sound::SoundReader;
use storyreel_media::wav::{WavFormat, WavReader, WavWriter};

use crate::tools::{bytes, inside, output, probe as field, tone};

fn read_all(path: &Path) -> Vec<f32> {
    let mut reader = SoundReader::open(path).unwrap();
    let (mut block, mut all) = (vec![0.0; 2000], Vec::new());
    loop {
        let count = reader.read(&mut block).unwrap();
        all.extend(&block[..count * 2]);
        if count < 1000 {
            return all;
        }
    }
}

fn level(samples: &[f32]) -> f64 {
    (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
}

#[test]
fn every_format_becomes_48_khz_stereo() {
    let folder = tempfile::tempdir().unwrap();
    // Exact for what stores samples; within an encoder's padding for what does not say its length.
    for (name, arguments, slack) in [
        ("a.wav", &["-ar", "44100"][..], 0),
        ("b.flac", &["-ar", "44100"], 0),
        ("c.wav", &["-ar", "48000", "-c:a", "pcm_f32le"], 0),
        ("d.wav", &["-ar", "22050", "-c:a", "pcm_u8"], 0),
        ("e.ogg", &["-ar", "48000", "-c:a", "libvorbis"], 0),
        ("f.mp3", &["-ar", "48000", "-c:a", "libmp3lame"], 0),
        ("g.m4a", &["-ar", "48000", "-c:a", "aac"], 1024),
        ("h.aac", &["-ar", "48000", "-c:a", "aac"], 3072),
        ("i.webm", &["-ar", "48000", "-c:a", "libopus"], 960),
    ] {
        let path = inside(&folder, name);
        let sine = "sine=frequency=1000:duration=2:sample_rate=48000,volume=4";
        bytes("ffmpeg", &[&["-f", "lavfi", "-i", sine][..], arguments, &[path.to_str().unwrap()]].concat());
        let all = read_all(&path);
        assert!((all.len() / 2).abs_diff(96_000) <= slack, "{name}: {} samples", all.len() / 2);
        assert!(all.chunks_exact(2).all(|pair| (pair[0] - pair[1]).abs() < 1e-3), "{name}: channels differ");
        let level = level(&all[20_000..100_000]);
        assert!((0.3..0.4).contains(&level), "{name}: level {level}");
        assert!(
            matches!(probe(&path).unwrap(), Facts::Sound { samples, channels: 1 } if samples as usize == all.len() / 2)
        );
        // From any sample on, the same sound.
        let mut reader = SoundReader::open(&path).unwrap();
        reader.skip_to(12_345).unwrap();
        let mut block = vec![0.0; 2000];
        assert_eq!(reader.read(&mut block).unwrap(), 1000);
        assert!(block == all[24_690..26_690], "{name}");
    }
}

#[test]
fn footages_own_sound_is_on_the_pictures_clock() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "late.mkv");
    let arguments = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=d=2:s=64x64:r=25",
        "-itsoffset",
        "0.5",
        "-f",
        "lavfi",
        "-i",
        "sine=d=1:sample_rate=48000",
    ];
    bytes(
        "ffmpeg",
        &[&arguments[..], &["-c:v", "libx264", "-c:a", "pcm_s16le", path.to_str().unwrap()]].concat(),
    );
    let all = read_all(&path);
    assert!((all.len() / 2).abs_diff(72_000) <= 48, "{}", all.len() / 2);
    let first = all.chunks_exact(2).position(|pair| pair[0] != 0.0).unwrap();
    assert!(first.abs_diff(24_000) <= 100, "sound begins at {first}");
}

#[test]
fn wav_files_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "a.wav");
    let samples = [0.0, 0.5, -0.5, 1.0, -1.0, 0.123_456_79, 1.5, -0.001];
    for (format, tolerance) in [(WavFormat::Float, 0.0), (WavFormat::Pcm24, 2.0 / 8_388_608.0)] {
        let file = std::fs::File::create(&path).unwrap();
        let mut wav = WavWriter::new(file, 2, format, Some(172_800_000)).unwrap();
        wav.write(&samples).unwrap();
        wav.finish().unwrap();
        let mut reader = WavReader::open(&path).unwrap();
        assert_eq!((reader.spec().samples, reader.spec().timecode), (4, Some(172_800_000)));
        let mut block = [9.0; 10];
        assert_eq!(reader.read(&mut block).unwrap(), 4);
        for (has, wanted) in block.iter().zip(samples) {
            let wanted = if format == WavFormat::Pcm24 { wanted.clamp(-1.0, 1.0) } else { wanted };
            assert!((has - wanted).abs() <= tolerance, "{format:?}: {has} for {wanted}");
        }
        assert_eq!(field(&path, "a:0", "sample_rate,channels"), "48000\n2");
        let reference = output(
            "ffprobe",
            &["-show_entries", "format_tags=time_reference", "-of", "csv=p=0", path.to_str().unwrap()],
        );
        assert_eq!(reference.trim(), "172800000");
    }
}

#[test]
fn dither_is_small_and_the_same_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (inside(&folder, "1.wav"), inside(&folder, "2.wav"));
    tone(&first, 48_000, WavFormat::Pcm24, None);
    tone(&second, 48_000, WavFormat::Pcm24, None);
    assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    // A level far below one step survives as a mean.
    let file = std::fs::File::create(&first).unwrap();
    let mut wav = WavWriter::new(file, 1, WavFormat::Pcm24, None).unwrap();
    wav.write(&vec![0.25 / 8_388_608.0; 100_000]).unwrap();
    wav.finish().unwrap();
    let mut block = vec![0.0; 100_000];
    WavReader::open(&first).unwrap().read(&mut block).unwrap();
    let mean = block.iter().map(|s| f64::from(*s) * 8_388_608.0).sum::<f64>() / 100_000.0;
    assert!((mean - 0.25).abs() < 0.01, "{mean}");
}

#[test]
fn loudness_is_what_ffmpeg_measures() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "a.wav");
    tone(&path, 480_000, WavFormat::Float, None);
    let mut meter = LoudnessMeter::new().unwrap();
    read_all(&path).chunks(4800).for_each(|block| meter.add(block).unwrap());
    let ours = meter.loudness().unwrap();
    let done = std::process::Command::new("ffmpeg")
        .args([
            "-hide_banner",
            "-nostats",
            "-i",
            path.to_str().unwrap(),
            "-af",
            "ebur128=peak=true",
            "-f",
            "null",
            "-",
        ])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&done.stderr).into_owned();
    let summary = &text[text.find("Summary:").unwrap()..];
    let value = |label: &str| -> f64 {
        let rest = &summary[summary.find(label).unwrap() + label.len()..];
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert!((ours.integrated - value("I:")).abs() <= 0.1, "{ours:?} {summary}");
    assert!((ours.true_peak - value("Peak:")).abs() <= 0.2, "{ours:?} {summary}");
}
