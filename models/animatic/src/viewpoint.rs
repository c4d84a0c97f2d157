//! What the viewpoint puts before the camera: the head and shoulder of the one whose side we are on, or
//! one's own hands.

use crate::layer::Layer;
use crate::paint::{Facing, Light, Motion as Act, PaintCx};
use crate::reading::{Player, Viewpoint};
use crate::scene::{Fill, Pose, Scene};
use crate::subjects::figure::CharacterLook;
use crate::text::Request;
use crate::troupe::cropped;

/// What the viewpoint puts before the camera: a shoulder, or one's own hands.
pub(crate) fn viewpoint(scene: &mut Scene<'_>, request: &Request, light: &Light, players: &[Player]) {
    match scene.reading.framing.view {
        Viewpoint::Plain => {}
        Viewpoint::OverTheShoulder => shoulder(scene, request, light, players),
        Viewpoint::FirstPerson => hands(scene, players),
    }
}

/// The back of a head and a shoulder, large, soft and dark at the picture's side.
fn shoulder(scene: &mut Scene<'_>, request: &Request, light: &Light, players: &[Player]) {
    let other = shoulder_of(players).map(|i| &players[i]);
    // On the side away from what is looked at.
    let side = if scene.perch.is_some_and(|(x, _, _)| x > 0.0) { -1.0 } else { 1.0 };
    let description = other.map_or("a figure in a dark coat", |p| p.description.as_str());
    let reference = other.and_then(|p| request.references.iter().find(|(name, _)| *name == p.name));
    let look = match reference {
        Some((_, image)) => CharacterLook::from_reference(description, image),
        None => CharacterLook::describe(description),
    };
    let dim = Light {
        key: light.key.map(|v| v * 0.5),
        ambient: light.ambient.map(|v| v * 0.5),
        rim: light.rim,
        ..*light
    };
    let metre = 2.0;
    let mut cx = PaintCx::new(description, &dim, (metre * scene.height * 0.5) as f32);
    (cx.motion, cx.facing) = (Act::Idle, Facing::Back);
    let painting = look.bust(&cx);
    let density = f64::from(painting.px_per_metre) / metre;
    let at =
        (0.50 * side - f64::from(painting.anchor.0) / density, 0.90 - f64::from(painting.anchor.1) / density);
    let (w, h) = (painting.pixmap.width(), painting.pixmap.height());
    let mut layer = Layer::from_pixmap(&cropped(&painting.pixmap, 0, h), &scene.grade, 0.02, w);
    layer.blur((0.006 * density) as f32);
    scene.push(
        layer,
        at,
        density,
        0.72,
        Box::new(|t| Pose { y: 0.004 * (t * 1.6).sin(), x: 0.003 * (t * 0.7).sin(), ..Pose::default() }),
    );
}

/// Two sleeves with hands that come in from below.
fn hands(scene: &mut Scene<'_>, players: &[Player]) {
    let words = players.first().map_or("", |p| p.description.as_str());
    let sleeve = if words.contains("yellow") { [0.80, 0.66, 0.22] } else { [0.30, 0.34, 0.42] };
    let v = scene.view;
    let to = |x: f64, y: f64| (((x - v.shift) / v.k) as f32, ((y - v.horizon) / v.k) as f32);
    for side in [-1.0, 1.0] {
        let p = |x: f64, y: f64| to(side * x, y);
        let (left, right) = (to(-0.95, 0.0).0, to(0.95, 0.0).0);
        let mut sheet = scene.patch(0.82, left, to(0.0, 0.1).1, right, to(0.0, 0.75).1);
        let cloth = scene.palette.lit(sleeve, 0.3, 1.0);
        let dark = scene.palette.lit(sleeve, 0.0, 1.0);
        let skin = scene.palette.lit([0.84, 0.62, 0.50], 0.6, 1.0);
        let arm = [p(0.74, 0.75), p(0.66, 0.56), p(0.48, 0.40), p(0.40, 0.43), p(0.44, 0.55), p(0.46, 0.75)];
        sheet.blob(&arm, Fill::Down { from: (p(0.0, 0.38).1, cloth), to: (p(0.0, 0.7).1, dark) });
        let hand = [
            p(0.47, 0.43),
            p(0.46, 0.375),
            p(0.41, 0.335),
            p(0.35, 0.33),
            p(0.315, 0.36),
            p(0.33, 0.40),
            p(0.385, 0.45),
            p(0.42, 0.46),
        ];
        sheet.blob(&hand, Fill::Flat(skin));
        for finger in 0..4 {
            let f = f64::from(finger) * 0.024;
            sheet.line(
                &[p(0.42 - f * 0.6, 0.352 + f * 0.7), p(0.355 - f * 0.3, 0.319 + f), p(0.325, 0.322 + f)],
                (0.026 / v.k) as f32,
                skin,
                1.0,
            );
        }
        scene.hang(
            sheet,
            Box::new(move |t| Pose {
                y: 0.010 * (t * 2.0 + side).sin(),
                x: 0.006 * (t * 1.1).cos(),
                ..Pose::default()
            }),
        );
    }
}

/// Past whose shoulder we look: the second character's, or the only one's.
pub(crate) fn shoulder_of(players: &[Player]) -> Option<usize> {
    let mut people = (0..players.len()).filter(|i| players[*i].character);
    let first = people.next();
    people.next().or(first)
}
