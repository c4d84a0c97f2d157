//! `edit`: one precise edit; outside its region the input passes bit for bit.

use std::sync::Arc;

use image::GrayImage;
use storyreel_animatic::{AnimaticError, Change, EditText, Editor, Region};
use storyreel_engine::kinds::edit as params;
use storyreel_engine::kinds::{EDIT, Kind};
use storyreel_engine::run::protocol::Failure;
use storyreel_media::{ClipSpec, MediaError, Picture, PictureSource};

use crate::failure::from_animatic;
use crate::generate::request;
use crate::inputs::Inputs;
use crate::node::{Streamed, Work};
use crate::painted::painted;
use crate::planes::{planes, view};

/// The kind.
pub struct Edit;

impl Streamed for Edit {
    fn kind(&self) -> &'static Kind {
        &EDIT
    }

    fn open(&self, work: &Work<'_>, mut inputs: Inputs) -> Result<Box<dyn PictureSource>, Failure> {
        let params: params::Edit = work.params()?;
        let clip = inputs.clip("clip")?;
        let spec = clip.spec().clone();
        let this = edit(work, &params.change, params.region.as_ref(), params.strength, params.seed)?;
        let make = || {
            let editor = match &params.shot {
                Some(shot) => {
                    let earlier = params.earlier.iter().map(|edit| applied(work, edit));
                    let edits = earlier.chain([Ok(this)]).collect::<Result<_, _>>()?;
                    Editor::drawn(&request(work, shot, edits)?)
                }
                None => {
                    let frames = spec.frames.unwrap_or(1);
                    Editor::footage(&this, spec.size, spec.rate, frames, work.context.threads)
                }
            };
            editor.map_err(|error| blame(&error))
        };
        let editor = painted(work.node.key, Editor::bytes, make)?;
        Ok(Box::new(Edited { spec, clip, editor, input: Picture::default() }))
    }
}

fn blame(error: &AnimaticError) -> Failure {
    let parameter = if matches!(error, AnimaticError::Region(_)) { "edits.region" } else { "edits" };
    from_animatic(error, parameter)
}

fn applied(work: &Work<'_>, applied: &params::Applied) -> Result<EditText, Failure> {
    edit(work, &applied.change, applied.region.as_ref(), applied.strength, applied.seed)
}

/// The engine's parameters in the model's terms, with the mask read.
fn edit(
    work: &Work<'_>,
    change: &params::Change,
    region: Option<&params::Region>,
    strength: u32,
    seed: u64,
) -> Result<EditText, Failure> {
    let change = match change.clone() {
        params::Change::Add { what } => Change::Add { what },
        params::Change::Remove { what } => Change::Remove { what },
        params::Change::Replace { what, with } => Change::Replace { what, with },
        params::Change::Background { to } => Change::Background { to },
        params::Change::Style { to } => Change::Style { to },
    };
    let region = region.map(|region| -> Result<Region, Failure> {
        match region.clone() {
            params::Region::Box { x, y, width, height } => Ok(Region::Box { x, y, width, height }),
            params::Region::Words(words) => Ok(Region::Words(words)),
            params::Region::Mask(file) => {
                let mask = work.still(file).map_err(|failure| failure.parameter("edits.region"))?;
                Ok(Region::Mask(grey(&mask.into_rgba8())))
            }
        }
    });
    Ok(EditText { change, region: region.transpose()?, strength, seed })
}

/// How white a mask is, where it is there at all.
fn grey(mask: &image::RgbaImage) -> GrayImage {
    GrayImage::from_fn(mask.width(), mask.height(), |x, y| {
        let [r, g, b, a] = mask.get_pixel(x, y).0.map(u32::from);
        image::Luma([((r + g + b) * a / (3 * 255)) as u8])
    })
}

struct Edited {
    spec: ClipSpec,
    clip: Box<dyn PictureSource>,
    editor: Arc<Editor>,
    input: Picture,
}

impl PictureSource for Edited {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<(), MediaError> {
        self.clip.picture(index, &mut self.input)?;
        out.reshape(self.spec.size.0, self.spec.size.1);
        self.editor.draw(index as i64, view(&self.input), &mut planes(out));
        Ok(())
    }
}
