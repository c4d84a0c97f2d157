//! `storyreel check`: all mistakes of a storyboard.

use storyreel_engine::compile::{self, Film, plan};
use storyreel_engine::storyboard::{Severity, Storyboard, Takes};

use crate::cli::{self, Color, Places};
use crate::compiled::BuiltIn;
use crate::desk::Desk;
use crate::diagnose;
use crate::edits;
use crate::exit::Exit;
use crate::output::say;
use crate::terminal::{self, Ink, counted};

/// Reads and tells.
pub fn run(args: &cli::Check, color: Color) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.source, &Places::default())?;
    let mut reading = desk.read(&args.source);
    let film = reading.storyboard.as_ref().and_then(|board| film(board, &desk));
    if let (Some(board), Some(film)) = (&reading.storyboard, &film) {
        reading.diagnostics.extend(edits::refused(board, film));
    }
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
        _ => paint.with(Ink::Bad, counted(errors as u64, "mistake")),
    };
    let warnings =
        if warnings > 0 { format!(", {}", counted(warnings as u64, "warning")) } else { String::new() };
    let path = args.source.storyboard.display();
    say(format_args!(
        "{path}: {verdict}{warnings}{}",
        reading.storyboard.as_ref().map(told).unwrap_or_default()
    ))?;
    for line in film.iter().flat_map(left_out) {
        say(format_args!("  {line}"))?;
    }
    Ok(exit)
}

/// The film. Takes choose only among results; what is told of it here they do not change.
fn film(board: &Storyboard, desk: &Desk) -> Option<Film> {
    compile::film(board, &Takes::default(), &desk.world).ok()
}

/// What the film asks for and the models leave out, a line a place.
fn left_out(film: &Film) -> Vec<String> {
    let all = plan::left_out(film, &BuiltIn::default());
    all.into_iter().map(|one| format!("{}: {} {}", one.place, one.kind, one.what.join(", "))).collect()
}

/// What a sound storyboard holds, in a few words.
fn told(board: &Storyboard) -> String {
    let shots: usize = board.scenes.iter().map(|scene| scene.shots.len()).sum();
    format!(
        "; {}, {}, {}",
        counted(board.scenes.len() as u64, "scene"),
        counted(shots as u64, "shot"),
        counted(board.score.len() as u64, "cue")
    )
}
