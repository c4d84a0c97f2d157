//! `storyreel check`: all mistakes of a storyboard.

use storyreel_engine::storyboard::Severity;

use crate::cli::{self, Color, Places};
use crate::desk::Desk;
use crate::diagnose;
use crate::exit::Exit;
use crate::output::say;
use crate::terminal::{self, Ink};

/// Reads and tells.
pub fn run(args: &cli::Check, color: Color) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.source, &Places::default())?;
    let reading = desk.read(&args.source);
    let exit = if reading.failed() { Exit::BadStoryboard } else { Exit::Done };
    if args.json {
        say(format_args!("{}", diagnose::json(&reading.diagnostics, &reading.sources)?))?;
        return Ok(exit);
    }
    diagnose::show(&reading.diagnostics, &reading.sources, terminal::paint(color));
    let count = |severity| reading.diagnostics.iter().filter(|one| one.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let paint = terminal::paint_out(color);
    let verdict = match errors {
        0 => paint.with(Ink::Good, "no mistakes"),
        _ => paint.with(Ink::Bad, counted(errors, "mistake")),
    };
    let warnings = if warnings > 0 { format!(", {}", counted(warnings, "warning")) } else { String::new() };
    let path = args.source.storyboard.display();
    say(format_args!(
        "{path}: {verdict}{warnings}{}",
        reading.storyboard.map(|board| told(&board)).unwrap_or_default()
    ))?;
    Ok(exit)
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// What a sound storyboard holds, in a few words.
fn told(board: &storyreel_engine::storyboard::Storyboard) -> String {
    let shots: usize = board.scenes.iter().map(|scene| scene.shots.len()).sum();
    format!(
        "; {}, {}, {}",
        counted(board.scenes.len(), "scene"),
        counted(shots, "shot"),
        counted(board.score.len(), "cue")
    )
}
