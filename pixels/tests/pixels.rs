//! What holds for all operations at once: any number of threads gives the same bytes, and memory is kept to its account.

#![allow(clippy::unwrap_used, reason = "tests")]

use storyreel_pixels::expression::{Expression, Moment, Names};
use storyreel_pixels::generate::{Grain, clouds, grain};
use storyreel_pixels::resize::Filter;
use storyreel_pixels::text::{Shadow, TextStyle};
use storyreel_pixels::{
    Budget, Frame, PixelError, blend, blur, colour, convolve, layout, lut, resize, text, warp,
};

/// Many operations after one another, on a frame of odd sides with alpha.
fn everything(budget: &Budget) -> Vec<u32> {
    let mut frame = clouds((331, 207), 23.0, 4, 0.5, 9, budget).unwrap();
    frame.set_alpha(0.75).unwrap();
    colour::lift_gamma_gain(&mut frame, [0.02, 0.0, -0.02], [1.1, 0.9, 1.0], [1.2, 1.0, 0.8]).unwrap();
    colour::hue(&mut frame, 33.0).unwrap();
    lut::lut(&mut frame, &lut::Lut::from_fn(9, |[r, g, b]| [g, b * 0.9, r * r]).unwrap());
    grain(&mut frame, Grain { size: 2.0, colour: 0.4, ..Grain::default() }).unwrap();
    let shadow = Shadow { across: 3.0, down: 3.0, blur: 5.0, colour: [0.0, 0.0, 0.0, 1.0] };
    let style = TextStyle { size: 40.0, shadow: Some(shadow), ..TextStyle::default() };
    text::draw(&mut frame, "all at once", 20.5, 80.25, &style).unwrap();
    let soft = blur::gaussian(&frame, 9.0).unwrap();
    blend::blend(&mut frame, &soft, blend::Blend::Overlay, 0.6, Some(&soft)).unwrap();
    let frame = convolve::sharpen(&frame, 1.5, 0.7, 0.01).unwrap();
    let bent = warp::lens(&frame, 0.2, -0.1, 1.1, warp::Manner::default()).unwrap();
    let text = "let f = noise(x / 7, y / 5, t)\nr = mix(r, sample(i1.g, x + 4 * f, y), f); a = clamp(a + u, 0, 1); b = b ^ 1.7";
    let map = Expression::compile(text, Names::new(2, &[]), 3).unwrap();
    let mut frame = map.run(&[&bent, &frame], &[], Moment { seconds: 0.5, picture: 12 }).unwrap();
    let small = resize::resize(&frame, 97, 61, Filter::Lanczos).unwrap();
    layout::paste(&mut frame, &small, 100.3, 50.7, 0.8).unwrap();
    frame.channels().into_iter().chain(frame.alpha()).flatten().map(|sample| sample.to_bits()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let budget = Budget::new(1 << 28);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| everything(&budget))
    };
    let one = with(1);
    assert!(one == with(2) && one == with(5));
    assert_eq!(budget.held(), 0, "all is given back");
}

#[test]
fn operations_stop_where_their_account_ends() {
    let frame_bytes = 3 * 4 * 400 * 300;
    let budget = Budget::new(2 * frame_bytes);
    let frame = Frame::new(400, 300, &budget).unwrap();
    assert!(frame.copy().is_ok());
    for refused in [
        blur::gaussian(&frame, 5.0),
        resize::resize(&frame, 800, 600, Filter::Bilinear),
        layout::pad(&frame, [400, 0, 0, 300], [0.0; 3]),
    ] {
        assert!(matches!(refused, Err(PixelError::Memory { .. })));
    }
    assert_eq!(budget.held(), frame_bytes, "what was refused holds nothing");
    assert!(budget.peak() <= budget.limit());
}
