//! What must hold of every subject, and of how words become colours and people.

use super::colour::{Words, hex};
use super::figure::CharacterLook;
use super::figure::look::{Age, Garment, Look, Prop, Style};
use crate::paint::{self, Facing, Light, Motion, PaintCx, Painting};

const MOTIONS: [Motion; 15] = [
    Motion::Still,
    Motion::Idle,
    Motion::Walk,
    Motion::Run,
    Motion::Sit,
    Motion::Grip,
    Motion::Hold,
    Motion::Look,
    Motion::Point,
    Motion::Wave,
    Motion::Row,
    Motion::Fly,
    Motion::Swim,
    Motion::Graze,
    Motion::Turn,
];

fn inked(painting: &Painting) -> usize {
    painting.pixmap.pixels().iter().filter(|p| p.alpha() > 0).count()
}

fn digest(painting: &Painting) -> u64 {
    painting
        .pixmap
        .data()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn every_subject_paints_at_every_scale() {
    let night = Light { night: true, rim: Some([0.7, 0.8, 1.0]), ..Light::DAY };
    for subject in paint::all() {
        let (w, h) = subject.size_metres(subject.name());
        assert!(w > 0.0 && h > 0.0, "{} has a size", subject.name());
        for px_per_metre in [0.0, 0.5, 4.0, 120.0 / w.max(h), 1e9, f32::NAN] {
            let mut cx = PaintCx::new(subject.name(), &night, px_per_metre);
            cx.max_px = 160;
            let painting = subject.paint(&cx);
            assert!(painting.pixmap.width() <= 160 && painting.pixmap.height() <= 160);
            if painting.pixmap.height() > 12 {
                assert!(inked(&painting) > 20, "{} shows at {px_per_metre}", subject.name());
            }
        }
    }
}

#[test]
fn every_motion_and_facing_paints_the_same_twice() {
    for subject in paint::all() {
        let (w, h) = subject.size_metres("");
        let moves = |m: &Motion| *m == Motion::Still || subject.phases(*m) > 1;
        for motion in MOTIONS.into_iter().filter(moves) {
            for facing in [Facing::Left, Facing::Right, Facing::Front, Facing::Back] {
                let mut cx = PaintCx::new(subject.name(), &Light::DAY, 40.0 / w.max(h));
                (cx.motion, cx.facing, cx.phases, cx.phase) = (motion, facing, subject.phases(motion), 1);
                let painting = subject.paint(&cx);
                assert!(inked(&painting) > 0, "{} {motion:?} {facing:?}", subject.name());
                assert_eq!(painting, subject.paint(&cx), "{} {motion:?} {facing:?}", subject.name());
            }
        }
    }
}

#[test]
fn loops_move() {
    for subject in paint::all() {
        for motion in MOTIONS.into_iter().filter(|m| subject.phases(*m) > 1) {
            let (w, h) = subject.size_metres("");
            let night = Light { night: true, ..Light::DAY };
            let mut cx = PaintCx::new("", &night, 110.0 / w.max(h));
            (cx.motion, cx.phases) = (motion, subject.phases(motion));
            let first = digest(&subject.paint(&cx));
            cx.phase = cx.phases / 4;
            assert_ne!(first, digest(&subject.paint(&cx)), "{} does {motion:?}", subject.name());
        }
    }
}

#[test]
fn names_are_found() {
    let name = |words: &str| paint::find(words).map(paint::Subject::name);
    for (words, expected) in [
        ("gulls", "gull"),
        ("a flock of gulls", "gull"),
        ("a lighthouse on a basalt cliff", "lighthouse"),
        ("a dented brass storm lamp", "storm lamp"),
        ("the wooden rail", "rail"),
        ("a rusted iron rail", "rail"),
        ("three children", "figure"),
        ("an old fisherman", "figure"),
        ("street lamps", "street lamp"),
        ("butterflies", "butterfly"),
        ("hot-air balloon", "hot-air balloon"),
        ("bookshelves", "bookshelf"),
        ("Fishing boat", "fishing boat"),
    ] {
        assert_eq!(name(words), Some(expected), "{words}");
    }
    assert_eq!(name("a zyx"), None);
    assert_eq!(name(""), None);
    assert_eq!(name("cliff with a boat"), None);
}

#[test]
fn every_word_finds_its_own_subject() {
    for subject in paint::all() {
        for word in subject.words() {
            assert_eq!(paint::find(word).map(paint::Subject::name), Some(subject.name()), "{word}");
        }
    }
}

#[test]
fn colours_belong_to_their_part() {
    let words = Words::new("a lighthouse keeper in her sixties, yellow raincoat, grey braid");
    assert_eq!(words.colour_of(&["raincoat"]), Some(hex(0xe9b93f)));
    assert_eq!(words.colour_of(&["braid"]), Some(hex(0x8d9096)));
    assert_eq!(words.colour_of(&["hat"]), None);
    assert_eq!(Words::new("a coat of dark green").colour_of(&["coat"]), Some(hex(0x4f8055).darker(0.4)));
    assert_ne!(Words::new("a rusted iron rail").colour(), Words::new("a wooden rail").colour());
}

#[test]
fn a_described_thing_shows_its_colour() {
    let mean = |description: &str| {
        let subject = paint::find("door").expect("a door");
        let p = subject.paint(&PaintCx::new(description, &Light::DAY, 40.0)).pixmap;
        let mid = p.pixel(p.width() / 2, p.height() / 2).expect("its middle").demultiply();
        (i32::from(mid.red()), i32::from(mid.blue()))
    };
    let (red, blue) = (mean("a red wooden door"), mean("a blue door"));
    assert!(red.0 > red.1 + 40 && blue.1 > blue.0 + 30, "{red:?} {blue:?}");
}

#[test]
fn people_are_read() {
    let mara = Look::read("a lighthouse keeper in her sixties, yellow raincoat, grey braid");
    assert_eq!(
        (mara.age, mara.female, mara.garment, mara.style),
        (Age::Old, true, Garment::Raincoat, Style::Braid)
    );
    assert_eq!(mara.cloth, hex(0xe9b93f));
    let man = Look::read("a bearded man in a dark suit, with a brown suitcase");
    assert!(!man.female && man.beard);
    assert_eq!(man.garment, Garment::Suit);
    assert_eq!(man.prop.map(|p| p.0), Some(Prop::Suitcase));
    assert_eq!(Look::read("a boy in an old coat").age, Age::Child);
    assert_eq!(Look::read("someone in an old coat"), Look::read("someone in an old coat"));
}

#[test]
fn faces_talk_and_blink() {
    let look = CharacterLook::describe("a young woman with red hair");
    let mut cx = PaintCx::new("", &Light::DAY, 200.0);
    let calm = digest(&look.bust(&cx));
    cx.face.mouth = 0.8;
    let talking = digest(&look.bust(&cx));
    cx.face.blink = 1.0;
    let blinking = digest(&look.bust(&cx));
    assert!(calm != talking && talking != blinking);
}

#[test]
fn a_reference_is_cut_out_and_gives_its_colours() {
    let mut image = image::RgbaImage::from_pixel(120, 240, image::Rgba([230, 230, 226, 255]));
    for (y, colour) in [
        (20..44, [60, 40, 30]),
        (44..60, [220, 170, 140]),
        (60..150, [30, 120, 60]),
        (150..230, [40, 50, 90]),
    ] {
        for y in y {
            for x in 35..85 {
                image.put_pixel(x, y, image::Rgba([colour[0], colour[1], colour[2], 255]));
            }
        }
    }
    let look = CharacterLook::from_reference("a man", &image);
    let reference = look.reference().expect("something is left");
    assert!(reference.is_full());
    let cut = reference.cutout();
    assert!((48..=52).contains(&cut.width()) && (206..=212).contains(&cut.height()));
    let cloth = look.look().cloth.0;
    assert!(cloth[1] > cloth[0] && cloth[1] > cloth[2], "{cloth:?}");
    let cx = PaintCx::new("", &Light::DAY, 60.0);
    assert!(inked(&look.figure(&cx)) > 500 && inked(&look.bust(&cx)) > 500);
    let plain = image::RgbaImage::from_pixel(20, 20, image::Rgba([9, 9, 9, 255]));
    assert!(CharacterLook::from_reference("a man", &plain).reference().is_none());
    assert!(CharacterLook::from_reference("a man", &image::RgbaImage::new(0, 0)).reference().is_none());
}

/// The digest of every subject at a small size; `golden.txt` holds what they were when last looked at.
#[test]
fn paintings_are_what_they_were() {
    let mut now = String::new();
    for subject in paint::all() {
        let (w, h) = subject.size_metres("");
        let mut cx = PaintCx::new("", &Light::DAY, 48.0 / w.max(h));
        cx.seed = 7;
        now.push_str(&format!("{} {:016x}\n", subject.name(), digest(&subject.paint(&cx))));
    }
    let look = CharacterLook::describe("a lighthouse keeper in her sixties, yellow raincoat, grey braid");
    let cx = PaintCx::new("", &Light::DAY, 120.0);
    now.push_str(&format!("portrait {:016x}\n", digest(&look.bust(&cx))));
    assert!(
        now == include_str!("golden.txt"),
        "the paintings differ; look at them, then renew golden.txt:\n{now}"
    );
}
