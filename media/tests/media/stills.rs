//! Stills, sequences, ProRes.

use storyreel_media::error::MediaError;
use storyreel_media::probe::{Facts, probe};
use storyreel_media::prores::ProResWriter;
use storyreel_media::still::{SequenceReader, decode_image, read_still};
use storyreel_media::{Picture, PictureSource};

use crate::tools::{bytes, inside, paint, probe as field};

#[test]
fn stills_of_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, arguments) in [
        ("a.png", &[][..]),
        ("b.png", &["-pix_fmt", "rgb48be"]),
        ("c.png", &["-pix_fmt", "rgba"]),
        ("d.jpg", &["-q:v", "1"]),
        ("e.webp", &["-lossless", "1"]),
    ] {
        let path = inside(&folder, name);
        let begin = ["-f", "lavfi", "-i", "color=c=0xC05A30:s=63x41,format=rgb24", "-frames:v", "1"];
        bytes("ffmpeg", &[&begin[..], arguments, &[path.to_str().unwrap()]].concat());
        assert_eq!(probe(&path).unwrap(), Facts::Still { size: (63, 41) }, "{name}");
        let picture = read_still(&path).unwrap();
        let mut wanted = Picture::default();
        storyreel_media::convert::picture_from_rgb(
            &[0xc0, 0x5a, 0x30].repeat(63 * 41),
            (63, 41),
            &mut wanted,
        );
        for (has, wanted) in
            [(picture.y[99], wanted.y[99]), (picture.cb[9], wanted.cb[9]), (picture.cr[9], wanted.cr[9])]
        {
            assert!(has.abs_diff(wanted) < 700, "{name}: {has} for {wanted}");
        }
    }
}

/// A JPEG that says the camera lay on its side: shown, it is turned clockwise.
fn sideways(folder: &tempfile::TempDir) -> std::path::PathBuf {
    let path = inside(folder, "phone.jpg");
    let graph = "color=c=white:s=64x32,drawbox=w=32:h=32:c=black:t=fill";
    bytes("ffmpeg", &["-f", "lavfi", "-i", graph, "-frames:v", "1", path.to_str().unwrap()]);
    let plain = std::fs::read(&path).unwrap();
    let mut exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    std::fs::write(&path, [&plain[..2], &exif, &plain[2..]].concat()).unwrap();
    path
}

#[test]
fn stills_are_turned_upright() {
    let folder = tempfile::tempdir().unwrap();
    let path = sideways(&folder);
    assert_eq!(probe(&path).unwrap(), Facts::Still { size: (32, 64) });
    let image = decode_image(std::fs::read(&path).unwrap(), &path).unwrap().into_luma8();
    assert_eq!(image.dimensions(), (32, 64));
    assert!(image.get_pixel(16, 8).0[0] < 20, "its left is now its top");
    assert!(image.get_pixel(16, 56).0[0] > 235);
}

#[test]
fn a_sequence_is_a_clip() {
    let folder = tempfile::tempdir().unwrap();
    let pattern = inside(&folder, "%03d.png");
    let graph = "nullsrc=s=32x32:r=24:d=0.5,format=gray,geq=lum='20*N'";
    bytes("ffmpeg", &["-f", "lavfi", "-i", graph, pattern.to_str().unwrap()]);
    let files: Vec<_> = (1..=12).map(|n| inside(&folder, &format!("{n:03}.png"))).collect();
    let mut clip = SequenceReader::open(files.clone(), (24_000, 1001)).unwrap();
    assert_eq!(
        (clip.spec().size, clip.spec().rate, clip.spec().frames),
        ((32, 32), (24_000, 1001), Some(12))
    );
    let mut picture = Picture::default();
    for index in [0, 5, 5, 11, 3] {
        clip.picture(index, &mut picture).unwrap();
        let wanted = 4096.0 + 20.0 * index as f64 / 255.0 * 56_064.0;
        assert!((f64::from(picture.y[50]) - wanted).abs() < 2.0, "picture {index}");
    }
    assert!(matches!(
        clip.picture(12, &mut picture),
        Err(MediaError::BeyondEnd { index: 12, frames: 12, .. })
    ));
    std::fs::write(&files[4], "no picture").unwrap();
    assert!(clip.picture(4, &mut picture).unwrap_err().to_string().contains("is text; allowed are PNG"));
}

#[test]
fn text_named_png_is_called_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "a.png");
    std::fs::write(&path, "I am no picture.").unwrap();
    assert!(read_still(&path).unwrap_err().to_string().ends_with("is text; allowed are PNG, JPEG and WebP"));
    assert!(
        probe(&path).unwrap_err().to_string().contains("is text; allowed are PNG, JPEG and WebP images, and")
    );
}

#[test]
fn prores_has_its_pictures_and_timecode() {
    for (rate, timecode, wanted) in
        [((24, 1), 24 * 3600 + 12, "01:00:00:12"), ((30_000, 1001), 1800, "00:01:00:00")]
    {
        let folder = tempfile::tempdir().unwrap();
        let mut films = Vec::new();
        for name in ["1.mov", "2.mov"] {
            let path = inside(&folder, name);
            let mut writer = ProResWriter::create(&path, (128, 72), rate, timecode).unwrap();
            let mut picture = Picture::new(128, 72);
            for index in 0..10 {
                paint(index, &mut picture);
                writer.push(&picture).unwrap();
            }
            assert_eq!(writer.finish().unwrap(), 10);
            assert_eq!(field(&path, "v:0", "codec_name,profile,pix_fmt"), "prores\nStandard\nyuv422p10le");
            assert_eq!(
                field(&path, "v:0", "nb_read_frames,r_frame_rate"),
                format!("{}/{}\n10", rate.0, rate.1)
            );
            assert_eq!(field(&path, "v:0", "color_space"), "bt709");
            assert!(field(&path, "d:0", "codec_tag_string").contains("tmcd"));
            let path = path.to_str().unwrap();
            let tags =
                ["-select_streams", "d:0", "-show_entries", "stream_tags=timecode", "-of", "csv=p=0", path];
            assert_eq!(crate::tools::output("ffprobe", &tags).trim(), wanted);
            films.push(std::fs::read(path).unwrap());
        }
        assert!(films[0] == films[1], "two runs differ");
        // What comes back is what went in, within ProRes's loss.
        let mut clip =
            storyreel_media::decode::FootageReader::open(&inside(&folder, "1.mov"), &mut |_, _| true)
                .unwrap();
        assert_eq!((clip.spec().rate, clip.spec().frames), (rate, Some(10)));
        let (mut has, mut wanted) = (Picture::default(), Picture::new(128, 72));
        clip.picture(6, &mut has).unwrap();
        paint(6, &mut wanted);
        let error: f64 = has.y.iter().zip(&wanted.y).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>()
            / has.y.len() as f64;
        assert!(error < 400.0, "{error}");
    }
}
