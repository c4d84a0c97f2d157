//! Poses: a small skeleton in three directions, projected as the figure faces.
//!
//! Lengths are parts of the figure's height. Angles are radians from hanging down, forwards positive.

use super::look::{Age, Look, Prop};
use crate::paint::{Facing, Motion};
use crate::subjects::shape::P;
use std::f32::consts::TAU;

/// An arm: where its upper and lower parts point, forwards and sideways.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    swing: f32,
    spread: f32,
    fore: f32,
    fore_spread: f32,
}

/// A leg: the thigh's angle and the knee's bend.
#[derive(Clone, Copy, Debug)]
struct Leg {
    thigh: f32,
    knee: f32,
}

/// Where the joints are in the picture, in parts of the height; 0 is the near side, 1 the far one.
#[derive(Clone, Debug)]
pub struct Joints {
    /// The middle of the hips.
    pub hip: P,
    /// The neck's foot.
    pub neck: P,
    /// Shoulder, elbow and wrist.
    pub arms: [[P; 3]; 2],
    /// Hip joint, knee and ankle.
    pub legs: [[P; 3]; 2],
    /// How far the foot is pitched, toe up positive.
    pub feet: [f32; 2],
    /// Whether an arm reaches forwards.
    pub reaching: [bool; 2],
    /// The head's tilt, forwards positive.
    pub nod: f32,
    /// Whether the thighs lie on a seat.
    pub seated: bool,
    /// How far round the figure is seen: 1 from the side, 0 from before or behind.
    pub side: f32,
}

const fn arm(swing: f32, spread: f32, fore: f32, fore_spread: f32) -> Arm {
    Arm { swing, spread, fore, fore_spread }
}

struct Pose {
    lean: f32,
    nod: f32,
    bob: f32,
    arms: [Arm; 2],
    legs: [Leg; 2],
    seated: bool,
}

fn pose(motion: Motion, cycle: f32, look: &Look) -> Pose {
    let t = cycle * TAU;
    let stoop = if look.age == Age::Old { 0.05 } else { 0.0 };
    let breath = 0.003 * t.sin();
    let hang = |k: f32| arm(0.03 * k, 0.13, 0.24, 0.05);
    let stand = [Leg { thigh: 0.05, knee: 0.03 }, Leg { thigh: -0.06, knee: 0.05 }];
    let mut pose = Pose {
        lean: stoop,
        nod: stoop,
        bob: breath,
        arms: [hang(-1.0), hang(1.0)],
        legs: stand,
        seated: false,
    };
    match motion {
        Motion::Walk => {
            let stride = if look.age == Age::Old { 0.32 } else { 0.44 };
            pose.legs = [0.0, TAU / 2.0].map(|o| Leg {
                thigh: stride * (t + o).sin() + 0.04,
                knee: 0.1 + 0.85 * stride / 0.44 * (t + o + 0.2).cos().max(0.0).powf(1.4),
            });
            pose.arms = [TAU / 2.0, 0.0].map(|o| {
                let s = (t + o).sin();
                arm(0.9 * stride * s, 0.1, 0.9 * stride * s + 0.25 + 0.2 * s.max(0.0), 0.03)
            });
            pose.lean += 0.045;
            pose.bob = 0.0;
        }
        Motion::Run => {
            pose.legs = [0.0, TAU / 2.0].map(|o| Leg {
                thigh: 0.82 * (t + o).sin() + 0.2,
                knee: 0.28 + 1.5 * (t + o + 0.15).cos().max(0.0).powf(1.2),
            });
            pose.arms = [TAU / 2.0, 0.0].map(|o| {
                let s = (t + o).sin();
                arm(0.85 * s, 0.12, 0.85 * s + 1.45, 0.0)
            });
            pose.lean += 0.2;
            pose.bob = 0.03 * (2.0 * t).cos().abs();
        }
        Motion::Sit | Motion::Row => {
            pose.seated = true;
            pose.legs = [Leg { thigh: 1.5, knee: 1.52 }, Leg { thigh: 1.42, knee: 1.4 }];
            pose.arms = [arm(0.3, 0.1, 1.15, -0.05), arm(0.35, 0.1, 1.2, -0.1)];
            if motion == Motion::Row {
                let pull = t.sin();
                pose.lean = 0.22 - 0.3 * pull;
                pose.legs = [Leg { thigh: 1.35, knee: 0.75 }, Leg { thigh: 1.3, knee: 0.7 }];
                pose.arms =
                    [0.0, 0.0].map(|_| arm(1.05 - 0.75 * pull.max(-0.2), 0.12, 1.4 + 0.15 * pull, 0.0));
            }
        }
        Motion::Grip => {
            pose.lean += 0.07;
            pose.arms = [arm(0.42, 0.16, 1.12, 0.05), arm(0.5, 0.16, 1.2, 0.05)];
        }
        Motion::Look => {
            pose.arms[0] = arm(1.15, 0.75, 2.62, -0.95);
            pose.lean -= 0.02;
            pose.nod = -0.06;
        }
        Motion::Point => pose.arms[0] = arm(1.42, 0.12, 1.56 + 0.03 * t.sin(), 0.04),
        Motion::Wave => pose.arms[0] = arm(0.5, 1.5, 0.3, 2.65 + 0.42 * t.sin()),
        _ => {}
    }
    if let Some((prop, _)) = look.prop {
        carry(&mut pose, prop, motion, t);
    }
    if motion == Motion::Hold && look.prop.is_none() {
        pose.arms[0] = arm(0.45, 0.1, 1.5, 0.0);
    }
    pose
}

/// The near arm as it carries a thing.
fn carry(pose: &mut Pose, prop: Prop, motion: Motion, t: f32) {
    if matches!(motion, Motion::Wave | Motion::Point | Motion::Look | Motion::Row | Motion::Grip) {
        return;
    }
    let swing = if matches!(motion, Motion::Walk | Motion::Run) { 0.06 * t.sin() } else { 0.0 };
    pose.arms[0] = match prop {
        Prop::Suitcase => arm(0.04 + swing, 0.16, 0.1 + swing, 0.1),
        Prop::Cane => arm(0.22 + swing, 0.12, 0.5 + swing, 0.05),
        Prop::Umbrella => arm(0.42, 0.1, 2.3, 0.0),
        Prop::Lantern if motion == Motion::Hold => arm(1.05, 0.12, 1.75, 0.0),
        Prop::Lantern | Prop::Basket => arm(0.4 + swing, 0.14, 1.25 + swing, 0.05),
        Prop::Telescope => arm(1.2, 0.4, 2.15, -0.2),
        Prop::Rod | Prop::Balloon => arm(0.35, 0.12, 1.4, 0.0),
        Prop::Letter | Prop::Book | Prop::Cup | Prop::Flowers => arm(0.38, 0.14, 1.75, -0.15),
    };
    if matches!(prop, Prop::Letter | Prop::Book) {
        pose.arms[1] = arm(0.42, 0.14, 1.7, -0.15);
        pose.nod += 0.12;
    }
}

/// The joints of someone who does something, seen as they face.
pub fn joints(look: &Look, motion: Motion, cycle: f32, facing: Facing) -> Joints {
    let pose = pose(motion, cycle, look);
    let (fx, sx) = match facing {
        Facing::Left | Facing::Right => (0.95, 0.3),
        Facing::Front => (0.16, 0.98),
        Facing::Back => (-0.1, -0.98),
    };
    let child = look.age == Age::Child;
    let (thigh, shin, ankle) = if child { (0.212, 0.2, 0.04) } else { (0.247, 0.233, 0.04) };
    let torso = if child { 0.345 } else { 0.325 };
    let side_of = [-1.0, 1.0];
    let drop = pose.legs.map(|l| thigh * l.thigh.cos() + shin * (l.thigh - l.knee).cos());
    let hip_up =
        if pose.seated { 0.47 / look.height + 0.035 } else { drop[0].max(drop[1]) + ankle } + pose.bob;
    let project = |f: f32, s: f32, u: f32| (f * fx + s * sx, u);
    let legs: [[P; 3]; 2] = std::array::from_fn(|i| {
        let l = pose.legs[i];
        let s = side_of[i] * if look.female { 0.045 } else { 0.052 };
        let a = (0.0, hip_up);
        let k = (a.0 + thigh * l.thigh.sin(), a.1 - thigh * l.thigh.cos());
        let shank = l.thigh - l.knee;
        let e = (k.0 + shin * shank.sin(), k.1 - shin * shank.cos());
        [project(a.0, s, a.1), project(k.0, s * 1.05, k.1), project(e.0, s * 1.1, e.1)]
    });
    let shoulders = if look.female { 0.088 } else { 0.1 } + 0.012 * look.stout;
    let (ls, lc) = (pose.lean.sin(), pose.lean.cos());
    let neck = (torso * ls, hip_up + torso * lc);
    let arms = std::array::from_fn(|i| {
        let a = pose.arms[i];
        let base = (neck.0 - 0.03 * ls, neck.1 - 0.035);
        let (upper, fore) = if child { (0.15, 0.135) } else { (0.168, 0.15) };
        let reach = |len: f32, swing: f32, spread: f32| {
            (
                len * swing.sin() * spread.cos(),
                side_of[i] * len * spread.sin(),
                -len * swing.cos() * spread.cos(),
            )
        };
        let s0 = side_of[i] * shoulders;
        let up = reach(upper, a.swing + pose.lean, a.spread);
        let el = (base.0 + up.0, s0 + up.1, base.1 + up.2);
        let lo = reach(fore, a.fore + pose.lean, a.fore_spread);
        let wr = (el.0 + lo.0, el.1 + lo.1, el.2 + lo.2);
        [project(base.0, s0, base.1), project(el.0, el.1, el.2), project(wr.0, wr.1, wr.2)]
    });
    Joints {
        hip: project(0.0, 0.0, hip_up),
        neck: project(neck.0, 0.0, neck.1),
        arms,
        legs,
        feet: std::array::from_fn(|i| pitch(&pose.legs[i], legs[i][2].1 - ankle, pose.seated)),
        reaching: pose.arms.map(|a| a.fore > 0.7),
        nod: (pose.lean * 0.4 + pose.nod) * fx.max(0.0),
        seated: pose.seated,
        side: if matches!(facing, Facing::Left | Facing::Right) { 1.0 } else { 0.0 },
    }
}

/// How a foot is pitched so high over the ground: it never goes under.
fn pitch(leg: &Leg, over: f32, seated: bool) -> f32 {
    if seated {
        return 0.0;
    }
    let most = (over / 0.1).clamp(0.0, 0.9).asin();
    ((leg.thigh - leg.knee) * 0.9).clamp(-most, 0.3)
}
