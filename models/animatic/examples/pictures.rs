//! Measures the pictures of a film, or draws some of them to look at.
//!
//! `pictures PLAN.json REFS` reads what `storyreel plan --json` says and measures every drawn shot: no two
//! shots' middle pictures may be alike (SSIM 0.9), and in each shot something besides the camera must
//! move. Each measure has a control that must fail it. `pictures PLAN.json REFS OUT PART SHARE...` writes
//! the shots whose label holds PART instead, at shares of their length. REFS holds `NAME.png` by character.

// What it finds is told on the terminal.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;

use serde_json::Value;
use storyreel_animatic::{Change, EditText, Editor, Picture, Portrayal, Request, ShotText, Stage, stage};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Two pictures more alike than this are one picture.
const ALIKE: f64 = 0.90;
/// The share of a picture's pixels that must change by more than [`STEP`] between two moments.
const MOVING: f64 = 0.001;
/// A change of luma that an eye sees, of 65536.
const STEP: u16 = 700;

/// A shot of the plan, with its edits.
struct Shot {
    label: String,
    request: Request,
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn portrayals(value: &Value) -> Vec<Portrayal> {
    let one = |v: &Value| Portrayal { name: words(&v["name"]), description: words(&v["description"]) };
    value.as_array().map(|all| all.iter().map(one).collect()).unwrap_or_default()
}

fn request(params: &Value, refs: &Path) -> Outcome<Request> {
    let prompt = &params["prompt"];
    let number = |v: &Value| v.as_u64().ok_or("the plan lacks a number");
    let text = ShotText {
        caption: words(&prompt["caption"]),
        avoid: words(&prompt["avoid"]),
        action: words(&prompt["action"]),
        camera: words(&prompt["camera"]),
        setting: words(&prompt["setting"]),
        look: words(&prompt["look"]),
        place: prompt["place"].as_str().map(str::to_owned),
        characters: portrayals(&prompt["characters"]),
        props: portrayals(&prompt["props"]),
    };
    let mut references = Vec::new();
    for person in &text.characters {
        let file = refs.join(format!("{}.png", person.name));
        if file.exists() {
            references.push((person.name.clone(), image::open(file)?.to_rgba8()));
        }
    }
    let (size, rate) = (&params["size"], &params["rate"]);
    Ok(Request {
        size: (number(&size["width"])? as u32, number(&size["height"])? as u32),
        rate: (number(&rate["num"])? as u32, number(&rate["den"])? as u32),
        frames: number(&params["frames"])?,
        seed: number(&params["seed"])?,
        film_seed: number(&params["film_seed"])?,
        references,
        threads: 2,
        ..Request::new(text)
    })
}

fn edit(params: &Value) -> Outcome<EditText> {
    let (kind, what) =
        params["change"].as_object().and_then(|c| c.iter().next()).ok_or("an edit without a change")?;
    let change = match kind.as_str() {
        "add" => Change::Add { what: words(&what["what"]) },
        "remove" => Change::Remove { what: words(&what["what"]) },
        "replace" => Change::Replace { what: words(&what["what"]), with: words(&what["with"]) },
        "background" => Change::Background { to: words(&what["to"]) },
        "style" => Change::Style { to: words(&what["to"]) },
        other => return Err(format!("`{other}` is no change").into()),
    };
    let strength = params["strength"].as_u64().unwrap_or(1000) as u32;
    Ok(EditText { change, region: None, strength, seed: params["seed"].as_u64().unwrap_or(0) })
}

fn shots(plan: &Value, refs: &Path) -> Outcome<Vec<Shot>> {
    let mut shots: Vec<Shot> = Vec::new();
    for node in plan["nodes"].as_array().ok_or("this is no plan")? {
        let kind = words(&node["kind"]);
        let label = format!("{}.{}", words(&node["scene"]), words(&node["shot"]));
        match kind.split('@').next() {
            Some("generate" | "personalize") => {
                shots.push(Shot { label, request: request(&node["params"], refs)? });
            }
            Some("edit") => {
                let shot = shots.iter_mut().rev().find(|s| s.label == label);
                shot.ok_or("an edit of no shot")?.request.edits.push(edit(&node["params"])?);
            }
            _ => {}
        }
    }
    Ok(shots)
}

/// The shot as the film shows it.
fn picture(shot: &Shot, share: f64) -> Outcome<Picture> {
    let frame = (share * shot.request.frames as f64) as i64;
    let plain = Request { edits: Vec::new(), ..shot.request.clone() };
    let mut shown = stage(&plain)?.picture(frame);
    for n in 1..=shot.request.edits.len() {
        let edits = shot.request.edits[..n].to_vec();
        let editor = Editor::drawn(&Request { edits, ..shot.request.clone() })?;
        let mut after = Picture::black(shown.width, shown.height);
        editor.draw(frame, shown.view(), &mut after.planes());
        shown = after;
    }
    Ok(shown)
}

/// How alike two pictures are: the mean structural similarity of their luma, by blocks of 8 x 8.
fn ssim(a: &Picture, b: &Picture) -> f64 {
    let (mut sum, mut blocks) = (0.0, 0.0);
    for y0 in (0..a.height.saturating_sub(7)).step_by(4) {
        for x0 in (0..a.width.saturating_sub(7)).step_by(4) {
            let [mut sa, mut sb, mut saa, mut sbb, mut sab] = [0.0f64; 5];
            for at in (y0..y0 + 8).flat_map(|y| (x0..x0 + 8).map(move |x| y * a.width + x)) {
                let (p, q) = (f64::from(a.y[at]) / 257.0, f64::from(b.y[at]) / 257.0);
                (sa, sb, saa, sbb, sab) = (sa + p, sb + q, saa + p * p, sbb + q * q, sab + p * q);
            }
            let (ma, mb) = (sa / 64.0, sb / 64.0);
            let (va, vb, cov) = (saa / 64.0 - ma * ma, sbb / 64.0 - mb * mb, sab / 64.0 - ma * mb);
            sum += (2.0 * ma * mb + 6.5025) * (2.0 * cov + 58.5225)
                / ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225));
            blocks += 1.0;
        }
    }
    sum / f64::max(blocks, 1.0)
}

/// The share of pixels that an eye sees change between two moments.
fn moving(stage: &Stage, frames: u64) -> f64 {
    let (a, b) = (stage.picture(frames as i64 / 4), stage.picture(frames as i64 / 4 + 14));
    let moved = a.y.iter().zip(&b.y).filter(|(a, b)| a.abs_diff(**b) > STEP).count();
    moved as f64 / a.y.len() as f64
}

/// The shot with its camera nailed down.
fn nailed(shot: &Shot) -> Request {
    let framing = shot.request.text.camera.split(',').next().unwrap_or_default();
    let text = ShotText { camera: format!("{framing}, static"), ..shot.request.text.clone() };
    Request { text, edits: Vec::new(), ..shot.request.clone() }
}

fn measure(shots: &[Shot]) -> Outcome<bool> {
    let middles = shots.iter().map(|s| picture(s, 0.5)).collect::<Outcome<Vec<_>>>()?;
    let mut highest = (0.0, 0, 0);
    for (i, a) in middles.iter().enumerate() {
        for (j, b) in middles.iter().enumerate().skip(i + 1) {
            let alike = ssim(a, b);
            if alike > highest.0 {
                highest = (alike, i, j);
            }
        }
    }
    let (alike, i, j) = highest;
    let (a, b) = (&shots[i].label, &shots[j].label);
    println!("the two most alike: {a} and {b}, SSIM {alike:.3} (at most {ALIKE})");
    let control = ssim(&middles[0], &picture(&shots[0], 0.52)?);
    println!("control, one shot twice: SSIM {control:.3} (must be more than {ALIKE})");
    let (mut least, mut stillest, mut frozen) = (f64::MAX, "", 0.0f64);
    for shot in shots {
        let moved = moving(&stage(&nailed(shot))?, shot.request.frames);
        frozen = frozen.max(moving(&stage(&nailed(shot))?.motionless(), shot.request.frames));
        println!("{:18} {:6.2} % of its pixels move under a still camera", shot.label, moved * 100.0);
        if moved < least {
            (least, stillest) = (moved, &shot.label);
        }
    }
    println!("least motion: {stillest}, {:.2} % (at least {:.2} %)", least * 100.0, MOVING * 100.0);
    println!("control, motions taken away: {:.3} % (must be less)", frozen * 100.0);
    Ok(alike <= ALIKE && control > ALIKE && least >= MOVING && frozen < MOVING)
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, plan, refs, rest @ ..] = args.as_slice() else { return Err("pictures PLAN.json REFS".into()) };
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(plan)?)?;
    let shots = shots(&plan, Path::new(refs))?;
    let [out, part, shares @ ..] = rest else {
        return if measure(&shots)? { Ok(()) } else { Err("the film's pictures fail their measures".into()) };
    };
    for shot in shots.iter().filter(|s| part.split(',').any(|p| s.label.contains(p))) {
        for share in shares {
            let file = format!("{out}/{}-{share}.png", shot.label);
            picture(shot, share.parse()?)?.view().to_rgb().save(file)?;
        }
    }
    Ok(())
}
