//! The camera: where it stands in every picture, and how that moves layers at different depths.
//!
//! Lengths are in picture heights. A layer at depth 1 stands in the plane that the framing is made
//! for; far layers have larger depths. A push moves the camera through space, so near layers grow
//! faster than far ones; a zoom enlarges all alike; a pan turns, so all shift alike; a truck steps
//! aside, so near layers shift more.

use serde::{Deserialize, Serialize};

use crate::noise;

/// How the camera moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// Not at all.
    Static,
    /// The lens closes in.
    ZoomIn,
    /// The lens opens.
    ZoomOut,
    /// Towards the subject.
    PushIn,
    /// Away from the subject.
    PullOut,
    /// Turning to the left.
    PanLeft,
    /// Turning to the right.
    PanRight,
    /// Sliding to the left.
    TruckLeft,
    /// Sliding to the right.
    TruckRight,
    /// Turning up.
    TiltUp,
    /// Turning down.
    TiltDown,
    /// Rising.
    PedestalUp,
    /// Sinking.
    PedestalDown,
    /// Round the subject.
    Arc,
    /// Along with the subject.
    Tracking,
    /// Held by hand.
    Handheld,
}

/// Where the camera is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Eye {
    /// Sideways and down, in picture heights at depth 1.
    pub x: f64,
    pub y: f64,
    /// Forward, in depths.
    pub push: f64,
    /// The lens's enlargement, less 1.
    pub zoom: f64,
    /// Turned right and down, in picture heights.
    pub pan: f64,
    pub tilt: f64,
}

/// Where a layer's origin and unit fall in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Projection {
    /// Enlargement.
    pub scale: f64,
    /// Picture position of the layer's (0, 0), in picture heights from the centre.
    pub x: f64,
    pub y: f64,
}

impl Eye {
    /// How this eye sees a layer at that depth.
    pub fn project(&self, depth: f64) -> Projection {
        let near = depth / (depth - self.push).max(0.05);
        let scale = (1.0 + self.zoom) * near;
        Projection {
            scale,
            x: -scale * self.x / depth - (1.0 + self.zoom) * self.pan,
            y: -scale * self.y / depth - (1.0 + self.zoom) * self.tilt,
        }
    }
}

/// A camera over a shot.
#[derive(Clone, Debug)]
pub(crate) struct Camera {
    moves: Vec<Move>,
    frames: f64,
    rate: f64,
    /// How large moves are; close framings take smaller ones.
    reach: f64,
    /// Shot seconds scale long moves down for very short shots.
    pace: f64,
    seed: u32,
}

impl Camera {
    /// A camera that makes these moves together over the shot.
    pub fn new(moves: &[Move], frames: u64, rate: f64, reach: f64, seed: u64) -> Self {
        let seconds = frames as f64 / rate;
        let pace = (seconds / 4.0).clamp(0.25, 1.6).sqrt();
        Camera { moves: moves.to_vec(), frames: frames as f64, rate, reach, pace, seed: seed as u32 }
    }

    /// How far the shot has run, 0 to 1.
    pub fn progress(&self, frame: f64) -> f64 {
        if self.frames <= 1.0 { 0.5 } else { frame / (self.frames - 1.0) }
    }

    /// Where the camera is at a frame. Frames outside the shot go on along the move's end.
    pub fn eye(&self, frame: f64) -> Eye {
        let mut eye = Eye::default();
        let p = self.progress(frame);
        let e = ease(p);
        let k = self.reach * self.pace;
        for step in &self.moves {
            match step {
                Move::Static => {}
                Move::ZoomIn => eye.zoom += 0.20 * k * e,
                Move::ZoomOut => eye.zoom += 0.20 * k * (1.0 - e),
                Move::PushIn => eye.push += 0.17 * k * e,
                Move::PullOut => eye.push += 0.17 * k * (1.0 - e),
                Move::PanLeft => eye.pan += 0.34 * k * (0.5 - e),
                Move::PanRight => eye.pan += 0.34 * k * (e - 0.5),
                Move::TruckLeft => eye.x += 0.42 * k * (0.5 - e),
                Move::TruckRight => eye.x += 0.42 * k * (e - 0.5),
                Move::TiltUp => eye.tilt += 0.22 * k * (0.5 - e),
                Move::TiltDown => eye.tilt += 0.22 * k * (e - 0.5),
                Move::PedestalUp => eye.y += 0.24 * k * (0.5 - e),
                Move::PedestalDown => eye.y += 0.24 * k * (e - 0.5),
                Move::Tracking => eye.x += 0.60 * k * (p - 0.5),
                Move::Arc => {
                    eye.x += 0.46 * k * (e - 0.5);
                    eye.pan -= 0.30 * k * (e - 0.5);
                    eye.push += 0.05 * k * (1.0 - (2.0 * e - 1.0) * (2.0 * e - 1.0));
                }
                Move::Handheld => self.shake(frame / self.rate, &mut eye),
            }
        }
        eye
    }

    /// The unrest of a held camera: slow drift, breath, and a little tremor.
    fn shake(&self, t: f64, eye: &mut Eye) {
        let wave = |f: f64, channel: u32| {
            let v = noise::value((t * f) as f32 + 40.0, channel as f32 * 7.3, self.seed ^ 0x5ea1);
            f64::from(v) * 2.0 - 1.0
        };
        let k = self.reach.sqrt();
        eye.pan += k * (0.016 * wave(0.55, 1) + 0.0035 * wave(2.3, 2));
        eye.tilt += k * (0.012 * wave(0.7, 3) + 0.003 * wave(2.7, 4));
        eye.x += k * 0.012 * wave(0.4, 5);
        eye.zoom += k * (0.012 + 0.008 * wave(0.35, 6));
    }

    /// Eyes over the whole move, close enough to one another to bound it.
    pub fn samples(&self) -> Vec<Eye> {
        let n = if self.moves.contains(&Move::Handheld) { self.frames.min(400.0) as usize } else { 32 };
        (0..=n).map(|i| self.eye(i as f64 / n as f64 * (self.frames - 1.0).max(0.0))).collect()
    }
}

/// Slow at both ends; never quite still, so that no picture repeats.
fn ease(p: f64) -> f64 {
    let s = p.clamp(0.0, 1.0);
    let smooth = s * s * (3.0 - 2.0 * s);
    0.72 * smooth + 0.28 * p
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Move] = &[
        Move::ZoomIn,
        Move::ZoomOut,
        Move::PushIn,
        Move::PullOut,
        Move::PanLeft,
        Move::PanRight,
        Move::TruckLeft,
        Move::TruckRight,
        Move::TiltUp,
        Move::TiltDown,
        Move::PedestalUp,
        Move::PedestalDown,
        Move::Arc,
        Move::Tracking,
    ];

    #[test]
    fn every_move_is_monotone_on_its_axis() {
        for step in ALL {
            let camera = Camera::new(&[*step], 96, 24.0, 1.0, 1);
            let axis = |f: f64| {
                let e = camera.eye(f);
                match step {
                    Move::ZoomIn | Move::ZoomOut => e.zoom,
                    Move::PushIn | Move::PullOut => e.push,
                    Move::PanLeft | Move::PanRight => e.pan,
                    Move::TiltUp | Move::TiltDown => e.tilt,
                    Move::PedestalUp | Move::PedestalDown => e.y,
                    _ => e.x,
                }
            };
            let way = (axis(95.0) - axis(0.0)).signum();
            assert!(way != 0.0, "{step:?} does not move");
            for f in 0..95 {
                let delta = (axis(f as f64 + 1.0) - axis(f as f64)) * way;
                assert!(delta > 1e-5, "{step:?} stands still or turns at {f}");
            }
        }
    }

    #[test]
    fn near_layers_move_more_in_a_truck_and_alike_in_a_pan() {
        let truck = Camera::new(&[Move::TruckRight], 48, 24.0, 1.0, 1).eye(47.0);
        assert!(truck.project(1.0).x < truck.project(8.0).x - 0.05);
        let pan = Camera::new(&[Move::PanRight], 48, 24.0, 1.0, 1).eye(47.0);
        assert_eq!(pan.project(1.0).x, pan.project(8.0).x);
    }

    #[test]
    fn a_push_parts_the_depths() {
        let eye = Camera::new(&[Move::PushIn], 48, 24.0, 1.0, 1).eye(47.0);
        assert!(eye.project(1.0).scale > eye.project(6.0).scale + 0.05);
    }
}
