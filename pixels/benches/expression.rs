//! A compiled expression beside the same effect written by hand in Rust: a grade, a vignette and noise on 1920x1080,
//! on one thread and on all.
//!
//! `cargo bench -p storyreel-pixels --bench expression --profile release -- [PICTURES]`
//!
//! The two run in turn, so that the machine's load falls on both, and the table gives medians. As control the expression `c`
//! that changes nothing shows what reading and writing a frame costs alone; both results are compared, so that what is
//! timed is the same effect. Beside it stand the way from and to pictures and a few of the other operations.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::time::Instant;

use rayon::prelude::*;
use storyreel_pixels::expression::{Expression, Moment, Names};
use storyreel_pixels::picture::{PictureMut, PictureRef, from_picture, to_picture};
use storyreel_pixels::resize::Filter;
use storyreel_pixels::{Budget, Frame, blur, colour, generate, layout, lut, measure, resize, warp};

const SIZE: (usize, usize) = (1920, 1080);

const EFFECT: &str = "
let away = hypot(u - 0.5, (v - 0.5) * h / w)
let shade = 1 - strength * smoothstep(0.25, 0.65, away)
let grain = 0.04 * (noise(x * 0.5, y * 0.5, n) - 0.5)
let lifted = c * 1.08 + 0.02
clamp(((lifted - 0.5) * 1.15 + 0.5) * shade + grain, 0, 1)";

fn main() {
    let pictures = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(15);
    for threads in [1, rayon::current_num_threads()] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| measure_all(threads, pictures));
    }
}

fn measure_all(threads: usize, pictures: usize) {
    let budget = Budget::new(1 << 30);
    let frame = generate::clouds(SIZE, 200.0, 5, 0.0, 7, &budget).unwrap();
    println!("\n{}x{}, {threads} threads, medians of {pictures}", SIZE.0, SIZE.1);
    effects(&frame, pictures);
    operations(&frame, pictures);
}

fn effects(frame: &Frame, pictures: usize) {
    let compiled = Expression::compile(EFFECT, Names::new(1, &["strength"]), 3).unwrap();
    let nothing = Expression::compile("c", Names::new(1, &[]), 3).unwrap();
    let moment = Moment { seconds: 1.0, picture: 24 };
    let (mut by_hand, mut by_expression, mut control) = (Vec::new(), Vec::new(), Vec::new());
    let mut apart = 0.0_f32;
    for _ in 0..pictures {
        let (theirs, millis) = timed(|| hand_written(frame, 0.6, 24.0));
        by_hand.push(millis);
        let (ours, millis) = timed(|| compiled.run(&[frame], &[0.6], moment).unwrap());
        by_expression.push(millis);
        control.push(timed(|| nothing.run(&[frame], &[], moment).unwrap()).1);
        for (ours, theirs) in ours.channels().iter().zip(&theirs) {
            apart = ours.iter().zip(theirs).fold(apart, |most, (a, b)| most.max((a - b).abs()));
        }
        give_back(theirs);
    }
    let (hand, expression) = (median(&mut by_hand), median(&mut by_expression));
    println!("  {:<34}{hand:>9.2} ms", "grade, vignette, noise by hand");
    println!("  {:<34}{expression:>9.2} ms{:>8.2} times by hand", "  as an expression", expression / hand);
    println!("  {:<34}{:>9.2} ms", "  control: `c`", median(&mut control));
    println!("  {:<34}{apart:>9.0e}", "  greatest difference of the two");
}

/// Milliseconds that work took: on one thread those that a processor spent on it, whoever else was busy meanwhile.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (begun, spent) = (Instant::now(), thread_seconds());
    let made = work();
    let seconds = match (rayon::current_num_threads(), spent, thread_seconds()) {
        (1, Some(before), Some(after)) => after - before,
        _ => begun.elapsed().as_secs_f64(),
    };
    (made, seconds * 1000.0)
}

/// Seconds that a processor has spent on this thread, where the system tells.
fn thread_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse::<f64>().ok().map(|nanos| nanos / 1e9)
}

fn median(millis: &mut [f64]) -> f64 {
    millis.sort_by(f64::total_cmp);
    millis[millis.len() / 2]
}

/// The effect as one would write it for this purpose alone, row by row. Like the frames, its planes are memory that was
/// used before.
fn hand_written(frame: &Frame, strength: f32, picture: f32) -> [Vec<f32>; 3] {
    let (width, height) = frame.size();
    let mut out = [(); 3].map(|()| {
        SPARE.with_borrow_mut(|spare| spare.pop()).unwrap_or_else(|| vec![0.0_f32; width * height])
    });
    let [r, g, b] = &mut out;
    let rows = r.par_chunks_mut(width).zip(g.par_chunks_mut(width)).zip(b.par_chunks_mut(width));
    rows.enumerate().for_each(|(y, ((r, g), b))| {
        let from = frame.channels().map(|plane| &plane[y * width..][..width]);
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || hand_row(from, [r, g, b], (y, width, height), strength, picture),
        );
    });
    out
}

/// Planes to be used again.
fn give_back(planes: [Vec<f32>; 3]) {
    SPARE.with_borrow_mut(|spare| spare.extend(planes));
}

thread_local! {
    static SPARE: std::cell::RefCell<Vec<Vec<f32>>> = const { std::cell::RefCell::new(Vec::new()) };
}

#[inline(always)]
fn hand_row(
    [fr, fg, fb]: [&[f32]; 3],
    [r, g, b]: [&mut [f32]; 3],
    (y, width, height): (usize, usize, usize),
    strength: f32,
    picture: f32,
) {
    let seed = noise::seed(3);
    // As long as one another, so that nothing is checked within the loop.
    let (fr, fg, fb) = (&fr[..width], &fg[..width], &fb[..width]);
    let (r, g, b) = (&mut r[..width], &mut g[..width], &mut b[..width]);
    let down = ((y as f32 + 0.5) / height as f32 - 0.5) * height as f32 / width as f32;
    for x in 0..width {
        let across = (x as i32 as f32 + 0.5) / width as f32 - 0.5;
        let away = (across * across + down * down).sqrt();
        let t = ((away - 0.25) / (0.65 - 0.25)).clamp(0.0, 1.0);
        let shade = 1.0 - strength * (t * t * (3.0 - 2.0 * t));
        let grain = 0.04 * (noise::value(x as i32 as f32 * 0.5, y as f32 * 0.5, picture, seed) - 0.5);
        let grade = |v: f32| (((v * 1.08 + 0.02 - 0.5) * 1.15 + 0.5) * shade + grain).clamp(0.0, 1.0);
        (r[x], g[x], b[x]) = (grade(fr[x]), grade(fg[x]), grade(fb[x]));
    }
}

/// Value noise, written once more: the crate's own is its own affair.
mod noise {
    #[inline(always)]
    fn mix(mut h: u32) -> u32 {
        h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
        h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
        h ^ (h >> 16)
    }

    pub fn seed(seed: u64) -> u32 {
        mix(seed as u32) ^ mix((seed >> 32) as u32 ^ 0x5bd1_e995)
    }

    #[inline(always)]
    fn at(x: u32, y: u32, z: u32, seed: u32) -> f32 {
        let place = x.wrapping_mul(0x8da6_b343) ^ y.wrapping_mul(0xd816_3841) ^ z.wrapping_mul(0xcb1a_b31f);
        let bits = mix(mix(place).wrapping_add(seed.wrapping_mul(0x9e37_79b9)));
        (bits >> 8) as i32 as f32 / 16_777_216.0
    }

    #[inline(always)]
    pub fn value(x: f32, y: f32, z: f32, seed: u32) -> f32 {
        let part = |v: f32| {
            let t = v - v.floor();
            (v.floor() as i32 as u32, t * t * (3.0 - 2.0 * t))
        };
        let ((x, u), (y, v), (z, w)) = (part(x), part(y), part(z));
        let layer = |z: u32| {
            let line = |y: u32| {
                let left = at(x, y, z, seed);
                left + (at(x.wrapping_add(1), y, z, seed) - left) * u
            };
            let top = line(y);
            top + (line(y.wrapping_add(1)) - top) * v
        };
        let near = layer(z);
        near + (layer(z.wrapping_add(1)) - near) * w
    }
}

fn operations(frame: &Frame, pictures: usize) {
    let budget = frame.budget();
    let (width, height) = SIZE;
    let chroma = width.div_ceil(2) * height.div_ceil(2);
    let (mut y, mut cb, mut cr) = (vec![0_u16; width * height], vec![0_u16; chroma], vec![0_u16; chroma]);
    let report = |name: &str, work: &mut dyn FnMut()| {
        work();
        let mut all: Vec<f64> = (0..pictures).map(|_| timed(&mut *work).1).collect();
        println!("  {name:<34}{:>9.2} ms", median(&mut all));
    };
    report("to a picture", &mut || {
        to_picture(frame, PictureMut { width, height, y: &mut y, cb: &mut cb, cr: &mut cr }).unwrap();
    });
    report("from a picture", &mut || {
        from_picture(PictureRef { width, height, y: &y, cb: &cb, cr: &cr }, budget).unwrap();
    });
    let mut work = frame.copy().unwrap();
    let table = lut::Lut::from_fn(33, |[r, g, b]| [r * 0.9, g, b * b]).unwrap();
    report("matrix", &mut || {
        colour::matrix(&mut work, &[[0.9, 0.1, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
            .unwrap()
    });
    report("lift, gamma, gain", &mut || {
        colour::lift_gamma_gain(&mut work, [0.01; 3], [1.1; 3], [0.95; 3]).unwrap()
    });
    report("colour table of 33", &mut || lut::lut(&mut work, &table));
    report("grain of one pixel", &mut || generate::grain(&mut work, generate::Grain::default()).unwrap());
    report("blur of radius 2", &mut || drop(blur::gaussian(frame, 2.0).unwrap()));
    report("blur of radius 40", &mut || drop(blur::gaussian(frame, 40.0).unwrap()));
    report("half the size (lanczos)", &mut || {
        drop(resize::resize(frame, 960, 540, Filter::Lanczos).unwrap())
    });
    report("lens (bilinear)", &mut || {
        drop(warp::lens(frame, 0.1, 0.0, 1.0, warp::Manner::default()).unwrap())
    });
    report("paste at parts of pixels", &mut || layout::paste(&mut work, frame, 10.5, 20.25, 0.5).unwrap());
    report("statistics", &mut || {
        std::hint::black_box(measure::statistics(frame));
    });
}
