//! `storyreel plan`: what a render would do, as a table, as JSON, as a drawing.

use storyreel_engine::cache::Cache;
use storyreel_engine::compile::plan;
use storyreel_engine::storyboard::render::visible;

use crate::cli::{self, Color};
use crate::compiled::{BuiltIn, Compiled};
use crate::desk::Desk;
use crate::exit::Exit;
use crate::export;
use crate::output::say;
use crate::state::State;
use crate::terminal;

/// Compiles, compares with the records, tells.
pub fn run(args: &cli::Plan, color: Color) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.source, &args.places)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, terminal::paint(color))?;
    let cache = Cache::open(&desk.project.cache)?;
    let devices = desk.devices(&args.devices)?;
    let state = State::of_render(&compiled, &cache, (&args.cut, &args.source), &desk)?;
    let facts = state.facts(&compiled, &cache, &devices);
    let plan =
        plan::plan(&compiled.film, &compiled.lowered, &compiled.keyed.steps, &facts, &BuiltIn::default());
    if args.json {
        say(format_args!("{}", serde_json::to_string_pretty(&plan)?))?;
    } else if let Some(path) = &args.svg {
        export::write(path, export::DRAWING, &plan::svg(&plan))?;
        say(format_args!("{}", path.display()))?;
    } else {
        say(format_args!("{}", visible(plan::table(&plan, terminal::columns()).trim_end())))?;
    }
    Ok(Exit::Done)
}
