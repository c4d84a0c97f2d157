//! Segments, joins and films.

use std::path::{Path, PathBuf};

use storyreel_media::captions::Caption;
use storyreel_media::encode::{Codec, SegmentEncoder};
use storyreel_media::error::MediaError;
use storyreel_media::join::join;
use storyreel_media::mux::{Chapter, Film, mux, samples_at};
use storyreel_media::segment::SegmentReader;
use storyreel_media::soundtrack::{self, Wanted};
use storyreel_media::wav::WavFormat;

use crate::tools::{bytes, inside, output, probe, segment, tone};

const SIZE: (u32, u32) = (320, 180);

/// The soundtrack of a film of so many samples of tone.
fn soundtrack(folder: &tempfile::TempDir, samples: u64) -> PathBuf {
    let (mix, out) = (inside(folder, "mix.wav"), inside(folder, "sound.aac"));
    tone(&mix, samples, WavFormat::Pcm24, Some(48_000 * 3600));
    let wanted = Wanted { bitrate: 192_000, ceiling: 0.0 };
    soundtrack::encode(&mix, wanted, &out, &mut |_| true).unwrap().unwrap();
    out
}

/// Makes a film of five segments in two scenes of 60 and 37 pictures and gives its bytes.
fn film(folder: &tempfile::TempDir, rate: (u32, u32)) -> Vec<u8> {
    let cuts = [0, 1, 25, 60, 62, 97];
    let mut segments = Vec::new();
    for (index, cut) in cuts.windows(2).enumerate() {
        segments.push(inside(folder, &format!("{index}.segment")));
        segment(&segments[index], SIZE, rate, cut[0], cut[1]);
    }
    let scenes = [inside(folder, "a.segment"), inside(folder, "b.segment")];
    for (scene, parts) in scenes.iter().zip([&segments[..3], &segments[3..]]) {
        join(parts, std::fs::File::create(scene).unwrap()).unwrap();
    }
    assert_eq!(SegmentReader::open(&scenes[0]).unwrap().frames(), 60);
    let (sound, out) = (soundtrack(folder, samples_at(rate, 97)), inside(folder, "film.mp4"));
    let chapter = |from, title: &str| Chapter { from, title: title.into() };
    let caption = |from, to, text: &str| Caption { from, to, text: text.into() };
    let film = Film {
        title: "The Keeper",
        frames: 97,
        timecode: 24 * 3600,
        chapters: &[chapter(0, "Cliff"), chapter(60, "Lamp room")],
        captions: &[caption(48_000, 96_000, "Who is there?"), caption(110_000, 150_000, "Nobody.\nGo.")],
        language: "eng",
        audio_bitrate: 192_000,
    };
    let mut told = Vec::new();
    mux(&scenes, &sound, &film, &out, &mut |done, total| {
        told.push((done, total));
        true
    })
    .unwrap();
    assert_eq!((told.first(), told.last(), told.len()), (Some(&(0, 97)), Some(&(97, 97)), 98));
    let stopped = mux(&scenes, &sound, &film, &inside(folder, "no.mp4"), &mut |done, _| done < 50);
    assert!(matches!(stopped, Err(storyreel_media::MediaError::Stopped)), "{stopped:?}");
    std::fs::read(out).unwrap()
}

fn check_film(rate: (u32, u32), timecode: &str) {
    let folder = tempfile::tempdir().unwrap();
    let first = film(&folder, rate);
    let out = inside(&folder, "film.mp4");
    let seconds = 97.0 * f64::from(rate.1) / f64::from(rate.0);
    let samples = samples_at(rate, 97);
    assert_eq!(probe(&out, "v:0", "nb_read_frames"), "97");
    assert_eq!(probe(&out, "v:0", "codec_name,width,height"), "h264\n320\n180");
    assert_eq!(
        probe(&out, "v:0", "r_frame_rate,avg_frame_rate"),
        format!("{0}/{1}\n{0}/{1}", rate.0, rate.1)
    );
    assert_eq!(
        probe(&out, "v:0", "color_range,color_space,color_transfer,color_primaries,chroma_location"),
        "tv\nbt709\nbt709\nbt709\nleft"
    );
    assert_eq!(probe(&out, "a:0", "codec_name,profile,sample_rate,channels"), "aac\nLC\n48000\n2");
    // Both tracks start at zero and last exactly as long as the film.
    assert_eq!(probe(&out, "v:0", "start_time"), "0.000000");
    assert_eq!(probe(&out, "a:0", "start_time"), "0.000000");
    assert_eq!(probe(&out, "v:0", "duration"), format!("{seconds:.6}"));
    assert_eq!(probe(&out, "a:0", "duration"), format!("{:.6}", samples as f64 / 48_000.0));
    let whole: f64 = probe(&out, "format", "duration").parse().unwrap();
    assert!((whole - seconds).abs() < 1.0 / 48_000.0, "{whole} for {seconds}");
    // The sound as decoded: all of the mix, and under 1024 samples of silence more.
    let sound = bytes("ffmpeg", &["-i", out.to_str().unwrap(), "-map", "0:a", "-f", "f32le", "-"]);
    let decoded = sound.len() as u64 / 8;
    assert!((samples..samples + 1024).contains(&decoded), "{decoded} samples of {samples}");
    for sample in sound[samples as usize * 8..].chunks_exact(4) {
        let value = f32::from_le_bytes(sample.try_into().unwrap());
        assert!(value.abs() < 0.001, "{value} after the end");
    }
    // Every picture once, evenly.
    let times = output(
        "ffprobe",
        &["-select_streams", "v:0", "-show_entries", "packet=pts", "-of", "csv=p=0", out.to_str().unwrap()],
    );
    let mut times: Vec<i64> = times.lines().map(|line| line.trim_matches(',').parse().unwrap()).collect();
    times.sort_unstable();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == times[1]) && times[0] == 0, "{times:?}");
    check_texts(&out, timecode);
    // Nothing in it but what went in: the same bytes again.
    let again = film(&tempfile::tempdir().unwrap(), rate);
    assert!(first == again, "two runs differ");
    let (index, data) = (position(&first, b"moov"), position(&first, b"mdat"));
    assert!(index < data, "the index comes first");
}

fn check_texts(out: &Path, timecode: &str) {
    assert_eq!(probe(out, "format", "title"), "The Keeper");
    assert_eq!(probe(out, "s:0", "codec_name"), "mov_text");
    let path = out.to_str().unwrap();
    let language = output(
        "ffprobe",
        &[
            "-select_streams",
            "s:0",
            "-show_entries",
            "stream_tags=language:stream_disposition=default",
            "-of",
            "csv=p=0",
            path,
        ],
    );
    assert_eq!(language.trim(), "0,eng");
    let srt = output("ffmpeg", &["-i", path, "-map", "0:s:0", "-f", "srt", "-"]).replace('\r', "");
    assert!(srt.contains("00:00:01,000 --> 00:00:02,000\n"), "{srt}");
    assert!(srt.contains("Who is there?") && srt.contains("Nobody.\nGo."), "{srt}");
    let chapters = output("ffprobe", &["-show_chapters", "-of", "compact", path]);
    assert_eq!(chapters.lines().count(), 2, "{chapters}");
    assert!(chapters.contains("tag:title=Cliff") && chapters.contains("tag:title=Lamp room"), "{chapters}");
    assert!(chapters.contains("start_time=0.000000"), "{chapters}");
    let tags = output(
        "ffprobe",
        &["-show_entries", "stream=codec_tag_string:stream_tags=timecode", "-of", "csv=p=0", path],
    );
    assert!(tags.contains(&format!("tmcd,{timecode}")), "{tags}");
}

fn position(bytes: &[u8], name: &[u8]) -> usize {
    bytes.windows(4).position(|window| window == name).unwrap()
}

#[test]
fn a_film_at_24() {
    check_film((24, 1), "01:00:00:00");
}

#[test]
fn a_film_at_25() {
    check_film((25, 1), "00:57:36:00");
}

#[test]
fn a_film_at_ntsc() {
    check_film((30_000, 1001), "00:48:00:00");
}

#[test]
fn joined_pictures_are_those_of_the_segments() {
    let folder = tempfile::tempdir().unwrap();
    let parts = [inside(&folder, "1"), inside(&folder, "2"), inside(&folder, "3")];
    segment(&parts[0], SIZE, (24, 1), 0, 30);
    segment(&parts[1], SIZE, (24, 1), 30, 31);
    segment(&parts[2], SIZE, (24, 1), 31, 90);
    let decode = |segments: &[std::path::PathBuf], name: &str| {
        let frames = segments.iter().map(|s| SegmentReader::open(s).unwrap().frames()).sum();
        let (sound, out) = (soundtrack(&folder, samples_at((24, 1), frames)), inside(&folder, name));
        let film = Film {
            title: "",
            frames,
            timecode: 0,
            chapters: &[],
            captions: &[],
            language: "eng",
            audio_bitrate: 128_000,
        };
        mux(segments, &sound, &film, &out, &mut |_, _| true).unwrap();
        bytes("ffmpeg", &["-i", out.to_str().unwrap(), "-map", "0:v", "-f", "rawvideo", "-"])
    };
    let alone: Vec<u8> =
        parts.iter().flat_map(|part| decode(std::slice::from_ref(part), "part.mp4")).collect();
    let joined = decode(&parts, "film.mp4");
    assert_eq!(joined.len(), 90 * 320 * 180 * 3 / 2);
    assert!(alone == joined, "joining changed pictures");
}

#[test]
fn segments_of_other_settings_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let parts = [inside(&folder, "1"), inside(&folder, "2")];
    segment(&parts[0], SIZE, (24, 1), 0, 3);
    segment(&parts[1], (160, 90), (24, 1), 0, 3);
    let error = join(&parts, Vec::new()).unwrap_err().to_string();
    assert!(error.contains("segment 2") && error.contains("160x90 after 320x180"), "{error}");
    segment(&parts[1], SIZE, (25, 1), 0, 3);
    let error = join(&parts, Vec::new()).unwrap_err().to_string();
    assert!(error.contains("25/1 pictures a second after 24/1"), "{error}");
}

#[test]
fn extradata_depends_on_the_settings_alone() {
    let folder = tempfile::tempdir().unwrap();
    let parts = [inside(&folder, "1"), inside(&folder, "2")];
    segment(&parts[0], SIZE, (24, 1), 0, 1);
    segment(&parts[1], SIZE, (24, 1), 0, 80);
    let headers = parts.map(|part| SegmentReader::open(&part).unwrap().header().clone());
    assert_eq!(headers[0], headers[1]);
    assert!(!headers[0].extradata.is_empty());
}

#[test]
fn a_segment_cut_off_is_known_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let part = inside(&folder, "1");
    segment(&part, SIZE, (24, 1), 0, 10);
    let whole = std::fs::read(&part).unwrap();
    for length in [0, 5, 30, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&part, &whole[..length]).unwrap();
        assert!(join(std::slice::from_ref(&part), Vec::new()).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn impossible_settings_are_said_in_words() {
    let fails = |size, rate, codec: &Codec| match SegmentEncoder::new(size, rate, codec, Vec::new()) {
        Err(MediaError::Parameter(words)) => words,
        Err(other) => other.to_string(),
        Ok(_) => String::from("no error"),
    };
    let codec = crate::tools::codec();
    assert!(fails((321, 180), (24, 1), &codec).contains("even numbers"));
    assert!(fails(SIZE, (0, 1), &codec).contains("not possible"));
    assert!(fails(SIZE, (24, 1), &Codec { preset: "quick".into(), ..codec }).contains("no x264 preset"));
}

#[test]
fn a_soundtrack_of_another_length_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let part = inside(&folder, "1");
    segment(&part, SIZE, (24, 1), 0, 3);
    let sound = soundtrack(&folder, 60_000);
    let film = Film {
        title: "",
        frames: 3,
        timecode: 0,
        chapters: &[],
        captions: &[],
        language: "eng",
        audio_bitrate: 128_000,
    };
    let error = mux(&[part], &sound, &film, &inside(&folder, "film.mp4"), &mut |_, _| true);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("60 packets of sound; a film of 6000 samples takes 7"), "{error}");
}
