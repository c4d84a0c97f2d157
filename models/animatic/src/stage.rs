//! A stage: a shot's layers, painted once, drawn at any picture in any order.

use std::ops::Range;

use rayon::prelude::*;

use crate::camera::{Camera, Eye};
use crate::compose::{Band, Draw, Finish, Placed, Scratch, What};
use crate::framing;
use crate::grade::{self, Grade};
use crate::noise;
use crate::palette::Palette;
use crate::planes::{Picture, Planes, chroma_size};
use crate::reading::{self, Reading};
use crate::samples::Aside;
use crate::scene::{Item, Pose, Scene};
use crate::settings;
use crate::text::{AnimaticError, Request};

/// Luma rows, and the two chromas' that lie beside them.
type Rows<'a> = (&'a mut [u16], (&'a mut [u16], &'a mut [u16]));

/// Luma rows that one thread draws at a time; even.
const BAND: usize = 32;

/// A shot's painted layers and its camera.
pub struct Stage {
    pub(crate) reading: Reading,
    pub(crate) items: Vec<Item>,
    pub(crate) camera: Camera,
    width: usize,
    height: usize,
    rate: f64,
    grain: Vec<i16>,
    columns: Vec<u16>,
    rows: Vec<u16>,
    horizon: f64,
    pool: Option<rayon::ThreadPool>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("reading", &self.reading)
            .field("items", &self.items.len())
            .field("size", &(self.width, self.height))
            .finish_non_exhaustive()
    }
}

/// Checks sizes, rate and length.
pub(crate) fn check(request: &Request) -> Result<(), AnimaticError> {
    check_clip(request.size, request.rate, request.frames)
}

/// Checks a clip's size, rate and length.
pub(crate) fn check_clip((w, h): (u32, u32), rate: (u32, u32), frames: u64) -> Result<(), AnimaticError> {
    if !(16..=8192).contains(&w) || !(16..=8192).contains(&h) {
        return Err(AnimaticError::Size(w, h));
    }
    if rate.0 == 0 || rate.1 == 0 {
        return Err(AnimaticError::Rate(rate.0, rate.1));
    }
    if frames == 0 {
        return Err(AnimaticError::Empty);
    }
    Ok(())
}

/// A pool of that many threads; none for one.
pub(crate) fn pool(threads: usize) -> Result<Option<rayon::ThreadPool>, AnimaticError> {
    if threads < 2 {
        return Ok(None);
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("draw-{i}"))
        .build()
        .map(Some)
        .map_err(|e| AnimaticError::Threads(e.to_string()))
}

/// Paints the layers of a shot.
///
/// # Errors
/// A size, rate or length that makes no sense; an edit that the model cannot draw.
pub fn stage(request: &Request) -> Result<Stage, AnimaticError> {
    check(request)?;
    // Painting is parallel inside; a pool of one keeps it to the threads that were asked for.
    let painters = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads.max(1))
        .thread_name(|i| format!("paint-{i}"))
        .build()
        .map_err(|e| AnimaticError::Threads(e.to_string()))?;
    painters.install(|| paint(request))
}

fn paint(request: &Request) -> Result<Stage, AnimaticError> {
    let mut reading = reading::read(&request.text);
    let told = reading.players.len();
    let plan = crate::edit::apply(request, &mut reading)?;
    let rate = f64::from(request.rate.0) / f64::from(request.rate.1);
    let (width, height) = (request.size.0 as usize, request.size.1 as usize);
    let words = all_words(request, &plan);
    let setting = settings::by_name(&reading.setting);
    let view = framing::view(&reading, setting, request);
    let camera = Camera::new(&reading.moves, request.frames, rate, framing::reach(&reading), request.seed);
    let place = request.text.place.clone().unwrap_or_else(|| reading.setting.clone());
    let mut scene = Scene {
        palette: Palette::of(&reading),
        grade: Grade::read(&request.text.look).0,
        view,
        words,
        aspect: width as f64 / height as f64,
        height: height as f64,
        eyes: camera.samples(),
        place_seed: noise::hash_words(&place.to_lowercase(), request.film_seed),
        shot_seed: request.seed,
        items: Vec::new(),
        eye_height: framing::eye_height(&reading),
        seconds: request.frames as f64 / rate,
        perch: None,
        told,
        reading: &reading,
        aside: request.aside.as_deref().map(Aside::in_folder).transpose().map_err(AnimaticError::aside)?,
    };
    setting.paint(&mut scene);
    crate::troupe::place(&mut scene, request, &plan);
    crate::effects::weather(&mut scene, setting.inside());
    let (grade, mut items, aside) =
        (scene.grade.clone(), std::mem::take(&mut scene.items), scene.aside.take());
    drop(scene);
    if let Some(mut aside) = aside {
        // Images that came to an item after it was hung up.
        items.iter_mut().flat_map(|item| &mut item.images).for_each(|layer| layer.lay_aside(&mut aside));
        aside.finish().map_err(AnimaticError::aside)?;
    }
    // Painters' order: stable, so that layers of one depth keep the order they were hung up in.
    items.sort_by(|a, b| b.order.total_cmp(&a.order));
    let (columns, rows) = vignette(width, height, grade.vignette);
    Ok(Stage {
        items,
        horizon: view.horizon,
        width,
        height,
        rate,
        grain: grade::grain_tile(grade.grain),
        columns,
        rows,
        pool: pool(request.threads)?,
        camera,
        reading,
    })
}

/// All that the texts say, for settings to look details up in.
fn all_words(request: &Request, plan: &crate::edit::Plan) -> String {
    let text = &request.text;
    let place = plan.background.clone().unwrap_or_else(|| text.place.clone().unwrap_or_default());
    let words = [
        place.as_str(),
        &text.setting,
        &text.action,
        if text.action.is_empty() { &text.caption } else { "" },
    ];
    words.join(" ; ").to_lowercase()
}

/// Gains of columns and rows, of which the product darkens the corners; 65535 is 1.
fn vignette(width: usize, height: usize, strength: f32) -> (Vec<u16>, Vec<u16>) {
    let line = |n: usize, strength: f32| {
        (0..n)
            .map(|i| {
                let d = (i as f32 + 0.5) / n as f32 * 2.0 - 1.0;
                ((1.0 - strength * d * d * d * d) * 65535.0) as u16
            })
            .collect()
    };
    (line(width, strength), line(height, strength * 0.8))
}

impl Stage {
    /// What the model understood of the shot, edits included.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Width and height of its pictures.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Bytes that its layers hold.
    pub fn bytes(&self) -> usize {
        self.items.iter().flat_map(|i| &i.images).map(crate::layer::Layer::bytes).sum()
    }

    /// Draws a picture. Any frame may be asked for, in any order; frames outside the shot go on
    /// along its motion. Planes of another size are left as they are.
    pub fn draw(&self, frame: i64, out: &mut Planes<'_>) {
        if out.width != self.width || out.height != self.height {
            return;
        }
        self.draw_rows(frame, 0..self.height, out);
    }

    /// Draws at least these rows of a picture of this stage's size, and leaves those far from them.
    pub(crate) fn draw_rows(&self, frame: i64, rows: Range<usize>, out: &mut Planes<'_>) {
        let placed = self.placed(frame, |item| !item.ghost);
        self.compose(&placed, true, rows, out);
    }

    /// Lays some of the items over a picture of this stage's size.
    pub(crate) fn draw_over(&self, frame: i64, which: impl Fn(&Item) -> bool, out: &mut Planes<'_>) {
        let placed = self.placed(frame, |item| !item.ghost && which(item));
        self.compose(&placed, false, 0..self.height, out);
    }

    /// How much some of the items cover each pixel: 0 not at all, 255 wholly.
    pub(crate) fn footprint(&self, frame: i64, which: impl Fn(&Item) -> bool) -> Vec<u8> {
        let placed = self.placed(frame, which);
        let (width, size) = (self.width, self.width * self.height);
        let mut cover = vec![0; size];
        let draw = |(clear, scratch): &mut (Vec<u16>, Scratch), (index, cover): (usize, &mut [u8])| {
            let top = index * BAND;
            let reaches = |p: &Placed<'_>| {
                let foot = p.at.1 + (p.layer.height as f64 + 2.0) * p.scale;
                p.at.1 - 2.0 * p.scale < (top + BAND) as f64 && foot > top as f64
            };
            if !placed.iter().any(reaches) {
                return;
            }
            clear.resize(cover.len(), 0);
            let band = Band { width, top, y: clear, cb: &mut [], cr: &mut [] };
            Draw { placed: &placed, what: What::Clear, band, scratch }.run();
            for (cover, clear) in cover.iter_mut().zip(clear.iter()) {
                *cover = u32::from(u16::MAX - clear).div_ceil(257) as u8;
            }
        };
        let scratch = || (Vec::new(), Scratch::new());
        match &self.pool {
            Some(pool) => pool.install(|| {
                cover.par_chunks_mut(width * BAND).enumerate().for_each_init(scratch, draw);
            }),
            None => {
                let mut scratch = scratch();
                cover.chunks_mut(width * BAND).enumerate().for_each(|band| draw(&mut scratch, band));
            }
        }
        cover
    }

    /// Where the horizon lies, in picture heights below the centre.
    pub(crate) fn horizon(&self) -> f64 {
        self.horizon
    }

    /// The same stage with nothing on it moving: only the camera is left to change its pictures.
    #[must_use]
    pub fn motionless(mut self) -> Stage {
        for item in &mut self.items {
            item.motion = crate::scene::still();
            item.swarm = None;
        }
        self
    }

    /// Draws a picture of its own.
    pub fn picture(&self, frame: i64) -> Picture {
        let mut picture = Picture::black(self.width, self.height);
        self.draw(frame, &mut picture.planes());
        picture
    }

    /// The layers at a frame, from back to front.
    pub(crate) fn placed(&self, frame: i64, which: impl Fn(&Item) -> bool) -> Vec<Placed<'_>> {
        let eye = self.camera.eye(frame as f64);
        let seconds = frame as f64 / self.rate;
        let mut placed = Vec::with_capacity(self.items.len() + 64);
        for item in self.items.iter().filter(|i| which(i)) {
            match &item.swarm {
                None => self.hang(item, (item.motion)(seconds), &eye, &mut placed),
                Some(swarm) => {
                    for index in 0..swarm.count {
                        self.hang(item, (swarm.pose)(index, seconds), &eye, &mut placed);
                    }
                }
            }
        }
        placed
    }

    fn hang<'a>(&self, item: &'a Item, pose: Pose, eye: &Eye, placed: &mut Vec<Placed<'a>>) {
        let opacity = (pose.opacity.clamp(0.0, 1.0) * 256.0).round() as u32;
        let Some(layer) = item.images.get(pose.image % item.images.len().max(1)) else { return };
        if opacity == 0 {
            return;
        }
        let view = eye.project(item.depth);
        let height = self.height as f64;
        let scale = view.scale * pose.scale * height / item.density;
        let corner = |at: f64, pivot: f64, shift: f64| pivot + (at - pivot) * pose.scale + shift;
        let x = corner(item.at.0, item.pivot.0, pose.x) * view.scale + view.x;
        let y = corner(item.at.1, item.pivot.1, pose.y) * view.scale + view.y;
        let (x, y) = (self.width as f64 / 2.0 + x * height, height / 2.0 + y * height);
        let step = item.repeat * view.scale * height;
        let (w, h) = (layer.width as f64 * scale, layer.height as f64 * scale);
        if y >= height || y + h <= 0.0 {
            return;
        }
        let mut push = |x: f64| {
            if x < self.width as f64 + 64.0 && x + w > -64.0 {
                placed.push(Placed { layer, scale, at: (x, y), opacity, bend: pose.bend });
            }
        };
        if step <= 1.0 {
            push(x);
            return;
        }
        let first = ((-64.0 - w - x) / step).ceil() as i64;
        let last = ((self.width as f64 + 64.0 - x) / step).floor() as i64;
        for k in first..=last.min(first + 64) {
            push(x + step * k as f64);
        }
    }

    /// Lays the layers over one another, by bands of rows: a whole picture on black with its finish, or
    /// over what is there. Bands that hold none of the rows are left alone.
    fn compose(&self, placed: &[Placed<'_>], whole: bool, rows: Range<usize>, out: &mut Planes<'_>) {
        let width = self.width;
        let (cw, _) = chroma_size(width, self.height);
        let finish = Finish { grain: &self.grain, columns: &self.columns, rows: &self.rows };
        let what = if whole { What::Whole(&finish) } else { What::Over };
        let bands = out
            .y
            .par_chunks_mut(width * BAND)
            .zip(out.cb.par_chunks_mut(cw * BAND / 2).zip(out.cr.par_chunks_mut(cw * BAND / 2)))
            .enumerate();
        let draw = |scratch: &mut Scratch, (index, (y, (cb, cr))): (usize, Rows<'_>)| {
            if index * BAND >= rows.end || (index + 1) * BAND <= rows.start {
                return;
            }
            let band = Band { width, top: index * BAND, y, cb, cr };
            Draw { placed, what, band, scratch }.run();
        };
        match &self.pool {
            Some(pool) => pool.install(|| bands.for_each_init(Scratch::new, draw)),
            None => {
                let mut scratch = Scratch::new();
                let chroma = out.cb.chunks_mut(cw * BAND / 2).zip(out.cr.chunks_mut(cw * BAND / 2));
                for band in out.y.chunks_mut(width * BAND).zip(chroma).enumerate() {
                    draw(&mut scratch, band);
                }
            }
        }
    }
}
