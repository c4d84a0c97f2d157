//! `storyreel plan`: what a render would do, as a table, as JSON, as a drawing.

use storyreel_engine::cache::Cache;
use storyreel_engine::compile::plan;
use storyreel_engine::storyboard::render::visible;

use crate::cli::{self, Color};
use crate::compiled::{BuiltIn, Compiled};
use crate::desk::{Desk, without_use};
use crate::exit::Exit;
use crate::export;
use crate::output::{note, say};
use crate::remote;
use crate::state::State;
use crate::terminal;

/// Compiles, compares with the records, tells.
pub fn run(args: &cli::Plan, color: Color) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.source, &args.places)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, terminal::paint(color))?;
    let mut cache = Cache::open(&desk.project.cache)?;
    remote::attach(&args.remote, &mut cache)?;
    remote::tell(&cache, &note);
    let devices = desk.devices(&args.devices, &compiled.keyed)?;
    if let Some(text) = without_use(&devices, &compiled.keyed) {
        note(&text);
    }
    let state = State::of_render(&compiled, &cache, (&args.cut, &args.source), &desk)?;
    let models = desk.models(&compiled.keyed);
    let facts = state.facts(&compiled, &cache, &devices, &models);
    let plan =
        plan::plan(&compiled.film, &compiled.lowered, &compiled.keyed.steps, &facts, &BuiltIn::default());
    if args.json {
        say(format_args!("{}", plan.write()))?;
    } else if let Some(path) = &args.svg {
        export::write(path, export::DRAWING, &plan::svg(&plan))?;
        say(format_args!("{}", path.display()))?;
    } else {
        say(format_args!("{}", visible(plan::table(&plan, terminal::columns()).trim_end())))?;
    }
    Ok(Exit::Done)
}
