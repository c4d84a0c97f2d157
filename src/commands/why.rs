//! `storyreel why`: why parts of the film run again, or do not.

use storyreel_engine::cache::Cache;
use storyreel_engine::compile::select::fits;
use storyreel_engine::graph::{Label, NodeIndex};
use storyreel_engine::run::{Verdict, why};
use storyreel_engine::storyboard::nearest;
use storyreel_engine::storyboard::render::visible;

use crate::cli::{self, Color};
use crate::compiled::Compiled;
use crate::desk::Desk;
use crate::exit::{Exit, Refusal};
use crate::lately::Lately;
use crate::output::{note, say};
use crate::remote;
use crate::state::State;
use crate::terminal::{self, Ink, Paint};

/// Compares with the records and tells.
pub fn run(args: &cli::Why, color: Color) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.source, &args.places)?;
    let compiled = Compiled::new(&desk, &args.source, &args.cut, terminal::paint(color))?;
    let mut cache = Cache::open(&desk.project.cache)?;
    remote::attach(&args.remote, &mut cache)?;
    remote::tell(&cache, &note);
    let left = State::of_render(&compiled, &cache, (&args.cut, &args.source), &desk)?.left;
    let nodes = match &args.what {
        Some(what) => asked(&compiled, what)?,
        None => left.clone(),
    };
    let paint = terminal::paint_out(color);
    if nodes.is_empty() {
        say(format_args!("Nothing would run: all of it is made."))?;
        return Ok(Exit::Done);
    }
    let (steps, lately) = (cache.steps()?, Lately::of(&desk, &args.cut));
    for node in nodes {
        let reason = why(&compiled.keyed, &steps, node, lately.step(&compiled.keyed, node));
        // A streamed node is made again whenever a stored one needs it; its own standing is its verdict's.
        let runs = left.contains(&node) || (!compiled.keyed.stored(node) && reason.verdict != Verdict::Known);
        let mut text = reason.to_string();
        if runs && reason.verdict == Verdict::Known {
            text.push_str("; what was made is no longer in the cache");
        }
        say(format_args!("{}", told(&text, runs, &reason.verdict, paint)))?;
    }
    Ok(Exit::Done)
}

/// The nodes that are meant: by scene, shot, words of the label with or without the kind, the kind, or the start
/// of the step's id. Streamed nodes, which are told with the stored ones that read them, only where no stored one
/// is meant.
fn asked(compiled: &Compiled, what: &str) -> anyhow::Result<Vec<NodeIndex>> {
    let keyed = &compiled.keyed;
    let fits = |node: &NodeIndex| {
        let spec = &keyed.graph[*node];
        let step = keyed.steps[node.index()].to_string();
        belongs(&spec.label, what)
            || spec.kind.name == what
            || format!("{} {}", spec.label, spec.kind.name).contains(what)
            || (what.len() >= 6 && step.starts_with(what))
    };
    let (stored, streamed): (Vec<_>, Vec<_>) =
        keyed.graph.node_indices().filter(fits).partition(|node| keyed.stored(*node));
    let found = if stored.is_empty() { streamed } else { stored };
    if found.is_empty() {
        let shots = compiled.film.shots.iter().map(|shot| shot.full_name());
        let names: Vec<String> =
            shots.chain(keyed.graph.node_weights().map(|spec| spec.label.to_string())).collect();
        let hint = nearest(what, names.iter().map(String::as_str));
        let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        return Err(Refusal::usage(format!("no step of this film is called `{what}`{hint}")));
    }
    Ok(found)
}

fn belongs(label: &Label, what: &str) -> bool {
    let Some(scene) = &label.scene else { return false };
    let shot = label.shot.as_deref().unwrap_or_default();
    fits(what, scene, shot)
}

fn told(text: &str, runs: bool, verdict: &Verdict, paint: Paint) -> String {
    let mark = match (runs, verdict) {
        (false, _) => paint.with(Ink::Good, "made  "),
        (true, Verdict::Known) => paint.with(Ink::Warn, "again "),
        (true, _) => paint.with(Ink::Busy, "to do "),
    };
    // Values of the storyboard, and records that anything may have written.
    let text = visible(text);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let rest: String = lines.map(|line| format!("\n        {line}")).collect();
    format!("{mark}  {first}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_does_not_reach_the_terminal() {
        let told =
            told("`prompt.action` was \"a\u{202e}b\"\nis \u{1b}[2Jc", true, &Verdict::New, Paint::new(false));
        assert_eq!(told, "to do   `prompt.action` was \"a\\u{202e}b\"\n        is \\u{1b}[2Jc");
    }
}
