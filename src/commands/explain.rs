//! `storyreel explain`: what a code means.

use storyreel_engine::storyboard::{Code, nearest};

use crate::cli::{self, Color};
use crate::exit::{Exit, Refusal};
use crate::output::say;
use crate::terminal::{self, Ink};

/// Explains one code, or lists all.
pub fn run(args: &cli::Explain, color: Color) -> anyhow::Result<Exit> {
    let paint = terminal::paint_out(color);
    let Some(id) = &args.code else {
        for code in Code::ALL {
            say(format_args!("{}  {}", paint.with(Ink::Strong, code), code.explanation().title))?;
        }
        return Ok(Exit::Done);
    };
    let Some(code) = Code::from_id(id) else {
        let upper = id.to_uppercase();
        let hint = nearest(&upper, Code::ALL.iter().map(|code| code.id()));
        let hint = hint.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(Refusal::usage(format!("there is no code `{id}`{hint}")));
    };
    let explained = code.explanation();
    say(format_args!("{}  {}\n", paint.with(Ink::Strong, code), paint.with(Ink::Strong, explained.title)))?;
    say(format_args!("{}\n", wrapped(explained.text, 96)))?;
    for line in explained.example.lines() {
        say(format_args!("    {}", coloured(line, paint)))?;
    }
    Ok(Exit::Done)
}

/// The comment of an example line in the colour of what it says.
fn coloured(line: &str, paint: terminal::Paint) -> String {
    match line.find("  # ") {
        Some(at) => {
            let (yaml, comment) = line.split_at(at);
            let ink = if comment.contains("error") { Ink::Bad } else { Ink::Faint };
            format!("{yaml}{}", paint.with(ink, comment))
        }
        None => line.to_owned(),
    }
}

/// Lines of at most `width` columns, broken at spaces.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.extend((!line.is_empty()).then_some(' '));
            line.push_str(word);
        }
    }
    lines.join("\n")
}
