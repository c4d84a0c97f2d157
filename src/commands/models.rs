//! `storyreel models`: the models by role, and what each understands.

use serde_json::{Value, json};
use storyreel_engine::storyboard::models::{ALL, Model};
use storyreel_engine::storyboard::nearest;

use crate::cli::{self, Color};
use crate::exit::{Exit, Refusal};
use crate::output::say;
use crate::terminal::{self, Ink, Paint};

/// Columns of a list of words.
const WIDTH: usize = 100;

/// A sort of words and the meanings in it, each with its words, the plainest first.
struct Group {
    name: &'static str,
    entries: Vec<Vec<&'static str>>,
}

/// Lists all models, or tells all of one.
pub fn run(args: &cli::Models, color: Color) -> anyhow::Result<Exit> {
    let chosen: Vec<&Model> = match &args.name {
        Some(name) => vec![named(name)?],
        None => ALL.iter().collect(),
    };
    if args.json {
        let all: Vec<Value> = chosen.iter().map(|model| as_json(model)).collect();
        say(format_args!("{}", serde_json::to_string_pretty(&all)?))?;
        return Ok(Exit::Done);
    }
    let paint = terminal::paint_out(color);
    for model in &chosen {
        let role = model.role.key();
        say(format_args!(
            "{:<9} {:<10} {}",
            role,
            paint.with(Ink::Strong, format!("{:<10}", model.name)),
            model.doc
        ))?;
        for group in vocabulary(model.name) {
            show(&group, args.name.is_some(), paint)?;
        }
    }
    if args.name.is_none() {
        say(format_args!("\n`storyreel models NAME` tells every word."))?;
    }
    Ok(Exit::Done)
}

fn named(name: &str) -> anyhow::Result<&'static Model> {
    ALL.iter().find(|model| model.name == name).ok_or_else(|| {
        let hint = nearest(name, ALL.iter().map(|model| model.name));
        let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Refusal::usage(format!("there is no model `{name}`{hint}"))
    })
}

/// What a model understands.
fn vocabulary(model: &str) -> Vec<Group> {
    match model {
        "animatic" => storyreel_animatic::words()
            .into_iter()
            .map(|group| Group { name: group.name, entries: group.entries })
            .collect(),
        "synth" => {
            let effects = storyreel_synth::effects::names().map(|(name, words)| {
                std::iter::once(name).chain(words.iter().copied().filter(|word| *word != name)).collect()
            });
            vec![Group { name: "effects", entries: effects.collect() }]
        }
        _ => Vec::new(),
    }
}

/// A meaning a line where all is asked for, else the plainest words of each.
fn show(group: &Group, all: bool, paint: Paint) -> anyhow::Result<()> {
    let heading = paint.with(Ink::Busy, format!("{:<10}", group.name));
    if !all {
        let words: Vec<&str> = group.entries.iter().filter_map(|entry| entry.first().copied()).collect();
        let lines = listed(&words, WIDTH - 12);
        for (number, line) in lines.iter().enumerate() {
            let heading = if number == 0 { heading.clone() } else { " ".repeat(10) };
            say(format_args!("  {heading} {line}"))?;
        }
        return Ok(());
    }
    say(format_args!("\n  {heading}"))?;
    for entry in &group.entries {
        let (first, rest) = entry.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        let mut lines = listed(rest, WIDTH - 26).into_iter();
        say(format_args!("    {first:<20} {}", paint.with(Ink::Faint, lines.next().unwrap_or_default())))?;
        for line in lines {
            say(format_args!("    {:<20} {}", "", paint.with(Ink::Faint, line)))?;
        }
    }
    Ok(())
}

/// Words with commas between, in lines of at most `width` columns.
fn listed(words: &[&str], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for (number, word) in words.iter().enumerate() {
        let comma = if number + 1 < words.len() { "," } else { "" };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() + comma.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        line.push_str(comma);
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

fn as_json(model: &Model) -> Value {
    let words: serde_json::Map<String, Value> = vocabulary(model.name)
        .into_iter()
        .map(|group| (group.name.to_owned(), json!(group.entries)))
        .collect();
    json!({"name": model.name, "role": model.role.key(), "doc": model.doc, "words": words})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_broken_after_commas() {
        assert_eq!(listed(&["surf", "wind", "gulls"], 11), ["surf, wind,", "gulls"]);
        assert_eq!(listed(&[], 10), [""; 0]);
    }
}
