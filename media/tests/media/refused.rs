//! What must not open, and what must not panic.

use std::path::Path;

use storyreel_media::decode::FootageReader;
use storyreel_media::error::MediaError;
use storyreel_media::probe::probe;
use storyreel_media::sound::SoundReader;
use storyreel_media::{Picture, PictureSource};

use crate::tools::{bytes, inside};

fn refused(path: &Path) -> String {
    let errors = [
        probe(path).map(|_| ()).unwrap_err(),
        FootageReader::open(path, &mut |_, _| true).map(|_| ()).unwrap_err(),
        SoundReader::open(path).map(|_| ()).unwrap_err(),
    ];
    for error in &errors {
        assert!(
            matches!(
                error,
                MediaError::NotAllowed { .. } | MediaError::TooLarge { .. } | MediaError::Broken { .. }
            ),
            "{error}"
        );
    }
    errors[0].to_string()
}

#[test]
fn playlists_and_the_like_are_refused_whatever_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let secret = inside(&folder, "secret.mp4");
    bytes("ffmpeg", &["-f", "lavfi", "-i", "testsrc=d=1:s=64x64", secret.to_str().unwrap()]);
    let named = |name: &str, content: &str| {
        let path = inside(&folder, name);
        std::fs::write(&path, content.replace("SECRET", secret.to_str().unwrap())).unwrap();
        refused(&path)
    };
    assert!(named("a.mp4", "#EXTM3U\n#EXTINF:1,\nSECRET\n#EXT-X-ENDLIST\n").contains("a playlist (HLS)"));
    assert!(named("b.mkv", "ffconcat version 1.0\nfile 'SECRET'\n").contains("a list of files"));
    assert!(named("c.mp4", "<?xml version=\"1.0\"?><MPD>SECRET</MPD>").contains("DASH"));
    assert!(named("d.wav", "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n").contains("session"));
    assert!(named("e.mp4", "just words").contains("text"));
    assert!(named("f.mp4", "").contains("empty"));
    assert!(named("g.mp4", "%PDF-1.4 \u{fffd}").contains("PDF"));
}

#[test]
fn media_in_other_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "film.mov");
    bytes("ffmpeg", &["-f", "lavfi", "-i", "testsrc=d=0.2:s=64x64", path.to_str().unwrap()]);
    assert!(probe(&path).is_ok());
    let mut film = std::fs::read(&path).unwrap();
    // The first data reference loses its flag "in this file".
    let at = film.windows(4).position(|window| window == b"dref").unwrap();
    assert_eq!(film[at + 23], 1);
    film[at + 23] = 0;
    std::fs::write(&path, &film).unwrap();
    assert!(refused(&path).contains("keeps its media in other files"));
}

#[test]
fn huge_sizes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "film.mp4");
    bytes(
        "ffmpeg",
        &["-f", "lavfi", "-i", "testsrc=d=0.2:s=64x64", "-c:v", "libx264", path.to_str().unwrap()],
    );
    let mut film = std::fs::read(&path).unwrap();
    let at = film.windows(5).position(|window| window == b"avc1\0").unwrap();
    film[at + 28..at + 32].copy_from_slice(&[0x7f, 0xff, 0x7f, 0xff]);
    std::fs::write(&path, &film).unwrap();
    assert!(refused(&path).contains("32767x32767"), "{}", refused(&path));
    // A PNG of 100,000 x 100,000 pixels: header only.
    let png = inside(&folder, "huge.png");
    let mut header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let body = [&100_000_u32.to_be_bytes()[..], &100_000_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    header.extend(&body);
    header.extend(crc(&[b"IHDR", &body[..]].concat()).to_be_bytes());
    header.extend(b"\0\0\0\0IDAT\0\0\0\0");
    std::fs::write(&png, &header).unwrap();
    assert!(refused(&png).contains("100000x100000"), "{}", refused(&png));
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    };
    !bytes.iter().fold(!0, step)
}

#[test]
fn damage_gives_errors_and_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    let films: [(&str, &[&str]); 6] = [
        ("film.mp4", &["-c:v", "libx264", "-g", "5", "-c:a", "aac"]),
        ("film.mkv", &["-c:v", "libx264", "-g", "5", "-c:a", "flac"]),
        ("film.avi", &["-c:v", "mjpeg", "-c:a", "mp3"]),
        ("film.ts", &["-c:v", "mpeg2video", "-c:a", "mp2"]),
        ("sound.wav", &["-vn"]),
        ("sound.ogg", &["-vn", "-c:a", "libvorbis"]),
    ];
    let mut state = 7_u32;
    for (name, arguments) in films {
        let path = inside(&folder, name);
        let begin = ["-f", "lavfi", "-i", "testsrc=d=1:s=96x64", "-f", "lavfi", "-i", "sine=d=1"];
        bytes("ffmpeg", &[&begin[..], arguments, &[path.to_str().unwrap()]].concat());
        let whole = std::fs::read(&path).unwrap();
        for round in 0..24 {
            let mut broken = whole.clone();
            if round % 3 == 0 {
                broken.truncate(whole.len() * round / 24);
            } else {
                for _ in 0..1 + round * 3 {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = state as usize % broken.len();
                    broken[at] = (state >> 24) as u8;
                }
            }
            std::fs::write(&path, &broken).unwrap();
            let _ = probe(&path);
            read_all(&path);
        }
    }
    let png = inside(&folder, "still.png");
    bytes("ffmpeg", &["-f", "lavfi", "-i", "testsrc=d=1:s=96x64", "-frames:v", "1", png.to_str().unwrap()]);
    let whole = std::fs::read(&png).unwrap();
    for length in [8, 20, 40, 100, whole.len() / 2] {
        std::fs::write(&png, &whole[..length]).unwrap();
        assert!(storyreel_media::still::read_still(&png).is_err(), "{length} bytes");
    }
}

/// Reads what can be read; errors are fine.
fn read_all(path: &Path) {
    if let Ok(mut reader) = FootageReader::open(path, &mut |_, _| true) {
        let mut picture = Picture::default();
        for index in 0..reader.spec().frames.unwrap_or(0).min(60) {
            let _ = reader.picture(index, &mut picture);
        }
    }
    if let Ok(mut reader) = SoundReader::open(path) {
        let mut block = vec![0.0; 4096];
        while reader.read(&mut block).is_ok_and(|count| count > 0) {}
    }
}

#[test]
fn a_film_cut_off_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "film.mp4");
    bytes("ffmpeg", &["-f", "lavfi", "-i", "testsrc=d=1:s=96x64", path.to_str().unwrap()]);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(refused(&path).contains("cannot be read"), "{}", refused(&path));
}

/// What reading a file that ends at `part` of its length comes to.
fn cut(path: &Path, part: f64) -> [String; 2] {
    let whole = std::fs::read(path).unwrap();
    std::fs::write(path, &whole[..(whole.len() as f64 * part) as usize]).unwrap();
    let pictures = FootageReader::open(path, &mut |_, _| true).map(|_| ());
    let sound = SoundReader::open(path).and_then(SoundReader::count).map(|_| ());
    [pictures, sound].map(|read| read.map_or_else(|error| error.to_string(), |()| "read".into()))
}

#[test]
fn what_ends_before_its_header_says_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let film = inside(&folder, "film.mp4");
    let begin = ["-f", "lavfi", "-i", "testsrc=d=4:s=96x64:r=25", "-f", "lavfi", "-i", "sine=d=4"];
    let end = ["-movflags", "faststart", film.to_str().unwrap()];
    bytes("ffmpeg", &[&begin[..], &end].concat());
    for error in cut(&film, 0.7) {
        assert!(error.contains("film.mp4` is damaged"), "{error}");
    }
    for name in ["sound.flac", "sound.wav"] {
        let sound = inside(&folder, name);
        let noise = "anoisesrc=d=4:a=0.3:seed=5";
        bytes("ffmpeg", &["-f", "lavfi", "-i", noise, sound.to_str().unwrap()]);
        let whole = SoundReader::open(&sound).unwrap().count().unwrap();
        assert_eq!(whole, 192_000, "{name}");
        let [_, error] = cut(&sound, 0.5);
        assert!(error.contains("is damaged") && error.contains(" s"), "{error}");
    }
}

#[test]
fn what_ends_before_its_container_says_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let begin = ["-f", "lavfi", "-i", "testsrc=d=4:s=96x64:r=25", "-f", "lavfi", "-i", "anoisesrc=d=4:a=0.3"];
    let films: [(&str, &[&str]); 5] = [
        ("film.mkv", &["-c:v", "libx264", "-g", "5", "-c:a", "flac"]),
        ("film.webm", &["-c:v", "libvpx", "-g", "5", "-deadline", "realtime", "-c:a", "libvorbis"]),
        ("sound.mka", &["-vn", "-c:a", "libvorbis"]),
        ("sound.ogg", &["-vn", "-c:a", "libvorbis"]),
        ("sound.mp3", &["-vn", "-c:a", "libmp3lame"]),
    ];
    for (name, arguments) in films {
        let path = inside(&folder, name);
        bytes("ffmpeg", &[&begin[..], arguments, &[path.to_str().unwrap()]].concat());
        let [_, sound] = cut(&path, 1.0);
        assert_eq!(sound, "read", "{name}");
        let pictures = probe(&path);
        assert!(pictures.is_ok(), "{name}: {pictures:?}");
        let [pictures, sound] = cut(&path, 0.6);
        assert!(sound.contains(name) && sound.contains("cut off after") && sound.contains(" s"), "{sound}");
        if name.starts_with("film") {
            assert!(pictures.contains("cut off after") && pictures.contains("of 4.0 s"), "{pictures}");
        }
        let probed = probe(&path).unwrap_err().to_string();
        assert!(probed.contains("cut off"), "{name}: {probed}");
    }
}

#[test]
fn high_dynamic_range_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for (transfer, curve) in [("smpte2084", "PQ"), ("arib-std-b67", "HLG")] {
        let path = inside(&folder, "film.mov");
        let wide = ["-color_primaries", "bt2020", "-colorspace", "bt2020nc", "-color_trc", transfer];
        let begin = [
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc=d=0.2:s=64x64",
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p10le",
        ];
        bytes("ffmpeg", &[&begin[..], &wide, &[path.to_str().unwrap()]].concat());
        let told = probe(&path).unwrap_err().to_string();
        assert!(told.contains("film.mov") && told.contains(curve) && told.contains("tonemap"), "{told}");
        assert!(FootageReader::open(&path, &mut |_, _| true).is_err());
    }
}

#[test]
fn what_declares_no_length_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    // Written to a pipe, Matroska and MP3 cannot come back to say how long they became.
    for (format, codec) in [("matroska", "libx264"), ("mp3", "copy")] {
        let path = inside(&folder, format);
        let begin = ["-f", "lavfi", "-i", "testsrc=d=2:s=96x64", "-f", "lavfi", "-i", "sine=d=2"];
        let pictures: &[&str] = if format == "mp3" { &["-vn"] } else { &["-c:v", codec, "-g", "5"] };
        let streamed = bytes("ffmpeg", &[&begin[..], pictures, &["-f", format, "-"]].concat());
        std::fs::write(&path, streamed).unwrap();
        let [_, sound] = cut(&path, 0.8);
        assert_eq!(sound, "read", "{format}");
    }
}

#[test]
fn footage_is_read_only_as_long_as_it_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "film.mkv");
    bytes("ffmpeg", &["-f", "lavfi", "-i", "testsrc=d=2:s=96x64", path.to_str().unwrap()]);
    let mut told = Vec::new();
    FootageReader::open(&path, &mut |done, total| {
        told.push((done, total));
        true
    })
    .unwrap();
    let bytes = std::fs::metadata(&path).unwrap().len();
    assert!(told.len() > 40 && told.iter().all(|(done, total)| *total == bytes && *done <= bytes));
    let stopped = FootageReader::open(&path, &mut |_, _| false).map(|_| ());
    assert!(matches!(stopped, Err(storyreel_media::MediaError::Stopped)), "{stopped:?}");
}
