//! What every drawn shot holds to: the same picture on any number of threads and in any order,
//! motion in every setting, edits that leave the rest alone, and the digests of every setting.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use storyreel_animatic::{
    AnimaticError, Change, EditText, Editor, Picture, Region, Request, ShotText, read, stage,
};

/// A setting's place and what is asked of it.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("sea", "a cliff above the sea", "dawn, wind"),
    ("harbour", "an old harbour", "dusk"),
    ("forest", "a pine forest", "morning, fog"),
    ("mountains", "mountains above a valley", "golden hour"),
    ("desert", "a desert of dunes", "noon"),
    ("street", "a city street", "night, rain"),
    ("room", "a library room", "morning"),
    ("field", "a village among fields by a river", "noon, snow"),
    ("sky", "above the clouds", "night"),
];

fn request(place: &str, setting: &str, action: &str, camera: &str) -> Request {
    let text = ShotText {
        action: action.into(),
        camera: camera.into(),
        setting: setting.into(),
        place: Some(place.into()),
        ..ShotText::default()
    };
    Request { size: (192, 108), frames: 48, film_seed: 7, seed: 3, ..Request::new(text) }
}

fn digest(picture: &Picture) -> u64 {
    picture
        .y
        .iter()
        .chain(&picture.cb)
        .chain(&picture.cr)
        .fold(0xcbf2_9ce4_8422_2325, |h, v| (h ^ u64::from(*v)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn every_setting_is_read_and_keeps_its_digest() {
    let mut found = String::new();
    for (name, place, setting) in SETTINGS {
        let stage = stage(&request(place, setting, "", "wide, push in")).unwrap();
        assert_eq!(&stage.reading().setting, name);
        writeln!(found, "{name} {:016x}", digest(&stage.picture(20))).unwrap();
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.txt");
    if std::env::var_os("STORYREEL_BLESS").is_some() {
        std::fs::write(file, &found).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap();
    assert_eq!(kept, found, "pictures changed: raise the node's version, then bless");
}

#[test]
fn threads_and_order_do_not_matter() {
    let one = request("a cliff above the sea", "dusk, storm", "gulls wheel", "handheld");
    let four = Request { threads: 4, ..one.clone() };
    let (one, four) = (stage(&one).unwrap(), stage(&four).unwrap());
    let forward: Vec<Picture> = (0..6).map(|f| one.picture(f)).collect();
    for frame in (0..6).rev() {
        assert_eq!(forward[frame as usize], one.picture(frame), "frame {frame} drawn backwards");
        assert_eq!(forward[frame as usize], four.picture(frame), "frame {frame} on four threads");
    }
}

#[test]
fn every_setting_moves_under_a_still_camera() {
    for (name, place, setting) in SETTINGS {
        let stage = stage(&request(place, setting, "", "static, wide")).unwrap();
        let (a, b) = (stage.picture(2), stage.picture(26));
        let moved = a.y.iter().zip(&b.y).filter(|(a, b)| a.abs_diff(**b) > 200).count();
        assert!(moved > 40, "{name}: only {moved} pixels moved");
    }
}

#[test]
fn a_place_keeps_its_look_and_a_seed_changes_incidents() {
    let first = request("a cliff above the sea", "noon", "", "static, wide");
    let other = Request { seed: 99, ..first.clone() };
    let film = Request { film_seed: 8, ..first.clone() };
    let pictures: Vec<Picture> = [first, other, film].iter().map(|r| stage(r).unwrap().picture(0)).collect();
    let differs =
        |a: &Picture, b: &Picture| a.y.iter().zip(&b.y).filter(|(a, b)| a.abs_diff(**b) > 800).count();
    assert!(differs(&pictures[0], &pictures[1]) < 600, "the place is the same");
    assert!(differs(&pictures[0], &pictures[2]) > 2000, "another film has another cliff");
}

fn edited(base: &Request, change: Change, region: Option<Region>) -> (Picture, Picture, Vec<u8>) {
    let mut asked = base.clone();
    asked.edits = vec![EditText { change, region, strength: 1000, seed: 5 }];
    let before = stage(base).unwrap().picture(10);
    let editor = Editor::drawn(&asked).unwrap();
    let mut after = Picture::black(before.width, before.height);
    editor.draw(10, before.view(), &mut after.planes());
    (before, after, editor.mask(10))
}

/// Something changed, and nothing where the mask is 0.
fn assert_confined((before, after, mask): &(Picture, Picture, Vec<u8>), what: &str) {
    let changed = before.y.iter().zip(&after.y).filter(|(a, b)| a != b).count();
    assert!(changed > 20, "{what}: {changed} pixels changed");
    for (i, m) in mask.iter().enumerate() {
        assert!(*m > 0 || before.y[i] == after.y[i], "{what}: luma changed outside the mask at {i}");
    }
    let cw = before.width / 2;
    for i in 0..before.cb.len() {
        let at = (i / cw * 2) * before.width + i % cw * 2;
        let inside = [at, at + 1, at + before.width, at + before.width + 1].iter().all(|&k| mask[k] > 0);
        let same = before.cb[i] == after.cb[i] && before.cr[i] == after.cr[i];
        assert!(inside || same, "{what}: chroma changed outside the mask at {i}");
    }
}

#[test]
fn edits_change_only_their_region() {
    let base = request("a quiet beach", "morning", "a gull flies over the sea", "wide");
    let left = || Some(Region::Words("left half".into()));
    let boxed = Some(Region::Box { x: 6000, y: 2000, width: 3000, height: 6000 });
    let cases = [
        ("add", Change::Add { what: "a gull".into() }, boxed),
        ("remove", Change::Remove { what: "the gull".into() }, None),
        ("replace", Change::Replace { what: "the gull".into(), with: "a crow".into() }, None),
        ("background", Change::Background { to: "a desert at night".into() }, left()),
        ("style", Change::Style { to: "an engraved illustration".into() }, left()),
    ];
    for (what, change, region) in cases {
        assert_confined(&edited(&base, change, region), what);
    }
}

#[test]
fn footage_is_edited_within_its_region() {
    let input = stage(&request("a meadow", "noon", "", "wide")).unwrap().picture(0);
    let region = Some(Region::Box { x: 3000, y: 3000, width: 3000, height: 4000 });
    for change in [
        Change::Add { what: "a gull".into() },
        Change::Remove { what: "the tree".into() },
        Change::Replace { what: "the tree".into(), with: "a gull".into() },
        Change::Background { to: "a stormy sea".into() },
        Change::Style { to: "watercolour".into() },
    ] {
        let edit = EditText { change: change.clone(), region: region.clone(), strength: 1000, seed: 1 };
        let editor = Editor::footage(&edit, (192, 108), (24, 1), 24, 1).unwrap();
        let mut out = Picture::black(192, 108);
        editor.draw(3, input.view(), &mut out.planes());
        assert_confined(&(input.clone(), out, editor.mask(3)), &format!("{change:?}"));
    }
}

#[test]
fn edits_that_cannot_be_made_say_so() {
    let mut asked = request("a quiet beach", "morning", "", "wide");
    let edit = |change| vec![EditText { change, region: None, strength: 1000, seed: 5 }];
    asked.edits = edit(Change::Add { what: "a theremin".into() });
    assert!(matches!(Editor::drawn(&asked), Err(AnimaticError::Unknown { .. })));
    asked.edits = edit(Change::Remove { what: "the gull".into() });
    assert!(matches!(Editor::drawn(&asked), Err(AnimaticError::NotShown { .. })));
    asked.edits = edit(Change::Style { to: "vaporous".into() });
    assert!(matches!(Editor::drawn(&asked), Err(AnimaticError::Style { .. })));
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let mut asked = request("a quiet beach", "morning", "", "wide");
    asked.size = (100_000, 100_000);
    assert_eq!(stage(&asked).err(), Some(AnimaticError::Size(100_000, 100_000)));
    asked.size = (192, 108);
    asked.rate = (24, 0);
    assert_eq!(stage(&asked).err(), Some(AnimaticError::Rate(24, 0)));
    asked.rate = (24, 1);
    asked.frames = 0;
    assert_eq!(stage(&asked).err(), Some(AnimaticError::Empty));
}

#[test]
fn a_reading_is_plain_data() {
    let reading = read(&request("a quiet beach", "dawn", "a gull flies", "low angle").text);
    let json = serde_json::to_value(&reading).unwrap();
    assert_eq!(json["hour"], "dawn");
    assert_eq!(json["framing"]["angle"], "low");
}

#[test]
fn layers_that_are_laid_aside_are_drawn_the_same() {
    let folder = std::env::temp_dir();
    let add = Change::Add { what: "a red balloon".into() };
    let edits = vec![EditText { change: add, region: None, strength: 1000, seed: 1 }];
    for (_, place, setting) in SETTINGS {
        let plain = Request { edits: edits.clone(), ..request(place, setting, "an old woman walks", "wide") };
        let (held, laid) =
            (stage(&plain).unwrap(), stage(&Request { aside: Some(folder.clone()), ..plain }).unwrap());
        assert_eq!(held.bytes(), laid.bytes());
        assert!([0, 20, 47].into_iter().all(|frame| held.picture(frame) == laid.picture(frame)), "{place}");
    }
}

#[test]
fn layers_that_cannot_be_laid_aside_are_told() {
    let nowhere = Some("/nowhere/at/all".into());
    let request = Request { aside: nowhere, ..request("a room", "dusk", "", "wide") };
    assert!(matches!(stage(&request), Err(AnimaticError::Aside(..))));
}
