//! The engine's parameters in the animatic model's own terms.

use storyreel_animatic::{EditText, Portrayal, Request, ShotText};
use storyreel_engine::kinds::generate as params;
use storyreel_engine::run::protocol::Failure;

use crate::node::Work;

/// What the model is asked, with every reference image read.
///
/// # Errors
/// A reference image cannot be read.
pub fn request(work: &Work<'_>, params: &params::Generate, edits: Vec<EditText>) -> Result<Request, Failure> {
    let prompt = &params.prompt;
    let mut references = Vec::new();
    for portrayal in prompt.characters.iter().chain(&prompt.props) {
        for image in &portrayal.reference {
            let image = work.still(*image).map_err(|failure| failure.parameter("reference"))?;
            references.push((portrayal.name.clone(), image.into_rgba8()));
        }
    }
    let sketch = params.sketch.map(|sketch| Ok(work.still(sketch)?.into_rgba8())).transpose();
    Ok(Request {
        text: text(prompt),
        size: (params.size.width, params.size.height),
        rate: (params.rate.num, params.rate.den),
        frames: params.frames.0.max(0) as u64,
        seed: params.seed,
        film_seed: params.film_seed,
        edits,
        references,
        sketch: sketch.map_err(|failure: Failure| failure.parameter("sketch"))?,
        threads: work.context.threads,
        aside: work.aside()?,
    })
}

fn text(prompt: &params::Prompt) -> ShotText {
    ShotText {
        caption: prompt.caption.clone(),
        avoid: prompt.avoid.clone(),
        action: prompt.action.clone(),
        camera: prompt.camera.clone(),
        setting: prompt.setting.clone(),
        look: prompt.look.clone(),
        place: prompt.place.clone(),
        characters: prompt.characters.iter().map(portrayal).collect(),
        props: prompt.props.iter().map(portrayal).collect(),
    }
}

fn portrayal(portrayal: &params::Portrayal) -> Portrayal {
    Portrayal { name: portrayal.name.clone(), description: portrayal.description.clone() }
}
