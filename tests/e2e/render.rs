//! What a render leaves, and that other devices, rates and cuts give what they should.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::studio::{Studio, TINY, digests, ffprobe};

/// Three shots of a second, less a dissolve of six pictures.
const FRAMES: i64 = 66;

#[test]
fn a_film_has_all_its_parts() {
    let studio = Studio::with(TINY);
    let render = studio.rendered(&[]);
    assert!(render.workers() > 0);
    let published = render.all("published").next().unwrap();
    assert_eq!((&published["version"], &published["changed"]), (&1.into(), &true.into()));
    let out = studio.path("out/film/latest");
    for name in [
        "film.mp4",
        "film.srt",
        "film.vtt",
        "contact-sheet.png",
        "recipe.json",
        "stems/dialogue.wav",
        "stems/effects.wav",
        "stems/music.wav",
        "stems/music-and-effects.wav",
    ] {
        assert!(out.join(name).metadata().is_ok_and(|meta| meta.len() > 0), "{name} is missing");
    }
    let probed = ffprobe(&studio.film());
    let stream = |kind: &str| {
        let streams = probed["streams"].as_array().unwrap();
        streams
            .iter()
            .find(|stream| stream["codec_type"] == kind)
            .unwrap_or_else(|| panic!("no {kind}: {probed}"))
            .clone()
    };
    let (video, audio) = (stream("video"), stream("audio"));
    assert_eq!(
        (&video["codec_name"], &video["width"], &video["height"]),
        (&"h264".into(), &320.into(), &180.into())
    );
    assert_eq!((&video["r_frame_rate"], &video["nb_frames"]), (&"24/1".into(), &FRAMES.to_string().into()));
    assert_eq!(video["color_space"], "bt709");
    assert_eq!(
        (&audio["codec_name"], &audio["sample_rate"], &audio["channels"]),
        (&"aac".into(), &"48000".into(), &2.into())
    );
    assert_eq!(stream("subtitle")["codec_name"], "mov_text");
    assert_eq!(probed["chapters"].as_array().unwrap().len(), 2);
    let stem = hound::WavReader::open(out.join("stems/dialogue.wav")).unwrap();
    assert_eq!((stem.spec().sample_rate, stem.spec().bits_per_sample), (48_000, 24));
    assert_eq!(i64::from(stem.duration()), FRAMES * 2000);
    let recipe: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("recipe.json")).unwrap()).unwrap();
    assert!(recipe.to_string().contains("sea"), "{recipe}");
}

#[test]
fn one_worker_and_two_make_the_same_film() {
    let (one, two) = (Studio::with(TINY), Studio::with(TINY));
    one.rendered(&["--devices", "cpu:1"]);
    let render = two.rendered(&["--devices", "cpu:2"]);
    assert_eq!(render.workers(), 2);
    assert_eq!(digests(&one.path("out/film/latest")), digests(&two.path("out/film/latest")));
}

#[test]
fn the_trace_is_one_that_perfetto_opens() {
    let studio = Studio::with(TINY);
    let render = studio.rendered(&["--trace", "trace.json"]);
    let trace: serde_json::Value =
        serde_json::from_slice(&fs::read(studio.path("trace.json")).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let spans: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
    let nodes = spans.iter().filter(|span| span["cat"] != "phase").count();
    assert_eq!(nodes, render.ran_nodes().len());
    for span in spans {
        assert!(span["name"].is_string() && span["ts"].is_u64() && span["dur"].is_u64(), "{span}");
        assert!(span["pid"].is_u64() && span["tid"].is_u64(), "{span}");
    }
}

#[test]
fn a_part_of_the_film_and_stills() {
    let studio = Studio::with(TINY);
    studio.rendered(&["--shots", "wood.*"]);
    let video = &ffprobe(&studio.path("out/film-part/latest/film.mp4"))["streams"][0];
    assert_eq!(video["nb_frames"], "24", "{video}");
    studio.rendered(&["--stills"]);
    let stills = fs::read_dir(studio.path("out/film-stills/latest/stills")).unwrap().count();
    assert_eq!(stills, 3);
    let ran = studio.run(&["render", "film.yaml", "--shots", "wod.*"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("wod.*"), "{}", ran.err);
}

#[test]
fn movs_come_with_a_timeline_that_refers_to_them() {
    let studio = Studio::with(TINY);
    studio.rendered(&["--movs"]);
    let out = studio.path("out/film/latest");
    let timeline: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("film.otio")).unwrap()).unwrap();
    let text = timeline.to_string();
    let movs: Vec<_> =
        fs::read_dir(out.join("shots")).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(movs.len(), 3);
    for mov in movs {
        let mov = mov.to_string_lossy().into_owned();
        assert!(text.contains(&format!("shots/{mov}")), "{mov} is not in {text}");
        assert_eq!(ffprobe(&out.join("shots").join(mov))["streams"][0]["codec_name"], "prores");
    }
    assert!(fs::read_to_string(out.join("film.edl")).unwrap().contains("FCM: NON-DROP FRAME"));
}

#[test]
fn a_dry_run_writes_nothing() {
    let studio = Studio::with(TINY);
    let dry = studio.rendered(&["--dry-run"]);
    assert_eq!(dry.workers(), 0);
    assert!(!studio.path("out").exists());
}

#[test]
fn a_look_at_the_film_small_or_in_part_leaves_the_film_alone() {
    let studio = Studio::with(TINY);
    studio.rendered(&["--size", "320x180"]);
    let film = digests(&studio.path("out/film"));
    let size = |folder: &str| {
        let video = &ffprobe(&studio.path(&format!("out/{folder}/latest/film.mp4")))["streams"][0];
        (video["width"].as_i64().unwrap(), video["height"].as_i64().unwrap())
    };
    for (options, folder, expected) in [
        (&["--size", "160x90"][..], "film-160x90", (160, 90)),
        (&["--draft"], "film-draft", (160, 90)),
        (&["--shots", "wood.*", "--size", "64x36"], "film-part-64x36", (64, 36)),
    ] {
        studio.rendered(options);
        assert_eq!(size(folder), expected, "{options:?}");
    }
    assert_eq!(
        digests(&studio.path("out/film")),
        film,
        "its own size is the film itself, and nothing else is"
    );
    assert_eq!(fs::read_link(studio.path("out/film/latest")).unwrap().to_str(), Some("v001"));
}

#[test]
fn variables_are_put_in() {
    let studio = Studio::with(TINY);
    studio.edit("title: Tiny", "vars: {name: Tiny}\ntitle: The ${name}");
    studio.rendered(&["--var", "name=Giant"]);
    assert_eq!(ffprobe(&studio.film())["format"]["tags"]["title"], "The Giant");
}

#[test]
fn shots_that_fail_become_slates_only_when_asked() {
    let studio = Studio::with(TINY);
    // A file whose header is a PNG's and whose pictures are not: it passes the check and fails when drawn.
    studio.edit("action: a path between tall trees", "still: torn.png");
    let png = torn_png();
    fs::write(studio.path("torn.png"), png).unwrap();
    let render = studio.render(&[]);
    assert_eq!(render.ran.code, 1, "{}{}", render.ran.out, render.ran.err);
    assert!(!studio.film().exists());
    let failed: Vec<_> = render.all("node-failed").collect();
    assert!(
        failed.iter().all(|event| event["failure"]["node"].as_str().unwrap().starts_with("wood.path")),
        "{failed:?}"
    );
    assert!(render.ran_nodes().iter().any(|name| name.starts_with("encode sea")), "independent nodes go on");

    let slated = studio.render(&["--slate-missing"]);
    assert_eq!(slated.ran.code, 5, "{}{}", slated.ran.out, slated.ran.err);
    assert_eq!(ffprobe(&studio.film())["streams"][0]["nb_frames"], FRAMES.to_string());
}

#[test]
fn a_stop_after_a_failed_shot_makes_no_slates() {
    let studio = Studio::with(TINY);
    // The torn shot is taken for the longest, so it runs first; the others are still to do when it has failed.
    studio.edit("action: a path between tall trees", "still: torn.png");
    studio.edit("camera: pan left\n        duration: 1s", "camera: pan left\n        duration: 60s");
    studio.edit("camera: push in\n        duration: 1s", "camera: push in\n        duration: 20s");
    fs::write(studio.path("torn.png"), torn_png()).unwrap();
    let args = ["render", "film.yaml", "--slate-missing", "--devices", "cpu:1", "--events", "json"];
    let mut front = studio.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut plans = 0;
    for line in BufReader::new(front.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        match line["event"]["is"].as_str() {
            Some("plan-ready") => plans += 1,
            Some("node-failed") => {
                let stopped = Command::new("kill").args(["-INT", &front.id().to_string()]).status().unwrap();
                assert!(stopped.success());
            }
            _ => {}
        }
    }
    assert_eq!(front.wait().unwrap().code(), Some(130));
    assert_eq!(plans, 1, "no second run");
}

/// A PNG of 64x64 whose picture data ends at once.
fn torn_png() -> Vec<u8> {
    let mut png = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    for (kind, data) in [
        (b"IHDR", &[0, 0, 0, 64, 0, 0, 0, 64, 8, 2, 0, 0, 0][..]),
        (b"IDAT", &[0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01][..]),
        (b"IEND", &[][..]),
    ] {
        let body: Vec<u8> = kind.iter().chain(data).copied().collect();
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        png.extend(&body);
        png.extend(crc(&body).to_be_bytes());
    }
    png
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
