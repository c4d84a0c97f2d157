//! The nodes of the library, each measured on the stills of shots that differ in one step alone.
//!
//! Every measure has its counterpart: what must change is measured where something must not, and the other way round.

use std::fs;

use image::RgbImage;

use crate::studio::Studio;

const WIDTH: u32 = 320;
const HEIGHT: u32 = 180;
/// Steps of 255 by which samples may differ that are said to be the same: pictures pass through Y'CbCr.
const SAME: i32 = 2;
/// Pixels around an edge in which colours, stored at half the size, reach over it.
const REACH: u32 = 6;

/// Stills of one picture under several steps.
struct Stills {
    pictures: Vec<RgbImage>,
}

/// Renders `a.plain` and then a shot for each of `steps`, all of them the same picture, in that order.
fn stills(steps: &[&str]) -> Stills {
    stills_with(steps, &[])
}

/// The same in a project that has these files.
fn stills_with(steps: &[&str], files: &[(&str, &str)]) -> Stills {
    let mut shots = String::from("      - {shot: plain, still: picture.png, camera: static, duration: 1s}\n");
    for (at, steps) in steps.iter().enumerate() {
        let head = format!("      - {{shot: s{at}, still: picture.png, camera: static, duration: 1s");
        shots += &format!("{head}, steps: {steps}}}\n");
    }
    shots += "      - {shot: black, still: black.png, camera: static, duration: 1s}\n";
    let head =
        format!("storyboard: 1\ntitle: Looks\nfilm: {{size: {WIDTH}x{HEIGHT}, fps: 24}}\nseed: 5\nscenes:\n");
    let studio = Studio::with(&format!("{head}  - scene: a\n    shots:\n{shots}"));
    picture().save(studio.path("picture.png")).unwrap();
    RgbImage::new(WIDTH, HEIGHT).save(studio.path("black.png")).unwrap();
    files.iter().for_each(|(name, text)| studio.write(name, text));
    studio.rendered(&["--stills"]);
    let mut names: Vec<_> = fs::read_dir(studio.path("out/film-stills/latest/stills"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let pictures = names.iter().map(|path| image::open(path).unwrap().into_rgb8()).collect::<Vec<_>>();
    assert_eq!(pictures.len(), steps.len() + 2);
    Stills { pictures }
}

impl Stills {
    /// The shot without a step.
    fn plain(&self) -> &RgbImage {
        &self.pictures[0]
    }

    /// The shot of the steps at that place.
    fn of(&self, at: usize) -> &RgbImage {
        &self.pictures[at + 1]
    }
}

/// Greys and colours from dark to light, smooth, so that they pass through Y'CbCr as they are, with a bright spot.
fn picture() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (u, v) = (x as f32 / WIDTH as f32, y as f32 / HEIGHT as f32);
        let spot = (-((u - 0.5).powi(2) + (v - 0.5).powi(2)) * 60.0).exp() * 90.0;
        let part = |from: f32, to: f32, at: f32| (from + (to - from) * at + spot).min(245.0) as u8;
        image::Rgb([part(60.0, 150.0, u), part(70.0, 130.0, v), part(120.0, 60.0, u)])
    })
}

/// A part of a picture: left, top, right, bottom, without the last.
type Area = (u32, u32, u32, u32);

const WHOLE: Area = (0, 0, WIDTH, HEIGHT);
const MIDDLE: Area = (WIDTH / 2 - 20, HEIGHT / 2 - 12, WIDTH / 2 + 20, HEIGHT / 2 + 12);
const CORNER: Area = (0, 0, 20, 12);

fn places((left, top, right, bottom): Area) -> impl Iterator<Item = (u32, u32)> {
    (top..bottom).flat_map(move |y| (left..right).map(move |x| (x, y)))
}

/// The largest difference of two pictures in an area, in steps of 255.
fn difference(a: &RgbImage, b: &RgbImage, area: Area) -> i32 {
    let of = |(x, y)| {
        let pairs = a.get_pixel(x, y).0.into_iter().zip(b.get_pixel(x, y).0);
        pairs.map(|(a, b)| (i32::from(a) - i32::from(b)).abs()).max().unwrap_or(0)
    };
    places(area).map(of).max().unwrap_or(0)
}

/// The mean of all channels in an area, in steps of 255.
fn mean(picture: &RgbImage, area: Area) -> f64 {
    let sums = places(area).map(|(x, y)| picture.get_pixel(x, y).0.into_iter().map(f64::from).sum::<f64>());
    let (sum, count) = sums.fold((0.0, 0_u32), |(sum, count), one| (sum + one, count + 3));
    sum / f64::from(count)
}

/// How far apart the channels of an area's pixels are, in the mean.
fn colourfulness(picture: &RgbImage, area: Area) -> f64 {
    let spread = |(x, y)| {
        let [r, g, b] = picture.get_pixel(x, y).0;
        f64::from(r.max(g).max(b) - r.min(g).min(b))
    };
    let all: Vec<f64> = places(area).map(spread).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

#[test]
fn every_node_is_declared_without_mistakes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".lua").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 16, "{names:?}");
    let needed = |name: &str| match name {
        "title-card" => ", title: x",
        "lower-third" => ", name: x",
        "picture-in-picture" => ", inset: a.other",
        "split-screen" => ", others: [a.other]",
        "beat-cut" => ", clips: [a.other]",
        _ => "",
    };
    let steps: String =
        names.iter().map(|name| format!("          - {{node: {name}{}}}\n", needed(name))).collect();
    let studio = Studio::with(&format!(
        "storyboard: 1\ntitle: x\nscenes:\n  - scene: a\n    shots:\n      - {{shot: other, action: waves, duration: 1s}}\n      \
         - shot: all\n        action: waves\n        duration: 1s\n        sound: surf\n        steps:\n{steps}"
    ));
    let checked = studio.run(&["check", "film.yaml"]);
    assert_eq!(checked.code, 0, "{}\n{}", checked.out, checked.err);
    assert_eq!(studio.run(&["plan", "film.yaml"]).code, 0, "what expands does");
    studio.edit("node: vignette", "node: vignete");
    assert_eq!(studio.run(&["check", "film.yaml"]).code, 2, "a name that is none is a mistake");
}

#[test]
fn letterbox_is_black_in_its_bars_and_nothing_elsewhere() {
    let stills = stills(&["[{node: letterbox, aspect: 2.5}]", "[{node: letterbox, aspect: 1}]"]);
    // 320 / 2.5 = 128 of 180 lines, and 180 of 320 columns.
    let wide = stills.of(0);
    for bar in [(0, 0, WIDTH, 26 - REACH), (0, 154 + REACH, WIDTH, HEIGHT)] {
        assert!(mean(wide, bar) < 1.0 && mean(stills.plain(), bar) > 50.0);
    }
    assert!(difference(wide, stills.plain(), (0, 26 + REACH, WIDTH, 154 - REACH)) <= SAME);
    let square = stills.of(1);
    assert!(mean(square, (0, 0, 70 - REACH, HEIGHT)) < 1.0);
    assert!(difference(square, stills.plain(), (70 + REACH, 0, 250 - REACH, HEIGHT)) <= SAME);
}

#[test]
fn vignette_darkens_corners_and_leaves_the_middle() {
    let stills = stills(&["[{node: vignette, amount: 0.8}]", "[{node: vignette, amount: 0}]"]);
    assert!(difference(stills.of(0), stills.plain(), MIDDLE) <= SAME);
    assert!(mean(stills.of(0), CORNER) < 0.6 * mean(stills.plain(), CORNER));
    assert!(difference(stills.of(1), stills.plain(), WHOLE) <= SAME, "an amount of 0 is nothing");
}

#[test]
fn grain_is_new_on_every_picture_and_changes_no_mean() {
    let step = "[{node: film-grain, amount: 0.8}]";
    let held = "[{node: film-grain, amount: 0.8}, {node: speed-ramp, speeds: [0]}]";
    let stills = stills(&[step, held, "[{node: film-grain, amount: 0}]"]);
    assert!(difference(stills.of(0), stills.plain(), WHOLE) > 6);
    assert!((mean(stills.of(0), WHOLE) - mean(stills.plain(), WHOLE)).abs() < 0.5);
    assert!(difference(stills.of(0), stills.of(1), WHOLE) > 10, "the first picture's grain is another");
    assert!(difference(stills.of(2), stills.plain(), WHOLE) <= SAME);
}

/// A .cube table of two samples a side, whose colours are `colour` of red, green and blue.
fn cube(colour: impl Fn([u8; 3]) -> [u8; 3]) -> String {
    let corners = (0..8_u8).map(|at| colour([at & 1, at >> 1 & 1, at >> 2]));
    let lines: String = corners.map(|[r, g, b]| format!("{r} {g} {b}\n")).collect();
    format!("LUT_3D_SIZE 2\n{lines}")
}

#[test]
fn looks_come_from_files_and_by_name() {
    let files = [("same.cube", &*cube(|rgb| rgb)), ("swapped.cube", &*cube(|[r, g, b]| [b, g, r]))];
    let named: Vec<String> = ["teal-orange", "bleach", "noir", "faded", "warm", "cold"]
        .iter()
        .map(|look| format!("[{{node: lut-look, look: {look}}}]"))
        .collect();
    let given = ["[{node: lut-look, file: same.cube}]", "[{node: lut-look, file: swapped.cube}]"];
    let none = ["[{node: lut-look, look: noir, amount: 0}]"];
    let steps: Vec<&str> = given.into_iter().chain(none).chain(named.iter().map(String::as_str)).collect();
    let stills = stills_with(&steps, &files);
    assert!(difference(stills.of(0), stills.plain(), WHOLE) <= SAME, "the same colours");
    let (swapped, plain) = (stills.of(1).get_pixel(20, 90).0, stills.plain().get_pixel(20, 90).0);
    assert!(plain[2] > plain[0] + 20 && swapped[0] > swapped[2] + 20, "{plain:?} {swapped:?}");
    assert!(difference(stills.of(2), stills.plain(), WHOLE) <= SAME, "an amount of 0 is nothing");
    for (at, name) in named.iter().enumerate() {
        assert!(difference(stills.of(at + 3), stills.plain(), WHOLE) > 10, "{name}");
    }
    let noir = stills.of(5);
    assert!(colourfulness(noir, WHOLE) < 6.0 && colourfulness(stills.plain(), WHOLE) > 25.0);
    let shift = |at: usize| {
        let sum = |picture: &RgbImage| {
            places(WHOLE)
                .map(|at| picture.get_pixel(at.0, at.1).0)
                .fold(0_i64, |sum, [r, _, b]| sum + i64::from(r) - i64::from(b))
        };
        sum(stills.of(at)) - sum(stills.plain())
    };
    assert!(shift(7) > 0 && shift(8) < 0, "warm is redder, cold bluer");
}

#[test]
fn an_inset_changes_nothing_outside_of_it() {
    let inset = "inset: a.black, shadow: 0, border: 0, corners: 0, size: 0.4, margin: 5, corner: top-left";
    let stills = stills(&[&format!("[{{node: picture-in-picture, {inset}}}]")]);
    // 128 x 72 pixels, 9 from the sides.
    let (right, bottom) = (9 + 128, 9 + 72);
    let inside = stills.of(0).get_pixel(70, 40).0;
    assert!(inside.iter().all(|part| *part < 5), "{inside:?}");
    let (with, plain) = (stills.of(0), stills.plain());
    assert!(difference(with, plain, (right + REACH, 0, WIDTH, HEIGHT)) <= SAME);
    assert!(difference(with, plain, (0, bottom + REACH, WIDTH, HEIGHT)) <= SAME);
    assert!(difference(with, plain, (9 + REACH, 9 + REACH, right - REACH, bottom - REACH)) > 60);
}

#[test]
fn a_split_screen_shows_each_in_its_place() {
    let stills = stills(&[
        "[{node: split-screen, others: [a.black], gap: 0}]",
        "[{node: split-screen, others: [a.black], gap: 0, layout: stacked}]",
        "[{node: split-screen, others: [a.black, a.black, a.black], gap: 0, layout: quad}]",
    ]);
    let black =
        |picture: &RgbImage, (x, y): (u32, u32)| picture.get_pixel(x, y).0.iter().all(|part| *part < 5);
    let corners = [(20, 20), (300, 20), (20, 160), (300, 160)];
    for (at, expected) in
        [[false, true, false, true], [false, false, true, true], [false, true, true, true]].iter().enumerate()
    {
        assert_eq!(corners.map(|place| black(stills.of(at), place)), *expected, "{at}");
    }
    // Side by side, the first shows its own middle.
    assert!(
        difference(stills.of(0), &cut(stills.plain(), WIDTH / 4), (0, 0, WIDTH / 2 - REACH, HEIGHT)) <= SAME
    );
}

/// The picture from `left` on.
fn cut(picture: &RgbImage, left: u32) -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| *picture.get_pixel((x + left).min(WIDTH - 1), y))
}

#[test]
fn a_shake_moves_the_picture_and_shows_no_side() {
    let step = "{node: camera-shake, amount: 3, roll: 1}";
    // A side that showed would be drawn out of the outermost pixels: bars of another colour would grow, not go.
    let bars = "{node: letterbox, aspect: 1.7, colour: \"#00ff00\"}";
    let framed = format!("[{bars}, {step}]");
    let stills =
        stills(&[&format!("[{step}]"), "[{node: camera-shake, amount: 0}]", &framed, &format!("[{bars}]")]);
    assert!(difference(stills.of(0), stills.plain(), WHOLE) > 10);
    assert!(difference(stills.of(1), stills.plain(), WHOLE) <= SAME, "an amount of 0 is nothing");
    let green = |picture: &RgbImage| {
        let is = |(x, y)| {
            let [r, g, b] = picture.get_pixel(x, y).0;
            g > 200 && r < 120 && b < 120
        };
        places(WHOLE).filter(|place| is(*place)).count()
    };
    assert!(green(stills.of(3)) >= (2 * 6 * HEIGHT) as usize, "{}", green(stills.of(3)));
    assert!(green(stills.of(2)) < green(stills.of(3)) / 4, "{}", green(stills.of(2)));
}

#[test]
fn a_ramp_of_one_changes_nothing_and_a_freeze_shows_the_first_picture() {
    let close = "{node: letterbox, aspect: 4, close: 1s}";
    let stills = stills(&[
        "[{node: speed-ramp, speeds: [1]}]",
        &format!("[{close}]"),
        &format!("[{close}, {{node: speed-ramp, speeds: [1, 1], times: [0, 1]}}]"),
        &format!("[{close}, {{node: speed-ramp, speeds: [0]}}]"),
        &format!("[{close}, {{node: speed-ramp, speeds: [100]}}]"),
    ]);
    assert!(difference(stills.of(0), stills.plain(), WHOLE) <= SAME);
    assert!(difference(stills.of(1), stills.plain(), WHOLE) > 50, "bars are on their way");
    assert!(difference(stills.of(2), stills.of(1), WHOLE) <= SAME);
    assert!(difference(stills.of(3), stills.plain(), WHOLE) <= SAME, "no bars yet");
    let dark = |picture: &RgbImage| mean(picture, (0, 0, WIDTH, 40));
    assert!(dark(stills.of(4)) < 0.5 * dark(stills.of(1)), "the last picture's bars are whole");
}

#[test]
fn words_stand_where_they_belong_and_only_there() {
    let srt = "1\n00:00:00,000 --> 00:00:00,200\nEarly\n\n2\n00:00:00,300 --> 00:00:00,900\n<i>Now</i>\n";
    let late = "1\n00:00:10,000 --> 00:00:12,000\nMuch later\n";
    let stills = stills_with(
        &[
            "[{node: subtitles, text: Here it is}]",
            "[{node: subtitles, file: now.srt}]",
            "[{node: subtitles, file: late.srt}]",
            "[{node: subtitles, text: Now}]",
            "[{node: title-card, title: Looks, from: 0s, fade: 0.2s, shade: 0, position: top}]",
            "[{node: lower-third, name: Mara, from: 0s, slide: 0.2s}]",
        ],
        &[("now.srt", srt), ("late.srt", late)],
    );
    let plain = stills.plain();
    let lowest = (0, HEIGHT - HEIGHT / 4, WIDTH, HEIGHT);
    let above = (0, 0, WIDTH, HEIGHT / 2);
    for at in [0, 1, 5] {
        assert!(difference(stills.of(at), plain, lowest) > 80, "{at}");
        assert!(difference(stills.of(at), plain, above) <= SAME, "{at}");
    }
    assert!(difference(stills.of(1), stills.of(3), WHOLE) <= SAME, "the words of the moment, without marks");
    assert!(difference(stills.of(2), plain, WHOLE) <= SAME, "nothing before its time");
    assert!(difference(stills.of(4), plain, above) > 80);
    assert!(difference(stills.of(4), plain, lowest) <= SAME);
}

#[test]
fn glow_and_softness_spill_from_what_is_bright() {
    let stills = stills(&[
        "[{node: glow, threshold: 0.5, amount: 2, radius: 150}]",
        "[{node: glow, threshold: 1, amount: 1}]",
        "[{node: soft-focus, amount: 1, radius: 60}]",
        "[dream]",
    ]);
    let plain = stills.plain();
    let around = (WIDTH / 2 - 60, HEIGHT / 2 - 6, WIDTH / 2 - 40, HEIGHT / 2 + 6);
    assert!(mean(stills.of(0), around) > mean(plain, around) + 1.0);
    assert!(difference(stills.of(1), plain, WHOLE) <= SAME, "nothing is as bright");
    assert!(mean(stills.of(2), MIDDLE) < mean(plain, MIDDLE) - 5.0, "the spot is spread");
    assert!((mean(stills.of(2), WHOLE) - mean(plain, WHOLE)).abs() < 1.5);
    assert!(colourfulness(stills.of(3), WHOLE) < colourfulness(plain, WHOLE));
}

#[test]
fn beats_cut_to_the_next_clip_and_round_again() {
    let beat = |bpm: u32| format!("[{{node: beat-cut, clips: [a.black], bpm: {bpm}}}]");
    // Stills are of the picture half-way: at 0.5 s no, one and two cuts have been.
    let stills = stills(&[&beat(60), &beat(160), &beat(270)]);
    let black = |at: usize| stills.of(at).get_pixel(20, 20).0[1] < 5;
    assert_eq!([black(0), black(1), black(2)], [false, true, false]);
}

#[test]
fn an_old_radio_takes_the_depth_and_the_air_from_a_sound() {
    let film = |steps: &str| {
        let head = "storyboard: 1\ntitle: Radio\nfilm: {size: 160x90, fps: 24, quality: draft}\nscenes:\n  - scene: a\n    shots:\n";
        let shot =
            "      - {shot: b, still: black.png, camera: static, duration: 2s, sound: {file: tones.wav}";
        let studio = Studio::with(&format!("{head}{shot}{steps}}}\n"));
        RgbImage::new(160, 90).save(studio.path("black.png")).unwrap();
        tones(&studio.path("tones.wav"));
        studio.rendered(&[]);
        let stem = hound::WavReader::open(studio.path("out/film/latest/stems/effects.wav")).unwrap();
        let left: Vec<f64> =
            stem.into_samples::<i32>().step_by(2).map(|sample| f64::from(sample.unwrap())).collect();
        TONES.map(|hertz| strength(&left, hertz))
    };
    let [low, middle, high] = film("");
    let [radio_low, radio_middle, radio_high] = film(", steps: [old-radio]");
    // Against the middle: as strong before, far weaker after.
    assert!(low > 0.5 * middle && high > 0.5 * middle, "{low} {middle} {high}");
    assert!(
        radio_low < 0.1 * radio_middle && radio_high < 0.1 * radio_middle,
        "{radio_low} {radio_middle} {radio_high}"
    );
    assert!(radio_middle > 0.1 * middle, "the voice is left");
}

/// Below, within and above the band, in Hz; no one is an odd multiple of another, where bent peaks would add to it.
const TONES: [f64; 3] = [80.0, 1000.0, 10_000.0];

fn tones(path: &std::path::Path) {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut out = hound::WavWriter::create(path, spec).unwrap();
    for at in 0..96_000 {
        let time = f64::from(at) / 48_000.0;
        let sum: f64 = TONES.iter().map(|hertz| (std::f64::consts::TAU * hertz * time).sin()).sum();
        let sample = (sum * 3_000.0) as i16;
        out.write_sample(sample).unwrap();
        out.write_sample(sample).unwrap();
    }
    out.finalize().unwrap();
}

/// How strong a tone is in the second half-second of samples: the length of their sum with a turning pointer.
fn strength(samples: &[f64], hertz: f64) -> f64 {
    let part = &samples[24_000..48_000];
    let (mut across, mut up) = (0.0, 0.0);
    for (at, sample) in part.iter().enumerate() {
        let angle = std::f64::consts::TAU * hertz * at as f64 / 48_000.0;
        across += sample * angle.cos();
        up += sample * angle.sin();
    }
    across.hypot(up) / part.len() as f64
}
