//! Clips that FFmpeg's command line made, read picture by picture. Every picture's number is its
//! brightness, so that a wrong picture is seen.

use std::path::{Path, PathBuf};

use storyreel_media::decode::FootageReader;
use storyreel_media::probe::{Facts, FootageFacts, probe};
use storyreel_media::{Picture, PictureSource};

use crate::tools::{bytes, inside};

/// Writes 60 pictures of 64x48 at 25 a second whose luma is 20 + 3 x number, with ffmpeg arguments
/// for what is special. The right half is darker by 10, the bottom by 5.
fn clip(path: &Path, filter: &str, arguments: &[&str]) {
    let paint =
        "nullsrc=s=64x48:r=25:d=2.4,format=yuv420p,geq=lum='20+3*N-10*gt(X,31)-5*gt(Y,23)':cb=128:cr=128";
    let graph = if filter.is_empty() { paint.to_string() } else { format!("{paint},{filter}") };
    let begin = ["-f", "lavfi", "-i", &graph];
    bytes("ffmpeg", &[&begin[..], arguments, &["-y", path.to_str().unwrap()]].concat());
}

const LOSSLESS: [&str; 8] = ["-c:v", "libx264", "-qp", "0", "-g", "12", "-bf", "2"];

/// The number that a picture's top left shows.
fn number(picture: &Picture) -> f64 {
    let (width, rows) = (picture.width as usize, picture.height as usize / 4);
    let sum: u64 = (0..rows)
        .flat_map(|y| (0..width / 4).map(move |x| (x, y)))
        .map(|(x, y)| u64::from(picture.y[y * width + x]))
        .sum();
    (sum as f64 / (rows * (width / 4)) as f64 / 256.0 - 20.0) / 3.0
}

fn facts(path: &Path) -> FootageFacts {
    match probe(path).unwrap() {
        Facts::Footage(facts) => facts,
        other => panic!("{other:?}"),
    }
}

/// Asks for pictures in order, backwards, and from far places, and checks each one's number.
fn check_numbers(path: &Path, numbers: impl Fn(u64) -> f64, tolerance: f64) {
    let mut reader = FootageReader::open(path, &mut |_, _| true).unwrap();
    let frames = reader.spec().frames.unwrap();
    let orders = (0..frames).chain((0..frames).rev()).chain((0..frames).map(|i| i * 37 % frames));
    let mut picture = Picture::default();
    let mut seen = vec![None; frames as usize];
    for index in orders {
        reader.picture(index, &mut picture).unwrap();
        let (has, wanted) = (number(&picture), numbers(index));
        assert!(
            (has - wanted).abs() < tolerance,
            "{}: picture {index} shows {has}, not {wanted}",
            path.display()
        );
        let before = seen[index as usize].get_or_insert_with(|| picture.clone());
        assert!(*before == picture, "picture {index} differs by the way it was reached");
    }
    assert!(
        reader.picture(frames, &mut picture).unwrap_err().to_string().contains("picture 60 was asked for")
            || frames != 60
    );
}

fn same(index: u64) -> f64 {
    index as f64
}

#[test]
fn every_container_gives_every_picture() {
    let folder = tempfile::tempdir().unwrap();
    for (name, arguments) in [
        ("a.mp4", &LOSSLESS[..]),
        ("b.mkv", &LOSSLESS),
        ("c.mov", &["-c:v", "prores_ks"]),
        ("d.avi", &["-c:v", "mjpeg", "-q:v", "2"]),
        ("e.ts", &LOSSLESS),
        ("f.webm", &["-c:v", "libvpx-vp9", "-lossless", "1", "-g", "20"]),
        ("g.mkv", &["-c:v", "ffv1"]),
        (
            "open.mp4",
            &["-c:v", "libx264", "-qp", "0", "-g", "12", "-bf", "2", "-x264-params", "open-gop=1:scenecut=0"],
        ),
    ] {
        let path = inside(&folder, name);
        clip(&path, "", arguments);
        let facts = facts(&path);
        assert_eq!((facts.size, facts.rate, facts.frames), ((64, 48), (25, 1), 60), "{name}");
        assert!(
            !facts.variable_rate && !facts.interlaced && !facts.sound && facts.rotation == 0,
            "{name}: {facts:?}"
        );
        check_numbers(&path, same, 0.3);
    }
}

#[test]
fn ntsc_footage_has_its_rate() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mp4", "b.mkv"] {
        let path = inside(&folder, name);
        clip(&path, "settb=1001/30000,setpts=N", &[&LOSSLESS[..], &["-r", "30000/1001"]].concat());
        assert_eq!((facts(&path).rate, facts(&path).frames), ((30_000, 1001), 60), "{name}");
        check_numbers(&path, same, 0.1);
    }
}

#[test]
fn uneven_times_are_evened_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "variable.mp4");
    // Every third picture comes late by three fifths of its time: 0, 40, 104, 120, 160, 224, ...
    clip(
        &path,
        "settb=1/1000,setpts='40*N+if(eq(mod(N,3),2),24,0)'",
        &[&LOSSLESS[..], &["-vsync", "vfr", "-enc_time_base", "1/1000"]].concat(),
    );
    let facts = facts(&path);
    assert!(facts.variable_rate, "{facts:?}");
    assert_eq!(facts.rate, (25, 1));
    let times: Vec<f64> = (0..60).map(|n| f64::from(40 * n + if n % 3 == 2 { 24 } else { 0 })).collect();
    check_numbers(
        &path,
        |index| {
            let wanted = index as f64 * 40.0;
            let distance = |n: &usize| (times[*n] - wanted).abs();
            (0..60).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap() as f64
        },
        0.1,
    );
}

#[test]
fn turned_footage_stands_upright() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, turned) = (inside(&folder, "plain.mp4"), inside(&folder, "turned.mp4"));
    clip(&plain, "", &LOSSLESS);
    let (plain, turned_name) = (plain.to_str().unwrap(), turned.to_str().unwrap());
    bytes("ffmpeg", &["-i", plain, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned_name]);
    let facts = facts(&turned);
    assert_eq!((facts.size, facts.rotation), ((48, 64), 270));
    // FFmpeg's own way of turning it is the reference.
    let tenth = ["-i", turned_name, "-vf", "select=eq(n\\,10)", "-frames:v", "1"];
    let reference = bytes("ffmpeg", &[&tenth[..], &["-pix_fmt", "gray", "-f", "rawvideo", "-"]].concat());
    let mut picture = Picture::default();
    FootageReader::open(&turned, &mut |_, _| true).unwrap().picture(10, &mut picture).unwrap();
    assert_eq!((picture.width, picture.height), (48, 64));
    for place in [(2, 2), (45, 2), (2, 60), (45, 60)] {
        let at = place.1 * 48 + place.0;
        // ffmpeg's gray is full range.
        let wanted = f64::from(reference[at]) * 219.0 / 255.0 + 16.0;
        assert!((f64::from(picture.y[at]) / 256.0 - wanted).abs() < 1.5, "{place:?}");
    }
}

#[test]
fn wide_pixels_become_square() {
    let folder = tempfile::tempdir().unwrap();
    let path = inside(&folder, "wide.mp4");
    clip(&path, "setsar=16/11", &LOSSLESS);
    assert_eq!(facts(&path).size, (92, 48));
    check_numbers(&path, same, 0.1);
    let mut picture = Picture::default();
    FootageReader::open(&path, &mut |_, _| true).unwrap().picture(10, &mut picture).unwrap();
    // The vertical edge stays in the middle.
    let row = &picture.y[5 * 92..6 * 92];
    let edge = (0..91).max_by_key(|x| row[*x].saturating_sub(row[x + 1])).unwrap();
    assert!((44..=47).contains(&edge), "edge at {edge}");
}

#[test]
fn interlaced_footage_is_made_whole() {
    let folder = tempfile::tempdir().unwrap();
    let weave = "tinterlace=interleave_top,fieldorder=tff";
    for (name, arguments) in [
        (
            "a.mp4",
            &["-c:v", "libx264", "-qp", "0", "-g", "12", "-flags", "+ilme+ildct", "-top", "1", "-vsync", "0"]
                [..],
        ),
        ("b.ts", &["-c:v", "mpeg2video", "-q:v", "1", "-flags", "+ilme+ildct", "-top", "1", "-vsync", "0"]),
    ] {
        let path = inside(&folder, name);
        clip(&path, weave, arguments);
        let facts = facts(&path);
        assert!(facts.interlaced, "{name}: {facts:?}");
        assert_eq!(facts.frames, 30, "{name}: {facts:?}");
        // Picture i is made of the fields of pictures 2i and 2i + 1; its time is the first field's.
        check_numbers(&path, |index| 2.0 * index as f64 + 0.5, 0.8);
        let mut picture = Picture::default();
        let mut reader = FootageReader::open(&path, &mut |_, _| true).unwrap();
        reader.picture(7, &mut picture).unwrap();
        // Woven fields would differ by three codes from row to row.
        let comb: u32 =
            (2..20).map(|y| u32::from(picture.y[y * 64 + 4].abs_diff(picture.y[(y + 1) * 64 + 4]))).sum();
        assert!(comb / 18 < 150, "{name}: rows differ by {}, as a comb's teeth", comb / 18);
    }
}

#[test]
fn colours_come_out_alike_from_all_matrices() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen: Vec<(PathBuf, [u16; 3])> = Vec::new();
    for (name, tags) in [
        ("709.mkv", "out_color_matrix=bt709:out_range=tv"),
        ("601.mkv", "out_color_matrix=smpte170m:out_range=tv"),
        ("full.mkv", "out_color_matrix=bt709:out_range=pc"),
        ("2020.mkv", "out_color_matrix=bt2020:out_range=tv"),
    ] {
        let path = inside(&folder, name);
        let (matrix, range) = (
            if name == "601.mkv" { "smpte170m" } else { tags },
            if name == "full.mkv" { "pc" } else { "tv" },
        );
        let matrix = if matrix.contains("2020") {
            "bt2020nc"
        } else if matrix.contains("709") {
            "bt709"
        } else {
            matrix
        };
        let graph = format!(
            "color=c=0xC05A30:s=64x48:r=25:d=0.2,format=gbrp,scale={tags}:flags=accurate_rnd,format=yuv444p10le"
        );
        let to = path.to_str().unwrap();
        bytes(
            "ffmpeg",
            &["-f", "lavfi", "-i", &graph, "-c:v", "ffv1", "-colorspace", matrix, "-color_range", range, to],
        );
        let mut picture = Picture::default();
        FootageReader::open(&path, &mut |_, _| true).unwrap().picture(1, &mut picture).unwrap();
        seen.push((path, [picture.y[700], picture.cb[300], picture.cr[300]]));
    }
    let mut wanted = Picture::default();
    storyreel_media::convert::picture_from_rgb(&[0xc0, 0x5a, 0x30], (1, 1), &mut wanted);
    let wanted = [wanted.y[0], wanted.cb[0], wanted.cr[0]];
    for (path, colour) in seen {
        for (has, wanted) in colour.iter().zip(wanted) {
            assert!(has.abs_diff(wanted) < 160, "{}: {colour:?} for {wanted:?}", path.display());
        }
    }
}
