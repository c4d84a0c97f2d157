//! Subjects that a setting puts up as parts of itself: a hearth in a room's wall, a bed.

use crate::grade::{Rgb, bright};
use crate::layer::Layer;
use crate::paint::{self, Facing, Light, Motion, PaintCx};
use crate::scene::{Pose, Scene};

/// Most pictures of a loop.
const LOOP: u32 = 6;

/// Loops a second.
const PACE: f64 = 0.55;

/// Puts up the subject that words name: where its foot's middle is, how tall, and how deep, in set
/// space. Returns false where no subject answers to them.
pub(crate) fn put(scene: &mut Scene<'_>, words: &str, (x, foot): (f32, f32), tall: f32, depth: f64) -> bool {
    let Some(subject) = paint::find(words) else { return false };
    let (_, height) = subject.size_metres(words);
    let v = scene.view;
    let metre = f64::from(tall) * v.k / f64::from(height.max(0.05));
    let soft = if depth > 1.05 { v.defocus } else { 0.0 };
    // What is out of focus needs no fine detail.
    let coarse = if soft > 0.008 { 0.4 } else { 1.0 };
    let wanted = metre * scene.height * scene.seen(depth).scale * coarse;
    let light = lamplight(scene);
    let phases = subject.phases(Motion::Idle).min(LOOP);
    let mut images = Vec::new();
    let mut place = None;
    for phase in 0..phases {
        let mut cx = PaintCx::new(words, &light, wanted as f32);
        cx.seed = crate::noise::hash_words(words, scene.place_seed);
        (cx.phase, cx.phases, cx.motion, cx.facing) = (phase, phases, Motion::Idle, Facing::Right);
        let painting = subject.paint(&cx);
        let density = f64::from(painting.px_per_metre) / metre;
        let (ax, ay) = painting.anchor;
        place.get_or_insert((
            (
                v.shift + f64::from(x) * v.k - f64::from(ax) / density,
                v.horizon + f64::from(foot) * v.k - f64::from(ay) / density,
            ),
            density,
        ));
        let mut layer = Layer::from_pixmap(&painting.pixmap, &scene.grade, 0.03, scene.place_seed as u32);
        layer.blur((soft * density) as f32);
        images.push(layer);
    }
    let (Some((at, density)), Some(first)) = (place, images.first().cloned()) else { return false };
    let count = f64::from(phases);
    let item = scene.push(
        first,
        at,
        density,
        depth,
        Box::new(move |t| Pose { image: (t * PACE * count).rem_euclid(count) as usize, ..Pose::default() }),
    );
    item.images = images;
    true
}

/// The light in a room: the hour's, raised by lamps.
fn lamplight(scene: &Scene<'_>) -> Light {
    let light = scene.palette.light(scene.reading);
    let dim = |c: Rgb| if light.night { bright(c, 0.92) } else { c };
    Light { key: dim(light.key), ambient: dim(light.ambient), rim: None, ..light }
}
