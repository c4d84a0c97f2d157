//! A film of stills under a slow push in, with dissolves: against the exact film, and against ffmpeg.
//!
//! The quick test is part of every run: a small film is as near to the exact one as it should be and
//! moves without steps, while ffmpeg's `zoompan` on the still as it is fails the same check.
//! `./x bench stills` is the long one: `examples/stills` in pairs with an ffmpeg command.
//!
//! The worker is the one beside the front binary: `cargo build --release --workspace` comes first.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod film;
mod measure;
mod tools;

use std::path::{Path, PathBuf};

use film::{Film, Reference};
use measure::{Jitter, shifts, ssim};
use tools::{Pictures, Recipe, Took};

/// Second differences of a smooth move, in pixels: what compression alone leaves is well below.
const STEADY: f64 = 0.1;

/// What a film is worth beside the exact one.
struct Worth {
    ssim: f64,
    jitter: Jitter,
    pictures: usize,
}

/// Measures films together, so that every exact picture is made once. SSIM is taken from every
/// `every`th picture, jitter from all that show one still alone.
fn worth(film: &Film, files: &[&Path], every: usize) -> Vec<Worth> {
    let exact = Reference::new(film);
    let mut films: Vec<_> = files.iter().map(|file| Pictures::open(file, film.size)).collect();
    let mut found: Vec<_> =
        files.iter().map(|_| Worth { ssim: 0.0, jitter: Jitter::default(), pictures: 0 }).collect();
    let mut counted = 0;
    for index in 0..film.pictures() {
        let (wanted, weight) = (exact.picture(index), film.at(index).2);
        counted += usize::from(index % every == 0);
        for (pictures, worth) in films.iter_mut().zip(&mut found) {
            let Some(picture) = pictures.next() else { continue };
            worth.pictures += 1;
            if index % every == 0 {
                worth.ssim += ssim(&picture, &wanted, film.size.0);
            }
            if weight > 0.0 {
                worth.jitter.cut();
            } else {
                worth.jitter.add(shifts(&picture, &wanted, film.size.0));
            }
        }
    }
    for (pictures, worth) in films.iter_mut().zip(&mut found) {
        worth.pictures += pictures.count();
        worth.ssim /= counted as f64;
    }
    found
}

#[test]
fn a_push_over_stills_is_exact_and_steady() {
    let folder = tempfile::tempdir().unwrap();
    // Near to lossless, so that what moves unevenly is the drawing, not the compression.
    let mut film = Film { size: (640, 360), shot: 48, dissolve: 12, crf: 8, ..Film::example() };
    film.stills.truncate(2);
    for still in &film.stills {
        std::fs::copy(still, folder.path().join(still.file_name().unwrap())).unwrap();
    }
    let storyboard = folder.path().join("film.yaml");
    std::fs::write(&storyboard, film.storyboard()).unwrap();
    let (ours, _) = tools::render(&storyboard, &folder.path().join("ours"));
    let plain = folder.path().join("plain.mp4");
    tools::ffmpeg_film(&film, Recipe::Plain, &plain);
    let [ours, plain] = worth(&film, &[&ours, &plain], 1).try_into().ok().unwrap();
    let (steady, stepped) = (ours.jitter.rms().unwrap(), plain.jitter.rms().unwrap());
    println!("ours: SSIM {:.4}, jitter {steady:.3} px, at most {:.3}", ours.ssim, ours.jitter.largest());
    println!(
        "zoompan: SSIM {:.4}, jitter {stepped:.3} px, at most {:.3}",
        plain.ssim,
        plain.jitter.largest()
    );
    assert_eq!((ours.pictures, plain.pictures), (film.pictures(), film.pictures()));
    assert!(ours.ssim > 0.985, "SSIM {}", ours.ssim);
    assert!(ours.ssim >= plain.ssim, "SSIM {} under zoompan's {}", ours.ssim, plain.ssim);
    assert!(steady < STEADY, "the move jitters by {steady} pixels");
    assert!(stepped > 2.0 * STEADY, "the check does not see steps: {stepped} pixels");
}

/// One side of the comparison.
struct Side {
    words: &'static str,
    file: PathBuf,
    took: Vec<Took>,
}

/// The bench of `./x bench stills`; STORYREEL_BENCH says how many pairs.
#[test]
#[ignore = "minutes long: ./x bench stills"]
fn pairs() {
    let pairs: usize = std::env::var("STORYREEL_BENCH").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let (film, folder) = (Film::example(), tempfile::tempdir().unwrap());
    let mut ours = Side { words: "storyreel, all devices, cold", file: PathBuf::new(), took: Vec::new() };
    let mut theirs = [Recipe::Plain, Recipe::Enlarged].map(|recipe| {
        let file = folder.path().join(format!("{}.mp4", recipe as usize));
        (recipe, Side { words: recipe.words(), file, took: Vec::new() })
    });
    let storyboard = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/stills/film.yaml");
    for pair in 0..pairs {
        for (recipe, side) in &mut theirs {
            let mut mine = || {
                let (file, took) = tools::render(&storyboard, &folder.path().join("ours"));
                ours.file = file;
                ours.took.push(took);
            };
            // Who goes first changes, so that neither always meets the warmer machine.
            if pair % 2 == 0 {
                mine();
                side.took.push(tools::ffmpeg_film(&film, *recipe, &side.file));
            } else {
                side.took.push(tools::ffmpeg_film(&film, *recipe, &side.file));
                mine();
            }
        }
    }
    let alone = tools::x264_alone(&film, Recipe::Plain, folder.path());
    report(&film, &ours, &theirs, alone);
}

fn report(film: &Film, ours: &Side, theirs: &[(Recipe, Side)], alone: Took) {
    let sides: Vec<&Side> = std::iter::once(ours).chain(theirs.iter().map(|(_, side)| side)).collect();
    let files: Vec<&Path> = sides.iter().map(|side| side.file.as_path()).collect();
    let worth = worth(film, &files, 6);
    let seconds = film.pictures() as f64 / film.rate as f64;
    println!("{} pictures of {}x{}; load {}", film.pictures(), film.size.0, film.size.1, load());
    for (side, worth) in sides.iter().zip(&worth) {
        let (wall, cpu) = (middle(side, |took| took.wall), middle(side, |took| took.cpu));
        let kbit = tools::picture_bytes(&side.file) as f64 * 8.0 / 1000.0 / seconds;
        println!("{}:", side.words);
        println!(
            "  {:.1} s of wall time ({:.1} to {:.1}), {:.1} s of processor time",
            wall.1, wall.0, wall.2, cpu.1
        );
        println!("  {} pictures, {kbit:.0} kbit/s, SSIM {:.5}", worth.pictures, worth.ssim);
        let rms = worth.jitter.rms().unwrap_or(f64::NAN);
        let verdict = if rms < STEADY { "steady" } else { "steps" };
        println!("  jitter {rms:.4} px, at most {:.3}: {verdict}", worth.jitter.largest());
    }
    println!(
        "x264 alone on raw pictures: {:.1} s of wall time, {:.1} s of processor time",
        alone.wall, alone.cpu
    );
    for (at, (_, side)) in theirs.iter().enumerate() {
        let mine = ours.took.iter().skip(at).step_by(theirs.len());
        let ratios = |of: fn(&Took) -> f64| {
            spread(mine.clone().zip(&side.took).map(|(mine, theirs)| of(mine) / of(theirs)).collect())
        };
        let (wall, cpu) = (ratios(|took| took.wall), ratios(|took| took.cpu));
        println!("our time, pair by pair, in that of {}:", side.words);
        println!(
            "  wall {:.3} ({:.3} to {:.3}), processor {:.3} ({:.3} to {:.3})",
            wall.1, wall.0, wall.2, cpu.1, cpu.0, cpu.2
        );
    }
}

/// Least, median and largest.
fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    (at(0), at(values.len() / 2), at(values.len().saturating_sub(1)))
}

fn middle(side: &Side, of: fn(&Took) -> f64) -> (f64, f64, f64) {
    spread(side.took.iter().map(of).collect())
}

/// How busy the machine was in the last minute.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
