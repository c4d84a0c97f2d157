//! Prints how long a 1080p picture takes on one thread, by kind of shot.

// What it finds is told on the terminal.
#![allow(clippy::print_stderr)]

use std::error::Error;

use storyreel_animatic::stills::{Fit, StillCamera, StillRequest};
use storyreel_animatic::{Picture, Request, ShotText, stage};

const SHOTS: &[(&str, &str, &str, &str)] = &[
    ("sea", "waves roll, gulls wheel", "wide, push in", "dawn"),
    ("sea in a storm", "waves burst over the rocks", "wide, handheld", "dusk, storm"),
    ("forest", "", "wide, truck left", "morning"),
    ("mountains", "", "wide, pan right", "golden hour"),
    ("desert", "", "wide, static", "noon"),
    ("street", "a man walks in the street", "wide, push in", "night, rain"),
    ("room", "a man sits in the room", "medium, arc", "night"),
    ("village", "smoke rises over the village", "aerial, push in", "golden hour"),
    ("close-up", "a woman looks at the sea", "close-up, push in", "dawn"),
];

/// Milliseconds that this thread has spent on a core, so that other work beside it does not count.
fn spent() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut picture = Picture::black(1920, 1080);
    for (name, action, camera, setting) in SHOTS {
        let text = ShotText {
            action: (*action).into(),
            camera: (*camera).into(),
            setting: (*setting).into(),
            place: Some((*name).into()),
            ..ShotText::default()
        };
        let stage = stage(&Request::new(text))?;
        let start = spent();
        for frame in 0..24 {
            stage.draw(frame * 5, &mut picture.planes());
        }
        let ms = (spent() - start) / 24.0;
        eprintln!("{name:16} {ms:6.1} ms a picture, {} MB", stage.bytes() / 1_000_000);
    }
    let still = image::RgbImage::from_fn(2560, 1440, |x, y| {
        image::Rgb([(x / 10) as u8, (y / 6) as u8, (x ^ y) as u8])
    });
    let request = StillRequest {
        camera: "slow push in".into(),
        fit: Fit::Cover,
        size: (1920, 1080),
        rate: (24, 1),
        frames: 120,
        seed: 0,
        threads: 1,
    };
    let camera = StillCamera::new(&still, &request)?;
    let start = spent();
    for frame in 0..48 {
        camera.draw(frame * 2, &mut picture.planes());
    }
    eprintln!("{:16} {:6.1} ms a picture", "still", (spent() - start) / 48.0);
    Ok(())
}
